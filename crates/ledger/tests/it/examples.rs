//! Rounding rules by the recorded figures, and the edges by hand.

use prorata_ledger::rounding::{scale, share};
use prorata_ledger::{Account, Currency, Entry, EntryError, Money, MoneyError, Posting, Rounding};
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').unwrap();
    Money::from_decimal(amount.parse().unwrap(), Currency::parse(currency).unwrap()).unwrap()
}

fn rate(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn posting(account: &str, amount: &str) -> Posting {
    Posting { account: Account::new(account), amount: money(amount) }
}

#[test]
fn shares_by_rule() {
    use Rounding::{Instalment, UsedPart};
    for (amount, part, whole, rule, expected) in [
        // The recorded purchase of 2023-02-10, refund of 2022-09-20 and exchange of 2022-06-28.
        ("32.00 USD", 1, 12, Instalment, "2.66 USD"),
        ("2.58 USD", 22, 31, UsedPart, "1.83 USD"),
        ("78.63 GBP", 11, 30, UsedPart, "28.83 GBP"),
        ("78.63 GBP", 13, 30, UsedPart, "34.07 GBP"),
        ("0.01 USD", 1, 2, UsedPart, "0.01 USD"),
        ("0.01 USD", 1, 2, Instalment, "0.00 USD"),
        ("0.03 USD", 1, 2, UsedPart, "0.02 USD"),
        ("0.01 USD", 49, 100, UsedPart, "0.00 USD"),
        ("99999 JPY", 1, 12, Instalment, "8333 JPY"),
        ("0.833 KWD", 10, 28, UsedPart, "0.298 KWD"),
        ("0.00 USD", 5, 7, UsedPart, "0.00 USD"),
        ("5.00 USD", 0, 7, UsedPart, "0.00 USD"),
        ("5.00 USD", 7, 7, Instalment, "5.00 USD"),
    ] {
        let shared = share(money(amount), part, whole, rule).unwrap();
        assert_eq!(shared, money(expected), "{amount} x {part} / {whole}, {rule:?}");
    }
}

#[test]
fn conversions_by_rule() {
    use Rounding::{Conversion, Fee, Instalment};
    let cases = [
        ("1.83 GBP", "1.19", "USD", Conversion, "2.18 USD"),
        ("20.72 GBP", "1.2027", "USD", Conversion, "24.92 USD"),
        ("2400.00 USD", "0.12", "USD", Fee, "288.00 USD"),
        ("0.50 USD", "0.01", "USD", Fee, "0.01 USD"),
        ("0.49 USD", "0.01", "USD", Fee, "0.00 USD"),
        ("0.99 USD", "1", "JPY", Instalment, "0 JPY"),
        ("72602 JPY", "0.0067", "USD", Conversion, "486.43 USD"),
        ("8.330 KWD", "3.25", "USD", Conversion, "27.07 USD"),
        ("1.00 USD", "0", "EUR", Conversion, "0.00 EUR"),
        // The same number of another currency is not the same amount.
        ("100.00 USD", "1", "JPY", Conversion, "100 JPY"),
    ];
    for (amount, by, to, rule, expected) in cases {
        let converted = scale(money(amount), rate(by), Currency::parse(to).unwrap(), rule);
        assert_eq!(converted.unwrap(), money(expected), "{amount} at {by}");
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let most = Money::new(i64::MAX, Currency::USD);
    let yen = Currency::parse("JPY").unwrap();
    let dinar = Currency::parse("KWD").unwrap();
    assert_eq!(share(most, 1, 1, Rounding::UsedPart), Ok(most));
    assert_eq!(share(most, i64::MAX, i64::MAX, Rounding::UsedPart), Ok(most));
    assert_eq!(share(most, 2, 1, Rounding::UsedPart), Err(MoneyError::TooLarge));
    assert_eq!(share(most, i64::MAX, 1, Rounding::Instalment), Err(MoneyError::TooLarge));
    assert_eq!(share(most, 1, 0, Rounding::UsedPart), Err(MoneyError::NoWhole));
    assert_eq!(share(most, 1, -1, Rounding::UsedPart), Err(MoneyError::NoWhole));
    assert_eq!(share(most, -1, 1, Rounding::UsedPart), Err(MoneyError::Negative));
    let to = |by: Decimal, to| scale(most, by, to, Rounding::Conversion);
    assert_eq!(to(Decimal::ONE, Currency::USD), Ok(most));
    assert_eq!(to(rate("1.0000000001"), Currency::USD), Err(MoneyError::TooLarge));
    assert_eq!(to(Decimal::ONE, dinar), Err(MoneyError::TooLarge));
    assert_eq!(to(Decimal::MAX, yen), Err(MoneyError::TooLarge));
    assert_eq!(to(rate("-0.5"), yen), Err(MoneyError::Negative));
    assert_eq!(to(rate("-0"), yen), Ok(Money::zero(yen)));
    assert_eq!(most.plus(Money::new(1, Currency::USD)), Err(MoneyError::TooLarge));
    let least = Money::new(i64::MIN, Currency::USD);
    assert_eq!(Money::zero(Currency::USD).minus(least), Err(MoneyError::TooLarge));
    assert_eq!(least.times(-1), Err(MoneyError::TooLarge));
    let many = [most, most].into_iter();
    assert_eq!(Money::sum(Currency::USD, many), Err(MoneyError::TooLarge));
    assert_eq!(Money::sum(yen, []), Ok(Money::zero(yen)));
}

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    let read = |amount: &str, currency: &str| {
        let currency = Currency::parse(currency).unwrap();
        Money::from_decimal(rate(amount), currency).map(Money::minor)
    };
    let too_fine = |code: &str| Err(MoneyError::TooFine(Currency::parse(code).unwrap()));
    assert_eq!(read("12.34", "USD"), Ok(1234));
    assert_eq!(read("12.340000", "USD"), Ok(1234));
    assert_eq!(read("-0.01", "USD"), Ok(-1));
    assert_eq!(read("12.345", "USD"), too_fine("USD"));
    assert_eq!(read("12.345", "KWD"), Ok(12_345));
    assert_eq!(read("12", "JPY"), Ok(12));
    assert_eq!(read("12.5", "JPY"), too_fine("JPY"));
    assert_eq!(read("92233720368547758.07", "USD"), Ok(i64::MAX));
    assert_eq!(read("92233720368547758.08", "USD"), Err(MoneyError::TooLarge));
    assert_eq!(read("79228162514264337593543950335", "USD"), Err(MoneyError::TooLarge));
    assert_eq!(money("12.30 USD").to_string(), "12.30 USD");
    assert_eq!(money("12 JPY").to_string(), "12 JPY");
    assert_eq!(money("-0.005 KWD").to_string(), "-0.005 KWD");
}

#[test]
fn codes_are_read_in_any_casing_and_from_records_only_when_they_are_known() {
    assert_eq!(Currency::parse("usd"), Ok(Currency::USD));
    for wrong in ["", "US", "USDX", "XXQ", " USD", "U$D"] {
        assert!(Currency::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(serde_json::to_string(&Currency::USD).unwrap(), "\"USD\"");
    assert!(serde_json::from_str::<Currency>("\"XXQ\"").is_err());
    assert!(serde_json::from_str::<Money>("{\"minor\":1.5,\"currency\":\"USD\"}").is_err());
}

#[test]
fn an_entry_balances_in_each_currency() {
    let new =
        |postings: &[Posting]| Entry::new(postings.to_vec()).map(|entry| entry.postings().len());
    let (dollars, less) = (posting("a", "1.00 USD"), posting("b", "-1.00 USD"));
    let (yen, less_yen) = (posting("a", "100 JPY"), posting("b", "-100 JPY"));
    assert_eq!(new(&[dollars.clone(), less.clone()]), Ok(2));
    assert_eq!(new(&[dollars.clone(), yen.clone(), less.clone(), less_yen.clone()]), Ok(4));
    // A hundred cents do not balance a hundred yen.
    assert_eq!(
        new(&[dollars.clone(), less_yen.clone()]),
        Err(EntryError::Unbalanced { currency: Currency::USD, minor: 100 })
    );
    let jpy = Currency::parse("JPY").unwrap();
    assert_eq!(
        new(&[dollars.clone(), yen, less.clone()]),
        Err(EntryError::Unbalanced { currency: jpy, minor: 100 })
    );
    assert_eq!(new(&[]), Err(EntryError::TooFew));
    assert_eq!(new(&[posting("a", "0.00 USD"), posting("b", "0 JPY")]), Err(EntryError::TooFew));
    assert_eq!(new(&[dollars, posting("c", "0.00 USD"), less]), Ok(2));
}
