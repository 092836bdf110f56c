use std::sync::Arc;

use footfall_model::{Catalogue, Cell, Dimension, Millis, Name, Site, Text, Value, variable};
use footfall_report::{names::currencies, store::VisitDetail};
use jiff::civil::DateTime;

use crate::matomo::{calendar::Calendar, metadata::Dictionary, pretty};

/// A visit with the site it happened on.
#[derive(Clone)]
pub(super) struct Seen<'a> {
    /// The visit with all that happened in it.
    pub(super) detail: &'a VisitDetail,
    /// Its site.
    pub(super) site: Arc<Site>,
    /// Where its facts are.
    pub(super) catalogue: &'a Catalogue,
    /// The language it is told in, where that is not English.
    pub(super) words: Option<Arc<Dictionary>>,
    /// Whether who asks counts hours to twelve.
    pub(super) twelve: bool,
}

impl Seen<'_> {
    /// A fact of the visit.
    pub(super) fn fact(&self, dimension: &Dimension) -> Option<&Value> {
        self.detail.visit.facts.get(self.catalogue.fact_index(dimension)?).filter(|value| !value.is_null())
    }

    /// A fact of the visit as text; empty where there is none.
    pub(super) fn text(&self, dimension: &Dimension) -> &str {
        self.fact(dimension).and_then(Value::as_str).unwrap_or_default()
    }

    /// The text of a dictionary number; empty for 0.
    pub(super) fn long(&self, id: u32) -> &str {
        self.detail.texts.get(&id).map_or("", |text| text)
    }

    /// The text of a key of Matomo's language files; what it says in English where there is no other.
    pub(super) fn say<'b>(&'b self, key: &str, english: &'b str) -> &'b str {
        self.words.as_ref().and_then(|words| words.text(key)).unwrap_or(english)
    }

    /// How moments are written.
    pub(super) fn calendar(&self) -> Calendar {
        Calendar::in_words(self.words.clone()).counting_to_twelve(self.twelve)
    }

    /// A moment on the clock of the site.
    pub(super) fn local(&self, at: Millis) -> DateTime {
        at.local(&self.site.zone)
    }

    /// Money as the site's people write it, in the words of the language.
    pub(super) fn money(&self, amount: f64) -> String {
        let sign = currencies::symbol(&self.site.currency).unwrap_or("$");
        let english = || pretty::money(amount, sign);
        self.words.as_ref().and_then(|words| words.money(amount, &self.site.currency, sign)).unwrap_or_else(english)
    }

    /// The text of a dictionary number; nothing for 0.
    pub(super) fn long_or_null(&self, id: u32) -> Cell {
        or_null(self.long(id))
    }
}

/// Text, or nothing where it is empty.
pub(super) fn or_null(text: &str) -> Cell {
    if text.is_empty() { Cell::NULL } else { Cell::text(text) }
}

/// Custom variables by their number, each as the pair of names that Matomo gives it.
pub(super) fn variables(of: &[(Text, Text)], name: &str, value: &str) -> Cell {
    let pairs = variable::read(of).into_iter().map(|(number, key, held)| {
        let pair: Vec<(Name, Cell)> =
            vec![(format!("{name}{number}").into(), Cell::text(key)), (format!("{value}{number}").into(), Cell::text(held))];
        (Name::from(number.to_string()), Cell::Map(pair))
    });
    Cell::Map(pairs.collect())
}
