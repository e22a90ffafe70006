//! The scopes that a reservation may be given, and whom each of them helps.

use crate::portal::form::Fields;
use prorata_app::{App, Call, Error, applied, management_groups, subscriptions};
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::reservation::{AppliedScope, Order};
use prorata_store::Tx;
use std::collections::BTreeSet;

/// Subscriptions that are offered to choose from, and those of which the resource groups are.
const SUBSCRIPTIONS_MAX: usize = 200;
const WITH_GROUPS_MAX: usize = 50;

/// The kinds of scope, with the word that forms have for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Shared,
    Subscription,
    ResourceGroup,
    ManagementGroup,
}

impl Kind {
    pub const ALL: [Kind; 4] =
        [Kind::Shared, Kind::Subscription, Kind::ResourceGroup, Kind::ManagementGroup];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Shared => "shared",
            Kind::Subscription => "subscription",
            Kind::ResourceGroup => "resource-group",
            Kind::ManagementGroup => "management-group",
        }
    }

    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub fn of(scope: &AppliedScope) -> Kind {
        match scope {
            AppliedScope::Shared => Kind::Shared,
            AppliedScope::Subscription(_) => Kind::Subscription,
            AppliedScope::ResourceGroup { .. } => Kind::ResourceGroup,
            AppliedScope::ManagementGroup { .. } => Kind::ManagementGroup,
        }
    }
}

/// What can be chosen, as far as the reader sees it: the value of each choice and its name.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    pub subscriptions: Vec<(String, String)>,
    pub resource_groups: Vec<(String, String)>,
    pub management_groups: Vec<(String, String)>,
}

impl Offered {
    pub fn gather(tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Offered, Error> {
        let mut offered = Offered::default();
        let rows = subscriptions::list(tx, app, call, None, SUBSCRIPTIONS_MAX)?.rows;
        for (index, row) in rows.iter().enumerate() {
            offered.subscriptions.push((row.id.to_string(), row.name.clone()));
            if index >= WITH_GROUPS_MAX {
                continue;
            }
            for group in subscriptions::resource_groups(tx, app, call, row.id)? {
                let name = format!("{group} ({})", row.name);
                offered.resource_groups.push((format!("{}/{group}", row.id), name));
            }
        }
        let groups = management_groups::tree(tx, app, call)?.groups;
        offered.management_groups = groups.into_iter().map(|row| (row.id, row.name)).collect();
        Ok(offered)
    }

    /// The name of a scope where it is offered, else its identifiers.
    pub fn name(&self, scope: &AppliedScope) -> Option<String> {
        let of = |list: &[(String, String)], value: &str| {
            let found = list.iter().find(|(known, _)| known.eq_ignore_ascii_case(value));
            found.map(|(_, name)| name.clone())
        };
        match scope {
            AppliedScope::Shared => None,
            AppliedScope::Subscription(id) => of(&self.subscriptions, &id.to_string()),
            AppliedScope::ResourceGroup { subscription, name } => {
                of(&self.resource_groups, &format!("{subscription}/{name}"))
            }
            AppliedScope::ManagementGroup { id, .. } => of(&self.management_groups, id),
        }
    }
}

/// The scope as the fields of the form name it; nothing where the choice is not complete.
pub fn read(fields: &Fields, tenant: TenantId) -> Option<AppliedScope> {
    match Kind::parse(&fields.one("scope"))? {
        Kind::Shared => Some(AppliedScope::Shared),
        Kind::Subscription => {
            SubscriptionId::parse(&fields.one("subscription")).map(AppliedScope::Subscription)
        }
        Kind::ResourceGroup => {
            let value = fields.one("resource-group");
            let (subscription, name) = value.split_once('/')?;
            let subscription = SubscriptionId::parse(subscription)?;
            Some(AppliedScope::ResourceGroup { subscription, name: name.to_owned() })
        }
        Kind::ManagementGroup => {
            let id = fields.one("management-group");
            (!id.is_empty()).then_some(AppliedScope::ManagementGroup { tenant, id })
        }
    }
}

/// The fields that name a scope, to be carried from one form to the next.
pub fn written(scope: &AppliedScope) -> Vec<(&'static str, String)> {
    let kind = ("scope", Kind::of(scope).word().to_owned());
    match scope {
        AppliedScope::Shared => vec![kind],
        AppliedScope::Subscription(id) => vec![kind, ("subscription", id.to_string())],
        AppliedScope::ResourceGroup { subscription, name } => {
            vec![kind, ("resource-group", format!("{subscription}/{name}"))]
        }
        AppliedScope::ManagementGroup { id, .. } => vec![kind, ("management-group", id.clone())],
    }
}

/// Whom a reservation may help before and after its scope changes, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub lost: Vec<String>,
    pub gained: Vec<String>,
}

impl Effect {
    pub fn gather(
        tx: &mut Tx<'_>,
        app: &App,
        call: &Call,
        order: &Order,
        (was, then): (&AppliedScope, &AppliedScope),
    ) -> Result<Effect, Error> {
        let mut names = |scope| -> Result<Vec<String>, Error> {
            let found = applied::benefiting(tx, app, call, order, scope)?;
            let named = |name: String| match scope {
                AppliedScope::ResourceGroup { name: group, .. } => format!("{group} ({name})"),
                _ => name,
            };
            Ok(found.into_iter().map(|row| named(row.name)).collect())
        };
        Ok(Effect::of(names(was)?, names(then)?))
    }

    fn of(before: Vec<String>, after: Vec<String>) -> Effect {
        let less = |one: &[String], other: &[String]| -> Vec<String> {
            let other: BTreeSet<&String> = other.iter().collect();
            one.iter().filter(|name| !other.contains(name)).cloned().collect()
        };
        Effect { lost: less(&before, &after), gained: less(&after, &before), before, after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_as_it_was_written() {
        let tenant = TenantId(uuid::Uuid::nil());
        let subscription = SubscriptionId(uuid::Uuid::nil());
        for scope in [
            AppliedScope::Shared,
            AppliedScope::Subscription(subscription),
            AppliedScope::ResourceGroup { subscription, name: "a/b".to_owned() },
            AppliedScope::ManagementGroup { tenant, id: "finance".to_owned() },
        ] {
            let pairs = written(&scope).into_iter().map(|(name, text)| (name.to_owned(), text));
            let fields = Fields::new(pairs.collect());
            assert_eq!(read(&fields, tenant), Some(scope));
        }
        for half in [vec![], vec![("scope", "subscription")], vec![("scope", "resource-group")]] {
            let pairs = half.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(read(&Fields::new(pairs), tenant), None);
        }
    }

    #[test]
    fn an_effect_names_who_wins_and_who_loses() {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let effect = Effect::of(names("dev test prod"), names("prod batch"));
        assert_eq!(effect.lost, ["dev", "test"]);
        assert_eq!(effect.gained, ["batch"]);
    }
}
