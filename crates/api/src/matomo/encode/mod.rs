//! Answers as bytes, in the shapes Matomo's renderers give them.

mod console;
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

use self::flat::Shape;
pub(super) use self::json::json_text;

/// Lines of text.
type Lines = Vec<String>;

/// Writes an answer or a failure in the format that the request asks for.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let format = request.filled("format").unwrap_or("xml").to_ascii_lowercase();
    let shape = Shape::of(request);
    match (format.as_str(), made) {
        (_, Ok(Answer::Raw(reply))) => reply,
        ("json", made) => json::reply(request, shape, made),
        ("xml", made) => xml::reply(shape, made),
        ("csv", made) => csv::reply(ctx, request, ',', made),
        ("tsv", made) => csv::reply(ctx, request, '\t', made),
        ("html", made) => html::reply(ctx, request, made),
        ("rss", made) => rss::reply(ctx, request, made),
        ("console", made) => console::reply(request, made),
        ("original", made) => php::reply(request, shape, made),
        (_, Err(failure)) => text("text/plain; charset=utf-8", &failure.message, failure.status),
        (unknown, Ok(_)) => text(
            "text/plain; charset=utf-8",
            &format!(
                "Renderer format '{}' not valid. Try any of the following instead: console, csv, html, json, original, rss, tsv, xml.",
                xml::escape(unknown)
            ),
            200,
        ),
    }
}

/// An answer's parts as one table.
///
/// # Errors
/// When one of them is named and has values of its own: no column could hold them.
fn of_parts(request: &MatomoRequest, parts: Vec<(Name, Part)>) -> Result<Tables, Failure> {
    let nested = parts.iter().find_map(|(name, part)| match part {
        Part::Data(cell @ (Cell::Map(_) | Cell::List(_))) => Some((name, cell)),
        _ => None,
    });
    if let Some((name, cell)) = nested {
        return Err(no_table(&named(name, cell)));
    }
    match parts.iter().find(|(_, part)| matches!(part, Part::Tables(_))) {
        Some((_, Part::Tables(tables))) => Ok(tables.clone()),
        _ => as_table(Shape::of(request).parts(&parts)).map(Tables::of),
    }
}

/// A list, named values or one value as a table.
///
/// # Errors
/// When rows are named, or have columns of several values.
fn as_table(cell: Cell) -> Result<DataTable, Failure> {
    let one = |columns: Vec<(Name, Cell)>| Row { columns: columns.into(), ..Row::default() };
    let alone = |cell: Cell| one(vec![("value".into(), cell)]);
    let is_nested = |cell: &Cell| matches!(cell, Cell::Map(_) | Cell::List(_));
    let rows: Vec<(Name, Cell)> = match cell {
        Cell::Table(table) => return Ok(*table),
        Cell::Map(entries) => entries,
        Cell::List(cells) => cells.into_iter().enumerate().map(|(n, cell)| (Name::Owned(n.to_string()), cell)).collect(),
        cell => return Ok(DataTable::simple(vec![("value".into(), cell)])),
    };
    let is_numbered = rows.iter().enumerate().all(|(n, (name, _))| *name == n.to_string());
    if !rows.iter().any(|(_, cell)| is_nested(cell)) {
        let rows = match rows {
            rows if rows.is_empty() => Vec::new(),
            rows if is_numbered => rows.into_iter().map(|(_, cell)| alone(cell)).collect(),
            rows => vec![one(rows)],
        };
        return Ok(DataTable { rows, ..DataTable::default() });
    }
    let mut table = DataTable::default();
    for (name, cell) in rows {
        if is_nested(&cell) && name.parse::<i64>().is_err() {
            return Err(no_table(&named(&name, &cell)));
        }
        let columns: Vec<(Name, Cell)> = match cell {
            Cell::Map(columns) => columns,
            Cell::List(cells) => cells.into_iter().enumerate().map(|(n, cell)| (Name::Owned(n.to_string()), cell)).collect(),
            cell => vec![(name.clone(), cell)],
        };
        if let Some((column, deep)) = columns.iter().find(|(_, cell)| is_nested(cell)) {
            return Err(no_table(&format!(
                "Multidimensional column values not supported. Found unexpected array value for column '{column}' in row '{name}': \
                 '{}'.",
                beginning(deep)
            )));
        }
        table.rows.push(one(columns));
    }
    Ok(table)
}

/// What is wrong with values that have a name among rows.
fn named(name: &str, cell: &Cell) -> String {
    format!(
        "Only integer keys supported for array columns on base level. Unsupported string '{name}' found for row '{}'.",
        beginning(cell)
    )
}

/// The first 500 bytes of a value as PHP code.
fn beginning(cell: &Cell) -> String {
    let mut code = php::exported(cell);
    code.truncate(code.floor_char_boundary(500));
    code
}

fn no_table(why: &str) -> Failure {
    Failure::new(format!(
        "Data structure returned is not convertible in the requested format: {why} Try to call this method with the parameters \
         '&format=original&serialize=1'; you will get the original php data structure serialized."
    ))
}

/// An answer as named values and lists, as a reader of its JSON would have it.
pub(super) fn as_json(request: &MatomoRequest, made: Result<Answer, Failure>) -> Cell {
    let shape = Shape::of(request);
    json::cell(shape, made)
}

/// Where a column belongs that rows before did not have: at the end, but the least and the most of a timing stand behind their number.
fn place_of(name: &str, columns: &[String]) -> usize {
    let behind = |known: &str| columns.iter().position(|column| column == known).map(|at| at + 1);
    let timing = name.split_once("_time_").filter(|(kind, _)| matches!(*kind, "min" | "max")).map(|(_, timing)| timing);
    let place = timing.and_then(|timing| {
        let least = behind(&format!("min_time_{timing}")).filter(|_| name.starts_with("max_"));
        least.or_else(|| behind(&format!("nb_hits_with_time_{timing}")))
    });
    place.unwrap_or(columns.len())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timings_stand_together() {
        let mut columns: Vec<String> = ["label", "nb_hits_with_time_server", "exit_rate"].map(str::to_owned).to_vec();
        for name in ["min_time_server", "max_time_server", "nb_visits", "min_time_network"] {
            columns.insert(place_of(name, &columns), name.to_owned());
        }
        let wanted = [
            "label",
            "nb_hits_with_time_server",
            "min_time_server",
            "max_time_server",
            "exit_rate",
            "nb_visits",
            "min_time_network",
        ];
        assert_eq!(columns, wanted);
    }

    #[test]
    fn rows_without_names_are_a_table() {
        let row = |cell: Cell| Cell::Map(vec![("a".into(), cell)]);
        let table = as_table(Cell::List(vec![row(Cell::from(1i64)), row(Cell::NULL)])).unwrap();
        assert_eq!(table.rows.len(), 2);
        let values = as_table(Cell::List(vec![Cell::from(1i64), Cell::from(2i64)])).unwrap();
        assert_eq!(values.rows[1].number("value"), Some(2.0));
        let deep = as_table(Cell::List(vec![row(row(Cell::NULL))])).unwrap_err().message;
        assert!(deep.contains("Found unexpected array value for column 'a' in row '0': 'array (\n  'a' => NULL,\n)'."), "{deep}");
        let named = as_table(Cell::Map(vec![("x".into(), row(Cell::NULL))])).unwrap_err().message;
        assert!(named.contains("Unsupported string 'x' found for row 'array (\n  'a' => NULL,\n)'."), "{named}");
    }
}
