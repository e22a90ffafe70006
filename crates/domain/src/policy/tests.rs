//! The built-in book, and what its values answer. Reading files is tested in `reading`.

mod reading;

use super::*;
use jiff::civil::date;
use prorata_ledger::{Currency, Money};

#[test]
fn the_built_in_book_is_whole() {
    let book = Book::parse(BUILT_IN.iter().copied()).unwrap_or_else(|faults| {
        panic!("{}", faults.iter().map(|f| format!("\n{f}")).collect::<String>())
    });
    let infos: Vec<_> = book.clauses().collect();
    assert_eq!(infos.iter().map(|info| info.id).collect::<Vec<_>>(), ClauseId::ALL);
    for info in infos {
        assert!(!info.says.is_empty() && !info.applies.is_empty(), "{}", info.id);
        // Every day of the book can be decided on.
        assert_eq!(info.values[0].since, id::BEGINNING, "{}", info.id);
        assert_eq!(book.says(info.id), info.says);
        for value in &info.values {
            assert_eq!(book.source(info.id, value.since), value.source);
            assert!(!value.summary.is_empty(), "{}", info.id);
            assert_eq!(info.on(value.since), Some(value));
        }
        let has_file = BUILT_IN.iter().any(|file| file.0 == format!("{}.toml", info.id));
        assert_eq!(has_file, DATED.contains(&info.id), "{}", info.id);
        assert_eq!(id::structural(info.id).is_none(), has_file, "{}", info.id);
    }
}

