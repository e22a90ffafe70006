//! A role on one reservation shows that reservation, and nothing beside it.

use crate::desk::{Desk, TENANT, request};
use prorata_app::world::{self, Document};
use prorata_app::{Call, Caller, orders, reservations};
use prorata_domain::access::Scope;
use prorata_domain::term::{BillingPlan, Term};
use prorata_store::Store;

#[test]
fn a_reader_of_one_reservation_sees_none_beside_it_in_any_list() {
    let desk = Desk::open(Store::memory().unwrap());
    let held = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 5));
    let quoted = desk.refund_quote(held, 2);
    desk.give_back(held, 2, &quoted).unwrap();
    let beside = desk.buy(&request("Standard_D2s_v5", Term::P1Y, BillingPlan::Upfront, 1));
    let rest = desk.live(held.0)[0].0;
    let reader = |client: &str, scope: &Scope| {
        let text = format!(
            "[[principals]]\ntenantId = \"{TENANT}\"\nclientId = \"{client}\"\nname = \"reader\"\n\
             clientSecret = \"not a secret, a test\"\n[[roleAssignments]]\n\
             tenantId = \"{TENANT}\"\nclientId = \"{client}\"\nrole = \"Reader\"\n\
             scope = \"{scope}\"\n"
        );
        let document: Document = toml::from_str(&text).unwrap();
        let principal = world::principal_id(&document.principals[0]);
        world::apply(&desk.app, document).unwrap();
        let caller = Caller::new(TENANT, principal, client, "r");
        Call { caller, ..desk.call() }
    };
    let seen = |call: &Call| {
        let query = reservations::Query { limit: 50, ..Default::default() };
        let (mine, call) = (call.clone(), call.clone());
        let listed =
            desk.app.read(move |tx, app| reservations::list_all(tx, app, &mine, &query)).unwrap();
        let orders = desk.app.read(move |tx, app| orders::list(tx, app, &call, None, 50)).unwrap();
        let mut ids: Vec<_> = listed.rows.iter().map(|(_, held)| held.id).collect();
        ids.sort_unstable();
        (ids, orders.rows.iter().map(|view| view.order.id).collect::<Vec<_>>())
    };

    let one = reader("00000000-0000-0000-0000-000000000034", &Scope::reservation(held.0, held.1));
    assert_eq!(seen(&one), (vec![held.1], vec![]));
    let whole = reader("00000000-0000-0000-0000-000000000035", &Scope::order(held.0));
    let mut both = vec![held.1, rest];
    both.sort_unstable();
    assert_eq!(seen(&whole), (both.clone(), vec![held.0]));
    let all = reader("00000000-0000-0000-0000-000000000036", &Scope::capacity());
    both.push(beside.1);
    both.sort_unstable();
    assert_eq!(seen(&all).0, both);
}
