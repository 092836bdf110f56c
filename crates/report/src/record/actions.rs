//! What was done: pages, titles, downloads, links and searches, with where visits began and ended and how long was stayed.

use std::sync::Arc;

use footfall_model::{
    ActionKind, Aggregate, Cell, Column, DataTable, Error, Fact, Filter, HitRow, Key, Measure, Name, Op, Order, Query, Row, Rows,
    Text, Value,
};

use rustc_hash::FxHashMap;

use super::{
    action_path::{self, PathRules},
    addresses::{self, Address},
    page_goals,
    tree::{Join, Place, Tree},
    visits::{self, column, name_in},
};
use crate::{Reader, Slice, calculate, number, parts};

/// Which table is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actions {
    /// Pages by URL.
    Urls,
    /// Pages by title.
    Titles,
    /// Files that were fetched.
    Downloads,
    /// Links that were followed.
    Outlinks,
    /// What was searched for.
    Keywords,
}

impl Actions {
    /// The kind of action.
    pub fn kind(self) -> ActionKind {
        match self {
            Actions::Urls | Actions::Titles => ActionKind::PageView,
            Actions::Downloads => ActionKind::Download,
            Actions::Outlinks => ActionKind::Outlink,
            Actions::Keywords => ActionKind::Search,
        }
    }

    /// Which hits are such actions. Matomo's trackers may name a file or link that is no URL (`mailto:…`): it is kept without one,
    /// and stands among the pages whose URL is not defined.
    fn condition(self) -> Filter {
        let kind = |kind: ActionKind| Filter::is(hit("kind"), kind as i64);
        let has_url = |op| Filter::test(Key::Column(hit("url")), op, vec![Value::Null]);
        match self {
            Actions::Urls => {
                let unnamed = Filter::Or(vec![kind(ActionKind::Download), kind(ActionKind::Outlink)]).and(has_url(Op::Is));
                Filter::Or(vec![kind(ActionKind::PageView), unnamed])
            }
            Actions::Downloads | Actions::Outlinks => kind(self.kind()).and(has_url(Op::IsNot)),
            Actions::Titles | Actions::Keywords => kind(self.kind()),
        }
    }

    fn is_page(self) -> bool {
        matches!(self, Actions::Urls | Actions::Titles)
    }

    /// The column that tells these actions apart.
    fn column(self) -> Column {
        hit(match self {
            Actions::Titles => "title",
            Actions::Keywords => "search_keyword",
            _ => "url",
        })
    }

    /// The columns of visits and hits that name such an action as the first, the last, or the one before.
    fn ends(self) -> (Column, Column, Column) {
        match self {
            Actions::Titles | Actions::Keywords => (column("entry_title"), column("exit_title"), hit("ref_title")),
            _ => (column("entry_url"), column("exit_url"), hit("ref_url")),
        }
    }
}

/// A column of actions.
pub fn hit(name: &str) -> Column {
    HitRow::column(name).unwrap_or(HitRow::COLUMNS[0])
}

/// A timing of a page's load, and what its columns are called.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The column of the hit, in milliseconds.
    pub name: &'static str,
    /// The sum.
    pub sum: &'static str,
    /// How many page views have it.
    pub hits: &'static str,
    /// The least.
    pub least: &'static str,
    /// The most.
    pub most: &'static str,
    /// The average.
    pub average: &'static str,
}

impl Timing {
    /// Whether a column is one of its own.
    pub fn has(self, name: &str) -> bool {
        [self.sum, self.hits, self.least, self.most].contains(&name)
    }

    /// Makes a row's milliseconds seconds, to a tenth of a millisecond; the texts of those that many rows have are made once.
    fn in_seconds(self, row: &mut Row, texts: &mut FxHashMap<i64, Text>) {
        let Some(sum) = row.columns.get_mut(self.sum) else {
            return;
        };
        if let Some(ms) = sum.as_f64() {
            *sum = Cell::Value(number::number(number::round(ms / 1000.0, 4)));
        }
        for name in [self.least, self.most] {
            let text = match row.get(name).and_then(Cell::value) {
                Some(Value::Int(ms)) => {
                    let text = texts.entry(*ms).or_insert_with(|| Text::from(format!("{}.{:03}0", ms / 1000, ms % 1000)));
                    Value::Text(Text::clone(text))
                }
                Some(other) => other.as_f64().map_or(Value::Null, |ms| Value::text(&format!("{:.4}", ms / 1000.0))),
                None => Value::Null,
            };
            row.set(name, text);
        }
    }

