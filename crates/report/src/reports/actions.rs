//! What visitors did on the pages.

use std::collections::HashSet;

use footfall_model::{
    Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Op, PeriodKind, Row, Site, Sites, Text, TimePart, Unit, Value,
};

use crate::{
    Ask, Limited, Processed, Report, calculate, parts,
    record::{
        action_path::{self, INDEX, NO_TITLE, NO_URL},
        actions::{self, Actions, Shown, hit},
        breakdown::{encode, escaped, is_sent},
        timings,
        tree::{Join, Tree},
        visits::name_in,
    },
};

const ACTIONS: Report = Report {
    module: "Actions",
    category: "General_Actions",
    processed_names: &[],
    separator: "/",
    limited: Limited::Actions,
    ..Report::BASE
};

const PAGES: Report = Report {
    metrics: &["nb_hits", "nb_visits"],
    processed: &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE],
    root_processed: &PERFORMANCE,
    has_goals: true,
    ..ACTIONS
};

const URLS: Report = Report { dimension: Some("Page URL"), dimension_id: "Actions.PageUrl", segment: "pageUrl", ..PAGES };

const TITLES: Report = Report { dimension: Some("Page Title"), dimension_id: "Actions.PageTitle", segment: "pageTitle", ..PAGES };

/// Actions in numbers.
pub const GET: Report = Report {
    action: "get",
    title: "Actions - Main metrics",
    doc: "How many pages, downloads, outlinks and searches there were.",
    order: 1,
    metrics: &[
        "nb_pageviews",
        "nb_uniq_pageviews",
        "nb_downloads",
        "nb_uniq_downloads",
        "nb_outlinks",
        "nb_uniq_outlinks",
        "nb_searches",
        "nb_keywords",
    ],
    make: |ask| Box::pin(get(ask)),
    ..ACTIONS
};

/// Pages by URL, in their folders.
pub const PAGE_URLS: Report = Report {
    action: "getPageUrls",
    title: "Page URLs",
    doc: "The pages that were viewed, in their folders.",
    subcategory: "General_Pages",
    subtable: Some("getPageUrls"),
    order: 2,
    make: |ask| Box::pin(of(ask, Actions::Urls, Keep::All)),
    ..URLS
};

/// Pages visits began with.
pub const ENTRY_URLS: Report = Report {
    action: "getEntryPageUrls",
    title: "Entry pages",
    doc: "The pages with which visits began.",
    subcategory: "Actions_SubmenuPagesEntry",
    dimension: Some("Entry Page URL"),
    dimension_id: "Actions.EntryPageUrl",
    segment: "entryPageUrl",
    subtable: Some("getEntryPageUrls"),
    metrics: &["entry_nb_visits", "entry_bounce_count"],
    order: 3,
    make: |ask| Box::pin(of(ask, Actions::Urls, Keep::Entries)),
    ..URLS
};

/// Pages visits ended with.
pub const EXIT_URLS: Report = Report {
    action: "getExitPageUrls",
    title: "Exit pages",
    doc: "The pages with which visits ended.",
    subcategory: "Actions_SubmenuPagesExit",
    dimension: Some("Exit Page URL"),
    dimension_id: "Actions.ExitPageUrl",
    segment: "exitPageUrl",
    subtable: Some("getExitPageUrls"),
    metrics: &["exit_nb_visits", "nb_visits"],
    has_goals: false,
    order: 4,
    make: |ask| Box::pin(of(ask, Actions::Urls, Keep::Exits)),
    ..URLS
};

/// Pages by title.
pub const PAGE_TITLES: Report = Report {
    action: "getPageTitles",
    title: "Page titles",
    doc: "The pages that were viewed, by their titles.",
    subcategory: "Actions_SubmenuPageTitles",
    subtable: Some("getPageTitles"),
    order: 5,
    make: |ask| Box::pin(of(ask, Actions::Titles, Keep::All)),
    ..TITLES
};

