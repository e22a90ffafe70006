//! What holds for all amounts and entries.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use prorata_ledger::rounding::{scale, share};
use prorata_ledger::{Account, Currency, Entry, EntryError, Money, MoneyError, Posting, Rounding};
use rust_decimal::Decimal;

const RULES: [Rounding; 4] =
    [Rounding::Instalment, Rounding::UsedPart, Rounding::Conversion, Rounding::Fee];

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn currencies() -> impl Strategy<Value = Currency> {
    select(vec!["USD", "EUR", "JPY", "KWD"]).prop_map(currency)
}

/// Amounts of every size, the largest and smallest among them.
fn minors() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -100_000..100_000i64, Just(0), Just(i64::MAX), Just(i64::MIN),]
}

fn postings() -> impl Strategy<Value = Vec<Posting>> {
    let one = (0..4u8, minors(), currencies()).prop_map(|(account, minor, currency)| Posting {
        account: Account::new(format!("account/{account}")),
        amount: Money::new(minor, currency),
    });
    vec(one, 0..8)
}

/// The exact sums by currency, in numbers that cannot overflow here.
fn sums(postings: &[Posting]) -> Vec<i128> {
    let mut sums: Vec<(Currency, i128)> = Vec::new();
    for posting in postings {
        let (currency, minor) = (posting.amount.currency(), i128::from(posting.amount.minor()));
        match sums.iter_mut().find(|sum| sum.0 == currency) {
            Some(sum) => sum.1 += minor,
            None => sums.push((currency, minor)),
        }
    }
    sums.into_iter().map(|(_, sum)| sum).collect()
}

/// Rounds `numerator` / `denominator`, both not negative, the obvious way.
fn rounded(numerator: i128, denominator: i128, rule: Rounding) -> i128 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    match rule {
        Rounding::Instalment => whole,
        Rounding::UsedPart | Rounding::Conversion | Rounding::Fee => {
            whole + i128::from(rest > denominator - rest || rest * 2 == denominator)
        }
        Rounding::Commitment => whole + i128::from(rest != 0),
    }
}

