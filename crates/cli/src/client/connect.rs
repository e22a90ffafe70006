//! Where the server is and who signs in: flags, environment, or a sandbox file.

use crate::failure::{Doing, Failure};
use crate::sandbox::SandboxFile;
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use uuid::Uuid;

/// How long a whole call may take: twice what the server gives itself.
const CALL_TIME_MAX: Duration = Duration::from_secs(60);

/// How to reach the server and as whom.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// The server's address, such as https://127.0.0.1:8443.
    #[arg(long, env = "PRORATA_URL")]
    pub url: Option<String>,

    /// The certificate authority to trust (PEM); without it, the public ones.
    #[arg(long, value_name = "FILE", env = "PRORATA_CA")]
    pub ca: Option<PathBuf>,

    /// The tenant to sign in to.
    #[arg(long, value_name = "ID", env = "PRORATA_TENANT")]
    pub tenant: Option<Uuid>,

    /// The client id of the principal.
    #[arg(long, value_name = "ID", env = "PRORATA_CLIENT_ID")]
    pub client_id: Option<Uuid>,

    /// Its secret; the environment keeps it out of the list of processes.
    #[arg(long, value_name = "TEXT", env = "PRORATA_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,

    /// Take all of these from the sandbox.json that `serve --sandbox` wrote.
    #[arg(long, value_name = "FILE", env = "PRORATA_SANDBOX")]
    pub sandbox_file: Option<PathBuf>,

    /// Which principal of the sandbox file; without it, the first.
    #[arg(id = "as", long = "as", value_name = "NAME", env = "PRORATA_AS")]
    pub principal: Option<String>,
}

/// Everything there is to know before signing in.
pub struct Settings {
    /// Without a slash at its end.
    pub url: String,
    pub ca: Option<PathBuf>,
    pub tenant: Uuid,
    pub client_id: Uuid,
    pub client_secret: String,
    /// The first subscription of the principal's tenant, where a sandbox file tells it.
    pub subscription: Option<Uuid>,
}

impl Connection {
    /// # Errors
    /// A usage failure that lists what is missing.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let mut found = self.clone();
        let mut subscription = None;
        if let Some(path) = &self.sandbox_file {
            subscription = found.fill(path)?;
        } else if self.principal.is_some() {
            return Err(Failure::usage("--as names a principal of a sandbox file")
                .with_hint("name the file with --sandbox-file"));
        }
        let missing: Vec<&str> = [
            ("--url", found.url.is_none()),
            ("--tenant", found.tenant.is_none()),
            ("--client-id", found.client_id.is_none()),
            ("--client-secret", found.client_secret.is_none()),
        ]
        .into_iter()
        .filter_map(|(flag, missing)| missing.then_some(flag))
        .collect();
        let (Some(url), Some(tenant), Some(client_id), Some(client_secret)) =
            (found.url, found.tenant, found.client_id, found.client_secret)
        else {
            let missing = missing.join(", ");
            return Err(Failure::usage(format!("to reach a server, {missing} must be given"))
                .with_hint(
                    "or take all of it from a sandbox with --sandbox-file DIR/sandbox.json",
                ));
        };
        let url = url.trim_end_matches('/').to_owned();
        Ok(Settings { url, ca: found.ca, tenant, client_id, client_secret, subscription })
    }

    /// Takes what the command line leaves open from a sandbox file; answers the subscription.
    fn fill(&mut self, path: &Path) -> Result<Option<Uuid>, Failure> {
        let file = SandboxFile::read(path)?;
        let principal = match &self.principal {
            None => file.principals.first(),
            Some(name) => file.principals.iter().find(|principal| principal.name == *name),
        };
        let Some(principal) = principal else {
            let names: Vec<&str> =
                file.principals.iter().map(|principal| principal.name.as_str()).collect();
            return Err(Failure::usage(format!("`{}` has no such principal", path.display()))
                .with_hint(format_args!("it has {}", names.join(", "))));
        };
        let tenant = *self.tenant.get_or_insert(principal.tenant_id);
        self.url.get_or_insert(file.base_url);
        if self.ca.is_none() {
            self.ca = file.ca_file;
        }
        self.client_id.get_or_insert(principal.client_id);
        self.client_secret.get_or_insert_with(|| principal.client_secret.clone());
        Ok(file.subscriptions.iter().find(|row| row.tenant_id == tenant).map(|row| row.id))
    }
}

impl Settings {
    /// # Errors
    /// When the authority's file cannot be read.
    pub fn agent(&self) -> Result<Agent, Failure> {
        let mut tls = TlsConfig::builder();
        if let Some(path) = &self.ca {
            tls = tls.root_certs(RootCerts::Specific(Arc::new(authorities(path)?)));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(CALL_TIME_MAX))
            .user_agent(concat!("prorata/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(config.new_agent())
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let unusable = || format!("the authority file `{}` cannot be used", path.display());
    let text = fs::read(path).doing(unusable())?;
    let mut found = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.doing(unusable())? {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(Failure::new(unusable()).with_hint("it holds no certificate"));
    }
    Ok(found)
}
