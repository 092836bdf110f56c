use std::sync::Arc;

use super::{Inquiry, empty, version};
use crate::hints::Hints;
use crate::pattern::Scratch;

/// The operating system.
#[derive(Clone, Debug)]
pub(super) struct System {
    pub(super) name: Arc<str>,
    pub(super) code: &'static str,
    pub(super) version: Arc<str>,
    pub(super) family: &'static str,
    pub(super) platform: &'static str,
}

/// A name, its code, and the version.
struct Named {
    name: Arc<str>,
    code: &'static str,
    version: Arc<str>,
}

/// Versions of Fire OS by the version of Android it says it is.
const FIRE_OS: [(&str, &str); 17] = [
    ("16", "16"),
    ("15", "16"),
    ("14", "14"),
    ("13", "14"),
    ("12", "14"),
    ("11", "8"),
    ("10", "8"),
    ("9", "7"),
    ("7", "6"),
    ("5", "5"),
    ("4.4.3", "4.5.1"),
    ("4.4.2", "4"),
    ("4.2.2", "3"),
    ("4.0.3", "3"),
    ("4.0.2", "3"),
    ("4", "2"),
    ("2", "1"),
];

/// Versions of Lineage OS by the version of Android it says it is.
const LINEAGE_OS: [(&str, &str); 24] = [
    ("17", "24"),
    ("16", "23"),
    ("15", "22"),
    ("14", "21"),
    ("13", "20.0"),
    ("12.1", "19.1"),
    ("12", "19.0"),
    ("11", "18.0"),
    ("10", "17.0"),
    ("9", "16.0"),
    ("8.1.0", "15.1"),
    ("8.0.0", "15.0"),
    ("7.1.2", "14.1"),
    ("7.1.1", "14.1"),
    ("7.0", "14.0"),
    ("6.0.1", "13.0"),
    ("6.0", "13.0"),
    ("5.1.1", "12.1"),
    ("5.0.2", "12.0"),
    ("5.0", "12.0"),
    ("4.4.4", "11.0"),
    ("4.3", "10.2"),
    ("4.2.2", "10.1"),
    ("4.0.4", "9.1.0"),
];

/// Browsers that pretend to run elsewhere but exist on Android only, by app id.
const ANDROID_ONLY_APPS: [&str; 4] =
    ["com.hisense.odinbrowser", "com.seraphic.openinet.pre", "com.appssppa.idesktoppcbrowser", "every.browser.inc"];

