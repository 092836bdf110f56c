//! A line a row, for reading in a terminal: columns, metadata and the number of the rows below.

use footfall_model::{Cell, DataTable};
use footfall_report::Tables;

use super::{html::beside, xml};
use crate::matomo::{Answer, Failure, MatomoRequest, Reply};

/// What stands before the tables of a set.
const INDENT: &str = "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;";

/// An answer or a failure as lines.
pub(super) fn reply(request: &MatomoRequest, made: Result<Answer, Failure>) -> Reply {
    let made = made.and_then(|answer| match answer {
        Answer::Done | Answer::Raw(_) => Ok(None),
        Answer::Tables(tables) => Ok(Some(tables)),
        Answer::Parts(parts) => super::of_parts(request, parts).map(Some),
        Answer::Data(cell) => super::as_table(cell).map(|table| Some(Tables::of(table))),
    });
    let (body, status) = match made {
        Err(failure) => (format!("Error: {}", xml::escape(&failure.message)), failure.status),
        Ok(None) => ("Success:ok".to_owned(), 200),
        Ok(Some(tables)) => (written(&tables, ""), 200),
    };
    Reply { status, content_type: "text/plain; charset=utf-8", headers: Vec::new(), body: body.into_bytes() }
}

fn written(tables: &Tables, indent: &str) -> String {
    match tables {
        Tables::One(sheet) => rows(&sheet.table, 0),
        Tables::Each { tables, .. } => {
            let indent = format!("{indent}{INDENT}");
            let mut out = "Set<hr />".to_owned();
            for (key, tables) in tables {
                let below = written(tables, &format!("{indent}{INDENT}"));
                out += &format!("{indent}<b>{key}</b><br />{indent}{below}<hr />");
            }
            out
        }
    }
}

fn rows(table: &DataTable, depth: usize) -> String {
    if table.rows.is_empty() {
        return "Empty table<br />\n".to_owned();
    }
    let pair = |name: &str, cell: &Cell| match cell.as_str() {
        Some(text) => format!("'{name}' => '{text}'"),
        None => format!("'{name}' => {}", beside(cell)),
    };
    let mut out = String::new();
    for (n, row) in table.rows.iter().enumerate() {
        let columns: Vec<String> = row.columns.iter().map(|(name, cell)| pair(name, cell)).collect();
        let metadata: Vec<String> = row.metadata.iter().map(|(name, cell)| pair(name, cell)).collect();
        let id = row.subtable_id.map_or(String::new(), |id| id.to_string());
        let (columns, metadata) = (columns.join(", "), metadata.join(", "));
        out += &format!("{}- {} [{columns}] [{metadata}] [idsubtable = {id}]<br />\n", "#".repeat(depth), n + 1);
        match &row.subtable {
            Some(below) => out += &rows(below, depth + 1),
            None if row.subtable_id.is_some() => out += "-- Sub DataTable not loaded<br />\n",
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use footfall_model::Row;

    use super::*;

    #[test]
    fn a_row_is_a_line() {
        let row = |label: &str, visits: i64| Row {
            columns: vec![("label".into(), Cell::text(label)), ("nb_visits".into(), Cell::from(visits))].into_iter().collect(),
            ..Row::default()
        };
        let mut first = row("docs", 5);
        first.metadata = vec![("url".into(), Cell::text("http://a/"))];
        first.subtable_id = Some(7);
        let mut loaded = first.clone();
        loaded.subtable = Some(Box::new(DataTable { rows: vec![row("x", 3)], ..DataTable::default() }));
        let table = DataTable { rows: vec![first, loaded, row("b", 1)], ..DataTable::default() };
        let line = "['label' => 'docs', 'nb_visits' => 5] ['url' => 'http://a/'] [idsubtable = 7]<br />\n";
        let wanted = format!(
            "- 1 {line}-- Sub DataTable not loaded<br />\n- 2 {line}#- 1 ['label' => 'x', 'nb_visits' => 3] [] [idsubtable = ]<br />\n\
             - 3 ['label' => 'b', 'nb_visits' => 1] [] [idsubtable = ]<br />\n"
        );
        let of = |made| String::from_utf8(reply(&MatomoRequest::of(&[]), made).body).unwrap();
        assert_eq!(of(Ok(Answer::table(table))), wanted);
        assert_eq!(of(Ok(Answer::table(DataTable::default()))), "Empty table<br />\n");
        assert_eq!(of(Err(Failure::new("no <b>"))), "Error: no &lt;b&gt;");
        assert_eq!(of(Ok(Answer::value(3i64))), "- 1 ['value' => 3] [] [idsubtable = ]<br />\n");
    }
}
