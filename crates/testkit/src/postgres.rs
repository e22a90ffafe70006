//! A throw-away PostgreSQL server for tests, on loopback, gone with the test's process.
//!
//! This file uses the standard library alone: the store's own tests include it, since they come
//! before the crates that the rest of the test kit needs.

use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Names an existing server to use instead, as `postgres://user:password@host:port/database`.
const EXISTING: &str = "PRORATA_TEST_POSTGRES";
/// When it is `1`, a missing server is a failure and not a skipped test.
const REQUIRE_ALL: &str = "PRORATA_REQUIRE_ALL";
/// Where Debian and its relatives keep the server's programs.
const INSTALLED: &str = "/usr/lib/postgresql";
const START_MAX: Duration = Duration::from_secs(60);

/// Keeps the server running while its standard input is open. That pipe closes when the test's
/// process ends in whatever way, so nothing is left behind.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c max_connections=200 \
    -c fsync="$4" -c synchronous_commit=on -c shared_buffers=256MB -c max_wal_size=2GB \
    -c log_min_messages=fatal -c log_min_error_statement=panic >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A PostgreSQL server, started here or given.
pub struct Cluster {
    /// The address of the server without the name of a database, and what follows that name.
    address: (String, String),
    /// A database to connect to for making others.
    first: String,
    psql: PathBuf,
    keeper: Option<Child>,
    made: AtomicU32,
}

impl Cluster {
    /// Starts a server that does not wait for the disk, which is right for everything but
    /// measuring. Where PostgreSQL is not installed it says so and answers nothing.
    ///
    /// # Panics
    /// When the server does not start; when it is missing and `PRORATA_REQUIRE_ALL` is `1`.
    pub fn start() -> Option<Cluster> {
        Cluster::start_with(false)
    }

    /// Starts a server that keeps every commit on disk, for measuring.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub fn start_durable() -> Option<Cluster> {
        Cluster::start_with(true)
    }

    /// The server that all tests of one program share.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub fn shared() -> Option<&'static Cluster> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Cluster::start).as_ref()
    }

    /// Makes an empty database and answers its address.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn database(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("prorata_{}_{number}_{}", std::process::id(), nanos());
        self.run(&format!("CREATE DATABASE {name}"));
        let (before, after) = &self.address;
        format!("{before}/{name}{after}")
    }

    /// The folder with the server's programs, such as `pgbench`.
    pub fn programs(&self) -> Option<&Path> {
        self.psql.parent()
    }

    fn run(&self, sql: &str) {
        let output = Command::new(&self.psql)
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.first])
            .output()
            .expect("psql runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{sql}` failed: {text}");
    }

    fn start_with(durable: bool) -> Option<Cluster> {
        if let Ok(url) = std::env::var(EXISTING) {
            return Some(Cluster::existing(&url));
        }
        let Some(programs) = programs() else {
            let missing = format!("no PostgreSQL server under {INSTALLED}");
            assert!(std::env::var(REQUIRE_ALL).as_deref() != Ok("1"), "{missing}");
            eprintln!("SKIPPED: {missing}; tests on PostgreSQL do not run");
            return None;
        };
        let folder = std::env::temp_dir().join(format!(
            "prorata-testkit-pg-{}-{}",
            std::process::id(),
            nanos()
        ));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let user = server_user();
        if let Some(user) = user {
            // The server will not run as root, so its files belong to somebody else.
            must(Command::new("chown").arg(user).arg(&folder));
        }
        must(run_as(user, &programs.join("initdb")).arg("-D").arg(folder.join("data")).args([
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        // A port that is free now may be taken a moment later by somebody else.
        (0..5)
            .find_map(|_| Cluster::launch(&programs, &folder, user, durable))
            .or_else(|| panic!("PostgreSQL does not start: {}", log(&folder)))
    }

    fn launch(
        programs: &Path,
        folder: &Path,
        user: Option<&str>,
        durable: bool,
    ) -> Option<Cluster> {
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let mut keeper = run_as(user, Path::new("sh"))
            .args(["-c", KEEPER, "keeper"])
            .arg(programs)
            .arg(folder)
            .arg(port.to_string())
            .arg(if durable { "on" } else { "off" })
            .current_dir("/")
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell runs");
        let address = format!("postgres://postgres@127.0.0.1:{port}");
        let started = Instant::now();
        while started.elapsed() < START_MAX {
            let ready = Command::new(programs.join("psql"))
                .args(["-X", "-q", "-c", "SELECT 1", &format!("{address}/postgres")])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if ready.is_ok_and(|status| status.success()) {
                return Some(Cluster {
                    first: format!("{address}/postgres"),
                    address: (address, String::new()),
                    psql: programs.join("psql"),
                    keeper: Some(keeper),
                    made: AtomicU32::new(0),
                });
            }
            if log(folder).contains("could not bind") {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        drop(keeper.stdin.take());
        let _ = keeper.wait();
        None
    }

    fn existing(url: &str) -> Cluster {
        let (server, query) = url.split_once('?').unwrap_or((url, ""));
        let scheme = server.find("://").map_or(0, |at| at + 3);
        let before = server[scheme..].find('/').map_or(server, |at| &server[..scheme + at]);
        let after = if query.is_empty() { String::new() } else { format!("?{query}") };
        Cluster {
            address: (before.to_owned(), after),
            first: url.to_owned(),
            psql: programs().map_or_else(|| "psql".into(), |programs| programs.join("psql")),
            keeper: None,
            made: AtomicU32::new(0),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }
}

/// The newest installed server's programs.
fn programs() -> Option<PathBuf> {
    let version = |path: &PathBuf| -> Option<u32> { path.file_name()?.to_str()?.parse().ok() };
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir(INSTALLED).ok()?.flatten().map(|entry| entry.path()).collect();
    versions.sort_by_key(version);
    versions
        .into_iter()
        .rev()
        .map(|path| path.join("bin"))
        .find(|programs| programs.join("initdb").exists() && programs.join("postgres").exists())
}

/// Whose server it is to be when this process is root's.
fn server_user() -> Option<&'static str> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let known = |user: &str| {
        Command::new("id").arg(user).output().is_ok_and(|output| output.status.success())
    };
    root.then(|| if known("postgres") { "postgres" } else { "nobody" })
}

fn run_as(user: Option<&str>, program: &Path) -> Command {
    match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program).current_dir("/");
            command
        }
    }
}

fn must(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {text}");
}

fn log(folder: &Path) -> String {
    let mut text = String::new();
    if let Ok(mut file) = std::fs::File::open(folder.join("log")) {
        let _ = file.read_to_string(&mut text);
    }
    text
}

fn nanos() -> u32 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.subsec_nanos())
}
