//! What an exchange comes to, quoted or made: what is given up, what is bought, and the sums.

use crate::portal::language::{say, say_with};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::{listing, reservation, words};
use prorata_app::App;
use prorata_domain::decision::{Decision, Refusal, Repair, Subject};
use prorata_domain::exchange::{Facts, Plan};
use prorata_domain::purchase;
use prorata_domain::reservation::Held;
use prorata_ledger::{Money, MoneyError};

#[derive(Debug, Clone)]
pub struct Outcome {
    pub returns: Vec<Returned>,
    pub purchases: Vec<Bought>,
    /// Nothing where the request could not be priced.
    pub totals: Option<Totals>,
    /// All that is done by it, one sentence or more each; empty where it could not be priced.
    pub happens: Vec<String>,
    pub refused: Option<Refused>,
    pub proof: Proof,
}

#[derive(Debug, Clone)]
pub struct Returned {
    pub what: String,
    pub href: String,
    /// Nothing where it could not be priced.
    pub value: Option<ReturnedValue>,
}

#[derive(Debug, Clone)]
pub struct ReturnedValue {
    pub refund: String,
    pub cancelled: String,
    pub kept: String,
    pub destination: String,
}

#[derive(Debug, Clone)]
pub struct Bought {
    pub what: String,
    /// The reservation that was bought, once it was.
    pub href: Option<String>,
    pub value: Option<BoughtValue>,
}

#[derive(Debug, Clone)]
pub struct BoughtValue {
    pub total: String,
    pub first_payment: String,
    pub payments: String,
    pub expires: String,
}

#[derive(Debug, Clone)]
pub struct Totals {
    pub refunds: String,
    pub purchases: String,
    pub net: String,
    /// Whether less is bought than is given up.
    pub short: bool,
    /// What comes back at once, and what is paid at once.
    pub back_now: String,
    pub paid_now: String,
}

impl Outcome {
    /// # Errors
    /// When recorded amounts do not fit together.
    pub fn new(
        app: &App,
        facts: &Facts,
        quantities: &[u32],
        asked: &[purchase::Request],
        decision: &Decision<Plan>,
        refusal: Option<&Refusal>,
        way: impl Fn(&Repair) -> Vec<Suggestion>,
    ) -> Result<Outcome, MoneyError> {
        let plan = decision.proposal.as_ref();
        let returned = |(index, held): (usize, &Held)| Returned {
            what: given(app, held, quantities.get(index).copied().unwrap_or_default()),
            href: listing::path(held.order, held.reservation),
            value: plan.and_then(|plan| returned_value(plan, index)),
        };
        let bought = |(index, request): (usize, &purchase::Request)| {
            let value = plan.and_then(|plan| bought_value(plan, index));
            Ok(Bought { what: wanted(app, request), href: None, value: value.transpose()? })
        };
        let returns: Vec<Returned> = facts.returns.iter().enumerate().map(returned).collect();
        let purchases = asked.iter().enumerate().map(bought).collect::<Result<Vec<_>, _>>()?;
        let title = |subject: Subject| {
            let named = match subject {
                Subject::Return(number) => returns.get(number as usize - 1).map(|row| &row.what),
                Subject::SavingsPlan(_) => None,
                Subject::Purchase(number) => {
                    purchases.get(number as usize - 1).map(|row| &row.what)
                }
            };
            match named {
                Some(what) => format!("{}: {what}", words::subject(subject)),
                None => words::subject(subject),
            }
        };
        let proof = Proof::new(&app.book, &decision.findings, refusal, title);
        let whats = |rows: Vec<&String>| rows.into_iter().cloned().collect::<Vec<_>>();
        let given = whats(returns.iter().map(|row| &row.what).collect());
        let taken = whats(purchases.iter().map(|row| &row.what).collect());
        Ok(Outcome {
            totals: plan.map(totals).transpose()?,
            happens: plan
                .map(|plan| happens(plan, &given, &taken))
                .transpose()?
                .unwrap_or_default(),
            refused: refusal.map(|refusal| Refused::new(refusal, way)),
            proof,
            returns,
            purchases,
        })
    }
}

fn given(app: &App, held: &Held, quantity: u32) -> String {
    let what = &held.commitment;
    format!(
        "{} × {}, {}, {}",
        words::count(quantity),
        what.sku,
        reservation::region(app, &what.location),
        words::term(what.term)
    )
}