/// Titles of pages visits began with.
pub const ENTRY_TITLES: Report = Report {
    action: "getEntryPageTitles",
    title: "Entry page titles",
    doc: "The titles of the pages with which visits began.",
    subcategory: "Actions_SubmenuPagesEntry",
    dimension: Some("Entry Page title"),
    dimension_id: "Actions.EntryPageTitle",
    segment: "entryPageTitle",
    subtable: Some("getEntryPageTitles"),
    metrics: &["entry_nb_visits", "entry_bounce_count"],
    order: 6,
    make: |ask| Box::pin(of(ask, Actions::Titles, Keep::Entries)),
    ..TITLES
};

/// Titles of pages visits ended with.
pub const EXIT_TITLES: Report = Report {
    action: "getExitPageTitles",
    title: "Exit page titles",
    doc: "The titles of the pages with which visits ended.",
    subcategory: "Actions_SubmenuPagesExit",
    dimension: Some("Exit Page Title"),
    dimension_id: "Actions.ExitPageTitle",
    segment: "exitPageTitle",
    subtable: Some("getExitPageTitles"),
    metrics: &["exit_nb_visits", "nb_visits"],
    has_goals: false,
    order: 7,
    make: |ask| Box::pin(of(ask, Actions::Titles, Keep::Exits)),
    ..TITLES
};

/// Links to other sites that were followed.
pub const OUTLINKS: Report = Report {
    action: "getOutlinks",
    title: "Outlinks",
    doc: "The links to other sites that were followed, by host.",
    subcategory: "General_Outlinks",
    dimension: Some("Clicked Outlink"),
    dimension_id: "Actions.ClickedUrl",
    segment: "outlinkUrl",
    subtable: Some("getOutlinks"),
    metrics: &["nb_visits", "nb_hits"],
    order: 8,
    make: |ask| Box::pin(of(ask, Actions::Outlinks, Keep::All)),
    ..ACTIONS
};

/// Files that were fetched.
pub const DOWNLOADS: Report = Report {
    action: "getDownloads",
    title: "Downloads",
    doc: "The files that were fetched, by host.",
    subcategory: "General_Downloads",
    dimension: Some("Download URL"),
    dimension_id: "Actions.DownloadUrl",
    segment: "downloadUrl",
    subtable: Some("getDownloads"),
    metrics: &["nb_visits", "nb_hits"],
    order: 9,
    make: |ask| Box::pin(of(ask, Actions::Downloads, Keep::All)),
    ..ACTIONS
};

const SEARCHES: Report = Report {
    subcategory: "Actions_SubmenuSitesearch",
    dimension: Some("Keyword"),
    dimension_id: "Actions.Keyword",
    segment: "siteSearchKeyword",
    metrics: &["nb_visits", "nb_pages_per_search"],
    processed: &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE],
    ..ACTIONS
};

/// What was searched for on the site.
pub const KEYWORDS: Report = Report {
    action: "getSiteSearchKeywords",
    title: "Site Search Keywords",
    doc: "What was searched for with the site's own search.",
    order: 15,
    make: |ask| Box::pin(keywords(ask, false)),
    limited: Limited::SiteSearch,
    ..SEARCHES
};

/// What was searched for and not found.
pub const NO_RESULT_KEYWORDS: Report = Report {
    action: "getSiteSearchNoResultKeywords",
    title: "Search Keywords with No Results",
    doc: "What was searched for with the site's own search and had no results.",
    dimension: Some("Keyword with No Search Result"),
    dimension_id: "Actions.KeywordwithNoSearchResult",
    order: 18,
    make: |ask| Box::pin(keywords(ask, true)),
    limited: Limited::SiteSearch,
    ..SEARCHES
};

