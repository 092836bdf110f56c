//! `format=original`: a value alone as text; anything else, or everything where `serialize=1` asks for it, as PHP writes its own
//! values down (`serialize()`), rows and named values as arrays.

use footfall_model::{Cell, Value};

use super::flat::Shape;
use crate::matomo::{Answer, Failure, MatomoRequest, Reply, entities};

/// An answer or a failure in PHP's own form.
pub(super) fn reply(request: &MatomoRequest, shape: Shape, made: Result<Answer, Failure>) -> Reply {
    let serializes = request.flag("serialize");
    let cell = match made {
        Err(failure) if !serializes => return super::text("text/plain; charset=utf-8", &failure.message, failure.status),
        Err(failure) => {
            let entries = [("result", "error"), ("message", failure.message.as_str())];
            let entries = entries.into_iter().map(|(name, text)| (name.into(), Cell::text(text)));
            return plain(failure.status, serialized(shape, &Cell::Map(entries.collect())));
        }
        Ok(Answer::Tables(tables)) => shape.tables(&tables),
        Ok(Answer::Data(cell)) => cell,
        Ok(Answer::Parts(parts)) => shape.parts(&parts),
        Ok(Answer::Done | Answer::Raw(_)) => Cell::Bool(true),
    };
    let text = match &cell {
        Cell::Value(_) | Cell::Bool(_) if !serializes => alone(&cell),
        other => serialized(shape, other),
    };
    plain(200, text)
}

fn plain(status: u16, text: String) -> Reply {
    Reply { status, content_type: "text/plain; charset=utf-8", headers: Vec::new(), body: text.into_bytes() }
}

/// A value as PHP prints it.
fn alone(cell: &Cell) -> String {
    match cell {
        Cell::Value(Value::Text(text)) => entities::decode(text).into_owned(),
        Cell::Bool(true) => "1".to_owned(),
        Cell::Bool(false) => String::new(),
        other => super::csv::plain(other),
    }
}

fn serialized(shape: Shape, cell: &Cell) -> String {
    let mut out = String::new();
    write(&mut out, shape, cell);
    out
}

fn write(out: &mut String, shape: Shape, cell: &Cell) {
    match cell {
        Cell::Value(Value::Int(number)) => out.push_str(&format!("i:{number};")),
        Cell::Value(Value::Real(number)) if number.is_finite() => out.push_str(&format!("d:{number};")),
        Cell::Value(Value::Text(given)) => text(out, &entities::decode(given)),
        Cell::Value(_) => out.push_str("N;"),
        Cell::Bool(held) => out.push_str(&format!("b:{};", i32::from(*held))),
        Cell::Table(table) => write(out, shape, &shape.table(table)),
        Cell::List(cells) => {
            out.push_str(&format!("a:{}:{{", cells.len()));
            for (n, cell) in cells.iter().enumerate() {
                out.push_str(&format!("i:{n};"));
                write(out, shape, cell);
            }
            out.push('}');
        }
        Cell::Map(entries) => {
            out.push_str(&format!("a:{}:{{", entries.len()));
            for (name, cell) in entries {
                // What looks like a whole number is one among PHP's keys.
                match name.parse::<i64>() {
                    Ok(number) if number.to_string() == *name => out.push_str(&format!("i:{number};")),
                    _ => text(out, name),
                }
                write(out, shape, cell);
            }
            out.push('}');
        }
    }
}

fn text(out: &mut String, text: &str) {
    out.push_str(&format!("s:{}:\"{text}\";", text.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(serialize: &str, made: Result<Answer, Failure>) -> String {
        let reply = reply(&MatomoRequest::of(&[("serialize", serialize)]), Shape::default(), made);
        String::from_utf8(reply.body).unwrap()
    }

    #[test]
    fn values_alone_are_text_and_others_are_as_php_keeps_them() {
        assert_eq!(written("0", Ok(Answer::value(Cell::text("a &amp; b")))), "a & b");
        assert_eq!(written("1", Ok(Answer::value(5i64))), "i:5;");
        let map = Cell::Map(vec![
            ("é".into(), Cell::from(0.5)),
            ("7".into(), Cell::List(vec![Cell::Bool(true), Cell::NULL, Cell::from(-3i64)])),
        ]);
        let php = "a:2:{s:2:\"é\";d:0.5;i:7;a:3:{i:0;b:1;i:1;N;i:2;i:-3;}}";
        assert_eq!(written("0", Ok(Answer::Data(map))), php);
        let failed = written("1", Err(Failure::new("no")));
        assert_eq!(failed, "a:2:{s:6:\"result\";s:5:\"error\";s:7:\"message\";s:2:\"no\";}");
        assert_eq!(written("0", Err(Failure::new("no"))), "Error: no");
    }
}
