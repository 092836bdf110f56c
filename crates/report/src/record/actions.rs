//! What was done: pages, titles, downloads, links and searches, with where visits began and ended and how long was stayed.

use footfall_model::{
    ActionKind, Aggregate, Column, DataTable, Error, Fact, Filter, HitRow, Key, Measure, Name, Op, Order, Query, Row, Rows, Text,
    Value,
};
use futures::try_join;
use rustc_hash::FxHashMap;

use super::{
    action_path::{self, PathRules},
    addresses::{self, Address},
    beside::Beside,
    page_goals,
    timings::{self, TIMINGS, Timed, Timing, timing_measures},
    tree::{Join, Place, Tree},
    visits::{column, name_in},
};
use crate::{First, Reader, Slice, calculate, parts};

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
    pub(super) fn condition(self) -> Filter {
        let kind = |kind: ActionKind| Filter::is(hit("kind"), kind as i64);
        let has_url = |op| Filter::test(Key::Column(hit("url")), op, vec![Value::Null]);
        match self {
            Actions::Urls => {
                let kinds = [ActionKind::PageView, ActionKind::Download, ActionKind::Outlink].map(|kind| Value::Int(kind as i64));
                let is_page = Filter::Or(vec![kind(ActionKind::PageView), has_url(Op::Is)]);
                Filter::test(Key::Column(hit("kind")), Op::Is, kinds.to_vec()).and(is_page)
            }
            Actions::Downloads | Actions::Outlinks => kind(self.kind()).and(has_url(Op::IsNot)),
            Actions::Titles | Actions::Keywords => kind(self.kind()),
        }
    }

    fn is_page(self) -> bool {
        matches!(self, Actions::Urls | Actions::Titles)
    }

    /// The column that tells these actions apart.
    pub(super) fn column(self) -> Column {
        hit(match self {
            Actions::Titles => "title",
            Actions::Keywords => "search_keyword",
            _ => "url",
        })
    }

    /// The columns of visits and hits that name such an action as the first, the last, or the one before.
    pub(super) fn ends(self) -> (Column, Column, Column) {
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

const VISITS: usize = 0;

const HITS: usize = 2;
const TIME_SPENT: usize = 3;
const FOLLOWING: usize = 4;
const NO_RESULT: usize = 5;
const TIMED: usize = 6;
const ENTRY: usize = TIMED + 4 * TIMINGS.len();
const EXIT: usize = ENTRY + 5;

/// Columns that every row has, as it was counted.
const COUNTED: [&str; 2] = ["nb_visits", "nb_hits"];
/// So many texts are named in a question at most.
const MOST_NUMBERS: usize = 1_000;

/// Which rows of a table of actions have a part in the answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    /// Whether of rows below rows it is only told that there are some.
    pub only_top: bool,
    /// Whether the table is going to be made flat.
    pub flat: bool,
    /// The rows that are left after it was sorted.
    pub first: Option<&'a First>,
}

