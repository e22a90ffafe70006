//! Carts: what a partner is about to buy for a customer, and the orders that it becomes.
//!
//! Each line is bought in a transaction of its own, with the cart's note of it: a checkout that is
//! cut off goes on where it was, and one that is repeated answers the same orders.

use super::Standing;
use super::act::{absent_customer, act_for};
use crate::purchase;
use crate::{App, Call, Error, audit};
use jiff::ToSpan;
use prorata_domain::Decision;
use prorata_domain::cart::{self, CartCode, Fault, Line, LineFacts, LinePayer, Lines, Wanted};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{OrderId, SubscriptionId, TenantId};
use prorata_domain::partner::PartnerTask;
use prorata_domain::policy::ClauseId;
use prorata_domain::purchase::{Plan, decide};
use prorata_domain::term::utc_day;
use prorata_store::carts::{self, Cart as Row};
use prorata_store::{Tx, partners, world};
use serde_json::json;
use uuid::Uuid;

const ACTIVE: &str = "Active";
const ORDERED: &str = "Ordered";
/// The state of a subscription with which something can be bought.
const ENABLED: &str = "Enabled";

/// A cart with what each line would cost.
#[derive(Debug, Clone)]
pub struct View {
    pub row: Row,
    pub lines: Lines,
    /// For each line what was decided, where its product was looked at.
    pub priced: Vec<Option<Decision<Plan>>>,
    /// Whether what is bought is shared, whatever is wanted.
    pub azure_plan: bool,
}

/// What a cart became.
#[derive(Debug, Clone)]
pub struct CheckedOut {
    pub row: Row,
    pub lines: Lines,
}

/// Makes a cart. Lines that cannot be bought are kept, and say why.
///
/// # Errors
/// [`Error::Absent`] for a tenant that never was a customer, [`Error::Refused`] for an agent who
/// may not buy for it.
pub fn create(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    attested: bool,
    wanted: &[Wanted],
) -> Result<View, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let days = app.book.in_force(utc_day(call.now)).cart_life.value.days;
    let row = Row {
        partner: call.caller.home,
        customer,
        id: tx.new_id(),
        created_at: call.now,
        lapses_at: call.now.checked_add((24 * days).hours()).unwrap_or(call.now),
        changed_at: call.now,
        changed_by: call.caller.principal,
        status: ACTIVE.to_owned(),
        doc: String::new(),
        version: 1,
    };
    let lines = wanted.iter().map(|wanted| Line::new(wanted.clone())).collect();
    let view = look(tx, app, &there, &standing, row, Lines { attested, lines })?;
    let row = Row { doc: serde_json::to_string(&view.lines)?, ..view.row.clone() };
    carts::insert(tx, &row)?;
    note(tx, &there, "create-cart", row.id)?;
    Ok(View { row, ..view })
}

/// A cart as it is, with its lines looked at again.
///
/// # Errors
/// As [`create`]; [`Error::Absent`] for a cart that is not there.
pub fn show(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    id: Uuid,
) -> Result<View, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let row = load(tx, call, customer, id)?;
    let lines: Lines = serde_json::from_str(&row.doc)?;
    look(tx, app, &there, &standing, row, lines)
}

/// Replaces the lines of a cart. Lines that have become orders stay, and come first.
///
/// # Errors
/// As [`show`]; [`Error::Refused`] for a cart that has lapsed or is ordered, [`Error::Busy`] when
/// it was changed meanwhile.
pub fn update(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    id: Uuid,
    attested: bool,
    wanted: &[Wanted],
) -> Result<View, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let row = load(tx, call, customer, id)?;
    open(&row, call)?;
    let before: Lines = serde_json::from_str(&row.doc)?;
    let ordered = before.lines.into_iter().filter(|line| line.order.is_some());
    let lines = ordered.chain(wanted.iter().map(|wanted| Line::new(wanted.clone()))).collect();
    let view = look(tx, app, &there, &standing, row, Lines { attested, lines })?;
    let row = keep(tx, &there, &view.row, &view.lines)?;
    note(tx, &there, "change-cart", id)?;
    Ok(View { row, ..view })
}

/// Buys what is in a cart, each line by itself. Lines that cannot be bought stay in it with the
/// reason, and it stays open; what was bought is not bought again.
///
/// # Errors
/// As [`update`].
pub fn check_out(
    app: &App,
    call: &Call,
    customer: TenantId,
    id: Uuid,
) -> Result<CheckedOut, Error> {
    let (at, first) = {
        let call = call.clone();
        app.read(move |tx, app| {
            act_for(tx, app, &call, customer, PartnerTask::Buy)?;
            let row = load(tx, &call, customer, id)?;
            let lines: Lines = serde_json::from_str(&row.doc)?;
            if !lines.are_ordered() {
                open(&row, &call)?;
            }
            Ok((row, lines))
        })?
    };
    let mut done = CheckedOut { row: at, lines: first };
    for number in 0..done.lines.lines.len() {
        if done.lines.lines[number].order.is_some() {
            continue;
        }
        let bought = {
            let call = call.clone();
            app.deed(move |tx, app| buy_line(tx, app, &call, customer, id, number))
        };
        done = match bought {
            Ok(bought) => bought,
            Err(error) => {
                let fault = fault_of(error)?;
                let call = call.clone();
                app.write(move |tx, app| {
                    spoil(tx, app, &call, customer, id, number, fault.clone())
                })?
            }
        };
    }
    Ok(done)
}