    /// The sum, the number, the least and the most, in the order of [`timing_measures`].
    pub fn columns(self) -> [(Name, Join); 4] {
        let Timing { sum, hits, least, most, .. } = self;
        [(sum.into(), Join::Sum), (hits.into(), Join::Sum), (least.into(), Join::Min), (most.into(), Join::Max)]
    }
}

macro_rules! timing {
    ($name:literal) => {
        Timing {
            name: $name,
            sum: concat!("sum_", $name),
            hits: concat!("nb_hits_with_", $name),
            least: concat!("min_", $name),
            most: concat!("max_", $name),
            average: concat!("avg_", $name),
        }
    };
}

/// Every timing, in the order pages load.
pub const TIMINGS: [Timing; 6] = [
    timing!("time_network"),
    timing!("time_server"),
    timing!("time_transfer"),
    timing!("time_dom_processing"),
    timing!("time_dom_completion"),
    timing!("time_on_load"),
];

/// The averages of every timing, and of all together.
pub const AVERAGES: &[&str] = &[
    "avg_time_network",
    "avg_time_server",
    "avg_time_transfer",
    "avg_time_dom_processing",
    "avg_time_dom_completion",
    "avg_time_on_load",
    "avg_page_load_time",
];

/// The averages of every timing, without that of all together.
pub const TIMING_AVERAGES: &[&str] = AVERAGES.split_at(TIMINGS.len()).0;

/// Milliseconds beyond which a timing is cut, so that one stuck page does not spoil an average.
pub const LONGEST_TIMING: i64 = 3_600_000;

const VISITS: usize = 0;

const HITS: usize = 2;
const TIME_SPENT: usize = 3;
const FOLLOWING: usize = 4;
const NO_RESULT: usize = 5;
const ENTRY: usize = 6;
const EXIT: usize = 11;
const TIMED: usize = 13;

/// The table of some actions, with rows for their folders or hosts.
///
/// Of rows below rows it is only told that there are some where `only_top` says so.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn table(reader: &Reader, slice: &Slice, of: Actions, only_top: bool) -> Result<DataTable, Error> {
    let mut tree = Tree::new(columns(slice, of)).without_goal_sums();
    if reader.tells_text_sums(slice) {
        tree = tree.telling_text_sums(&[
            "nb_hits_following_search",
            "entry_nb_visits",
            "entry_nb_actions",
            "entry_sum_visit_length",
            "entry_bounce_count",
            "exit_nb_visits",
            "sum_time_network",
            "sum_time_server",
            "sum_time_transfer",
            "sum_time_dom_processing",
            "sum_time_dom_completion",
            "sum_time_on_load",
            "nb_hits_with_time_network",
            "nb_hits_with_time_server",
            "nb_hits_with_time_transfer",
            "nb_hits_with_time_dom_processing",
            "nb_hits_with_time_dom_completion",
            "nb_hits_with_time_on_load",
        ]);
    }
    let mut places = Places::default();
    let (done, [entry, exit], spent) =
        (done(reader, slice, of, of.is_page())?, ends(reader, slice, of)?, time_spent(reader, slice, of)?);
    // The store has something to do for one question while the answer to another is read.
    let (rows, entered, left, spent) =
        futures::try_join!(reader.ask(&done.query), reader.ask(&entry), reader.ask(&exit), reader.ask(&spent))?;
    add_actions(reader, slice, of, &done, rows, &mut tree, &mut places).await?;
    if places.is_empty() {
        return Ok(DataTable::default());
    }
    // What was not done in the slice itself has no row and is passed over.
    for (first_column, answer) in [(ENTRY, entered), (EXIT, left), (TIME_SPENT, spent)] {
        for row in answer.rows {
            if let Some(at) = places.find(&row[0]) {
                tree.add(at, first_column, &row[1..]);
            }
        }
    }
    if of.is_page() {
        page_goals::add(reader, slice, of == Actions::Urls, &mut tree, &|text| places.find(text)).await?;
    }
    tree.sum_up();
    let mut table = if only_top { tree.into_top() } else { tree.into_table() };
    finish(reader, slice, of, &mut table);
    Ok(table)
}

/// How many such actions there were, in how many visits, row by row of the top level.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn counts(reader: &Reader, slice: &Slice, of: Actions) -> Result<(i64, i64, i64), Error> {
    let mut tree = Tree::new(columns(slice, of));
    let mut places = Places::default();
    let done = done(reader, slice, of, false)?;
    let rows = reader.ask(&done.query).await?;
    add_actions(reader, slice, of, &done, rows, &mut tree, &mut places).await?;
    tree.sum_up();
    let sum = |column| tree.roots().into_iter().filter_map(|at| tree.value(at, column).as_i64()).sum();
    Ok((sum(HITS), sum(VISITS), tree.roots().len() as i64))
}

