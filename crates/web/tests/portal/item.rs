//! The pages of one reservation: who sees them, and what their forms do once and only once.

use crate::browser::{Browser, Form, OTHER_TENANT, OWNER, READER, STRANGER, SUBSCRIPTION, TENANT};
use crate::owner;
use prorata_domain::term::BillingPlan;

const PAGES: [&str; 10] = [
    "",
    "/configuration",
    "/properties",
    "/history",
    "/payments",
    "/decisions",
    "/split",
    "/merge",
    "/rename",
    "/archive",
];

async fn signed_in(browser: &Browser, tenant: &str, client: &str) -> Browser {
    let mut other = browser.another();
    other.cookies.clear();
    other.sign_in(tenant, client).await;
    other
}

#[tokio::test]
async fn every_page_is_there_for_who_may_see_it_and_for_nobody_else() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 3, "web").await;
    let mut reader = signed_in(&browser, TENANT, READER).await;
    let mut stranger = signed_in(&browser, OTHER_TENANT, STRANGER).await;
    for page in PAGES {
        let path = format!("{}{page}", held.path());
        browser.get(&path).await.shows(200, "Standard_B2ts_v2");
        stranger.get(&path).await.shows(404, "This is not there");
        // What a reader may not do says so before anything is typed.
        let status = reader.get(&path).await.status.as_u16();
        let changes = ["/split", "/merge", "/rename", "/archive"].contains(&page);
        assert_eq!(status, if changes { 403 } else { 200 }, "{page}");
    }
    let history = browser.get(&format!("{}/history", held.path())).await;
    let at = history.html.find("/decisions/").expect("the purchase has its decision");
    let decision = &history.html[at..];
    let decision = &decision[..decision.find('"').unwrap()];
    let path = format!("{}{decision}", held.path());
    browser.get(&path).await.shows(200, "The proof");
    stranger.get(&path).await.shows(404, "This is not there");
    // A decision about another reservation is not among those of this one.
    let other = browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 1, "other").await;
    browser.get(&format!("{}{decision}", other.path())).await.shows(404, "This is not there");
}

#[tokio::test]
async fn a_change_is_reviewed_saved_once_and_never_over_another_one() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let path = format!("{}/configuration", held.path());
    let narrow = format!("{path}?scope=subscription&subscription={SUBSCRIPTION}&review=yes");
    let page = browser.get(&narrow).await;
    page.shows(200, "What the change does").shows(200, "Save the change");
    let form = page.form("post", &path);
    for _ in 0..2 {
        assert_eq!(browser.post(&form).await.leads(), format!("{path}?done=saved"));
    }
    let history = browser.get(&format!("{}/history", held.path())).await;
    assert_eq!(history.html.matches("<h3>Change ").count(), 1, "saved twice it is done once");
    history.shows(200, &format!("Subscription {SUBSCRIPTION}"));

    let stale = browser.get(&format!("{path}?flexibility=off&review=yes")).await;
    let stale = stale.form("post", &path);
    let rename = format!("{}/rename", held.path());
    let form = browser.get(&rename).await.form("post", &rename).with("name", "batch");
    assert_eq!(browser.post(&form).await.leads(), format!("{}?done=renamed", held.path()));
    browser.post(&stale).await.shows(409, "Somebody changed this reservation");
    browser.post(&form.with("name", " ")).await.shows(422, "Enter a name.");

    // A scope that is not there is refused before it is saved, and says so.
    let nowhere = browser.get(&format!("{path}?scope=management-group&management-group=x")).await;
    nowhere.shows(200, "This cannot be set").shows(200, "Not available");
    assert!(!nowhere.html.contains("Save the change"));
    let half = browser.get(&format!("{path}?scope=subscription&review=yes")).await;
    half.shows(200, "Choose what it is to be for.");
}

#[tokio::test]
async fn a_split_is_made_once_and_merged_again() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 5, "web").await;
    let path = format!("{}/split", held.path());
    browser.get(&path).await.shows(200, "value=\"3\"").shows(200, "value=\"2\"");
    browser.get(&format!("{path}?part=4&part=4")).await.shows(200, "It cannot be split like this");
    browser.get(&format!("{path}?part=x&part=1")).await.shows(200, "Enter whole numbers");
    let form = browser.get(&format!("{path}?part=4&part=1")).await.form("post", &path);
    for _ in 0..2 {
        let to = browser.post(&form).await.leads();
        assert_eq!(to, format!("{}?done=split", held.path()));
    }
    let page = browser.get(&format!("{}?done=split", held.path())).await;
    page.shows(200, "It was split. Its parts are listed below.");
    let part = page.html.rfind("class=\"identifier\" href=\"/reservations/").unwrap();
    let part = &page.html[part + 25..];
    let part = part[..part.find('"').unwrap()].to_owned();

    let merge = format!("{part}/merge");
    let page = browser.get(&merge).await;
    page.shows(200, "Choose at least one to merge with.");
    let box_ = page.html.find("name=\"with\" value=\"").unwrap() + 19 - 1;
    let with = page.html[box_..].split('"').find(|text| text.len() == 36).unwrap().to_owned();
    let page = browser.get(&format!("{merge}?with={with}")).await;
    page.shows(200, "2 reservations become web with 5 units");
    let form = page.form("post", &merge);
    let first = browser.post(&form).await.leads();
    assert!(first.ends_with("?done=merged"), "{first}");
    assert_eq!(browser.post(&form).await.leads(), first, "sent twice it is done once");
    let active: Vec<u32> = browser
        .held()
        .await
        .into_iter()
        .filter(|(_, _, state)| *state == "active")
        .map(|(_, units, _)| units)
        .collect();
    assert_eq!(active, [5]);
}

#[tokio::test]
async fn only_what_has_ended_is_put_out_of_sight_and_only_by_who_may() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let path = format!("{}/archive", held.path());
    browser.get(&path).await.shows(200, "It is live. Only what has ended");
    let rename = format!("{}/rename", held.path());
    let form = browser.get(&rename).await.form("post", &rename).with("archived", "yes");
    browser.post(&Form { action: path.clone(), ..form }).await.shows(409, "can be archived");
    browser.get(&held.path()).await.shows(200, "It is live. Only what has ended");
    browser.set_clock("2027-12-25T00:00:00Z").await;
    let mut browser = signed_in(&browser, TENANT, OWNER).await;
    let form = browser.get(&path).await.form("post", &path);
    let mut reader = signed_in(&browser, TENANT, READER).await;
    let token = reader.get(&held.path()).await.form("post", "/sign-out");
    let forged = form.clone().with("form_token", token.get("form_token"));
    reader.post(&forged).await.shows(403, "roles do not allow you to change reservations");
    for _ in 0..2 {
        let to = browser.post(&form).await.leads();
        assert_eq!(to, format!("{}?done=archived", held.path()));
    }
    browser.get(&held.path()).await.shows(200, "Unarchive").shows(200, "Archived");
}
