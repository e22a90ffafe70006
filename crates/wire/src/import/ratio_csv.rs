//! The public size-flexibility table: `InstanceSizeFlexibilityGroup,ArmSkuName,Ratio`.
//!
//! A SKU can be in several groups, so group and SKU together are the key. Ratios are decimals and
//! are kept exactly. The table carries no date: the day it holds from is an argument.

use super::table::{self, Shape};
use super::{Fault, ImportError, Imported, value};
use jiff::civil::Date;
use prorata_domain::catalog::RatioRow;
use std::io::BufRead;

const GROUP: &str = "InstanceSizeFlexibilityGroup";
const SKU: &str = "ArmSkuName";
const RATIO: &str = "Ratio";

const SHAPE: Shape = Shape { required: &[GROUP, SKU, RATIO], optional: &[], comments: false };

/// Reads the table as it holds from `since`. A row without a ratio, or with one that is not above
/// zero, is rejected.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used.
pub fn read(
    input: impl BufRead,
    since: Date,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported<RatioRow>, ImportError> {
    table::read(input, &SHAPE, progress, RatioRow::key, |row| {
        let group = value::name(GROUP, row.get(GROUP))?;
        let sku = value::name(SKU, row.get(SKU))?;
        let ratio = value::decimal(RATIO, row.get(RATIO), false)?;
        if ratio.is_zero() || ratio.is_sign_negative() {
            return Err(Fault::new(RATIO, "is not above zero"));
        }
        Ok(RatioRow { group, sku, ratio, since })
    })
}
