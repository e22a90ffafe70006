//! Every table: what is written is read again, and what may happen once happens once.

use crate::sample::{
    OPERATION, OTHER_TENANT, PRINCIPAL, TENANT, account, at, day, id, order, put_world, usd, write,
};
use prorata_domain::access::Scope;
use prorata_domain::ids::{
    AssignmentId, EntryId, OperationId, PrincipalId, ReservationId, SubscriptionId,
};
use prorata_domain::principal::PrincipalKind;
use prorata_ledger::{Account, Entry, Posting};
use prorata_store::quotes::{Quote, QuoteKind, Take, Taken};
use prorata_store::{
    Store, StoreError, Tx, audit, cap, jobs, journal, meta, operations, payments, quotes, world,
};

crate::contracts!(
    the_world_says_what_changed,
    roles_are_found_by_order,
    payments_come_back,
    a_quote_is_taken_once,
    of_many_takers_one_gets_the_quote,
    operations_and_audit_come_back,
    entries_and_totals_come_back,
    cap_days_add_up,
    jobs_are_claimed_in_order_and_leased,
    meta_keeps_the_first_or_the_last,
);

fn the_world_says_what_changed(store: &Store) {
    let subscription = world::Subscription {
        id: SubscriptionId(id(7)),
        tenant: TENANT,
        billing_account: "account".into(),
        name: "first".into(),
        state: "Enabled".into(),
    };
    let principal = world::Principal {
        tenant: TENANT,
        id: PRINCIPAL,
        client_id: "ABC".into(),
        name: "robot".into(),
        secret_hash: "hash".into(),
        kind: PrincipalKind::ServicePrincipal,
        home: None,
    };
    let group = world::ManagementGroup { tenant: TENANT, id: "Root".into(), name: "all".into() };
    let assignment = world::RoleAssignment {
        id: AssignmentId(id(8)),
        tenant: TENANT,
        principal: PRINCIPAL,
        role: "Owner".into(),
        scope: "/subscriptions/x".into(),
    };
    let apply = {
        let (subscription, principal) = (subscription.clone(), principal.clone());
        move |tx: &mut Tx<'_>| {
            Ok([
                world::put_tenant(tx, &world::Tenant { id: TENANT, name: "tenant".into() })?,
                world::put_billing_account(tx, &account())?,
                world::put_subscription(tx, &subscription)?,
                world::put_resource_group(tx, subscription.id, "Web")?,
                world::put_management_group(tx, &group)?,
                world::put_principal(tx, &principal)?,
                world::put_assignment(tx, &assignment)?,
            ])
        }
    };
    assert_eq!(write(store, apply.clone()), [true; 7]);
    assert_eq!(write(store, apply.clone()), [false; 7], "the same again changes nothing");
    let renamed = world::Subscription { name: "second".into(), ..subscription.clone() };
    write(store, {
        let renamed = renamed.clone();
        move |tx| {
            let less = prorata_domain::reservation::BillingAccount { profile: None, ..account() };
            assert!(world::put_billing_account(tx, &less)?, "a value that goes is a change");
            assert!(world::put_subscription(tx, &renamed)?);
            Ok(())
        }
    });
    write(store, move |tx| {
        assert_eq!(world::subscription(tx, renamed.id)?, Some(renamed.clone()));
        assert_eq!(world::subscriptions(tx, TENANT)?.len(), 1);
        assert_eq!(world::billing_account(tx, "account")?.unwrap().profile, None);
        assert_eq!(world::billing_account(tx, "none")?, None);
        assert!(world::resource_group_exists(tx, renamed.id, "wEB")?);
        assert!(!world::resource_group_exists(tx, renamed.id, "db")?);
        assert_eq!(world::management_group(tx, TENANT, "ROOT")?.unwrap().name, "all");
        let found = world::principal_by_client(tx, TENANT, "aBc")?.unwrap();
        assert_eq!((found.id, found.secret_hash.as_str()), (PRINCIPAL, "hash"));
        assert_eq!(world::principal_by_client(tx, OTHER_TENANT, "abc")?, None);
        assert_eq!(world::principals(tx, TENANT)?.len(), 1);
        Ok(())
    });
}

