//! The result of a return, from what was recorded of it: to be reloaded, kept and printed.

use super::{REASONS, Worth};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::listing;
use crate::portal::page::{self, Fact, Section, Shell};
use crate::portal::proof::Proof;
use crate::portal::reservation::{Head, head, ids};
use crate::portal::words::{self, Moment};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::refund::{self, Operation};
use prorata_app::{Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId, SessionId};
use prorata_domain::refund::Plan;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::utc_day;

/// Letters of the digest by which a policy book is told from others.
const DIGEST_LETTERS: usize = 12;

#[derive(Debug, Template)]
#[template(path = "refund_result.html")]
pub struct RefundResultPage {
    pub shell: Shell,
    pub head: Head,
    pub done_at: Moment,
    pub facts: Vec<Fact>,
    pub worth: Worth,
    pub proof: Proof,
    /// The reservation in which the units that were kept live on.
    pub rest: Option<String>,
}

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
    let evidence = &made.record.evidence;
    let plan = evidence.decision.plan().ok_or_else(no_return)?;
    let head = head(desk.app(), &order, &held, true);
    let rest = match held.state {
        ReservationState::Returned { rest } => rest,
        _ => None,
    };
    let units = words::units(plan.value.quantity);
    let title = say_with("refund-returned-title", [("units", units.into())]);
    let book = &desk.app().book;
    let page = RefundResultPage {
        shell: desk.shell(title, Section::Reservations),
        done_at: Moment(made.at),
        facts: facts(&made, plan, order.id, id),
        worth: Worth::new(plan, plan.value.quantity, None, book, utc_day(made.at))?,
        proof: Proof::new(book, &evidence.decision.findings, None, words::subject),
        rest: rest.map(|id| listing::path(order.id, id)),
        head,
    };
    Ok(page::answer(StatusCode::OK, &page))
}

fn facts(made: &Operation, plan: &Plan, order: OrderId, id: ReservationId) -> Vec<Fact> {
    let reason = &made.record.reason;
    let known = REASONS.iter().find(|(_, recorded)| recorded == reason);
    let reason = known.map_or_else(|| reason.clone(), |(word, _)| super::reason(word).into_owned());
    let policy: String = made.record.evidence.policy.chars().take(DIGEST_LETTERS).collect();
    let mut facts = vec![Fact::words(
        say("refund-fact-goes"),
        words::capital(&words::destination(plan.destination)),
    )];
    if !reason.is_empty() {
        facts.push(Fact::words(say("refund-fact-reason"), reason));
    }
    facts.extend([
        Fact::identifier(say("refund-fact-operation"), made.session),
        Fact::identifier(say("refund-fact-order"), order),
        Fact::identifier(say("refund-fact-reservation"), id),
        Fact::identifier(say("refund-fact-policy"), policy),
    ]);
    facts
}
