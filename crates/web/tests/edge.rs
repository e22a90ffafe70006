//! The protocol edge over real sockets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use prorata_web::arm::{Edge, json, json_body, read_body_within, with_edge};
use prorata_web::limits::{BODY_BYTES_MAX, Limits};
use prorata_web::server::{Peer, serve};
use prorata_web::tls::{TlsMode, acceptor, ca_file};
use prorata_web::uri::external_base;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Longer than any step here takes, shorter than patience.
const SOON: Duration = Duration::from_secs(10);

async fn about(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let peer = parts.extensions.get::<Peer>().expect("the server tells who calls");
    let body = json!({
        "base": external_base(&parts), "peer": peer.address.to_string(), "tls": peer.tls,
    });
    json(StatusCode::OK, &body)
}

async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match json_body(&parts.headers, body, BODY_BYTES_MAX).await {
        Ok((value, _)) => json(StatusCode::OK, &value),
        Err(error) => error.into_response(),
    }
}

async fn hurried(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match read_body_within(&parts.headers, body, 1000, Duration::from_millis(200)).await {
        Ok(bytes) => json(StatusCode::OK, &bytes.len()),
        Err(error) => error.into_response(),
    }
}

async fn slow() -> Response {
    sleep(Duration::from_millis(500)).await;
    json(StatusCode::OK, &"done")
}

