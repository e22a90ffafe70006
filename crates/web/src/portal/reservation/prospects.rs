//! What each unit of a reservation may still do, what it would bring, until when, and why: the
//! cards of its overview.

use super::renewal::{Renewal, last_day_before};
use crate::portal::form::escaped;
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_app::renewal::Outlook;
use prorata_domain::Decision;
use prorata_domain::decision::{Finding, Outcome, Repair};
use prorata_domain::policy::{Book, ClauseId, PlanKind};
use prorata_domain::refund::Plan;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::rights::{Right, Span, Standing, Why};
use prorata_ledger::{Money, MoneyError};

/// One thing that may or may not be done with the units.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// Its word, for the anchor and the class.
    pub id: &'static str,
    pub title: Said,
    pub class: &'static str,
    pub verdict: Said,
    pub headline: String,
    pub lines: Vec<String>,
    /// What the rule says to this case, as it was recorded.
    pub reason: Option<String>,
    pub gauge: Option<Gauge>,
    pub because: Option<Because>,
    /// Where it is done.
    pub way: Option<(Said, String)>,
}

/// The cap before and after, in thousandths of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    pub used: i64,
    pub counted: i64,
}

/// The clause that decides it.
#[derive(Debug, Clone)]
pub struct Because {
    pub name: String,
    pub says: String,
    pub since: String,
    pub source: String,
    /// Where the policy book has it with all its dates.
    pub href: String,
}

/// What the cards are made from.
#[derive(Debug)]
pub struct Seen<'s> {
    pub book: &'s Book,
    pub order: &'s Order,
    pub held: &'s Reservation,
    pub today: Date,
    pub standing: &'s Standing,
    /// Decisions on returning all units, and one.
    pub refund: Return<'s>,
    pub outlook: Option<&'s Outlook>,
    pub path: &'s str,
}

/// What a return would come to.
#[derive(Debug, Clone, Copy)]
pub enum Return<'s> {
    /// The reader does not see the order, so nothing was priced.
    Unseen,
    /// A payment is being made, which changes what comes back.
    Charging,
    Priced {
        all: &'s Decision<Plan>,
        one: &'s Decision<Plan>,
    },
}

impl Because {
    pub fn new(book: &Book, clause: ClauseId, since: Date) -> Because {
        Because {
            name: words::clause(clause),
            says: book.says(clause).to_owned(),
            since: words::day(since),
            source: book.source(clause, since).to_owned(),
            href: format!("/policy/{}", clause.as_str()),
        }
    }

    fn of(book: &Book, findings: &[Finding], clause: ClauseId) -> Option<Because> {
        let found = findings.iter().find(|finding| finding.clause == clause)?;
        Some(Because::new(book, clause, found.since))
    }
}

