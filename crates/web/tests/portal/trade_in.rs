//! Trading reservations in for a savings plan.

use crate::browser::{Form, Page, READER, TENANT};
use crate::owner;
use prorata_domain::term::BillingPlan;

fn act(page: &Page, act: &str) -> Form {
    page.form("post", "/trade-in").with("act", act)
}

#[tokio::test]
async fn a_trade_in_is_balanced_reviewed_and_made_once() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_D4s_v5", BillingPlan::Upfront, 2, "big").await;
    browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 1, "small").await;
    browser.set_clock("2027-03-01T00:00:00Z").await;

    // From the reservation's page it is ticked, with all of its units.
    let page = browser.get(&format!("/trade-in?give={}/{}", held.order, held.id)).await;
    page.shows(200, "For a commitment of").shows(200, "The smallest that passes:");
    let form = act(&page, "look").with("hourly", "0.001");
    assert_eq!(form.get("take"), format!("{}/{}", held.order, held.id));
    let page = browser.post(&form).await;
    page.shows(200, "Refused: ").shows(200, "Still missing").shows(200, "value=\"commit.");
    assert!(!page.html.contains("value=\"review\""), "too little cannot be reviewed");
    browser.post(&act(&page, "review")).await.shows(409, "Still missing");

    let button = page.html.split("value=\"commit.").nth(1).unwrap();
    let smallest = button.split('"').next().unwrap().to_owned();
    let page = browser.post(&act(&page, &format!("commit.{smallest}"))).await;
    page.shows(200, &format!("For a commitment of {smallest} USD an hour"));
    let form = act(&page, "review").with("name", "machines");
    let review = browser.post(&form).await.leads();
    assert!(review.starts_with("/trade-in/"), "{review}");

    let page = browser.get(&review).await;
    page.shows(200, "Nothing is given up before you confirm it below.").shows(200, "machines");
    let form = page.form("post", &review);
    browser.post(&form).await.shows(422, "Tick the box: a trade-in cannot be undone.");
    assert_eq!(browser.of_order(held.order).await.len(), 1);
    let confirmed = form.with("confirmed", "yes");
    for _ in 0..2 {
        assert_eq!(browser.post(&confirmed).await.leads(), review);
    }
    let page = browser.get(&review).await;
    page.shows(200, "Traded in for a commitment of").shows(200, ">machines</a>");
    assert!(!page.html.contains("name=\"confirmed\""));

    let plan = page.html.split("href=\"/savings-plans/").nth(1).unwrap();
    let plan = format!("/savings-plans/{}", plan.split('"').next().unwrap());
    browser
        .get(&plan)
        .await
        .shows(200, "Reservations were traded in for it")
        .shows(200, &format!("{smallest} USD an hour"));
    browser.get("/savings-plans").await.shows(200, "machines").shows(200, "1 savings plan");
    let states: Vec<_> = browser.held().await.into_iter().map(|(_, _, state)| state).collect();
    assert_eq!(states, ["active", "exchanged"]);
}

#[tokio::test]
async fn what_moved_over_midnight_is_looked_at_again_with_all_that_was_chosen() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_D4s_v5", BillingPlan::Upfront, 2, "big").await;
    browser.set_clock("2026-12-01T23:55:00Z").await;
    let page = browser.get(&format!("/trade-in?give={}/{}", held.order, held.id)).await;
    let form = act(&page, "review").with("name", "machines").with("units", "1");
    let review = browser.post(&form).await.leads();
    let form = browser.get(&review).await.form("post", &review).with("confirmed", "yes");
    browser.set_clock("2026-12-02T00:05:00Z").await;
    assert_eq!(browser.post(&form).await.leads(), review);
    let page = browser.get(&review).await;
    page.shows(200, "Look at it again with a fresh quote");
    let link = page.html.split("href=\"/trade-in?").nth(1).unwrap().split('"').next().unwrap();
    let page = browser.get(&format!("/trade-in?{}", link.replace("&#38;", "&"))).await;
    let form = act(&page, "review");
    assert_eq!((form.get("name"), form.get("units")), ("machines", "1"));
}

#[tokio::test]
async fn what_cannot_be_traded_in_says_so() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2s_v2", BillingPlan::Monthly, 3, "web").await;
    let page = browser.get("/trade-in").await;
    page.shows(200, "Tick what is to be given up");
    browser.post(&act(&page, "review")).await.shows(422, "Tick at least one reservation");
    let path = format!("{}/{}", held.order, held.id);
    let form = act(&page, "look").with("take", &path).with("units", "4");
    let page = browser.post(&form).await;
    page.shows(200, "from 1 to 3").shows(200, "value=\"4\"");
    let form = act(&page, "look").with("units", "2").with("hourly", "lots");
    let page = browser.post(&form).await;
    page.shows(200, "Enter an amount for each hour").shows(200, "value=\"lots\"");
    // The other plan covers no machines, so they are not on its list.
    let page = browser.post(&act(&page, "look").with("plan", "Database_Savings_Plan")).await;
    page.shows(200, "You see no active reservation that this savings plan would cover.");

    let mut reader = browser.another();
    reader.sign_in(TENANT, READER).await;
    reader.get("/trade-in").await.shows(200, "You may not trade this in");
    let nothing = reader.get("/trade-in/55555555-0000-4000-8000-000000000001").await;
    nothing.shows(404, "This is not there");
}
