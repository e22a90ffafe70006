//! Requests that others approve, and the policies that say by whom.

use crate::sample::{PRINCIPAL, TENANT, at, id, write};
use jiff::civil::date;
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, RequestId, TenantId};
use prorata_domain::request::approval::{Approvers, Policy, Scope};
use prorata_domain::request::{Event, Kind, Status};
use prorata_store::requests::{self, Approval, Request, Step};
use prorata_store::{Store, StoreError, approval_policies};

crate::contracts!(
    a_request_is_changed_by_who_saw_it_last,
    requests_are_listed_newest_first,
    waiting_requests_are_found_by_what_they_give_up,
    nobody_approves_twice,
    policies_are_found_by_whose_deeds_they_are_about,
);

fn sample(number: u128, status: Status, second: i64) -> Request {
    Request {
        id: RequestId(id(number)),
        tenant: TENANT,
        kind: Kind::Refund,
        status,
        principal: PRINCIPAL,
        billing_account: "enrollment-1".to_owned(),
        target: "order/x/reservation/y".to_owned(),
        created_at: at(second),
        updated_at: at(second),
        expires_at: at(second + 1_000),
        operation: None,
        doc: format!("{{\"number\":{number}}}"),
        findings: "[]".to_owned(),
        version: 1,
    }
}

fn a_request_is_changed_by_who_saw_it_last(store: &Store) {
    let first = sample(1, Status::Submitted, 10);
    let step = Step {
        at: at(10),
        event: Event::Draft,
        status: Status::Draft,
        principal: Some(PRINCIPAL),
        name: "buyer".to_owned(),
        comment: String::new(),
    };
    let again = Step { comment: "again".to_owned(), ..step.clone() };
    write(store, move |tx| {
        requests::insert(tx, &first, &[])?;
        requests::add_step(tx, first.id, 1, &step)?;
        assert_eq!(requests::load(tx, first.id)?.as_ref(), Some(&first));
        assert_eq!(requests::load(tx, RequestId(id(9)))?, None);
        let done = Request {
            status: Status::Done,
            operation: Some(OperationId(id(5))),
            updated_at: at(20),
            doc: "{}".to_owned(),
            ..first.clone()
        };
        assert!(requests::replace(tx, &done)?);
        assert!(!requests::replace(tx, &done)?, "it is of version 2 now");
        let expected = Request { version: 2, ..done };
        assert_eq!(requests::load(tx, first.id)?, Some(expected));
        let by_itself = Step { principal: None, event: Event::Finish, ..step.clone() };
        requests::add_step(tx, first.id, 2, &by_itself)?;
        assert_eq!(requests::steps(tx, first.id)?, [step.clone(), by_itself]);
        assert_eq!(requests::count_steps(tx, first.id)?, 2);
        Ok(())
    });
    // The same step again is a bug of whoever counts them.
    let again: Result<(), StoreError> =
        store.write(move |tx| requests::add_step(tx, RequestId(id(1)), 2, &again));
    assert!(matches!(again, Err(StoreError::Constraint(_))), "{again:?}");
}

fn requests_are_listed_newest_first(store: &Store) {
    write(store, move |tx| {
        for (number, status, second) in [
            (1, Status::Submitted, 10),
            (2, Status::Draft, 20),
            (3, Status::Submitted, 20),
            (4, Status::Done, 30),
        ] {
            requests::insert(tx, &sample(number, status, second), &[])?;
        }
        let other = Request { tenant: TenantId(id(77)), ..sample(5, Status::Submitted, 15) };
        requests::insert(tx, &other, &[])?;
        let numbers = |rows: Vec<Request>| -> Vec<u128> {
            rows.iter().map(|row| row.id.0.as_u128()).collect()
        };
        assert_eq!(numbers(requests::list(tx, TENANT, None, None, 9)?), [4, 3, 2, 1]);
        let mark = Some((at(20), RequestId(id(3))));
        assert_eq!(numbers(requests::list(tx, TENANT, None, mark, 1)?), [2]);
        let submitted = Some(Status::Submitted);
        assert_eq!(numbers(requests::list(tx, TENANT, submitted, None, 9)?), [3, 1]);
        assert_eq!(numbers(requests::list(tx, TENANT, submitted, mark, 9)?), [1]);
        assert_eq!(numbers(requests::page(tx, Some(RequestId(id(3))), 9)?), [4, 5]);
        Ok(())
    });
}

fn waiting_requests_are_found_by_what_they_give_up(store: &Store) {
    let order = OrderId(id(60));
    write(store, move |tx| {
        for (number, status) in
            [(1, Status::Submitted), (2, Status::Draft), (3, Status::Approved), (4, Status::Done)]
        {
            requests::insert(tx, &sample(number, status, 10), &[order, OrderId(id(61))])?;
        }
        let open = requests::open_of_order(tx, order)?;
        assert_eq!(open, [RequestId(id(1)), RequestId(id(3))]);
        assert_eq!(requests::open_of_order(tx, OrderId(id(62)))?, []);
        Ok(())
    });
}

fn nobody_approves_twice(store: &Store) {
    let request = RequestId(id(1));
    let approval = |principal: u128, account: &str| Approval {
        principal: PrincipalId(id(principal)),
        account: account.to_owned(),
        at: at(10),
    };
    write(store, move |tx| {
        requests::add_approval(tx, request, &approval(1, "a"))?;
        requests::add_approval(tx, request, &approval(2, "b"))?;
        assert_eq!(requests::approvals(tx, request)?, [approval(1, "a"), approval(2, "b")]);
        Ok(())
    });
    for (principal, account) in [(1, "c"), (3, "b")] {
        let again = approval(principal, account);
        let refused: Result<(), StoreError> =
            store.write(move |tx| requests::add_approval(tx, request, &again));
        assert!(matches!(refused, Err(StoreError::Constraint(_))), "{principal}, {account}");
    }
}

fn policies_are_found_by_whose_deeds_they_are_about(store: &Store) {
    let policy = |name: &str, scope: Scope, version: i64| Policy {
        name: name.to_owned(),
        scope,
        version,
        since: date(2026, 8, 1),
        required: true,
        life_days: None,
        tolerance: None,
        approvers: Approvers::default(),
        rules: Vec::new(),
    };
    let account = || Scope::BillingAccount("Enrollment-1".to_owned());
    write(store, move |tx| {
        for (name, scope, doc) in [
            ("b", account(), "1"),
            ("a", account(), "2"),
            ("a", Scope::Tenant(TENANT), "3"),
            ("a", Scope::Customer("fabrikam".to_owned()), "4"),
            ("a", Scope::Tenant(TenantId(id(77))), "5"),
        ] {
            approval_policies::put(tx, &policy(name, scope, 1), doc)?;
        }
        approval_policies::put(tx, &policy("b", account(), 2), "6")?;
        assert_eq!(approval_policies::about(tx, TENANT, "ENROLLMENT-1", "")?, ["3", "2", "6"]);
        let of_customer = approval_policies::about(tx, TENANT, "enrollment-9", "Fabrikam")?;
        assert_eq!(of_customer, ["3", "4"]);
        let named = approval_policies::named(tx, &account(), "b")?;
        assert_eq!(named.as_deref(), Some("6"));
        approval_policies::delete(tx, &account(), "b")?;
        assert_eq!(approval_policies::named(tx, &account(), "b")?, None);
        assert_eq!(approval_policies::strangers(tx, TENANT, &account())?, 0);
        Ok(())
    });
}
