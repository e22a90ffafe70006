//! The demo's story: three customers, one of them by its partner, buy, return and exchange, over ten
//! weeks.
//!
//! Every step goes through the same functions as the API, at a fixed day, so that the amounts are
//! the same each time it is told.

mod books;
mod people;
mod tell;

pub use books::books;
use people::{People, Person};
pub use tell::title;
use tell::{day_heading, met, product};

use crate::failure::Failure;
use crate::output::{columns, pairs, write};
use crate::proof;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use prorata_app::world::Document;
use prorata_app::{App, clock, exchange, purchase, refund};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_wire::explanation;

const BUYING: Date = date(2026, 9, 1);
const RETURNING: Date = date(2026, 10, 15);
const EXCHANGING: Date = date(2026, 11, 2);
const CLOSING: Date = date(2026, 11, 16);

/// The instant at which the story begins.
pub fn beginning() -> Timestamp {
    at(BUYING)
}

fn at(day: Date) -> Timestamp {
    day_start(day).checked_add(9.hours()).unwrap_or(Timestamp::MAX)
}

/// Whether the story was told in this database before.
///
/// # Errors
/// Those of the database.
pub fn was_told(app: &App) -> Result<bool, Failure> {
    let last = app.read(|tx, _| prorata_app::operations::last_recorded_at(tx))?;
    Ok(last.is_some())
}

/// Something bought: what it is called in the story, and where it is.
#[derive(Debug, Clone, Copy)]
struct Bought {
    order: OrderId,
    reservation: ReservationId,
}

/// Tells the story on a database that holds the sample world and nothing else.
///
/// # Errors
/// Those of the database; when the answer to a step is not the one the story goes on from.
pub fn tell(app: &App, world: &Document) -> Result<(), Failure> {
    let people = People::of(world)?;
    introduce(world)?;
    let (machines, fleet, records, play) = buy_all(app, &people)?;
    clock::set(app, at(RETURNING))?;
    return_some(app, &people.alder, machines)?;
    let allowed = refuse_and_repair(app, &people.alder, fleet)?;
    return_repaired(app, &people.alder, fleet, allowed)?;
    clock::set(app, at(EXCHANGING))?;
    exchange_some(app, &people.birch, records)?;
    clock::set(app, at(CLOSING))?;
    return_for_customer(app, &people, play)
}

fn introduce(world: &Document) -> Result<(), Failure> {
    let pays = |tenant: &&prorata_app::world::TenantRow| {
        world.subscriptions.iter().any(|row| row.tenant_id == tenant.id)
    };
    let rows = world.tenants.iter().filter(pays).map(|tenant| {
        let account =
            world.subscriptions.iter().find(|row| row.tenant_id == tenant.id).and_then(|row| {
                world.billing_accounts.iter().find(|account| account.id == row.billing_account)
            });
        let of = |member: fn(&prorata_app::world::AccountRow) -> String| {
            account.map(member).unwrap_or_default()
        };
        vec![
            tenant.name.clone(),
            of(|account| account.agreement.to_uppercase()),
            of(|account| account.currency.clone()),
            of(|account| account.payment.clone()),
        ]
    });
    let mut text = title("Three customers, and the partner of one");
    text.push_str(&columns(&["Customer", "Agreement", "Currency", "Pays by"], rows));
    write(&text)
}

fn buy_all(app: &App, people: &People) -> Result<(Bought, Bought, Bought, Bought), Failure> {
    use BillingPlan::{Monthly, Upfront};
    write(&day_heading(BUYING, "everyone buys"))?;
    let alder = &people.alder;
    let machines = alder.wants("Standard_D4s_v5", "westeurope", Term::P3Y, Upfront, 10, "Dispatch");
    let fleet = alder.wants("Standard_D8s_v5", "westus", Term::P3Y, Monthly, 60, "Route planning");
    let records =
        people.birch.wants("Standard_D2s_v5", "westeurope", Term::P1Y, Monthly, 4, "Records");
    let play = people.agent.wants("Standard_D4s_v5", "uksouth", Term::P1Y, Upfront, 2, "Lobbies");
    Ok((
        buy(app, alder, machines)?,
        buy(app, alder, fleet)?,
        buy(app, &people.birch, records)?,
        buy(app, &people.agent, play)?,
    ))
}

