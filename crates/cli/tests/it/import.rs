use crate::run::{Place, run, run_with_input};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const PRICES: &str = "\
resource_type,sku,location,term,billing_plan,currency,unit_total,since
VirtualMachines,Standard_X1,westus,P1Y,,USD,100,2024-01-01
VirtualMachines,Standard_X1,westus,P3Y,Upfront,USD,0,2024-01-01
VirtualMachines,Standard_X2,westus,P1Y,,QQQ,100,2024-01-01
VirtualMachines,Standard_X1,westus,P1Y,,USD,101,2024-01-01
VirtualMachines,Standard_X3,westus,P1Y,Monthly,EUR,55.50,2024-01-01
";

#[test]
fn rejected_rows_are_told_by_line_field_and_reason() {
    let place = Place::new();
    let (file, data) = (place.file("prices.csv", PRICES), place.path("data"));
    let said = run(&["prices", "import", &file, "--data", &data]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.out, "2 written, 0 unchanged, 3 rejected, 0 skipped\n");
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", said.err);
    assert!(lines[0].starts_with("rejected line 3: unit_total: "), "{}", lines[0]);
    assert!(lines[1].starts_with("rejected line 4: currency: "), "{}", lines[1]);
    assert!(lines[2].starts_with("rejected line 5: the same key as line 2"), "{}", lines[2]);

    let again = run_with_input(&["prices", "import", "-", "--data", &data], PRICES);
    assert_eq!(again.ok(), "0 written, 2 unchanged, 3 rejected, 0 skipped\n");
}

#[test]
fn strictly_one_rejected_row_is_too_many() {
    let place = Place::new();
    let (file, data) = (place.file("prices.csv", PRICES), place.path("data"));
    let said = run(&["prices", "import", &file, "--data", &data, "--strict"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("3 rows were rejected; nothing was imported"), "{}", said.err);
    let then = run(&["prices", "import", &file, "--data", &data]).ok();
    assert!(then.starts_with("2 written, 0 unchanged"), "nothing was there: {then}");
}

#[test]
fn a_file_of_another_kind_is_refused_whole() {
    let place = Place::new();
    let data = place.path("data");
    let broken = place.file("broken.json", "{\"Items\": [{\"currencyCode\": \"USD\"");
    for (command, file) in [
        ("prices", place.file("empty.csv", "")),
        ("prices", place.file("other.csv", "colour,size\nred,1\n")),
        ("prices", broken),
        ("ratios", place.file("ratios.csv", PRICES)),
        ("sizes", place.file("sizes.csv", "colour\n")),
        ("prices", place.path("not-there.csv")),
    ] {
        let said = run(&[command, "import", &file, "--data", &data]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{command} {file}");
        assert!(said.err.starts_with("error: `"), "{}", said.err);
    }
}

#[test]
fn json_is_known_by_its_look_and_ratios_are_taken() {
    let place = Place::new();
    let data = place.path("data");
    let items = r#" {"Items": [{"currencyCode": "USD", "retailPrice": 32.0, "unitPrice": 32.0,
        "armRegionName": "westus", "armSkuName": "Standard_B1ls", "skuName": "B1ls",
        "serviceName": "Virtual Machines", "productName": "Virtual Machines BS Series",
        "effectiveStartDate": "2023-02-01T00:00:00Z", "reservationTerm": "1 Year",
        "type": "Reservation", "unitOfMeasure": "1 Hour", "meterName": "B1ls",
        "serviceFamily": "Compute"}]}"#;
    let said = run_with_input(&["prices", "import", "-", "--data", &data], items);
    assert!(said.out.ends_with("0 rejected, 0 skipped\n"), "{said:?}");
    let ratios = "InstanceSizeFlexibilityGroup,ArmSkuName,Ratio\nBS Series,Standard_B1ls,1\n\
                  BS Series,Standard_B1s,2.0\nBS Series,Standard_B2s,\n";
    let said = run_with_input(&["ratios", "import", "-", "--data", &data], ratios);
    assert_eq!(said.out, "2 written, 0 unchanged, 1 rejected, 0 skipped\n", "{said:?}");
}

#[test]
fn the_database_is_for_its_owner_alone_also_in_a_directory_that_is_not() {
    let place = Place::new();
    fs::create_dir(place.0.join("open")).unwrap();
    fs::set_permissions(place.0.join("open"), fs::Permissions::from_mode(0o755)).unwrap();
    let (file, data) = (place.file("prices.csv", PRICES), place.path("open"));
    run(&["prices", "import", &file, "--data", &data]).ok();
    for entry in fs::read_dir(&data).unwrap().map(Result::unwrap) {
        // The lock holds nothing.
        if entry.file_name() != "prorata.db.lock" {
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        }
    }
}
