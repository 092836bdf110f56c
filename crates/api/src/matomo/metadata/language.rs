//! Answers in other languages: what they say in English is looked up among the texts of Matomo's language files, as far as the
//! owner of this server keeps them beside it.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use footfall_model::{Cell, DataTable, Value};

use super::super::{Answer, Context, MatomoRequest, Part};

/// A language that answers can be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code, such as `pt-br`.
    pub code: String,
    /// What its speakers call it.
    pub name: String,
    /// What it is called in English.
    pub english_name: String,
}

/// Where texts in other languages come from.
pub trait Languages: Send + Sync + std::fmt::Debug {
    /// Every language there is, by code.
    fn all(&self) -> &[Language];

    /// The texts of one of them by their keys; empty where they cannot be read.
    fn texts(&self, code: &str) -> Vec<(String, String)>;
}

/// English texts with what they are in another language.
pub(in crate::matomo) type Dictionary = HashMap<String, String>;

/// Languages, and the dictionaries that were asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Spoken {
    pub(super) from: Option<Arc<dyn Languages>>,
    known: Arc<RwLock<HashMap<String, Arc<Dictionary>>>>,
}

impl Spoken {
    pub(super) fn of(from: Arc<dyn Languages>) -> Spoken {
        Spoken { from: Some(from), known: Arc::default() }
    }

    /// The dictionary from English, whose texts these are, into the language of this code.
    pub(super) fn dictionary(&self, code: &str, english: &HashMap<String, String>) -> Option<Arc<Dictionary>> {
        let from = self.from.as_ref()?;
        from.all().iter().find(|language| language.code == code)?;
        if let Some(found) = self.known.read().ok()?.get(code) {
            return Some(Arc::clone(found));
        }
        let mut texts = from.texts(code);
        // Where one English text has several translations, that of the general words holds.
        let rank = |key: &str| usize::from(!key.starts_with("General_")) + usize::from(!key.starts_with("Intl_"));
        texts.sort_by(|(one, _), (other, _)| rank(one).cmp(&rank(other)).then_with(|| one.cmp(other)));
        let mut dictionary = Dictionary::new();
        for (key, text) in texts {
            if let Some(english) = english.get(&key).filter(|_| !text.is_empty()) {
                dictionary.entry(english.clone()).or_insert(text);
            }
        }
        let dictionary = Arc::new(dictionary);
        self.known.write().ok()?.insert(code.to_owned(), Arc::clone(&dictionary));
        Some(dictionary)
    }
}

/// Modules whose rows are called by words of ours, and not by what visitors sent.
const VOCABULARY: [&str; 7] =
    ["DevicePlugins", "DevicesDetection", "UserCountry", "UserLanguage", "VisitTime", "VisitorInterest", "VisitFrequency"];
/// Methods that describe reports.
const DESCRIBING: [&str; 4] = ["API.getProcessedReport", "API.getReportMetadata", "API.getMetadata", "API.getRowEvolution"];
/// Parts that are called as their owners call them.
const NAMES: [&str; 3] = ["website", "prettyDate", "label"];

/// An answer in the language the request asks for; as it is where that is English or not known.
pub(in crate::matomo) fn translated(ctx: &Context, request: &MatomoRequest, mut answer: Answer) -> Answer {
    let Some(dictionary) = request
        .filled("language")
        .filter(|code| !matches!(*code, "en" | "false"))
        .and_then(|code| ctx.settings.texts.dictionary(code))
    else {
        return answer;
    };
    let method = request.text("method").unwrap_or_default();
    let describes = DESCRIBING.contains(&method);
    let module =
        if describes { request.text("apiModule").unwrap_or_default() } else { method.split('.').next().unwrap_or_default() };
    let names_rows = VOCABULARY.contains(&module)
        || method == "Referrers.getReferrerType"
        || request.text("apiAction") == Some("getReferrerType");
    match &mut answer {
        Answer::Tables(tables) if names_rows => tables.each(&mut |sheet| rows(&mut sheet.table, &dictionary)),
        Answer::Data(data) if describes => cell(data, &dictionary),
        Answer::Parts(parts) if describes => {
            for (name, part) in parts {
                match part {
                    Part::Data(data) if !NAMES.contains(&name.as_ref()) => cell(data, &dictionary),
                    Part::Tables(tables) if names_rows => tables.each(&mut |sheet| rows(&mut sheet.table, &dictionary)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
    answer
}

fn rows(table: &mut DataTable, dictionary: &Dictionary) {
    table.each_row(&mut |row| {
        for (name, held) in row.columns.iter_mut().chain(&mut row.metadata) {
            if name == "label" || name.ends_with("_name") {
                cell(held, dictionary);
            }
        }
    });
}

fn cell(held: &mut Cell, dictionary: &Dictionary) {
    match held {
        Cell::Value(Value::Text(text)) => {
            if let Some(other) = dictionary.get(&**text) {
                *held = Cell::text(other);
            }
        }
        Cell::Map(entries) => entries.iter_mut().for_each(|(_, inner)| cell(inner, dictionary)),
        Cell::List(cells) => cells.iter_mut().for_each(|inner| cell(inner, dictionary)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Texts, *};

    #[derive(Debug)]
    struct French(Vec<Language>);

    impl Languages for French {
        fn all(&self) -> &[Language] {
            &self.0
        }

        fn texts(&self, _: &str) -> Vec<(String, String)> {
            let texts =
                [("General_Unknown", "Inconnu"), ("Other_Unknown", "Autre"), ("Intl_Country_DE", "Allemagne"), ("X_Y", "")];
            texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        }
    }

    #[test]
    fn english_is_looked_up_by_what_it_says() {
        let english =
            [("General_Unknown", "Unknown"), ("Other_Unknown", "Unknown"), ("Intl_Country_DE", "Germany"), ("X_Y", "Z")];
        let texts = Texts::new(english.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())));
        let french = Language { code: "fr".to_owned(), name: "Français".to_owned(), english_name: "French".to_owned() };
        let texts = texts.with_languages(Arc::new(French(vec![french])));
        let dictionary = texts.dictionary("fr").unwrap();
        let mut told =
            Cell::Map(vec![("a".into(), Cell::text("Germany")), ("b".into(), Cell::List(vec![Cell::text("Unknown")]))]);
        cell(&mut told, &dictionary);
        let wanted =
            Cell::Map(vec![("a".into(), Cell::text("Allemagne")), ("b".into(), Cell::List(vec![Cell::text("Inconnu")]))]);
        assert_eq!((told, dictionary.get("Z")), (wanted, None));
        assert!(texts.dictionary("de").is_none());
    }
}
