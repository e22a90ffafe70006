//! Typed samples of every page: what the tests render and check.

mod access;
mod administration;
mod audit;
mod buy;
mod customers;
mod exchange;
mod home;
mod listing;
mod people;
mod policy;
mod rearranged;
mod refund;
mod requests;
mod reservation;
mod support;
mod trade_in;
mod what_if;

use super::kept::KeptPage;
use super::listing::State;
use super::page::{Crumb, ErrorPage, Section, Shell, SignedIn};
use super::reservation::Head;
use askama::Template;
pub use reservation::held;

/// A name that means harm.
pub const HOSTILE: &str = "<script>alert(1)</script> \"><img src=x onerror=\"alert(2)\"> & Söhne";

pub const ORDER: &str = "11111111-2222-4333-8444-555555555555";
pub const RESERVATION: &str = "66666666-7777-4888-9999-000000000000";

/// All samples, each with the name of its page and what it shows.
pub fn all() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    found.extend(home::samples());
    found.extend(customers::samples());
    found.extend(people::samples());
    found.extend(errors());
    found.extend(listing::samples());
    found.extend(reservation::samples());
    found.extend(rearranged::samples());
    found.extend(access::samples());
    found.extend(administration::samples());
    found.extend(refund::samples());
    found.extend(buy::samples());
    found.extend(exchange::samples());
    found.extend(requests::samples());
    found.extend(support::samples());
    found.extend(policy::samples());
    found.extend(what_if::samples());
    found.extend(trade_in::samples());
    found.extend(audit::samples());
    found
}

/// The templates that are pages.
pub fn pages() -> &'static [&'static str] {
    &[
        "administration.html",
        "administration_principals.html",
        "administration_person_new.html",
        "administration_secret.html",
        "administration_principal.html",
        "administration_roles.html",
        "administration_role.html",
        "administration_assignments.html",
        "administration_receivers.html",
        "administration_receiver.html",
        "administration_imports.html",
        "administration_import.html",
        "administration_jobs.html",
        "administration_issuers.html",
        "home.html",
        "customers.html",
        "customer.html",
        "tenants.html",
        "sign_in.html",
        "sign_in_code.html",
        "sign_in_program.html",
        "invitation.html",
        "account.html",
        "second_factor.html",
        "recovery_codes.html",
        "error.html",
        "kept.html",
        "reservations.html",
        "several.html",
        "reservation.html",
        "reservation_properties.html",
        "reservation_configuration.html",
        "reservation_history.html",
        "reservation_payments.html",
        "reservation_decisions.html",
        "reservation_decision.html",
        "reservation_split.html",
        "reservation_merge.html",
        "reservation_rename.html",
        "reservation_archive.html",
        "access.html",
        "refund.html",
        "requests.html",
        "request.html",
        "request_new.html",
        "policies_of_approval.html",
        "policy_of_approval.html",
        "refund_result.html",
        "exchange_return.html",
        "exchange_purchase.html",
        "exchange_review.html",
        "exchange_result.html",
        "exchange_progress.html",
        "support_new.html",
        "support_ticket.html",
        "buy.html",
        "buy_product.html",
        "buy_review.html",
        "policy.html",
        "policy_clause.html",
        "decision.html",
        "what_if.html",
        "trade_in.html",
        "trade_in_review.html",
        "savings_plans.html",
        "savings_plan.html",
        "audit.html",
        "audit_line.html",
        "audit_seal.html",
        "support.html",
    ]
}

pub fn rendered(name: &'static str, page: &impl Template) -> (&'static str, String) {
    (name, page.render().unwrap())
}

pub fn shell(title: &str, section: Section) -> Shell {
    let signed_in = SignedIn {
        name: HOSTILE.to_owned(),
        tenant: ORDER.to_owned(),
        form_token: "token".to_owned(),
        administers: true,
        audits: true,
    };
    Shell::new(title, section, Some(signed_in), "10 February 2023".to_owned(), true)
}

pub fn head(below: bool) -> Head {
    let mut crumbs =
        vec![Crumb { label: "Reservations".to_owned(), href: "/reservations".to_owned() }];
    if below {
        crumbs.push(Crumb { label: HOSTILE.to_owned(), href: "/reservations/a/b".to_owned() });
    }
    Head {
        crumbs,
        name: HOSTILE.to_owned(),
        product: "3 × Standard_B1ls, West US, 1 year, paid monthly".to_owned(),
        state: State { words: "Active".to_owned(), class: "active" },
        path: format!("/reservations/{ORDER}/{RESERVATION}"),
    }
}

pub fn outside() -> Shell {
    Shell::new("Sign in", Section::None, None, "10 February 2023".to_owned(), false)
}

fn errors() -> Vec<(&'static str, String)> {
    let page = |shell, status, reference| ErrorPage {
        shell,
        status,
        heading: "This is not there".to_owned(),
        what: HOSTILE.to_owned(),
        recorded: true,
        advice: vec!["Look elsewhere.".into()],
        reference,
    };
    let kept = |shell| KeptPage {
        shell,
        what: "Nothing was done.".into(),
        form_token: "token".to_owned(),
        action: "/exchange".to_owned(),
        fields: vec![("name".to_owned(), HOSTILE.to_owned())],
    };
    vec![
        rendered("kept form", &kept(shell("This form was not accepted", Section::None))),
        rendered("kept form, signed out", &kept(outside())),
        rendered("error: 404", &page(shell("Not there", Section::None), 404, None)),
        rendered("error: 403, signed out", &page(outside(), 403, None)),
        rendered(
            "error: 500",
            &page(shell("Wrong", Section::None), 500, Some(RESERVATION.to_owned())),
        ),
    ]
}
