//! Means of payment that fail on purpose, and are mended.

use super::AccountRow;
use crate::{App, Error, Fault, billing};
use prorata_domain::payment::Failing;
use prorata_domain::reservation::{BillingAccount, PaymentFailure};
use prorata_domain::term::utc_day;
use prorata_store::{Tx, overdue};

/// How an account's means of payment fails; the outer nothing is a fault.
pub(super) fn failing(
    row: &AccountRow,
    at: &impl Fn(&str) -> String,
    faults: &mut Vec<Fault>,
) -> Option<Option<Failing>> {
    let until = row.payment_state_until;
    match row.payment_state.as_deref() {
        None | Some("ok") if until.is_some() => {
            let message = "goes with a `paymentState` of soft-error or hard-error";
            faults.push(Fault::new(at("paymentStateUntil"), message));
            None
        }
        None | Some("ok") => Some(None),
        Some(word) => {
            let failure = PaymentFailure::parse(word);
            if failure.is_none() {
                let words = "must be one of ok, soft-error, hard-error";
                faults.push(Fault::new(at("paymentState"), words));
            }
            Some(Some(Failing { failure: failure?, until }))
        }
    }
}

/// Tries the overdue payments of an account whose means of payment works.
///
/// # Errors
/// Those of the database.
pub(super) fn charge_overdue(
    tx: &mut Tx<'_>,
    app: &App,
    account: &BillingAccount,
) -> Result<(), Error> {
    let now = app.now();
    if account.failing_on(utc_day(now)).is_some() {
        return Ok(());
    }
    for overdue in overdue::of_account(tx, &account.id)? {
        billing::charge_overdue(tx, app, now, overdue)?;
    }
    Ok(())
}
