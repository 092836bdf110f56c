//! Visits by something they have in common: most of Matomo's visitor reports.

use footfall_model::{Catalogue, Cell, DataTable, Error, Key, Measure, Name, Source, Text, Value};

use super::{tree::Tree, visits};
use crate::{Reader, Slice};

/// What visits are told apart by, and what the rows are called.
#[derive(Clone, Copy, Debug)]
pub struct Breakdown {
    /// Ids of dimensions in the catalogue.
    pub keys: &'static [&'static str],
    /// Whether goals are added up in the rows too.
    pub goals: bool,
    /// Further measures, handed to [`Breakdown::row`] after the keys.
    pub more: &'static [fn() -> Measure],
    /// The row that visits with these keys belong to; `None` leaves them out.
    pub row: fn(&[Value]) -> Option<Label>,
}

/// What a row is called, and what is known of it beside.
#[derive(Clone, Debug)]
pub struct Label {
    /// The label.
    pub text: Text,
    /// Metadata.
    pub metadata: Vec<(Name, Cell)>,
}

impl Label {
    /// A label with nothing beside it.
    pub fn new(text: impl AsRef<str>) -> Label {
        Label { text: Text::from(text.as_ref()), metadata: Vec::new() }
    }

    /// Adds metadata.
    #[must_use]
    pub fn with(mut self, name: &'static str, cell: impl Into<Cell>) -> Label {
        self.metadata.push((Name::Borrowed(name), cell.into()));
        self
    }

    /// Adds text metadata.
    #[must_use]
    pub fn with_text(self, name: &'static str, text: &str) -> Label {
        self.with(name, Value::text(text))
    }
}

/// The keys that dimensions of the catalogue are asked for by.
pub fn keys(catalogue: &Catalogue, ids: &[&str]) -> Vec<Key> {
    ids.iter()
        .filter_map(|id| catalogue.get(id))
        .map(|dimension| match dimension.source {
            Source::Clock(part) => Key::Clock(dimension.at(), part),
            _ => Key::Column(dimension.at()),
        })
        .collect()
}

/// The rows of a breakdown, put together.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn tree(reader: &Reader, slice: &Slice, of: &Breakdown) -> Result<Tree, Error> {
    let keys = keys(&reader.catalogue, of.keys);
    let mut tree = Tree::new(visits::columns(slice.period));
    if reader.tells_text_sums(slice) {
        tree = tree.telling_text_sums(&visits::TEXT_SUMS);
    }
    let more = of.more.iter().map(|measure| measure()).collect();
    let groups = visits::by_with(reader, slice, &keys, footfall_model::Filter::All, more).await?;
    for group in &groups {
        let mut known = group.keys.clone();
        known.extend(group.more.iter().cloned());
        let Some(label) = (of.row)(&known) else {
            continue;
        };
        let at = tree.row(None, &label.text);
        visits::add(&mut tree, at, group);
        for (name, cell) in label.metadata {
            if tree.metadata(at, &name).is_none() {
                tree.set_metadata(at, name, cell);
            }
        }
    }
    if of.goals {
        for reached in visits::reached_by(reader, slice, &keys).await? {
            let mut known = reached.keys;
            known.resize(known.len() + of.more.len(), Value::Null);
            if let Some(label) = (of.row)(&known) {
                let at = tree.row(None, &label.text);
                tree.add_goal(at, reached.goal, &reached.metrics);
            }
        }
    }
    Ok(tree)
}

/// The table of a breakdown.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn table(reader: &Reader, slice: &Slice, of: &Breakdown) -> Result<DataTable, Error> {
    Ok(tree(reader, slice, of).await?.into_table())
}

/// The text of a key; empty where there is none.
pub fn text(keys: &[Value], index: usize) -> &str {
    keys.get(index).and_then(Value::as_str).unwrap_or_default()
}

/// Percent-encoding of forms, as segments in metadata have it.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            other => {
                let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default().to_ascii_uppercase();
                encoded.extend(['%', digit(other >> 4), digit(other & 15)]);
            }
        }
    }
    encoded
}

/// Text as Matomo keeps what trackers send: with what is markup escaped. Its segments name it so.
pub fn escaped(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => kept.push_str("&amp;"),
            '<' => kept.push_str("&lt;"),
            '>' => kept.push_str("&gt;"),
            '"' => kept.push_str("&quot;"),
            '\'' => kept.push_str("&#039;"),
            other => kept.push(other),
        }
    }
    kept
}

/// A condition of a segment: the name is this text, which a tracker sent.
pub fn is_sent(name: &str, text: &str) -> String {
    is(name, &escaped(text))
}

/// A condition of a segment: the name is this text.
pub fn is(name: &str, text: &str) -> String {
    format!("{name}=={}", encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trackers_sent_stands_escaped_in_segments() {
        assert_eq!(is_sent("eventName", "l'eau <1>"), "eventName==l%26%23039%3Beau+%26lt%3B1%26gt%3B");
        assert_eq!(is("browserCode", "a&b"), "browserCode==a%26b");
    }
}
