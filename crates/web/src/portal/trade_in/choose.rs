//! Choosing what is given up, and what is committed to for it.

use super::draft::{self, Act, Draft};
use super::listed::{self, GiveRow, Held, ROWS_MAX};
use super::summary::{Summary, summary, typed};
use crate::portal::buy::payer::{self, Allowed};
use crate::portal::buy::scopes::{self, ScopeChoice, ScopeGroup};
use crate::portal::compare::{self, Compare, Cost, Mark, Offer, Row};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Section, Shell};
use crate::portal::words::{self, Said};
use crate::portal::{listing, trouble};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::exchange::{self, ComparedTradeIn, GivenUp, OfferedPlan};
use prorata_app::management_groups::{self, Tree};
use prorata_app::purchase::{self, Payer};
use prorata_app::request;
use prorata_app::{App, Call, Error, access, subscriptions};
use prorata_domain::access::{Action, Scope};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::policy::PlanOffer;
use prorata_domain::savings_plan::purchase::Plan;
use prorata_domain::term::utc_day;
use prorata_ledger::{Currency, Hourly};
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "trade_in.html")]
pub struct TradeInPage {
    pub shell: Shell,
    pub alert: Option<String>,
    /// The savings plans that are sold.
    pub plans: Vec<ScopeChoice>,
    pub rows: Vec<GiveRow>,
    /// How many reservations are listed, where there are more.
    pub cut: Option<String>,
    pub currency: String,
    pub compare: Compare,
    pub draft: Draft,
    pub hourly_fault: Option<String>,
    /// The smallest commitment that passes: in words, and as the form takes it.
    pub smallest: Option<(String, String)>,
    /// The commitment that covers the same machines, likewise.
    pub covering: Option<(String, String)>,
    pub payers: Vec<ScopeChoice>,
    pub scopes: Vec<ScopeGroup>,
    pub summary: Option<Summary>,
}

impl TradeInPage {
    /// Whether the reader may trade anything of the list in.
    pub fn may_any(&self) -> bool {
        self.rows.iter().any(|row| row.barred.is_none())
    }
}

/// All that the page reads.
struct Seen {
    draft: Draft,
    rows: Vec<Held>,
    cut: bool,
    payers: Vec<Payer>,
    payer: Option<SubscriptionId>,
    groups: Vec<String>,
    tree: Tree,
    given: Vec<GivenUp>,
    hourly_fault: bool,
    allowed: Allowed,
    /// Nothing where nothing is ticked, or something typed is faulty.
    compared: Option<Result<ComparedTradeIn, String>>,
    asked_first: Option<Refusal>,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let draft = Draft::read(&query);
    desk.settle(page(&desk, draft, None, StatusCode::OK).await)
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let act = Act::read(&fields.one("act"));
    let draft = Draft::read(&fields).after(&act);
    let answer = match act {
        Act::Review => quote(&desk, draft).await,
        _ => page(&desk, draft, None, StatusCode::OK).await,
    };
    desk.settle(answer)
}

async fn page(
    desk: &Desk,
    draft: Draft,
    alert: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let seen = desk.app().read_async(move |tx, app| see(tx, app, &call, draft.clone())).await?;
    Ok(page::answer(status, &build(desk, seen, alert)?))
}

/// Keeps a quote of what is chosen, and leads to its review; or shows the page with what keeps it
/// from being one.
async fn quote(desk: &Desk, draft: Draft) -> Result<Response, Error> {
    let call = desk.call();
    let typed = draft.clone();
    let seen = desk.app().read_async(move |tx, app| see(tx, app, &call, typed.clone())).await?;
    let wanted = match (&seen.compared, seen.payer) {
        (Some(Ok(compared)), Some(payer)) => chosen(&seen.draft, compared).map(|offer| {
            let tenant = desk.session.caller.tenant;
            seen.draft.wanted(payer, tenant, (offer.term, offer.plan), offer.hourly)
        }),
        _ => None,
    };
    let Some(wanted) = wanted else {
        let alert = seen.given.is_empty().then(|| say("trade-in-tick-one").into_owned());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page::answer(status, &build(desk, seen, alert)?));
    };
    let (call, ask) = (desk.call(), draft::ask(seen.given.clone(), wanted));
    let quoted = desk.app().deed_async(move |tx, app| exchange::quote(tx, app, &call, &ask)).await;
    match quoted {
        Ok(quoted) if quoted.decision.is_approved() => {
            Ok(Redirect::to(&format!("/trade-in/{}", quoted.session)).into_response())
        }
        Ok(_) => page(desk, draft, None, StatusCode::CONFLICT).await,
        Err(error @ (Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_))) => {
            let (status, what) = trouble::said(&error);
            page(desk, draft, Some(what), status).await
        }
        Err(error) => Err(error),
    }
}

