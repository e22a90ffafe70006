//! Several reservations at once: what would be done with each is shown, confirmed once, done one
//! after the other, and told of each.
//!
//! Each deed sets something to what it is to be, so that a form sent twice does it once; and what is
//! told afterwards is how each reservation is then, so that the page can be loaded again.

use super::{named, path};
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::{Fields, escaped};
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Crumb, Section, Shell};
use crate::portal::reservation::ids;
use crate::portal::trouble::said;
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::listing::{self, Held};
use prorata_app::{App, Call, Error, access, archive, update};
use prorata_domain::access::Action;
use prorata_domain::decision::Refusal;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::update::Request;
use prorata_store::Tx;

/// What can be done with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    RenewOn,
    RenewOff,
    Archive,
    /// Asked for here where they are a customer's, in whose tenant it goes on.
    Exchange,
}

impl Deed {
    pub const ALL: [Deed; 4] = [Deed::Exchange, Deed::RenewOn, Deed::RenewOff, Deed::Archive];

    pub fn as_str(self) -> &'static str {
        match self {
            Deed::RenewOn => "renew-on",
            Deed::RenewOff => "renew-off",
            Deed::Archive => "archive",
            Deed::Exchange => "exchange",
        }
    }

    fn parse(text: &str) -> Option<Deed> {
        Deed::ALL.into_iter().find(|deed| deed.as_str() == text)
    }

    fn is_so(self, held: &Held) -> bool {
        match self {
            Deed::RenewOn => held.reservation.renew && held.reservation.state.is_active(),
            Deed::RenewOff => !held.reservation.renew && held.reservation.state.is_active(),
            Deed::Archive => held.reservation.archived,
            Deed::Exchange => false,
        }
    }

    fn word(self, what: &str) -> Said {
        say(&format!("several-{}-{what}", self.as_str()))
    }

    /// Why it cannot be done with a reservation; nothing where it can.
    fn refusal(
        self,
        tx: &mut Tx<'_>,
        app: &App,
        call: &Call,
        held: &Held,
    ) -> Result<Option<String>, Error> {
        let (order, reservation) = (held.order.id, held.reservation.id);
        let refusal = match self {
            Deed::RenewOn | Deed::RenewOff => {
                let ask = self.renewal(order, reservation);
                update::preview(tx, app, call, &ask).map(|decision| decision.refusal)
            }
            Deed::Archive => archive::preview(tx, app, call, order, reservation, true)
                .map(|decision| decision.refusal),
            Deed::Exchange => {
                access::reservation(tx, call, Action::Exchange, order, reservation).map(|_| None)
            }
        };
        refused(refusal)
    }

    fn renewal(self, order: OrderId, reservation: ReservationId) -> update::Ask {
        let renew = Some(self == Deed::RenewOn);
        update::Ask { order, reservation, changes: Request { renew, ..Request::default() } }
    }

    /// Does it with one reservation; one that is so already stays as it is.
    async fn carry_out(self, desk: &Desk, held: &Held) -> Result<(), Error> {
        let call = desk.call();
        let (order, reservation) = (held.order.id, held.reservation.id);
        match self {
            Deed::RenewOn | Deed::RenewOff => {
                let ask = self.renewal(order, reservation);
                let job = move |tx: &mut Tx<'_>, app: &App| update::update(tx, app, &call, &ask);
                desk.app().deed_async(job).await.map(drop)
            }
            Deed::Archive => {
                let job = move |tx: &mut Tx<'_>, app: &App| {
                    archive::archive(tx, app, &call, order, reservation, true)
                };
                desk.app().deed_async(job).await
            }
            Deed::Exchange => Ok(()),
        }
    }
}

/// The reason of a refusal, or of a right that is missing, in words.
fn refused(outcome: Result<Option<Refusal>, Error>) -> Result<Option<String>, Error> {
    match outcome {
        Ok(refusal) => Ok(refusal.map(|refusal| words::reason(&refusal))),
        Err(error @ (Error::Denied { .. } | Error::Absent { .. })) => Ok(Some(said(&error).1)),
        Err(error) => Err(error),
    }
}

