//! Typed identifiers. They are made outside (by the caller's identifier source), never here.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads a GUID in any casing; `None` when it is not one.
            pub fn parse(text: &str) -> Option<$name> {
                // Only the hyphenated form is a GUID on this wire.
                (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    )*};
}

ids! {
    /// A directory of principals; what is in one does not exist for another.
    TenantId,
    /// A subscription: pays for reservations, or benefits from them.
    SubscriptionId,
    /// Somebody or something that signs in (the `oid` of its token).
    PrincipalId,
    /// A reservation order: the commercial envelope of one purchase. Minted by the price quote.
    OrderId,
    /// A reservation (an item of an order).
    ReservationId,
    /// A savings plan order: the commercial envelope of one purchase of a plan.
    SavingsPlanOrderId,
    /// A savings plan, under its order.
    SavingsPlanId,
    /// A refund or exchange quote; the wire calls it a session.
    SessionId,
    /// Something that was decided and recorded: a purchase, a refund, an exchange, a charge.
    OperationId,
    /// A journal entry.
    EntryId,
    /// An exception from a clause, granted for one reservation.
    WaiverId,
    /// A wish to do a deed that others approve first.
    RequestId,
    /// A role assignment.
    AssignmentId,
    /// A role definition, built-in or custom.
    RoleId,
}
