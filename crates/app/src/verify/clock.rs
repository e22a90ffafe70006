//! What the clock did: renewals, and payments that were refused.

use super::{Broken, Report, broken, count_policy, credited, name, replayed};
use crate::operations::{Evidence, Row, recorded};
use crate::{App, Error, due};
use prorata_domain::ids::OrderId;
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::{payment, purchase, renewal};
use prorata_store::{Tx, journal, orders, renewals, reservations};

/// A renewal is what its facts lead to, and posts its first payment.
pub(super) fn renewal_holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[journal::Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    let read: Evidence<renewal::Facts, renewal::Request, renewal::Plan> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = renewal::decide(&app.book, &read.facts, &read.request, row.decided_at)?;
    if let Some(found) = replayed(row, &read.decision, &again) {
        return Ok(Some(found));
    }
    match read.decision.plan() {
        Some(plan) => first_payment_posted(row, posted, &plan.bought),
        None => Ok(nothing_posted(row, posted)),
    }
}

/// A payment that was refused is what its facts lead to, and posts nothing; one that was made is
/// an entry, which is looked at with all others.
pub(super) fn instalment_holds(
    tx: &mut Tx<'_>,
    app: &App,
    row: &Row,
    posted: &[journal::Posted],
    report: &mut Report,
) -> Result<Option<Broken>, Error> {
    if row.code.is_none() {
        return Ok(None);
    }
    let read: Evidence<payment::Facts, (), payment::Plan> = recorded(tx, row)?;
    count_policy(app, &read.policy, report);
    let again = payment::decide(&app.book, &read.facts, row.decided_at)?;
    Ok(replayed(row, &read.decision, &again).or_else(|| nothing_posted(row, posted)))
}

/// What was posted is the first payment of what was bought.
pub(super) fn first_payment_posted(
    row: &Row,
    posted: &[journal::Posted],
    plan: &purchase::Plan,
) -> Result<Option<Broken>, Error> {
    let paid = posted.iter().map(|posted| credited(&posted.postings)).collect::<Vec<_>>();
    let first = plan.first_payment()?;
    let expected = if first.is_zero() { Vec::new() } else { vec![first] };
    if paid == expected {
        return Ok(None);
    }
    let what = format!("{paid:?} was posted, the first payment is {first}");
    Ok(broken("the first payment is posted", name(row), what))
}

/// What was refused moved no money.
pub(super) fn nothing_posted(row: &Row, posted: &[journal::Posted]) -> Option<Broken> {
    let entry = posted.first()?;
    broken("a refusal posts nothing", name(row), format!("entry {}", entry.id))
}

/// What was renewed went on in an order that is there and knows where it came from.
pub(super) fn renewals_lead_on(
    tx: &mut Tx<'_>,
    order: &Order,
    held: &[Reservation],
) -> Result<Option<Broken>, Error> {
    for row in held {
        let ReservationState::Renewed { order: into_order, into } = row.state else { continue };
        let source = renewals::sources(tx, &[(into_order, into)])?.pop().flatten();
        let there = is_there(tx, order, into_order)?;
        if source != Some((order.id, row.id)) || !there {
            let what = format!("renewed as `{into}` of order `{into_order}`, which says otherwise");
            return Ok(broken("renewals lead on", format!("reservation {}", row.id), what));
        }
    }
    Ok(None)
}

/// Whether what an order was renewed as is in any tenant. It was bought in the tenant that the order
/// was in then, and either of the two may have gone elsewhere since.
fn is_there(tx: &mut Tx<'_>, order: &Order, renewed: OrderId) -> Result<bool, Error> {
    if due::find(tx, order.tenant, renewed)?.is_some() {
        return Ok(true);
    }
    for tenant in reservations::tenants_left(tx, order.id)? {
        if orders::load(tx, tenant, renewed)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
