//! Daily figures of other products: Plausible's archive of files `imported_<table>_<first>_<last>.csv`, loose or as a zip file, and
//! reports of Google Analytics 4.

mod google;
mod zipped;

use std::sync::Arc;

use footfall_model::{DateRange, Day, Error, ImportedRow, ImportedTable, Site, Text};
use footfall_report::stats::{self, Span};
use serde_json::{Value, json};

pub use self::zipped::{read_zip, write_zip};
use crate::{
    matomo::{Context, Reply},
    own::shape,
};

/// A table with its rows.
pub type Table = (ImportedTable, Vec<ImportedRow>);

/// Where figures come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Plausible's archive.
    Plausible,
    /// Reports of Google Analytics 4.
    GoogleAnalytics,
}

impl Source {
    /// The source of this name; what is not known to be another's has Plausible's form.
    pub fn named(name: &str) -> Source {
        match name {
            "google_analytics" | "google-analytics" | "ga4" => Source::GoogleAnalytics,
            _ => Source::Plausible,
        }
    }

    /// Whether a file of this name is one to be read.
    pub fn knows(self, file: &str) -> bool {
        match self {
            Source::Plausible => table_of(file).is_some(),
            Source::GoogleAnalytics => file.to_ascii_lowercase().ends_with(".csv"),
        }
    }

    /// What a file should be.
    pub fn wanted(self) -> &'static str {
        match self {
            Source::Plausible => "file of an archive, such as `imported_pages.csv`",
            Source::GoogleAnalytics => "report as CSV, such as pages.csv",
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is none to be read, or names the line that cannot be read.
    pub fn read(self, file: &str, text: &str) -> Result<Vec<Table>, Error> {
        match (self, table_of(file)) {
            (Source::Plausible, Some(table)) => Ok(vec![(table, read(&table, text)?)]),
            (Source::Plausible, None) => Err(Error::invalid(format!("`{}` is not a {}", shown(file), self.wanted()))),
            (Source::GoogleAnalytics, _) => google::read(file, text),
        }
    }
}

/// A file's name in a sentence.
fn shown(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_control()).take(100).collect()
}

/// How many rows a file may have.
const MOST_ROWS: usize = 5_000_000;
/// How long a text under a key may be, in bytes; longer ones are cut.
const LONGEST_KEY: usize = 2000;

/// The table that a file of this name holds.
pub fn table_of(file: &str) -> Option<ImportedTable> {
    let name = file.rsplit(['/', '\\']).next()?.strip_suffix(".csv")?.strip_prefix("imported_")?;
    let days = |rest: &str| {
        rest.is_empty() || rest.starts_with('_') && rest[1..].bytes().all(|sign| sign.is_ascii_digit() || sign == b'_')
    };
    ImportedTable::ALL.into_iter().find(|table| name.strip_prefix(table.name).is_some_and(days))
}

