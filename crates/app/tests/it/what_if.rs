//! What would be decided on other days is what is quoted once those days have come, and leaves
//! nothing behind.

use crate::desk::{Desk, request};
use jiff::civil::{Date, date};
use prorata_app::what_if::{self, Answer, Ask, Decided, Wanted, When};
use prorata_domain::decision::{Decision, Outcome};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::ClauseId;
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::{exchange, refund};
use prorata_store::Store;

fn foretold(
    desk: &Desk,
    held: (OrderId, ReservationId),
    quantity: u32,
    into: Option<Wanted>,
    days: &[Date],
) -> Vec<Answer> {
    let ask = Ask { order: held.0, reservation: held.1, quantity, into };
    let (call, days) = (desk.call(), days.to_vec());
    desk.app.read(move |tx, app| what_if::run(tx, app, &call, &ask, &days)).unwrap().answers
}

fn returned(answer: &Answer) -> &Decision<refund::Plan> {
    match &answer.decided {
        Decided::Refund(decision) => decision,
        Decided::Exchange(_) => panic!("an exchange"),
    }
}

fn exchanged(answer: &Answer) -> &Decision<exchange::Plan> {
    match &answer.decided {
        Decided::Exchange(decision) => decision,
        Decided::Refund(_) => panic!("a refund"),
    }
}

#[test]
fn what_is_foretold_for_a_day_is_quoted_on_it() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Monthly, 5));
    let days = [date(2026, 8, 1), date(2026, 12, 15), date(2027, 9, 1)];
    let answers = foretold(&desk, held, 2, None, &days);
    let when: Vec<When> = answers.iter().map(|answer| answer.when).collect();
    assert_eq!(when, [When::Today, When::Later, When::Later]);
    assert_eq!(returned(&answers[0]), &desk.refund_quote(held, 2).decision);
    // Payments fall due until then, and the worker has not run.
    desk.move_to("2026-12-15T00:00:00Z");
    let then = desk.refund_quote(held, 2).decision;
    assert_eq!(returned(&answers[1]), &then);
    assert!(then.is_approved());
    // After its end there is nothing to return.
    let refusal = returned(&answers[2]).refusal.as_ref().unwrap();
    assert_eq!(refusal.clause, ClauseId::ReservationState);
    desk.verify();
}

#[test]
fn a_past_day_lends_its_rules_to_the_case_of_today() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Monthly, 5));
    let answers = foretold(&desk, held, 2, None, &[date(2019, 6, 1), date(2021, 1, 1)]);
    assert_eq!(answers[0].when, When::RulesOf);
    // Monthly plans were returned by support request until 2020-03-24.
    let refusal = returned(&answers[0]).refusal.as_ref().unwrap();
    assert_eq!(refusal.clause, ClauseId::SelfService);
    assert!(returned(&answers[1]).is_approved());
    let fee = returned(&answers[0]).findings.iter().find(|one| one.clause == ClauseId::ReturnFee);
    assert_eq!(fee.map(|finding| finding.since), Some(date(2019, 1, 1)));
}

#[test]
fn an_exchange_after_its_end_uses_the_last_right_and_one_bought_after_has_none() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
    let wanted = || {
        Some(Wanted {
            resource_type: "VirtualMachines".to_owned(),
            sku: "Standard_D4s_v5".to_owned(),
            location: Some("westus".to_owned()),
            term: Term::P3Y,
            plan: BillingPlan::Upfront,
            quantity: 1,
        })
    };
    let days = [date(2026, 8, 1), date(2027, 2, 1)];
    let answers = foretold(&desk, held, 1, wanted(), &days);
    for answer in &answers {
        let decision = exchanged(answer);
        assert!(decision.is_approved(), "{:?}", decision.refusal);
    }
    desk.move_to("2027-02-01T00:00:00Z");
    let later = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
    let answers = foretold(&desk, later, 1, wanted(), &[date(2027, 2, 1), date(2024, 6, 1)]);
    let refusal = exchanged(&answers[0]).refusal.as_ref().unwrap();
    assert_eq!(refusal.clause, ClauseId::ExchangeRight);
    // In the summer of 2024 exchanges had no end.
    let right = |answer: &Answer| {
        let findings = &exchanged(answer).findings;
        findings.iter().find(|one| one.clause == ClauseId::ExchangeRight).unwrap().outcome
    };
    assert_ne!(right(&answers[1]), Outcome::NotMet);
}