/// Where on the site it was searched.
pub const CATEGORIES: Report = Report {
    action: "getSiteSearchCategories",
    title: "Search Categories",
    doc: "The parts of the site that were searched.",
    dimension: Some("Search Category"),
    dimension_id: "Actions.SearchCategory",
    segment: "siteSearchCategory",
    metrics: &["nb_visits", "nb_pages_per_search", "exit_rate"],
    processed: &[],
    order: 20,
    make: |ask| Box::pin(categories(ask)),
    queued: &[|table, _| {
        for row in &mut table.rows {
            row.remove("nb_uniq_visitors");
        }
    }],
    limited: Limited::SiteSearch,
    ..SEARCHES
};

/// Pages that were opened after a search.
pub const URLS_AFTER_SEARCH: Report = Report {
    action: "getPageUrlsFollowingSiteSearch",
    title: "Pages Following a Site Search",
    doc: "The pages that were opened right after a search.",
    subcategory: "Actions_SubmenuSitesearch",
    dimension: Some("Destination Page"),
    dimension_id: "Actions.DestinationPage",
    segment: "",
    subtable: Some("getPageUrlsFollowingSiteSearch"),
    metrics: &["nb_hits_following_search", "nb_hits"],
    processed: &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE],
    has_goals: false,
    order: 16,
    make: |ask| Box::pin(of(ask, Actions::Urls, Keep::AfterSearch)),
    ..URLS
};

/// Titles of pages that were opened after a search.
pub const TITLES_AFTER_SEARCH: Report = Report {
    action: "getPageTitlesFollowingSiteSearch",
    title: "Page Titles Following a Site Search",
    doc: "The titles of the pages that were opened right after a search.",
    subcategory: "Actions_SubmenuSitesearch",
    dimension: Some("Destination Page"),
    dimension_id: "Actions.DestinationPage",
    segment: "",
    subtable: Some("getPageTitlesFollowingSiteSearch"),
    metrics: &["nb_hits_following_search", "nb_hits"],
    processed: &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE],
    has_goals: false,
    order: 19,
    make: |ask| Box::pin(of(ask, Actions::Titles, Keep::AfterSearch)),
    ..TITLES
};

macro_rules! single {
    ($($name:ident $action:literal $of:ident $processed:expr;)*) => {$(
        #[doc = concat!("The one row that Matomo's `", $action, "` looks for.")]
        pub const $name: Report = Report {
            action: $action,
            is_hidden: true,
            one_period_a_site: true,
            sort: "",
            processed: $processed,
            make: |ask| Box::pin(one(ask, Actions::$of)),
            ..ACTIONS
        };
    )*};
}
single! {
    PAGE_URL "getPageUrl" Urls &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE];
    PAGE_TITLE "getPageTitle" Titles &[TIME_ON_PAGE, BOUNCE_RATE, EXIT_RATE];
    DOWNLOAD "getDownload" Downloads &[];
    OUTLINK "getOutlink" Outlinks &[];
}

/// Seconds a page was looked at.
pub const TIME_ON_PAGE: Processed = Processed::new(
    "avg_time_on_page",
    "Avg. time on page",
    "How long visitors stayed on the page on average.",
    Unit::Seconds,
    &["sum_time_spent", "nb_hits"],
    |row| calculate::ratio(row, "sum_time_spent", "nb_hits", 0),
);

/// Visits that ended with the page they began with, as a share of those that began with it.
pub const BOUNCE_RATE: Processed = Processed::new(
    "bounce_rate",
    "Bounce Rate",
    "The share of visits that began with this page and ended without another action.",
    Unit::Percent,
    &["entry_bounce_count", "entry_nb_visits"],
    |row| calculate::ratio(row, "entry_bounce_count", "entry_nb_visits", 2),
);

/// Visits that ended with the page, as a share of those that saw it.
pub const EXIT_RATE: Processed = Processed::new(
    "exit_rate",
    "Exit rate",
    "The share of visits that ended with this page.",
    Unit::Percent,
    &["exit_nb_visits", "nb_visits"],
    |row| calculate::ratio(row, "exit_nb_visits", "nb_visits", 2),
);

