//! Answers in other languages: what they say in English is looked up among the texts of Matomo's language files, as far as the
//! owner of this server keeps them beside it.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use footfall_model::{Cell, DataTable, Value};
use footfall_report::{OTHERS, pretty};

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

/// What English texts are in another language, and how numbers are written there.
#[derive(Debug, Default)]
pub(in crate::matomo) struct Dictionary {
    /// By what they say in English.
    words: HashMap<String, String>,
    /// By their keys.
    texts: HashMap<String, String>,
}

impl Dictionary {
    /// A dictionary of these texts by their keys.
    #[cfg(test)]
    pub(in crate::matomo) fn of_texts(texts: &[(&str, &str)]) -> Dictionary {
        let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        Dictionary { texts, ..Dictionary::default() }
    }

    /// What an English text is.
    pub(in crate::matomo) fn get(&self, english: &str) -> Option<&String> {
        self.words.get(english)
    }

    /// What an English text is, also where it is put together of others: a device of no known make, a language of no known name,
    /// what is added up by days, how something changed.
    pub(in crate::matomo) fn told(&self, english: &str) -> Option<String> {
        let device = || {
            let kind = self.get(english.strip_prefix("Generic ")?)?;
            Some(self.text("DevicesDetection_GenericDevice")?.replacen("%s", kind, 1))
        };
        let language = || {
            let code = english.strip_prefix("Language code ").filter(|code| !code.contains(' '))?;
            Some(format!("{} {code}", self.text("UserLanguage_LanguageCode")?))
        };
        let by_days = || {
            let added = self.get(english.strip_suffix(" (daily sum)")?)?;
            Some(format!("{added} ({})", self.text("General_DailySum")?))
        };
        let change = || {
            let changed = self.get(english.strip_suffix(" Evolution")?)?;
            Some(format!("{changed} {}", self.text("MultiSites_Evolution")?))
        };
        let found = self.get(english).cloned().or_else(device).or_else(language).or_else(by_days).or_else(change);
        found.or_else(|| self.lines(english))
    }

    /// What several lines are, as long as each belongs to a text: some texts have a place for the end of a line.
    fn lines(&self, english: &str) -> Option<String> {
        const END: &str = "<br />";
        let mut rest: Vec<&str> = english.split(END).collect();
        let mut told: Vec<String> = Vec::new();
        while rest.len() + told.len() > 1 && !rest.is_empty() {
            let (n, text) = (1..=rest.len()).rev().find_map(|n| {
                let text = self.get(&rest[..n].join(END)).or_else(|| self.get(&rest[..n].join("%s")))?;
                Some((n, text.replace("%s", END)))
            })?;
            rest.drain(..n);
            told.push(text);
        }
        Some(told.join(END)).filter(|_| english.contains(END))
    }

    /// The text of a key.
    pub(in crate::matomo) fn text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A text with a place for a word, with the word of another key in that place.
    fn filled(&self, key: &str, word: &str) -> Option<String> {
        Some(self.text(key)?.replacen("%s", self.text(word)?, 1))
    }

