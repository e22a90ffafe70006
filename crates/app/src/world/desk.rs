//! Who works at the desk, as a world document says.

use super::{Count, Document};
use crate::{Error, Fault};
use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_store::Tx;
use prorata_store::waivers::{self, Member};
use prorata_store::world;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody who answers tickets of all tenants and may grant exceptions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeskMemberRow {
    pub tenant_id: TenantId,
    /// The client id of a principal of that tenant, or the object id of a person.
    pub client_id: Uuid,
}

/// Makes members of the desk of those whom the document names, once its principals are there.
pub(super) fn put(
    tx: &mut Tx<'_>,
    document: &Document,
    now: Timestamp,
    count: &mut Count,
) -> Result<(), Error> {
    let mut faults = Vec::new();
    for (index, row) in document.desk_members.iter().enumerate() {
        let (tenant, id) = (row.tenant_id, row.client_id);
        let found = match world::principal_by_client(tx, tenant, &id.to_string())? {
            Some(found) => Some(found),
            None => world::principal(tx, tenant, PrincipalId(id))?,
        };
        let Some(found) = found else {
            let message = "names no principal of the tenant, in this or an earlier world";
            faults.push(Fault::new(format!("deskMembers[{index}].clientId"), message));
            continue;
        };
        let is_member = waivers::at_desk(tx, tenant, found.id)?.is_some();
        if !is_member {
            waivers::join_desk(tx, &Member { tenant, principal: found.id, since: now })?;
        }
        count.add(!is_member);
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Malformed(faults)) }
}
