use std::{io::Read as _, net::IpAddr, path::Path, sync::OnceLock};

use footfall_model::{Error, Text};
use maxminddb::{Reader, geoip2};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;

use super::countries::Countries;

/// How a file packed by gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The largest database that is unpacked, in bytes.
const LARGEST: u64 = 4 << 30;

/// Location databases, asked in order; the first that knows the country is believed.
#[derive(Default)]
pub struct Places {
    files: Vec<Reader<Vec<u8>>>,
    built_in: Option<OnceLock<Countries>>,
    codes: RwLock<FxHashMap<[u8; 2], Text>>,
}

/// Where an address is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// ISO 3166-1, upper case.
    pub country: Option<Text>,
    /// ISO 3166-2 with the country before it.
    pub region: Option<Text>,
    /// The city's name.
    pub city: Option<Text>,
    /// Its GeoNames number.
    pub city_id: Option<Text>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

impl Places {
    /// No database: places are told by nothing but languages and what requests say.
    pub fn none() -> Places {
        Places::default()
    }

    /// The country table that is compiled in. It is unpacked when it is first asked.
    pub fn built_in() -> Places {
        Places { built_in: Some(OnceLock::new()), ..Places::default() }
    }

    /// Adds a database file of the MaxMind format; it is asked after those that were added before, and before the table that is
    /// compiled in.
    ///
    /// # Errors
    /// When the file cannot be read, or is no such database.
    pub fn add_file(&mut self, path: &Path) -> Result<(), Error> {
        let refused = |cause: Box<dyn std::error::Error + Send + Sync>| {
            Error::invalid(format!("`{}` is no location database that can be read", path.display()))
                .hint("it has to be a file in the MaxMind format (.mmdb) with countries or cities")
                .because(cause)
        };
        let mut bytes = std::fs::read(path).map_err(|cause| refused(cause.into()))?;
        if bytes.starts_with(&GZIP) {
            let mut unpacked = Vec::new();
            let mut packed = flate2::read::GzDecoder::new(&bytes[..]).take(LARGEST);
            packed.read_to_end(&mut unpacked).map_err(|cause| refused(cause.into()))?;
            bytes = unpacked;
        }
        let reader = Reader::from_source(bytes).map_err(|cause| refused(cause.into()))?;
        self.files.push(reader);
        Ok(())
    }

    /// What the first file calls itself.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.files.first().map(|file| file.metadata().database_type.as_str())
    }

    /// Where the address is.
    pub(crate) fn of(&self, address: IpAddr) -> Place {
        for file in &self.files {
            if let Some(place) = self.in_file(file, address) {
                return place;
            }
        }
        let table = self.built_in.as_ref().map(|table| table.get_or_init(Countries::built_in));
        let country = table.and_then(|table| table.of(address)).map(|code| self.code(code));
        Place { country, ..Place::default() }
    }

    fn in_file(&self, file: &Reader<Vec<u8>>, address: IpAddr) -> Option<Place> {
        let found: geoip2::City<'_> = file.lookup(address).ok()?.decode().ok()??;
        let code = found.country.iso_code.or(found.registered_country.iso_code)?;
        let country = match <[u8; 2]>::try_from(code.as_bytes()) {
            Ok(code) => self.code(code),
            Err(_) => return None,
        };
        let region = found.subdivisions.first().and_then(|region| region.iso_code);
        Some(Place {
            region: region.map(|region| Text::from(format!("{country}-{region}"))),
            country: Some(country),
            city: found.city.names.english.map(Text::from),
            city_id: found.city.geoname_id.map(|id| Text::from(id.to_string())),
            latitude: found.location.latitude,
            longitude: found.location.longitude,
        })
    }

    /// The code as shared text.
    fn code(&self, code: [u8; 2]) -> Text {
        let code = code.map(|letter| letter.to_ascii_uppercase());
        if let Some(text) = self.codes.read().get(&code) {
            return Text::clone(text);
        }
        let text = Text::from(String::from_utf8_lossy(&code).as_ref());
        self.codes.write().entry(code).or_insert(text).clone()
    }
}

