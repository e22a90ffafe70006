//! Files that an operator hands in: price lists, ratios, sizes, worlds, terms of their own.

use crate::desk;
use prorata_app::world::{self, Document};
use prorata_app::{Error, Fault};
use prorata_domain::catalog::Catalog;
use prorata_domain::policy::Book;
use prorata_wire::import::{Imported, price_csv, ratio_csv, retail_json, size_csv};
use std::sync::OnceLock;

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(Catalog::built_in)
}

fn counted<T>(imported: &Imported<T>) {
    assert!(imported.rejected.len() as u64 <= imported.rejected_total);
    assert!(imported.rejected.iter().all(|row| row.line > 0 && !row.reason.is_empty()));
}

/// Prices that were read can be written and read as the same.
pub fn prices(bytes: &[u8]) {
    let Ok(read) = price_csv::read(bytes, catalog(), &mut |_| ()) else { return };
    counted(&read);
    let mut written = Vec::new();
    price_csv::write(&read.rows, &mut written).expect("memory takes what is written");
    let again = price_csv::read(written.as_slice(), catalog(), &mut |_| ());
    let again = again.expect("what was written is read again");
    assert_eq!(again.rows, read.rows);
}

pub fn ratios(bytes: &[u8]) {
    let since = jiff::civil::date(2026, 3, 23);
    if let Ok(read) = ratio_csv::read(bytes, since, &mut |_| ()) {
        counted(&read);
    }
}

pub fn sizes(bytes: &[u8]) {
    if let Ok(read) = size_csv::read(bytes, &mut |_| ()) {
        counted(&read);
    }
}

pub fn retail(bytes: &[u8]) {
    if let Ok(read) = retail_json::read(bytes, catalog(), &mut |_| ()) {
        counted(&read);
    }
}

/// A world is taken or refused with every fault of it; nothing in it breaks the desk.
pub fn world(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let document = serde_json::from_str::<Document>(text).ok();
    let Some(mut document) = document.or_else(|| toml::from_str(text).ok()) else { return };
    // A secret's hash takes longer than all the rest together.
    document.principals.truncate(0);
    match desk::with(|desk| world::apply(desk.app(), document)) {
        Ok(_) => {}
        Err(Error::Malformed(faults)) => assert!(!faults.is_empty() && faults.iter().all(says)),
        Err(other) => panic!("a world broke the desk: {other}"),
    }
}

fn says(fault: &Fault) -> bool {
    !fault.message.is_empty()
}

/// A clause of an operator's own: the first line names it, the rest is its file.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((name, text)) = text.split_once('\n') else { return };
    match Book::built_in().with_files([(name, text)]) {
        Ok(book) => {
            let _ = book.in_force(jiff::civil::date(2026, 11, 21));
            assert!(book.clauses().count() > 0);
        }
        Err(faults) => assert!(!faults.is_empty()),
    }
}
