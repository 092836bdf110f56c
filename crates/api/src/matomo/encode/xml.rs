//! XML in the shapes of Matomo's renderer.

use footfall_model::{Cell, DataTable, Name, Value};
use footfall_report::Tables;

use super::flat::Shape;
use crate::matomo::{Answer, Failure, Part, Reply, entities};

/// An answer or a failure as XML.
pub(super) fn reply(shape: Shape, made: Result<Answer, Failure>) -> Reply {
    let mut status = 200;
    let body = match made {
        Ok(Answer::Tables(tables)) => document(&Writer(shape).tables(&tables)),
        Ok(Answer::Data(cell)) => document(&Writer(shape).data(&cell)),
        Ok(Answer::Parts(parts)) => document(&Writer(shape).parts(&parts)),
        Ok(Answer::Done | Answer::Raw(_)) => message("success", "ok"),
        Err(failure) => {
            status = failure.status;
            message("error", &escape(&failure.message))
        }
    };
    Reply { status, content_type: "text/xml; charset=utf-8", headers: Vec::new(), body: body.into_bytes() }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n";

fn document(result: &str) -> String {
    format!("{HEAD}{result}")
}

fn message(kind: &str, text: &str) -> String {
    format!("{HEAD}<result>\n\t<{kind} message=\"{text}\" />\n</result>")
}

struct Writer(Shape);

impl Writer {
    fn tables(&self, tables: &Tables) -> String {
        match tables {
            Tables::Each { by, tables } => {
                format!("<results>\n{}</results>", self.each(by, tables, ""))
            }
            Tables::One(sheet) => self.table(&sheet.table),
        }
    }

    fn parts(&self, parts: &[(Name, Part)]) -> String {
        let mut out = String::new();
        for (name, part) in parts {
            let inner = match part {
                Part::Data(Cell::Map(entries)) if entries.is_empty() => "\n\t".to_owned(),
                Part::Data(cell @ (Cell::Map(_) | Cell::List(_))) => format!("\n{}\t", self.array(cell, "\t\t")),
                Part::Data(alone) => self.scalar(alone),
                Part::Tables(Tables::Each { by, tables }) if !tables.is_empty() => {
                    format!("\n{}\t", self.each(by, tables, "\t"))
                }
                Part::Tables(Tables::Each { .. }) => String::new(),
                Part::Tables(Tables::One(sheet)) => match self.0.table(&sheet.table) {
                    Cell::List(rows) if rows.is_empty() => String::new(),
                    Cell::List(rows) => format!("\n{}\t", self.rows(&rows, "\t")),
                    Cell::Map(entries) => format!("\n{}\t", self.simple(&entries, "\t")),
                    alone => format!("\n\t\t<value>{}</value>\n\t", self.scalar(&alone)),
                },
            };
            match inner.as_str() {
                "" => out.push_str(&format!("\t<{name} />\n")),
                inner => out.push_str(&format!("\t<{name}>{inner}</{name}>\n")),
            }
        }
        format!("<result>\n{out}</result>")
    }

    fn table(&self, table: &DataTable) -> String {
        let cell = self.0.table(table);
        match &cell {
            Cell::List(rows) if rows.is_empty() => "<result />".to_owned(),
            Cell::List(rows) => format!("<result>\n{}</result>", self.rows(rows, "")),
            Cell::Map(entries) => format!("<result>\n{}</result>", self.simple(entries, "")),
            alone => match self.scalar(alone).as_str() {
                "" => "<result />".to_owned(),
                text => format!("<result>{text}</result>"),
            },
        }
    }

    fn each(&self, by: &str, tables: &[(String, Tables)], prefix: &str) -> String {
        let mut out = String::new();
        for (key, tables) in tables {
            let inner = match tables {
                Tables::Each { by, tables } => {
                    let below = format!("{prefix}\t");
                    format!("\n{}{below}", self.each(by, tables, &below))
                }
                Tables::One(sheet) => match self.0.table(&sheet.table) {
                    Cell::List(rows) if rows.is_empty() => String::new(),
                    Cell::List(rows) => {
                        format!("\n{}{prefix}\t", self.rows(&rows, &format!("{prefix}\t")))
                    }
                    Cell::Map(entries) => {
                        format!("\n{}{prefix}\t", self.simple(&entries, &format!("{prefix}\t")))
                    }
                    // A value alone that is nothing is left out like an empty table.
                    Cell::Value(Value::Int(0)) | Cell::Bool(false) => String::new(),
                    alone => self.scalar(&alone),
                },
            };
            if inner.is_empty() {
                out.push_str(&format!("{prefix}\t<result {by}=\"{key}\" />\n"));
            } else {
                out.push_str(&format!("{prefix}\t<result {by}=\"{key}\">{inner}</result>\n"));
            }
        }
        out
    }

    /// Rows of a table.
    fn rows(&self, rows: &[Cell], prefix: &str) -> String {
        let entries: Vec<(Name, &Cell)> = rows.iter().enumerate().map(|(n, row)| (Name::Owned(n.to_string()), row)).collect();
        self.named_rows(&entries, prefix)
    }

    /// Rows that may have names of their own, such as `idgoal=1`.
    fn named_rows(&self, rows: &[(Name, &Cell)], prefix: &str) -> String {
        let odd = match rows.first() {
            Some((_, Cell::Map(entries))) => entries.iter().any(|(name, _)| !is_tag(name)),
            _ => false,
        };
        let mut out = String::new();
        for (id, row) in rows {
            let entries = match row {
                Cell::Map(entries) => entries.as_slice(),
                Cell::List(cells) if cells.len() == 1 => {
                    let value = self.scalar(&cells[0]);
                    out.push_str(&format!("{prefix}\t<row>{prefix}{value}{prefix}</row>\n"));
                    continue;
                }
                Cell::List(_) | Cell::Table(_) => continue,
                alone => {
                    match self.scalar(alone).as_str() {
                        "" => out.push_str(&format!("{prefix}\t\t<{id} />\n")),
                        text => out.push_str(&format!("{prefix}\t\t<{id}>{text}</{id}>\n")),
                    }
                    continue;
                }
            };
            match id.split_once('=') {
                Some((name, value)) => {
                    out.push_str(&format!("{prefix}\t<row {name}='{value}'>\n"));
                }
                None => out.push_str(&format!("{prefix}\t<row>\n")),
            }
            for (name, cell) in entries {
                let value = self.column(cell, prefix);
                let (start, end) = tag(name, odd);
                if value.is_empty() {
                    out.push_str(&format!("{prefix}\t\t<{start} />\n"));
                } else {
                    out.push_str(&format!("{prefix}\t\t<{start}>{value}</{end}>\n"));
                }
            }
            out.push_str(&format!("\t{prefix}</row>\n"));
        }
        out
    }

    /// A column of a row, with whatever is nested in it.
    fn column(&self, cell: &Cell, prefix: &str) -> String {
        let below = format!("{prefix}\t\t");
        let nested = match cell {
            Cell::Table(table) => match self.0.table(table) {
                Cell::List(rows) => self.rows(&rows, &below),
                Cell::Map(entries) => self.simple(&entries, &below),
                alone => self.scalar(&alone),
            },
            Cell::List(cells) if matches!(cells.first(), Some(Cell::Map(_) | Cell::List(_))) => self.rows(cells, &below),
            Cell::Map(entries) if matches!(entries.first(), Some((_, Cell::Map(_) | Cell::List(_)))) => {
                let rows: Vec<(Name, &Cell)> = entries.iter().map(|(name, cell)| (name.clone(), cell)).collect();
                self.named_rows(&rows, &below)
            }
            Cell::List(_) | Cell::Map(_) => self.array(cell, &below),
            alone => return self.scalar(alone),
        };
        format!("\n{nested}{below}")
    }

    /// Named values.
    fn simple(&self, entries: &[(Name, Cell)], prefix: &str) -> String {
        let odd = entries.iter().any(|(name, _)| !is_tag(name));
        let mut out = String::new();
        for (name, cell) in entries {
            let (start, end) = tag(name, odd);
            let nested = match cell {
                Cell::Table(table) => Some(self.0.table(table)),
                Cell::Map(_) | Cell::List(_) => Some(cell.clone()),
                _ => None,
            };
            let below = format!("{prefix}\t");
            match nested {
                Some(Cell::List(rows)) => {
                    out.push_str(&format!("{prefix}\t<{start}>\n{}{prefix}\t</{end}>\n", self.rows(&rows, &below)))
                }
                Some(Cell::Map(entries)) => {
                    out.push_str(&format!("{prefix}\t<{start}>\n{}{prefix}\t</{end}>\n", self.simple(&entries, &below)))
                }
                _ => match self.scalar(cell).as_str() {
                    "" => out.push_str(&format!("{prefix}\t<{start} />\n")),
                    text => out.push_str(&format!("{prefix}\t<{start}>{text}</{end}>\n")),
                },
            }
        }
        out
    }

    /// What is no table: a list, named values, or a value alone.
    fn data(&self, cell: &Cell) -> String {
        match cell {
            Cell::Table(table) => self.table(table),
            Cell::List(cells) if cells.is_empty() => "<result />".to_owned(),
            Cell::Map(entries) if entries.is_empty() => "<result />".to_owned(),
            Cell::Map(entries) if !entries.iter().any(|(_, cell)| is_nested(cell)) => {
                let row = Cell::List(vec![cell.clone()]);
                format!("<result>\n{}</result>", self.array(&row, "\t"))
            }
            Cell::List(_) | Cell::Map(_) => {
                format!("<result>\n{}</result>", self.array(cell, "\t"))
            }
            alone => match self.scalar(alone).as_str() {
                "" => "<result />".to_owned(),
                text => format!("<result>{text}</result>"),
            },
        }
    }

    fn array(&self, cell: &Cell, prefix: &str) -> String {
        let mut out = String::new();
        match cell {
            Cell::List(cells) => {
                for cell in cells {
                    self.entry(&mut out, cell, prefix, "<row>", "</row>", "<row/>");
                }
            }
            Cell::Map(entries) => {
                for (name, cell) in entries {
                    let (start, end, empty) = match name.split_once('=') {
                        Some((attribute, key)) => {
                            let start = format!("<row {attribute}=\"{key}\">");
                            (start.clone(), "</row>".to_owned(), start)
                        }
                        None if is_tag(name) => (format!("<{name}>"), format!("</{name}>"), format!("<{name} />")),
                        None => (format!("<row key=\"{name}\">"), "</row>".to_owned(), format!("<row key=\"{name}\"/>")),
                    };
                    self.entry(&mut out, cell, prefix, &start, &end, &empty);
                }
            }
            _ => {}
        }
        out
    }

    fn entry(&self, out: &mut String, cell: &Cell, prefix: &str, start: &str, end: &str, empty: &str) {
        match cell {
            Cell::List(_) | Cell::Map(_) => {
                let inner = self.array(cell, &format!("{prefix}\t"));
                out.push_str(&format!("{prefix}{start}\n{inner}{prefix}{end}\n"));
            }
            Cell::Table(table) if table.rows.is_empty() => {
                out.push_str(&format!("{prefix}{empty}\n"));
            }
            Cell::Table(table) => {
                let inner = match self.0.table(table) {
                    Cell::List(rows) => self.rows(&rows, prefix),
                    Cell::Map(entries) => self.simple(&entries, prefix),
                    alone => format!("{prefix}\t<value>{}</value>\n", self.scalar(&alone)),
                };
                out.push_str(&format!("{prefix}{start}\n{inner}{prefix}{end}\n"));
            }
            alone => match self.scalar(alone).as_str() {
                "" => out.push_str(&format!("{prefix}{empty}\n")),
                text => out.push_str(&format!("{prefix}{start}{text}{end}\n")),
            },
        }
    }

    fn scalar(&self, cell: &Cell) -> String {
        match cell {
            Cell::Value(Value::Null) => String::new(),
            Cell::Value(Value::Int(number)) => number.to_string(),
            Cell::Value(Value::Real(number)) => real(*number),
            Cell::Value(Value::Text(text)) => escape(text),
            Cell::Bool(true) => "1".to_owned(),
            Cell::Bool(false) => "0".to_owned(),
            Cell::List(_) | Cell::Map(_) | Cell::Table(_) => String::new(),
        }
    }
}

fn is_nested(cell: &Cell) -> bool {
    matches!(cell, Cell::List(_) | Cell::Map(_) | Cell::Table(_))
}

fn tag(name: &str, odd: bool) -> (String, &str) {
    if odd { (format!("col name=\"{}\"", escape(name)), "col") } else { (name.to_owned(), name) }
}

/// Whether the name can be an element's.
fn is_tag(name: &str) -> bool {
    let bad = |sign: char| "!\"#$%&'()*+,\\/;<=>?@[]^`{|}~".contains(sign);
    let mut signs = name.chars();
    signs.next().is_some_and(|first| !bad(first) && !"-.0123456789".contains(first)) && !signs.any(bad)
}

/// Text in XML: entities of HTML are resolved first, so that nothing is escaped twice.
pub(super) fn escape(text: &str) -> String {
    let decoded = entities::decode(text);
    let mut out = String::with_capacity(decoded.len());
    for sign in decoded.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// A real number with up to 14 significant digits, as PHP writes them.
pub(super) fn real(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return "0".to_owned();
    }
    let exponent = number.abs().log10().floor() as i32;
    if !(-5..15).contains(&exponent) {
        let text = format!("{number:.13E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let digits = trim(digits);
        let sign = if exponent.starts_with('-') { "" } else { "+" };
        let point = if digits.contains('.') { "" } else { ".0" };
        return format!("{digits}{point}E{sign}{exponent}");
    }
    let decimals = usize::try_from(13 - exponent).unwrap_or(0);
    trim(&format!("{number:.decimals$}")).to_owned()
}

fn trim(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_numbers_have_fourteen_digits() {
        assert_eq!(real(0.1 + 0.2), "0.3");
        assert_eq!(real(1.0 / 3.0), "0.33333333333333");
        assert_eq!(real(1250.5), "1250.5");
        assert_eq!(real(-2.0), "-2");
        assert_eq!(real(1e20), "1.0E+20");
        assert_eq!(real(0.0001), "0.0001");
    }

    #[test]
    fn text_is_escaped_once() {
        assert_eq!(escape("a &amp; <b>"), "a &amp; &lt;b&gt;");
        assert_eq!(escape("it's \"so\""), "it's &quot;so&quot;");
    }

    #[test]
    fn named_values_stand_in_a_row() {
        let map = Cell::Map(vec![("a".into(), Cell::from(1i64)), ("b".into(), Cell::NULL)]);
        assert_eq!(Writer(Shape::default()).data(&map), "<result>\n\t<row>\n\t\t<a>1</a>\n\t\t<b />\n\t</row>\n</result>");
    }
}
