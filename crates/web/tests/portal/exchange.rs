//! Exchanging through the three steps.

use crate::browser::{Form, Page, READER, SUBSCRIPTION, TENANT};
use crate::owner;
use prorata_domain::term::BillingPlan;

fn form(page: &Page) -> Form {
    page.form("post", "/exchange")
}

fn act(page: &Page, act: &str) -> Form {
    form(page).with("act", act)
}

/// The button that takes a machine of West US for a year into the basket.
fn add(sku: &str, plan: &str) -> String {
    format!("add.VirtualMachines/{sku}/westus/P1Y/{plan}")
}

#[tokio::test]
async fn an_exchange_goes_through_three_steps_and_is_made_once() {
    let mut browser = owner().await;
    let small = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 3, "small").await;
    browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 1, "other").await;
    browser.set_clock("2026-12-01T00:00:00Z").await;

    // From the reservation's page its units are filled in.
    let page = browser.get(&format!("/exchange?give={}/{}", small.order, small.id)).await;
    assert_eq!(form(&page).get("give-quantity"), "3");
    let page = browser.post(&act(&page, "purchase").with("give-quantity", "2")).await;
    page.shows(200, "2 × Standard_B2ts_v2, West US, 1 year")
        .shows(200, "3 products")
        .shows(200, "265.00")
        .shows(200, "What is given up may become")
        .shows(200, "Products worth at least");
    assert_eq!(form(&page).get("subscription"), SUBSCRIPTION);
    let page = browser.post(&act(&page, "review")).await;
    page.shows(422, "Add at least one product to the basket.");

    // Products are added with a button each, and counted and taken away again with others.
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Monthly"))).await;
    assert_eq!(form(&page).get("sku"), "Standard_B2s_v2");
    let page = browser.post(&act(&page, &add("Standard_B2ts_v2", "Upfront"))).await;
    page.shows(200, "Remove Standard_B2ts_v2");
    let page = browser.post(&act(&page, "remove.1")).await;
    assert!(!page.html.contains("Remove Standard_B2ts_v2"));
    let page = browser.post(&act(&page, "plus.0")).await;
    assert_eq!(form(&page).get("quantity"), "2");
    let page = browser.post(&act(&page, "minus.0")).await;
    assert_eq!(form(&page).get("quantity"), "1");

    let page = browser.post(&act(&page, "review")).await;
    page.shows(200, "Net payable: <span class=\"payout\">202.89 USD</span>")
        .shows(200, "Return 1: 2 × Standard_B2ts_v2")
        .shows(200, "Purchase 1: 1 × Standard_B2s_v2")
        .shows(200, "As a whole")
        .shows(200, "Exchange floor");
    let page = browser.post(&act(&page, "execute")).await;
    page.shows(422, "Tick the box: an exchange cannot be undone.");
    let filled = act(&page, "execute").with("confirmed", "yes");
    let to = browser.post(&filled).await.leads();
    assert_eq!(browser.post(&filled).await.leads(), to);
    browser
        .get(&to)
        .await
        .shows(200, "The exchange is made")
        .shows(200, "202.89 USD")
        .shows(200, "The proof");
    let held = browser.held().await;
    assert_eq!(
        held,
        [
            ("Standard_B2s_v2".to_owned(), 1, "active"),
            ("Standard_B2s_v2".to_owned(), 1, "active"),
            ("Standard_B2ts_v2".to_owned(), 1, "active"),
            ("Standard_B2ts_v2".to_owned(), 3, "exchanged"),
        ]
    );
}

