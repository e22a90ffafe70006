//! The second step: what is bought for it.

use super::balance::Balance;
use super::basket::{self, Line};
use super::draft::{Draft, Give, Hidden, SHARED, Want};
use super::return_step::{self, Why};
use super::ways::{self, Way};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Section, Shell};
use crate::portal::products::{self, Choice, ChoiceGroup, Products, Search, Taking};
use crate::portal::{buy, reservation, trouble, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::exchange::{self, Ask, Instead};
use prorata_app::{App, Error, purchase};
use prorata_domain::decision::Decision;
use prorata_domain::exchange::{Facts, Plan};
use prorata_domain::ids::SubscriptionId;
use prorata_domain::policy::ClauseId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;

#[derive(Debug, Template)]
#[template(path = "exchange_purchase.html")]
pub struct PurchasePage {
    pub shell: Shell,
    /// What is given up, in words.
    pub given: Vec<String>,
    pub lines: Vec<Line>,
    /// What it comes to so far; nothing where it cannot be told.
    pub balance: Option<Balance>,
    /// Why it would be refused, but for the value of the basket, which the balance tells.
    pub refused: Option<Why>,
    pub ways: Vec<Way>,
    /// Sizes that all that is given up may go on as, at no charge.
    pub twins: Option<String>,
    pub products: Products,
    /// Subscriptions that could pay, with the one that does.
    pub payers: Vec<Choice>,
    pub subscription_fault: Option<String>,
    /// The fields of the first step.
    pub hidden: Vec<Hidden>,
    pub alert: Option<String>,
}

/// What the page says of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    Nothing,
    /// What is wrong with each field.
    Faults,
    /// Why the review could not be made.
    Alert(String),
}

/// What the draft comes to so far.
struct Weighed {
    ask: Ask,
    facts: Facts,
    decision: Decision<Plan>,
    instead: Instead,
}

pub async fn page(
    desk: &Desk,
    mut draft: Draft,
    say: Say,
    status: StatusCode,
) -> Result<Response, Error> {
    let app = desk.app();
    let given: Vec<Give> = draft.given().cloned().collect();
    let held = return_step::load(desk, &given).await?;
    begin(&mut draft, &held);
    let products = search(desk, &mut draft, &held).await?;
    let weighed = weigh(desk, &draft).await?;
    let mut page = PurchasePage {
        shell: desk.shell(crate::say("exchange-purchase-title"), Section::Exchange),
        given: given.iter().zip(&held).map(|(give, held)| in_words(app, give, held)).collect(),
        lines: Vec::new(),
        balance: None,
        refused: None,
        ways: Vec::new(),
        twins: None,
        products,
        subscription_fault: (say == Say::Faults
            && SubscriptionId::parse(&draft.subscription).is_none())
        .then(|| crate::say("exchange-fault-subscription").into_owned()),
        payers: payers(desk, &draft.subscription).await?,
        hidden: draft.hidden_gives(),
        alert: match &say {
            Say::Alert(alert) => Some(alert.clone()),
            Say::Faults if draft.wants.is_empty() => {
                Some(crate::say("exchange-buy-something").into_owned())
            }
            Say::Nothing | Say::Faults => None,
        },
    };
    let mut plan = None;
    match weighed {
        Some(Ok(weighed)) => {
            page.weighed(app, &weighed)?;
            plan = weighed.decision.proposal;
        }
        Some(Err(why)) => page.refused = Some(Why::said(why)),
        None => {}
    }
    page.lines = basket::lines(app, &draft, plan.as_ref(), say == Say::Faults);
    Ok(page::answer(status, &page))
}

impl PurchasePage {
    fn weighed(&mut self, app: &App, weighed: &Weighed) -> Result<(), Error> {
        let Weighed { ask, facts, decision, instead } = weighed;
        let refusal = decision.refusal.as_ref();
        let balance = decision.proposal.as_ref().map(|plan| Balance::new(ask, plan, refusal));
        self.balance = balance.transpose()?;
        self.refused =
            refusal.filter(|refusal| refusal.clause != ClauseId::ExchangeFloor).map(Why::refused);
        self.ways = ways::ways(app, ask, facts, decision, instead)?;
        self.twins = twins(app, facts);
        Ok(())
    }
}

/// The twins of what is given up, where all of it has one that it may be swapped with.
fn twins(app: &App, facts: &Facts) -> Option<String> {
    let rule = app.book.in_force(utc_day(app.now())).premium_storage_swap.value;
    let twins: Option<Vec<&str>> = facts
        .twins
        .iter()
        .map(|twin| twin.as_ref().filter(|twin| rule.allows(twin.has_premium)))
        .map(|twin| twin.map(|twin| twin.sku.as_str()))
        .collect();
    twins.filter(|twins| !twins.is_empty()).map(|twins| twins.join(", "))
}

/// The subscription that paid for what is given up, unless another one is named.
fn begin(draft: &mut Draft, held: &[(Order, Reservation)]) {
    let Some((order, _)) = held.first() else { return };
    if draft.subscription.is_empty() {
        draft.subscription = order.billing_subscription.to_string();
    }
}

