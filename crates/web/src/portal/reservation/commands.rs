//! The commands of a reservation: those that may be given, and why the others may not.

use super::overview::Gathered;
use super::prospects;
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said};
use jiff::civil::Date;
use prorata_app::{App, Call, Error, access};
use prorata_domain::access::{Action, Scope};
use prorata_domain::decision::Repair;
use prorata_domain::ids::ReservationId;
use prorata_domain::policy::ClauseId;
use prorata_domain::rearrange::Item as Rearranged;
use prorata_domain::reservation::Order;
use prorata_domain::rights::{Right, Standing};
use prorata_domain::{archive, merge, split};
use prorata_store::Tx;

/// Something that may be done.
#[derive(Debug, Clone)]
pub struct Command {
    pub label: Said,
    pub href: String,
    pub primary: bool,
}

/// Something that would be refused.
#[derive(Debug, Clone)]
pub struct Barred {
    pub label: Said,
    /// The reason as it was recorded, or ours.
    pub why: String,
    /// Whether the reason is the rule's own sentence.
    pub recorded: bool,
    pub href: Option<String>,
}

/// What the reader may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rights {
    pub manages: bool,
    pub returns: bool,
    pub exchanges: bool,
    pub trades: bool,
    pub renews: bool,
}

impl Rights {
    /// # Errors
    /// Those of the database.
    pub fn of(
        tx: &mut Tx<'_>,
        call: &Call,
        order: &Order,
        id: ReservationId,
    ) -> Result<Rights, Error> {
        let (whole, part) = (Scope::order(order.id), Scope::reservation(order.id, id));
        Ok(Rights {
            manages: access::may(tx, call, Action::Manage, &part)?,
            returns: access::may(tx, call, Action::Return, &whole)?,
            exchanges: access::may(tx, call, Action::Exchange, &whole)?,
            trades: access::may(tx, call, Action::TradeIn, &whole)?,
            renews: renews(tx, call, order, id)?,
        })
    }
}

