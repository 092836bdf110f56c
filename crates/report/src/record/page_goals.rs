//! What pages had to do with goals: how often a page was seen before a conversion, and what visits that began with it reached.

use footfall_model::{
    ActionKind, Aggregate, Error, Fact, Filter, GoalId, Key, Measure, Name, Op, Related, Text, TimePart, Value,
};
use rustc_hash::FxHashMap;

use super::{
    actions::{Places, hit},
    tree::{Place, Tree},
    visits::{column, conversion_column},
};
use crate::{Reader, Slice, number};

/// Whether pages tell of goals.
pub fn are_told(slice: &Slice) -> bool {
    !slice.site.goals.is_empty() || slice.site.ecommerce
}

/// Adds the goals' metrics to the rows of pages, by URL or by title.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn add(reader: &Reader, slice: &Slice, by_url: bool, tree: &mut Tree, places: &Places) -> Result<(), Error> {
    if !are_told(slice) {
        return Ok(());
    }
    let conversions = conversions(reader, slice).await?;
    if conversions.is_empty() {
        return Ok(());
    }
    add_pages(reader, slice, by_url, &conversions, tree, places).await?;
    add_entries(reader, slice, by_url, tree, places).await
}

/// One conversion, as pages before it need it.
struct Conversion {
    goal: GoalId,
    at: i64,
    /// The action that made it; 0 where none did.
    hit: i64,
    revenue: f64,
    /// The day its visit ended, as the store tells it.
    day: Text,
}

/// The day a visit ended: numbers that are no sums are worked out for each day and then added up, as Matomo does.
fn day() -> Key {
    Key::Clock(column("last_at"), TimePart::Day)
}

fn day_text(value: &Value) -> Text {
    Text::from(format!("{value:?}"))
}

/// The conversions of a slice, by visit.
async fn conversions(reader: &Reader, slice: &Slice) -> Result<FxHashMap<i64, Vec<Conversion>>, Error> {
    let mut query = slice.query(Fact::Conversions);
    query.filter = reader.segment_filter(slice)?;
    query.keys = ["visit_id", "goal_id", "at", "hit_id"].map(|name| Key::Column(conversion_column(name))).to_vec();
    query.keys.push(day());
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
        let count = int(6).max(1);
        let revenue = row[5].as_f64().unwrap_or_default() / count as f64;
        let day = day_text(&row[4]);
        let made = by_visit.entry(int(0)).or_default();
        made.extend((0..count).map(|_| Conversion { goal, at: int(2), hit: int(3), revenue, day: Text::clone(&day) }));
    }
    Ok(by_visit)
}

/// A page view of a visit in which something was reached.
struct PageView {
    at: i64,
    hit: i64,
    /// The number of its address or title; 0 where it has none.
    page: i64,
}

impl Conversion {
    /// How many pages had been viewed when it was reached.
    fn pages_before(&self, pages: &[PageView]) -> f64 {
        let is_before = |page: &&PageView| if self.hit > 0 { page.hit <= self.hit } else { page.at <= self.at };
        pages.iter().filter(is_before).count() as f64
    }
}

/// What the conversions of one goal in one visit bring a page.
#[derive(Default)]
struct Share {
    n: f64,
    revenue: f64,
    attributed: f64,
    revenue_attributed: f64,
    before: f64,
}

/// What hangs on how many pages were viewed before a conversion.
const OF_PAGES_BEFORE: [&str; 4] =
    ["nb_conv_pages_before", "nb_conversions_attrib", "nb_conversions_page_rate", "revenue_attrib"];

