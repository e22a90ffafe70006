//! Everybody whom a tenant knows: people, programs, and guests of both kinds.

use super::OfTenant;
use crate::{App, Call, Error, second_factor, users};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::principal::PrincipalKind;
use prorata_store::issuers::{self, Identity};
use prorata_store::users::{self as rows, User};
use prorata_store::world::{self, Principal};
use prorata_store::{Tx, secrets};
use std::collections::HashMap;

/// A principal as an administrator sees it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: PrincipalId,
    pub client_id: String,
    pub name: String,
    pub kind: PrincipalKind,
    /// The tenant of a guest's own account.
    pub home: Option<TenantId>,
    /// Nobody signs in with it here.
    pub closed: bool,
    /// What a person signs in with at this desk; nothing for programs, guests, and for people of
    /// other issuers.
    pub here: Option<Here>,
    /// Secrets of a program.
    pub secrets: usize,
}

/// A person's account at this desk.
#[derive(Debug, Clone)]
pub struct Here {
    pub user: User,
    pub second_factor: bool,
}

impl Shown {
    /// Added, and has not chosen a password yet.
    pub fn is_invited(&self) -> bool {
        self.here.as_ref().is_some_and(|here| here.user.password_hash.is_none())
    }

    pub fn is_person(&self) -> bool {
        self.kind == PrincipalKind::User
    }
}

/// Which of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    All,
    People,
    Programs,
    Guests,
}

impl Which {
    pub const ALL: [Which; 4] = [Which::All, Which::People, Which::Programs, Which::Guests];

    pub fn as_str(self) -> &'static str {
        match self {
            Which::All => "all",
            Which::People => "people",
            Which::Programs => "programs",
            Which::Guests => "guests",
        }
    }

    pub fn parse(text: &str) -> Option<Which> {
        Which::ALL.into_iter().find(|which| which.as_str() == text)
    }

    fn has(self, principal: &Principal) -> bool {
        let is_person = principal.kind == PrincipalKind::User;
        match self {
            Which::All => true,
            Which::People => is_person && principal.home.is_none(),
            Which::Programs => !is_person && principal.home.is_none(),
            Which::Guests => principal.home.is_some(),
        }
    }
}

/// A part of the list, by name.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Part of a name, a user name, an address of mail, or an id.
    pub text: String,
    pub which: Which,
    pub skip: usize,
    pub take: usize,
}

#[derive(Debug, Clone)]
pub struct Page {
    pub rows: Vec<Shown>,
    /// How many fit the query in all.
    pub total: usize,
}

/// How many there are of each kind.
pub(super) fn counts(tx: &mut Tx<'_>, call: &Call) -> Result<OfTenant, Error> {
    let all = world::principals(tx, call.caller.tenant)?;
    let count = |which: Which| all.iter().filter(|one| which.has(one)).count();
    Ok(OfTenant {
        people: count(Which::People),
        programs: count(Which::Programs),
        guests: count(Which::Guests),
        ..OfTenant::default()
    })
}

/// The principals of the caller's tenant that fit a query.
///
/// # Errors
/// [`Error::Denied`] unless the caller administers the tenant, as for all functions here.
pub fn list(tx: &mut Tx<'_>, app: &App, call: &Call, query: &Query) -> Result<Page, Error> {
    users::require(tx, call)?;
    let tenant = call.caller.tenant;
    let people = rows::of_tenant(tx, tenant, None, usize::MAX >> 1)?;
    let mut people: HashMap<PrincipalId, User> =
        people.into_iter().map(|user| (user.id, user)).collect();
    let wanted = query.text.to_lowercase();
    let fits = |one: &Principal| {
        let user = people.get(&one.id);
        let names = [
            Some(one.name.as_str()),
            Some(one.client_id.as_str()),
            user.map(|user| user.user_name.as_str()),
            user.and_then(|user| user.mail.as_deref()),
        ];
        query.which.has(one)
            && (names.into_iter().flatten().any(|name| name.to_lowercase().contains(&wanted))
                || one.id.to_string() == wanted)
    };
    let mut found: Vec<Principal> =
        world::principals(tx, tenant)?.into_iter().filter(fits).collect();
    found.sort_by_cached_key(|one| (one.name.to_lowercase(), one.id));
    let total = found.len();
    let part = found.into_iter().skip(query.skip).take(query.take);
    let rows = part.map(|one| {
        let user = people.remove(&one.id);
        shown(tx, app, one, user)
    });
    Ok(Page { rows: rows.collect::<Result<_, _>>()?, total })
}

/// One of them, with the accounts at other issuers that it is.
///
/// # Errors
/// [`Error::Absent`] where the tenant knows none of this id.
pub fn show(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    id: PrincipalId,
) -> Result<(Shown, Vec<Identity>), Error> {
    users::require(tx, call)?;
    let tenant = call.caller.tenant;
    let absent = || Error::Absent { what: format!("principal `{id}`"), code: "NotFound" };
    let found = world::principal(tx, tenant, id)?.ok_or_else(absent)?;
    let user = rows::user(tx, tenant, id)?;
    let identities = issuers::identities(tx, tenant, id)?;
    Ok((shown(tx, app, found, user)?, identities))
}

fn shown(tx: &mut Tx<'_>, app: &App, one: Principal, user: Option<User>) -> Result<Shown, Error> {
    let here = match user {
        Some(user) => {
            let second_factor = second_factor::is_enrolled(tx, user.tenant, user.id)?;
            Some(Here { user, second_factor })
        }
        None => None,
    };
    let is_own_program = one.kind != PrincipalKind::User && one.home.is_none();
    let secrets = if is_own_program {
        usize::from(!one.secret_hash.is_empty())
            + secrets::of_principal(tx, one.tenant, one.id)?.len()
    } else {
        0
    };
    Ok(Shown {
        closed: app.revocations.is_closed(one.tenant, one.id),
        id: one.id,
        client_id: one.client_id,
        name: one.name,
        kind: one.kind,
        home: one.home,
        here,
        secrets,
    })
}
