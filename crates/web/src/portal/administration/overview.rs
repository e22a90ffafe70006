//! What there is to look after, and what of it waits for somebody.

use super::{Area, Frame, tabbed};
use crate::portal::desk::Desk;
use crate::portal::language::say_with;
use crate::portal::page::{self, Shell};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::administration::{self, Overview};

#[derive(Debug, Template)]
#[template(path = "administration.html")]
pub struct OverviewPage {
    pub shell: Shell,
    pub frame: Frame,
    pub cards: Vec<Card>,
}

/// A part of the section at a glance.
#[derive(Debug)]
pub struct Card {
    pub label: Said,
    pub href: &'static str,
    pub figure: String,
    pub what: Said,
    /// What waits for a person.
    pub waits: Option<Said>,
}

pub async fn show(desk: Desk) -> Response {
    let answer = async {
        let (shell, frame) = tabbed(&desk, Area::Overview)?;
        let call = desk.call();
        let found = desk.app().read_async(move |tx, app| administration::overview(tx, app, &call));
        let cards = cards(&found.await?);
        Ok(page::answer(StatusCode::OK, &OverviewPage { shell, frame, cards }))
    };
    desk.settle(answer.await)
}

/// What a number of things is, as it follows the number.
fn counted(id: &str, count: i64) -> Said {
    say_with(id, [("count", count.into())])
}

fn cards(found: &Overview) -> Vec<Card> {
    let mut cards = Vec::new();
    let card = |area: Area, count: i64, what: Said, waits| Card {
        label: area.label(),
        href: area.path(),
        figure: words::count(count),
        what,
        waits,
    };
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    if let Some(tenant) = found.tenant {
        let values = [
            ("people", whole(tenant.people).into()),
            ("programs", whole(tenant.programs).into()),
            ("guests", whole(tenant.guests).into()),
        ];
        let all = whole(tenant.people + tenant.programs + tenant.guests);
        cards.push(card(Area::Principals, all, say_with("admin-card-principals", values), None));
        let own = whole(tenant.own_roles);
        cards.push(card(Area::Roles, own, counted("admin-card-roles", own), None));
        let parked = (tenant.parked_deliveries > 0).then(|| {
            say_with("admin-card-parked-deliveries", [("count", tenant.parked_deliveries.into())])
        });
        let told = whole(tenant.receivers);
        cards.push(card(Area::Receivers, told, counted("admin-card-receivers", told), parked));
    }
    if let Some(desk) = found.desk {
        let imports = whole(desk.imports);
        cards.push(card(Area::Imports, imports, counted("admin-card-imports", imports), None));
        let parked = (desk.parked_jobs > 0)
            .then(|| say_with("admin-card-parked-jobs", [("count", desk.parked_jobs.into())]));
        let waiting = desk.waiting_jobs;
        cards.push(card(Area::Jobs, waiting, counted("admin-card-jobs", waiting), parked));
        let issuers = whole(desk.issuers);
        cards.push(card(Area::Issuers, issuers, counted("admin-card-issuers", issuers), None));
    }
    cards
}