/// Pages that were seen before a conversion share in it.
async fn add_pages(
    reader: &Reader,
    slice: &Slice,
    by_url: bool,
    conversions: &FxHashMap<i64, Vec<Conversion>>,
    tree: &mut Tree,
    places: &Places,
) -> Result<(), Error> {
    let mut query = slice.query(Fact::Hits);
    let converted = Filter::Has { fact: Fact::Conversions, related: Related::SameVisit, filter: Box::new(Filter::All) };
    query.filter = reader.segment_filter(slice)?.and(Filter::is(hit("kind"), ActionKind::PageView as i64)).and(converted);
    query.keys = [hit("visit_id"), hit("at"), hit("hit_id")].map(Key::Column).to_vec();
    query.keys.push(Key::Number(hit(if by_url { "url" } else { "title" })));
    query.measures = vec![Measure::new("nb_hits", Aggregate::Count)];
    let mut pages: FxHashMap<i64, Vec<PageView>> = FxHashMap::default();
    for row in reader.ask(&query).await?.rows {
        let int = |index: usize| row[index].as_i64().unwrap_or(0);
        pages.entry(int(0)).or_default().push(PageView { at: int(1), hit: int(2), page: int(3) });
    }
    let mut most: FxHashMap<(Place, GoalId, Text), f64> = FxHashMap::default();
    for (visit, conversions) in conversions {
        let Some(pages) = pages.get(visit) else {
            continue;
        };
        let mut shares: FxHashMap<(GoalId, i64), Share> = FxHashMap::default();
        for conversion in conversions {
            let before = conversion.pages_before(pages);
            for page in pages.iter().filter(|page| page.at <= conversion.at && page.page > 0) {
                let share = shares.entry((conversion.goal, page.page)).or_default();
                if share.n == 0.0 {
                    share.before = before;
                }
                share.n += 1.0;
                share.revenue += conversion.revenue;
                share.attributed += number::round(1.0 / before.max(1.0), 4);
                share.revenue_attributed += conversion.revenue / before.max(1.0);
            }
        }
        let day = conversions.first().map_or_else(|| Text::from(""), |conversion| Text::clone(&conversion.day));
        for ((goal, page), share) in shares {
            let Some(row) = places.get(&page).copied() else {
                continue;
            };
            let mut metrics = vec![
                ("nb_conversions".into(), share.n),
                ("revenue".into(), number::round(share.revenue, 2)),
                ("nb_conv_pages_before".into(), 0.0),
                ("nb_conversions_attrib".into(), number::round(share.attributed, 4)),
                ("nb_conversions_page_rate".into(), 0.0),
                ("nb_conversions_page_uniq".into(), share.n),
                ("revenue_attrib".into(), number::round_even(share.revenue_attributed, 2)),
            ];
            if goal == GoalId::CART {
                // How many pages came before a cart was left is told nowhere at Matomo.
                metrics.retain(|(name, _): &(Name, f64)| !OF_PAGES_BEFORE.contains(&name.as_ref()));
            }
            tree.add_goal(row, goal, &metrics);
            if goal == GoalId::CART {
                continue;
            }
            let held = most.entry((row, goal, Text::clone(&day))).or_insert(0.0);
            *held = held.max(share.before);
        }
    }
    for ((row, goal, _), before) in most {
        tree.add_goal(row, goal, &[("nb_conv_pages_before".into(), before)]);
    }
    Ok(())
}

/// Visits that began with a page bring it what they reached.
async fn add_entries(reader: &Reader, slice: &Slice, by_url: bool, tree: &mut Tree, places: &Places) -> Result<(), Error> {
    let place = |number: &Value| places.get(&number.as_i64()?).copied();
    let entry = column(if by_url { "entry_url" } else { "entry_title" });
    let named = Filter::test(Key::Column(entry), Op::IsNot, vec![Value::Null]);
    let mut query = slice.query(Fact::Visits);
    let began = Filter::is(column("entry_kind"), ActionKind::PageView as i64);
    query.filter = reader.segment_filter(slice)?.and(named.clone()).and(began);
    query.keys = vec![Key::Number(entry), day()];
    query.measures = vec![Measure::new("entrances", Aggregate::Count)];
    let mut entrances: FxHashMap<(Place, Text), f64> = FxHashMap::default();
    for row in reader.ask(&query).await?.rows {
        if let Some(at) = place(&row[0]) {
            *entrances.entry((at, day_text(&row[1]))).or_insert(0.0) += row[2].as_f64().unwrap_or_default();
        }
    }
    let mut query = slice.query(Fact::Conversions);
    let no_cart = Filter::test(Key::Column(conversion_column("goal_id")), Op::AtLeast, vec![Value::Int(0)]);
    query.filter = reader.segment_filter(slice)?.and(no_cart).and(named);
    query.keys = vec![Key::Number(entry), Key::Column(conversion_column("goal_id")), day()];
    query.measures = vec![
        Measure::new("nb_conversions", Aggregate::Count),
        Measure::new("revenue", Aggregate::Sum(conversion_column("revenue"))),
    ];
    for row in reader.ask(&query).await?.rows {
        let goal = GoalId(i32::try_from(row[1].as_i64().unwrap_or(1)).unwrap_or(1));
        let Some(at) = place(&row[0]) else {
            continue;
        };
        let n = row[3].as_f64().unwrap_or_default();
        let revenue = number::round(row[4].as_f64().unwrap_or_default(), 2);
        let entrances = entrances.get(&(at, day_text(&row[2]))).copied().unwrap_or_default();
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