#[derive(Debug, Template)]
#[template(path = "several.html")]
pub struct SeveralPage {
    pub shell: Shell,
    pub crumbs: Vec<Crumb>,
    pub lead: String,
    pub rows: Vec<Row>,
    /// The form that does it; none where nothing of it can be done, or it was done.
    pub form: Option<Form>,
    /// Where it goes on with those that can be, and what that says.
    pub go: Option<(String, String)>,
    /// Customers in whose tenant it goes on.
    pub elsewhere: Vec<Elsewhere>,
    pub done: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub product: String,
    /// What is to be or was done, or why not.
    pub what: String,
    pub badge: Said,
    pub class: &'static str,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub deed: &'static str,
    pub gives: Vec<String>,
    pub confirm: String,
    pub button: Said,
    pub fault: Option<Said>,
}

#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// Where to: the tenant, a blank, the page.
    pub to: String,
    pub button: String,
}

/// What is asked for.
struct Wanted {
    deed: Deed,
    ids: Vec<(OrderId, ReservationId)>,
    /// Whether it was done, and is told of.
    done: bool,
}

impl Wanted {
    fn read(fields: &Fields) -> Result<Wanted, Error> {
        let wrong = || Error::malformed("deed", "is none of those that there are");
        let deed = Deed::parse(&fields.one("deed")).ok_or_else(wrong)?;
        let mut wanted = Vec::new();
        for give in fields.all("give") {
            let (order, reservation) = give.split_once('/').unwrap_or_default();
            let one = ids(order, reservation)?;
            if !wanted.contains(&one) {
                wanted.push(one);
            }
        }
        Ok(Wanted { deed, ids: wanted, done: fields.has("done") })
    }

    fn address(&self, path: &str, done: bool, held: &[&Held]) -> String {
        let mut address = format!("{path}?deed={}", self.deed.as_str());
        if done {
            address.push_str("&done=1");
        }
        for held in held {
            let give = format!("{}/{}", held.order.id, held.reservation.id);
            address.push_str(&format!("&give={}", escaped(&give)));
        }
        address
    }
}

const PATH: &str = "/reservations/several";

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    if Deed::parse(&query.one("deed")).is_none() {
        return Redirect::to("/reservations").into_response();
    }
    let shown = match Wanted::read(&query) {
        Ok(wanted) => page(&desk, wanted, None).await,
        Err(error) => Err(error),
    };
    desk.settle(shown)
}

pub async fn submit(posted: Posted) -> Response {
    let Posted { desk, fields } = posted;
    let done = submitted(&desk, &fields).await;
    desk.settle(done)
}