/// Reads the rows of a table. Columns are found by their names, whatever their order; unknown ones are passed over.
///
/// # Errors
/// Names the line that cannot be read.
pub fn read(table: &ImportedTable, text: &str) -> Result<Vec<ImportedRow>, Error> {
    let mut records = Records::of(text.strip_prefix('\u{feff}').unwrap_or(text));
    let header = records.next().ok_or_else(|| Error::invalid(format!("`imported_{}` is empty", table.name)))?;
    let place = |name: &str| header.iter().position(|known| known.trim() == name);
    let date = place("date").ok_or_else(|| Error::invalid(format!("`imported_{}` has no column `date`", table.name)))?;
    let keys: Vec<Option<usize>> = table.keys.iter().map(|name| place(name)).collect();
    let numbers: Vec<Option<usize>> = table.numbers.iter().map(|name| place(name)).collect();
    if numbers.iter().all(Option::is_none) {
        return Err(Error::invalid(format!("`imported_{}` has none of the columns {}", table.name, table.numbers.join(", "))));
    }
    let mut rows = Vec::new();
    while let Some(record) = records.next() {
        let line = records.line;
        if record.len() == 1 && record[0].is_empty() {
            continue;
        }
        if rows.len() >= MOST_ROWS {
            return Err(Error::invalid(format!("`imported_{}` has more than {MOST_ROWS} rows", table.name)));
        }
        let wrong = |what: &str| Error::invalid(format!("`imported_{}` line {line}: {what}", table.name));
        let field = |place: &Option<usize>| place.and_then(|place| record.get(place)).map_or("", |field| field.trim());
        let day: Day = field(&Some(date)).parse().map_err(|_| wrong("the date is none"))?;
        let mut row = ImportedRow { date: day, keys: Vec::with_capacity(keys.len()), numbers: Vec::with_capacity(numbers.len()) };
        for key in &keys {
            let text = field(key);
            row.keys.push(Text::from(&text[..text.floor_char_boundary(LONGEST_KEY)]));
        }
        for number in &numbers {
            let text = field(number);
            let value = if text.is_empty() { Some(0.0) } else { text.parse::<f64>().ok() };
            let value = value.filter(|value| (0.0..=1e15).contains(value));
            row.numbers.push(value.ok_or_else(|| wrong("a figure is no number from 0 on"))?.round() as i64);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Everything that is known of a site as files of an archive, by name: what was tracked here, and what was imported.
///
/// # Errors
/// When store or database cannot answer.
pub async fn export(ctx: &Context, site: &Arc<Site>) -> Result<Vec<(String, String)>, Error> {
    let today = ctx.now.local(&site.zone).date();
    let imports = ctx.admin.imports(site.id).await?;
    let tracked = super::span::first_day(&*ctx.store, site).await?;
    let first = imports.iter().map(|import| import.first).chain(tracked).min().unwrap_or(today);
    let last = imports.iter().map(|import| import.last).chain([today]).max().unwrap_or(today);
    let mut files = Vec::new();
    for table in ImportedTable::ALL {
        let mut rows = ctx.admin.imported_rows(site.id, &table, first, last).await?;
        if let Some(tracked) = tracked {
            let days = DateRange::new(tracked.min(today), today)?;
            rows.extend(stats::daily(&ctx.reader(), site, &Span::days(days, &site.zone), &table).await?);
        }
        if rows.is_empty() {
            continue;
        }
        rows.sort_by(|one, other| (one.date, &one.keys).cmp(&(other.date, &other.keys)));
        let day = |day: Day| day.strftime("%Y%m%d").to_string();
        let days = rows.iter().map(|row| row.date);
        let (from, to) = (days.clone().min().unwrap_or(first), days.max().unwrap_or(last));
        files.push((format!("imported_{}_{}_{}.csv", table.name, day(from), day(to)), write(&table, &rows)));
    }
    Ok(files)
}

/// The answer that gives files out: packed into one, or as a JSON object from names to texts.
///
/// # Errors
/// When they cannot be packed.
pub(crate) fn answer(site: &Site, files: Vec<(String, String)>, packed: bool) -> Result<Reply, Error> {
    if packed {
        let name = format!("attachment; filename=\"footfall-site-{}-figures.zip\"", site.id);
        let headers = vec![("content-disposition", name)];
        return Ok(Reply { status: 200, content_type: "application/zip", headers, body: write_zip(&files)? });
    }
    let files: serde_json::Map<String, Value> = files.into_iter().map(|(name, text)| (name, text.into())).collect();
    Ok(shape::json(200, &json!({ "files": files })))
}

/// Writes the rows of a table, with a header.
pub fn write(table: &ImportedTable, rows: &[ImportedRow]) -> String {
    let mut text = String::from("date");
    for name in table.keys.iter().chain(table.numbers) {
        text.push(',');
        text.push_str(name);
    }
    text.push('\n');
    for row in rows {
        text.push_str(&row.date.to_string());
        for key in &row.keys {
            text.push(',');
            push_field(&mut text, key);
        }
        for number in &row.numbers {
            text.push(',');
            text.push_str(&number.to_string());
        }
        text.push('\n');
    }
    text
}

/// Adds a field of a CSV file, in quotes where it needs them.
pub(super) fn push_field(into: &mut String, field: &str) {
    if field.contains([',', '"', '\n', '\r']) {
        into.push('"');
        into.push_str(&field.replace('"', "\"\""));
        into.push('"');
    } else {
        into.push_str(field);
    }
}

/// The records of a CSV text: fields in quotes may hold commas, quotes and lines.
struct Records<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Records<'a> {
    fn of(text: &'a str) -> Records<'a> {
        Records { rest: text, line: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let mut record = vec![String::new()];
        let mut quoted = false;
        let mut signs = self.rest.char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            let field = record.last_mut()?;
            match sign {
                '"' if quoted && signs.next_if(|(_, next)| *next == '"').is_some() => field.push('"'),
                '"' => quoted = !quoted,
                ',' if !quoted => record.push(String::new()),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    self.rest = &self.rest[at + 1..];
                    return Some(record);
                }
                sign => field.push(sign),
            }
        }
        self.rest = "";
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        let name = |file: &str| table_of(file).map(|table| table.name);
        assert_eq!(name("imported_pages_20210101_20210131.csv"), Some("pages"));
        assert_eq!(name("export/imported_entry_pages.csv"), Some("entry_pages"));
        assert_eq!(name("imported_pages_of_mine.csv"), None);
        assert_eq!(name("visitors.csv"), None);
    }

    #[test]
    fn what_was_written_is_read_again() {
        let table = ImportedTable::named("custom_events").unwrap();
        let row = |keys: [&str; 3], numbers: [i64; 2]| ImportedRow {
            date: Day::constant(2024, 2, 29),
            keys: keys.into_iter().map(Text::from).collect(),
            numbers: numbers.to_vec(),
        };
        let rows = vec![row(["Say \"hi\", you", "", "/a\nb"], [3, 7]), row(["x", "https://a.example/?a=1,2", ""], [0, 1])];
        assert_eq!(read(&table, &write(&table, &rows)).unwrap(), rows);
    }

    #[test]
    fn columns_may_come_in_any_order_and_be_missing() {
        let table = ImportedTable::named("devices").unwrap();
        let rows = read(&table, "\u{feff}visitors,device,date,other\r\n4,Mobile,2021-01-02,x\r\n\r\n").unwrap();
        assert_eq!((rows[0].keys[0].as_ref(), table.number(&rows[0], "visitors"), rows.len()), ("Mobile", 4, 1));
        let told = |text: &str| read(&table, text).unwrap_err().message().to_owned();
        assert_eq!(told(""), "`imported_devices` is empty");
        assert_eq!(told("visitors\n1"), "`imported_devices` has no column `date`");
        assert_eq!(told("date,visitors\nnever,1"), "`imported_devices` line 2: the date is none");
        assert_eq!(told("date,visitors\n2021-01-01,-1"), "`imported_devices` line 2: a figure is no number from 0 on");
    }
}
