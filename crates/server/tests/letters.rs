//! What is written to people: forgotten passwords, invitations, guests, reports. A relay of the test's own takes the letters.

mod common;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{self, Receiver, Sender},
    time::Duration,
};

use common::{Server, TOKEN, add_site, bearer, sites_api};
use serde_json::{Value, json};

/// A letter as the relay got it.
struct Letter {
    from: String,
    to: Vec<String>,
    login: Option<String>,
    text: String,
}

impl Letter {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.text.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default()
    }

    /// What it says, without the signs that break long lines.
    fn says(&self) -> String {
        let body = self.text.split_once("\n\n").map_or("", |(_, body)| body);
        body.replace("=\n", "").replace("=3D", "=")
    }

    /// The secret in its link.
    fn token(&self) -> String {
        let says = self.says();
        let after = says.split_once("token=").expect("a link").1;
        after.chars().take_while(char::is_ascii_alphanumeric).collect()
    }
}

/// A relay that takes every letter, after asking to be tried again as often as it is told.
struct Relay {
    address: SocketAddr,
    letters: Receiver<Letter>,
}

impl Relay {
    fn start(mut busy: usize) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (sender, letters) = mpsc::channel();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // Connections are kept open and used again.
                let refuses = std::mem::take(&mut busy);
                let sender = sender.clone();
                std::thread::spawn(move || converse(&connection, &sender, refuses));
            }
        });
        Relay { address, letters }
    }

    fn settings(&self) -> [(String, String); 2] {
        [("SMTP_HOST_ADDR".to_owned(), "127.0.0.1".to_owned()), ("SMTP_HOST_PORT".to_owned(), self.address.port().to_string())]
    }

    fn next(&self) -> Letter {
        self.letters.recv_timeout(Duration::from_secs(30)).expect("a letter")
    }
}

fn converse(connection: &TcpStream, sender: &Sender<Letter>, mut busy: usize) -> Option<()> {
    let mut writer = connection.try_clone().ok()?;
    let mut lines = BufReader::new(connection).lines();
    let mut say = |text: &str| writer.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 relay.example.org")?;
    let new = |login: Option<String>| Letter { from: String::new(), to: Vec::new(), login, text: String::new() };
    let mut letter = new(None);
    loop {
        let line = lines.next()?.ok()?;
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => say("250-relay.example.org\r\n250 AUTH PLAIN")?,
            "AUTH" => {
                letter.login = line.rsplit(' ').next().map(str::to_owned);
                say("235 welcome")?;
            }
            "MAIL" if busy > 0 => {
                busy -= 1;
                say("451 try again")?;
            }
            "MAIL" => {
                letter.from = line;
                say("250 ok")?;
            }
            "RCPT" => {
                letter.to.push(line);
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                loop {
                    let line = lines.next()?.ok()?;
                    if line == "." {
                        break;
                    }
                    letter.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.text.push('\n');
                }
                say("250 taken")?;
                let next = new(letter.login.clone());
                sender.send(std::mem::replace(&mut letter, next)).ok()?;
            }
            "QUIT" => {
                say("221 bye")?;
                return None;
            }
            _ => say("250 ok")?,
        }
    }
}

/// A browser: one that repeats the token a session was given.
struct Browser<'a> {
    server: &'a Server,
    cookie: String,
    csrf: String,
}

impl Browser<'_> {
    fn open(server: &Server) -> Browser<'_> {
        let answer = server.get("/api/v1/session", &[]);
        let cookie = answer.headers["set-cookie"].split(';').next().unwrap_or_default().to_owned();
        let csrf = answer.json()["csrf_token"].as_str().unwrap_or_default().to_owned();
        Browser { server, cookie, csrf }
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let headers =
            [("content-type", "application/json"), ("cookie", self.cookie.as_str()), ("x-csrf-token", self.csrf.as_str())];
        let answer = self.server.post(&format!("/api/v1{path}"), &headers, body.to_string().as_bytes());
        (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
    }

    fn signs_in(&self, login: &str, password: &str) -> u16 {
        self.post("/login", &json!({"login": login, "password": password})).0
    }
}

