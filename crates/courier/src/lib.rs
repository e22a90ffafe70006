//! Carries notifications out of the house: mail by SMTP, webhooks by HTTPS.
//!
//! What waits is in the database ([`prorata_app::deliveries`]); a courier takes some, tries each,
//! and says what came of it. A message may arrive more than once, always under the same id. Tries
//! go by the system's clock, in a sandbox too: the world outside has no other.

mod mail;
mod message;
mod signature;
mod webhook;

use jiff::Timestamp;
use prorata_app::deliveries::{self, Outcome, Sent};
use prorata_app::{App, Error};
use std::thread;

/// Deliveries tried at once: enough that one slow receiver does not hold up the others.
const AT_ONCE: usize = 8;

/// How messages leave.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `smtp://` or `smtps://`, with user and password; none where no mail is sent.
    pub smtp: Option<String>,
    /// Who mail is from.
    pub mail_from: Option<String>,
    /// The certificate authority that servers outside are checked against, in PEM; the public ones
    /// where there is none.
    pub authority: Option<String>,
    /// Whether webhooks may reach addresses that are not public, and those on this machine without
    /// TLS.
    pub inner: bool,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(String);

/// Takes what waits and delivers it.
pub struct Courier {
    app: App,
    mail: Option<mail::Mail>,
    webhooks: webhook::Webhooks,
}

impl Courier {
    /// # Errors
    /// [`BadSettings`] when a setting cannot be used.
    pub fn new(app: App, settings: &Settings) -> Result<Courier, BadSettings> {
        let mail = mail::Mail::new(settings)?;
        let webhooks = webhook::Webhooks::new(settings)?;
        Ok(Courier { app, mail, webhooks })
    }

    /// Tries everything that is due; answers how many arrived.
    ///
    /// # Errors
    /// Those of the database.
    pub fn run_due(&self, now: Timestamp) -> Result<usize, Error> {
        let mut arrived = 0;
        loop {
            let claimed = deliveries::claim(&self.app, now)?;
            if claimed.is_empty() {
                return Ok(arrived);
            }
            for some in claimed.chunks(AT_ONCE) {
                arrived += self.carry(some)?;
            }
        }
    }

    fn carry(&self, some: &[Sent]) -> Result<usize, Error> {
        let outcomes: Vec<Outcome> = thread::scope(|scope| {
            let threads: Vec<_> =
                some.iter().map(|sent| scope.spawn(|| self.deliver(sent))).collect();
            let failed = || Outcome::failed("the delivery broke off");
            threads.into_iter().map(|one| one.join().unwrap_or_else(|_| failed())).collect()
        });
        let arrived = outcomes.iter().filter(|outcome| **outcome == Outcome::Arrived).count();
        for (sent, outcome) in some.iter().zip(outcomes) {
            deliveries::settle(&self.app, sent, outcome, Timestamp::now())?;
        }
        Ok(arrived)
    }

    fn deliver(&self, sent: &Sent) -> Outcome {
        match sent {
            Sent { target: None, .. } => Outcome::Gone,
            Sent { target: Some(target), delivery } => match target.channel {
                deliveries::Channel::Webhook => self.webhooks.send(target, delivery),
                deliveries::Channel::Mail => match &self.mail {
                    Some(mail) => mail.send(target, delivery),
                    None => Outcome::failed("no mail server was set (`prorata serve --smtp`)"),
                },
            },
        }
    }
}
