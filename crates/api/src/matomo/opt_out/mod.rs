//! Opting out, as websites embed it from a Matomo: the frame `module=CoreAdminHome&action=optOut`, the script `action=optOutJS`, and
//! the code that is put into a page for them (Matomo's FAQ 20000, `CoreAdminHome` plugin).

use serde_json::{Value, json};

use super::{
    Context, Failure, MatomoRequest, entities,
    metadata::{self, Texts},
    process::decode::escape,
};

/// What stands in a page that has an opt-out script of its own.
const PLACE: &str = "matomo-opt-out";
const CHOICE: &str = include_str!("choice.js");
const FRAME: &str = include_str!("frame.js");

/// The key of a text in Matomo's language files, and what stands there without them.
type Words = (&'static str, &'static str);

const MAY_OPT_OUT: [Words; 2] = [
    ("CoreAdminHome_YouMayOptOut2", "You can keep this website from counting what you do here."),
    ("CoreAdminHome_YouMayOptOut3", "That protects your privacy; its owner then learns nothing from your visits."),
];
const OPTED_OUT: [Words; 2] = [
    ("CoreAdminHome_OptOutComplete", "Your visits to this website are not counted."),
    (
        "CoreAdminHome_OptOutCompleteBis",
        "This is remembered in a cookie: with another browser or device, or without your cookies, you have to choose again.",
    ),
];
const UNCHECK: [Words; 2] = [
    ("CoreAdminHome_YouAreNotOptedOut", "Your visits are counted."),
    ("CoreAdminHome_UncheckToOptOut", "Clear this box to opt out."),
];
const CHECK: [Words; 2] = [
    ("CoreAdminHome_YouAreOptedOut", "Your visits are not counted."),
    ("CoreAdminHome_CheckToOptIn", "Tick this box to opt in again."),
];
const NO_COOKIES: [Words; 1] = [("CoreAdminHome_OptOutErrorNoCookies", "Opting out needs cookies, which this browser refuses.")];
const NOT_SECURE: [Words; 1] = [(
    "CoreAdminHome_OptOutErrorNotHttps",
    "This page was not loaded over HTTPS, so that opting out may not last. Load it again to see what was remembered.",
)];
const NO_TRACKER: [Words; 1] =
    [("CoreAdminHome_OptOutErrorNoTracker", "This page has no tracking code that could be told about opting out.")];
const DO_NOT_TRACK: [Words; 1] = [(
    "CoreAdminHome_OptOutDntFound",
    "Your browser asks not to be tracked, so your visits are not counted. To opt in, change that setting of your browser first.",
)];
const SAVED: [Words; 1] = [("CoreAdminHome_OptingYouOut", "Your choice is kept. You can close this window.")];
const SAVE: [Words; 1] = [("General_Save", "Save")];

/// In which language somebody is addressed.
struct Spoken<'a> {
    texts: &'a Texts,
    language: String,
}

impl Spoken<'_> {
    fn of<'a>(ctx: &'a Context, asked: &str, accepted: &str) -> Spoken<'a> {
        let wanted = if asked == "auto" || asked.is_empty() { accepted } else { asked };
        let language = wanted.split([',', ';']).map(str::trim).map(str::to_lowercase).find(|code| {
            let is_code = (2..=5).contains(&code.len()) && code.bytes().all(|sign| sign.is_ascii_alphabetic() || sign == b'-');
            is_code && (code == "en" || ctx.settings.texts.dictionary(code).is_some())
        });
        // `de-AT` is German where there is no Austrian.
        let broad = || wanted.get(..2).map(str::to_lowercase).filter(|code| ctx.settings.texts.dictionary(code).is_some());
        let language = language.or_else(broad).unwrap_or_else(|| "en".to_owned());
        Spoken { texts: &ctx.settings.texts, language }
    }

    fn say<const N: usize>(&self, words: [Words; N]) -> String {
        let one = |(key, own): Words| metadata::text(self.texts, &self.language, key).unwrap_or_else(|| own.to_owned());
        words.map(|words| entities::decode(&one(words)).into_owned()).join(" ")
    }

    fn words(&self) -> Value {
        json!({
            "mayOptOut": self.say(MAY_OPT_OUT),
            "optedOut": self.say(OPTED_OUT),
            "uncheck": self.say(UNCHECK),
            "check": self.say(CHECK),
            "noCookies": self.say(NO_COOKIES),
            "notSecure": self.say(NOT_SECURE),
            "noTracker": self.say(NO_TRACKER),
        })
    }
}

