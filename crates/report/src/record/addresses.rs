//! Which address a row shows that several addresses share: `/index` of two hosts, or one page with and without `www.`.
//!
//! As at Matomo, where days are counted first and added up later, a row has the address that was seen most on the first day it was
//! seen at all; and an address is written with the scheme and `www.` that it was first seen with.

use footfall_model::{
    Aggregate, Column, Fact, Filter, Key, Measure, Millis, Op, Order, PeriodKind, Text, TimePart, TimeRange, Value,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    actions::{full_url, hit},
    tree::{Place, Tree},
};
use crate::{Reader, Slice};

/// How many addresses are looked into more closely; beyond, rows show the address of the most views.
const MOST: usize = 1_000;

/// An address and its row.
#[derive(Clone, Debug)]
pub struct Address {
    /// The row.
    pub at: Place,
    /// The address without what was cut before it.
    pub text: Text,
    /// The least and the greatest of what was cut before it.
    pub prefixes: (Option<i64>, Option<i64>),
}

/// Gives every row that is shown its address. Addresses come with the one of the most views first; `actions` are the rows of the store that count.
///
/// # Errors
/// When the store cannot answer.
pub async fn set(
    reader: &Reader,
    slice: &Slice,
    actions: &Filter,
    tree: &mut Tree,
    addresses: &[Address],
) -> Result<(), footfall_model::Error> {
    let mut shown: FxHashMap<Place, &Address> = FxHashMap::default();
    let mut shared: FxHashSet<Place> = FxHashSet::default();
    for address in addresses.iter().filter(|address| tree.is_shown(address.at)) {
        if let Some(before) = shown.insert(address.at, address) {
            shown.insert(address.at, before);
            shared.insert(address.at);
        }
    }
    let several: Vec<&Address> = addresses.iter().filter(|address| shared.contains(&address.at)).collect();
    if slice.period.kind != PeriodKind::Day && !several.is_empty() && several.len() <= MOST {
        let by_text: FxHashMap<&str, &Address> = several.iter().map(|address| (address.text.as_ref(), *address)).collect();
        let mut seen = FxHashSet::default();
        let wanted = actions.clone().and(is_one_of(several.iter().map(|address| Text::clone(&address.text))));
        for text in day_by_day(reader, slice, &wanted, hit("url")).await? {
            if let Some(address) = by_text.get(text.as_ref())
                && seen.insert(address.at)
            {
                shown.insert(address.at, address);
            }
        }
    }
    let unsure: Vec<Text> = shown
        .values()
        .filter(|address| address.prefixes.0 != address.prefixes.1)
        .map(|address| Text::clone(&address.text))
        .collect();
    let first = if unsure.is_empty() || unsure.len() > MOST {
        FxHashMap::default()
    } else {
        first_prefixes(reader, slice, &unsure).await?
    };
    for (at, address) in shown {
        let prefix = first.get(&address.text).copied().unwrap_or(address.prefixes.0);
        let url = if address.text.is_empty() { String::new() } else { full_url(&address.text, prefix) };
        tree.set_metadata(at, "url", Value::text(&url));
    }
    Ok(())
}

fn is_one_of(texts: impl Iterator<Item = Text>) -> Filter {
    Filter::test(Key::Column(hit("url")), Op::Is, texts.map(Value::Text).collect())
}

/// What actions are called by a column, day by day, of each day the one of the most views first; a name comes back every day.
///
/// # Errors
/// When the store cannot answer.
pub async fn day_by_day(
    reader: &Reader,
    slice: &Slice,
    actions: &Filter,
    column: Column,
) -> Result<Vec<Text>, footfall_model::Error> {
    let mut query = slice.query(Fact::Hits);
    query.filter = actions.clone();
    query.keys = vec![Key::Clock(hit("at"), TimePart::Day), Key::Column(column)];
    query.measures = vec![Measure::new("nb_hits", Aggregate::Count)];
    query.order = vec![Order::Key { index: 0, descending: false }, Order::Measure { name: "nb_hits".into(), descending: true }];
    let rows = reader.ask(&query).await?.rows;
    Ok(rows
        .into_iter()
        .filter_map(|row| row.into_iter().nth(1))
        .map(|name| Text::from(name.as_str().unwrap_or_default()))
        .collect())
}

/// What was cut before each address when it was first seen on the site.
async fn first_prefixes(
    reader: &Reader,
    slice: &Slice,
    texts: &[Text],
) -> Result<FxHashMap<Text, Option<i64>>, footfall_model::Error> {
    let mut query = slice.query(Fact::Hits);
    query.range = TimeRange { start: Millis::default(), end: query.range.end };
    query.whole_days = false;
    query.filter = is_one_of(texts.iter().cloned());
    query.keys = vec![Key::Column(hit("url")), Key::Column(hit("url_prefix"))];
    query.measures = vec![Measure::new("first", Aggregate::Min(hit("hit_id")))];
    query.order = vec![Order::Measure { name: "first".into(), descending: true }];
    let rows = reader.ask(&query).await?.rows;
    // The first comes last and stays.
    Ok(rows.iter().filter_map(|row| Some((Text::from(row[0].as_str()?), row[1].as_i64()))).collect())
}