proptest! {
    #[test]
    fn no_entry_is_out_of_balance(postings in postings()) {
        match Entry::new(postings.clone()) {
            Ok(entry) => {
                prop_assert!(sums(entry.postings()).iter().all(|sum| *sum == 0));
                prop_assert!(entry.postings().len() >= 2);
                prop_assert!(entry.postings().iter().all(|one| !one.amount.is_zero()));
            }
            Err(EntryError::Unbalanced { minor, .. }) => prop_assert!(minor != 0),
            Err(EntryError::TooFew) => {
                prop_assert!(postings.iter().filter(|one| !one.amount.is_zero()).count() < 2);
            }
            Err(EntryError::Amount(fault)) => prop_assert_eq!(fault, MoneyError::TooLarge),
        }
    }

    #[test]
    fn what_balances_is_an_entry_in_any_order(
        amounts in vec((1..1_000_000_000i64, currencies()), 1..5),
        seed in any::<u64>(),
    ) {
        let mut postings = Vec::new();
        for (minor, currency) in amounts {
            for (account, minor) in [("one", minor), ("other", -minor)] {
                let amount = Money::new(minor, currency);
                postings.push(Posting { account: Account::new(account), amount });
            }
        }
        let turn = usize::try_from(seed % 97).unwrap() % postings.len();
        postings.rotate_left(turn);
        let entry = Entry::new(postings.clone()).unwrap();
        prop_assert_eq!(entry.postings(), &postings[..]);

        let text = serde_json::to_string(&entry).unwrap();
        prop_assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry);
        // A record that lost a posting, or a minor unit, is not read as an entry.
        let lost = serde_json::to_string(&postings[1..]).unwrap();
        prop_assert!(serde_json::from_str::<Entry>(&lost).is_err());
        postings[0].amount = postings[0].amount.plus(Money::new(1, postings[0].amount.currency())).unwrap();
        let changed = serde_json::to_string(&postings).unwrap();
        prop_assert!(serde_json::from_str::<Entry>(&changed).is_err());
    }

    #[test]
    fn sums_are_exact_or_an_error(one in minors(), other in minors(), count in minors()) {
        let [first, second] = [one, other].map(|minor| Money::new(minor, Currency::USD));
        let kept = |exact: i128| i64::try_from(exact).map_err(|_| MoneyError::TooLarge);
        let minor = |amount: Result<Money, MoneyError>| amount.map(Money::minor);
        prop_assert_eq!(minor(first.plus(second)), kept(i128::from(one) + i128::from(other)));
        prop_assert_eq!(minor(first.minus(second)), kept(i128::from(one) - i128::from(other)));
        prop_assert_eq!(minor(first.times(count)), kept(i128::from(one) * i128::from(count)));
        prop_assert_eq!(first.lesser(second).unwrap().minor(), one.min(other));
    }

    #[test]
    fn currencies_never_mix(one in minors(), other in minors()) {
        let (dollars, yen) = (Money::new(one, Currency::USD), Money::new(other, currency("JPY")));
        let mixed = Err(MoneyError::Mixed(Currency::USD, currency("JPY")));
        prop_assert_eq!(dollars.plus(yen), mixed);
        prop_assert_eq!(dollars.minus(yen), mixed);
        prop_assert_eq!(dollars.lesser(yen), mixed);
    }

    #[test]
    fn a_share_is_exact_but_for_one_rounding(
        minor in minors(), part in minors(), whole in minors(), rule in select(&RULES[..]),
        currency in currencies(),
    ) {
        let shared = share(Money::new(minor, currency), part, whole, rule);
        if whole <= 0 {
            prop_assert_eq!(shared, Err(MoneyError::NoWhole));
        } else if minor < 0 || part < 0 {
            prop_assert_eq!(shared, Err(MoneyError::Negative));
        } else {
            let exact = i128::from(minor) * i128::from(part);
            let expected = i64::try_from(rounded(exact, i128::from(whole), rule));
            let expected = expected.map(|minor| Money::new(minor, currency));
            prop_assert_eq!(shared, expected.map_err(|_| MoneyError::TooLarge));
        }
    }

    /// A part and its rest are the whole, whichever of the two is rounded.
    #[test]
    fn a_share_and_its_rest_are_the_amount(
        minor in 0..=i64::MAX, part in 0..2_000i64, more in 0..2_000i64,
    ) {
        let amount = Money::new(minor, Currency::USD);
        let whole = (part + more).max(1);
        let used = share(amount, part.min(whole), whole, Rounding::UsedPart).unwrap();
        let rest = amount.minus(used).unwrap();
        prop_assert!(!rest.is_negative());
        let other = share(amount, whole - part.min(whole), whole, Rounding::UsedPart).unwrap();
        prop_assert!((rest.minor() - other.minor()).abs() <= 1);
    }

    #[test]
    fn a_conversion_is_exact_but_for_one_rounding(
        minor in 0..1_000_000_000_000i64, millionths in 0..10_000_000i64,
        from in currencies(), to in currencies(), rule in select(&RULES[..]),
    ) {
        let rate = Decimal::new(millionths, 6);
        let converted = scale(Money::new(minor, from), rate, to, rule).unwrap();
        let numerator = i128::from(minor) * i128::from(millionths) * i128::from(to.minor_per_unit());
        let denominator = 1_000_000 * i128::from(from.minor_per_unit());
        prop_assert_eq!(i128::from(converted.minor()), rounded(numerator, denominator, rule));
        prop_assert_eq!(converted.currency(), to);
    }

    #[test]
    fn a_conversion_never_panics(
        minor in minors(), mantissa in any::<i64>(), places in 0..=28u32,
        from in currencies(), to in currencies(), rule in select(&RULES[..]),
    ) {
        let converted = scale(Money::new(minor, from), Decimal::new(mantissa, places), to, rule);
        if mantissa < 0 {
            prop_assert_eq!(converted, Err(MoneyError::Negative));
        }
    }

    #[test]
    fn an_amount_is_read_as_it_is_written(minor in minors(), currency in currencies()) {
        let amount = Money::new(minor, currency);
        prop_assert_eq!(Money::from_decimal(amount.to_decimal(), currency), Ok(amount));
        let shown = amount.to_string();
        let (digits, code) = shown.split_once(' ').unwrap();
        prop_assert_eq!(code, currency.code());
        let read: Decimal = digits.parse().unwrap();
        prop_assert_eq!(Money::from_decimal(read, currency), Ok(amount));
        let text = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), amount);
    }

    #[test]
    fn reading_an_amount_never_panics(mantissa in any::<i128>(), places in 0..=28u32) {
        let Ok(amount) = Decimal::try_from_i128_with_scale(mantissa >> 32, places) else {
            return Ok(());
        };
        for code in ["USD", "JPY", "KWD"] {
            match Money::from_decimal(amount, currency(code)) {
                Ok(money) => prop_assert_eq!(money.to_decimal(), amount),
                Err(MoneyError::TooFine(_) | MoneyError::TooLarge) => {}
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
