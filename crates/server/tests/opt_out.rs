//! Opting out as websites embed it from a Matomo: the frame, the script, and the code for them.

mod common;

use common::{Answer, Server, TOKEN};
use serde_json::{Value, json};

const FRAME: &str = "/index.php?module=CoreAdminHome&action=optOut";
const SCRIPT: &str = "/index.php?module=CoreAdminHome&action=optOutJS";

fn page(server: &Server, question: &str, headers: &[(&str, &str)]) -> String {
    let answer = server.get(&format!("{FRAME}{question}"), headers);
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    // Every website may show it, and nothing else comes with it.
    assert!(answer.headers["content-security-policy"].ends_with("frame-ancestors *"));
    assert_eq!((answer.headers.get("x-frame-options"), answer.headers["cache-control"].as_str()), (None, "no-store"));
    answer.text()
}

/// What the script was given.
fn settings(answer: &Answer) -> Value {
    assert_eq!(answer.headers["content-type"], "application/javascript; charset=utf-8");
    let text = answer.text();
    let (_, given) = text.rsplit_once("})(\n").or_else(|| text.rsplit_once("})(")).expect("settings");
    serde_json::from_str(given.trim_end().trim_end_matches(')')).expect("JSON")
}

fn visits(server: &Server) -> Value {
    server.matomo("method=VisitsSummary.getVisits&idSite=1&period=day&date=today")["value"].clone()
}

#[test]
fn who_opts_out_in_the_frame_is_not_counted() {
    let server = Server::start(&[]);
    server.matomo("method=SitesManager.addSite&siteName=site&urls[0]=http://site.example");
    let shown = page(&server, "&language=en", &[]);
    assert!(shown.contains("name=\"trackVisits\" checked>"), "{shown}");
    assert!(shown.contains("<p id=\"textOptIn\" hidden>Your visits to this website are not counted."), "{shown}");
    let host = server.address.to_string();
    let own = format!("http://{host}");
    let choose = |origin: &str, body: &str| {
        server.post(
            FRAME,
            &[("origin", origin), ("host", &host), ("content-type", "application/x-www-form-urlencoded")],
            body.as_bytes(),
        )
    };
    assert_eq!(choose("https://elsewhere.example", "").status, 403);
    let out = choose(&own, "");
    let cookie = "matomo_ignore=ignore%3DKg%3D%3D";
    assert_eq!(
        (out.status, out.headers["set-cookie"].as_str()),
        (200, &*format!("{cookie}; Max-Age=34560000; Path=/; SameSite=Lax"))
    );
    assert!(out.text().contains("Your choice is kept. You can close this window."));
    let hit = format!("/matomo.php?idsite=1&rec=1&url=http%3A%2F%2Fsite.example%2F&token_auth={TOKEN}");
    let agent = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    server.get(&hit, &[agent, ("cookie", cookie)]);
    assert_eq!(visits(&server), 0);
    let shown = page(&server, "&language=en&showIntro=0", &[("cookie", cookie)]);
    assert!(shown.contains("name=\"trackVisits\">") && !shown.contains("textOptIn\""), "{shown}");
    let back = choose(&own, "trackVisits=on");
    assert_eq!(back.headers["set-cookie"], "matomo_ignore=; Max-Age=0; Path=/; SameSite=Lax");
    server.get(&hit, &[agent]);
    assert_eq!(visits(&server), 1);
}

