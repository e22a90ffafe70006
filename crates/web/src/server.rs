//! Accepting connections, serving HTTP/1.1 on them, and stopping.
//!
//! Nothing a single caller does ends the server or another caller's request: each connection is a
//! task of its own, every wait has a bound, and a failed accept only rests.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;

use crate::limits::{ACCEPT_REST_TIME, FILES_KEPT_BACK, LINGER_TIME, Limits};

/// Who is at the other end of a request's connection, in the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The caller's address, or the proxy's.
    pub address: SocketAddr,
    /// Our address that was connected to.
    pub local: SocketAddr,
    /// Whether the connection is encrypted by us. If not, a proxy is in front and its
    /// `X-Forwarded-*` headers are believed.
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
        let activity = Arc::new(AtomicU8::new(FRESH));
        let service = service_fn(|mut request: Request<Incoming>| {
            activity.store(BUSY, Ordering::Relaxed);
            request.extensions_mut().insert(peer);
            let mut app = self.app.clone();
            let activity = &activity;
            async move {
                let response: Result<Response, Infallible> = app.call(request.map(Body::new)).await;
                activity.store(IDLE, Ordering::Relaxed);
                response
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
                    let unused = activity.load(Ordering::Relaxed) == FRESH;
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

/// No request has come yet.
const FRESH: u8 = 0;
/// A request is being handled.
const BUSY: u8 = 1;
/// The last request was answered.
const IDLE: u8 = 2;

/// A stream that gives up on a caller who does not finish a header or does not take an answer, and
/// that drops what still arrives after the last answer.
struct Watched<S> {
    inner: S,
    activity: Arc<AtomicU8>,
    header_time: Duration,
    write_stall_time: Duration,
    /// When the header being read began.
    header_since: Option<Instant>,
    write_since: Option<Instant>,
    lingering: Option<Instant>,
    shut: bool,
    /// Made when first needed: most connections never wait within a header or a write.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    fn new(inner: S, activity: Arc<AtomicU8>, limits: &Limits) -> Self {
        Self {
            inner,
            activity,
            header_time: limits.header_time,
            write_stall_time: limits.write_stall_time,
            header_since: Some(Instant::now()),
            write_since: None,
            lingering: None,
            shut: false,
            timer: None,
        }
    }

    /// Ready when the moment has come; else the task is woken then.
    fn poll_deadline(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx)
    }

    /// Called when a write could not go on.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let since = *self.write_since.get_or_insert_with(Instant::now);
        ready!(self.poll_deadline(cx, since + self.write_stall_time));
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the caller takes no more"))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = &mut *self;
        let before = buf.filled().len();
        let busy = me.activity.load(Ordering::Relaxed) == BUSY;
        if busy {
            me.header_since = None;
        }
        match Pin::new(&mut me.inner).poll_read(cx, buf) {
            Poll::Ready(outcome) => {
                if !busy && buf.filled().len() > before {
                    me.header_since.get_or_insert_with(Instant::now);
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => {
                let Some(since) = me.header_since else { return Poll::Pending };
                ready!(me.poll_deadline(cx, since + me.header_time));
                let late = io::Error::new(io::ErrorKind::TimedOut, "the header took too long");
                Poll::Ready(Err(late))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_write(cx, buf) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_write_vectored(cx, bufs) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_flush(cx) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let me = &mut *self;
        if !me.shut {
            match Pin::new(&mut me.inner).poll_shutdown(cx) {
                Poll::Pending => return me.poll_stalled(cx).map(Err),
                done => ready!(done)?,
            }
            me.shut = true;
        }
        let mut scratch = [0; 4096];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            match Pin::new(&mut me.inner).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {
                    let until = *me.lingering.get_or_insert_with(|| Instant::now() + LINGER_TIME);
                    if Instant::now() >= until {
                        return Poll::Ready(Ok(()));
                    }
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    let Some(until) = me.lingering else { return Poll::Ready(Ok(())) };
                    return me.poll_deadline(cx, until).map(Ok);
                }
            }
        }
    }
}
