//! `format=original`: what PHP prints of its own values: a table as HTML, named values and lists as PHP code, a value alone as
//! text. With `serialize=1` everything as PHP writes its values down (`serialize()`), rows and named values as arrays.

use footfall_model::{Cell, Value};

use super::{flat::Shape, html};
use crate::matomo::{Answer, Failure, MatomoRequest, Reply, entities};

/// An answer or a failure in PHP's own form.
pub(super) fn reply(request: &MatomoRequest, shape: Shape, made: Result<Answer, Failure>) -> Reply {
    let serializes = request.flag("serialize");
    let cell = match made {
        Err(failure) if !serializes => return refused(failure),
        Err(failure) => {
            let entries = [("result", "error"), ("message", failure.message.as_str())];
            let entries = entries.into_iter().map(|(name, text)| (name.into(), Cell::text(text)));
            return plain(failure.status, serialized(shape, &Cell::Map(entries.collect())));
        }
        Ok(Answer::Tables(tables)) if !serializes => {
            return match html::bare(&tables) {
                Ok(text) => Reply { content_type: "text/html; charset=utf-8", ..plain(200, text) },
                Err(failure) => refused(failure),
            };
        }
        Ok(Answer::Tables(tables)) => shape.tables(&tables),
        Ok(Answer::Data(cell)) => cell,
        Ok(Answer::Parts(parts)) => return plain(200, serialized(shape, &shape.parts(&parts))),
        Ok(Answer::Done | Answer::Raw(_)) => Cell::Bool(true),
    };
    let text = match &cell {
        Cell::Value(_) | Cell::Bool(_) if !serializes => alone(&cell),
        other if !serializes => exported(other),
        other => serialized(shape, other),
    };
    plain(200, text)
}

/// A failure is its message alone.
fn refused(failure: Failure) -> Reply {
    plain(failure.status, failure.message)
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

/// A value as PHP code (`var_export()`).
pub(super) fn exported(cell: &Cell) -> String {
    let mut out = String::new();
    export(&mut out, cell, 0);
    out
}

fn export(out: &mut String, cell: &Cell, depth: usize) {
    let mut array = |entries: &mut dyn Iterator<Item = (String, &Cell)>| {
        let indent = "  ".repeat(depth);
        out.push_str("array (\n");
        for (key, cell) in entries {
            out.push_str(&format!("{indent}  {key} => "));
            if matches!(cell, Cell::Map(_) | Cell::List(_)) {
                out.push_str(&format!("\n{indent}  "));
            }
            export(out, cell, depth + 1);
            out.push_str(",\n");
        }
        out.push_str(&format!("{indent})"));
    };
    match cell {
        Cell::Map(entries) => array(&mut entries.iter().map(|(name, cell)| match whole(name) {
            Some(number) => (number.to_string(), cell),
            None => (quoted(name), cell),
        })),
        Cell::List(cells) => array(&mut cells.iter().enumerate().map(|(n, cell)| (n.to_string(), cell))),
        Cell::Value(Value::Int(number)) => out.push_str(&number.to_string()),
        Cell::Value(Value::Real(number)) if number.is_finite() => out.push_str(&format!("{number:?}")),
        Cell::Value(Value::Text(text)) => out.push_str(&quoted(&entities::decode(text))),
        Cell::Bool(held) => out.push_str(if *held { "true" } else { "false" }),
        Cell::Value(_) | Cell::Table(_) => out.push_str("NULL"),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// What looks like a whole number is one among PHP's keys.
fn whole(name: &str) -> Option<i64> {
    name.parse::<i64>().ok().filter(|number| number.to_string() == name)
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
                match whole(name) {
                    Some(number) => out.push_str(&format!("i:{number};")),
                    None => text(out, name),
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
        assert_eq!(written("1", Ok(Answer::Data(map.clone()))), php);
        let code = "array (\n  'é' => 0.5,\n  7 => \n  array (\n    0 => true,\n    1 => NULL,\n    2 => -3,\n  ),\n)";
        assert_eq!(written("0", Ok(Answer::Data(map))), code);
        assert_eq!(exported(&Cell::text("it's \\")), "'it\\'s \\\\'");
        let table =
            Answer::table(footfall_model::DataTable { rows: vec![footfall_model::Row::labelled("a")], ..Default::default() });
        let html = "<table border=\"1\">\n<thead>\n\t<tr>\n\t\t<th>label</th>\n\t</tr>\n</thead>\n<tbody>\n\t<tr>\n\t\t<td>a</td>\n\t</tr>\n\
                    </tbody>\n</table>\n";
        assert_eq!(written("0", Ok(table)), html);
        let failed = written("1", Err(Failure::new("no")));
        assert_eq!(failed, "a:2:{s:6:\"result\";s:5:\"error\";s:7:\"message\";s:2:\"no\";}");
        assert_eq!(written("0", Err(Failure::new("no"))), "no");
    }
}
