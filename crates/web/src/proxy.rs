//! Which proxies are believed when they say whom they speak for.
//!
//! What a caller writes into `X-Forwarded-…` is worth nothing unless a proxy of the operator's is
//! the one who connected: from anybody else these fields are taken off before anything looks at
//! them. From a proxy each is one field with a plain value, or the request is refused: two of them
//! would be read one way there and another way here. The address is found from the right, past
//! further proxies that are trusted, so that what the caller put there first is never reached.

use crate::arm::ArmError;
use crate::server::Peer;
use crate::uri::is_authority;
use axum::extract::Request;
use axum::http::header::{HeaderMap, HeaderName, USER_AGENT};
use prorata_app::{Origin, sessions};
use std::net::IpAddr;
use std::str::FromStr;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Fields in which proxies say whom they speak for: the three that are read, and others, which are
/// believed from nobody.
const ALL: [&str; 8] = [
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-real-ip",
    "forwarded",
];

/// Proxies in a row that are looked past.
const HOPS_MAX: usize = 10;

/// A block of addresses, such as `10.0.0.0/8` or `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// As IPv6; IPv4 addresses are mapped.
    start: u128,
    bits: u8,
}

impl FromStr for Block {
    type Err = String;

    fn from_str(text: &str) -> Result<Block, String> {
        let wrong = || format!("`{text}` is no address or block such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (most, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits: u8 = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > most {
            return Err(wrong());
        }
        let block = Block { start: mapped(address), bits: bits + before };
        if block.start & !block.mask() != 0 {
            let said = "has bits beyond its length; did you mean its first address?";
            return Err(format!("`{text}` {said}"));
        }
        Ok(block)
    }
}

impl Block {
    fn mask(self) -> u128 {
        u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0)
    }

    fn holds(self, address: IpAddr) -> bool {
        mapped(address) & self.mask() == self.start
    }
}

fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The operator's proxies; none by default.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Vec<Block>);

impl Proxies {
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|block| block.holds(address))
    }

    /// Finds out where a request comes from, and takes off what nobody may believe. What is left
    /// of the forwarding fields is a trusted proxy's.
    ///
    /// # Errors
    /// 400 where a trusted proxy sends a field twice, or with something in it that cannot be.
    pub fn settle(&self, request: &mut Request) -> Result<Origin, ArmError> {
        let peer = request.extensions().get::<Peer>().map(|peer| peer.address.ip());
        // Who calls without a connection is this program itself.
        let believed = peer.is_none_or(|peer| self.trust(peer));
        let headers = request.headers_mut();
        let address = if believed {
            for name in [FOR, HOST, PROTO] {
                is_single(headers, &name)?;
            }
            check_host(headers)?;
            self.address(headers, peer)?
        } else {
            ALL[..3].iter().for_each(|name| drop(headers.remove(*name)));
            peer
        };
        ALL[3..].iter().for_each(|name| drop(headers.remove(*name)));
        let agent = headers.get(USER_AGENT);
        let agent = agent.map(|agent| sessions::told(&String::from_utf8_lossy(agent.as_bytes())));
        Ok(Origin { address, agent })
    }

    /// The address of the caller: the last of the list that is no proxy of ours.
    fn address(
        &self,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<Option<IpAddr>, ArmError> {
        let Some(list) = headers.get(FOR) else { return Ok(peer) };
        let list = list.to_str().map_err(|_| wrong(&FOR))?;
        let mut found = peer;
        for (hop, item) in list.rsplit(',').enumerate() {
            let address: IpAddr = item.trim().parse().map_err(|_| wrong(&FOR))?;
            let address = address.to_canonical();
            found = Some(address);
            if !self.trust(address) {
                break;
            }
            if hop >= HOPS_MAX {
                return Err(wrong(&FOR));
            }
        }
        Ok(found)
    }
}

fn is_single(headers: &HeaderMap, name: &HeaderName) -> Result<(), ArmError> {
    if headers.get_all(name).iter().count() > 1 { Err(wrong(name)) } else { Ok(()) }
}

/// Scheme and host are one word each: a list leaves open whose word it is.
fn check_host(headers: &HeaderMap) -> Result<(), ArmError> {
    let text = |name: &HeaderName| {
        headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned())
    };
    if text(&HOST).as_deref().is_some_and(|host| !is_authority(host)) {
        return Err(wrong(&HOST));
    }
    let known = |proto: &str| ["http", "https"].iter().any(|one| proto.eq_ignore_ascii_case(one));
    if text(&PROTO).as_deref().is_some_and(|proto| !known(proto)) {
        return Err(wrong(&PROTO));
    }
    Ok(())
}

