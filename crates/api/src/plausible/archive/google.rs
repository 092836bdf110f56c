//! Reports of Google Analytics 4 as CSV: exported from its pages, or made with its Data API. Columns go by the names of either.

use footfall_model::{Day, Error, ImportedRow, ImportedTable, Text};
use footfall_report::names::{countries, regions};

use super::{LONGEST_KEY, MOST_ROWS, Records, Table};

/// A column that says what figures are about: its plain name, and the table and key it fills.
const KEYS: &[(&str, &str, &str)] = &[
    ("sessionsource", "sources", "source"),
    ("sessionmedium", "sources", "utm_medium"),
    ("sessionsourcemedium", "sources", "source"),
    ("sessioncampaign", "sources", "utm_campaign"),
    ("sessioncampaignname", "sources", "utm_campaign"),
    ("sessionmanualadcontent", "sources", "utm_content"),
    ("sessiongoogleadskeyword", "sources", "utm_term"),
    ("sessiongoogleadskeywordtext", "sources", "utm_term"),
    ("sessionmanualterm", "sources", "utm_term"),
    ("hostname", "pages", "hostname"),
    ("pagepath", "pages", "page"),
    ("pagepathandscreenclass", "pages", "page"),
    ("pagepathquerystring", "pages", "page"),
    ("pagepathplusquerystring", "pages", "page"),
    ("landingpage", "entry_pages", "entry_page"),
    ("landingpagequerystring", "entry_pages", "entry_page"),
    ("landingpageplusquerystring", "entry_pages", "entry_page"),
    ("eventname", "custom_events", "name"),
    ("linkurl", "custom_events", "link_url"),
    ("country", "locations", "country"),
    ("countryid", "locations", "country"),
    ("region", "locations", "region"),
    ("city", "locations", "city"),
    ("devicecategory", "devices", "device"),
    ("browser", "browsers", "browser"),
    ("operatingsystem", "operating_systems", "operating_system"),
    ("operatingsystemversion", "operating_systems", "operating_system_version"),
    ("osversion", "operating_systems", "operating_system_version"),
];

/// Columns that are known and say nothing we keep.
const IGNORED: &[&str] = &["cityid", "streamname", "nthday"];

/// What stands where nothing is known.
const MISSING: [&str; 6] = ["(not set)", "(none)", "(not provided)", "(other)", "(direct)", "(data not available)"];

/// Events that Google Analytics counts by itself beside every page view.
const AUTOMATIC: [&str; 5] = ["page_view", "session_start", "first_visit", "user_engagement", "scroll"];

/// Reads every report of a file.
///
/// # Errors
/// When there is none with days, or a line cannot be read.
pub fn read(file: &str, text: &str) -> Result<Vec<Table>, Error> {
    let mut tables: Vec<Table> = Vec::new();
    let mut reason = format!("`{}` holds no report", super::shown(file));
    for section in sections(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        match Report::of(&section) {
            Ok(report) => {
                let rows = report.rows(&section).map_err(|told| Error::invalid(format!("`{}` {told}", super::shown(file))))?;
                tables.push((report.table, rows));
            }
            Err(told) => reason = format!("`{}` {told}", super::shown(file)),
        }
    }
    if tables.is_empty() { Err(Error::invalid(reason)) } else { Ok(tables) }
}

/// A report within a file: its header, its lines with their numbers, and the day it begins with.
#[derive(Default)]
struct Section {
    lines: Vec<(usize, Vec<String>)>,
    from: Option<Day>,
    to: Option<Day>,
}

/// Reports are parted by empty lines and by lines that begin with `#`, which may tell their days.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section::default();
    let mut records = Records::of(text);
    while let Some(record) = records.next() {
        let first = record.first().map_or("", |field| field.trim());
        let parts = first.starts_with('#') || record.iter().all(|field| field.trim().is_empty());
        if parts && !section.lines.is_empty() {
            let (from, to) = (section.from, section.to);
            sections.push(std::mem::replace(&mut section, Section { from, to, ..Section::default() }));
        }
        if let Some(told) = first.strip_prefix("# Start date:") {
            section.from = day(told);
        } else if let Some(told) = first.strip_prefix("# End date:") {
            section.to = day(told);
        } else if !parts {
            section.lines.push((records.line, record));
        }
    }
    if !section.lines.is_empty() {
        sections.push(section);
    }
    sections
}

