//! Running the binary.

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory of one test, gone at its end.
pub struct Place(pub PathBuf);

impl Place {
    pub fn new() -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("prorata-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Place(dir)
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("ended by itself");
        Said { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Standard output, after making sure that the command ended well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:#?}");
        self.out
    }
}

/// A command without what the environment of the test run may hold for it.
pub fn prorata() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prorata"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PRORATA_")) {
        command.env_remove(name);
    }
    command
}

pub fn run(arguments: &[&str]) -> Said {
    Said::of(prorata().args(arguments).stdin(Stdio::null()).output().unwrap())
}

pub fn run_with_input(arguments: &[&str], input: &str) -> Said {
    let mut child = prorata()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Said::of(child.wait_with_output().unwrap())
}

/// A server that runs until it is stopped.
pub struct Server {
    child: Child,
    pub url: String,
    pub dir: PathBuf,
}

impl Server {
    /// A server on the embedded database of a directory.
    pub fn start(dir: &Path, arguments: &[&str]) -> Server {
        Server::start_on(dir, &[&["--data", dir.to_str().unwrap()], arguments].concat())
    }

    /// A server on the database that the arguments name, with its own files in `dir`.
    pub fn start_on(dir: &Path, arguments: &[&str]) -> Server {
        let mut child = prorata()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect(&line).to_owned();
        Server { child, url, dir: dir.to_owned() }
    }

    pub fn sandbox_file(&self) -> String {
        self.dir.join("sandbox.json").to_str().unwrap().to_owned()
    }

    pub fn sandbox(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.sandbox_file()).unwrap()).unwrap()
    }

    /// A client command on this server.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let mut command = prorata();
        command.args(arguments).args(["--sandbox-file", &self.sandbox_file()]);
        Said::of(command.stdin(Stdio::null()).output().unwrap())
    }

    /// The result of a query on the answer of a client command.
    #[track_caller]
    pub fn query(&self, arguments: &[&str], query: &str) -> Value {
        let said = self.run(&[arguments, &["-o", "json", "--query", query]].concat());
        serde_json::from_str(&said.ok()).unwrap()
    }

    /// Moves the sandbox's clock.
    pub fn set_clock(&self, now: &str) {
        let answer = self
            .agent()
            .post(format!("{}/sandbox/clock", self.url))
            .header("content-type", "application/json")
            .send(format!("{{\"now\": \"{now}\"}}"))
            .unwrap();
        assert_eq!(answer.status(), 200);
    }

    pub fn agent(&self) -> ureq::Agent {
        let pem = fs::read(self.dir.join("ca.pem")).unwrap();
        let ca = ureq::tls::Certificate::from_pem(&pem).unwrap();
        let roots = ureq::tls::RootCerts::Specific(std::sync::Arc::new(vec![ca]));
        let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
        let config = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false);
        config.build().new_agent()
    }

    /// Sends SIGTERM and waits for the end; answers the exit code.
    pub fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
