//! Answers as bytes, in the shapes Matomo's renderers give them.

mod csv;
mod flat;
mod html;
mod json;
mod php;
mod rss;
mod xml;

use footfall_model::{Cell, DataTable, Name, Row};
use footfall_report::Tables;

use super::{Answer, Context, Failure, MatomoRequest, Part, Reply};

/// Lines of text.
type Lines = Vec<String>;

/// Writes an answer or a failure in the format that the request asks for.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let format = request.filled("format").unwrap_or("xml").to_ascii_lowercase();
    let shape = flat::Shape::of(request);
    match (format.as_str(), made) {
        (_, Ok(Answer::Raw(reply))) => reply,
        ("json", made) => json::reply(request, shape, made),
        ("xml", made) => xml::reply(shape, made),
        ("csv", made) => csv::reply(ctx, request, ',', made),
        ("tsv", made) => csv::reply(ctx, request, '\t', made),
        ("html", made) => html::reply(request, made),
        ("rss", made) => rss::reply(ctx, request, made),
        ("original", made) => php::reply(request, shape, made),
        (_, Err(failure)) => text("text/plain; charset=utf-8", &failure.message, failure.status),
        (unknown, Ok(_)) => text(
            "text/plain; charset=utf-8",
            &format!(
                "Renderer format '{unknown}' not valid. Try any of the following instead: console, csv, html, json, original, \
                 rss, tsv, xml."
            ),
            200,
        ),
    }
}

/// The report among an answer's parts; the parts as one row where there is none.
fn main_part(request: &MatomoRequest, parts: Vec<(Name, Part)>) -> Tables {
    let shape = flat::Shape::of(request);
    match parts.iter().find(|(_, part)| matches!(part, Part::Tables(_))) {
        Some((_, Part::Tables(tables))) => tables.clone(),
        _ => Tables::of(as_table(shape.parts(&parts))),
    }
}

/// A list, named values or one value as a table.
fn as_table(cell: Cell) -> DataTable {
    match cell {
        Cell::Table(table) => *table,
        Cell::Map(entries) if entries.iter().all(|(_, cell)| matches!(cell, Cell::Map(_))) && !entries.is_empty() => {
            as_table(Cell::List(entries.into_iter().map(|(_, cell)| cell).collect()))
        }
        Cell::Map(entries) => DataTable { rows: vec![Row { columns: entries.into(), ..Row::default() }], ..DataTable::default() },
        Cell::List(cells) => {
            let row = |cell| match cell {
                Cell::Map(columns) => Row { columns: columns.into(), ..Row::default() },
                alone => Row { columns: vec![("value".into(), alone)].into(), ..Row::default() },
            };
            DataTable { rows: cells.into_iter().map(row).collect(), ..DataTable::default() }
        }
        alone => DataTable::simple(vec![("value".into(), alone)]),
    }
}

/// An answer as named values and lists, as a reader of its JSON would have it.
pub(super) fn as_json(request: &MatomoRequest, made: Result<Answer, Failure>) -> Cell {
    let shape = flat::Shape::of(request);
    json::cell(shape, made)
}

/// Tables as separated values; a sentence where they are empty.
pub(super) fn separated(tables: &Tables, separator: char) -> String {
    csv::lines(tables, separator)
}

/// A text as one separated value.
pub(super) fn separated_value(text: &str, separator: char) -> String {
    csv::quoted(text, separator)
}

/// A value as markup.
pub(super) fn shown_in_html(cell: &Cell) -> String {
    html::shown(cell)
}

fn text(content_type: &'static str, message: &str, status: u16) -> Reply {
    Reply { status, content_type, headers: Vec::new(), body: format!("Error: {message}").into_bytes() }
}
