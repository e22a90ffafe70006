//! The tiles of the first page, from what the caller's customers hold.

use crate::portal::form::escaped;
use crate::portal::language::{say, say_with};
use crate::portal::listing::{named, path};
use crate::portal::requests;
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_app::portfolio::{Count, Holding, Noted, Overview, Rights, under_used};
use prorata_app::request;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::ExchangeRight;
use prorata_domain::term::{days_between, utc_day};
use prorata_ledger::Money;
use std::collections::BTreeSet;

/// Rows of a tile.
const ROWS: usize = 6;

/// A key figure; it leads to what it counts.
#[derive(Debug, Clone)]
pub struct Figure {
    pub label: Said,
    pub value: String,
    /// The currency of an amount.
    pub unit: String,
    pub sub: Said,
    pub href: Option<&'static str>,
}

/// A reservation, or another page that may lie in the tenant of a customer.
#[derive(Debug, Clone)]
pub struct Link {
    pub name: String,
    pub href: String,
    /// The tenant that one goes on in to come there, where it is not this one.
    pub enter: Option<String>,
}

/// A reservation to which something happens.
#[derive(Debug, Clone)]
pub struct Row {
    pub link: Link,
    /// Whose it is, and what.
    pub whose: String,
    pub on: String,
    pub left: String,
    pub then: Said,
    pub class: &'static str,
}

/// How much time is left.
#[derive(Debug, Clone)]
pub struct Countdown {
    pub days: String,
    pub unit: Said,
    pub until: Said,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub label: Said,
    pub count: String,
}

/// A request that waits for a decision.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub link: Link,
    /// The customer with whom it waits, where that is not here.
    pub customer: Option<String>,
    pub stake: String,
    pub by: Said,
    pub until: Said,
}

/// What is left of a pool, and what comes back to it.
#[derive(Debug, Clone)]
pub struct Back {
    pub name: String,
    pub href: String,
    /// Of a thousand.
    pub used_part: i64,
    pub used: String,
    pub left: String,
    pub back: Option<Said>,
}

/// Money that runs out.
#[derive(Debug, Clone)]
pub struct Credit {
    pub name: String,
    pub href: String,
    pub amount: String,
    pub last: String,
    pub left: String,
}

/// The page of an account of a tenant.
pub fn account_path(tenant: TenantId, account: &str) -> String {
    format!("/customers/{tenant}/{}", escaped(account))
}

/// Who a holding is of: the customer of an agent, or the account that pays.
fn whose(holding: &Holding) -> &str {
    let account = holding.account.as_deref().unwrap_or_default();
    holding.customer.as_deref().unwrap_or(account)
}

