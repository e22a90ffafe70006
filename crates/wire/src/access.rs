//! Why somebody can or cannot do something, in a shape of our own.

use crate::azure::authorization::definitions::scope_path;
use crate::azure::fault::{BAD_REQUEST, Fault, Faults};
use crate::azure::member::Member;
use prorata_domain::access::{Action, Answer, Finding, Ground, Outcome, Reach, Remedy, Verdict};
use prorata_domain::authorization::Place;
use prorata_domain::ids::PrincipalId;
use serde_json::{Value, json};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Nobody named means the caller.
    pub principal: Option<PrincipalId>,
    pub action: Action,
    pub place: Place,
}

/// Reads a question: `principal`, which may be missing, `action` and `scope`.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Question, Vec<Fault>> {
    let mut faults = Faults::default();
    let question = read(body, &mut faults);
    faults.finish(question)
}

fn read(body: &Value, faults: &mut Faults) -> Option<Question> {
    let root = Member::root(body).object(faults, "an object with `action` and `scope`")?;
    let principal = root.get("principal").read_optional(
        faults,
        BAD_REQUEST,
        "the object id of a principal, which is a GUID",
        PrincipalId::parse,
    );
    let known: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    let wanted = format!("one of {}, or the provider's name of it", known.join(", "));
    let action = root.get("action").read(faults, BAD_REQUEST, &wanted, Action::find);
    let wanted = "a scope such as `/`, `/subscriptions/{GUID}` or the path of a reservation order";
    let place = root.get("scope").read(faults, BAD_REQUEST, wanted, |text| {
        text.starts_with('/').then(|| Place::parse(text)).flatten()
    });
    Some(Question { principal, action: action?, place: place? })
}

/// Who is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub id: PrincipalId,
    pub name: &'a str,
    /// `User` or `ServicePrincipal`.
    pub kind: &'a str,
}

/// The answer with the whole chain of reasons, and the smallest change that would make it a yes.
pub fn show(verdict: &Verdict, subject: Subject<'_>) -> Value {
    json!({
        "principalId": subject.id.to_string(),
        "principalName": subject.name,
        "principalType": subject.kind,
        "action": verdict.action.as_str(),
        "operation": verdict.action.provider_name(),
        "scope": scope_path(&verdict.scope),
        "allowed": verdict.is_allowed(),
        "answer": verdict.answer.as_str(),
        "says": says(verdict, subject.name),
        "reasons": verdict.findings.iter().map(reason).collect::<Vec<_>>(),
        "remedies": verdict.remedies.iter().map(remedy).collect::<Vec<_>>(),
    })
}

/// The answer in a sentence.
pub fn says(verdict: &Verdict, name: &str) -> String {
    let (action, scope) = (verdict.action.provider_name(), scope_path(&verdict.scope));
    let because = verdict.reason().map(|finding| format!(", because {finding}"));
    match verdict.answer {
        Answer::Allowed => {
            format!("{name} may `{action}` at `{scope}`{}.", because.unwrap_or_default())
        }
        Answer::Denied => format!(
            "{name} may not `{action}` at `{scope}`{}.",
            because.unwrap_or_else(|| ", because nothing allows it".to_owned())
        ),
        Answer::Hidden => format!(
            "{name} may not `{action}` at `{scope}`, and may not even see what is there{}.",
            because.unwrap_or_default()
        ),
    }
}

fn reason(finding: &Finding) -> Value {
    let (outcome, by) = match &finding.outcome {
        Outcome::Allows { by } => ("allows", by.as_ref()),
        Outcome::Bars(_) => ("bars", None),
        Outcome::Silent(_) => ("silent", None),
    };
    let mut shown = json!({
        "kind": kind(&finding.ground),
        "outcome": outcome,
        "ground": finding.ground.to_string(),
        "says": finding.outcome.to_string(),
    });
    if let Some(pattern) = by {
        shown["by"] = json!(pattern.as_str());
    }
    if let Ground::Assignment { scope, role, defined, id, reach } = &finding.ground {
        let (role_id, name) =
            defined.as_ref().map_or((None, role), |(id, _, name)| (Some(id), name));
        shown["role"] = json!(name);
        if let Some(id) = role_id {
            shown["roleDefinitionName"] = json!(id.to_string());
        }
        if let Some(id) = id {
            shown["assignment"] = json!(id.to_string());
        }
        shown["scope"] = json!(scope_path(scope));
        shown["reach"] = json!(word(reach));
        if let Reach::Inherited { via } = reach {
            shown["via"] = via.iter().map(|scope| json!(scope_path(scope))).collect();
        }
    }
    shown
}

