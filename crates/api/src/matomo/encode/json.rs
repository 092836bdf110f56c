//! JSON as PHP's `json_encode` writes it: `/` and everything beyond ASCII escaped, nothing named is a list.

use std::{
    borrow::{Borrow, Cow},
    fmt::Write,
};

use footfall_model::{Cell, DataTable, Row, Value};
use footfall_report::{Tables, parts};

use super::flat::Shape;
use crate::matomo::{Answer, Failure, MatomoRequest, Reply, entities};

/// An answer or a failure as JSON, in the caller's function where one is named.
pub(super) fn reply(request: &MatomoRequest, shape: Shape, made: Result<Answer, Failure>) -> Reply {
    let callback = request
        .text("callback")
        .or_else(|| request.text("jsoncallback"))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'));
    let mut text = Pieces::default();
    if let Some(name) = callback {
        text.push_str(name);
        text.push('(');
    }
    let mut status = 200;
    match made {
        Ok(Answer::Tables(Tables::One(sheet))) if !sheet.table.is_simple => table(&mut text, shape, sheet.table),
        Ok(Answer::Tables(Tables::One(sheet))) => whole(&mut text, shape, &shape.table(&sheet.table)),
        Ok(Answer::Tables(tables)) => each(&mut text, shape, tables),
        Ok(Answer::Data(cell)) => whole(&mut text, shape, &cell),
        Ok(Answer::Parts(parts)) => whole(&mut text, shape, &shape.parts(&parts)),
        Ok(Answer::Done | Answer::Raw(_)) => message(&mut text, "success", "ok"),
        Err(failure) => {
            status = failure.status;
            message(&mut text, "error", &failure.message.replace('\n', " "));
        }
    }
    let content_type = match callback {
        Some(_) => {
            text.push(')');
            "application/javascript; charset=utf-8"
        }
        None => "application/json; charset=utf-8",
    };
    Reply { status, content_type, headers: Vec::new(), body: text.into_bytes() }
}

/// An answer or a failure as a reader of its JSON would have it.
pub(super) fn cell(shape: Shape, made: Result<Answer, Failure>) -> Cell {
    let message =
        |result: &str, text: &str| Cell::Map(vec![("result".into(), Cell::text(result)), ("message".into(), Cell::text(text))]);
    let cell = match made {
        Ok(Answer::Tables(tables)) => shape.tables(&tables),
        Ok(Answer::Data(cell)) => cell,
        Ok(Answer::Parts(parts)) => shape.parts(&parts),
        Ok(Answer::Done | Answer::Raw(_)) => message("success", "ok"),
        Err(failure) => message("error", &failure.message.replace('\n', " ")),
    };
    match read(shape, cell) {
        alone @ (Cell::Value(_) | Cell::Bool(_)) => Cell::Map(vec![("value".into(), alone)]),
        other => other,
    }
}

fn read(shape: Shape, cell: Cell) -> Cell {
    match cell {
        Cell::Value(Value::Text(text)) => Cell::text(&entities::decode(&text)),
        Cell::Table(table) => read(shape, shape.table(&table)),
        Cell::List(cells) => Cell::List(cells.into_iter().map(|cell| read(shape, cell)).collect()),
        Cell::Map(entries) if entries.is_empty() => Cell::List(Vec::new()),
        Cell::Map(entries) => Cell::Map(entries.into_iter().map(|(name, cell)| (name, read(shape, cell))).collect()),
        plain => plain,
    }
}

/// What is no list and has no names stands under `value`.
fn whole(out: &mut Pieces, shape: Shape, cell: &Cell) {
    match cell {
        Cell::Map(_) | Cell::List(_) | Cell::Table(_) => write(out, shape, cell),
        alone => {
            out.push_str("{\"value\":");
            write(out, shape, alone);
            out.push('}');
        }
    }
}

fn message(out: &mut Pieces, result: &str, message: &str) {
    out.push_str("{\"result\":");
    quote(out, result);
    out.push_str(",\"message\":");
    quote(out, message);
    out.push('}');
}

