//! The rows of the list and the heads of its columns.

use super::filters::{self, Choice};
use super::{Wish, named, number, path};
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Said, in_days};
use jiff::civil::Date;
use prorata_app::listing::{Held, Listed, Sort};
use prorata_domain::catalog::Catalog;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::Expiring;
use prorata_domain::reservation::ReservationState;
use prorata_domain::term::days_between;

#[derive(Debug, Clone)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Whether there is a column for the customer.
    pub several: bool,
    /// Whether there is a column for how much was used.
    pub has_figures: bool,
    /// What a screen reader calls it.
    pub sideways: Said,
    /// The sortings, for where the heads of columns are not shown.
    pub sortings: Vec<Choice>,
}

/// The head of a column, which sorts by it.
#[derive(Debug, Clone)]
pub struct Column {
    pub label: Said,
    pub href: String,
    /// `ascending`, `descending`, or nothing where another column is sorted by.
    pub sorted: Option<&'static str>,
    pub is_figure: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    /// The head of a group that begins with this row: the customer, and how many are theirs.
    pub group: Option<(String, String)>,
    /// By what the row is chosen, `order/reservation`.
    pub give: String,
    pub href: String,
    /// The tenant that one goes on in to come there, where it is not this one.
    pub enter: Option<String>,
    pub name: String,
    pub product: String,
    pub sku: String,
    pub customer: String,
    pub region: String,
    pub quantity: String,
    pub used: Option<Used>,
    /// What the box says that chooses the row.
    pub choose: String,
    pub term: Said,
    pub plan: Said,
    pub state: State,
    pub expires: String,
    /// `in 12 days`, for one that expires soon.
    pub soon: Option<String>,
    pub scope: Said,
    pub renewal: Said,
}

/// A state as a badge: words, and a class that colours them.
#[derive(Debug, Clone)]
pub struct State {
    pub words: String,
    pub class: &'static str,
}

impl State {
    pub fn new(state: &ReservationState) -> State {
        let class = if state.is_active() { "active" } else { "ended" };
        State { words: words::state(state).into_owned(), class }
    }

    fn of(held: &Held, is_soon: bool) -> State {
        let reservation = &held.reservation;
        let said = |id, class| State { words: say(id).into_owned(), class };
        match (&reservation.state, reservation.no_benefit) {
            (ReservationState::Active, Some(_)) => said("reservations-state-no-benefit", "warned"),
            (ReservationState::Active, None) if is_soon => {
                said("reservations-state-expiring", "warned")
            }
            (state, _) => State::new(state),
        }
    }
}

impl Table {
    pub fn new(
        wish: &Wish,
        listed: Listed,
        catalog: &Catalog,
        own: TenantId,
        today: Date,
    ) -> Table {
        let several = listed.customers.len() > 1;
        let has_figures = listed.tally.has_figures;
        let columns = shown(several, has_figures);
        let mut rows: Vec<Row> = Vec::with_capacity(listed.rows.len());
        let mut before = None;
        for held in &listed.rows {
            let mut row = row(held, &listed, catalog, own, today);
            if wish.by_customer && several && before != Some(held.customer) {
                let count = listed.of_customer[held.customer];
                let count = say_with("reservations-of-group", [("count", count.into())]);
                row.group = Some((row.customer.clone(), count.into_owned()));
            }
            before = Some(held.customer);
            rows.push(row);
        }
        Table {
            sortings: filters::sortings(wish, &columns),
            columns: columns.into_iter().map(|sort| column(wish, sort)).collect(),
            rows,
            several,
            has_figures,
            sideways: say_with(
                "scrolls-sideways",
                [("what", say("reservations-table").into_owned().into())],
            ),
        }
    }
}

/// The columns in their order.
fn shown(several: bool, has_figures: bool) -> Vec<Sort> {
    let columns = [
        Sort::Name,
        Sort::Customer,
        Sort::State,
        Sort::Utilization,
        Sort::Quantity,
        Sort::Expires,
        Sort::Scope,
        Sort::Term,
        Sort::Product,
        Sort::Region,
        Sort::Renewal,
    ];
    let is_shown = |sort: &Sort| match sort {
        Sort::Customer => several,
        Sort::Utilization => has_figures,
        _ => true,
    };
    columns.into_iter().filter(is_shown).collect()
}

fn column(wish: &Wish, sort: Sort) -> Column {
    Column {
        label: say(&format!("reservations-column-{}", sort.as_str())),
        href: wish.sorted(sort).href(),
        sorted: (sort == wish.sort).then_some(if wish.descending {
            "descending"
        } else {
            "ascending"
        }),
        is_figure: matches!(sort, Sort::Quantity | Sort::Utilization),
    }
}

/// How much was used, with a bar.
#[derive(Debug, Clone)]
pub struct Used {
    pub percent: String,
    /// Tenths of the bar, which has a hundred.
    pub width: i64,
    pub is_low: bool,
    /// Until which day, over how many.
    pub about: String,
}

/// A share below which something may be done about it.
const LOW: i64 = 80_00;

fn used(held: &Held) -> Option<Used> {
    let summed = held.used.as_ref()?;
    let [_, week, _] = summed.shares;
    let share = week?;
    let until = words::short_day(summed.last_day);
    Some(Used {
        percent: say_with(
            "reservations-percent",
            [("number", words::decimal(&share.percent().round().to_string()).into())],
        )
        .into_owned(),
        width: (share.hundredths() / 100).clamp(0, 100),
        is_low: share.hundredths() < LOW,
        about: say_with("reservations-used-until", [("day", until.into())]).into_owned(),
    })
}

fn row(held: &Held, listed: &Listed, catalog: &Catalog, own: TenantId, today: Date) -> Row {
    let Held { order, reservation, .. } = held;
    let customer = &listed.customers[held.customer];
    let commitment = &order.commitment;
    let left = days_between(today, order.expires_on);
    let name = named(&reservation.display_name, &reservation.sku);
    let is_soon = reservation.state.is_active() && left <= Expiring::shown(today).days;
    let kind = catalog.resource_type(&commitment.resource_type);
    let renewal = if reservation.renew { "reservations-on" } else { "reservations-off" };
    Row {
        group: None,
        give: format!("{}/{}", order.id, reservation.id),
        href: path(order.id, reservation.id),
        enter: (customer.tenant != own).then(|| customer.tenant.to_string()),
        choose: say_with("reservations-choose", [("name", name.clone().into())]).into_owned(),
        name,
        used: used(held),
        product: kind.map_or(&commitment.resource_type, |kind| &kind.title).clone(),
        sku: reservation.sku.clone(),
        customer: customer.name.clone(),
        region: filters::region(catalog, &commitment.location),
        quantity: number(reservation.quantity as usize),
        term: words::term(commitment.term),
        plan: words::plan(commitment.plan),
        state: State::of(held, is_soon),
        expires: words::short_day(order.expires_on),
        soon: is_soon.then(|| in_days(left)),
        scope: words::applied_scope_kind(&reservation.applied_scope),
        renewal: if reservation.state.is_active() { say(renewal) } else { "".into() },
    }
}
