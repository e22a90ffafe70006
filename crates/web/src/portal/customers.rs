//! Customers: the accounts that the caller may look at, and one of them.

pub mod one;

use super::desk::{Asked, Desk};
use super::form::{Fields, escaped};
use super::home::{account_path, part};
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::portfolio::{self, Holding, LIVE_MOST, Overview};
use prorata_domain::policy::Expiring;
use prorata_domain::term::{days_between, utc_day};

/// Rows of a page.
const ROWS: usize = 50;

#[derive(Debug, Template)]
#[template(path = "customers.html")]
pub struct CustomersPage {
    pub shell: Shell,
    pub lead: Said,
    pub as_of: Option<Said>,
    /// What is looked for, as it was typed.
    pub q: String,
    pub sort: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub sideways: Said,
    pub empty: Said,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Column {
    pub label: Said,
    /// Where the list is sorted by it.
    pub href: Option<String>,
    /// Which way the list is sorted by it, if it is.
    pub sorted: Option<&'static str>,
    pub is_figure: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    /// The account, where the name is that of a customer.
    pub account: String,
    pub href: Option<String>,
    pub agreement: Said,
    pub active: String,
    pub commitment: Vec<String>,
    pub next: Option<String>,
    pub soon: Option<String>,
    pub left: Option<String>,
    pub used_part: i64,
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    Active,
    Next,
    Left,
}

impl Sort {
    const ALL: [Sort; 4] = [Sort::Name, Sort::Active, Sort::Next, Sort::Left];

    /// As the address has it; the usual one is not said.
    fn word(self) -> &'static str {
        match self {
            Sort::Name => "",
            Sort::Active => "active",
            Sort::Next => "next",
            Sort::Left => "left",
        }
    }

    /// The most are the first, of all others the least.
    fn direction(self) -> &'static str {
        if self == Sort::Active { "descending" } else { "ascending" }
    }

    fn parse(text: &str) -> Sort {
        Sort::ALL.into_iter().find(|sort| sort.word() == text).unwrap_or(Sort::Name)
    }
}

/// What the list is asked for.
struct Wish {
    q: String,
    sort: Sort,
    /// From 0.
    page: usize,
}

impl Wish {
    fn read(fields: &Fields) -> Wish {
        let page: usize = fields.one("page").parse().unwrap_or(1);
        let sort = Sort::parse(&fields.one("sort"));
        Wish { q: fields.one("q"), sort, page: page.clamp(1, 1_000_000) - 1 }
    }

