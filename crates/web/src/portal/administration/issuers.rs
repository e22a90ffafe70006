//! The issuers that are trusted besides the desk itself, and with what. Its operator changes them.

use super::{Area, Frame, tabbed};
use crate::portal::desk::Desk;
use crate::portal::language::say;
use crate::portal::page::{self, Shell};
use crate::portal::words::Said;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::identity::issuers::{self, Provision, Shape, Shown, Standing};

#[derive(Debug, Template)]
#[template(path = "administration_issuers.html")]
pub struct IssuersPage {
    pub shell: Shell,
    pub frame: Frame,
    pub rows: Vec<IssuerRow>,
}

#[derive(Debug)]
pub struct IssuerRow {
    pub id: String,
    pub name: String,
    /// The `iss` of its tokens, and its further forms.
    pub forms: Vec<String>,
    pub shape: Said,
    pub audiences: String,
    pub tenants: Vec<String>,
    pub required_role: String,
    pub provision: Said,
    /// Whether people sign in at the portal this way.
    pub for_people: Said,
    pub standing: Said,
    pub class: &'static str,
}

pub async fn show(desk: Desk) -> Response {
    let answered = tabbed(&desk, Area::Issuers).map(|(shell, frame)| {
        let (tenant, standing) = (desk.session.caller.tenant, desk.session.standing);
        // A tenant's administrators see those that speak for it, and of these no other tenant.
        let mut found = issuers::list(desk.app());
        if !standing.desk {
            found.retain(|shown| shown.row.tenants.contains(&tenant));
            found.iter_mut().for_each(|shown| shown.row.tenants = vec![tenant]);
        }
        let rows = found.iter().map(row).collect();
        page::answer(StatusCode::OK, &IssuersPage { shell, frame, rows })
    });
    desk.settle(answered)
}

fn row(shown: &Shown) -> IssuerRow {
    let row = &shown.row;
    let (standing, class) = match shown.standing {
        Standing::Unasked => (say("admin-issuer-unasked"), "not-concerned"),
        Standing::Good => (say("admin-issuer-good"), "met"),
        Standing::Cached => (say("admin-issuer-cached"), "soon"),
        Standing::Down => (say("admin-issuer-down"), "not-met"),
    };
    IssuerRow {
        id: row.id.clone(),
        name: row.shown_name().to_owned(),
        forms: std::iter::once(&row.issuer).chain(&row.also).cloned().collect(),
        shape: match row.shape {
            Shape::Generic => say("admin-issuer-generic"),
            Shape::Entra => "Microsoft Entra ID".into(),
            Shape::Keycloak => "Keycloak".into(),
        },
        audiences: row.audiences.join(", "),
        tenants: row.tenants.iter().map(ToString::to_string).collect(),
        required_role: row.required_role.clone().unwrap_or_default(),
        provision: match row.provision {
            Provision::None => say("admin-provision-none"),
            Provision::Users => say("admin-provision-users"),
            Provision::All => say("admin-provision-all"),
        },
        for_people: match row.client_id {
            Some(_) => say("admin-issuer-for-people"),
            None => say("admin-issuer-for-programs"),
        },
        standing,
        class,
    }
}
