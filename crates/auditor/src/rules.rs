//! The public rules of reservations by date, written down from the published texts and nothing
//! else. Where the texts are silent, these are the readings that the desk announces.

use crate::calendar::{days_later, months_later};
use jiff::civil::{Date, date};

/// Cents of US dollars that may be returned within one scope and window.
pub const CAP_CENTS: i128 = 5_000_000;

/// Minutes that a quote can be carried out.
pub const QUOTE_MINUTES: i64 = 30;

/// UTC days after its start on which a return still gives back everything.
pub fn young_days(day: Date) -> i64 {
    if day < date(2026, 1, 15) { 2 } else { 0 }
}

/// Whether a lower price of today is what a return is valued by.
pub fn lowest_price(day: Date) -> bool {
    day >= date(2020, 1, 21)
}

/// What of a return is counted toward the cap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counts {
    /// What is paid back and what is never paid.
    Refund,
    /// The money that is paid back alone.
    Cash,
    /// What would be paid back by the price that was paid, and what is never paid.
    Commitment,
}

pub fn counts(day: Date) -> Counts {
    if day < date(2020, 7, 1) {
        Counts::Refund
    } else if day >= date(2022, 6, 28) && day < date(2024, 8, 1) {
        Counts::Cash
    } else {
        Counts::Commitment
    }
}

/// The day on which a refund of `made` is in the pool again, by the rule of `day`.
pub fn back_in_pool(made: Date, day: Date) -> Date {
    if day < date(2020, 7, 1) { months_later(made, 12) } else { days_later(made, 365) }
}

/// Whether a holder may return and exchange without asking anybody.
pub fn self_service(agreement: &str, monthly: bool, day: Date) -> bool {
    (agreement != "csp" || day >= date(2021, 11, 1)) && (!monthly || day >= date(2020, 3, 24))
}

/// Types that are neither returned nor exchanged.
pub fn no_way_back(kind: &str, day: Date) -> bool {
    match kind {
        "RedHat" | "SuseLinux" | "RedHatOsa" | "Databricks" => true,
        "VMwareCloudSimple" => day < date(2026, 1, 15),
        "SynapsePrePurchase" => day >= date(2022, 10, 10),
        "MDC" | "Sentinel" => day >= date(2024, 12, 5),
        "GitHub" | "GitHubAICredits" | "CopilotCredit" | "AgentPrePurchase" => {
            day >= date(2026, 3, 19)
        }
        _ => false,
    }
}

/// Whether reservations of a type may be given up for ones of another.
pub fn may_become(from: &str, to: &str, day: Date) -> bool {
    if from == to {
        return true;
    }
    let compute = |kind: &str| match kind {
        "VirtualMachines" | "DedicatedHost" | "AVS" => true,
        "NutanixBareMetal" => day >= date(2026, 1, 15),
        _ => false,
    };
    let sql = |kind| matches!(kind, "SqlDatabases" | "SqlManagedInstance" | "SqlElasticPool");
    compute(from) && compute(to)
        || sql(from) && sql(to)
        || from == "SqlDataWarehouse" && to == "Fabric" && day >= date(2026, 1, 15)
}

/// The first day whose purchases of covered services cannot be exchanged.
const EXCHANGES_END: Date = date(2027, 2, 1);

/// Whether units bought on a day may be exchanged: from the end on, covered services only if they
/// were bought before it. What an exchange makes was bought on the day of the exchange, so that
/// each unit goes once.
pub fn may_exchange(kind: &str, bought: Date, day: Date) -> bool {
    let covered = matches!(
        kind,
        "VirtualMachines"
            | "DedicatedHost"
            | "AppService"
            | "SqlDatabases"
            | "SqlManagedInstance"
            | "SqlElasticPool"
            | "PostgreSql"
            | "MySql"
            | "CosmosDb"
            | "DocumentDB"
    );
    !covered || day < EXCHANGES_END || bought < EXCHANGES_END
}

/// The size that differs in premium storage alone, and whether it is the one that has it.
pub fn twin(kind: &str, sku: &str) -> Option<(&'static str, bool)> {
    const PAIRS: [(&str, &str); 3] = [
        ("Standard_F1", "Standard_F1s"),
        ("Standard_F2", "Standard_F2s"),
        ("Standard_D2_v3", "Standard_D2s_v3"),
    ];
    if kind != "VirtualMachines" {
        return None;
    }
    PAIRS.iter().find_map(|(without, with)| match sku {
        _ if sku.eq_ignore_ascii_case(without) => Some((*with, true)),
        _ if sku.eq_ignore_ascii_case(with) => Some((*without, false)),
        _ => None,
    })
}

/// Whether units may go on as their twin: to premium storage always, back since spring 2025.
pub fn may_swap(to_premium: bool, day: Date) -> bool {
    to_premium || day >= date(2025, 4, 1)
}

/// Types whose units can neither be split nor merged: plans whose balance drains.
pub fn stays_whole(kind: &str, day: Date) -> bool {
    is_prepaid_plan(kind) && no_way_back(kind, day)
}