fn buy(app: &App, person: &Person, request: Request) -> Result<Bought, Failure> {
    let call = person.call(app);
    let (order, placed) = {
        let request = request.clone();
        app.write(move |tx, app| {
            let quoted = purchase::quote(tx, app, &call, &request)?;
            let placed = purchase::buy(tx, app, &call, quoted.order, &request)?;
            Ok((quoted, placed))
        })?
    };
    let plan = order.decision.plan().ok_or_else(|| unlike("a purchase was refused"))?;
    let reservation =
        placed.reservations.first().ok_or_else(|| unlike("a purchase held nothing"))?;
    let paid = match plan.schedule.as_slice() {
        [_] => format!("{} upfront", plan.total),
        [first, ..] => {
            format!("{} in {} payments of {}", plan.total, plan.schedule.len(), first.amount)
        }
        [] => plan.total.to_string(),
    };
    write(&format!("{} buys {} for {paid}.\n", person.customer, product(&request)))?;
    Ok(Bought { order: placed.order.id, reservation: reservation.id })
}

fn return_some(app: &App, alder: &Person, machines: Bought) -> Result<(), Failure> {
    write(&day_heading(RETURNING, "Alder Freight returns 3 of its 10 machines"))?;
    let quoted = quote_refund(app, alder, machines, 3)?;
    let explained = explanation::render(&app.book, &quoted.decision);
    let mut text = "What is it worth, and why? The quote proves it, line by line.\n\n".to_owned();
    text.push_str(&proof::text(&explained));
    write(&text)?;
    let done = carry_out(app, alder, machines, 3, &quoted)?;
    write(&format!(
        "\nReturned: {} goes to the {}. The other {} live on in a new reservation of the same \
         order, with the same end.\n",
        done.plan.payout,
        destination(&done),
        done.plan.kept
    ))
}

/// A return that would pass the cap; answers the largest quantity that would not.
fn refuse_and_repair(app: &App, alder: &Person, fleet: Bought) -> Result<u32, Failure> {
    use prorata_domain::Repair;
    const WANTED: u32 = 30;
    let heading = format!("Alder Freight wants to return {WANTED} of its 60 route planners");
    write(&day_heading(RETURNING, &heading))?;
    let quoted = quote_refund(app, alder, fleet, WANTED)?;
    let refusal =
        quoted.decision.refusal.as_ref().ok_or_else(|| unlike("the cap held nothing back"))?;
    let explained = explanation::render(&app.book, &quoted.decision);
    let mut text = explained.refusal.as_ref().map(proof::refusal).unwrap_or_default();
    for finding in explained.findings.iter().filter(|finding| finding.outcome == "not-met") {
        text.push_str(&proof::clause(finding));
    }
    write(&text)?;
    let smaller = refusal.repairs.iter().find_map(|repair| match repair {
        Repair::ReduceQuantity { to, .. } => Some(*to),
        _ => None,
    });
    smaller.ok_or_else(|| unlike("no smaller return would pass"))
}

fn return_repaired(app: &App, alder: &Person, fleet: Bought, allowed: u32) -> Result<(), Failure> {
    let quoted = quote_refund(app, alder, fleet, allowed)?;
    let done = carry_out(app, alder, fleet, allowed, &quoted)?;
    let plan = &done.plan;
    let mut text = format!("\nThe smallest repair is taken: {allowed} units, and it passes.\n\n");
    let together = plan.cap_used.plus(plan.counted).map_err(prorata_app::Error::from)?;
    text.push_str(&pairs(&[
        ("Comes back", plan.payout.to_string()),
        ("Never to be paid", plan.value.cancelled.to_string()),
        ("Counted", format!("{together} of {}", plan.cap)),
    ]));
    text.push_str(&met(&quoted.decision));
    write(&text)
}

