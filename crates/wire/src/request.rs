//! Requests that others approve, and approval policies, in shapes of our own.

use crate::azure::fault::{BAD_REQUEST, Fault, Faults, INVALID_CONTENT};
use crate::azure::member::Member;
use crate::azure::v2022_11_01::{exchange, purchase};
use crate::azure::{Version, billing_benefits, instant, parse_reservation_id, price};
use crate::explanation;
use jiff::Timestamp;
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, RequestId, ReservationId};
use prorata_domain::policy::Book;
use prorata_domain::request::approval::Policy;
use prorata_domain::request::figures::{Figures, Tolerance};
use prorata_domain::request::form::{self, Form};
use prorata_domain::request::{Event, Kind, Person, State, Status};
use prorata_domain::{Decision, purchase as buying};
use serde_json::{Map, Value, json};

/// Characters of what somebody says about a request: a paragraph.
const COMMENT_CHARS_MAX: usize = 1024;

/// What is to be drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: Option<RequestId>,
    pub wanted: Wanted,
    pub on_behalf_of: Option<PrincipalId>,
    pub comment: String,
}

/// What a request wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Refund {
        order: OrderId,
        reservation: ReservationId,
        quantity: u32,
        reason: String,
    },
    /// A trade-in is one for savings plans alone.
    Exchange(exchange::Ask),
    Purchase(Box<buying::Request>),
    SavingsPlan(Box<prorata_domain::savings_plan::purchase::Request>),
}

/// Reads a request to be drafted: one of `refund`, `exchange`, `purchase` and `savingsPlan`. What
/// stands in the last three is what their own calls take.
///
/// # Errors
/// Every fault of it.
pub fn parse_draft(body: &Value) -> Result<Draft, Vec<Fault>> {
    let mut faults = Faults::default();
    let draft = read_draft(body, &mut faults);
    faults.finish(draft)
}

fn read_draft(body: &Value, faults: &mut Faults) -> Option<Draft> {
    const WANTED: &str = "an object with one of `refund`, `exchange`, `purchase`, `savingsPlan`";
    let root = Member::root(body).object(faults, WANTED)?;
    let id = root.get("id").read_optional(faults, BAD_REQUEST, "a GUID", RequestId::parse);
    let on_behalf_of = root.get("onBehalfOf").read_optional(
        faults,
        BAD_REQUEST,
        "the object id of a principal",
        PrincipalId::parse,
    );
    let comment = root.get("comment").optional_text(faults, "a sentence", COMMENT_CHARS_MAX);
    let kinds = ["refund", "exchange", "purchase", "savingsPlan"];
    let given: Vec<&str> = kinds.into_iter().filter(|kind| root.get(kind).is_given()).collect();
    let wanted = match given.as_slice() {
        ["refund"] => read_refund(&root.get("refund"), faults),
        [kind] => read_inner(kind, &body[*kind], faults),
        _ => {
            faults.add(INVALID_CONTENT, "", format!("The body must be {WANTED}."));
            None
        }
    };
    let comment = comment.unwrap_or_default().to_owned();
    Some(Draft { id, wanted: wanted?, on_behalf_of, comment })
}

fn read_refund(refund: &Member<'_>, faults: &mut Faults) -> Option<Wanted> {
    let refund = refund.object(faults, "an object with `reservationId` and `quantity`")?;
    let named = refund.get("reservationId").read(
        faults,
        "InvalidReservationId",
        "`/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{id}`",
        parse_reservation_id,
    );
    let quantity = refund.get("quantity").quantity(faults, "InvalidRefundQuantity");
    let reason = refund.get("reason").optional_text(faults, "a sentence", COMMENT_CHARS_MAX);
    let (order, reservation) = named?;
    let reason = reason.unwrap_or_default().to_owned();
    Some(Wanted::Refund { order, reservation, quantity: quantity?, reason })
}

