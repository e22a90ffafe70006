//! Returning units for money: the live quote with its proof, the confirmation, and the result.

mod worth;

pub use worth::Worth;

use super::desk::{Asked, Desk, Posted};
use super::form::{self, Fields};
use super::page::{self, Section, Shell};
use super::proof::{Proof, Refused, Suggestion};
use super::reservation::{Head, head, ids};
use super::words;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::refund::{self, Ask, Deed, Quoted};
use prorata_app::request::{self, Refund};
use prorata_app::{Error, reservations};
use prorata_domain::decision::{Refusal, Repair};
use prorata_domain::ids::{OrderId, ReservationId, SessionId};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::utc_day;

/// Why units are returned: the form's word for it, and how it reads.
const REASONS: [(&str, &str); 5] = [
    ("no-longer-needed", "No longer needed"),
    ("wrong-product", "Bought the wrong product, region or quantity"),
    ("replaced", "Replaced by something else"),
    ("cost", "To save cost"),
    ("other", "Another reason"),
];

#[derive(Debug, Template)]
#[template(path = "refund.html")]
pub struct RefundPage {
    pub shell: Shell,
    pub head: Head,
    pub held: String,
    pub entered: Entered,
    pub faults: Faults,
    /// Said above everything, when the quote moved under the form.
    pub alert: Option<String>,
    /// Nothing when the quantity is no number.
    pub quote: Option<Quote>,
    pub reasons: Vec<Reason>,
}

/// The form as it was filled in so far.
#[derive(Debug, Clone, Default)]
pub struct Entered {
    pub quantity: String,
    pub reason: String,
    pub confirmed: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub quantity: Option<String>,
    pub reason: Option<String>,
    pub confirmed: Option<String>,
}

impl Faults {
    pub fn any(&self) -> bool {
        self.quantity.is_some() || self.reason.is_some() || self.confirmed.is_some()
    }
}

#[derive(Debug, Clone)]
pub struct Reason {
    pub word: &'static str,
    pub label: &'static str,
    pub chosen: bool,
}

/// What the units are worth, and whether they may be returned.
#[derive(Debug, Clone)]
pub struct Quote {
    pub session: String,
    pub quantity: String,
    pub units: String,
    pub holds_for: String,
    /// Nothing where the request could not be priced.
    pub worth: Option<Worth>,
    pub refused: Option<Refused>,
    /// Why others have to approve it first; nothing where it may be done right away.
    pub asked_first: Option<String>,
    pub proof: Proof,
}

#[derive(Debug, Template)]
#[template(path = "refund_result.html")]
pub struct RefundResultPage {
    pub shell: Shell,
    pub head: Head,
    pub done_at: String,
    pub operation: String,
    /// Why, in the holder's words; empty where nothing was said.
    pub reason: String,
    pub worth: Worth,
    pub proof: Proof,
    /// The reservation in which the units that were kept live on.
    pub rest: Option<String>,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let answer = async {
        let (order, id) = ids(&order, &reservation)?;
        let quantity = query.has("quantity").then(|| query.one("quantity"));
        let asked = Form { order, id, quantity, ..Form::default() };
        asked.page(&desk, StatusCode::OK).await
    };
    desk.settle(answer.await)
}

pub async fn submit(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let (order, id) = ids(&order, &reservation)?;
        send(&desk, order, id, &fields).await
    };
    desk.settle(answer.await)
}

