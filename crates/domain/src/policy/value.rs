//! How the value of each kind of clause is read from its file, and how it is said in a few words.

use super::clause::*;
use super::fault::Fault;
use super::file::Fields;
use super::settlement::{Agreement, Destination, Payment, RefundSettlement};
use jiff::civil::Date;

/// The value of a kind of clause.
pub(super) trait Value: Sized {
    /// Reads the clause's own fields; nothing after a fault was noted.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;

    /// The value in a few words.
    fn summary(&self) -> String;

    /// Days that the value itself names, on which something begins or ends under it, in order.
    fn names(&self) -> Vec<Date> {
        Vec::new()
    }
}

impl Value for RefundCap {
    fn read(fields: &mut Fields<'_>) -> Option<RefundCap> {
        let amount = fields.money("amount");
        let window = fields.word("window", window, "a period such as \"P12M\" or \"P365D\"");
        Some(RefundCap { amount: amount?, window: window? })
    }

    fn summary(&self) -> String {
        match self.window {
            Window::Months(months) => format!("{} in {months} rolling months", self.amount),
            Window::Days(days) => {
                format!("{} in {days} rolling days; each refund returns after them", self.amount)
            }
        }
    }
}

/// Reads `P12M` or `P365D`: a period of whole months or of whole days, at least one.
fn window(text: &str) -> Option<Window> {
    let number = text.strip_prefix('P')?;
    let window = match (number.strip_suffix('M'), number.strip_suffix('D')) {
        (Some(months), _) => {
            Window::Months(months.parse().ok().filter(|n| (1..=1200).contains(n))?)
        }
        (_, Some(days)) => Window::Days(days.parse().ok().filter(|n| (1..=36_500).contains(n))?),
        _ => return None,
    };
    Some(window)
}

impl Value for CapCounts {
    fn read(fields: &mut Fields<'_>) -> Option<CapCounts> {
        let wants = "`refund-amount`, `cash-refund` or `cancelled-commitment`";
        Some(CapCounts { counts: fields.word("counts", Counted::parse, wants)? })
    }

    fn summary(&self) -> String {
        match self.counts {
            Counted::RefundAmount => "the refund amount counts".to_owned(),
            Counted::CashRefund => "only the money paid back counts".to_owned(),
            Counted::CancelledCommitment => "the cancelled commitment counts".to_owned(),
        }
    }
}

impl Value for CapScope {
    fn read(fields: &mut Fields<'_>) -> Option<CapScope> {
        let mut scope = |field| {
            let wants = "`enrollment`, `billing-profile`, `customer` or `billing-account`";
            fields.word(field, CapScopeKind::parse, wants)
        };
        let (ea, mca, csp, payg) = (scope("ea"), scope("mca"), scope("csp"), scope("payg"));
        Some(CapScope { ea: ea?, mca: mca?, csp: csp?, payg: payg? })
    }

    fn summary(&self) -> String {
        let scopes = Agreement::ALL.iter().map(|&one| format!("{one}: by {}", self.of(one)));
        scopes.collect::<Vec<_>>().join(", ")
    }
}

impl Value for ReturnFee {
    fn read(fields: &mut Fields<'_>) -> Option<ReturnFee> {
        let rate = fields.rate("rate");
        let wants = "`cancelled-commitment` or `cash-refund`";
        let base = fields.word("base", FeeBase::parse, wants);
        let reserved_rate = fields.rate_or_none("reserved_rate");
        Some(ReturnFee { rate: rate?, base: base?, reserved_rate: reserved_rate? })
    }

    fn summary(&self) -> String {
        let fee = if self.rate.is_zero() {
            "no fee".to_owned()
        } else {
            format!("{} of the {}", self.rate, self.base.as_str().replace('-', " "))
        };
        match self.reserved_rate {
            Some(rate) => format!("{fee}; a rate of {rate} is reserved and not charged"),
            None => fee,
        }
    }
}

impl Value for YoungReturn {
    fn read(fields: &mut Fields<'_>) -> Option<YoungReturn> {
        Some(YoungReturn { days: fields.count("days")? })
    }

    fn summary(&self) -> String {
        match self.days {
            0 => "whole on the first day only".to_owned(),
            days => format!("whole up to {days} UTC days after the start"),
        }
    }
}

impl Value for LowestPrice {
    fn read(fields: &mut Fields<'_>) -> Option<LowestPrice> {
        let applies = fields.yes_or_no("applies");
        let lowers_cap = fields.yes_or_no("lowers_cap");
        Some(LowestPrice { applies: applies?, lowers_cap: lowers_cap? })
    }

    fn summary(&self) -> String {
        let text = match (self.applies, self.lowers_cap) {
            (false, _) => "the price paid",
            (true, false) => {
                "the lower of the price paid and today's; the cap keeps the price paid"
            }
            (true, true) => "the lower of the price paid and today's, for the cap too",
        };
        text.to_owned()
    }
}

