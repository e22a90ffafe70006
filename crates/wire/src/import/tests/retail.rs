//! The reader of price list pages.

use super::*;

fn read(text: &str) -> Result<Imported<PriceRow>, ImportError> {
    retail_json::read(text.as_bytes(), &Catalog::built_in(), &mut |_| ())
}

fn item(changes: &[(&str, &str)]) -> String {
    let mut members = vec![
        ("type", "\"Reservation\""),
        ("serviceName", "\"Virtual Machines\""),
        ("productName", "\"Virtual Machines Dv2 Series\""),
        ("armSkuName", "\"Standard_D5_v2\""),
        ("armRegionName", "\"westus2\""),
        ("reservationTerm", "\"1 Year\""),
        ("currencyCode", "\"USD\""),
        ("retailPrice", "4344.0"),
        ("effectiveStartDate", "\"2017-07-17T00:00:00Z\""),
        ("unitOfMeasure", "\"1 Hour\""),
        ("isPrimaryMeterRegion", "true"),
    ];
    for (name, value) in changes {
        members.retain(|(member, _)| member != name);
        if !value.is_empty() {
            members.push((name, value));
        }
    }
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}", members.join(", "))
}

#[test]
fn every_form_of_the_input_is_read() {
    let (one, three) = (item(&[]), item(&[("reservationTerm", "\"3 Years\"")]));
    let page = |items: &str| {
        format!("{{\"BillingCurrency\":\"USD\",\n\"Items\":[{items}\n],\"NextPageLink\":null}}")
    };
    let forms = [
        page(&format!("{one},\n{three}")),
        format!("{}\n\n{}", page(&one), page(&three)),
        format!("{}{}", page(&one), page(&three)),
        format!("[{one},{three}]"),
        format!("\u{feff}{one}\n{three}\n"),
        format!("\n{one}\r\n\r\n{three}"),
    ];
    for form in forms {
        let imported = read(&form).unwrap();
        assert_eq!(rejections(&imported), Vec::<String>::new(), "{form}");
        assert_eq!(imported.rows.len(), 2, "{form}");
        let row = &imported.rows[1];
        assert_eq!((row.term, row.unit_total.minor()), (Term::P3Y, 434_400));
        assert_eq!(row.series.as_deref(), Some("Dv2"));
    }
}

#[test]
fn other_prices_are_skipped_and_faults_are_named() {
    let items = [
        item(&[("type", "\"Consumption\"")]),
        item(&[("type", "\"SavingsPlan\"")]),
        item(&[("type", "")]),
        item(&[("reservationTerm", "\"2 Years\"")]),
        item(&[("retailPrice", "0.0")]),
        item(&[("retailPrice", "\"12\"")]),
        item(&[("retailPrice", "1.234")]),
        item(&[("armSkuName", "\"\"")]),
        item(&[("serviceName", "\"Bandwidth\"")]),
        item(&[("currencyCode", "7")]),
        item(&[("effectiveStartDate", "\"soon\"")]),
        item(&[("tierMinimumUnits", "10.0")]),
        "17".to_owned(),
        item(&[("retailPrice", "4.344E3")]),
        item(&[]),
    ];
    let imported = read(&format!("{{\"Items\":[\n{}]}}", items.join(",\n"))).unwrap();
    assert_eq!(imported.skipped, 2);
    assert_eq!(imported.skipped_because.len(), 2);
    assert_eq!(
        rejections(&imported),
        [
            "line 4: type: is missing",
            "line 5: reservationTerm: `2 Years` is not a term such as 1 Year",
            "line 6: retailPrice: is zero: a size without a price",
            "line 7: retailPrice: `\"12\"` is not a number",
            "line 8: retailPrice: 1.234 has more decimals than USD has (2)",
            "line 9: armSkuName: is missing",
            "line 10: serviceName: no resource type is known for Bandwidth, \
             Virtual Machines Dv2 Series",
            "line 11: currencyCode: is not a text",
            "line 12: effectiveStartDate: `soon` is not a UTC time",
            "line 13: tierMinimumUnits: a price that begins at a larger quantity",
            "line 14: not an item of the price list: invalid type: integer `17`, \
             expected struct Item",
            "line 16: the same key as line 15",
        ]
    );
    assert_eq!(imported.rows.len(), 1);
    assert_eq!(imported.rows[0].unit_total.minor(), 434_400);
}

#[test]
fn a_break_refuses_a_page_but_only_one_line_of_json_lines() {
    let one = item(&[]);
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(message(" \n"), "the input is empty");
    assert_eq!(
        message(&format!("{{\"Items\":[\n{one},\n{{\"type\": ")),
        "line 3: the JSON cannot be read: EOF while parsing a value"
    );
    let long = item(&[("armSkuName", &format!("\"{}\"", "x".repeat(MAX_LINE)))]);
    assert_eq!(
        message(&format!("{{\"Items\":[\n{long}]}}")),
        "line 2: the JSON cannot be read: an item is longer than 65536 bytes"
    );
    assert!(message("resource_type,sku\n").starts_with("line 1: the JSON cannot be read"));
    assert!(message("3").starts_with("line 1: the JSON cannot be read"));

    let other = item(&[("armSkuName", "\"other\"")]);
    let imported = read(&format!("{one}\n{{\"type\":\n{long}\n{other}\n")).unwrap();
    assert_eq!(imported.rows.len(), 2);
    assert_eq!(
        rejections(&imported),
        [
            "line 2: not an item of the price list: EOF while parsing a value",
            "line 3: the line is longer than 65536 bytes",
        ]
    );
}

/// More of one page than the longest item: the limit is for items, not for the page.
#[test]
fn a_long_page_is_streamed() {
    let items: Vec<String> =
        (0..2_000).map(|n| item(&[("armSkuName", &format!("\"S{n}\""))])).collect();
    let imported = read(&format!("{{\"Items\":[{}]}}", items.join(","))).unwrap();
    assert_eq!(imported.rows.len(), 2_000);
}
