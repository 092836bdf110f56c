//! `footfall data update devices`, seen from outside.

mod common;

use std::{fs, path::Path, process::Output, time::Duration};

use common::{Server, TOKEN, command};

/// Every file that a database has.
const FILES: [&str; 20] = [
    "bots.yml",
    "oss.yml",
    "vendorfragments.yml",
    "client/browser_engine.yml",
    "client/browsers.yml",
    "client/feed_readers.yml",
    "client/libraries.yml",
    "client/mediaplayers.yml",
    "client/mobile_apps.yml",
    "client/pim.yml",
    "client/hints/apps.yml",
    "client/hints/browsers.yml",
    "device/cameras.yml",
    "device/car_browsers.yml",
    "device/consoles.yml",
    "device/mobiles.yml",
    "device/notebooks.yml",
    "device/portable_media_player.yml",
    "device/shell_tv.yml",
    "device/televisions.yml",
];

/// A database that knows one browser by its name.
fn database(checkout: &Path, browser: &str) {
    for file in FILES {
        let path = checkout.join("regexes").join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let rules = match file {
            "client/browsers.yml" => format!("- regex: 'Moon/(\\d+[.\\d]*)'\n  name: '{browser}'\n  version: '$1'\n"),
            _ => String::new(),
        };
        fs::write(path, rules).expect("rules");
    }
    fs::write(checkout.join("regexes/README.md"), "no rules").expect("a file");
}

fn install(data: &Path, from: &Path) -> Output {
    command(data).args(["data", "update", "devices", "--from"]).arg(from).output().expect("the command runs")
}

/// The browser of a visit that begins now.
fn browser(server: &Server, visitor: &str) -> String {
    let hit = format!("/matomo.php?idsite=1&rec=1&token_auth={TOKEN}&cid={visitor}&url=http%3A%2F%2Fsite.example%2F");
    let sent = server.get(&hit, &[("user-agent", "Mozilla/5.0 Moon/7.1")]);
    assert_eq!(sent.status, 200);
    let visits = server.matomo(&format!(
        "method=Live.getLastVisitsDetails&idSite=1&period=day&date=today&segment=visitorId=={visitor}&filter_limit=1"
    ));
    visits[0]["browser"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_running_server_takes_up_what_is_installed() {
    let server = Server::start(&[]);
    server.matomo("method=SitesManager.addSite&siteName=site&urls[0]=http://site.example");
    assert_ne!(browser(&server, "1111111111111111"), "Opera 7.1");
    let checkout = tempfile::tempdir().expect("a folder");
    for (name, visitor) in [("Opera", "2222222222222222"), ("Firefox", "3333333333333333")] {
        database(checkout.path(), name);
        let done = install(&server.directory, checkout.path());
        let kept = server.directory.join("devices");
        assert_eq!(String::from_utf8_lossy(&done.stdout), format!("20 files of rules are in `{}`\n", kept.display()));
        let mut told = String::new();
        for attempt in 0..40 {
            // The same person goes on with the visit they have, so each attempt is somebody else.
            told = browser(&server, &format!("{}{attempt:02}", &visitor[2..]));
            if told == format!("{name} 7.1") {
                break;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        assert_eq!(told, format!("{name} 7.1"));
    }
}

#[test]
fn what_is_no_database_leaves_the_last_one_where_it_is() {
    let data = tempfile::tempdir().expect("a folder");
    let checkout = tempfile::tempdir().expect("a folder");
    database(checkout.path(), "Opera");
    assert!(install(data.path(), &checkout.path().join("regexes")).status.success());
    let rules = data.path().join("devices/client/browsers.yml");
    let before = fs::read_to_string(&rules).expect("rules");
    let refused = |from: &Path, sentence: &str| {
        let done = install(data.path(), from);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.lines().next()), (Some(1), Some(sentence)), "{said}");
    };
    let empty = tempfile::tempdir().expect("a folder");
    let place = empty.path().display();
    refused(
        empty.path(),
        &format!("footfall: `{place}` holds no device database: it has no folder `regexes` with files of rules"),
    );
    refused(&empty.path().join("none"), &format!("footfall: `{place}/none` cannot be read"));
    refused(
        Path::new("ftp://example.org/x"),
        "footfall: `ftp://example.org/x` cannot be fetched: `ftp` is neither `http` nor `https`",
    );
    fs::write(checkout.path().join("regexes/client/browsers.yml"), "- regex: 'Moon'\n\tname").expect("rules");
    let place = checkout.path().display();
    refused(checkout.path(), &format!("footfall: `{place}` holds no device database that can be read"));
    assert_eq!(fs::read_to_string(&rules).expect("rules"), before);
    assert!(!data.path().join("devices.new").exists() && !data.path().join("devices.old").exists());
}
