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

/// One call: who, when, and under which correlation id. Identifiers are made here and nowhere
/// else.
#[derive(Debug, Clone)]
pub struct Call {
    pub caller: Caller,
    pub now: Timestamp,
    pub correlation: Uuid,
}

impl Call {
    /// A new identifier. They rise with time, so that what is written together lies together: the
    /// rows of one deed fall on few pages, and each commit writes as many pages less.
    pub fn new_id() -> Uuid {
        Uuid::now_v7()
    }
}