/// What each clause said from which day on. Later dates may be added without a change here.
#[test]
fn histories() {
    let on = |clause: ClauseId, day: Date| {
        let info = Book::built_in().clauses().find(|info| info.id == clause).unwrap();
        let value = info.on(day).unwrap();
        format!("{} {}", value.since, value.summary)
    };
    let five = "Databricks, VMwareCloudSimple, RedHatOsa, RedHat, SuseLinux";
    let six = "Databricks, SynapsePrePurchase, VMwareCloudSimple, RedHatOsa, RedHat, SuseLinux";
    let stricter = "Databricks, SynapsePrePurchase, RedHatOsa, RedHat, SuseLinux, MDC, Sentinel";
    let all = "RedHatOsa, RedHat, SuseLinux, Databricks, SynapsePrePurchase, MDC, Sentinel, \
               GitHub, GitHubAICredits, CopilotCredit, AgentPrePurchase";
    let only_cash = "only the money paid back counts";
    let no_fee = "no fee; a rate of 0.12 is reserved and not charged";
    let compute = "VirtualMachines, DedicatedHost, AppService";
    let databases = "SqlDatabases, SqlManagedInstance, SqlElasticPool, PostgreSql, MySql, \
                     CosmosDb, DocumentDb";
    let ends = |cutoff: &str, rights: u32, covered: &str| {
        format!(
            "bought from {cutoff} on: none; bought before: {rights} more each; covers {covered}"
        )
    };
    let first = date(2019, 1, 1);
    let cases = [
        (ClauseId::RefundCap, first, "50000.00 USD in 12 rolling months".to_owned()),
        (
            ClauseId::RefundCap,
            date(2020, 7, 1),
            "50000.00 USD in 365 rolling days; each refund returns after them".to_owned(),
        ),
        (ClauseId::RefundCapCounts, first, "the refund amount counts".to_owned()),
        (ClauseId::RefundCapCounts, date(2019, 11, 1), "the refund amount counts".to_owned()),
        (ClauseId::RefundCapCounts, date(2020, 7, 1), "the cancelled commitment counts".to_owned()),
        (ClauseId::RefundCapCounts, date(2022, 6, 28), only_cash.to_owned()),
        (ClauseId::RefundCapCounts, date(2024, 8, 1), "the cancelled commitment counts".to_owned()),
        (
            ClauseId::RefundCapScope,
            first,
            "ea: by enrollment, mca: by billing-account, csp: by billing-account, payg: by \
             billing-account"
                .to_owned(),
        ),
        (
            ClauseId::RefundCapScope,
            date(2021, 4, 14),
            "ea: by enrollment, mca: by billing-profile, csp: by billing-account, payg: by \
             billing-account"
                .to_owned(),
        ),
        (
            ClauseId::RefundCapScope,
            date(2022, 10, 10),
            "ea: by enrollment, mca: by billing-profile, csp: by customer, payg: by billing-account"
                .to_owned(),
        ),
        (ClauseId::ReturnFee, first, no_fee.to_owned()),
        (
            ClauseId::ReturnFee,
            date(2020, 7, 1),
            no_fee.to_owned(),
        ),
        (ClauseId::YoungReturn, first, "whole up to 2 UTC days after the start".to_owned()),
        (ClauseId::YoungReturn, date(2026, 1, 15), "whole on the first day only".to_owned()),
        (ClauseId::LowestPrice, first, "the price paid".to_owned()),
        (
            ClauseId::LowestPrice,
            date(2020, 1, 21),
            "the lower of the price paid and today's; the cap keeps the price paid".to_owned(),
        ),
        (
            ClauseId::ExchangeGroups,
            date(2026, 1, 15),
            "COMPUTE: VirtualMachines, DedicatedHost, AVS, NutanixBareMetal; SQL: SqlDatabases, \
             SqlManagedInstance, SqlElasticPool; PTU: OpenAIPTU; SqlDataWarehouse into Fabric"
                .to_owned(),
        ),
        (ClauseId::NotExchangeable, first, five.to_owned()),
        (ClauseId::NotExchangeable, date(2020, 7, 1), five.to_owned()),
        (ClauseId::NotRefundable, date(2022, 10, 10), six.to_owned()),
        (ClauseId::NotRefundable, date(2024, 12, 5), format!("{six}, MDC, Sentinel")),
        (ClauseId::NotRefundable, date(2026, 1, 15), stricter.to_owned()),
        (ClauseId::NotRefundable, date(2026, 3, 19), all.to_owned()),
        (ClauseId::NotExchangeable, date(2026, 3, 19), all.to_owned()),
        (
            ClauseId::SelfService,
            date(2019, 11, 1),
            "monthly plan: by support, partner: by support, customer of a partner: through the \
             partner, US Government EA: by support"
                .to_owned(),
        ),
        (
            ClauseId::SelfService,
            date(2020, 3, 24),
            "monthly plan: yes, partner: by support, customer of a partner: through the partner, \
             US Government EA: by support"
                .to_owned(),
        ),
        (
            ClauseId::SelfService,
            date(2021, 4, 14),
            "monthly plan: yes, partner: by support, customer of a partner: through the partner, \
             US Government EA: yes"
                .to_owned(),
        ),
        (
            ClauseId::SelfService,
            date(2021, 11, 1),
            "monthly plan: yes, partner: yes, customer of a partner: through the partner, US \
             Government EA: yes"
                .to_owned(),
        ),
        (ClauseId::ExchangeRight, first, "no end is set".to_owned()),
        (
            ClauseId::ExchangeRight,
            date(2022, 10, 1),
            ends("2024-01-01", 0, compute),
        ),
        (
            ClauseId::ExchangeRight,
            date(2023, 2, 1),
            ends("2024-01-01", 1, compute),
        ),
        (
            ClauseId::ExchangeRight,
            date(2023, 10, 1),
            ends("2024-07-01", 1, compute),
        ),
        (ClauseId::ExchangeRight, date(2024, 5, 1), "no end is set".to_owned()),
        (
            ClauseId::ExchangeRight,
            date(2026, 7, 22),
            ends("2027-02-01", 1, &format!("{compute}, {databases}")),
        ),
        (ClauseId::RenewalRight, first, "a renewal buys anew, on its own day".to_owned()),
        (
            ClauseId::RenewalRight,
            date(2026, 7, 22),
            "a renewal buys anew, on its own day".to_owned(),
        ),
        (ClauseId::LegacySaleStop, first, "no sale is stopped".to_owned()),
        (ClauseId::QuoteLife, first, "30 minutes".to_owned()),
        (
            ClauseId::PremiumStorageSwap,
            first,
            "to premium storage only, same region, same plan, the term goes on".to_owned(),
        ),
        (
            ClauseId::PremiumStorageSwap,
            date(2025, 4, 1),
            "both ways, same region, same plan, the term goes on".to_owned(),
        ),
        (ClauseId::Session, first, "always".to_owned()),
    ];
    for (clause, since, summary) in &cases {
        assert_eq!(on(*clause, *since), format!("{since} {summary}"), "{clause}");
    }
    // Every value ends on the eve of the next.
    for info in Book::built_in().clauses() {
        for pair in info.values.windows(2) {
            let eve = pair[1].since.yesterday().unwrap();
            assert_eq!(info.on(eve), Some(&pair[0]), "{} on {eve}", info.id);
        }
    }
    // Days before the book have its first values.
    assert_eq!(
        on(ClauseId::RefundCap, date(2015, 6, 1)),
        "2019-01-01 50000.00 USD in 12 rolling months"
    );
}

#[test]
fn in_force_changes_on_its_day() {
    let book = Book::built_in();
    let monthly = |day| book.in_force(day).self_service.value.monthly;
    assert!(!monthly(date(2020, 3, 23)) && monthly(date(2020, 3, 24)));
    let clauses = book.in_force(date(2026, 11, 21));
    assert_eq!(clauses.young_return.since, date(2026, 1, 15));
    assert_eq!(clauses.young_return.clause, ClauseId::YoungReturn);
    assert!(clauses.young_return.source.contains("2026-01-15"));
    assert_eq!(book.in_force(Date::MIN).refund_cap.since, date(2019, 1, 1));
    assert_eq!(clauses.exchange_right.since, date(2026, 7, 22));
}

