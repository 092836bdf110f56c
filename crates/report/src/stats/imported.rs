//! Imported figures of days, beside what was tracked here.

use std::collections::{BTreeMap, HashMap};

use footfall_model::{DateRange, Day, GoalMatch, ImportedRow, ImportedTable, Text, Value};

use super::{
    Bucket, Dimension, Filter, Leaf, Match, Metric, Source, StatsQuery,
    dimension::DIRECT,
    filter::{Words, matches_glob},
    goal,
    part::unfiltered,
    row::Raw,
};

/// Why imported figures are no part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// No table knows everything the question is about.
    UnsupportedQuery,
    /// Days are not cut any finer.
    UnsupportedInterval,
}

/// Tables of imported figures with their rows in the question's days.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Each table once.
    pub tables: Vec<(ImportedTable, Vec<ImportedRow>)>,
}

/// What is counted of an imported row.
type Counted = Vec<(Raw, f64)>;

/// One way in which imported rows add to an answer.
struct Share<'a> {
    tables: Vec<ImportedTable>,
    filters: Vec<Filter>,
    /// Which dimensions the figures are told apart by.
    places: Vec<usize>,
    /// The one figure that visitors are added to; every metric's own where there is none.
    only: Option<Raw>,
    query: &'a StatsQuery,
}

/// The tables that a question needs.
///
/// # Errors
/// With the reason when imported figures cannot be a part of the answer.
pub fn imported_tables(query: &StatsQuery) -> Result<Vec<ImportedTable>, Skipped> {
    let mut tables: Vec<ImportedTable> = Vec::new();
    for share in shares(query)? {
        for table in share.tables {
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
    }
    Ok(tables)
}

/// Adds imported figures to rows: (values of the dimensions, place of the figure, number) for each, first those that make rows.
pub(super) fn figures(query: &StatsQuery, imported: &Imported) -> (Vec<(Vec<Text>, Counted)>, Vec<Addition>) {
    let mut rows = Vec::new();
    let mut additions = Vec::new();
    for share in shares(query).unwrap_or_default() {
        let grouped = share.grouped(imported);
        match share.only {
            None => rows.extend(grouped.into_iter().filter(|(_, counted)| says_something(query, counted))),
            Some(_) => additions.push(Addition { places: share.places, rows: grouped }),
        }
    }
    (rows, additions)
}

/// Figures that are added to rows that agree in some dimensions.
pub(super) struct Addition {
    pub(super) places: Vec<usize>,
    pub(super) rows: Vec<(Vec<Text>, Counted)>,
}

/// Whether a metric of the question is not nothing.
fn says_something(query: &StatsQuery, counted: &Counted) -> bool {
    let number = |raw: Raw| counted.iter().find(|(known, _)| *known == raw).map_or(0.0, |(_, number)| *number);
    query.metrics.iter().any(|metric| {
        let raw = match metric {
            Metric::Pageviews => Raw::Pageviews,
            Metric::Events => Raw::Events,
            Metric::Visits => Raw::Visits,
            Metric::BounceRate | Metric::VisitDuration | Metric::ViewsPerVisit => Raw::SessionVisits,
            Metric::TimeOnPage => Raw::EngagedVisits,
            Metric::ScrollDepth => Raw::ScrolledVisits,
            _ => Raw::Visitors,
        };
        number(raw) != 0.0
    })
}

fn shares(query: &StatsQuery) -> Result<Vec<Share<'_>>, Skipped> {
    let everywhere: Vec<usize> = (0..query.dimensions.len()).collect();
    let main = Share {
        tables: tables(query, &query.filters, &everywhere)?,
        filters: query.filters.clone(),
        places: everywhere,
        only: None,
        query,
    };
    let mut shares = vec![main];
    let mut total = |filters: Vec<Filter>, places: Vec<usize>, raw: Raw| {
        if let Ok(tables) = tables(query, &filters, &places) {
            shares.push(Share { tables, filters, places, only: Some(raw), query });
        }
    };
    let asks = |metric| query.metrics.contains(&metric);
    if asks(Metric::Percentage) {
        total(query.filters.clone(), Vec::new(), Raw::TotalVisitors);
    }
    if asks(Metric::ConversionRate) {
        total(unfiltered(query), Vec::new(), Raw::AllVisitors);
    }
    if asks(Metric::GroupConversionRate) || asks(Metric::TotalVisitors) {
        let others = query.dimensions.iter().enumerate().filter(|(_, dimension)| dimension.source != Source::Goal);
        total(unfiltered(query), others.map(|(place, _)| place).collect(), Raw::GroupVisitors);
    }
    Ok(shares)
}