async fn submitted(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let wanted = Wanted::read(fields)?;
    if !fields.has("confirmed") {
        return page(desk, wanted, Some(say("several-not-confirmed"))).await;
    }
    let (_, held) = found(desk, &wanted.ids).await?;
    let own = desk.session.caller.tenant;
    let held: Vec<&Held> = held.iter().filter(|held| held.order.tenant == own).collect();
    for one in held.iter().filter(|held| !wanted.deed.is_so(held)) {
        match wanted.deed.carry_out(desk, one).await {
            // The page tells of it.
            Ok(()) | Err(Error::Refused(_) | Error::Denied { .. } | Error::Absent { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Redirect::to(&wanted.address(PATH, true, &held)).into_response())
}

async fn found(
    desk: &Desk,
    ids: &[(OrderId, ReservationId)],
) -> Result<(Vec<listing::Customer>, Vec<Held>), Error> {
    let (call, ids) = (desk.call(), ids.to_vec());
    desk.app().read_async(move |tx, app| listing::named(tx, app, &call, &ids)).await
}

async fn page(desk: &Desk, wanted: Wanted, fault: Option<Said>) -> Result<Response, Error> {
    let (customers, held) = found(desk, &wanted.ids).await?;
    let own = desk.session.caller.tenant;
    let (here, there): (Vec<Held>, Vec<Held>) =
        held.into_iter().partition(|held| held.order.tenant == own);
    let (call, deed) = (desk.call(), wanted.deed);
    let judged = desk
        .app()
        .read_async(move |tx, app| {
            here.into_iter()
                .map(|held| Ok((deed.refusal(tx, app, &call, &held)?, held)))
                .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    let rows: Vec<Row> = judged.iter().map(|(why, held)| row(desk, &wanted, why, held)).collect();
    let open: Vec<&Held> = judged
        .iter()
        .filter(|(why, held)| why.is_none() && !deed.is_so(held))
        .map(|(_, held)| held)
        .collect();
    let go = (deed == Deed::Exchange && !open.is_empty())
        .then(|| wanted.address("/exchange", false, &open));
    if let Some(to) = go.as_ref().filter(|_| there.is_empty() && open.len() == judged.len()) {
        return Ok(Redirect::to(to).into_response());
    }
    let does = !wanted.done && !open.is_empty() && deed != Deed::Exchange;
    let form = does.then(|| Form {
        deed: deed.as_str(),
        gives: judged
            .iter()
            .map(|(_, held)| format!("{}/{}", held.order.id, held.reservation.id))
            .collect(),
        confirm: counted(deed, "confirm", open.len()),
        button: deed.word("button"),
        fault: fault.clone(),
    });
    let is_so = judged.iter().filter(|(_, held)| deed.is_so(held)).count();
    let lead = if wanted.done {
        let (count, all) = (is_so.into(), judged.len().into());
        say_with("several-done", [("count", count), ("all", all)]).into_owned()
    } else if judged.is_empty() && there.is_empty() {
        say("several-none").into_owned()
    } else {
        deed.word("lead").into_owned()
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shell = desk.shell(deed.word("title"), Section::Reservations);
    let crumbs = vec![Crumb {
        label: say("nav-reservations").into_owned(),
        href: "/reservations".to_owned(),
    }];
    let elsewhere = elsewhere(&wanted, &customers, &there);
    let go = go.map(|href| (href, counted(deed, "confirm", open.len())));
    let done = wanted.done;
    let page = SeveralPage { shell, crumbs, lead, rows, form, go, elsewhere, done };
    Ok(page::answer(status, &page))
}

fn counted(deed: Deed, what: &str, count: usize) -> String {
    let id = format!("several-{}-{what}", deed.as_str());
    say_with(&id, [("count", count.into())]).into_owned()
}

fn row(desk: &Desk, wanted: &Wanted, why: &Option<String>, held: &Held) -> Row {
    let (order, reservation) = (&held.order, &held.reservation);
    let region = super::filters::region(&desk.app().catalog, &order.commitment.location);
    let (badge, class, what) = match (wanted.deed.is_so(held), why) {
        (true, _) if wanted.done => ("several-badge-done", "met", wanted.deed.word("done")),
        (true, _) => ("several-badge-already", "ended", wanted.deed.word("done")),
        (false, Some(why)) => ("several-badge-not", "refused", why.clone().into()),
        (false, None) if wanted.done => {
            ("several-badge-not", "refused", say("several-changed-meanwhile"))
        }
        (false, None) => {
            let day = words::day(order.expires_on).into();
            let id = format!("several-{}-what", wanted.deed.as_str());
            ("several-badge-will", "active", say_with(&id, [("day", day)]))
        }
    };
    Row {
        href: path(order.id, reservation.id),
        name: named(&reservation.display_name, &reservation.sku),
        product: format!("{} × {}, {region}", words::count(reservation.quantity), reservation.sku),
        what: what.into_owned(),
        badge: say(badge),
        class,
    }
}

/// What is a customer's is done in the customer's tenant: a button for each of them.
fn elsewhere(wanted: &Wanted, customers: &[listing::Customer], there: &[Held]) -> Vec<Elsewhere> {
    let mut found: Vec<(usize, Vec<&Held>)> = Vec::new();
    for held in there {
        match found.iter_mut().find(|(customer, _)| *customer == held.customer) {
            Some((_, of_it)) => of_it.push(held),
            None => found.push((held.customer, vec![held])),
        }
    }
    let place = if wanted.deed == Deed::Exchange { "/exchange" } else { PATH };
    found
        .into_iter()
        .map(|(customer, held)| {
            let customer = &customers[customer];
            let values = [("count", held.len().into()), ("customer", customer.name.clone().into())];
            Elsewhere {
                to: format!("{} {}", customer.tenant, wanted.address(place, false, &held)),
                button: say_with("several-elsewhere-button", values).into_owned(),
            }
        })
        .collect()
}
