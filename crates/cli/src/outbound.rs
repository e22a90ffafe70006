//! How messages leave the house: flags of commands that serve.

use crate::failure::{Doing, Failure};
use clap::Args;
use jiff::Timestamp;
use prorata_app::App;
use prorata_courier::{Courier, Settings};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How often is looked for what waits.
const CARRY_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub struct Outbound {
    /// The server that takes mail: smtps://USER:PASSWORD@HOST, or smtp://HOST?tls=required.
    /// Without one no mail is sent.
    #[arg(long, value_name = "URL", env = "PRORATA_SMTP", hide_env_values = true)]
    smtp: Option<String>,

    /// Who mail is from.
    #[arg(long, value_name = "ADDRESS", env = "PRORATA_MAIL_FROM", requires = "smtp")]
    mail_from: Option<String>,

    /// The certificate authority (PEM) that mail and webhook servers are checked against, in place
    /// of the public ones.
    #[arg(long, value_name = "FILE")]
    outbound_ca: Option<PathBuf>,

    /// Lets webhooks reach addresses that are not public, and this machine without TLS.
    #[arg(long)]
    inner_receivers: bool,
}

/// The thread that carries messages out.
pub struct Carrying {
    stop: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Outbound {
    /// Begins to carry messages out of an application.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn carry(&self, app: &mut App) -> Result<Carrying, Failure> {
        app.inner_receivers = self.inner_receivers;
        let authority = match &self.outbound_ca {
            None => None,
            Some(path) => {
                let doing = format!("cannot read `{}`", path.display());
                Some(std::fs::read_to_string(path).doing(doing)?)
            }
        };
        let settings = Settings {
            smtp: self.smtp.clone(),
            mail_from: self.mail_from.clone(),
            authority,
            inner: self.inner_receivers,
        };
        let courier = Courier::new(app.clone(), &settings)
            .map_err(|error| Failure::usage(error.to_string()))?;
        Carrying::start(courier)
    }
}

impl Carrying {
    fn start(courier: Courier) -> Result<Carrying, Failure> {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("courier".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(CARRY_EVERY) == Err(RecvTimeoutError::Timeout) {
                    if let Err(error) = courier.run_due(Timestamp::now()) {
                        tracing::warn!(%error, "notifications could not be delivered");
                    }
                }
            })
            .doing("the courier cannot be started")?;
        Ok(Carrying { stop, thread })
    }

    pub fn stop(self) {
        drop(self.stop);
        // One that panicked has been logged; the end goes on.
        let _ = self.thread.join();
    }
}