/// Events whose property `url` or `path` imports tell.
const BY_URL: [&str; 3] = ["Outbound Link: Click", "Cloaked Link: Click", "File Download"];
const BY_PATH: [&str; 3] = ["404", "WP Form Completions", "Form: Submission"];

/// What the names of properties begin with.
const PROPS: &str = "event:props:";

/// The property whose imported values a question is about.
pub fn imported_property(query: &StatsQuery) -> Option<&str> {
    let leaves = query.filters.iter().flat_map(Filter::leaves);
    let mut names =
        query.dimensions.iter().map(|dimension| &*dimension.name).chain(leaves.map(|(leaf, ..)| &*leaf.dimension.name));
    names.find_map(|name| name.strip_prefix(PROPS))
}

/// The tables that know all these conditions and dimensions.
fn tables(query: &StatsQuery, filters: &[Filter], places: &[usize]) -> Result<Vec<ImportedTable>, Skipped> {
    let dimensions = || places.iter().map(|place| &query.dimensions[*place]);
    if dimensions().any(|dimension| match dimension.source {
        Source::Time(bucket) => bucket.is_within_day(),
        Source::Clock(_) => true,
        _ => false,
    }) {
        return Err(Skipped::UnsupportedInterval);
    }
    let mut names: Vec<&str> = Vec::new();
    let mut goal_names: Vec<&Leaf> = Vec::new();
    for filter in filters {
        for (leaf, depth, done) in filter.leaves() {
            if done || (leaf.dimension.source == Source::Goal && depth > 0) {
                return Err(Skipped::UnsupportedQuery);
            }
            match leaf.dimension.source {
                Source::Goal => goal_names.push(leaf),
                _ => names.push(&leaf.dimension.name),
            }
        }
    }
    let by_goal = dimensions().any(|dimension| dimension.source == Source::Goal);
    names.extend(dimensions().filter(|dimension| !dimension.is_of_time() && dimension.source != Source::Goal).map(|d| &*d.name));
    let mut wanted: Vec<&str> = Vec::new();
    let mut want = |name: &'static str| {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    };
    let names_event = |allowed: &[&str]| {
        let on_top = filters.iter().filter_map(|filter| match filter {
            Filter::Leaf(leaf) if matches!(&*leaf.dimension.name, "event:goal" | "event:name") => Some(leaf),
            _ => None,
        });
        on_top.into_iter().any(|leaf| leaf.how == Match::Is && leaf.values.iter().all(|value| allowed.contains(&&**value)))
    };
    let mut property = None;
    for name in names {
        match name {
            "event:props:url" if names_event(&BY_URL) => want("custom_events"),
            "event:props:path" if names_event(&BY_PATH) => want("custom_events"),
            name if name.starts_with(PROPS) => {
                if property.is_some_and(|known| known != name) {
                    return Err(Skipped::UnsupportedQuery);
                }
                property = Some(name);
                want("custom_props");
            }
            name => want(column(name).ok_or(Skipped::UnsupportedQuery)?.0),
        }
    }
    if by_goal {
        // Pages and events each tell of their own goals.
        let both = ["pages", "custom_events"];
        let fits = match wanted.as_slice() {
            [] => both.to_vec(),
            [one] if both.contains(one) => vec![*one],
            _ => return Err(Skipped::UnsupportedQuery),
        };
        return Ok(fits.into_iter().filter_map(ImportedTable::named).collect());
    }
    if !goal_names.is_empty() {
        for goal in goal::left(&query.site, filters) {
            match &goal.rule {
                GoalMatch::PagePath { props, .. } if props.is_empty() => want("pages"),
                GoalMatch::Event { props, .. } if props.is_empty() => want("custom_events"),
                _ => return Err(Skipped::UnsupportedQuery),
            }
        }
    }
    match wanted.as_slice() {
        [] => Ok(ImportedTable::named("visitors").into_iter().collect()),
        [one] => Ok(ImportedTable::named(one).into_iter().collect()),
        _ => Err(Skipped::UnsupportedQuery),
    }
}