/// Where a report's day stands.
enum When {
    Column(usize),
    /// Counted from the report's first day.
    Nth(usize, Day),
    Only(Day),
}

/// What a report's header says.
struct Report {
    table: ImportedTable,
    when: When,
    /// The places of the table's keys.
    keys: Vec<Option<usize>>,
    /// A column that holds source and medium.
    pair: Option<usize>,
    names: Vec<String>,
}

impl Report {
    fn of(section: &Section) -> Result<Report, String> {
        let (line, header) = section.lines.first().ok_or("holds no report")?;
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        let when = match (place("date"), place("nthday"), section.from, section.to) {
            (Some(column), ..) => When::Column(column),
            (None, Some(column), Some(from), _) => When::Nth(column, from),
            (None, None, Some(from), Some(to)) if from == to => When::Only(from),
            _ => return Err(format!("line {line}: the report has no days; add the dimension `Date`")),
        };
        let known = |name: &str| KEYS.iter().find(|(known, ..)| *known == name);
        let mut tables = names.iter().filter_map(|name| known(name)).map(|(_, table, _)| *table);
        let first = tables.next().unwrap_or("visitors");
        if let Some(other) = tables.find(|table| *table != first) {
            return Err(format!("line {line}: the report is about `{first}` and `{other}` at once"));
        }
        let table = ImportedTable::named(first).ok_or("holds no report")?;
        let find = |key: &str| names.iter().position(|name| known(name).is_some_and(|(_, _, filled)| *filled == key));
        let report = Report {
            keys: table.keys.iter().map(|key| find(key)).collect(),
            pair: place("sessionsourcemedium"),
            table,
            when,
            names,
        };
        let says_nothing = |name: &&String| known(name).is_none() && !IGNORED.contains(&name.as_str()) && *name != "date";
        if !report.names.iter().filter(says_nothing).any(|name| figure_name(name)) {
            return Err(format!("line {line}: the report has no figures such as `Sessions` or `Total users`"));
        }
        Ok(report)
    }

    fn rows(&self, section: &Section) -> Result<Vec<ImportedRow>, String> {
        let mut rows: Vec<ImportedRow> = Vec::new();
        for (line, record) in &section.lines[1..] {
            if rows.len() >= MOST_ROWS {
                return Err(format!("has more than {MOST_ROWS} rows"));
            }
            let field = |place: usize| record.get(place).map_or("", |field| field.trim());
            let date = match &self.when {
                // Totals have no day.
                When::Column(place) if field(*place).is_empty() => continue,
                When::Column(place) => day(field(*place)),
                When::Nth(place, from) if field(*place).is_empty() => {
                    let _ = from;
                    continue;
                }
                When::Nth(place, from) => {
                    let days = field(*place).parse::<u16>().ok();
                    days.and_then(|days| from.checked_add(jiff::Span::new().days(i64::from(days))).ok())
                }
                When::Only(day) => Some(*day),
            };
            let date = date.ok_or_else(|| format!("line {line}: the date is none"))?;
            let keys = self.keys(record);
            if self.table.name == "custom_events" && AUTOMATIC.contains(&&*keys[0]) {
                continue;
            }
            let numbers = self.numbers(record).map_err(|name| format!("line {line}: `{name}` is no number from 0 on"))?;
            rows.push(ImportedRow { date, keys, numbers });
        }
        Ok(rows)
    }

