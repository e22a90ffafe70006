//! Checks every law over a whole database, on one snapshot, and names the first row that breaks
//! one.

mod clock;
mod drained;
mod exchanged;
mod lineage;
mod plans;
mod rearranged;
mod requests;
mod sealed;
mod waived;

pub use sealed::chain;

use crate::operations::{Evidence, Kind, Row, recorded};
use crate::{App, Error, worker};
use jiff::civil::Date;
use prorata_domain::accounting::{self, Event};
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;
use prorata_domain::{Decision, payment, purchase, refund};
use prorata_ledger::{Entry, Money, MoneyError, Posting};
use prorata_store::{Tx, cap, journal, operations, orders, payments, reservations};
use std::collections::{BTreeMap, HashMap};

/// Rows read at a time.
const CHUNK: usize = 500;

/// What was looked at, and the first row that breaks a law.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub orders: u64,
    pub reservations: u64,
    pub operations: u64,
    pub entries: u64,
    pub requests: u64,
    /// Links of the chain over the audit and the journal, and the rows under it.
    pub seals: u64,
    pub sealed_rows: i64,
    /// Operations that were decided under another policy book than the one in use; they are
    /// replayed under this one all the same.
    pub other_policy: u64,
    /// Jobs that failed too often and wait for a person; no law is broken by them.
    pub parked_jobs: i64,
    pub broken: Option<Broken>,
}

/// A row that breaks a law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub law: &'static str,
    pub row: String,
    pub what: String,
}

/// Counted toward a cap, by scope and day.
type Counted = BTreeMap<(String, Date), i64>;

/// Checks a database.
///
/// # Errors
/// Those of the database; a broken law is in the report.
pub fn run(app: &App) -> Result<Report, Error> {
    app.read(|tx, app| {
        let mut report = Report { parked_jobs: worker::parked(tx)?, ..Report::default() };
        let (prepaid, planned) = entries_balance(tx, &mut report)?;
        if report.broken.is_none() {
            orders_hold(tx, prepaid, &mut report)?;
        }
        if report.broken.is_none() {
            plans::orders_hold(tx, planned, &mut report)?;
        }
        if report.broken.is_none() {
            operations_hold(tx, app, &mut report)?;
        }
        if report.broken.is_none() {
            (report.requests, report.broken) = requests::hold(tx)?;
        }
        if report.broken.is_none() {
            report.broken = waived::rows_hold(tx)?;
        }
        if report.broken.is_none() {
            sealed::holds(tx, None, &mut report)?;
        }
        Ok(report)
    })
}

fn broken(law: &'static str, row: String, what: String) -> Option<Broken> {
    Some(Broken { law, row, what })
}

/// What is paid for an order and neither used nor returned yet.
type Prepaid = HashMap<OrderId, Money>;

/// Every entry can be built again from its rows; one that does not balance cannot. Answers what
/// all of them leave prepaid, for reservations and for savings plans.
fn entries_balance(
    tx: &mut Tx<'_>,
    report: &mut Report,
) -> Result<(Prepaid, plans::Prepaid), Error> {
    let (mut prepaid, mut planned) = (Prepaid::new(), plans::Prepaid::new());
    let mut after = None;
    loop {
        let chunk = journal::page(tx, after, CHUNK)?;
        let Some(last) = chunk.last() else { return Ok((prepaid, planned)) };
        after = Some((last.operation, last.id));
        for posted in chunk {
            report.entries += 1;
            let added =
                Entry::new(posted.postings).map_err(|error| error.to_string()).and_then(|entry| {
                    let added = add_up(&mut prepaid, &entry);
                    added
                        .and_then(|()| plans::add_up(&mut planned, &entry))
                        .map_err(|error| error.to_string())
                });
            if let Err(what) = added {
                report.broken = broken("entries balance", format!("entry {}", posted.id), what);
                return Ok((prepaid, planned));
            }
        }
    }
}

fn add_up(prepaid: &mut Prepaid, entry: &Entry) -> Result<(), MoneyError> {
    for posting in entry.postings() {
        if let Some(order) = accounting::prepaid_by(&posting.account) {
            let zero = Money::zero(posting.amount.currency());
            let holds = prepaid.entry(order).or_insert(zero);
            *holds = holds.plus(posting.amount)?;
        }
    }
    Ok(())
}

fn orders_hold(tx: &mut Tx<'_>, mut prepaid: Prepaid, report: &mut Report) -> Result<(), Error> {
    let mut after = None;
    loop {
        let chunk = orders::all(tx, after, CHUNK)?;
        let Some(last) = chunk.last() else {
            report.broken = of_nobody(&prepaid);
            return Ok(());
        };
        after = Some((last.tenant, last.id));
        for order in chunk {
            let held = reservations::of_order(tx, order.tenant, order.id)?;
            report.orders += 1;
            report.reservations += held.len() as u64;
            report.broken = match lineage::quantities(&order, &held)
                .or_else(|| lineage::holds(&order, &held))
            {
                None => order_money(tx, &order, &held, prepaid.remove(&order.id))?,
                found => found,
            };
            if report.broken.is_none() {
                report.broken = drained::plans_hold(tx, &order, &held)?;
            }
            if report.broken.is_none() {
                report.broken = clock::renewals_lead_on(tx, &order, &held)?;
            }
            if report.broken.is_some() {
                return Ok(());
            }
        }
    }
}