fn wrong(name: &HeaderName) -> ArmError {
    let message = format!(
        "The proxy's `{name}` has to be one field: for `x-forwarded-for` a list of addresses, for \
         the others one plain value. Let the proxy set it anew and pass none on."
    );
    ArmError::bad_request("BadRequest", message).with_target(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn proxies(blocks: &[&str]) -> Proxies {
        Proxies(blocks.iter().map(|block| block.parse().unwrap()).collect())
    }

    fn request(peer: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let address = format!("{peer}:4711").parse().unwrap();
        request.extensions_mut().insert(Peer { address, local: address, tls: false });
        request
    }

    fn from(proxies: &Proxies, peer: &str, headers: &[(&str, &str)]) -> Result<String, u16> {
        let mut request = request(peer, headers);
        let origin = proxies.settle(&mut request).map_err(|error| error.status.as_u16())?;
        Ok(origin.address.unwrap().to_string())
    }

    #[test]
    fn blocks_are_read() {
        let holds = |block: &str, address: &str| {
            block.parse::<Block>().unwrap().holds(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"), "the same address in other words");
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.8"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("::/0", "203.0.113.9"));
        for bad in ["10.0.0.0/33", "10.0.0.1/8", "::/129", "ten", "10.0.0.0/", "10.0.0.0/-1", ""] {
            assert!(bad.parse::<Block>().is_err(), "{bad}");
        }
    }

    #[test]
    fn header_smuggling_past_the_proxy_settings_changes_nothing() {
        let none = Proxies::default();
        let forged: Vec<(&str, &str)> = ALL.iter().map(|name| (*name, "192.0.2.9")).collect();
        let mut request = request("203.0.113.5", &forged);
        let origin = none.settle(&mut request).unwrap();
        assert_eq!(origin.address, Some("203.0.113.5".parse().unwrap()));
        for name in ALL {
            assert!(!request.headers().contains_key(name), "{name} is left to be believed");
        }
        // Also a field that a trusted proxy passed on and that is not one of the three.
        let ours = proxies(&["10.0.0.0/8"]);
        let mut request = self::request("10.0.0.1", &[("forwarded", "for=192.0.2.9")]);
        assert_eq!(ours.settle(&mut request).unwrap().address, Some("10.0.0.1".parse().unwrap()));
        assert!(!request.headers().contains_key("forwarded"));
    }

    #[test]
    fn the_address_is_the_last_that_is_no_proxy_of_ours() {
        let ours = proxies(&["10.0.0.0/8"]);
        let forwarded = |list: &str| from(&ours, "10.0.0.1", &[("x-forwarded-for", list)]);
        assert_eq!(forwarded("198.51.100.7").unwrap(), "198.51.100.7");
        assert_eq!(forwarded("192.0.2.9, 198.51.100.7").unwrap(), "198.51.100.7");
        assert_eq!(forwarded("192.0.2.9, 198.51.100.7, 10.0.0.2").unwrap(), "198.51.100.7");
        assert_eq!(forwarded("10.0.0.3, 10.0.0.2").unwrap(), "10.0.0.3");
        assert_eq!(from(&ours, "10.0.0.1", &[]).unwrap(), "10.0.0.1");
        // What stands left of the caller's address is the caller's and not looked at.
        assert_eq!(forwarded("nonsense, 198.51.100.7").unwrap(), "198.51.100.7");
    }

    #[test]
    fn doubled_or_strange_fields_of_a_proxy_are_refused() {
        let ours = proxies(&["10.0.0.0/8"]);
        for headers in [
            [("x-forwarded-for", "192.0.2.9"), ("x-forwarded-for", "198.51.100.7")],
            [("x-forwarded-host", "a.example"), ("x-forwarded-host", "b.example")],
            [("x-forwarded-proto", "https"), ("X-Forwarded-Proto", "http")],
            [("x-forwarded-for", "nonsense"), ("x", "")],
            [("x-forwarded-for", "192.0.2.9:80"), ("x", "")],
            [("x-forwarded-for", ""), ("x", "")],
            [("x-forwarded-host", "evil.example, desk.example"), ("x", "")],
            [("x-forwarded-host", "evil.example/path"), ("x", "")],
            [("x-forwarded-proto", "https, http"), ("x", "")],
            [("x-forwarded-proto", "javascript"), ("x", "")],
        ] {
            assert_eq!(from(&ours, "10.0.0.1", &headers), Err(400), "{headers:?}");
            assert_eq!(from(&ours, "203.0.113.5", &headers).unwrap(), "203.0.113.5");
        }
        let many = vec!["10.0.0.2"; 100].join(",");
        assert_eq!(from(&ours, "10.0.0.1", &[("x-forwarded-for", &many)]), Err(400));
    }

    #[test]
    fn what_a_program_calls_itself_is_one_short_line() {
        let mut request = request("203.0.113.5", &[]);
        let name = format!("curl\t{}", "x".repeat(5000));
        request.headers_mut().insert(USER_AGENT, name.parse().unwrap());
        let agent = Proxies::default().settle(&mut request).unwrap().agent.unwrap();
        assert!(agent.len() <= 200 && agent.starts_with("curlx"), "{agent}");
    }
}
