//! What pages had to do with goals: how often a page was seen before a conversion, and what visits that began with it reached.

use footfall_model::{ActionKind, Aggregate, Error, Fact, Filter, GoalId, Key, Measure, Op, Related, Value};
use rustc_hash::FxHashMap;

use super::{
    actions::hit,
    tree::{Place, Tree},
    visits::{column, conversion_column},
};
use crate::{Reader, Slice, number};

/// Adds the goals' metrics to the rows of pages, by URL or by title.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn add(
    reader: &Reader,
    slice: &Slice,
    by_url: bool,
    tree: &mut Tree,
    place: &(dyn Fn(&Value) -> Option<Place> + Sync),
) -> Result<(), Error> {
    if slice.site.goals.is_empty() && !slice.site.ecommerce {
        return Ok(());
    }
    let conversions = conversions(reader, slice).await?;
    if conversions.is_empty() {
        return Ok(());
    }
    add_pages(reader, slice, by_url, &conversions, tree, place).await?;
    add_entries(reader, slice, by_url, tree, place).await
}

/// One conversion, as pages before it need it.
struct Conversion {
    goal: GoalId,
    at: i64,
    revenue: f64,
    /// Page views of its visit up to it.
    pages_before: f64,
}

/// The conversions of a slice, by visit.
async fn conversions(reader: &Reader, slice: &Slice) -> Result<FxHashMap<i64, Vec<Conversion>>, Error> {
    let mut query = slice.query(Fact::Conversions);
    query.filter = reader.segment_filter(slice, Fact::Conversions)?;
    query.keys = ["visit_id", "goal_id", "at", "hit_id"].map(|name| Key::Column(conversion_column(name))).to_vec();
    query.measures =
        vec![Measure::new("revenue", Aggregate::Sum(conversion_column("revenue"))), Measure::new("count", Aggregate::Count)];
    let mut by_visit: FxHashMap<i64, Vec<Conversion>> = FxHashMap::default();
    for row in reader.ask(&query).await?.rows {
        let int = |index: usize| row[index].as_i64().unwrap_or_default();
        let goal = GoalId(i32::try_from(int(1)).unwrap_or(1));
        if goal > GoalId::ORDER && !slice.site.goals.iter().any(|known| known.id == goal) {
            continue;
        }
        // Conversions that no action made can share their moment.
        let count = int(5).max(1);
        let revenue = row[4].as_f64().unwrap_or_default() / count as f64;
        let made = by_visit.entry(int(0)).or_default();
        made.extend((0..count).map(|_| Conversion { goal, at: int(2), revenue, pages_before: 0.0 }));
    }
    Ok(by_visit)
}

/// Pages that were seen before a conversion share in it.
async fn add_pages(
    reader: &Reader,
    slice: &Slice,
    by_url: bool,
    conversions: &FxHashMap<i64, Vec<Conversion>>,
    tree: &mut Tree,
    place: &(dyn Fn(&Value) -> Option<Place> + Sync),
) -> Result<(), Error> {
    let mut query = slice.query(Fact::Hits);
    let converted = Filter::Has { fact: Fact::Conversions, related: Related::SameVisit, filter: Box::new(Filter::All) };
    query.filter =
        reader.segment_filter(slice, Fact::Hits)?.and(Filter::is(hit("kind"), ActionKind::PageView as i64)).and(converted);
    let text = hit(if by_url { "url" } else { "title" });
    query.keys = vec![Key::Column(hit("visit_id")), Key::Column(hit("at")), Key::Column(text)];
    query.measures = vec![Measure::new("nb_hits", Aggregate::Count)];
    let mut pages: FxHashMap<i64, Vec<(i64, Value, f64)>> = FxHashMap::default();
    for mut row in reader.ask(&query).await?.rows {
        let hits = row.pop().and_then(|value| value.as_f64()).unwrap_or(0.0);
        let text = row.pop().unwrap_or_default();
        let at = row.pop().and_then(|value| value.as_i64()).unwrap_or(0);
        let visit = row.pop().and_then(|value| value.as_i64()).unwrap_or(0);
        pages.entry(visit).or_default().push((at, text, hits));
    }
    let mut most: FxHashMap<(Place, GoalId), f64> = FxHashMap::default();
    for (visit, conversions) in conversions {
        let Some(pages) = pages.get(visit) else {
            continue;
        };
        for conversion in conversions {
            let before: f64 = pages.iter().filter(|(at, _, _)| *at <= conversion.at).map(|(_, _, hits)| hits).sum();
            let before = if conversion.pages_before > 0.0 { conversion.pages_before } else { before };
            for (at, text, hits) in pages {
                if *at > conversion.at {
                    continue;
                }
                let Some(row) = place(text) else {
                    continue;
                };
                let share = number::round(1.0 / before.max(1.0), 4) * hits;
                tree.add_goal(
                    row,
                    conversion.goal,
                    &[
                        ("nb_conversions".into(), *hits),
                        ("revenue".into(), conversion.revenue * hits),
                        ("nb_conv_pages_before".into(), 0.0),
                        ("nb_conversions_attrib".into(), share),
                        ("nb_conversions_page_rate".into(), 0.0),
                        ("nb_conversions_page_uniq".into(), *hits),
                        ("revenue_attrib".into(), conversion.revenue / before.max(1.0) * hits),
                    ],
                );
                let held = most.entry((row, conversion.goal)).or_insert(0.0);
                *held = held.max(before);
            }
        }
    }
    for ((row, goal), before) in most {
        tree.add_goal(row, goal, &[("nb_conv_pages_before".into(), before)]);
    }
    Ok(())
}

/// Visits that began with a page bring it what they reached.
async fn add_entries(
    reader: &Reader,
    slice: &Slice,
    by_url: bool,
    tree: &mut Tree,
    place: &(dyn Fn(&Value) -> Option<Place> + Sync),
) -> Result<(), Error> {
    let entry = column(if by_url { "entry_url" } else { "entry_title" });
    let mut query = slice.query(Fact::Conversions);
    let no_cart = Filter::test(Key::Column(conversion_column("goal_id")), Op::AtLeast, vec![Value::Int(0)]);
    query.filter = reader.segment_filter(slice, Fact::Conversions)?.and(no_cart).and(Filter::test(
        Key::Column(entry),
        Op::IsNot,
        vec![Value::Null],
    ));
    query.keys = vec![Key::Column(entry), Key::Column(conversion_column("goal_id"))];
    query.measures = vec![
        Measure::new("nb_conversions", Aggregate::Count),
        Measure::new("revenue", Aggregate::Sum(conversion_column("revenue"))),
    ];
    for row in reader.ask(&query).await?.rows {
        let goal = GoalId(i32::try_from(row[1].as_i64().unwrap_or(1)).unwrap_or(1));
        let Some(at) = place(&row[0]) else {
            continue;
        };
        let n = row[2].as_f64().unwrap_or_default();
        let revenue = number::round(row[3].as_f64().unwrap_or_default(), 2);
        let entrances = tree.value(at, 7).as_f64().unwrap_or_default();
        let mut metrics = vec![("revenue_entry".into(), revenue)];
        if entrances > 0.0 {
            metrics.push(("nb_conversions_entry_rate".into(), number::round(n / entrances, 3)));
            metrics.push(("revenue_per_entry".into(), number::round(revenue / entrances, 3)));
        }
        metrics.push(("nb_conversions_entry".into(), n));
        tree.add_goal(at, goal, &metrics);
    }
    Ok(())
}
