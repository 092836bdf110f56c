//! The variables of Plausible's compose file, of its configuration pages, and of the developer portal's ConfigMap and Secret: each
//! by itself and all together, with what it does, or the sentence that refuses it.

mod common;

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

use base64::Engine as _;
use common::{Answer, command, free_port, request};
use serde_json::{Value, json};

/// A location database of three networks, in MaxMind's format and packed by gzip: 2.125.160.216/29 is Boxford.
const PLACES: &str = "H4sIAAAAAAACA3XS13PTWBTH8ZOQpe7SOwuE3ntZdqlxCAYnhkAICVXI0k0Q2JLXkkNM7733DqH3Du8MM7zxRwBPPDH8B8hfRjg0j+YzP517ru\
    6RxiJ5Ii9F8rGJyFmRAvIf2BSbYXNsgS2xFf6Jf2FrbINtsR22xw7YETthZ+yCXbEbdsce+Df2xF7YGwuxD/bFftgfB+BAHISDcQgOxWE4HEfg\
    SByFo3EMjsVxOB4n4ET8Byfhv/gfTsYpOBWn4XScgUUYwmKciSU4C8M4G+dgBEuxDKM4F+dhOc7HBViBC7ESF2EVVuNiXIJLcRkuxxWo4UrURT\
    aKxMgGmqiwBv2rVmQVwQoqq3ENxjGBtogT9CTxf5FUUHFFPEIa63At1gc9GVwnsj6obMA3uElkc1DfgltFthG2445gdafIriDvFtlD2Iv7cD8e\
    wINB5yGRw0E+InKUcCyoHMcTIicJp4L6aTyTNc//25zj9jxewIt4CS/jFWzAq3gNr+ON4Mk3RW4RbuMdvIv38H7Q+UDkIeERPsYnwepTfCbynP\
    CCUR+Qv/99CBtO2vZSmfezLdfRDMdUoXCoxNYTyn0XUrZ/U+amY6ZVZ7mWY7t5BbnG4pK54Vxn9m6mYXmZ95Fa5WTLmmW+Hry9JNcSDjn1NU7K\
    /NWhlRWNDq2s+O2hoaqiRo1VRT8fWX2of65jVtSKe4797hcnRsobPShSfu/tp6heH7Vsc6ThJD4ujVm2nspo/rwJ3dMS+monpdWpVHaghvwfVy\
    07t3qlNJa24qamko6xqiBfVXyWqKl7ekx3leZlkioaVk6Z5amxI4r92UtN5RopK+n5W7OjVCfjuqHcQqemMKUM/2sps9Dwt7oRK/ltgKZz4rpd\
    m9Zrlf9x/E0R238jjXd89bL06z7Ntdaphq5fAINW7Zw2BgAA";

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// A first administrator with a key, for what has to be asked.
const ROOT: [(&str, &str); 3] =
    [("ADMIN_USER_EMAIL", "root@example.org"), ("ADMIN_USER_PWD", "correct horse battery"), ("FOOTFALL_ADMIN_USER_TOKEN", TOKEN)];

/// A program that was started with nothing but these variables, a directory and, unless they name one, a port of its own.
struct Started {
    child: Child,
    address: SocketAddr,
    directory: tempfile::TempDir,
}

impl Started {
    fn with(set: &[(&str, &str)]) -> Started {
        let port = free_port();
        let given =
            set.iter().find(|(name, _)| ["HTTP_PORT", "PORT"].contains(name)).map(|(_, port)| port.parse().expect("a port"));
        let ip = set
            .iter()
            .find(|(name, _)| *name == "LISTEN_IP")
            .map_or(Ipv4Addr::LOCALHOST, |(_, ip)| ip.parse().expect("an address"));
        Started::at(SocketAddr::from((ip, given.unwrap_or(port))), given.is_none(), set)
    }

