//! The review of a purchase, its confirmation, and what became of it.

use super::payer::name as payer;
use super::wish::Wish;
use crate::portal::desk::{Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Fact, Section, Shell};
use crate::portal::proof::Proof;
use crate::portal::words::{self, Moment, Said};
use crate::portal::{listing, reservation};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::purchase::{self, Shown, Stage};
use prorata_app::request::{self, NewRequest};
use prorata_app::{App, Error};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{OrderId, RequestId};
use prorata_domain::purchase::{Facts, Plan, Request};
use prorata_ledger::{Money, MoneyError};

#[derive(Debug, Template)]
#[template(path = "buy_review.html")]
pub struct ReviewPage {
    pub shell: Shell,
    pub path: String,
    pub name: String,
    pub facts: Vec<Fact>,
    pub costs: Costs,
    pub proof: Proof,
    pub alert: Option<String>,
    pub confirmed: Option<String>,
    /// Until when the quote holds; nothing once it has lapsed.
    pub holds_until: Option<Moment>,
    /// Why others have to approve it first.
    pub asked_first: Option<String>,
    /// Where it is chosen anew.
    pub back: String,
    pub made: Option<Made>,
}

/// What a purchase costs, and when.
#[derive(Debug, Clone)]
pub struct Costs {
    pub quantity: u32,
    pub units: String,
    pub total: String,
    pub today: String,
    /// What is paid after today.
    pub later: Said,
    pub ends: String,
    /// The price it was converted from.
    pub converted: Option<String>,
    /// Each payment, where there are several.
    pub schedule: Vec<Instalment>,
}

#[derive(Debug, Clone)]
pub struct Instalment {
    pub number: String,
    pub due: String,
    pub amount: String,
}

/// A purchase that was made, or whose first payment was refused.
#[derive(Debug, Clone)]
pub struct Made {
    pub at: Moment,
    pub failed: Option<String>,
    pub order: String,
    /// The reservations that it brought: where they are, and their names.
    pub bought: Vec<(String, String)>,
}

impl Costs {
    /// # Errors
    /// When an amount does not fit.
    pub fn new(plan: &Plan, known: &Facts) -> Result<Costs, MoneyError> {
        let first = plan.first_payment()?;
        let offer = known.offer.as_ref();
        let converted = offer.and_then(|offer| offer.converted_from);
        Ok(Costs {
            quantity: plan.quantity,
            units: words::units(plan.quantity),
            total: words::money(plan.total),
            today: words::money(first),
            later: later(plan, first),
            ends: words::day(plan.expires_on),
            converted: converted.map(|(price, rate)| {
                let rate = words::decimal(&rate.normalize().to_string());
                let values = [("price", words::money(price).into()), ("rate", rate.into())];
                say_with("buy-converted", values).into_owned()
            }),
            schedule: schedule(plan),
        })
    }
}

impl Costs {
    pub fn heading(&self) -> Said {
        self.said("buy-costs-heading")
    }

    pub fn made_heading(&self) -> Said {
        self.said("buy-made-heading")
    }

    pub fn schedule_heading(&self) -> Said {
        let count = i64::try_from(self.schedule.len()).unwrap_or(i64::MAX);
        say_with("buy-schedule", [("count", count.into())])
    }

    pub fn confirm_label(&self) -> Said {
        self.said("buy-confirm-label")
    }

    pub fn confirm_word(&self) -> Said {
        self.said("buy-confirm")
    }

    fn said(&self, id: &str) -> Said {
        let values = [
            ("count", self.quantity.into()),
            ("units", self.units.clone().into()),
            ("total", self.total.clone().into()),
            ("today", self.today.clone().into()),
        ];
        say_with(id, values)
    }
}

fn later(plan: &Plan, payment: Money) -> Said {
    match plan.schedule.len() {
        0 | 1 => say("buy-later-nothing"),
        payments => say_with(
            "buy-later-monthly",
            [
                ("count", i64::try_from(payments - 1).unwrap_or(i64::MAX).into()),
                ("amount", words::money(payment).into()),
            ],
        ),
    }
}

fn schedule(plan: &Plan) -> Vec<Instalment> {
    if plan.schedule.len() < 2 {
        return Vec::new();
    }
    let row = |payment: &prorata_domain::billing::Instalment| Instalment {
        number: payment.number.to_string(),
        due: words::short_day(payment.due),
        amount: words::figure(payment.amount),
    };
    plan.schedule.iter().map(row).collect()
}

pub async fn show(desk: Desk, Path(order): Path<String>) -> Response {
    let answer = async {
        let id = read(&order)?;
        page(&desk, id, Note::default(), StatusCode::OK).await
    };
    desk.settle(answer.await)
}

fn read(order: &str) -> Result<OrderId, Error> {
    OrderId::parse(order).ok_or_else(|| Error::Absent {
        what: "purchase at this address".to_owned(),
        code: "ResourceNotFound",
    })
}

/// What the page says of what was sent.
#[derive(Default)]
struct Note {
    alert: Option<String>,
    confirmed: Option<String>,
}

pub async fn submit(Path(order): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let id = read(&order)?;
        match fields.one("act").as_str() {
            "ask" => ask(&desk, id, &fields).await,
            _ => buy(&desk, id, &fields).await,
        }
    };
    desk.settle(answer.await)
}