fn roles_are_found_by_order(store: &Store) {
    let (first, second) = (order(1).id, order(2).id);
    let scopes = [
        Scope::capacity(),
        Scope::order(first),
        Scope::reservation(first, ReservationId(id(5))),
        Scope::order(second),
    ];
    let given = scopes.clone();
    write(store, move |tx| {
        put_world(tx)?;
        for (number, scope) in (1..).zip(&given) {
            let assignment = world::RoleAssignment {
                id: AssignmentId(id(number)),
                tenant: TENANT,
                principal: PRINCIPAL,
                role: "Reader".into(),
                scope: scope.as_str().to_ascii_uppercase(),
            };
            assert!(world::put_assignment(tx, &assignment)?);
        }
        Ok(())
    });
    write(store, move |tx| {
        let scopes_of = |found: Vec<prorata_domain::access::Assignment>| {
            found.into_iter().map(|given| given.scope).collect::<Vec<_>>()
        };
        assert_eq!(scopes_of(world::assignments_of(tx, TENANT, PRINCIPAL)?), scopes);
        let about = world::assignments_about(tx, TENANT, PRINCIPAL, first)?;
        assert_eq!(scopes_of(about), scopes[..3]);
        let above = world::assignments_above_orders(tx, TENANT, PRINCIPAL)?;
        assert_eq!(scopes_of(above), scopes[..1]);
        assert_eq!(world::assignments_of(tx, OTHER_TENANT, PRINCIPAL)?, []);
        assert_eq!(world::assignments_of(tx, TENANT, PrincipalId(id(99)))?, []);
        Ok(())
    });
}

fn payments_come_back(store: &Store) {
    let payment = payments::Payment {
        order: order(1).id,
        number: 1,
        due: day(4),
        amount: usd(500),
        paid_at: at(5),
        entry: EntryId(id(6)),
    };
    write(store, move |tx| payments::insert(tx, &payment));
    write(store, move |tx| {
        assert_eq!(payments::of_order(tx, payment.order)?, [payment]);
        Ok(())
    });
    let twice: Result<(), StoreError> = store.write(move |tx| payments::insert(tx, &payment));
    assert!(matches!(twice, Err(StoreError::Constraint(_))), "{twice:?}");
}

fn quote(number: u128) -> Quote {
    Quote {
        id: id(number),
        kind: QuoteKind::Refund,
        tenant: TENANT,
        principal: PRINCIPAL,
        created_at: at(0),
        lapses_at: at(60),
        request_hash: "asked".into(),
        doc: "{}".into(),
        findings: "[]".into(),
    }
}

fn take(second: i64) -> Take<'static> {
    Take {
        kind: QuoteKind::Refund,
        tenant: TENANT,
        principal: PRINCIPAL,
        operation: OPERATION,
        request_hash: "taken",
        now: at(second),
    }
}

fn a_quote_is_taken_once(store: &Store) {
    write(store, |tx| {
        quotes::insert(tx, &quote(1))?;
        quotes::insert(tx, &quote(2))
    });
    write(store, |tx| {
        assert_eq!(quotes::load(tx, id(1))?, Some(quote(1)));
        assert_eq!(quotes::load(tx, id(3))?, None);
        let others = Take { tenant: OTHER_TENANT, ..take(5) };
        assert_eq!(quotes::take(tx, id(1), &others)?, Taken::Absent);
        let kind = Take { kind: QuoteKind::Exchange, ..take(5) };
        assert_eq!(quotes::take(tx, id(1), &kind)?, Taken::Absent);
        assert_eq!(quotes::take(tx, id(3), &take(5))?, Taken::Absent);
        assert_eq!(quotes::take(tx, id(2), &take(60))?, Taken::Lapsed);
        assert_eq!(quotes::take(tx, id(1), &take(59))?, Taken::Open { doc: "{}".into() });
        let used = Taken::Used { operation: OPERATION, request_hash: "taken".into() };
        assert_eq!(quotes::take(tx, id(1), &take(59))?, used);
        assert_eq!(quotes::take(tx, id(1), &take(99))?, used, "used stays used");
        assert_eq!(operations::last_recorded_at(tx)?, Some(at(0)));
        Ok(())
    });
}

fn of_many_takers_one_gets_the_quote(store: &Store) {
    write(store, |tx| quotes::insert(tx, &quote(1)));
    let got: usize = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let taken: Result<Taken, StoreError> =
                        store.write(|tx| quotes::take(tx, id(1), &take(5)));
                    usize::from(matches!(taken.unwrap(), Taken::Open { .. }))
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).sum()
    });
    assert_eq!(got, 1);
}

