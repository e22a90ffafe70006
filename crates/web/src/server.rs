//! Accepting connections, serving HTTP/1.1 on them, and stopping.
//!
//! Nothing a single caller does ends the server or another caller's request: each connection is a
//! task of its own, every wait has a bound, and a failed accept only rests.

mod rest;
mod watched;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;

use self::rest::Rest;
use self::watched::{UNUSED, Watched};
use crate::limits::{ACCEPT_REST_TIME, FILES_KEPT_BACK, LINGER_TIME, Limits};

/// Who is at the other end of a request's connection, in the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The caller's address, or the proxy's.
    pub address: SocketAddr,
    /// Our address that was connected to.
    pub local: SocketAddr,
    /// Whether the connection is encrypted by us.
    pub tls: bool,
}

/// What connections are told about the server's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Serving,
    /// Finish what runs, take no more.
    Draining,
    /// The time for that is over.
    Over,
}

/// Serves `app` until `shutdown`, then lets running requests finish within
/// [`Limits::drain_time`] and returns. Errors: none after the start; refused accepts are logged.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (tell, phase) = watch::channel(Phase::Serving);
    let connections_max = limits.connections_max.min(files_allow()).max(1);
    let permits = Arc::new(Semaphore::new(connections_max));
    let server = Arc::new(Server { tls, app, limits, http: http1::Builder::new() }.configured());
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let permit = permits.clone().acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            next = next => next,
        };
        let Ok(permit) = permit else { break };
        match accepted {
            Ok((stream, address)) => {
                tokio::spawn(server.clone().connection(stream, address, phase.clone(), permit));
            }
            Err(error) if is_callers(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_REST_TIME).await;
            }
        }
    }
    drop(listener);
    let _ = tell.send(Phase::Draining);
    // All permits are back when all connections have ended.
    let all = u32::try_from(connections_max).unwrap_or(u32::MAX);
    if timeout(server.limits.drain_time, permits.acquire_many(all)).await.is_err() {
        let left = connections_max - permits.available_permits();
        tracing::warn!(left, "connections still busy after the drain time are cut");
        let _ = tell.send(Phase::Over);
        let _ = timeout(Duration::from_secs(1), permits.acquire_many(all)).await;
    }
    Ok(())
}

/// Whether an accept failed through the caller alone, so that the next can be taken at once.
fn is_callers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Connections that the process's bound on open files has room for.
fn files_allow() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok())
        .map_or(usize::MAX, |files| files.saturating_sub(FILES_KEPT_BACK))
        .min(Semaphore::MAX_PERMITS)
}

struct Server {
    tls: Option<TlsAcceptor>,
    app: Router,
    limits: Limits,
    http: http1::Builder,
}

impl Server {
    fn configured(mut self) -> Self {
        let slack = 16 << 10;
        self.http
            .timer(TokioTimer::new())
            // hyper starts this clock when a kept connection becomes idle; the shorter bound on
            // a header that has begun is kept by `Watched`.
            .header_read_timeout(self.limits.idle_time)
            // The edge answers up to here in words; beyond, hyper answers a bare 431.
            .max_header_size(self.limits.header_bytes_max + self.limits.uri_bytes_max + slack);
        self
    }

    /// One connection from accept to end.
    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        address: SocketAddr,
        phase: watch::Receiver<Phase>,
        _permit: OwnedSemaphorePermit,
    ) {
        let _ = stream.set_nodelay(true);
        let Ok(local) = stream.local_addr() else { return };
        let peer = Peer { address, local, tls: self.tls.is_some() };
        let Some(tls) = &self.tls else { return self.serve_http(stream, peer, phase).await };
        let stopped = phase.clone();
        let handshake = timeout(self.limits.handshake_time, handshake(tls, stream));
        tokio::select! {
            biased;
            outcome = handshake => match outcome {
                Ok(Ok(Some(stream))) => self.serve_http(stream, peer, phase).await,
                Ok(Ok(None)) => {}
                Ok(Err(error)) => tracing::debug!(%address, %error, "no TLS handshake"),
                Err(_) => tracing::debug!(%address, "the TLS handshake took too long"),
            },
            () = ended(stopped) => {}
        }
    }

    async fn serve_http(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin,
        peer: Peer,
        mut phase: watch::Receiver<Phase>,
    ) {
        let activity = Arc::new(AtomicU64::new(UNUSED));
        let service = service_fn(|mut request: Request<Incoming>| {
            activity.fetch_add(1, Ordering::Relaxed);
            request.extensions_mut().insert(peer);
            let mut app = self.app.clone();
            let activity = &activity;
            async move {
                let (request, rest) = Rest::of(request);
                let Ok(mut response) = app.call(request).await;
                if let Some(rest) = rest {
                    rest.settle(&mut response).await;
                }
                activity.fetch_add(1, Ordering::Relaxed);
                Ok::<Response, Infallible>(response)
            }
        });
        let io = TokioIo::new(Watched::new(stream, activity.clone(), &self.limits));
        let mut connection = pin!(self.http.serve_connection(io, service));
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(address = %peer.address, %error, "a connection broke off");
                    }
                    return;
                }
                changed = phase.changed() => {
                    let now = *phase.borrow_and_update();
                    let unused = activity.load(Ordering::Relaxed) == UNUSED;
                    if changed.is_err() || now == Phase::Over || unused {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Ends when the server does, for connections that have not come to a request.
async fn ended(mut phase: watch::Receiver<Phase>) {
    let _ = phase.wait_for(|phase| *phase != Phase::Serving).await;
}

/// The TLS handshake; none if the caller spoke plain HTTP, which it is told.
async fn handshake(
    tls: &TlsAcceptor,
    mut stream: TcpStream,
) -> io::Result<Option<tokio_rustls::server::TlsStream<TcpStream>>> {
    // A TLS record starts with 0x16, a method with a letter.
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first[0].is_ascii_uppercase() {
        let body = "{\"error\":{\"code\":\"BadRequest\",\"message\":\"This port speaks HTTPS. \
                    Use https:// in the address.\"}}";
        let answer = format!(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        linger(&mut stream).await;
        return Ok(None);
    }
    tls.accept(stream).await.map(Some)
}

/// Takes what is still sent for a while, so that the close does not wipe out the answer.
async fn linger(stream: &mut TcpStream) {
    use tokio::io::AsyncReadExt;
    let mut scratch = [0; 1024];
    let reading = async { while stream.read(&mut scratch).await.is_ok_and(|n| n > 0) {} };
    let _ = timeout(LINGER_TIME, reading).await;
}
