//! HTTPS: with a certificate from files, and with one from a certificate authority that is asked by ACME.

mod acme;
mod common;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use acme::{Root, Running};
use common::{Server, TOKEN, add_site, free_port};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName},
};

const HOST: &str = "stats.example.org";

/// One request over TLS to who shows a certificate of `root` for [`HOST`]: the answer's head and body.
fn ask(root: &CertificateDer<'static>, port: u16, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(HOST).expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
    let stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut stream = StreamOwned::new(connection, stream);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {HOST}\r\nuser-agent: Mozilla/5.0 Firefox/140.0\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Err(cause) if answer.is_empty() => Err(cause),
        _ => Ok(answer),
    }
}

/// The same, as soon as there is an answer.
fn answered(root: &CertificateDer<'static>, port: u16, path: &str) -> String {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        match ask(root, port, path) {
            Ok(answer) => return answer,
            Err(cause) => assert!(Instant::now() < patience, "{cause}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn write(directory: &Path, (certificate, key): &(String, String)) -> (String, String) {
    let paths = (directory.join("certificate.pem"), directory.join("key.pem"));
    std::fs::write(&paths.0, certificate).expect("a file");
    std::fs::write(&paths.1, key).expect("a file");
    (paths.0.display().to_string(), paths.1.display().to_string())
}

#[test]
fn a_certificate_from_files_is_shown() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new();
    let (certificate, key) = write(directory.path(), &root.gives(HOST));
    let port = free_port();
    let server = Server::start(&[
        ("HTTPS_PORT", &port.to_string()),
        ("FOOTFALL_TLS_CERTIFICATE", &certificate),
        ("FOOTFALL_TLS_KEY", &key),
    ]);
    let answer = ask(&root.der, port, "/api/system/health/live").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n{\"ok\":true}"), "{answer}");
    assert!(answer.contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "{answer}");
    assert!(ask(&Root::new().der, port, "/").is_err(), "another root vouches for it");
    // What is tracked over TLS counts.
    add_site(&server, "portal.example");
    let tracked = ask(&root.der, port, "/matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fportal.example%2F&send_image=0");
    assert!(tracked.expect("an answer").starts_with("HTTP/1.1 204 "));
    assert_eq!(server.matomo("method=VisitsSummary.getVisits&idSite=1&period=day&date=today")["value"], 1);
    // Plain HTTP sends on, except to this machine and where probes look.
    let plain = |path: &str, host: &str| server.get(path, &[("host", host)]);
    let sent = common::request(server.address, "POST", "/api/event?x=1", &[("host", "stats.example.org:80")], b"{}");
    let sent = sent.expect("an answer");
    assert_eq!((sent.status, sent.headers["location"].as_str()), (307, &*format!("https://{HOST}:{port}/api/event?x=1")));
    assert_eq!(plain("/", HOST).status, 301);
    assert_eq!((plain("/api/health", HOST).status, plain("/js/script.js", "localhost:8000").status), (200, 200));
    assert_eq!(plain("/.well-known/acme-challenge/anything", HOST).status, 404);
}

#[test]
fn files_that_cannot_be_used_stop_the_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new();
    let (certificate, key) = write(directory.path(), &(root.gives(HOST).0, root.gives(HOST).1));
    let port = free_port().to_string();
    let start = |key: &str| {
        let ended = common::command(&directory.path().join("data"))
            .arg("serve")
            .env("HTTPS_PORT", &port)
            .env("FOOTFALL_TLS_CERTIFICATE", &certificate)
            .env("FOOTFALL_TLS_KEY", key)
            .output()
            .expect("the program runs");
        assert_eq!(ended.status.code(), Some(1));
        String::from_utf8_lossy(&ended.stderr).lines().next().unwrap_or_default().to_owned()
    };
    let sentence = "which cannot be used with the key in `tls.key`";
    assert_eq!(start(&key), format!("footfall: `tls.certificate` holds `{certificate}`, {sentence}"));
    assert_eq!(start("/nowhere.pem"), "footfall: `tls.key` holds `/nowhere.pem`, which cannot be read");
}