/// The table of some actions, with rows for their folders or hosts.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn table(reader: &Reader, slice: &Slice, of: Actions, shown: Shown<'_>) -> Result<DataTable, Error> {
    let mut tree = Tree::new(columns(slice)).without_goal_sums();
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
    let all = Beside { reader, slice, of, numbers: None };
    // Where it is known early which few rows are shown, nothing else is asked of the others.
    let early = shown.first.filter(|first| shown.flat && COUNTED.contains(&first.column.as_str()));
    let mut done = done(reader, slice, of, of.is_page() && early.is_none())?;
    // What pages have to do with goals is worked out page by page.
    done.only_top = shown.only_top && !page_goals::are_told(slice);
    let (rows, whole) = match early {
        Some(_) => (reader.ask(&done.query).await?, None),
        // The store has something to do for one question while the answer to another is read.
        None => {
            let (rows, ends, spent) = try_join!(reader.ask(&done.query), all.ends(!shown.only_top), all.spent())?;
            (rows, Some((ends, spent)))
        }
    };
    let addresses = add_actions(reader, slice, of, &done, rows, &mut tree, &mut places).await?;
    if places.is_empty() {
        return Ok(DataTable::default());
    }
    let mut timed = None;
    let (ends, spent) = match whole {
        Some(whole) => whole,
        None => {
            early.into_iter().for_each(|first| tree.keep_first(first, true));
            let few = Beside { numbers: few(&places, |at| tree.is_shown(at)), ..all };
            if of.is_page() {
                timed = Some(add_timings(&few.timings().await?, &mut tree, &places));
            }
            try_join!(few.ends(true), few.spent())?
        }
    };
    let [began, ended] = ends;
    each_place(&began, &places, |at, row| {
        tree.add(at, ENTRY + 1, &row[..4]);
        tree.add(at, ENTRY, &row[4..]);
    });
    each_place(&ended, &places, |at, row| {
        tree.add(at, EXIT + 1, &row[..1]);
        tree.add(at, EXIT, &row[1..]);
    });
    each_place(&spent, &places, |at, row| tree.add(at, TIME_SPENT, row));
    if shown.only_top {
        // Rows with rows below do not tell their visitors.
        let told = Beside { numbers: few(&places, |at| tree.is_alone(at)), reader, slice, of };
        if told.numbers.as_ref().is_none_or(|numbers| !numbers.is_empty()) {
            let [began, ended] = told.visitors().await?;
            each_place(&began, &places, |at, row| tree.add(at, ENTRY, row));
            each_place(&ended, &places, |at, row| tree.add(at, EXIT, row));
        }
    }
    if of.is_page() {
        page_goals::add(reader, slice, of == Actions::Urls, &mut tree, &places).await?;
    }
    tree.sum_up();
    let timed = timed.unwrap_or_else(|| {
        let roots = tree.roots();
        Timed::of(|index| roots.iter().filter_map(|at| tree.value(*at, TIMED + index * 4).as_i64()).max())
    });
    if shown.only_top {
        tree.keep_top();
    }
    if let Some(first) = shown.first.filter(|first| early.is_none() && COUNTED.contains(&first.column.as_str())) {
        tree.keep_first(first, shown.flat);
    }
    addresses::set(reader, slice, &done.query.filter, &mut tree, &addresses).await?;
    let mut table = tree.into_table();
    finish(reader, slice, of, &timed, &mut table);
    Ok(table)
}

/// The numbers of the texts of some rows; `None` where they are too many to name them.
fn few(places: &Places, wanted: impl Fn(Place) -> bool) -> Option<Vec<i64>> {
    let numbers: Vec<i64> =
        places.iter().filter(|(_, at)| wanted(**at)).map(|(number, _)| *number).take(MOST_NUMBERS + 1).collect();
    (numbers.len() <= MOST_NUMBERS).then_some(numbers)
}

/// Hands over what was answered about rows that are there: what was not done in the slice itself has no row and is passed over.
fn each_place(answer: &Rows, places: &Places, mut take: impl FnMut(Place, &[Value])) {
    for row in &answer.rows {
        if let Some(at) = row[0].as_i64().and_then(|number| places.get(&number)) {
            take(*at, &row[1..]);
        }
    }
}

/// How long the pages took to load that were asked about; of all pages it is known which timings they have.
fn add_timings([whole, each]: &[Rows; 2], tree: &mut Tree, places: &Places) -> Timed {
    let whole = whole.rows.first().map_or(&[][..], Vec::as_slice);
    let any_timed = timings::is_timed(whole);
    each_place(each, places, |at, timings| timings::add(tree, at, TIMED, timings, any_timed));
    Timed::of(|index| whole.get(index * 4)?.as_i64())
}

/// How many such actions there were, in how many visits, row by row of the top level.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn counts(reader: &Reader, slice: &Slice, of: Actions) -> Result<(i64, i64, i64), Error> {
    let mut tree = Tree::new(columns(slice));
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

/// Where the rows of actions are, by the number of their text.
pub type Places = FxHashMap<i64, Place>;

fn columns(slice: &Slice) -> Vec<(Name, Join)> {
    let period = slice.period;
    let sum = |name: &'static str| (name_in(period, name), Join::Sum);
    let mut columns = vec![
        sum("nb_visits"),
        sum("nb_uniq_visitors"),
        sum("nb_hits"),
        sum("sum_time_spent"),
        sum("nb_hits_following_search"),
        ("no_result".into(), Join::Min),
    ];
    columns.extend(TIMINGS.into_iter().flat_map(Timing::columns));
    columns.extend(
        [
            "entry_nb_uniq_visitors",
            "entry_nb_visits",
            "entry_nb_actions",
            "entry_sum_visit_length",
            "entry_bounce_count",
            "exit_nb_uniq_visitors",
            "exit_nb_visits",
        ]
        .map(sum),
    );
    columns
}

