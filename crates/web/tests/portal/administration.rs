//! Administration: who sees it, what is shown once, and what is written down of it.

use crate::browser::{Browser, Form, HOSTILE, OWNER, Page, READER, TENANT};
use axum::body::Body;
use axum::http::{Method, Request};
use prorata_app::audit::search;
use prorata_app::{secrets, worker, world};
use prorata_domain::ids::TenantId;
use prorata_store::jobs::{self, NewJob};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const NOW: &str = "2026-11-21T10:15:30Z";

/// What a tenant's administrators look after, and what those at the desk do.
const OF_TENANT: [&str; 8] = [
    "/administration/principals",
    "/administration/principals/new",
    "/administration/assignments",
    "/administration/roles",
    "/administration/roles/new",
    "/administration/receivers",
    "/administration/receivers/new",
    "/administration/issuers",
];
const OF_DESK: [&str; 2] = ["/administration/imports", "/administration/jobs"];

async fn signed_in(tenant: &str, client: &str) -> Browser {
    let mut browser = Browser::at(NOW).await;
    browser.sign_in(tenant, client).await;
    browser
}

/// Lets the owner work at the desk.
async fn at_desk() -> Browser {
    let browser = signed_in(TENANT, OWNER).await;
    let app = browser.app.clone();
    let members = json!({ "deskMembers": [{ "tenantId": TENANT, "clientId": OWNER }] });
    let document = serde_json::from_value(members).unwrap();
    tokio::task::spawn_blocking(move || world::apply(&app, document).unwrap()).await.unwrap();
    browser
}

/// The page of the one principal that a search finds.
async fn page_of(browser: &mut Browser, name: &str) -> String {
    let list = browser.get(&format!("/administration/principals?q={name}")).await;
    list.shows(200, ">1 principal<");
    let mark = "<th scope=\"row\"><a href=\"";
    let rest = &list.html[list.html.find(mark).unwrap() + mark.len()..];
    rest[..rest.find('"').unwrap()].to_owned()
}

/// The form of the panel in which something is confirmed.
fn confirmation(asked: &Page, action: &str) -> Form {
    let start = asked.html.find("class=\"panel deliberate\"").unwrap();
    let html = asked.html[start..].to_owned();
    Page { status: asked.status, headers: asked.headers.clone(), html }.form("post", action)
}

/// What was done in the owner's tenant: actions with their details.
async fn audited(browser: &Browser) -> Vec<(String, String)> {
    let call = browser.owner();
    let query = search::Query { limit: 100, ..search::Query::default() };
    let found = browser.app.read_async(move |tx, app| search::run(tx, app, &call, &query)).await;
    let rows = found.unwrap().rows;
    rows.into_iter().map(|row| (row.action, row.details.unwrap_or_default())).collect()
}

/// What stands behind a mark, to the next tag.
fn told(page: &Page, mark: &str) -> String {
    let start = page.html.find(mark).unwrap_or_else(|| panic!("no {mark} in\n{}", page.html));
    let rest = &page.html[start + mark.len()..];
    let rest = &rest[rest.find('>').unwrap() + 1..];
    rest[..rest.find('<').unwrap()].to_owned()
}

#[tokio::test]
async fn others_have_no_such_section() {
    let mut reader = signed_in(TENANT, READER).await;
    let page = reader.get("/reservations").await;
    assert!(!page.html.contains("/administration"), "{}", page.html);
    reader.get("/administration").await.shows(404, "This is not there");
    for path in OF_TENANT.iter().chain(&OF_DESK) {
        reader.get(path).await.shows(404, "This is not there");
    }
    let token = page.form("post", "/sign-out").get("form_token").to_owned();
    let deeds = [
        ("/administration/principals/new", "add"),
        ("/administration/principals/33333333-0000-4000-8000-000000000001", "disable"),
        ("/administration/assignments", "give"),
        ("/administration/roles/new", "make"),
        ("/administration/receivers/new", "add"),
        ("/administration/deliveries", "retry"),
        ("/administration/jobs", "again"),
    ];
    for (path, act) in deeds {
        let form = Form { action: path.to_owned(), fields: Vec::new() };
        let form = form.with("form_token", &token).with("act", act).with("name", "x");
        reader.post(&form).await.shows(404, "This is not there");
    }
}