fn start(relay: &Relay, more: &[(&str, &str)]) -> Server {
    let address = relay.settings();
    let mut settings: Vec<(&str, &str)> = address.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    settings.push(("BASE_URL", "https://stats.example.org"));
    settings.extend(more);
    Server::start(&settings)
}

/// A call of our own API as the superuser.
fn own(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let bearer = bearer();
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("accept", "application/vnd.footfall+json")];
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let answer = common::request(server.address, method, &format!("/api/v1{path}"), &headers, &body).expect("an answer");
    (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
}

#[test]
fn a_forgotten_password_is_set_with_the_link_of_a_letter() {
    let relay = Relay::start(1);
    let mail = [
        ("MAILER_EMAIL", "hello@example.org"),
        ("MAILER_NAME", "Portal"),
        ("SMTP_USER_NAME", "ada"),
        ("SMTP_USER_PWD", "relay secret"),
    ];
    let server = start(&relay, &mail);
    let browser = Browser::open(&server);
    assert_eq!(server.get("/api/v1/session", &[]).json()["sends_mail"], true);
    // Nobody has this address, and the answer does not tell.
    assert_eq!(browser.post("/password/forgotten", &json!({"login": "nobody@example.org"})).0, 204);
    assert_eq!(browser.post("/password/forgotten", &json!({"login": "admin@example.org"})).0, 204);
    let letter = relay.next();
    assert_eq!(letter.header("From"), "Portal <hello@example.org>");
    assert_eq!((letter.header("To"), letter.header("Subject")), ("admin@example.org", "Set a new password for Footfall"));
    assert_eq!(
        (letter.from.as_str(), letter.to.as_slice()),
        ("MAIL FROM:<hello@example.org>", &["RCPT TO:<admin@example.org>".to_owned()][..])
    );
    // "\0ada\0relay secret"
    assert_eq!(letter.login.as_deref(), Some("AGFkYQByZWxheSBzZWNyZXQ="));
    let token = letter.token();
    assert!(letter.says().contains(&format!("https://stats.example.org/password/reset?token={token}")), "{}", letter.says());
    assert_eq!(token.len(), 32);

    let signed_in = Browser::open(&server);
    assert_eq!(signed_in.signs_in("admin", "correct horse battery"), 200);
    let (status, told) = browser.post("/password/reset", &json!({"token": "guess", "password": "another horse"}));
    assert_eq!((status, &told["error"]["message"]), (403, &json!("the link is not known, or no longer counts")));
    assert_eq!(browser.post("/password/reset", &json!({"token": token, "password": "short"})).0, 422);
    assert_eq!(browser.post("/password/reset", &json!({"token": token, "password": "another horse"})).0, 204);
    assert_eq!(browser.post("/password/reset", &json!({"token": token, "password": "a third horse"})).0, 403);
    assert_eq!(Browser::open(&server).signs_in("admin", "correct horse battery"), 401);
    assert_eq!(Browser::open(&server).signs_in("admin@example.org", "another horse"), 200);

    // Letters that somebody asks for again and again stop.
    let answers: Vec<u16> = (0..6).map(|_| browser.post("/password/forgotten", &json!({"login": "eve@example.org"})).0).collect();
    assert_eq!(answers, [204, 204, 204, 204, 204, 429]);
}

#[test]
fn without_a_relay_nobody_is_left_waiting_for_a_letter() {
    let server = Server::start(&[]);
    let browser = Browser::open(&server);
    assert_eq!(server.get("/api/v1/session", &[]).json()["sends_mail"], false);
    let (status, told) = browser.post("/password/forgotten", &json!({"login": "admin"}));
    assert_eq!((status, &told["error"]["message"]), (409, &json!("this server sends no mail")));
    // The link is in the answer, to be handed over.
    let (status, user) = own(&server, "POST", "/users", &json!({"login": "grace", "email": "grace@example.org"}));
    let url = user["invitation_url"].as_str().unwrap_or_default();
    assert!(status == 201 && url.contains("/invitation?token="), "{user}");
    add_site(&server, "portal.example");
    let (status, guest) = own(&server, "POST", "/sites/1/guests", &json!({"email": "guest@example.org", "role": "viewer"}));
    assert!(status == 201 && guest["invitation_url"].as_str().is_some_and(|url| url.contains("/invitation?token=")), "{guest}");
}

