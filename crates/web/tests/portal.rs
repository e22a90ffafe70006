//! The portal, driven as a browser does: through links and forms, on a desk in memory.

#[path = "portal/access.rs"]
mod access;
#[path = "portal/administration.rs"]
mod administration;
#[path = "portal/browser.rs"]
mod browser;
#[path = "portal/buy.rs"]
mod buy;
#[path = "../src/portal/check.rs"]
mod check;
#[path = "portal/exchange.rs"]
mod exchange;
#[path = "portal/home.rs"]
mod home;
#[path = "portal/item.rs"]
mod item;
#[path = "portal/people.rs"]
mod people;
#[path = "portal/refund.rs"]
mod refund;
#[path = "portal/requests.rs"]
mod requests;
#[path = "portal/trade_in.rs"]
mod trade_in;

use axum::body::Body;
use axum::http::Request;
use browser::{Browser, HOSTILE, OTHER_TENANT, OWNER, READER, SECRET, STRANGER, TENANT};
use prorata_domain::term::BillingPlan;
use tower::ServiceExt;

const NOW: &str = "2026-11-21T10:15:30Z";

async fn owner() -> Browser {
    let mut browser = Browser::at(NOW).await;
    browser.sign_in(TENANT, OWNER).await;
    browser
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_sign_in_and_back() {
    let mut browser = Browser::at(NOW).await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    for path in ["/reservations", "/exchange", &held.path(), &held.refund()] {
        let to = browser.get(path).await.leads();
        assert!(to.starts_with("/sign-in?next=%2F"), "{to}");
    }
    let to = browser.get(&format!("{}?quantity=1", held.refund())).await.leads();
    let to = to.replace("/sign-in?", "/sign-in/program?");
    let form = browser.get(&to).await.form("post", "/sign-in/program");
    let form = form.with("tenant", TENANT).with("client", OWNER).with("secret", SECRET);
    assert_eq!(browser.post(&form).await.leads(), format!("{}?quantity=1", held.refund()));
    browser.get("/").await.shows(200, "Ending soon");
    assert_eq!(browser.get("/sign-in").await.leads(), "/");
}

#[tokio::test]
async fn a_long_address_is_come_back_to_whole() {
    let mut browser = Browser::at(NOW).await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 1, "web").await;
    let give = format!("&give={}%2F{}", held.order, held.id);
    let several = format!("/reservations/several?deed=renew-on{}", give.repeat(50));
    let to = browser.get(&several).await.leads().replace("/sign-in?", "/sign-in/program?");
    let form = browser.get(&to).await.form("post", "/sign-in/program");
    let form = form.with("tenant", TENANT).with("client", OWNER).with("secret", SECRET);
    assert_eq!(browser.post(&form).await.leads(), several);
}