macro_rules! timing {
    ($name:literal, $title:literal, $doc:literal) => {
        Processed {
            temporary: &[concat!("sum_time_", $name)],
            ..Processed::new(
                concat!("avg_time_", $name),
                $title,
                $doc,
                Unit::Seconds,
                &[concat!("sum_time_", $name), concat!("nb_hits_with_time_", $name)],
                |row| {
                    row.get(concat!("sum_time_", $name))?;
                    calculate::ratio(row, concat!("sum_time_", $name), concat!("nb_hits_with_time_", $name), 3)
                },
            )
        }
    };
}

/// How long pages took to load, part by part and in all.
pub const PERFORMANCE: [Processed; 7] = [
    timing!("network", "Avg. network time", "How long it took to reach the server."),
    timing!("server", "Avg. server time", "How long the server took to begin its answer."),
    timing!("transfer", "Avg. transfer time", "How long the browser took to receive the answer."),
    timing!(
        "dom_processing",
        "Avg. DOM processing time",
        "How long the browser took from having the page until it could be used."
    ),
    timing!("dom_completion", "Avg. DOM completion time", "How long the browser took to load what the page refers to."),
    timing!("on_load", "Avg. on load time", "How long scripts ran that wait for the page."),
    Processed::new(
        "avg_page_load_time",
        "Avg. page load time",
        "How long it took from asking for a page until it was there.",
        Unit::Seconds,
        timings::TIMING_AVERAGES,
        |row| {
            let sum: f64 = timings::TIMINGS.iter().filter_map(|timing| row.number(timing.average)).sum();
            Some(crate::number::number(crate::number::round(sum, 9)))
        },
    ),
];

/// Which rows of a table are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    All,
    Entries,
    Exits,
    AfterSearch,
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut columns = Vec::new();
    let count = async |of| actions::counts(ask.reader, ask.slice, of).await;
    for (of, hits, visits) in [
        (Actions::Urls, "nb_pageviews", "nb_uniq_pageviews"),
        (Actions::Downloads, "nb_downloads", "nb_uniq_downloads"),
        (Actions::Outlinks, "nb_outlinks", "nb_uniq_outlinks"),
        (Actions::Keywords, "nb_searches", "nb_keywords"),
    ] {
        let (n_hits, n_visits, n_rows) =
            if of == Actions::Keywords && !ask.slice.site.search.enabled { (0, 0, 0) } else { count(of).await? };
        let second = if of == Actions::Keywords { n_rows } else { n_visits };
        columns.push((hits.into(), Cell::from(n_hits)));
        columns.push((visits.into(), Cell::from(second)));
    }
    let wanted = &ask.options.columns;
    if !wanted.is_empty() {
        columns.retain(|(name, _): &(footfall_model::Name, Cell)| wanted.iter().any(|column| column == name));
    }
    Ok(DataTable::simple(columns))
}

async fn of(ask: &Ask<'_>, of: Actions, keep: Keep) -> Result<DataTable, Error> {
    // Whether tables are too long hangs on those below too.
    let is_whole = ask.options.subtable.is_none() && ask.reader.settings.row_limits.is_none();
    let first = ask.options.first.as_ref().filter(|_| is_whole && keep == Keep::All && ask.options.depth.is_none());
    // Pages after a search are not made flat before those that follow none are left out, nor is it told how deep they go.
    let flat = ask.options.flat && keep != Keep::AfterSearch;
    let shown = Shown { only_top: ask.options.only_top && is_whole, flat, first };
    let mut table = actions::table(ask.reader, ask.slice, of, shown).await?;
    if ask.options.subtable.is_some() {
        table = ask.below(table).1;
        timings::forget_untimed(&mut table);
    }
    if let Some(depth) = ask.options.depth.filter(|depth| *depth > 0 && keep == Keep::All && of == Actions::Urls) {
        cut_below(&mut table, depth);
    }
    parts::each_part(&mut table.rows, |rows| finish(ask, of, rows));
    retain(&mut table, keep, ask.options.expanded && !ask.options.flat || ask.options.flat && !flat);
    if keep != Keep::All {
        timings::forget_untimed(&mut table);
    }
    if flat && of == Actions::Urls {
        for row in &mut table.rows {
            let label = row.label();
            if !label.starts_with('/') && label != NO_URL {
                let label = format!("/{label}");
                row.set("label", Value::text(&label));
            }
        }
    }
    add_page_rates(ask, &mut table).await?;
    Ok(table)
}