impl Value for Proration {
    fn read(fields: &mut Fields<'_>) -> Option<Proration> {
        Some(Proration { basis: fields.word("basis", ProrationBasis::parse, "`utc-days`")? })
    }

    fn summary(&self) -> String {
        match self.basis {
            ProrationBasis::UtcDays => "by whole UTC days that remain".to_owned(),
        }
    }
}

impl Value for ExchangeFloor {
    fn read(fields: &mut Fields<'_>) -> Option<ExchangeFloor> {
        let compare = fields.word("compare", FloorCompare::parse, "`remaining-commitment`")?;
        Some(ExchangeFloor { compare })
    }

    fn summary(&self) -> String {
        match self.compare {
            FloorCompare::RemainingCommitment => {
                "new lifetime commitment at least the remaining commitment given up".to_owned()
            }
        }
    }
}

impl Value for ExchangeGroups {
    fn read(fields: &mut Fields<'_>) -> Option<ExchangeGroups> {
        let groups = fields.each("group", "a list of [[value.group]] tables", |group| {
            let (name, members) = (group.text("name"), group.texts("members"));
            Some(ExchangeGroup { name: name?, members: members? })
        });
        let one_way = if fields.has("one_way") {
            fields.each("one_way", "a list of { from, to }", |way| {
                let (from, to) = (way.text("from"), way.text("to"));
                Some(OneWay { from: from?, to: to? })
            })
        } else {
            Some(Vec::new())
        };
        let groups = ExchangeGroups { groups: groups?, one_way: one_way? };
        for (index, group) in groups.groups.iter().enumerate() {
            let others = TypeList {
                types: groups.groups[..index].iter().flat_map(|g| g.members.clone()).collect(),
            };
            for resource_type in group.members.iter().filter(|member| others.contains(member)) {
                fields.refuse(Fault::InTwoGroups { resource_type: resource_type.clone() });
            }
        }
        Some(groups)
    }

    fn summary(&self) -> String {
        let groups =
            self.groups.iter().map(|group| format!("{}: {}", group.name, listed(&group.members)));
        let ways = self.one_way.iter().map(|way| format!("{} into {}", way.from, way.to));
        groups.chain(ways).collect::<Vec<_>>().join("; ")
    }
}

impl Value for TypeList {
    fn read(fields: &mut Fields<'_>) -> Option<TypeList> {
        Some(TypeList { types: fields.texts("types")? })
    }

    fn summary(&self) -> String {
        listed(&self.types)
    }
}

impl Value for SelfService {
    fn read(fields: &mut Fields<'_>) -> Option<SelfService> {
        let mut yes = |field| fields.yes_or_no(field);
        let (monthly, partner) = (yes("monthly"), yes("partner"));
        let (customer_of_partner, us_gov_ea) = (yes("customer_of_partner"), yes("us_gov_ea"));
        Some(SelfService {
            monthly: monthly?,
            partner: partner?,
            customer_of_partner: customer_of_partner?,
            us_gov_ea: us_gov_ea?,
        })
    }

    fn summary(&self) -> String {
        let may = |allowed| if allowed { "yes" } else { "by support" };
        format!(
            "monthly plan: {}, partner: {}, customer of a partner: {}, US Government EA: {}",
            may(self.monthly),
            may(self.partner),
            if self.customer_of_partner { "yes" } else { "through the partner" },
            may(self.us_gov_ea)
        )
    }
}

impl Value for ExchangeRight {
    fn read(fields: &mut Fields<'_>) -> Option<ExchangeRight> {
        let cutoff = fields.date_or_none("cutoff");
        let final_rights = fields.count("final_rights");
        let covered = fields.texts("covered");
        let later = fields.each_or_none("later", "a list of { type, since }", |later| {
            let (resource_type, since) = (later.text("type"), later.date("since"));
            Some(CoveredLater { resource_type: resource_type?, since: since? })
        });
        let retiring = fields.texts_or_none("retiring");
        let final_rights = u32::try_from(final_rights?).ok()?;
        let (covered, later, retiring) = (covered?, later?, retiring?);
        Some(ExchangeRight { cutoff: cutoff?, final_rights, covered, later, retiring })
    }

    fn summary(&self) -> String {
        match self.cutoff {
            None => "no end is set".to_owned(),
            Some(cutoff) => {
                let covers = listed(&self.covered);
                let later = self.later.iter();
                let later: String = later
                    .map(|later| format!(", {} from {} on", later.resource_type, later.since))
                    .collect();
                let spared = match self.retiring.is_empty() {
                    true => String::new(),
                    false => format!("; not {}, which are being retired", listed(&self.retiring)),
                };
                format!(
                    "bought from {cutoff} on: none; bought before: {} more each; covers \
                     {covers}{later}{spared}",
                    self.final_rights
                )
            }
        }
    }

