//! `$filter` of the lists: calls and comparisons joined by `and`, each at most once.

use crate::azure::fault::{BAD_REQUEST, Fault, quoted};
use crate::azure::query::lexer::{Token, tokens};
use prorata_domain::access::RoleKind;
use prorata_domain::ids::PrincipalId;

/// Characters of a filter.
const CHARS_MAX: usize = 1024;

const ASSIGNMENTS: &str =
    "Write `atScope()`, `principalId eq '{GUID}'` or `assignedTo('{GUID}')`, joined by `and`.";
const DEFINITIONS: &str = "Write `atScope()`, `atScopeAndBelow()`, `type eq 'BuiltInRole'`, `type eq \
                           'CustomRole'` or `roleName eq 'Owner'`, joined by `and`.";

/// Which assignments are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssignmentFilter {
    /// Those at the scope and above it only, and none below.
    pub at_scope: bool,
    pub principal: Option<PrincipalId>,
}

/// Which role definitions are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DefinitionFilter {
    /// Those too that can be given below the scope only.
    pub and_below: bool,
    pub kind: Option<RoleKind>,
    /// Compared without case.
    pub name: Option<String>,
}

/// Reads the `$filter` of role assignments; an empty one asks for all.
///
/// # Errors
/// A fault that says where it cannot be read.
pub fn parse_assignment_filter(text: &str) -> Result<AssignmentFilter, Fault> {
    let mut filter = AssignmentFilter::default();
    for term in terms(text, ASSIGNMENTS)? {
        match term {
            Term::Call(name, None) if name.eq_ignore_ascii_case("atScope") => {
                filter.at_scope = true;
            }
            Term::Call(name, Some(id)) if name.eq_ignore_ascii_case("assignedTo") => {
                take(&mut filter.principal, guid(&id)?, ASSIGNMENTS)?;
            }
            Term::Equals(field, id) if field.eq_ignore_ascii_case("principalId") => {
                take(&mut filter.principal, guid(&id)?, ASSIGNMENTS)?;
            }
            other => return Err(unknown(&other, ASSIGNMENTS)),
        }
    }
    Ok(filter)
}

/// Reads the `$filter` of role definitions; an empty one asks for all.
///
/// # Errors
/// A fault that says where it cannot be read.
pub fn parse_definition_filter(text: &str) -> Result<DefinitionFilter, Fault> {
    let mut filter = DefinitionFilter::default();
    for term in terms(text, DEFINITIONS)? {
        match term {
            // What can be given at the scope is listed anyway.
            Term::Call(name, None) if name.eq_ignore_ascii_case("atScope") => {}
            Term::Call(name, None) if name.eq_ignore_ascii_case("atScopeAndBelow") => {
                filter.and_below = true;
            }
            Term::Equals(field, kind) if field.eq_ignore_ascii_case("type") => {
                let found = match kind.to_ascii_lowercase().as_str() {
                    "builtinrole" => RoleKind::BuiltIn,
                    "customrole" => RoleKind::Custom,
                    _ => return Err(unknown(&Term::Equals(field, kind), DEFINITIONS)),
                };
                take(&mut filter.kind, found, DEFINITIONS)?;
            }
            Term::Equals(field, name) if field.eq_ignore_ascii_case("roleName") => {
                take(&mut filter.name, name, DEFINITIONS)?;
            }
            other => return Err(unknown(&other, DEFINITIONS)),
        }
    }
    Ok(filter)
}