/// So many levels of rows below rows are left.
fn cut_below(table: &mut DataTable, depth: u32) {
    for row in &mut table.rows {
        match (&mut row.subtable, depth) {
            (Some(_), 0) => row.subtable = None,
            (Some(below), depth) => cut_below(below, depth - 1),
            (None, _) => {}
        }
    }
}

fn retain(table: &mut DataTable, keep: Keep, recursive: bool) {
    let column = match keep {
        Keep::All => return,
        Keep::Entries => "entry_nb_visits",
        Keep::Exits => "exit_nb_visits",
        Keep::AfterSearch => "nb_hits_following_search",
    };
    table.rows.retain(|row| match keep {
        Keep::AfterSearch => row.number(column).is_some_and(|hits| hits > 0.0),
        _ => row.get(column).is_some(),
    });
    if recursive {
        for below in table.rows.iter_mut().filter_map(|row| row.subtable.as_mut()) {
            retain(below, keep, recursive);
        }
    }
}

/// Segments of rows, and labels as they are shown flat.
fn finish(ask: &Ask<'_>, of: Actions, rows: &mut [Row]) {
    for row in rows {
        if let Some(segment) = segment(ask, of, row) {
            row.set_metadata("segment", Cell::text(&segment));
        }
        if ask.options.flat {
            let delimiter = if of == Actions::Titles {
                &ask.reader.sites.settings.title_delimiter
            } else {
                &ask.reader.sites.settings.url_delimiter
            };
            let ending = format!("{delimiter}{INDEX}");
            if !delimiter.is_empty() && row.label().ends_with(&ending) {
                let stem = row.label()[..row.label().len() - INDEX.len()].to_owned();
                let stem = stem.trim_end_matches(delimiter.as_str());
                row.set("label", Value::text(&format!("{stem}{delimiter}")));
            }
        }
        if let Some(url) = row.metadata("url").and_then(Cell::as_str).and_then(|url| secured(&ask.slice.site.urls, url)) {
            row.set_metadata("url", Value::text(&url));
        }
        row.remove_metadata("folder_url_start");
        row.remove_metadata("page_title_path");
        if let Some(below) = &mut row.subtable {
            finish(ask, of, &mut below.rows);
        }
    }
}

/// An address that was seen without encryption as it is shown where the site names the same host with it.
fn secured(site_urls: &[String], url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    let host = rest.split(['/', '?', '#', ':']).next().filter(|host| !host.is_empty())?.to_lowercase();
    let wanted = format!("https://{host}");
    let is_secured = site_urls.iter().any(|known| known.to_lowercase().starts_with(&wanted));
    is_secured.then(|| format!("https://{rest}"))
}

/// The segment of a row: the page itself, or everything below the folder. Values are encoded once for the segment and once for
/// the address it is put into.
fn segment(ask: &Ask<'_>, of: Actions, row: &Row) -> Option<String> {
    let name = ask.report.segment;
    let text = |name: &str| row.metadata(name).and_then(Cell::as_str).filter(|text| !text.is_empty());
    let twice = |text: &str| encode(&encode(text));
    let is = |text: &str| (!name.is_empty()).then(|| format!("{name}=={}", twice(text)));
    if let Some(url) = text("url") {
        // Pages are kept as they are; other addresses as trackers send them.
        return if of == Actions::Urls { is(url) } else { is(&escaped(url)) };
    }
    if let Some(folder) = text("folder_url_start") {
        return Some(format!("pageUrl=^{}", twice(folder)));
    }
    if of == Actions::Titles {
        let title = &escaped(text("page_title_path").unwrap_or(row.label()).trim());
        if row.subtable_id.is_some() {
            return Some(format!("pageTitle=^{}", twice(title)));
        }
        return is(if title == NO_TITLE { "" } else { title });
    }
    if of == Actions::Urls && row.label() == NO_URL {
        return is("");
    }
    None
}

