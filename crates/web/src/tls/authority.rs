//! The authority and the server certificate that are made and kept in a directory.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};

use super::{about, ca_file, load, provider};

/// A server certificate holds a year; more is refused by Apple's clients.
const SERVER_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The authority holds ten years, because replacing it means telling every client.
const CA_LIFE: SignedDuration = SignedDuration::from_hours(3650 * 24);

/// Certificates that end within this time are made anew.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How far a client's clock may be behind ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(1);

/// Makes what is missing, outdated or for other names. Starts of two servers take turns.
pub(super) fn ensure(dir: &Path, names: &[String], now: Timestamp) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let turn = OpenOptions::new().create(true).append(true).open(dir.join("tls.lock"))?;
    turn.lock()?;
    let (ca_pem, ca_key) = (ca_file(dir), dir.join("ca.key"));
    let kept = match CertificateDer::from_pem_file(&ca_pem) {
        Ok(ca) => Some(ca),
        Err(_) if !ca_pem.exists() => None,
        // Clients trust this very file, so it is not quietly replaced.
        Err(error) => return Err(about(&ca_pem, error)),
    };
    let kept = kept.filter(|ca| not_after(ca).is_none_or(|end| end > now + RENEW_BEFORE));
    if let Some(ca) = &kept {
        let server = load(&dir.join("server.pem"), &dir.join("server.key"));
        if server.is_ok_and(|server| is_good_for(&server, ca, names, now + RENEW_BEFORE)) {
            return Ok(());
        }
    }
    let (ca, ca_key) = match kept {
        Some(ca) => {
            let text = fs::read_to_string(&ca_key).map_err(|error| about(&ca_key, error))?;
            (ca, KeyPair::from_pem(&text).map_err(|error| about(&ca_key, error))?)
        }
        None => make_ca(&ca_pem, &ca_key, now)?,
    };
    let server = make_server(dir, names, &ca, ca_key, now)?;
    if !is_good_for(&server, &ca, names, now + RENEW_BEFORE) {
        return Err(about(&ca_pem, "`ca.key` does not belong to it"));
    }
    tracing::info!(?names, "made a server certificate");
    Ok(())
}

fn make_ca(
    pem: &Path,
    key_path: &Path,
    now: Timestamp,
) -> io::Result<(CertificateDer<'static>, KeyPair)> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = ca_params(&key);
    set_life(&mut params, now, now + CA_LIFE);
    let ca = params.self_signed(&key).map_err(io::Error::other)?;
    write_whole(key_path, &key.serialize_pem(), 0o600)?;
    write_whole(pem, &ca.pem(), 0o644)?;
    Ok((ca.der().clone(), key))
}

/// The same for the same key: the name must be found again when the authority signs later.
fn ca_params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let digest = Sha256::digest(key.public_key_raw());
    let number: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Prorata");
    params.distinguished_name.push(DnType::CommonName, format!("Prorata local CA {number}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn make_server(
    dir: &Path,
    names: &[String],
    ca: &CertificateDer<'_>,
    ca_key: KeyPair,
    now: Timestamp,
) -> io::Result<CertifiedKey> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let mut params = CertificateParams::default();
    let ca_end = not_after(ca).unwrap_or(Timestamp::MAX);
    set_life(&mut params, now, ca_end.min(now + SERVER_LIFE - CLOCK_SKEW));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Prorata");
    params.distinguished_name.push(DnType::CommonName, "Prorata server");
    for name in names {
        params.subject_alt_names.push(match name.parse() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.as_str().try_into().map_err(io::Error::other)?),
        });
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Strict verifiers (Python 3.13) want to find the signer by its key.
    params.use_authority_key_identifier_extension = true;
    let issuer = Issuer::new(ca_params(&ca_key), ca_key);
    let cert = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
    write_whole(&dir.join("server.key"), &key.serialize_pem(), 0o600)?;
    write_whole(&dir.join("server.pem"), &cert.pem(), 0o644)?;
    load(&dir.join("server.pem"), &dir.join("server.key"))
}