/// Buys one line and notes its order in the cart.
fn buy_line(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    id: Uuid,
    number: usize,
) -> Result<CheckedOut, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let row = load(tx, call, customer, id)?;
    let mut lines: Lines = serde_json::from_str(&row.doc)?;
    let Some(line) = lines.lines.get(number).filter(|line| line.order.is_none()).cloned() else {
        return Ok(CheckedOut { row, lines });
    };
    open(&row, call)?;
    let facts = line_facts(tx, &standing, &lines, line.wanted.subscription)?;
    let mut order = None;
    let mut fault = cart::check(&line.wanted, &facts);
    if fault.is_none() {
        let azure_plan = is_azure_plan(&standing);
        let request = line.wanted.request(azure_plan);
        let quoted = purchase::quote(tx, app, &there, &request)?;
        match &quoted.decision.refusal {
            Some(refusal) => fault = Some(cart::of_refusal(refusal)),
            None => order = Some(purchase::buy(tx, app, &there, quoted.order, &request)?.order.id),
        }
    }
    lines.lines[number] = Line { fault, order, ..line };
    let row = keep(tx, &there, &row, &lines)?;
    Ok(CheckedOut { row, lines })
}

/// Notes in the cart why a line could not be bought.
fn spoil(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    id: Uuid,
    number: usize,
    fault: Fault,
) -> Result<CheckedOut, Error> {
    let (there, _) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let row = load(tx, call, customer, id)?;
    let mut lines: Lines = serde_json::from_str(&row.doc)?;
    match lines.lines.get_mut(number) {
        Some(line) if line.order.is_none() => line.fault = Some(fault),
        _ => return Ok(CheckedOut { row, lines }),
    }
    let row = keep(tx, &there, &row, &lines)?;
    Ok(CheckedOut { row, lines })
}

/// What a line is told of an error of its purchase; errors that are about something else go on.
fn fault_of(error: Error) -> Result<Fault, Error> {
    match error {
        Error::Refused(refused) if refused.refusal.clause != ClauseId::CartLife => {
            Ok(cart::of_refusal(&refused.refusal))
        }
        Error::Denied { .. } => {
            let message = "you may not buy with this subscription".to_owned();
            Ok(Fault::new(CartCode::UnableToProcessCartLineItem, message))
        }
        error => Err(error),
    }
}

fn load(tx: &mut Tx<'_>, call: &Call, customer: TenantId, id: Uuid) -> Result<Row, Error> {
    let found = carts::load(tx, call.caller.home, customer, id)?;
    found.ok_or_else(|| Error::Absent { what: format!("cart `{id}`"), code: "CartNotFound" })
}

/// Refuses to change what has lapsed or was bought.
fn open(row: &Row, call: &Call) -> Result<(), Error> {
    let reason = if row.status == ORDERED {
        "the cart is ordered".to_owned()
    } else if call.now >= row.lapses_at {
        format!("the cart lapsed at {}", row.lapses_at)
    } else {
        return Ok(());
    };
    let refusal = Refusal {
        clause: ClauseId::CartLife,
        code: "OperationCannotBePerformedInCurrentState".into(),
        reason: format!("{reason}; make another one"),
        repairs: Vec::new(),
    };
    Err(Error::refused(refusal, Vec::new()))
}

/// Writes a cart's lines, if nobody changed it since it was read.
fn keep(tx: &mut Tx<'_>, call: &Call, row: &Row, lines: &Lines) -> Result<Row, Error> {
    let changed = Row {
        changed_at: call.now,
        changed_by: call.caller.principal,
        status: if lines.are_ordered() { ORDERED } else { ACTIVE }.to_owned(),
        doc: serde_json::to_string(lines)?,
        ..row.clone()
    };
    if !carts::replace(tx, &changed)? {
        return Err(Error::Busy(format!("cart `{}` was changed meanwhile", row.id)));
    }
    Ok(Row { version: row.version + 1, ..changed })
}

fn note(tx: &mut Tx<'_>, there: &Call, action: &str, id: Uuid) -> Result<(), Error> {
    audit::line(tx, there, &audit::Event::new(action, format!("cart/{id}")))
}

fn is_azure_plan(standing: &Standing) -> bool {
    standing.customer.as_ref().is_some_and(|known| known.relationship.azure_plan)
}