fn exchange_some(app: &App, birch: &Person, records: Bought) -> Result<(), Failure> {
    write(&day_heading(EXCHANGING, "Birch Clinics exchanges small machines for larger ones"))?;
    let wanted = birch.wants(
        "Standard_D4s_v5",
        "westeurope",
        Term::P1Y,
        BillingPlan::Monthly,
        2,
        "Records, larger",
    );
    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp {
            order: records.order,
            reservation: records.reservation,
            quantity: 4,
        }],
        purchases: vec![wanted.clone()],
        savings_plans: Vec::new(),
    };
    let call = birch.call(app);
    let (quoted, done) = app.write(move |tx, app| {
        let quoted = exchange::quote(tx, app, &call, &ask)?;
        exchange::execute(tx, app, &call, quoted.session)?;
        let done = exchange::operation(tx, app, &call, quoted.session)?;
        Ok((quoted, done))
    })?;
    let plan = done.decision.plan().ok_or_else(|| unlike("the exchange was refused"))?;
    let given = plan.returns.first().ok_or_else(|| unlike("the exchange gave up nothing"))?;
    let mut text = format!("All 4 are given up for {}.\n\n", product(&wanted));
    text.push_str(&pairs(&[
        ("Comes back", given.value.refund.to_string()),
        ("Never to be paid", given.value.cancelled.to_string()),
        ("Given up together", plan.refunds_total.to_string()),
        ("Bought", plan.purchases_total.to_string()),
        ("Net payable", plan.net_payable.to_string()),
    ]));
    text.push_str(&met(&quoted.decision));
    write(&text)
}

/// The customer asks, and is told whom to ask; the partner's agent returns for it.
fn return_for_customer(app: &App, people: &People, play: Bought) -> Result<(), Failure> {
    write(&day_heading(CLOSING, "the partner returns 1 of 2 machines for Cedar Games"))?;
    let asked = quote_refund(app, &people.cedar, play, 1)?;
    let explained = explanation::render(&app.book, &asked.decision);
    let refusal = explained.refusal.as_ref().map(proof::refusal);
    write(&refusal.ok_or_else(|| unlike("a partner's customer may return"))?)?;
    write("\nThe partner's agent does it, on the customer's behalf.\n\n")?;
    let quoted = quote_refund(app, &people.agent, play, 1)?;
    let done = carry_out(app, &people.agent, play, 1, &quoted)?;
    let plan = &done.plan;
    let mut text = pairs(&[
        ("Paid", plan.value.paid.to_string()),
        ("Used", plan.value.used.to_string()),
        ("Comes back", format!("{}, for a {}", plan.payout, destination(&done))),
    ]);
    text.push_str(&met(&quoted.decision));
    write(&text)
}

fn quote_refund(
    app: &App,
    person: &Person,
    held: Bought,
    quantity: u32,
) -> Result<refund::Quoted, Failure> {
    let call = person.call(app);
    let ask = refund::Ask { order: held.order, reservation: held.reservation, quantity };
    Ok(app.write(move |tx, app| refund::quote(tx, app, &call, &ask))?)
}

fn carry_out(
    app: &App,
    person: &Person,
    held: Bought,
    quantity: u32,
    quoted: &refund::Quoted,
) -> Result<refund::Done, Failure> {
    let call = person.call(app);
    let deed = refund::Deed {
        order: held.order,
        session: quoted.session,
        reservation: held.reservation,
        quantity,
        reason: "no longer needed".to_owned(),
    };
    Ok(app.write(move |tx, app| refund::give_back(tx, app, &call, &deed))?)
}

fn destination(done: &refund::Done) -> String {
    done.plan.destination.as_str().replace('-', " ")
}

fn unlike(what: &str) -> Failure {
    Failure::new(format!("the story cannot go on: {what}"))
}