/// The script that shows the choice in a website's page, `action=optOutJS`. `accepted` is what languages the browser asks for.
///
/// # Errors
/// When the request asks for a look that is none.
pub fn script(ctx: &Context, asked: &MatomoRequest, accepted: &str) -> Result<String, Failure> {
    let number = |name: &str, otherwise: i64| asked.int(name).unwrap_or(otherwise);
    let spoken = Spoken::of(ctx, asked.text("language").unwrap_or("auto"), accepted);
    Ok(with_settings(&json!({
        "divId": asked.filled("divId").or(asked.filled("div")).unwrap_or(PLACE),
        "showIntro": number("showIntro", 1) != 0,
        "useCookiesIfNoTracker": number("useCookiesIfNoTracker", 1) != 0,
        "useCookiesTimeout": number("useCookiesTimeout", 10).clamp(0, 600),
        "useSecureCookies": number("useSecureCookies", 1) != 0,
        "cookiePath": asked.filled("cookiePath"),
        "cookieDomain": asked.filled("cookieDomain"),
        "cookieSameSite": same_site(asked),
        "style": style(asked)?,
        "words": spoken.words(),
    })))
}

/// The choice with its settings, as a script. `</script>` cannot stand in it.
fn with_settings(settings: &Value) -> String {
    format!("{}{})\n", CHOICE.trim_end(), settings.to_string().replace('<', "\\u003c"))
}

fn same_site(asked: &MatomoRequest) -> &'static str {
    let wanted = asked.filled("cookieSameSite").unwrap_or("Lax");
    ["Strict", "None"].into_iter().find(|known| known.eq_ignore_ascii_case(wanted)).unwrap_or("Lax")
}

/// What a visitor's browser says about them when they look at the frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visitor<'a> {
    /// Whether their visits are counted.
    pub is_in: bool,
    /// Whether they ask not to be tracked, and that is honoured.
    pub asks_not_to: bool,
    /// What languages they ask for (`Accept-Language`).
    pub accepted: &'a str,
}

/// The page of the frame, `action=optOut`.
///
/// # Errors
/// When the request asks for a look that is none.
pub fn frame(ctx: &Context, asked: &MatomoRequest, visitor: Visitor<'_>) -> Result<String, Failure> {
    let spoken = Spoken::of(ctx, asked.text("language").unwrap_or_default(), visitor.accepted);
    let look = if asked.int("applyStyling").unwrap_or(1) == 0 { String::new() } else { style(asked)? };
    let text = |words: &str| escape(words);
    if visitor.asks_not_to {
        return Ok(page(&spoken, &look, &text(&spoken.say(DO_NOT_TRACK))));
    }
    let hidden = |hidden: bool| if hidden { " hidden" } else { "" };
    let mut body = String::new();
    if asked.int("showIntro").unwrap_or(1) != 0 {
        body += &format!("<p id=\"textOptIn\"{}>{}</p>\n", hidden(visitor.is_in), text(&spoken.say(OPTED_OUT)));
        body += &format!("<p id=\"textOptOut\"{}>{}</p>\n", hidden(!visitor.is_in), text(&spoken.say(MAY_OPT_OUT)));
    }
    for (id, words) in [("noCookies", spoken.say(NO_COOKIES)), ("notSecure", spoken.say(NOT_SECURE))] {
        body += &format!("<p id=\"{id}\" class=\"error\" hidden>{}</p>\n", text(&words));
    }
    let question: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("module", "CoreAdminHome"), ("action", "optOut"), ("language", &spoken.language)])
        .finish();
    let checked = if visitor.is_in { " checked" } else { "" };
    body += &format!(
        "<form method=\"post\" action=\"?{}\" target=\"_blank\">\n\
         <input type=\"checkbox\" id=\"trackVisits\" name=\"trackVisits\"{checked}>\n\
         <label for=\"trackVisits\"><strong><span id=\"labelOptOut\"{}>{}</span><span id=\"labelOptIn\"{}>{}</span></strong></label>\n\
         <noscript><button type=\"submit\">{}</button></noscript>\n</form>\n<script>\n{FRAME}</script>",
        escape(&question),
        hidden(!visitor.is_in),
        text(&spoken.say(UNCHECK)),
        hidden(visitor.is_in),
        text(&spoken.say(CHECK)),
        text(&spoken.say(SAVE)),
    );
    Ok(page(&spoken, &look, &body))
}