/// Returns what was quoted, and leads to the result. The quote's session is the key: the same
/// form again finds the return made and leads to the same result.
async fn send(
    desk: &Desk,
    order: OrderId,
    id: ReservationId,
    fields: &Fields,
) -> Result<Response, Error> {
    let mut form = Form {
        order,
        id,
        quantity: Some(fields.one("quantity")),
        reason: fields.one("reason"),
        confirmed: fields.has("confirmed"),
        ..Form::default()
    };
    let reason = REASONS.iter().find(|(word, _)| *word == form.reason);
    let reason = reason.map_or("", |(_, label)| label).to_owned();
    if reason.is_empty() {
        form.faults.reason = Some("Choose why the units are returned.".to_owned());
    }
    if !form.confirmed {
        form.faults.confirmed = Some("Tick the box: a return cannot be undone.".to_owned());
    }
    let quantity = form::quantity(&fields.one("quantity"), u32::MAX);
    let session = SessionId::parse(&fields.one("session"));
    let (Ok(quantity), Some(session), false) = (quantity, session, form.faults.any()) else {
        return form.page(desk, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let deed = Deed { order, session, reservation: id, quantity, reason };
    let call = desk.call();
    let made = desk.app().deed_async(move |tx, app| refund::give_back(tx, app, &call, &deed)).await;
    match made {
        Ok(_) => {
            let to = format!("/reservations/{order}/{id}/refund/{session}");
            Ok(Redirect::to(&to).into_response())
        }
        Err(Error::Refused(refused)) => {
            let why = words::reason(&refused.refusal);
            form.alert = Some(format!("Nothing was returned: {}", words::uncapital(&why)));
            form.confirmed = false;
            form.page(desk, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// The page's form, from a query or a post.
#[derive(Debug)]
struct Form {
    order: OrderId,
    id: ReservationId,
    /// As typed; all units when nothing was asked yet.
    quantity: Option<String>,
    reason: String,
    confirmed: bool,
    faults: Faults,
    alert: Option<String>,
}

impl Default for Form {
    fn default() -> Form {
        Form {
            order: OrderId(uuid::Uuid::nil()),
            id: ReservationId(uuid::Uuid::nil()),
            quantity: None,
            reason: String::new(),
            confirmed: false,
            faults: Faults::default(),
            alert: None,
        }
    }
}

impl Form {
    /// The page, with a fresh quote for the quantity as it now stands.
    async fn page(mut self, desk: &Desk, status: StatusCode) -> Result<Response, Error> {
        let call = desk.call();
        let (order, id) = (self.order, self.id);
        let typed = self.quantity.clone();
        let (order, held, quoted) = desk
            .app()
            .deed_async(move |tx, app| {
                let (order, held) = reservations::show(tx, app, &call, order, id)?;
                let quantity = match typed.as_deref() {
                    None => Ok(held.quantity),
                    Some(typed) => form::quantity(typed, u32::MAX),
                };
                let Ok(quantity) = quantity else { return Ok((order, held, None)) };
                let ask = Ask { order: order.id, reservation: id, quantity };
                let quoted = refund::quote(tx, app, &call, &ask)?;
                let wanted = request::Ask::Refund(Refund { ask, reason: String::new() });
                let asked_first = match quoted.decision.refusal {
                    None => request::needed(tx, app, &call, &wanted)?,
                    Some(_) => None,
                };
                Ok((order, held, Some((quantity, quoted, asked_first))))
            })
            .await?;
        let typed = self.quantity.take().unwrap_or_else(|| held.quantity.to_string());
        if held.state.is_active() {
            self.faults.quantity = form::quantity(&typed, held.quantity).err();
        }
        let entered =
            Entered { quantity: typed, reason: self.reason.clone(), confirmed: self.confirmed };
        let page = self.rendered(desk, &order, &held, quoted, entered)?;
        Ok(page::answer(status, &page))
    }

    fn rendered(
        self,
        desk: &Desk,
        order: &Order,
        held: &Reservation,
        quoted: Option<(u32, Quoted, Option<Refusal>)>,
        entered: Entered,
    ) -> Result<RefundPage, Error> {
        let head = head(desk.app(), order, held, true);
        let title = format!("Refund of {}", head.name);
        let quote = quoted
            .map(|(quantity, quoted, first)| quote(desk, &head.path, quantity, &quoted, first));
        Ok(RefundPage {
            shell: desk.shell(title, Section::Reservations),
            held: words::units(held.quantity),
            quote: quote.transpose()?,
            reasons: reasons(&entered.reason),
            faults: self.faults,
            alert: self.alert,
            entered,
            head,
        })
    }
}

fn reasons(chosen: &str) -> Vec<Reason> {
    let reason = |(word, label)| Reason { word, label, chosen: word == chosen };
    REASONS.map(reason).into()
}

fn quote(
    desk: &Desk,
    path: &str,
    quantity: u32,
    quoted: &Quoted,
    asked_first: Option<Refusal>,
) -> Result<Quote, Error> {
    let book = &desk.app().book;
    let minutes = book.in_force(utc_day(desk.app().now())).quote_life.value.minutes;
    let decision = &quoted.decision;
    let way = |repair: &Repair| {
        vec![match repair {
            Repair::ReduceQuantity { to, .. } => {
                Suggestion::linked(repair, format!("{path}/refund?quantity={to}"))
            }
            Repair::QuoteAgain => {
                Suggestion::linked(repair, format!("{path}/refund?quantity={quantity}"))
            }
            Repair::RaisePurchase { .. }
            | Repair::RaiseCommitment { .. }
            | Repair::WaitUntil { .. }
            | Repair::PayOverdue { .. }
            | Repair::BuyWithin { .. }
            | Repair::AskPartner { .. }
            | Repair::ObtainRole { .. }
            | Repair::LeaveTenant
            | Repair::JoinOrder
            | Repair::AskForApproval { .. }
            | Repair::Choose { .. } => Suggestion::told(repair),
        }]
    };
    let worth = decision.proposal.as_ref().map(|plan| Worth::new(plan, quantity)).transpose()?;
    Ok(Quote {
        session: quoted.session.to_string(),
        quantity: quantity.to_string(),
        units: words::units(quantity),
        holds_for: format!("{minutes} minutes"),
        worth,
        refused: decision.refusal.as_ref().map(|refusal| Refused::new(refusal, way)),
        asked_first: asked_first.as_ref().map(words::reason),
        proof: Proof::new(book, &decision.findings, decision.refusal.as_ref(), words::subject),
    })
}

/// The result of a return, from what was recorded of it.
pub async fn result(
    desk: Desk,
    Path((order, reservation, session)): Path<(String, String, String)>,
) -> Response {
    let answer = async {
        let (order, id) = ids(&order, &reservation)?;
        let session = SessionId::parse(&session).ok_or_else(no_return)?;
        result_of(&desk, order, id, session).await
    };
    desk.settle(answer.await)
}

fn no_return() -> Error {
    Error::Absent { what: "return at this address".to_owned(), code: "ResourceNotFound" }
}

async fn result_of(
    desk: &Desk,
    order: OrderId,
    id: ReservationId,
    session: SessionId,
) -> Result<Response, Error> {
    let call = desk.call();
    let (order, held, made) = desk
        .app()
        .read_async(move |tx, app| {
            let made = refund::operation(tx, app, &call, order, id, session)?;
            let (order, held) = reservations::show(tx, app, &call, order, id)?;
            Ok((order, held, made))
        })
        .await?;
    let decision = made.record.evidence.decision;
    let plan = decision.plan().ok_or_else(no_return)?;
    let head = head(desk.app(), &order, &held, true);
    let rest = match held.state {
        ReservationState::Returned { rest } => rest,
        _ => None,
    };
    let title = format!("{} returned", words::units(plan.value.quantity));
    let page = RefundResultPage {
        shell: desk.shell(title, Section::Reservations),
        done_at: words::moment(made.at),
        operation: session.to_string(),
        reason: made.record.reason,
        worth: Worth::new(plan, plan.value.quantity)?,
        proof: Proof::new(&desk.app().book, &decision.findings, None, words::subject),
        rest: rest.map(|id| super::listing::path(order.id, id)),
        head,
    };
    Ok(page::answer(StatusCode::OK, &page))
}
