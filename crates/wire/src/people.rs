//! People who sign in here, their sessions, and the secrets of programs: a contract of our own.

use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// Characters of a text that is looked at at all.
const TEXT_CHARS_MAX: usize = 512;

/// A person as an administrator sees them.
pub struct User<'u> {
    pub id: Uuid,
    pub user_name: &'u str,
    pub display_name: &'u str,
    pub mail: Option<&'u str>,
    /// `invited`, `active` or `disabled`.
    pub state: &'static str,
    pub second_factor: bool,
    pub password_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// What lets somebody choose a password, once.
pub struct Invitation<'i> {
    pub link: String,
    pub token: &'i str,
    pub ends_at: Timestamp,
}

pub struct Session<'s> {
    pub id: Uuid,
    pub proof: &'s str,
    pub began_at: Timestamp,
    pub used_at: Timestamp,
    pub ends_at: Timestamp,
    pub address: Option<&'s str>,
    pub agent: Option<&'s str>,
}

pub struct Secret<'s> {
    pub id: Uuid,
    pub name: &'s str,
    pub hint: Option<&'s str>,
    pub created_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

/// A person to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    pub user_name: String,
    pub display_name: String,
    pub mail: Option<String>,
}

/// What is to be changed of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub display_name: Option<String>,
    pub mail: Option<Option<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    pub name: String,
    pub days: Option<u32>,
}

fn text(member: &Member<'_>, faults: &mut Faults, wanted: &str) -> Option<String> {
    member.text(faults, wanted, TEXT_CHARS_MAX).map(str::to_owned)
}

/// Reads who is to be added.
///
/// # Errors
/// Every fault of the body, as for all readers here.
pub fn new_user(body: &Value) -> Result<NewUser, Vec<Fault>> {
    let mut faults = Faults::default();
    let read = |faults: &mut Faults| {
        let root = Member::root(body).object(faults, "an object with `userName`, `displayName`")?;
        let user_name = text(&root.get("userName"), faults, "a user name");
        let display_name = text(&root.get("displayName"), faults, "a name to show");
        let mail = root.get("mail");
        let mail = if mail.is_given() { text(&mail, faults, "an address") } else { None };
        Some(NewUser { user_name: user_name?, display_name: display_name?, mail })
    };
    let new = read(&mut faults);
    faults.finish(new)
}

/// Reads what is to be changed: a member that is left out stays, and `mail` may be `null`.
pub fn changes(body: &Value) -> Result<Changes, Vec<Fault>> {
    let mut faults = Faults::default();
    let read = |faults: &mut Faults| {
        Member::root(body).object(faults, "an object with `displayName` or `mail`")?;
        let mut changes = Changes::default();
        let name = Member::root(body).get("displayName");
        if name.is_given() {
            changes.display_name = Some(text(&name, faults, "a name to show")?);
        }
        let mail = Member::root(body).get("mail");
        if body.get("mail").is_some_and(Value::is_null) {
            changes.mail = Some(None);
        } else if mail.is_given() {
            changes.mail = Some(Some(text(&mail, faults, "an address or null")?));
        }
        Some(changes)
    };
    let changes = read(&mut faults);
    faults.finish(changes)
}

/// Reads which secret is to be made.
pub fn new_secret(body: &Value) -> Result<NewSecret, Vec<Fault>> {
    let mut faults = Faults::default();
    let read = |faults: &mut Faults| {
        let root = Member::root(body).object(faults, "an object with `name`")?;
        let name = text(&root.get("name"), faults, "a name for the secret");
        let days = root.get("days");
        let days = if days.is_given() { Some(days.quantity(faults, BAD_REQUEST)?) } else { None };
        Some(NewSecret { name: name?, days })
    };
    let new = read(&mut faults);
    faults.finish(new)
}

/// Reads what a tenant asks of its people beside the password.
pub fn rule<T>(body: &Value, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Vec<Fault>> {
    let mut faults = Faults::default();
    let read = |faults: &mut Faults| {
        let root = Member::root(body).object(faults, "an object with `secondFactor`")?;
        root.get("secondFactor").read(faults, BAD_REQUEST, "`optional` or `money`", parse)
    };
    let rule = read(&mut faults);
    faults.finish(rule)
}

fn shown_at(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(instant(at)))
}

/// A person.
pub fn user(user: &User<'_>) -> Value {
    json!({
        "id": user.id.to_string(),
        "userName": user.user_name,
        "displayName": user.display_name,
        "mail": user.mail,
        "state": user.state,
        "secondFactor": user.second_factor,
        "passwordSetAt": shown_at(user.password_at),
        "createdAt": instant(user.created_at),
    })
}

/// A person with what lets them choose a password, which is shown this once.
pub fn invited(shown: &User<'_>, invitation: &Invitation<'_>) -> Value {
    let mut body = user(shown);
    body["invitation"] = self::invitation(invitation);
    body
}

pub fn invitation(invitation: &Invitation<'_>) -> Value {
    json!({
        "link": invitation.link,
        "token": invitation.token,
        "endsAt": instant(invitation.ends_at),
    })
}

pub fn session(session: &Session<'_>) -> Value {
    json!({
        "id": session.id.to_string(),
        "proof": session.proof,
        "beganAt": instant(session.began_at),
        "usedAt": instant(session.used_at),
        "endsAt": instant(session.ends_at),
        "address": session.address,
        "agent": session.agent,
    })
}

/// A secret as it is listed; `text` is the secret itself where it was just made.
pub fn secret(secret: &Secret<'_>, text: Option<&str>) -> Value {
    let mut body = json!({
        "id": secret.id.to_string(),
        "name": secret.name,
        "hint": secret.hint,
        "createdAt": shown_at(secret.created_at),
        "endsAt": shown_at(secret.ends_at),
        "usedAt": shown_at(secret.used_at),
    });
    if let Some(text) = text {
        body["secret"] = json!(text);
    }
    body
}

/// A page of rows.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_with_all_their_faults() {
        let new = new_user(&json!({ "userName": "anna", "displayName": "Anna" })).unwrap();
        assert_eq!((new.user_name.as_str(), new.mail), ("anna", None));
        let faults = new_user(&json!({ "userName": 5 })).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["userName", "displayName"]);
        assert!(new_user(&json!([])).is_err());
    }

    #[test]
    fn an_address_is_changed_taken_away_or_left() {
        let mail = |body| changes(&body).unwrap().mail;
        assert_eq!(mail(json!({})), None);
        assert_eq!(mail(json!({ "mail": null })), Some(None));
        assert_eq!(mail(json!({ "mail": "a@b.c" })), Some(Some("a@b.c".to_owned())));
    }
}