    fn at(address: SocketAddr, sets_port: bool, set: &[(&str, &str)]) -> Started {
        let directory = tempfile::tempdir().expect("a directory");
        let mut program = command(&directory.path().join("data"));
        if sets_port {
            program.env("HTTP_PORT", address.port().to_string());
        }
        let log = |name: &str| Stdio::from(File::create(directory.path().join(name)).expect("a file"));
        let child = program.arg("serve").envs(set.iter().copied()).stdout(log("out")).stderr(log("log")).spawn();
        let mut started = Started { child: child.expect("the program starts"), address, directory };
        let patience = Instant::now() + Duration::from_secs(120);
        while request(address, "GET", "/api/health", &[], b"").is_none_or(|answer| answer.status != 200) {
            let ended = started.child.try_wait().expect("the program can be asked");
            assert!(ended.is_none() && Instant::now() < patience, "{set:?}: {ended:?}\n{}", started.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        started
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.directory.path().join(name)).expect("a file")
    }

    /// What it wrote to standard error.
    fn log(&self) -> String {
        self.read("log")
    }

    /// What it wrote to standard output, as soon as there is something.
    fn said(&self) -> String {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            let said = self.read("out");
            if said.ends_with('\n') {
                return said;
            }
            assert!(Instant::now() < patience, "nothing was said");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn get(&self, path: &str) -> Answer {
        request(self.address, "GET", path, &[], b"").expect("an answer")
    }

    fn session(&self) -> Value {
        self.get("/api/v1/session").json()
    }

    /// A call of a browser, which repeats the token of its session.
    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let opened = self.get("/api/v1/session");
        let cookie = opened.headers["set-cookie"].split(';').next().unwrap_or_default().to_owned();
        let csrf = opened.json()["csrf_token"].as_str().unwrap_or_default().to_owned();
        let headers = [("content-type", "application/json"), ("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str())];
        let answer =
            request(self.address, "POST", &format!("/api/v1{path}"), &headers, body.to_string().as_bytes()).expect("an answer");
        (answer.status, answer.json())
    }

    fn signs_in(&self, login: &str, password: &str) -> (u16, Value) {
        self.post("/login", &json!({"login": login, "password": password}))
    }

    /// A call of the Sites or Stats API.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let bearer = format!("Bearer {TOKEN}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = request(self.address, method, path, &headers, &body).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    fn stop(&mut self) {
        self.child.kill().expect("the program can be killed");
        self.child.wait().expect("the program ends");
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program, which has to end at once, and gives what it says.
fn refused(set: &[(&str, &str)]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let ended = command(&data).arg("serve").env("HTTP_PORT", free_port().to_string()).envs(set.iter().copied()).output();
    let ended = ended.expect("the program runs");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{set:?}: {told}");
    assert!(!data.exists(), "{set:?}: a refused start leaves nothing behind");
    told.strip_prefix("footfall: ").unwrap_or(&told).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn each_database_is_refused_by_name() {
    for name in [
        "DATABASE_URL",
        "DATABASE_HOST",
        "DATABASE_PORT",
        "DATABASE_NAME",
        "DATABASE_USER",
        "DATABASE_PASSWORD",
        "DATABASE_SOCKET_DIR",
        "DATABASE_CACERTFILE",
        "CLICKHOUSE_DATABASE_URL",
        "CLICKHOUSE_CACERTFILE",
    ] {
        let sentence = format!("`{name}` is set, but this version runs on its embedded stores only");
        assert_eq!(refused(&[(name, "http://plausible_events_db:8123/plausible_events_db")]), sentence);
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    for (set, sentence) in [
        (&[("HTTPS_PORT", "443")][..], "`HTTPS_PORT` is set, and `BASE_URL` names no host to get a certificate for"),
        (
            &[("HTTPS_PORT", "443"), ("BASE_URL", "https://localhost")][..],
            "`BASE_URL` holds `https://localhost`, and no certificate is given for a local name",
        ),
        (
            &[("MAXMIND_LICENSE_KEY", "key"), ("MAXMIND_EDITION", "a/b")][..],
            "`MAXMIND_EDITION` holds `a/b`, but may hold the name of a database such as `GeoLite2-City`",
        ),
        (
            &[("DISABLE_REGISTRATION", "false")][..],
            "`DISABLE_REGISTRATION` holds `false`, but there is no public sign-up; it may hold `true` or `invite_only`",
        ),
        (&[("DISABLE_AUTH", "true")][..], "`DISABLE_AUTH` holds `true`, but may hold `false`"),
        (&[("BASE_URL", "stats")][..], "`BASE_URL` holds `stats`, but may hold a URL such as `https://stats.example.org`"),
        (
            &[("LISTEN_IP", "everywhere")][..],
            "`LISTEN_IP` holds `everywhere`, but may hold an IP address such as `0.0.0.0` or `::`",
        ),
        (
            &[("MAILER_ADAPTER", "Bamboo.MailgunAdapter")][..],
            "`MAILER_ADAPTER` holds `Bamboo.MailgunAdapter`, and `MAILGUN_API_KEY` is missing",
        ),
        (
            &[("MAILER_ADAPTER", "Bamboo.PostmarkAdapter")][..],
            "`MAILER_ADAPTER` holds `Bamboo.PostmarkAdapter`, and `POSTMARK_API_KEY` is missing",
        ),
        (&[("SMTP_USER_NAME", "ada")][..], "`SMTP_USER_NAME` is set without `SMTP_USER_PWD`, and a relay wants both or neither"),
        (
            &[("SMTP_USER_PWD", "secret")][..],
            "`SMTP_USER_PWD` is set without `SMTP_USER_NAME`, and a relay wants both or neither",
        ),
        (&[("SMTP_HOST_PORT", "many")][..], "`SMTP_HOST_PORT` holds `many`, but may hold a whole number from 1 to 65535"),
    ] {
        assert_eq!(refused(set), sentence);
    }
}

/// Variables of the compose file, the configuration pages and the portal that change nothing, and are announced.
const ANNOUNCED: [&str; 20] = [
    "ADMIN_USER_IDS",
    "SELFHOST",
    "SMTP_MIDDLEBOX_COMP_MODE",
    "SECRET_KEY_BASE",
    "TOTP_VAULT_KEY",
    "ENABLE_EMAIL_VERIFICATION",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "GEONAMES_SOURCE_FILE",
    "SMTP_MX_LOOKUPS_ENABLED",
    "ECTO_IPV6",
    "ECTO_CH_IPV6",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "CLICKHOUSE_FLUSH_INTERVAL_MS",
    "CLICKHOUSE_MAX_BUFFER_SIZE",
    "CLICKHOUSE_MAX_BUFFER_SIZE_BYTES",
    "CLICKHOUSE_INGEST_POOL_SIZE",
    "SECURE_COOKIE",
    "WEBSOCKET_URL",
];

#[test]
fn each_variable_that_changes_nothing_is_announced_by_name() {
    for name in ANNOUNCED {
        let started = Started::with(&[(name, "GLVzDZW04FzuS1gMcmBRVhwgd4Gu9YmSl/k/TqfTUXti7FLBd7aflXeQDdwCj6Cz")]);
        let log = started.log();
        let told: Vec<&str> = log.lines().filter(|line| line.contains("changes nothing")).collect();
        assert!(told.len() == 1 && told[0].contains(&format!("`{name}` is set and changes nothing: ")), "{name}: {log}");
        assert!(!log.contains("GLVzDZW04"), "{name}: the value is told");
    }
}

#[test]
fn each_variable_of_the_web_server_means_the_same() {
    let port = free_port().to_string();
    for name in ["HTTP_PORT", "PORT"] {
        assert_eq!(Started::with(&[(name, &port)]).get("/api/system/health/live").json(), json!({"ok": true}));
    }
    let elsewhere = Started::with(&[("LISTEN_IP", "127.0.0.2")]);
    assert_eq!(elsewhere.get("/api/health").status, 200);
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, elsewhere.address.port()));
    assert!(request(here, "GET", "/api/health", &[], b"").is_none(), "it listens at an address that was not named");
    let reached = Started::with(&[("BASE_URL", "https://stats.example.org/")]);
    assert!(reached.said().contains("\n  https://stats.example.org/setup?token="), "{}", reached.said());
    assert!(Started::with(&[("DISABLE_AUTH", "false")]).said().contains("/setup?token="));
}

#[test]
fn files_of_secrets_are_variables_too() {
    let secrets = tempfile::tempdir().expect("a directory");
    std::fs::write(secrets.path().join("BASE_URL"), "https://secret.example.org\n").expect("a file");
    let directory = secrets.path().display().to_string();
    let started = Started::with(&[("CONFIG_DIR", &directory), ("BASE_URL", "https://stats.example.org")]);
    assert!(started.said().contains("https://secret.example.org/setup?token="), "{}", started.said());
    std::fs::write(secrets.path().join("DATABASE_URL"), "postgres://db").expect("a file");
    let sentence = "`DATABASE_URL` is set, but this version runs on its embedded stores only";
    assert_eq!(refused(&[("CONFIG_DIR", &directory)]), sentence);
}

#[test]
fn data_lies_where_plausible_s_variable_says() {
    let directory = tempfile::tempdir().expect("a directory");
    let data: PathBuf = directory.path().join("plausible");
    let port = free_port();
    let mut program = command(directory.path());
    program.env_remove("FOOTFALL_DATA_DIR").env("DATA_DIR", &data).env("HTTP_PORT", port.to_string()).arg("serve");
    let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let patience = Instant::now() + Duration::from_secs(120);
    while request(address, "GET", "/api/health", &[], b"").is_none_or(|answer| answer.status != 200) {
        assert!(Instant::now() < patience, "nothing answers");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("the program can be killed");
    child.wait().expect("the program ends");
    assert!(data.join("admin.db").exists());
}

#[test]
fn each_variable_of_the_first_administrator_means_the_same() {
    for (name, value) in [
        ("ADMIN_USER_EMAIL", "admin@fawkes.local"),
        ("ADMIN_USER_NAME", "Platform Admin"),
        ("ADMIN_USER_PWD", "changeme-admin-password"),
    ] {
        let started = Started::with(&[(name, value)]);
        assert_eq!(started.session()["setup_required"], true, "`{name}` alone makes nobody");
    }
    let both = [("ADMIN_USER_EMAIL", "admin@fawkes.local"), ("ADMIN_USER_PWD", "changeme-admin-password")];
    let started = Started::with(&both);
    let (status, session) = started.signs_in("admin", "changeme-admin-password");
    assert_eq!((status, &session["user"]["superuser"]), (200, &json!(true)), "{session}");
    let named = Started::with(&[both[0], both[1], ("ADMIN_USER_NAME", "Platform Admin")]);
    let (status, session) = named.signs_in("admin@fawkes.local", "changeme-admin-password");
    assert_eq!((status, &session["user"]["name"]), (200, &json!("Platform Admin")), "{session}");
    let plain = Started::with(&[both[0], both[1], ("ADMIN_USER_NAME", "root")]);
    assert_eq!(plain.signs_in("root", "changeme-admin-password").0, 200);
}

#[test]
fn each_variable_of_registration_means_the_same() {
    let guess = json!({"token": "guess", "password": "long enough"});
    for (value, sentence) in
        [("true", "this server takes nobody new"), ("invite_only", "the invitation is not known, or no longer counts")]
    {
        let started = Started::with(&[("DISABLE_REGISTRATION", value)]);
        let (status, told) = started.post("/invitation", &guess);
        assert_eq!((status, &told["error"]["message"]), (403, &json!(sentence)));
        let (status, _) = started.post("/users", &json!({"login": "eve", "email": "eve@example.org", "password": "long enough"}));
        assert!(status == 401 || status == 403, "{status}");
    }
}

#[test]
fn each_variable_of_the_log_means_the_same() {
    let announced = ("TOTP_VAULT_KEY", "key");
    let told = |set: &[(&str, &str)]| {
        let log = Started::with(&[&[announced], set].concat()).log();
        log.lines().find(|line| line.contains("TOTP_VAULT_KEY")).map(str::to_owned)
    };
    for level in ["warning", "notice", "info", "debug"] {
        assert!(told(&[("LOG_LEVEL", level)]).is_some(), "{level}");
    }
    for level in ["error", "critical", "alert", "emergency", "none"] {
        assert_eq!(told(&[("LOG_LEVEL", level)]), None, "{level}");
    }
    assert!(told(&[("LOG_FORMAT", "json")]).is_some_and(|line| line.starts_with('{')));
    assert!(told(&[("LOG_FORMAT", "standard")]).is_some_and(|line| !line.starts_with('{')));
    for (value, is_told) in [("true", true), ("false", false)] {
        let started = Started::with(&[("LOG_FAILED_LOGIN_ATTEMPTS", value)]);
        assert_eq!(started.signs_in("mallory", "guess").0, 401);
        let log = started.log();
        assert_eq!(log.contains("a login was refused") && log.contains("mallory"), is_told, "{log}");
    }
}

#[test]
fn each_variable_of_the_mailer_means_the_same() {
    // What the letters say and where they go is in `letters.rs`; here, whether any are sent at all.
    let smtp = ("MAILER_ADAPTER", "Bamboo.SMTPAdapter");
    for (set, sends) in [
        (&[][..], false),
        (&[("SMTP_HOST_ADDR", "mail.example.org")][..], true),
        (&[smtp][..], true),
        (&[("MAILER_ADAPTER", "Bamboo.Mua")][..], false),
        (&[("MAILER_ADAPTER", "Bamboo.PostmarkAdapter"), ("POSTMARK_API_KEY", "key")][..], true),
        (&[("MAILER_ADAPTER", "Bamboo.MandrillAdapter"), ("MANDRILL_API_KEY", "key")][..], true),
        (&[("MAILER_ADAPTER", "Bamboo.SendGridAdapter"), ("SENDGRID_API_KEY", "key")][..], true),
        (&[("SMTP_HOST_PORT", "2525")][..], false),
        (&[("SMTP_HOST_SSL_ENABLED", "true")][..], false),
        (&[("SMTP_RETRIES", "3")][..], false),
        (&[("SMTP_USER_NAME", "ada"), ("SMTP_USER_PWD", "secret")][..], false),
        (&[("MAILER_EMAIL", "hello@example.org")][..], false),
        (&[("MAILER_NAME", "Portal")][..], false),
        (&[("POSTMARK_API_KEY", "key")][..], false),
        (&[("MANDRILL_API_KEY", "key")][..], false),
        (&[("SENDGRID_API_KEY", "key")][..], false),
        (&[("MAILGUN_API_KEY", "key"), ("MAILGUN_DOMAIN", "mg.example.org")][..], false),
        (
            &[
                ("MAILER_ADAPTER", "Bamboo.MailgunAdapter"),
                ("MAILGUN_API_KEY", "key"),
                ("MAILGUN_DOMAIN", "mg.example.org"),
                ("MAILGUN_BASE_URI", "https://api.eu.mailgun.net/v3"),
            ][..],
            true,
        ),
    ] {
        assert_eq!(Started::with(set).session()["sends_mail"], sends, "{set:?}");
    }
}

#[test]
fn the_location_database_and_the_headers_of_proxies_mean_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("dbip-city.mmdb.gz");
    let packed = base64::engine::general_purpose::STANDARD.decode(PLACES).expect("base64");
    std::fs::write(&file, packed).expect("a file");
    let file = file.display().to_string();
    let started =
        Started::with(&[&ROOT[..], &[("IP_GEOLOCATION_DB", &file), ("FOOTFALL_REPORTS_READ_YOUR_HITS", "true")]].concat());
    assert_eq!(started.get("/api/system").json()["geo_database"], "GeoLite2-City", "{}", started.get("/api/system").text());
    started.ask("POST", "/api/v1/sites", &json!({"domain": "portal.example"}));
    // Each of the headers that Plausible reads, the first of them winning.
    for (number, (name, value)) in [
        ("x-plausible-ip", "2.125.160.216"),
        ("cf-connecting-ip", "2.125.160.217"),
        ("b-forwarded-for", "2.125.160.218, 10.0.0.1"),
        ("x-forwarded-for", "2.125.160.219, 10.0.0.1"),
        ("forwarded", "for=2.125.160.220;proto=https"),
    ]
    .into_iter()
    .enumerate()
    {
        let event = json!({"n": "pageview", "u": format!("https://portal.example/{number}"), "d": "portal.example"}).to_string();
        let headers = [("user-agent", FIREFOX), ("content-type", "text/plain"), (name, value)];
        let sent = request(started.address, "POST", "/api/event", &headers, event.as_bytes()).expect("an answer");
        assert_eq!((sent.status, sent.headers.get("x-plausible-dropped")), (202, None), "{name}");
    }
    let asked = json!({"site_id": "portal.example", "metrics": ["visitors"], "date_range": "day",
        "dimensions": ["visit:country", "visit:region", "visit:city_name"]});
    let told = started.ask("POST", "/api/v2/query", &asked);
    assert_eq!(told["results"], json!([{"dimensions": ["GB", "GB-ENG", "Boxford"], "metrics": [5]}]));
    let missing = Started::with(&[]).get("/api/system").json();
    assert_eq!(missing["geo_database"], "built-in countries");
    let unread = command(&directory.path().join("data")).arg("serve").env("IP_GEOLOCATION_DB", "/nowhere.mmdb").output();
    let unread = unread.expect("the program runs");
    let sentence = "footfall: `geo.database` holds `/nowhere.mmdb`, which cannot be read";
    let told = String::from_utf8_lossy(&unread.stderr).into_owned();
    assert!(unread.status.code() == Some(1) && told.starts_with(sentence), "{told}");
}

/// What MaxMind's place answers, request by request and when it is let; gives each request's first line.
fn maxmind(answers: Vec<(&'static str, Vec<u8>)>) -> (SocketAddr, Receiver<String>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    let ((asked, requests), (go, gate)) = (channel(), channel());
    std::thread::spawn(move || {
        for (head, body) in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            let lines: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let _ = asked.send(lines[0].clone());
            if gate.recv().is_err() {
                return;
            }
            let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).expect("it is taken");
        }
    });
    (address, requests, go)
}

#[test]
fn each_variable_of_maxmind_means_the_same() {
    let packed = base64::engine::general_purpose::STANDARD.decode(PLACES).expect("base64");
    let mut database = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut database).expect("a database");
    let archive = |name: &str, contents: &[u8]| {
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut head = tar::Header::new_gnu();
        head.set_mode(0o644);
        head.set_size(contents.len() as u64);
        archive.append_data(&mut head, format!("GeoLite2-City_20261117/{name}"), contents).expect("an archive");
        archive.into_inner().and_then(flate2::write::GzEncoder::finish).expect("an archive")
    };
    let patience = Duration::from_secs(60);
    let until = |done: &dyn Fn() -> bool| {
        let end = Instant::now() + patience;
        while !done() {
            assert!(Instant::now() < end, "it does not come about");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let (address, requests, go) = maxmind(vec![
        ("302 Found\r\nlocation: /files/city.tar.gz", Vec::new()),
        ("200 OK\r\nlast-modified: Tue, 17 Nov 2026 14:01:02 GMT", archive("GeoLite2-City.mmdb", &database)),
    ]);
    let url = format!("http://{address}");
    let set = [("MAXMIND_LICENSE_KEY", "licence-of-ours"), ("FOOTFALL_GEO_MAXMIND_URL", &url)];
    let started = Started::with(&set);
    let named = |started: &Started| started.get("/api/system").json()["geo_database"].clone();
    // It answers before there is a database.
    let asked = requests.recv_timeout(patience).expect("a request");
    assert_eq!(asked, "GET /app/geoip_download?edition_id=GeoLite2-City&license_key=licence-of-ours&suffix=tar.gz HTTP/1.1");
    assert_eq!(named(&started), "built-in countries");
    go.send(()).and_then(|()| go.send(())).expect("it goes on");
    assert_eq!(requests.recv_timeout(patience).expect("a request"), "GET /files/city.tar.gz HTTP/1.1");
    until(&|| named(&started) == "GeoLite2-City");
    assert!(!started.log().contains("licence-of-ours"), "{}", started.log());
    let kept = started.directory.path().join("data/geo");
    assert_eq!(std::fs::read(kept.join("GeoLite2-City.mmdb")).expect("a file"), database);

    // What cannot be had, and what is no database.
    for (edition, head, body, sentence) in [
        ("GeoLite2-City", "401 Unauthorized", Vec::new(), "MaxMind refuses the key in `MAXMIND_LICENSE_KEY`"),
        ("GeoIP2-City", "404 Not Found", Vec::new(), "MaxMind has no database `GeoIP2-City` (`MAXMIND_EDITION`)"),
        (
            "GeoLite2-City",
            "200 OK",
            archive("x.mmdb", b"no database"),
            "what MaxMind gives for `GeoLite2-City` is no location database",
        ),
        ("GeoLite2-City", "200 OK", archive("README", b"text"), "`127.0.0.1` cannot be asked: the archive holds no database"),
    ] {
        let (address, requests, go) = maxmind(vec![(head, body)]);
        let url = format!("http://{address}");
        let set = [("MAXMIND_LICENSE_KEY", "licence-of-ours"), ("MAXMIND_EDITION", edition), ("FOOTFALL_GEO_MAXMIND_URL", &url)];
        let started = Started::with(&set);
        go.send(()).expect("it goes on");
        assert!(requests.recv_timeout(patience).expect("a request").contains(&format!("edition_id={edition}&")));
        until(&|| started.log().contains(sentence));
        assert!(!started.log().contains("licence-of-ours") && named(&started) == "built-in countries", "{}", started.log());
        assert!(!started.directory.path().join("data/geo").join(format!("{edition}.mmdb")).exists());
    }
}

/// Every variable that the compose file passes on, but those that are refused.
const COMPOSE: [(&str, &str); 23] = [
    ("BASE_URL", "https://plausible.example.com"),
    ("SECRET_KEY_BASE", "GLVzDZW04FzuS1gMcmBRVhwgd4Gu9YmSl/k/TqfTUXti7FLBd7aflXeQDdwCj6Cz"),
    ("TOTP_VAULT_KEY", "dsxvbn3jxDd16az2QpsX5B8O+llxjQ2SJE2i5Bzx38I="),
    ("DISABLE_REGISTRATION", "invite_only"),
    ("ENABLE_EMAIL_VERIFICATION", "true"),
    ("GOOGLE_CLIENT_ID", "140927866833.apps.googleusercontent.com"),
    ("GOOGLE_CLIENT_SECRET", "GOCSPX-a5qMt6GNgZT7"),
    ("GEONAMES_SOURCE_FILE", "/geonames.csv"),
    ("MAXMIND_EDITION", "GeoLite2-City"),
    ("MAILER_ADAPTER", "Bamboo.Mua"),
    ("MAILER_EMAIL", "plausible@plausible.example.com"),
    ("MAILER_NAME", "Plausible"),
    ("SMTP_HOST_ADDR", "smtp.example.com"),
    ("SMTP_HOST_PORT", "465"),
    ("SMTP_USER_NAME", "plausible"),
    ("SMTP_USER_PWD", "secret"),
    ("SMTP_HOST_SSL_ENABLED", "true"),
    ("POSTMARK_API_KEY", ""),
    ("MAILGUN_API_KEY", ""),
    ("MAILGUN_DOMAIN", ""),
    ("MAILGUN_BASE_URI", ""),
    ("MANDRILL_API_KEY", ""),
    ("SENDGRID_API_KEY", ""),
];

#[test]
fn the_whole_compose_file_starts_it_without_its_databases() {
    let databases = [
        ("DATABASE_URL", "postgres://postgres:postgres@plausible_db:5432/plausible_db"),
        ("CLICKHOUSE_DATABASE_URL", "http://plausible_events_db:8123/plausible_events_db"),
    ];
    let sentence = "`DATABASE_URL` and `CLICKHOUSE_DATABASE_URL` are set, but this version runs on its embedded stores only";
    assert_eq!(refused(&[&COMPOSE[..], &databases].concat()), sentence);
    let mut started = Started::with(&COMPOSE);
    assert!(started.said().contains("https://plausible.example.com/setup?token="), "{}", started.said());
    assert_eq!(started.session()["sends_mail"], true);
    let announced = started.log().lines().filter(|line| line.contains("changes nothing")).count();
    assert_eq!(announced, 6, "{}", started.log());
    started.stop();
}

#[test]
fn the_portal_s_config_map_and_secret_start_it_without_its_databases() {
    let config_map = [
        ("DISABLE_REGISTRATION", "true"),
        ("DISABLE_AUTH", "false"),
        ("BASE_URL", "https://plausible.fawkes.idp"),
        ("LOG_FAILED_LOGIN_ATTEMPTS", "false"),
    ];
    let databases = [
        ("CLICKHOUSE_DATABASE_URL", "http://plausible-clickhouse:8123/plausible"),
        ("DATABASE_HOST", "db-plausible-dev-rw.fawkes.svc.cluster.local"),
        ("DATABASE_PORT", "5432"),
        ("DATABASE_NAME", "plausible_db"),
    ];
    let secret = [
        ("SECRET_KEY_BASE", "changeme-plausible-secret-key-base-64-chars-min-use-openssl-rand"),
        ("ADMIN_USER_EMAIL", "admin@fawkes.local"),
        ("ADMIN_USER_NAME", "Platform Admin"),
        ("ADMIN_USER_PWD", "changeme-admin-password"),
    ];
    // What the deployment itself adds to them.
    let pod = [("POSTGRES_USER", "plausible"), ("POSTGRES_PASSWORD", "secret")];
    let sentence = "`DATABASE_HOST`, `DATABASE_PORT`, `DATABASE_NAME` and `CLICKHOUSE_DATABASE_URL` are set, but this version runs \
                    on its embedded stores only";
    assert_eq!(refused(&[&config_map[..], &databases, &secret, &pod].concat()), sentence);
    let started = Started::with(&[&config_map[..], &secret, &pod, &[("FOOTFALL_ADMIN_USER_TOKEN", TOKEN)]].concat());
    let (status, session) = started.signs_in("admin@fawkes.local", "changeme-admin-password");
    assert_eq!((status, &session["user"]["name"], &session["user"]["superuser"]), (200, &json!("Platform Admin"), &json!(true)));
    started.ask("POST", "/api/v1/sites", &json!({"domain": "portal.example"}));
    let link = started.ask("PUT", "/api/v1/sites/shared-links", &json!({"site_id": "portal.example", "name": "Wall"}));
    let url = link["url"].as_str().unwrap_or_default();
    assert!(url.starts_with("https://plausible.fawkes.idp/share/portal.example?auth="), "{link}");
    let (status, told) = started.post("/invitation", &json!({"token": "guess", "password": "long enough"}));
    assert_eq!((status, &told["error"]["message"]), (403, &json!("this server takes nobody new")));
    // The probes of the deployment.
    let health = started.get("/api/health");
    assert_eq!(
        (health.status, health.json()),
        (200, json!({"postgres": "ok", "clickhouse": "ok", "sites_cache": "ok", "sessions": "ok"}))
    );
    assert_eq!(started.get("/api/system/health/ready").json(), health.json());
    assert_eq!(started.get("/api/system/health/live").json(), json!({"ok": true}));
    assert_eq!((started.get("/api/error").status, started.get("/api/error").body), (200, Vec::new()));
    assert_eq!(started.get("/api/system").json()["build"]["version"], env!("CARGO_PKG_VERSION"));
    let described = started.get("/api/plugins/spec/openapi");
    assert_eq!((described.status, &described.json()["openapi"]), (200, &json!("3.0.0")));
    assert_eq!(started.log().lines().filter(|line| line.contains("changes nothing")).count(), 3, "{}", started.log());
}
