//! Access control: who has which role, giving and taking one, and why.

use crate::browser::{Browser, Form, Page, READER, SECRET, STRANGER, TENANT};
use crate::{NOW, owner};
use prorata_domain::term::BillingPlan;

const OWNER_ROLE: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const WATCHER: &str = "582fc458-8989-419f-a480-75249bc5db7e";

/// The page from a place on.
fn after(page: &Page, at: usize) -> Page {
    Page { status: page.status, headers: page.headers.clone(), html: page.html[at..].to_owned() }
}

/// The last form of a page that posts to an address: the one that gives a role.
fn give_form(page: &Page, path: &str) -> Form {
    let opening = format!("method=\"post\" action=\"{path}\"");
    after(page, page.html.rfind(&opening).unwrap()).form("post", path)
}

#[tokio::test]
async fn a_role_is_given_shown_and_taken_away() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let path = format!("{}/access", held.path());
    browser.get(&held.path()).await.shows(200, &format!("href=\"{path}\""));
    let page = browser.get(&path).await;
    page.shows(200, "Access control (IAM)").shows(200, "The whole tenant").shows(200, "The order");

    let form = page.form("post", &path);
    // The first form takes the buyer's role away; the last one gives.
    assert_eq!(form.get("act"), "remove");
    let give = give_form(&page, &path);
    let empty = browser.post(&give.clone().with("to", "").with("role", "")).await;
    empty.shows(422, "Say who gets the role.").shows(422, "Choose a role.");
    let nobody = give.clone().with("to", "nobody").with("role", WATCHER);
    let page = browser.post(&nobody).await;
    page.shows(422, "This is nobody of this tenant; give a name, a client id or an object id.");
    assert_eq!(give_form(&page, &path).get("to"), "nobody");

    let give = nobody.with("to", "Reader").with("at", "order").with("description", "looks on");
    for _ in 0..2 {
        let to = browser.post(&give).await.leads();
        assert_eq!(to, format!("{path}?done=given"), "sent twice it is done once");
    }
    let page = browser.get(&format!("{path}?done=given")).await;
    page.shows(200, "The role was given.").shows(200, "looks on");
    assert_eq!(page.html.matches("looks on").count(), 1);

    let row = page.html.find("looks on").unwrap();
    let remove = after(&page, row).form("post", &path);
    assert_eq!(browser.post(&remove).await.leads(), format!("{path}?done=removed"));
    assert_eq!(browser.post(&remove).await.leads(), format!("{path}?done=removed"));
    let page = browser.get(&path).await;
    assert!(!page.html.contains("looks on"));
}

#[tokio::test]
async fn why_names_the_reasons_and_leads_to_the_role_that_helps() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let path = format!("{}/access", held.path());
    let yes = browser.get(&format!("{path}?who=&action=return")).await;
    yes.shows(200, "is allowed to return reservations").shows(200, "Allows it by its name");
    let no = browser.get(&format!("{path}?who=reader&action=return")).await;
    no.shows(200, "reader is not allowed to return reservations")
        .shows(200, "Reader at the whole tenant")
        .shows(200, "The smallest change that would turn it into a yes");
    let start = no.html.find("#give\"").expect("a link to the form");
    let href = &no.html[..start];
    let href =
        href[href.rfind("href=\"").unwrap() + 6..].replace("&#38;", "&").replace("&amp;", "&");
    let form = give_form(&browser.get(&href).await, &path);
    assert_eq!(form.get("at"), "order");
    let done = browser.post(&form).await.leads();
    assert!(done.ends_with("?done=given"), "{done}");
    let now = browser.get(&format!("{path}?who=reader&action=return")).await;
    now.shows(200, "reader is allowed to return reservations");
    let unknown = browser.get(&format!("{path}?who=x&action=return")).await;
    unknown.shows(200, "Is nobody of this tenant");
}

#[tokio::test]
async fn a_reader_looks_and_a_stranger_learns_nothing() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let path = format!("{}/access", held.path());
    let give = give_form(&browser.get(&path).await, &path);

    let mut reader = browser.another();
    reader.cookies.clear();
    reader.sign_in(TENANT, READER).await;
    let page = reader.get(&path).await;
    page.shows(200, "Role assignments").shows(200, "The whole tenant");
    assert!(!page.html.contains("Give the role") && !page.html.contains("Remove"));
    let token = page.form("post", "/sign-out").get("form_token").to_owned();
    let forged = give.with("form_token", &token).with("to", "reader").with("role", OWNER_ROLE);
    reader.post(&forged).await.shows(403, "roles do not allow you to give roles");
    reader.get(&format!("{path}?who=&action=read")).await.shows(200, "is allowed to look");

    let mut stranger = browser.another();
    stranger.cookies.clear();
    stranger.sign_in(crate::browser::OTHER_TENANT, STRANGER).await;
    stranger.get(&path).await.shows(404, "This is not there");
    let order = format!("/reservations/{}/access", held.order);
    stranger.get(&order).await.shows(404, "This is not there");
    browser.get(&order).await.shows(200, "Roles on it hold for all its reservations");
    browser.get("/reservations/x/access").await.shows(404, "This is not there");
}

#[tokio::test]
async fn a_form_of_another_site_gives_nothing() {
    let mut browser = Browser::at(NOW).await;
    browser.sign_in(TENANT, crate::browser::OWNER).await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let path = format!("{}/access", held.path());
    let give = give_form(&browser.get(&path).await, &path);
    let give = give.with("to", "reader").with("role", WATCHER).with("at", "order");
    browser.post(&give.clone().without("form_token")).await.shows(403, "was not accepted");
    browser.post(&give.with("form_token", SECRET)).await.shows(403, "was not accepted");
    let page = browser.get(&path).await;
    assert_eq!(page.html.matches("Reservations Reader</td>").count(), 0);
}