    fn href(&self, sort: Sort, page: usize) -> String {
        let page = if page > 0 { (page + 1).to_string() } else { String::new() };
        let query: Vec<String> = [("q", &*self.q), ("sort", sort.word()), ("page", &*page)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/customers{mark}{}", query.join("&"))
    }
}

pub async fn list(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let call = desk.call();
        let today = utc_day(call.now);
        let overview =
            desk.app().read_async(move |tx, app| portfolio::of(tx, app, &call, LIVE_MOST)).await?;
        let shell = desk.shell(say("nav-customers"), Section::Customers);
        let page = page(shell, &Wish::read(&query), overview, today);
        Ok::<Response, Error>(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn page(shell: Shell, wish: &Wish, overview: Overview, today: Date) -> CustomersPage {
    let as_of = overview.as_of.map(figures_of);
    let mut holdings = overview.holdings;
    // What is only seen by an order that it pays for is no account that one may look at.
    holdings.retain(|holding| holding.payer.is_some() || holding.customer.is_some());
    let all = holdings.len();
    let part = wish.q.to_lowercase();
    holdings.retain(|holding| part.is_empty() || matches(holding, &part));
    sort(&mut holdings, wish.sort);
    let found = holdings.len();
    let from = wish.page.saturating_mul(ROWS).min(found);
    let shown = &holdings[from..found.min(from + ROWS)];
    let count = |id, count: usize| {
        say_with(id, [("count", i64::try_from(count).unwrap_or(i64::MAX).into())])
    };
    let table = say("nav-customers").into_owned();
    CustomersPage {
        lead: if part.is_empty() {
            count("customers-lead", all)
        } else {
            count("customers-found", found)
        },
        as_of,
        q: wish.q.clone(),
        sort: wish.sort.word(),
        columns: columns(wish),
        rows: shown.iter().map(|holding| row(holding, today)).collect(),
        sideways: say_with("scrolls-sideways", [("what", table.into())]),
        empty: say(if part.is_empty() { "customers-none" } else { "customers-none-found" }),
        previous: (wish.page > 0).then(|| wish.href(wish.sort, wish.page - 1)),
        next: (from + ROWS < found).then(|| wish.href(wish.sort, wish.page + 1)),
        shell,
    }
}

/// When figures that are not quite new are from.
pub fn figures_of(at: jiff::Timestamp) -> Said {
    say_with("home-figures-of", [("moment", words::moment(at).into())])
}

fn matches(holding: &Holding, part: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(part);
    holding.customer.as_deref().is_some_and(has)
        || holding.account.as_deref().is_some_and(has)
        || has(&holding.tenant.to_string())
}

fn name(holding: &Holding) -> &str {
    let account = holding.account.as_deref().unwrap_or_default();
    holding.customer.as_deref().unwrap_or(account)
}

fn sort(holdings: &mut [Holding], sort: Sort) {
    holdings.sort_by_cached_key(|holding| {
        let summary = &holding.summary;
        let first = match sort {
            Sort::Name => 0,
            Sort::Active => -i64::try_from(summary.active).unwrap_or(i64::MAX),
            Sort::Next => summary.next_expiry.map_or(i64::MAX, |day| days_between(Date::ZERO, day)),
            Sort::Left => holding.payer.as_ref().map_or(i64::MAX, |payer| payer.pool.left.minor()),
        };
        (first, name(holding).to_lowercase(), holding.account.clone())
    });
}

fn columns(wish: &Wish) -> Vec<Column> {
    let column = |id, sort: Option<Sort>, is_figure| Column {
        label: say(id),
        href: sort.map(|sort| wish.href(sort, 0)),
        sorted: sort.filter(|sort| *sort == wish.sort).map(Sort::direction),
        is_figure,
    };
    vec![
        column("customers-name", Some(Sort::Name), false),
        column("customers-agreement", None, false),
        column("customers-active", Some(Sort::Active), true),
        column("customers-commitment", None, true),
        column("customers-next", Some(Sort::Next), false),
        column("customers-left", Some(Sort::Left), true),
    ]
}

fn row(holding: &Holding, today: Date) -> Row {
    let payer = holding.payer.as_deref();
    let summary = &holding.summary;
    let account = holding.account.as_deref();
    let soon = summary.next_expiry.map(|day| days_between(today, day));
    Row {
        name: name(holding).to_owned(),
        account: match (&holding.customer, account) {
            (Some(_), Some(account)) => account.to_owned(),
            (Some(_), None) => say("customers-no-account").into_owned(),
            (None, _) => String::new(),
        },
        href: account
            .filter(|_| payer.is_some())
            .map(|account| account_path(holding.tenant, account)),
        agreement: payer
            .map_or_else(Said::default, |payer| words::agreement(payer.account.agreement)),
        active: words::count(i64::try_from(summary.active).unwrap_or(i64::MAX)),
        commitment: summary.commitment.iter().map(|amount| words::money(*amount)).collect(),
        next: summary.next_expiry.map(words::short_day),
        soon: soon.filter(|left| *left <= Expiring::shown(today).days).map(words::in_days),
        left: payer.map(|payer| words::figure(payer.pool.left)),
        used_part: payer.map_or(0, |payer| part(payer.pool.used, payer.pool.cap)),
    }
}