#[tokio::test]
async fn an_owner_looks_after_the_tenant_and_not_the_desk() {
    let mut owner = signed_in(TENANT, OWNER).await;
    owner.get("/reservations").await.shows(200, "href=\"/administration\"");
    owner.get("/administration").await.shows(200, "href=\"/administration/principals\"");
    for path in OF_TENANT {
        assert_eq!(owner.get(path).await.status.as_u16(), 200, "{path}");
    }
    for path in OF_DESK {
        owner.get(path).await.shows(404, "This is not there");
    }
    // Nobody of another tenant is there.
    let list = owner.get("/administration/principals").await;
    assert!(list.html.contains(">reader<") && !list.html.contains("stranger"), "{}", list.html);
}

#[tokio::test]
async fn both_halves_of_a_double_click_show_the_secret_and_so_does_one_that_was_cut_off() {
    let mut owner = signed_in(TENANT, OWNER).await;
    let mut twin = owner.another();
    twin.cookies = owner.cookies.clone();
    let path = page_of(&mut owner, "reader").await;
    let form = owner.get(&path).await.form("post", &format!("{path}#secrets-heading"));
    let form = Form { action: path.clone(), ..form }.with("name", "double").with("days", "30");
    let (one, other) = tokio::join!(owner.post(&form), twin.post(&form));
    assert_eq!(told(&one, "<code"), told(&other, "<code"));
    assert_eq!(owner.get(&path).await.html.matches("double").count(), 2);

    // The browser lets go of the first half, before it is answered.
    let form = owner.get(&path).await.form("post", &format!("{path}#secrets-heading"));
    let form = Form { action: path.clone(), ..form }.with("name", "cut off").with("days", "30");
    let cut_off = tokio::time::timeout(Duration::from_millis(1), twin.post(&form)).await;
    assert!(cut_off.is_err(), "a secret takes longer to be hashed");
    owner.post(&form).await.shows(200, "never again");
    assert_eq!(owner.get(&path).await.html.matches("cut off").count(), 2);
}

#[tokio::test]
async fn a_secret_is_made_once_shown_once_and_told_nobody() {
    let mut owner = signed_in(TENANT, OWNER).await;
    let path = page_of(&mut owner, "reader").await;
    let form = owner.get(&path).await.form("post", &format!("{path}#secrets-heading"));
    let form = Form { action: path.clone(), ..form };
    let faulty = owner.post(&form.clone().with("name", "").with("days", "x")).await;
    faulty.shows(422, "id=\"name-fault\"").shows(422, "id=\"days-fault\"");
    let form = form.with("name", "build server").with("days", "30");
    let page = owner.post(&form).await;
    page.shows(200, "never again");
    let secret = told(&page, "<code");
    assert!(secret.len() > 20, "{secret}");
    // The same form again, as a double click sends it, is the same answer; nothing more is made.
    assert_eq!(told(&owner.post(&form).await, "<code"), secret);
    let shown = owner.get(&path).await;
    assert_eq!(shown.html.matches("build server").count(), 2, "{}", shown.html);
    assert!(!shown.html.contains(&secret));

    // It signs in, and once it is revoked it does not.
    let app = owner.app.clone();
    let tenant = TenantId::parse(TENANT);
    let signs_in = move |secret: String| {
        let app = app.clone();
        tokio::task::spawn_blocking(move || secrets::sign_in(&app, tenant, READER, &secret).is_ok())
    };
    assert!(signs_in(secret.clone()).await.unwrap());
    // The last one listed is the new one; that of the world document stands first.
    let id = shown.html.rsplit("secret=").next().unwrap()[..36].to_owned();
    let asked = owner.get(&format!("{path}?do=remove-secret&secret={id}")).await;
    asked.shows(200, "build server").shows(200, "class=\"danger\"");
    let confirm = confirmation(&asked, &path);
    let done = owner.post_through(&confirm).await;
    done.shows(200, "The secret is revoked");
    assert!(!signs_in(secret.clone()).await.unwrap());
    assert_eq!(owner.post(&confirm).await.leads(), format!("{path}?done=secret-removed"));

    let lines = audited(&owner).await;
    let count = |action: &str| lines.iter().filter(|(done, _)| done == action).count();
    assert_eq!((count("add-secret"), count("remove-secret")), (1, 1), "{lines:?}");
    assert!(lines.iter().all(|(_, details)| !details.contains(&secret)));
}

