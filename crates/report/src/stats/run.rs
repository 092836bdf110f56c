use footfall_model::{Error, Order};
use futures::future::try_join_all;

use super::{
    By, Imported, StatsAnswer, StatsQuery,
    combine::combine,
    part::{Label, Part, parts},
    row::Raw,
};
use crate::Reader;

/// Answers a question about figures. Questions to the store that do not depend on each other run side by side.
///
/// # Errors
/// When the question is larger than the store allows, names what does not exist, or the store cannot answer.
pub async fn run(reader: &Reader, query: &StatsQuery) -> Result<StatsAnswer, Error> {
    run_with(reader, query, &Imported::default()).await
}

/// The same with imported figures beside what was tracked here.
///
/// # Errors
/// As [`run`].
pub async fn run_with(reader: &Reader, query: &StatsQuery, imported: &Imported) -> Result<StatsAnswer, Error> {
    let mut parts = parts(query);
    let cut = imported.tables.is_empty() && cuts(query, &parts);
    if cut && let [part] = parts.as_mut_slice() {
        part.query.order = order(query, part);
        part.query.limit = query.limit;
        part.query.offset = query.offset;
    }
    let asked = parts.iter().map(|part| reader.ask(&part.query));
    let answers = try_join_all(asked).await?;
    let total = cut.then(|| answers.first().map(|rows| rows.total)).flatten();
    Ok(combine(query, parts.into_iter().zip(answers).collect(), total, imported))
}

/// Whether the store can sort and cut the rows: one question, whose groups are the rows, sorted by what it counts.
fn cuts(query: &StatsQuery, parts: &[Part]) -> bool {
    let [part] = parts else {
        return false;
    };
    let plain = |(_, label): &(usize, Label)| matches!(label, Label::Keys(1, dimension) if !dimension.merges());
    !query.dimensions.is_empty()
        && query.limit.is_some()
        && part.makes_rows
        && part.labels.len() == query.dimensions.len()
        && part.labels.iter().all(plain)
        && query.order.iter().all(|(by, _)| match by {
            By::Metric(place) => counted(query, *place).is_some_and(|raw| part.raws.contains(&raw)),
            By::Dimension(_) => true,
        })
}

/// What a metric counts, if it is a count.
fn counted(query: &StatsQuery, place: usize) -> Option<Raw> {
    use super::Metric;
    Some(match query.metrics.get(place)? {
        Metric::Visitors => Raw::Visitors,
        Metric::Visits => Raw::Visits,
        Metric::Pageviews => Raw::Pageviews,
        Metric::Events => Raw::Events,
        Metric::Actions => Raw::Actions,
        _ => return None,
    })
}

fn order(query: &StatsQuery, part: &Part) -> Vec<Order> {
    let by = |(by, descending): &(By, bool)| match by {
        By::Metric(place) => Some(Order::Measure { name: counted(query, *place)?.name().into(), descending: *descending }),
        By::Dimension(place) => {
            Some(Order::Key { index: part.labels.iter().position(|(at, _)| at == place)?, descending: *descending })
        }
    };
    query.order.iter().filter_map(by).collect()
}