/// The rules of this server, as paths need them.
pub fn rules(reader: &Reader) -> PathRules<'_> {
    PathRules { url_delimiter: &reader.sites.settings.url_delimiter, title_delimiter: &reader.sites.settings.title_delimiter }
}

/// Where the rows of actions are, by their text.
#[derive(Default)]
struct Places {
    by_text: FxHashMap<Text, Place>,
    unnamed: Option<Place>,
}

impl Places {
    fn find(&self, text: &Value) -> Option<Place> {
        match text {
            Value::Text(text) if !text.is_empty() => self.by_text.get(text).copied(),
            _ => self.unnamed,
        }
    }

    fn is_empty(&self) -> bool {
        self.by_text.is_empty() && self.unnamed.is_none()
    }
}

fn columns(slice: &Slice, of: Actions) -> Vec<(Name, Join)> {
    let period = slice.period;
    let sum = |name: &'static str| (name_in(period, name), Join::Sum);
    let mut columns = vec![
        sum("nb_visits"),
        sum("nb_uniq_visitors"),
        sum("nb_hits"),
        sum("sum_time_spent"),
        sum("nb_hits_following_search"),
        ("no_result".into(), Join::Min),
        sum("entry_nb_uniq_visitors"),
        sum("entry_nb_visits"),
        sum("entry_nb_actions"),
        sum("entry_sum_visit_length"),
        sum("entry_bounce_count"),
        sum("exit_nb_uniq_visitors"),
        sum("exit_nb_visits"),
    ];
    if of.is_page() {
        columns.extend(TIMINGS.into_iter().flat_map(Timing::columns));
    }
    columns
}

/// What is asked of the actions themselves.
struct Done {
    query: Query,
    /// Whether it is asked what followed a search.
    has_search: bool,
    /// How many columns stand before the timings.
    measured: usize,
}

/// How often and in how many visits things were done, and how long pages took to load where that is wanted.
fn done(reader: &Reader, slice: &Slice, of: Actions, timed: bool) -> Result<Done, Error> {
    let mut query = slice.query(Fact::Hits);
    query.filter = reader.segment_filter(slice)?.and(of.condition());
    query.keys = vec![Key::Column(of.column())];
    let after_search = Filter::is(hit("ref_kind"), ActionKind::Search as i64);
    query.measures = vec![
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_hits", Aggregate::Count),
    ];
    let has_search = slice.site.search.enabled;
    if has_search {
        query.measures.push(Measure::new("following", Aggregate::Count).only(after_search));
    }
    match of {
        Actions::Keywords => query.measures.push(Measure::new("most_results", Aggregate::Max(hit("search_count")))),
        Actions::Titles => {}
        _ => query.measures.extend([
            Measure::new("least_prefix", Aggregate::Min(hit("url_prefix"))),
            Measure::new("most_prefix", Aggregate::Max(hit("url_prefix"))),
        ]),
    }
    let measured = query.keys.len() + query.measures.len();
    if timed {
        query.measures.extend(timing_measures());
    }
    query.order = vec![Order::Measure { name: "nb_hits".into(), descending: true }];
    Ok(Done { query, has_search, measured })
}