#[tokio::test]
async fn a_person_is_invited_once_and_disabled_after_a_question() {
    let mut owner = signed_in(TENANT, OWNER).await;
    let form = owner.get("/administration/principals/new").await;
    let form = form.form("post", "/administration/principals/new");
    let wrong = form.clone().with("userName", "x").with("displayName", HOSTILE).with("mail", "no");
    let page = owner.post(&wrong).await;
    page.shows(422, "id=\"userName-fault\"").shows(422, "id=\"mail-fault\"");
    assert_eq!(page.form("post", "/administration/principals/new").get("displayName"), HOSTILE);
    let form = form.with("userName", "anna").with("displayName", HOSTILE).with("mail", "");
    let page = owner.post(&form).await;
    let link = told(&page, "<code");
    assert!(link.starts_with("http://desk/invitation?token="), "{link}");
    assert_eq!(told(&owner.post(&form).await, "<code"), link);
    let again = form.clone().with("id", &Uuid::new_v4().to_string());
    owner.post(&again).await.shows(422, "This user name is taken");

    let list = owner.get("/administration/principals?q=ANNA").await;
    list.shows(200, "1 principal").shows(200, "Invited");
    let path = page_of(&mut owner, "anna").await;
    let asked = owner.get(&format!("{path}?do=disable")).await;
    asked.shows(200, "Nobody signs in with it any more");
    let confirm = confirmation(&asked, &path);
    owner.post_through(&confirm).await.shows(200, "The account is disabled.");
    let mut anna = owner.another();
    let invitation = link.strip_prefix("http://desk").unwrap();
    assert_eq!(anna.get(invitation).await.status.as_u16(), 404, "a closed account");
    // Nobody locks themselves out.
    let own = page_of(&mut owner, OWNER).await;
    let own = owner.get(&own).await;
    assert!(!own.html.contains("do=disable"));
}

#[tokio::test]
async fn parked_jobs_run_again_for_those_at_the_desk() {
    let mut browser = at_desk().await;
    let app = browser.app.clone();
    let id = Uuid::from_u128(7);
    tokio::task::spawn_blocking(move || {
        let run_at = app.now();
        app.write(move |tx, _| {
            let payload = r#"{"order":"11111111-2222-4333-8444-555555555555"}"#;
            let kind = "nobody-knows";
            Ok(jobs::push(tx, &NewJob { id, kind, run_at, payload, version: 1 })?)
        })
        .unwrap();
        worker::run_due(&app, app.now()).unwrap();
    })
    .await
    .unwrap();
    let page = browser.get("/administration/jobs").await;
    page.shows(200, "1 was given up").shows(200, "no job is called `nobody-knows`");
    browser.get("/administration").await.shows(200, "1 job was given up");
    let form = page.form("post", "/administration/jobs");
    browser.post_through(&form).await.shows(200, "The job runs again.");
    let lines = audited(&browser).await;
    assert_eq!(lines.iter().filter(|(action, _)| action == "retry-job").count(), 1, "{lines:?}");
}

/// A form with a file, as a browser sends it.
async fn upload(browser: &mut Browser, form: &Form, file: &str, text: &str) -> Page {
    let mut body = String::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| name != "file") {
        body += &format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body += &format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file}\"\r\n\
         content-type: text/csv\r\n\r\n{text}\r\n--edge--\r\n"
    );
    let request = Request::builder()
        .method(Method::POST)
        .uri(&form.action)
        .header("host", "desk")
        .header("cookie", browser.cookie_header())
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