/// Whether clients that trust `ca` will take this certificate for all names until then.
fn is_good_for(
    server: &CertifiedKey,
    ca: &CertificateDer<'_>,
    names: &[String],
    until: Timestamp,
) -> bool {
    let Some((end_entity, between)) = server.cert.split_first() else { return false };
    let mut roots = RootCertStore::empty();
    if server.keys_match().is_err() || roots.add(ca.clone().into_owned()).is_err() {
        return false;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
    let Ok(verifier) = verifier else { return false };
    let until = Duration::from_secs(until.as_second().max(0).unsigned_abs());
    names.iter().all(|name| {
        ServerName::try_from(name.as_str()).is_ok_and(|name| {
            let until = UnixTime::since_unix_epoch(until);
            verifier.verify_server_cert(end_entity, between, &name, &[], until).is_ok()
        })
    })
}

/// From a little before now, for clients whose clock is behind, to `end`.
fn set_life(params: &mut CertificateParams, now: Timestamp, end: Timestamp) {
    let seconds = |at: Timestamp| Duration::from_secs(at.as_second().max(0).unsigned_abs());
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = epoch + seconds(now - CLOCK_SKEW);
    params.not_after = epoch + seconds(end);
}

/// The end of a certificate's life, read from its DER.
///
/// The path to it is fixed by RFC 5280: certificate, to-be-signed part, then (version), serial
/// number, algorithm, issuer, and the pair of times.
pub(super) fn not_after(der: &[u8]) -> Option<Timestamp> {
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = der_element(der)?;
    let (_, to_be_signed, _) = der_element(certificate)?;
    let (tag, _, after_version) = der_element(to_be_signed)?;
    let mut rest = if tag == VERSION { after_version } else { to_be_signed };
    for _ in ["serial number", "algorithm", "issuer"] {
        (_, _, rest) = der_element(rest)?;
    }
    let (_, validity, _) = der_element(rest)?;
    let (_, _, end) = der_element(validity)?;
    let (tag, end, _) = der_element(end)?;
    der_time(tag, std::str::from_utf8(end).ok()?)
}

/// Tag, content and what follows of the first element.
fn der_element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f).min(4))?;
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = after;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `YYMMDDHHMMSSZ` up to 2049 (tag 0x17), `YYYYMMDDHHMMSSZ` from then on.
fn der_time(tag: u8, text: &str) -> Option<Timestamp> {
    const UTC_TIME: u8 = 0x17;
    let text = match (tag, text.get(..2)?.parse::<u8>().ok()?) {
        (UTC_TIME, 50..) => format!("19{text}"),
        (UTC_TIME, _) => format!("20{text}"),
        _ => text.to_owned(),
    };
    let time = civil::DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn write_whole(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let new = path.with_extension("new");
    let _ = fs::remove_file(&new);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&new)
        .map_err(|error| about(&new, error))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    struct Dir(PathBuf);

    impl Dir {
        fn new() -> Self {
            let dir = std::env::temp_dir().join(format!("prorata-tls-{}", uuid::Uuid::new_v4()));
            fs::create_dir_all(&dir).unwrap();
            Self(dir)
        }

        fn read(&self, name: &str) -> String {
            fs::read_to_string(self.0.join(name)).unwrap()
        }
    }

    impl Drop for Dir {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn now() -> Timestamp {
        Timestamp::now()
    }

    fn hours(days: i64) -> SignedDuration {
        SignedDuration::from_hours(24 * days)
    }

    #[test]
    fn files_are_made_once_and_kept() {
        let dir = Dir::new();
        let names = names(&[]);
        ensure(&dir.0, &names, now()).unwrap();
        let first = ["ca.pem", "ca.key", "server.pem", "server.key"].map(|name| dir.read(name));
        ensure(&dir.0, &names, now()).unwrap();
        let second = ["ca.pem", "ca.key", "server.pem", "server.key"].map(|name| dir.read(name));
        assert_eq!(first, second);
        for name in ["ca.key", "server.key"] {
            let mode = fs::metadata(dir.0.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_new_name_or_a_near_end_means_a_new_server_certificate_under_the_same_authority() {
        let dir = Dir::new();
        ensure(&dir.0, &names(&[]), now()).unwrap();
        let (ca, first) = (dir.read("ca.pem"), dir.read("server.pem"));
        let wider = names(&["desk.example".to_owned()]);
        ensure(&dir.0, &wider, now()).unwrap();
        let second = dir.read("server.pem");
        assert_ne!(first, second);
        ensure(&dir.0, &names(&[]), now()).unwrap();
        assert_eq!(dir.read("server.pem"), second, "fewer names are no reason");
        ensure(&dir.0, &wider, now() + hours(330)).unwrap();
        assert_eq!(dir.read("server.pem"), second);
        ensure(&dir.0, &wider, now() + hours(340)).unwrap();
        assert_ne!(dir.read("server.pem"), second);
        assert_eq!(dir.read("ca.pem"), ca);
    }

    #[test]
    fn lives_are_as_promised() {
        let dir = Dir::new();
        ensure(&dir.0, &names(&[]), now()).unwrap();
        let end = |name| {
            let der = CertificateDer::from_pem_file(dir.0.join(name)).unwrap();
            not_after(&der).unwrap()
        };
        let (ca, server) = (end("ca.pem") - now(), end("server.pem") - now());
        assert_eq!(ca.total(jiff::Unit::Hour).unwrap().round(), 87_600.0);
        assert_eq!(server.total(jiff::Unit::Hour).unwrap().round(), 8_759.0);
    }

    #[test]
    fn an_ending_authority_is_replaced_and_a_server_never_outlives_it() {
        let dir = Dir::new();
        ensure(&dir.0, &names(&[]), now()).unwrap();
        let ca = dir.read("ca.pem");
        ensure(&dir.0, &names(&[]), now() + hours(3500)).unwrap();
        assert_eq!(dir.read("ca.pem"), ca);
        let end = |name| not_after(&CertificateDer::from_pem_file(dir.0.join(name)).unwrap());
        assert_eq!(end("server.pem"), end("ca.pem"));
        ensure(&dir.0, &names(&[]), now() + hours(3640)).unwrap();
        assert_ne!(dir.read("ca.pem"), ca);
    }

    #[test]
    fn a_trusted_authority_is_not_quietly_replaced() {
        let dir = Dir::new();
        ensure(&dir.0, &names(&[]), now()).unwrap();
        let other = Dir::new();
        ensure(&other.0, &names(&[]), now()).unwrap();
        fs::copy(other.0.join("ca.key"), dir.0.join("ca.key")).unwrap();
        fs::remove_file(dir.0.join("server.pem")).unwrap();
        let error = ensure(&dir.0, &names(&[]), now()).unwrap_err().to_string();
        assert!(error.contains("does not belong"), "{error}");
        fs::remove_file(dir.0.join("ca.key")).unwrap();
        let error = ensure(&dir.0, &names(&[]), now()).unwrap_err().to_string();
        assert!(error.contains("ca.key"), "{error}");
    }
}