/// Whether the reader may say that it is renewed, or would with a second factor.
///
/// # Errors
/// Those of the database.
pub fn renews(
    tx: &mut Tx<'_>,
    call: &Call,
    order: &Order,
    id: ReservationId,
) -> Result<bool, Error> {
    match access::renewal(tx, call, order, id) {
        Ok(()) | Err(Error::SecondFactorAsked { .. }) => Ok(true),
        Err(Error::Denied { .. } | Error::Absent { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Who gives it up for the reader, as a sentence.
pub fn why_partner(partner: &str) -> String {
    say_with("reservation-why-partner", [("partner", partner.to_owned().into())]).into_owned()
}

/// A command as far as it was looked at: the address, or why not.
enum Way {
    Open(String),
    Lacking(Action),
    Refused(String),
    Said(&'static str),
    /// The partner does it, who is named.
    Partner(String),
}

pub fn commands(
    app: &App,
    found: &Gathered,
    standing: &Standing,
    path: &str,
    today: Date,
) -> Result<(Vec<Command>, Vec<Barred>), Error> {
    let (order, held) = (&found.order, &found.held);
    let give = format!("{}/{}", order.id, held.id);
    let mut ways = vec![
        ("reservation-refund", refunding(found, path)),
        ("reservation-exchange", exchanging(found, standing, &give)),
        ("reservation-trade-in", trading(app, found, &give, today)),
        ("reservation-split", splitting(app, found, path)?),
        ("reservation-merge", merging(app, found, path)?),
        ("reservation-rename", renaming(found, path, today)),
    ];
    let stored = if held.archived { "reservation-unarchive" } else { "reservation-archive" };
    ways.push((stored, archiving(app, found, path)?));
    let (mut commands, mut barred) = (Vec::new(), Vec::new());
    for (label, way) in ways {
        let label = say(label);
        let (why, recorded, href) = match way {
            Way::Open(href) => {
                let primary = commands.is_empty();
                commands.push(Command { label, href, primary });
                continue;
            }
            Way::Lacking(action) => {
                let href = prospects::why_not(path, action.as_str());
                (say("reservation-why-role").into_owned(), false, Some(href))
            }
            Way::Refused(reason) => (reason, true, None),
            Way::Said(id) => (say(id).into_owned(), false, None),
            Way::Partner(name) => (why_partner(&name), false, None),
        };
        barred.push(Barred { label, why, recorded, href });
    }
    if held.state.is_active() && found.sees_order {
        let label = say("reservation-ask");
        commands.push(Command { label, href: format!("/requests/new?of={give}"), primary: false });
    }
    Ok((commands, barred))
}

fn refunding(found: &Gathered, path: &str) -> Way {
    if !found.held.state.is_active() {
        return Way::Said("reservation-why-ended");
    }
    if !found.rights.returns {
        return Way::Lacking(Action::Return);
    }
    let refusal = found.refund.iter().flatten().next().and_then(|all| all.refusal.as_ref());
    match refusal {
        Some(refusal)
            if !refusal.repairs.iter().any(|it| matches!(it, Repair::ReduceQuantity { .. })) =>
        {
            Way::Refused(words::reason(refusal))
        }
        _ => Way::Open(format!("{path}/refund")),
    }
}

fn exchanging(found: &Gathered, standing: &Standing, give: &str) -> Way {
    if !found.held.state.is_active() {
        return Way::Said("reservation-why-ended");
    }
    if !found.rights.exchanges {
        return Way::Lacking(Action::Exchange);
    }
    if let Some(partner) = &found.partner {
        return Way::Partner(partner.clone());
    }
    match standing.spans.first().map(|span| span.right) {
        None => Way::Said("prospect-exchange-type"),
        Some(Right::None(_)) => Way::Said("reservation-why-no-exchange"),
        Some(Right::Unlimited | Right::Last(_)) => Way::Open(format!("/exchange?give={give}")),
    }
}

fn trading(app: &App, found: &Gathered, give: &str, today: Date) -> Way {
    if !found.held.state.is_active() {
        return Way::Said("reservation-why-ended");
    }
    if !found.rights.trades {
        return Way::Lacking(Action::TradeIn);
    }
    if let Some(partner) = &found.partner {
        return Way::Partner(partner.clone());
    }
    let kinds = prospects::kinds(&app.book, &found.order.commitment.resource_type, today);
    if kinds.is_empty() {
        return Way::Said("prospect-trade-in-no");
    }
    Way::Open(format!("/trade-in?give={give}"))
}

fn splitting(app: &App, found: &Gathered, path: &str) -> Result<Way, Error> {
    if !found.held.state.is_active() {
        return Ok(Way::Said("reservation-why-ended"));
    }
    if !found.rights.manages {
        return Ok(Way::Lacking(Action::Manage));
    }
    if found.held.quantity < 2 {
        return Ok(Way::Said("reservation-why-one-unit"));
    }
    let facts = split::Facts { item: Rearranged::new(&found.order, &found.held) };
    let request = split::Request { quantities: vec![found.held.quantity - 1, 1] };
    let decision = split::decide(&app.book, &facts, &request, app.now())?;
    Ok(match &decision.refusal {
        None => Way::Open(format!("{path}/split")),
        Some(refusal) => Way::Refused(words::reason(refusal)),
    })
}

fn merging(app: &App, found: &Gathered, path: &str) -> Result<Way, Error> {
    if !found.held.state.is_active() {
        return Ok(Way::Said("reservation-why-ended"));
    }
    if !found.rights.manages {
        return Ok(Way::Lacking(Action::Manage));
    }
    let Some(other) = found.siblings.first() else {
        return Ok(Way::Said("reservation-why-no-sibling"));
    };
    let items = [&found.held, other].map(|row| Rearranged::new(&found.order, row));
    let request = merge::Request { sources: vec![found.held.id, other.id] };
    let facts = merge::Facts { items: items.into() };
    let decision = merge::decide(&app.book, &facts, &request, app.now())?;
    // What differs between two of them is seen where they are chosen.
    let never = decision.refusal.filter(|refusal| refusal.clause == ClauseId::NotRearranged);
    Ok(match never {
        None => Way::Open(format!("{path}/merge")),
        Some(refusal) => Way::Refused(words::reason(&refusal)),
    })
}

fn renaming(found: &Gathered, path: &str, today: Date) -> Way {
    if !found.held.state.is_active() || today >= found.order.expires_on {
        return Way::Said("reservation-why-ended");
    }
    if !found.rights.manages {
        return Way::Lacking(Action::Manage);
    }
    Way::Open(format!("{path}/rename"))
}

fn archiving(app: &App, found: &Gathered, path: &str) -> Result<Way, Error> {
    if !found.rights.manages {
        return Ok(Way::Lacking(Action::Manage));
    }
    let facts = archive::Facts { item: Rearranged::new(&found.order, &found.held) };
    let request = archive::Request { archived: !found.held.archived };
    let decision = archive::decide(&app.book, &facts, &request, app.now())?;
    Ok(match decision.refusal {
        None => Way::Open(format!("{path}/archive")),
        Some(_) => Way::Said("reservation-why-live"),
    })
}