/// Reads a member that is the body of another call; its faults are those of that call, below it.
fn read_inner(kind: &str, body: &Value, faults: &mut Faults) -> Option<Wanted> {
    let read = match kind {
        "exchange" => exchange::parse_ask(body, Version::V2022_11_01).map(Wanted::Exchange),
        "purchase" => purchase::parse(body, Version::V2022_11_01)
            .map(|wanted| Wanted::Purchase(Box::new(wanted))),
        _ => billing_benefits::purchase::parse(body)
            .map(|wanted| Wanted::SavingsPlan(Box::new(wanted))),
    };
    match read {
        Ok(wanted) => Some(wanted),
        Err(found) => {
            for fault in found {
                let path = match fault.path.as_str() {
                    "" => kind.to_owned(),
                    path => format!("{kind}.{path}"),
                };
                let message = match fault.path.as_str() {
                    "" => format!("In `{kind}`: {}", fault.message),
                    short => fault.message.replacen(&format!("`{short}`"), &format!("`{path}`"), 1),
                };
                faults.add(fault.code, path, message);
            }
            None
        }
    }
}

/// The body that drafts a request, as a client sends it.
pub fn draft_body(draft: &Draft) -> Value {
    let mut body = Map::new();
    if let Some(id) = draft.id {
        body.insert("id".to_owned(), json!(id));
    }
    if let Some(principal) = draft.on_behalf_of {
        body.insert("onBehalfOf".to_owned(), json!(principal));
    }
    body.insert("comment".to_owned(), json!(draft.comment));
    let (kind, wanted) = match &draft.wanted {
        Wanted::Refund { order, reservation, quantity, reason } => {
            let id = crate::azure::reservation_id(*order, *reservation);
            ("refund", json!({ "reservationId": id, "quantity": quantity, "reason": reason }))
        }
        Wanted::Exchange(ask) => ("exchange", exchange::ask_body(ask, Version::V2022_11_01)),
        Wanted::Purchase(wanted) => ("purchase", purchase::body(wanted, Version::V2022_11_01)),
        Wanted::SavingsPlan(wanted) => ("savingsPlan", billing_benefits::purchase::body(wanted)),
    };
    body.insert(kind.to_owned(), wanted);
    Value::Object(body)
}

/// Reads what somebody says with a step: `{}`, `{"comment": …}` or `{"reason": …}`.
///
/// # Errors
/// Every fault of it.
pub fn parse_said(body: &Value, member: &str) -> Result<String, Vec<Fault>> {
    let mut faults = Faults::default();
    let said = Member::root(body).object(&mut faults, "an object").map(|root| {
        let said = root.get(member);
        said.optional_text(&mut faults, "a sentence", COMMENT_CHARS_MAX).map(str::to_owned)
    });
    faults.finish(said.map(Option::unwrap_or_default))
}

/// A request as it is shown.
pub struct View<'v> {
    pub id: RequestId,
    pub kind: Kind,
    pub status: Status,
    pub target: &'v str,
    pub billing_account: &'v str,
    pub comment: &'v str,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
    pub operation: Option<OperationId>,
    pub state: &'v State,
    pub figures: Option<&'v Figures>,
    pub submitted_figures: Option<&'v Figures>,
    pub tolerances: &'v [Tolerance],
    pub priced_at: Timestamp,
    pub refusal: Option<&'v Refusal>,
    pub findings: &'v [Finding],
    pub policy_findings: &'v [Finding],
    /// What the caller may do with it.
    pub may_submit: bool,
    pub may_decide: bool,
    pub may_withdraw: bool,
}

/// A step of a request.
pub struct Step<'s> {
    pub at: Timestamp,
    pub event: Event,
    pub status: Status,
    pub principal: Option<PrincipalId>,
    pub name: &'s str,
    pub comment: &'s str,
}

