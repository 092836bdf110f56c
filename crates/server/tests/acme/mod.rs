//! A small certificate authority that speaks ACME over TLS: it fetches the proof over plain HTTP before it gives anything.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PublicKeyData, SignatureAlgorithm};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::common::request;

/// What begins a P-256 key in a certificate request.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A root that gives certificates.
pub struct Root {
    params: CertificateParams,
    key: KeyPair,
    pub der: CertificateDer<'static>,
    pub pem: String,
}

impl Root {
    pub fn new() -> Root {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let made = params.self_signed(&key).expect("a certificate");
        Root { pem: made.pem(), der: made.der().clone(), params, key }
    }

    /// A certificate for a name or address that counts for so many days from yesterday on; PEM.
    #[expect(clippy::disallowed_methods, reason = "whoever looks at a certificate has the same clock")]
    pub fn signs(&self, name: &str, days: u64, key: &impl PublicKeyData) -> String {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let yesterday = SystemTime::now() - Duration::from_secs(86_400);
        params.not_before = yesterday.into();
        params.not_after = (yesterday + Duration::from_secs(86_400 * days)).into();
        params.signed_by(key, &Issuer::from_params(&self.params, &self.key)).expect("a certificate").pem()
    }

    /// A certificate with its key; PEM.
    pub fn gives(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        (self.signs(name, 365, &key), key.serialize_pem())
    }

    /// How a server of this root shows that it is `name`.
    pub fn shows(&self, name: &str) -> Arc<ServerConfig> {
        use rustls::pki_types::pem::PemObject as _;
        let (certificate, key) = self.gives(name);
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate")];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).expect("a certificate"))
    }

    /// Writes the root where a setting can name it.
    pub fn write(&self, directory: &Path) -> String {
        let path = directory.join("root.pem");
        std::fs::write(&path, &self.pem).expect("a file");
        path.display().to_string()
    }
}

/// A key that is known by its public half only.
struct Point(Vec<u8>);

impl PublicKeyData for Point {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

/// What the authority has done.
#[derive(Clone, Debug, Default)]
pub struct Done {
    pub accounts: Vec<Value>,
    pub orders: u32,
    pub certificates: u32,
    pub found: Vec<String>,
}

struct Authority {
    root: Root,
    address: SocketAddr,
    host: String,
    /// Where plain HTTP of the host is answered.
    plain: SocketAddr,
    days: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    done: Done,
    nonces: Vec<String>,
    made: u32,
    thumbprint: String,
    is_proved: bool,
    issued: HashMap<String, String>,
}

/// A running authority.
pub struct Running(Arc<Authority>);

impl Running {
    /// Gives certificates for one host, which is reached at `plain`, for so many days from yesterday on.
    pub fn start(root: Root, host: &str, plain: SocketAddr, days: u64) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let tls = root.shows("127.0.0.1");
        let authority =
            Arc::new(Authority { root, address, host: host.to_owned(), plain, days, state: Mutex::new(State::default()) });
        let serving = Arc::clone(&authority);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&tls)).expect("a connection");
                let _ = serving.answer(StreamOwned::new(connection, stream));
            }
        });
        Running(authority)
    }

    pub fn directory(&self) -> String {
        format!("https://{}/directory", self.0.address)
    }

    pub fn done(&self) -> Done {
        self.0.state.lock().expect("the state").done.clone()
    }
}

type Stream = StreamOwned<ServerConnection, std::net::TcpStream>;

