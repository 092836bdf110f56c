//! English names of places, languages and money.

mod country_codes;
mod country_names;
mod currency_names;
pub mod icons;
mod iso_region_names;
mod language_names;
mod pictures;
mod region_names;
mod search_engine_names;
mod social_names;
mod zone_countries;

/// Countries, by ISO 3166-1 code.
pub mod countries {
    use super::{country_codes::ALPHA_3, country_names::COUNTRIES};

    /// The English name of the country with this code, in any case.
    pub fn name(code: &str) -> Option<&'static str> {
        let code = code.to_ascii_uppercase();
        super::find(COUNTRIES, &code)
    }

    /// The code of three letters for a code of two.
    pub fn alpha_3(code: &str) -> Option<&'static str> {
        super::find(ALPHA_3, code)
    }

    /// The code of the country with this English name, in any case.
    pub fn code(name: &str) -> Option<&'static str> {
        COUNTRIES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(code, _)| *code)
    }

    /// Every code with its name, by code.
    pub fn all() -> &'static [(&'static str, &'static str)] {
        COUNTRIES
    }
}

/// Languages, by ISO 639 code.
pub mod languages {
    use super::language_names::LANGUAGES;

    /// The English name of the language with this code.
    pub fn name(code: &str) -> Option<&'static str> {
        super::find(LANGUAGES, code)
    }
}

/// Regions of countries, by ISO 3166-2 code such as `US-CA`.
pub mod regions {
    use super::{iso_region_names::ISO_REGIONS, region_names::REGIONS};

    /// The English name of the region with this code.
    pub fn name(code: &str) -> Option<&'static str> {
        super::find(REGIONS, code)
    }

    /// The name that ISO 3166-2 gives the region with this code, as Matomo shows it; of codes that are gone too.
    pub fn iso_name(code: &str) -> Option<&'static str> {
        super::find(ISO_REGIONS, code).or_else(|| name(code))
    }

    /// Every code with its English name, by code.
    pub fn all() -> &'static [(&'static str, &'static str)] {
        REGIONS
    }
}

/// Time zones, by IANA name or as `UTC+5.5`.
pub mod zones {
    use super::{countries, zone_countries::ZONE_COUNTRIES};

    /// What people call a time zone: the country, and the city where the country has several.
    pub fn name(zone: &str) -> String {
        if let Some(offset) = zone.strip_prefix("UTC") {
            return format!("UTC{}", offset.replace(".25", ":15").replace(".5", ":30").replace(".75", ":45"));
        }
        let city = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
        let Ok(at) = ZONE_COUNTRIES.binary_search_by(|(known, _)| (*known).cmp(zone)) else {
            return city;
        };
        let code = ZONE_COUNTRIES[at].1;
        let country = countries::name(code).unwrap_or(code);
        if ZONE_COUNTRIES.iter().filter(|(_, known)| *known == code).count() > 1 {
            return format!("{country} - {city}");
        }
        country.to_owned()
    }

    /// Every zone with its country, by zone.
    pub fn all() -> &'static [(&'static str, &'static str)] {
        ZONE_COUNTRIES
    }

    /// Distances from UTC that can be chosen in place of a zone.
    pub const OFFSETS: &[&str] = &[
        "-12", "-11.5", "-11", "-10.5", "-10", "-9.5", "-9", "-8.5", "-8", "-7.5", "-7", "-6.5", "-6", "-5.5", "-5", "-4.5",
        "-4", "-3.5", "-3", "-2.5", "-2", "-1.5", "-1", "-0.5", "", "+0.5", "+1", "+1.5", "+2", "+2.5", "+3", "+3.5", "+4",
        "+4.5", "+5", "+5.5", "+5.75", "+6", "+6.5", "+7", "+7.5", "+8", "+8.5", "+8.75", "+9", "+9.5", "+10", "+10.5", "+11",
        "+11.5", "+12", "+12.75", "+13", "+13.75", "+14",
    ];
}