/// A request in a list: without what was looked at, and without its history.
pub fn row(view: &View<'_>) -> Value {
    let draft = view.state.drafted();
    let mut body = json!({
        "id": view.id,
        "kind": view.kind,
        "status": view.status,
        "target": view.target,
        "billingAccount": view.billing_account,
        "comment": view.comment,
        "createdAt": instant(view.created_at),
        "updatedAt": instant(view.updated_at),
        "expiresAt": instant(view.expires_at),
        "drafter": person(draft.drafter()),
        "mayDo": {
            "submit": view.may_submit,
            "decide": view.may_decide,
            "withdraw": view.may_withdraw,
        },
    });
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body[name] = value;
        }
    };
    put("onBehalfOf", draft.on_behalf_of().map(person));
    put("figures", view.figures.map(figures));
    put("operation", view.operation.map(|operation| json!(operation)));
    put("why", view.state.why().map(|(code, reason)| json!({ "code": code, "reason": reason })));
    if let Some(submitted) = view.state.submitted() {
        let approvals = submitted.approvals();
        let demands = submitted.demands().iter().map(|demand| {
            json!({
                "policy": demand.policy,
                "approvals": demand.approvals,
                "given": demand.given(approvals),
                "by": demand.approvers.to_string(),
            })
        });
        put("submittedBy", Some(person(submitted.by())));
        put("demands", Some(json!(demands.collect::<Vec<_>>())));
        let given = approvals.iter().map(|approval| {
            json!({
                "by": person(&approval.person),
                "at": instant(approval.at),
                "comment": approval.comment,
                "countsFor": approval.counts_for,
            })
        });
        put("approvals", Some(json!(given.collect::<Vec<_>>())));
    }
    body
}

/// A request with all that belongs to it.
pub fn show(book: &Book, view: &View<'_>, steps: &[Step<'_>]) -> Value {
    let mut body = row(view);
    let decision = Decision {
        proposal: view.figures,
        refusal: view.refusal.cloned(),
        findings: view.findings.to_vec(),
    };
    body["explanation"] = json!(explanation::render(book, &decision));
    body["policyFindings"] = json!(explanation::findings(book, view.policy_findings));
    body["pricedAt"] = instant(view.priced_at);
    if let Some(submitted) = view.submitted_figures {
        body["submittedFigures"] = figures(submitted);
        let tolerances: Vec<String> = view.tolerances.iter().map(ToString::to_string).collect();
        body["tolerances"] = json!(tolerances);
    }
    let history = steps.iter().map(|step| {
        let mut shown = json!({
            "at": instant(step.at),
            "event": step.event,
            "status": step.status,
            "by": step.name,
            "comment": step.comment,
        });
        if let Some(principal) = step.principal {
            shown["principalId"] = json!(principal);
        }
        shown
    });
    body["history"] = json!(history.collect::<Vec<_>>());
    body
}

fn person(person: &Person) -> Value {
    json!({ "principalId": person.principal, "name": person.name })
}

fn figures(figures: &Figures) -> Value {
    let line = |line: &prorata_domain::request::figures::Figure| json!({ "label": line.label, "amount": price(line.amount) });
    json!({
        "stake": price(figures.stake),
        "stakeUsd": price(figures.stake_usd),
        "lines": figures.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

/// A page of rows.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}

/// Reads an approval policy.
///
/// # Errors
/// What cannot be understood; what is understood and will not do is found where it is set.
pub fn parse_policy(body: &Value) -> Result<Form, Vec<Fault>> {
    serde_json::from_value(body.clone()).map_err(|error| {
        let message = format!("The approval policy cannot be read: {error}.");
        vec![Fault { code: INVALID_CONTENT, path: String::new(), message }]
    })
}

/// An approval policy.
pub fn policy(policy: &Policy) -> Value {
    json!({
        "name": policy.name,
        "scope": form::scope_path(&policy.scope),
        "version": policy.version,
        "since": policy.since.to_string(),
        "policy": form::write(policy),
    })
}
