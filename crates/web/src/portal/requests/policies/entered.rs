//! The form of a policy as it was filled in so far.

use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::words::Said;
use prorata_app::Fault;
use prorata_domain::ids::PrincipalId;
use prorata_domain::request::Kind;
use prorata_domain::request::approval::Policy;
use prorata_domain::request::form::{self, ApproversForm, Form, RULES_MAX, RuleForm};

#[derive(Debug, Clone, Default)]
pub struct Entered {
    pub name: String,
    pub scope: String,
    /// The version that the form was made from; 0 for a new policy.
    pub version: String,
    pub required: bool,
    pub life_days: String,
    pub tolerance: String,
    pub roles: String,
    /// Names or object ids.
    pub people: String,
    pub rules: Vec<RuleRow>,
    pub faults: Faults,
}

#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub name: Option<Said>,
    pub life_days: Option<Said>,
    pub tolerance: Option<Said>,
    pub people: Option<Said>,
    pub rules: Option<Said>,
    pub remove: Option<Said>,
}

/// A rule as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct RuleRow {
    /// Each kind with its word, and whether it is ticked.
    pub kinds: Vec<(&'static str, Said, bool)>,
    pub from: String,
    pub approvals: String,
    pub customers: String,
    pub roles: String,
    pub except_roles: String,
    pub from_fault: Option<Said>,
    pub approvals_fault: Option<Said>,
}

impl RuleRow {
    fn new(ticked: &[String]) -> RuleRow {
        let kind = |kind: &Kind| {
            let word = kind.as_str();
            (word, super::super::what(*kind), ticked.iter().any(|other| other == word))
        };
        RuleRow { kinds: Kind::ALL.iter().map(kind).collect(), ..RuleRow::default() }
    }

    /// `Rule 2`.
    pub fn legend(&self, number: &usize) -> Said {
        say_with("approval-rule", [("number", (*number).into())])
    }

    /// Whether it speaks of some customers or roles only.
    pub fn is_narrow(&self) -> bool {
        [&self.customers, &self.roles, &self.except_roles].iter().any(|names| !names.is_empty())
    }
}

impl Entered {
    /// A new policy: everything needs one approval.
    pub fn new() -> Entered {
        let rule = RuleRow { approvals: "1".to_owned(), ..RuleRow::new(&[]) };
        Entered { rules: vec![rule], version: "0".to_owned(), ..Entered::default() }
    }

    /// A policy that is there.
    pub fn of(policy: &Policy, named: &[(PrincipalId, String)]) -> Entered {
        let form = form::write(policy);
        let person = |id: &PrincipalId| {
            let found = named.iter().find(|(other, _)| other == id);
            found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
        };
        let people: Vec<String> = policy.approvers.principals.iter().map(person).collect();
        let rule = |rule: &RuleForm| RuleRow {
            from: rule.from.clone().unwrap_or_default(),
            approvals: rule.approvals.to_string(),
            customers: listed(&rule.customers),
            roles: listed(&rule.roles),
            except_roles: listed(&rule.except_roles),
            ..RuleRow::new(&rule.kinds)
        };
        Entered {
            name: policy.name.clone(),
            scope: form::scope_path(&policy.scope),
            version: policy.version.to_string(),
            required: form.required,
            life_days: form.life_days.map(|days| days.to_string()).unwrap_or_default(),
            tolerance: form.tolerance.unwrap_or_default(),
            roles: listed(&form.approvers.roles),
            people: listed(&people),
            rules: form.rules.iter().map(rule).collect(),
            faults: Faults::default(),
        }
    }

    pub fn read(fields: &Fields) -> Entered {
        let rule = |row: usize| {
            let of = |name: &str| fields.text(&format!("{name}-{row}"));
            RuleRow {
                from: of("from"),
                approvals: of("approvals"),
                customers: of("customers"),
                roles: of("roles"),
                except_roles: of("except"),
                ..RuleRow::new(&fields.all(&format!("kinds-{row}")))
            }
        };
        let there = |row: &usize| fields.has(&format!("approvals-{row}"));
        Entered {
            name: fields.one("name"),
            scope: fields.one("scope"),
            version: fields.one("version"),
            required: fields.has("required"),
            life_days: fields.one("life"),
            tolerance: fields.one("tolerance"),
            roles: fields.text("approver-roles"),
            people: fields.text("approver-people"),
            rules: (0..RULES_MAX).take_while(there).map(rule).collect(),
            faults: Faults::default(),
        }
    }

    pub fn is_new(&self) -> bool {
        self.version == "0"
    }

    pub fn takes_more(&self) -> bool {
        self.rules.len() < RULES_MAX
    }

