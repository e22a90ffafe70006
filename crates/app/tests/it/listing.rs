//! The list in memory: against the rows made by hand, after every kind of change, and for those who
//! see but a part of it.

use crate::desk::{Desk, TENANT, request};
use prorata_app::listing::{self, Filter, From, Listed, Query, Show, Sort, Whose};
use prorata_app::world::{self, Document};
use prorata_app::{Call, Caller, archive, update};
use prorata_domain::ids::{AssignmentId, OrderId, PrincipalId, ReservationId, TenantId};
use prorata_domain::term::{BillingPlan, Term};
use prorata_domain::update::Request as Changes;
use prorata_store::{Store, world as rows};
use prorata_testkit::postgres::Cluster;
use uuid::Uuid;

type Held = (OrderId, ReservationId);

fn listed(desk: &Desk, call: &Call, query: &Query) -> Listed {
    let (call, query) = (call.clone(), query.clone());
    desk.app.read(move |tx, app| listing::list(tx, app, &call, &query)).unwrap()
}

fn ids(listed: &Listed) -> Vec<ReservationId> {
    listed.rows.iter().map(|row| row.reservation.id).collect()
}

fn all(limit: usize) -> Query {
    Query { filter: Filter { show: Show::All, ..Filter::default() }, limit, ..Query::default() }
}

/// Seven reservations of some names and sizes.
fn filled(store: Store) -> (Desk, Vec<Held>) {
    let desk = Desk::open(store);
    let held = (1..=7)
        .map(|number| {
            let (sku, term) = match number % 3 {
                0 => ("Standard_B1ls", Term::P3Y),
                1 => ("Standard_D2s_v5", Term::P1Y),
                _ => ("Standard_D4s_v5", Term::P3Y),
            };
            let mut wanted = request(sku, term, BillingPlan::Upfront, 1 + number % 4);
            wanted.display_name = ["web", "Web two", "batch", ""][number as usize % 4].to_owned();
            desk.buy(&wanted)
        })
        .collect();
    (desk, held)
}

/// Somebody of the tenant who reads all of it, whoever bought it.
fn reader(desk: &Desk) -> Call {
    let (id, principal) = (AssignmentId(Uuid::from_u128(0x91)), PrincipalId(Uuid::from_u128(0x92)));
    let given = rows::RoleAssignment {
        id,
        tenant: TENANT,
        principal,
        role: "Reservations Reader".to_owned(),
        scope: "/providers/Microsoft.Capacity".to_owned(),
    };
    desk.app.write(move |tx, _| Ok(rows::put_assignment(tx, &given)?)).unwrap();
    Call { caller: Caller::new(TENANT, principal, "a client", "reader"), ..desk.call() }
}

#[test]
fn every_sorting_has_pages_forth_and_back() {
    let (desk, held) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    for sort in Sort::ALL {
        for descending in [false, true] {
            let query = Query { sort, descending, ..all(100) };
            let whole = ids(&listed(&desk, &call, &query));
            assert_eq!(whole.len(), held.len());
            for by_customer in [false, true] {
                let query = Query { limit: 3, by_customer, ..query.clone() };
                let (mut forth, mut from) = (Vec::new(), From::Start);
                let last = loop {
                    let page = listed(&desk, &call, &Query { from, ..query.clone() });
                    forth.extend(ids(&page));
                    match page.next.clone() {
                        Some(mark) => from = From::After(mark),
                        None => break page,
                    }
                };
                assert_eq!(forth, whole, "{sort:?} {descending}");
                let mut back = ids(&last);
                let mut previous = last.previous;
                while let Some(mark) = previous {
                    let query = Query { from: From::Before(mark), ..query.clone() };
                    let page = listed(&desk, &call, &query);
                    back.splice(0..0, ids(&page));
                    previous = page.previous;
                }
                assert_eq!(back, whole, "{sort:?} {descending}, back");
            }
        }
    }
}

