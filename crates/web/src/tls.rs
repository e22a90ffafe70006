//! The server's certificate: made here, given as files, or none.
//!
//! In the first form a certificate authority of our own is made once and kept, so that clients are
//! told to trust one file; the server's certificate under it is made anew whenever the names it
//! must carry change or its end comes near. A running server looks at its files every minute, so
//! a renewed certificate needs no restart.

mod authority;

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use self::authority::{ensure, not_after};

/// How often a running server looks at its files.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// Made and kept in this directory.
    Auto {
        /// Holds `ca.pem`, `ca.key`, `server.pem` and `server.key`.
        dir: PathBuf,
    },
    /// No TLS: a proxy in front does it.
    Off,
    /// Given.
    Files {
        /// The chain, PEM, server certificate first.
        cert: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
}

/// The file that clients are to trust in [`TlsMode::Auto`].
pub fn ca_file(dir: &Path) -> PathBuf {
    dir.join("ca.pem")
}

/// The acceptor for new connections, none for [`TlsMode::Off`].
///
/// `hosts` are further names or addresses that callers use, such as the listen address; localhost,
/// the loopback addresses and the machine's name are always there. Errors name the file meant.
pub fn acceptor(mode: &TlsMode, hosts: &[String]) -> io::Result<Option<TlsAcceptor>> {
    let load: Box<Load> = match mode {
        TlsMode::Off => return Ok(None),
        TlsMode::Auto { dir } => {
            let (dir, names) = (dir.clone(), names(hosts));
            Box::new(move || {
                ensure(&dir, &names, Timestamp::now())?;
                load(&dir.join("server.pem"), &dir.join("server.key"))
            })
        }
        TlsMode::Files { cert, key } => {
            let (cert, key) = (cert.clone(), key.clone());
            Box::new(move || load(&cert, &key))
        }
    };
    let current = load()?;
    warn_of_end(&current);
    let certificates = Certificates {
        current: RwLock::new(Arc::new(current)),
        looked: Mutex::new(Instant::now()),
        load,
    };
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(certificates));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.ticketer = ring::Ticketer::new().map_err(io::Error::other)?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

type Load = dyn Fn() -> io::Result<CertifiedKey> + Send + Sync;

/// The certificate in use, looked at again from time to time.
struct Certificates {
    current: RwLock<Arc<CertifiedKey>>,
    looked: Mutex<Instant>,
    load: Box<Load>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Certificates {
    fn look_again(&self) {
        let Ok(mut looked) = self.looked.try_lock() else { return };
        if looked.elapsed() < LOOK_EVERY {
            return;
        }
        *looked = Instant::now();
        match (self.load)() {
            Ok(key) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
            }
            Err(error) => tracing::warn!(%error, "keeping the certificate in use"),
        }
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.look_again();
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn load(cert: &Path, key: &Path) -> io::Result<CertifiedKey> {
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| about(cert, error))?;
    if chain.is_empty() {
        return Err(about(cert, "it holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| about(key, error))?;
    CertifiedKey::from_der(chain, private, &provider()).map_err(|error| about(key, error))
}

fn about(path: &Path, error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("cannot use `{}`: {error}", path.display()))
}

fn warn_of_end(key: &CertifiedKey) {
    let Some(end) = key.cert.first().and_then(|cert| not_after(cert)) else { return };
    if end < Timestamp::now() {
        tracing::warn!(%end, "the server certificate has ended; clients will refuse it");
    }
}

/// Everything that the server may be called.
fn names(hosts: &[String]) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let machine = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    for host in hosts.iter().map(String::as_str).chain([machine.trim()]) {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let unspecified = host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
        let usable = ServerName::try_from(host.as_str()).is_ok();
        if usable && !unspecified && !names.contains(&host) {
            names.push(host);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        let given = ["0.0.0.0", "::", "[::1]", "Desk.Example", "10.0.0.7", "a b", "", "localhost"];
        let names = names(&given.map(str::to_owned));
        let fixed = ["localhost", "127.0.0.1", "::1", "desk.example", "10.0.0.7"];
        assert_eq!(names[..5], fixed);
        assert!(names.len() <= 6, "{names:?}");
    }

    #[test]
    fn making_everything_takes_milliseconds() {
        let dir = std::env::temp_dir().join(format!("prorata-tls-{}", uuid::Uuid::new_v4()));
        let mode = TlsMode::Auto { dir: dir.clone() };
        let start = Instant::now();
        assert!(acceptor(&mode, &[]).unwrap().is_some());
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        fs::remove_dir_all(dir).unwrap();
        assert!(acceptor(&TlsMode::Off, &[]).unwrap().is_none());
    }

    #[test]
    fn a_missing_file_is_named() {
        let files = TlsMode::Files { cert: "/nowhere/c.pem".into(), key: "/nowhere/k.pem".into() };
        let error = acceptor(&files, &[]).err().unwrap().to_string();
        assert!(error.contains("/nowhere/c.pem"), "{error}");
    }
}
