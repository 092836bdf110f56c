use footfall_model::{Aggregate, Catalogue, Error, Key, Measure, Order, Text};

use super::{
    StatsQuery,
    part::{actions, counted},
};
use crate::Reader;

/// The names of the properties that actions of a question carry, with the number of these actions, the most frequent first. Of
/// the question, site, span, conditions and limit count.
///
/// # Errors
/// When the store cannot answer.
pub async fn properties(reader: &Reader, query: &StatsQuery) -> Result<Vec<(Text, u64)>, Error> {
    let mut asked = actions(query);
    asked.filter = counted().and(asked.filter);
    asked.keys.push(Key::PropNames(Catalogue::PROPS));
    asked.measures.push(Measure::new("events", Aggregate::Count));
    asked.order.push(Order::Measure { name: "events".into(), descending: true });
    asked.order.push(Order::Key { index: 0, descending: false });
    asked.limit = query.limit;
    let rows = reader.ask(&asked).await?;
    let named = rows.rows.iter().filter_map(|row| {
        let name = row.first()?.as_str().filter(|name| !name.is_empty())?;
        Some((Text::from(name), u64::try_from(row.get(1)?.as_i64()?).unwrap_or(0)))
    });
    Ok(named.collect())
}
