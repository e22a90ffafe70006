//! The review of a trade-in, its confirmation, and what became of it.

use super::draft::Draft;
use super::summary::{Sums, titled};
use crate::portal::compare;
use crate::portal::desk::{Desk, Posted};
use crate::portal::form::{Fields, escaped};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Fact, Section, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::{buy, listing, reservation, savings_plans, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::exchange::{self, Operation, Stage};
use prorata_app::request::{self, NewRequest};
use prorata_app::{App, Call, Error, reservations};
use prorata_domain::decision::Refusal;
use prorata_domain::exchange::Plan;
use prorata_domain::ids::{RequestId, SessionId};
use prorata_domain::policy::ClauseId;
use prorata_domain::reservation::Held;
use prorata_domain::savings_plan::purchase::Request;
use prorata_domain::term::utc_day;
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "trade_in_review.html")]
pub struct ReviewPage {
    pub shell: Shell,
    pub path: String,
    pub given: Vec<Given>,
    pub facts: Vec<Fact>,
    /// Nothing where it could not be priced.
    pub sums: Option<Sums>,
    pub proof: Proof,
    pub alert: Option<String>,
    pub confirmed: Option<String>,
    /// Why others have to approve it first.
    pub asked_first: Option<String>,
    /// Where it is chosen anew.
    pub back: String,
    pub made: Option<Made>,
}

/// A reservation that is given up.
#[derive(Debug, Clone)]
pub struct Given {
    pub name: String,
    pub what: String,
    pub href: String,
    /// What comes back, what is never paid, and how many units stay; nothing without a price.
    pub value: Option<[String; 3]>,
    pub destination: String,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Made {
    pub refused: Option<Refused>,
    /// Where the plan is, and its name.
    pub plan: Option<(String, String)>,
    pub operation: String,
}

impl ReviewPage {
    pub fn heading(&self) -> words::Said {
        let commitment = self.sums.as_ref().map(|sums| sums.commitment.clone());
        let id = match &self.made {
            Some(Made { refused: Some(_), .. }) => return say("trade-in-refused-heading"),
            Some(_) => "trade-in-made-heading",
            None => "trade-in-heading",
        };
        say_with(id, [("commitment", commitment.unwrap_or_default().into())])
    }

    pub fn confirm_label(&self) -> words::Said {
        let count = i64::try_from(self.given.len()).unwrap_or(i64::MAX);
        let commitment = self.sums.as_ref().map(|sums| sums.commitment.clone());
        let values =
            [("count", count.into()), ("commitment", commitment.unwrap_or_default().into())];
        say_with("trade-in-confirm-label", values)
    }
}

/// What the page says of what was sent.
#[derive(Default)]
struct Note {
    alert: Option<String>,
    confirmed: Option<String>,
}

pub async fn show(desk: Desk, Path(session): Path<String>) -> Response {
    let answer = async {
        let session = read(&session)?;
        page(&desk, session, Note::default(), StatusCode::OK).await
    };
    desk.settle(answer.await)
}

fn absent() -> Error {
    Error::Absent { what: "trade-in at this address".to_owned(), code: "ResourceNotFound" }
}

fn read(session: &str) -> Result<SessionId, Error> {
    SessionId::parse(session).ok_or_else(absent)
}

pub async fn submit(Path(session): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let session = read(&session)?;
        match fields.one("act").as_str() {
            "ask" => ask(&desk, session, &fields).await,
            _ => execute(&desk, session, &fields).await,
        }
    };
    desk.settle(answer.await)
}

