//! The real server, started from the release binary on a folder that was filled before.

use crate::client::{Address, Connection};
use crate::desk::Customer;
use crate::{Trouble, measure};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The file of the database in a data folder.
pub const DATABASE: &str = "prorata.db";

/// A running server; dropped, it is told to stop and waited for.
pub struct Server {
    child: Child,
    pub address: Address,
    /// From starting the program to the line that says it is ready.
    pub ready_in: Duration,
}

/// The release binary, which lies beside this program.
pub fn binary() -> Result<PathBuf, Trouble> {
    let binary = std::env::current_exe()?.with_file_name("prorata");
    if binary.exists() {
        Ok(binary)
    } else {
        Err(format!("{} is not built", binary.display()).into())
    }
}

impl Server {
    /// Starts the server over the database in a folder, with TLS, and waits until it is ready.
    pub fn start(data: &Path) -> Result<Server, Trouble> {
        Server::run(data, &["--sandbox"])
    }

    /// The same with the limits that a test bench is spared.
    pub fn start_in_earnest(data: &Path) -> Result<Server, Trouble> {
        Server::run(data, &[])
    }

    fn run(data: &Path, options: &[&str]) -> Result<Server, Trouble> {
        let started = Instant::now();
        let mut child = Command::new(binary()?)
            .arg("serve")
            .args(options)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env("PRORATA_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("the server has no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready_in = started.elapsed();
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.ok_or_else(|| format!("the server said `{}`", line.trim()))?;
        Ok(Server { child, address: Address::new(port, &data.join("ca.pem"))?, ready_in })
    }

    /// Memory that the server holds now, in MB.
    pub fn resident(&self) -> Result<f64, Trouble> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 =
            line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS")?.parse()?;
        Ok(kib * 1024.0 / 1e6)
    }

    /// Tokens of all customers, by position.
    pub fn tokens(&self, customers: &[Customer]) -> Result<Vec<String>, Trouble> {
        let address = self.address.clone();
        let customers = customers.to_vec();
        measure::runtime()?.block_on(async move {
            let mut connection = address.connect().await?;
            let mut tokens = Vec::with_capacity(customers.len());
            for customer in &customers {
                tokens.push(token(&address, &mut connection, customer).await?);
            }
            Ok(tokens)
        })
    }

    /// Tells the server to stop and waits until it has.
    pub fn stop(mut self) -> Result<(), Trouble> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Trouble> {
        if self.child.try_wait()?.is_none() {
            let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
            if !told.success() {
                self.child.kill()?;
            }
            self.child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(trouble) = self.end() {
            eprintln!("the server was not stopped: {trouble}");
        }
    }
}

async fn token(
    address: &Address,
    connection: &mut Connection,
    customer: &Customer,
) -> Result<String, Trouble> {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=https%3A%2F%2F127.0.0.1%2F.default",
        customer.client, customer.secret
    );
    let path = format!("/{}/oauth2/v2.0/token", customer.tenant);
    let request = address.request("POST", &path, "", "application/x-www-form-urlencoded", &form);
    let answer = connection.expect(&request, 200).await?;
    let body: serde_json::Value = serde_json::from_slice(answer.body)?;
    Ok(body["access_token"].as_str().ok_or("a token answer without a token")?.to_owned())
}
