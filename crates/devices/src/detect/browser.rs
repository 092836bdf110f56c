use std::cmp::Ordering;
use std::sync::Arc;

use super::client::Client;
use super::{Inquiry, empty, version};
use crate::hints::Hints;
use crate::pattern::Scratch;
use crate::rules::BrowserRule;

/// Codes of browsers whose hints tell the engine's version rather than their own.
const OWN_VERSION_IN_USER_AGENT: [&str; 8] = ["A0", "AL", "HP", "JR", "MU", "OM", "OP", "VR"];
/// Codes of browsers that are too general to be preferred to what the hints tell.
const GENERAL: [&str; 4] = ["CR", "CV", "AN", "CM"];

/// A browser from one of the two sources. The name is empty if the source tells none.
struct Sighting {
    name: Arc<str>,
    code: &'static str,
    version: Arc<str>,
    engine: Arc<str>,
    engine_version: Arc<str>,
}

impl Sighting {
    fn nothing() -> Sighting {
        Sighting { name: empty(), code: "", version: empty(), engine: empty(), engine_version: empty() }
    }

    fn take_engine(&mut self, other: &Sighting) {
        self.engine = other.engine.clone();
        self.engine_version = other.engine_version.clone();
    }
}

impl Inquiry<'_> {
    pub(super) fn browser(&self, scratch: &mut Scratch) -> Option<Client> {
        let told = self.hints.map_or_else(Sighting::nothing, |hints| self.browser_from_hints(hints));
        let seen = self.browser_from_user_agent(scratch);
        let mut found = if told.name.is_empty() || told.version.is_empty() { seen } else { self.joined(told, &seen) };
        let mut family = self.browser_family(found.code);
        let app = self.hints.and_then(|hints| self.rules.database.browser_apps.get(&*hints.app));
        if let Some(name) = app.filter(|name| !name.is_empty() && **name != found.name) {
            found.name = name.clone();
            found.version = empty();
            found.code = self.rules.names.browser(name).map_or("", |browser| browser.code);
            if self.rules.database.fixed.blink_like.find(self.given, scratch).is_some() {
                found.engine = "Blink".into();
                found.engine_version = self.engine_version("Blink", scratch);
                family = match self.browser_family(found.code) {
                    "" => "Chrome",
                    family => family,
                };
            }
        }
        if found.name.is_empty() || ["Cypress", "PhantomJS"].iter().any(|tool| self.given.text.contains(tool)) {
            return None;
        }
        match (&*found.name, &*found.engine) {
            ("Flow Browser", "Blink") => found.engine_version = empty(),
            ("Every Browser", _) | ("TV-Browser Internet", "Gecko") => {
                family = "Chrome";
                found.engine = "Blink".into();
                found.engine_version = empty();
            }
            ("Yaani Browser" | "Wolvic", "Blink") => family = "Chrome",
            ("Yaani Browser" | "Wolvic", "Gecko") => family = "Firefox",
            _ => {}
        }
        Some(Client {
            client_type: "browser",
            name: found.name,
            code: found.code,
            version: found.version,
            engine: found.engine,
            engine_version: found.engine_version,
            family,
        })
    }

    /// What the hints tell, corrected by what the user agent shows.
    fn joined(&self, told: Sighting, seen: &Sighting) -> Sighting {
        let (told_version, told_engine_version) = (told.version.clone(), told.engine_version.clone());
        let mut found = told;
        // Only Iridium counts in years.
        if matches!(found.version.as_bytes(), [b'2', b'0', b'2', b'0'..=b'4', ..]) {
            (found.name, found.code) = ("Iridium".into(), "I1");
        }
        if found.version.starts_with("15") && seen.version.starts_with("114") {
            (found.name, found.code) = ("360 Secure Browser".into(), "3B");
            found.take_engine(seen);
        }
        if !seen.version.is_empty() && OWN_VERSION_IN_USER_AGENT.contains(&found.code) {
            found.version = seen.version.clone();
        }
        if &*found.name == "Vewd Browser" {
            found.take_engine(seen);
        }
        let is_blink = |found: &Sighting| &*found.engine == "Blink" && &*found.name != "Iridium";
        let is_less = |left: &str, right: &str| version::compare(left, right) == Ordering::Less;
        if is_blink(&found) && seen.engine == found.engine && is_less(&found.engine_version, &seen.engine_version) {
            found.engine_version = seen.engine_version.clone();
        }
        // A browser made of Chromium is more exact than Chromium.
        if matches!(&*found.name, "Chromium" | "Chrome Webview") && !seen.name.is_empty() && !GENERAL.contains(&seen.code) {
            (found.name, found.code) = (seen.name.clone(), seen.code);
            let is_other_major = version::leading_number(&seen.version) != version::leading_number(&found.version);
            if is_other_major || version::compare(&found.version, &seen.version) != Ordering::Greater {
                found.version = seen.version.clone();
            }
        }
        if seen.name.strip_suffix(" Mobile") == Some(&found.name) {
            (found.name, found.code) = (seen.name.clone(), seen.code);
        }
        if found.name == seen.name || self.family_of_name(&found.name) == self.family_of_name(&seen.name) {
            found.take_engine(seen);
        }
        if seen.version.starts_with(&*found.version) && is_less(&found.version, &seen.version) {
            found.version = seen.version.clone();
        }
        if &*found.name == "DuckDuckGo Privacy Browser" {
            found.version = empty();
        }
        if is_blink(&found) && is_less(&found.engine_version, &told_version) {
            found.engine_version = told_version;
        }
        if is_blink(&found) && is_less(&seen.engine_version, &told_engine_version) {
            found.engine_version = told_engine_version;
        }
        found
    }

    fn browser_from_hints(&self, hints: &Hints) -> Sighting {
        let mut found = Sighting::nothing();
        let version_of = |name: &str| hints.brands.iter().rfind(|(brand, _)| brand == name).map(|(_, version)| &**version);
        if let Some(version) = version_of("Android WebView").or_else(|| version_of("Chromium")) {
            found.engine = "Blink".into();
            found.engine_version = version.into();
        }
        let mut version = "";
        for (brand, _) in &hints.brands {
            let browser = self.rules.names.browser_of_hint(known_as(brand));
            if let Some(browser) = browser.filter(|browser| !(&*found.name == "Chrome" && browser.name == "Chromium")) {
                (found.name, found.code) = (browser.name.into(), browser.code);
                version = version_of(brand).unwrap_or_default();
            }
            if !matches!(&*found.name, "" | "Chrome" | "Chromium" | "Microsoft Edge") {
                break;
            }
        }
        if !hints.brands.is_empty() && !hints.full_version.is_empty() {
            version = &hints.full_version;
        }
        found.version = version::tidy(version);
        found
    }

    fn browser_from_user_agent(&self, scratch: &mut Scratch) -> Sighting {
        let Some(rule) = self.rules.database.browsers.first_match(self.given, scratch) else {
            return Sighting::nothing();
        };
        let captures = || rule.pattern.captures(self.given, scratch);
        let name = rule.facts.client.name.fill(captures());
        let version = version::tidy(&rule.facts.client.version.fill(captures()));
        let code = self.rules.names.browser_in_any_case(&name).map_or("", |browser| browser.code);
        let engine = self.engine(&rule.facts, &version, scratch);
        let engine_version = self.engine_version(&engine, scratch);
        Sighting { name, code, version, engine, engine_version }
    }

    fn engine(&self, rule: &BrowserRule, version: &str, scratch: &mut Scratch) -> Arc<str> {
        let mut engine = &rule.engine;
        for (from, later) in &rule.engines {
            if version::compare(version, from) != Ordering::Less {
                engine = later;
            }
        }
        if engine.is_empty() {
            let found = self.rules.database.engines.first_match(self.given, scratch);
            return found.map_or_else(empty, |rule| rule.facts.clone());
        }
        engine.clone()
    }

    fn engine_version(&self, engine: &str, scratch: &mut Scratch) -> Arc<str> {
        if engine.is_empty() {
            return empty();
        }
        let fixed = &self.rules.database.fixed;
        let by_revision = matches!(engine, "Gecko" | "Clecko").then_some(&fixed.gecko_version);
        for pattern in by_revision.into_iter().chain(fixed.engine_version(engine)) {
            if let Some(captures) = pattern.find(self.given, scratch) {
                return captures.group(1).into();
            }
        }
        empty()
    }

    fn browser_family(&self, code: &str) -> &'static str {
        self.rules.names.browser_of_code(code).map_or("", |browser| browser.family)
    }

    fn family_of_name(&self, name: &str) -> &'static str {
        self.rules.names.browser(name).map_or("", |browser| browser.family)
    }
}

/// The name Matomo's tables have for a brand that calls itself something else.
fn known_as(brand: &str) -> &str {
    match &*brand.to_ascii_lowercase() {
        "google chrome" => "Chrome",
        "android webview" => "Chrome Webview",
        "duckduckgo" => "DuckDuckGo Privacy Browser",
        "microsoft edge webview2" => "Edge WebView",
        "miui browser" | "xiaomibrowser" => "Mi Browser",
        "edge" => "Microsoft Edge",
        "norton secure browser" => "Norton Private Browser",
        "opera gx android" => "Opera GX",
        "opera mini android" => "Opera Mini",
        "puffin" => "Puffin Cloud Browser",
        "vewd core" => "Vewd Browser",
        "yasearchbrowser" => "Yandex Browser",
        _ => brand,
    }
}
