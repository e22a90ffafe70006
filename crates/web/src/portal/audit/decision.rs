//! A recorded decision: what it was about, what was answered, and the proof.

use crate::portal::desk::Desk;
use crate::portal::language::say;
use crate::portal::page::{self, Fact, Section, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::explain::{self, Explained};
use prorata_app::{App, Call, Error, reservations};
use prorata_domain::ids::{OperationId, OrderId, ReservationId};
use prorata_store::Tx;
use uuid::Uuid;

#[derive(Debug, Template)]
#[template(path = "decision.html")]
pub struct DecisionPage {
    pub shell: Shell,
    pub what: Said,
    pub verdict: Said,
    pub class: &'static str,
    pub at: Moment,
    pub facts: Vec<Fact>,
    /// The reservation that it is about, where it is one.
    pub about: Option<String>,
    pub refused: Option<Refused>,
    /// Nothing where nothing was looked at, as for a payment.
    pub proof: Option<Proof>,
}

pub async fn show(desk: Desk, Path(operation): Path<String>) -> Response {
    let answer = async {
        let id = Uuid::try_parse(&operation).map_err(|_| Error::Absent {
            what: "decision at this address".to_owned(),
            code: "ResourceNotFound",
        })?;
        let call = desk.call();
        let (found, about) = desk
            .app()
            .read_async(move |tx, app| {
                let found = explain::theirs(tx, app, &call, OperationId(id))?;
                let target = found.row.target.clone().unwrap_or_default();
                let about = reservation_of(tx, app, &call, &target)?;
                Ok((found, about))
            })
            .await?;
        Ok(page::answer(StatusCode::OK, &page(&desk, &found, about)))
    };
    desk.settle(answer.await)
}

fn page(desk: &Desk, found: &Explained, about: Option<String>) -> DecisionPage {
    let row = &found.row;
    let what = say(&format!("operation-{}", row.kind));
    let (verdict, class) = verdict(&row.verdict);
    let by = &row.by;
    let mut facts = vec![
        Fact::words(say("audit-who"), by.name.clone().unwrap_or_default()),
        Fact::identifier(say("audit-principal"), row.principal),
        Fact::identifier(say("audit-decision-id"), row.id),
    ];
    if let Some(partner) = by.partner {
        facts.push(Fact::identifier(say("audit-partner"), partner));
    }
    if let Some(target) = &row.target {
        facts.push(Fact::identifier(say("audit-target"), target));
    }
    if let Some(correlation) = by.correlation {
        facts.push(Fact::identifier(say("audit-correlation"), correlation));
    }
    if let Some(address) = &by.address {
        facts.push(Fact::identifier(say("audit-address"), address));
    }
    let told = |repair: &_| vec![Suggestion::told(repair)];
    let refusal = found.refusal.as_ref();
    DecisionPage {
        shell: desk.shell(what.clone(), Section::None),
        what,
        verdict,
        class,
        at: Moment(row.decided_at),
        facts,
        about,
        refused: refusal.map(|refusal| Refused::new(refusal, told)),
        proof: (!found.findings.is_empty())
            .then(|| Proof::new(&desk.app().book, &found.findings, refusal, words::subject)),
    }
}

/// What was answered, and the class that colours it.
pub fn verdict(word: &str) -> (Said, &'static str) {
    match word {
        "approved" => (say("audit-approved"), "met"),
        "refused" => (say("audit-refused"), "failed"),
        "denied" => (say("audit-denied"), "failed"),
        _ => (say("audit-failed"), "pending"),
    }
}

/// The page of the reservation that a target names; nothing where the caller may not see it, as
/// one of a customer whose tenant it is not.
///
/// # Errors
/// Those of the database.
pub fn reservation_of(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    target: &str,
) -> Result<Option<String>, Error> {
    let Some((order, reservation)) = named(target) else { return Ok(None) };
    match reservations::show(tx, app, call, order, reservation) {
        Ok(_) => Ok(Some(crate::portal::listing::path(order, reservation))),
        Err(Error::Absent { .. } | Error::Denied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first reservation that a target names.
fn named(target: &str) -> Option<(OrderId, ReservationId)> {
    let mut words = target.split('/');
    let mut after = |word: &str| words.by_ref().find(|found| *found == word).and(words.next());
    let order = after("order").and_then(OrderId::parse)?;
    let reservation = after("reservation").and_then(ReservationId::parse)?;
    Some((order, reservation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::samples::{ORDER, RESERVATION};

    #[test]
    fn a_target_leads_to_the_first_reservation_that_it_names() {
        let wanted = (OrderId::parse(ORDER).unwrap(), ReservationId::parse(RESERVATION).unwrap());
        for target in [
            format!("order/{ORDER}/reservation/{RESERVATION}"),
            format!("exchange/{ORDER}/order/{ORDER}/reservation/{RESERVATION}/order/x"),
        ] {
            assert_eq!(named(&target), Some(wanted), "{target}");
        }
        assert_eq!(named(&format!("order/{ORDER}")), None);
        assert_eq!(named("order/x/reservation/y"), None);
    }
}