fn see(tx: &mut Tx<'_>, app: &App, call: &Call, mut draft: Draft) -> Result<Seen, Error> {
    let clauses = app.book.in_force(utc_day(call.now));
    let types = clauses.trade_in_types.value;
    let offers = &clauses.savings_plan_offer.value.offers;
    let first = first_taken(tx, app, call, &draft)?;
    let offer = match clauses.savings_plan_offer.value.offer(&draft.sku) {
        Some(offer) => Some(offer),
        None => likely_plan(offers, |offer| {
            first.as_ref().is_some_and(|(kind, _)| types.may_become(kind, offer.kind))
        }),
    };
    let payers = purchase::payers(tx, app, call)?;
    let payer = match SubscriptionId::parse(&draft.subscription) {
        Some(payer) => Some(payer),
        None => first
            .map(|(_, payer)| payer)
            .filter(|payer| payer::find(&payers, Some(*payer)).is_some())
            .map_or_else(
                || payer::likely(tx, call, Action::BuySavingsPlan, &payers),
                |it| Ok(Some(it)),
            )?,
    };
    let (rows, cut) = match offer {
        Some(offer) => {
            draft.sku.clone_from(&offer.sku);
            listed::read(tx, app, call, &draft, types, offer.kind)?
        }
        None => (Vec::new(), false),
    };
    let given = listed::given(&draft, &rows).unwrap_or_default();
    let mut seen = Seen {
        rows,
        cut,
        payer,
        groups: Vec::new(),
        tree: management_groups::tree(tx, app, call)?,
        given,
        hourly_fault: false,
        allowed: Allowed::Yes,
        compared: None,
        asked_first: None,
        draft,
        payers,
    };
    if let Some(payer) = payer {
        let scope = Scope::subscription(payer);
        let verdict = access::verdict(tx, call, Action::BuySavingsPlan, &scope)?;
        seen.allowed = Allowed::of(&verdict);
        seen.groups = subscriptions::resource_groups(tx, app, call, payer).unwrap_or_default();
        if verdict.is_allowed() {
            compared(tx, app, call, &mut seen, payer)?;
        }
    }
    Ok(seen)
}

/// The type of the first reservation that is ticked, and who paid for it.
fn first_taken(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    draft: &Draft,
) -> Result<Option<(String, SubscriptionId)>, Error> {
    let Some((order, id)) = draft.takes.first().and_then(|path| draft::ids(path)) else {
        return Ok(None);
    };
    let (order, _) = prorata_app::reservations::show(tx, app, call, order, id)?;
    Ok(Some((order.commitment.resource_type, order.billing_subscription)))
}

fn likely_plan(offers: &[PlanOffer], fits: impl Fn(&&PlanOffer) -> bool) -> Option<&PlanOffer> {
    offers.iter().find(fits).or(offers.first())
}

/// Asks what it comes to, as far as something is ticked and nothing typed is faulty.
fn compared(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    seen: &mut Seen,
    payer: SubscriptionId,
) -> Result<(), Error> {
    let currency = currency(seen);
    let Ok(committed) = seen.draft.commitment(currency) else {
        seen.hourly_fault = true;
        return Ok(());
    };
    if seen.given.is_empty() {
        return Ok(());
    }
    let hourly = committed.unwrap_or(Hourly::new(0, currency));
    let wanted = seen.draft.wanted(payer, call.caller.tenant, seen.draft.chosen(), hourly);
    let ask = draft::ask(seen.given.clone(), wanted);
    seen.compared = Some(match exchange::compare(tx, app, call, &ask) {
        Ok(compared) => {
            let asked = seen.draft.chosen();
            let sold = compared.offer(asked.0, asked.1).or(compared.offers.first());
            if let Some(sold) = sold {
                seen.draft.offer = compare::value(sold.term, sold.plan);
            }
            if let Some(offer) = chosen(&seen.draft, &compared)
                && offer.decision.is_approved()
            {
                let mut ask = ask;
                for wanted in &mut ask.savings_plans {
                    (wanted.term, wanted.plan) = (offer.term, offer.plan);
                    wanted.hourly = offer.hourly;
                }
                seen.asked_first = request::needed(tx, app, call, &request::Ask::Exchange(ask))?;
            }
            Ok(compared)
        }
        Err(error @ (Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_))) => {
            Err(trouble::said(&error).1)
        }
        Err(error) => return Err(error),
    });
    Ok(())
}

fn currency(seen: &Seen) -> Currency {
    payer::find(&seen.payers, seen.payer).map_or(Currency::USD, |payer| payer.account.currency)
}

fn chosen<'c>(draft: &Draft, compared: &'c ComparedTradeIn) -> Option<&'c OfferedPlan> {
    let (term, plan) = draft.chosen();
    compared.offer(term, plan)
}