    fn names(&self) -> Vec<Date> {
        let Some(cutoff) = self.cutoff else { return Vec::new() };
        let later = self.later.iter().map(|later| later.since.max(cutoff));
        let mut days: Vec<Date> = std::iter::once(cutoff).chain(later).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

impl Value for CommitUnit {
    fn read(fields: &mut Fields<'_>) -> Option<CommitUnit> {
        Some(CommitUnit { pays_usd: fields.rate("pays_usd")? })
    }

    fn summary(&self) -> String {
        format!("a commit unit pays {} US dollars of retail usage", self.pays_usd)
    }
}

impl Value for RenewalRight {
    fn read(fields: &mut Fields<'_>) -> Option<RenewalRight> {
        Some(RenewalRight { renewal_is_purchase: fields.yes_or_no("renewal_is_purchase")? })
    }

    fn summary(&self) -> String {
        match self.renewal_is_purchase {
            true => "a renewal buys anew, on its own day".to_owned(),
            false => "a renewal goes on from what it renews".to_owned(),
        }
    }
}

impl Value for LegacySaleStop {
    fn read(fields: &mut Fields<'_>) -> Option<LegacySaleStop> {
        let cutoff = fields.date_or_none("cutoff");
        let resource_type = fields.text("resource_type");
        let (one_year, all_terms) = (fields.texts("one_year"), fields.texts("all_terms"));
        Some(LegacySaleStop {
            cutoff: cutoff?,
            resource_type: resource_type?,
            one_year: one_year?,
            all_terms: all_terms?,
        })
    }

    fn summary(&self) -> String {
        match self.cutoff {
            None => "no sale is stopped".to_owned(),
            Some(cutoff) => format!(
                "from {cutoff} on, for one year: {}; for every term: {}",
                listed(&self.one_year),
                listed(&self.all_terms)
            ),
        }
    }

    fn names(&self) -> Vec<Date> {
        self.cutoff.into_iter().collect()
    }
}

impl Value for PremiumStorageSwap {
    fn read(fields: &mut Fields<'_>) -> Option<PremiumStorageSwap> {
        let directions = fields.word("directions", SwapDirections::parse, "`to-premium` or `both`");
        let same_region = fields.yes_or_no("same_region");
        let same_plan = fields.yes_or_no("same_plan");
        let keeps_term = fields.yes_or_no("keeps_term");
        Some(PremiumStorageSwap {
            directions: directions?,
            same_region: same_region?,
            same_plan: same_plan?,
            keeps_term: keeps_term?,
        })
    }

    fn summary(&self) -> String {
        let directions = match self.directions {
            SwapDirections::ToPremium => "to premium storage only",
            SwapDirections::Both => "both ways",
        };
        let kept = [
            (self.same_region, "same region"),
            (self.same_plan, "same plan"),
            (self.keeps_term, "the term goes on"),
        ];
        let kept = kept.iter().filter(|rule| rule.0).map(|rule| rule.1);
        std::iter::once(directions).chain(kept).collect::<Vec<_>>().join(", ")
    }
}

impl Value for QuoteLife {
    fn read(fields: &mut Fields<'_>) -> Option<QuoteLife> {
        Some(QuoteLife { minutes: fields.count("minutes")? })
    }

    fn summary(&self) -> String {
        format!("{} minutes", self.minutes)
    }
}

impl Value for RefundSettlement {
    fn read(fields: &mut Fields<'_>) -> Option<RefundSettlement> {
        let credit_days = fields.count("credit_days");
        let routes = fields.each("route", "a list of { agreement, payment, to }", |route| {
            let agreement =
                route.word("agreement", Agreement::parse, "`ea`, `mca`, `csp` or `payg`");
            let payment = route.word(
                "payment",
                |text| if text == "other" { Some(None) } else { Payment::parse(text).map(Some) },
                "`prepayment`, `overage`, `wire`, `card`, `invoice` or `other`",
            );
            let to = route.word("to", Destination::parse, "a destination");
            Some((agreement?, payment?, to?))
        });
        match RefundSettlement::new(credit_days?, &routes?) {
            Ok(settlement) => Some(settlement),
            Err(agreement) => {
                fields.refuse(Fault::NoRoute(agreement));
                None
            }
        }
    }

    fn summary(&self) -> String {
        let line = |&agreement: &Agreement| {
            let to = |&payment: &Payment| {
                format!("{payment} to {}", self.destination(agreement, payment, false))
            };
            let lines = Payment::ALL.iter().map(to).collect::<Vec<_>>().join(", ");
            format!("{agreement}: {lines}")
        };
        let lines = Agreement::ALL.iter().map(line).collect::<Vec<_>>().join("; ");
        format!("{lines}; a credit lapses after {} days", self.credit_days)
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