/// Tables by their keys.
fn each(out: &mut Pieces, shape: Shape, tables: Tables) {
    match tables {
        Tables::One(sheet) if !sheet.table.is_simple => rows(out, shape, sheet.table.rows.into_iter()),
        Tables::One(sheet) => write(out, shape, &shape.table(&sheet.table)),
        Tables::Each { tables, .. } if tables.is_empty() => out.push_str("[]"),
        Tables::Each { tables, .. } => {
            for (n, (key, tables)) in tables.into_iter().enumerate() {
                out.push(if n == 0 { '{' } else { ',' });
                quote(out, &key);
                out.push(':');
                each(out, shape, tables);
            }
            out.push('}');
        }
    }
}

/// A table that may be very long.
fn table(out: &mut Pieces, shape: Shape, table: DataTable) {
    let parts = parts::of_parts(table.rows, |part| {
        let mut text = Pieces::default();
        listed(&mut text, shape, part.into_iter());
        text
    });
    out.push('[');
    for (n, part) in parts.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.append(part);
    }
    out.push(']');
}

/// Rows as they come: a row that is handed over goes when it is written, since reports may have very many.
fn rows(out: &mut Pieces, shape: Shape, rows: impl Iterator<Item = impl Borrow<Row>>) {
    out.push('[');
    listed(out, shape, rows);
    out.push(']');
}

/// Rows with a comma between them.
fn listed(out: &mut Pieces, shape: Shape, rows: impl Iterator<Item = impl Borrow<Row>>) {
    for (n, held) in rows.enumerate() {
        if n > 0 {
            out.push(',');
        }
        row(out, shape, held.borrow());
        out.put_aside();
    }
}

/// A row as [`Shape::row`] has it.
fn row(out: &mut Pieces, shape: Shape, row: &Row) {
    let more = shape.beside(row).map(|(name, cell)| (name.as_ref(), Cow::Borrowed(cell)));
    let columns = row.columns.iter().map(|(name, cell)| (name.as_ref(), Cow::Borrowed(cell)));
    let mut is_empty = true;
    for (name, cell) in columns.chain(more).chain(shape.number(row).map(|(name, id)| (name, Cow::Owned(id)))) {
        out.push(if is_empty { '{' } else { ',' });
        is_empty = false;
        quote(out, name);
        out.push(':');
        write(out, shape, &cell);
    }
    if let Some(below) = shape.below(row) {
        out.push_str(if is_empty { "{\"subtable\":" } else { ",\"subtable\":" });
        is_empty = false;
        rows(out, shape, below.rows.iter());
    }
    out.push_str(if is_empty { "[]" } else { "}" });
}

fn write(out: &mut Pieces, shape: Shape, cell: &Cell) {
    match cell {
        Cell::Value(Value::Null) => out.push_str("null"),
        Cell::Value(Value::Int(number)) => shown(out, number),
        Cell::Value(Value::Real(number)) => real(out, *number),
        Cell::Value(Value::Text(text)) => quote(out, &entities::decode(text)),
        Cell::Bool(held) => out.push_str(if *held { "true" } else { "false" }),
        Cell::Table(table) if !table.is_simple => rows(out, shape, table.rows.iter()),
        Cell::Table(table) => write(out, shape, &shape.table(table)),
        Cell::List(cells) => {
            out.push('[');
            for (n, cell) in cells.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(out, shape, cell);
            }
            out.push(']');
        }
        Cell::Map(entries) if entries.is_empty() => out.push_str("[]"),
        Cell::Map(entries) => {
            out.push('{');
            for (n, (name, cell)) in entries.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                quote(out, name);
                out.push(':');
                write(out, shape, cell);
            }
            out.push('}');
        }
    }
}

fn real(out: &mut Pieces, number: f64) {
    if number.is_finite() {
        shown(out, number);
    } else {
        out.push('0');
    }
}

fn shown(out: &mut Pieces, number: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(out.text, "{number}");
}

/// A text as JSON writes it for PHP: in quotes, all but ASCII and slashes escaped.
pub(in crate::matomo) fn json_text(text: &str) -> String {
    let mut out = Pieces::default();
    quote(&mut out, text);
    String::from_utf8(out.into_bytes()).unwrap_or_default()
}

fn quote(out: &mut Pieces, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\' | b'/')) {
        let (plain, others) = rest.split_at(at);
        out.push_str(plain);
        let mut signs = others.chars();
        match signs.next().unwrap_or_default() {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    shown(out, format_args!("\\u{unit:04x}"));
                }
            }
        }
        rest = signs.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Text that may become very long: what is written is put aside piece by piece and not moved while more is written.
