//! Samples of the refund pages. Their proofs are of real decisions.

use super::{HOSTILE, ORDER, RESERVATION, head, rendered, shell};
use crate::portal::page::{Fact, Section};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::refund::{
    Entered, Faults, Quote, Reason, RefundPage, RefundResultPage, Worth, of_units,
};
use crate::portal::words::{self, Moment};
use jiff::civil::{Date, date};
use prorata_domain::decision::{Decision, Repair};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::{Agreement, Book, Payment};
use prorata_domain::refund::{Facts, Plan, Request, decide};
use prorata_domain::reservation::{AcquiredBy, BillingAccount, Commitment, Held, ReservationState};
use prorata_domain::term::{BillingPlan, Term, day_start};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;

const TODAY: Date = date(2026, 11, 21);

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn held(state: ReservationState) -> Held {
    Held {
        reservation: ReservationId::parse(RESERVATION).unwrap(),
        order: OrderId::parse(ORDER).unwrap(),
        commitment: Commitment {
            resource_type: "VirtualMachines".to_owned(),
            sku: HOSTILE.to_owned(),
            location: "westus".to_owned(),
            term: Term::P1Y,
            plan: BillingPlan::Monthly,
            unit_total: usd(1_200_000),
            unit_payment: usd(100_000),
            usd_rate: Decimal::ONE,
        },
        quantity: 10,
        state,
        starts_on: date(2026, 10, 5),
        expires_on: date(2027, 10, 5),
        purchased_at: day_start(date(2026, 10, 5)),
        acquired_by: AcquiredBy::Purchase,
        carried: None,
        renews: false,
        payments_made: 2,
        current_unit_total: Some(usd(1_200_000)),
        overdue: None,
        waivers: Vec::new(),
        account: BillingAccount {
            id: "account".to_owned(),
            agreement: Agreement::Ea,
            currency: Currency::USD,
            payment: Payment::Prepayment,
            usd_rate: Decimal::ONE,
            profile: None,
            customer: None,
            prepayment_ends: None,
            failing: None,
        },
        asker: prorata_domain::partner::Asker::default(),
    }
}

fn decision(quantity: u32, state: ReservationState) -> Decision<Plan> {
    let facts = Facts { held: held(state), cap_used: vec![(date(2026, 5, 1), 1_234_500)] };
    decide(Book::built_in(), &facts, &Request { quantity }, day_start(TODAY)).unwrap()
}

fn worth(plan: &Plan, quantity: u32, decision: &Decision<Plan>) -> Worth {
    Worth::new(plan, quantity, decision.refusal.as_ref(), Book::built_in(), TODAY).unwrap()
}

fn quote(quantity: u32, state: ReservationState) -> Quote {
    let decision = decision(quantity, state);
    let way = |repair: &Repair| vec![Suggestion::linked(repair, "/x?quantity=3".to_owned())];
    Quote {
        session: RESERVATION.to_owned(),
        quantity: quantity.to_string(),
        pays_out: of_units("refund-pays-out", quantity),
        confirm: of_units("refund-confirm", quantity),
        confirmed: of_units("refund-confirmed", quantity),
        holds_until: Moment(day_start(TODAY)),
        worth: decision.proposal.as_ref().map(|plan| worth(plan, quantity, &decision)),
        refused: decision.refusal.as_ref().map(|refusal| Refused::new(refusal, way)),
        asked_first: None,
        proof: Proof::new(
            Book::built_in(),
            &decision.findings,
            decision.refusal.as_ref(),
            words::subject,
        ),
    }
}

fn page(quote: Option<Quote>, faults: Faults, alert: Option<&str>) -> RefundPage {
    RefundPage {
        shell: shell("Refund", Section::Reservations),
        head: head(true),
        held: of_units("refund-held", 10),
        most: Some(10),
        entered: Entered { quantity: HOSTILE.to_owned(), ..Entered::default() },
        faults,
        alert: alert.map(str::to_owned),
        quote,
        reasons: vec![Reason { word: "other", label: "Another reason".into(), chosen: true }],
    }
}

pub fn samples() -> Vec<(&'static str, String)> {
    let active = || ReservationState::Active;
    let said = || Some(HOSTILE.to_owned());
    let faulty = || Faults {
        quantity: said(),
        reason: Some(HOSTILE.into()),
        confirmed: Some(HOSTILE.into()),
    };
    let ended = ReservationState::Returned { rest: None };
    let made = decision(2, active());
    let plan = made.plan().unwrap();
    let result = RefundResultPage {
        shell: shell("Returned", Section::Reservations),
        head: head(true),
        done_at: Moment(day_start(TODAY)),
        facts: vec![
            Fact::words("Reason given", "Moved to <other> machines"),
            Fact::identifier("Operation", RESERVATION),
        ],
        worth: worth(plan, 2, &made),
        proof: Proof::new(Book::built_in(), &made.findings, None, words::subject),
        rest: Some("/reservations/a/b".to_owned()),
    };
    vec![
        rendered("refund: allowed", &page(Some(quote(2, active())), Faults::default(), None)),
        rendered(
            "refund: others approve",
            &page(
                Some(Quote { asked_first: said(), ..quote(2, active()) }),
                Faults::default(),
                None,
            ),
        ),
        rendered("refund: faults", &page(Some(quote(2, active())), faulty(), Some("Moved."))),
        rendered("refund: beyond the cap", &page(Some(quote(9, active())), faulty(), None)),
        rendered("refund: ended", &page(Some(quote(2, ended)), Faults::default(), None)),
        rendered("refund: no number", &page(None, faulty(), None)),
        rendered("refund: result", &result),
    ]
}

#[test]
fn the_samples_are_what_their_names_say() {
    assert!(decision(2, ReservationState::Active).is_approved());
    let refused = decision(9, ReservationState::Active).refusal.unwrap();
    assert_eq!(refused.code, "RefundLimitExceeded");
    assert!(!refused.repairs.is_empty());
}