    fn keys(&self, record: &[String]) -> Vec<Text> {
        let mut texts: Vec<String> = self
            .keys
            .iter()
            .map(|place| place.and_then(|place| record.get(place)).map_or("", |field| field.trim()))
            .map(|text| if MISSING.contains(&text) { String::new() } else { text.to_owned() })
            .collect();
        let place = |name: &str| self.table.keys.iter().position(|key| *key == name);
        match self.table.name {
            "sources" => {
                if let (Some(pair), Some(source), Some(medium)) = (self.pair, place("source"), place("utm_medium")) {
                    let whole = record.get(pair).map_or("", |field| field.trim());
                    let (one, other) = whole.split_once(" / ").unwrap_or((whole, ""));
                    let known = |text: &str| if MISSING.contains(&text) { String::new() } else { text.to_owned() };
                    (texts[source], texts[medium]) = (known(one), known(other));
                }
                if let Some(source) = place("source") {
                    texts[source] = source_name(&texts[source]);
                }
                if let Some(campaign) = place("utm_campaign")
                    && matches!(texts[campaign].as_str(), "(organic)" | "(referral)")
                {
                    texts[campaign].clear();
                }
            }
            "locations" => {
                if texts[0].len() != 2 {
                    texts[0] = countries::code(&texts[0]).unwrap_or_default().to_owned();
                }
                let within = format!("{}-", texts[0]);
                let region = regions::all().iter().find(|(code, name)| code.starts_with(&within) && *name == texts[1]);
                texts[1] = region.map_or_else(String::new, |(code, _)| (*code).to_owned());
            }
            "devices" => texts[0] = capital(&texts[0]),
            "custom_events" => match texts[0].as_str() {
                "click" => texts[0] = "Outbound Link: Click".to_owned(),
                "file_download" => texts[0] = "File Download".to_owned(),
                _ => {}
            },
            _ => {}
        }
        texts.iter().map(|text| Text::from(&text[..text.floor_char_boundary(LONGEST_KEY)])).collect()
    }

    /// The table's figures, made of what the report tells.
    fn numbers(&self, record: &[String]) -> Result<Vec<i64>, String> {
        let figure = |names: &[&str]| -> Result<Option<f64>, String> {
            let Some(place) = names.iter().find_map(|wanted| self.names.iter().position(|name| name == wanted)) else {
                return Ok(None);
            };
            let text = record.get(place).map_or("", |field| field.trim());
            let number = if text.is_empty() { Some(0.0) } else { text.replace(',', "").parse::<f64>().ok() };
            number.filter(|number| (0.0..=1e15).contains(number)).map(Some).ok_or_else(|| names[0].to_owned())
        };
        let visits = figure(&["sessions"])?.unwrap_or(0.0);
        let visitors = figure(&["totalusers", "activeusers", "users"])?.unwrap_or(0.0);
        let engaged = figure(&["userengagementduration", "userengagement"])?;
        let seconds = match (engaged, figure(&["averagesessionduration"])?) {
            (Some(whole), _) => whole,
            (None, average) => average.unwrap_or(0.0) * visits,
        };
        let bounces = match (figure(&["engagedsessions"])?, figure(&["bouncerate"])?, figure(&["engagementrate"])?) {
            (Some(engaged), ..) => visits - engaged,
            (_, Some(rate), _) => visits * rate,
            (_, _, Some(rate)) => visits * (1.0 - rate),
            _ => 0.0,
        };
        let views = figure(&["screenpageviews", "views"])?.unwrap_or(0.0);
        let events = figure(&["eventcount"])?.unwrap_or(0.0);
        let of = |name: &str| match name {
            "visitors" => visitors,
            "visits" | "entrances" => visits,
            "pageviews" => views,
            "bounces" => bounces.max(0.0),
            "visit_duration" => seconds,
            "events" => events,
            "total_time_on_page" => engaged.unwrap_or(0.0),
            "total_time_on_page_visits" if engaged.is_some() => visitors,
            _ => 0.0,
        };
        Ok(self.table.numbers.iter().map(|name| of(name).round() as i64).collect())
    }
}

/// Whether a column's figures are used.
fn figure_name(name: &str) -> bool {
    matches!(name, "sessions" | "totalusers" | "activeusers" | "users" | "screenpageviews" | "views" | "eventcount")
}

/// A column's name without case, spaces and signs: `Session source / medium` is `sessionSourceMedium`.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A day as `20240131` or `2024-01-31`.
fn day(text: &str) -> Option<Day> {
    let digits = text.trim().replace('-', "");
    if digits.len() != 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<i16>().ok();
    Day::new(part(0, 4)?, i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?).ok()
}