fn by(number: u128) -> audit::By {
    match number {
        1 => audit::By::default(),
        _ => audit::By {
            kind: Some("user".into()),
            home: Some(OTHER_TENANT),
            client: Some("client".into()),
            name: Some("A. Agent".into()),
            partner: (number == 2).then_some(OTHER_TENANT),
            address: Some("192.0.2.7".into()),
            agent: Some("browser".into()),
            correlation: Some(id(77)),
        },
    }
}

fn operations_and_audit_come_back(store: &Store) {
    let operation = |number: u128, second| operations::Operation {
        id: OperationId(id(number)),
        kind: "refund".into(),
        tenant: TENANT,
        principal: PRINCIPAL,
        decided_at: at(second),
        verdict: "refused".into(),
        code: Some("RefundLimitExceeded".into()),
        billing_account: "account".into(),
        cap_scope: Some("scope".into()),
        counted_minor: 7,
        doc: format!("{{\"facts\":\"{}\"}}", "fact ".repeat(100)),
        target: (number < 3).then(|| "order/1".into()),
        findings: (number < 3).then(|| "[]".into()),
        by: by(number),
    };
    let line = |number: u128, second| audit::Line {
        id: id(number),
        at: at(second),
        tenant: TENANT,
        principal: PRINCIPAL,
        action: "refund".into(),
        target: "order/1".into(),
        verdict: "approved".into(),
        findings: "[]".into(),
        by: by(number),
        decision: (number > 1).then(|| id(9)),
    };
    write(store, move |tx| {
        assert_eq!(operations::last_recorded_at(tx)?, None);
        world::put_tenant(tx, &world::Tenant { id: TENANT, name: "tenant".into() })?;
        for (number, second) in [(3, 1), (1, 2), (2, 2)] {
            operations::insert(tx, &operation(number, second))?;
            audit::insert(tx, &line(number, second))?;
        }
        Ok(())
    });
    write(store, move |tx| {
        let (first, second, third) = (operation(3, 1), operation(1, 2), operation(2, 2));
        assert_eq!(operations::load(tx, TENANT, second.id)?, Some(second.clone()));
        assert_eq!(operations::load(tx, OTHER_TENANT, second.id)?, None);
        assert_eq!(operations::load_any(tx, second.id)?, Some(second.clone()));
        assert_eq!(operations::page(tx, None, 2)?, [first, second.clone()]);
        let rest = operations::page(tx, Some(&second), 5)?;
        assert_eq!(rest, [third]);
        assert_eq!(operations::last_recorded_at(tx)?, Some(at(2)));
        let lines = audit::page(tx, TENANT, Some((at(1), id(3))), 9)?;
        assert_eq!(lines, [line(1, 2), line(2, 2)]);
        let last = (at(2), id(2));
        let ours = audit::Whose::Tenant(TENANT);
        assert_eq!(audit::newest(tx, ours, last, at(0), 9)?, [line(1, 2), line(3, 1)]);
        assert_eq!(audit::newest(tx, ours, last, at(2), 9)?, [line(1, 2)]);
        assert_eq!(audit::newest(tx, ours, last, at(0), 1)?, [line(1, 2)]);
        let theirs = audit::Whose::Partner(OTHER_TENANT);
        assert_eq!(audit::newest(tx, theirs, (at(3), id(0)), at(0), 9)?, [line(2, 2)]);
        let found = operations::newest(tx, ours, last, at(0), 9)?;
        let places: Vec<_> = found.iter().map(|row| (row.id.0, row.decided_at)).collect();
        assert_eq!(places, [(id(1), at(2)), (id(3), at(1))]);
        assert_eq!((&found[1].by, found[0].target.as_deref()), (&by(3), Some("order/1")));
        let found = operations::newest(tx, theirs, (at(3), id(0)), at(0), 9)?;
        assert_eq!(found.iter().map(|row| row.id.0).collect::<Vec<_>>(), [id(2)]);
        Ok(())
    });
}