/// The share of a goal's conversions before which a page was seen.
async fn add_page_rates(ask: &Ask<'_>, table: &mut DataTable) -> Result<(), Error> {
    if table.rows.iter().all(|row| row.get("goals").is_none()) {
        return Ok(());
    }
    let totals = super::goals::conversions_by_goal(ask.reader, ask.slice).await?;
    for row in &mut table.rows {
        let Some(Cell::Map(goals)) = row.get("goals").cloned() else {
            continue;
        };
        let mut changed = goals;
        for (name, metrics) in &mut changed {
            let Cell::Map(metrics) = metrics else {
                continue;
            };
            let total = totals.iter().find(|(goal, _)| crate::record::tree::goal_key(*goal) == *name).map_or(0.0, |(_, n)| *n);
            let pages = metrics.iter().find(|(name, _)| name == "nb_conversions_page_uniq").and_then(|(_, cell)| cell.as_f64());
            if let (Some(pages), true) = (pages, total > 0.0) {
                let rate = Cell::Value(crate::number::number(crate::number::round(pages / total, 3).min(1.0)));
                match metrics.iter_mut().find(|(name, _)| name == "nb_conversions_page_rate") {
                    Some((_, held)) => *held = rate,
                    None => metrics.push(("nb_conversions_page_rate".into(), rate)),
                }
            }
        }
        row.set("goals", Cell::Map(changed));
    }
    Ok(())
}

async fn keywords(ask: &Ask<'_>, without_result: bool) -> Result<DataTable, Error> {
    if !ask.slice.site.search.enabled {
        return Ok(DataTable::default());
    }
    let mut table = actions::table(ask.reader, ask.slice, Actions::Keywords, Shown::default()).await?;
    if without_result && ask.slice.period.kind == PeriodKind::Day {
        table.rows.retain(|row| row.number("no_result") == Some(1.0));
    } else if without_result {
        let found = never_found(ask).await?;
        table.rows.retain(|row| found.contains(row.label()));
    }
    for row in &mut table.rows {
        row.remove("no_result");
        let segment = is_sent("siteSearchKeyword", row.label());
        row.set_metadata("segment", Cell::text(&segment));
        add_pages_per_search(row, "nb_hits");
    }
    Ok(table)
}

/// Keywords that, on one day at least, no search had a result for: over longer periods that is what counts.
async fn never_found(ask: &Ask<'_>) -> Result<HashSet<String>, Error> {
    let mut query = ask.slice.query(Fact::Hits);
    let keyword = Key::Column(hit("search_keyword"));
    query.filter = ask.reader.segment_filter(ask.slice)?.and(Filter::test(keyword.clone(), Op::IsNot, vec![Value::Null]));
    query.keys = vec![keyword, Key::Clock(hit("at"), TimePart::Day)];
    query.measures = vec![Measure::new("most_results", Aggregate::Max(hit("search_count")))];
    let rows = ask.reader.ask(&query).await?.rows.into_iter();
    let nothing = rows.filter(|row| row.get(2).and_then(Value::as_f64) == Some(0.0));
    Ok(nothing.filter_map(|row| Some(row.first()?.as_str()?.to_owned())).collect())
}

fn add_pages_per_search(row: &mut Row, of: &str) {
    if let Some(value) = calculate::ratio(row, of, "nb_visits", 1) {
        row.set("nb_pages_per_search", value);
    }
}

