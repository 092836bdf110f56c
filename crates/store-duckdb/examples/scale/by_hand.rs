//! The same questions as SQL written by hand for the same file.

use std::{path::Path, time::Instant};

use footfall_model::TimeRange;

use crate::{Failure, RUNS, Took, cpu, last_month, median};

pub(crate) fn by_hand(path: &Path) -> Result<Vec<(&'static str, Took)>, Failure> {
    let connection = duckdb::Connection::open(path)?;
    let TimeRange { start, end } = last_month();
    let hits = format!("site_id = 1 AND h.at >= {} AND h.at < {} AND kind = 1", start.0, end.0);
    let visits = format!("site_id = 1 AND last_at >= {} AND last_at < {}", start.0, end.0);
    let measures = "count(*) AS hits, count(*) FILTER (WHERE flags & 1 <> 0) AS visits, count(*) FILTER (WHERE flags & 2 <> 0) AS visitors, sum(time_spent) AS spent";
    // A mark says which action is a visitor's first of the day on a page, not which is the first among Firefox's visits.
    let marked = "count(*) FILTER (WHERE flags & 2 <> 0) AS visitors";
    let distinct = "count(DISTINCT visitor_id::HUGEINT * 4294967296 + h.at // 86400000) AS visitors";
    let pages = |more: &str, limit: &str| {
        format!(
            "SELECT text, hits, visits, visitors, spent FROM (SELECT url, {measures} FROM hits h WHERE {hits}{more} GROUP BY url ORDER BY hits DESC {limit}) p \
             JOIN texts ON id = url ORDER BY hits DESC"
        )
    };
    let summary = "count(*) AS visits, sum(actions), sum(bounce::INT), sum(converted::INT), sum(duration), max(actions)";
    let firefox = format!(" AND visit_id IN (SELECT visit_id FROM visits WHERE {visits} AND browser_name = 'Firefox')");
    let all = [
        ("pages, first 100", pages("", "LIMIT 100")),
        ("pages, first 500", pages("", "LIMIT 500")),
        // A whole list comes in the same order every time only where equal counts are sorted, too.
        ("pages, all of them", format!("{}, text", pages("", ""))),
        ("pages of Firefox's visits, first 500", pages(&firefox, "LIMIT 500").replace(marked, distinct)),
        (
            "views of pages that contain a word",
            format!("SELECT count(*) FROM hits h WHERE {hits} AND url IN (SELECT id FROM texts WHERE contains(text, 'docs'))"),
        ),
        ("visits summary", format!("SELECT {summary} FROM visits WHERE {visits}")),
        ("visits summary with visitors", format!("SELECT {summary}, count(DISTINCT visitor_id) FROM visits WHERE {visits}")),
        (
            "visits and daily visitors by day",
            format!(
                "SELECT last_at // 86400000 AS day, count(*), count(*) FILTER (WHERE first_of_day) FROM visits WHERE {visits} GROUP BY day ORDER BY day"
            ),
        ),
        (
            "visits by country",
            format!("SELECT country, {summary} FROM visits WHERE {visits} GROUP BY country ORDER BY visits DESC"),
        ),
        (
            "entry pages, first 500",
            format!(
                "SELECT text, p.* FROM (SELECT entry_url, {summary} FROM visits WHERE {visits} GROUP BY entry_url ORDER BY visits DESC LIMIT 500) p JOIN texts ON id = entry_url ORDER BY visits DESC"
            ),
        ),
    ];
    let mut measured = Vec::new();
    for (name, sql) in all {
        let took = took!({
            let mut statement = connection.prepare(&sql)?;
            let rows: usize = statement.query_arrow([])?.map(|batch| batch.num_rows()).sum();
            assert!(rows > 0, "{name} has no answer");
        });
        measured.push((name, took));
    }
    Ok(measured)
}

