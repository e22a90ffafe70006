//! Tickets, what is said about them, their files, and the exceptions that they grant.

use crate::sample::{OPERATION, OTHER_TENANT, PRINCIPAL, TENANT, at, day, id, write};
use prorata_domain::ids::{OperationId, OrderId, ReservationId, SubscriptionId, WaiverId};
use prorata_domain::policy::ClauseId;
use prorata_domain::waiver::Waiver;
use prorata_store::support::{
    self, Chunk, Communication, File, Place, Ticket, Workspace, insert_file, insert_workspace,
    put_chunk,
};
use prorata_store::waivers::{self, Granted, Member};
use prorata_store::{Store, StoreError};

crate::contracts!(
    a_ticket_comes_back_and_changes_by_revision,
    tickets_are_paged_the_newest_first,
    what_is_said_stays,
    files_come_back_in_chunks,
    an_exception_is_used_once,
    members_of_the_desk_come_and_go,
);

const OF_SUBSCRIPTION: Place =
    Place { tenant: TENANT, subscription: Some(SubscriptionId(uuid::Uuid::from_u128(5))) };
const OF_TENANT: Place = Place { tenant: TENANT, subscription: None };

fn ticket(number: u128, place: Place) -> Ticket {
    Ticket {
        place,
        name: format!("Ticket-{number}"),
        id: id(0x7000 + number),
        number: "26030200000001".into(),
        principal: PRINCIPAL,
        created_at: at(i64::try_from(number).unwrap()),
        modified_at: at(1),
        status: "open".into(),
        about: Some((OrderId(id(1)), ReservationId(id(2)))),
        request_hash: "hash".into(),
        revision: 1,
        doc: r#"{"title":"please"}"#.into(),
    }
}

fn a_ticket_comes_back_and_changes_by_revision(store: &Store) {
    write(store, |tx| {
        let (first, second) = (ticket(1, OF_SUBSCRIPTION), ticket(1, OF_TENANT));
        let second = Ticket { id: id(0x7fff), about: None, ..second };
        support::insert(tx, &first)?;
        support::insert(tx, &second)?;
        let found = support::load(tx, OF_SUBSCRIPTION, "TICKET-1")?;
        assert_eq!(found, Some(first.clone()), "names have no case");
        assert_eq!(support::load(tx, OF_TENANT, "ticket-1")?, Some(second), "each has its place");
        let elsewhere = Place { tenant: OTHER_TENANT, ..OF_SUBSCRIPTION };
        assert_eq!(support::load(tx, elsewhere, "ticket-1")?, None);
        let changed = Ticket { status: "closed".into(), modified_at: at(9), ..first.clone() };
        assert!(support::update(tx, &changed)?);
        assert!(!support::update(tx, &changed)?, "another revision is there");
        let changed = Ticket { revision: 2, ..changed };
        assert_eq!(support::by_id(tx, first.id)?, Some(changed));
        Ok(())
    });
    let again = store.write(|tx| support::insert(tx, &ticket(1, OF_SUBSCRIPTION)));
    assert!(matches!(again, Err(StoreError::Constraint(_))), "{again:?}");
}

fn tickets_are_paged_the_newest_first(store: &Store) {
    write(store, |tx| {
        for number in 1..=3 {
            support::insert(tx, &ticket(number, OF_SUBSCRIPTION))?;
        }
        support::insert(tx, &ticket(4, Place { tenant: OTHER_TENANT, ..OF_TENANT }))?;
        let names = |rows: Vec<Ticket>| rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
        let first = support::page(tx, OF_SUBSCRIPTION, None, 2)?;
        let mark = (first[1].created_at, first[1].id);
        assert_eq!(names(first), ["Ticket-3", "Ticket-2"]);
        let rest = support::page(tx, OF_SUBSCRIPTION, Some(mark), 2)?;
        assert_eq!(names(rest), ["Ticket-1"]);
        let all = support::page_of_all(tx, None, 9)?;
        assert_eq!(names(all), ["Ticket-4", "Ticket-3", "Ticket-2", "Ticket-1"]);
        assert_eq!(names(support::page_of_all(tx, Some(mark), 9)?), ["Ticket-1"]);
        support::insert(tx, &ticket(5, OF_TENANT))?;
        let theirs = support::page_of_tenant(tx, OF_TENANT.tenant, None, 9)?;
        assert_eq!(names(theirs), ["Ticket-5", "Ticket-3", "Ticket-2", "Ticket-1"]);
        let rest = support::page_of_tenant(tx, OF_TENANT.tenant, Some(mark), 9)?;
        assert_eq!(names(rest), ["Ticket-1"]);
        Ok(())
    });
}

fn said(number: u128) -> Communication {
    Communication {
        ticket: id(0x7001),
        name: format!("Said-{number}"),
        id: id(0x7100 + number),
        at: at(1),
        principal: PRINCIPAL,
        direction: "outbound".into(),
        sender: "a@example.com".into(),
        subject: "Subject".into(),
        body: "Two\nlines".into(),
        request_hash: "hash".into(),
    }
}

