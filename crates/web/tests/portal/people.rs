//! People at the portal: signing in with a password and a code, their account, and the attacks on
//! both.

use crate::browser::{Browser, HOSTILE, OTHER_TENANT, OWNER, Page, TENANT};
use prorata_app::second_factor::Rule;
use prorata_app::users::{self, NewUser};
use prorata_app::{Call, Caller, identity, world};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::term::BillingPlan;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

const NOW: &str = "2026-11-21T10:15:30Z";
const ANNA: &str = "anna@contoso.example";
const PASSWORD: &str = "correct horse battery";

/// A desk on which Anna owns everything and Bert looks.
async fn desk() -> Browser {
    let browser = Browser::at(NOW).await;
    let app = browser.app.clone();
    let person = |id: u128, name: &str| {
        json!({
            "id": uuid::Uuid::from_u128(id), "tenantId": TENANT, "userName": name,
            "displayName": HOSTILE, "password": PASSWORD,
        })
    };
    let role = |id: u128, role: &str| {
        let id = uuid::Uuid::from_u128(id);
        json!({ "tenantId": TENANT, "clientId": id, "role": role, "scope": "/" })
    };
    let document = json!({
        "tenants": [{"id": TENANT, "name": "ours"}, {"id": OTHER_TENANT, "name": "theirs"}],
        "users": [person(0xa, ANNA), person(0xb, "bert")],
        "roleAssignments": [role(0xa, "Owner"), role(0xb, "Reader")],
    });
    let document = serde_json::from_value(document).unwrap();
    tokio::task::spawn_blocking(move || world::apply(&app, document).unwrap()).await.unwrap();
    browser
}

async fn enter(browser: &mut Browser, user: &str, password: &str) -> Page {
    let form = browser.get("/sign-in").await.form("post", "/sign-in");
    browser.post(&form.with("user", user).with("password", password)).await
}

async fn anna(browser: &mut Browser) {
    assert_eq!(enter(browser, ANNA, PASSWORD).await.leads(), "/");
}

/// A form of the account page that does this.
async fn act(browser: &mut Browser, act: &str, fields: &[(&str, &str)]) -> Page {
    let form = browser.get("/account").await.form("post", "/account").with("act", act);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    browser.post(&form).await
}

/// The code of a seed, so many steps from now.
fn code(seed: &str, steps: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(seed.replace(' ', "")).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now.checked_add_signed(30 * steps).unwrap()).to_string()
}

/// Sets up one-time codes for who is signed in; answers the seed and the recovery codes.
async fn enrol(browser: &mut Browser) -> (String, Vec<String>) {
    let page = act(browser, "enrol", &[("proof", PASSWORD)]).await;
    page.shows(200, "<svg class=\"code\"").shows(200, "otpauth://totp/");
    let seed = between(&page.html, "<dt>Letters to type in</dt><dd class=\"identifier\">", "<");
    let form = page.form("post", "/account").with("code", &code(&seed, -1));
    let page = browser.post(&form).await;
    page.shows(200, "Your recovery codes");
    let codes = page.html.split("<li class=\"identifier\">").skip(1);
    (seed, codes.map(|rest| rest[..rest.find('<').unwrap()].to_owned()).collect())
}

fn between(text: &str, start: &str, end: &str) -> String {
    let rest = &text[text.find(start).unwrap_or_else(|| panic!("no {start}")) + start.len()..];
    rest[..rest.find(end).unwrap()].to_owned()
}

async fn give(browser: &mut Browser, code: &str) -> Page {
    let form = browser.get("/sign-in/code").await.form("post", "/sign-in/code");
    browser.post(&form.with("code", code)).await
}

#[tokio::test]
async fn a_person_signs_in_with_a_password_and_a_code() {
    let mut browser = desk().await;
    enter(&mut browser, "", "").await.shows(422, "Enter your user name.");
    enter(&mut browser, ANNA, "wrong").await.shows(422, "No user has this name and password.");
    enter(&mut browser, "nobody", PASSWORD).await.shows(422, "No user has this name and password.");
    anna(&mut browser).await;
    let (seed, recovery) = enrol(&mut browser).await;
    assert_eq!(recovery.len(), 10);
    browser.get("/account").await.shows(200, "10 recovery codes are left");

    let mut other = browser.another();
    let to = enter(&mut other, "Anna@Contoso.example", PASSWORD).await.leads();
    assert_eq!(to, "/sign-in/code?next=%2F");
    // The password alone opens nothing.
    assert!(other.get("/reservations").await.leads().starts_with("/sign-in?"));
    assert!(other.get("/account").await.leads().starts_with("/sign-in?"));
    give(&mut other, "000000").await.shows(422, "This code is wrong");
    assert_eq!(give(&mut other, &code(&seed, 0)).await.leads(), "/");
    other.get("/account").await.shows(200, "Where you are signed in");
}

