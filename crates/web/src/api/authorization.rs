//! Microsoft.Authorization: which roles there are, who has which where, and what a caller may.
//!
//! Every path begins with the scope that is meant, which may be of any length; a role that is
//! named by its whole id is found in the same way.

mod assignments;
mod definitions;
mod others;

use super::asked::Asked;
use super::table::Entry;
use crate::arm::{ArmError, RouteTable};
use prorata_domain::authorization::Place;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    others::routes(definitions::routes(assignments::routes(table)))
}

/// The scope in front of the path.
fn place(asked: &Asked) -> Result<Place, ArmError> {
    let sent = asked.captures.get("scope");
    Place::parse(sent).ok_or_else(|| {
        let shown: String = sent.chars().take(256).collect();
        ArmError::bad_request(
            "InvalidScope",
            format!(
                "The scope `{shown}` is none at which roles are given. Give `/`, a management \
                 group, a subscription or what is in it, `/providers/Microsoft.Capacity`, a \
                 reservation order or a reservation of it, or the same of savings plans."
            ),
        )
        .with_target("scope")
    })
}