/// What an order's account holds is what was paid for the units still held.
fn order_money(
    tx: &mut Tx<'_>,
    order: &Order,
    held: &[Reservation],
    prepaid: Option<Money>,
) -> Result<Option<Broken>, Error> {
    let row = format!("order {}", order.id);
    let paid = payments::of_order(tx, order.id)?;
    let numbers: Vec<i32> = paid.iter().map(|payment| payment.number).collect();
    if numbers != (1..=order.payments_made).collect::<Vec<_>>() {
        let what = format!("{} payments are counted, rows are {numbers:?}", order.payments_made);
        return Ok(broken("each payment has one row", row, what));
    }
    let units: i64 = held
        .iter()
        .filter(|reservation| reservation.state.is_active())
        .map(|reservation| i64::from(reservation.quantity))
        .sum();
    let each = order.commitment.unit_payment.times(i64::from(order.payments_made))?;
    let expected = each.times(units)?;
    let prepaid = prepaid.unwrap_or(Money::zero(expected.currency()));
    Ok(if prepaid == expected {
        None
    } else {
        let what = format!("{prepaid} is prepaid, {expected} was paid for the units still held");
        broken("an order's account holds what was paid for its units", row, what)
    })
}

/// What is left of the accounts when those of all orders were looked at.
fn of_nobody(prepaid: &Prepaid) -> Option<Broken> {
    let (order, holds) = prepaid.iter().find(|(_, holds)| !holds.is_zero())?;
    let what = format!("{holds} is prepaid for an order that is not there");
    broken("accounts are of orders", format!("order {order}"), what)
}

fn operations_hold(tx: &mut Tx<'_>, app: &App, report: &mut Report) -> Result<(), Error> {
    let mut counted = Counted::new();
    let mut after: Option<Row> = None;
    loop {
        let chunk = operations::page(tx, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.clone());
        for row in chunk {
            report.operations += 1;
            if let Some(scope) = &row.cap_scope {
                *counted.entry((scope.clone(), utc_day(row.decided_at))).or_default() +=
                    row.counted_minor;
            }
            report.broken = operation_holds(tx, app, &row, report)?;
            if report.broken.is_some() {
                return Ok(());
            }
        }
    }
    report.broken = match cap_holds(app, &counted) {
        None => days_match(tx, counted)?,
        found => found,
    };
    Ok(())
}

/// In no window of any day was more counted than that day's cap.
fn cap_holds(app: &App, counted: &Counted) -> Option<Broken> {
    for (scope, day) in counted.keys() {
        let cap = app.book.in_force(*day).refund_cap.value;
        let from = (scope.clone(), cap.window_opens(*day));
        let window = counted.range(from..=(scope.clone(), *day));
        let total: i64 = window.map(|(_, minor)| minor).sum();
        if total > cap.amount.minor() {
            let what =
                format!("{total} US cents are counted in the window, the cap is {}", cap.amount);
            return broken("the cap is never passed", format!("{scope} on {day}"), what);
        }
    }
    None
}

/// What each day says was used is what its operations counted.
fn days_match(tx: &mut Tx<'_>, mut counted: Counted) -> Result<Option<Broken>, Error> {
    counted.retain(|_, minor| *minor != 0);
    let mut kept = Counted::new();
    let mut after: Option<(String, Date)> = None;
    loop {
        let mark = after.as_ref().map(|(scope, day)| (scope.as_str(), *day));
        let chunk = cap::page(tx, mark, CHUNK)?;
        let Some((scope, day, _)) = chunk.last() else { break };
        after = Some((scope.clone(), *day));
        let used = chunk.into_iter().filter(|(_, _, minor)| *minor != 0);
        kept.extend(used.map(|(scope, day, minor)| ((scope, day), minor)));
    }
    if kept == counted {
        return Ok(None);
    }
    let differs = kept.keys().chain(counted.keys()).find(|key| kept.get(key) != counted.get(key));
    Ok(differs.and_then(|key| {
        let what = format!(
            "{:?} US cents are kept, operations counted {:?}",
            kept.get(key),
            counted.get(key)
        );
        broken("the cap's days match the operations", format!("{} on {}", key.0, key.1), what)
    }))
}

