//! Who is told of what happens in a tenant, and what is on its way to them, in shapes of our own.

use crate::azure::fault::{Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// Characters of a name.
const NAME_CHARS_MAX: usize = 128;
/// Characters of an address: a few of mail, or one long URL.
const ADDRESS_CHARS_MAX: usize = 1000;
/// Kinds that one receiver may list.
const KINDS_MAX: usize = 40;

/// What a receiver is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// `webhook` or `mail`.
    pub channel: String,
    pub name: String,
    pub address: String,
    /// All kinds where it is empty.
    pub kinds: Vec<String>,
    /// Whether it is told at all.
    pub paused: bool,
}

/// Reads the body of a receiver. `inner` says whether a webhook may be on this machine without
/// TLS.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value, callable: impl Fn(&str) -> bool) -> Result<Wanted, Vec<Fault>> {
    let mut faults = Faults::default();
    let wanted = read(body, callable, &mut faults);
    faults.finish(wanted)
}

fn read(body: &Value, callable: impl Fn(&str) -> bool, faults: &mut Faults) -> Option<Wanted> {
    let root = Member::root(body).object(faults, "an object with `channel` and `address`")?;
    let channel = root.get("channel").read(faults, "BadRequest", "`webhook` or `mail`", |text| {
        ["webhook", "mail"].into_iter().find(|known| *known == text).map(str::to_owned)
    });
    let name = root.get("name").optional_text(faults, "a name", NAME_CHARS_MAX);
    let address = root.get("address");
    let wanted = match channel.as_deref() {
        Some("mail") => "addresses of mail with commas between",
        _ => "an https URL without credentials",
    };
    let text = address.text(faults, wanted, ADDRESS_CHARS_MAX);
    let fits = match (channel.as_deref(), text) {
        (Some("webhook"), Some(text)) => callable(text),
        (Some("mail"), Some(text)) => text.split(',').all(|one| is_mail(one.trim())),
        _ => true,
    };
    if !fits {
        address.refuse(faults, "BadRequest", &format!("will not do; give {wanted}."));
    }
    let kinds = kinds(&root.get("kinds"), faults);
    let state =
        root.get("state").read_optional(faults, "BadRequest", "`active` or `paused`", |text| {
            ["active", "paused"].into_iter().find(|known| *known == text)
        });
    Some(Wanted {
        channel: channel?,
        name: name.unwrap_or_default().to_owned(),
        address: text?.to_owned(),
        kinds,
        paused: state == Some("paused"),
    })
}

/// Whether a text looks like an address of mail: somebody at a host, without names and brackets.
fn is_mail(text: &str) -> bool {
    let good = |letter: char| !letter.is_whitespace() && !"<>()[],;:\\\"".contains(letter);
    text.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !host.contains('@') && text.chars().all(good)
    })
}

fn kinds(member: &Member<'_>, faults: &mut Faults) -> Vec<String> {
    const WANTED: &str = "kinds of notification such as `expired`, or an empty list for all";
    let list = member.list(faults, WANTED, KINDS_MAX);
    let word = |text: &str| {
        let fits = !text.is_empty()
            && text.len() <= 60
            && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'-');
        fits.then(|| text.to_owned())
    };
    list.iter()
        .filter_map(|one| one.read(faults, "BadRequest", "a kind such as `expired`", word))
        .collect()
}

/// A receiver as it is.
pub struct Receiver<'r> {
    pub id: Uuid,
    pub channel: &'r str,
    pub name: &'r str,
    pub address: &'r str,
    pub kinds: &'r [String],
    pub state: &'r str,
    pub created_at: Timestamp,
    /// Only where it was just made.
    pub secret: Option<&'r str>,
}

/// One receiver.
pub fn show(row: &Receiver<'_>) -> Value {
    let mut body = json!({
        "id": row.id.to_string(),
        "channel": row.channel,
        "name": row.name,
        "address": row.address,
        "kinds": row.kinds,
        "state": row.state,
        "createdAt": instant(row.created_at),
    });
    if let Some(secret) = row.secret {
        body["secret"] = json!(secret);
    }
    body
}

/// A notification on its way.
pub struct Delivery<'d> {
    pub receiver: Uuid,
    pub notification: Uuid,
    pub at: Timestamp,
    pub kind: &'d str,
    pub target: &'d str,
    pub state: &'d str,
    pub attempts: i64,
    pub trouble: Option<&'d str>,
}

/// A list of them.
pub fn deliveries<'d>(rows: impl Iterator<Item = Delivery<'d>>) -> Value {
    let shown = |row: Delivery<'_>| {
        json!({
            "receiver": row.receiver.to_string(),
            "notification": row.notification.to_string(),
            "at": instant(row.at),
            "kind": row.kind,
            "target": row.target,
            "state": row.state,
            "attempts": row.attempts,
            "trouble": row.trouble,
        })
    };
    json!({ "value": rows.map(shown).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: Value) -> Vec<String> {
        let callable = |url: &str| url.starts_with("https://");
        parse(&body, callable).err().unwrap_or_default().into_iter().map(|one| one.path).collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        assert_eq!(faults(json!([])), [""]);
        assert_eq!(faults(json!({})), ["channel", "address"]);
        let wrong = json!({
            "channel": "webhook", "address": "http://a.example", "kinds": ["A b"], "state": "gone",
        });
        assert_eq!(faults(wrong), ["address", "kinds[0]", "state"]);
        for address in ["nobody", "a@b", "a@b.example, c", "A <a@b.example>", "a@b@c.example"] {
            assert_eq!(
                faults(json!({"channel": "mail", "address": address})),
                ["address"],
                "{address}"
            );
        }
    }

    #[test]
    fn what_fits_is_taken() {
        let body = json!({
            "channel": "mail", "name": "billing", "address": "a@b.example, c@d.example",
            "kinds": ["payment-failed"],
        });
        let wanted = parse(&body, |_| false).unwrap();
        assert_eq!(
            (wanted.kinds.as_slice(), wanted.paused),
            (&["payment-failed".to_owned()][..], false)
        );
    }
}
