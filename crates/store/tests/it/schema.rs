//! Tables and statements: the same on every database, and rows that stay.

use prorata_store::{Store, StoreError, Value};
use std::collections::BTreeSet;

crate::contracts!(every_statement_fits, recorded_rows_stay);

fn every_statement_fits(store: &Store) {
    for sql in prorata_store::statements() {
        let fits: Result<(), StoreError> = store.write(move |tx| tx.prepare_only(sql));
        fits.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// The texts as they are in the sources: no module may change or delete what is only added to.
#[test]
fn no_statement_changes_recorded_rows() {
    for table in [
        "revisions",
        "operations",
        "audit",
        "entries",
        "postings",
        "notifications",
        "savings_plan_revisions",
        "order_aliases",
        "request_events",
        "request_approvals",
    ] {
        for sql in prorata_store::statements() {
            assert!(!sql.contains(&format!("UPDATE {table}")), "{sql}");
            assert!(!sql.contains(&format!("DELETE FROM {table}")), "{sql}");
        }
    }
}

/// A lost index shows as a statement that looks at every row of a table.
#[test]
fn statements_go_by_keys() {
    // These are about everything there is, and are for checks and rare use.
    const WHOLE: [&str; 21] = [
        "SELECT COUNT(*)",
        "SELECT MAX(created_at) FROM quotes",
        "SELECT id, name FROM tenants",
        "FROM issuers ORDER BY id",
        // There are as many keys as were made within the last hours.
        "signing_keys",
        "SELECT cap_scope, day, used_minor FROM cap_days WHERE (cap_scope, day)",
        "SELECT number, checksum FROM migrations",
        "(SELECT operation, id, posted_at, event FROM entries",
        // Of what it scans, the page that was chosen by keys.
        "FROM (SELECT e.operation, e.id, e.posted_at, e.event FROM operations o",
        "SELECT account, currency, CAST(SUM(minor) AS BIGINT) FROM postings",
        "WHERE (o.tenant, o.id) > ($1, $2)",
        "SELECT (SELECT MAX(o.decided_at) FROM operations o",
        "SELECT MIN(run_at)",
        "FROM prices GROUP BY currency",
        "SELECT last_day FROM utilization LIMIT 1",
        "FROM utilization WHERE (tenant, order_id, reservation_id) > ($1, $2, $3)",
        // Every reservation, page by page, and one row.
        "WHERE (r.tenant, r.order_id, r.id) > ($1, $2, $3)",
        "FROM revision_horizon",
        "UPDATE partners SET version = version + 1",
        "WHERE (tenant, order_id, id) > ($1, $2, $3) ORDER BY tenant, order_id, id LIMIT $4",
        "INSERT INTO",
    ];
    let store = crate::memory();
    let mut scans = Vec::new();
    for sql in prorata_store::statements() {
        if WHOLE.iter().any(|known| sql.contains(known)) {
            continue;
        }
        let params = (1..40).take_while(|n| sql.contains(&format!("${n}"))).count();
        let plan: Result<Vec<prorata_store::Row>, StoreError> = store.read(move |tx| {
            tx.query_dyn(&format!("EXPLAIN QUERY PLAN {sql}"), &vec![Value::Null; params])
        });
        for row in plan.unwrap_or_else(|error| panic!("{sql}: {error}")) {
            let step = row.text(3).unwrap();
            // Roles that are on no order are few, and have an index; all of a tenant are many.
            let passed_by = sql.contains("order_id = ''") && step.ends_with("(tenant=?)");
            if step.contains("SCAN") || passed_by {
                scans.push(format!("{sql}: {step}"));
            }
        }
    }
    assert_eq!(scans, Vec::<String>::new());
}

fn recorded_rows_stay(store: &Store) {
    const CHANGES: [&str; 16] = [
        "UPDATE notifications SET doc = ''",
        "DELETE FROM notifications",
        "UPDATE revisions SET doc = ''",
        "DELETE FROM revisions",
        "UPDATE operations SET doc = ''",
        "DELETE FROM operations",
        "UPDATE audit SET findings = ''",
        "DELETE FROM audit",
        "UPDATE entries SET event = ''",
        "DELETE FROM entries",
        "UPDATE postings SET minor = 0",
        "DELETE FROM postings",
        "UPDATE request_events SET comment = ''",
        "DELETE FROM request_events",
        "UPDATE request_approvals SET at = 0",
        "DELETE FROM request_approvals",
    ];
    // A row trigger fires for rows only, so there has to be one in each table.
    const ROWS: [&str; 8] = [
        "INSERT INTO notifications (tenant, at, id, kind, billing_account, target, doc) \
         VALUES ('t', 0, 'n', 'k', 'b', 'o', '{}')",
        "INSERT INTO revisions (tenant, order_id, reservation_id, number, at, operation, doc) \
         VALUES ('t', 'o', 'r', 1, 0, 'x', 'd')",
        "INSERT INTO operations (id, kind, tenant, principal, decided_at, verdict, \
         billing_account, counted_minor, doc) VALUES ('x', 'k', 't', 'p', 0, 'v', 'b', 0, 'd')",
        "INSERT INTO audit (id, at, tenant, principal, action, target, verdict, findings) \
         VALUES ('a', 0, 't', 'p', 'x', 'y', 'v', '[]')",
        "INSERT INTO entries (operation, id, posted_at, event) VALUES ('x', 'e', 0, 'v')",
        "INSERT INTO postings (entry, line, account, minor, currency) \
         VALUES ('e', 1, 'a', 5, 'USD')",
        "INSERT INTO request_events (request, number, at, event, status, name, comment) \
         VALUES ('r', 1, 0, 'draft', 'draft', 'n', '')",
        "INSERT INTO request_approvals (request, principal, account, at) \
         VALUES ('r', 'p', 'a', 0)",
    ];
    let written: Result<(), StoreError> = store.write(|tx| {
        ROWS.iter().for_each(|sql| tx.queue(sql, vec![]));
        Ok(())
    });
    written.unwrap();
    for sql in CHANGES {
        let refused: Result<u64, StoreError> = store.write(move |tx| tx.execute(sql, &[]));
        let error = refused.expect_err(sql);
        assert!(
            matches!(&error, StoreError::Constraint(why) if why.contains("never changed")),
            "{sql}: {error}"
        );
    }
}

/// Table, column, may be null, place in the primary key.
type Columns = BTreeSet<(String, String, bool, i64)>;

/// But for the column by which PostgreSQL tells what was committed since, where SQLite has row ids.
#[test]
fn both_databases_have_the_same_tables() {
    let Some(postgres) = crate::postgres() else { return };
    let sqlite = crate::memory();
    let ours: Columns = columns(
        &sqlite,
        "SELECT m.name, c.name, c.\"notnull\", c.pk FROM sqlite_schema m, \
         pragma_table_info(m.name) c WHERE m.type IN ('table', 'view')",
    );
    let theirs: Columns = columns(
        &postgres,
        "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), \
         CASE WHEN c.is_nullable = 'NO' THEN 1 ELSE 0 END, \
         CAST(COALESCE(k.ordinal_position, 0) AS BIGINT) \
         FROM information_schema.columns c \
         LEFT JOIN information_schema.table_constraints t ON t.table_schema = 'public' \
         AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
         LEFT JOIN information_schema.key_column_usage k \
         ON k.constraint_name = t.constraint_name AND k.table_name = c.table_name \
         AND k.column_name = c.column_name WHERE c.table_schema = 'public' \
         AND c.column_name <> 'xact'",
    );
    assert!(ours.len() > 100, "{} columns", ours.len());
    assert_eq!(ours.symmetric_difference(&theirs).collect::<Vec<_>>(), Vec::<&_>::new());

    let sqlite_indexes =
        names(&sqlite, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    let postgres_indexes = names(
        &postgres,
        "SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE schemaname = 'public' \
         AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key' \
         AND indexname <> 'revisions_by_xact'",
    );
    assert_eq!(sqlite_indexes, postgres_indexes);
}

fn columns(store: &Store, sql: &'static str) -> Columns {
    let rows = store.read(move |tx| tx.query(sql, &[]));
    let rows: Vec<prorata_store::Row> = rows.unwrap_or_else(|error: StoreError| panic!("{error}"));
    rows.iter()
        .map(|row| {
            let table = row.string(0).unwrap();
            (table, row.string(1).unwrap(), row.int(2).unwrap() == 0, row.int(3).unwrap())
        })
        .collect()
}

fn names(store: &Store, sql: &'static str) -> BTreeSet<String> {
    let rows = store.read(move |tx| tx.query(sql, &[]));
    let rows: Vec<prorata_store::Row> = rows.unwrap_or_else(|error: StoreError| panic!("{error}"));
    rows.iter().map(|row| row.string(0).unwrap()).collect()
}
