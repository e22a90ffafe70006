//! `prorata serve`: the API and the portal.

use crate::commands;
use crate::database::{self, Database, present};
use crate::failure::{Failure, Outcome};
use crate::outbound::Outbound;
use crate::output::write;
use crate::sandbox::{self, SandboxFile};
use crate::server::{self, Server};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use prorata_app::clock::{self, Clock};
use prorata_app::sealed::KEY_BYTES;
use prorata_app::{App, identity, world};
use prorata_web::Options;
use prorata_web::proxy::{Block, Proxies};
use prorata_web::tls::TlsMode;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Serve the API and the portal.
///
/// When ready, one line on standard output says where. SIGTERM and SIGINT let running requests
/// finish and end it.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    database: Database,

    /// Where the certificate authority and sandbox.json are kept; the data directory by default.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// The address to listen on; port 0 is any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    listen: String,

    /// `auto` makes an authority of its own, `off` leaves it to a proxy in front, CERT,KEY are
    /// two PEM files.
    #[arg(long, value_name = "auto|off|CERT,KEY", default_value = "auto")]
    tls: Tls,

    /// A further name or address that callers use, for the certificate; may be repeated.
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,

    /// A further audience that tokens of the desk's own issuer may be for, beside the addresses by
    /// which callers reach it; may be repeated.
    #[arg(long = "audience", value_name = "TEXT")]
    audiences: Vec<String>,

    /// For test benches: time stands still until it is moved, and a world can be applied. In an
    /// empty directory a sample world is made.
    #[arg(long)]
    sandbox: bool,

    /// Takes identifiers from this number: the same requests, one after the other on an empty
    /// sandbox whose clock was set, give the same records.
    #[arg(long, value_name = "NUMBER", requires = "sandbox")]
    seed: Option<u64>,

    #[command(flatten)]
    outbound: Outbound,

    /// The address of a proxy that is believed when it says whom it speaks for, or a block of them
    /// such as 10.0.0.0/8; may be repeated.
    #[arg(long = "trusted-proxy", value_name = "CIDR")]
    proxies: Vec<Block>,

    /// A file with 32 bytes in base64 by which seeds of second factors are sealed, so that they
    /// are not to be had from the database alone. All servers of one database take the same.
    #[arg(long, value_name = "FILE")]
    sealing_key: Option<PathBuf>,

    /// A directory with policy files that replace or add to the built-in ones.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tls {
    Auto,
    Off,
    Files { cert: PathBuf, key: PathBuf },
}

impl FromStr for Tls {
    type Err = String;

    fn from_str(text: &str) -> Result<Tls, String> {
        match (text, text.split_once(',')) {
            ("auto", _) => Ok(Tls::Auto),
            ("off", _) => Ok(Tls::Off),
            (_, Some((cert, key))) if !cert.is_empty() && !key.is_empty() => {
                Ok(Tls::Files { cert: cert.into(), key: key.into() })
            }
            _ => Err("must be `auto`, `off`, or two files as CERT,KEY".to_owned()),
        }
    }
}

impl Serve {
    pub fn run(&self) -> Result<Outcome, Failure> {
        server::log();
        let state = self.state_directory()?;
        let book = database::policy(self.policy.as_deref())?;
        let time = if self.sandbox { Clock::sandbox(present()) } else { Clock::System };
        let store = self.database.store()?;
        let store = match self.seed {
            Some(seed) => clock::seeded(store, seed)?,
            None => store,
        };
        let mut app = App::open(store, book, time)?;
        if let Some(file) = &self.sealing_key {
            app = app.with_sealing_key(&sealing_key(file)?)?;
        }
        let tls = self.tls_mode(state.as_deref())?;
        let mut server = Server::bind(&self.listen, &tls, &self.hosts)?;
        server.proxies = Proxies(self.proxies.clone());
        identity::known_as(&app, &server.base_url);
        self.hosts.iter().for_each(|host| identity::known_as(&app, host));
        self.audiences.iter().for_each(|audience| identity::accept_audience(&app, audience));
        if let (true, Some(dir)) = (self.sandbox, &state) {
            describe(&app, dir, &server)?;
        }
        let options = Options {
            sandbox: self.sandbox,
            // A bench may go without TLS; anywhere else a proxy in front has it.
            secure_cookies: self.tls != Tls::Off || !self.sandbox,
        };
        let carrying = self.outbound.carry(&mut app)?;
        server.run(app, Some(carrying), options, |url| write(&format!("listening on {url}\n")))?;
        Ok(Outcome::Done)
    }

    /// The directory for our own files, made when it is not there. Only a server that needs none
    /// may be without.
    fn state_directory(&self) -> Result<Option<PathBuf>, Failure> {
        let Some(dir) = self.state.as_ref().or(self.database.data.as_ref()) else {
            return if self.sandbox || self.tls == Tls::Auto {
                Err(Failure::usage("there is no directory for the certificate authority")
                    .with_hint("name one with --state, or give the certificate with --tls"))
            } else {
                Ok(None)
            };
        };
        database::private_directory(dir)?;
        Ok(Some(dir.clone()))
    }

    fn tls_mode(&self, state: Option<&Path>) -> Result<TlsMode, Failure> {
        Ok(match (&self.tls, state) {
            (Tls::Auto, Some(dir)) => TlsMode::Auto { dir: server::absolute(dir)? },
            (Tls::Auto, None) => return Err(Failure::usage("--tls auto needs a directory")),
            (Tls::Off, _) => TlsMode::Off,
            (Tls::Files { cert, key }, _) => {
                TlsMode::Files { cert: cert.clone(), key: key.clone() }
            }
        })
    }
}

/// Writes sandbox.json: all of it where nothing was done yet (also after a first start that was cut
/// off), later only where the server is now.
fn describe(app: &App, dir: &Path, server: &Server) -> Result<(), Failure> {
    let path = SandboxFile::path(dir);
    let mut file = if path.exists() {
        SandboxFile::read(&path)?
    } else if world::is_untouched(app, &sandbox::sample_world()?)? {
        sandbox::fill(app)?
    } else {
        // A database of somebody's own: its secrets are known to them alone.
        return Ok(());
    };
    file.base_url.clone_from(&server.base_url);
    file.ca_file.clone_from(&server.ca_file);
    file.write(&path)
}

/// The bytes of a sealing key.
fn sealing_key(file: &Path) -> Result<[u8; KEY_BYTES], Failure> {
    let name = file.display().to_string();
    let text = commands::read_input(&name, 4 * KEY_BYTES as u64)?;
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        Failure::new(format!("`{name}` does not hold {KEY_BYTES} bytes in base64")).with_hint(
            "make one with `openssl rand -base64 32`, and keep it: what is sealed by it \
                        opens with nothing else",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::Tls;

    #[test]
    fn tls_is_made_here_given_or_off() {
        assert_eq!("auto".parse(), Ok(Tls::Auto));
        assert_eq!("off".parse(), Ok(Tls::Off));
        let given = Tls::Files { cert: "a.pem".into(), key: "b.pem".into() };
        assert_eq!("a.pem,b.pem".parse(), Ok(given));
        assert!("on".parse::<Tls>().is_err() && "a.pem,".parse::<Tls>().is_err());
    }
}
