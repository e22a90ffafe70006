//! What can be done with what is given up, side by side: keep it, exchange it, return it, trade it
//! in.

use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_app::App;
use prorata_app::exchange::{Ask, Instead};
use prorata_domain::decision::Decision;
use prorata_domain::exchange::{Facts, Plan};
use prorata_domain::policy::Clauses;
use prorata_domain::refund;
use prorata_domain::reservation::AcquiredBy;
use prorata_domain::rights::{self, Right, Span, Units};
use prorata_domain::term::{day_start, utc_day};
use prorata_ledger::{Money, MoneyError};

/// One thing that can be done.
#[derive(Debug, Clone)]
pub struct Way {
    pub name: Said,
    /// What exactly, where that is not said elsewhere on the page.
    pub detail: String,
    /// Whether it is what this page is about.
    pub here: bool,
    pub now: Cell,
    /// From today to the end, less what comes back.
    pub in_all: Cell,
    pub until: String,
    pub cap: String,
    pub rights: String,
    pub links: Vec<Link>,
    /// Why it cannot be done; nothing when it can.
    pub refused: Option<String>,
}

/// An amount, and which way it goes.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub amount: String,
    pub says: Said,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub href: String,
    pub label: String,
}

impl Cell {
    /// What is to be paid, or comes back where it is below nothing.
    fn paid(amount: Money) -> Result<Cell, MoneyError> {
        let nothing = Money::zero(amount.currency());
        Ok(match amount.minor() {
            0 => Cell { amount: String::new(), says: say("exchange-way-nothing") },
            below if below < 0 => Cell {
                amount: words::money(nothing.minus(amount)?),
                says: say("exchange-way-back"),
            },
            _ => Cell { amount: words::money(amount), says: say("exchange-way-pay") },
        })
    }
}

/// The ways beside each other; nothing where the worth of what is given up cannot be told.
///
/// # Errors
/// When recorded amounts do not fit together.
pub fn ways(
    app: &App,
    ask: &Ask,
    facts: &Facts,
    decision: &Decision<Plan>,
    instead: &Instead,
) -> Result<Vec<Way>, MoneyError> {
    let Some(plan) = decision.proposal.as_ref().filter(|plan| !plan.returns.is_empty()) else {
        return Ok(Vec::new());
    };
    let today = utc_day(app.now());
    let clauses = app.book.in_force(today);
    let mut found = vec![keep(&clauses, facts, plan, today)?];
    if !plan.purchases.is_empty() {
        found.push(exchange(&clauses, plan, decision, today)?);
    }
    if let Some(returned) = &instead.returned {
        found.extend(give_back(ask, returned, today)?);
    }
    if let Some(traded_in) = &instead.traded_in {
        found.extend(trade_in(ask, traded_in)?);
    }
    Ok(found)
}

fn keep(clauses: &Clauses<'_>, facts: &Facts, plan: &Plan, today: Date) -> Result<Way, MoneyError> {
    let currency = plan.refunds_total.currency();
    let to_come = Money::sum(currency, plan.returns.iter().map(|given| given.value.cancelled))?;
    let ends = facts.returns.iter().map(|held| held.expires_on).max();
    let rule = clauses.exchange_right.value;
    let mut told: Vec<String> = facts
        .returns
        .iter()
        .map(|held| right(&rights::ahead(rule, &Units::held(held), today, held.expires_on)))
        .collect();
    told.dedup();
    Ok(Way {
        name: say("exchange-way-keep"),
        detail: String::new(),
        here: false,
        now: Cell::paid(Money::zero(currency))?,
        in_all: Cell::paid(to_come)?,
        until: ends.map(words::short_day).unwrap_or_default(),
        cap: say("exchange-way-cap-untouched").into_owned(),
        rights: told.join("; "),
        links: Vec::new(),
        refused: None,
    })
}

fn exchange(
    clauses: &Clauses<'_>,
    plan: &Plan,
    decision: &Decision<Plan>,
    today: Date,
) -> Result<Way, MoneyError> {
    let currency = plan.refunds_total.currency();
    let back = Money::sum(currency, plan.returns.iter().map(|given| given.value.refund))?;
    let mut first = Money::zero(currency);
    for bought in &plan.purchases {
        first = first.plus(bought.first_payment()?)?;
    }
    let rule = clauses.exchange_right.value;
    let mut told = Vec::new();
    for (index, bought) in plan.purchases.iter().enumerate() {
        let units = Units {
            resource_type: &bought.commitment.resource_type,
            sku: &bought.commitment.sku,
            acquired_by: AcquiredBy::Exchange,
            purchased_at: day_start(today),
            carried: plan.carried.get(index).copied().flatten(),
        };
        told.push(right(&rights::ahead(rule, &units, today, bought.expires_on)));
    }
    told.dedup();
    let ends = plan.purchases.iter().map(|bought| bought.expires_on).max();
    Ok(Way {
        name: say("exchange-way-exchange"),
        detail: String::new(),
        here: true,
        now: Cell::paid(first.minus(back)?)?,
        in_all: Cell::paid(plan.purchases_total.minus(back)?)?,
        until: ends.map(words::short_day).unwrap_or_default(),
        cap: say("exchange-way-cap-untouched").into_owned(),
        rights: told.join("; "),
        links: Vec::new(),
        refused: decision.refusal.as_ref().map(|refusal| words::clause(refusal.clause)),
    })
}

