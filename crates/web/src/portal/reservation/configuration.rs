//! How a reservation is set: its scope, its flexibility and its renewal, with the effect of a change
//! before it is saved.

use super::act::{Saved, save};
use super::commands::renews;
use super::history::{Difference, differences};
use super::renewal::Renewal;
use super::scopes::{self, Effect, Kind, Offered};
use super::{Blade, Item, ids, shell, switch};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Fact, Shell};
use crate::portal::proof::{Proof, Refused, Suggestion};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::renewal::{self, Outlook};
use prorata_app::{App, Call, Error, access, reservations, update};
use prorata_domain::Decision;
use prorata_domain::access::{Action, Scope};
use prorata_domain::decision::{Outcome, Repair};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::policy::ClauseId;
use prorata_domain::reservation::{AppliedScope, Order, Reservation};
use prorata_domain::term::utc_day;
use prorata_domain::update::{Plan, Request, carry_out, is_flexible};
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "reservation_configuration.html")]
pub struct ConfigurationPage {
    pub shell: Shell,
    pub item: Item,
    pub alert: Option<String>,
    /// As it is set now.
    pub facts: Vec<Fact>,
    /// Why nothing can be changed; the form is left out then.
    pub fixed: Option<Said>,
    pub form: Option<Form>,
    pub renewal: RenewalSaid,
    /// What the form as it is filled in would change.
    pub change: Option<Change>,
    /// Whether the change is to be confirmed, and no longer edited.
    pub reviewed: bool,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub kinds: Vec<Choice>,
    pub subscriptions: Vec<Choice>,
    pub resource_groups: Vec<Choice>,
    pub management_groups: Vec<Choice>,
    pub scope_fault: Option<Said>,
    /// Nothing for a type that has none.
    pub flexibility: Option<[Choice; 2]>,
    /// Nothing for somebody who may not say whether it is renewed.
    pub renew: Option<[Choice; 2]>,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub word: String,
    pub label: String,
    pub chosen: bool,
}

/// What a renewal would do, whether it is on or off.
#[derive(Debug, Clone, Default)]
pub struct RenewalSaid {
    /// What happens at the end of the term.
    pub first: String,
    /// What the lines are of, where it is off.
    pub would: Option<Said>,
    pub lines: Vec<String>,
    pub trap: Option<String>,
    pub refused: Option<String>,
}

/// A change that was filled in.
#[derive(Debug, Clone)]
pub struct Change {
    pub differences: Vec<Difference>,
    /// Whom it helps before and after, where the scope changes.
    pub effect: Option<Effect>,
    /// Whether the wanted scope may be chosen, where another one is wanted.
    pub available: Option<bool>,
    /// What else follows.
    pub notes: Vec<Said>,
    pub refused: Option<Refused>,
    pub proof: Proof,
    pub hidden: Vec<(&'static str, String)>,
}

/// What the form says, and what it would do.
struct Gathered {
    order: Order,
    held: Reservation,
    offered: Offered,
    manages: bool,
    renews: bool,
    outlook: Option<Outlook>,
    wanted: Request,
    decision: Option<Decision<Plan>>,
    effect: Option<Effect>,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let notice = (query.one("done") == "saved").then(|| say("reservation-done-saved"));
        page_of(&desk, ids, &query, StatusCode::OK, notice, None).await
    };
    desk.settle(answer.await)
}

/// What the form asks to be changed; of what it does not say, nothing.
fn wanted(fields: &Fields, tenant: prorata_domain::ids::TenantId) -> Request {
    let switched = |name: &str| match fields.one(name).as_str() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    };
    Request {
        applied_scope: scopes::read(fields, tenant),
        instance_flexibility: switched("flexibility"),
        renew: switched("renew"),
        ..Request::default()
    }
}

/// Only what differs from what is there.
fn differing(wanted: Request, held: &Reservation) -> Request {
    Request {
        applied_scope: wanted.applied_scope.filter(|scope| !scope.is_same(&held.applied_scope)),
        instance_flexibility: wanted
            .instance_flexibility
            .filter(|on| *on != held.instance_flexibility),
        renew: wanted.renew.filter(|on| *on != held.renew),
        ..Request::default()
    }
}

fn is_anything(request: &Request) -> bool {
    *request != Request::default()
}

