//! Returning units through the pages.

use crate::browser::Page;
use crate::owner;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::BillingPlan;

#[tokio::test]
async fn units_are_returned_once_however_often_the_form_is_sent() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 3, "web").await;
    browser.set_clock("2026-12-01T00:00:00Z").await;
    let page = browser.get(&held.path()).await;
    page.shows(200, &format!("href=\"{}\"", held.refund()));

    // 2.66 a unit, 10 of 30 days used: 0.89 and so 1.77 a unit, reckoned on the two together.
    let page = browser.get(&format!("{}?quantity=2", held.refund())).await;
    page.shows(200, "Returning 2 units pays out <span class=\"payout\">3.55 USD</span>")
        .shows(200, "5.32 USD × 10 ÷ 30, rounded half up")
        .shows(200, "In force since 15 January 2026")
        .shows(200, "Payments of 58.52 USD that were still to come are never made.")
        .shows(200, "Left of 50,000.00</th><td class=\"figure\">49,937.93</td>")
        .shows(200, "What this counts is free again on 1 December 2027.")
        .shows(200, "62.07 USD counts toward the refund cap until 1 December 2027.")
        .shows(200, "1 unit lives on in a new reservation of the same order");

    let form = page.form("post", &held.refund());
    let page = browser.post(&form.clone().with("reason", "cost")).await;
    page.shows(422, "Tick the box: a return cannot be undone.");
    let form = page.form("post", &held.refund());
    assert_eq!((form.get("reason"), form.get("quantity")), ("cost", "2"));
    let page = browser.post(&form.clone().with("reason", "").with("confirmed", "yes")).await;
    page.shows(422, "Choose why the units are returned.");
    assert_eq!(browser.of_order(held.order).await.len(), 1);

    let form = page.form("post", &held.refund()).with("reason", "cost").with("confirmed", "yes");
    let to = browser.post(&form).await.leads();
    assert_eq!(browser.post(&form).await.leads(), to);
    let result = browser.get(&to).await;
    result.shows(200, "2 units returned").shows(200, "3.55 USD").shows(200, "The proof");
    browser.get(&to).await.shows(200, "2 units returned");

    let all = browser.of_order(held.order).await;
    assert_eq!(all.len(), 2);
    let rest = all.iter().find(|found| found.id != held.id).unwrap();
    assert_eq!((rest.quantity, rest.source), (1, Some(held.id)));
    result.shows(200, &format!("/reservations/{}/{}", held.order, rest.id));
    let given = all.iter().find(|found| found.id == held.id).unwrap();
    assert_eq!(given.state, ReservationState::Returned { rest: Some(rest.id) });

    let page = browser.get(&held.path()).await;
    page.shows(200, "The units that were kept live on in").shows(200, "Returned");
    assert!(!page.html.contains("/refund\""), "an ended reservation has no refund button");
    browser
        .get(&held.refund())
        .await
        .shows(200, "Refused: Reservation state")
        .shows(200, "No change to the request would turn this into a yes.");
    let other = format!("/reservations/{}/{}/refund/{}", held.order, rest.id, session(&to));
    browser.get(&other).await.shows(404, "This is not there");
}

fn session(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_refusal_leads_to_its_repair() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_D4s_v5", BillingPlan::Upfront, 10, "big").await;
    let page = browser.get(&held.refund()).await;
    page.shows(200, "Refused: Refund cap")
        .shows(200, "Not met")
        .shows(200, "This clause decides")
        .shows(200, "Beyond the cap of 50,000.00")
        .shows(200, "Return at most 4 units");
    assert!(!page.html.contains("name=\"confirmed\""), "what is refused cannot be confirmed");
    let link = format!("{}?quantity=4", held.refund());
    page.shows(200, &format!("href=\"{link}\""));
    let page = browser.get(&link).await;
    page.shows(200, "Returning 4 units pays out");
    let form = page.form("post", &held.refund()).with("reason", "other").with("confirmed", "yes");
    browser.post_through(&form).await.shows(200, "4 units returned");
}

#[tokio::test]
async fn a_faulty_quantity_is_named_beside_its_field_and_kept() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    for (typed, said) in [
        ("", "Enter how many units, from 1 to 3."),
        ("two", "Enter a whole number from 1 to 3."),
        ("-1", "Enter a whole number from 1 to 3."),
        ("0", "Enter a number from 1 to 3."),
        ("7", "Enter a number from 1 to 3."),
    ] {
        let page = browser.get(&format!("{}?quantity={typed}", held.refund())).await;
        page.shows(200, &format!("<p class=\"fault\" id=\"quantity-fault\" data-hear>{said}</p>"));
        assert_eq!(page.form("get", &held.refund()).get("quantity"), typed);
        assert!(!page.html.contains("name=\"confirmed\""), "{typed}");
    }
    // A number that is too large is also answered by the decision, with the repair.
    let page = browser.get(&format!("{}?quantity=7", held.refund())).await;
    page.shows(200, "Refused: Quantity").shows(200, "Return at most 3 units");
    // The empty query asks for all of them.
    browser.get(&held.refund()).await.shows(200, "Returning 3 units pays out");
}

#[tokio::test]
async fn a_quote_that_lapsed_or_moved_returns_nothing_and_a_fresh_one_is_shown() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let filled = |page: &Page| {
        page.form("post", &held.refund()).with("reason", "other").with("confirmed", "yes")
    };
    let form = filled(&browser.get(&held.refund()).await);
    browser.set_clock("2026-11-23T00:00:00Z").await;
    let page = browser.post(&form).await;
    page.shows(409, "Nothing was returned:").shows(409, "Below is a fresh quote.");
    let fresh = filled(&page);
    assert_ne!(fresh.get("session"), form.get("session"));
    assert_eq!(fresh.get("quantity"), "3");
    browser.post_through(&fresh).await.shows(200, "3 units returned");

    // A session of another quantity does not do.
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let page = browser.get(&format!("{}?quantity=1", held.refund())).await;
    let form = page.form("post", &held.refund()).with("reason", "other").with("confirmed", "yes");
    browser.post(&form.with("quantity", "3")).await.shows(409, "Nothing was returned:");
    assert_eq!(browser.of_order(held.order).await.len(), 1);
}
