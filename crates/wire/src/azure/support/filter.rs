//! `$filter` of tickets and of what is said: comparisons joined by `and`.

use crate::azure::fault::{BAD_REQUEST, Fault, quoted};
use crate::azure::number::parse_instant;
use crate::azure::query::lexer::{Token, tokens};
use jiff::{SignedDuration, Timestamp};
use prorata_domain::support::Status;

/// Characters of a filter.
const CHARS_MAX: usize = 2048;

/// Which tickets are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tickets {
    pub status: Option<Status>,
    /// Asked for in a state in which no ticket here ever is.
    pub none: bool,
    /// The names of a service and of a problem.
    pub service: Option<String>,
    pub problem: Option<String>,
    /// The first instant that is meant.
    pub since: Option<Timestamp>,
}

/// What of what was said is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Communications {
    /// Only what was said on the phone, of which nothing is kept here.
    pub by_phone: bool,
    pub since: Option<Timestamp>,
}

/// Reads the filter of tickets.
///
/// # Errors
/// A fault that shows the form.
pub fn parse_tickets(text: &str) -> Result<Tickets, Fault> {
    const HELP: &str = "Join by `and`: `status eq 'Open'`, `serviceId eq '…'`, \
        `problemClassificationId eq '…'`, `createdDate ge 2026-05-04T00:00:00Z`.";
    let mut found = Tickets::default();
    each(text, HELP, |field, operator, value| {
        match field {
            "status" if operator == "eq" => {
                let word = value.to_lowercase();
                found.status = Status::parse(&word);
                // Tickets here are open or closed; the states between are known and empty.
                found.none = found.status.is_none();
                if found.none && word != "updating" {
                    return None;
                }
            }
            "serviceid" if operator == "eq" => found.service = Some(last(value)),
            "problemclassificationid" if operator == "eq" => found.problem = Some(last(value)),
            "createddate" => found.since = since(operator, value)?.max(found.since),
            _ => return None,
        }
        Some(())
    })?;
    Ok(found)
}

/// Reads the filter of what is said.
///
/// # Errors
/// A fault that shows the form.
pub fn parse_communications(text: &str) -> Result<Communications, Fault> {
    const HELP: &str = "Join by `and`: `communicationType eq 'web'`, \
        `createdDate ge 2026-05-04T00:00:00Z`.";
    let mut found = Communications::default();
    each(text, HELP, |field, operator, value| {
        match field {
            "communicationtype" if operator == "eq" => match value.to_lowercase().as_str() {
                "web" => {}
                "phone" => found.by_phone = true,
                _ => return None,
            },
            "createddate" => found.since = since(operator, value)?.max(found.since),
            _ => return None,
        }
        Some(())
    })?;
    Ok(found)
}

fn last(id: &str) -> String {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase()
}

/// The first instant that a comparison means.
fn since(operator: &str, value: &str) -> Option<Option<Timestamp>> {
    let at = parse_instant(value).or_else(|| parse_instant(&format!("{value}T00:00:00Z")))?;
    match operator {
        "ge" => Some(Some(at)),
        // Instants are kept to the microsecond.
        "gt" => Some(at.checked_add(SignedDuration::from_micros(1)).ok()),
        _ => None,
    }
}

fn each(
    text: &str,
    help: &str,
    mut take: impl FnMut(&str, &str, &str) -> Option<()>,
) -> Result<(), Fault> {
    let fault = |what: &str| Fault {
        code: BAD_REQUEST,
        path: "$filter".to_owned(),
        message: format!("`$filter` cannot be read at {}. {help}", quoted(what)),
    };
    if text.trim().is_empty() {
        return Ok(());
    }
    if text.chars().count() > CHARS_MAX {
        return Err(fault(text));
    }
    let tokens = tokens(text).map_err(&fault)?;
    let joins =
        |token: &Token<'_>| matches!(token, Token::Word(w) if w.eq_ignore_ascii_case("and"));
    for part in tokens.split(joins) {
        let part: Vec<&Token<'_>> =
            part.iter().filter(|it| !matches!(it, Token::Open | Token::Close)).collect();
        let [Token::Word(field), Token::Word(operator), value] = part.as_slice() else {
            return Err(fault(text));
        };
        let value = match value {
            Token::Text(text) => text.as_str(),
            Token::Word(word) => word,
            Token::Open | Token::Close => return Err(fault(text)),
        };
        let field = field.rsplit('/').next().unwrap_or_default().to_lowercase();
        take(&field, &operator.to_lowercase(), value).ok_or_else(|| fault(text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_filters_are_read() {
        let open = parse_tickets("status eq 'Open'").unwrap();
        assert_eq!((open.status, open.none), (Some(Status::Open), false));
        assert!(parse_tickets("status eq 'Updating'").unwrap().none);
        let both = parse_tickets("createdDate ge 2020-03-10T22:08:51Z and status eq 'closed'");
        let both = both.unwrap();
        assert_eq!(both.status, Some(Status::Closed));
        assert_eq!(both.since, Some("2020-03-10T22:08:51Z".parse().unwrap()));
        let service = parse_tickets("ServiceId eq 'vm_windows_service_guid'").unwrap().service;
        assert_eq!(service.as_deref(), Some("vm_windows_service_guid"));
        assert_eq!(parse_tickets(" ").unwrap(), Tickets::default());
        let said = parse_communications("communicationType eq 'web' and createdDate gt 2020-03-10");
        let after: Timestamp = "2020-03-10T00:00:00.000001Z".parse().unwrap();
        assert_eq!(said.unwrap(), Communications { by_phone: false, since: Some(after) });
    }

    #[test]
    fn other_filters_are_refused_with_the_form() {
        for text in [
            "status ne 'Open'",
            "status eq 'lost'",
            "colour eq 'red'",
            "createdDate le 2020-03-10",
            "createdDate ge soon",
            "status eq",
            "status eq 'Open' or status eq 'Closed'",
            "and",
            "'",
            "status eq 'Open' and",
        ] {
            let fault = parse_tickets(text).unwrap_err();
            assert_eq!(fault.path, "$filter", "{text}");
            assert!(fault.message.contains("status eq 'Open'"), "{}", fault.message);
        }
        assert!(parse_communications("communicationType eq 'fax'").is_err());
    }
}