/// Matomo's letters of the continent a country lies in; `unk` where nobody knows.
pub fn continent(country: &str) -> &'static str {
    match country.as_bytes() {
        [first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
            match CONTINENT_OF[index(first.to_ascii_uppercase(), second.to_ascii_uppercase())].checked_sub(1) {
                Some(at) => CONTINENTS[usize::from(at)].0,
                None => "unk",
            }
        }
        _ => "unk",
    }
}

const fn index(first: u8, second: u8) -> usize {
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// For each pair of letters its place in [`CONTINENTS`] from 1.
const CONTINENT_OF: [u8; 676] = {
    let mut continents = [0; 676];
    let mut at = 0;
    while at < CONTINENTS.len() {
        let countries = CONTINENTS[at].1.as_bytes();
        let mut letter = 1;
        while letter + 1 < countries.len() {
            continents[index(countries[letter], countries[letter + 1])] = at as u8 + 1;
            letter += 3;
        }
        at += 1;
    }
    continents
};

/// The country most speakers of a language live in, or the region that a language tag names; in upper case.
pub(crate) fn of_language(languages: &str) -> Option<String> {
    let first = languages.split(',').next().unwrap_or("");
    if let Some(country) = SPEAKERS.split(' ').filter(|_| first.len() == 2).find_map(|pair| pair.strip_prefix(first)) {
        return Some(country.to_ascii_uppercase());
    }
    languages
        .split(',')
        .flat_map(|tag| tag.split('-').skip(1))
        .filter(|part| part.len() == 2 && part.bytes().all(|sign| sign.is_ascii_lowercase()))
        .map(str::to_ascii_uppercase)
        .find(|code| continent(code) != "unk")
}

/// Language and country, two letters each. English, Chinese and others that are spoken in many countries are not here.
const SPEAKERS: &str = "bgbg caes cscz dadk dede elgr eses etee fair fifi frfr heil hrhr huhu idid isis itit jajp kokr ltlt lvlv \
mkmk msmy nbno nlnl nnno nono plpl ptpt roro ruru sksk slsi sqal srrs svse thth bocn trtr ukua";

const CONTINENTS: [(&str, &str); 8] = [
    (
        "eur",
        " AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL \
PT RO RS RU SE SI SJ SK SM TR UA VA XK EU UK ",
    ),
    (
        "asi",
        " AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA \
SA SG SY TH TJ TL TM TW UZ VN YE AP ",
    ),
    ("amn", " CA GL MX PM US "),
    ("amc", " AG AI AW BB BL BM BQ BS BZ CR CU CW DM DO GD GP GT HN HT JM KN KY LC MF MQ MS NI PA PR SV SX TC TT VC VG VI AN "),
    ("ams", " AR BO BR CL CO EC FK GF GY PE PY SR UY VE "),
    (
        "afr",
        " AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC \
SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW ",
    ),
    ("oce", " AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS "),
    ("ant", " AQ BV GS HM TF "),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_lie_in_continents() {
        for (country, wanted) in
            [("DE", "eur"), ("us", "amn"), ("JP", "asi"), ("XX", "unk"), ("", "unk"), ("A", "unk"), (" D", "unk")]
        {
            assert_eq!(continent(country), wanted, "{country}");
        }
        let all: usize = CONTINENTS.iter().map(|(_, countries)| countries.split_whitespace().count()).sum();
        assert_eq!(all, 249 + 5);
    }

    #[test]
    fn languages_hint_at_countries() {
        for (languages, wanted) in [
            ("fr", Some("FR")),
            ("fr,en", Some("FR")),
            ("fr-be,fr", Some("BE")),
            ("en-us,en", Some("US")),
            ("en", None),
            ("zh-hans-cn", Some("CN")),
            ("en-zz", None),
            ("", None),
        ] {
            assert_eq!(of_language(languages).as_deref(), wanted, "{languages}");
        }
    }

    #[test]
    fn the_table_is_asked_for_countries_only() {
        let place = Places::built_in().of("193.0.6.139".parse().unwrap());
        assert_eq!(place, Place { country: Some(Text::from("NL")), ..Place::default() });
        assert_eq!(Places::none().of("193.0.6.139".parse().unwrap()), Place::default());
        assert!(Places::none().add_file(Path::new("/nowhere/at-all.mmdb")).is_err());
    }
}