fn build(desk: &Desk, seen: Seen, alert: Option<String>) -> Result<TradeInPage, Error> {
    let app = desk.app();
    let today = utc_day(app.now());
    let (compared, trouble) = match &seen.compared {
        Some(Ok(compared)) => (Some(compared), None),
        Some(Err(why)) => (None, Some(why.clone())),
        None => (None, None),
    };
    let offer = compared.and_then(|compared| chosen(&seen.draft, compared));
    let plan = offer.and_then(|offer| offer.decision.proposal.as_ref());
    let summary = match (compared, offer) {
        (Some(compared), Some(offer)) => {
            let allowed = match &seen.asked_first {
                Some(why) => Allowed::AskedFirst(words::reason(why)),
                None => seen.allowed.clone(),
            };
            let name = |at: usize| named(&seen, at);
            let facts = &compared.facts;
            let decision = &offer.decision;
            let chosen = (&seen.draft, seen.given.as_slice());
            Some(summary(app, chosen, facts, decision, allowed, today, name)?)
        }
        _ => None,
    };
    let scopes = match payer::find(&seen.payers, seen.payer) {
        Some(payer) => {
            scopes::choices(payer, &seen.payers, &seen.groups, &seen.tree, &seen.draft.scope)
        }
        None => Vec::new(),
    };
    let both = |of: Hourly| (words::hourly(of), typed(of));
    let covering = plan.and_then(|plan| covering(compared?, plan, today));
    Ok(TradeInPage {
        shell: desk.shell(say("trade-in-title"), Section::TradeIn),
        alert: alert.or(trouble).or_else(|| barred(&seen)),
        plans: plans(app, &seen.draft.sku, today),
        rows: listed::rows(app, &seen.draft, &seen.rows, &seen.given, plan),
        cut: seen.cut.then(|| words::count(ROWS_MAX as i64)),
        currency: currency(&seen).code().to_owned(),
        compare: offers(&seen, compared)?,
        hourly_fault: seen.hourly_fault.then(|| say("trade-in-hourly-fault").into_owned()),
        smallest: offer.and_then(|offer| offer.smallest).map(both),
        covering: covering.map(both),
        payers: payer::choices(&seen.payers, seen.payer),
        scopes,
        summary,
        draft: seen.draft,
    })
}

/// Why nothing can be traded in with the subscription, where something is ticked.
fn barred(seen: &Seen) -> Option<String> {
    let (why, helps) = seen.allowed.barred().filter(|_| !seen.given.is_empty())?;
    let helps: Vec<String> = helps.iter().map(|help| words::sentence(help)).collect();
    Some(format!("{} {why} {}", say("trade-in-not-you"), helps.join(" ")))
}

fn covering(
    compared: &ComparedTradeIn,
    plan: &prorata_domain::exchange::Plan,
    today: jiff::civil::Date,
) -> Option<Hourly> {
    use prorata_domain::trade_in::comparison;
    comparison::compare(&compared.facts, plan, comparison::rates(), today).ok()??.covering
}

fn named(seen: &Seen, at: usize) -> Option<String> {
    let given = seen.given.get(at)?;
    let row = seen.rows.iter().find(|row| row.held.id == given.reservation)?;
    Some(listing::named(&row.held.display_name, &row.held.sku))
}

fn plans(app: &App, chosen: &str, today: jiff::civil::Date) -> Vec<ScopeChoice> {
    let sold = &app.book.in_force(today).savings_plan_offer.value.offers;
    let choice = |offer: &PlanOffer| ScopeChoice {
        value: offer.sku.clone(),
        label: plan_name(offer.kind.as_str()).into_owned(),
        chosen: offer.sku.eq_ignore_ascii_case(chosen),
    };
    sold.iter().map(choice).collect()
}

/// The name of a kind of plan.
pub fn plan_name(kind: &str) -> Said {
    say(&format!("plan-kind-{kind}"))
}

fn offers(seen: &Seen, compared: Option<&ComparedTradeIn>) -> Result<Compare, Error> {
    let offers = compared.map(|compared| compared.offers.as_slice()).unwrap_or_default();
    let mut cards = Vec::with_capacity(offers.len());
    for (index, offer) in offers.iter().enumerate() {
        let bought = offer.decision.proposal.as_ref().and_then(|plan| plan.savings_plans.first());
        let Some(bought) = bought else { continue };
        cards.push(card(index + 1, offer, bought, &seen.draft.offer)?);
    }
    let auto = seen.draft.hourly.is_empty();
    let hint = if auto { "trade-in-offer-smallest" } else { "trade-in-offer-typed" };
    let currency = currency(seen).code();
    Ok(Compare {
        name: "offer",
        legend: say("buy-offer"),
        hint: say_with(hint, [("currency", currency.into())]),
        offers: cards,
    })
}

fn card(number: usize, offer: &OfferedPlan, bought: &Plan, chosen: &str) -> Result<Offer, Error> {
    let (term, plan) = (offer.term, offer.plan);
    let cost = Cost { term, plan, total: bought.total, payment: bought.commitment.payment };
    let mut rows = vec![Row::new("compare-in-all", words::figure(bought.total))];
    rows.extend(cost.payments()?);
    let short = !offer.decision.is_approved();
    Ok(Offer {
        id: format!("offer-{number}"),
        value: cost.value(),
        title: words::term(term),
        plan: words::paid(plan),
        lead: Row::new("trade-in-by-hour", words::decimal(&offer.hourly.to_decimal().to_string())),
        rows,
        mark: short.then(|| Mark { label: say("trade-in-too-little"), class: "not-met" }),
        chosen: cost.value() == chosen,
    })
}