impl Prospect {
    fn new(
        id: &'static str,
        title: &str,
        verdict: Verdict,
        headline: impl Into<String>,
    ) -> Prospect {
        Prospect {
            id,
            title: say(title),
            class: verdict.class(),
            verdict: say(verdict.words()),
            headline: headline.into(),
            lines: Vec::new(),
            reason: None,
            gauge: None,
            because: None,
            way: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    Limited,
    No,
    Open,
}

impl Verdict {
    fn class(self) -> &'static str {
        match self {
            Verdict::Yes => "met",
            Verdict::Limited => "warned",
            Verdict::No => "not-met",
            Verdict::Open => "not-concerned",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Verdict::Yes => "prospect-yes",
            Verdict::Limited => "prospect-limited",
            Verdict::No => "prospect-no",
            Verdict::Open => "prospect-open",
        }
    }
}

/// The cards of a live reservation, in the order in which they are weighed.
///
/// # Errors
/// When recorded amounts do not fit together.
pub fn prospects(seen: &Seen<'_>) -> Result<Vec<Prospect>, MoneyError> {
    Ok(vec![returning(seen)?, exchanging(seen), trading_in(seen)?, renewing(seen)?])
}

fn returning(seen: &Seen<'_>) -> Result<Prospect, MoneyError> {
    let card =
        |verdict, headline: String| Prospect::new("return", "prospect-return", verdict, headline);
    let (all, one) = match seen.refund {
        Return::Unseen => return Ok(card(Verdict::Open, say("prospect-unseen").into_owned())),
        Return::Charging => return Ok(card(Verdict::Open, say("prospect-charging").into_owned())),
        Return::Priced { all, one } => (all, one),
    };
    if let Some(refusal) = &all.refusal {
        let fewer =
            refusal.repairs.iter().any(|help| matches!(help, Repair::ReduceQuantity { .. }));
        let verdict = if fewer { Verdict::Limited } else { Verdict::No };
        let id = if fewer { "prospect-return-fewer" } else { "prospect-return-no" };
        return Ok(Prospect {
            lines: refusal.repairs.iter().map(words::repair).collect(),
            reason: Some(words::reason(refusal)),
            gauge: all.proposal.as_ref().map(gauge).transpose()?,
            because: Because::of(seen.book, &all.findings, refusal.clause),
            way: fewer.then(|| (say("prospect-return-way"), format!("{}/refund", seen.path))),
            ..card(verdict, say(id).into_owned())
        });
    }
    let Some(plan) = &all.proposal else {
        return Ok(card(Verdict::Open, say("prospect-charging").into_owned()));
    };
    let headline = say_with(
        "prospect-return-yes",
        [
            ("count", seen.held.quantity.into()),
            ("units", words::units(seen.held.quantity).into()),
            ("payout", words::money(plan.payout).into()),
        ],
    );
    Ok(Prospect {
        lines: return_lines(seen, plan, one)?,
        gauge: Some(gauge(plan)?),
        because: Because::of(seen.book, &all.findings, ClauseId::RefundCap),
        way: Some((say("prospect-return-way"), format!("{}/refund", seen.path))),
        ..card(Verdict::Yes, headline.into_owned())
    })
}

fn return_lines(
    seen: &Seen<'_>,
    plan: &Plan,
    one: &Decision<Plan>,
) -> Result<Vec<String>, MoneyError> {
    let money =
        |id, amount: Money| say_with(id, [("amount", words::money(amount).into())]).into_owned();
    let mut lines = Vec::new();
    if let (Some(one), true) = (&one.proposal, seen.held.quantity > 1) {
        lines.push(money("prospect-return-one", one.payout));
    }
    if !plan.fee.is_zero() {
        lines.push(money("prospect-return-fee", plan.fee));
    }
    if !plan.value.cancelled.is_zero() {
        lines.push(money("prospect-return-cancelled", plan.value.cancelled));
    }
    lines.push(
        say_with("prospect-return-goes", [("where", words::destination(plan.destination).into())])
            .into_owned(),
    );
    let left = plan.cap.minus(plan.cap_used.plus(plan.counted)?)?;
    let values = [
        ("counted", words::money(plan.counted).into()),
        ("left", words::money(left).into()),
        ("cap", words::money(plan.cap).into()),
    ];
    lines.push(say_with("prospect-return-cap", values).into_owned());
    Ok(lines)
}

fn gauge(plan: &Plan) -> Result<Gauge, MoneyError> {
    let whole = plan.cap.minor().max(plan.cap_used.plus(plan.counted)?.minor()).max(1);
    let share = |part: Money| (part.minor().clamp(0, whole) * 1000 / whole).clamp(0, 1000);
    let used = share(plan.cap_used);
    Ok(Gauge { used, counted: share(plan.counted).min(1000 - used) })
}

fn exchanging(seen: &Seen<'_>) -> Prospect {
    let card = |verdict, headline: String| {
        Prospect::new("exchange", "prospect-exchange", verdict, headline)
    };
    let findings = &seen.standing.findings;
    let because = |clause| Because::of(seen.book, findings, clause);
    let barred = findings.iter().any(|finding| {
        finding.clause == ClauseId::NotExchangeable && finding.outcome == Outcome::NotMet
    });
    let Some(now) = seen.standing.spans.first().filter(|_| !barred) else {
        return Prospect {
            because: because(ClauseId::NotExchangeable),
            ..card(Verdict::No, say("prospect-exchange-type").into_owned())
        };
    };
    let way = (
        say("prospect-exchange-way"),
        format!("/exchange?give={}/{}", seen.order.id, seen.held.id),
    );
    let (verdict, headline) = match now.right {
        Right::Unlimited => (Verdict::Yes, say("prospect-exchange-free")),
        Right::Last(left) => {
            (Verdict::Limited, say_with("prospect-exchange-last", [("count", left.into())]))
        }
        Right::None(why) => (Verdict::No, say(why_none(why))),
    };
    Prospect {
        lines: seen.standing.spans.iter().map(span).collect(),
        because: because(ClauseId::ExchangeRight),
        way: (verdict != Verdict::No).then_some(way),
        ..card(verdict, headline.into_owned())
    }
}

fn why_none(why: Why) -> &'static str {
    match why {
        Why::BoughtAfter => "prospect-exchange-bought-after",
        Why::Used => "prospect-exchange-used",
        Why::NothingLeft => "prospect-exchange-nothing",
    }
}

