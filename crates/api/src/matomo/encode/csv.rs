//! CSV and TSV: a line a row, metadata behind the columns, UTF-16 with a mark unless asked otherwise.

use footfall_model::{Cell, DataTable, Name, Value};
use footfall_report::{Tables, is_several, reports};

use super::{Lines, xml};
use crate::matomo::{Answer, Context, Failure, MatomoRequest, Reply, calendar::Calendar, entities, metadata, scope};

/// An answer or a failure as separated values.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, separator: char, made: Result<Answer, Failure>) -> Reply {
    let made = made.and_then(|answer| match answer {
        Answer::Parts(parts) => super::of_parts(request, parts).map(Answer::Tables),
        Answer::Data(cell) => super::as_table(cell).map(|table| Answer::Tables(Tables::of(table))),
        answer => Ok(answer),
    });
    let text = match made {
        // Browsers show this as a page, and it repeats what was asked.
        Err(failure) => return super::text("text/html; charset=utf-8", &xml::escape(&failure.message), failure.status),
        Ok(Answer::Tables(tables)) => Writer::of(ctx, request, separator).tables(&tables),
        Ok(_) => {
            let text = format!("message{}ok", if separator == '\t' { '\t' } else { '\n' });
            return self::file(ctx, request, text.into_bytes());
        }
    };
    let text = if text.is_empty() { "No data available".to_owned() } else { text };
    let body = if request.int("convertToUnicode").unwrap_or(1) != 0 && text != "No data available" {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    } else {
        text.into_bytes()
    };
    file(ctx, request, body)
}

fn file(ctx: &Context, request: &MatomoRequest, body: Vec<u8>) -> Reply {
    let name: String = form_urlencoded::byte_serialize(file_name(ctx, request).as_bytes()).collect();
    let disposition = format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20"));
    let headers = vec![("content-disposition", disposition)];
    Reply { status: 200, content_type: "application/vnd.ms-excel", headers, body }
}

/// What a browser should call the file: the report and its days.
fn file_name(ctx: &Context, request: &MatomoRequest) -> String {
    let (module, action) = request.text("method").and_then(|method| method.split_once('.')).unwrap_or_default();
    let title = reports::find(module, action).map_or("", |report| report.title);
    let (period, date) = (request.text("period").unwrap_or_default(), request.text("date").unwrap_or_default());
    let period = if is_several(date) { "range" } else { period };
    let days = match footfall_report::Periods::parse(period, date, scope::today(ctx, None)) {
        Ok(periods) => periods.all().first().map_or_else(String::new, |period| Calendar::of(ctx, request).long(*period)),
        Err(_) => String::new(),
    };
    format!("Export _ {title} _ {days}.csv")
}

struct Writer {
    separator: char,
    /// What the columns are called.
    names: metadata::Names,
    /// Every column seen so far, in the order they were first seen.
    columns: Vec<String>,
    /// Columns of values that have no place in a line.
    nested: Vec<String>,
}

impl Writer {
    fn new(request: &MatomoRequest, separator: char) -> Writer {
        Writer { separator, names: metadata::Names::in_english(request), columns: Vec::new(), nested: Vec::new() }
    }

    fn of(ctx: &Context, request: &MatomoRequest, separator: char) -> Writer {
        Writer { names: metadata::Names::of(ctx, request), ..Writer::new(request, separator) }
    }

    fn tables(&mut self, tables: &Tables) -> String {
        let mut lines = self.lines(tables);
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// The lines of tables, the first being the header.
    fn lines(&mut self, tables: &Tables) -> Lines {
        match tables {
            Tables::One(sheet) => self.table(&sheet.table),
            Tables::Each { by, tables } => {
                let mut body = Vec::new();
                for (key, tables) in tables {
                    let key = self.value(key);
                    for line in self.lines(tables).into_iter().skip(1) {
                        body.push(format!("{key}{}{line}", self.separator));
                    }
                }
                self.columns.retain(|column| column != by);
                self.columns.insert(0, (*by).to_owned());
                body.insert(0, self.header());
                body
            }
        }
    }

    fn table(&mut self, table: &DataTable) -> Lines {
        if let (true, Some(row)) = (table.is_simple, table.rows.first())
            && row.columns.len() == 1
            && let Some((_, cell)) = row.columns.iter().next()
        {
            if !self.columns.iter().any(|known| known == "value") {
                self.columns.push("value".to_owned());
            }
            return vec!["value".to_owned(), self.value(&plain(cell))];
        }
        let mut rows = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let mut cells = Vec::new();
            self.flatten(row.columns.iter(), &|name| name.to_owned(), &mut cells);
            for (name, cell) in &row.metadata {
                let name = if self.names.are_asked_for() {
                    format!("{}: {name}", self.names.word("Metadata"))
                } else {
                    format!("metadata_{name}")
                };
                match cell {
                    Cell::Value(_) | Cell::Bool(_) => cells.push((name, plain(cell))),
                    _ => self.nested.push(name),
                }
            }
            for (name, _) in &cells {
                if !self.columns.contains(name) {
                    self.columns.insert(super::place_of(name, &self.columns), name.clone());
                }
            }
            rows.push(cells);
        }
        self.columns.retain(|column| !self.nested.contains(column));
        let mut lines = vec![self.header()];
        for cells in rows {
            let values: Vec<String> = self
                .columns
                .iter()
                .map(|column| {
                    cells.iter().find(|(name, _)| name == column).map_or_else(String::new, |(_, text)| self.value(text))
                })
                .collect();
            lines.push(values.join(&self.separator.to_string()));
        }
        lines
    }