#[tokio::test]
async fn too_small_a_purchase_is_refused_and_one_button_repairs_it() {
    let mut browser = owner().await;
    let big = browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 2, "big").await;
    let page = browser.get(&format!("/exchange?give={}/{}", big.order, big.id)).await;
    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, &add("Standard_B2ts_v2", "Upfront"))).await;
    page.shows(200, "498.00 USD are missing").shows(200, "value=\"set.0.quantity.17\"");
    let page = browser.post(&act(&page, "review")).await;
    page.shows(200, "Refused: Exchange floor")
        .shows(200, "Buy for at least 498.00 USD more")
        .shows(200, "value=\"set.0.quantity.17\"");
    assert!(!page.html.contains("name=\"confirmed\""), "what is refused cannot be confirmed");
    let page = browser.post(&act(&page, "set.0.quantity.17")).await;
    page.shows(200, "Net payable: <span class=\"payout\">14.00 USD</span>");
    let made = act(&page, "execute").with("confirmed", "yes");
    browser.post_through(&made).await.shows(200, "The exchange is made");
}

#[tokio::test]
async fn each_fault_is_named_where_it_is_and_nothing_typed_is_lost() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let page = browser.get("/exchange").await;
    assert_eq!(form(&page).get("give-quantity"), "");
    let page = browser.post(&act(&page, "purchase")).await;
    page.shows(422, "Tick at least one reservation");
    let page = browser.post(&act(&page, "purchase").with("give-quantity", "9x")).await;
    page.shows(422, "Enter a whole number from 1 to 3.");
    assert_eq!(form(&page).get("give-quantity"), "9x");
    let page = browser.post(&act(&page, "fill.all")).await;
    assert_eq!(form(&page).get("give-quantity"), "3");

    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Upfront"))).await;
    let typed = act(&page, "review")
        .with("sku", "Standard_<b>")
        .with("quantity", "many")
        .with("subscription", "mine")
        .with("name", "new");
    let page = browser.post(&typed).await;
    page.shows(422, "Enter how many units, a whole number from 1.")
        .shows(422, "Choose the subscription that pays.");
    let kept = form(&page);
    for (name, value) in
        [("sku", "Standard_<b>"), ("quantity", "many"), ("subscription", "mine"), ("name", "new")]
    {
        assert_eq!(kept.get(name), value);
    }

    // What only the desk can know is said by the decision, or on top of the step.
    let nobody = "22222222-0000-4000-8000-00000000000f";
    let wrong = kept.with("quantity", "1").with("subscription", nobody).with("act", "review");
    let page = browser.post(&wrong).await;
    page.shows(404, nobody);
    let page = browser.post(&act(&page, "review").with("subscription", SUBSCRIPTION)).await;
    page.shows(200, "Refused: Sellable").shows(200, "Standard_&#60;b&#62;");
    // And back to the first step with everything.
    let page = browser.post(&act(&page, "return")).await;
    assert_eq!(form(&page).get("give-quantity"), "3");
    assert_eq!(form(&page).get("sku"), "Standard_<b>");
    assert_eq!(browser.of_order(held.order).await.len(), 1);
}

#[tokio::test]
async fn more_than_fit_into_one_exchange_are_not_left_out_unsaid() {
    let mut browser = owner().await;
    let mut gives = Vec::new();
    for _ in 0..101 {
        let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
        gives.push(format!("give={}/{}", held.order, held.id));
    }
    let page = browser.get(&format!("/exchange?{}", gives.join("&"))).await;
    let page = browser.post(&act(&page, "purchase")).await;
    page.shows(422, "Give up at most 100 reservations at once");
    assert_eq!(page.html.matches("name=\"give-quantity\"").count(), 101);
    let page = browser.get(&format!("/exchange?{}", gives[1..].join("&"))).await;
    let page = browser.post(&act(&page, "purchase")).await;
    assert_eq!(page.status.as_u16(), 200);
}

#[tokio::test]
async fn another_type_or_region_is_offered_as_a_button() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let page = browser.get(&format!("/exchange?give={}/{}", held.order, held.id)).await;
    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Upfront"))).await;
    let wrong = act(&page, "review").with("location", "uksouth");
    let page = browser.post(&wrong).await;
    page.shows(200, "Refused: Sellable").shows(200, "value=\"set.0.location.westus\"");
    let page = browser.post(&act(&page, "set.0.location.westus")).await;
    page.shows(200, "Net payable");
    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, "review").with("type", "SqlDatabases")).await;
    page.shows(200, "Refused: Sellable");
}