/// Looks at each line that is not bought yet.
fn look(
    tx: &mut Tx<'_>,
    app: &App,
    there: &Call,
    standing: &Standing,
    row: Row,
    mut lines: Lines,
) -> Result<View, Error> {
    let azure_plan = is_azure_plan(standing);
    let mut priced = Vec::with_capacity(lines.lines.len());
    for number in 0..lines.lines.len() {
        let Line { wanted, order, .. } = lines.lines[number].clone();
        if order.is_some() {
            priced.push(None);
            continue;
        }
        let facts = line_facts(tx, standing, &lines, wanted.subscription)?;
        let mut fault = cart::check(&wanted, &facts);
        let mut decision = None;
        if fault.is_none() {
            let request = wanted.request(azure_plan);
            let (_, facts) = purchase::gather(tx, app, there, &request)?;
            let decided = decide(&app.book, &facts, &request, there.now)?;
            fault = decided.refusal.as_ref().map(cart::of_refusal);
            decision = Some(decided);
        }
        lines.lines[number].fault = fault;
        priced.push(decision);
    }
    Ok(View { row, lines, priced, azure_plan })
}

fn line_facts(
    tx: &mut Tx<'_>,
    standing: &Standing,
    lines: &Lines,
    subscription: SubscriptionId,
) -> Result<LineFacts, Error> {
    let known = standing.customer.as_ref();
    Ok(LineFacts {
        kind: standing.facts.kind,
        reseller: known.and_then(|known| known.reseller),
        attested: lines.attested,
        payer: payer(tx, standing, subscription)?,
    })
}

/// A subscription of the customer's that the partner sells.
pub(super) fn payer(
    tx: &mut Tx<'_>,
    standing: &Standing,
    subscription: SubscriptionId,
) -> Result<Option<LinePayer>, Error> {
    let Some(known) = &standing.customer else { return Ok(None) };
    let found = world::subscription(tx, subscription)?;
    let Some(row) = found.filter(|row| row.tenant == known.customer) else { return Ok(None) };
    let seller = partners::seller(tx, &row.billing_account)?;
    if seller.is_none_or(|seller| seller.partner != known.partner) {
        return Ok(None);
    }
    let account = world::billing_account(tx, &row.billing_account)?;
    let is_registered = partners::registered_at(tx, subscription)?.is_some();
    Ok(account.map(|account| LinePayer {
        is_active: row.state == ENABLED,
        is_registered,
        currency: account.currency,
    }))
}

/// Registers a subscription, so that reservations can be bought with it; answers since when they
/// can.
///
/// # Errors
/// As [`create`]; [`Error::Absent`] for a subscription that the partner does not sell the
/// customer.
pub fn register(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    subscription: SubscriptionId,
) -> Result<jiff::Timestamp, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::Buy)?;
    let known = payer(tx, &standing, subscription)?;
    known.ok_or_else(|| absent_subscription(subscription))?;
    if partners::register(tx, subscription, call.now, call.caller.principal)? {
        let target = format!("subscription/{subscription}");
        let details = json!({ "customer": customer });
        audit::line(
            tx,
            &there,
            &audit::Event::new("register-subscription", target).with(&details)?,
        )?;
    }
    let since = partners::registered_at(tx, subscription)?;
    since.ok_or_else(|| Error::Broken("a registration is not there".to_owned()))
}

/// Since when reservations can be bought with a subscription; nothing where it is not registered.
///
/// # Errors
/// As [`register`].
pub fn registration(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    subscription: SubscriptionId,
) -> Result<Option<jiff::Timestamp>, Error> {
    let (_, standing) = act_for(tx, app, call, customer, PartnerTask::See)?;
    let known = payer(tx, &standing, subscription)?;
    known.ok_or_else(|| absent_subscription(subscription))?;
    Ok(partners::registered_at(tx, subscription)?)
}

pub(super) fn absent_subscription(subscription: SubscriptionId) -> Error {
    Error::Absent {
        what: format!("subscription `{subscription}` of this customer that you sell"),
        code: "SubscriptionNotFound",
    }
}

/// The orders that a partner pays for a customer, as the API of reservations has them.
///
/// # Errors
/// As [`create`].
pub fn orders(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    after: Option<OrderId>,
    limit: usize,
) -> Result<crate::orders::Page<crate::orders::View>, Error> {
    let (there, standing) = act_for(tx, app, call, customer, PartnerTask::See)?;
    standing.customer.ok_or_else(|| absent_customer(customer))?;
    crate::orders::list(tx, app, &there, after, limit)
}

/// One of them.
///
/// # Errors
/// As [`create`]; [`Error::Absent`] for an order that the partner does not pay.
pub fn order(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    customer: TenantId,
    id: OrderId,
) -> Result<crate::orders::View, Error> {
    let (there, _) = act_for(tx, app, call, customer, PartnerTask::See)?;
    crate::orders::show(tx, app, &there, id)
}
