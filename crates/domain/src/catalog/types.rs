//! Every resource type with what holds of it on a day: how it is sold, by the catalog, and what may
//! become of it, by the clauses.

use super::{Catalog, ResourceType, SAMPLE_PRICES};
use crate::policy::{Book, ClauseId};
use crate::term::{BillingPlan, Term};
use jiff::civil::Date;
use std::fmt::Write as _;

/// A resource type on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRow<'c> {
    pub name: &'c str,
    pub title: &'c str,
    pub note: &'c str,
    /// Whether it can be bought and renewed.
    pub sold: bool,
    pub terms: &'c [Term],
    pub billing_plans: &'c [BillingPlan],
    /// What a quantity of one is.
    pub unit: &'c str,
    pub size_flexible: bool,
    /// Whether it is a plan whose commit units drain.
    pub pre_purchase: bool,
    pub refundable: bool,
    pub exchangeable: bool,
    /// The exchange group; the type's own name where it is in none.
    pub group: String,
    /// Types that it may become in an exchange, itself left out; none where it is not exchangeable.
    pub becomes: Vec<String>,
    /// The day from which what is bought cannot be exchanged.
    pub exchange_ends: Option<Date>,
    /// Whether it may be split and merged.
    pub rearranged: bool,
    /// What says so, each since a day: `sale`, or the clause's name.
    pub sources: Vec<Source<'c>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'c> {
    pub what: &'static str,
    pub since: Date,
    pub source: &'c str,
}

/// Every type on a day, in the order of the names.
pub fn rows<'c>(catalog: &'c Catalog, book: &'c Book, on: Date) -> Vec<TypeRow<'c>> {
    catalog.resource_types().map(|kind| row(kind, book, on)).collect()
}

/// One type on a day.
pub fn row<'c>(kind: &'c ResourceType, book: &'c Book, on: Date) -> TypeRow<'c> {
    let value = kind.on(on);
    let clauses = book.in_force(on);
    let exchangeable = !clauses.not_exchangeable.value.contains(&kind.name);
    let groups = clauses.exchange_groups.value;
    let mut becomes = match exchangeable {
        true => groups.allowed_targets(&kind.name),
        false => Vec::new(),
    };
    becomes.retain(|target| !target.eq_ignore_ascii_case(&kind.name));
    let clause =
        |id: ClauseId, since| Source { what: id.as_str(), since, source: book.source(id, since) };
    TypeRow {
        name: &kind.name,
        title: &kind.title,
        note: &kind.note,
        sold: value.sold,
        terms: &value.terms,
        billing_plans: &value.billing_plans,
        unit: &value.unit,
        size_flexible: value.size_flexible,
        pre_purchase: kind.pre_purchase,
        refundable: !clauses.not_refundable.value.contains(&kind.name),
        exchangeable,
        group: groups.group_of(&kind.name),
        becomes,
        exchange_ends: clauses
            .exchange_right
            .value
            .ends_for(&kind.name, "")
            .filter(|_| exchangeable),
        rearranged: !clauses.not_rearranged.value.contains(&kind.name),
        sources: vec![
            Source { what: "sale", since: value.since, source: &value.source },
            clause(ClauseId::NotRefundable, clauses.not_refundable.since),
            clause(ClauseId::NotExchangeable, clauses.not_exchangeable.since),
            clause(ClauseId::ExchangeGroups, clauses.exchange_groups.since),
            clause(ClauseId::ExchangeRight, clauses.exchange_right.since),
            clause(ClauseId::NotRearranged, clauses.not_rearranged.since),
        ],
    }
}

/// Every day on which something that a row shows changes, the first of the book left out.
pub fn changes(catalog: &Catalog, book: &Book) -> Vec<Date> {
    const SHOWN: [ClauseId; 5] = [
        ClauseId::NotRefundable,
        ClauseId::NotExchangeable,
        ClauseId::ExchangeGroups,
        ClauseId::ExchangeRight,
        ClauseId::NotRearranged,
    ];
    let values = catalog.resource_types().flat_map(|kind| &kind.values).map(|value| value.since);
    let clauses = book.clauses().filter(|clause| SHOWN.contains(&clause.id));
    let clauses = clauses.flat_map(|clause| clause.values.into_iter().map(|value| value.since));
    let mut days: Vec<Date> = values.chain(clauses).collect();
    days.sort_unstable();
    days.dedup();
    days.into_iter().skip(1).collect()
}

