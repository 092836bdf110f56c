//! Rows of several questions become the rows of one answer.

use std::{cmp::Ordering, collections::HashMap};

use footfall_model::{Rows, Text, Value};

use super::{
    Bucket, By, Dimension, Metric, Source, StatsAnswer, StatsQuery, StatsRow, Style,
    bucket::monday,
    goal,
    imported::{Addition, Imported, figures},
    part::{Label, Part},
    row::Raws,
};

/// The rows of several questions put together, with nothing worked out.
pub(super) fn raw_rows(query: &StatsQuery, parts: Vec<(Part, Rows)>) -> Vec<(Vec<Text>, Raws)> {
    let mut made = Made::default();
    let (leading, others): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| part.makes_rows);
    for (part, rows) in leading {
        made.lead(query, &part, rows);
    }
    for (part, rows) in others {
        made.add(query, &part, rows);
    }
    made.rows
}

/// Puts the rows together, works out the metrics, sorts and cuts. `cut` is the number of rows where the store has cut them.
pub(super) fn combine(query: &StatsQuery, parts: Vec<(Part, Rows)>, cut: Option<u64>, imported: &Imported) -> StatsAnswer {
    let mut made = Made::default();
    let (leading, others): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| part.makes_rows);
    for (part, rows) in leading {
        made.lead(query, &part, rows);
    }
    let (rows, additions) = figures(query, imported);
    for (labels, counted) in rows {
        let place = made.place(labels);
        counted.into_iter().for_each(|(raw, number)| made.rows[place].1.add(raw, number));
    }
    if query.dimensions.is_empty() && made.rows.is_empty() {
        made.rows.push((Vec::new(), Raws::default()));
        made.places.insert(Vec::new(), 0);
    }
    for (part, rows) in others {
        made.add(query, &part, rows);
    }
    for addition in additions {
        made.add_imported(&addition);
    }
    let mut rows: Vec<StatsRow> = made
        .rows
        .into_iter()
        .map(|(dimensions, raws)| StatsRow {
            metrics: query.metrics.iter().map(|metric| value(*metric, &dimensions, &raws, query)).collect(),
            dimensions,
        })
        .collect();
    if let Some(total_rows) = cut {
        return StatsAnswer { rows, total_rows };
    }
    rows.sort_by(|a, b| compare(query, a, b));
    let total_rows = rows.len() as u64;
    let offset = usize::try_from(query.offset).unwrap_or(usize::MAX);
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let rows = rows.into_iter().skip(offset).take(limit).collect();
    StatsAnswer { rows, total_rows }
}

fn value(metric: Metric, dimensions: &[Text], raws: &Raws, query: &StatsQuery) -> Option<f64> {
    if metric == Metric::Events && query.style != Style::Footfall && is_of_scrolling(dimensions, query) {
        return None;
    }
    metric.value(raws, query.rounding())
}

/// Whether a row is about how far pages were read, which no number of events says: Plausible leaves it out.
fn is_of_scrolling(dimensions: &[Text], query: &StatsQuery) -> bool {
    let goals = goal::left(&query.site, &query.filters);
    match query.dimensions.iter().position(|dimension| dimension.source == Source::Goal) {
        Some(place) => {
            let name = dimensions.get(place);
            goals.iter().any(|goal| goal::is_scroll(goal) && name == Some(&goal::goal_name(goal)))
        }
        None => query.filters_goals() && goals.iter().any(goal::is_scroll),
    }
}

#[derive(Default)]
struct Made {
    rows: Vec<(Vec<Text>, Raws)>,
    places: HashMap<Vec<Text>, usize>,
}

impl Made {
    /// The place of the row with these values, which is made when there is none.
    fn place(&mut self, labels: Vec<Text>) -> usize {
        *self.places.entry(labels).or_insert_with_key(|labels| {
            self.rows.push((labels.clone(), Raws::default()));
            self.rows.len() - 1
        })
    }

    /// Imported figures that say the same of all rows that agree in some dimensions.
    fn add_imported(&mut self, addition: &Addition) {
        for (dimensions, raws) in &mut self.rows {
            let labels: Vec<Text> = addition.places.iter().filter_map(|place| dimensions.get(*place).cloned()).collect();
            let counted = addition.rows.iter().find(|(known, _)| *known == labels);
            counted.into_iter().flat_map(|(_, counted)| counted).for_each(|(raw, number)| raws.add(*raw, *number));
        }
    }

