//! Virtual machine sizes: the columns of the public size list, one size a row.
//!
//! Needed are `name`, `family`, `vCPUs`, `MemoryGB` and `PremiumIO`; known besides are `tier`,
//! `size`, `vCPUsAvailable`, `CpuArchitectureType`, `GPUs`, `ParentSize`, `superseded_by`,
//! `RetirementDateUtc` and `MaxDataDiskCount`. Others are ignored.

use super::table::{self, Row, Shape};
use super::{Fault, ImportError, Imported, value};
use jiff::civil::Date;
use prorata_domain::catalog::SizeRow;
use std::io::BufRead;

const SHAPE: Shape = Shape {
    required: &["name", "family", "vCPUs", "MemoryGB", "PremiumIO"],
    optional: &[
        "tier",
        "size",
        "vCPUsAvailable",
        "CpuArchitectureType",
        "GPUs",
        "ParentSize",
        "superseded_by",
        "RetirementDateUtc",
        "MaxDataDiskCount",
    ],
    comments: false,
};

/// Reads a size list.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be used.
pub fn read(
    input: impl BufRead,
    progress: &mut dyn FnMut(u64),
) -> Result<Imported<SizeRow>, ImportError> {
    table::read(input, &SHAPE, progress, SizeRow::key, size_row)
}

fn size_row(row: &Row<'_>) -> Result<SizeRow, Fault> {
    let name = value::name("name", row.get("name"))?;
    let (tier, size) = tier_and_size(&name, row)?;
    let vcpus = value::whole_number("vCPUs", row.get("vCPUs"))?;
    let available = value::optional_whole_number("vCPUsAvailable", row.get("vCPUsAvailable"))?;
    let vcpus_available = available.unwrap_or(vcpus);
    if vcpus == 0 || vcpus_available == 0 || vcpus_available > vcpus {
        return Err(Fault::new("vCPUs", "a size has at least one, and no more usable than it has"));
    }
    let memory_gb = value::decimal("MemoryGB", row.get("MemoryGB"), false)?;
    if memory_gb.is_zero() || memory_gb.is_sign_negative() {
        return Err(Fault::new("MemoryGB", "is not above zero"));
    }
    Ok(SizeRow {
        name,
        tier,
        size,
        family: value::name("family", row.get("family"))?,
        vcpus,
        vcpus_available,
        memory_gb,
        premium_storage: flag("PremiumIO", row.get("PremiumIO"))?,
        architecture: value::optional_name("CpuArchitectureType", row.get("CpuArchitectureType"))?,
        gpus: value::optional_whole_number("GPUs", row.get("GPUs"))?,
        parent_size: value::optional_name("ParentSize", row.get("ParentSize"))?,
        superseded_by: value::optional_name("superseded_by", row.get("superseded_by"))?,
        retires: retirement("RetirementDateUtc", row.get("RetirementDateUtc"))?,
        max_data_disks: value::optional_whole_number(
            "MaxDataDiskCount",
            row.get("MaxDataDiskCount"),
        )?,
    })
}

/// As given, or else as the name has them: `Standard_D2s_v3` is tier `Standard`, size `D2s_v3`.
fn tier_and_size(name: &str, row: &Row<'_>) -> Result<(String, String), Fault> {
    let (tier, size) = name.split_once('_').unwrap_or(("Standard", name));
    let given_tier = value::optional_name("tier", row.get("tier"))?;
    let given_size = value::optional_name("size", row.get("size"))?;
    Ok((given_tier.unwrap_or_else(|| tier.into()), given_size.unwrap_or_else(|| size.into())))
}

fn flag(field: &'static str, text: &str) -> Result<bool, Fault> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        "" => Err(Fault::new(field, "is missing")),
        _ => Err(Fault::new(field, format!("`{}` is not True or False", value::shown(text)))),
    }
}

/// A day written `11/15/2028` (month first) or `2028-11-15`. The year 9999 stands for never.
fn retirement(field: &'static str, text: &str) -> Result<Option<Date>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = match text.split('/').collect::<Vec<_>>()[..] {
        [month, day, year] if [month, day, year].map(str::len) == [2, 2, 4] => {
            value::day(field, &format!("{year}-{month}-{day}"))?
        }
        _ => value::day(field, text)?,
    };
    Ok((day.year() < 9999).then_some(day))
}
