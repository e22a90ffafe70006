//! The sample world of a sandbox, and the file that tells test benches how to sign in to it.

use crate::failure::{Doing, Failure};
use prorata_app::world::{self, Document};
use prorata_app::{App, identity, prices};
use prorata_wire::import::price_csv;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use uuid::Uuid;

const SAMPLE_WORLD: &str = include_str!("../sample-world.toml");

/// `sandbox.json`: where the server is and who may sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxFile {
    pub base_url: String,
    /// The file with the certificate authority to trust; absolute. Nothing without TLS, or where
    /// the certificate was given.
    pub ca_file: Option<PathBuf>,
    /// The first one is owner of the first subscription, with the right to buy.
    pub principals: Vec<Principal>,
    pub subscriptions: Vec<Subscription>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Principal {
    pub name: String,
    pub tenant_id: Uuid,
    pub client_id: Uuid,
    pub client_secret: String,
    pub roles: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub billing_account: String,
    pub currency: String,
}

impl SandboxFile {
    pub fn path(dir: &Path) -> PathBuf {
        dir.join("sandbox.json")
    }

    /// # Errors
    /// When the file is not there or is not one of ours.
    pub fn read(path: &Path) -> Result<SandboxFile, Failure> {
        let text = fs::read_to_string(path)
            .doing(format_args!("the sandbox file `{}` cannot be read", path.display()))?;
        serde_json::from_str(&text)
            .doing(format_args!("`{}` is not a sandbox file", path.display()))
    }

    /// Writes the file, readable by its owner alone, in one step: no reader sees half of it.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).doing("the sandbox file cannot be made")?;
        let fresh = path.with_extension("json.new");
        private_file(&fresh)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.write_all(b"\n")?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&fresh, path))
            .doing(format_args!("the sandbox file `{}` cannot be written", path.display()))
    }
}

fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The sample world with fresh secrets: each directory has its own.
///
/// # Errors
/// Never for the text that is compiled in.
pub fn sample_world() -> Result<Document, Failure> {
    let unreadable = "the sample world cannot be read";
    let mut table: toml::Table = SAMPLE_WORLD.parse().doing(unreadable)?;
    let principals = table.get_mut("principals").and_then(toml::Value::as_array_mut);
    for principal in principals.into_iter().flatten() {
        if let Some(row) = principal.as_table_mut() {
            row.insert("clientSecret".to_owned(), identity::new_secret().into());
        }
    }
    table.try_into().doing(unreadable)
}

/// Fills an empty database with the sample world and the built-in price list; answers what goes
/// into the sandbox file, but for the address.
///
/// # Errors
/// Those of the database.
pub fn fill(app: &App) -> Result<SandboxFile, Failure> {
    let document = sample_world()?;
    // Reading prices and hashing secrets each take a while, and neither needs the other.
    let (imported, applied) = thread::scope(|scope| {
        let imported = scope.spawn(|| prices::import(app, price_csv::built_in(&app.catalog)));
        let applied = world::apply(app, document.clone());
        (imported.join(), applied)
    });
    imported.map_err(|_| Failure::new("the built-in price list cannot be read"))??;
    applied?;
    Ok(described(&document))
}

fn described(document: &Document) -> SandboxFile {
    let principals = document.principals.iter().map(|row| {
        let assigned = document
            .role_assignments
            .iter()
            .filter(|role| role.client_id == row.client_id && role.tenant_id == row.tenant_id);
        let mut roles: Vec<String> = Vec::new();
        for role in assigned {
            if !roles.contains(&role.role) {
                roles.push(role.role.clone());
            }
        }
        Principal {
            name: row.name.clone(),
            tenant_id: row.tenant_id.0,
            client_id: row.client_id,
            client_secret: row.client_secret.clone(),
            roles,
        }
    });
    let subscriptions = document.subscriptions.iter().map(|row| {
        let account =
            document.billing_accounts.iter().find(|account| account.id == row.billing_account);
        Subscription {
            id: row.id.0,
            tenant_id: row.tenant_id.0,
            billing_account: row.billing_account.clone(),
            currency: account.map(|account| account.currency.clone()).unwrap_or_default(),
        }
    });
    SandboxFile {
        base_url: String::new(),
        ca_file: None,
        principals: principals.collect(),
        subscriptions: subscriptions.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_principal_owns_the_first_subscription_which_pays_in_dollars() {
        let document = sample_world().unwrap();
        let (first, paying) = (&document.principals[0], &document.subscriptions[0]);
        assert_eq!(first.tenant_id, paying.tenant_id);
        let scope = format!("/subscriptions/{}", paying.id);
        assert!(document.role_assignments.iter().any(|role| {
            role.client_id == first.client_id && role.role == "Owner" && role.scope == scope
        }));
        let described = described(&document);
        assert_eq!(described.subscriptions[0].currency, "USD");
        assert_eq!(described.principals[0].roles, ["Owner"]);
        let mut secrets: Vec<&str> =
            document.principals.iter().map(|row| row.client_secret.as_str()).collect();
        secrets.sort_unstable();
        secrets.dedup();
        assert_eq!(secrets.len(), document.principals.len(), "each has a secret of its own");
    }

    #[test]
    fn a_partner_and_three_customers_have_three_kinds_of_agreement() {
        let document = sample_world().unwrap();
        let mut kinds: Vec<&str> =
            document.billing_accounts.iter().map(|row| row.agreement.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds, ["csp", "ea", "mca"]);
        assert_eq!(document.tenants.len(), 4);
    }
}