fn app(limits: &Limits) -> Router {
    let router = Router::new()
        .route("/about", get(about))
        .route("/echo", post(echo))
        .route("/hurried", post(hurried))
        .route("/slow", get(slow))
        .route("/forever", get(std::future::pending::<Response>))
        .route("/panic", get(|| async { panic!("a handler gave up") as &str }))
        .route("/large", get(|| async { Body::from(vec![b'x'; 64 << 20]) }));
    with_edge(router, Edge { limits: limits.clone(), ..Edge::default() })
}

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
    dir: Option<PathBuf>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        Self::start_as(limits, None).await
    }

    async fn start_tls(limits: Limits) -> Self {
        let dir = std::env::temp_dir().join(format!("prorata-edge-{}", uuid::Uuid::new_v4()));
        Self::start_as(limits, Some(dir)).await
    }

    async fn start_as(limits: Limits, dir: Option<PathBuf>) -> Self {
        let mode = dir.clone().map_or(TlsMode::Off, |dir| TlsMode::Auto { dir });
        let tls = acceptor(&mode, &[]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = app(&limits);
        let shutdown = async { stopped.await.unwrap_or_default() };
        let served = tokio::spawn(serve(listener, tls, app, limits, shutdown));
        Self { address, stop: Some(stop), served, dir }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn connect_tls(&self) -> tokio_rustls::client::TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        let ca = ca_file(self.dir.as_ref().unwrap());
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(ca).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        connector.connect("localhost".try_into().unwrap(), self.connect().await).await.unwrap()
    }

    /// How long the server took to end.
    async fn stop(mut self) -> Duration {
        let start = Instant::now();
        self.stop.take().unwrap().send(()).unwrap();
        timeout(SOON, &mut self.served).await.unwrap().unwrap().unwrap();
        start.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.served.abort();
        if let Some(dir) = &self.dir {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), path: &str) -> (u16, String) {
    send(stream, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
    answer(stream).await
}

/// Status and whole text of one answer with a declared length.
async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> (u16, String) {
    let mut text = Vec::new();
    let reading = async {
        loop {
            let mut piece = [0; 4096];
            let read = stream.read(&mut piece).await.unwrap();
            text.extend_from_slice(&piece[..read]);
            let so_far = String::from_utf8_lossy(&text).to_ascii_lowercase();
            let Some((head, body)) = so_far.split_once("\r\n\r\n") else {
                assert!(read > 0, "closed within the header: {so_far:?}");
                continue;
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length || read == 0 {
                break;
            }
        }
    };
    timeout(SOON, reading).await.expect("an answer in time");
    let text = String::from_utf8(text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    (status, text)
}

/// Waits until the server closes, and says how long that took and what came before.
async fn closed(stream: &mut (impl AsyncRead + Unpin)) -> (Duration, String) {
    let start = Instant::now();
    let mut text = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut text)).await.expect("a close in time");
    (start.elapsed(), String::from_utf8_lossy(&text).into_owned())
}

fn code(text: &str) -> String {
    let body = text.split("\r\n\r\n").nth(1).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[tokio::test]
async fn a_client_that_trusts_our_authority_is_served_over_tls() {
    let server = Server::start_tls(Limits::default()).await;
    let ca = std::fs::read(ca_file(server.dir.as_ref().unwrap())).unwrap();
    let port = server.address.port();
    let asked = tokio::task::spawn_blocking(move || {
        let ca = ureq::tls::Certificate::from_pem(&ca).unwrap();
        let roots = ureq::tls::RootCerts::new_with_certs(&[ca]);
        let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
        let agent = ureq::Agent::config_builder().tls_config(tls).build().new_agent();
        ["localhost", "127.0.0.1"].map(|host| {
            let url = format!("https://{host}:{port}/about");
            let forged = ("x-forwarded-host", "evil.example");
            let mut response = agent.get(&url).header(forged.0, forged.1).call().unwrap();
            let body: Value = response.body_mut().read_json().unwrap();
            (format!("https://{host}:{port}"), response, body)
        })
    });
    for (base, response, body) in asked.await.unwrap() {
        assert_eq!(body["base"], base);
        assert_eq!(body["tls"], true);
        assert!(body["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
        assert!(response.headers().contains_key("x-ms-request-id"));
    }
    assert!(server.stop().await < SOON);
}

#[tokio::test]
async fn a_client_that_does_not_trust_it_refuses() {
    let server = Server::start_tls(Limits::default()).await;
    let url = format!("https://localhost:{}/about", server.address.port());
    let outcome = tokio::task::spawn_blocking(move || ureq::get(&url).call().map(drop)).await;
    let error = outcome.unwrap().unwrap_err().to_string();
    assert!(error.contains("UnknownIssuer"), "{error}");
}

#[tokio::test]
async fn plain_http_to_a_tls_port_is_told_so() {
    let server = Server::start_tls(Limits::default()).await;
    let mut stream = server.connect().await;
    let (status, text) = ask(&mut stream, "/about").await;
    assert_eq!(status, 400);
    assert!(text.contains("https://"), "{text}");
}

#[tokio::test]
async fn a_silent_handshake_ends_in_time() {
    let limits = Limits { handshake_time: millis(200), ..Limits::default() };
    let server = Server::start_tls(limits).await;
    let mut stream = server.connect().await;
    let (time, _) = closed(&mut stream).await;
    assert!(time >= millis(150) && time < SOON, "{time:?}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_in_words_even_to_a_caller_who_sends_it_all() {
    let server = Server::start(Limits::default()).await;
    let large = "x".repeat(BODY_BYTES_MAX + 1);
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
    let sent = [
        format!("{head}Content-Length: {}\r\n\r\n{large}", large.len()),
        format!(
            "{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
            large.len()
        ),
    ];
    for text in sent {
        let mut stream = server.connect().await;
        send(&mut stream, &text).await;
        let (status, text) = answer(&mut stream).await;
        assert_eq!((status, &*code(&text)), (413, "RequestEntityTooLarge"));
        assert!(text.contains("limit of 1048576 bytes"), "{text}");
    }
}

#[tokio::test]
async fn a_body_that_is_announced_as_too_large_is_refused_unread() {
    let server = Server::start(Limits::default()).await;
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
    for rest in ["Content-Length: 2000000\r\nExpect: 100-continue", "Content-Length: 90000000000"] {
        let mut stream = server.connect().await;
        send(&mut stream, &format!("{head}{rest}\r\n\r\n")).await;
        assert_eq!(answer(&mut stream).await.0, 413, "{rest}");
        closed(&mut stream).await;
    }
    // One who writes on regardless still reads the answer.
    let mut stream = server.connect().await.into_split();
    send(&mut stream.1, &format!("{head}Content-Length: 900000000\r\n\r\n")).await;
    let writer = tokio::spawn(async move {
        let piece = vec![b'x'; 65_536];
        while stream.1.write_all(&piece).await.is_ok() {}
    });
    assert_eq!(answer(&mut stream.0).await.0, 413);
    writer.abort();
}

#[tokio::test]
async fn an_exact_body_passes_and_the_connection_is_kept() {
    let server = Server::start(Limits::default()).await;
    let mut stream = server.connect().await;
    let body = format!("\"{}\"", "x".repeat(BODY_BYTES_MAX - 2));
    let head = "POST /echo HTTP/1.1\r\nHost: localhost\r\n";
    for _ in 0..2 {
        send(&mut stream, &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await;
        assert_eq!(answer(&mut stream).await.0, 200);
    }
}

#[tokio::test]
async fn a_refusal_that_did_not_read_the_body_keeps_the_connection() {
    let server = Server::start_tls(Limits::default()).await;
    let mut stream = server.connect_tls().await;
    let body = "x".repeat(3_000_000);
    let head = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\n";
    for _ in 0..2 {
        send(&mut stream, &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await;
        assert_eq!(answer(&mut stream).await.0, 404);
    }
    assert_eq!(ask(&mut stream, "/about").await.0, 200);
}

#[tokio::test]
async fn a_slow_body_is_a_408() {
    let server = Server::start(Limits::default()).await;
    let mut stream = server.connect().await;
    send(&mut stream, "POST /hurried HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
        .await;
    let (status, text) = answer(&mut stream).await;
    assert_eq!((status, &*code(&text)), (408, "RequestTimeout"));
    assert!(!text.to_ascii_lowercase().contains("retry-after"));
    closed(&mut stream).await;
}

#[tokio::test]
async fn a_header_that_does_not_come_ends_the_connection() {
    let limits = Limits { header_time: millis(300), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut silent = server.connect().await;
    assert!(closed(&mut silent).await.0 < Duration::from_secs(5));

    let mut dripping = server.connect().await;
    let dripped = async {
        for byte in b"GET /about HTTP/1.1\r\nX-Slow: yes, very much indeed, as you can see" {
            if dripping.write_all(&[*byte]).await.is_err() {
                return true;
            }
            sleep(millis(50)).await;
        }
        false
    };
    assert!(dripped.await, "byte by byte does not reset the clock");

    let mut kept = server.connect().await;
    assert_eq!(ask(&mut kept, "/about").await.0, 200);
    send(&mut kept, "GET /about HT").await;
    let (time, _) = closed(&mut kept).await;
    assert!(time >= millis(250) && time < Duration::from_secs(5), "{time:?}");
}

#[tokio::test]
async fn a_kept_connection_may_rest_longer_than_a_header_may_take() {
    let limits = Limits { header_time: millis(100), idle_time: millis(900), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stream = server.connect().await;
    assert_eq!(ask(&mut stream, "/about").await.0, 200);
    sleep(millis(400)).await;
    assert_eq!(ask(&mut stream, "/about").await.0, 200);
    let (time, _) = closed(&mut stream).await;
    assert!(time >= millis(700) && time < Duration::from_secs(5), "{time:?}");
}

#[tokio::test]
async fn headers_beyond_the_bound_are_refused() {
    let server = Server::start(Limits::default()).await;
    for (length, named) in [(33_000, true), (200_000, false)] {
        let mut stream = server.connect().await;
        let text = format!(
            "GET /about HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n",
            "x".repeat(length)
        );
        send(&mut stream, &text).await;
        let (status, text) = answer(&mut stream).await;
        assert_eq!(status, 431, "{length}");
        assert_eq!(text.contains("limit of 32768"), named, "{text}");
    }
}

#[tokio::test]
async fn a_panic_ends_its_request_only() {
    let server = Server::start_tls(Limits::default()).await;
    let mut stream = server.connect_tls().await;
    let (status, text) = ask(&mut stream, "/panic").await;
    assert_eq!((status, &*code(&text)), (500, "InternalServerError"));
    assert_eq!(ask(&mut stream, "/about").await.0, 200, "on the same connection");
}

#[tokio::test]
async fn a_request_without_end_is_a_504() {
    let server = Server::start(Limits { request_time: millis(200), ..Limits::default() }).await;
    let (status, text) = ask(&mut server.connect().await, "/forever").await;
    assert_eq!((status, &*code(&text)), (504, "ServerTimeout"));
}

#[tokio::test]
async fn running_requests_finish_when_the_server_stops() {
    let server = Server::start_tls(Limits::default()).await;
    let address = server.address;
    let mut idle = server.connect_tls().await;
    assert_eq!(ask(&mut idle, "/about").await.0, 200);
    let _unused = server.connect().await;
    let mut running = server.connect_tls().await;
    send(&mut running, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    sleep(millis(100)).await;

    let stopping = tokio::spawn(server.stop());
    let (status, text) = answer(&mut running).await;
    assert_eq!(status, 200);
    assert!(text.to_ascii_lowercase().contains("connection: close"), "{text}");
    assert!(closed(&mut idle).await.0 < Duration::from_secs(2));
    let took = stopping.await.unwrap();
    assert!(took < Duration::from_secs(3), "nothing else holds the end back: {took:?}");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_end_waits_no_longer_than_its_bound() {
    let server = Server::start(Limits { drain_time: millis(300), ..Limits::default() }).await;
    let mut running = server.connect().await;
    send(&mut running, "GET /forever HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    sleep(millis(100)).await;
    let took = server.stop().await;
    assert!(took >= millis(250) && took < Duration::from_secs(2), "{took:?}");
    closed(&mut running).await;
}

#[tokio::test]
async fn connections_over_the_cap_wait_their_turn() {
    let server = Server::start(Limits { connections_max: 2, ..Limits::default() }).await;
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    assert_eq!(ask(&mut first, "/about").await.0, 200);
    assert_eq!(ask(&mut second, "/about").await.0, 200);
    let mut third = server.connect().await;
    send(&mut third, "GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut byte = [0];
    assert!(timeout(millis(300), third.read(&mut byte)).await.is_err(), "it waits");
    drop(first);
    assert_eq!(answer(&mut third).await.0, 200);
}

#[tokio::test]
async fn a_caller_who_takes_nothing_is_let_go() {
    let limits = Limits { write_stall_time: millis(300), connections_max: 1, ..Limits::default() };
    let server = Server::start(limits).await;
    let mut stalled = server.connect().await;
    send(&mut stalled, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut next = server.connect().await;
    assert_eq!(ask(&mut next, "/about").await.0, 200);
}
