//! What holds of every answer, whatever the facts.

use super::matrix::{agent, custom_roles, payer, scopes};
use crate::access::*;
use crate::ids::{RoleId, SubscriptionId};
use crate::policy::Agreement;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use uuid::Uuid;

fn scope() -> impl Strategy<Value = Scope> {
    select(scopes().into_iter().map(|(_, scope)| scope).collect::<Vec<_>>())
}

fn action() -> impl Strategy<Value = Action> {
    select(Action::ALL)
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let named = Action::ALL.iter().map(|action| action.provider_name().to_owned());
    let wide = ["*", "*/read", "Microsoft.Capacity/*", "microsoft.capacity/*/action", "*/write"];
    let all: Vec<String> = named.chain(wide.map(str::to_owned)).collect();
    select(all).prop_map(|text| Pattern::parse(&text).unwrap())
}

fn custom() -> impl Strategy<Value = RoleDefinition> {
    let patterns = || prop::collection::vec(pattern(), 0..4);
    (1_u128..4, patterns(), patterns()).prop_map(|(number, actions, not_actions)| RoleDefinition {
        id: RoleId(Uuid::from_u128(100 + number)),
        permissions: vec![Permission { actions, not_actions, ..Permission::default() }],
        ..custom_roles()[0].clone()
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let mut names: Vec<String> = roles().iter().map(|role| role.name.clone()).collect();
    names.extend((101..104).map(|number| Uuid::from_u128(number).to_string()));
    names.push("No such role".to_owned());
    let given = (select(names), scope()).prop_map(|(role, scope)| Assignment::new(role, scope));
    let billing = select(BillingRoleName::all().collect::<Vec<_>>()).prop_map(|name| BillingRole {
        name,
        account: "account".to_owned(),
        profile: (name.definition().level == Level::Profile).then(|| "profile".to_owned()),
    });
    let payers = prop::option::of((select(vec![Agreement::Ea, Agreement::Mca]), any::<bool>()));
    let relation = select(vec![Relation::Own, Relation::Guest, Relation::Other]);
    (
        relation,
        prop::collection::vec(given, 0..5),
        prop::collection::vec(custom(), 0..3),
        prop::collection::vec(billing, 0..3),
        payers,
        (any::<bool>(), any::<bool>(), prop::option::of(any::<bool>())),
    )
        .prop_map(
            |(relation, assignments, roles, billing_roles, paid, (owned, acts, sold))| {
                let payer = paid
                    .map(|(agreement, on)| Payer { sells_reservations: on, ..payer(agreement) });
                let customer = sold.map(|may| Customer {
                    partner: "Reseller".to_owned(),
                    buying_refused: (!may).then(|| "not allowed".to_owned()),
                });
                Facts {
                    relation,
                    assignments,
                    roles,
                    billing_roles,
                    payer,
                    owned_when_paid: owned.then_some(SubscriptionId(Uuid::from_u128(3))),
                    groups: vec![Scope::management_group("all")],
                    agent: acts.then(agent),
                    customer,
                }
            },
        )
}

proptest! {
    #[test]
    fn the_short_answer_is_the_long_one(facts in facts(), action in action(), scope in scope()) {
        let verdict = decide(&facts, action, &scope);
        prop_assert_eq!(permits(&facts, action, &scope), verdict.is_allowed());
        prop_assert_eq!(verdict.reason().is_some(), verdict.is_allowed() || verdict.findings.iter()
            .any(|finding| matches!(finding.outcome, Outcome::Bars(_))));
        let hidden = verdict.answer == Answer::Hidden;
        prop_assert!(!hidden || !sees(&facts, &scope));
    }

    #[test]
    fn a_yes_has_a_ground_and_no_bar(facts in facts(), action in action(), scope in scope()) {
        let verdict = decide(&facts, action, &scope);
        let has = |is: fn(&Outcome) -> bool| verdict.findings.iter().any(|one| is(&one.outcome));
        let allows = has(|outcome| matches!(outcome, Outcome::Allows { .. }));
        let bars = has(|outcome| matches!(outcome, Outcome::Bars(_)));
        prop_assert_eq!(verdict.is_allowed(), allows && !bars);
    }

    #[test]
    fn every_ground_is_told_once(facts in facts(), action in action(), scope in scope()) {
        let verdict = decide(&facts, action, &scope);
        let told = |given: &Assignment| verdict.findings.iter().any(|finding| {
            matches!(&finding.ground, Ground::Assignment { scope, role, .. }
                if *scope == given.scope && *role == given.role)
        });
        prop_assert!(facts.assignments.iter().all(told));
        let mut sorted = verdict.findings.clone();
        sorted.sort();
        sorted.dedup();
        prop_assert_eq!(sorted, verdict.findings);
    }

    #[test]
    fn the_order_of_the_facts_does_not_matter(
        facts in facts(),
        action in action(),
        scope in scope(),
        turns in any::<Index>(),
    ) {
        let mut turned = facts.clone();
        if !turned.assignments.is_empty() {
            let by = turns.index(turned.assignments.len());
            turned.assignments.rotate_left(by);
        }
        turned.assignments.reverse();
        turned.billing_roles.reverse();
        prop_assert_eq!(decide(&turned, action, &scope), decide(&facts, action, &scope));
    }

    #[test]
    fn a_further_role_takes_nothing_away(
        facts in facts(),
        more in facts(),
        action in action(),
        scope in scope(),
    ) {
        let mut both = facts.clone();
        both.assignments.extend(more.assignments);
        prop_assert!(!permits(&facts, action, &scope) || permits(&both, action, &scope));
    }

    #[test]
    fn a_further_not_action_allows_no_more(
        facts in facts(),
        pattern in pattern(),
        action in action(),
        scope in scope(),
    ) {
        let mut less = facts.clone();
        for role in &mut less.roles {
            role.permissions[0].not_actions.push(pattern.clone());
        }
        prop_assert!(permits(&facts, action, &scope) || !permits(&less, action, &scope));
    }

    #[test]
    fn a_narrower_scope_allows_no_more(
        facts in facts(),
        role in any::<Index>(),
        action in action(),
        asked in scope(),
        narrow in scope(),
        up in any::<Index>(),
    ) {
        // A guest of a partner's customer is the exception: the role has to be on the order.
        prop_assume!(facts.relation != Relation::Guest || facts.customer.is_none());
        let chain = narrow.chain(&facts.groups);
        let wide = chain[up.index(chain.len())].clone();
        let role = &roles()[role.index(roles().len())];
        let at = |scope: Scope| Facts {
            assignments: vec![Assignment::new(role.name.clone(), scope)],
            ..facts.clone()
        };
        prop_assert!(!permits(&at(narrow), action, &asked) || permits(&at(wide), action, &asked));
    }

    #[test]
    fn another_tenants_is_nobodys(facts in facts(), action in action(), scope in scope()) {
        let other = Facts { relation: Relation::Other, ..facts };
        prop_assert_eq!(decide(&other, action, &scope).answer, Answer::Hidden);
    }

    #[test]
    fn what_a_remedy_says_helps(facts in facts(), action in action(), scope in scope()) {
        let verdict = decide(&facts, action, &scope);
        let mut mended = facts;
        for remedy in &verdict.remedies {
            match remedy {
                Remedy::Give { role, scope } | Remedy::TakeOwnership { role, scope } => {
                    mended.assignments.push(Assignment::new(role.clone(), scope.clone()));
                }
                Remedy::SwitchPolicyOn { .. } => {
                    mended.payer.as_mut().unwrap().sells_reservations = true;
                }
                Remedy::AskPartner { .. } | Remedy::AsAgent { .. } => return Ok(()),
            }
        }
        let helped = permits(&mended, action, &scope);
        prop_assert!(verdict.is_allowed() || verdict.remedies.is_empty() || helped);
    }
}