#[test]
fn rows_come_in_the_order_of_what_is_sorted_by() {
    let (desk, _) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    let of = |sort, descending| listed(&desk, &call, &Query { sort, descending, ..all(100) }).rows;
    let names = |rows: Vec<listing::Held>| -> Vec<String> {
        let name = |row: &listing::Held| match row.reservation.display_name.as_str() {
            "" => row.reservation.sku.to_lowercase(),
            name => name.to_lowercase(),
        };
        rows.iter().map(name).collect()
    };
    assert!(names(of(Sort::Name, false)).is_sorted());
    assert!(names(of(Sort::Name, true)).into_iter().rev().is_sorted());
    let quantities = |rows: Vec<listing::Held>| -> Vec<u32> {
        rows.iter().map(|row| row.reservation.quantity).collect()
    };
    assert!(quantities(of(Sort::Quantity, false)).is_sorted());
    assert!(quantities(of(Sort::Quantity, true)).into_iter().rev().is_sorted());
    assert!(of(Sort::Expires, false).iter().map(|row| row.order.expires_on).is_sorted());
}

#[test]
fn filters_choose_and_texts_are_found() {
    let (desk, held) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    let found = |filter: Filter| {
        let filter = Filter { show: Show::All, ..filter };
        listed(&desk, &call, &Query { filter, ..all(100) })
    };
    let text = |text: &str| Filter { text: text.to_owned(), ..Filter::default() };
    for (filter, count) in [
        (Filter::default(), 7),
        (Filter { term: Some(Term::P1Y), ..Filter::default() }, 3),
        (Filter { term: Some(Term::P5Y), ..Filter::default() }, 0),
        (Filter { region: Some("westus".to_owned()), ..Filter::default() }, 7),
        (Filter { region: Some("nowhere".to_owned()), ..Filter::default() }, 0),
        (Filter { renew: Some(true), ..Filter::default() }, 0),
        (Filter { within: Some(365), ..Filter::default() }, 3),
        (Filter { within: Some(364), ..Filter::default() }, 0),
        (Filter { under: Some(100), ..Filter::default() }, 0),
        (Filter { customer: Some(Whose::Tenant(TENANT)), ..Filter::default() }, 7),
        (Filter { customer: Some(Whose::Named("conto".to_owned())), ..Filter::default() }, 7),
        (Filter { customer: Some(Whose::Named("other".to_owned())), ..Filter::default() }, 0),
        (text("WEB"), 3),
        (text("two"), 2),
        (text("d2s"), 3),
        (text("%"), 0),
        (text(&held[0].1.to_string()), 1),
        (text(&held[0].0.to_string().to_uppercase()), 1),
        (text(&held[0].1.0.simple().to_string()), 1),
        (text(&format!("/providers/x/reservations/{}", held[3].1)), 1),
        // Fewer than four digits are a part of a name.
        (text(&held[0].1.to_string()[..3]), 0),
    ] {
        let page = found(filter.clone());
        assert_eq!((page.rows.len(), page.tally.chosen), (count, count), "{filter:?}");
        assert_eq!(page.tally.seen, 7);
    }
}

/// On both databases, and on SQLite in memory: what is done is there the next time that is looked.
#[test]
fn what_changes_is_seen_at_once() {
    changes(Store::memory().unwrap());
    if let Some(cluster) = Cluster::shared() {
        changes(Store::open(&cluster.database()).unwrap());
    }
}

