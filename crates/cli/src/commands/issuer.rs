//! `prorata issuer`: the issuers whose tokens are taken besides the desk's own, and its own keys.

use crate::database::Database;
use crate::failure::{Doing, Failure, Outcome};
use crate::output::{Output, columns, plain, write};
use clap::{Args, ValueEnum};
use prorata_app::clock::Clock;
use prorata_app::identity::issuers::{self, ClaimNames, IssuerRow, Provision, Shape};
use prorata_app::{App, identity};
use prorata_domain::ids::TenantId;
use prorata_domain::policy::Book;
use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

/// Bytes of a file with an issuer, a certificate authority or a secret.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Trust an OpenID provider, or change what is known of it.
///
/// What a FILE says comes first, and options change it. The client secret is given by the
/// environment (PRORATA_ISSUER_SECRET) or a file, so that it is in no list of processes.
#[derive(Debug, Args)]
pub struct Add {
    /// What links and commands call it: small letters, digits and hyphens.
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    database: Database,

    /// A JSON file with the members that a world document's `issuers` have; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<String>,

    /// The `iss` of its tokens, exactly; {tenantid} stands for the tenant they are of.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,

    /// A further form of it that its tokens may have; may be repeated.
    #[arg(long, value_name = "URL")]
    also: Vec<String>,

    /// Where its configuration is, if not under its own address.
    #[arg(long, value_name = "URL")]
    discovery: Option<String>,

    /// What the sign-in page calls it.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// What its tokens look like.
    #[arg(long, value_enum)]
    shape: Option<ShapeWord>,

    /// A tenant that it speaks for; may be repeated.
    #[arg(long = "tenant", value_name = "ID")]
    tenants: Vec<Uuid>,

    /// For whom its access tokens must be; may be repeated.
    #[arg(long = "audience", value_name = "TEXT")]
    audiences: Vec<String>,

    /// The client that the desk is there; people then sign in at the portal this way.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,

    /// That client's secret, in a file; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<String>,

    /// For whom the first sight of a token makes a principal, without any role.
    #[arg(long, value_enum)]
    provision: Option<ProvisionWord>,

    /// A role that its tokens must have.
    #[arg(long, value_name = "ROLE")]
    required_role: Option<String>,

    /// Let it be at a loopback or private address.
    #[arg(long)]
    inner_network: bool,

    /// Certificate authorities to trust for it in place of the public ones (PEM).
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShapeWord {
    Generic,
    Entra,
    Keycloak,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProvisionWord {
    None,
    Users,
    All,
}

impl Add {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let row = self.row()?;
        let app = self.database.open()?;
        let changed = issuers::add(&app, row)?;
        write(if changed { "changed\n" } else { "unchanged\n" })?;
        Ok(Outcome::Done)
    }

    fn row(&self) -> Result<IssuerRow, Failure> {
        let mut row = match &self.file {
            Some(file) => self.read(file)?,
            None => self.empty()?,
        };
        set(&mut row.issuer, self.issuer.clone());
        some(&mut row.discovery, &self.discovery);
        some(&mut row.name, &self.name);
        some(&mut row.client_id, &self.client_id);
        some(&mut row.required_role, &self.required_role);
        many(&mut row.also, &self.also);
        many(&mut row.audiences, &self.audiences);
        let tenants: Vec<TenantId> = self.tenants.iter().copied().map(TenantId).collect();
        many(&mut row.tenants, &tenants);
        set(&mut row.shape, self.shape.map(ShapeWord::shape));
        set(&mut row.provision, self.provision.map(ProvisionWord::provision));
        row.inner_network |= self.inner_network;
        if let Some(secret) = self.secret()? {
            row.client_secret = Some(secret);
        }
        if let Some(ca) = &self.ca {
            row.ca = Some(super::read_input(&ca.display().to_string(), FILE_BYTES_MAX)?);
        }
        Ok(row)
    }

    fn read(&self, file: &str) -> Result<IssuerRow, Failure> {
        let text = super::read_input(file, FILE_BYTES_MAX)?;
        let unusable = || format!("`{file}` cannot be used");
        let mut members: Value = serde_json::from_str(&text).doing(unusable())?;
        members["id"] = json!(self.id);
        if let Some(issuer) = &self.issuer {
            members["issuer"] = json!(issuer);
        }
        if members.get("tenants").is_none() {
            members["tenants"] = json!([]);
        }
        serde_json::from_value(members).doing(unusable())
    }

    fn empty(&self) -> Result<IssuerRow, Failure> {
        let issuer = self.issuer.clone().ok_or_else(|| {
            Failure::usage("the issuer's address is missing").with_hint("give --issuer or --file")
        })?;
        Ok(IssuerRow {
            id: self.id.clone(),
            name: None,
            issuer,
            also: Vec::new(),
            discovery: None,
            audiences: Vec::new(),
            tenants: Vec::new(),
            shape: Shape::default(),
            claims: ClaimNames::default(),
            required_role: None,
            provision: Provision::default(),
            client_id: None,
            client_secret: None,
            scopes: None,
            inner_network: false,
            ca: None,
        })
    }

    fn secret(&self) -> Result<Option<String>, Failure> {
        let text = match &self.client_secret_file {
            Some(file) => Some(super::read_input(file, FILE_BYTES_MAX)?),
            None => std::env::var("PRORATA_ISSUER_SECRET").ok(),
        };
        Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    }
}

fn set<T>(into: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *into = given;
    }
}

