//! An OpenID provider for tests: keys that are made here, tokens of any content, and two documents
//! over plain HTTP on this machine.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::pkcs8::EncodePrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// A key pair of a provider.
#[derive(Clone)]
pub struct Pair {
    pub algorithm: Algorithm,
    pub private: EncodingKey,
    /// As a key set shows it.
    pub public: Value,
}

impl Pair {
    pub fn elliptic(kid: &str) -> Pair {
        let secret = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
        let point = p256::ecdsa::VerifyingKey::from(p256::ecdsa::SigningKey::from(&secret));
        let point = point.to_encoded_point(false);
        let der = secret.to_pkcs8_der().unwrap();
        let public = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid,
            "x": BASE64.encode(point.x().unwrap()), "y": BASE64.encode(point.y().unwrap()),
        });
        let private = EncodingKey::from_ec_der(der.as_bytes());
        Pair { algorithm: Algorithm::ES256, private, public }
    }

    /// An RSA key; one is made for all tests, for it takes a while.
    pub fn rsa(kid: &str) -> Pair {
        static KEY: OnceLock<rsa::RsaPrivateKey> = OnceLock::new();
        let key =
            KEY.get_or_init(|| rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());
        let public = json!({
            "kty": "RSA", "use": "sig", "kid": kid,
            "n": BASE64.encode(key.n().to_bytes_be()), "e": BASE64.encode(key.e().to_bytes_be()),
        });
        let private = EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes());
        Pair { algorithm: Algorithm::RS256, private, public }
    }

    pub fn kid(&self) -> &str {
        self.public["kid"].as_str().unwrap()
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(claims, &Header { kid: Some(self.kid().to_owned()), ..self.header() })
    }

    pub fn header(&self) -> Header {
        Header::new(self.algorithm)
    }

    pub fn sign_with(&self, claims: &Value, header: &Header) -> String {
        jsonwebtoken::encode(header, claims, &self.private).unwrap()
    }
}

/// A token whose parts are given, with a signature over them by a key.
pub fn raw(header: &Value, claims: &Value, signature: impl FnOnce(&str) -> String) -> String {
    let part = |value: &Value| BASE64.encode(serde_json::to_vec(value).unwrap());
    let text = format!("{}.{}", part(header), part(claims));
    let signature = signature(&text);
    format!("{text}.{signature}")
}

/// The provider itself.
pub struct Provider {
    pub url: String,
    state: Arc<State>,
}

struct State {
    configuration: Mutex<Value>,
    keys: Mutex<Vec<Value>>,
    /// What is answered in place of everything.
    instead: Mutex<Option<String>>,
    asked_for_keys: AtomicUsize,
    is_up: AtomicBool,
}

impl Provider {
    pub fn start(pairs: &[Pair]) -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let configuration = json!({
            "issuer": url,
            "jwks_uri": format!("{url}/keys"),
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
        });
        let state = Arc::new(State {
            configuration: Mutex::new(configuration),
            keys: Mutex::default(),
            instead: Mutex::default(),
            asked_for_keys: AtomicUsize::new(0),
            is_up: AtomicBool::new(true),
        });
        let served = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = served.clone();
                std::thread::spawn(move || answer(stream, &state));
            }
        });
        let provider = Provider { url, state };
        provider.has(pairs);
        provider
    }

    /// Shows these keys from now on.
    pub fn has(&self, pairs: &[Pair]) {
        let keys = pairs.iter().map(|pair| pair.public.clone()).collect();
        self.has_set(keys);
    }

    pub fn has_set(&self, keys: Vec<Value>) {
        *self.state.keys.lock().unwrap() = keys;
    }

    pub fn says(&self, name: &str, value: Value) {
        self.state.configuration.lock().unwrap()[name] = value;
    }

    pub fn answers(&self, instead: Option<String>) {
        *self.state.instead.lock().unwrap() = instead;
    }

    pub fn stop(&self) {
        self.state.is_up.store(false, Ordering::SeqCst);
    }

    /// How often somebody asked for the keys.
    pub fn asked(&self) -> usize {
        self.state.asked_for_keys.load(Ordering::SeqCst)
    }
}

fn answer(mut stream: TcpStream, state: &State) {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&part[..count]),
        }
    }
    if !state.is_up.load(Ordering::SeqCst) {
        return;
    }
    if let Some(instead) = state.instead.lock().unwrap().clone() {
        let _ = stream.write_all(instead.as_bytes());
        return;
    }
    let line = String::from_utf8_lossy(&request);
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let body = if path == "/keys" {
        state.asked_for_keys.fetch_add(1, Ordering::SeqCst);
        json!({ "keys": *state.keys.lock().unwrap() })
    } else if path.ends_with("/.well-known/openid-configuration") {
        state.configuration.lock().unwrap().clone()
    } else {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        return;
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all((head + &body).as_bytes());
}
