//! Administration: a tenant's principals, roles and receivers for who may give roles in all of it,
//! and the desk's own lists, jobs and issuers for who works there. Others have no such section.

mod assignments;
mod imports;
mod issuers;
mod jobs;
mod once;
mod overview;
mod people;
mod principal;
mod principals;
mod programs;
mod receiver;
mod receivers;
mod roles;
mod upload;

pub use once::Once;
pub use upload::Uploads;

use super::desk::{Desk, Portal};
use super::language::{say, say_with};
use super::page::{Crumb, Section, Shell};
use super::words::Said;
use axum::Router;
use axum::routing::{get, post};
use prorata_app::{Error, Fault, administration};
use std::sync::Arc;

pub use assignments::Given;

#[cfg(test)]
pub use self::{
    assignments::{AssignmentsPage, Giving},
    imports::{Held, ImportPage, ImportsPage, Past, Progress, Report, Upload},
    issuers::{IssuerRow, IssuersPage},
    jobs::{JobRow, JobsPage},
    once::SecretPage,
    overview::{Card, OverviewPage},
    people::{NewPersonPage, PersonFields},
    principal::{Facts, PrincipalPage, SessionRow, SignIn},
    principals::{PrincipalsPage, Row},
    programs::{SecretRow, Secrets},
    receiver::{ReceiverFields, ReceiverPage},
    receivers::{DeliveryRow, ReceiverRow, ReceiversPage},
    roles::{RolePage, RoleRow, RolesPage},
};

pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/administration", get(overview::show))
        .route("/administration/principals", get(principals::show))
        .route("/administration/principals/new", get(people::show).post(people::submit))
        .route(
            "/administration/principals/{principal}",
            get(principal::show).post(principal::submit),
        )
        .route("/administration/roles", get(roles::list))
        .route("/administration/roles/new", get(roles::new).post(roles::make))
        .route("/administration/roles/{role}", get(roles::show).post(roles::submit))
        .route("/administration/assignments", get(assignments::show).post(assignments::submit))
        .route("/administration/receivers", get(receivers::show))
        .route("/administration/receivers/new", get(receiver::new).post(receiver::add))
        .route("/administration/receivers/{receiver}", get(receiver::show).post(receiver::submit))
        .route("/administration/imports", get(imports::list))
        .route("/administration/imports/{import}", get(imports::show))
        .merge(upload::routes())
        .route("/administration/jobs", get(jobs::show).post(jobs::submit))
        .route("/administration/issuers", get(issuers::show))
        .route("/administration/{*rest}", get(super::desk::not_found))
        .route("/administration/deliveries", post(receivers::retry))
}

/// A part of the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Overview,
    Principals,
    Roles,
    Assignments,
    Receivers,
    Imports,
    Jobs,
    Issuers,
}

impl Area {
    const ALL: [Area; 8] = [
        Area::Overview,
        Area::Principals,
        Area::Assignments,
        Area::Roles,
        Area::Receivers,
        Area::Imports,
        Area::Jobs,
        Area::Issuers,
    ];

    pub fn path(self) -> &'static str {
        match self {
            Area::Overview => "/administration",
            Area::Principals => "/administration/principals",
            Area::Roles => "/administration/roles",
            Area::Assignments => "/administration/assignments",
            Area::Receivers => "/administration/receivers",
            Area::Imports => "/administration/imports",
            Area::Jobs => "/administration/jobs",
            Area::Issuers => "/administration/issuers",
        }
    }

    pub fn label(self) -> Said {
        match self {
            Area::Overview => say("admin-overview"),
            Area::Principals => say("admin-principals"),
            Area::Roles => say("admin-roles"),
            Area::Assignments => say("admin-assignments"),
            Area::Receivers => say("admin-receivers"),
            Area::Imports => say("admin-imports"),
            Area::Jobs => say("admin-jobs"),
            Area::Issuers => say("admin-issuers"),
        }
    }

    fn is_for(self, standing: administration::Standing) -> bool {
        match self {
            Area::Overview | Area::Issuers => standing.any(),
            Area::Principals | Area::Roles | Area::Assignments | Area::Receivers => standing.tenant,
            Area::Imports | Area::Jobs => standing.desk,
        }
    }
}