#[tokio::test]
async fn attack_a_replayed_one_time_code_is_refused() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let (seed, _) = enrol(&mut browser).await;
    // The code that confirmed is used up, and so is each before it.
    let mut thief = browser.another();
    enter(&mut thief, ANNA, PASSWORD).await;
    give(&mut thief, &code(&seed, -1)).await.shows(422, "was used before");
    let fresh = code(&seed, 0);
    let mut owner = browser.another();
    enter(&mut owner, ANNA, PASSWORD).await;
    assert_eq!(give(&mut owner, &fresh).await.leads(), "/");
    give(&mut thief, &fresh).await.shows(422, "was used before");
    // Nor is one taken that is too far off.
    give(&mut thief, &code(&seed, 3)).await.shows(422, "This code is wrong");
}

#[tokio::test]
async fn attack_a_recovery_code_opens_once() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let (_, codes) = enrol(&mut browser).await;
    for (attempt, status) in [(1, 303), (2, 422)] {
        let mut other = browser.another();
        enter(&mut other, ANNA, PASSWORD).await;
        let page = give(&mut other, &codes[0].to_uppercase().replace('-', " ")).await;
        assert_eq!(page.status.as_u16(), status, "attempt {attempt}");
    }
    browser.get("/account").await.shows(200, "9 recovery codes are left");
    // New ones void the old ones.
    act(&mut browser, "codes", &[("proof", PASSWORD)]).await.shows(200, "Your recovery codes");
    let mut other = browser.another();
    enter(&mut other, ANNA, PASSWORD).await;
    give(&mut other, &codes[1]).await.shows(422, "This code is wrong");
}

#[tokio::test]
async fn attack_a_planted_session_is_not_taken_over() {
    let mut browser = desk().await;
    // Somebody plants their own session and the token of a form in the browser of the victim.
    let mut attacker = browser.another();
    enter(&mut attacker, "bert", PASSWORD).await;
    let planted = attacker.cookies["prorata"].clone();
    browser.cookies.insert("prorata".to_owned(), planted.clone());
    browser.cookies.insert("prorata-form".to_owned(), "known-to-both".to_owned());
    let form = attacker.another().get("/sign-in").await.form("post", "/sign-in");
    let form = form.with("form_token", "known-to-both");
    let page = browser.post(&form.with("user", ANNA).with("password", PASSWORD)).await;
    assert_eq!(page.leads(), "/");
    assert_ne!(browser.cookies["prorata"], planted, "signing in begins a session of its own");
    attacker.get("/account").await.leads();
    // A cookie of one's own making is no session either.
    let mut made = browser.another();
    made.cookies.insert("prorata".to_owned(), "A".repeat(43));
    assert!(made.get("/reservations").await.leads().starts_with("/sign-in"));
    anna(&mut made).await;
    assert_ne!(made.cookies["prorata"], "A".repeat(43));
}

#[tokio::test]
async fn attack_the_step_before_the_code_is_no_session() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let (seed, _) = enrol(&mut browser).await;
    let mut other = browser.another();
    enter(&mut other, ANNA, PASSWORD).await;
    let awaiting = other.cookies["prorata-code"].clone();
    other.cookies.insert("prorata".to_owned(), awaiting.clone());
    assert!(other.get("/reservations").await.leads().starts_with("/sign-in"));
    other.cookies.remove("prorata");
    give(&mut other, &code(&seed, 0)).await.leads();
    let session = other.cookies["prorata"].clone();
    assert_ne!(session, awaiting, "the code begins a session of its own");
    // And a session is none that awaits a code.
    let mut back = browser.another();
    back.cookies.insert("prorata-code".to_owned(), session);
    assert_eq!(back.get("/sign-in/code").await.leads(), "/sign-in");
}

#[tokio::test]
async fn attack_forms_of_others_do_nothing() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let mut bert = browser.another();
    enter(&mut bert, "bert", PASSWORD).await;
    let theirs = bert.get("/account").await.form("post", "/account").get("form_token").to_owned();
    let form = browser.get("/account").await.form("post", "/account").with("act", "end-all");
    for token in ["", "made-up", &theirs] {
        let page = browser.post(&form.clone().with("form_token", token)).await;
        page.shows(403, "This form was not accepted");
    }
    for (field, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "https://desk.evil.example", 403),
        ("origin", "https://desk", 303),
        ("sec-fetch-site", "same-origin", 303),
    ] {
        browser.sends = vec![(field, value.to_owned())];
        assert_eq!(browser.post(&form).await.status.as_u16(), status, "{field}: {value}");
    }
    // Nor before there is a session.
    let mut outside = browser.another();
    let form = outside.get("/sign-in").await.form("post", "/sign-in");
    outside.sends = vec![("origin", "https://evil.example".to_owned())];
    let form = form.with("user", ANNA).with("password", PASSWORD);
    outside.post(&form).await.shows(403, "This form was not accepted");
    outside.sends.clear();
    outside.post(&form.with("form_token", "made-up")).await.shows(403, "not accepted");
}

