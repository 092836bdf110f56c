//! JSON as PHP's `json_encode` writes it: `/` and everything beyond ASCII escaped, nothing named is a list.

use footfall_model::{Cell, Value};

use super::flat::Shape;
use crate::matomo::{Answer, Failure, MatomoRequest, Reply, entities};

/// An answer or a failure as JSON, in the caller's function where one is named.
pub(super) fn reply(request: &MatomoRequest, shape: Shape, made: Result<Answer, Failure>) -> Reply {
    let mut text = String::new();
    let mut status = 200;
    match made {
        Ok(Answer::Tables(tables)) => whole(&mut text, shape, &shape.tables(&tables)),
        Ok(Answer::Data(cell)) => whole(&mut text, shape, &cell),
        Ok(Answer::Parts(parts)) => whole(&mut text, shape, &shape.parts(&parts)),
        Ok(Answer::Done | Answer::Raw(_)) => message(&mut text, "success", "ok"),
        Err(failure) => {
            status = failure.status;
            message(&mut text, "error", &failure.message.replace('\n', " "));
        }
    }
    let callback = request
        .text("callback")
        .or_else(|| request.text("jsoncallback"))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'));
    let content_type = match callback {
        Some(name) => {
            text = format!("{name}({text})");
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
fn whole(out: &mut String, shape: Shape, cell: &Cell) {
    match cell {
        Cell::Map(_) | Cell::List(_) | Cell::Table(_) => write(out, shape, cell),
        alone => {
            out.push_str("{\"value\":");
            write(out, shape, alone);
            out.push('}');
        }
    }
}

fn message(out: &mut String, result: &str, message: &str) {
    out.push_str("{\"result\":");
    quote(out, result);
    out.push_str(",\"message\":");
    quote(out, message);
    out.push('}');
}

fn write(out: &mut String, shape: Shape, cell: &Cell) {
    match cell {
        Cell::Value(Value::Null) => out.push_str("null"),
        Cell::Value(Value::Int(number)) => out.push_str(&number.to_string()),
        Cell::Value(Value::Real(number)) => real(out, *number),
        Cell::Value(Value::Text(text)) => quote(out, &entities::decode(text)),
        Cell::Bool(held) => out.push_str(if *held { "true" } else { "false" }),
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

fn real(out: &mut String, number: f64) {
    if number.is_finite() {
        out.push_str(&number.to_string());
    } else {
        out.push('0');
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(sign),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &Cell) -> String {
        let mut out = String::new();
        whole(&mut out, Shape::default(), cell);
        out
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
