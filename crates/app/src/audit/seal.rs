//! Sealing: what was committed a moment ago becomes a link of the chain.

use crate::{App, Error, identity};
use jiff::Timestamp;
use prorata_domain::seal::{Batch, Seal};
use prorata_store::seals;
use prorata_store::{StoreError, Tx};
use serde_json::json;

/// Batches under one seal at most; what is left has the next one.
const BATCHES_MAX: usize = 4096;

/// Seals what is open; answers the last seal there is then. It is called every second by a server,
/// when one starts, and before a head is shown, so what is not sealed yet is the last second.
///
/// # Errors
/// Those of the database.
pub fn run(app: &App) -> Result<Option<Seal>, Error> {
    loop {
        // The open ones are read beside the writers, who would otherwise wait for this or it for
        // them; each is then taken only if it still is open.
        let open: Vec<Batch> = app.read(|tx, _| Ok(seals::batches(tx, 0, None, BATCHES_MAX)?))?;
        if open.is_empty() {
            return last(app);
        }
        // Seals are about the database and not about what is decided, so they go by the system's
        // clock, also in a sandbox.
        let at = micros(Timestamp::now());
        match app.store.write(move |tx| seals::seal(tx, &open, at)) {
            Ok(_) => {}
            // Another process was faster; what it left open is for the next time.
            Err(StoreError::Busy(_) | StoreError::Constraint(_)) => return last(app),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The end of the chain, for whoever is to keep it elsewhere.
#[derive(Debug, Clone)]
pub struct SignedHead {
    pub seal: Seal,
    /// The seal's number, digest and time as a JWS, signed with the desk's key.
    pub signed: String,
}

/// Seals what is open, and answers the last seal, signed.
///
/// # Errors
/// Those of the database.
pub fn head(app: &App) -> Result<Option<SignedHead>, Error> {
    let Some(seal) = run(app)? else { return Ok(None) };
    let told = json!({
        "number": seal.number,
        "digest": seal.digest,
        "at": seal.at.to_string(),
    });
    let signed = identity::sign_statement(app, "prorata-head+jws", &told)?;
    Ok(Some(SignedHead { seal, signed }))
}

fn last(app: &App) -> Result<Option<Seal>, Error> {
    app.read(|tx: &mut Tx<'_>, _| Ok(seals::last(tx)?))
}

/// An instant as the database keeps it.
fn micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