/// A right and its days: `until 31 January 2027: as often as you like`.
fn span(span: &Span) -> String {
    let days =
        [("from", words::day(span.from).into()), ("until", last_day_before(span.until).into())];
    match span.right {
        Right::Unlimited => say_with("prospect-span-free", days),
        Right::Last(left) => {
            say_with("prospect-span-last", days.into_iter().chain([("count", left.into())]))
        }
        Right::None(_) => say_with("prospect-span-none", days),
    }
    .into_owned()
}

/// The kinds of savings plan that are sold today and that the reservation may be traded in for.
pub fn kinds(book: &Book, resource_type: &str, today: Date) -> Vec<PlanKind> {
    let clauses = book.in_force(today);
    let offers = &clauses.savings_plan_offer.value.offers;
    let types = clauses.trade_in_types.value;
    let mut kinds: Vec<PlanKind> = types
        .kinds_of(resource_type)
        .filter(|kind| offers.iter().any(|offer| offer.kind == *kind))
        .collect();
    kinds.dedup();
    kinds
}

fn trading_in(seen: &Seen<'_>) -> Result<Prospect, MoneyError> {
    let card = |verdict, headline: String| {
        Prospect::new("trade-in", "prospect-trade-in", verdict, headline)
    };
    let clauses = seen.book.in_force(seen.today);
    let since = clauses.trade_in_types.since;
    let because = Some(Because::new(seen.book, ClauseId::TradeInTypes, since));
    let kinds = kinds(seen.book, &seen.order.commitment.resource_type, seen.today);
    if kinds.is_empty() {
        let headline = say("prospect-trade-in-no").into_owned();
        return Ok(Prospect { because, ..card(Verdict::No, headline) });
    }
    let named: Vec<String> = kinds
        .iter()
        .map(|kind| say(&format!("prospect-plan-{}", kind.as_str())).into_owned())
        .collect();
    let headline = say_with("prospect-trade-in-yes", [("kinds", named.join(&say("or")).into())]);
    let mut lines = Vec::new();
    if let Return::Priced { all, .. } = seen.refund
        && let Some(plan) = &all.proposal
    {
        let worth = words::money(plan.value.given_up()?);
        lines.push(say_with("prospect-trade-in-worth", [("amount", worth.into())]).into_owned());
    }
    lines.push(say("prospect-trade-in-cap").into_owned());
    let give = format!("/trade-in?give={}/{}", seen.order.id, seen.held.id);
    Ok(Prospect {
        lines,
        because,
        way: Some((say("prospect-trade-in-way"), give)),
        ..card(Verdict::Yes, headline.into_owned())
    })
}

fn renewing(seen: &Seen<'_>) -> Result<Prospect, MoneyError> {
    let ends = words::day(seen.order.expires_on);
    let way = (say("prospect-renewal-way"), format!("{}/configuration#renewal", seen.path));
    let clauses = seen.book.in_force(seen.today);
    if !seen.held.renew {
        let headline = say_with("prospect-renewal-off", [("day", ends.into())]);
        let since = clauses.renewal_right.since;
        return Ok(Prospect {
            lines: vec![say("prospect-renewal-off-then").into_owned()],
            because: Some(Because::new(seen.book, ClauseId::RenewalRight, since)),
            way: Some(way),
            verdict: say("reservation-off"),
            ..Prospect::new("renewal", "prospect-renewal", Verdict::Open, headline)
        });
    }
    let headline = say_with("prospect-renewal-on", [("day", ends.into())]);
    let renewal = Renewal::of(seen.book, seen.order, seen.held, seen.outlook, seen.today);
    let verdict = if renewal.warns() { Verdict::Limited } else { Verdict::Yes };
    let clause =
        if renewal.trap.is_some() { ClauseId::RenewalRight } else { ClauseId::RenewalLock };
    let since = match clause {
        ClauseId::RenewalRight => clauses.renewal_right.since,
        _ => seen.book.in_force(seen.order.expires_on).renewal_lock.since,
    };
    Ok(Prospect {
        lines: [renewal.buys, renewal.price, renewal.locks, renewal.trap]
            .into_iter()
            .flatten()
            .collect(),
        reason: renewal.refused,
        because: Some(Because::new(seen.book, clause, since)),
        way: Some(way),
        verdict: say("reservation-on"),
        ..Prospect::new("renewal", "prospect-renewal", verdict, headline)
    })
}

/// The page that says why the reader may not do something.
pub fn why_not(path: &str, action: &str) -> String {
    format!("{path}/access?who=&action={}", escaped(action))
}