fn what_is_said_stays(store: &Store) {
    write(store, |tx| {
        support::say(tx, &said(1))?;
        support::say(tx, &said(2))?;
        assert_eq!(support::said(tx, id(0x7001), "SAID-1")?, Some(said(1)));
        assert_eq!(support::said_by_id(tx, id(0x7102))?, Some(said(2)));
        assert_eq!(support::said_page(tx, id(0x7001), None, 9)?, [said(1), said(2)]);
        let after = Some((at(1), id(0x7101)));
        assert_eq!(support::said_page(tx, id(0x7001), after, 9)?, [said(2)]);
        Ok(())
    });
    let again = store.write(|tx| support::say(tx, &said(1)));
    assert!(matches!(again, Err(StoreError::Constraint(_))), "{again:?}");
}

fn files_come_back_in_chunks(store: &Store) {
    write(store, |tx| {
        let workspace = Workspace {
            place: OF_TENANT,
            name: "Files".into(),
            id: id(0x7200),
            principal: PRINCIPAL,
            created_at: at(1),
            expires_at: at(2),
        };
        insert_workspace(tx, &workspace)?;
        assert_eq!(support::workspace(tx, OF_TENANT, "files")?, Some(workspace.clone()));
        assert_eq!(support::workspace(tx, OF_SUBSCRIPTION, "files")?, None);
        let file = |number: u128| File {
            workspace: workspace.id,
            name: format!("log-{number}.txt"),
            id: id(0x7300 + number),
            created_at: at(1),
            chunk_size: 3,
            file_size: 5,
            chunks: 2,
        };
        insert_file(tx, &file(2))?;
        insert_file(tx, &file(1))?;
        assert_eq!(support::file(tx, workspace.id, "LOG-2.TXT")?, Some(file(2)));
        assert_eq!(support::files(tx, workspace.id, None, 1)?, [file(1)]);
        assert_eq!(support::files(tx, workspace.id, Some("log-1.txt"), 9)?, [file(2)]);
        let part = |index| Chunk { index, digest: "d".into(), content: "aGk=".into() };
        put_chunk(tx, file(1).id, &part(1))?;
        put_chunk(tx, file(1).id, &part(0))?;
        assert_eq!(support::chunks(tx, file(1).id)?, [part(0), part(1)]);
        assert_eq!(support::chunk(tx, file(1).id, 2)?, None);
        assert_eq!(support::chunk(tx, file(2).id, 0)?, None);
        Ok(())
    });
}

fn granted(number: u128, reservation: u128) -> Granted {
    Granted {
        waiver: Waiver {
            id: WaiverId(id(0x7400 + number)),
            ticket: "please".into(),
            clauses: vec![ClauseId::SelfService, ClauseId::RefundCap],
            lapses_on: day(9),
        },
        tenant: TENANT,
        order: OrderId(id(1)),
        reservation: ReservationId(id(reservation)),
        ticket: id(0x7001),
        reason: "They asked.".into(),
        granted_by: PRINCIPAL,
        granted_at: at(i64::try_from(number).unwrap()),
        used: None,
    }
}

fn an_exception_is_used_once(store: &Store) {
    write(store, |tx| {
        for row in [granted(2, 7), granted(1, 7), granted(3, 8)] {
            waivers::insert(tx, &row)?;
        }
        let open = waivers::open(tx, ReservationId(id(7)))?;
        assert_eq!(open, [granted(1, 7).waiver, granted(2, 7).waiver], "the oldest first");
        let first = granted(1, 7).waiver.id;
        assert!(waivers::use_up(tx, first, OPERATION, at(5))?);
        assert!(!waivers::use_up(tx, first, OperationId(id(99)), at(6))?, "it is used");
        assert_eq!(waivers::open(tx, ReservationId(id(7)))?, [granted(2, 7).waiver]);
        let used = Granted { used: Some((OPERATION, at(5))), ..granted(1, 7) };
        assert_eq!(waivers::load(tx, first)?, Some(used.clone()));
        let all = waivers::of_ticket(tx, id(0x7001))?;
        assert_eq!(all, [used, granted(2, 7), granted(3, 8)]);
        assert_eq!(waivers::page(tx, Some(first), 1)?, [granted(2, 7)]);
        Ok(())
    });
}

fn members_of_the_desk_come_and_go(store: &Store) {
    write(store, |tx| {
        let member = Member { tenant: TENANT, principal: PRINCIPAL, since: at(1) };
        assert!(waivers::join_desk(tx, &member)?);
        assert!(!waivers::join_desk(tx, &Member { since: at(2), ..member })?);
        assert_eq!(waivers::at_desk(tx, TENANT, PRINCIPAL)?, Some(at(1)));
        assert_eq!(waivers::at_desk(tx, OTHER_TENANT, PRINCIPAL)?, None);
        assert_eq!(waivers::desk(tx, None, 9)?, [member]);
        assert_eq!(waivers::desk(tx, Some((TENANT, PRINCIPAL)), 9)?, []);
        assert!(waivers::leave_desk(tx, TENANT, PRINCIPAL)?);
        assert!(!waivers::leave_desk(tx, TENANT, PRINCIPAL)?);
        Ok(())
    });
}