#[tokio::test]
async fn a_session_ends_with_sign_out() {
    let mut browser = owner().await;
    let page = browser.get("/reservations").await;
    let form = page.form("post", "/sign-out");
    let mut stolen = browser.another();
    let out = browser.post(&form).await;
    assert_eq!(out.leads(), "/sign-in?signed-out=1");
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    browser.get("/sign-in?signed-out=1").await.shows(200, "You are signed out.");
    assert!(browser.get("/reservations").await.leads().starts_with("/sign-in"));
    assert!(stolen.get("/reservations").await.leads().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_form_of_a_session_that_ended_is_kept_and_done_once() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let page = browser.get(&held.refund()).await;
    let form = page.form("post", &held.refund()).with("reason", "cost").with("confirmed", "yes");
    browser.post(&page.form("post", "/sign-out")).await.leads();
    // A browser that does not say that a page of ours sent it is led to sign in.
    assert!(browser.post(&form).await.leads().starts_with("/sign-in?next="));
    browser.sends = vec![("sec-fetch-site", "same-origin".to_owned())];
    let page = browser.post(&form).await;
    page.shows(403, "You are not signed in any more").shows(403, "Send it again");
    let kept = page.form("post", &held.refund());
    browser.sign_in(TENANT, OWNER).await;
    let page = browser.post(&kept).await;
    page.shows(403, "This form was not accepted").shows(403, "Send it again");
    let again = page.form("post", &held.refund());
    for name in ["session", "quantity", "reason"] {
        assert_eq!(again.get(name), form.get(name), "{name}");
    }
    // What is typed is there, and what cannot be undone is looked at and confirmed again.
    let page = browser.post(&again).await;
    let again = page.shows(422, "id=\"confirmed-fault\"").form("post", &held.refund());
    assert_eq!((again.get("reason"), again.get("quantity")), ("cost", "3"));
    let again = again.with("confirmed", "yes");
    let to = browser.post(&again).await.leads();
    assert_eq!(browser.post(&again).await.leads(), to);
    assert_eq!(browser.of_order(held.order).await.len(), 1);

    // Passwords are not put into a page, and what says nothing is not kept.
    let secret = form.clone().with("form_token", "x").with("proof", SECRET);
    let page = browser.post(&secret).await;
    page.shows(403, "This form was not accepted");
    assert!(!page.html.contains(SECRET) && !page.html.contains("Send it again"));
    browser.sends = vec![("sec-fetch-site", "cross-site".to_owned())];
    let page = browser.post(&form).await;
    assert!(!page.html.contains("Send it again"), "{}", page.html);
}

#[tokio::test]
async fn sign_in_names_what_is_wrong_and_keeps_what_was_typed() {
    let mut browser = Browser::at(NOW).await;
    let empty = browser.get("/sign-in/program").await.form("post", "/sign-in/program");
    let page = browser.post(&empty.clone().with("tenant", "nonsense\"<b>")).await;
    page.shows(422, "Enter the id as 32 digits")
        .shows(422, "Enter the client&#39;s id.")
        .shows(422, "Enter the client&#39;s secret.");
    assert_eq!(page.form("post", "/sign-in/program").get("tenant"), "nonsense\"<b>");

    let wrong = empty.with("tenant", TENANT).with("client", OWNER).with("secret", "wrong");
    for _ in 0..20 {
        browser.post(&wrong).await.shows(422, "No client of this tenant has this id and secret.");
    }
    let page = browser.post(&wrong).await;
    page.shows(429, "Too many attempts failed.");
    assert!(!page.header("retry-after").is_empty());
    // The right secret has to wait as well; another client does not.
    browser.post(&wrong.clone().with("secret", SECRET)).await.shows(429, "Too many attempts");
    browser.sign_in(TENANT, READER).await;
}

#[tokio::test]
async fn a_form_that_is_not_ours_does_nothing() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let page = browser.get(&held.refund()).await;
    let form = page.form("post", &held.refund()).with("reason", "other").with("confirmed", "yes");
    let exchange = browser.get("/exchange").await.form("post", "/exchange").with("act", "purchase");
    let sign_out = page.form("post", "/sign-out");
    for form in [form.clone(), exchange, sign_out] {
        let without = form.clone().without("form_token");
        browser.post(&without).await.shows(403, "This form was not accepted");
        let other = form.with("form_token", "other");
        browser.post(&other).await.shows(403, "This form was not accepted");
    }
    let sign_in = browser.another().get("/sign-in").await.form("post", "/sign-in");
    browser.another().post(&sign_in).await.shows(403, "This form was not accepted");

    // The right token from another site is not enough either.
    let body: Vec<String> =
        form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::post(&form.action)
        .header("host", "desk")
        .header("cookie", browser.cookie_header())
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .unwrap();
    browser.send(request).await.shows(403, "This form was not accepted");
    assert_eq!(browser.held().await, [("Standard_B2ts_v2".to_owned(), 3, "active")]);
}

#[tokio::test]
async fn the_list_shows_what_is_there_and_pages_through_it() {
    let mut browser = owner().await;
    browser.get("/reservations").await.shows(200, "You see no reservations yet.");
    browser.get("/exchange").await.shows(200, "so there is nothing to exchange");
    let hostile = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 1200, HOSTILE).await;
    let page = browser.get("/reservations").await;
    page.shows(200, "&#60;script&#62;alert(1)")
        .shows(200, ">1,200</td>")
        .shows(200, "West US")
        .shows(200, &hostile.path());
    for _ in 0..60 {
        browser.buy("Standard_B2s_v2", BillingPlan::Upfront, 1, "web").await;
    }
    let page = browser.get("/reservations").await;
    page.shows(200, "Active <span class=\"count\">61</span>")
        .shows(200, "Ended <span class=\"count\">0</span>");
    assert_eq!(page.html.matches("<th scope=\"row\">").count(), 50);
    let next = page.html.split("href=\"").find(|part| part.contains("after=")).unwrap();
    let next = next[..next.find('"').unwrap()].replace("&#38;", "&");
    let page = browser.get(&next).await;
    page.shows(200, "First page");
    assert_eq!(page.html.matches("<th scope=\"row\">").count(), 11);
    assert!(!page.html.contains("Next page"));
    browser.get("/reservations?show=ended").await.shows(200, "No reservation that you may see");
    browser.get("/reservations?show=expiring").await.shows(200, "is about to end");
}

