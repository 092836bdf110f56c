//! HTML: one table, a line a row, metadata in a column of its own.

use footfall_model::Cell;
use footfall_report::Tables;

use super::{csv::plain, php, xml};
use crate::matomo::{Answer, Context, Failure, MatomoRequest, Reply, metadata, process};

/// What cannot be a table: rows by site and by date.
const TOO_DEEP: &str = "HTML Renderer does not work with this combination of parameters";

/// An answer or a failure as HTML.
pub(super) fn reply(ctx: &Context, request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let made = made.and_then(|answer| match answer {
        Answer::Done | Answer::Raw(_) => Ok(None),
        Answer::Tables(tables) => Ok(Some(tables)),
        Answer::Parts(parts) => super::of_parts(request, parts).map(Some),
        Answer::Data(cell) => super::as_table(cell).map(|table| Some(Tables::of(table))),
    });
    let made = made.and_then(|tables| tables.as_ref().map(Page::of).transpose());
    match made {
        Err(failure) => {
            let message = xml::escape(&failure.message).replace('\n', "<br />\n");
            let mut reply = super::text("text/plain; charset=utf-8", "", failure.status);
            reply.body = message.into_bytes();
            reply
        }
        Ok(None) => html("<!-- Success: ok -->".to_owned()),
        Ok(Some(page)) => {
            let id = process::decode::escape(&request.text("method").unwrap_or_default().replace('.', "_"));
            let names = metadata::Names::of(ctx, request);
            html(page.write(&format!("id=\"{id}\" "), &|name| names.shown(name).into_owned()))
        }
    }
}

/// Tables as one table of HTML that has no name.
///
/// # Errors
/// When they are tables of tables.
pub(super) fn bare(tables: &Tables) -> Result<String, Failure> {
    Ok(Page::of(tables)?.write("", &str::to_owned))
}

fn html(text: String) -> Reply {
    Reply { status: 200, content_type: "text/html; charset=utf-8", headers: Vec::new(), body: text.into_bytes() }
}

struct Page {
    columns: Vec<String>,
    rows: Vec<Vec<(String, String)>>,
}

impl Page {
    fn of(tables: &Tables) -> Result<Page, Failure> {
        let mut page = Page { columns: Vec::new(), rows: Vec::new() };
        match tables {
            Tables::Each { tables, .. } if tables.iter().any(|(_, below)| matches!(below, Tables::Each { .. })) => {
                Err(Failure::new(TOO_DEEP))
            }
            _ => {
                page.tables(tables, None);
                Ok(page)
            }
        }
    }

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
                    Some(text) => format!("'{name}' => '{text}'"),
                    None => format!("'{name}' => {}", beside(cell)),
                })
                .collect();
            if !metadata.is_empty() {
                // The break between them is text as well.
                cells.push(("_metadata".to_owned(), xml::escape(&metadata.join("<br />"))));
            }
            if let Some(id) = row.subtable_id {
                cells.push(("_idSubtable".to_owned(), id.to_string()));
            }
            for (name, _) in &cells {
                if !self.columns.contains(name) {
                    self.columns.insert(super::place_of(name, &self.columns), name.clone());
                }
            }
            self.rows.push(cells);
        }
    }

    fn write(&self, id: &str, named: &dyn Fn(&str) -> String) -> String {
        let mut columns: Vec<&String> = self.columns.iter().filter(|name| !name.starts_with('_') || is_key(name)).collect();
        columns.extend(["_metadata", "_idSubtable"].iter().filter_map(|last| self.columns.iter().find(|name| name == last)));
        let mut out = format!("<table {id}border=\"1\">\n<thead>\n\t<tr>\n");
        for name in &columns {
            out.push_str(&format!("\t\t<th>{}</th>\n", xml::escape(&named(name))));
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
        Cell::Value(footfall_model::Value::Null) | Cell::Table(_) => "-".to_owned(),
        Cell::Value(footfall_model::Value::Text(text)) => xml::escape(text),
        Cell::Value(_) | Cell::Bool(_) => plain(cell),
        Cell::Map(_) | Cell::List(_) => format!("<pre>{}</pre>", xml::escape(&php::exported(cell))),
    }
}

/// A value that stands among a row's metadata.
fn beside(cell: &Cell) -> String {
    match cell {
        Cell::Map(_) | Cell::List(_) => php::exported(cell),
        Cell::Bool(false) => String::new(),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::{DataTable, Row};

    use super::*;

    fn row() -> Row {
        let mut row = Row::labelled("<b>");
        row.set("goals", Cell::Map(vec![("idgoal=1".into(), Cell::Map(vec![("revenue".into(), Cell::from(0.5))]))]));
        row.set_metadata("url", Cell::text("'x"));
        row.set_metadata("code", Cell::from(7i64));
        row
    }

    #[test]
    fn markup_in_values_is_escaped() {
        let tables = Tables::of(DataTable { rows: vec![row()], ..DataTable::default() });
        let text = bare(&tables).unwrap();
        assert!(text.starts_with("<table border=\"1\">\n"), "{text}");
        assert!(text.contains("<td>&lt;b&gt;</td>"), "{text}");
        assert!(text.contains("<td>'url' =&gt; ''x'&lt;br /&gt;'code' =&gt; 7</td>"), "{text}");
        let goals = "<td><pre>array (\n  'idgoal=1' =&gt; \n  array (\n    'revenue' =&gt; 0.5,\n  ),\n)</pre></td>";
        assert!(text.contains(goals), "{text}");
    }

    #[test]
    fn tables_of_tables_are_none() {
        let each = |by, inner: Tables| Tables::Each { by, tables: vec![("1".to_owned(), inner)] };
        let days = each("date", Tables::of(DataTable { rows: vec![row()], ..DataTable::default() }));
        assert!(bare(&days).unwrap().contains("<th>_date</th>"));
        assert_eq!(bare(&each("idSite", days)).unwrap_err().message, TOO_DEEP);
    }
}
