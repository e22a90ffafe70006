//! Who is told, and notifications on their way.

use crate::sample::{OTHER_TENANT, TENANT, at, put_world, write};
use prorata_domain::ids::TenantId;
use prorata_store::Store;
use prorata_store::deliveries::{self, Told};
use prorata_store::notifications::{self, Notification};
use prorata_store::receivers::{self, Channel, Receiver, Secret, State};
use uuid::Uuid;

crate::contracts!(
    a_receiver_comes_back_and_changes,
    a_notification_is_on_its_way_to_those_who_want_its_kind,
    a_delivery_is_claimed_once_tried_again_and_parked,
);

const ALL: Uuid = Uuid::from_u128(0xa1);
const SOME: Uuid = Uuid::from_u128(0xa2);

fn receiver(tenant: TenantId, id: Uuid, kinds: &[&str]) -> Receiver {
    Receiver {
        tenant,
        id,
        channel: Channel::Webhook,
        name: "billing".to_owned(),
        address: "https://billing.example/hook".to_owned(),
        kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        secret: Some(Secret("one".to_owned())),
        former: None,
        state: State::Active,
        created_at: at(0),
    }
}

fn told(notification: u128, kind: &str) -> Notification {
    Notification {
        tenant: TENANT,
        at: at(5),
        id: Uuid::from_u128(notification),
        kind: kind.to_owned(),
        billing_account: "account".to_owned(),
        target: "order/1".to_owned(),
        doc: "{\"a\":1}".to_owned(),
    }
}

fn put(store: &Store) {
    write(store, |tx| {
        put_world(tx)?;
        receivers::insert(tx, &receiver(TENANT, ALL, &[]))?;
        receivers::insert(tx, &receiver(TENANT, SOME, &["expired", "renewed"]))?;
        receivers::insert(tx, &receiver(OTHER_TENANT, Uuid::from_u128(0xa3), &[]))
    });
}

fn a_receiver_comes_back_and_changes(store: &Store) {
    put(store);
    write(store, |tx| {
        assert_eq!(
            receivers::load(tx, TENANT, SOME)?,
            Some(receiver(TENANT, SOME, &["expired", "renewed"]))
        );
        assert_eq!(receivers::load(tx, OTHER_TENANT, SOME)?, None);
        assert_eq!(receivers::of_tenant(tx, TENANT)?.len(), 2);
        assert!(receivers::set_secret(tx, TENANT, SOME, &Secret("two".to_owned()), at(9))?);
        assert!(receivers::set_state(tx, TENANT, SOME, State::Paused)?);
        assert!(!receivers::set_state(tx, OTHER_TENANT, SOME, State::Paused)?);
        let changed = receivers::load(tx, TENANT, SOME)?.unwrap();
        assert_eq!(changed.secret, Some(Secret("two".to_owned())));
        assert_eq!(changed.former, Some((Secret("one".to_owned()), at(9))));
        assert_eq!(changed.state, State::Paused);
        assert_eq!(format!("{:?}", changed.secret), "Some(a secret)");
        assert!(receivers::delete(tx, TENANT, SOME)? && !receivers::delete(tx, TENANT, SOME)?);
        Ok(())
    });
}

fn a_notification_is_on_its_way_to_those_who_want_its_kind(store: &Store) {
    put(store);
    write(store, |tx| {
        notifications::insert(tx, &told(1, "expired"))?;
        notifications::insert(tx, &told(2, "expire"))?;
        receivers::set_state(tx, TENANT, ALL, State::Paused)?;
        notifications::insert(tx, &told(3, "renewed"))?;
        notifications::insert(tx, &told(4, "expire"))?;
        let waiting = deliveries::of_tenant(tx, TENANT, deliveries::State::Waiting, 10)?;
        let found: Vec<(Uuid, u128)> =
            waiting.iter().map(|row| (row.receiver, row.notification.as_u128())).collect();
        assert_eq!(found, [(ALL, 1), (SOME, 1), (ALL, 2), (SOME, 3)]);
        assert_eq!((waiting[0].at, waiting[0].doc.as_str()), (at(5), "{\"a\":1}"));
        deliveries::drop_all(tx, ALL)?;
        assert_eq!(deliveries::of_tenant(tx, TENANT, deliveries::State::Waiting, 10)?.len(), 2);
        assert!(
            deliveries::of_tenant(tx, OTHER_TENANT, deliveries::State::Waiting, 10)?.is_empty()
        );
        Ok(())
    });
}

fn a_delivery_is_claimed_once_tried_again_and_parked(store: &Store) {
    put(store);
    write(store, |tx| {
        let of = told(7, "test");
        let direct = Told {
            tenant: TENANT,
            notification: of.id,
            at: of.at,
            kind: &of.kind,
            billing_account: "",
            target: &of.target,
            doc: &of.doc,
        };
        deliveries::insert(tx, SOME, &direct)?;
        let claimed = deliveries::claim(tx, at(10), at(20), 5)?;
        assert_eq!((claimed.len(), claimed[0].attempts), (1, 1));
        assert!(deliveries::claim(tx, at(10), at(20), 5)?.is_empty(), "it is taken");
        let again = deliveries::claim(tx, at(20), at(30), 5)?;
        assert_eq!(again[0].attempts, 2, "whoever had it is late");
        deliveries::arrived(tx, &claimed[0])?;
        let parked = deliveries::State::Parked;
        deliveries::failed(tx, &again[0], parked, at(30), "no answer")?;
        let given_up = deliveries::of_tenant(tx, TENANT, parked, 5)?;
        assert_eq!(given_up[0].trouble.as_deref(), Some("no answer"));
        assert!(deliveries::claim(tx, at(99), at(100), 5)?.is_empty());
        assert!(!deliveries::again(tx, OTHER_TENANT, SOME, of.id)?);
        assert!(deliveries::again(tx, TENANT, SOME, of.id)?);
        deliveries::hold(tx, SOME, at(40))?;
        assert!(deliveries::claim(tx, at(39), at(50), 5)?.is_empty());
        let claimed = deliveries::claim(tx, at(40), at(50), 5)?;
        deliveries::arrived(tx, &claimed[0])?;
        assert!(deliveries::of_tenant(tx, TENANT, deliveries::State::Waiting, 5)?.is_empty());
        Ok(())
    });
}