#[tokio::test]
async fn one_reservation_shows_its_figures_and_its_payments() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Monthly, 3, "web").await;
    browser.set_clock("2026-12-25T00:00:00Z").await;
    let page = browser.get(&held.path()).await;
    page.shows(200, "3 × Standard_B2ts_v2, West US, 1 year, paid monthly")
        .shows(200, "in 331 days")
        .shows(200, &format!("href=\"/exchange?give={}/{}\"", held.order, held.id));
    let page = browser.get(&format!("{}/payments", held.path())).await;
    page.shows(200, "15.96").shows(200, "21 Dec 2026");
    assert_eq!(page.html.matches(">Paid</span>").count(), 2);
    assert_eq!(page.html.matches(">Scheduled</span>").count(), 10);
    browser
        .get(&format!("{}/properties", held.path()))
        .await
        .shows(200, &held.order.to_string())
        .shows(200, "Enterprise Agreement");
}

#[tokio::test]
async fn errors_are_pages_that_say_what_to_do() {
    let mut browser = owner().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    let nothing = "00000000-0000-4000-8000-000000000000";
    for path in [
        "/reservations/x/y".to_owned(),
        "/reservations/only-one".to_owned(),
        format!("/reservations/{nothing}/{nothing}"),
        format!("/reservations/{}/{nothing}/refund", held.order),
        format!("{}/refund/{nothing}", held.path()),
        format!("{}/refund/x", held.path()),
        format!("/exchange/{nothing}"),
        "/exchange/x/y".to_owned(),
        "/assets/x.css".to_owned(),
    ] {
        browser.get(&path).await.shows(404, "What you can do");
    }
    browser.get("/sign-out").await.shows(405, "This address is not a page");
    browser.get("/reservations?after=nonsense").await.shows(400, "The request could not be read");

    let mut reader = browser.another();
    reader.sign_in(TENANT, READER).await;
    reader.get(&held.path()).await.shows(200, "Standard_B2ts_v2");
    reader
        .get(&held.refund())
        .await
        .shows(403, "Your roles do not allow you to return reservations");

    let mut stranger = browser.another();
    stranger.sign_in(OTHER_TENANT, STRANGER).await;
    stranger.get(&held.path()).await.shows(404, "This is not there");
    stranger.get(&held.refund()).await.shows(404, "This is not there");
}

#[tokio::test]
async fn a_form_beyond_all_measure_is_refused_with_a_page() {
    let mut browser = owner().await;
    let form = browser.get("/exchange").await.form("post", "/sign-out");
    let large = form.with("name", &"x".repeat(200_000));
    browser.post(&large).await.shows(413, "The form could not be read");
    browser.get("/reservations").await.shows(200, "Reservations");
}

#[tokio::test]
async fn the_portal_and_the_api_live_side_by_side() {
    let browser = Browser::at(NOW).await;
    let options = prorata_web::Options { sandbox: false, secure_cookies: true };
    let router = prorata_web::router(browser.app.clone(), options);
    let get = |path: &str| {
        let request = Request::get(path).header("host", "desk").body(Body::empty()).unwrap();
        router.clone().oneshot(request)
    };
    let page = get("/sign-in").await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    let cookie = page.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-prorata-form="), "{cookie}");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(get("/reservations").await.unwrap().status(), 303);
    let api = get("/providers/Microsoft.Capacity/operations").await.unwrap();
    assert!(api.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    let policy = |answer: &axum::response::Response| {
        answer.headers()["content-security-policy"].to_str().unwrap().to_owned()
    };
    assert!(policy(&page).contains("default-src 'self'") && !policy(&page).contains("sandbox"));
    assert!(policy(&api).contains("default-src 'none'") && policy(&api).contains("sandbox"));
    for answer in [&page, &api] {
        assert!(policy(answer).contains("frame-ancestors 'none'"));
        assert!(answer.headers().contains_key("referrer-policy"));
    }
}

#[tokio::test]
async fn assets_are_kept_and_pages_are_not() {
    let mut browser = Browser::at(NOW).await;
    let page = browser.get("/sign-in").await;
    for start in ["/assets/portal-", "/assets/mark-"] {
        let path = &page.html[page.html.find(start).unwrap()..];
        let path = path[..path.find('"').unwrap()].to_owned();
        let asset = browser.get(&path).await;
        assert_eq!(asset.status, 200);
        assert!(asset.header("cache-control").contains("immutable"));
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
    }
    for name in ["x-frame-options", "referrer-policy", "cross-origin-opener-policy"] {
        assert!(!page.header(name).is_empty(), "{name}");
    }
}