/// The subscriptions that the caller sees. One that was named otherwise stays among them.
async fn payers(desk: &Desk, chosen: &str) -> Result<Vec<Choice>, Error> {
    let call = desk.call();
    let seen = desk.app().read_async(move |tx, app| purchase::payers(tx, app, &call)).await?;
    let label = |payer: &purchase::Payer| {
        let named = Choice::new(&payer.subscription.id.to_string(), "", chosen);
        Choice { label: buy::payer::label(payer), ..named }
    };
    let mut choices: Vec<Choice> = seen.iter().map(label).collect();
    if !choices.iter().any(|choice| choice.chosen) {
        choices.insert(0, Choice::new(chosen, chosen, chosen));
    }
    Ok(choices)
}

/// Puts into the basket nothing but the twin of each thing that is given up.
pub async fn swap(desk: &Desk, draft: &mut Draft) -> Result<(), Error> {
    let given: Vec<Give> = draft.given().cloned().collect();
    let held = return_step::load(desk, &given).await?;
    let twin = |(give, (order, held)): (&Give, &(Order, Reservation))| {
        let what = &order.commitment;
        let twin = desk.app().catalog.premium_twin(&what.resource_type, &held.sku)?;
        Some(Want {
            resource_type: what.resource_type.clone(),
            sku: twin.sku,
            location: what.location.clone(),
            term: what.term.to_string(),
            plan: what.plan.to_string(),
            quantity: give.quantity.clone(),
            name: held.display_name.clone(),
            scope: SHARED.to_owned(),
        })
    };
    let wants: Option<Vec<Want>> = given.iter().zip(&held).map(twin).collect();
    if let (Some(wants), Some((order, _))) = (wants, held.first()) {
        draft.wants = wants;
        draft.subscription = order.billing_subscription.to_string();
    }
    Ok(())
}

fn in_words(app: &App, give: &Give, (order, held): &(Order, Reservation)) -> String {
    let what = &order.commitment;
    format!(
        "{} × {}, {}, {}",
        give.quantity,
        held.sku,
        reservation::region(app, &what.location),
        words::term(what.term)
    )
}

/// What the draft comes to, with the lines of the basket that can be read; or why nothing can be
/// said. Nothing where no subscription is named.
async fn weigh(desk: &Desk, draft: &Draft) -> Result<Option<Result<Weighed, String>>, Error> {
    let Some(ask) = draft.ask_so_far(&desk.app().catalog) else { return Ok(None) };
    let Some(payer) = SubscriptionId::parse(&draft.subscription) else { return Ok(None) };
    let call = desk.call();
    // It makes payments that are due, as a quote does, so that it is worth what a quote says.
    let weighed = desk
        .app()
        .deed_async(move |tx, app| {
            let (facts, decision) = exchange::weigh(tx, app, &call, &ask)?;
            let plan = decision.proposal.as_ref().filter(|plan| !plan.returns.is_empty());
            let value = plan.map(|plan| plan.refunds_total);
            let instead = match value {
                Some(value) => {
                    exchange::instead(tx, app, &call, &ask.returns, &facts, value, payer)?
                }
                None => Instead::default(),
            };
            Ok(Weighed { ask: ask.clone(), facts, decision, instead })
        })
        .await;
    match weighed {
        Ok(weighed) => Ok(Some(Ok(weighed))),
        Err(error @ (Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_))) => {
            Ok(Some(Err(trouble::said(&error).1)))
        }
        Err(error) => Err(error),
    }
}

/// The types: first those that what is given up may become today, then the others.
fn types(desk: &Desk, chosen: &str, held: &[(Order, Reservation)]) -> Vec<ChoiceGroup> {
    let app = desk.app();
    let today = utc_day(app.now());
    let groups = app.book.in_force(today).exchange_groups.value;
    let (mut allowed, mut others) = (Vec::new(), Vec::new());
    for found in app.catalog.resource_types() {
        let choice = Choice::new(&found.name, products::type_label(app, &found.name), chosen);
        let may = held
            .iter()
            .all(|(order, _)| groups.may_become(&order.commitment.resource_type, &found.name));
        if may && found.stopped_on(today).is_none() {
            allowed.push(choice);
        } else {
            others.push(choice);
        }
    }
    let any = Choice::new("", say("products-any-type"), chosen);
    let groups = [
        (String::new(), vec![any]),
        (say("exchange-types-allowed").into_owned(), allowed),
        (say("exchange-types-refused").into_owned(), others),
    ];
    groups
        .into_iter()
        .filter(|(_, choices)| !choices.is_empty())
        .map(|(label, choices)| ChoiceGroup { label, choices })
        .collect()
}

/// The search, which begins with what is like the first of what is given up.
async fn search(
    desk: &Desk,
    draft: &mut Draft,
    held: &[(Order, Reservation)],
) -> Result<Products, Error> {
    let search = draft.search.get_or_insert_with(|| {
        let like = held.first().map(|(order, _)| &order.commitment);
        like.map_or_else(Search::default, |what| Search {
            kind: what.resource_type.clone(),
            region: what.location.clone(),
            term: what.term.to_string(),
            plan: what.plan.to_string(),
            ..Search::default()
        })
    });
    let app = desk.app();
    let groups = app.book.in_force(utc_day(app.now())).exchange_groups.value;
    let payer = SubscriptionId::parse(&draft.subscription);
    let types = types(desk, &search.kind, held);
    products::find(desk, payer, search, types, &Taking::Form, |offer| {
        let mut kinds = held.iter().map(|(order, _)| &order.commitment.resource_type);
        let stray = kinds.find(|from| !groups.may_become(from, &offer.resource_type))?;
        Some(say_with("exchange-not-into", [("from", stray.clone().into())]).into_owned())
    })
    .await
}
