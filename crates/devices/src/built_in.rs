//! The rules that ship with this crate, in the form of Matomo's database but of our own making.

/// The files, by the name each has in the database.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("bots.yml", include_str!("../rules/bots.yml")),
    ("oss.yml", include_str!("../rules/systems.yml")),
    ("client/feed_readers.yml", include_str!("../rules/feed_readers.yml")),
    ("client/mobile_apps.yml", include_str!("../rules/mobile_apps.yml")),
    ("client/mediaplayers.yml", include_str!("../rules/mediaplayers.yml")),
    ("client/pim.yml", include_str!("../rules/pim.yml")),
    ("client/browsers.yml", include_str!("../rules/browsers.yml")),
    ("client/libraries.yml", include_str!("../rules/libraries.yml")),
    ("client/browser_engine.yml", include_str!("../rules/engines.yml")),
    ("vendorfragments.yml", include_str!("../rules/vendors.yml")),
    ("client/hints/apps.yml", include_str!("../rules/apps.yml")),
    ("client/hints/browsers.yml", include_str!("../rules/browser_apps.yml")),
    ("device/televisions.yml", include_str!("../rules/televisions.yml")),
    ("device/consoles.yml", include_str!("../rules/consoles.yml")),
    ("device/car_browsers.yml", include_str!("../rules/car_browsers.yml")),
    ("device/cameras.yml", include_str!("../rules/cameras.yml")),
    ("device/portable_media_player.yml", include_str!("../rules/portable_media_player.yml")),
    ("device/mobiles.yml", include_str!("../rules/mobiles.yml")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;
    use crate::pattern::Pattern;
    use crate::rules::{Database, Source};

    #[test]
    fn every_file_loads() {
        Database::load(&Source::BuiltIn(FILES)).unwrap();
    }

    /// The values of a key on all lines of a file, without their quotes.
    fn values<'a>(file: &str, key: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
        text.lines().filter_map(move |line| {
            line.trim_start_matches(['-', ' ']).strip_prefix(key)?.strip_prefix(": '")?.strip_suffix('\'')
        })
    }

    #[test]
    fn every_pattern_compiles() {
        let mut count = 0;
        for (file, _) in FILES {
            for source in values(file, "regex") {
                Pattern::new(&source.replace("''", "'")).unwrap_or_else(|error| panic!("{file}: {source}: {error}"));
                count += 1;
            }
        }
        assert!(count > 1000, "{count}");
    }

    #[test]
    fn every_name_is_matomos() {
        let names = Names::new();
        for name in values("client/browsers.yml", "name") {
            assert!(names.browser(name).is_some(), "no browser is called `{name}`");
        }
        for name in values("oss.yml", "name").filter(|name| !name.contains('$')) {
            assert!(names.system(name).is_some(), "no operating system is called `{name}`");
        }
        for (file, text) in FILES.iter().filter(|(file, _)| file.starts_with("device/") || *file == "vendorfragments.yml") {
            let brands = text.lines().filter(|line| !line.starts_with([' ', '#'])).filter_map(|line| line.strip_suffix(':'));
            for brand in brands.filter(|brand| *brand != "Unknown") {
                assert_ne!(names.brand_code(brand), "", "{file}: no maker is called `{brand}`");
            }
        }
    }
}