/// Whether a machine size is no longer sold for a term.
pub fn sale_stopped(kind: &str, sku: &str, term: &str, day: Date) -> bool {
    if kind != "VirtualMachines" || day < date(2026, 7, 1) {
        return false;
    }
    match series(sku) {
        "Dv3" | "Dsv3" | "Ev3" | "Esv3" => true,
        "Av2" | "Bv1" | "D" | "Ds" | "Dv2" | "Dsv2" | "F" | "Fs" | "Fsv2" | "Ls" | "Lsv2" => {
            term == "P1Y"
        }
        _ => false,
    }
}

/// The series of the sizes that worlds are made of.
fn series(sku: &str) -> &'static str {
    match sku.to_ascii_lowercase().as_str() {
        "standard_a2_v2" => "Av2",
        "standard_b2s" | "standard_b1ls" => "Bv1",
        "standard_d2_v2" => "Dv2",
        "standard_d2_v3" => "Dv3",
        "standard_d2s_v3" | "standard_d4s_v3" => "Dsv3",
        "standard_e4s_v3" => "Esv3",
        "standard_f1" | "standard_f2" => "F",
        "standard_f1s" | "standard_f2s" => "Fs",
        "standard_f4s_v2" => "Fsv2",
        _ => "",
    }
}

/// The next day on which payments that are overdue are tried, before the next one falls due.
pub fn tried_again(since: Date, today: Date) -> Option<Date> {
    [3, 7, 14, 21].into_iter().map(|after| days_later(since, after)).find(|day| *day > today)
}

/// What a savings plan covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanKind {
    Compute,
    Database,
}

/// The kind of a savings plan that is sold on a day.
pub fn plan_kind(sku: &str, day: Date) -> Option<PlanKind> {
    match sku {
        "Compute_Savings_Plan" if day >= date(2022, 10, 12) => Some(PlanKind::Compute),
        "Database_Savings_Plan" if day >= date(2026, 3, 14) => Some(PlanKind::Database),
        _ => None,
    }
}

/// Whether reservations of a type may be given up for a savings plan.
pub fn may_be_traded_in(kind: &str, plan: PlanKind, day: Date) -> bool {
    match plan {
        PlanKind::Compute => {
            let covered = matches!(kind, "VirtualMachines" | "DedicatedHost" | "AppService");
            covered && day >= date(2022, 10, 12)
        }
        PlanKind::Database => {
            let sql = matches!(kind, "SqlDatabases" | "SqlManagedInstance" | "SqlElasticPool");
            let open = matches!(kind, "CosmosDb" | "DocumentDB" | "MySql" | "PostgreSql");
            (sql || open) && day >= date(2026, 7, 22)
        }
    }
}

/// Reservations that go into one trade-in.
pub const TRADED_IN_MAX: usize = 100;

/// Days before the end of a term on which the price of its renewal is locked.
pub const RENEWAL_LOCK_DAYS: i64 = 30;

/// Whether a renewal whose price moved after it was locked is made, at the lower of both.
pub fn moved_price_renews(day: Date) -> bool {
    day < date(2023, 1, 1)
}

/// Whether what a renewal buys is renewed in its turn.
pub fn renews_again(day: Date) -> bool {
    day >= date(2024, 12, 6)
}

/// Where the money of a return goes.
pub fn destination(
    agreement: &str,
    payment: &str,
    prepayment_ended: bool,
    day: Date,
) -> &'static str {
    match (agreement, payment) {
        ("ea", "prepayment") if prepayment_ended => "credit-90-days",
        ("ea", "prepayment") => "prepayment",
        ("ea", _) if day < date(2020, 1, 21) => "credit-memo",
        ("ea", _) if day < date(2023, 10, 16) => "reopened-invoice",
        ("ea", _) => "credit-note",
        ("mca" | "payg", "card") => "card",
        ("mca", _) => "next-invoice",
        _ => "future-purchase",
    }
}

/// Whether a type is sold without a region.
pub fn is_global(kind: &str) -> bool {
    matches!(kind, "CosmosDb" | "RedHat" | "SuseLinux" | "SqlEdge") || is_prepaid_plan(kind)
}

/// Whether a type can be paid month by month; the first ones since November 2019, others since it
/// is known of them.
pub fn sold_monthly(kind: &str, day: Date) -> bool {
    match kind {
        "RedHat" | "SuseLinux" | "RedHatOsa" => false,
        "VirtualMachines" | "SqlDatabases" | "SqlManagedInstance" | "SqlElasticPool"
        | "CosmosDb" | "SqlDataWarehouse" | "BlockBlob" | "AppServiceStampFee" => {
            day >= date(2019, 11, 1)
        }
        _ => !is_prepaid_plan(kind),
    }
}

/// Whether a type is bought as units that later usage draws on.
pub fn is_prepaid_plan(kind: &str) -> bool {
    matches!(
        kind,
        "Databricks"
            | "SynapsePrePurchase"
            | "MDC"
            | "Sentinel"
            | "GitHub"
            | "GitHubAICredits"
            | "CopilotCredit"
            | "AgentPrePurchase"
    )
}
