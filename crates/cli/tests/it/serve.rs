use crate::run::{Place, Server, run};
use prorata_testkit::postgres::Cluster;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_sandbox_tells_how_to_sign_in_and_keeps_its_secrets_across_starts() {
    let place = Place::new();
    let dir = place.0.join("data");
    let server = Server::start(&dir, &["--sandbox"]);
    let first = server.sandbox();
    assert_eq!(first["baseUrl"], server.url.as_str());
    let ca = first["caFile"].as_str().unwrap();
    assert!(ca.starts_with('/') && fs::metadata(ca).is_ok());
    let (owner, paying) = (&first["principals"][0], &first["subscriptions"][0]);
    assert_eq!(owner["tenantId"], paying["tenantId"]);
    assert_eq!(owner["roles"][0], "Owner");
    assert_eq!(paying["currency"], "USD");
    let mode = fs::metadata(server.sandbox_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(server.stop(), Some(0));

    let again = Server::start(&dir, &["--sandbox"]);
    let second = again.sandbox();
    assert_eq!(second["baseUrl"], again.url.as_str());
    assert_eq!(second["principals"], first["principals"]);
    assert_eq!(again.run(&["list"]).code, 0, "the secrets still work");
    assert_eq!(again.stop(), Some(0));
    assert!(run(&["verify", "--data", dir.to_str().unwrap()]).ok().contains("all hold"));
}

#[test]
fn without_a_sandbox_there_is_no_sample_world_and_no_such_route() {
    let place = Place::new();
    let dir = place.0.join("data");
    let server = Server::start(&dir, &[]);
    assert!(!dir.join("sandbox.json").exists());
    let answer = server.agent().get(format!("{}/sandbox/clock", server.url)).call().unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_running_request_is_answered_after_the_signal_to_stop() {
    let place = Place::new();
    let server = Server::start(&place.0.join("data"), &["--sandbox", "--tls", "off"]);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = b"{\"now\": \"2030-01-01T00:00:00Z\"}";
    write!(
        stream,
        "POST /sandbox/clock HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .unwrap();
    stream.write_all(&body[..10]).unwrap();
    // The server is now reading the body.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let stopping = std::thread::spawn(move || server.stop());
    std::thread::sleep(std::time::Duration::from_millis(300));
    stream.write_all(&body[10..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(stopping.join().unwrap(), Some(0));
}

#[test]
fn one_database_has_one_server() {
    let place = Place::new();
    let dir = place.0.join("data");
    let server = Server::start(&dir, &["--sandbox"]);
    let data = dir.to_str().unwrap();
    let said = run(&["serve", "--data", data, "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("in use") && said.err.contains("hint:"), "{}", said.err);
    assert_eq!(said.out, "");
    let port = server.url.rsplit(':').next().unwrap();
    let other = place.path("other");
    let said = run(&["serve", "--data", &other, "--listen", &format!("127.0.0.1:{port}")]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("cannot listen"), "{}", said.err);
}

#[test]
fn a_world_is_applied_once() {
    let place = Place::new();
    let world = place.file(
        "world.toml",
        r#"
[[tenants]]
id = "11111111-2222-4333-8444-555555555501"
name = "Hazel"
[[billingAccounts]]
id = "9"
agreement = "ea"
currency = "JPY"
payment = "prepayment"
usdRate = "0.0067"
prepaymentEnds = 2031-07-01
[[subscriptions]]
id = "11111111-2222-4333-8444-555555555502"
tenantId = "11111111-2222-4333-8444-555555555501"
billingAccount = "9"
name = "Hazel one"
[[principals]]
name = "hazel"
tenantId = "11111111-2222-4333-8444-555555555501"
clientId = "11111111-2222-4333-8444-555555555503"
clientSecret = "a secret of hazel"
[[roleAssignments]]
tenantId = "11111111-2222-4333-8444-555555555501"
clientId = "11111111-2222-4333-8444-555555555503"
role = "Owner"
scope = "/"
[[prices]]
resourceType = "VirtualMachines"
sku = "Standard_D2s_v5"
location = "japaneast"
term = "P1Y"
currency = "JPY"
unitTotal = "90000"
since = 2020-01-01
"#,
    );
    let data = place.path("data");
    let apply = || run(&["world", "apply", &world, "--data", &data]).ok();
    let count = |text: &str| text.split(' ').next().unwrap().parse::<u32>().unwrap();
    assert!(count(&apply()) >= 6);
    assert_eq!(count(&apply()), 0, "applying it again changes nothing");

    let server = Server::start(&place.0.join("data"), &[]);
    let ca = place.path("data/ca.pem");
    let quote = |secret: &str| {
        run(&[
            "quote",
            "--url",
            &server.url,
            "--ca",
            &ca,
            "--tenant",
            "11111111-2222-4333-8444-555555555501",
            "--client-id",
            "11111111-2222-4333-8444-555555555503",
            "--client-secret",
            secret,
            "--subscription",
            "11111111-2222-4333-8444-555555555502",
            "--sku",
            "standard_d2s_V5",
            "--location",
            "Japan East",
            "-n",
            "2",
            "-o",
            "json",
        ])
    };
    let body: Value = serde_json::from_str(&quote("a secret of hazel").ok()).unwrap();
    assert_eq!(body["properties"]["billingCurrencyTotal"]["amount"], 180_000);
    let wrong = quote("another secret");
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("invalid_client"), "{}", wrong.err);

    let bad = place.file("bad.json", r#"{"principals": [{"name": "x"}]}"#);
    let said = run(&["world", "apply", &bad, "--data", &place.path("other")]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("tenantId"), "{}", said.err);
}

#[test]
fn a_database_elsewhere_is_served_with_a_directory_for_our_own_files() {
    let Some(cluster) = Cluster::shared() else { return };
    let (place, database) = (Place::new(), cluster.database());
    let dir = place.0.join("state");
    let arguments = ["--sandbox", "--database", &database, "--state", dir.to_str().unwrap()];
    let server = Server::start_on(&dir, &arguments);
    let buy = ["buy", "--yes", "--sku", "Standard_D2s_v5", "-l", "westeurope"];
    server.run(&buy).ok();
    assert_eq!(server.stop(), Some(0));
    let again = Server::start_on(&dir, &arguments);
    assert_eq!(again.query(&["list"], "length(@)"), 1);
    assert_eq!(again.stop(), Some(0));
    assert!(run(&["verify", "--database", &database]).ok().contains("all hold"));
}