fn gather(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    fields: &Fields,
) -> Result<Gathered, Error> {
    let (order, held) = reservations::show(tx, app, call, order, id)?;
    let manages = access::may(tx, call, Action::Manage, &Scope::reservation(order.id, id))?;
    let renews = renews(tx, call, &order, id)?;
    let live = held.state.is_active() && utc_day(call.now) < order.expires_on;
    let sees = access::may(tx, call, Action::Read, &Scope::order(order.id))?;
    let outlook =
        if live && sees { Some(renewal::outlook(tx, app, call, &order, &held)?) } else { None };
    let wanted = wanted(fields, call.caller.tenant);
    let changes = differing(wanted.clone(), &held);
    let (mut decision, mut effect) = (None, None);
    if live && manages && is_anything(&changes) && (renews || changes.renew.is_none()) {
        if let Some(then) = &changes.applied_scope {
            effect = Some(Effect::gather(tx, app, call, &order, (&held.applied_scope, then))?);
        }
        let ask = update::Ask { order: order.id, reservation: id, changes };
        decision = Some(update::preview(tx, app, call, &ask)?);
    }
    let offered = if manages { Offered::gather(tx, app, call)? } else { Offered::default() };
    Ok(Gathered { order, held, offered, manages, renews, outlook, wanted, decision, effect })
}

async fn page_of(
    desk: &Desk,
    ids: (OrderId, ReservationId),
    fields: &Fields,
    status: StatusCode,
    notice: Option<Said>,
    alert: Option<String>,
) -> Result<Response, Error> {
    let call = desk.call();
    let now = call.now;
    let asked = fields.clone();
    let found = desk.app().read_async(move |tx, app| gather(tx, app, &call, ids, &asked)).await?;
    let (app, today) = (desk.app(), utc_day(now));
    let (order, held) = (&found.order, &found.held);
    let live = held.state.is_active() && today < order.expires_on;
    let fixed = match (live, found.manages) {
        (false, _) => Some(say("configuration-ended")),
        (true, false) => Some(say("configuration-role")),
        (true, true) => None,
    };
    let item = Item::new(app, order, held, Blade::Configuration).noting(notice);
    let change = found.decision.as_ref().map(|decision| change(app, &found, decision, now));
    let approved = change.as_ref().is_some_and(|change| change.refused.is_none());
    let page = ConfigurationPage {
        shell: shell(desk, &item, &say("reservation-configuration")),
        reviewed: approved && fields.has("review"),
        facts: facts(&found),
        form: fixed.is_none().then(|| form(&found, fields)),
        renewal: renewal_said(app, &found, today, live),
        alert,
        fixed,
        change,
        item,
    };
    Ok(page::answer(status, &page))
}

fn facts(found: &Gathered) -> Vec<Fact> {
    let held = &found.held;
    let scope = scope_named(&found.offered, &held.applied_scope);
    let mut facts = vec![Fact::words(say("reservation-scope"), scope)];
    if is_flexible(&found.order.commitment.resource_type) {
        let on = switch(held.instance_flexibility);
        facts.push(Fact::words(say("reservation-flexibility"), on));
    }
    facts.push(Fact::words(say("reservation-renewal"), switch(held.renew)));
    facts
}

/// A scope by the name of what it is for, where that is known.
fn scope_named(offered: &Offered, scope: &AppliedScope) -> String {
    match offered.name(scope) {
        Some(name) => format!("{}: {name}", words::applied_scope_kind(scope)),
        None => words::applied_scope(scope).into_owned(),
    }
}

fn renewal_said(app: &App, found: &Gathered, today: jiff::civil::Date, live: bool) -> RenewalSaid {
    if !live {
        return RenewalSaid::default();
    }
    let (order, held) = (&found.order, &found.held);
    let said = Renewal::of(&app.book, order, held, found.outlook.as_ref(), today);
    let day = words::day(order.expires_on);
    let on = found.wanted.renew.unwrap_or(held.renew);
    let first = if on { "prospect-renewal-on" } else { "prospect-renewal-off" };
    let would_trap = || say("configuration-renewal-would-trap").into_owned();
    RenewalSaid {
        first: say_with(first, [("day", day.into())]).into_owned(),
        would: (!on).then(|| say("configuration-renewal-if")),
        lines: [said.buys, said.price, said.locks].into_iter().flatten().collect(),
        trap: said.trap.map(|trap| if on { trap } else { would_trap() }),
        refused: said.refused,
    }
}