#[tokio::test]
async fn attack_a_stolen_cookie_is_worth_nothing_after_sign_out() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let mut thief = browser.another();
    thief.cookies.insert("prorata".to_owned(), browser.cookies["prorata"].clone());
    thief.get("/account").await.shows(200, "Where you are signed in");
    let form = browser.get("/account").await.form("post", "/sign-out");
    assert_eq!(browser.post(&form).await.leads(), "/sign-in?signed-out=1");
    assert!(thief.get("/account").await.leads().starts_with("/sign-in"));

    // It ends as well with a session that is revoked, a new password, a closed account.
    let steal = |browser: &Browser| {
        let mut thief = browser.another();
        thief.cookies.insert("prorata".to_owned(), browser.cookies["prorata"].clone());
        thief
    };
    let (mut first, mut second) = (browser.another(), browser.another());
    anna(&mut first).await;
    anna(&mut second).await;
    let mut thief = steal(&first);
    act(&mut second, "end-all", &[]).await.leads();
    assert!(thief.get("/account").await.leads().starts_with("/sign-in"));
    second.get("/account").await.shows(200, "This one");

    anna(&mut first).await;
    let mut thief = steal(&first);
    let new =
        [("old", PASSWORD), ("new", "four other loose words"), ("again", "four other loose words")];
    assert_eq!(act(&mut second, "password", &new).await.leads(), "/account?done=password");
    assert!(thief.get("/account").await.leads().starts_with("/sign-in"));
    second.get("/account").await.shows(200, "This one");
    enter(&mut first, ANNA, PASSWORD).await.shows(422, "No user has this name");
    assert_eq!(enter(&mut first, ANNA, "four other loose words").await.leads(), "/");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let mut other = browser.another();
    other.sends = vec![("user-agent", HOSTILE.to_owned())];
    anna(&mut other).await;
    let page = browser.get("/account").await;
    page.shows(200, "This one");
    let id = between(&page.html, "name=\"session\" value=\"", "\"");
    // Another's session is not there to be ended.
    let mut bert = browser.another();
    enter(&mut bert, "bert", PASSWORD).await;
    act(&mut bert, "end", &[("session", &id)]).await.shows(404, "This is not there");
    other.get("/account").await.shows(200, "This one");
    assert_eq!(act(&mut browser, "end", &[("session", &id)]).await.leads(), "/account?done=ended");
    assert!(other.get("/account").await.leads().starts_with("/sign-in"));
}

#[tokio::test]
async fn attack_nobody_locks_another_out() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    let form = browser.get("/account").await.form("post", "/sign-out");
    browser.post(&form).await;
    // A stranger at the same address fails until they have to wait.
    let mut stranger = browser.another();
    for _ in 0..5 {
        enter(&mut stranger, ANNA, "wrong").await.shows(422, "No user has this name");
    }
    let page = enter(&mut stranger, ANNA, PASSWORD).await;
    page.shows(429, "Too many attempts failed.");
    assert!(!page.header("retry-after").is_empty());
    // The browser that Anna was signed in with does not, nor does Bert.
    anna(&mut browser).await;
    assert_eq!(enter(&mut stranger, "bert", PASSWORD).await.leads(), "/");
    // The mark of a browser is for its account alone, and cannot be made up.
    let mut neighbour = browser.another();
    let mark = stranger.cookies["prorata-device"].clone();
    neighbour.cookies.insert("prorata-device".to_owned(), mark);
    enter(&mut neighbour, ANNA, PASSWORD).await.shows(429, "Too many attempts failed.");
}

