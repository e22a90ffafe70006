//! Returning units for money: the live quote with its proof, the confirmation, and the result.

mod result;
mod worth;

#[cfg(test)]
pub use result::RefundResultPage;
pub use result::result;
pub use worth::Worth;

use super::desk::{Asked, Desk, Posted};
use super::form::{self, Fields};
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::proof::{Proof, Refused, Suggestion};
use super::reservation::{Head, head, ids};
use super::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use prorata_app::refund::{self, Ask, Deed, Quoted};
use prorata_app::request::{self, Refund};
use prorata_app::{Error, reservations};
use prorata_domain::decision::{Refusal, Repair};
use prorata_domain::ids::{OrderId, ReservationId, SessionId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;

/// Why units are returned: the form's word for it, and how it is recorded.
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
    pub held: Said,
    /// As many as can be returned; nothing where there is no choice.
    pub most: Option<u32>,
    pub entered: Entered,
    pub faults: Faults,
    /// Why nothing was returned, when the quote moved under the form.
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
    pub reason: Option<Said>,
    pub confirmed: Option<Said>,
}

impl Faults {
    pub fn any(&self) -> bool {
        self.quantity.is_some() || self.reason.is_some() || self.confirmed.is_some()
    }
}

#[derive(Debug, Clone)]
pub struct Reason {
    pub word: &'static str,
    pub label: Said,
    pub chosen: bool,
}

/// What the units are worth, and whether they may be returned.
#[derive(Debug, Clone)]
pub struct Quote {
    pub session: String,
    pub quantity: String,
    /// `Returning 2 units pays out`.
    pub pays_out: Said,
    /// `Return 2 units`.
    pub confirm: Said,
    /// What is confirmed with the tick.
    pub confirmed: Said,
    pub holds_until: Moment,
    /// Nothing where the request could not be priced.
    pub worth: Option<Worth>,
    pub refused: Option<Refused>,
    /// Why others have to approve it first; nothing where it may be done right away.
    pub asked_first: Option<String>,
    pub proof: Proof,
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
    let reason = reason.map_or("", |(_, recorded)| recorded).to_owned();
    if reason.is_empty() {
        form.faults.reason = Some(say("refund-reason-missing"));
    }
    if !form.confirmed {
        form.faults.confirmed = Some(say("refund-confirmed-missing"));
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
            form.alert = Some(why);
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
        let title = say_with("refund-title", [("name", head.name.clone().into())]);
        let quote = quoted
            .map(|(quantity, quoted, first)| quote(desk, &head.path, quantity, &quoted, first));
        Ok(RefundPage {
            shell: desk.shell(title, Section::Reservations),
            held: of_units("refund-held", held.quantity),
            most: (held.state.is_active() && held.quantity > 1).then_some(held.quantity),
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
    let all = REASONS.map(|(word, _)| Reason { word, label: reason(word), chosen: word == chosen });
    all.into()
}

/// A reason as it reads.
fn reason(word: &str) -> Said {
    say(&format!("refund-reason-{word}"))
}

/// A message about some units.
pub fn of_units(id: &str, quantity: u32) -> Said {
    say_with(id, [("units", words::units(quantity).into())])
}

fn quote(
    desk: &Desk,
    path: &str,
    quantity: u32,
    quoted: &Quoted,
    asked_first: Option<Refusal>,
) -> Result<Quote, Error> {
    let (book, now) = (&desk.app().book, desk.app().now());
    let today = utc_day(now);
    let minutes = book.in_force(today).quote_life.value.minutes;
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
    let refusal = decision.refusal.as_ref();
    let worth = |plan| Worth::new(plan, quantity, refusal, book, today);
    Ok(Quote {
        session: quoted.session.to_string(),
        quantity: quantity.to_string(),
        pays_out: of_units("refund-pays-out", quantity),
        confirm: of_units("refund-confirm", quantity),
        confirmed: of_units("refund-confirmed", quantity),
        holds_until: Moment(now.checked_add(minutes.minutes()).unwrap_or(now)),
        worth: decision.proposal.as_ref().map(worth).transpose()?,
        refused: refusal.map(|refusal| Refused::new(refusal, way)),
        asked_first: asked_first.as_ref().map(words::reason),
        proof: Proof::new(book, &decision.findings, refusal, words::subject),
    })
}
