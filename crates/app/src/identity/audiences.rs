//! For whom tokens of the desk's own issuer may be: the names by which callers reach the desk, and
//! the resources that clients made for the provider ask tokens for.

use crate::App;
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

/// What official clients ask for where nobody tells them otherwise.
const OF_CLIENTS: [&str; 2] =
    ["https://management.azure.com", "https://management.core.windows.net"];

/// Callers on the same machine use these.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

#[derive(Default)]
pub(super) struct Audiences {
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    /// Host names without ports, in lower case: ports are mapped as people like.
    hosts: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl Audiences {
    pub fn accept(&self, audience: &str) -> bool {
        let audience = audience.trim_end_matches('/');
        if OF_CLIENTS.iter().any(|known| known.eq_ignore_ascii_case(audience)) {
            return true;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let host = host_of(audience);
        let of_ours = |host: &String| {
            LOOPBACK.contains(&host.as_str()) || known.hosts.contains(host.as_str())
        };
        known.others.contains(audience) || host.as_ref().is_some_and(of_ours)
    }
}

/// The host of an address that is nothing but a host: `https://desk.example:8443`.
fn host_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    if !matches!(scheme, "https" | "http") {
        return None;
    }
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => rest,
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
    (!host.is_empty() && host.bytes().all(plain)).then(|| host.to_ascii_lowercase())
}

/// Says by which name callers reach the desk: a host, or an address with one.
pub fn known_as(app: &App, name: &str) {
    let host = host_of(name).unwrap_or_else(|| name.to_ascii_lowercase());
    let host =
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    let mut known = app.gate.audiences.known.write().unwrap_or_else(PoisonError::into_inner);
    known.hosts.insert(host);
}

/// Lets tokens be for one more audience, whatever form it has.
pub fn accept_audience(app: &App, audience: &str) {
    let mut known = app.gate.audiences.known.write().unwrap_or_else(PoisonError::into_inner);
    known.others.insert(audience.trim_end_matches('/').to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_a_name_of_the_desk_or_what_clients_ask_for() {
        let audiences = Audiences::default();
        {
            let mut known = audiences.known.write().unwrap();
            known.hosts.insert("desk.example".to_owned());
            known.others.insert("api://desk".to_owned());
        }
        for good in [
            "https://desk.example",
            "https://DESK.example:8443/",
            "https://localhost:1",
            "https://[::1]:8443",
            "https://management.azure.com/",
            "https://management.core.windows.net//",
            "api://desk",
        ] {
            assert!(audiences.accept(good), "{good}");
        }
        for bad in [
            "",
            "desk.example",
            "https://desk.example.evil",
            "https://desk.example/other",
            "https://evil@desk.example",
            "https://evil.example#desk.example",
            "ftp://desk.example",
            "https://graph.microsoft.com",
            "api://desk/more",
        ] {
            assert!(!audiences.accept(bad), "{bad}");
        }
    }
}
