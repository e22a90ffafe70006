//! What there is to look after, and what of it waits for somebody.

use super::{Area, Frame, tabbed};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
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
            ("people", words::count(whole(tenant.people)).into()),
            ("programs", words::count(whole(tenant.programs)).into()),
            ("guests", words::count(whole(tenant.guests)).into()),
        ];
        let all = whole(tenant.people + tenant.programs + tenant.guests);
        cards.push(card(Area::Principals, all, say_with("admin-card-principals", values), None));
        let own = whole(tenant.own_roles);
        cards.push(card(Area::Roles, own, say("admin-card-roles"), None));
        let parked = (tenant.parked_deliveries > 0).then(|| {
            say_with("admin-card-parked-deliveries", [("count", tenant.parked_deliveries.into())])
        });
        let told = whole(tenant.receivers);
        cards.push(card(Area::Receivers, told, say("admin-card-receivers"), parked));
    }
    if let Some(desk) = found.desk {
        let imports = whole(desk.imports);
        cards.push(card(Area::Imports, imports, say("admin-card-imports"), None));
        let parked = (desk.parked_jobs > 0)
            .then(|| say_with("admin-card-parked-jobs", [("count", desk.parked_jobs.into())]));
        cards.push(card(Area::Jobs, desk.waiting_jobs, say("admin-card-jobs"), parked));
        let issuers = whole(desk.issuers);
        cards.push(card(Area::Issuers, issuers, say("admin-card-issuers"), None));
    }
    cards
}
