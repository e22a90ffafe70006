//! A client of the server, as light as can be since it shares the machine with what it measures:
//! kept connections, requests written beforehand, answers read and only their status looked at.

use crate::Trouble;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Bytes read at once: most answers whole.
const READ_BYTES: usize = 16 << 10;

/// Where a server is and whom to trust.
#[derive(Clone)]
pub struct Address {
    pub port: u16,
    connector: TlsConnector,
}

impl Address {
    /// A server on this machine, whose authority is in this file.
    pub fn new(port: u16, ca_file: &Path) -> Result<Address, Trouble> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca_file)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Address { port, connector: TlsConnector::from(Arc::new(config)) })
    }

    pub async fn connect(&self) -> Result<Connection, Trouble> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let plain = TcpStream::connect(address).await?;
        plain.set_nodelay(true)?;
        let name = ServerName::from(address.ip());
        Ok(Connection { stream: self.connector.connect(name, plain).await?, read: Vec::new() })
    }

    /// The bytes of a request; `token` and `body` may be empty.
    pub fn request(
        &self,
        method: &str,
        target: &str,
        token: &str,
        kind: &str,
        body: &str,
    ) -> Vec<u8> {
        let mut text = format!("{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", self.port);
        if !token.is_empty() {
            text.push_str("authorization: Bearer ");
            text.push_str(token);
            text.push_str("\r\n");
        }
        if method != "GET" {
            text.push_str(&format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        text.into_bytes()
    }
}

impl Address {
    /// The bytes of a request as a browser asks for a page; `cookie` may be empty.
    pub fn page(&self, target: &str, cookie: &str, gzip: bool) -> Vec<u8> {
        let mut text = format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", self.port);
        if !cookie.is_empty() {
            text.push_str(&format!("cookie: {cookie}\r\n"));
        }
        if gzip {
            text.push_str("accept-encoding: gzip\r\n");
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

/// A kept connection.
pub struct Connection {
    stream: TlsStream<TcpStream>,
    read: Vec<u8>,
}

/// What came back; the body stays in the connection until the next request.
pub struct Answer<'c> {
    pub status: u16,
    pub body: &'c [u8],
}

impl Connection {
    /// Sends a request and reads its answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer<'_>, Trouble> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.read.clear();
        let mut chunk = [0; READ_BYTES];
        let (head, length) = loop {
            let count = self.stream.read(&mut chunk).await?;
            if count == 0 {
                return Err("the server closed the connection".into());
            }
            self.read.extend_from_slice(&chunk[..count]);
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break (end + 4, length(&self.read[..end])?);
            }
        };
        while self.read.len() < head + length {
            let count = self.stream.read(&mut chunk).await?;
            if count == 0 {
                return Err("the server closed the connection in an answer".into());
            }
            self.read.extend_from_slice(&chunk[..count]);
        }
        let status = self.read.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
        let status = status.and_then(|digits| digits.parse().ok()).ok_or("not an HTTP answer")?;
        Ok(Answer { status, body: &self.read[head..] })
    }

    /// As [`Connection::send`]; an answer with another status is an error that shows it.
    pub async fn expect(&mut self, request: &[u8], status: u16) -> Result<Answer<'_>, Trouble> {
        let answer = self.send(request).await?;
        if answer.status == status {
            return Ok(answer);
        }
        let start = &answer.body[..answer.body.len().min(400)];
        Err(format!("{} instead of {status}: {}", answer.status, String::from_utf8_lossy(start))
            .into())
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// The length of the body, which our server always tells.
fn length(head: &[u8]) -> Result<usize, Trouble> {
    let head = std::str::from_utf8(head)?;
    let length = head.lines().filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse())
    });
    Ok(length.ok_or("an answer without a length")??)
}