#[test]
fn what_is_dated_after_a_day_is_told_in_order() {
    let book = Book::built_in();
    let turns = |clause: ClauseId, day| {
        let info = book.clauses().find(|info| info.id == clause).unwrap();
        info.after(day).iter().map(|turn| (turn.day, turn.begins)).collect::<Vec<_>>()
    };
    // In 2023 the end of exchanges was announced for 2024, and moved before it came.
    assert_eq!(
        turns(ClauseId::ExchangeRight, date(2023, 5, 1)),
        [
            (date(2023, 10, 1), true),
            (date(2024, 1, 1), false),
            (date(2024, 5, 1), true),
            (date(2026, 7, 22), true),
        ]
    );
    assert_eq!(turns(ClauseId::ExchangeRight, date(2026, 11, 22)), [(date(2027, 2, 1), false)]);
    assert_eq!(turns(ClauseId::ExchangeRight, date(2027, 2, 1)), []);
    assert_eq!(turns(ClauseId::LegacySaleStop, date(2026, 5, 1)), [(date(2026, 7, 1), false)]);
    assert_eq!(turns(ClauseId::Session, date(2019, 1, 1)), []);
}

#[test]
fn a_book_as_it_stood_keeps_saying_what_it_said() {
    let book = Book::built_in();
    let stood = book.as_it_stood(date(2020, 2, 1));
    let (then, now) = (date(2020, 2, 1), date(2026, 11, 22));
    let (was, later) = (book.in_force(then), stood.in_force(now));
    assert_eq!(later.return_fee, was.return_fee);
    assert_eq!(later.self_service, was.self_service);
    assert_ne!(later.self_service, book.in_force(now).self_service);
    assert_ne!(stood.digest(), book.digest(), "what it decides is told apart");
    assert_eq!(book.as_it_stood(now).in_force(now), book.in_force(now));
    // Before its first day the book has its first values.
    assert_eq!(book.as_it_stood(Date::MIN).in_force(now).refund_cap.since, date(2019, 1, 1));
}

#[test]
fn the_cap_window() {
    let cap = |window| RefundCap { amount: Money::zero(Currency::USD), window };
    let days = cap(Window::Days(365));
    assert_eq!(days.returns_on(date(2026, 7, 2)), date(2027, 7, 2));
    assert_eq!(days.window_opens(date(2027, 7, 2)), date(2026, 7, 3));
    assert_eq!(days.window_opens(date(2027, 7, 1)), date(2026, 7, 2));

    // A refund counts on exactly the days before it returns, whatever the lengths of months.
    for window in [Window::Days(365), Window::Months(12), Window::Months(1), Window::Days(1)] {
        let cap = cap(window);
        let mut today = date(2019, 12, 25);
        while today < date(2021, 4, 5) {
            let opens = cap.window_opens(today);
            assert!(cap.returns_on(opens) > today, "{window:?} {today}");
            assert!(cap.returns_on(opens.yesterday().unwrap()) <= today, "{window:?} {today}");
            today = today.tomorrow().unwrap();
        }
    }
}

#[test]
fn exchange_groups() {
    let book = Book::built_in();
    let groups = |day| book.in_force(day).exchange_groups.value;
    let now = groups(date(2026, 11, 21));
    assert_eq!(now.group_of("virtualmachines"), "COMPUTE");
    assert_eq!(now.group_of("CosmosDb"), "CosmosDb");
    let cases = [
        ("VirtualMachines", "AVS", true),
        ("avs", "NUTANIXBAREMETAL", true),
        ("VirtualMachines", "AppService", false),
        ("CosmosDb", "SqlDatabases", false),
        ("CosmosDb", "cosmosdb", true),
        ("SqlDataWarehouse", "Fabric", true),
        ("Fabric", "SqlDataWarehouse", false),
        // The name of a group is not a type.
        ("COMPUTE", "VirtualMachines", false),
    ];
    for (from, to, expected) in cases {
        assert_eq!(now.may_become(from, to), expected, "{from} into {to}");
        let listed = now.allowed_targets(from).iter().any(|target| target.eq_ignore_ascii_case(to));
        assert_eq!(listed, expected, "{from} into {to}");
    }
    let before = groups(date(2026, 1, 14));
    assert!(!before.may_become("VirtualMachines", "NutanixBareMetal"));
    assert!(!before.may_become("SqlDataWarehouse", "Fabric"));
    assert_eq!(groups(date(2025, 10, 27)).group_of("OpenAIPTU"), "OpenAIPTU");
    assert_eq!(groups(date(2025, 10, 28)).group_of("OpenAIPTU"), "PTU");
}

