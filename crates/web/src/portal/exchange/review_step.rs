//! The third step: what it comes to, the proof, and the confirmation.

use super::act::Field;
use super::balance;
use super::draft::{Draft, Hidden};
use super::outcome::Outcome;
use super::purchase_step;
use crate::portal::desk::Desk;
use crate::portal::language::say_with;
use crate::portal::page::{self, Section, Shell};
use crate::portal::proof::Suggestion;
use crate::portal::{trouble, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::exchange::{self, Ask, Quoted};
use prorata_app::{App, Error, request};
use prorata_domain::decision::{Repair, Subject};
use prorata_domain::exchange::Plan;
use prorata_domain::term::utc_day;

/// Values of a choice that are offered as buttons; beyond that they are only told.
const CHOICES_MAX: usize = 12;

#[derive(Debug, Template)]
#[template(path = "exchange_review.html")]
pub struct ReviewPage {
    pub shell: Shell,
    pub session: String,
    pub holds_for: String,
    pub outcome: Outcome,
    /// Why others have to approve it first; nothing where it may be done right away.
    pub asked_first: Option<String>,
    /// The fields of the first two steps.
    pub hidden: Vec<Hidden>,
    pub say: Say,
}

/// What the page says of what was sent.
#[derive(Debug, Clone, Default)]
pub struct Say {
    pub alert: Option<String>,
    pub confirmed: Option<String>,
}

pub async fn page(
    desk: &Desk,
    draft: Draft,
    ask: Ask,
    say: Say,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let asked = ask.clone();
    let quoted = desk
        .app()
        .deed_async(move |tx, app| {
            let quoted = exchange::quote(tx, app, &call, &asked)?;
            let wanted = request::Ask::Exchange(asked.clone());
            let asked_first = match quoted.decision.refusal {
                None => request::needed(tx, app, &call, &wanted)?,
                Some(_) => None,
            };
            Ok((quoted, asked_first))
        })
        .await;
    let (quoted, asked_first) = match quoted {
        Ok(quoted) => quoted,
        Err(error @ (Error::Absent { .. } | Error::Denied { .. } | Error::Malformed(_))) => {
            let (status, what) = trouble::said(&error);
            return purchase_step::page(desk, draft, purchase_step::Say::Alert(what), status).await;
        }
        Err(error) => return Err(error),
    };
    let mut page = build(desk, &draft, &ask, &quoted, say)?;
    page.asked_first = asked_first.as_ref().map(words::reason);
    Ok(page::answer(status, &page))
}

fn build(
    desk: &Desk,
    draft: &Draft,
    ask: &Ask,
    quoted: &Quoted,
    say: Say,
) -> Result<ReviewPage, Error> {
    let app = desk.app();
    let minutes = app.book.in_force(utc_day(app.now())).quote_life.value.minutes;
    let quantities: Vec<u32> = ask.returns.iter().map(|given| given.quantity).collect();
    let decision = &quoted.decision;
    let plan = decision.proposal.as_ref();
    let mut hidden = draft.hidden_gives();
    hidden.extend(draft.hidden_wants());
    Ok(ReviewPage {
        shell: desk.shell(crate::say("exchange-review-title"), Section::Exchange),
        session: quoted.session.to_string(),
        holds_for: say_with("exchange-holds-for", [("count", minutes.into())]).into_owned(),
        outcome: Outcome::new(
            app,
            &quoted.facts,
            &quantities,
            &ask.purchases,
            decision,
            decision.refusal.as_ref(),
            |repair| suggestions(app, ask, plan, repair),
        )?,
        asked_first: None,
        hidden,
        say,
    })
}

/// A repair as buttons of the form, where the form can take it.
fn suggestions(app: &App, ask: &Ask, plan: Option<&Plan>, repair: &Repair) -> Vec<Suggestion> {
    match repair {
        Repair::ReduceQuantity { about, to } => {
            let row = match about {
                Some(Subject::Return(number)) => Some(*number as usize - 1),
                None if ask.returns.len() == 1 => Some(0),
                Some(Subject::Purchase(_) | Subject::SavingsPlan(_)) | None => None,
            };
            vec![match row {
                Some(row) => Suggestion::act(words::repair(repair), format!("reduce.{row}.{to}")),
                None => Suggestion::told(repair),
            }]
        }
        Repair::RaisePurchase { by } => {
            let mut found = vec![Suggestion::told(repair)];
            let raised = plan.map(|plan| balance::raised(ask, plan, *by)).unwrap_or_default();
            found.extend(raised.into_iter().map(|one| Suggestion::act(one.text, one.act)));
            found
        }
        Repair::BuyWithin { about, resource_types } => {
            // The buttons name the types as the form does; those that the catalog does not have
            // cannot be chosen.
            let known = resource_types.iter().filter_map(|name| app.catalog.resource_type(name));
            choices(*about, Field::ResourceType, "type", known.map(|found| &found.name), repair)
        }
        Repair::Choose { about, field, values } => match Field::parse(field) {
            Some(known) => choices(*about, known, field, values.iter(), repair),
            None => vec![Suggestion::told(repair)],
        },
        Repair::QuoteAgain => vec![Suggestion::act(words::repair(repair), "review")],
        Repair::WaitUntil { .. }
        | Repair::PayOverdue { .. }
        | Repair::RaiseCommitment { .. }
        | Repair::AskPartner { .. }
        | Repair::ObtainRole { .. }
        | Repair::LeaveTenant
        | Repair::JoinOrder
        | Repair::AskForApproval { .. } => vec![Suggestion::told(repair)],
    }
}

fn choices<'v>(
    about: Option<Subject>,
    field: Field,
    name: &str,
    values: impl Iterator<Item = &'v String>,
    repair: &Repair,
) -> Vec<Suggestion> {
    let Some(Subject::Purchase(number)) = about else { return vec![Suggestion::told(repair)] };
    let row = number as usize - 1;
    let values: Vec<&String> = values.collect();
    if values.is_empty() || values.len() > CHOICES_MAX {
        return vec![Suggestion::told(repair)];
    }
    let what = match field {
        Field::ResourceType => "exchange-choose-type",
        Field::Sku => "exchange-choose-sku",
        Field::Location => "exchange-choose-region",
        Field::Term => "exchange-choose-term",
        Field::Plan => "exchange-choose-plan",
        Field::Quantity => "exchange-choose-quantity",
    };
    let suggestion = |value: &&String| {
        let (shown, position) = ((*value).clone(), number.to_string());
        let text = say_with(what, [("value", shown.into()), ("position", position.into())]);
        Suggestion::act(text, format!("set.{row}.{name}.{value}"))
    };
    values.iter().map(suggestion).collect()
}