/// Makes the rows, and counts what was done.
async fn add_actions(
    reader: &Reader,
    slice: &Slice,
    of: Actions,
    done: &Done,
    answer: Rows,
    tree: &mut Tree,
    places: &mut Places,
) -> Result<(), Error> {
    let Done { query, has_search, measured } = done;
    let rules = rules(reader);
    if reader.sums_days(slice) {
        // Where days are added up, rows are numbered in the order of the first days they have.
        for text in addresses::day_by_day(reader, slice, &query.filter, of.column()).await? {
            row_of(of, &text, rules, tree);
        }
    }
    let mut addresses = Vec::new();
    let unnamed = Text::from("");
    // As soon as any page was timed, every page shows how many of its views were.
    let any_timed = answer.rows.iter().any(|row| is_timed(&row[*measured..]));
    for row in answer.rows {
        let (row, timings) = row.split_at(*measured);
        let text = row[0].as_str().unwrap_or_default();
        let Some(at) = row_of(of, text, rules, tree) else {
            continue;
        };
        match &row[0] {
            Value::Text(text) if !text.is_empty() => {
                places.by_text.insert(Arc::clone(text), at);
            }
            _ => places.unnamed = Some(at),
        }
        tree.add(at, VISITS, &row[1..4]);
        tree.add(at, TIME_SPENT, &[Value::Int(0)]);
        if *has_search {
            tree.add(at, FOLLOWING, &row[4..5]);
        }
        let last = row.last();
        match of {
            Actions::Keywords => {
                let nothing = last.and_then(Value::as_i64) == Some(0);
                tree.add(at, NO_RESULT, &[Value::Int(i64::from(nothing))]);
            }
            Actions::Titles => {
                if !text.is_empty() {
                    tree.set_metadata(at, "page_title_path", Value::text(text));
                }
            }
            _ => {
                let least = row.len().checked_sub(2).and_then(|at| row[at].as_i64());
                let text = match &row[0] {
                    Value::Text(text) => text,
                    _ => &unnamed,
                };
                addresses.push(Address { at, text: Text::clone(text), prefixes: (least, last.and_then(Value::as_i64)) });
            }
        }
        if is_timed(timings) {
            tree.add(at, TIMED, timings);
        } else if any_timed {
            for timing in 0..TIMINGS.len() {
                tree.add(at, TIMED + timing * 4, &[Value::Int(0), Value::Int(0)]);
            }
        }
    }
    if addresses.is_empty() { Ok(()) } else { addresses::set(reader, slice, &query.filter, tree, &addresses).await }
}

/// The row of an action's text, below the rows of its folders.
fn row_of(of: Actions, text: &str, rules: PathRules<'_>, tree: &mut Tree) -> Option<Place> {
    let path = match of {
        Actions::Titles => action_path::of_title(text, rules),
        Actions::Keywords => vec![text.to_owned()],
        _ => action_path::of_url(text, of.kind(), rules),
    };
    tree.row_of(path.iter().map(String::as_str))
}

/// A URL with what was cut before it put back.
pub fn full_url(text: &str, prefix: Option<i64>) -> String {
    let prefix = match prefix {
        Some(0) => "http://",
        Some(1) => "http://www.",
        Some(2) => "https://",
        Some(3) => "https://www.",
        _ => "",
    };
    format!("{prefix}{text}")
}

/// Where visits began, and where they ended.
fn ends(reader: &Reader, slice: &Slice, of: Actions) -> Result<[Query; 2], Error> {
    let (entry, exit, _) = of.ends();
    let segment = reader.segment_filter(slice)?;
    let kind = of.kind() as i64;
    let mut began = slice.query(Fact::Visits);
    began.filter = segment.clone().and(end_filter(of, entry, "entry_kind", kind));
    (began.keys, began.any_order) = (vec![Key::Column(entry)], true);
    began.measures = vec![
        Measure::new("uniq", Aggregate::DailyVisitors),
        Measure::new("visits", Aggregate::Count),
        Measure::new("actions", Aggregate::Sum(column("actions"))),
        Measure::new("length", Aggregate::Sum(column("duration"))),
        Measure::new("bounces", Aggregate::Count).only(visits::single_action()),
    ];
    let mut ended = began.clone();
    ended.filter = segment.and(end_filter(of, exit, "exit_kind", kind));
    ended.keys = vec![Key::Column(exit)];
    ended.measures.truncate(2);
    Ok([began, ended])
}

/// Visits that began or ended with such an action.
fn end_filter(of: Actions, text: Column, kind_column: &str, kind: i64) -> Filter {
    let is_set = Filter::test(Key::Column(text), Op::IsNot, vec![Value::Null]);
    match of {
        Actions::Titles | Actions::Keywords => is_set.and(Filter::is(column(kind_column), kind)),
        _ => is_set,
    }
}

/// Time spent is known when the next action comes: it belongs to the action before.
fn time_spent(reader: &Reader, slice: &Slice, of: Actions) -> Result<Query, Error> {
    let (_, _, before) = of.ends();
    let mut query = slice.query(Fact::Hits);
    let no_event = Filter::is(hit("kind"), ActionKind::Event as i64).negated();
    let spent = Filter::test(Key::Column(hit("time_spent")), Op::Greater, vec![Value::Int(0)]);
    query.filter = reader.segment_filter(slice)?.and(spent).and(no_event).and(Filter::test(
        Key::Column(before),
        Op::IsNot,
        vec![Value::Null],
    ));
    if matches!(of, Actions::Titles | Actions::Keywords) {
        query.filter = query.filter.and(Filter::is(hit("ref_kind"), of.kind() as i64));
    }
    (query.keys, query.any_order) = (vec![Key::Column(before)], true);
    query.measures = vec![Measure::new("spent", Aggregate::Sum(hit("time_spent")))];
    Ok(query)
}