fn operation_holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let posted = journal::of_operation(tx, row.id)?;
    match Kind::parse(&row.kind) {
        Some(Kind::Refund) => {
            let read: Evidence<refund::Facts, refund::Request, refund::Plan> = recorded(tx, row)?;
            count_policy(app, &read.policy, report);
            let again = refund::decide(&app.book, &read.facts, &read.request, row.decided_at)?;
            if let Some(found) = replayed(row, &read.decision, &again) {
                return Ok(Some(found));
            }
            let Some(plan) = read.decision.plan() else { return Ok(None) };
            if plan.counted.minor() != row.counted_minor {
                let what = format!("{} counted, {} recorded", plan.counted, row.counted_minor);
                return Ok(broken("what is counted is recorded", name(row), what));
            }
            let held = &read.facts.held;
            let wanted = accounting::given_back(
                &held.account,
                held.order,
                &plan.value,
                plan.fee,
                plan.destination,
            )?;
            let adds_up = plan.value.used.plus(plan.value.refund)? == plan.value.paid;
            if let Some(found) = waived::used_by(tx, row, &plan.waivers, &[held.reservation])? {
                return Ok(Some(found));
            }
            Ok(match adds_up {
                false => broken("refund + used = paid", name(row), format!("{:?}", plan.value)),
                true => entries_match(row, &posted, &[(Event::Refund, wanted)]),
            })
        }
        Some(Kind::Purchase) => {
            let read: Evidence<purchase::Facts, purchase::Request, purchase::Plan> =
                recorded(tx, row)?;
            count_policy(app, &read.policy, report);
            let again = purchase::decide(&app.book, &read.facts, &read.request, row.decided_at)?;
            let again = payment::at_once(again, &read.facts.account, row.decided_at)?;
            if let Some(found) = replayed(row, &read.decision, &again) {
                return Ok(Some(found));
            }
            let Some(plan) = read.decision.plan() else {
                return Ok(clock::nothing_posted(row, &posted));
            };
            clock::first_payment_posted(row, &posted, plan)
        }
        Some(Kind::Drain) => drained::drain_holds(tx, app, row, &posted, report),
        Some(Kind::Exchange | Kind::TradeIn) => exchanged::holds(tx, app, row, &posted, report),
        Some(Kind::Instalment) => clock::instalment_holds(tx, app, row, &posted, report),
        Some(Kind::Renewal) => clock::renewal_holds(tx, app, row, &posted, report),
        Some(Kind::Expiry) => Ok(None),
        Some(
            kind @ (Kind::Split
            | Kind::Merge
            | Kind::Update
            | Kind::Archive
            | Kind::Unarchive
            | Kind::ChangeDirectory
            | Kind::Scope),
        ) => rearranged::holds(tx, app, kind, row, &posted, report),
        Some(Kind::Waiver) => waived::holds(tx, app, row, &posted, report),
        Some(Kind::SavingsPlanPurchase) => plans::purchase_holds(tx, app, row, &posted, report),
        Some(Kind::SavingsPlanInstalment | Kind::SavingsPlanChange | Kind::SavingsPlanExpiry) => {
            Ok(None)
        }
        Some(Kind::Request) | None => {
            Ok(broken("operations are of a known kind", name(row), row.kind.clone()))
        }
    }
}

fn count_policy(app: &App, digest: &str, report: &mut Report) {
    report.other_policy += u64::from(digest != app.book.digest());
}

fn name(row: &Row) -> String {
    format!("operation {}", row.id)
}

/// The recorded decision is the one that its recorded facts lead to.
fn replayed<P: PartialEq>(
    row: &Row,
    recorded: &Decision<P>,
    again: &Decision<P>,
) -> Option<Broken> {
    let differs = if recorded.refusal != again.refusal {
        "the verdict"
    } else if recorded.proposal != again.proposal {
        "the plan"
    } else if recorded.findings != again.findings {
        "the findings"
    } else {
        return None;
    };
    broken(
        "recorded facts lead to the recorded decision",
        name(row),
        format!("{differs} came out differently"),
    )
}

/// What was posted is what the plan says, entry by entry.
fn entries_match(
    row: &Row,
    posted: &[journal::Posted],
    wanted: &[(Event, Option<Entry>)],
) -> Option<Broken> {
    let sorted = |postings: &[Posting]| {
        let mut postings = postings.to_vec();
        postings.sort_by(|left, right| {
            (&left.account, left.amount.minor()).cmp(&(&right.account, right.amount.minor()))
        });
        postings
    };
    let mut left: Vec<_> = wanted
        .iter()
        .filter_map(|(_, entry)| entry.as_ref())
        .map(|entry| sorted(entry.postings()))
        .collect();
    for posted in posted {
        let postings = sorted(&posted.postings);
        match left.iter().position(|entry| *entry == postings) {
            Some(index) => drop(left.swap_remove(index)),
            None => {
                let what = format!("entry {} is not what the plan says", posted.id);
                return broken("entries are what the plan says", name(row), what);
            }
        }
    }
    if left.is_empty() {
        None
    } else {
        broken("entries are what the plan says", name(row), "an entry is missing".to_owned())
    }
}

/// What an entry of a payment moves.
fn credited(postings: &[Posting]) -> Money {
    let amount = postings.iter().map(|posting| posting.amount).find(|it| !it.is_negative());
    amount.unwrap_or(Money::zero(prorata_ledger::Currency::USD))
}
