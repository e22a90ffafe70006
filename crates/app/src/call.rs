use jiff::Timestamp;
use prorata_domain::ids::{PrincipalId, TenantId};
pub use prorata_domain::principal::PrincipalKind;
use std::net::IpAddr;
use uuid::Uuid;

/// Who is calling, as their token or session says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The tenant in which the caller acts.
    pub tenant: TenantId,
    pub principal: PrincipalId,
    /// The client (application) id.
    pub client: String,
    pub name: String,
    pub kind: PrincipalKind,
    /// The tenant of the caller's own account: another one than `tenant` for a guest there, and
    /// for a partner's agent.
    pub home: TenantId,
    /// Where the caller acts for a customer of theirs: as which agent of the partner.
    pub agent: Option<PartnerAgent>,
}

/// An agent of a partner who acts for one of its customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PartnerAgent {
    /// The partner's own tenant.
    pub tenant: TenantId,
    /// The agent's Partner Center roles.
    pub roles: Vec<String>,
}

impl Caller {
    /// A program in its own tenant.
    pub fn new(
        tenant: TenantId,
        principal: PrincipalId,
        client: impl Into<String>,
        name: impl Into<String>,
    ) -> Caller {
        Caller {
            tenant,
            principal,
            client: client.into(),
            name: name.into(),
            kind: PrincipalKind::default(),
            home: tenant,
            agent: None,
        }
    }
}

/// From where a call came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The caller's address; none for what the desk does by itself.
    pub address: Option<IpAddr>,
    /// The program that called, in its own words (`User-Agent`), cut to a bounded length.
    pub agent: Option<String>,
}

/// One call: who, when, from where, and under which correlation id. Identifiers come from the
/// transaction.
#[derive(Debug, Clone)]
pub struct Call {
    pub caller: Caller,
    pub now: Timestamp,
    pub correlation: Uuid,
    pub origin: Origin,
    /// The tenant asks for a second factor before money moves, and the caller gave none.
    pub lacks_second_factor: bool,
    /// A partner's agent does it in Partner Center, and not in the customer's tenant.
    pub in_partner_center: bool,
}

impl Call {
    /// A call of the desk's own, or of one that does not say from where.
    pub fn new(caller: Caller, now: Timestamp, correlation: Uuid) -> Call {
        let origin = Origin::default();
        Call {
            caller,
            now,
            correlation,
            origin,
            lacks_second_factor: false,
            in_partner_center: false,
        }
    }
}