/// Whether what was measured by [`timing_measures`] holds any timing.
fn is_timed(timings: &[Value]) -> bool {
    timings.iter().skip(1).step_by(4).any(|hits| hits.as_i64().unwrap_or_default() > 0)
}

/// The sum, number, least and most of every timing, in the order of [`TIMINGS`].
pub fn timing_measures() -> impl Iterator<Item = Measure> {
    TIMINGS.into_iter().flat_map(|timing| {
        let column = hit(timing.name);
        let known = Filter::test(Key::Column(column), Op::IsNot, vec![Value::Null]);
        [
            Measure::new(timing.sum, Aggregate::Sum(column)),
            Measure::new(timing.hits, Aggregate::Count).only(known),
            Measure::new(timing.least, Aggregate::Min(column)),
            Measure::new(timing.most, Aggregate::Max(column)),
        ]
    })
}

/// Page views with any timing.
pub fn has_timing() -> Filter {
    Filter::Or(TIMINGS.iter().map(|timing| Filter::test(Key::Column(hit(timing.name)), Op::IsNot, vec![Value::Null])).collect())
}

/// What remains to be done to the rows: sums that mean nothing go, timings become seconds, folders know their address.
fn finish(reader: &Reader, slice: &Slice, of: Actions, table: &mut DataTable) {
    let is_timed = |timing: &Timing| table.rows.iter().filter_map(|row| row.number(timing.sum)).sum::<f64>() > 0.0;
    let (timed, untimed): (Vec<Timing>, Vec<Timing>) = TIMINGS.into_iter().partition(is_timed);
    parts::each_part(&mut table.rows, |rows| {
        let mut texts = FxHashMap::default();
        let mut finish = |row: &mut Row| {
            finish_row(row, of);
            if !untimed.is_empty() {
                row.columns.retain(|(name, _)| !untimed.iter().any(|timing| timing.has(name)));
            }
            timed.iter().for_each(|timing| timing.in_seconds(row, &mut texts));
        };
        rows.iter_mut().for_each(|row| row.each(&mut finish));
    });
    match of {
        Actions::Urls => {
            let main = slice.site.urls.first().map_or("", String::as_str);
            let start = format!("{}/", main.trim_end_matches('/'));
            set_folders(table, "folder_url_start", &start, "/");
        }
        Actions::Titles => {
            let delimiter = &reader.sites.settings.title_delimiter;
            set_folders(table, "page_title_path", "", delimiter);
        }
        _ => {}
    }
}

/// Takes the timings away that no row of a table has, also from the rows below. Sums of them are seconds by now.
pub fn forget_untimed(table: &mut DataTable) {
    let is_timed = |timing: &Timing| table.rows.iter().filter_map(|row| row.number(timing.sum)).sum::<f64>() > 0.0;
    let untimed: Vec<Timing> = TIMINGS.into_iter().filter(|timing| !is_timed(timing)).collect();
    if !untimed.is_empty() {
        table.each_row(&mut |row| row.columns.retain(|(name, _)| !untimed.iter().any(|timing| timing.has(name))));
    }
}

fn finish_row(row: &mut Row, of: Actions) {
    let is_folder = row.subtable_id.is_some();
    if is_folder {
        for name in [
            "nb_uniq_visitors",
            "sum_daily_nb_uniq_visitors",
            "entry_nb_uniq_visitors",
            "sum_daily_entry_nb_uniq_visitors",
            "exit_nb_uniq_visitors",
            "sum_daily_exit_nb_uniq_visitors",
        ] {
            row.remove(name);
        }
    }
    if of == Actions::Keywords {
        row.columns.retain(|(name, _)| {
            !name.ends_with("uniq_visitors") && !name.starts_with("entry_") && name != "nb_hits_following_search"
        });
    } else {
        row.remove("no_result");
        if row.number("nb_hits_following_search") == Some(0.0) {
            row.remove("nb_hits_following_search");
        }
    }
}

fn set_folders(table: &mut DataTable, name: &'static str, prefix: &str, separator: &str) {
    for row in &mut table.rows {
        let path = format!("{prefix}{}", row.label());
        if row.subtable_id.is_some() {
            row.set_metadata(name, Value::text(&path));
        }
        if let Some(below) = &mut row.subtable {
            set_folders(below, name, &format!("{path}{separator}"), separator);
        }
    }
}

/// Adds up rows that are the same but for their folder; used where tables are looked into by label.
pub fn merge(into: &mut Row, other: &Row) {
    calculate::sum_rows(into, other);
}