/// Makes the trade-in that was quoted; the same form again changes nothing and shows what was made.
async fn execute(desk: &Desk, session: SessionId, fields: &Fields) -> Result<Response, Error> {
    if !fields.has("confirmed") {
        let fault = say("trade-in-confirm-fault").into_owned();
        let note = Note { confirmed: Some(fault), alert: None };
        return page(desk, session, note, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let call = desk.call();
    let made =
        desk.app().deed_async(move |tx, app| exchange::execute(tx, app, &call, session)).await;
    match made {
        Ok(_) => Ok(Redirect::to(&format!("/trade-in/{session}")).into_response()),
        Err(Error::Refused(refused)) => {
            let lapsed = refused.refusal.clause == ClauseId::Session;
            let why = words::uncapital(&words::reason(&refused.refusal));
            let id = if lapsed { "trade-in-lapsed" } else { "trade-in-refused" };
            let alert = Some(say_with(id, [("why", why.into())]).into_owned());
            page(desk, session, Note { alert, confirmed: None }, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// Has others approve it, under the session of the quote, so that a form sent twice asks once.
async fn ask(desk: &Desk, session: SessionId, fields: &Fields) -> Result<Response, Error> {
    let call = desk.call();
    let quoted =
        desk.app().read_async(move |tx, app| exchange::operation(tx, app, &call, session)).await?;
    let new = NewRequest {
        id: Some(RequestId(session.0)),
        ask: request::Ask::Exchange(quoted.ask),
        on_behalf_of: None,
        comment: fields.one("comment"),
    };
    crate::portal::requests::begin(desk, new).await
}

/// What the page says beside the quote.
struct Known {
    asked_first: Option<Refusal>,
    /// What the reservations that are given up are called.
    names: Vec<String>,
    payer: String,
}

fn named(tx: &mut Tx<'_>, app: &App, call: &Call, held: &Held) -> Result<String, Error> {
    match reservations::show(tx, app, call, held.order, held.reservation) {
        Ok((_, found)) => Ok(listing::named(&found.display_name, &found.sku)),
        Err(Error::Absent { .. } | Error::Denied { .. }) => Ok(held.commitment.sku.clone()),
        Err(error) => Err(error),
    }
}

async fn page(
    desk: &Desk,
    session: SessionId,
    note: Note,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let (operation, known) = desk
        .app()
        .read_async(move |tx, app| {
            let operation = exchange::operation(tx, app, &call, session)?;
            let wanted = request::Ask::Exchange(operation.ask.clone());
            let needed = match operation.stage {
                Stage::Quote => request::needed(tx, app, &call, &wanted)?,
                Stage::Exchange => None,
            };
            let wanted = operation.ask.savings_plans.first().ok_or_else(absent)?;
            let mut names = Vec::new();
            for held in &operation.facts.returns {
                names.push(named(tx, app, &call, held)?);
            }
            let payer = buy::payer::name(tx, app, &call, wanted.billing_subscription)?;
            Ok((operation, Known { asked_first: needed, names, payer }))
        })
        .await?;
    if !operation.ask.is_trade_in() {
        return Err(absent());
    }
    let page = build(desk, &operation, known, note)?;
    Ok(page::answer(status, &page))
}

fn build(
    desk: &Desk,
    operation: &Operation,
    known: Known,
    note: Note,
) -> Result<ReviewPage, Error> {
    let app = desk.app();
    let wanted = operation.ask.savings_plans.first().ok_or_else(absent)?;
    let plan = operation.decision.proposal.as_ref();
    let given = given(app, operation, plan, &known.names);
    let refusal = operation.refused.as_ref();
    let made = (operation.stage == Stage::Exchange).then(|| made(operation, wanted));
    let title = match &made {
        None => say("trade-in-review-title"),
        Some(Made { refused: None, .. }) => say("trade-in-made-title"),
        Some(Made { refused: Some(_), .. }) => say("trade-in-refused-title"),
    };
    let today = utc_day(app.now());
    let sums = plan.map(|plan| Sums::new(&operation.facts, plan, today)).transpose()?.flatten();
    let name = |at: usize| given.get(at).map(|row| row.what.clone());
    Ok(ReviewPage {
        shell: desk.shell(title, Section::TradeIn),
        path: format!("/trade-in/{}", operation.session),
        proof: Proof::new(&app.book, &operation.decision.findings, refusal, |subject| {
            titled(subject, name)
        }),
        facts: facts(wanted, plan, known.payer),
        sums,
        alert: note.alert,
        confirmed: note.confirmed,
        asked_first: known.asked_first.as_ref().map(words::reason),
        back: back(operation, wanted),
        made,
        given,
    })
}

fn given(app: &App, operation: &Operation, plan: Option<&Plan>, names: &[String]) -> Vec<Given> {
    let row = |(index, held): (usize, &Held)| {
        let quantity = operation.ask.returns.get(index).map_or(0, |given| given.quantity);
        let what = &held.commitment;
        let value = plan.and_then(|plan| plan.returns.get(index));
        Given {
            name: names.get(index).cloned().unwrap_or_default(),
            what: format!(
                "{} × {}, {}, {}",
                words::count(quantity),
                what.sku,
                reservation::region(app, &what.location),
                words::term(what.term)
            ),
            href: listing::path(held.order, held.reservation),
            destination: value
                .map_or_else(String::new, |given| words::destination(given.destination)),
            value: value.map(|given| {
                [
                    words::figure(given.value.refund),
                    words::figure(given.value.cancelled),
                    words::count(given.kept),
                ]
            }),
        }
    };
    operation.facts.returns.iter().enumerate().map(row).collect()
}

fn made(operation: &Operation, wanted: &Request) -> Made {
    let told = |repair: &_| vec![Suggestion::told(repair)];
    let bought = operation.bought.savings_plans.first();
    Made {
        refused: operation.refused.as_ref().map(|refusal| Refused::new(refusal, told)),
        plan: bought
            .map(|(order, plan)| (savings_plans::path(*order, *plan), wanted.display_name.clone())),
        operation: operation.session.to_string(),
    }
}

/// The plan, as it is read once more before it is committed to.
fn facts(wanted: &Request, plan: Option<&Plan>, payer: String) -> Vec<Fact> {
    let bought = plan.and_then(|plan| plan.savings_plans.first());
    let renew = if wanted.renew { "buy-renews" } else { "buy-renews-not" };
    let mut facts = vec![
        Fact::words(say("trade-in-plan"), wanted.sku.replace('_', " ")),
        Fact::figure(say("trade-in-commitment"), words::hourly(wanted.hourly)),
        Fact::words(say("buy-term"), words::term(wanted.term)),
        Fact::words(say("buy-plan"), words::plan(wanted.plan)),
    ];
    if let Some(bought) = bought {
        facts.push(Fact::figure(say("trade-in-whole"), words::money(bought.total)));
        facts.push(Fact::words(say("buy-ends"), words::day(bought.expires_on)));
    }
    facts.extend([
        Fact::words(say("buy-scope"), words::applied_scope(&wanted.applied_scope)),
        Fact::words(say("buy-payer"), payer),
        Fact::words(say("buy-name"), wanted.display_name.clone()),
        Fact::words(say("buy-renewal"), say(renew)),
    ]);
    facts
}

/// The page on which it was chosen, with everything in it.
fn back(operation: &Operation, wanted: &Request) -> String {
    let draft = Draft {
        sku: wanted.sku.clone(),
        offer: compare::value(wanted.term, wanted.plan),
        hourly: super::summary::typed(wanted.hourly),
        subscription: wanted.billing_subscription.to_string(),
        scope: buy::scopes::word(&wanted.applied_scope),
        name: wanted.display_name.clone(),
        renew: wanted.renew,
        ..Draft::default()
    };
    let rows = operation.ask.returns.iter().map(|given| {
        (format!("{}/{}", given.order, given.reservation), given.quantity.to_string())
    });
    let draft = Draft { quantities: rows.collect(), ..draft };
    let pairs = draft.pairs();
    let pairs = pairs.iter().map(|(name, text)| format!("{name}={}", escaped(text)));
    format!("/trade-in?{}", pairs.collect::<Vec<_>>().join("&"))
}
