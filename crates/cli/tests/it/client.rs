use crate::run::{Place, Server, run};
use serde_json::json;

/// The thin line and its refusals, at the day of the recorded quotes.
#[test]
fn quote_buy_return_and_exchange_from_the_command_line() {
    let place = Place::new();
    let server = Server::start(&place.0.join("data"), &["--sandbox"]);
    server.set_clock("2023-02-10T00:00:00Z");
    let b1ls = ["--sku", "Standard_B1ls", "--location", "westus"];
    let upfront = [&["quote"], &b1ls[..]].concat();
    let total = "properties.billingCurrencyTotal";
    assert_eq!(server.query(&upfront, total), json!({"currencyCode": "USD", "amount": 32.0}));
    assert!(server.run(&upfront).ok().contains("Total     32.00 USD"));
    let two_monthly = [&b1ls[..], &["--plan", "Monthly", "-n", "2"]].concat();
    assert_eq!(
        server.query(&[&["quote"], &two_monthly[..]].concat(), &format!("{total}.amount")),
        json!(63.84)
    );

    // What if changes nothing.
    let said = server.run(&[&["buy", "--what-if"], &two_monthly[..]].concat()).ok();
    assert!(said.contains("63.84 USD") && said.contains("12 of 5.32 USD"), "{said}");
    assert_eq!(server.query(&["list"], "length(@)"), json!(0));

    // Without a terminal nobody can be asked.
    let said = server.run(&[&["buy"], &two_monthly[..]].concat());
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--yes"), "{}", said.err);

    let order = server.query(&[&["buy", "--yes"], &two_monthly[..]].concat(), "name");
    let order = order.as_str().unwrap();
    let shown = server.run(&["show", order]).ok();
    assert!(shown.contains("2023-02-10  2023-02-10  5.32 USD  Succeeded"), "{shown}");
    assert!(shown.contains("2024-01-10              5.32 USD  Scheduled"), "{shown}");
    let reservation = server.query(&["list"], "[0].id");
    let reservation = reservation.as_str().unwrap().to_owned();
    assert!(server.run(&["show", &reservation]).ok().contains("Standard_B1ls"));

    // After 20 of 28 days of the first month: used 1.90 of 2.66, so 0.76 come back.
    server.set_clock("2023-03-02T00:00:00Z");
    let refund = ["refund", &reservation];
    let back = "properties.billingRefundAmount.amount";
    assert_eq!(server.query(&[&refund[..], &["--what-if"]].concat(), back), json!(0.76));
    let too_many = server.run(&[&refund[..], &["-n", "3", "--what-if"]].concat());
    assert_eq!(too_many.code, 3);
    assert!(too_many.out.contains("at most 2"), "{}", too_many.out);
    let too_many = server.run(&[&refund[..], &["-n", "3", "--yes"]].concat());
    assert_eq!((too_many.code, too_many.out.as_str()), (3, ""));
    assert!(too_many.err.starts_with("error: InvalidRefundQuantity: "), "{}", too_many.err);
    let done =
        server.query(&[&refund[..], &["--yes", "--reason", "smaller"]].concat(), "properties");
    assert_eq!(done["billingRefundAmount"]["amount"], 0.76);
    let session = done["sessionId"].as_str().unwrap();

    // The kept unit lives on; it goes for another, with a session of its own.
    let kept = server.query(&["list"], "[?properties.provisioningState=='Succeeded'].id | [0]");
    let given = format!("{}:1", kept.as_str().unwrap());
    let dearer = "Standard_B2s,location=westus,plan=Monthly,quantity=1";
    let exchange = ["exchange", "--return", &given, "--buy", dearer];
    let quote = server.query(&[&exchange[..], &["--what-if"]].concat(), "properties");
    assert_eq!(quote["refundsTotal"]["amount"], 30.02);
    assert_eq!(quote["purchasesTotal"]["amount"], 255.96);
    let cheaper = "Standard_B1ls,location=eastus,quantity=1";
    let low = server.run(&["exchange", "--return", &given, "--buy", cheaper, "--what-if"]);
    assert_eq!(low.code, 3, "{low:?}");
    assert!(low.out.contains("exchange-floor") && low.out.contains("3.02 USD"), "{}", low.out);
    let sessions = quote["sessionId"].as_str().unwrap();
    let done = server.run(&["exchange", "--session", sessions]).ok();
    assert!(done.contains("225.94 USD"), "{done}");
    let names = server.run(&[
        "list",
        "-o",
        "tsv",
        "--query",
        "[].sku.name",
        "--filter",
        "properties/provisioningState eq 'Succeeded'",
    ]);
    assert_eq!(names.ok(), "Standard_B2s\n");

    // Told again from the database.
    let session = session.to_owned();
    assert_eq!(server.stop(), Some(0));
    let data = place.path("data");
    let told = run(&["explain", &session, "--data", &data]).ok();
    assert!(told.contains("2.66 USD x 20 / 28, half up"), "{told}");
    assert!(run(&["verify", "--data", &data]).ok().contains("all hold"));
    let told = run(&["explain", order, "--data", &data]).ok();
    assert!(told.contains("purchase") && told.contains("2.66 USD"), "{told}");
    let nothing = "00000000-0000-4000-8000-000000000000";
    assert_eq!(run(&["explain", nothing, "--data", &data]).code, 1);
}

