//! `prorata access`: who has which role, giving and taking one, and why somebody can or cannot.

use super::percent_encoded;
use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain, write};
use clap::{Args, Subcommand};
use prorata_domain::authorization::Place;
use prorata_domain::ids::{AssignmentId, OrderId, PrincipalId, ReservationId, RoleId};
use serde_json::{Value, json};
use uuid::Uuid;

/// The version of the role operations that is spoken.
const VERSION: &str = "api-version=2022-04-01";

/// Rows that are listed at most.
const ROWS_MAX: usize = 10_000;

/// Who may do what, and why.
#[derive(Debug, Args)]
pub struct Access {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Why(Why),
    Roles(Roles),
    List(List),
    Assign(Assign),
    Remove(Remove),
}

impl Access {
    pub fn run(&self) -> Result<Outcome, Failure> {
        match &self.command {
            Command::Why(command) => command.run(),
            Command::Roles(command) => command.run(),
            Command::List(command) => command.run(),
            Command::Assign(command) => command.run(),
            Command::Remove(command) => command.run(),
        }
    }
}

/// Say why somebody can or cannot do something, and what would help. Exit code 3 when they cannot.
#[derive(Debug, Args)]
struct Why {
    /// What they want to do, such as `return`, or the provider's name of it.
    action: String,

    /// ORDER, ORDER/RESERVATION, or the path of any scope.
    #[arg(value_parser = scope)]
    scope: String,

    /// Whom it is about, by object id; you, where it is left out.
    #[arg(long, value_name = "OBJECT ID")]
    who: Option<String>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// List the roles that can be given at a scope.
#[derive(Debug, Args)]
struct Roles {
    /// ORDER, ORDER/RESERVATION, or the path of any scope.
    #[arg(value_parser = scope, default_value = "/")]
    scope: String,

    /// Those too that can be given below it only.
    #[arg(long)]
    below: bool,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// List who has which role at a scope, above it and in it.
#[derive(Debug, Args)]
struct List {
    /// ORDER, ORDER/RESERVATION, or the path of any scope.
    #[arg(value_parser = scope, default_value = "/")]
    scope: String,

    /// Only the roles of this principal, by object id.
    #[arg(long, value_name = "OBJECT ID", value_parser = principal)]
    who: Option<PrincipalId>,

    /// Only those at the scope and above it.
    #[arg(long)]
    at_scope: bool,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// Give somebody a role. Given already it is shown, and nothing is changed.
#[derive(Debug, Args)]
struct Assign {
    /// The role, by name or id.
    role: String,

    /// ORDER, ORDER/RESERVATION, or the path of any scope.
    #[arg(value_parser = scope)]
    scope: String,

    /// Who gets it, by object id.
    #[arg(long, value_name = "OBJECT ID", value_parser = principal)]
    who: PrincipalId,

    /// What for.
    #[arg(long)]
    description: Option<String>,

    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// Take a role away.
#[derive(Debug, Args)]
struct Remove {
    /// The assignment's path, as `access list` shows it in JSON, or its name with `--scope`.
    assignment: String,

    /// ORDER, ORDER/RESERVATION, or the path of any scope.
    #[arg(long, value_parser = scope)]
    scope: Option<String>,

    #[command(flatten)]
    connection: Connection,
}

/// A scope as commands take it, as the API does.
fn scope(text: &str) -> Result<String, String> {
    let says = "must be ORDER, ORDER/RESERVATION, or the path of a scope";
    if text.starts_with('/') {
        return Place::parse(text).map(|place| place.path()).ok_or_else(|| says.to_owned());
    }
    let (order, reservation) =
        text.split_once('/').map_or((text, None), |(order, rest)| (order, Some(rest)));
    let order = OrderId::parse(order).ok_or(says)?;
    let place = match reservation {
        None => Place::Order(order),
        Some(id) => Place::Reservation(order, ReservationId::parse(id).ok_or(says)?),
    };
    Ok(place.path())
}

fn principal(text: &str) -> Result<PrincipalId, String> {
    PrincipalId::parse(text).ok_or_else(|| "must be a GUID".to_owned())
}

/// The path of what is at a scope.
fn at(scope: &str, what: &str) -> String {
    format!("{}/providers/Microsoft.Authorization/{what}", scope.trim_end_matches('/'))
}

impl Why {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let mut question = json!({ "action": self.action, "scope": self.scope });
        if let Some(who) = &self.who {
            question["principal"] = json!(who);
        }
        let answer = client.post("/prorata/access/why", &question)?.accepted()?.body;
        self.output.print(&answer, why_text)?;
        Ok(if answer["allowed"] == json!(true) { Outcome::Done } else { Outcome::Refused })
    }
}

/// The answer for people: the sentence, what was looked at, and what would help.
fn why_text(answer: &Value) -> String {
    let mut text = format!("{}\n", plain(&answer["says"]));
    let reasons = answer["reasons"].as_array().into_iter().flatten();
    let reasons: Vec<Vec<String>> = reasons
        .map(|row| vec![plain(&row["outcome"]), plain(&row["ground"]), plain(&row["says"])])
        .collect();
    if !reasons.is_empty() {
        text.push('\n');
        text.push_str(&columns(&["Outcome", "What was looked at", "What it says"], reasons));
    }
    let remedies = answer["remedies"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !remedies.is_empty() {
        text.push_str("\nWhat would turn it into a yes:\n");
    }
    for remedy in remedies {
        text.push_str(&format!("  {}\n", plain(&remedy["says"])));
    }
    text
}

impl Roles {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let filter = if self.below { "atScopeAndBelow()" } else { "atScope()" };
        let rows = client.list(&definitions(&self.scope, filter), ROWS_MAX)?;
        self.output.print(&Value::Array(rows), |rows| {
            let rows = rows.as_array().into_iter().flatten();
            let list = |value: &Value| {
                let items = value.as_array().into_iter().flatten().map(plain);
                items.collect::<Vec<_>>().join(", ")
            };
            columns(
                &["Role", "Kind", "Id", "Can be given at"],
                rows.map(|row| {
                    let role = &row["properties"];
                    vec![
                        plain(&role["roleName"]),
                        plain(&role["type"]),
                        plain(&row["name"]),
                        list(&role["assignableScopes"]),
                    ]
                }),
            )
        })?;
        Ok(Outcome::Done)
    }
}

fn definitions(scope: &str, filter: &str) -> String {
    let path = at(scope, "roleDefinitions");
    format!("{path}?{VERSION}&$filter={}", percent_encoded(filter))
}

/// The id of a role by its name or id; names are looked up where it is to be given.
fn role_id(client: &Client, scope: &str, role: &str) -> Result<String, Failure> {
    if let Some(id) = RoleId::parse(role) {
        return Ok(id.to_string());
    }
    let filter = format!("roleName eq '{}'", role.replace('\'', "''"));
    let found = client.list(&definitions(scope, &filter), 1)?;
    let name = found.first().and_then(|row| row["name"].as_str());
    name.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("no role called `{role}` can be given at {scope}"))
            .with_code("RoleDefinitionDoesNotExist")
            .with_hint("`prorata access roles` lists those that can")
    })
}

