//! A request goes on by the rules of its states, whatever is tried in whatever order.

use jiff::Timestamp;
use proptest::prelude::*;
use prorata_domain::ids::{OperationId, PrincipalId};
use prorata_domain::request::approval::{Approver, Approvers, Demand, stricter};
use prorata_domain::request::figures::{Figure, Figures, Tolerance};
use prorata_domain::request::{Cause, NotPossible, Person, State, Status};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Something that somebody tries.
#[derive(Debug, Clone)]
enum Try {
    Submit(u8),
    Approve(u8),
    Reject(u8),
    Withdraw(Option<u8>),
    Expire,
    Stop,
    Run(u8, bool),
}

/// Five principals of three accounts: 0 and 3 are one person, and so are 1 and 4.
fn person(number: u8) -> Person {
    Person {
        principal: PrincipalId(Uuid::from_u128(u128::from(number))),
        account: format!("account-{}", number % 3),
        name: format!("person {number}"),
    }
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        (0..5u8).prop_map(Try::Submit),
        (0..5u8).prop_map(Try::Approve),
        (0..5u8).prop_map(Try::Approve),
        (0..5u8).prop_map(Try::Reject),
        proptest::option::of(0..5u8).prop_map(Try::Withdraw),
        Just(Try::Expire),
        Just(Try::Stop),
        (0..5u8, any::<bool>()).prop_map(|(runner, works)| Try::Run(runner, works)),
    ];
    proptest::collection::vec(one, 1..12)
}

fn demands() -> impl Strategy<Value = Vec<Demand>> {
    let demand =
        (0..3u8, 1..3u32, proptest::option::of(0..5u8)).prop_map(|(policy, approvals, by)| {
            Demand {
                policy: format!("policy-{policy}"),
                version: 1,
                approvals,
                approvers: Approvers {
                    roles: Vec::new(),
                    principals: by.into_iter().map(|by| person(by).principal).collect(),
                },
            }
        });
    proptest::collection::vec(demand, 0..3).prop_map(|demands| {
        let mut all: Vec<Demand> = Vec::new();
        for demand in demands {
            if all.iter().all(|known| known.policy != demand.policy) {
                all.push(demand);
            }
        }
        all
    })
}

/// The states that may come right after one; nothing else does.
fn followers(status: Status) -> &'static [Status] {
    use Status::{
        Approved, Done, Draft, Expired, Failed, Rejected, Running, Stopped, Submitted, Withdrawn,
    };
    match status {
        Draft => &[Submitted, Approved, Withdrawn, Expired],
        Submitted => &[Submitted, Approved, Rejected, Withdrawn, Expired, Stopped],
        // Running is gone through within one step here.
        Approved => &[Done, Failed, Withdrawn, Expired, Stopped],
        Running => &[Done, Failed],
        Rejected | Withdrawn | Expired | Stopped | Done | Failed => &[],
    }
}

fn after(state: State, tried: &Try, demands: &[Demand]) -> Result<State, NotPossible> {
    let at = Timestamp::UNIX_EPOCH;
    let approver = |number: u8| Approver {
        person: person(number),
        roles: Vec::new(),
        may_do: number.is_multiple_of(2),
    };
    match tried {
        Try::Submit(by) => state.submit(person(*by), demands.to_vec(), at),
        Try::Approve(by) => state.approve(&approver(*by), Vec::new(), String::new(), at),
        Try::Reject(by) => state.reject(&approver(*by), "no".to_owned(), at),
        Try::Withdraw(by) => state.withdraw(by.map(person), String::new(), at),
        Try::Expire => state.expire(at),
        Try::Stop => state.stop(Cause::NoRight { reason: String::new() }, at),
        Try::Run(runner, works) => {
            let running = state.run(person(*runner).principal, at)?;
            Ok(match works {
                true => running.finish(OperationId(Uuid::from_u128(9)), at),
                false => running.fail("Failed".to_owned(), "it does not work".to_owned(), at),
            })
        }
    }
}