fn kind(ground: &Ground) -> &'static str {
    match ground {
        Ground::OtherTenant => "other-tenant",
        Ground::Customer { .. } => "partner-customer",
        Ground::PurchasePolicy { .. } => "purchase-policy",
        Ground::Assignment { .. } => "assignment",
        Ground::BillingRole(_) => "billing-role",
        Ground::OwnedWhenPaid { .. } => "owned-when-paid",
        Ground::Agent { .. } => "partner-agent",
    }
}

/// How the scope of an assignment lies to the one asked about.
pub fn word(reach: &Reach) -> &'static str {
    match reach {
        Reach::Here => "here",
        Reach::Inherited { .. } => "inherited",
        Reach::Below => "below",
        Reach::NotInherited => "not-inherited",
        Reach::Beside => "beside",
    }
}

fn remedy(remedy: &Remedy) -> Value {
    let mut shown = match remedy {
        Remedy::Give { role, scope } => {
            json!({ "kind": "give", "role": role, "scope": scope_path(scope) })
        }
        Remedy::TakeOwnership { role, scope } => {
            json!({ "kind": "take-ownership", "role": role, "scope": scope_path(scope) })
        }
        Remedy::SwitchPolicyOn { account, roles } => {
            json!({ "kind": "switch-policy-on", "account": account, "roles": roles })
        }
        Remedy::AskPartner { partner } => json!({ "kind": "ask-partner", "partner": partner }),
        Remedy::AsAgent { partner, .. } => json!({ "kind": "as-agent", "partner": partner }),
    };
    shown["says"] = json!(remedy.to_string());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_domain::access::{Assignment, Facts, Scope, decide};
    use prorata_domain::ids::OrderId;
    use uuid::Uuid;

    fn subject() -> Subject<'static> {
        Subject { id: PrincipalId(Uuid::from_u128(1)), name: "Mia", kind: "User" }
    }

    #[test]
    fn every_fault_of_a_question_is_told_at_once() {
        let body = json!({ "principal": "me", "action": "fly" });
        let faults = parse(&body).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["principal", "action", "scope"]);
        assert!(faults[1].message.contains("change-directory"), "{}", faults[1].message);
        let action = "microsoft.capacity/EXCHANGE/action";
        let question = parse(&json!({ "action": action, "scope": "/" })).unwrap();
        assert_eq!((question.principal, question.action), (None, Action::Exchange));
        assert_eq!(question.place, Place::Root);
    }

    #[test]
    fn a_yes_names_what_allows_it_and_a_no_what_would_help() {
        let order = Scope::order(OrderId(Uuid::from_u128(2)));
        let owner = Facts::of(vec![Assignment::new("Owner", Scope::root())]);
        let shown = show(&decide(&owner, Action::Return, &order), subject());
        assert_eq!((&shown["allowed"], &shown["answer"]), (&json!(true), &json!("allowed")));
        assert_eq!(shown["reasons"][0]["reach"], "inherited");
        assert_eq!(shown["reasons"][0]["via"][0], "/");
        assert!(shown["says"].as_str().unwrap().contains("Owner"), "{shown}");
        assert_eq!(shown["remedies"], json!([]));

        let reader = Facts::of(vec![Assignment::new("Reader", Scope::root())]);
        let shown = show(&decide(&reader, Action::Return, &order), subject());
        assert_eq!((&shown["allowed"], &shown["answer"]), (&json!(false), &json!("denied")));
        assert_eq!(shown["reasons"][0]["outcome"], "silent");
        assert_eq!(shown["remedies"][0]["kind"], "give");
        assert_eq!(shown["remedies"][0]["scope"], shown["scope"]);

        let shown = show(&decide(&Facts::default(), Action::Return, &order), subject());
        assert_eq!((&shown["answer"], &shown["reasons"]), (&json!("hidden"), &json!([])));
        assert!(shown["says"].as_str().unwrap().contains("not even see"), "{shown}");
    }
}
