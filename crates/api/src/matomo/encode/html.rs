//! HTML: one table, a line a row, metadata in a column of its own.

use footfall_model::Cell;
use footfall_report::Tables;

use super::csv::plain;
use crate::matomo::{Answer, Failure, MatomoRequest, Reply, column_names, process};

/// An answer or a failure as HTML.
pub(super) fn reply(request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let tables = match made {
        Err(failure) => {
            let message = failure.message.replace('\n', "<br />\n");
            let mut reply = super::text("text/plain; charset=utf-8", "", failure.status);
            reply.body = message.into_bytes();
            return reply;
        }
        Ok(Answer::Done | Answer::Raw(_)) => return html("<!-- Success: ok -->".to_owned()),
        Ok(Answer::Tables(tables)) => tables,
        Ok(Answer::Parts(parts)) => super::main_part(request, parts),
        Ok(Answer::Data(cell)) => Tables::of(super::as_table(cell)),
    };
    let mut page = Page { columns: Vec::new(), rows: Vec::new() };
    page.tables(&tables, None);
    let id = request.text("method").unwrap_or_default().replace('.', "_");
    html(page.write(&process::decode::escape(&id), request.flag("translateColumnNames")))
}

fn html(text: String) -> Reply {
    Reply { status: 200, content_type: "text/html; charset=utf-8", headers: Vec::new(), body: text.into_bytes() }
}

struct Page {
    columns: Vec<String>,
    rows: Vec<Vec<(String, String)>>,
}

impl Page {
    fn tables(&mut self, tables: &Tables, key: Option<(&str, &str)>) {
        let sheet = match tables {
            Tables::Each { by, tables } => {
                for (key, tables) in tables {
                    self.tables(tables, Some((by, key)));
                }
                return;
            }
            Tables::One(sheet) => sheet,
        };
        for row in &sheet.table.rows {
            let mut cells = Vec::new();
            if let Some((by, key)) = key {
                cells.push((format!("_{by}"), key.to_owned()));
            }
            for (name, cell) in &row.columns {
                cells.push((name.to_string(), shown(cell)));
            }
            let metadata: Vec<String> = row
                .metadata
                .iter()
                .map(|(name, cell)| match cell.as_str() {
                    Some(text) => format!("'{name}' => '{}'", process::decode::escape(text)),
                    None => format!("'{name}' => {}", shown(cell)),
                })
                .collect();
            if !metadata.is_empty() {
                cells.push(("_metadata".to_owned(), metadata.join("<br />")));
            }
            if let Some(id) = row.subtable_id {
                cells.push(("_idSubtable".to_owned(), id.to_string()));
            }
            for (name, _) in &cells {
                if !self.columns.contains(name) {
                    self.columns.push(name.clone());
                }
            }
            self.rows.push(cells);
        }
    }

    fn write(&self, id: &str, translates: bool) -> String {
        let mut columns: Vec<&String> = self.columns.iter().filter(|name| !name.starts_with('_') || is_key(name)).collect();
        columns.extend(["_metadata", "_idSubtable"].iter().filter_map(|last| self.columns.iter().find(|name| name == last)));
        let mut out = format!("<table id=\"{id}\" border=\"1\">\n<thead>\n\t<tr>\n");
        for name in &columns {
            let name = if translates { column_names::shown(name) } else { name };
            out.push_str(&format!("\t\t<th>{}</th>\n", process::decode::escape(name)));
        }
        out.push_str("\t</tr>\n</thead>\n<tbody>\n");
        for cells in &self.rows {
            out.push_str("\t<tr>\n");
            for column in &columns {
                let value = cells.iter().find(|(name, _)| name == *column).map_or("-", |(_, text)| text);
                out.push_str(&format!("\t\t<td>{value}</td>\n"));
            }
            out.push_str("\t</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
        out
    }
}

fn is_key(name: &str) -> bool {
    name == "_date" || name == "_idSite"
}

/// A value as markup.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Value(footfall_model::Value::Null) => "-".to_owned(),
        Cell::Value(footfall_model::Value::Text(text)) => process::decode::escape(&crate::matomo::entities::decode(text)),
        Cell::Value(_) | Cell::Bool(_) => plain(cell),
        Cell::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, cell)| format!("{} => {}", process::decode::escape(name), shown(cell))).collect();
            format!("<pre>{}</pre>", entries.join("\n"))
        }
        Cell::List(cells) => format!("<pre>{}</pre>", cells.iter().map(shown).collect::<Vec<String>>().join("\n")),
        Cell::Table(_) => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::{DataTable, Row};

    use super::*;

    #[test]
    fn markup_in_values_is_escaped() {
        let mut row = Row::labelled("<b>");
        row.set_metadata("url", Cell::text("'x"));
        let tables = Tables::of(DataTable { rows: vec![row], ..DataTable::default() });
        let reply = reply(&MatomoRequest::of(&[("method", "A.get")]), Ok(Answer::Tables(tables)));
        let text = String::from_utf8(reply.body).unwrap();
        assert!(text.contains("<td>&lt;b&gt;</td>"), "{text}");
        assert!(text.contains("<td>'url' => '&#039;x'</td>"), "{text}");
    }
}