proptest! {
    #[test]
    fn only_what_may_follow_follows(
        tried in tries(),
        demands in demands(),
        behalf in proptest::option::of(0..5u8),
    ) {
        let mut state = State::draft(person(0), behalf.map(person));
        for one in &tried {
            let was = state.status();
            let Ok(next) = after(state.clone(), one, &demands) else { continue };
            prop_assert!(followers(was).contains(&next.status()), "{was} to {}", next.status());
            state = next;
            let text = serde_json::to_string(&state).unwrap();
            prop_assert_eq!(&serde_json::from_str::<State>(&text).unwrap(), &state);
        }
        prop_assert_eq!(state.operation().is_some(), state.status() == Status::Done);
    }

    #[test]
    fn nobody_approves_their_own_and_nobody_twice(
        tried in tries(),
        demands in demands(),
        behalf in proptest::option::of(0..5u8),
    ) {
        let mut state = State::draft(person(0), behalf.map(person));
        for one in &tried {
            if let Ok(next) = after(state.clone(), one, &demands) {
                state = next;
            }
        }
        let Some(submitted) = state.submitted() else { return Ok(()) };
        let draft = state.drafted();
        let owners = [Some(draft.drafter()), draft.on_behalf_of(), Some(submitted.by())];
        for (index, given) in submitted.approvals().iter().enumerate() {
            prop_assert!(owners.iter().flatten().all(|owner| !owner.is_same(&given.person)));
            let earlier = &submitted.approvals()[..index];
            prop_assert!(earlier.iter().all(|other| !other.person.is_same(&given.person)));
            prop_assert!(!given.counts_for.is_empty());
        }
        let met = submitted.demands().iter().all(|demand| demand.is_met(submitted.approvals()));
        match state.status() {
            Status::Approved | Status::Running | Status::Done | Status::Failed => {
                prop_assert!(met);
            }
            Status::Submitted | Status::Rejected => prop_assert!(!met),
            Status::Draft | Status::Withdrawn | Status::Expired | Status::Stopped => {}
        }
        if let Some(runner) = state.runner() {
            prop_assert!(submitted.people().any(|person| person.principal == runner));
        }
    }

    #[test]
    fn what_is_asked_later_never_makes_it_less(before in demands(), now in demands()) {
        let all = stricter(&before, now.clone());
        for demand in before.iter().chain(&now) {
            let kept = all.iter().find(|other| other.policy == demand.policy).unwrap();
            prop_assert!(kept.approvals >= demand.approvals);
        }
        prop_assert_eq!(stricter(&all, now), all);
    }

    #[test]
    fn a_tolerance_is_kept_to_the_cent(was in 0..10_000_000i64, percent in 0..=100i64) {
        let figures = |minor: i64| {
            let amount = Money::new(minor, Currency::USD);
            let lines = vec![Figure { label: "total".into(), amount }];
            Figures { stake: amount, stake_usd: amount, lines }
        };
        let by_percent = [Tolerance::Percent(Decimal::from(percent))];
        // The largest move in whole cents that is still within it.
        let most = was * percent / 100;
        let before = figures(was);
        for (is, holds) in
            [(was, true), (was + most, true), (was - most, true), (was + most + 1, false)]
        {
            let moved = figures(is).moved_from(&before, &by_percent);
            prop_assert_eq!(moved.is_none(), holds, "{} to {}, {} %", was, is, percent);
        }
        let by_amount = [Tolerance::Amount(Money::new(most, Currency::USD))];
        prop_assert!(figures(was + most).moved_from(&before, &by_amount).is_none());
        let told = figures(was + most + 1).moved_from(&before, &by_amount).unwrap();
        prop_assert_eq!(told.difference().unwrap().minor(), most + 1);
    }
}

#[test]
fn a_move_is_told_with_its_figures() {
    let figures = |minor: i64| {
        let amount = Money::new(minor, currency("GBP"));
        let lines = vec![Figure { label: "paid out".into(), amount }];
        Figures { stake: amount, stake_usd: Money::new(minor * 2, Currency::USD), lines }
    };
    let moved = |tolerance| figures(900).moved_from(&figures(1000), &[tolerance]);
    let told = moved(Tolerance::Percent(Decimal::from(5))).unwrap().to_string();
    let expected = "paid out was 10.00 GBP and is 9.00 GBP now, a difference of -1.00 GBP; it may \
                    move by 5 %";
    assert_eq!(told, expected);
    // 1.00 GBP is 2.00 USD by these figures.
    assert!(moved(Tolerance::Amount(Money::new(200, Currency::USD))).is_none());
    assert!(moved(Tolerance::Amount(Money::new(199, Currency::USD))).is_some());
    assert!(moved(Tolerance::Amount(Money::new(100, currency("GBP")))).is_none());
    assert!(moved(Tolerance::Amount(Money::new(999_999, currency("EUR")))).is_some());
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}
