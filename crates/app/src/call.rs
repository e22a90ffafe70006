use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
use uuid::Uuid;

/// Who is calling, as their token says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// The client (application) id.
    pub client: String,
    pub name: String,
}

/// One call: who, when, and under which correlation id. Identifiers come from
/// the transaction.
#[derive(Debug, Clone)]
pub struct Call {
    pub caller: Caller,
    pub now: Timestamp,
    pub correlation: Uuid,
}