    /// A share as it is written in English, such as `1,234.5%`, as it is written here; `None` where it is no share.
    pub(in crate::matomo) fn share(&self, english: &str) -> Option<String> {
        let number = english.strip_suffix('%')?;
        let digits = number.trim_start_matches(['-', '+']);
        let is_number = digits.starts_with(|sign: char| sign.is_ascii_digit())
            && digits.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ','));
        if !is_number || number.len() - digits.len() > 1 {
            return None;
        }
        let pattern = self.text("Intl_NumberFormatPercent")?.split(';').next()?;
        let sign = &number[..number.len() - digits.len()];
        self.written(sign, pattern, digits)
    }

    /// Money of a currency whose sign is this in English.
    pub(in crate::matomo) fn money(&self, amount: f64, code: &str, english: &str) -> Option<String> {
        let pattern = self.text("Intl_NumberFormatCurrency")?.split(';').next()?;
        let digits = if amount == amount.round() { 0 } else { 2 };
        let text = pretty::number(amount.abs(), digits, digits);
        let sign = if amount < 0.0 { "-" } else { "" };
        let symbol = self.text(&format!("Intl_CurrencySymbol_{code}")).unwrap_or(english);
        Some(self.written(sign, pattern, &text)?.replace('¤', symbol))
    }

    /// A span as it is told in English, such as `3 hours 20 min`, as it is told here; `None` where it is none.
    fn span(&self, english: &str) -> Option<String> {
        const TOLD: [(&str, &str, &str); 4] = [
            (" years ", " days", "General_YearsDays"),
            (" days ", " hours", "General_DaysHours"),
            (" hours ", " min", "General_HoursMinutes"),
            (" min ", "s", "General_MinutesSeconds"),
        ];
        let is_number = |text: &&str| text.starts_with(|sign: char| sign.is_ascii_digit()) && text.parse::<f64>().is_ok();
        let (sign, rest) = english.strip_prefix('-').map_or(("", english), |rest| ("-", rest));
        let told = TOLD.iter().find_map(|(first, last, key)| {
            let (larger, smaller) = rest.strip_suffix(last)?.split_once(first)?;
            let (larger, smaller) = (Some(larger).filter(is_number)?, Some(smaller).filter(is_number)?);
            Some(self.text(key)?.replacen("%1$s", larger, 1).replacen("%2$s", &self.number(smaller), 1))
        });
        let seconds =
            || Some(self.text("Intl_NSecondsShort")?.replacen("%s", &self.number(rest.strip_suffix('s').filter(is_number)?), 1));
        told.or_else(seconds).map(|told| format!("{sign}{told}"))
    }

    /// So many pages, or as many as from one number to another.
    fn pages(&self, english: &str) -> Option<String> {
        let number = english.strip_suffix(" pages")?;
        let is_number = number.starts_with(|sign: char| sign.is_ascii_digit());
        self.text("VisitorInterest_NPages").filter(|_| is_number).map(|pages| pages.replacen("%s", number, 1))
    }

    /// A number as it is written in English, as it is written here.
    pub(in crate::matomo) fn number(&self, english: &str) -> String {
        self.written("", "#,##0.###", english).unwrap_or_else(|| english.to_owned())
    }

    /// Digits as they are written in English put in a pattern such as `#,##0.00 ¤`, with the signs of the language.
    fn written(&self, sign: &str, pattern: &str, digits: &str) -> Option<String> {
        let of_number = |sign: char| matches!(sign, '#' | '0');
        let (first, last) = (pattern.find(of_number)?, pattern.rfind(of_number)?);
        let written = format!("{sign}{}{digits}{}", &pattern[..first], &pattern[last + 1..]);
        let symbol = |sign: char, key: &str| self.text(key).map_or_else(|| sign.to_string(), str::to_owned);
        let mut here = String::with_capacity(written.len() + 4);
        for sign in written.chars() {
            here.push_str(&match sign {
                '.' => symbol(sign, "Intl_NumberSymbolDecimal"),
                ',' => symbol(sign, "Intl_NumberSymbolGroup"),
                '-' => symbol(sign, "Intl_NumberSymbolMinus"),
                '+' => symbol(sign, "Intl_NumberSymbolPlus"),
                '%' => symbol(sign, "Intl_NumberSymbolPercent"),
                other => other.to_string(),
            });
        }
        Some(here)
    }
}

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
        let mut dictionary = Dictionary::default();
        for (key, text) in texts {
            if let Some(english) = english.get(&key).filter(|_| !text.is_empty()) {
                dictionary.words.entry(english.clone()).or_insert_with(|| text.clone());
            }
            dictionary.texts.insert(key, text);
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
/// Methods that list what can be shown, of which only names and explanations are words.
const LISTING: [&str; 2] = ["API.getWidgetMetadata", "API.getReportPagesMetadata"];
/// What a visit is told in words of ours.
const OF_VISITS: [&str; 15] = [
    "browser",
    "browserFamilyDescription",
    "browserName",
    "city",
    "continent",
    "country",
    "deviceBrand",
    "deviceModel",
    "deviceType",
    "language",
    "location",
    "operatingSystem",
    "operatingSystemName",
    "referrerTypeName",
    "region",
];
/// Parts that are called as their owners call them.
const NAMES: [&str; 3] = ["website", "prettyDate", "label"];

/// An answer in the language the request asks for; as it is where that is English or not known.
pub(in crate::matomo) fn translated(ctx: &Context, request: &MatomoRequest, mut answer: Answer) -> Answer {
    let Some(dictionary) = dictionary(ctx, request) else {
        return answer;
    };
    let method = request.text("method").unwrap_or_default();
    let describes = DESCRIBING.contains(&method);
    let module =
        if describes { request.text("apiModule").unwrap_or_default() } else { method.split('.').next().unwrap_or_default() };
    let names_rows = names_rows(request);
    match &mut answer {
        Answer::Tables(tables) => tables.each(&mut |sheet| here(&mut sheet.table, module, &dictionary)),
        Answer::Parts(parts) => {
            for (_, part) in parts {
                if let Part::Tables(tables) = part {
                    tables.each(&mut |sheet| here(&mut sheet.table, module, &dictionary));
                }
            }
        }
        _ => {}
    }
    match &mut answer {
        Answer::Tables(tables) if module == "Live" => tables.each(&mut |sheet| visits(&mut sheet.table, &dictionary)),
        Answer::Tables(tables) if names_rows => tables.each(&mut |sheet| rows(&mut sheet.table, &dictionary)),
        Answer::Data(data) if describes => cell(data, &dictionary),
        Answer::Data(data) if LISTING.contains(&method) => names(data, &dictionary),
        Answer::Parts(parts) if describes => {
            for (name, part) in parts {
                match part {
                    Part::Data(data) if method == "API.getRowEvolution" && name == "metadata" => {
                        evolution(data, names_rows, &dictionary);
                    }
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

/// Whether the rows a request asks for are called by words of ours.
fn names_rows(request: &MatomoRequest) -> bool {
    let method = request.text("method").unwrap_or_default();
    let (module, action) = if DESCRIBING.contains(&method) {
        (request.text("apiModule").unwrap_or_default(), request.text("apiAction").unwrap_or_default())
    } else {
        method.split_once('.').unwrap_or_default()
    };
    // An insight is named after the report it is about.
    let about = request.text("reportUniqueId").filter(|_| module == "Insights").and_then(|id| id.split_once('_'));
    let (module, action) = about.unwrap_or((module, action));
    VOCABULARY.contains(&module) || (module, action) == ("Referrers", "getReferrerType")
}

/// Calls the rows of a table as the language of the request does, where they are called by words of ours.
pub(in crate::matomo) fn name_rows(ctx: &Context, request: &MatomoRequest, table: &mut DataTable) {
    if let Some(dictionary) = dictionary(ctx, request).filter(|_| names_rows(request)) {
        rows(table, &dictionary);
    }
}

/// The dictionary into the language a request asks for; nothing where that is English or not known.
pub(in crate::matomo) fn dictionary(ctx: &Context, request: &MatomoRequest) -> Option<Arc<Dictionary>> {
    let code = request.filled("language").filter(|code| !matches!(*code, "en" | "false"))?;
    ctx.settings.texts.dictionary(code)
}

/// What any report has of the language: how its shares are written, and what the rows are called that stand for others and for
/// what is not known.
fn here(table: &mut DataTable, module: &str, dictionary: &Dictionary) {
    table.each_row(&mut |row| {
        for (name, held) in &mut row.columns {
            // What visitors sent stays as it is, even where it looks like a number of ours.
            if name != "label" && module != "Insights" && (module != "Live" || name.ends_with("Pretty")) {
                numbers(held, dictionary);
            }
        }
        for (_, held) in &mut row.metadata {
            if let Cell::Table(compared) = held {
                here(compared, module, dictionary);
            }
        }
        let label = row.label();
        let named = match label {
            OTHERS if row.is_summary => dictionary.text("General_Others").map(str::to_owned),
            "Keyword not defined" if module == "Referrers" => dictionary.filled("General_NotDefined", "General_ColumnKeyword"),
            _ => None,
        };
        if let Some(named) = named {
            row.set("label", Value::text(&named));
        }
    });
}

fn numbers(held: &mut Cell, dictionary: &Dictionary) {
    match held {
        Cell::Value(Value::Text(text)) => {
            if let Some(written) = dictionary.share(text).or_else(|| dictionary.span(text)) {
                *held = Cell::text(&written);
            }
        }
        Cell::Map(entries) => entries.iter_mut().for_each(|(_, inner)| numbers(inner, dictionary)),
        _ => {}
    }
}

/// What visits are told, and what happened in them.
fn visits(table: &mut DataTable, dictionary: &Dictionary) {
    table.each_row(&mut |row| {
        for name in OF_VISITS {
            let told = row.get(name).and_then(Cell::as_str).and_then(|english| dictionary.told(english));
            if let Some(told) = told {
                row.set(name, Value::text(&told));
            }
        }
        // A place ends with its country.
        let place = row.get("location").and_then(Cell::as_str).and_then(|place| place.rsplit_once(", "));
        if let Some((within, country)) = place.and_then(|(within, country)| Some((within, dictionary.told(country)?))) {
            row.set("location", Value::text(&format!("{within}, {country}")));
        }
        if row.get("referrerKeyword").and_then(Cell::as_str) == Some("Keyword not defined")
            && let Some(told) = dictionary.filled("General_NotDefined", "General_ColumnKeyword")
        {
            row.set("referrerKeyword", Value::text(&told));
        }
        // A page is called as its owner calls it; everything else by us.
        if let Some(Cell::List(mut happened)) = row.get("actionDetails").cloned() {
            for entry in &mut happened {
                let Cell::Map(entries) = entry else { continue };
                let is_page = entries.iter().any(|(name, held)| name == "type" && held.as_str() == Some("action"));
                for (name, held) in entries.iter_mut() {
                    match name.as_ref() {
                        "title" if !is_page => cell(held, dictionary),
                        "timeSpentPretty" | "pageLoadTime" => numbers(held, dictionary),
                        _ => {}
                    }
                }
            }
            row.set("actionDetails", Cell::List(happened));
        }
    });
}

/// How rows went on: each metric is called by its row's name and its own, and changes are shares.
fn evolution(held: &mut Cell, names_rows: bool, dictionary: &Dictionary) {
    let Cell::Map(entries) = held else {
        if let Cell::List(cells) = held {
            cells.iter_mut().for_each(|inner| evolution(inner, names_rows, dictionary));
        }
        return;
    };
    for (name, inner) in entries {
        match (name.as_ref(), inner.as_str()) {
            ("change", Some(_)) => numbers(inner, dictionary),
            ("name", Some(text)) => {
                let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
                let told = match parts {
                    Some((row, metric)) => dictionary.told(metric).map(|metric| {
                        let row = dictionary.told(row).filter(|_| names_rows).unwrap_or_else(|| row.to_owned());
                        format!("{row} ({metric})")
                    }),
                    None => dictionary.told(text),
                };
                if let Some(told) = told {
                    *inner = Cell::text(&told);
                }
            }
            ("module" | "action" | "uniqueId" | "label", _) => {}
            (_, Some(_)) => cell(inner, dictionary),
            _ => evolution(inner, names_rows, dictionary),
        }
    }
}

fn rows(table: &mut DataTable, dictionary: &Dictionary) {
    table.each_row(&mut |row| {
        let metadata = row.metadata.iter_mut().map(|(name, held)| (&*name, held));
        for (name, held) in row.columns.iter_mut().chain(metadata) {
            if name == "label" || name.ends_with("_name") {
                match held.as_str().and_then(|text| dictionary.pages(text)) {
                    Some(told) => *held = Cell::text(&told),
                    None => cell(held, dictionary),
                }
            }
        }
    });
}

/// The names and explanations of what is listed; ids and parameters stay.
fn names(held: &mut Cell, dictionary: &Dictionary) {
    match held {
        Cell::Map(entries) => {
            for (name, inner) in entries {
                match name.as_ref() {
                    "name" | "help" => cell(inner, dictionary),
                    "parameters" => {}
                    _ => names(inner, dictionary),
                }
            }
        }
        Cell::List(cells) => cells.iter_mut().for_each(|inner| names(inner, dictionary)),
        _ => {}
    }
}

fn cell(held: &mut Cell, dictionary: &Dictionary) {
    match held {
        Cell::Value(Value::Text(text)) => {
            if let Some(other) = dictionary.told(text) {
                *held = Cell::text(&other);
            }
        }
        Cell::Map(entries) => {
            // What something is called by clients is the same in every language.
            for (_, inner) in entries.iter_mut().filter(|(name, _)| !["module", "action", "uniqueId"].contains(&name.as_ref())) {
                cell(inner, dictionary);
            }
        }
        Cell::List(cells) => cells.iter_mut().for_each(|inner| cell(inner, dictionary)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::Row;

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

    #[test]
    fn pages_are_counted_in_the_language() {
        let german = Dictionary::of_texts(&[("VisitorInterest_NPages", "%s Seiten")]);
        let told = ["2 pages", "6-7 pages", "my pages", "1 page"].map(|english| german.pages(english));
        assert_eq!(told, [Some("2 Seiten".to_owned()), Some("6-7 Seiten".to_owned()), None, None]);
    }

    #[test]
    fn ids_and_parameters_of_what_is_listed_stay() {
        let words = HashMap::from([("Events".to_owned(), "Événements".to_owned())]);
        let french = Dictionary { words, ..Dictionary::default() };
        let list = |name: &str| {
            let parameters = Cell::Map(vec![("name".into(), Cell::text("Events"))]);
            let place = Cell::Map(vec![("id".into(), Cell::text("Events")), ("name".into(), Cell::text(name))]);
            Cell::List(vec![Cell::Map(vec![("parameters".into(), parameters), ("category".into(), place)])])
        };
        let mut told = list("Events");
        names(&mut told, &french);
        assert_eq!(told, list("Événements"));
    }

    #[test]
    fn visits_are_told_in_the_language_and_pages_as_they_are_called() {
        let words = [("Unknown", "Inconnu"), ("Goal conversion", "Conversion")];
        let words = words.into_iter().map(|(english, french)| (english.to_owned(), french.to_owned())).collect();
        let texts = [("General_NotDefined", "%s indéfini"), ("General_ColumnKeyword", "Mot")];
        let texts = texts.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
        let french = Dictionary { words, texts };
        let happened =
            |kind: &str, title: &str| Cell::Map(vec![("type".into(), Cell::text(kind)), ("title".into(), Cell::text(title))]);
        let mut visit = Row::default();
        visit.set("browser", Value::text("Unknown"));
        visit.set("userId", Value::text("Unknown"));
        visit.set("location", Value::text("London, England, Unknown"));
        visit.set("referrerKeyword", Value::text("Keyword not defined"));
        visit.set("actionDetails", Cell::List(vec![happened("action", "Unknown"), happened("goal", "Goal conversion")]));
        let mut table = DataTable { rows: vec![visit], ..DataTable::default() };
        visits(&mut table, &french);
        let told = |name: &str| table.rows[0].get(name).and_then(Cell::as_str);
        assert_eq!(
            [told("browser"), told("userId"), told("referrerKeyword")],
            [Some("Inconnu"), Some("Unknown"), Some("Mot indéfini")]
        );
        assert_eq!(told("location"), Some("London, England, Inconnu"));
        let wanted = Cell::List(vec![happened("action", "Unknown"), happened("goal", "Conversion")]);
        assert_eq!(table.rows[0].get("actionDetails"), Some(&wanted));
    }

    #[test]
    fn rows_over_time_are_called_by_their_name_and_the_metric() {
        let words = [("Visits", "Besuche"), ("Direct Entry", "Direkte Zugriffe")];
        let words = words.into_iter().map(|(english, german)| (english.to_owned(), german.to_owned())).collect();
        let texts = [("Intl_NumberFormatPercent", "#,##0\u{a0}%")];
        let german = Dictionary { words, ..Dictionary::of_texts(&texts) };
        let metric = |name: &str, change: &str| {
            let told =
                vec![("name".into(), Cell::text(name)), ("change".into(), Cell::text(change)), ("max".into(), 3i64.into())];
            Cell::Map(vec![("metrics".into(), Cell::Map(vec![("nb_visits_0".into(), Cell::Map(told))]))])
        };
        let mut told = metric("Direct Entry (Visits)", "+150%");
        evolution(&mut told, true, &german);
        assert_eq!(told, metric("Direkte Zugriffe (Besuche)", "+150\u{a0}%"));
        let mut told = metric("Direct Entry (Visits)", "x");
        evolution(&mut told, false, &german);
        assert_eq!(told, metric("Direct Entry (Besuche)", "x"));
    }

    #[test]
    fn ids_of_what_is_described_stay() {
        let words = HashMap::from([("Actions".to_owned(), "Aktionen".to_owned())]);
        let german = Dictionary { words, ..Dictionary::default() };
        let told =
            |category: &str| Cell::Map(vec![("category".into(), Cell::text(category)), ("module".into(), Cell::text("Actions"))]);
        let mut described = told("Actions");
        cell(&mut described, &german);
        assert_eq!(described, told("Aktionen"));
    }

    #[test]
    fn what_is_put_together_is_told_in_its_parts() {
        let words = [("Desktop", "Bureau"), ("Language code", "Code langue"), ("Users", "Utilisateurs")];
        let words = words.into_iter().map(|(english, french)| (english.to_owned(), french.to_owned())).collect();
        let texts = [
            ("DevicesDetection_GenericDevice", "Générique %s"),
            ("UserLanguage_LanguageCode", "Code langue"),
            ("General_DailySum", "résumé quotidien"),
            ("MultiSites_Evolution", "Évolution"),
        ];
        let french = Dictionary { words, ..Dictionary::of_texts(&texts) };
        let told = ["Generic Desktop", "Generic Fridge", "Language code zh-cn", "Language code", "Language code of a browser"];
        let wanted = [Some("Générique Bureau"), None, Some("Code langue zh-cn"), Some("Code langue"), None];
        assert_eq!(told.map(|english| french.told(english)), wanted.map(|told| told.map(str::to_owned)));
        assert_eq!(french.told("Users (daily sum)").as_deref(), Some("Utilisateurs (résumé quotidien)"));
        assert_eq!(french.told("Desktop<br />Users").as_deref(), Some("Bureau<br />Utilisateurs"));
        assert_eq!(french.told("Desktop<br />Fridge"), None);
        assert_eq!(french.told("Users Evolution").as_deref(), Some("Utilisateurs Évolution"));
    }

    #[test]
    fn money_and_spans_are_written_as_the_language_does() {
        let texts = [
            ("Intl_NumberFormatCurrency", "#,##0.00\u{a0}¤"),
            ("Intl_NumberSymbolDecimal", ","),
            ("Intl_NumberSymbolGroup", "\u{202f}"),
            ("Intl_CurrencySymbol_USD", "$US"),
            ("General_HoursMinutes", "%1$s heures %2$s min"),
            ("General_MinutesSeconds", "%1$s min %2$ss"),
            ("Intl_NSecondsShort", "%ss"),
        ];
        let texts = texts.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
        let french = Dictionary { texts, ..Dictionary::default() };
        let money = |amount: f64, code: &str| french.money(amount, code, "¥").unwrap();
        assert_eq!(money(42.0, "USD"), "42\u{a0}$US");
        assert_eq!(money(-1234.5, "USD"), "-1\u{202f}234,50\u{a0}$US");
        assert_eq!(money(7.0, "JPY"), "7\u{a0}¥");
        let spans = ["3 hours 20 min", "-18 min 4s", "0.5s", "2 days 3 hours", "s", "Nous sommes"].map(|span| french.span(span));
        let wanted = [Some("3 heures 20 min"), Some("-18 min 4s"), Some("0,5s"), None, None, None];
        assert_eq!(spans, wanted.map(|span| span.map(str::to_owned)));
    }

    #[test]
    fn shares_are_written_as_the_language_does() {
        let texts = [
            ("Intl_NumberFormatPercent", "#,##0\u{a0}%"),
            ("Intl_NumberSymbolDecimal", ","),
            ("Intl_NumberSymbolGroup", "."),
            ("General_Others", "Andere"),
            ("General_NotDefined", "%s nicht definiert"),
            ("General_ColumnKeyword", "Suchbegriff"),
        ];
        let texts = texts.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect();
        let german = Dictionary { texts, ..Dictionary::default() };
        let written = ["1,234.5%", "-3%", "+0.1%", "100", "a%", "%"].map(|share| german.share(share));
        let wanted = [Some("1.234,5\u{a0}%"), Some("-3\u{a0}%"), Some("+0,1\u{a0}%"), None, None, None];
        assert_eq!(written, wanted.map(|share| share.map(str::to_owned)));
        let mut others = Row { is_summary: true, ..Row::labelled(Value::text(OTHERS)) };
        others.set("bounce_rate", Value::text("66.67%"));
        let unknown = Row::labelled(Value::text("Keyword not defined"));
        let mut table = DataTable { rows: vec![others, unknown], ..DataTable::default() };
        here(&mut table, "Referrers", &german);
        assert_eq!((table.rows[0].label(), table.rows[1].label()), ("Andere", "Suchbegriff nicht definiert"));
        assert_eq!(table.rows[0].get("bounce_rate").and_then(Cell::as_str), Some("66,67\u{a0}%"));
    }
}