#[test]
fn the_exchange_right_ends_at_midnight_utc() {
    let right = Book::built_in().in_force(date(2026, 11, 21)).exchange_right.value;
    let end = |kind| right.ends_for(kind, "Standard_D2s_v5");
    assert_eq!(end("sqldatabases"), Some(date(2027, 2, 1)));
    assert_eq!(end("VirtualMachines"), Some(date(2027, 2, 1)));
    assert_eq!((end("AVS"), end("NutanixBareMetal")), (None, None));
    let open = Book::built_in().in_force(date(2026, 7, 21)).exchange_right.value;
    assert_eq!(open.ends_for("VirtualMachines", "Standard_D2s_v5"), None);
}

#[test]
fn legacy_series_stop() {
    use crate::term::Term;
    let book = Book::built_in();
    let stops = |series, term, on| {
        book.in_force(on).legacy_sale_stop.value.stops("virtualmachines", series, term, on)
    };
    let (eve, day) = (date(2026, 6, 30), date(2026, 7, 1));
    assert!(stops("dsv3", Term::P1Y, day) && stops("Dsv3", Term::P3Y, day));
    assert!(stops("Fsv2", Term::P1Y, day) && !stops("Fsv2", Term::P3Y, day));
    assert!(!stops("Dsv3", Term::P1Y, eve) && !stops("Dsv5", Term::P1Y, day));
    let stop = book.in_force(day).legacy_sale_stop.value;
    assert_eq!((stop.one_year.len(), stop.all_terms.len()), (14, 4));
    assert!(!stop.stops("DedicatedHost", "Dsv3", Term::P1Y, day));
}

#[test]
fn destinations() {
    use Agreement::{Csp, Ea, Mca, Payg};
    let to = |day, agreement, payment, ended| {
        Book::built_in()
            .in_force(day)
            .refund_settlement
            .value
            .destination(agreement, payment, ended)
    };
    let now = date(2026, 11, 21);
    let cases = [
        (now, Ea, Payment::Prepayment, false, Destination::Prepayment),
        (now, Ea, Payment::Prepayment, true, Destination::CreditNinetyDays),
        (now, Ea, Payment::Overage, true, Destination::CreditNote),
        (date(2023, 10, 15), Ea, Payment::Overage, false, Destination::ReopenedInvoice),
        (date(2019, 6, 1), Ea, Payment::Overage, false, Destination::CreditMemo),
        (now, Mca, Payment::Wire, false, Destination::NextInvoice),
        (now, Mca, Payment::Card, false, Destination::Card),
        (now, Csp, Payment::Invoice, false, Destination::FuturePurchase),
        (now, Payg, Payment::Invoice, false, Destination::FuturePurchase),
        (now, Payg, Payment::Card, false, Destination::Card),
        // Payments without a line of their own.
        (now, Ea, Payment::Invoice, false, Destination::CreditNote),
        (now, Mca, Payment::Invoice, false, Destination::NextInvoice),
    ];
    for (day, agreement, payment, ended, expected) in cases {
        assert_eq!(to(day, agreement, payment, ended), expected, "{agreement} {payment} on {day}");
    }
    assert_eq!(Book::built_in().in_force(now).refund_settlement.value.credit_days, 90);
}

#[test]
fn lists_and_small_values() {
    let clauses = Book::built_in().in_force(date(2026, 11, 21));
    assert!(clauses.not_refundable.value.contains("suselinux"));
    assert!(!clauses.not_refundable.value.contains("VMwareCloudSimple"));
    assert!(clauses.young_return.value.covers(0) && !clauses.young_return.value.covers(1));
    assert!(clauses.premium_storage_swap.value.allows(false));
    let earlier = Book::built_in().in_force(date(2024, 1, 1));
    assert!(earlier.premium_storage_swap.value.allows(true));
    assert!(!earlier.premium_storage_swap.value.allows(false));
    assert!(earlier.young_return.value.covers(2) && !earlier.young_return.value.covers(3));
    assert_eq!(clauses.refund_cap_scope.value.of(Agreement::Csp), CapScopeKind::Customer);
}

#[test]
fn words_are_read_as_they_are_written() {
    for &clause in ClauseId::ALL {
        assert_eq!(ClauseId::parse(clause.as_str()), Some(clause));
    }
    assert!(ClauseId::ALL.is_sorted());
    // Each has either a file or a sentence of its own.
    for clause in ClauseId::ALL {
        assert_ne!(DATED.contains(clause), id::structural(*clause).is_some(), "{clause}");
    }
    assert_eq!(ClauseId::parse("Refund-Cap"), None);
    assert_eq!(format!("{:>10}|", Job::Refund), "    refund|");
}
