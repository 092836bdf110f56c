use crate::{Day, Text};

/// A table of daily figures brought from another product. Tables are independent: what one groups by, another does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedTable {
    /// Its name, as in the names of Plausible's files.
    pub name: &'static str,
    /// The columns that figures are grouped by, beside the date.
    pub keys: &'static [&'static str],
    /// The columns with figures.
    pub numbers: &'static [&'static str],
    /// Keys that follow from the others: neither read nor kept, but worked out where a question names them, and put behind the
    /// row's other keys.
    pub derived: &'static [&'static str],
}

/// A day's figures of one combination of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedRow {
    /// The day on the site's clock.
    pub date: Day,
    /// A text for each key of the table; empty where nothing is known.
    pub keys: Vec<Text>,
    /// A number for each figure of the table.
    pub numbers: Vec<i64>,
}

const COUNTERS: &[&str] = &["visitors", "visits", "visit_duration", "bounces", "pageviews"];

impl ImportedTable {
    /// Every table, the day's totals first.
    pub const ALL: [ImportedTable; 11] = [
        table("visitors", &[], &["visitors", "pageviews", "bounces", "visits", "visit_duration"]),
        ImportedTable {
            derived: &["channel"],
            ..table(
                "sources",
                &["source", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"],
                &["pageviews", "visitors", "visits", "visit_duration", "bounces"],
            )
        },
        table(
            "pages",
            &["hostname", "page"],
            &[
                "visits",
                "visitors",
                "pageviews",
                "exits",
                "total_scroll_depth",
                "total_scroll_depth_visits",
                "total_time_on_page",
                "total_time_on_page_visits",
            ],
        ),
        table("entry_pages", &["entry_page"], &["visitors", "entrances", "visit_duration", "bounces", "pageviews"]),
        table("exit_pages", &["exit_page"], &["visitors", "visit_duration", "exits", "bounces", "pageviews"]),
        table("custom_events", &["name", "link_url", "path"], &["visitors", "events"]),
        table("custom_props", &["property", "value"], &["visitors", "events"]),
        table("locations", &["country", "region", "city"], COUNTERS),
        table("devices", &["device"], COUNTERS),
        table("browsers", &["browser", "browser_version"], COUNTERS),
        table("operating_systems", &["operating_system", "operating_system_version"], COUNTERS),
    ];

    /// The table of this name.
    pub fn named(name: &str) -> Option<ImportedTable> {
        ImportedTable::ALL.into_iter().find(|table| table.name == name)
    }

    /// The text of a row under a key; empty where the table does not have it.
    pub fn key<'a>(&self, row: &'a ImportedRow, name: &str) -> &'a str {
        let place = self.keys.iter().chain(self.derived).position(|known| *known == name);
        place.and_then(|place| row.keys.get(place)).map_or("", |text| text)
    }

    /// A figure of a row; 0 where the table does not have it.
    pub fn number(&self, row: &ImportedRow, name: &str) -> i64 {
        let place = self.numbers.iter().position(|known| *known == name);
        place.and_then(|place| row.numbers.get(place)).copied().unwrap_or(0)
    }
}

const fn table(name: &'static str, keys: &'static [&'static str], numbers: &'static [&'static str]) -> ImportedTable {
    ImportedTable { name, keys, numbers, derived: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let table = ImportedTable::named("exit_pages").unwrap();
        let row = ImportedRow { date: Day::constant(2021, 1, 1), keys: vec!["/b".into()], numbers: vec![2, 30, 3, 1, 5] };
        assert_eq!((table.key(&row, "exit_page"), table.key(&row, "page")), ("/b", ""));
        assert_eq!((table.number(&row, "exits"), table.number(&row, "visits")), (3, 0));
        assert_eq!(ImportedTable::named("imported_pages"), None);
    }
}