    pub fn add_rule(&mut self) {
        if self.takes_more() {
            self.rules.push(RuleRow { approvals: "1".to_owned(), ..RuleRow::new(&[]) });
        }
    }

    pub fn drop_rule(&mut self, row: &str) {
        if let Ok(row) = row.parse::<usize>()
            && row < self.rules.len()
        {
            self.rules.remove(row);
        }
    }

    /// The names of people, as they were typed.
    pub fn people(&self) -> Vec<String> {
        list(&self.people)
    }

    /// The policy as it would be written; numbers that are none are marked beside their fields.
    pub fn form(&mut self, principals: Vec<PrincipalId>) -> Option<Form> {
        let mut faulty = false;
        let life_days = match self.life_days.as_str() {
            "" => None,
            typed => typed.parse::<i64>().map_or_else(
                |_| {
                    faulty = true;
                    self.faults.life_days = Some(say("approval-fault-life"));
                    None
                },
                Some,
            ),
        };
        let mut rules = Vec::with_capacity(self.rules.len());
        for row in &mut self.rules {
            let Ok(approvals) = row.approvals.parse::<u32>() else {
                faulty = true;
                row.approvals_fault = Some(say("approval-fault-approvals"));
                continue;
            };
            let kinds = row.kinds.iter().filter(|(_, _, ticked)| *ticked);
            rules.push(RuleForm {
                kinds: kinds.map(|(word, _, _)| (*word).to_owned()).collect(),
                customers: list(&row.customers),
                roles: list(&row.roles),
                except_roles: list(&row.except_roles),
                from: (!row.from.is_empty()).then(|| row.from.clone()),
                approvals,
            });
        }
        let form = Form {
            required: self.required,
            life_days,
            tolerance: (!self.tolerance.is_empty()).then(|| self.tolerance.clone()),
            approvers: ApproversForm { roles: list(&self.roles), principals },
            rules,
        };
        (!faulty).then_some(form)
    }

    /// Marks what the policy was refused for beside its fields. Answers what has no field.
    pub fn mark(&mut self, faults: &[Fault]) -> Option<String> {
        let mut rest = Vec::new();
        for fault in faults {
            let field = fault.path.rsplit('.').next().unwrap_or_default();
            let row = fault.path.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            let row = row.and_then(|(row, _)| row.parse::<usize>().ok());
            let row = row.and_then(|row| self.rules.get_mut(row));
            match (fault.path.as_str(), field, row) {
                ("name", ..) => self.faults.name = Some(say("approval-fault-name")),
                ("lifeDays", ..) => self.faults.life_days = Some(say("approval-fault-life")),
                ("tolerance", ..) => self.faults.tolerance = Some(say("approval-fault-tolerance")),
                ("rules", ..) => self.faults.rules = Some(say("approval-fault-rules")),
                (_, "from", Some(row)) => row.from_fault = Some(say("approval-fault-from")),
                (_, "approvals", Some(row)) => {
                    row.approvals_fault = Some(say("approval-fault-approvals"));
                }
                _ => rest.push(format!("{}: {}", fault.path, fault.message)),
            }
        }
        (!rest.is_empty()).then(|| rest.join("; "))
    }
}

/// Names with commas between; one that has a comma or a quote itself stands in quotes.
fn listed(names: &[String]) -> String {
    let one = |name: &String| match name.contains([',', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.clone(),
    };
    names.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What [`listed`] wrote, or a person.
fn list(text: &str) -> Vec<String> {
    let (mut names, mut name, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' if quoted || name.trim().is_empty() => quoted = !quoted,
            ',' if !quoted => names.push(std::mem::take(&mut name)),
            _ => name.push(letter),
        }
    }
    names.push(name);
    names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{list, listed};

    #[test]
    fn names_come_back_as_they_were_written() {
        for names in [
            &["Reservations Administrator", "Owner"][..],
            &["Cedar, Inc.", "Oak"],
            &["the \"big\" one", "\"quoted\"", "a, \"b\", c"],
            &["5\" pipes"],
            &[],
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(list(&listed(&names)), names);
        }
    }

    #[test]
    fn names_are_read_as_people_type_them() {
        assert_eq!(list(" Owner ,, Reader,"), ["Owner", "Reader"]);
        assert_eq!(list("\"Cedar, Inc.\" , Oak"), ["Cedar, Inc.", "Oak"]);
        assert_eq!(list("5\" pipes, Oak"), ["5\" pipes", "Oak"]);
        assert_eq!(list("\"Cedar, Inc."), ["Cedar, Inc."], "a quote that was not closed");
    }
}
