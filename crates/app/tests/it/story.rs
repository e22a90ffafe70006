//! One reservation's story, told to the cent.

use crate::desk::{Desk, request};
use prorata_app::{Error, exchange, orders};
use prorata_domain::Repair;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;

#[test]
fn a_monthly_reservation_is_paid_returned_in_part_and_exchanged() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("standard_d2s_v5", Term::P1Y, BillingPlan::Monthly, 10));
    desk.verify();

    // 1000 / 12 is cut to 83.33. Two more payments fall due by 17 October.
    desk.move_to("2026-10-17T09:00:00Z");
    let quoted = desk.refund_quote(held, 4);
    let plan = quoted.decision.plan().expect("below the cap").clone();
    assert_eq!(plan.value.payments_made, 3);
    assert_eq!(plan.value.paid.to_string(), "999.96 USD");
    // 333.32 x 16 / 31 is 172.04 used of the running month.
    assert_eq!(plan.value.refund.to_string(), "161.28 USD");
    assert_eq!(plan.value.cancelled.to_string(), "2999.88 USD");
    assert_eq!(plan.counted.to_string(), "3161.16 USD");
    let done = desk.give_back(held, 4, &quoted).unwrap();
    assert_eq!(done.plan, plan);
    let again = desk.give_back(held, 4, &quoted).unwrap();
    assert_eq!(again.plan, plan, "the same session again is the same answer");
    desk.verify();

    let call = desk.call();
    let view = desk.app.read(move |tx, app| orders::show(tx, app, &call, held.0)).unwrap();
    let rest = view.reservations.iter().find(|it| it.state.is_active()).unwrap();
    assert_eq!((rest.quantity, view.reservations.len()), (6, 2));

    let ask = exchange::Ask {
        returns: vec![exchange::GivenUp { order: held.0, reservation: rest.id, quantity: 6 }],
        purchases: vec![request("Standard_D4s_v5", Term::P3Y, BillingPlan::Upfront, 2)],
        savings_plans: Vec::new(),
    };
    let call = desk.call();
    let quoted = desk.app.write(move |tx, app| exchange::quote(tx, app, &call, &ask)).unwrap();
    let plan = quoted.decision.plan().expect("7200 is worth more than what is given up").clone();
    assert_eq!(plan.purchases_total.to_string(), "7200.00 USD");
    // 499.98 x 16 / 31 is 258.05 used; 241.93 back and 9 x 499.98 cancelled.
    assert_eq!(plan.refunds_total.to_string(), "4741.75 USD");
    let (call, session) = (desk.call(), quoted.session);
    desk.app.write(move |tx, app| exchange::execute(tx, app, &call, session)).unwrap();
    let call = desk.call();
    let made = desk.app.read(move |tx, app| exchange::operation(tx, app, &call, session)).unwrap();
    assert_eq!(made.bought.reservations.len(), 1);
    assert!(made.refused.is_none());
    desk.verify();

    // Two years on, what was bought in the exchange has expired.
    desk.move_to("2029-10-18T00:00:00Z");
    let (call, bought) = (desk.call(), made.bought.reservations[0]);
    let view = desk.app.read(move |tx, app| orders::show(tx, app, &call, bought.0)).unwrap();
    assert_eq!(view.reservations[0].state.name(), "expired");
    desk.verify();
}

#[test]
fn a_return_over_the_cap_is_refused_with_what_would_pass() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 80));
    let quoted = desk.refund_quote(held, 80);
    let refusal = quoted.decision.refusal.clone().expect("80,000 is over the cap");
    assert_eq!(refusal.code, "RefundLimitExceeded");
    assert_eq!(refusal.repairs[0], Repair::ReduceQuantity { about: None, to: 50 });
    let refused = desk.give_back(held, 80, &quoted).unwrap_err();
    assert!(matches!(refused, Error::Refused(ref it) if it.refusal.code == "RefundLimitExceeded"));
    let quoted = desk.refund_quote(held, 50);
    desk.give_back(held, 50, &quoted).unwrap();
    desk.verify();
}
