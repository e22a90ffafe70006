//! Durable refunds a second: the statements of one refund without the decisions in between.
//!
//! `cargo run --release -p prorata-store --example refunds -- DATABASE v4|v7|mixed CLIENTS...`
//!
//! DATABASE is a file, an address, or `postgres` for a server of its own that keeps commits on
//! disk; `pgbench` is measured on it too, for comparison. The sizes of the documents can be set
//! by `DOC` and `FINDINGS`, in bytes.

#[path = "../../testkit/src/postgres.rs"]
#[allow(dead_code)] // A part of what is there is used.
mod postgres;

use jiff::Timestamp;
use jiff::civil::date;
use prorata_domain::ids::{
    EntryId, OperationId, OrderId, PrincipalId, ReservationId, SubscriptionId, TenantId,
};
use prorata_domain::policy::{Agreement, Payment};
use prorata_domain::reservation::{
    AcquiredBy, AppliedScope, BillingAccount, Commitment, Order, Reservation, ReservationState,
};
use prorata_domain::term::{BillingPlan, Term};
use prorata_ledger::{Account, Currency, Entry, Money, Posting};
use prorata_store::quotes::{self, QuoteKind, Take, Taken};
use prorata_store::{
    Store, StoreError, audit, cap, journal, operations, orders, reservations, world,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// About what a refund's facts, request and decision come to as JSON.
const DOC_BYTES: usize = 4000;
const FINDINGS_BYTES: usize = 2500;
const TENANT: TenantId = TenantId(Uuid::from_u128(1));
const PRINCIPAL: PrincipalId = PrincipalId(Uuid::from_u128(2));

#[derive(Clone, Copy)]
struct Case {
    order: OrderId,
    reservation: ReservationId,
    quote: Uuid,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let new_id = match args[2].as_str() {
        "v4" => Uuid::new_v4,
        "v7" => Uuid::now_v7,
        _ => mixed,
    };
    let cluster = (args[1] == "postgres").then(|| postgres::Cluster::start_durable().unwrap());
    let database = cluster.as_ref().map_or(args[1].clone(), postgres::Cluster::database);
    let store = Store::open(&database).unwrap();
    let clients: Vec<usize> = args[3..].iter().map(|arg| arg.parse().unwrap()).collect();
    for clients in clients {
        let count = 60_000.min(4000 + clients * 2000);
        let cases = Arc::new(prepare(&store, count, new_id));
        let next = Arc::new(AtomicUsize::new(0));
        let waits = Arc::new(Mutex::new(Vec::new()));
        let cpu = cpu_ticks();
        let started = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    let mut mine = Vec::new();
                    while started.elapsed() < Duration::from_secs(6) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(case) = cases.get(index).copied() else { break };
                        let begun = Instant::now();
                        let ids = [new_id(), new_id(), new_id(), new_id()];
                        let done: Result<(), StoreError> =
                            store.write(move |tx| refund(tx, case, ids));
                        done.unwrap();
                        mine.push(begun.elapsed());
                    }
                    waits.lock().unwrap().append(&mut mine);
                });
            }
        });
        let elapsed = started.elapsed();
        let mut waits = waits.lock().unwrap();
        waits.sort();
        println!(
            "{clients} clients: {:.0} refunds/s, {:.1} us CPU each, p50 {:?} p99 {:?} max {:?}",
            waits.len() as f64 / elapsed.as_secs_f64(),
            (cpu_ticks() - cpu) as f64 * 10_000.0 / waits.len() as f64,
            waits[waits.len() / 2],
            waits[waits.len() * 99 / 100],
            waits[waits.len() - 1]
        );
        if let Some(cluster) = &cluster {
            let sql = "SELECT xact_commit, xact_rollback FROM pg_stat_database \
                       WHERE datname = current_database()";
            let counts: Result<Vec<prorata_store::Row>, StoreError> =
                store.read(move |tx| tx.query(sql, &[]));
            let counts = &counts.unwrap()[0];
            println!("  so far {:?} commits, {:?} rollbacks", counts.int(0), counts.int(1));
            pgbench(cluster, clients);
        }
    }
}

