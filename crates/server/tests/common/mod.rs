//! A whole server of its own for a test: started, asked, stopped or killed.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// The token of the test's superuser.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A server on a data directory of its own.
pub struct Server {
    child: Option<Child>,
    pub address: SocketAddr,
    pub directory: PathBuf,
    settings: Vec<(String, String)>,
    owns_directory: bool,
}

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|cause| panic!("{cause}: {}", self.text()))
    }
}

impl Server {
    pub fn start(settings: &[(&str, &str)]) -> Server {
        Server::at(SocketAddr::from(([127, 0, 0, 1], free_port())), settings)
    }

    /// One that listens at an address.
    pub fn at(address: SocketAddr, settings: &[(&str, &str)]) -> Server {
        let directory = std::env::temp_dir().join(format!("footfall-test-{}-{}", std::process::id(), free_port()));
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut server = Server { child: None, address, directory, settings, owns_directory: true };
        server.begin();
        server
    }

    /// Starts the process on the same data directory (again).
    pub fn begin(&mut self) {
        let child = command(&self.directory)
            .arg("serve")
            .env("FOOTFALL_LISTEN", self.address.to_string())
            .env("FOOTFALL_REPORTS_READ_YOUR_HITS", "true")
            .env("ADMIN_USER_EMAIL", "admin@example.org")
            .env("ADMIN_USER_NAME", "admin")
            .env("ADMIN_USER_PWD", "correct horse battery")
            .env("FOOTFALL_ADMIN_USER_TOKEN", TOKEN)
            .env("FOOTFALL_LOG_LEVEL", "warn")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        self.child = Some(child);
        let patience = Instant::now() + Duration::from_secs(60);
        while self.try_get("/health/ready", &[]).is_none_or(|answer| answer.status != 200) {
            assert!(Instant::now() < patience, "the server did not become ready");
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            assert!(ended.is_none(), "the server ended with {ended:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills the process without a warning.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the server can be killed");
            child.wait().expect("the server ends");
        }
    }

    /// Asks the process to stop and waits; gives its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        let asked = Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
        assert!(asked.success());
        child.wait().expect("the server ends").code()
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.try_get(path, headers).unwrap_or_else(|| panic!("no answer to GET {path}"))
    }

    pub fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        request(self.address, "GET", path, headers, b"")
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        request(self.address, "POST", path, headers, body).unwrap_or_else(|| panic!("no answer to POST {path}"))
    }

    /// A call of Matomo's reporting API as the superuser.
    pub fn matomo(&self, call: &str) -> Value {
        self.get(&format!("/index.php?module=API&format=json&token_auth={TOKEN}&{call}"), &[]).json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if self.owns_directory {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// The binary on a data directory, with a clean environment.
pub fn command(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footfall"));
    for (name, _) in std::env::vars() {
        if name.starts_with("FOOTFALL_") {
            command.env_remove(name);
        }
    }
    command.env("FOOTFALL_DATA_DIR", directory);
    command
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a listener has an address").port()
}

/// One request on a connection of its own; `None` when the server does not answer it wholly.
pub fn request(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        head.push_str(&format!("host: {address}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut found = HashMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        found.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if found.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else if let Some(length) = found.get("content-length") {
        body = vec![0; length.parse().ok()?];
        reader.read_exact(&mut body).ok()?;
    } else {
        reader.read_to_end(&mut body).ok()?;
    }
    Some(Answer { status, headers: found, body })
}

/// The header that shows the superuser's token.
pub fn bearer() -> String {
    format!("Bearer {TOKEN}")
}

/// A call of Plausible's Sites or Stats API as the superuser: status and answer.
pub fn sites_api(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let bearer = bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let answer = request(server.address, method, path, &headers, &body).expect("an answer");
    (answer.status, answer.json())
}

/// Adds a site.
pub fn add_site(server: &Server, domain: &str) {
    let (status, told) = sites_api(server, "POST", "/api/v1/sites", &json!({ "domain": domain }));
    assert_eq!((status, &told["domain"]), (200, &json!(domain)), "{told}");
}

/// Imports events.
pub fn import(server: &Server, lines: &[Value]) {
    let text: Vec<String> = lines.iter().map(Value::to_string).collect();
    let bearer = bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    let answer = server.post("/api/v1/import/events", &headers, text.join("\n").as_bytes());
    assert_eq!((answer.status, answer.json()["accepted"].as_u64()), (200, Some(lines.len() as u64)), "{}", answer.text());
}

/// Asks Stats v2.
pub fn query(server: &Server, body: &Value) -> Value {
    let (status, told) = sites_api(server, "POST", "/api/v2/query", body);
    assert_eq!(status, 200, "{told}");
    told
}

/// The lines of a site's export, without what differs between two sites: its name, and the numbers of visits.
pub fn exported(server: &Server, id: u32, site: &str, days: &str) -> Vec<Value> {
    let bearer = bearer();
    let path = format!("/api/v1/sites/{id}/export/events{days}");
    let answer = request(server.address, "GET", &path, &[("authorization", &bearer)], b"").expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut lines: Vec<Value> =
        answer.text().lines().map(|line| serde_json::from_str(line).expect("a line is a JSON object")).collect();
    for line in &mut lines {
        let line = line.as_object_mut().expect("a line is a JSON object");
        assert_eq!(line.remove("site"), Some(json!(site)));
        assert!(line.remove("visit").is_some_and(|visit| visit.is_u64()));
        assert!(line["visitor"].as_str().is_some_and(|visitor| visitor.len() == 16));
    }
    lines
}

/// Lines of an export as lines of another site.
pub fn moved(lines: &[Value], site: &str) -> Vec<Value> {
    let moved = lines.iter().map(|line| {
        let mut line = line.clone();
        line["site"] = json!(site);
        line
    });
    moved.collect()
}
