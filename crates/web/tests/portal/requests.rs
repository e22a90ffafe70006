//! Requests, and the policies that say who approves them.

use crate::browser::TENANT;
use crate::owner;
use prorata_app::request;
use prorata_domain::ids::TenantId;
use prorata_domain::request::approval::Scope;
use prorata_domain::request::form::{Form, RuleForm};

#[tokio::test]
async fn a_long_policy_is_saved_whole() {
    let mut browser = owner().await;
    let customers: Vec<String> =
        (0..60).map(|number| format!("customer number {number}")).collect();
    let rule = |number| RuleForm {
        kinds: vec!["refund".to_owned()],
        customers: customers.clone(),
        roles: Vec::new(),
        except_roles: Vec::new(),
        from: Some(format!("{number}.00 USD")),
        approvals: 1,
    };
    let form = Form { rules: (1..=25).map(rule).collect(), ..Form::default() };
    let (scope, call) = (Scope::Tenant(TenantId::parse(TENANT).unwrap()), browser.owner());
    let there = scope.clone();
    let put = browser
        .app
        .write_async(move |tx, app| request::put_policy(tx, app, &call, &there, "long", &form));
    let before = put.await.unwrap();

    let page = browser.get("/requests/policies/policy?scope=tenant&name=long").await;
    let form = page.form("post", "/requests/policies/policy").with("act", "save");
    browser.post(&form.with("tolerance", "2 %")).await.leads();
    let call = browser.owner();
    let after = browser
        .app
        .read_async(move |tx, app| request::get_policy(tx, app, &call, &scope, "long"))
        .await
        .unwrap();
    assert!(after.tolerance.is_some());
    assert_eq!(after.rules, before.rules);
}

#[tokio::test]
async fn an_amount_that_reads_as_two_is_asked_for_again() {
    let mut browser = owner().await;
    let page = browser.get("/requests/policies/policy").await;
    let form = page.form("post", "/requests/policies/policy").with("act", "save");
    let form = form.with("name", "big").with("scope", "tenant").with("kinds-0", "refund");
    for typed in ["1.000 USD", "1_000 USD", "+5 USD", "1,000 USD"] {
        let page = browser.post(&form.clone().with("from-0", typed)).await;
        page.shows(422, "Enter an amount such as 500.00 USD").shows(422, typed);
    }
    browser.post(&form.with("from-0", "1000 USD")).await.leads();
}
