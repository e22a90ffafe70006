//! The clauses on partners: who of a partner may do what for its customers, and what those
//! customers may do by themselves.

use super::file::Fields;
use super::value::Value;
use super::words::words;

words! {
    /// How a partner sells to its customers.
    PartnerKind {
        DirectBill = "direct-bill",
        IndirectProvider = "indirect-provider",
        /// Sells through a provider, and acts through it too.
        IndirectReseller = "indirect-reseller",
    }
}

words! {
    /// A Partner Center role.
    PartnerRole {
        AdminAgent = "admin-agent",
        GlobalAdmin = "global-admin",
        HelpdeskAgent = "helpdesk-agent",
        SalesAgent = "sales-agent",
        UserManagementAdmin = "user-management-admin",
        BillingAdmin = "billing-admin",
    }
}

impl PartnerRole {
    /// The name that Partner Center shows.
    pub fn title(self) -> &'static str {
        match self {
            PartnerRole::AdminAgent => "Admin agent",
            PartnerRole::GlobalAdmin => "Global admin",
            PartnerRole::HelpdeskAgent => "Helpdesk agent",
            PartnerRole::SalesAgent => "Sales agent",
            PartnerRole::UserManagementAdmin => "User management admin",
            PartnerRole::BillingAdmin => "Billing admin",
        }
    }

    /// Reads a role by its word or its title, in any letter case.
    pub fn named(text: &str) -> Option<PartnerRole> {
        let is_named = |role: &&PartnerRole| {
            text.eq_ignore_ascii_case(role.title()) || text.eq_ignore_ascii_case(role.as_str())
        };
        PartnerRole::ALL.iter().find(is_named).copied()
    }
}

words! {
    /// What an agent of a partner does for a customer.
    PartnerTask {
        /// Sees the customer's reservations.
        See = "see",
        /// Changes, splits and merges them.
        Manage = "manage",
        Return = "return",
        Exchange = "exchange",
        /// Buys in Partner Center, by a cart.
        Buy = "buy",
        /// Buys in the customer's tenant.
        BuyInPortal = "buy-in-portal",
        /// Sees whether the customer may buy for itself.
        SeePermission = "see-permission",
        /// Allows the customer to buy for itself, or stops allowing it.
        ChangePermission = "change-permission",
        /// Asks for support for the customer.
        Support = "support",
    }
}

/// Which partners act for customers; the others go through their provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerKinds {
    pub kinds: Vec<PartnerKind>,
}

/// The roles that may do one thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskRoles {
    pub task: PartnerTask,
    pub roles: Vec<PartnerRole>,
}

/// Which Partner Center roles may do what for customers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartnerRoles {
    pub tasks: Vec<TaskRoles>,
}

impl PartnerRoles {
    /// The roles that may do a thing; none where nothing is said of it.
    pub fn of(&self, task: PartnerTask) -> &[PartnerRole] {
        self.tasks.iter().find(|row| row.task == task).map_or(&[], |row| &row.roles)
    }
}

/// Which roles need access to the customer's subscription or order by name, and for what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExplicitAccess {
    pub roles: Vec<PartnerRole>,
    pub tasks: Vec<PartnerTask>,
}

impl ExplicitAccess {
    pub fn is_needed(&self, role: PartnerRole, task: PartnerTask) -> bool {
        self.roles.contains(&role) && self.tasks.contains(&task)
    }
}

/// What an agent may do who has a guest account in the customer's tenant, by being an agent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuestAccount {
    pub tasks: Vec<PartnerTask>,
}

/// Who of a partner's customer buys for it, while the partner allows that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CustomerPurchase {
    /// Roles on the subscription that pays, each enough alone.
    pub roles: Vec<String>,
}

/// Markets in which partners sell no reservations, by their ISO 3166 codes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExcludedMarkets {
    pub markets: Vec<String>,
}

impl ExcludedMarkets {
    pub fn contains(&self, market: &str) -> bool {
        self.markets.iter().any(|known| known.eq_ignore_ascii_case(market))
    }
}

/// How long a cart that was not checked out is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CartLife {
    pub days: i64,
}

const TASKS: &str = "`see`, `manage`, `return`, `exchange`, `buy`, `buy-in-portal`, \
                     `see-permission`, `change-permission` or `support`";
const ROLES: &str = "a list of Partner Center roles such as `admin-agent`";

impl Value for PartnerKinds {
    fn read(fields: &mut Fields<'_>) -> Option<PartnerKinds> {
        let wants = "a list of `direct-bill`, `indirect-provider`, `indirect-reseller`";
        Some(PartnerKinds { kinds: fields.words("kinds", PartnerKind::parse, wants)? })
    }

    fn summary(&self) -> String {
        listed(self.kinds.iter().map(|kind| kind.as_str()))
    }
}

impl Value for PartnerRoles {
    fn read(fields: &mut Fields<'_>) -> Option<PartnerRoles> {
        let tasks = fields.each("may", "a list of { task, roles }", |fields| {
            let task = fields.word("task", PartnerTask::parse, TASKS);
            let roles = fields.words("roles", PartnerRole::parse, ROLES);
            Some(TaskRoles { task: task?, roles: roles? })
        })?;
        Some(PartnerRoles { tasks })
    }

    fn summary(&self) -> String {
        let told = self.tasks.iter().map(|row| {
            format!("{}: {}", row.task, listed(row.roles.iter().map(|role| role.title())))
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

impl Value for ExplicitAccess {
    fn read(fields: &mut Fields<'_>) -> Option<ExplicitAccess> {
        let roles = fields.words("roles", PartnerRole::parse, ROLES);
        let tasks = fields.words("tasks", PartnerTask::parse, TASKS);
        Some(ExplicitAccess { roles: roles?, tasks: tasks? })
    }

    fn summary(&self) -> String {
        let roles = listed(self.roles.iter().map(|role| role.title()));
        format!("{roles}: to {}", listed(self.tasks.iter().map(|task| task.as_str())))
    }
}

impl Value for GuestAccount {
    fn read(fields: &mut Fields<'_>) -> Option<GuestAccount> {
        Some(GuestAccount { tasks: fields.words("tasks", PartnerTask::parse, TASKS)? })
    }

    fn summary(&self) -> String {
        format!("only to {}", listed(self.tasks.iter().map(|task| task.as_str())))
    }
}

impl Value for CustomerPurchase {
    fn read(fields: &mut Fields<'_>) -> Option<CustomerPurchase> {
        Some(CustomerPurchase { roles: fields.texts("roles")? })
    }

    fn summary(&self) -> String {
        let roles = listed(self.roles.iter().map(String::as_str));
        format!("once the partner allows it, with one of: {roles}")
    }
}

impl Value for ExcludedMarkets {
    fn read(fields: &mut Fields<'_>) -> Option<ExcludedMarkets> {
        Some(ExcludedMarkets { markets: fields.texts("markets")? })
    }

    fn summary(&self) -> String {
        listed(self.markets.iter().map(String::as_str))
    }
}

impl Value for CartLife {
    fn read(fields: &mut Fields<'_>) -> Option<CartLife> {
        Some(CartLife { days: fields.count("days")? })
    }

    fn summary(&self) -> String {
        format!("{} days", self.days)
    }
}

fn listed<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}