fn wanted(app: &App, request: &purchase::Request) -> String {
    let place =
        request.location.as_deref().map(|arm| format!(", {}", reservation::region(app, arm)));
    format!(
        "{} × {}{}, {}, {}",
        words::count(request.quantity),
        request.sku,
        place.unwrap_or_default(),
        words::term(request.term),
        words::paid(request.plan)
    )
}

/// What a return comes to; what was paid for swapped units goes on with their twin.
fn returned_value(plan: &Plan, index: usize) -> Option<ReturnedValue> {
    if let Some(swap) = plan.swaps.iter().find(|swap| swap.returned == index) {
        return Some(ReturnedValue {
            refund: words::money(plan.refunds_total),
            cancelled: words::money(plan.refunds_total),
            kept: words::count(swap.kept),
            destination: say("exchange-goes-on-with-twin").into_owned(),
        });
    }
    plan.returns.get(index).map(|given| ReturnedValue {
        refund: words::money(given.value.refund),
        cancelled: words::money(given.value.cancelled),
        kept: words::count(given.kept),
        destination: words::destination(given.destination),
    })
}

/// What a purchase comes to; a twin costs nothing more and goes on to the end of its term.
fn bought_value(plan: &Plan, index: usize) -> Option<Result<BoughtValue, MoneyError>> {
    if let Some(swap) = plan.swaps.get(index) {
        return Some(Ok(BoughtValue {
            total: words::money(plan.purchases_total),
            first_payment: words::money(plan.purchases_total),
            payments: words::count(0),
            expires: words::short_day(swap.expires_on),
        }));
    }
    let bought = plan.purchases.get(index)?;
    let value = |first_payment| BoughtValue {
        total: words::money(bought.total),
        first_payment: words::money(first_payment),
        payments: words::count(bought.commitment.payments()),
        expires: words::short_day(bought.expires_on),
    };
    Some(bought.first_payment().map(value))
}

fn totals(plan: &Plan) -> Result<Totals, MoneyError> {
    let currency = plan.refunds_total.currency();
    let back = Money::sum(currency, plan.returns.iter().map(|given| given.value.refund))?;
    let mut paid = Money::zero(currency);
    for bought in &plan.purchases {
        paid = paid.plus(bought.first_payment()?)?;
    }
    Ok(Totals {
        refunds: words::money(plan.refunds_total),
        purchases: words::money(plan.purchases_total),
        net: words::money(plan.net_payable),
        short: plan.net_payable.is_negative(),
        back_now: words::money(back),
        paid_now: words::money(paid),
    })
}

/// All that an exchange does, in the order in which people think of it.
fn happens(plan: &Plan, given: &[String], taken: &[String]) -> Result<Vec<String>, MoneyError> {
    let what = |rows: &[String], index: usize| rows.get(index).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (index, swap) in plan.swaps.iter().enumerate() {
        let values = [
            ("what", what(given, swap.returned).into()),
            ("twin", what(taken, index).into()),
            ("day", words::day(swap.expires_on).into()),
        ];
        found.push(say_with("exchange-happens-swap", values).into_owned());
    }
    for (index, one) in plan.returns.iter().enumerate() {
        let mut said = say_with(
            "exchange-happens-return",
            [
                ("what", what(given, index).into()),
                ("amount", words::money(one.value.refund).into()),
                ("destination", words::destination(one.destination).into()),
            ],
        )
        .into_owned();
        if one.value.cancelled.minor() > 0 {
            let amount = words::money(one.value.cancelled).into();
            said.push(' ');
            said.push_str(&say_with("exchange-happens-cancelled", [("amount", amount)]));
        }
        if one.kept > 0 {
            let units = words::units(one.kept).into();
            said.push(' ');
            said.push_str(&say_with("exchange-happens-kept", [("units", units)]));
        }
        found.push(said);
    }
    for (index, bought) in plan.purchases.iter().enumerate() {
        let mut said = say_with(
            "exchange-happens-bought",
            [
                ("what", what(taken, index).into()),
                ("day", words::day(bought.expires_on).into()),
                ("amount", words::money(bought.first_payment()?).into()),
            ],
        )
        .into_owned();
        let more = i64::from(bought.commitment.payments()) - 1;
        if more > 0 {
            said.push(' ');
            said.push_str(&say_with("exchange-happens-payments", [("count", more.into())]));
        }
        found.push(said);
    }
    found.push(say("exchange-happens-cap").into_owned());
    Ok(found)
}