#[tokio::test]
async fn a_lapsed_quote_is_made_anew_and_rights_are_asked_for() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let page = browser.get(&format!("/exchange?give={}/{}", held.order, held.id)).await;
    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Upfront"))).await;
    let page = browser.post(&act(&page, "review")).await;
    let old = act(&page, "execute").with("confirmed", "yes");
    browser.set_clock("2026-11-22T23:00:00Z").await;
    let page = browser.post(&old).await;
    page.shows(409, "Nothing was exchanged:").shows(409, "Below is a fresh quote.");
    assert_ne!(form(&page).get("session"), old.get("session"));
    assert_eq!(browser.of_order(held.order).await.len(), 1);

    let mut reader = browser.another();
    reader.sign_in(TENANT, READER).await;
    let page = reader.get(&format!("/exchange?give={}/{}", held.order, held.id)).await;
    page.shows(200, "you have no role that lets you exchange it");
    let page = reader.post(&act(&page, "purchase")).await;
    page.shows(422, "Tick at least one reservation");
    let page = reader.post(&act(&page, "purchase").with("give-quantity", "1")).await;
    let page = reader.post(&act(&page, &add("Standard_B2s_v2", "Upfront"))).await;
    let page = reader.post(&act(&page, "review")).await;
    page.shows(403, "Your roles do not allow you to exchange reservations");
    // Another's session is nobody's.
    let stolen = act(&page, "execute").with("session", old.get("session")).with("confirmed", "1");
    let page = reader.post(&stolen).await;
    assert_ne!(page.status.as_u16(), 303);
    assert_eq!(browser.of_order(held.order).await.len(), 1);
}

#[tokio::test]
async fn what_moved_over_midnight_is_reviewed_again_with_all_that_was_chosen() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    browser.set_clock("2026-11-21T23:55:00Z").await;
    let page = browser.get(&format!("/exchange?give={}/{}", held.order, held.id)).await;
    let page = browser.post(&act(&page, "purchase").with("give-quantity", "2")).await;
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Monthly"))).await;
    let page =
        browser.post(&act(&page, "review").with("name", "better").with("quantity", "2")).await;
    let sent = act(&page, "execute").with("confirmed", "yes");
    browser.set_clock("2026-11-22T00:05:00Z").await;
    let to = browser.post(&sent).await.leads();
    let page = browser.get(&to).await;
    page.shows(200, "The exchange was refused");
    assert!(!page.html.contains("What happens when you confirm"), "{}", page.html);
    assert_eq!(browser.of_order(held.order).await.len(), 1);
    let page = browser.post(&act(&page, "review")).await;
    page.shows(200, "Nothing is done before you confirm it below.");
    let again = form(&page);
    for (name, value) in
        [("give-quantity", "2"), ("quantity", "2"), ("name", "better"), ("plan", "Monthly")]
    {
        assert_eq!(again.get(name), value, "{name}");
    }
    let confirmed = act(&page, "execute").with("confirmed", "yes");
    browser.post_through(&confirmed).await.shows(200, "The exchange is made");
}

#[tokio::test]
async fn what_is_sent_and_not_recorded_yet_is_said_to_run_and_after_a_while_not_to() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let page = browser.get(&format!("/exchange?give={}/{}", held.order, held.id)).await;
    let page = browser.post(&act(&page, "purchase")).await;
    let page = browser.post(&act(&page, &add("Standard_B2s_v2", "Upfront"))).await;
    let page = browser.post(&act(&page, "review")).await;
    let session = form(&page).get("session").to_owned();
    assert_eq!(browser.get(&format!("/exchange/{session}")).await.leads(), "/exchange");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let sent = |ago: u64| format!("/exchange/{session}?sent={}", now.as_secs() - ago);
    let page = browser.get(&sent(0)).await;
    page.shows(200, "The exchange is being made").shows(200, "data-poll=\"1\"");
    let page = browser.get(&sent(3600)).await;
    page.shows(200, "The exchange was not made");
    assert!(!page.html.contains("data-poll"));
    assert_eq!(browser.of_order(held.order).await.len(), 1);
}