/// The page `docs/resource-types.md`: every type as the newest values have it, and every change.
pub fn page(catalog: &Catalog, book: &Book) -> String {
    let days = changes(catalog, book);
    let newest = days.last().copied().unwrap_or(Date::MIN);
    let mut text = format!(
        "# Resource types\n\nMade from `catalog/azure/resource-types.toml` and the clauses of \
         `policy/azure`, as they are from {newest} on. A test fails when this page is not what \
         they say; `PRORATA_WRITE_DOCS=1 cargo test -p prorata-domain resource_types` writes it \
         anew. `prorata catalog types --as-of DATE` shows the same for any day.\n\n\
         | type | sold | terms | paid | a quantity of one | sizes flexible | returned | exchanged \
         | for | no exchange of what is bought from |\n|---|---|---|---|---|---|---|---|---|---|\n"
    );
    for row in rows(catalog, book, newest) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "| {} |", cells(&row).join(" | "));
    }
    text.push_str("\n## Changes\n\nWhat differs from the day before.\n\n| day | type | change |\n|---|---|---|\n");
    for day in days {
        let before = day.yesterday().map(|eve| rows(catalog, book, eve)).unwrap_or_default();
        for (old, new) in before.iter().zip(rows(catalog, book, day)) {
            for change in differences(old, &new) {
                let _ = writeln!(text, "| {day} | {} | {change} |", new.name);
            }
        }
    }
    let unpriced: Vec<&str> = unpriced(catalog).collect();
    let _ = write!(
        text,
        "\n## Without a sample price\n\nNo source that was found has a figure for these, so the \
         built-in price list has none; prices come in by `prorata prices import`: {}.\n",
        unpriced.join(", ")
    );
    text.push_str("\n## Notes and sources\n\n");
    for kind in catalog.resource_types() {
        let note = if kind.note.is_empty() { "" } else { " " };
        let _ = writeln!(text, "- **{}**: {}.{note}{}", kind.name, kind.title, kind.note);
        for value in &kind.values {
            let _ = writeln!(text, "  - since {}: {}", value.since, value.source);
        }
    }
    text
}

/// The types that the price list which ships with the product has no price of.
pub fn unpriced(catalog: &Catalog) -> impl Iterator<Item = &str> {
    let priced = |kind: &&ResourceType| {
        let mut types = SAMPLE_PRICES.lines().filter_map(|line| line.split(',').next());
        !types.any(|name| name == kind.name)
    };
    catalog.resource_types().filter(priced).map(|kind| kind.name.as_str())
}

const HEADS: [&str; 10] = [
    "type",
    "sold",
    "terms",
    "paid",
    "a quantity of one",
    "sizes flexible",
    "returned",
    "exchanged",
    "for",
    "no exchange of what is bought from",
];

/// The cells of a row, under [`HEADS`].
fn cells(row: &TypeRow<'_>) -> [String; 10] {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let unit = match row.pre_purchase {
        true => format!("{}, which drains", row.unit),
        false => row.unit.to_owned(),
    };
    let becomes = match (row.exchangeable, row.becomes.is_empty()) {
        (false, _) => "nothing".to_owned(),
        (true, true) => "its own type".to_owned(),
        (true, false) => format!("its own type, {}", row.becomes.join(", ")),
    };
    [
        row.name.to_owned(),
        yes(row.sold),
        row.terms.iter().map(|term| term.as_str()).collect::<Vec<_>>().join(", "),
        row.billing_plans.iter().map(|plan| plan.as_str()).collect::<Vec<_>>().join(", "),
        unit,
        yes(row.size_flexible),
        yes(row.refundable),
        yes(row.exchangeable),
        becomes,
        row.exchange_ends.map_or_else(|| "no end".to_owned(), |day| day.to_string()),
    ]
}

fn differences(old: &TypeRow<'_>, new: &TypeRow<'_>) -> Vec<String> {
    let pairs = cells(old).into_iter().zip(cells(new)).zip(HEADS);
    pairs
        .filter(|((was, is), _)| was != is)
        .map(|((was, is), head)| format!("{head}: {was} → {is}"))
        .collect()
}
