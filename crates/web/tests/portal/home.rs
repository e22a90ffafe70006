//! The page that everybody begins at, and the pages of customers.

use crate::browser::{Browser, HOSTILE, OTHER_TENANT, OWNER, READER, STRANGER, TENANT};
use prorata_app::portfolio::{self, Summary};
use prorata_domain::term::BillingPlan;
use std::sync::Arc;

const NOW: &str = "2026-03-02T12:00:00Z";

async fn at_desk(tenant: &str, client: &str) -> Browser {
    let mut browser = Browser::at(NOW).await;
    browser.sign_in(tenant, client).await;
    browser
}

#[tokio::test]
async fn home_says_what_ends_soon_and_what_becomes_of_it() {
    let mut browser = at_desk(TENANT, OWNER).await;
    browser.get("/").await.shows(200, "Nothing that you see ends within 30 days.");
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 3, HOSTILE).await;
    browser
        .get("/")
        .await
        .shows(200, "Nothing that you see ends within 30 days.")
        .shows(200, "By the rules of today exchanges have no end.");

    // 2027-02-01 is the end of exchanges for what is bought from then on.
    browser.set_clock("2027-01-22T12:00:00Z").await;
    let page = browser.get("/").await;
    page.shows(200, "<strong class=\"figure\">10</strong> days")
        .shows(200, "until 1 February 2027")
        .shows(200, "&#60;script&#62;alert(1)");
    browser.set_clock("2027-02-20T12:00:00Z").await;
    browser
        .get("/")
        .await
        .shows(200, "Since 1 February 2027")
        .shows(200, "Still have their last exchange</th><td class=\"figure\">1</td>")
        .shows(200, &held.path())
        .shows(200, "in 10 days");
}

#[tokio::test]
async fn figures_of_many_are_those_that_are_read_at_once() {
    let browser = at_desk(TENANT, OWNER).await;
    for quantity in 1..5 {
        browser.buy("Standard_B2s_v2", BillingPlan::Upfront, quantity, "web").await;
    }
    let at_once = overview(&browser, 100).await;
    assert_eq!(overview(&browser, 0).await, at_once);
    // The picture that is kept follows what changes.
    browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 7, "web").await;
    let after = overview(&browser, 0).await;
    assert_eq!(at_once[0].1.active + 1, after[0].1.active);
    assert_eq!(after, overview(&browser, 100).await);
}

/// What the owner sees, with up to so many orders read when they are asked for.
async fn overview(browser: &Browser, most: usize) -> Vec<(Option<String>, Arc<Summary>)> {
    let call = browser.owner();
    let read = browser.app.read_async(move |tx, app| portfolio::of(tx, app, &call, most));
    let holdings = read.await.unwrap().holdings.into_iter();
    holdings.map(|held| (held.account, held.summary)).collect()
}

#[tokio::test]
async fn customers_are_those_whose_account_one_may_see() {
    let mut browser = at_desk(TENANT, READER).await;
    browser.get("/customers").await.shows(200, "1 account that you may look at");
    let page = browser.get(&format!("/customers/{TENANT}/100")).await;
    page.shows(200, "Enterprise Agreement")
        .shows(200, "Overage invoice")
        .shows(200, "of 50,000.00 USD")
        .shows(200, "Nothing was posted for this account yet.");
    browser.get("/customers?q=nobody").await.shows(200, "No account that you see has this");
    browser.get("/customers?q=10").await.shows(200, "1 is found");
    for path in ["/customers/x/100", &format!("/customers/{TENANT}/200")] {
        browser.get(path).await.shows(404, "This is not there");
    }

    let mut other = at_desk(OTHER_TENANT, STRANGER).await;
    other.get("/customers").await.shows(200, "You see no account.");
    other.get(&format!("/customers/{TENANT}/100")).await.shows(404, "This is not there");
}

#[tokio::test]
async fn a_customer_shows_its_ledger_and_its_cap() {
    let mut browser = at_desk(TENANT, OWNER).await;
    let held = browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 2, "web").await;
    let page = browser.get(&format!("/customers/{TENANT}/100")).await;
    page.shows(200, "530.00 USD").shows(200, "−530.00 USD").shows(200, "all of it is left");
    let form = browser.get(&format!("{}?quantity=1", held.refund())).await;
    let form = form.form("post", &held.refund()).with("reason", "cost").with("confirmed", "yes");
    browser.post(&form).await.leads();
    let page = browser.get(&format!("/customers/{TENANT}/100")).await;
    page.shows(200, "49,735.00").shows(200, "2 Mar 2027");
    browser.get("/").await.shows(200, "49,735.00").shows(200, "265.00 on 2 March 2027");
}