#[test]
fn others_see_and_do_what_their_roles_allow() {
    let place = Place::new();
    let server = Server::start(&place.0.join("data"), &["--sandbox"]);
    let buy = ["buy", "--yes", "--sku", "Standard_D2s_v5", "-l", "westeurope"];
    let uk = "a1de0000-5b01-4d10-8e21-90c4a7b3d103";
    let order = server.query(&[&buy[..], &["--subscription", uk, "--name", "UK"]].concat(), "name");
    let order = order.as_str().unwrap();
    let paid = "properties.planInformation.transactions[0].billingCurrencyTotal";
    let paid = server.query(&["show", order], paid);
    assert_eq!(paid, json!({"currencyCode": "GBP", "amount": 440.0}));
    let as_reader = |command: &[&str]| server.run(&[command, &["--as", "alder-reader"]].concat());
    assert!(as_reader(&["list"]).ok().contains("UK"));
    let denied = as_reader(&buy);
    assert_eq!(denied.code, 1);
    assert!(denied.err.contains("AuthorizationFailed"), "{}", denied.err);
    let elsewhere = server.run(&["show", order, "--as", "birch-owner"]);
    assert_eq!(elsewhere.code, 1);
    assert!(elsewhere.err.contains("ReservationOrderNotFound"), "{}", elsewhere.err);
    let as_administrator =
        server.run(&["list", "--as", "alder-reservations", "-o", "tsv", "--query", "length(@)"]);
    assert_eq!(as_administrator.ok(), "1\n");
    let bought_by_purchaser = server.run(
        &[
            &buy[..],
            &["--as", "alder-purchaser", "--subscription"],
            &["a1de0000-5b01-4d10-8e21-90c4a7b3d102"],
        ]
        .concat(),
    );
    bought_by_purchaser.ok();
    let nobody = server.run(&["list", "--as", "nobody"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("alder-owner"), "{}", nobody.err);
}

#[test]
fn split_merge_update_and_archive_from_the_command_line() {
    let place = Place::new();
    let server = Server::start(&place.0.join("data"), &["--sandbox"]);
    let buy =
        ["buy", "--yes", "--sku", "Standard_D2s_v5", "-l", "westeurope", "-n", "10", "--renew"];
    server.run(&buy).ok();
    let whole = server.query(&["list"], "[0].id");
    let whole = whole.as_str().unwrap();

    let wrong = server.run(&["split", whole, "7", "2", "--what-if"]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.out.contains("7 + 3"), "{}", wrong.out);
    let right = server.run(&["split", whole, "7", "3", "--what-if"]).ok();
    assert!(right.contains("Approved") && right.contains("units held"), "{right}");
    assert_eq!(server.query(&["list"], "length(@)"), json!(1), "what if changes nothing");
    let refused = server.run(&["split", whole, "7", "2"]);
    assert_eq!((refused.code, refused.out.as_str()), (3, ""));

    let parts = server.query(&["split", whole, "7", "3"], "[:2].id");
    let (one, other) = (parts[0].as_str().unwrap(), parts[1].as_str().unwrap());
    let shown = server.run(&["split", whole, "7", "3"]).ok();
    assert!(shown.contains("Split") && shown.contains("Off"), "{shown}");

    let renamed = server.run(&["update", one, "--name", "seven", "--flexibility", "off"]).ok();
    assert!(renamed.contains("seven"), "{renamed}");
    let same = server.run(&["update", one, "--name", "seven", "--what-if"]);
    assert_eq!(same.code, 3);
    assert!(same.out.contains("PatchValuesSameAsExisting"), "{}", same.out);
    assert_eq!(server.run(&["update", one]).code, 2, "nothing to change");

    let differ = server.run(&["merge", one, other, "--what-if"]);
    assert_eq!(differ.code, 3);
    assert!(differ.out.contains("instance flexibility"), "{}", differ.out);
    server.run(&["update", one, "--flexibility", "on"]).ok();
    let merged = server.query(&["merge", one, other], "[2].properties.quantity");
    assert_eq!(merged, json!(10));

    server.run(&["archive", one]).ok();
    let archived = server.query(&["show", one], "properties.archived");
    assert_eq!(archived, json!(true));
    server.run(&["archive", one, "--undo"]).ok();
    let live = server.query(&["list"], "[?properties.provisioningState=='Succeeded'].id | [0]");
    let still = server.run(&["archive", live.as_str().unwrap()]);
    assert_eq!(still.code, 3, "{still:?}");

    assert_eq!(server.stop(), Some(0));
    assert!(run(&["verify", "--data", &place.path("data")]).ok().contains("all hold"));
}