#[derive(Default)]
struct Pieces {
    full: Vec<String>,
    text: String,
}

impl Pieces {
    /// Puts aside what is written once it is long.
    fn put_aside(&mut self) {
        const LONG: usize = 1 << 20;
        if self.text.len() >= LONG {
            let next = String::with_capacity(self.text.capacity());
            self.full.push(std::mem::replace(&mut self.text, next));
        }
    }

    /// Adds other text behind this.
    fn append(&mut self, other: Pieces) {
        self.full.push(std::mem::replace(&mut self.text, other.text));
        self.full.extend(other.full);
    }

    fn push(&mut self, sign: char) {
        self.text.push(sign);
    }

    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Everything that was written.
    fn into_bytes(self) -> Vec<u8> {
        if self.full.is_empty() {
            return self.text.into_bytes();
        }
        let length: usize = self.full.iter().map(String::len).sum();
        let mut whole = Vec::with_capacity(length + self.text.len());
        for piece in self.full.into_iter().chain([self.text]) {
            whole.extend_from_slice(piece.as_bytes());
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &Cell) -> String {
        text(|out| whole(out, Shape::default(), cell))
    }

    fn text(written: impl FnOnce(&mut Pieces)) -> String {
        let mut out = Pieces::default();
        written(&mut out);
        String::from_utf8(out.into_bytes()).unwrap()
    }

    #[test]
    fn rows_are_written_as_they_lie_flat() {
        let mut below = Row::labelled("b");
        below.set_metadata("url", Cell::text("x"));
        let mut top = Row::labelled("a/é");
        top.set("nb_visits", 2i64);
        top.set_metadata("nb_visits", 3i64);
        top.set_metadata("logo", Cell::NULL);
        top.subtable_id = Some(7);
        top.subtable = Some(Box::new(DataTable { rows: vec![below, Row::default()], ..DataTable::default() }));
        let bare = Row { subtable: top.subtable.clone(), ..Row::default() };
        let table = DataTable { rows: vec![top, Row::default(), bare], ..DataTable::default() };
        for (expanded, hides_ids) in [(false, false), (true, false), (false, true), (true, true)] {
            let shape = Shape { expanded, hides_ids };
            let flat = text(|out| write(out, shape, &Cell::List(shape.rows(&table))));
            assert_eq!(text(|out| rows(out, shape, table.rows.clone().into_iter())), flat);
            assert_eq!(text(|out| super::table(out, shape, table.clone())), flat);
        }
        assert_eq!(
            written(&Cell::Table(Box::new(table))),
            r#"[{"label":"a\/\u00e9","nb_visits":2,"logo":null,"idsubdatatable":7},[],[]]"#
        );
    }

    #[test]
    fn very_long_tables_are_one_list() {
        let row = |number: i64| Row::labelled(Value::Int(number));
        let long = DataTable { rows: (0..200_000).map(row).collect(), ..DataTable::default() };
        let each: Vec<String> = (0..200_000).map(|number| format!("{{\"label\":{number}}}")).collect();
        let flat = format!("[{}]", each.join(","));
        let below = Row { subtable: Some(Box::new(long.clone())), ..Row::default() };
        let shape = Shape { expanded: true, hides_ids: false };
        assert!(text(|out| table(out, shape, long)) == flat);
        let deep = DataTable { rows: vec![below], ..DataTable::default() };
        assert!(text(|out| table(out, shape, deep)) == format!("[{{\"subtable\":{flat}}}]"));
        assert_eq!(text(|out| table(out, shape, DataTable::default())), "[]");
    }

    #[test]
    fn values_are_written_as_php_writes_them() {
        assert_eq!(written(&Cell::from(5i64)), "{\"value\":5}");
        assert_eq!(written(&Cell::Map(Vec::new())), "[]");
        let map = Cell::Map(vec![
            ("a/b".into(), Cell::text("é\u{1f600}\"")),
            ("b".into(), Cell::from(0.5)),
            ("c".into(), Cell::Bool(false)),
            ("d".into(), Cell::NULL),
        ]);
        assert_eq!(written(&map), "{\"a\\/b\":\"\\u00e9\\ud83d\\ude00\\\"\",\"b\":0.5,\"c\":false,\"d\":null}");
    }
}