#[test]
fn a_certificate_comes_from_an_authority_and_is_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new();
    let (der, trusted) = (root.der.clone(), root.write(directory.path()));
    let (http, https) = (free_port(), free_port());
    let plain = SocketAddr::from(([127, 0, 0, 1], http));
    let authority = Running::start(root, HOST, plain, 90);
    let settings = [
        ("HTTP_PORT", http.to_string()),
        ("HTTPS_PORT", https.to_string()),
        ("BASE_URL", format!("https://{HOST}")),
        ("ACME_DIRECTORY_URL", authority.directory()),
        ("MAILER_EMAIL", "hello@example.org".to_owned()),
        ("FOOTFALL_TLS_AUTHORITIES", trusted),
    ];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = Server::at(plain, &settings);
    let answer = answered(&der, https, "/api/system/health/live");
    assert!(answer.ends_with("{\"ok\":true}"), "{answer}");
    let done = authority.done();
    assert_eq!((done.orders, done.certificates, done.found.len()), (1, 1, 1));
    assert_eq!(done.accounts[0]["contact"], serde_json::json!(["mailto:hello@example.org"]));
    assert_eq!(done.accounts[0]["termsOfServiceAgreed"], true);
    let sent = server.get("/sites/1?period=day", &[("host", HOST)]);
    assert_eq!((sent.status, sent.headers["location"].as_str()), (301, "https://stats.example.org/sites/1?period=day"));
    // The key is nobody else's.
    let kept = server.directory.join("tls").join("127.0.0.1");
    for name in ["stats.example.org.pem", "account.json"] {
        let mode = std::fs::metadata(kept.join(name)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(&kept).expect("a directory").permissions().mode() & 0o777, 0o700);
    // It is shown again after a start, and no other is asked for while it counts long enough.
    assert_eq!(server.stop(), Some(0));
    server.begin();
    assert!(ask(&der, https, "/api/system/health/live").expect("an answer").starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(authority.done().orders, 1);
    assert_eq!(server.get("/", &[("authorization", TOKEN), ("host", "localhost")]).status, 200);
}

#[test]
fn a_certificate_that_runs_out_is_renewed_by_the_same_account() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new();
    let (der, trusted) = (root.der.clone(), root.write(directory.path()));
    let (http, https) = (free_port(), free_port());
    let plain = SocketAddr::from(([127, 0, 0, 1], http));
    // It counts until the moment it is given.
    let authority = Running::start(root, HOST, plain, 1);
    let (https, base) = (https.to_string(), format!("https://{HOST}"));
    let directory = authority.directory();
    let settings = [
        ("HTTPS_PORT", https.as_str()),
        ("BASE_URL", base.as_str()),
        ("ACME_DIRECTORY_URL", directory.as_str()),
        ("FOOTFALL_TLS_AUTHORITIES", trusted.as_str()),
    ];
    let mut server = Server::at(plain, &settings);
    let wait = |certificates: u32| {
        let patience = Instant::now() + Duration::from_secs(60);
        while authority.done().certificates < certificates {
            assert!(Instant::now() < patience, "no certificate was asked for: {:?}", authority.done());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    wait(1);
    let kept = server.directory.join("tls/127.0.0.1/stats.example.org.pem");
    let patience = Instant::now() + Duration::from_secs(60);
    while !kept.exists() {
        assert!(Instant::now() < patience, "no certificate was kept");
        std::thread::sleep(Duration::from_millis(50));
    }
    server.stop();
    server.begin();
    wait(2);
    assert_eq!((authority.done().accounts.len(), authority.done().orders), (1, 2));
    // Certificates count to the end of a second.
    std::thread::sleep(Duration::from_millis(1_100));
    assert!(ask(&der, https.parse().expect("a port"), "/").is_err(), "it has run out");
}
