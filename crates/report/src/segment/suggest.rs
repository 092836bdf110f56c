//! Values that a segment could be compared with: those that were seen most.

use footfall_model::{Aggregate, CustomScope, Error, Fact, Filter, HitRow, Key, Measure, Op, Order, Source, Text, Value};

use crate::{Reader, Slice};

/// The values a name had in a slice, the most frequent first and at most so many; `None` where no such name is known.
///
/// # Errors
/// When the store cannot answer.
pub async fn suggest(reader: &Reader, slice: &Slice, name: &str, most: u64) -> Result<Option<Vec<String>>, Error> {
    let Some((fact, key, only)) = place(reader, slice, name) else {
        return Ok(super::is_known(name, &slice.site, &reader.catalogue).then(Vec::new));
    };
    let mut query = slice.query(fact);
    query.filter = Filter::test(key.clone(), Op::IsNot, vec![Value::Null]).and(only);
    query.keys = vec![key];
    query.measures = vec![Measure::new("n", Aggregate::Count)];
    query.order = vec![Order::Measure { name: "n".into(), descending: true }];
    // Some groups may have no name.
    query.limit = Some(most + 1);
    let rows = reader.ask(&query).await?;
    let mut values: Vec<String> = rows.rows.iter().filter_map(|row| shown(name, row.first()?)).collect();
    values.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(Some(values))
}

/// Where values of a name stand, and which rows count.
fn place(reader: &Reader, slice: &Slice, name: &str) -> Option<(Fact, Key, Filter)> {
    if let Some(dimension) = reader.catalogue.segment(name) {
        let key = match dimension.source {
            Source::Clock(part) => Key::UtcClock(dimension.at(), part),
            _ => Key::Column(dimension.at()),
        };
        let fact = dimension.scope.fact();
        let only = match HitRow::column("kind") {
            Some(column) if fact == Fact::Hits && !dimension.kinds.is_empty() => {
                let kinds = dimension.kinds.iter().map(|kind| Value::Int(*kind as i64)).collect();
                Filter::test(Key::Column(column), Op::Is, kinds)
            }
            _ => Filter::All,
        };
        return Some((fact, key, only));
    }
    let number: u32 = name.strip_prefix("dimension")?.parse().ok()?;
    let dimension = slice.site.dimensions.iter().find(|dimension| dimension.id == number)?;
    let fact = match dimension.scope {
        CustomScope::Visit => Fact::Visits,
        CustomScope::Action => Fact::Hits,
    };
    Some((fact, Key::Column(reader.catalogue.slot(fact, dimension.slot)?), Filter::All))
}

/// A value as segments have it.
fn shown(name: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::Text(text) => Text::clone(text).to_string(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        _ => return None,
    };
    let text = match name {
        "countryCode" => text.to_ascii_lowercase(),
        "regionCode" => text.split_once('-').map_or(text.clone(), |(_, region)| region.to_owned()),
        _ => text,
    };
    (!text.is_empty()).then_some(text)
}