#[test]
fn people_come_in_by_the_link_of_an_invitation() {
    let relay = Relay::start(0);
    let server = start(&relay, &[]);
    let new = json!({"login": "grace", "email": "grace@example.org", "name": "Grace"});
    let (status, user) = own(&server, "POST", "/users", &new);
    assert_eq!(status, 201, "{user}");
    let letter = relay.next();
    assert_eq!((letter.header("From"), letter.header("To")), ("footfall@stats.example.org", "grace@example.org"));
    assert_eq!(letter.header("Subject"), "You are invited to Footfall");
    assert_eq!(user["invitation_url"], format!("https://stats.example.org/invitation?token={}", letter.token()));
    assert_eq!(Browser::open(&server).signs_in("grace", ""), 401);

    // A new link replaces the one before.
    let (status, again) = own(&server, "POST", "/users/grace/invitation", &Value::Null);
    assert_eq!((status, &again["sent"]), (200, &json!(true)), "{again}");
    let (old, token) = (letter.token(), relay.next().token());
    assert_eq!(server.get(&format!("/api/v1/invitation?token={old}"), &[]).status, 403);
    let shown = server.get(&format!("/api/v1/invitation?token={token}"), &[]).json();
    assert_eq!(shown, json!({"login": "grace", "email": "grace@example.org", "invited_by": "admin"}));
    let browser = Browser::open(&server);
    assert_eq!(browser.post("/invitation", &json!({"token": old, "password": "hopper hopper"})).0, 403);
    let (status, session) = browser.post("/invitation", &json!({"token": token, "password": "hopper hopper"}));
    assert_eq!((status, &session["user"]["login"]), (200, &json!("grace")), "{session}");
    assert_eq!(browser.post("/invitation", &json!({"token": token, "password": "hopper hopper"})).0, 403);
    assert_eq!(Browser::open(&server).signs_in("grace", "hopper hopper"), 200);

    // Matomo's way: the letter's link, and the address that its API makes.
    assert_eq!(server.matomo("method=SitesManager.addSite&siteName=Docs&urls=http://docs.example")["value"], 1);
    let invited = server.matomo("method=UsersManager.inviteUser&userLogin=bob&email=bob@example.org&initialIdSite=1");
    assert_eq!(invited["result"], "success", "{invited}");
    assert_eq!(relay.next().header("To"), "bob@example.org");
    let link = server.matomo("method=UsersManager.generateInviteLink&userLogin=bob")["value"].clone();
    let path = link.as_str().and_then(|link| link.strip_prefix("https://stats.example.org")).expect("an address here").to_owned();
    let led = server.get(&path, &[]);
    let token = path.rsplit('=').next().unwrap_or_default();
    assert_eq!(
        (led.status, led.headers["location"].clone()),
        (303, format!("https://stats.example.org/invitation?token={token}"))
    );
    assert_eq!(Browser::open(&server).post("/invitation", &json!({"token": token, "password": "bob's own horse"})).0, 200);
}