async fn categories(ask: &Ask<'_>) -> Result<DataTable, Error> {
    if !ask.slice.site.search.enabled {
        return Ok(DataTable::default());
    }
    let mut query = ask.slice.query(Fact::Hits);
    let category = Key::Column(hit("search_category"));
    query.filter = ask.reader.segment_filter(ask.slice)?.and(Filter::test(category.clone(), Op::IsNot, vec![Value::Null]));
    query.keys = vec![category];
    query.measures = vec![
        Measure::new("nb_visits", Aggregate::Visits),
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_actions", Aggregate::Count),
    ];
    let period = ask.slice.period;
    let mut tree = Tree::new(vec![
        ("nb_visits".into(), Join::Sum),
        (name_in(period, "nb_uniq_visitors"), Join::Sum),
        ("nb_actions".into(), Join::Sum),
    ]);
    for row in ask.reader.ask(&query).await?.rows {
        let label = row[0].as_str().unwrap_or_default();
        let at = tree.row(None, &Text::from(label));
        tree.add(at, 0, &row[1..]);
        let segment = is_sent("siteSearchCategory", label);
        tree.set_metadata(at, "segment", Cell::text(&segment));
    }
    let mut table = tree.into_table();
    for row in &mut table.rows {
        add_pages_per_search(row, "nb_actions");
    }
    Ok(table)
}

/// The one row of a page, title, file or link.
async fn one(ask: &Ask<'_>, of: Actions) -> Result<DataTable, Error> {
    let wanted = ask.options.label.as_deref().unwrap_or_default();
    let rules = actions::rules(ask.reader);
    // Matomo keeps titles escaped and looks for them plain: those with markup in them it never finds.
    if of == Actions::Titles && wanted.contains(['&', '<', '>', '"', '\'']) {
        return Ok(DataTable::default());
    }
    let path = match of {
        Actions::Titles => action_path::of_title(wanted, rules),
        _ => {
            let plain = without_excluded(&ask.reader.sites, &ask.slice.site, wanted);
            action_path::of_given_url(&plain, of.kind(), rules)
        }
    };
    let mut table = actions::table(ask.reader, ask.slice, of, Shown::default()).await?;
    let mut found = None;
    for (level, label) in path.iter().enumerate() {
        let Some(at) = table.rows.iter().position(|row| row.label() == label) else {
            return Ok(DataTable::default());
        };
        let mut row = table.rows.swap_remove(at);
        if level + 1 == path.len() {
            found = Some(row);
            break;
        }
        match row.subtable.take() {
            Some(below) => table = *below,
            None => return Ok(DataTable::default()),
        }
    }
    let mut table = DataTable { rows: found.into_iter().collect(), ..DataTable::default() };
    for row in &mut table.rows {
        row.subtable = None;
        for timing in timings::TIMINGS {
            row.columns.retain(|(name, _)| !timing.has(name));
        }
        row.remove_metadata("folder_url_start");
        row.remove_metadata("page_title_path");
        if row.metadata("url").and_then(Cell::as_str) == Some("") {
            row.remove_metadata("url");
        }
    }
    add_page_rates(ask, &mut table).await?;
    Ok(table)
}

/// A URL without the parameters that are cut from every URL of the site.
pub fn without_excluded(sites: &Sites, site: &Site, url: &str) -> String {
    let (page, fragment) = match url.split_once('#') {
        Some((page, _)) if !site.keep_fragments => (page, ""),
        Some((page, fragment)) => (page, fragment),
        None => (url, ""),
    };
    let Some((path, query)) = page.split_once('?') else {
        return if fragment.is_empty() { page.to_owned() } else { url.to_owned() };
    };
    let excluded = |name: &str| {
        let name = name.to_ascii_lowercase();
        site.excluded_params.contains(&name) || sites.settings.excluded_params.contains(&name)
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !excluded(pair.split('=').next().unwrap_or_default())).collect();
    let mut plain = path.to_owned();
    if !kept.is_empty() {
        plain = format!("{plain}?{}", kept.join("&"));
    }
    if !fragment.is_empty() {
        plain = format!("{plain}#{fragment}");
    }
    plain
}