/// What the server is asked over HTTP (scripts/bench.sh), as SQL written by hand; the median of five, in milliseconds. Reports of
/// Matomo's API are about the last thirty days, questions of Plausible's Stats API about everything there is.
pub(crate) fn over_http(path: &Path) -> Result<Vec<(&'static str, f64)>, Failure> {
    let connection = duckdb::Connection::open(path)?;
    let pages = |more: &str| {
        format!(
            "SELECT text, visitors, views FROM (SELECT page, count(DISTINCT visitor_id) AS visitors, count(*) FILTER (WHERE kind = 1) AS views \
             FROM hits WHERE site_id = 1{more} GROUP BY page ORDER BY visitors DESC LIMIT 100) JOIN texts ON id = page ORDER BY visitors DESC"
        )
    };
    let firefox = "visit_id IN (SELECT visit_id FROM visits WHERE site_id = 1 AND browser = 'Firefox')";
    let below = |start: &str| format!("kind = 1 AND page IN (SELECT id FROM texts WHERE starts_with(text, '{start}'))");
    let conversion = format!(
        "SELECT country, count(DISTINCT h.visitor_id) AS visitors, count(DISTINCT h.visitor_id) / (SELECT count(DISTINCT visitor_id) FROM visits WHERE site_id = 1) \
         FROM hits h JOIN visits v USING (visit_id) WHERE h.site_id = 1 AND {} GROUP BY country ORDER BY visitors DESC",
        below("/blog/")
    );
    let mut funnel = format!(
        "WITH s1 AS (SELECT visitor_id, min(h.at) AS seen FROM hits h WHERE site_id = 1 AND {} GROUP BY visitor_id)",
        below("/blog/")
    );
    for (step, start) in [(2, "/docs/"), (3, "/shop/"), (4, "/help/"), (5, "/blog/")] {
        funnel.push_str(&format!(
            ", s{step} AS (SELECT h.visitor_id, min(h.at) AS seen FROM hits h JOIN s{} s ON h.visitor_id = s.visitor_id AND h.at > s.seen \
             WHERE h.site_id = 1 AND {} GROUP BY h.visitor_id)",
            step - 1,
            below(start)
        ));
    }
    let each: Vec<String> = (1..=5).map(|step| format!("(SELECT count(*) FROM s{step})")).collect();
    // The answer tells how many came at all, too.
    funnel.push_str(&format!(" SELECT (SELECT count(DISTINCT visitor_id) FROM visits WHERE site_id = 1), {}", each.join(", ")));
    let all = [
        ("last visits, 100 with their actions", log()),
        ("page tree, all paths", tree()),
        ("segment of four conditions", segment()),
        ("unique visitors of a year", "SELECT count(DISTINCT visitor_id) FROM visits WHERE site_id = 1".to_owned()),
        ("page breakdown", pages("")),
        ("two filters", pages(&format!(" AND {firefox} AND page IN (SELECT id FROM texts WHERE contains(text, 'docs'))"))),
        ("conversion rate", conversion),
        ("funnel of five steps", funnel),
    ];
    let mut measured = Vec::new();
    for (name, sql) in all {
        let mut times = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            let mut statement = connection.prepare(&sql)?;
            let rows: usize = statement.query_arrow([])?.map(|batch| batch.num_rows()).sum();
            assert!(rows > 0, "{name} has no answer");
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        measured.push((name, median(times)));
    }
    Ok(measured)
}

/// The conditions on the last thirty days: of hits, of visits.
fn month() -> (String, String) {
    let TimeRange { start, end } = last_month();
    (
        format!("site_id = 1 AND h.at >= {} AND h.at < {}", start.0, end.0),
        format!("site_id = 1 AND last_at >= {} AND last_at < {}", start.0, end.0),
    )
}

/// `Live.getLastVisitsDetails`: a hundred visits and everything that was done in them.
fn log() -> String {
    let (_, visits) = month();
    format!(
        "WITH latest AS MATERIALIZED (SELECT * FROM visits WHERE {visits} ORDER BY last_at DESC, visit_id DESC LIMIT 100) \
         SELECT l.*, h.*, u.text, t.text FROM hits h JOIN latest l USING (visit_id) \
         LEFT JOIN texts u ON u.id = h.url LEFT JOIN texts t ON t.id = h.title \
         WHERE h.site_id = 1 AND h.at >= (SELECT min(first_at) FROM latest) AND h.at <= (SELECT max(last_at) FROM latest) \
         ORDER BY l.last_at DESC, h.hit_id"
    )
}

/// `Actions.getPageUrls`: what was viewed, where visits began and where they ended, with every timing, for each path.
fn tree() -> String {
    let (hits, visits) = month();
    let timings: String = ["network", "server", "transfer", "dom_processing", "dom_completion", "on_load"]
        .iter()
        .map(|name| format!(", sum(time_{name}), count(time_{name}), min(time_{name}), max(time_{name})"))
        .collect();
    format!(
        "WITH viewed AS (SELECT url AS id, count(*) AS hits, count(*) FILTER (WHERE flags & 1 <> 0) AS visits, \
         count(*) FILTER (WHERE flags & 2 <> 0) AS visitors, sum(time_spent){timings} FROM hits h WHERE {hits} AND kind = 1 GROUP BY url), \
         entered AS (SELECT entry_url AS id, count(*) AS visits, count(DISTINCT visitor_id) AS visitors, sum(actions), sum(duration), sum(bounce::INT) \
         FROM visits WHERE {visits} GROUP BY entry_url), \
         left_at AS (SELECT exit_url AS id, count(*) AS visits, count(DISTINCT visitor_id) AS visitors FROM visits WHERE {visits} GROUP BY exit_url) \
         SELECT text, viewed.*, entered.*, left_at.* FROM viewed FULL JOIN entered USING (id) FULL JOIN left_at USING (id) \
         JOIN texts ON texts.id = coalesce(viewed.id, entered.id, left_at.id) ORDER BY viewed.hits DESC"
    )
}

/// `VisitsSummary.get` of visits by Firefox, on a desktop, of three actions and more, with a view of a page of a word.
fn segment() -> String {
    let (hits, visits) = month();
    format!(
        "SELECT count(*), count(DISTINCT visitor_id), sum(actions), sum(bounce::INT), sum(converted::INT), sum(duration), max(actions) \
         FROM visits WHERE {visits} AND browser_name = 'Firefox' AND device_type = 'desktop' AND actions >= 3 AND visit_id IN \
         (SELECT visit_id FROM hits h WHERE {hits} AND kind = 1 AND url IN (SELECT id FROM texts WHERE contains(text, 'docs')))"
    )
}