#[tokio::test]
async fn an_invitation_is_taken_up_once() {
    let mut browser = desk().await;
    let owner = PrincipalId(uuid::Uuid::from_u128(0xa));
    let caller = Caller::new(TenantId::parse(TENANT).unwrap(), owner, OWNER, "owner");
    let call = Call::new(caller, browser.app.now(), identity::new_correlation());
    let new = NewUser { user_name: "carl".into(), display_name: HOSTILE.into(), mail: None };
    let added = browser.app.write_async(move |tx, _| users::add(tx, &call, &new)).await;
    let token = added.unwrap().1.token;
    let path = format!("/invitation?token={token}");
    let form = browser.get(&path).await.form("post", "/invitation");
    let set = |new: &str, again: &str| form.clone().with("password", new).with("again", again);
    browser.post(&set("one", "other")).await.shows(422, "The two passwords are not the same.");
    browser.post(&set("short", "short")).await.shows(422, "at least 12 characters");
    browser.post(&set("password1234", "password1234")).await.shows(422, "among the first");
    enter(&mut browser.another(), "carl", "").await.shows(422, "Enter your password");
    let good = set("four other loose words", "four other loose words");
    assert_eq!(browser.post(&good).await.leads(), "/sign-in?welcome=1");
    browser.post(&good).await.shows(404, "This invitation was taken up, or has lapsed.");
    browser.get(&path).await.shows(404, "This invitation was taken up, or has lapsed.");
    let page = enter(&mut browser, "carl", "four other loose words").await;
    assert_eq!(page.leads(), "/");
}

#[tokio::test]
async fn money_waits_for_a_second_factor_where_the_tenant_asks_for_it() {
    let mut browser = desk().await;
    let held = browser.buy("Standard_B2ts_v2", BillingPlan::Upfront, 3, "web").await;
    anna(&mut browser).await;
    browser.get(&held.refund()).await.shows(200, "Standard_B2ts_v2");
    let tenant = TenantId::parse(TENANT).unwrap();
    let set = browser.app.write_async(move |tx, _| {
        let owner = PrincipalId(uuid::Uuid::from_u128(0xa));
        let caller = Caller::new(tenant, owner, OWNER, "owner");
        let call = Call::new(caller, "2026-11-21T10:15:30Z".parse().unwrap(), uuid::Uuid::nil());
        users::set_rule(tx, &call, Rule::Money)
    });
    set.await.unwrap();
    browser.get(&held.path()).await.shows(200, "Standard_B2ts_v2");
    browser.get(&held.refund()).await.shows(403, "A second factor is asked for");
    browser.get("/account").await.shows(200, "Your tenant asks for a second factor");
    let (seed, _) = enrol(&mut browser).await;
    // Having one is not enough: the session has to have been begun with it.
    browser.get(&held.refund()).await.shows(403, "A second factor is asked for");
    let mut other = browser.another();
    enter(&mut other, ANNA, PASSWORD).await;
    give(&mut other, &code(&seed, 0)).await.leads();
    other.get(&held.refund()).await.shows(200, "Standard_B2ts_v2");
}

#[tokio::test]
async fn what_one_signs_in_with_is_changed_with_the_password_alone() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    for (deed, field) in [("enrol", "proof"), ("codes", "proof"), ("remove", "proof")] {
        let page = act(&mut browser, deed, &[(field, "wrong")]).await;
        assert!([422, 429].contains(&page.status.as_u16()), "{}", page.html);
    }
    let same = "four other loose words";
    let page =
        act(&mut browser, "password", &[("old", "wrong"), ("new", same), ("again", same)]).await;
    page.shows(422, "This is not your present password.");
    let page =
        act(&mut browser, "password", &[("old", PASSWORD), ("new", ANNA), ("again", ANNA)]).await;
    page.shows(422, "This password is among the first that would be tried");
    // A session does not guess without end either.
    for _ in 0..5 {
        act(&mut browser, "enrol", &[("proof", "wrong")]).await;
    }
    act(&mut browser, "enrol", &[("proof", PASSWORD)])
        .await
        .shows(429, "Too many attempts failed.");
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_known_one() {
    let browser = desk().await;
    let app = browser.app.clone();
    let shortest = tokio::task::spawn_blocking(move || {
        let time = |name: &str| {
            let began = std::time::Instant::now();
            let origin = prorata_app::Origin::default();
            assert!(users::sign_in(&app, name, "quite another one", &origin).is_err());
            began.elapsed()
        };
        // In turn and the shortest, so that what else the machine does weighs on neither alone.
        let times = (0..12).map(|_| (time(ANNA), time("nobody@contoso.example")));
        times.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1))).unwrap()
    });
    let (known, unknown) = shortest.await.unwrap();
    let (less, more) = (known.min(unknown), known.max(unknown));
    assert!(more < less * 2, "known {known:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn cookies_say_what_browsers_keep_them_by() {
    let mut browser = desk().await;
    anna(&mut browser).await;
    assert!(browser.set_cookies.iter().any(|set| set.starts_with("prorata=")));
    for set in &browser.set_cookies {
        let strict = !set.starts_with("prorata=");
        assert!(set.contains("; Path=/; HttpOnly; SameSite="), "{set}");
        assert_eq!(set.contains("SameSite=Strict"), strict, "{set}");
        assert!(!set.contains("Domain"), "{set}");
    }
}