fn number(count: u64) -> String {
    words::count(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What all holdings come to.
pub struct Totals<'o> {
    here: TenantId,
    as_agent: bool,
    customers: usize,
    pub active: u64,
    commitment: Vec<Money>,
    expiring_count: u64,
    renewing: u64,
    pub rights: Rights,
    pub trap_count: u64,
    measured: u64,
    under_used_count: u64,
    /// The first of all, each with whose it is.
    pub expiring: Vec<(&'o Noted, &'o str)>,
    pub traps: Vec<(&'o Noted, &'o str)>,
    under_used: Vec<(&'o Noted, &'o str)>,
}

impl<'o> Totals<'o> {
    pub fn of(overview: &'o Overview, here: TenantId) -> Totals<'o> {
        let all = || overview.holdings.iter().map(|holding| &*holding.summary);
        let sum = |of: fn(&Rights) -> u64| all().map(|summary| of(&summary.rights)).sum();
        let held = overview.holdings.iter().filter(|holding| holding.summary.active > 0);
        let customers: BTreeSet<_> = held
            .map(|holding| {
                (holding.tenant, holding.account.as_deref().filter(|_| !overview.as_agent))
            })
            .collect();
        Totals {
            here,
            as_agent: overview.as_agent,
            customers: customers.len(),
            active: all().map(|summary| summary.active).sum(),
            commitment: commitments(overview),
            expiring_count: all().map(|summary| summary.expiring.count).sum(),
            renewing: all().map(|summary| summary.renewing).sum(),
            rights: Rights {
                until_the_end: sum(|rights| rights.until_the_end),
                last: sum(|rights| rights.last),
                used: sum(|rights| rights.used),
                none: sum(|rights| rights.none),
            },
            trap_count: all().map(|summary| summary.traps.count).sum(),
            measured: all().map(|summary| summary.measured).sum(),
            under_used_count: all().map(|summary| summary.under_used.count).sum(),
            expiring: first(
                overview,
                |holding| &holding.summary.expiring,
                |noted| (noted.on, noted.id),
            ),
            traps: first(overview, |holding| &holding.summary.traps, |noted| (noted.on, noted.id)),
            under_used: first(
                overview,
                |holding| &holding.summary.under_used,
                |noted| (noted.used.map_or(0, |used| used.hundredths()), noted.id),
            ),
        }
    }

    pub fn glance(&self, days: i64, (waiting, more): (&[request::Waiting], bool)) -> Vec<Figure> {
        let several = self.as_agent || self.customers > 1;
        let customers = say_with("home-of-customers", [("count", (self.customers as i64).into())]);
        let renewed = say_with("home-of-these-renewed", [("count", (self.renewing as i64).into())]);
        let mut figures = vec![Figure {
            label: say("home-active"),
            value: number(self.active),
            unit: String::new(),
            sub: if several { customers } else { Said::default() },
            href: Some("/reservations"),
        }];
        figures.extend(self.commitment.iter().map(|amount| Figure {
            label: say("home-commitment"),
            value: words::figure(*amount),
            unit: amount.currency().to_string(),
            sub: say("home-commitment-means"),
            href: None,
        }));
        figures.push(Figure {
            label: say_with("home-ending", [("days", days.into())]),
            value: number(self.expiring_count),
            unit: String::new(),
            sub: if self.expiring_count > 0 { renewed } else { Said::default() },
            href: Some("/reservations?show=expiring"),
        });
        let plus = if more { "+" } else { "" };
        figures.push(Figure {
            label: say("home-waiting"),
            value: format!("{}{plus}", words::count(waiting.len() as i64)),
            unit: String::new(),
            sub: say("home-requests-mean"),
            href: Some("#waiting"),
        });
        figures
    }

    /// Rows of what happens to reservations on their days.
    pub fn rows(&self, noted: &[(&Noted, &str)], today: Date) -> Vec<Row> {
        noted.iter().map(|(noted, whose)| self.row(noted, whose, today)).collect()
    }

    fn row(&self, noted: &Noted, whose: &str, today: Date) -> Row {
        let (then, class) = match noted.renew {
            true => ("home-renewed", "active"),
            false => ("home-not-renewed", "ended"),
        };
        Row {
            link: Link {
                name: named(&noted.display_name, &noted.sku),
                href: path(noted.order, noted.id),
                enter: (noted.tenant != self.here).then(|| noted.tenant.to_string()),
            },
            whose: format!("{} × {} · {whose}", words::count(noted.quantity), noted.sku),
            on: words::short_day(noted.on),
            left: words::in_days(days_between(today, noted.on)),
            then: say(then),
            class,
        }
    }

    /// Rows of what is used least.
    pub fn used_rows(&self, today: Date) -> Vec<Row> {
        let share = |noted: &Noted| {
            let percent = noted.used.map(|used| used.percent().round_dp(0).to_string());
            Said::from(format!("{} %", words::decimal(&percent.unwrap_or_default())))
        };
        let row = |(noted, whose): &(&Noted, &str)| Row {
            then: share(noted),
            ..self.row(noted, whose, today)
        };
        self.under_used.iter().map(row).collect()
    }

    /// The list of all that is used too little, the least first.
    pub fn under_used_list(&self) -> Option<String> {
        let percent = under_used().percent();
        let list = || format!("/reservations?under={percent}&sort=utilization");
        (self.under_used_count > 0).then(list)
    }

    /// What can be said of usage, and whether it has to be loaded first.
    pub fn usage_says(&self) -> (Said, bool) {
        if self.measured == 0 {
            let days = prorata_app::portfolio::FIGURES_DAYS;
            return (say_with("home-usage-none", [("days", days.into())]), true);
        }
        let values = [
            ("count", (self.under_used_count as i64).into()),
            ("measured", number(self.measured).into()),
            ("share", under_used().percent().to_string().into()),
        ];
        (say_with("home-usage-below", values), false)
    }
}

fn commitments(overview: &Overview) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for amount in overview.holdings.iter().flat_map(|holding| &holding.summary.commitment) {
        match sums.iter_mut().find(|sum| sum.currency() == amount.currency()) {
            Some(sum) => *sum = sum.plus(*amount).unwrap_or(*sum),
            None => sums.push(*amount),
        }
    }
    sums.sort_unstable_by_key(|sum| sum.currency().to_string());
    sums
}

/// The first of all that are named.
fn first<K: Ord>(
    overview: &Overview,
    of: fn(&Holding) -> &Count,
    key: fn(&Noted) -> K,
) -> Vec<(&Noted, &str)> {
    // There may be thousands, of which a few are wanted.
    let mut found: Vec<(K, &Noted, &str)> = Vec::with_capacity(ROWS + 1);
    for holding in &overview.holdings {
        for noted in &of(holding).first {
            let key = key(noted);
            let place = found.partition_point(|(other, ..)| *other <= key);
            if place < ROWS {
                found.insert(place, (key, noted, whose(holding)));
                found.truncate(ROWS);
            }
        }
    }
    found.into_iter().map(|(_, noted, whose)| (noted, whose)).collect()
}

/// How long rights last by the rule of today, and what that means.
pub fn countdown(rule: &ExchangeRight, today: Date) -> (Option<Countdown>, Said) {
    let Some(end) = rule.cutoff else { return (None, say("home-rights-no-end")) };
    let services = ("services", (rule.covered.len() as i64).into());
    let left = days_between(today, end);
    if left <= 0 {
        let day = ("day", words::day(end).into());
        return (None, say_with("home-rights-over", [day, services]));
    }
    let countdown = Countdown {
        days: words::count(left),
        unit: say_with("home-rights-left", [("count", left.into())]),
        until: say_with("home-rights-until", [("day", words::day(end).into())]),
    };
    let last = ("last", i64::from(rule.final_rights).into());
    (Some(countdown), say_with("home-rights-means", [services, last]))
}

/// What reservations still may do.
pub fn rights(rule: &ExchangeRight, rights: &Rights, today: Date) -> Vec<Line> {
    let Some(end) = rule.cutoff else { return Vec::new() };
    let line = |id, count| Line { label: say(id), count: number(count) };
    if today < end {
        return vec![line("home-rights-ahead", rights.until_the_end)];
    }
    vec![
        line("home-rights-last", rights.last),
        line("home-rights-used", rights.used),
        line("home-rights-gone", rights.none),
    ]
}

pub fn waiting(waiting: &request::Waiting) -> Waiting {
    let view = &waiting.view;
    let customer = waiting.customer.as_ref();
    let drafter = view.document.state.drafted().drafter().name.clone();
    let until = words::day(utc_day(view.row.expires_at));
    Waiting {
        link: Link {
            name: requests::what(view.row.kind).to_string(),
            href: format!("/requests/{}", view.row.id),
            enter: customer.map(|(tenant, _)| tenant.to_string()),
        },
        customer: customer.map(|(_, name)| name.to_string()),
        stake: view
            .document
            .figures
            .as_ref()
            .map(|figures| words::money(figures.stake))
            .unwrap_or_default(),
        by: say_with("home-request-by", [("name", drafter.into())]),
        until: say_with("home-request-until", [("day", until.into())]),
    }
}

/// The pools that have least left, what the cap means, and what is said of the others.
pub fn caps(overview: &Overview) -> (Vec<Back>, Option<Said>, Vec<Said>) {
    let mut pools: Vec<_> = overview
        .holdings
        .iter()
        .filter_map(|holding| Some((holding, &holding.payer.as_ref()?.pool)))
        .collect();
    let Some(cap) = pools.first().map(|(_, pool)| pool.cap) else {
        return (Vec::new(), None, Vec::new());
    };
    let means = say_with("home-caps-means", [("cap", words::figure(cap).into())]);
    let all = pools.len();
    pools.retain(|(_, pool)| !pool.used.is_zero());
    let (whole, used) = (all - pools.len(), pools.len());
    pools.sort_by_key(|(holding, pool)| (pool.left.minor(), whose(holding)));
    let rest =
        |id, count: usize| (count > 0).then(|| say_with(id, [("count", (count as i64).into())]));
    let rests =
        [rest("home-caps-others", used.saturating_sub(ROWS)), rest("home-caps-whole", whole)];
    let row = |(holding, pool): &(&Holding, &prorata_app::portfolio::Pool)| Back {
        name: whose(holding).to_owned(),
        href: account_path(holding.tenant, holding.account.as_deref().unwrap_or_default()),
        used_part: part(pool.used, pool.cap),
        used: words::figure(pool.used),
        left: words::figure(pool.left),
        back: pool.next_return().map(|(day, amount)| {
            let values =
                [("amount", words::figure(amount).into()), ("day", words::day(day).into())];
            say_with("home-back", values)
        }),
    };
    let rows = pools.iter().take(ROWS).map(row).collect();
    (rows, Some(means), rests.into_iter().flatten().collect())
}

/// How much one amount is of another, in thousandths.
pub fn part(of: Money, whole: Money) -> i64 {
    let of = i128::from(of.minor().max(0)) * 1000;
    let part = of.checked_div(i128::from(whole.minor())).unwrap_or_default();
    // What is more than nothing is seen, however little it is.
    let least = if of > 0 { 6 } else { 0 };
    i64::try_from(part.clamp(least, 1000)).unwrap_or_default()
}

/// Credits of limited life, the first to lapse first.
pub fn credits(overview: &Overview, today: Date) -> Vec<Credit> {
    let mut found: Vec<_> = overview
        .holdings
        .iter()
        .flat_map(|holding| holding.payer.iter().map(move |payer| (holding, payer)))
        .flat_map(|(holding, payer)| payer.credits.iter().map(move |credit| (holding, credit)))
        .collect();
    found.sort_by_key(|(holding, credit)| (credit.lapses_on, whose(holding)));
    let row = |(holding, credit): &(&Holding, &prorata_app::portfolio::Credit)| {
        let last = credit.lapses_on.yesterday().unwrap_or(credit.lapses_on);
        Credit {
            name: whose(holding).to_owned(),
            href: account_path(holding.tenant, holding.account.as_deref().unwrap_or_default()),
            amount: words::money(credit.amount),
            last: words::short_day(last),
            left: words::in_days(days_between(today, last)),
        }
    };
    found.iter().take(ROWS).map(row).collect()
}