fn entries_and_totals_come_back(store: &Store) {
    let posting = |account: &str, amount| Posting { account: Account::new(account), amount };
    let entry = |count: i64| {
        let mut postings: Vec<Posting> =
            (1..count).map(|n| posting(&format!("a{n}"), usd(n))).collect();
        postings.push(posting("b", usd(-(1..count).sum::<i64>())));
        Entry::new(postings).unwrap()
    };
    // One statement writes up to four postings; these need one, two and three statements.
    let entries = [entry(2), entry(4), entry(9)];
    let posted: Vec<journal::Posted> = (1u128..)
        .zip(&entries)
        .map(|(number, entry)| journal::Posted {
            id: EntryId(id(number)),
            operation: OperationId(id(number / 2)),
            at: at(5),
            event: "refund".into(),
            postings: entry.postings().to_vec(),
        })
        .collect();
    write(store, {
        let posted = posted.clone();
        move |tx| {
            for (posted, entry) in posted.iter().zip(&entries) {
                journal::post(
                    tx,
                    &journal::Post {
                        id: posted.id,
                        operation: posted.operation,
                        at: posted.at,
                        event: &posted.event,
                        entry,
                    },
                )?;
            }
            Ok(())
        }
    });
    write(store, move |tx| {
        let both = journal::of_operation(tx, OperationId(id(1)))?;
        assert_eq!(both, posted[1..]);
        assert_eq!(journal::of_operation(tx, OperationId(id(9)))?, []);
        assert_eq!(journal::page(tx, None, 2)?, posted[..2]);
        let after = Some((posted[1].operation, posted[1].id));
        assert_eq!(journal::page(tx, after, 2)?, posted[2..]);
        let first = journal::totals(tx, None, 1)?;
        assert_eq!(first, [(Account::new("a1"), usd(3))]);
        let totals = journal::totals(tx, Some(&Account::new("a7")), 9)?;
        assert_eq!(totals, [(Account::new("a8"), usd(8)), (Account::new("b"), usd(-43))]);
        Ok(())
    });
}

fn cap_days_add_up(store: &Store) {
    write(store, |tx| {
        cap::enter(tx, "scope")?;
        for (number, minor) in [(3, 10), (1, 20), (3, 5), (9, 1)] {
            cap::add(tx, "scope", day(number), minor)?;
        }
        cap::add(tx, "other", day(3), 99)
    });
    write(store, |tx| {
        let used = cap::used_since(tx, "scope", day(3))?;
        assert_eq!(used, [(day(3), 15), (day(9), 1)]);
        let page = cap::page(tx, Some(("other", day(3))), 2)?;
        assert_eq!(page, [("scope".into(), day(1), 20), ("scope".into(), day(3), 15)]);
        Ok(())
    });
}

fn jobs_are_claimed_in_order_and_leased(store: &Store) {
    write(store, |tx| {
        assert_eq!(jobs::next_due(tx)?, None);
        for (number, second) in [(1, 30), (2, 10), (3, 20), (4, 99)] {
            let run_at = at(second);
            jobs::push(
                tx,
                &jobs::NewJob { id: id(number), kind: "charge", run_at, payload: "{}", version: 1 },
            )?;
        }
        Ok(())
    });
    let ids = |jobs: &[jobs::Job]| jobs.iter().map(|job| job.id).collect::<Vec<_>>();
    write(store, move |tx| {
        assert_eq!(jobs::next_due(tx)?, Some(at(10)));
        let lease = |from| (at(from), at(from + 60));
        let mut claim = |now, (from, until), limit| jobs::claim(tx, at(now), from, until, limit);
        assert_eq!(ids(&claim(50, lease(1000), 2)?), [id(2), id(3)]);
        assert_eq!(ids(&claim(50, lease(1001), 9)?), [id(1)], "leased ones are another's");
        assert!(claim(50, lease(1059), 9)?.is_empty());
        let late = claim(50, lease(1060), 9)?;
        assert_eq!(ids(&late), [id(2), id(3)], "a lease that ended counts no more");
        assert_eq!(late[0].attempts, 2);
        jobs::done(tx, id(1))?;
        jobs::failed(tx, id(2), at(70), false)?;
        jobs::failed_with(tx, id(3), at(71), true, Some("why"))?;
        assert_eq!(jobs::next_due(tx)?, Some(at(70)));
        let again = jobs::claim(tx, at(1000), at(2000), at(2060), 9)?;
        assert_eq!(ids(&again), [id(2), id(4)]);
        let parked = jobs::parked(tx, 9)?;
        assert_eq!((parked[0].0.id, parked[0].1.as_deref()), (id(3), Some("why")));
        assert_eq!(parked.len(), 1);
        Ok(())
    });
}

fn meta_keeps_the_first_or_the_last(store: &Store) {
    write(store, |tx| {
        assert_eq!(meta::get(tx, "clock")?, None);
        meta::put(tx, "clock", "1")?;
        meta::put(tx, "clock", "2")?;
        assert_eq!(meta::get(tx, "clock")?.as_deref(), Some("2"));
        assert_eq!(meta::put_if_absent(tx, "key", "first")?, "first");
        assert_eq!(meta::put_if_absent(tx, "key", "second")?, "first");
        Ok(())
    });
}
