//! The languages of the visitors' browsers.

use footfall_model::{DataTable, Error};

use crate::{
    Ask, Limited, Report,
    names::{countries, languages},
    record::breakdown::{self, Breakdown, Label, is, text},
};

const LANGUAGES: Report = Report {
    module: "UserLanguage",
    category: "General_Visitors",
    subcategory: "UserCountry_SubmenuLocations",
    dimension: Some("Language"),
    dimension_id: "UserLanguage.Language",
    segment: "languageCode",
    limited: Limited::Standard,
    ..Report::BASE
};

/// Visits by language.
pub const LANGUAGE: Report = Report {
    action: "getLanguage",
    title: "Web-browser language",
    doc: "The languages your visitors' browsers are set to.",
    order: 8,
    make: |ask| Box::pin(of(ask, &BY_LANGUAGE)),
    ..LANGUAGES
};

/// Visits by language and country.
pub const CODE: Report = Report {
    action: "getLanguageCode",
    title: "Language code",
    doc: "The languages your visitors' browsers are set to, with the country where one is named.",
    order: 11,
    make: |ask| Box::pin(of(ask, &BY_CODE)),
    ..LANGUAGES
};

async fn of(ask: &Ask<'_>, breakdown: &Breakdown) -> Result<DataTable, Error> {
    breakdown::table(ask.reader, ask.slice, breakdown).await
}

const BY_LANGUAGE: Breakdown = Breakdown {
    keys: &["visit.language"],
    goals: false,
    more: &[],
    row: |keys| {
        let (language, _) = read(text(keys, 0));
        let segment = match language {
            "xx" => "languageCode==xx".to_owned(),
            code => format!("languageCode=={code},languageCode=@{code}-"),
        };
        Some(Label::new(title(language)).with_text("segment", &segment))
    },
};

const BY_CODE: Breakdown = Breakdown {
    keys: &["visit.language"],
    goals: false,
    more: &[],
    row: |keys| {
        let (language, country) = read(text(keys, 0));
        let code = match &country {
            Some(country) => format!("{language}-{country}"),
            None => language.to_owned(),
        };
        let label = match country.as_deref().and_then(countries::name) {
            Some(name) => format!("{} - {name} ({code})", title(language)),
            None => format!("{} ({language})", title(language)),
        };
        Some(Label::new(label).with_text("segment", &is("languageCode", &code)))
    },
};

/// What a person reads for a language.
pub fn title(code: &str) -> &'static str {
    languages::name(code).unwrap_or("Unknown")
}

/// The language that a browser names first, and the country: the one it names with it, or the one most of its speakers live in.
/// A country that is called like its language says nothing.
fn read(given: &str) -> (&str, Option<String>) {
    let given = given.trim();
    let end = given.find(|sign: char| !sign.is_ascii_lowercase()).unwrap_or(given.len());
    let language = match given.get(..end.min(2)) {
        Some(code) if code.len() == 2 && languages::name(code).is_some() => code,
        _ => "xx",
    };
    let alone = matches!(given[end..].chars().next(), None | Some(',' | ';'));
    let country = if alone {
        HOME.iter().find(|(known, _)| *known == &given[..end]).map(|(_, country)| (*country).to_owned())
    } else {
        given
            .split('-')
            .skip(1)
            .filter_map(|part| part.get(..2))
            .find(|code| code.bytes().all(|byte| byte.is_ascii_lowercase()) && countries::name(code).is_some())
            .map(str::to_owned)
    };
    (language, country.filter(|country| country != language))
}

/// Languages with the country most of their speakers live in, where that is beyond doubt.
const HOME: &[(&str, &str)] = &[
    ("bg", "bg"),
    ("bo", "cn"),
    ("ca", "es"),
    ("cs", "cz"),
    ("da", "dk"),
    ("de", "de"),
    ("el", "gr"),
    ("es", "es"),
    ("et", "ee"),
    ("fa", "ir"),
    ("fi", "fi"),
    ("fr", "fr"),
    ("he", "il"),
    ("hr", "hr"),
    ("hu", "hu"),
    ("id", "id"),
    ("is", "is"),
    ("it", "it"),
    ("ja", "jp"),
    ("ko", "kr"),
    ("lt", "lt"),
    ("lv", "lv"),
    ("mk", "mk"),
    ("ms", "my"),
    ("nb", "no"),
    ("nl", "nl"),
    ("nn", "no"),
    ("no", "no"),
    ("pl", "pl"),
    ("pt", "pt"),
    ("ro", "ro"),
    ("ru", "ru"),
    ("sk", "sk"),
    ("sl", "si"),
    ("sq", "al"),
    ("sr", "rs"),
    ("sv", "se"),
    ("th", "th"),
    ("tr", "tr"),
    ("uk", "ua"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_names_a_language_and_maybe_a_country() {
        assert_eq!(read("fr-be,fr;q=0.8"), ("fr", Some("be".into())));
        assert_eq!(read("cs"), ("cs", Some("cz".into())));
        assert_eq!(read("pl"), ("pl", None));
        assert_eq!(read("en"), ("en", None));
        assert_eq!(read("zh-hant-tw"), ("zh", Some("tw".into())));
        assert_eq!(read(""), ("xx", None));
        assert_eq!(read("q1"), ("xx", None));
    }
}