fn some(into: &mut Option<String>, given: &Option<String>) {
    if given.is_some() {
        into.clone_from(given);
    }
}

fn many<T: Clone>(into: &mut Vec<T>, given: &[T]) {
    if !given.is_empty() {
        *into = given.to_vec();
    }
}

impl ShapeWord {
    fn shape(self) -> Shape {
        match self {
            ShapeWord::Generic => Shape::Generic,
            ShapeWord::Entra => Shape::Entra,
            ShapeWord::Keycloak => Shape::Keycloak,
        }
    }
}

impl ProvisionWord {
    fn provision(self) -> Provision {
        match self {
            ProvisionWord::None => Provision::None,
            ProvisionWord::Users => Provision::Users,
            ProvisionWord::All => Provision::All,
        }
    }
}

/// List the trusted issuers, without their secrets.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    database: Database,

    #[command(flatten)]
    output: Output,
}

impl List {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let app = existing(&self.database)?;
        let rows = issuers::list(&app).into_iter().map(|shown| serde_json::to_value(shown.row));
        let rows = rows.collect::<Result<_, _>>().doing("the issuers cannot be shown")?;
        self.output.print(&Value::Array(rows), table)?;
        Ok(Outcome::Done)
    }
}

fn table(rows: &Value) -> String {
    let of = |row: &Value| {
        let tenants = row["tenants"].as_array().into_iter().flatten().map(plain);
        let tenants = tenants.collect::<Vec<_>>().join(" ");
        vec![plain(&row["id"]), plain(&row["shape"]), plain(&row["issuer"]), tenants]
    };
    columns(&["Id", "Shape", "Issuer", "Tenants"], rows.as_array().into_iter().flatten().map(of))
}

/// Trust an issuer no more. Which principals its accounts are stays known, should it come back.
#[derive(Debug, Args)]
pub struct Remove {
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    database: Database,
}

impl Remove {
    pub fn run(&self) -> Result<Outcome, Failure> {
        if issuers::remove(&existing(&self.database)?, &self.id)? {
            return Ok(Outcome::Done);
        }
        Err(Failure::new(format!("no issuer is called `{}`", self.id)))
    }
}

/// Make a new key for the desk's own tokens, which signs from now on. Tokens of the old one go on
/// until they end. Keys are also replaced by themselves, each after 90 days.
#[derive(Debug, Args)]
pub struct RotateKey {
    #[command(flatten)]
    database: Database,
}

impl RotateKey {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let id = identity::rotate(&existing(&self.database)?)?;
        write(&format!("the key {id} signs from now on\n"))?;
        Ok(Outcome::Done)
    }
}

fn existing(database: &Database) -> Result<App, Failure> {
    Ok(App::open(database.existing()?, Book::built_in().clone(), Clock::System)?)
}
