//! Approval policies of a world document.

use super::places::GroupState;
use super::{Count, Document};
use crate::{App, Call, Caller, Error, Fault, request};
use prorata_domain::ids::{PrincipalId, TenantId};
use prorata_domain::request::approval::Scope;
use prorata_domain::request::form::{self, Form};
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who has to approve what, for a tenant, a billing account or a partner's customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalPolicyRow {
    pub tenant_id: TenantId,
    /// `tenant`, `billing-account/ID` or `customer/ID`.
    #[serde(default = "tenant")]
    pub scope: String,
    pub name: String,
    /// Whether it is there, or is taken away.
    #[serde(default)]
    pub state: GroupState,
    #[serde(default)]
    pub policy: Form,
}

fn tenant() -> String {
    "tenant".to_owned()
}

pub(super) fn check(app: &App, document: &Document, faults: &mut Vec<Fault>) {
    let today = utc_day(app.now());
    for (index, row) in document.approval_policies.iter().enumerate() {
        let at = |field: &str| format!("approvalPolicies[{index}].{field}");
        let Some(scope) = form::read_scope(&row.scope, row.tenant_id) else {
            let means = "must be `tenant`, `billing-account/ID` or `customer/ID`";
            faults.push(Fault::new(at("scope"), means));
            continue;
        };
        if row.state == GroupState::Deleted {
            continue;
        }
        let found = form::read(&row.policy, scope, &row.name, 1, today).err().unwrap_or_default();
        faults.extend(found.into_iter().map(|(path, says)| {
            let path = if path == "name" { at(&path) } else { at(&format!("policy.{path}")) };
            Fault::new(path, says)
        }));
    }
}

pub(super) fn put(
    tx: &mut Tx<'_>,
    app: &App,
    document: &Document,
    count: &mut Count,
) -> Result<(), Error> {
    for row in &document.approval_policies {
        let nobody = PrincipalId(Uuid::nil());
        let caller = Caller::new(row.tenant_id, nobody, "prorata", "the operator");
        let call = Call::new(caller, app.now(), Uuid::nil());
        let scope =
            form::read_scope(&row.scope, row.tenant_id).unwrap_or(Scope::Tenant(row.tenant_id));
        let changed = match row.state {
            GroupState::Present => {
                request::world_policy(tx, &call, &scope, &row.name, Some(&row.policy))?
            }
            GroupState::Deleted => request::world_policy(tx, &call, &scope, &row.name, None)?,
        };
        count.add(changed);
    }
    Ok(())
}