fn changes(store: Store) {
    let (desk, held) = filled(store);
    let call = reader(&desk);
    let count = |show: Show| {
        let listed = listed(&desk, &call, &all(100));
        listed.tally.shows[Show::ALL.iter().position(|one| *one == show).unwrap()]
    };
    assert_eq!((count(Show::Active), count(Show::Ended), count(Show::All)), (7, 0, 7));

    let (order, reservation) = held[0];
    let named = Changes { display_name: Some("a new name".to_owned()), ..Changes::default() };
    let ask = update::Ask { order, reservation, changes: named };
    let buyer = desk.call();
    desk.app.deed(move |tx, app| update::update(tx, app, &buyer, &ask)).unwrap();
    let filter = Filter { text: "new name".to_owned(), show: Show::All, ..Filter::default() };
    let found = listed(&desk, &call, &Query { filter, ..all(100) });
    assert_eq!(ids(&found), [reservation]);

    let quoted = desk.refund_quote(held[1], 1);
    desk.give_back(held[1], 1, &quoted).unwrap();
    // A part was returned: it ends, and the rest of it goes on as another.
    assert_eq!((count(Show::Active), count(Show::Ended), count(Show::All)), (7, 1, 8));

    let (buyer, (order, reservation)) = (desk.call(), held[1]);
    let put_away = move |tx: &mut prorata_store::Tx<'_>, app: &prorata_app::App| {
        archive::archive(tx, app, &buyer, order, reservation, true)
    };
    desk.app.deed(put_away).unwrap();
    assert_eq!((count(Show::Ended), count(Show::Archived), count(Show::All)), (0, 1, 8));

    let used = world_of_use(held[2]);
    world::apply(&desk.app, used).unwrap();
    let filter = Filter { under: Some(60), show: Show::All, ..Filter::default() };
    let found = listed(&desk, &call, &Query { filter, ..all(100) });
    assert_eq!(ids(&found), [held[2].1]);
    assert!(found.tally.has_figures);
    let query = Query { sort: Sort::Utilization, ..all(100) };
    assert_eq!(ids(&listed(&desk, &call, &query))[0], held[2].1, "others have no figures");
    let query = Query { descending: true, ..query };
    assert_eq!(ids(&listed(&desk, &call, &query))[0], held[2].1);
}

/// Of a reservation that is as new as its figures.
#[test]
fn figures_are_there_for_what_was_bought_since_somebody_looked() {
    let (desk, _) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    assert!(!listed(&desk, &call, &all(100)).tally.has_figures);

    let held = desk.buy(&request("Standard_B1ls", Term::P3Y, BillingPlan::Upfront, 2));
    world::apply(&desk.app, world_of_use(held)).unwrap();
    let found = listed(&desk, &call, &all(100));
    assert_eq!((found.rows.len(), found.tally.has_figures), (8, true));
    let filter = Filter { under: Some(60), show: Show::All, ..Filter::default() };
    assert_eq!(ids(&listed(&desk, &call, &Query { filter, ..all(100) })), [held.1]);
}

/// Half of it was used on a day.
fn world_of_use((order, reservation): Held) -> Document {
    let text = format!(
        "[[utilization]]\ntenantId = \"{TENANT}\"\nreservationOrderId = \"{order}\"\n\
         reservationId = \"{reservation}\"\nusageDate = \"2026-07-30\"\n\
         reservedHours = \"24\"\nusedHours = \"12\"\n"
    );
    toml::from_str(&text).unwrap()
}

#[test]
fn only_what_may_be_seen_is_listed_and_named() {
    let (desk, held) = filled(Store::memory().unwrap());
    let stranger = Call {
        caller: Caller::new(TENANT, PrincipalId(Uuid::from_u128(0x93)), "a client", "stranger"),
        ..desk.call()
    };
    let page = listed(&desk, &stranger, &all(100));
    assert_eq!((page.rows.len(), page.tally.seen), (0, 0));
    assert!(page.tally.regions.is_empty());

    let given = rows::RoleAssignment {
        id: AssignmentId(Uuid::from_u128(0x94)),
        tenant: TENANT,
        principal: stranger.caller.principal,
        role: "Reader".to_owned(),
        scope: format!(
            "/providers/microsoft.capacity/reservationorders/{}/reservations/{}",
            held[2].0, held[2].1
        ),
    };
    desk.app.write(move |tx, _| Ok(rows::put_assignment(tx, &given)?)).unwrap();
    assert_eq!(ids(&listed(&desk, &stranger, &all(100))), [held[2].1]);

    let (call, wanted) = (stranger.clone(), held.clone());
    let (_, named) = desk.app.read(move |tx, app| listing::named(tx, app, &call, &wanted)).unwrap();
    assert_eq!(named.iter().map(|held| held.reservation.id).collect::<Vec<_>>(), [held[2].1]);

    // Somebody of another tenant sees nothing of this one, whatever they name.
    let elsewhere = Call {
        caller: Caller::new(
            TenantId(Uuid::from_u128(0x95)),
            desk.call().caller.principal,
            "a client",
            "buyer",
        ),
        ..desk.call()
    };
    let wanted = held.clone();
    let found = desk.app.read(move |tx, app| listing::named(tx, app, &elsewhere, &wanted));
    assert!(found.unwrap().1.is_empty());
}

