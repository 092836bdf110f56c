//! Labels as they are shown: percent-decoded, with what is markup escaped.

use footfall_model::{Cell, DataTable, Row, Value};
use footfall_report::parts;

use super::super::entities;

/// Decodes the labels of a table's rows, and of the rows below.
pub(super) fn labels(table: &mut DataTable) {
    parts::each_part(&mut table.rows, labels_of);
}

fn labels_of(rows: &mut [Row]) {
    for row in rows {
        if let Some(label) = row.get("label").and_then(Cell::as_str)
            && !label.is_empty()
            && label != "0"
            && !is_plain(label)
        {
            let shown = label_text(label);
            row.set("label", Value::text(&shown));
        }
        if let Some(below) = &mut row.subtable {
            labels_of(&mut below.rows);
        }
    }
}

/// Whether a label is shown as it stands.
fn is_plain(label: &str) -> bool {
    label.bytes().all(|byte| !matches!(byte, b'+' | b'%' | b'&' | b'<' | b'>' | b'"' | b'\''))
}

/// A label as it is shown. What its percent codes say that is no UTF-8 is left out, as Matomo does.
pub(in crate::matomo) fn label_text(label: &str) -> String {
    let spaced = label.replace('+', " ");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&spaced).collect();
    let readable: String = bytes.utf8_chunks().map(|chunk| chunk.valid()).collect();
    escape(&plain(&readable))
}

/// Text without its few entities.
pub(super) fn plain(text: &str) -> String {
    entities::decode_special(text)
}

/// Text with what is markup escaped.
pub(in crate::matomo) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lose_what_is_no_text() {
        assert_eq!(label_text("a%2Bb+c%20%3Cd%3E"), "a+b c &lt;d&gt;");
        assert_eq!(label_text("/index?q=%EC%E5%F8x"), "/index?q=x");
        assert_eq!(label_text("caf%C3%A9"), "café");
    }
}