/// The table and key that tell a dimension.
fn column(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "visit:source" => ("sources", "source"),
        "visit:channel" => ("sources", "channel"),
        "visit:referrer" => ("sources", "referrer"),
        "visit:utm_source" => ("sources", "utm_source"),
        "visit:utm_medium" => ("sources", "utm_medium"),
        "visit:utm_campaign" => ("sources", "utm_campaign"),
        "visit:utm_content" => ("sources", "utm_content"),
        "visit:utm_term" => ("sources", "utm_term"),
        "visit:entry_page" => ("entry_pages", "entry_page"),
        "visit:exit_page" => ("exit_pages", "exit_page"),
        "visit:country" | "visit:country_name" => ("locations", "country"),
        "visit:region" | "visit:region_name" => ("locations", "region"),
        "visit:city" | "visit:city_name" => ("locations", "city"),
        "visit:device" | "visit:screen" => ("devices", "device"),
        "visit:browser" => ("browsers", "browser"),
        "visit:browser_version" => ("browsers", "browser_version"),
        "visit:os" => ("operating_systems", "operating_system"),
        "visit:os_version" => ("operating_systems", "operating_system_version"),
        "event:page" => ("pages", "page"),
        "event:hostname" => ("pages", "hostname"),
        "event:name" => ("custom_events", "name"),
        "event:props:url" => ("custom_events", "link_url"),
        "event:props:path" => ("custom_events", "path"),
        _ => return None,
    })
}

impl Share<'_> {
    fn grouped(&self, imported: &Imported) -> Vec<(Vec<Text>, Counted)> {
        let mut groups: BTreeMap<Vec<Text>, Counted> = BTreeMap::new();
        let span = &self.query.span;
        let time = self.places.iter().enumerate().find_map(|(at, place)| Some((at, self.query.dimensions[*place].bucket()?)));
        for (table, rows) in imported.tables.iter().filter(|(table, _)| self.tables.contains(table)) {
            // The same keys come every day: what they mean is found once.
            let mut known: HashMap<&[Text], Vec<Vec<Text>>> = HashMap::new();
            let property = (table.name == "custom_props").then(|| imported_property(self.query)).flatten();
            let is_asked = |row: &&ImportedRow| property.is_none_or(|name| table.key(row, "property") == name);
            for row in rows.iter().filter(|row| row.date >= span.first && row.date <= span.last).filter(is_asked) {
                let labels = known.entry(&row.keys).or_insert_with(|| {
                    let seen = Seen { table, row, query: self.query };
                    let counts = self.filters.iter().all(|filter| seen.satisfies(filter));
                    if counts { seen.labels(&self.places, &self.filters) } else { Vec::new() }
                });
                if labels.is_empty() {
                    continue;
                }
                let counted = match self.only {
                    Some(raw) => vec![(raw, table.number(row, "visitors") as f64)],
                    None => counted(table, row),
                };
                let when = time.map(|(at, bucket)| (at, label(self.query, bucket, row.date)));
                for labels in labels.iter() {
                    let mut labels = labels.clone();
                    if let Some((at, when)) = &when {
                        labels[*at] = Text::clone(when);
                    }
                    add(groups.entry(labels).or_default(), &counted);
                }
            }
        }
        groups.into_iter().collect()
    }
}

fn add(group: &mut Counted, counted: &Counted) {
    for (raw, number) in counted {
        match group.iter_mut().find(|(known, _)| known == raw) {
            Some((_, sum)) => *sum += number,
            None => group.push((*raw, *number)),
        }
    }
}

/// The bucket of time that a day lies in, as it is shown.
fn label(query: &StatsQuery, bucket: Bucket, date: Day) -> Text {
    let label = bucket.label(DateRange::day(date).on(&query.span.zone).start, &query.span);
    let dimension = Dimension { name: bucket.name().into(), source: Source::Time(bucket) };
    super::combine::first_day(query, &dimension, Text::from(label))
}

/// An imported row that is looked at.
struct Seen<'a> {
    table: &'a ImportedTable,
    row: &'a ImportedRow,
    query: &'a StatsQuery,
}

