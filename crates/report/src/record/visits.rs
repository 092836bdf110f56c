//! Numbers about visits.

use footfall_model::{Aggregate, Column, Error, Fact, Filter, Measure, Name, Value, VisitRow};

use crate::{Reader, Slice};

/// A column of visits. The names are the row type's own, so there is always one.
pub fn column(name: &str) -> Column {
    VisitRow::column(name).unwrap_or(VisitRow::COLUMNS[0])
}

/// What is measured of visits everywhere: Matomo's core metrics. Visitors and users are those of each day, added up.
pub fn core() -> Vec<(Name, Aggregate, Filter)> {
    let flag = |name| Filter::is(column(name), 1i64);
    let measures: [(&'static str, Aggregate, Filter); 7] = [
        ("nb_visits", Aggregate::Count, Filter::All),
        ("nb_actions", Aggregate::Sum(column("actions")), Filter::All),
        ("nb_visits_converted", Aggregate::Count, flag("converted")),
        ("bounce_count", Aggregate::Count, flag("bounce")),
        ("sum_visit_length", Aggregate::Sum(column("duration")), Filter::All),
        ("max_actions", Aggregate::Max(column("actions")), Filter::All),
        ("nb_uniq_visitors", Aggregate::DailyVisitors, Filter::All),
    ];
    measures.into_iter().map(|(name, aggregate, only)| (Name::Borrowed(name), aggregate, only)).collect()
}

/// Numbers about all visits of a slice, by name.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn numbers(reader: &Reader, slice: &Slice, wanted: &[(Name, Aggregate, Filter)]) -> Result<Vec<(Name, Value)>, Error> {
    let mut query = slice.query(Fact::Visits);
    query.filter = reader.segment_filter(slice, Fact::Visits)?;
    query.measures = wanted
        .iter()
        .map(|(name, aggregate, only)| Measure { name: name.as_ref().into(), aggregate: aggregate.clone(), only: only.clone() })
        .collect();
    let rows = reader.ask(&query).await?;
    let values = rows.rows.into_iter().next().unwrap_or_default();
    Ok(wanted.iter().map(|(name, _, _)| name.clone()).zip(values.into_iter().map(or_zero)).collect())
}

/// Nothing counted is none.
pub fn or_zero(value: Value) -> Value {
    if value.is_null() { Value::Int(0) } else { value }
}
