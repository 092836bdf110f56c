//! The ways a letter leaves: by TLS with a login, by Mailgun's own interface, and after the process was started again.

mod acme;
mod common;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use acme::Root;
use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use common::{Server, add_site, free_port, sites_api};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

/// A letter as a relay got it: whether by TLS, with which login, to whom.
#[derive(Debug, PartialEq, Eq)]
struct Taken {
    encrypted: bool,
    login: Option<String>,
    to: String,
}

/// When a relay speaks TLS.
#[derive(Clone)]
enum Speaks {
    Plainly,
    TlsFirst(Arc<ServerConfig>),
    TlsWhenAsked(Arc<ServerConfig>),
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

fn relay(listener: TcpListener, speaks: Speaks) -> Receiver<Taken> {
    let (sender, taken) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (speaks, sender) = (speaks.clone(), sender.clone());
            std::thread::spawn(move || {
                let _ = converse(stream, &speaks, &sender);
            });
        }
    });
    taken
}

fn converse(stream: TcpStream, speaks: &Speaks, sender: &mpsc::Sender<Taken>) -> std::io::Result<()> {
    let secured = |config: &Arc<ServerConfig>, stream: TcpStream| -> Box<dyn Both> {
        Box::new(StreamOwned::new(ServerConnection::new(Arc::clone(config)).expect("a connection"), stream))
    };
    let raw = stream.try_clone()?;
    let (stream, mut encrypted): (Box<dyn Both>, bool) = match speaks {
        Speaks::TlsFirst(config) => (secured(config, stream), true),
        _ => (Box::new(stream), false),
    };
    let mut stream = BufReader::new(stream);
    let say = |stream: &mut BufReader<Box<dyn Both>>, text: &str| {
        stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).and_then(|()| stream.get_mut().flush())
    };
    say(&mut stream, "220 relay.example.org")?;
    let (mut login, mut to) = (None, String::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" if !encrypted && matches!(speaks, Speaks::TlsWhenAsked(_)) => {
                say(&mut stream, "250-relay.example.org\r\n250 STARTTLS")?;
            }
            "EHLO" => say(&mut stream, "250-relay.example.org\r\n250 AUTH PLAIN LOGIN")?,
            "STARTTLS" => {
                let Speaks::TlsWhenAsked(config) = speaks else { return Ok(()) };
                say(&mut stream, "220 go ahead")?;
                stream = BufReader::new(secured(config, raw.try_clone()?));
                encrypted = true;
            }
            "AUTH" => {
                let given = BASE64.decode(line.rsplit(' ').next().unwrap_or_default()).unwrap_or_default();
                login = Some(String::from_utf8_lossy(&given).replace('\0', " ").trim().to_owned());
                say(&mut stream, "235 welcome")?;
            }
            "RCPT" => {
                line.trim_start_matches("RCPT TO:").trim_matches(['<', '>']).clone_into(&mut to);
                say(&mut stream, "250 ok")?;
            }
            "DATA" => {
                say(&mut stream, "354 go on")?;
                let mut line = String::new();
                while line != ".\r\n" {
                    line.clear();
                    stream.read_line(&mut line)?;
                }
                say(&mut stream, "250 taken")?;
                let _ = sender.send(Taken { encrypted, login: login.clone(), to: std::mem::take(&mut to) });
            }
            _ => say(&mut stream, "250 ok")?,
        }
    }
}

/// Has a letter written to somebody.
fn invite(server: &Server, email: &str) {
    let guest = json!({"site_id": "portal.example", "email": email, "role": "viewer"});
    assert_eq!(sites_api(server, "PUT", "/api/v1/sites/guests", &guest).0, 200);
}

const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn letters_go_by_tls_with_a_login() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = Root::new();
    let (trusted, tls) = (root.write(directory.path()), root.shows("127.0.0.1"));
    for (speaks, first) in [(Speaks::TlsFirst(Arc::clone(&tls)), "true"), (Speaks::TlsWhenAsked(tls), "false")] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("a listener has an address").port().to_string();
        let taken = relay(listener, speaks);
        let set = [
            ("SMTP_HOST_ADDR", "127.0.0.1"),
            ("SMTP_HOST_PORT", &port),
            ("SMTP_HOST_SSL_ENABLED", first),
            ("SMTP_USER_NAME", "apikey"),
            ("SMTP_USER_PWD", "secret"),
        ];
        let server = Server::start(&[&set[..], &[("FOOTFALL_TLS_AUTHORITIES", &trusted)]].concat());
        add_site(&server, "portal.example");
        invite(&server, "ada@example.org");
        let wanted = Taken { encrypted: true, login: Some("apikey secret".to_owned()), to: "ada@example.org".to_owned() };
        assert_eq!(taken.recv_timeout(PATIENCE).expect("a letter"), wanted, "TLS first: {first}");
    }
}