/// Money, by ISO 4217 code.
pub mod currencies {
    use super::currency_names::CURRENCIES;

    /// The English name of the currency with this code.
    pub fn name(code: &str) -> Option<&'static str> {
        CURRENCIES.binary_search_by(|(known, _, _)| (*known).cmp(code)).ok().map(|at| CURRENCIES[at].1)
    }

    /// The sign of the currency with this code.
    pub fn symbol(code: &str) -> Option<&'static str> {
        CURRENCIES.binary_search_by(|(known, _, _)| (*known).cmp(code)).ok().map(|at| CURRENCIES[at].2)
    }

    /// Every code with its name and sign, by code.
    pub fn all() -> &'static [(&'static str, &'static str, &'static str)] {
        CURRENCIES
    }
}

/// Search engines, by name.
pub mod search_engines {
    use super::search_engine_names::SEARCH_ENGINES;

    fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
        SEARCH_ENGINES.binary_search_by(|(known, _, _)| (*known).cmp(name)).ok().map(|at| &SEARCH_ENGINES[at])
    }

    /// The address of an engine.
    pub fn url(name: &str) -> String {
        match find(name) {
            Some((_, host, _)) => format!("http://{host}"),
            None => "URL unknown!".to_owned(),
        }
    }

    /// The address of a search for a keyword, where the engine has one.
    pub fn search_url(name: &str, keyword: &str) -> Option<String> {
        if keyword.is_empty() {
            return Some(NOT_DEFINED.to_owned());
        }
        let (_, host, path) = find(name)?;
        let keyword = crate::record::breakdown::encode(keyword);
        (!path.is_empty()).then(|| format!("http://{host}/{}", path.replace("{k}", &keyword)))
    }

    /// Where the picture of an engine lies.
    pub fn logo(name: &str) -> String {
        let file = find(name).map_or("xx", |(_, host, _)| host);
        format!("plugins/Morpheus/icons/dist/searchEngines/{file}.png")
    }

    /// Where Matomo's clients are sent for a keyword that the engine does not tell.
    const NOT_DEFINED: &str = "https://matomo.org/faq/general/faq_144";
}

/// Social networks, by name.
pub mod socials {
    use super::social_names::SOCIALS;

    /// The main host of a network.
    pub fn host(name: &str) -> Option<&'static str> {
        super::find(SOCIALS, name)
    }

    /// Where the picture of a network lies.
    pub fn logo(name: &str) -> String {
        format!("plugins/Morpheus/icons/dist/socials/{}.png", host(name).unwrap_or("xx"))
    }
}

fn find(names: &'static [(&'static str, &'static str)], code: &str) -> Option<&'static str> {
    names.binary_search_by(|(known, _)| (*known).cmp(code)).ok().map(|at| names[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_code() {
        assert_eq!(countries::name("de"), Some("Germany"));
        assert_eq!(countries::code("france"), Some("FR"));
        assert_eq!(languages::name("fr"), Some("French"));
        assert_eq!(regions::name("US-CA"), Some("California"));
        assert_eq!(currencies::symbol("EUR"), Some("€"));
        assert_eq!(regions::name("ZZ-1"), None);
        assert_eq!((regions::name("BE-VLG"), regions::iso_name("BE-VLG")), (Some("Flanders"), Some("Vlaams Gewest")));
        assert_eq!((regions::name("MK-18"), regions::iso_name("MK-18")), (None, Some("Gevgelija")));
        assert_eq!(regions::iso_name("US-CA"), Some("California"));
    }

    #[test]
    fn tables_are_in_order_of_their_codes() {
        assert!(country_names::COUNTRIES.is_sorted());
        assert!(language_names::LANGUAGES.is_sorted());
        assert!(region_names::REGIONS.is_sorted());
        assert!(currency_names::CURRENCIES.is_sorted());
        assert!(search_engine_names::SEARCH_ENGINES.is_sorted());
        assert!(social_names::SOCIALS.is_sorted());
    }
}
