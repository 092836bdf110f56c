//! Matomo's names and codes of browsers, operating systems and makers.

mod brands;
mod browsers;
mod systems;

use rustc_hash::FxHashMap;

use brands::BRANDS;
use browsers::BROWSERS;
use systems::SYSTEMS;

/// A browser Matomo knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// The two-letter code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// The family, such as `Chrome`; empty if it belongs to none.
    pub family: &'static str,
    /// Whether it exists on phones and tablets only.
    pub mobile_only: bool,
}

/// An operating system Matomo knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct System {
    /// The three-letter code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// The family, such as `GNU/Linux`; empty if it belongs to none.
    pub family: &'static str,
}

impl System {
    /// Whether machines of this system's family are desktops unless something else is known about them.
    pub(crate) fn is_desktop(&self) -> bool {
        const DESKTOPS: [&str; 9] = ["Windows", "Mac", "GNU/Linux", "Chrome OS", "Unix", "AmigaOS", "BeOS", "IBM", "OpenVMS"];
        DESKTOPS.contains(&self.family)
    }
}

/// Every browser, in Matomo's order.
pub fn browsers() -> impl Iterator<Item = Browser> {
    BROWSERS.iter().map(|&(code, name, family, mobile_only)| Browser { code, name, family, mobile_only })
}

/// Every operating system, in Matomo's order.
pub fn systems() -> impl Iterator<Item = System> {
    SYSTEMS.iter().map(|&(code, name, family)| System { code, name, family })
}

/// Every maker's code and name, in Matomo's order.
pub fn brands() -> impl Iterator<Item = (&'static str, &'static str)> {
    BRANDS.iter().copied()
}

/// The tables by name.
pub(crate) struct Names {
    browsers: FxHashMap<&'static str, Browser>,
    browsers_by_code: FxHashMap<&'static str, Browser>,
    /// The first browser of each name, spaces left out and in lower case, with its place in the table.
    browsers_loosely: FxHashMap<String, (usize, Browser)>,
    systems: FxHashMap<&'static str, System>,
    systems_by_code: FxHashMap<&'static str, System>,
    systems_loosely: FxHashMap<String, System>,
    brands: FxHashMap<&'static str, &'static str>,
}

impl Names {
    pub(crate) fn new() -> Names {
        let mut names = Names {
            browsers: FxHashMap::default(),
            browsers_by_code: FxHashMap::default(),
            browsers_loosely: FxHashMap::default(),
            systems: FxHashMap::default(),
            systems_by_code: FxHashMap::default(),
            systems_loosely: FxHashMap::default(),
            brands: FxHashMap::default(),
        };
        for (place, browser) in browsers().enumerate() {
            names.browsers.entry(browser.name).or_insert(browser);
            names.browsers_by_code.insert(browser.code, browser);
            names.browsers_loosely.entry(loosely(browser.name)).or_insert((place, browser));
        }
        for system in systems() {
            names.systems.entry(system.name).or_insert(system);
            names.systems_by_code.insert(system.code, system);
            names.systems_loosely.entry(loosely(system.name)).or_insert(system);
        }
        for (code, name) in brands() {
            names.brands.entry(name).or_insert(code);
        }
        names
    }

    pub(crate) fn browser(&self, name: &str) -> Option<Browser> {
        self.browsers.get(name).copied()
    }

    pub(crate) fn browser_of_code(&self, code: &str) -> Option<Browser> {
        self.browsers_by_code.get(code).copied()
    }

    /// The browser of this name but for case.
    pub(crate) fn browser_in_any_case(&self, name: &str) -> Option<Browser> {
        let same = |browser: &Browser| browser.name.eq_ignore_ascii_case(name);
        self.browser(name).or_else(|| self.browsers_loosely.get(&loosely(name)).map(|(_, browser)| *browser).filter(same))
    }

    /// The browser a client hint's brand means: the same name but for case, spaces, and the word "browser".
    pub(crate) fn browser_of_hint(&self, brand: &str) -> Option<Browser> {
        let brand = loosely(brand);
        let with = format!("{brand}browser");
        let without = brand.strip_suffix("browser").unwrap_or(&brand);
        let found = [&*brand, &*with, without].map(|name| self.browsers_loosely.get(name));
        found.into_iter().flatten().min_by_key(|(place, _)| *place).map(|(_, browser)| *browser)
    }

    pub(crate) fn system(&self, name: &str) -> Option<System> {
        self.systems.get(name).copied()
    }

    pub(crate) fn system_of_code(&self, code: &str) -> Option<System> {
        self.systems_by_code.get(code).copied()
    }

    /// The operating system of this name but for case and spaces.
    pub(crate) fn system_loosely(&self, name: &str) -> Option<System> {
        self.systems_loosely.get(&loosely(name)).copied()
    }

    pub(crate) fn brand_code(&self, name: &str) -> &'static str {
        self.brands.get(name).copied().unwrap_or_default()
    }
}

fn loosely(name: &str) -> String {
    name.chars().filter(|letter| *letter != ' ').map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_matomos() {
        let names = Names::new();
        assert_eq!(names.browser("Chrome Mobile").unwrap().code, "CM");
        assert_eq!(names.browser("Firefox").unwrap().family, "Firefox");
        assert_eq!(names.system("GNU/Linux").unwrap().code, "LIN");
        assert_eq!(names.brand_code("Samsung"), "SA");
        assert_eq!(names.brand_code("nobody"), "");
    }

    #[test]
    fn hints_name_browsers_loosely() {
        let names = Names::new();
        assert_eq!(names.browser_of_hint("MicrosoftEdge").unwrap().code, "PS");
        assert_eq!(names.browser_of_hint("Yandex").unwrap().name, "Yandex Browser");
        assert_eq!(names.browser_of_hint("Not A;Brand"), None);
    }

    #[test]
    fn every_code_is_used_once() {
        let mut codes: Vec<_> = browsers().map(|browser| browser.code).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