#[test]
fn guests_make_their_account_unless_nobody_may() {
    let relay = Relay::start(0);
    let server = start(&relay, &[("DISABLE_REGISTRATION", "invite_only")]);
    add_site(&server, "portal.example");
    add_site(&server, "other.example");
    let guest = |site: &str, email: &str| json!({"site_id": site, "email": email, "role": "viewer"});
    let (_, told) = sites_api(&server, "PUT", "/api/v1/sites/guests", &guest("portal.example", "Eve@example.org"));
    assert_eq!(told, json!({"status": "invited", "email": "eve@example.org", "role": "viewer"}));
    let letter = relay.next();
    assert_eq!(
        (letter.header("To"), letter.header("Subject")),
        ("eve@example.org", "You are invited to the statistics of portal.example")
    );
    // Who is invited twice gets one letter, and a second site waits for the account too.
    sites_api(&server, "PUT", "/api/v1/sites/guests", &guest("portal.example", "eve@example.org"));
    let (_, told) = sites_api(&server, "PUT", "/api/v1/sites/guests", &guest("other.example", "eve@example.org"));
    assert_eq!(told["status"], "invited");
    assert_eq!(relay.next().header("Subject"), "You are invited to the statistics of other.example");
    let browser = Browser::open(&server);
    let (status, _) = browser.post("/invitation", &json!({"token": letter.token(), "password": "eve's own horse"}));
    assert_eq!(status, 200);
    for site in ["portal.example", "other.example"] {
        let (_, guests) = sites_api(&server, "GET", &format!("/api/v1/sites/guests?site_id={site}"), &Value::Null);
        assert_eq!(guests["guests"], json!([{"email": "eve@example.org", "role": "viewer", "status": "accepted"}]));
    }
    // Who has an account is let in at once, and told.
    add_site(&server, "third.example");
    let (_, told) = sites_api(&server, "PUT", "/api/v1/sites/guests", &guest("third.example", "eve@example.org"));
    assert_eq!(told["status"], "accepted");
    assert!(relay.next().says().contains("https://stats.example.org/sites/3"));

    let relay = Relay::start(0);
    let shut = start(&relay, &[("DISABLE_REGISTRATION", "true")]);
    add_site(&shut, "portal.example");
    let (_, told) = sites_api(&shut, "PUT", "/api/v1/sites/guests", &guest("portal.example", "eve@example.org"));
    assert_eq!(told["status"], "invited");
    let letter = relay.next();
    assert!(letter.says().contains("once you have an account") && !letter.says().contains("token"), "{}", letter.says());
    let users = shut.matomo("method=UsersManager.getUsersLogin");
    assert_eq!(users, json!(["admin", "anonymous"]));
    let (_, user) = own(&shut, "POST", "/users", &json!({"login": "grace", "email": "grace@example.org"}));
    let token = user["invitation_url"].as_str().and_then(|url| url.rsplit('=').next()).unwrap_or_default().to_owned();
    let (status, told) = Browser::open(&shut).post("/invitation", &json!({"token": token, "password": "hopper hopper"}));
    assert_eq!((status, &told["error"]["message"]), (403, &json!("this server takes nobody new")));
}

#[test]
fn a_report_goes_out_as_a_letter() {
    let relay = Relay::start(0);
    let server = start(&relay, &[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    add_site(&server, "portal.example");
    let headers = [
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        ("x-now", "2026-03-17T10:00:00Z"),
    ];
    let seen = "/matomo.php?idsite=1&rec=1&url=https%3A%2F%2Fportal.example%2F&send_image=0";
    assert_eq!(server.get(seen, &headers).status, 204);
    let call = |call: &str| {
        let path = format!("/index.php?module=API&format=json&token_auth={TOKEN}&{call}");
        server.get(&path, &[("x-now", "2026-03-18T12:00:00Z")]).json()
    };
    let made = call(
        "method=ScheduledReports.addReport&idSite=1&description=Daily&period=day&hour=0&reportType=email&reportFormat=csv\
         &reports[0]=VisitsSummary_get&parameters[displayFormat]=1&parameters[emailMe]=true\
         &parameters[additionalEmails][0]=boss@example.org",
    );
    let sent = call(&format!("method=ScheduledReports.sendReport&idReport={}", made["value"]));
    assert_eq!(sent["result"], "success", "{sent}");
    let (first, second) = (relay.next(), relay.next());
    assert_eq!((first.header("To"), second.header("To")), ("admin@example.org", "boss@example.org"));
    let subject = "portal.example - Tuesday, March 17, 2026";
    assert_eq!(first.header("Subject"), subject);
    assert!(first.text.contains("\"portal.example - Tuesday, March 17, 2026 - Daily.csv\""), "{}", first.text);
    let whole = first.text.replace("=\n", "");
    assert!(whole.contains("bounce_rate=0A1,1,1,1,1,00:00:00,100%"), "{whole}");
    let listed = call("method=ScheduledReports.getReports");
    assert_eq!(listed[0]["ts_last_sent"], "2026-03-18 12:00:00");
}