impl List {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let mut terms = Vec::new();
        terms.extend(self.at_scope.then(|| "atScope()".to_owned()));
        terms.extend(self.who.map(|id| format!("principalId eq '{id}'")));
        let path = at(&self.scope, "roleAssignments");
        let filter = percent_encoded(&terms.join(" and "));
        let rows = client.list(&format!("{path}?{VERSION}&$filter={filter}"), ROWS_MAX)?;
        self.output.print(&Value::Array(rows), assignments_table)?;
        Ok(Outcome::Done)
    }
}

fn assignments_table(rows: &Value) -> String {
    let rows = match rows {
        Value::Array(rows) => rows.iter().collect(),
        one => vec![one],
    };
    columns(
        &["Principal", "Type", "Role", "Scope", "Name"],
        rows.into_iter().map(|row| {
            let given = &row["properties"];
            let role = plain(&given["roleDefinitionId"]);
            let id = role.rsplit('/').next().unwrap_or_default();
            let named = prorata_domain::access::role(id).map(|role| role.name.clone());
            vec![
                plain(&given["principalId"]),
                plain(&given["principalType"]),
                named.unwrap_or_else(|| id.to_owned()),
                plain(&given["scope"]),
                plain(&row["name"]),
            ]
        }),
    )
}

impl Assign {
    fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let role = role_id(&client, &self.scope, &self.role)?;
        let here = at(&self.scope, "roleAssignments");
        let mine = percent_encoded(&format!("atScope() and principalId eq '{}'", self.who));
        let held = client.list(&format!("{here}?{VERSION}&$filter={mine}"), ROWS_MAX)?;
        let is_it = |row: &&Value| {
            let given = &row["properties"];
            let ends = given["roleDefinitionId"].as_str().is_some_and(|id| id.ends_with(&role));
            let scope = given["scope"].as_str().unwrap_or_default();
            ends && scope.eq_ignore_ascii_case(&self.scope)
        };
        let body = match held.iter().find(is_it) {
            Some(row) => row.clone(),
            None => {
                let name = Uuid::new_v4();
                let id = at("", &format!("roleDefinitions/{role}"));
                let mut wish = json!({ "properties": {
                    "roleDefinitionId": id, "principalId": self.who.to_string(),
                } });
                if let Some(description) = &self.description {
                    wish["properties"]["description"] = json!(description);
                }
                client.put(&format!("{here}/{name}?{VERSION}"), &wish)?.body
            }
        };
        self.output.print(&body, assignments_table)?;
        Ok(Outcome::Done)
    }
}

impl Remove {
    fn run(&self) -> Result<Outcome, Failure> {
        let path = match (&self.scope, AssignmentId::parse(&self.assignment)) {
            (Some(scope), Some(id)) => at(scope, &format!("roleAssignments/{id}")),
            (None, None) if self.assignment.starts_with('/') => self.assignment.clone(),
            _ => {
                return Err(Failure::usage("which assignment is meant is not known")
                    .with_hint("give its whole path, or its name with --scope"));
            }
        };
        let client = Client::sign_in(&self.connection)?;
        let answer = client.delete(&format!("{path}?{VERSION}"))?;
        let gone = answer.status == ureq::http::StatusCode::NO_CONTENT;
        write(if gone { "There is no such assignment.\n" } else { "The role was taken away.\n" })?;
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[test]
    fn a_scope_is_an_order_a_reservation_or_a_path() {
        let id = "00000000-0000-4000-8000-00000000000a";
        let order = format!("/providers/Microsoft.Capacity/reservationOrders/{id}");
        assert_eq!(scope(id).unwrap(), order);
        assert_eq!(scope(&format!("{id}/{id}")).unwrap(), format!("{order}/reservations/{id}"));
        assert_eq!(scope("/").unwrap(), "/");
        for text in ["", "x", "/boats", &format!("{id}/x"), &format!("{id}/{id}/{id}")] {
            assert!(scope(text).is_err(), "{text}");
        }
    }
}