impl Authority {
    /// Reads one request and answers it.
    fn answer(&self, stream: Stream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
        let mut length = 0;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let told = if method == "POST" { self.post(&path, &body) } else { self.get(&path) };
        let (status, location, body) = told;
        let nonce = {
            let mut state = self.state.lock().expect("the state");
            state.made += 1;
            let nonce = format!("nonce-{}", state.made);
            state.nonces.push(nonce.clone());
            nonce
        };
        let location = location.map(|path| format!("location: {}\r\n", self.at(&path))).unwrap_or_default();
        let length = if method == "HEAD" { 0 } else { body.len() };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nreplay-nonce: {nonce}\r\n{location}content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        let mut stream = stream.into_inner();
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body.as_bytes()[..length])?;
        stream.conn.send_close_notify();
        stream.flush()
    }

    fn at(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    fn get(&self, path: &str) -> (u16, Option<String>, String) {
        match path {
            "/directory" => {
                let body = json!({
                    "newNonce": self.at("/nonce"),
                    "newAccount": self.at("/account"),
                    "newOrder": self.at("/order"),
                });
                (200, None, body.to_string())
            }
            "/nonce" => (200, None, String::new()),
            _ => (404, None, "{}".to_owned()),
        }
    }

    fn post(&self, path: &str, body: &[u8]) -> (u16, Option<String>, String) {
        let signed: Value = serde_json::from_slice(body).expect("a signed request");
        let part = |name: &str| BASE64.decode(signed[name].as_str().expect("a part")).expect("a part");
        let protected: Value = serde_json::from_slice(&part("protected")).expect("a head");
        let payload: Value = serde_json::from_slice(&part("payload")).unwrap_or(Value::Null);
        assert_eq!(part("signature").len(), 64);
        assert_eq!(protected["url"], self.at(path), "a request is signed for its place");
        let mut state = self.state.lock().expect("the state");
        let nonce = protected["nonce"].as_str().expect("a nonce").to_owned();
        assert!(state.nonces.contains(&nonce), "a nonce is used once");
        state.nonces.retain(|known| *known != nonce);
        let order = |status: &str| {
            json!({
                "status": status, "authorizations": [self.at("/authorization")], "finalize": self.at("/finalize"),
                "certificate": (status == "valid").then(|| self.at("/certificate")),
            })
        };
        let challenge = json!({"type": "http-01", "url": self.at("/challenge"), "token": "token-1", "status": "pending"});
        match path {
            "/account" => {
                state.done.accounts.push(payload);
                let jwk = &protected["jwk"];
                let canonical = format!(r#"{{"crv":{},"kty":{},"x":{},"y":{}}}"#, jwk["crv"], jwk["kty"], jwk["x"], jwk["y"]);
                state.thumbprint = BASE64.encode(Sha256::digest(canonical));
                (201, Some("/account/1".to_owned()), json!({"status": "valid"}).to_string())
            }
            "/order" => {
                assert_eq!(payload["identifiers"], json!([{"type": "dns", "value": self.host}]));
                state.done.orders += 1;
                state.is_proved = false;
                state.issued.clear();
                (201, Some("/order/1".to_owned()), order("pending").to_string())
            }
            "/order/1" => {
                let status = match (state.is_proved, state.issued.is_empty()) {
                    (_, false) => "valid",
                    (true, true) => "ready",
                    (false, true) => "invalid",
                };
                (200, None, order(status).to_string())
            }
            "/authorization" => {
                let body = json!({
                    "status": "pending", "identifier": {"type": "dns", "value": self.host}, "challenges": [challenge],
                });
                (200, None, body.to_string())
            }
            "/challenge" => {
                let found = request(self.plain, "GET", "/.well-known/acme-challenge/token-1", &[("host", &self.host)], b"");
                let found = found.map(|answer| answer.text()).unwrap_or_default();
                state.is_proved = found == format!("token-1.{}", state.thumbprint);
                state.done.found.push(found);
                (200, None, challenge.to_string())
            }
            "/finalize" => {
                let csr = BASE64.decode(payload["csr"].as_str().expect("a request")).expect("a request");
                let at = csr.windows(P256.len()).position(|window| window == P256).expect("a key") + P256.len();
                assert!(csr.windows(self.host.len()).any(|window| window == self.host.as_bytes()));
                let chain = self.root.signs(&self.host, self.days, &Point(csr[at..at + 65].to_vec()));
                state.done.certificates += 1;
                state.issued.insert("/certificate".to_owned(), chain);
                (200, None, order("valid").to_string())
            }
            "/certificate" => (200, None, state.issued["/certificate"].clone()),
            _ => (404, None, "{}".to_owned()),
        }
    }
}
