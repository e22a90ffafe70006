use crate::run::{Place, run};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn the_story_is_the_same_each_time_to_the_cent() {
    let place = Place::new();
    let data = place.path("demo");
    let told = run(&["demo", "--once", "--data", &data]).ok();
    for says in [
        "Alder Freight buys 10 x Standard_D4s_v5 in westeurope for 3 Years for 22360.00 USD upfront.",
        "Birch Clinics buys 4 x Standard_D2s_v5 in westeurope for 1 Year for 2019.84 EUR in 12 \
         payments of 168.32 EUR.",
        // 3 of 10, after 44 of 1096 days.
        "269.30 USD  = 6708.00 USD x 44 / 1096, half up",
        "refund                           6438.70 USD  = 6708.00 USD - 269.30 USD",
        "Returned: 6438.70 USD goes to the prepayment.",
        "[NOT MET]     refund-cap, in force since 2020-07-01",
        "would pass: return a quantity of at most 10",
        "or:         ask again on 2028-07-09 or later",
        "Counted           48242.25 USD of 50000.00 USD",
        "Net payable        342.25 EUR",
        "Comes back  673.01 GBP, for a future purchase",
        "all hold",
    ] {
        assert!(told.contains(says), "`{says}` is missing from:\n{told}");
    }
    let sums: Vec<&str> = told.lines().filter(|line| line.starts_with("sum ")).collect();
    assert_eq!(sums.len(), 3);
    assert!(sums.iter().all(|line| line.contains(" 0.00 ")), "{sums:?}");

    let again = run(&["demo", "--once", "--data", &data]).ok();
    assert!(again.contains("told here before") && again.contains("all hold"), "{again}");
    assert!(run(&["verify", "--data", &data, "-o", "json", "--query", "broken"]).ok() == "null\n");
}

#[test]
fn a_story_without_a_place_leaves_nothing_behind() {
    let place = Place::new();
    let output =
        crate::run::prorata().args(["demo", "--once"]).env("TMPDIR", &place.0).output().unwrap();
    assert!(output.status.success());
    assert_eq!(std::fs::read_dir(&place.0).unwrap().count(), 0);
}

#[test]
fn after_the_story_the_demo_serves_until_it_is_stopped() {
    let place = Place::new();
    let mut child = crate::run::prorata()
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("TMPDIR", &place.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned)).unwrap();
    let file = lines
        .find_map(|line| {
            line.split_once("prorata list --sandbox-file ").map(|(_, file)| file.to_owned())
        })
        .unwrap();
    let listed = run(&["list", "--sandbox-file", &file, "--as", "birch-owner"]).ok();
    assert!(listed.contains("Records, larger"), "{listed}");
    let page = run(&["list", "--sandbox-file", &file, "--url", &url.replace("https", "http")]);
    assert!(page.err.contains("This port speaks HTTPS"), "{}", page.err);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_dir(&place.0).unwrap().count(), 0, "nothing is left behind");
}
