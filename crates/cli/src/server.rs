//! Running the HTTP server from a command: binding, the certificate, the worker, and the end.

use crate::failure::{Doing, Failure};
use crate::outbound::Carrying;
use prorata_app::audit::seal;
use prorata_app::{App, worker};
use prorata_web::limits::Limits;
use prorata_web::proxy::Proxies;
use prorata_web::tls::{self, TlsMode};
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;

/// How often the worker looks for what fell due.
const WORK_EVERY: Duration = Duration::from_secs(1);

/// A server that is bound and does not answer yet.
pub struct Server {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    /// The operator's proxies in front of it.
    pub proxies: Proxies,
    /// Where clients find it, without a slash at the end.
    pub base_url: String,
    /// The authority that clients are to trust, where it is one of ours.
    pub ca_file: Option<PathBuf>,
}

impl Server {
    /// Binds an address and makes the certificate ready. `hosts` are further names that callers
    /// use.
    ///
    /// # Errors
    /// When the address is not to be had, or the certificate cannot be used.
    pub fn bind(listen: &str, mode: &TlsMode, hosts: &[String]) -> Result<Server, Failure> {
        let address = address(listen)?;
        let unbound = || format!("cannot listen on {listen}");
        let listener = TcpListener::bind(address)
            .map_err(|error| in_use(&error, unbound()))
            .and_then(|listener| {
                listener.set_nonblocking(true).doing(unbound())?;
                Ok(listener)
            })?;
        let local = listener.local_addr().doing(unbound())?;
        let mut names = hosts.to_vec();
        names.push(reachable(local.ip()).to_string());
        let acceptor = tls::acceptor(mode, &names).doing("TLS cannot be set up")?;
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let base_url =
            format!("{scheme}://{}", SocketAddr::new(reachable(local.ip()), local.port()));
        let ca_file = match mode {
            TlsMode::Auto { dir } => Some(absolute(&tls::ca_file(dir))?),
            TlsMode::Off | TlsMode::Files { .. } => None,
        };
        let proxies = Proxies::default();
        Ok(Server { listener, acceptor, proxies, base_url, ca_file })
    }

    /// Serves until the process is told to stop, lets running requests finish, and closes the
    /// database. `ready` is called once requests are answered.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub fn run(
        self,
        app: App,
        carrying: Option<Carrying>,
        options: prorata_web::Options,
        ready: impl FnOnce(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .doing("the server cannot be started")?;
        worker::begin(&app)?;
        let worker = Worker::start(&app)?;
        let store = app.store.clone();
        let served = runtime.block_on(async move {
            let stop = stop_signal()?;
            let listener = tokio::net::TcpListener::from_std(self.listener)
                .doing("the server cannot be started")?;
            let router = prorata_web::router_behind(app, options, self.proxies);
            ready(&self.base_url)?;
            prorata_web::server::serve(listener, self.acceptor, router, Limits::default(), stop)
                .await
                .doing("the server ended")
        });
        worker.stop();
        carrying.into_iter().for_each(Carrying::stop);
        // The store's own runtime must not end inside ours.
        drop(runtime);
        store.close();
        served
    }
}

fn in_use(error: &std::io::Error, what: impl Display) -> Failure {
    let failure = Failure::new(format!("{what}: {error}"));
    if error.kind() == std::io::ErrorKind::AddrInUse {
        failure.with_hint("choose another port with --listen, or 0 for any free one")
    } else {
        failure
    }
}

fn address(listen: &str) -> Result<SocketAddr, Failure> {
    let found = listen.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| {
        Failure::usage(format!("`{listen}` is not an address to listen on"))
            .with_hint("write host and port, such as 127.0.0.1:8443 or [::]:8443")
    })
}

/// An address that a client on this machine can use: the loopback for "all addresses".
fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

/// # Errors
/// When there is no current directory.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).doing(format_args!("`{}` has no absolute path", path.display()))
}

/// Completes at the first SIGTERM or SIGINT; a second one ends the process at once.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let unset = "signals cannot be listened for";
    let mut terminate = signal(SignalKind::terminate()).doing(unset)?;
    let mut interrupt = signal(SignalKind::interrupt()).doing(unset)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: running requests may finish");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::warn!("stopped at once");
            std::process::exit(1);
        });
    })
}

/// The thread that runs what falls due, and seals what was recorded. In a sandbox it only seals:
/// there the clock runs what falls due when it is moved.
struct Worker {
    stop: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Worker {
    fn start(app: &App) -> Result<Worker, Failure> {
        let app = app.clone();
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || {
                seal_open(&app);
                while stopped.recv_timeout(WORK_EVERY) == Err(RecvTimeoutError::Timeout) {
                    if !app.clock.is_sandbox()
                        && let Err(error) = worker::run_due(&app, app.now())
                    {
                        tracing::warn!(%error, "what fell due could not be run");
                    }
                    seal_open(&app);
                }
                seal_open(&app);
            })
            .doing("the worker cannot be started")?;
        Ok(Worker { stop, thread })
    }

    fn stop(self) {
        drop(self.stop);
        // A worker that panicked has been logged; the end goes on.
        let _ = self.thread.join();
    }
}

/// Seals what was recorded since the last time.
fn seal_open(app: &App) {
    if let Err(error) = seal::run(app) {
        tracing::warn!(%error, "what was recorded could not be sealed; it is tried again");
    }
}

/// Logs to standard error: `PRORATA_LOG` says what, `info` by default.
pub fn log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("PRORATA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second call keeps the first subscriber.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_clients_is_one_they_can_use() {
        let shown = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0"), "127.0.0.1");
        assert_eq!(shown("::"), "::1");
        assert_eq!(shown("10.0.0.7"), "10.0.0.7");
        assert!(address("nowhere").is_err());
    }
}
