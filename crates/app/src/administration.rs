//! Looking after a tenant and after the desk: who may, and what needs somebody.
//!
//! Principals, roles and receivers are a tenant's, and its administrators look after them. The
//! price list, the jobs and the issuers are the whole desk's, of every tenant in it, so they are
//! for who works at the desk, which is said by its operator and by no role.

pub mod imports;
pub mod jobs;
pub mod principals;

use crate::access;
use crate::support::desk;
use crate::{App, Call, Error};
use prorata_domain::access::{Action, Scope};
use prorata_store::{Tx, deliveries, jobs as rows, receivers};

/// What a caller may look after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Their tenant: its principals, roles and receivers.
    pub tenant: bool,
    /// The desk itself.
    pub desk: bool,
}

impl Standing {
    /// Whether there is anything.
    pub fn any(self) -> bool {
        self.tenant || self.desk
    }
}

/// What the caller may look after.
///
/// # Errors
/// Those of the database.
pub fn standing(tx: &mut Tx<'_>, call: &Call) -> Result<Standing, Error> {
    let desk = match desk::member(tx, call) {
        Ok(_) => true,
        Err(Error::Absent { .. }) => false,
        Err(other) => return Err(other),
    };
    Ok(Standing { tenant: access::may(tx, call, Action::Assign, &Scope::root())?, desk })
}

/// What is there to look after, and what of it waits for a person. What the caller may not look
/// after is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub tenant: Option<OfTenant>,
    pub desk: Option<OfDesk>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfTenant {
    pub people: usize,
    pub programs: usize,
    pub guests: usize,
    /// Roles that the tenant made for itself.
    pub own_roles: usize,
    pub receivers: usize,
    /// Notifications that did not arrive, as far as they are counted.
    pub parked_deliveries: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfDesk {
    /// Imports whose reports are kept.
    pub imports: usize,
    pub waiting_jobs: i64,
    pub parked_jobs: i64,
    pub issuers: usize,
}

/// Deliveries that are counted; more are said to be that many.
pub const COUNTED_MAX: usize = 1000;

/// What there is for the caller to look after.
///
/// # Errors
/// [`Error::Absent`] for who may look after nothing.
pub fn overview(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Overview, Error> {
    let standing = standing(tx, call)?;
    if !standing.any() {
        return Err(absent());
    }
    let tenant = call.caller.tenant;
    let mut found = Overview::default();
    if standing.tenant {
        let counts = principals::counts(tx, call)?;
        let parked = deliveries::State::Parked;
        found.tenant = Some(OfTenant {
            own_roles: crate::authorization::own_roles(tx, tenant)?.len(),
            receivers: receivers::of_tenant(tx, tenant)?.len(),
            parked_deliveries: deliveries::of_tenant(tx, tenant, parked, COUNTED_MAX)?.len(),
            ..counts
        });
    }
    if standing.desk {
        found.desk = Some(OfDesk {
            imports: imports::reports(tx, call)?.len(),
            waiting_jobs: rows::count(tx, false)?,
            parked_jobs: rows::count(tx, true)?,
            issuers: crate::identity::issuers::list(app).len(),
        });
    }
    Ok(found)
}

/// For others the section is not there.
pub fn absent() -> Error {
    Error::Absent { what: "administration".to_owned(), code: "ResourceNotFound" }
}