impl Seen<'_> {
    fn satisfies(&self, filter: &Filter) -> bool {
        match filter {
            Filter::All(parts) => parts.iter().all(|part| self.satisfies(part)),
            Filter::Any(parts) => parts.iter().any(|part| self.satisfies(part)),
            Filter::Not(inner) => !self.satisfies(inner),
            Filter::Done(_) => false,
            Filter::Leaf(leaf) => self.fits(leaf),
        }
    }

    fn fits(&self, leaf: &Leaf) -> bool {
        let (how, negated) = leaf.how.positive();
        let unset = leaf.dimension.unset();
        let words = Words { how, values: &leaf.values, case_sensitive: leaf.case_sensitive, unset };
        let fits = if leaf.dimension.source == Source::Goal {
            goal::named(&self.query.site, &words).into_iter().any(|goal| self.reaches(&goal.rule))
        } else {
            let shown = self.shown(&leaf.dimension);
            words.fits(&shown) || *shown == *unset && words.fits("")
        };
        fits != negated
    }

    fn reaches(&self, rule: &GoalMatch) -> bool {
        match rule {
            GoalMatch::PagePath { path, props } if props.is_empty() => {
                self.table.name == "pages" && matches_glob(path, self.table.key(self.row, "page"))
            }
            GoalMatch::Event { name, props } if props.is_empty() => {
                self.table.name == "custom_events" && self.table.key(self.row, "name") == name
            }
            _ => false,
        }
    }

    fn shown(&self, dimension: &Dimension) -> Text {
        let key = if self.table.name == "custom_props" { Some("value") } else { column(&dimension.name).map(|(_, key)| key) };
        let text = key.map_or("", |key| self.table.key(self.row, key));
        let is_unset = text.is_empty() || text == DIRECT || dimension.name.starts_with("visit:city") && text == "0";
        let value = if is_unset { Value::Null } else { Value::text(text) };
        match dimension.source {
            Source::EventName => Text::from(text),
            _ => dimension.label(&[value]),
        }
    }

    /// The values of these dimensions: several for a row that reaches several goals, none for one that says nothing.
    fn labels(&self, places: &[usize], filters: &[Filter]) -> Vec<Vec<Text>> {
        let mut all = vec![Vec::new()];
        for place in places {
            let dimension = &self.query.dimensions[*place];
            let values = match &dimension.source {
                // Filled in for each day.
                Source::Time(_) => vec![Text::from("")],
                Source::Goal => {
                    let goals = goal::left(&self.query.site, filters).into_iter();
                    goals.filter(|goal| self.reaches(&goal.rule)).map(|goal| goal::goal_name(&goal)).collect()
                }
                _ => {
                    let shown = self.shown(dimension);
                    let said = *shown != *dimension.unset() || may_be_unset(&dimension.name);
                    if said { vec![shown] } else { Vec::new() }
                }
            };
            all = all
                .iter()
                .flat_map(|before: &Vec<Text>| values.iter().map(|value| before.iter().cloned().chain([value.clone()]).collect()))
                .collect();
        }
        all
    }
}

/// Whether rows in which a dimension has no value are shown.
fn may_be_unset(name: &str) -> bool {
    !name.starts_with("visit:utm_")
        && !name.starts_with("event:props:")
        && !name.starts_with("visit:country")
        && !name.starts_with("visit:region")
        && !name.starts_with("visit:city")
}

/// What a row counts.
fn counted(table: &ImportedTable, row: &ImportedRow) -> Counted {
    let number = |name: &str| table.number(row, name) as f64;
    let views = number("pageviews");
    let visits = match table.name {
        "entry_pages" => number("entrances"),
        "exit_pages" => number("exits"),
        _ => number("visits"),
    };
    let mut counted = vec![
        (Raw::Visitors, number("visitors")),
        (Raw::Visits, visits),
        (Raw::Pageviews, views),
        (Raw::Events, if matches!(table.name, "custom_events" | "custom_props") { number("events") } else { views }),
        (Raw::Conversions, if matches!(table.name, "custom_events" | "custom_props") { number("events") } else { views }),
        (Raw::EngagedMillis, number("total_time_on_page") * 1000.0),
        (Raw::EngagedVisits, number("total_time_on_page_visits")),
        (Raw::Scrolled, number("total_scroll_depth")),
        (Raw::ScrolledVisits, number("total_scroll_depth_visits")),
    ];
    if !matches!(table.name, "pages" | "custom_events" | "custom_props") {
        counted.extend([
            (Raw::Bounces, number("bounces")),
            (Raw::BounceVisits, visits),
            (Raw::Seconds, number("visit_duration")),
            (Raw::SessionVisits, visits),
            (Raw::Views, views),
        ]);
    }
    counted.retain(|(_, number)| *number != 0.0);
    counted
}