impl Inquiry<'_> {
    pub(super) fn system(&self, scratch: &mut Scratch) -> System {
        let told = self.system_from_hints();
        let seen = self.system_from_user_agent(scratch);
        let (Named { mut name, mut version, .. }, code) = match told {
            Some(told) => {
                let (named, code) = self.merged(told, seen);
                (named, code)
            }
            None => {
                let code = seen.code;
                (seen, code)
            }
        };
        if name.is_empty() {
            return System { name: empty(), code: "", version: empty(), family: "", platform: "" };
        }
        let mut family = self.family_of_code(code);
        let app = self.hints.map_or("", |hints| &hints.app);
        if &*name != "Android" && ANDROID_ONLY_APPS.contains(&app) {
            (name, family, version) = ("Android".into(), "Android", empty());
        }
        if &*name != "Lineage OS" && app == "org.lineageos.jelly" {
            (name, family, version) = ("Lineage OS".into(), "Android", mapped(&LINEAGE_OS, &version));
        }
        if &*name != "Fire OS" && app == "org.mozilla.tv.firefox" {
            (name, family, version) = ("Fire OS".into(), "Android", mapped(&FIRE_OS, &version));
        }
        let code = self.rules.names.system(&name).map_or(code, |system| system.code);
        System { name, code, version, family, platform: self.platform(scratch) }
    }

    /// Joins what the hints tell with what the user agent shows; the code is the one the family goes by.
    fn merged(&self, told: Named, seen: Named) -> (Named, &'static str) {
        let rules = self.rules;
        let (mut name, mut version, mut code) = (told.name, told.version.clone(), told.code);
        if is_blank(&version) && rules.system_family(&name) == rules.system_family(&seen.name) {
            version = seen.version.clone();
        }
        // Windows 7, 8 and 8.1 all tell 0.0.0.
        if &*name == "Windows" && &*version == "0.0.0" {
            version = if &*seen.version == "10" { empty() } else { seen.version.clone() };
        }
        if &*name == "Puffin OS" {
            version = seen.version.clone();
        }
        // A system of the told system's family is more exact.
        if seen.name != name && rules.system_family(&seen.name) == &*name {
            name = seen.name.clone();
            match &*name {
                "LeafOS" | "HarmonyOS" => version = empty(),
                "PICO OS" => version = seen.version.clone(),
                "Fire OS" if !is_blank(&told.version) => version = mapped(&FIRE_OS, &version),
                _ => {}
            }
        }
        let is_chrome_os = &*seen.name == "Chrome OS";
        if &*name == "GNU/Linux" && is_chrome_os && told.version == seen.version {
            (name, code) = (seen.name.clone(), seen.code);
        }
        if &*name == "Android" && is_chrome_os {
            (name, code, version) = (seen.name.clone(), seen.code, empty());
        }
        if &*name == "GNU/Linux" && &*seen.name == "Meta Horizon" {
            (name, code) = (seen.name, seen.code);
        }
        (Named { name, code, version }, code)
    }

    fn system_from_hints(&self) -> Option<Named> {
        let hints = self.hints.filter(|hints| !is_blank(&hints.platform))?;
        let platform = match &*hints.platform.to_ascii_lowercase() {
            "linux" => "GNU/Linux",
            "macos" | "mac os x" | "macintel" => "Mac",
            "cloud phone 2.4" => "Puffin OS",
            "win32" => "Windows",
            _ => &hints.platform,
        };
        let system = self.rules.names.system_loosely(platform)?;
        let told = told_version(hints, system.name == "Windows");
        Some(Named { name: system.name.into(), code: system.code, version: version::tidy(&told) })
    }

    fn system_from_user_agent(&self, scratch: &mut Scratch) -> Named {
        let subject = self.restored;
        let Some(rule) = self.rules.database.systems.first_match(subject, scratch) else {
            return Named { name: empty(), code: "", version: empty() };
        };
        let captures = || rule.pattern.captures(subject, scratch);
        let mut name = rule.facts.name.fill(captures());
        let mut version = version::tidy(&rule.facts.version.fill(captures()));
        for detail in &rule.facts.details {
            if detail.pattern.matches(subject, scratch) {
                let captures = || detail.pattern.captures(subject, scratch);
                if let Some(exact) = &detail.facts.0 {
                    name = exact.fill(captures());
                }
                if let Some(exact) = &detail.facts.1 {
                    version = version::tidy(&exact.fill(captures()));
                }
                break;
            }
        }
        match self.rules.names.system_loosely(&name) {
            Some(system) if system.name.eq_ignore_ascii_case(&name) => {
                Named { name: system.name.into(), code: system.code, version }
            }
            _ => Named { name, code: "UNK", version },
        }
    }

    fn family_of_code(&self, code: &str) -> &'static str {
        self.rules.names.system_of_code(code).map_or("", |system| system.family)
    }

    /// The processor family, from the hints or the user agent.
    fn platform(&self, scratch: &mut Scratch) -> &'static str {
        if let Some(hints) = self.hints.filter(|hints| !is_blank(&hints.architecture)) {
            let architecture = hints.architecture.to_ascii_lowercase();
            let is_wide = hints.bitness == "64";
            for (part, platform) in [
                ("arm", "ARM"),
                ("loongarch64", "LoongArch64"),
                ("mips", "MIPS"),
                ("sh4", "SuperH"),
                ("sparc64", "SPARC64"),
                ("x64", "x64"),
                ("x86", if is_wide { "x64" } else { "x86" }),
            ] {
                if architecture.contains(part) {
                    return platform;
                }
            }
        }
        let found = self.rules.database.fixed.platforms.iter().find(|(_, pattern)| pattern.matches(self.restored, scratch));
        found.map_or("", |(platform, _)| platform)
    }
}

/// The version the hints tell, with Windows' numbers made the ones people know.
fn told_version(hints: &Hints, is_windows: bool) -> String {
    let told = &*hints.platform_version;
    let major = version::leading_number(told);
    let minor = told.split_once('.').map_or(0, |(_, rest)| version::leading_number(rest));
    let known = match (is_windows, major, minor) {
        (true, 0, 1) => "7",
        (true, 0, 2) => "8",
        (true, 0, 3) => "8.1",
        (true, 1..=10, _) => "10",
        (true, 11.., _) => "11",
        (false, 0, _) if told != "0.0.0" => "",
        _ => told,
    };
    known.to_owned()
}

fn mapped(versions: &[(&str, &str)], version: &str) -> Arc<str> {
    let find = |wanted: &str| versions.iter().find(|(android, _)| *android == wanted).map(|(_, own)| *own);
    find(version).or_else(|| find(&version::leading_number(version).to_string())).unwrap_or_default().into()
}

/// What Matomo takes for nothing.
fn is_blank(text: &str) -> bool {
    text.is_empty() || text == "0"
}