#[test]
fn a_relay_nobody_vouches_for_gets_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let (trusted, other) = (Root::new().write(directory.path()), Root::new());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("a listener has an address").port().to_string();
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut connection = ServerConnection::new(other.shows("127.0.0.1")).expect("a connection");
        let _ = sender.send(connection.complete_io(&mut stream).is_err());
    });
    let set = [
        ("SMTP_HOST_ADDR", "127.0.0.1"),
        ("SMTP_HOST_PORT", port.as_str()),
        ("SMTP_HOST_SSL_ENABLED", "true"),
        ("FOOTFALL_TLS_AUTHORITIES", &trusted),
        ("FOOTFALL_LOG_LEVEL", "none"),
    ];
    let server = Server::start(&set);
    add_site(&server, "portal.example");
    invite(&server, "ada@example.org");
    assert!(ended.recv_timeout(PATIENCE).expect("a handshake"), "a stranger was trusted");
}

#[test]
fn letters_wait_for_a_relay_that_is_down_over_a_restart() {
    let port = free_port();
    let relay_at = port.to_string();
    let mut server =
        Server::start(&[("SMTP_HOST_ADDR", "127.0.0.1"), ("SMTP_HOST_PORT", &relay_at), ("FOOTFALL_LOG_LEVEL", "none")]);
    add_site(&server, "portal.example");
    invite(&server, "ada@example.org");
    invite(&server, "eve@example.org");
    assert_eq!(server.stop(), Some(0));
    let taken = relay(TcpListener::bind(("127.0.0.1", port)).expect("the port is free still"), Speaks::Plainly);
    server.begin();
    let mut who = [taken.recv_timeout(PATIENCE).expect("a letter").to, taken.recv_timeout(PATIENCE).expect("a letter").to];
    who.sort_unstable();
    assert_eq!(who, ["ada@example.org", "eve@example.org"]);
    // Each is sent once: what comes after another start is what is written then.
    assert_eq!(server.stop(), Some(0));
    server.begin();
    invite(&server, "grace@example.org");
    assert_eq!(taken.recv_timeout(PATIENCE).expect("a letter").to, "grace@example.org");
}

#[test]
fn letters_go_by_mailgun_s_own_interface() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address: SocketAddr = listener.local_addr().expect("a listener has an address");
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        // The first is asked to come again.
        for status in ["503 Service Unavailable", "200 OK", "200 OK"] {
            let (stream, _) = listener.accept().expect("a connection");
            let mut stream = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                stream.read_line(&mut head).expect("a line");
            }
            let length = head.to_ascii_lowercase();
            let length = length
                .split_once("content-length: ")
                .and_then(|(_, rest)| rest.lines().next())
                .expect("a length")
                .trim()
                .to_owned();
            let mut body = vec![0; length.parse().expect("a number")];
            stream.read_exact(&mut body).expect("a body");
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}");
            stream.get_mut().write_all(answer.as_bytes()).expect("it is taken");
            let _ = sender.send((head, String::from_utf8_lossy(&body).into_owned()));
        }
    });
    let base = format!("http://{address}/v3/");
    let server = Server::start(&[
        ("MAILER_ADAPTER", "Bamboo.MailgunAdapter"),
        ("MAILGUN_API_KEY", "key-of-ours"),
        ("MAILGUN_DOMAIN", "mg.example.org"),
        ("MAILGUN_BASE_URI", &base),
        ("MAILER_EMAIL", "hello@example.org"),
        ("FOOTFALL_LOG_LEVEL", "none"),
    ]);
    add_site(&server, "portal.example");
    invite(&server, "ada@example.org");
    for _ in 0..2 {
        let (head, body) = requests.recv_timeout(PATIENCE).expect("a request");
        assert!(head.starts_with("POST /v3/mg.example.org/messages.mime HTTP/1.1\r\n"), "{head}");
        let login = BASE64.encode("api:key-of-ours");
        assert!(head.to_ascii_lowercase().contains(&format!("authorization: basic {login}").to_ascii_lowercase()), "{head}");
        assert!(body.contains("name=\"to\"\r\n\r\nada@example.org\r\n--"), "{body}");
        assert!(body.contains("\r\nFrom: hello@example.org\r\n"), "{body}");
        assert!(body.contains("\r\nSubject: You are invited to the statistics of portal.example\r\n"), "{body}");
    }
    // It went out once: the next request is about the next letter.
    invite(&server, "eve@example.org");
    assert!(requests.recv_timeout(PATIENCE).expect("a request").1.contains("name=\"to\"\r\n\r\neve@example.org\r\n"));
}
