//! The checks of the evaluator by name, so that a test can leave out each one.

/// One check of [`decide`](super::decide). Leaving out any of them must be noticed; the mutation
/// test goes through all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// What is another tenant's is allowed to nobody.
    Tenant,
    /// A role allows at its scope and below, and nowhere else.
    Reach,
    /// An action of the role has to match.
    Actions,
    /// What a notAction matches is taken out.
    NotActions,
    /// Some actions are given by roles of a name alone.
    NamedRoles,
    /// Some are given by no custom role.
    CustomRoles,
    /// Above all orders roles are given by few.
    TenantWide,
    /// Returns and the like are asked of the order.
    AtOrder,
    /// A guest of a partner's customer needs the role on the order itself.
    GuestOnOrder,
    /// A billing role has what its row says.
    BillingActions,
    /// It counts for what its account pays for.
    BillingAccount,
    /// It counts for what its profile pays for.
    BillingProfile,
    /// It counts under its agreement.
    BillingAgreement,
    /// Former owners of the subscription may see, manage and delegate only.
    FormerOwner,
    /// While the policy is off few buy.
    PurchasePolicy,
    /// The policy's exception asks for the account that pays.
    PolicyAccount,
    /// A partner's customer leaves some actions to the partner.
    CustomerBarred,
    /// A partner's customer buys where it is permitted.
    CustomerBuying,
    /// An agent may what was decided of the task.
    AgentTask,
    /// What one may not see is not there.
    Hidden,
}

#[cfg(test)]
impl Check {
    pub(super) const ALL: &'static [Check] = &[
        Check::Tenant,
        Check::Reach,
        Check::Actions,
        Check::NotActions,
        Check::NamedRoles,
        Check::CustomRoles,
        Check::TenantWide,
        Check::AtOrder,
        Check::GuestOnOrder,
        Check::BillingActions,
        Check::BillingAccount,
        Check::BillingProfile,
        Check::BillingAgreement,
        Check::FormerOwner,
        Check::PurchasePolicy,
        Check::PolicyAccount,
        Check::CustomerBarred,
        Check::CustomerBuying,
        Check::AgentTask,
        Check::Hidden,
    ];
}

/// Which checks are made: all of them, or in a test all but one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Checks {
    left_out: Option<Check>,
}

impl Checks {
    pub(super) const EVERY: Checks = Checks { left_out: None };

    #[cfg(test)]
    pub(super) fn without(check: Check) -> Checks {
        Checks { left_out: Some(check) }
    }

    /// What a check says; true where it is left out.
    pub(super) fn holds(self, check: Check, says: bool) -> bool {
        says || self.left_out == Some(check)
    }
}