/// A source by the name it has here.
fn source_name(source: &str) -> String {
    match source {
        "duckduckgo" => "DuckDuckGo".to_owned(),
        "google" | "bing" | "yahoo" | "baidu" | "ecosia" | "qwant" | "yandex" | "facebook" | "instagram" | "pinterest" => {
            capital(source)
        }
        other => other.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row's day, keys and figures.
    type Told = (String, Vec<String>, Vec<i64>);

    fn one(text: &str) -> (&'static str, Vec<Told>) {
        let mut tables = read("report.csv", text).unwrap();
        assert_eq!(tables.len(), 1);
        let (table, rows) = tables.remove(0);
        let rows =
            rows.into_iter().map(|row| (row.date.to_string(), row.keys.iter().map(ToString::to_string).collect(), row.numbers));
        (table.name, rows.collect())
    }

    fn row(date: &str, keys: &[&str], numbers: &[i64]) -> Told {
        (date.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect(), numbers.to_vec())
    }

    #[test]
    fn totals_of_days_with_the_api_s_names() {
        let told =
            one("date,totalUsers,screenPageViews,sessions,engagedSessions,userEngagementDuration\n20240131,7,20,9,5,412.6\n");
        assert_eq!(told, ("visitors", vec![row("2024-01-31", &[], &[7, 20, 4, 9, 413])]));
    }

    #[test]
    fn a_page_s_export_with_comments_and_totals() {
        let told = one(
            "# ----------------------------------------\n# Traffic acquisition\n# Start date: 20240101\n# End date: 20240131\n\
             Date,Session source / medium,Session campaign,Sessions,Total users,Bounce rate,Average session duration\n\
             ,,,\"1,240\",900,0.5,10,Grand total\n\
             20240101,google / organic,(organic),\"1,200\",880,0.25,30\n\
             20240102,(direct) / (none),(not set),40,20,1,0\n",
        );
        let keys = |source, medium| [source, "", "", medium, "", "", ""];
        let google = row("2024-01-01", &keys("Google", "organic"), &[0, 880, 1200, 36_000, 300]);
        let direct = row("2024-01-02", &keys("", ""), &[0, 20, 40, 0, 40]);
        assert_eq!(told, ("sources", vec![google, direct]));
    }

    #[test]
    fn places_devices_and_events_by_our_names() {
        let (_, places) =
            one("Date,Country,Region,City,Sessions\n2024-01-01,Germany,Bavaria,Munich,3\n2024-01-01,(not set),,,1\n");
        assert_eq!(places[0].1, ["DE", "DE-BY", "Munich"]);
        assert_eq!(places[1].1, ["", "", ""]);
        let (_, devices) = one("date,deviceCategory,sessions\n20240101,mobile,3\n");
        assert_eq!(devices, [row("2024-01-01", &["Mobile"], &[0, 3, 0, 0, 0])]);
        let (_, events) =
            one("date,eventName,linkUrl,totalUsers,eventCount\n20240101,click,https://a.example,2,5\n20240101,page_view,,9,30\n");
        assert_eq!(events, [row("2024-01-01", &["Outbound Link: Click", "https://a.example", ""], &[2, 5])]);
    }

    #[test]
    fn several_reports_lie_in_one_file() {
        let text = "# Start date: 20240101\n# End date: 20240102\nNth day,Total users,Sessions\n0000,5,6\n0001,7,8\n\n# next\nPage path,Views\n/,4\n";
        let (table, rows) = one(text);
        assert_eq!((table, rows.len()), ("visitors", 2));
        assert_eq!(rows[1], row("2024-01-02", &[], &[7, 0, 0, 8, 0]));
        let one_day = text.replace("20240102", "20240101");
        let tables = read("a.csv", &one_day).unwrap();
        assert_eq!(tables.iter().map(|(table, _)| table.name).collect::<Vec<_>>(), ["visitors", "pages"]);
    }

    #[test]
    fn a_report_that_cannot_be_used_says_why() {
        let told = |text: &str| read("a.csv", text).unwrap_err().message().to_owned();
        assert_eq!(told(""), "`a.csv` holds no report");
        assert_eq!(told("Page path,Views\n/,4\n"), "`a.csv` line 1: the report has no days; add the dimension `Date`");
        assert_eq!(
            told("date,country,browser,sessions\n"),
            "`a.csv` line 1: the report is about `locations` and `browsers` at once"
        );
        assert_eq!(
            told("date,browser,revenue\n"),
            "`a.csv` line 1: the report has no figures such as `Sessions` or `Total users`"
        );
        assert_eq!(told("date,sessions\nsoon,1\n"), "`a.csv` line 2: the date is none");
        assert_eq!(told("date,sessions\n20240101,many\n"), "`a.csv` line 2: `sessions` is no number from 0 on");
    }
}