fn form(found: &Gathered, fields: &Fields) -> Form {
    let held = &found.held;
    let scope = found.wanted.applied_scope.as_ref().unwrap_or(&held.applied_scope);
    let kind = Kind::parse(&fields.one("scope")).unwrap_or(Kind::of(&held.applied_scope));
    let named: Vec<(&str, String)> = scopes::written(scope);
    let list = |field: &str, offered: &[(String, String)]| {
        let wanted = named.iter().find(|(name, _)| *name == field).map(|(_, value)| value);
        let choice = |(value, label): &(String, String)| Choice {
            word: value.clone(),
            label: label.clone(),
            chosen: wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(value)),
        };
        offered.iter().map(choice).collect()
    };
    let half = fields.has("scope") && found.wanted.applied_scope.is_none();
    let flexible = is_flexible(&found.order.commitment.resource_type);
    let on = |wanted: Option<bool>, is: bool| on_or_off(wanted.unwrap_or(is));
    Form {
        kinds: Kind::ALL
            .map(|one| Choice {
                word: one.word().to_owned(),
                label: say(&format!("scope-{}", one.word())).into_owned(),
                chosen: one == kind,
            })
            .into(),
        subscriptions: list("subscription", &found.offered.subscriptions),
        resource_groups: list("resource-group", &found.offered.resource_groups),
        management_groups: list("management-group", &found.offered.management_groups),
        scope_fault: half.then(|| say("configuration-scope-choose")),
        flexibility: flexible
            .then(|| on(found.wanted.instance_flexibility, held.instance_flexibility)),
        renew: found.renews.then(|| on(found.wanted.renew, held.renew)),
    }
}

fn on_or_off(on: bool) -> [Choice; 2] {
    [("on", true), ("off", false)].map(|(word, value)| Choice {
        word: word.to_owned(),
        label: switch(value).into_owned(),
        chosen: on == value,
    })
}

fn change(app: &App, found: &Gathered, decision: &Decision<Plan>, now: jiff::Timestamp) -> Change {
    let held = &found.held;
    let asked = differing(found.wanted.clone(), held);
    // What was asked for is told also where it is refused.
    let plan = decision.proposal.clone().unwrap_or(Plan { changes: asked.clone() });
    let then = carry_out(held, &plan, now);
    let mut notes = Vec::new();
    if let Some(effect) = &found.effect {
        let count = effect.after.len();
        notes.push(match &asked.applied_scope {
            Some(AppliedScope::Shared) => say("configuration-note-shared"),
            _ => say_with("configuration-note-narrow", [("count", count.into())]),
        });
    }
    match asked.instance_flexibility {
        Some(true) => notes.push(say("configuration-note-flexible")),
        Some(false) => notes.push(say("configuration-note-rigid")),
        None => {}
    }
    match asked.renew {
        Some(true) => notes.push(say("configuration-note-renews")),
        Some(false) => notes.push(say("configuration-note-ends")),
        None => {}
    }
    notes.push(say("configuration-note-undo"));
    let mut hidden = vec![("revision", held.revision.to_string())];
    if let Some(scope) = &asked.applied_scope {
        hidden.extend(scopes::written(scope));
    }
    let switched = |on| if on { "on" } else { "off" }.to_owned();
    hidden.extend(asked.instance_flexibility.map(|on| ("flexibility", switched(on))));
    hidden.extend(asked.renew.map(|on| ("renew", switched(on))));
    let path = super::path(found.order.id, held.id);
    let way = |repair: &Repair| match repair {
        Repair::Choose { field, .. } if field == "appliedScopeType" => {
            vec![Suggestion::linked(repair, format!("{path}/configuration?scope=shared"))]
        }
        other => vec![Suggestion::told(other)],
    };
    let refusal = decision.refusal.as_ref();
    let checked = decision.findings.iter().find(|one| one.clause == ClauseId::AppliedScope);
    let named = |one: Difference| match &asked.applied_scope {
        Some(scope) if one.field == say("reservation-scope") => {
            Difference { then: scope_named(&found.offered, scope), ..one }
        }
        _ => one,
    };
    Change {
        available: checked.map(|finding| finding.outcome == Outcome::Met),
        differences: differences(Some(held), &then).into_iter().map(named).collect(),
        effect: found.effect.clone(),
        notes,
        refused: refusal.map(|refusal| Refused::new(refusal, way)),
        proof: Proof::new(&app.book, &decision.findings, refusal, words::subject),
        hidden,
    }
}

pub async fn submit(
    Path((order, reservation)): Path<(String, String)>,
    Posted { desk, fields }: Posted,
) -> Response {
    let answer = async {
        let ids = ids(&order, &reservation)?;
        let changes = wanted(&fields, desk.session.caller.tenant);
        if !is_anything(&changes) {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let says = say("configuration-nothing").into_owned();
            return page_of(&desk, ids, &fields, status, None, Some(says)).await;
        }
        let alert = match save(&desk, ids, fields.one("revision"), changes).await? {
            Saved::Done => {
                let to = format!("/reservations/{}/{}/configuration?done=saved", ids.0, ids.1);
                return Ok(Redirect::to(&to).into_response());
            }
            Saved::Moved => say("reservation-moved").into_owned(),
            Saved::Refused(why) => why,
        };
        page_of(&desk, ids, &fields, StatusCode::CONFLICT, None, Some(alert)).await
    };
    desk.settle(answer.await)
}