/// What the frame's form is answered with, in a window of its own.
pub fn saved(ctx: &Context, asked: &MatomoRequest, accepted: &str) -> String {
    let spoken = Spoken::of(ctx, asked.text("language").unwrap_or_default(), accepted);
    page(&spoken, "", &format!("<p>{}</p>\n<script>window.close()</script>", escape(&spoken.say(SAVED))))
}

fn page(spoken: &Spoken<'_>, look: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <style>body {{ {look} }} .error {{ color: red; font-weight: bold; }}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        spoken.language
    )
}

/// How the text looks, as CSS; what is not a colour, a size or the names of fonts is refused.
fn style(asked: &MatomoRequest) -> Result<String, Failure> {
    let mut style = String::new();
    if let Some(size) = asked.filled("fontSize") {
        let digits = size.trim_start_matches(|sign: char| sign.is_ascii_digit());
        let unit = digits.strip_prefix('.').map_or(digits, |rest| rest.trim_start_matches(|sign: char| sign.is_ascii_digit()));
        if digits.len() == size.len() || !["px", "pt", "em", "rem", "%"].contains(&unit) {
            let sentence = format!(
                "The URL parameter fontSize value of '{size}' is not valid. Expected value is for example '15pt', '1.2em' or '13px'.\n"
            );
            return Err(Failure::new(sentence));
        }
        style += &format!("font-size: {size}; ");
    }
    if let Some(fonts) = asked.filled("fontFamily") {
        if !fonts.chars().all(|sign| sign.is_ascii_alphanumeric() || "- ,'\"".contains(sign)) {
            let sentence = format!(
                "The URL parameter fontFamily value of '{fonts}' is not valid. Expected value is for example 'sans-serif' or 'Monaco, monospace'.\n"
            );
            return Err(Failure::new(sentence));
        }
        style += &format!("font-family: {fonts}; ");
    }
    for (name, property) in [("fontColor", "color"), ("backgroundColor", "background-color")] {
        let Some(colour) = asked.filled(name) else { continue };
        if ![3, 6].contains(&colour.len()) || !colour.bytes().all(|sign| sign.is_ascii_hexdigit()) {
            let sentence = format!(
                "The URL parameter {name} value of '{colour}' is not valid. Expected value is for example 'ffffff' or 'fff'.\n"
            );
            return Err(Failure::new(sentence));
        }
        style += &format!("{property}: #{colour}; ");
    }
    Ok(style.trim_end().to_owned())
}

/// The code that a page embeds the script with (`CoreAdminHome.getOptOutJSEmbedCode`).
pub(super) fn embedded(asked: &MatomoRequest) -> String {
    let given = |name: &str| asked.text(name).unwrap_or_default();
    let mut question =
        vec![("module", "CoreAdminHome"), ("action", "optOutJS"), ("divId", PLACE), ("language", given("language"))];
    if asked.flag("applyStyling") {
        question.extend(["backgroundColor", "fontColor", "fontSize", "fontFamily"].map(|name| (name, given(name))));
    }
    question.push(("showIntro", if asked.flag("showIntro") { "1" } else { "0" }));
    let question: Vec<String> = question.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("{}/index.php?{}", given("matomoUrl").trim_end_matches('/'), question.join("&"));
    // What an attribute ends with may not stand in it; `&` stands there as it does in Matomo's own.
    let address = address.replace('"', "%22").replace('<', "%3C").replace('>', "%3E");
    format!("<div id=\"{PLACE}\"></div>\n<script src=\"{address}\"></script>")
}

/// The code of a page that needs nothing of this server (`CoreAdminHome.getOptOutSelfContainedEmbedCode`).
///
/// # Errors
/// When the request asks for a look that is none.
pub(super) fn self_contained(ctx: &Context, asked: &MatomoRequest) -> Result<String, Failure> {
    let spoken = Spoken::of(ctx, asked.text("language").unwrap_or_default(), "");
    let look = if asked.flag("applyStyling") { style(asked)? } else { String::new() };
    let settings = json!({
        "alone": true,
        "divId": PLACE,
        "showIntro": asked.int("showIntro").unwrap_or(1) != 0,
        "useSecureCookies": true,
        "cookiePath": asked.filled("cookiePath"),
        "cookieDomain": asked.filled("cookieDomain"),
        "cookieSameSite": same_site(asked),
        "words": spoken.words(),
    });
    let look = look.replace('"', "'");
    Ok(format!("<div id=\"{PLACE}\" style=\"{look}\"></div>\n<script>\n{}</script>", with_settings(&settings)))
}
