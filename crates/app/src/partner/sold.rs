//! The customers that a partner sells to, kept in memory for as long as they stay the same: for a
//! large partner they are thousands of rows, and each list that an agent looks at needs them.

use crate::Error;
use jiff::civil::Date;
use prorata_domain::ids::TenantId;
use prorata_store::Tx;
use prorata_store::partners::Partner;
use prorata_store::portfolio::{self, SoldTo};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What was read last of each partner.
#[derive(Default)]
pub(crate) struct Sold(Mutex<HashMap<TenantId, Kept>>);

#[derive(Clone)]
struct Kept {
    version: i64,
    /// The day on which the relationships hold.
    on: Date,
    rows: Arc<[SoldTo]>,
}

impl Sold {
    /// The customers with whom a partner has a relationship on a day, as the transaction sees them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn by(&self, tx: &mut Tx<'_>, partner: &Partner, on: Date) -> Result<Arc<[SoldTo]>, Error> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept().get(&partner.tenant).cloned();
        if let Some(known) = known.filter(|kept| kept.version == partner.version && kept.on == on) {
            return Ok(known.rows);
        }
        let rows: Arc<[SoldTo]> = portfolio::customers(tx, partner.tenant, on)?.into();
        let read = Kept { version: partner.version, on, rows: rows.clone() };
        kept().insert(partner.tenant, read);
        Ok(rows)
    }
}
