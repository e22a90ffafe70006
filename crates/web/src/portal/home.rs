//! The page that everybody begins at: over all that one sees, what ends soon, which rights lapse,
//! what is under-used, what is left of the caps, and what waits for a decision.

mod tiles;

#[cfg(test)]
pub use tiles::{Back, Countdown, Credit, Figure, Line, Link, Row, Waiting};
pub use tiles::{account_path, part};

use super::desk::Desk;
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::Error;
use prorata_app::portfolio::{self, LIVE_MOST, Overview};
use prorata_app::request;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::{Clauses, Expiring};
use prorata_domain::term::utc_day;
use tiles::Totals;

/// Requests that are named.
const REQUESTS: usize = 5;

#[derive(Debug, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    pub shell: Shell,
    /// Where to go on, for somebody who sees nothing yet.
    pub nothing: Option<&'static str>,
    /// When the figures are from, where that is not now.
    pub as_of: Option<Said>,
    pub glance: Vec<tiles::Figure>,
    pub expiring: Vec<tiles::Row>,
    pub expiring_none: Said,
    pub renewal_means: Said,
    pub countdown: Option<tiles::Countdown>,
    pub rights_means: Said,
    pub rights: Vec<tiles::Line>,
    pub services: String,
    pub traps: Vec<tiles::Row>,
    pub trap_count: String,
    pub waiting: Vec<tiles::Waiting>,
    pub caps: Vec<tiles::Back>,
    pub caps_mean: Option<Said>,
    pub caps_rest: Vec<Said>,
    pub usage: Vec<tiles::Row>,
    pub usage_says: Said,
    pub usage_how: bool,
    /// The list of all of it.
    pub usage_all: Option<String>,
    pub credits: Vec<tiles::Credit>,
}

pub async fn show(desk: Desk) -> Response {
    desk.settle(home(&desk).await)
}

async fn home(desk: &Desk) -> Result<Response, Error> {
    let call = desk.call();
    let today = utc_day(call.now);
    let (overview, waiting) = desk
        .app()
        .read_async(move |tx, app| {
            let overview = portfolio::of(tx, app, &call, LIVE_MOST)?;
            let waiting = request::waiting(tx, app, &call, REQUESTS)?;
            Ok((overview, waiting))
        })
        .await?;
    let shell = desk.shell(say("nav-home"), Section::Home);
    let clauses = desk.app().book.in_force(today);
    let here = desk.session.caller.tenant;
    let waiting = (waiting.0.as_slice(), waiting.1);
    let page = page(shell, here, &overview, waiting, &clauses, today);
    Ok(page::answer(StatusCode::OK, &page))
}

fn page(
    shell: Shell,
    here: TenantId,
    overview: &Overview,
    waiting: (&[request::Waiting], bool),
    clauses: &Clauses<'_>,
    today: jiff::civil::Date,
) -> HomePage {
    let totals = Totals::of(overview, here);
    let days = Expiring::shown(today).days;
    let lock = words::days(clauses.renewal_lock.value.days);
    let rights = clauses.exchange_right.value;
    let (countdown, rights_means) = tiles::countdown(rights, today);
    let (caps, caps_mean, caps_rest) = tiles::caps(overview);
    let (usage_says, usage_how) = totals.usage_says();
    let nothing = totals.active == 0 && overview.holdings.is_empty();
    HomePage {
        nothing: nothing.then_some("/account"),
        as_of: overview
            .as_of
            .map(|at| say_with("home-figures-of", [("moment", words::moment(at).into())])),
        glance: totals.glance(days, waiting),
        expiring: totals.rows(&totals.expiring, today),
        expiring_none: say_with("home-expiring-none", [("days", days.into())]),
        renewal_means: say_with("home-renewal-means", [("days", lock.into())]),
        countdown,
        rights_means,
        rights: tiles::rights(rights, &totals.rights, today),
        services: rights.cutoff.map(|_| rights.covered.join(", ")).unwrap_or_default(),
        traps: totals.rows(&totals.traps, today),
        trap_count: words::count(i64::try_from(totals.trap_count).unwrap_or(i64::MAX)),
        waiting: waiting.0.iter().map(tiles::waiting).collect(),
        caps,
        caps_mean,
        caps_rest,
        usage: totals.used_rows(today),
        usage_says,
        usage_how,
        usage_all: totals.under_used_list(),
        credits: tiles::credits(overview, today),
        shell,
    }
}