/// The report of an import, once it is there.
async fn report(browser: &mut Browser, path: &str) -> Page {
    for _ in 0..200 {
        let page = browser.get(path).await;
        if page.html.contains("report-heading") {
            return page;
        }
        page.shows(200, "data-poll=\"1\"");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no report at {path}");
}

const HEADER: &str = "resource_type,sku,location,term,billing_plan,currency,unit_total,since\n";
const GOOD: &str = "VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,12345.00,2026-01-01\n";
const BAD: &str = "VirtualMachines,Standard_D64s_v5,westus,P1Y,,USD,nothing,2026-01-01\n";

#[tokio::test]
async fn a_list_is_taken_in_whole_rows_with_a_report_of_the_others() {
    let mut browser = at_desk().await;
    let list = browser.get("/administration/imports").await;
    let form = list.form("post", "/administration/imports/new").with("kind", "prices");
    let text = format!("{HEADER}{GOOD}{BAD}");

    let strict = upload(&mut browser, &form.clone().with("strict", "yes"), "a.csv", &text).await;
    let page = report(&mut browser, &strict.leads()).await;
    page.shows(200, "Nothing was taken").shows(200, "you asked that nothing is taken");

    let form = form.without("strict").with("id", &Uuid::new_v4().to_string());
    let sent = upload(&mut browser, &form, "<b>.csv", &text).await.leads();
    let page = report(&mut browser, &sent).await;
    page.shows(200, "The good rows were taken")
        .shows(200, "unit_total")
        .shows(200, "data-label=\"Line\">3</td>");
    // The same form again changes nothing, and has the same report.
    assert_eq!(upload(&mut browser, &form, "<b>.csv", HEADER).await.leads(), sent);
    report(&mut browser, &sent).await.shows(200, "The good rows were taken");

    let form = form.with("id", &Uuid::new_v4().to_string());
    let sent = upload(&mut browser, &form, "c.csv", "sku,price\nx,1\n").await.leads();
    report(&mut browser, &sent).await.shows(200, "lacks");
    let list = browser.get("/administration/imports").await;
    list.shows(200, "&#60;b&#62;.csv").shows(200, "Taken in part").shows(200, "Refused");
    let lines = audited(&browser).await;
    assert_eq!(lines.iter().filter(|(action, _)| action == "import-list").count(), 3, "{lines:?}");
}

#[tokio::test]
async fn attack_a_file_of_somebody_else_is_not_taken() {
    let mut browser = at_desk().await;
    let list = browser.get("/administration/imports").await;
    let form = list.form("post", "/administration/imports/new").with("kind", "prices");
    let text = format!("{HEADER}{GOOD}");
    let forged = form.clone().with("form_token", "guessed");
    upload(&mut browser, &forged, "a.csv", &text).await.shows(403, "This form was not accepted");
    let without = form.clone().without("form_token");
    upload(&mut browser, &without, "a.csv", &text).await.shows(403, "This form was not accepted");
    upload(&mut browser, &form, "", &text).await.shows(422, "Choose a file.");
    // An owner who is not at the desk has no such form, and can make none.
    let mut owner = signed_in(TENANT, OWNER).await;
    let token = owner.get("/reservations").await.form("post", "/sign-out");
    let form = form.with("form_token", token.get("form_token"));
    upload(&mut owner, &form, "a.csv", &text).await.shows(404, "This is not there");
}

#[tokio::test]
async fn roles_are_made_given_and_taken_away() {
    let mut owner = signed_in(TENANT, OWNER).await;
    let form = owner.get("/administration/roles/new").await;
    let form = form.form("post", "/administration/roles/new");
    let form = form.with("name", "Looker").with("description", "").with("notActions", "");
    let wrong = form.clone().with("actions", "").with("scopes", "nowhere");
    owner.post(&wrong).await.shows(422, "id=\"actions-fault\"").shows(422, "id=\"scopes-fault\"");
    let form = form
        .with("actions", "Microsoft.Capacity/reservationOrders/read\nMicrosoft.Capacity/register/*")
        .with("scopes", "/providers/Microsoft.Capacity");
    let role = owner.post(&form).await.leads();
    owner.get(&role).await.shows(200, "The role is made.");
    // Sent twice it is one role.
    assert_eq!(owner.post(&form).await.leads().split('?').next(), role.split('?').next());

    let at = "/administration/assignments?at=%2Fproviders%2FMicrosoft.Capacity";
    let page = owner.get(at).await;
    let id = role.strip_prefix("/administration/roles/").unwrap();
    let id = id.split('?').next().unwrap();
    let form = page.form("post", "/administration/assignments").with("role", id);
    owner.post(&form.clone().with("to", "nobody at all")).await.shows(422, "id=\"to-fault\"");
    let form = form.with("to", "reader");
    owner.post_through(&form).await.shows(200, "The role is given.");
    owner.post_through(&form).await.shows(200, "The role is given.");
    let held = page_of(&mut owner, "reader").await;
    let held = owner.get(&held).await;
    held.shows(200, "Looker").shows(200, "All reservations");

    // What somebody has is not deleted.
    let path = format!("/administration/roles/{id}");
    let asked = owner.get(&format!("{path}?do=delete")).await;
    let delete = confirmation(&asked, &path);
    owner.post(&delete).await.shows(409, "existing role assignments");

    let mark = "%2fproviders%2fmicrosoft.capacity";
    let links = held.html.split("href=\"").map(|rest| rest.split('"').next().unwrap());
    let remove =
        links.filter(|link| link.contains("remove=") && link.to_lowercase().contains(mark));
    let remove = remove.last().unwrap().replace("&#38;", "&");
    let asked = owner.get(&remove).await;
    let confirm = confirmation(&asked, "/administration/assignments");
    owner.post_through(&confirm).await.shows(200, "The role is taken away.");
    owner.post_through(&confirm).await.shows(200, "The role is taken away.");
    owner.post_through(&delete).await.shows(200, "The role is deleted.");
}