enum Term<'t> {
    /// `name()` or `name('text')`.
    Call(&'t str, Option<String>),
    /// `field eq 'text'`.
    Equals(&'t str, String),
}

fn take<T: PartialEq>(place: &mut Option<T>, value: T, help: &str) -> Result<(), Fault> {
    match place {
        Some(before) if *before != value => {
            Err(fault(format!("`$filter` asks twice for different things. {help}")))
        }
        _ => {
            *place = Some(value);
            Ok(())
        }
    }
}

fn guid(text: &str) -> Result<PrincipalId, Fault> {
    PrincipalId::parse(text).ok_or_else(|| {
        fault(format!("`$filter` names the principal {}, which is not a GUID.", quoted(text)))
    })
}

fn unknown(term: &Term<'_>, help: &str) -> Fault {
    let shown = match term {
        Term::Call(name, None) => format!("{name}()"),
        Term::Call(name, Some(text)) => format!("{name}('{text}')"),
        Term::Equals(field, text) => format!("{field} eq '{text}'"),
    };
    fault(format!("`$filter` has {}, which is nothing to choose by here. {help}", quoted(&shown)))
}

fn fault(message: String) -> Fault {
    Fault { code: BAD_REQUEST, path: "$filter".to_owned(), message }
}

fn terms<'t>(text: &'t str, help: &str) -> Result<Vec<Term<'t>>, Fault> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    if text.chars().count() > CHARS_MAX {
        return Err(fault(format!("`$filter` is longer than {CHARS_MAX} characters.")));
    }
    let read = tokens(text).map_err(|rest| {
        fault(format!("`$filter` cannot be read from {} on. {help}", quoted(rest)))
    })?;
    let mut rest = read.as_slice();
    let mut found = Vec::new();
    loop {
        let (term, after) = match rest {
            [Token::Word(name), Token::Open, Token::Close, after @ ..] => {
                (Term::Call(name, None), after)
            }
            [Token::Word(name), Token::Open, Token::Text(text), Token::Close, after @ ..] => {
                (Term::Call(name, Some(text.clone())), after)
            }
            [Token::Word(field), Token::Word(eq), value, after @ ..]
                if eq.eq_ignore_ascii_case("eq") =>
            {
                match value {
                    Token::Text(text) => (Term::Equals(field, text.clone()), after),
                    // Some clients leave the quotes of a GUID out.
                    Token::Word(word) => (Term::Equals(field, (*word).to_owned()), after),
                    _ => return Err(unreadable(rest, help)),
                }
            }
            _ => return Err(unreadable(rest, help)),
        };
        found.push(term);
        rest = match after {
            [] => return Ok(found),
            [Token::Word(and), after @ ..] if and.eq_ignore_ascii_case("and") => after,
            _ => return Err(unreadable(after, help)),
        };
    }
}

fn unreadable(rest: &[Token<'_>], help: &str) -> Fault {
    let at = rest.first().map_or("its end".to_owned(), Token::shown);
    fault(format!("`$filter` cannot be read at {at}. {help}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0000000a-0000-4000-8000-00000000000a";

    #[test]
    fn reads_what_clients_send() {
        let principal = PrincipalId::parse(ID);
        let assignments = |text: &str| parse_assignment_filter(&text.replace("ID", ID)).unwrap();
        let of = |at_scope, principal| AssignmentFilter { at_scope, principal };
        assert_eq!(assignments(" "), AssignmentFilter::default());
        assert_eq!(assignments("atScope()"), of(true, None));
        assert_eq!(assignments("ATSCOPE( )"), of(true, None));
        assert_eq!(assignments("principalId eq 'ID'"), of(false, principal));
        assert_eq!(assignments("principalId eq ID"), of(false, principal));
        assert_eq!(assignments("assignedTo('ID')"), of(false, principal));
        assert_eq!(assignments("atScope() and assignedTo('ID')"), of(true, principal));
        assert_eq!(assignments("assignedTo('ID') and principalId eq 'ID'"), of(false, principal));
        let definitions = |text| parse_definition_filter(text).unwrap();
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(definitions("atScope()"), DefinitionFilter::default());
        let filter = definitions("atScopeAndBelow() and type eq 'CustomRole'");
        assert_eq!((filter.and_below, filter.kind), (true, Some(RoleKind::Custom)));
        assert_eq!(definitions("type eq 'BuiltInRole'").kind, Some(RoleKind::BuiltIn));
        assert_eq!(definitions("roleName eq 'it''s'").name, named("it's"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, says) in [
            ("principalId eq 'x'", "`x`"),
            ("assignedTo('x')", "`x`"),
            ("assignedTo()", "`assignedTo()`"),
            ("principalId ne 'x'", "`principalId`"),
            ("roleName eq 'Owner'", "`roleName eq 'Owner'`"),
            ("atScope() or assignedTo('x')", "`or`"),
            ("atScope() and", "its end"),
            ("(atScope())", "`(`"),
            ("atScope", "`atScope`"),
            ("principalId eq 'x", "`'x`"),
            ("principalId eq (", "`principalId`"),
        ] {
            let fault = parse_assignment_filter(text).unwrap_err();
            assert_eq!((fault.code, fault.path.as_str()), ("BadRequest", "$filter"));
            assert!(fault.message.contains(says), "{text}: {}", fault.message);
        }
        let twice = format!("assignedTo('{ID}') and principalId eq '{}'", ID.replace('a', "b"));
        let fault = parse_assignment_filter(&twice).unwrap_err();
        assert!(fault.message.contains("twice"), "{}", fault.message);
        assert!(parse_assignment_filter(&"x".repeat(2000)).is_err());
        for (text, says) in [
            ("type eq 'Other'", "`type eq 'Other'`"),
            ("assignedTo('x')", "`assignedTo('x')`"),
            ("type eq 'BuiltInRole' and type eq 'CustomRole'", "twice"),
        ] {
            let fault = parse_definition_filter(text).unwrap_err();
            assert!(fault.message.contains(says), "{text}: {}", fault.message);
        }
    }
}