/// What is asked of the actions themselves.
struct Done {
    query: Query,
    /// Whether it is asked what followed a search.
    has_search: bool,
    /// How many columns stand before the timings.
    measured: usize,
    /// Whether no rows are made below those at the top and their folders: they are only added up.
    only_top: bool,
}

/// How often and in how many visits things were done, and how long pages took to load where that is wanted.
fn done(reader: &Reader, slice: &Slice, of: Actions, timed: bool) -> Result<Done, Error> {
    let mut query = slice.query(Fact::Hits);
    query.filter = reader.segment_filter(slice)?.and(of.condition());
    query.keys = vec![Key::Column(of.column()), Key::Number(of.column())];
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
    Ok(Done { query, has_search, measured, only_top: false })
}

/// Makes the rows, and counts what was done; gives the addresses that were met.
async fn add_actions(
    reader: &Reader,
    slice: &Slice,
    of: Actions,
    done: &Done,
    answer: Rows,
    tree: &mut Tree,
    places: &mut Places,
) -> Result<Vec<Address>, Error> {
    let Done { query, has_search, measured, only_top } = done;
    let rules = rules(reader);
    if reader.sums_days(slice) {
        // Where days are added up, rows are numbered in the order of the first days they have.
        for text in addresses::day_by_day(reader, slice, &query.filter, of.column()).await? {
            tree.row_of(path(of, &text, rules).iter().map(String::as_str));
        }
    }
    let mut addresses = Vec::new();
    let unnamed = Text::from("");
    // As soon as any page was timed, every page shows how many of its views were.
    let any_timed = answer.rows.iter().any(|row| timings::is_timed(&row[*measured..]));
    for row in answer.rows {
        let (row, timings) = row.split_at(*measured);
        let text = row[0].as_str().unwrap_or_default();
        let path = path(of, text, rules);
        let is_made = !*only_top || path.len() == 1;
        let at = if is_made { tree.row_of(path.iter().map(String::as_str)) } else { tree.row_above(&path) };
        let Some(at) = at else {
            continue;
        };
        places.insert(row[1].as_i64().unwrap_or_default(), at);
        tree.add(at, VISITS, &row[2..5]);
        tree.add(at, TIME_SPENT, &[Value::Int(0)]);
        if *has_search {
            tree.add(at, FOLLOWING, &row[5..6]);
        }
        let last = row.last();
        match of {
            Actions::Keywords => {
                let nothing = last.and_then(Value::as_i64) == Some(0);
                tree.add(at, NO_RESULT, &[Value::Int(i64::from(nothing))]);
            }
            Actions::Titles => {
                if let Value::Text(text) = &row[0]
                    && is_made
                    && !text.is_empty()
                {
                    tree.set_metadata(at, "page_title_path", Value::Text(Text::clone(text)));
                }
            }
            _ if !is_made => {}
            _ => {
                let least = row.len().checked_sub(2).and_then(|at| row[at].as_i64());
                let text = match &row[0] {
                    Value::Text(text) => text,
                    _ => &unnamed,
                };
                addresses.push(Address { at, text: Text::clone(text), prefixes: (least, last.and_then(Value::as_i64)) });
            }
        }
        timings::add(tree, at, TIMED, timings, any_timed);
    }
    Ok(addresses)
}

/// The labels, from the top down, of an action's text.
fn path(of: Actions, text: &str, rules: PathRules<'_>) -> Vec<String> {
    match of {
        Actions::Titles => action_path::of_title(text, rules),
        Actions::Keywords => vec![text.to_owned()],
        _ => action_path::of_url(text, of.kind(), rules),
    }
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

/// What remains to be done to the rows: sums that mean nothing go, timings become seconds, folders know their address.
fn finish(reader: &Reader, slice: &Slice, of: Actions, timed: &Timed, table: &mut DataTable) {
    parts::each_part(&mut table.rows, |rows| {
        let mut texts = FxHashMap::default();
        let mut finish = |row: &mut Row| {
            finish_row(row, of);
            if !timed.unknown.is_empty() {
                row.columns.retain(|(name, _)| !timed.unknown.iter().any(|timing| timing.has(name)));
            }
            timed.known.iter().for_each(|timing| timing.in_seconds(row, &mut texts));
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