#[test]
fn a_moved_order_is_listed_where_it_went() {
    let (desk, held) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    assert_eq!(listed(&desk, &call, &all(100)).rows.len(), 7);
    let there = TenantId(Uuid::from_u128(0x96));
    let id = held[0].0;
    let moved = desk.app.write(move |tx, app| {
        rows::put_tenant(tx, &rows::Tenant { id: there, name: "Elsewhere".to_owned() })?;
        let mut order = prorata_store::orders::load(tx, TENANT, id)?.unwrap();
        let mut items = prorata_store::reservations::of_order(tx, TENANT, id)?;
        (order.tenant, order.version) = (there, order.version + 1);
        for item in &mut items {
            (item.tenant, item.revision) = (there, item.revision + 1);
        }
        let operation = prorata_domain::ids::OperationId(tx.new_id());
        Ok(prorata_store::reservations::change_directory(
            tx,
            TENANT,
            &order,
            &items,
            operation,
            app.now(),
        )?)
    });
    assert!(moved.unwrap());
    assert_eq!(listed(&desk, &call, &all(100)).rows.len(), 6);
}

#[test]
fn a_mark_of_another_list_is_refused() {
    let (desk, _) = filled(Store::memory().unwrap());
    let call = reader(&desk);
    for mark in ["", "x", "11112222.name", "zz.1"] {
        let (call, query) = (call.clone(), Query { from: From::After(mark.to_owned()), ..all(3) });
        let refused = desk.app.read(move |tx, app| listing::list(tx, app, &call, &query));
        assert!(matches!(refused, Err(prorata_app::Error::Malformed(_))), "{mark}");
    }
}

#[test]
fn views_are_kept_once_by_name_and_belong_to_one() {
    use prorata_app::listing::views::{self, SavedView, VIEWS_MAX};
    let desk = Desk::open(Store::memory().unwrap());
    let keep = |call: &Call, name: &str, query: &str| {
        let call = call.clone();
        let (name, query) = (name.to_owned(), query.to_owned());
        let view = SavedView { id: Uuid::now_v7(), name, query };
        desk.app.deed(move |tx, app| views::keep(tx, app, &call, &view))
    };
    let of = |call: &Call| {
        let call = call.clone();
        desk.app.read(move |tx, _| views::list(tx, &call)).unwrap()
    };
    let (mine, theirs) = (desk.call(), reader(&desk));
    keep(&mine, " ending ", "within=90").unwrap();
    keep(&mine, "ending", "within=30").unwrap();
    keep(&mine, "all", "show=all").unwrap();
    let named: Vec<_> = of(&mine).into_iter().map(|view| (view.name, view.query)).collect();
    let pair = |name: &str, query: &str| (name.to_owned(), query.to_owned());
    assert_eq!(named, [pair("all", "show=all"), pair("ending", "within=30")]);
    assert!(of(&theirs).is_empty());

    for faulty in ["", "  ", &"x".repeat(61)] {
        assert!(keep(&mine, faulty, "show=all").is_err(), "{faulty}");
    }
    for number in 2..VIEWS_MAX {
        keep(&mine, &format!("view {number}"), "show=all").unwrap();
    }
    assert!(keep(&mine, "one too many", "show=all").is_err());
    keep(&mine, "all", "show=ended").unwrap();

    let id = of(&mine)[0].id;
    for _ in 0..2 {
        let call = theirs.clone();
        desk.app.deed(move |tx, app| views::forget(tx, app, &call, id)).unwrap();
    }
    assert_eq!(of(&mine).len(), VIEWS_MAX, "others forget nothing of mine");
    let call = mine.clone();
    desk.app.deed(move |tx, app| views::forget(tx, app, &call, id)).unwrap();
    assert_eq!(of(&mine).len(), VIEWS_MAX - 1);
}