    /// Rows of the answer: those that are there already are added to.
    fn lead(&mut self, query: &StatsQuery, part: &Part, rows: Rows) {
        for row in rows.rows {
            if part.query.keys.is_empty() && !part.labels.is_empty() && is_empty(&row) {
                continue;
            }
            let Some(labels) = labels(query, part, &row) else {
                continue;
            };
            let place = self.place(labels);
            measure(part, &row, &mut self.rows[place].1);
        }
    }

    /// More about rows that are there. A part that knows some of the dimensions only says the same of all rows that agree in those.
    fn add(&mut self, query: &StatsQuery, part: &Part, rows: Rows) {
        let mut known: HashMap<Vec<Text>, Raws> = HashMap::new();
        for row in rows.rows {
            if let Some(labels) = labels(query, part, &row) {
                measure(part, &row, known.entry(labels).or_default());
            }
        }
        for (dimensions, raws) in &mut self.rows {
            let labels: Vec<Text> = places(part).into_iter().filter_map(|place| dimensions.get(place).cloned()).collect();
            if let Some(more) = known.get(&labels) {
                for raw in &part.raws {
                    if let Some(number) = more.get(*raw) {
                        raws.add(*raw, number);
                    }
                }
            }
        }
    }
}

/// Whether a row counts nothing: what a question without keys answers where nothing happened.
fn is_empty(row: &[Value]) -> bool {
    row.iter().all(|value| value.as_f64().is_none_or(|number| number == 0.0))
}

/// The dimensions a part knows, in order.
fn places(part: &Part) -> Vec<usize> {
    let mut places: Vec<usize> = part.labels.iter().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places
}

/// The values of the dimensions a part knows, in the order of the dimensions; `None` for rows that mean nothing.
fn labels(query: &StatsQuery, part: &Part, row: &[Value]) -> Option<Vec<Text>> {
    let mut labels: Vec<(usize, Text)> = Vec::with_capacity(part.labels.len());
    let mut key = 0;
    for (place, label) in &part.labels {
        let text = match label {
            Label::Keys(n, dimension) => {
                let keys = row.get(key..key + n)?;
                key += n;
                shown(query, dimension, keys)
            }
            Label::Place(names) => {
                let number = row.get(key)?.as_i64()?;
                key += 1;
                names.get(usize::try_from(number).ok()?)?.clone()
            }
            Label::Number(names) => {
                let number = row.get(key)?.as_i64()?;
                key += 1;
                names.iter().find(|(known, _)| *known == number)?.1.clone()
            }
            Label::Fixed(text) => first_day(query, &query.dimensions[*place], text.clone()),
        };
        labels.push((*place, text));
    }
    labels.sort_by_key(|(place, _)| *place);
    Some(labels.into_iter().map(|(_, text)| text).collect())
}

fn shown(query: &StatsQuery, dimension: &Dimension, keys: &[Value]) -> Text {
    first_day(query, dimension, dimension.label(keys))
}

/// Plausible calls a first week that is cut by its first day.
pub(super) fn first_day(query: &StatsQuery, dimension: &Dimension, label: Text) -> Text {
    let first = query.span.first;
    let cut =
        query.style != Style::Footfall && dimension.source == Source::Time(Bucket::Week) && *label == *monday(first).to_string();
    if cut { Text::from(first.to_string()) } else { label }
}

fn measure(part: &Part, row: &[Value], raws: &mut Raws) {
    let keys = part.query.keys.len();
    for (raw, value) in part.raws.iter().zip(row.iter().skip(keys)) {
        if let Some(number) = value.as_f64() {
            raws.add(*raw, number);
        }
    }
}

fn compare(query: &StatsQuery, a: &StatsRow, b: &StatsRow) -> Ordering {
    for (by, descending) in &query.order {
        let order = match by {
            By::Metric(place) => numbers(a.metrics.get(*place), b.metrics.get(*place), *descending),
            By::Dimension(place) => {
                let order = texts(query, *place, a, b);
                if *descending { order.reverse() } else { order }
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    (0..query.dimensions.len())
        .map(|place| texts(query, place, a, b))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// What has no meaning comes last.
fn numbers(a: Option<&Option<f64>>, b: Option<&Option<f64>>, descending: bool) -> Ordering {
    match (a.copied().flatten(), b.copied().flatten()) {
        (Some(a), Some(b)) if descending => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn texts(query: &StatsQuery, place: usize, a: &StatsRow, b: &StatsRow) -> Ordering {
    let (Some(a), Some(b)) = (a.dimensions.get(place), b.dimensions.get(place)) else {
        return Ordering::Equal;
    };
    if let Source::Clock(_) = query.dimensions[place].source {
        return a.parse::<i64>().ok().cmp(&b.parse::<i64>().ok());
    }
    a.cmp(b)
}