#[test]
fn a_frame_looks_as_it_is_asked_to() {
    let server = Server::start(&[("FOOTFALL_TRACKING_HONOUR_DO_NOT_TRACK", "true")]);
    let look = "&fontColor=fff&backgroundColor=00aaFF&fontSize=1.2em&fontFamily=Arial,%20'Open Sans'".replace(' ', "%20");
    let shown = page(&server, &look, &[]);
    let style = "body { font-size: 1.2em; font-family: Arial, 'Open Sans'; color: #fff; background-color: #00aaFF; }";
    assert!(shown.contains(style), "{shown}");
    assert!(!page(&server, &format!("{look}&applyStyling=0"), &[]).contains("#fff"));
    let refused = [
        (
            "fontColor=red",
            "The URL parameter fontColor value of 'red' is not valid. Expected value is for example 'ffffff' or 'fff'.\n",
        ),
        (
            "fontSize=12",
            "The URL parameter fontSize value of '12' is not valid. Expected value is for example '15pt', '1.2em' or '13px'.\n",
        ),
        (
            "fontFamily=a;b",
            "The URL parameter fontFamily value of 'a;b' is not valid. Expected value is for example 'sans-serif' or 'Monaco, monospace'.\n",
        ),
    ];
    for (given, sentence) in refused {
        for place in [FRAME, SCRIPT] {
            let answer = server.get(&format!("{place}&{given}"), &[]);
            assert_eq!((answer.status, answer.text().as_str()), (400, sentence));
        }
    }
    let shown = page(&server, "", &[("dnt", "1")]);
    assert!(shown.contains("Your browser asks not to be tracked") && !shown.contains("trackVisits"), "{shown}");
}

#[test]
fn the_script_is_given_what_the_page_asks_for() {
    let server = Server::start(&[]);
    let given = settings(&server.get(SCRIPT, &[]));
    let words = given["words"].clone();
    assert_eq!(words["uncheck"], "Your visits are counted. Clear this box to opt out.");
    let plain = json!({
        "divId": "matomo-opt-out", "showIntro": true, "useCookiesIfNoTracker": true, "useCookiesTimeout": 10, "useSecureCookies": true,
        "cookiePath": null, "cookieDomain": null, "cookieSameSite": "Lax", "style": "", "words": words,
    });
    assert_eq!(given, plain);
    let asked = "&divId=%3C/script%3E&showIntro=0&useCookiesIfNoTracker=0&useCookiesTimeout=99999&useSecureCookies=0&cookiePath=/a\
                 &cookieDomain=*.site.example&cookieSameSite=none&fontSize=12px&language=xx";
    let answer = server.get(&format!("{SCRIPT}{asked}"), &[]);
    assert!(!answer.text().contains("</script>"));
    let given = settings(&answer);
    let other = json!({
        "divId": "</script>", "showIntro": false, "useCookiesIfNoTracker": false, "useCookiesTimeout": 600, "useSecureCookies": false,
        "cookiePath": "/a", "cookieDomain": "*.site.example", "cookieSameSite": "None", "style": "font-size: 12px;", "words": words,
    });
    assert_eq!(given, other);
}

#[test]
fn pages_are_given_code_to_embed() {
    let server = Server::start(&[]);
    let look = "backgroundColor=FFFFFF&fontColor=000000&fontSize=12px&fontFamily=Arial";
    let js = server.matomo(&format!(
        "method=CoreAdminHome.getOptOutJSEmbedCode&{look}&applyStyling=1&showIntro=1&matomoUrl=https://stats.example/&language=auto"
    ));
    let address = "https://stats.example/index.php?module=CoreAdminHome&action=optOutJS&divId=matomo-opt-out&language=auto\
                   &backgroundColor=FFFFFF&fontColor=000000&fontSize=12px&fontFamily=Arial&showIntro=1";
    assert_eq!(js["value"], format!("<div id=\"matomo-opt-out\"></div>\n<script src=\"{address}\"></script>"));
    let alone = server.matomo(&format!("method=CoreAdminHome.getOptOutSelfContainedEmbedCode&{look}&applyStyling=1&showIntro=0"));
    let code = alone["value"].as_str().expect("code");
    let begin = "<div id=\"matomo-opt-out\" style=\"font-size: 12px; font-family: Arial; color: #000000; background-color: #FFFFFF;\"></div>\n<script>\n";
    assert!(code.starts_with(begin) && code.ends_with(")\n</script>"), "{code}");
    assert!(code.contains("\"alone\":true") && code.contains("\"showIntro\":false"), "{code}");
}