/// Buys what was quoted under the id; the same form again finds what was bought.
async fn buy(desk: &Desk, id: OrderId, fields: &Fields) -> Result<Response, Error> {
    if !fields.has("confirmed") {
        let note = Note { confirmed: Some(say("buy-confirm-fault").into_owned()), alert: None };
        return page(desk, id, note, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let call = desk.call();
    let made = desk
        .app()
        .deed_async(move |tx, app| {
            let quoted = purchase::shown(tx, app, &call, id)?;
            purchase::buy(tx, app, &call, id, &quoted.request)
        })
        .await;
    match made {
        Ok(_) => Ok(Redirect::to(&super::path(id)).into_response()),
        Err(Error::Refused(refused)) => {
            let why = words::uncapital(&words::reason(&refused.refusal));
            let alert = say_with("buy-refused", [("why", why.into())]).into_owned();
            let note = Note { alert: Some(alert), confirmed: None };
            page(desk, id, note, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// Has others approve what was quoted, under the id of the quote, so that a form sent twice asks
/// once.
async fn ask(desk: &Desk, id: OrderId, fields: &Fields) -> Result<Response, Error> {
    let call = desk.call();
    let quoted = desk.app().read_async(move |tx, app| purchase::shown(tx, app, &call, id)).await?;
    let new = NewRequest {
        id: Some(RequestId(id.0)),
        ask: request::Ask::Purchase(quoted.request),
        on_behalf_of: None,
        comment: fields.one("comment"),
    };
    crate::portal::requests::begin(desk, new).await
}

async fn page(desk: &Desk, id: OrderId, note: Note, status: StatusCode) -> Result<Response, Error> {
    let call = desk.call();
    let (shown, asked_first, payer) = desk
        .app()
        .read_async(move |tx, app| {
            let shown = purchase::shown(tx, app, &call, id)?;
            let needed = match shown.stage {
                Stage::Quoted { .. } => {
                    let wanted = request::Ask::Purchase(shown.request.clone());
                    request::needed(tx, app, &call, &wanted)?
                }
                Stage::Made { .. } => None,
            };
            let payer = payer(tx, app, &call, shown.request.billing_subscription)?;
            Ok((shown, needed, payer))
        })
        .await?;
    let page = build(desk, &shown, asked_first.as_ref(), payer, note)?;
    Ok(page::answer(status, &page))
}

fn build(
    desk: &Desk,
    shown: &Shown,
    asked_first: Option<&Refusal>,
    payer: String,
    note: Note,
) -> Result<ReviewPage, Error> {
    let app = desk.app();
    let Shown { request, decision, .. } = shown;
    let Some(plan) = decision.proposal.as_ref() else {
        return Err(Error::Broken("a purchase that was quoted has no price".to_owned()));
    };
    let (made, holds_until) = match &shown.stage {
        Stage::Quoted { lapses_at, .. } => {
            (None, (*lapses_at > app.now()).then_some(Moment(*lapses_at)))
        }
        Stage::Made { at, bought } => {
            let named = bought.iter().map(|held| {
                let name = listing::named(&held.display_name, &held.sku);
                (listing::path(held.order, held.id), name)
            });
            let failed = decision.refusal.as_ref().map(words::reason);
            let order = shown.order.to_string();
            (Some(Made { at: Moment(*at), failed, order, bought: named.collect() }), None)
        }
    };
    let title = match &made {
        None => say("buy-review-title"),
        Some(Made { failed: None, .. }) => say("buy-made-title"),
        Some(Made { failed: Some(_), .. }) => say("buy-failed-title"),
    };
    Ok(ReviewPage {
        shell: desk.shell(title, Section::Buy),
        path: super::path(shown.order),
        name: listing::named(&request.display_name, &request.sku),
        facts: facts(app, request, plan, &shown.facts, payer),
        costs: Costs::new(plan, &shown.facts)?,
        proof: Proof::new(&app.book, &decision.findings, decision.refusal.as_ref(), words::subject),
        alert: note.alert,
        confirmed: note.confirmed,
        holds_until,
        asked_first: asked_first.map(words::reason),
        back: Wish::of(request).href(),
        made,
    })
}

/// What is bought, as it is read once more before it is paid.
fn facts(app: &App, request: &Request, plan: &Plan, known: &Facts, payer: String) -> Vec<Fact> {
    let what = &plan.commitment;
    let region = known.offer.as_ref().map(|offer| reservation::region(app, &offer.location));
    let yes = if request.renew { "buy-renews" } else { "buy-renews-not" };
    vec![
        Fact::words(say("buy-product"), what.sku.clone()),
        Fact::words(say("buy-region"), region.unwrap_or_else(|| say("buy-no-region").into())),
        Fact::figure(say("buy-quantity"), words::count(plan.quantity)),
        Fact::words(say("buy-term"), words::term(what.term)),
        Fact::words(say("buy-plan"), words::plan(what.plan)),
        Fact::words(say("buy-scope"), words::applied_scope(&request.applied_scope)),
        Fact::words(say("buy-payer"), payer),
        Fact::words(say("buy-name"), request.display_name.clone()),
        Fact::words(say("buy-renewal"), say(yes)),
    ]
}
