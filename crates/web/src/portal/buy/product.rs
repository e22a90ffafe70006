//! A product: its terms and plans compared, and how it is to be bought.

use super::payer::{self, Allowed};
use super::review::Costs;
use super::scopes::{self, ScopeChoice, ScopeGroup};
use super::wish::{Faults, Wish};
use crate::portal::compare::{self, Compare, Cost};
use crate::portal::desk::{Asked, Desk};
use crate::portal::form::{self, Fields, Hidden};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Section, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion, Way};
use crate::portal::words::Said;
use crate::portal::{reservation, trouble, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::management_groups::{self, Tree};
use prorata_app::purchase::{self, Compared, Payer};
use prorata_app::request::{self, NewRequest};
use prorata_app::{App, Call, Error, subscriptions};
use prorata_domain::access::Action;
use prorata_domain::decision::{Decision, Refusal, Repair};
use prorata_domain::ids::{RequestId, SubscriptionId};
use prorata_domain::purchase::{Plan, Request};
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Tx;

/// Values of a choice that are offered as links; beyond that they are only told.
const CHOICES_MAX: usize = 12;

#[derive(Debug, Template)]
#[template(path = "buy_product.html")]
pub struct ProductPage {
    pub shell: Shell,
    /// The product by its title, or by its SKU where it is not sold.
    pub name: String,
    pub kind: String,
    pub region: String,
    pub alert: Option<String>,
    pub wish: Wish,
    pub faults: Faults,
    pub payers: Vec<ScopeChoice>,
    pub scopes: Vec<ScopeGroup>,
    pub compare: Compare,
    /// Nothing where it could not be asked what it comes to.
    pub summary: Option<Summary>,
    pub hidden: Vec<Hidden>,
    /// An id for a request, so that a form sent twice asks once.
    pub request_id: String,
}

/// What it comes to as it is chosen now.
#[derive(Debug, Clone)]
pub struct Summary {
    pub costs: Option<Costs>,
    pub refused: Option<Refused>,
    pub allowed: Allowed,
    pub proof: Proof,
}

impl Summary {
    pub fn refused_heading(&self) -> Said {
        let clause = self.refused.as_ref().map(|refused| refused.clause.clone());
        say_with("buy-refused-heading", [("clause", clause.unwrap_or_default().into())])
    }

    pub fn is_open(&self) -> bool {
        self.refused.is_none()
    }
}

/// All that a page reads.
struct Seen {
    payers: Vec<Payer>,
    payer: Option<SubscriptionId>,
    groups: Vec<String>,
    tree: Tree,
    request: Option<Request>,
    compared: Result<Compared, String>,
    asked_first: Option<Refusal>,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let wish = Wish::read(&query);
    desk.settle(page(&desk, wish, None, StatusCode::OK).await)
}

/// Keeps a quote, and leads to its review.
pub async fn quote(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let wish = Wish::read(fields);
    let payer = SubscriptionId::parse(&wish.subscription);
    let (Some(payer), false) = (payer, wish.faults().any()) else {
        return page(desk, wish, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let call = desk.call();
    let request = wish.request(payer, call.caller.tenant);
    let quoted =
        desk.app().deed_async(move |tx, app| purchase::quote(tx, app, &call, &request)).await;
    match quoted {
        Ok(quoted) if quoted.decision.is_approved() => {
            Ok(Redirect::to(&super::path(quoted.order)).into_response())
        }
        // The page says why it is refused.
        Ok(_) => page(desk, wish, None, StatusCode::CONFLICT).await,
        Err(error @ (Error::Absent { .. } | Error::Denied { .. } | Error::Refused(_))) => {
            let (status, what) = trouble::said(&error);
            page(desk, wish, Some(what), status).await
        }
        Err(error) => Err(error),
    }
}

/// Has others asked for it, under an id that the form brings, so that a form sent twice asks once.
pub async fn ask(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let wish = Wish::read(fields);
    let payer = SubscriptionId::parse(&wish.subscription);
    let (Some(payer), false) = (payer, wish.faults().any()) else {
        return page(desk, wish, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let request = wish.request(payer, desk.session.caller.tenant);
    let new = NewRequest {
        id: RequestId::parse(&fields.one("id")),
        ask: request::Ask::Purchase(request),
        on_behalf_of: None,
        comment: fields.one("comment"),
    };
    crate::portal::requests::begin(desk, new).await
}

async fn page(
    desk: &Desk,
    mut wish: Wish,
    alert: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let asked = wish.clone();
    let seen = desk.read(move |tx, app| see(tx, app, &call, &asked)).await?;
    if let Some(request) = &seen.request {
        wish.offer = compare::value(request.term, request.plan);
        wish.subscription = request.billing_subscription.to_string();
    }
    let page = build(desk, wish, alert, &seen)?;
    Ok(page::answer(status, &page))
}

fn see(tx: &mut Tx<'_>, app: &App, call: &Call, wish: &Wish) -> Result<Seen, Error> {
    let payers = purchase::payers(tx, app, call)?;
    let payer = match SubscriptionId::parse(&wish.subscription) {
        Some(payer) => Some(payer),
        None => payer::likely(tx, call, Action::Buy, &payers)?,
    };
    let mut seen = Seen {
        groups: Vec::new(),
        tree: management_groups::tree(tx, app, call)?,
        request: None,
        compared: Err(say("buy-nobody-pays").into_owned()),
        asked_first: None,
        payers,
        payer,
    };
    let Some(payer) = payer else { return Ok(seen) };
    let mut request = wish.request(payer, call.caller.tenant);
    match purchase::compare(tx, app, call, &request) {
        Ok(mut compared) => {
            seen.groups = subscriptions::resource_groups(tx, app, call, payer).unwrap_or_default();
            if wish.offer.is_empty() {
                first_offer(&mut compared, &mut request);
            }
            if compared.verdict.is_allowed() && compared.decision.is_approved() {
                let wanted = request::Ask::Purchase(request.clone());
                seen.asked_first = request::needed(tx, app, call, &wanted)?;
            }
            seen.compared = Ok(compared);
        }
        Err(error @ (Error::Absent { .. } | Error::Denied { .. })) => {
            seen.compared = Err(trouble::said(&error).1);
        }
        Err(error) => return Err(error),
    }
    seen.request = Some(request);
    Ok(seen)
}

/// Chooses the first offer that is sold, where none was chosen.
fn first_offer(compared: &mut Compared, request: &mut Request) {
    let Some(first) = compared.offers.iter().find(|offer| offer.decision.is_approved()) else {
        return;
    };
    (request.term, request.plan) = (first.term, first.plan);
    compared.decision = first.decision.clone();
}

fn build(
    desk: &Desk,
    wish: Wish,
    alert: Option<String>,
    seen: &Seen,
) -> Result<ProductPage, Error> {
    let app = desk.app();
    let faults = wish.faults();
    let kind = app.catalog.resource_type(&wish.resource_type);
    let (compared, trouble) = match &seen.compared {
        Ok(compared) => (Some(compared), None),
        Err(why) => (None, Some(why.clone())),
    };
    let summary = match compared.filter(|_| !faults.any()) {
        Some(compared) => Some(summary(app, &wish, compared, seen.asked_first.as_ref())?),
        None => None,
    };
    let scopes = match payer::find(&seen.payers, seen.payer) {
        Some(payer) => scopes::choices(payer, &seen.payers, &seen.groups, &seen.tree, &wish.scope),
        None => Vec::new(),
    };
    let name = wish.sku.clone();
    Ok(ProductPage {
        shell: desk.shell(say_with("buy-title", [("product", name.clone().into())]), Section::Buy),
        kind: kind.map_or_else(|| wish.resource_type.clone(), |kind| kind.title.clone()),
        region: match wish.location.as_str() {
            "" => say("buy-no-region").into_owned(),
            arm => reservation::region(app, arm),
        },
        name,
        alert: alert.or(trouble),
        faults,
        payers: payer::choices(&seen.payers, seen.payer),
        scopes,
        compare: offers(&wish, compared)?,
        hidden: wish.hidden(),
        request_id: uuid::Uuid::new_v4().to_string(),
        summary,
        wish,
    })
}

fn offers(wish: &Wish, compared: Option<&Compared>) -> Result<Compare, Error> {
    let costs: Vec<Cost> = compared
        .iter()
        .flat_map(|compared| &compared.offers)
        .filter_map(|offer| cost(&offer.decision))
        .collect();
    let currency = compared.map_or("", |compared| compared.facts.account.currency.code());
    let units = form::quantity(&wish.quantity, u32::MAX).unwrap_or(1);
    let hint = [("units", words::units(units).into()), ("currency", currency.into())];
    Ok(Compare {
        name: "offer",
        legend: say("buy-offer"),
        hint: say_with("buy-offer-hint", hint),
        offers: compare::cards(&costs, &wish.offer)?,
    })
}

/// What an offer costs; nothing where it has no price.
fn cost(decision: &Decision<Plan>) -> Option<Cost> {
    let plan = decision.proposal.as_ref()?;
    Some(Cost {
        term: plan.commitment.term,
        plan: plan.commitment.plan,
        total: plan.total,
        payment: plan.first_payment().ok()?,
    })
}

fn summary(
    app: &App,
    wish: &Wish,
    compared: &Compared,
    asked_first: Option<&Refusal>,
) -> Result<Summary, Error> {
    let Compared { facts, decision, verdict, .. } = compared;
    let refusal = decision.refusal.as_ref();
    let costs = decision.proposal.as_ref().map(|plan| Costs::new(plan, facts)).transpose()?;
    Ok(Summary {
        costs,
        refused: refusal.map(|refusal| Refused::new(refusal, |repair| ways(app, wish, repair))),
        allowed: match asked_first {
            Some(why) => Allowed::AskedFirst(words::reason(why)),
            None => Allowed::of(verdict),
        },
        proof: Proof::new(&app.book, &decision.findings, refusal, words::subject),
    })
}

/// A repair as links to the page with the change made.
fn ways(app: &App, wish: &Wish, repair: &Repair) -> Vec<Suggestion> {
    let Repair::Choose { field, values, .. } = repair else {
        return vec![Suggestion::told(repair)];
    };
    if values.is_empty() || values.len() > CHOICES_MAX {
        return vec![Suggestion::told(repair)];
    }
    let with = |value: &String| {
        let (term, plan) = compare::parse(&wish.offer)?;
        let (term, plan) = (term.to_string(), plan.to_string());
        Some(match &**field {
            "location" => Wish { location: value.clone(), ..wish.clone() },
            "sku" | "sku.name" => Wish { sku: value.clone(), ..wish.clone() },
            "term" => Wish { offer: format!("{value}-{plan}"), ..wish.clone() },
            "billingPlan" => Wish { offer: format!("{term}-{value}"), ..wish.clone() },
            _ => return None,
        })
    };
    let way = |value: &String| {
        let changed = with(value)?;
        let text = match &**field {
            "location" => ("buy-choose-region", reservation::region(app, value)),
            "term" => ("buy-choose-term", Term::parse(value).map(words::term)?.into_owned()),
            "billingPlan" => {
                ("buy-choose-plan", BillingPlan::parse(value).map(words::plan)?.into())
            }
            _ => ("buy-choose-sku", value.clone()),
        };
        let text = say_with(text.0, [("value", text.1.into())]).into_owned();
        Some(Suggestion { text, way: Way::Link(changed.href()) })
    };
    let linked: Option<Vec<Suggestion>> = values.iter().map(way).collect();
    linked.unwrap_or_else(|| vec![Suggestion::told(repair)])
}