    fn flatten<'a>(
        &self,
        columns: impl Iterator<Item = (&'a Name, &'a Cell)>,
        named: &dyn Fn(&str) -> String,
        into: &mut Vec<(String, String)>,
    ) {
        for (name, cell) in columns {
            let full = named(&self.names.shown(name));
            match cell {
                Cell::Map(entries) if self.names.are_asked_for() && matches!(entries.first(), Some((_, Cell::Map(_)))) => {
                    for (key, inner) in entries {
                        let of = if name == "goals" { format!("Goal {key}") } else { format!("{name} {key}") };
                        if let Cell::Map(inner) = inner {
                            self.map(inner, &|name| format!("{name} ({of})"), into);
                        }
                    }
                }
                Cell::Map(entries) => self.map(entries, &|name| format!("{full}_{name}"), into),
                Cell::Value(_) | Cell::Bool(_) => into.push((full, plain(cell))),
                Cell::List(cells) => {
                    let numbered: Vec<(Name, Cell)> =
                        cells.iter().enumerate().map(|(at, cell)| (at.to_string().into(), cell.clone())).collect();
                    if self.names.are_asked_for() && matches!(cells.first(), Some(Cell::Map(_))) {
                        for (at, cell) in &numbered {
                            if let Cell::Map(inner) = cell {
                                self.map(inner, &|inner| format!("{inner} ({name} {at})"), into);
                            }
                        }
                    } else {
                        self.map(&numbered, &|at| format!("{full}_{at}"), into);
                    }
                }
                Cell::Table(_) => {}
            }
        }
    }

    fn map(&self, entries: &[(Name, Cell)], named: &dyn Fn(&str) -> String, into: &mut Vec<(String, String)>) {
        let mut entries = entries.iter().map(|(name, cell)| (name, cell));
        self.flatten(&mut entries as &mut dyn Iterator<Item = (&Name, &Cell)>, named, into);
    }

    fn header(&self) -> String {
        let names = self.columns.iter().map(|name| self.value(&self.names.shown(name)));
        names.collect::<Vec<String>>().join(&self.separator.to_string())
    }

    /// A value in its place: what a spreadsheet would take for a formula is marked as text.
    fn value(&self, text: &str) -> String {
        let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
        let mut text = if is_number(text) { text.to_owned() } else { entities::decode(text).into_owned() };
        let bare = text.trim_start_matches('\0').replacen('%', "", 1);
        if bare.starts_with(['=', '+', '-', '@']) && !is_number(&bare) {
            text.insert(0, '\'');
        }
        text = text.replace('\t', " ");
        if text.contains(['"', ',', ';']) || text.contains(self.separator) {
            text = format!("\"{}\"", text.replace('"', "\"\""));
        }
        text
    }
}

/// Tables as separated values; a sentence where they are empty.
pub(super) fn lines(tables: &Tables, separator: char) -> String {
    let text = Writer::new(&MatomoRequest::default(), separator).tables(tables);
    if text.is_empty() { "No data available".to_owned() } else { text }
}

/// A text as one value.
pub(super) fn quoted(text: &str, separator: char) -> String {
    Writer::new(&MatomoRequest::default(), separator).value(text)
}

/// A plain value as text; nothing where there is none.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Value(Value::Text(text)) => text.to_string(),
        Cell::Value(Value::Int(number)) => number.to_string(),
        Cell::Value(Value::Real(number)) => xml::real(*number),
        Cell::Bool(held) => i32::from(*held).to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::Row;

    use super::*;

    fn row(label: &str, visits: i64) -> Row {
        let mut row = Row::labelled(label);
        row.set("nb_visits", visits);
        row.set_metadata("url", Value::text("a,b"));
        row
    }

    fn written(tables: &Tables, translates: bool) -> String {
        let mut request = MatomoRequest::default();
        request.set("translateColumnNames", if translates { "1" } else { "0" });
        Writer::new(&request, ',').tables(tables)
    }

    #[test]
    fn real_numbers_have_fourteen_digits() {
        assert_eq!(plain(&Cell::Value(Value::Real(8.999_899_999_999_998))), "8.9999");
        assert_eq!(plain(&Cell::Value(Value::Real(0.25))), "0.25");
    }

    #[test]
    fn tables_are_lines_below_one_header() {
        let table = DataTable { rows: vec![row("=1+1", 2), row("a \"b\"", 3)], ..DataTable::default() };
        let one = Tables::of(table);
        assert_eq!(written(&one, false), "label,nb_visits,metadata_url\n'=1+1,2,\"a,b\"\n\"a \"\"b\"\"\",3,\"a,b\"");
        assert_eq!(written(&one, true).lines().next(), Some("Label,Visits,Metadata: url"));
        let each = Tables::Each {
            by: "date",
            tables: vec![("2026-01-01".to_owned(), one), ("2026-01-02".to_owned(), Tables::of(DataTable::default()))],
        };
        assert_eq!(written(&each, false).lines().nth(1), Some("2026-01-01,'=1+1,2,\"a,b\""));
        assert_eq!(written(&each, false).lines().count(), 3);
    }
}
