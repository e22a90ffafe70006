//! Buying: compared, reviewed under the id of the order, bought once.

use crate::browser::{Browser, Page, READER, SUBSCRIPTION, TENANT};
use crate::owner;

const PRODUCT: &str = "/buy/product?type=VirtualMachines&sku=Standard_B2s_v2&location=westus";

/// The page of a product with these fields, and its form that asks for a quote.
async fn product(browser: &mut Browser, fields: &str) -> Page {
    browser.get(&format!("{PRODUCT}{fields}")).await
}

#[tokio::test]
async fn a_purchase_is_reviewed_and_made_once_under_the_id_of_its_order() {
    let mut browser = owner().await;
    let page = product(&mut browser, "&quantity=2&offer=P1Y-Monthly&name=web&renew=yes").await;
    page.shows(200, "2 units cost").shows(200, "529.92 USD").shows(200, "11 × 44.16 USD, monthly");
    let review = browser.post(&page.form("post", "/buy")).await.leads();
    let page = browser.get(&review).await;
    page.shows(200, "Nothing is bought before you confirm it below.")
        .shows(200, "It renews")
        .shows(200, "529.92 USD");
    let form = page.form("post", &review);
    browser.post(&form).await.shows(422, "Tick the box to buy it.");
    assert!(browser.held().await.is_empty());

    let confirmed = form.with("confirmed", "yes");
    for _ in 0..2 {
        assert_eq!(browser.post(&confirmed).await.leads(), review);
    }
    let page = browser.get(&review).await;
    page.shows(200, "2 units bought for").shows(200, ">web</a>");
    assert!(!page.html.contains("name=\"confirmed\""), "what was bought is not bought again");
    assert_eq!(browser.held().await, [("Standard_B2s_v2".to_owned(), 2, "active")]);

    // It is nobody else's to look at, and another form token buys nothing.
    let mut other = browser.another();
    other.sign_in(TENANT, READER).await;
    other.get(&review).await.shows(404, "There is no purchase");
    let forged = confirmed.with("form_token", "x");
    assert_ne!(browser.post(&forged).await.status.as_u16(), 303);
}

#[tokio::test]
async fn a_quote_that_has_lapsed_buys_nothing_and_leads_back_with_everything() {
    let mut browser = owner().await;
    let page = product(&mut browser, "&quantity=3&offer=P1Y-Upfront&name=night").await;
    let review = browser.post(&page.form("post", "/buy")).await.leads();
    let form = browser.get(&review).await.form("post", &review).with("confirmed", "yes");
    browser.set_clock("2026-11-22T23:00:00Z").await;
    browser.post(&form).await.shows(409, "Nothing was bought: the session timed out");
    assert!(browser.held().await.is_empty());
    let page = browser.get(&review).await;
    page.shows(200, "This quote has lapsed").shows(200, "quantity=3").shows(200, "name=night");
}

#[tokio::test]
async fn what_is_typed_stays_and_is_asked_for_again() {
    let mut browser = owner().await;
    let page = product(&mut browser, "&quantity=some&name=x").await;
    page.shows(200, "Enter how many units, a whole number from 1.").shows(200, "value=\"some\"");
    assert!(!page.html.contains("action=\"/buy\""), "nothing can be reviewed");
    // A term that is not sold leads to one that is.
    let page = product(&mut browser, "&offer=P3Y-Monthly").await;
    page.shows(200, "Refused: ").shows(200, "offer=P1Y-Monthly");
    let page = browser.get("/buy/product?type=VirtualMachines&sku=nothing&location=westus").await;
    page.shows(200, "Refused: ");
}

#[tokio::test]
async fn who_may_only_look_is_told_why_and_may_ask() {
    let browser = owner().await;
    let mut reader = browser.another();
    reader.sign_in(TENANT, READER).await;
    let page = product(&mut reader, "").await;
    page.shows(200, "You may not buy this yourself.").shows(200, "What would help:");
    let form = page.form("post", "/buy");
    assert_eq!(form.get("act"), "ask");
    let form = form.with("comment", "please");
    let request = reader.post(&form).await.leads();
    assert_eq!(request, format!("/requests/{}", form.get("id")));
    assert_eq!(reader.post(&form).await.leads(), request);
    // Asking for a review in place of it is refused, with the page as it was.
    let page = reader.post(&form.without("act")).await;
    page.shows(403, "Your roles do not allow you to buy");
    assert!(browser.held().await.is_empty());
}

#[tokio::test]
async fn the_catalog_is_searched_and_leads_to_a_product() {
    let mut browser = owner().await;
    let page = browser.get("/buy?find-type=&find-text=B2s_v2&find-region=westus").await;
    page.shows(200, "Standard_B2s_v2");
    let chosen = format!(
        "/buy?subscription={SUBSCRIPTION}&product=VirtualMachines%2FStandard_B2s_v2%2Fwestus%2FP1Y%2FMonthly"
    );
    let to = browser.get(&chosen).await.leads();
    browser.get(&to).await.shows(200, "1 unit costs");
}