/// What stands above every page of the section.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub tabs: Vec<Tab>,
    /// The way to a page below a tab.
    pub crumbs: Vec<Crumb>,
    pub notice: Option<Said>,
    pub alert: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Tab {
    pub label: Said,
    pub href: &'static str,
    pub current: bool,
}

/// The shell and the frame of a page with a tab of its own.
///
/// # Errors
/// [`Error::Absent`] for whom there is no such part.
pub fn tabbed(desk: &Desk, area: Area) -> Result<(Shell, Frame), Error> {
    require(desk, area)?;
    let standing = desk.session.standing;
    let tab =
        |other: Area| Tab { label: other.label(), href: other.path(), current: other == area };
    let tabs = Area::ALL.into_iter().filter(|area| area.is_for(standing)).map(tab).collect();
    let title = match area {
        Area::Overview => say("nav-administration").into_owned(),
        _ => format!("{} · {}", area.label(), say("nav-administration")),
    };
    let shell = desk.shell(title, Section::Administration);
    Ok((shell, Frame { tabs, ..Frame::default() }))
}

/// The shell and the frame of a page below a tab.
///
/// # Errors
/// As [`tabbed`].
pub fn below(desk: &Desk, area: Area, title: impl Into<String>) -> Result<(Shell, Frame), Error> {
    require(desk, area)?;
    let crumb =
        |label: Said, href: &str| Crumb { label: label.into_owned(), href: href.to_owned() };
    let crumbs = vec![
        crumb(say("nav-administration"), Area::Overview.path()),
        crumb(area.label(), area.path()),
    ];
    Ok((desk.shell(title, Section::Administration), Frame { crumbs, ..Frame::default() }))
}

/// Refuses unless the caller has this part of the section.
///
/// # Errors
/// [`Error::Absent`].
pub fn require(desk: &Desk, area: Area) -> Result<(), Error> {
    if area.is_for(desk.session.standing) { Ok(()) } else { Err(administration::absent()) }
}

/// One deliberate confirmation, saying exactly what will happen.
#[derive(Debug, Clone)]
pub struct Confirm {
    pub heading: String,
    pub says: Vec<Said>,
    /// Where the form posts to.
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    pub label: Said,
    /// Where it is left without doing it.
    pub back: String,
}

/// A choice in a form: its value, its label, and whether it is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub word: String,
    pub label: String,
    pub chosen: bool,
}

/// What is wrong with the fields of a form, at their places, in words of the catalog where it has
/// them: `admin-fault-<field>`, or `-taken` behind it.
#[derive(Debug, Clone, Default)]
pub struct FieldFaults(pub Vec<(String, String)>);

impl FieldFaults {
    pub fn of(found: Vec<Fault>) -> FieldFaults {
        let said = |fault: Fault| {
            let said = fault_of(&fault);
            (fault.path, said)
        };
        FieldFaults(found.into_iter().map(said).collect())
    }

    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(path, _)| path == field).map(|(_, said)| said.as_str())
    }

    pub fn add(&mut self, field: &str, said: Said) {
        self.0.push((field.to_owned(), said.into_owned()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn fault_of(fault: &Fault) -> String {
    let taken = fault.message.starts_with("is taken");
    let known = match fault.path.as_str() {
        "userName" if taken => Some("admin-fault-user-name-taken"),
        "userName" => Some("admin-fault-user-name"),
        "displayName" => Some("admin-fault-display-name"),
        "mail" => Some("admin-fault-mail"),
        "name" => Some("admin-fault-name"),
        "days" => Some("admin-fault-days"),
        _ => None,
    };
    known.map_or_else(
        || say_with("admin-fault-other", [("fault", fault.message.clone().into())]).into_owned(),
        |id| say(id).into_owned(),
    )
}