/// The rate of `pgbench`'s simple updates on the same server.
fn pgbench(cluster: &postgres::Cluster, clients: usize) {
    let program = cluster.programs().unwrap().join("pgbench");
    let database = cluster.database();
    let run = |args: &[&str]| {
        let output = std::process::Command::new(&program).args(args).arg(&database).output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    run(&["-i", "-q", "-s", "50"]);
    let clients = clients.to_string();
    let text = run(&["-N", "-n", "-c", &clients, "-j", "2", "-T", "5", "-M", "simple"]);
    let rate = text.lines().find(|line| line.starts_with("tps"));
    println!("  pgbench with {clients} clients: {}", rate.unwrap_or("?"));
}

fn refund(tx: &mut prorata_store::Tx<'_>, case: Case, ids: [Uuid; 4]) -> Result<(), StoreError> {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let day = date(2023, 11, 14);
    let operation = OperationId(ids[0]);
    world::assignments_about(tx, TENANT, PRINCIPAL, case.order)?;
    let taken = quotes::take(
        tx,
        case.quote,
        &Take {
            kind: QuoteKind::Refund,
            tenant: TENANT,
            principal: PRINCIPAL,
            operation,
            request_hash: "hash",
            now,
        },
    )?;
    let Taken::Open { doc } = taken else { return Err(StoreError::Closed) };
    let (order, reservation, account) =
        reservations::held(tx, TENANT, case.order, case.reservation)?.unwrap();
    let scope = format!("{}/{}", account.id, case.order.0.as_u128() % 64);
    cap::enter(tx, &scope)?;
    cap::used_since(tx, &scope, date(2022, 11, 14))?;
    let rest = ReservationId(ids[1]);
    let ended = Reservation {
        state: ReservationState::Returned { rest: Some(rest) },
        updated_at: now,
        revision: 2,
        ..reservation.clone()
    };
    reservations::replace(tx, &ended, 1, operation)?;
    let kept = Reservation {
        id: rest,
        quantity: 5,
        source: Some(reservation.id),
        revision: 1,
        ..reservation
    };
    reservations::insert(tx, &order, &kept, operation)?;
    let usd = |minor| Money::new(minor, Currency::USD);
    let entry = Entry::new(vec![
        Posting {
            account: Account::new(format!("order/{}/prepaid", case.order)),
            amount: usd(-900),
        },
        Posting { account: Account::new(format!("order/{}/used", case.order)), amount: usd(400) },
        Posting { account: Account::new(format!("payer/{}/card", account.id)), amount: usd(500) },
    ])
    .unwrap();
    journal::post(
        tx,
        &journal::Post { id: EntryId(ids[2]), operation, at: now, event: "refund", entry: &entry },
    )?;
    cap::add(tx, &scope, day, 500)?;
    operations::insert(
        tx,
        &operations::Operation {
            id: operation,
            kind: "refund".into(),
            tenant: TENANT,
            principal: PRINCIPAL,
            decided_at: now,
            verdict: "approved".into(),
            code: None,
            billing_account: account.id,
            cap_scope: Some(scope),
            counted_minor: 500,
            doc,
        },
    )?;
    audit::insert(
        tx,
        &audit::Line {
            id: ids[3],
            at: now,
            tenant: TENANT,
            principal: PRINCIPAL,
            action: "refund".into(),
            target: format!("order/{}", case.order),
            verdict: "approved".into(),
            findings: "f".repeat(size("FINDINGS", FINDINGS_BYTES)),
        },
    )
}

/// Hundredths of seconds of processor time that this process took so far.
fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    fields.iter().skip(11).take(2).flat_map(|field| field.parse::<u64>()).sum()
}

/// By time within sixteen ranges that are chosen by chance.
fn mixed() -> Uuid {
    let chance = Uuid::new_v4().as_u128() & (0xF << 124);
    Uuid::from_u128(chance | Uuid::now_v7().as_u128() >> 4)
}

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn prepare(store: &Store, count: usize, new_id: fn() -> Uuid) -> Vec<Case> {
    let account = BillingAccount {
        id: "account".into(),
        agreement: Agreement::Ea,
        currency: Currency::USD,
        payment: Payment::ALL[0],
        usd_rate: 1.into(),
        profile: None,
        customer: None,
        prepayment_ends: None,
    };
    let put: Result<bool, StoreError> =
        store.write(move |tx| world::put_billing_account(tx, &account));
    put.unwrap();
    let mut cases = Vec::new();
    while cases.len() < count {
        let chunk: Vec<Case> = (0..1000)
            .map(|_| Case {
                order: OrderId(new_id()),
                reservation: ReservationId(new_id()),
                quote: new_id(),
            })
            .collect();
        cases.extend_from_slice(&chunk);
        let written: Result<(), StoreError> =
            store.write(move |tx| chunk.iter().try_for_each(|case| buy(tx, *case)));
        written.unwrap();
    }
    cases
}

fn buy(tx: &mut prorata_store::Tx<'_>, case: Case) -> Result<(), StoreError> {
    let at = Timestamp::from_second(1_690_000_000).unwrap();
    let order = Order {
        id: case.order,
        tenant: TENANT,
        billing_account: "account".into(),
        billing_profile: None,
        billing_subscription: SubscriptionId(Uuid::from_u128(3)),
        buyer: PRINCIPAL,
        display_name: "VM_RI_10-31-2023".into(),
        commitment: Commitment {
            resource_type: "VirtualMachines".into(),
            sku: "Standard_D2s_v5".into(),
            location: "westeurope".into(),
            term: Term::P1Y,
            plan: BillingPlan::Upfront,
            unit_total: Money::new(90_000, Currency::USD),
            unit_payment: Money::new(90_000, Currency::USD),
            usd_rate: 1.into(),
        },
        original_quantity: 10,
        requested_at: at,
        started_at: at,
        expires_on: date(2024, 7, (case.order.0.as_u128() % 28) as i8 + 1),
        payments_made: 1,
        renew: false,
        review_at: None,
        version: 1,
    };
    let reservation = Reservation {
        id: case.reservation,
        order: case.order,
        tenant: TENANT,
        display_name: order.display_name.clone(),
        quantity: 10,
        applied_scope: AppliedScope::Shared,
        instance_flexibility: true,
        renew: false,
        archived: false,
        state: ReservationState::Active,
        acquired_by: AcquiredBy::Purchase,
        purchased_at: at,
        effective_at: at,
        updated_at: at,
        source: None,
        revision: 1,
    };
    orders::insert(tx, &order)?;
    reservations::insert(tx, &order, &reservation, OperationId(case.quote))?;
    quotes::insert(
        tx,
        &quotes::Quote {
            id: case.quote,
            kind: QuoteKind::Refund,
            tenant: TENANT,
            principal: PRINCIPAL,
            created_at: at,
            lapses_at: Timestamp::from_second(1_800_000_000).unwrap(),
            request_hash: "hash".into(),
            doc: "d".repeat(size("DOC", DOC_BYTES)),
            findings: "f".repeat(size("FINDINGS", FINDINGS_BYTES)),
        },
    )
}
