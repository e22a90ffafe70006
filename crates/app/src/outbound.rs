//! Calls that the desk makes: bounded in time and size, never redirected, and only to public
//! addresses unless an inner one is allowed. What a name resolves to is looked at when the
//! connection is made, so that a name cannot change its address in between.

use crate::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

/// How calls are made.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// Whether loopback and private addresses may be called, and those on this machine without TLS.
    pub inner: bool,
    /// Certificate authorities to trust in place of the public ones, in PEM.
    pub ca: Option<String>,
    /// The longest a call may take in all.
    pub time: Duration,
    /// The most bytes of an answer.
    pub bytes: u64,
}

/// One that makes calls.
#[derive(Debug, Clone)]
pub struct Caller {
    agent: Agent,
    bytes: u64,
    inner: bool,
}

/// What a call answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Outbound {
    /// # Errors
    /// [`Error::Malformed`] when the certificate authorities cannot be read.
    pub fn caller(&self) -> Result<Caller, Error> {
        let mut tls = TlsConfig::builder();
        if let Some(ca) = &self.ca {
            tls = tls.root_certs(RootCerts::Specific(Arc::new(authorities(ca)?)));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would look names up by itself.
            .proxy(None)
            .timeout_global(Some(self.time))
            .max_idle_connections(0)
            .user_agent("prorata")
            .tls_config(tls.build())
            .build();
        let resolver = Guard { inner: self.inner, names: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Ok(Caller { agent, bytes: self.bytes, inner: self.inner })
    }
}

/// # Errors
/// [`Error::Malformed`] for what holds no certificate.
pub fn authorities(pem: &str) -> Result<Vec<ureq::tls::Certificate<'static>>, Error> {
    let found: Vec<_> = parse_pem(pem.as_bytes())
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(Error::malformed("ca", "must hold at least one certificate in PEM"));
    }
    Ok(found)
}

impl Caller {
    /// # Errors
    /// Why there is no answer, in words that name no secret.
    pub fn get(&self, url: &str) -> Result<Answer, String> {
        self.check(url)?;
        let answer = self.agent.get(url).header("accept", "application/json").call();
        self.read(answer)
    }

    /// Posts a form; `basic` goes into the `Authorization` header, as it is.
    ///
    /// # Errors
    /// Those of [`Caller::get`].
    pub fn post_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        basic: Option<&str>,
    ) -> Result<Answer, String> {
        self.check(url)?;
        let mut request = self.agent.post(url).header("accept", "application/json");
        if let Some(basic) = basic {
            request = request.header("authorization", format!("Basic {basic}"));
        }
        self.read(request.send_form(form.iter().copied()))
    }

    /// Posts a body as it is, with the headers that go with it.
    ///
    /// # Errors
    /// Those of [`Caller::get`].
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, String> {
        self.check(url)?;
        let mut request = self.agent.post(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.read(request.send(body))
    }

    fn check(&self, url: &str) -> Result<(), String> {
        if is_callable(url, self.inner) {
            Ok(())
        } else {
            Err(format!("`{url}` may not be called"))
        }
    }

    fn read(
        &self,
        answer: Result<ureq::http::Response<Body>, ureq::Error>,
    ) -> Result<Answer, String> {
        let mut answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(self.bytes).read_to_vec();
        Ok(Answer { status, body: body.map_err(|error| error.to_string())? })
    }
}

/// Whether an address may be called: by TLS, or on this machine where inner addresses are allowed.
/// Credentials and fragments have no place in one.
pub fn is_callable(url: &str, inner: bool) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority() else { return false };
    if authority.as_str().contains('@') || url.contains('#') || authority.host().is_empty() {
        return false;
    }
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => inner && is_this_machine(authority.host()),
        _ => false,
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Refuses addresses that are not public.
#[derive(Debug)]
struct Guard {
    inner: bool,
    names: DefaultResolver,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        // One inner address among public ones is refused with them.
        if !self.inner && !found.iter().all(|address| is_public(address.ip())) {
            let why = "the name is that of an inner address, which is not allowed";
            return Err(ureq::Error::Io(std::io::Error::other(why)));
        }
        Ok(found)
    }
}

/// Whether an address is one of the public network.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, private networks, those of carriers and of this machine.
        (0 | 10 | 127, ..) | (100, 64..=127, _) | (172, 16..=31, _) | (192, 168, _) => true,
        // Link-local (metadata services live there), protocol assignments, tests, documents.
        (169, 254, _) | (192, 0, 0 | 2) | (198, 18 | 19, _) => true,
        (198, 51, 100) | (203, 0, 113) | (192, 88, 99) => true,
        // Many at once, and what is reserved.
        _ => a >= 224,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [a, b, c, ..] = address.segments();
    let tail = |at: usize| {
        let octets = address.octets();
        Ipv4Addr::new(octets[at], octets[at + 1], octets[at + 2], octets[at + 3])
    };
    match (a, b) {
        // Translated addresses are those that they stand for.
        (0x64, 0xff9b) => c == 0 && is_public_v4(tail(12)),
        (0x2002, _) => is_public_v4(tail(2)),
        // Tunnels, documents.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, _) => false,
        // Only this part is given out for the public network.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for public in ["8.8.8.8", "20.190.128.1", "2606:4700::1", "64:ff9b::808:808", "172.32.0.1"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for inner in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
    }

    #[test]
    fn only_tls_is_called_but_on_this_machine() {
        assert!(is_callable("https://id.example/realms/a", false));
        assert!(is_callable("http://127.0.0.1:8080/x", true));
        assert!(is_callable("http://localhost/x", true));
        for (url, inner) in [
            ("http://127.0.0.1:8080/x", false),
            ("http://id.example/", true),
            ("ftp://id.example/", true),
            ("https://user@id.example/", true),
            ("https://id.example/#x", true),
            ("file:///etc/passwd", true),
            ("/x", true),
            ("", true),
        ] {
            assert!(!is_callable(url, inner), "{url}");
        }
    }

    #[test]
    fn a_name_of_an_inner_address_is_not_called() {
        let outbound =
            Outbound { inner: false, ca: None, time: Duration::from_secs(2), bytes: 1 << 10 };
        let error = outbound.caller().unwrap().get("https://localhost:1/x").unwrap_err();
        assert!(error.contains("inner address"), "{error}");
    }
}