fn give_back(
    ask: &Ask,
    returned: &[Decision<refund::Plan>],
    today: Date,
) -> Result<Option<Way>, MoneyError> {
    let plans: Vec<&refund::Plan> =
        returned.iter().filter_map(|decision| decision.proposal.as_ref()).collect();
    let Some(first) = plans.first().filter(|_| plans.len() == returned.len()) else {
        return Ok(None);
    };
    let payout = Money::sum(first.payout.currency(), plans.iter().map(|plan| plan.payout))?;
    let counted = Money::sum(first.counted.currency(), plans.iter().map(|plan| plan.counted))?;
    let left = first.cap.minus(first.cap_used)?.minus(counted)?;
    let back = Money::zero(payout.currency()).minus(payout)?;
    let refused = returned.iter().find_map(|decision| decision.refusal.as_ref());
    let refused = refused.map(|refusal| words::clause(refusal.clause));
    let over = left.is_negative();
    let cap = say_with(
        if over { "exchange-way-cap-over" } else { "exchange-way-cap-left" },
        [
            ("counted", words::money(counted).into()),
            (
                "left",
                words::money(if over { Money::zero(left.currency()).minus(left)? } else { left })
                    .into(),
            ),
        ],
    );
    let several = ask.returns.len() > 1;
    let links = ask.returns.iter().enumerate().map(|(index, given)| Link {
        href: format!(
            "/reservations/{}/{}/refund?quantity={}",
            given.order, given.reservation, given.quantity
        ),
        label: match several {
            true => {
                let position = (index + 1).to_string();
                say_with("exchange-way-to-return-of", [("position", position.into())]).into_owned()
            }
            false => say("exchange-way-to-return").into_owned(),
        },
    });
    Ok(Some(Way {
        name: say("exchange-way-return"),
        detail: String::new(),
        here: false,
        now: Cell::paid(back)?,
        in_all: Cell::paid(back)?,
        until: words::short_day(today),
        cap: if over && refused.is_none() && several {
            say("exchange-way-cap-together").into_owned()
        } else {
            cap.into_owned()
        },
        rights: say("exchange-way-right-ended").into_owned(),
        links: links.collect(),
        refused,
    }))
}

fn trade_in(ask: &Ask, decision: &Decision<Plan>) -> Result<Option<Way>, MoneyError> {
    let Some(plan) = &decision.proposal else { return Ok(None) };
    let Some(bought) = plan.savings_plans.first() else { return Ok(None) };
    let currency = plan.refunds_total.currency();
    let mut back = Money::zero(currency);
    for given in &plan.returns {
        back = back.plus(given.value.refund)?;
        if let Some(fee) = given.fee {
            back = back.minus(fee)?;
        }
    }
    let first = bought.schedule.first().map_or(Ok(Money::zero(currency)), |one| Ok(one.amount))?;
    let taken: Vec<String> = ask
        .returns
        .iter()
        .map(|given| {
            let place = format!("{}/{}", given.order, given.reservation);
            format!("take={place}&row={place}&units={}", given.quantity)
        })
        .collect();
    let committed = bought.commitment.hourly;
    let hourly = words::decimal(&committed.to_decimal().to_string());
    let hourly = format!("{hourly} {}", committed.currency());
    Ok(Some(Way {
        name: say("exchange-way-trade-in"),
        detail: say_with(
            "exchange-way-plan",
            [
                ("hourly", hourly.into()),
                ("term", words::term(bought.commitment.term).into_owned().into()),
            ],
        )
        .into_owned(),
        here: false,
        now: Cell::paid(first.minus(back)?)?,
        in_all: Cell::paid(bought.total.minus(back)?)?,
        until: words::short_day(bought.expires_on),
        cap: say("exchange-way-cap-untouched").into_owned(),
        rights: say("exchange-way-right-plan").into_owned(),
        links: vec![Link {
            href: format!("/trade-in?{}", taken.join("&")),
            label: say("exchange-way-to-trade-in").into_owned(),
        }],
        refused: decision.refusal.as_ref().map(|refusal| words::clause(refusal.clause)),
    }))
}

/// What right to exchange units have, from today to the end of their term.
pub fn right(spans: &[Span]) -> String {
    let last = |count: u32| ("count", i64::from(count).into());
    let said = match spans {
        [] => say("exchange-right-none"),
        [one] => match one.right {
            Right::Unlimited => say("exchange-right-free"),
            Right::Last(count) => say_with("exchange-right-last", [last(count)]),
            Right::None(_) => say("exchange-right-none"),
        },
        [first, .., end] => {
            let day = words::short_day(first.until);
            match end.right {
                Right::Unlimited => say("exchange-right-free"),
                Right::Last(count) => {
                    say_with("exchange-right-then-last", [("day", day.into()), last(count)])
                }
                Right::None(_) => say_with("exchange-right-then-none", [("day", day.into())]),
            }
        }
    };
    said.into_owned()
}
