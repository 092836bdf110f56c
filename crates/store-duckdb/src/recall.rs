//! What the store remembers of visitors.

use duckdb::Connection;
use footfall_model::{Error, Fact, Millis, SiteId, Text, Value, VisitRow, VisitorId};
use footfall_store::{History, Recall, Recalled, Schema, TEXTS, text_hash};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{details, list::list, read, store::Facts};

/// The columns of actions by which first-of marks and later news are placed.
const MARKED: [&str; 15] = [
    "hit_id",
    "visit_id",
    "site_id",
    "visitor_id",
    "at",
    "kind",
    "url",
    "title",
    "page",
    "event_category",
    "event_action",
    "event_name",
    "search_keyword",
    "content_name",
    "pageview_id",
];

/// The answer to a question about visitors.
pub(crate) fn recall(connection: &Connection, schema: &Schema, facts: Facts, wanted: &Recall) -> Result<Recalled, Error> {
    let visits = recent(connection, schema, facts, wanted)?;
    let mut visitors = wanted.visitors.clone();
    visitors.extend(visits.iter().map(|visit| (visit.site_id, visit.visitor_id)));
    visitors.sort_unstable();
    visitors.dedup();
    Ok(Recalled {
        visits: details::details(connection, schema, facts, visits, Some(Some(&MARKED)))?,
        histories: histories(connection, &visitors)?,
        orders: orders(connection, &wanted.orders)?,
    })
}

/// The numbers of texts, `None` for those that are not kept.
pub(crate) fn text_ids(connection: &Connection, texts: &[Text]) -> Result<Vec<Option<u32>>, Error> {
    let hashes: Vec<i64> = texts.iter().map(|text| text_hash(text)).collect();
    if hashes.is_empty() {
        return Ok(Vec::new());
    }
    // Hashes alone first: most texts asked about are new, and reading texts takes the most time.
    let sql = format!("SELECT id FROM {TEXTS} WHERE hash IN ({})", list(&hashes));
    let found: Vec<u32> =
        read::values(connection, &sql, &[])?.iter().filter_map(|row| row.first()?.as_i64()).map(|id| id as u32).collect();
    let known: FxHashMap<Text, u32> = details::texts(connection, &found)?.into_iter().map(|(id, text)| (text, id)).collect();
    Ok(texts.iter().map(|text| known.get(text).copied()).collect())
}

/// The visits of the visitors asked about that have shown signs of life since.
fn recent(connection: &Connection, schema: &Schema, facts: Facts, wanted: &Recall) -> Result<Vec<VisitRow>, Error> {
    let visitors: FxHashSet<(SiteId, i64)> = pairs(&wanted.visitors, |visitor| visitor.0 as i64);
    let fingerprints: FxHashSet<(SiteId, i64)> = pairs(&wanted.fingerprints, |fingerprint| *fingerprint as i64);
    let users: FxHashSet<&(SiteId, Text)> = wanted.users.iter().collect();
    let mut one_of = Vec::new();
    for (column, asked) in [("visitor_id", &visitors), ("config_id", &fingerprints)] {
        if !asked.is_empty() {
            let ids: Vec<i64> = asked.iter().map(|(_, id)| *id).collect();
            one_of.push(format!("{column} IN ({})", list(&ids)));
        }
    }
    let names: Vec<Text> = wanted.users.iter().map(|(_, user)| user.clone()).collect();
    if !names.is_empty() {
        one_of.push(format!("user_id IN ({})", places(names.len())));
    }
    if one_of.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers first: most visitors asked about are new, and a visit's row is wide.
    let since = format!("seen_at >= {} AND ({})", wanted.since.0, one_of.join(" OR "));
    let numbers = read::values(connection, &format!("SELECT visit_id FROM visits WHERE {since}"), &names)?;
    let found: Vec<i64> = numbers.iter().filter_map(|row| row.first()?.as_i64()).collect();
    let (Some(first), Some(last)) = (found.iter().min(), found.iter().max()) else { return Ok(Vec::new()) };
    let these = format!("visit_id BETWEEN {first} AND {last} AND visit_id IN ({})", list(&found));
    let mut visits: Vec<VisitRow> = read::rows(connection, schema.table(Fact::Visits), facts.visits, &these, &[])?;
    visits.retain(|visit| {
        visitors.contains(&(visit.site_id, visit.visitor_id.0 as i64))
            || fingerprints.contains(&(visit.site_id, visit.config_id as i64))
            || visit.user_id.as_ref().is_some_and(|user| users.contains(&(visit.site_id, user.clone())))
    });
    visits.sort_by_key(|visit| visit.visit_id);
    Ok(visits)
}

fn histories(connection: &Connection, visitors: &[(SiteId, VisitorId)]) -> Result<Vec<History>, Error> {
    let asked: FxHashSet<(SiteId, i64)> = pairs(visitors, |visitor| visitor.0 as i64);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = asked.iter().map(|(_, id)| *id).collect();
    let ids = list(&ids);
    let sql = format!(
        "WITH o AS (SELECT site_id, visitor_id, max(\"at\") AS last_at FROM conversions \
         WHERE goal_id = 0 AND visitor_id IN ({ids}) GROUP BY 1, 2), \
         v AS (SELECT site_id, visitor_id, count(*) AS visits, min(first_at) AS first_at, max(first_at) AS last_first_at \
         FROM visits WHERE visitor_id IN ({ids}) GROUP BY 1, 2) \
         SELECT v.site_id, v.visitor_id, v.visits, v.first_at, v.last_first_at, o.last_at \
         FROM v LEFT JOIN o ON o.site_id = v.site_id AND o.visitor_id = v.visitor_id ORDER BY 1, 2"
    );
    let mut histories = Vec::new();
    for row in read::values(connection, &sql, &[])? {
        let number = |place: usize| row.get(place).and_then(Value::as_i64);
        let [Some(site), Some(visitor), Some(visits), Some(first), Some(last)] = [0, 1, 2, 3, 4].map(number) else {
            continue;
        };
        let site = SiteId(site as u32);
        if asked.contains(&(site, visitor)) {
            histories.push(History {
                site,
                visitor: VisitorId(visitor as u64),
                visits: visits as u32,
                first_at: Millis(first),
                last_first_at: Millis(last),
                last_order_at: number(5).map(Millis),
            });
        }
    }
    histories.sort_by_key(|history| (history.site, history.visitor));
    Ok(histories)
}

fn orders(connection: &Connection, asked: &[(SiteId, Text)]) -> Result<Vec<(SiteId, Text)>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<Text> = asked.iter().map(|(_, order)| order.clone()).collect();
    let sql =
        format!("SELECT DISTINCT site_id, order_id FROM conversions WHERE goal_id = 0 AND order_id IN ({})", places(asked.len()));
    let mut known = FxHashSet::default();
    for row in read::values(connection, &sql, &numbers)? {
        if let [Value::Int(site), Value::Text(order)] = &row[..] {
            known.insert((SiteId(*site as u32), order.clone()));
        }
    }
    Ok(asked.iter().filter(|order| known.contains(order)).cloned().collect())
}

/// The places of so many bound texts.
fn places(texts: usize) -> String {
    let places: Vec<String> = (1..=texts).map(|place| format!("${place}")).collect();
    places.join(", ")
}

fn pairs<T>(asked: &[(SiteId, T)], id: impl Fn(&T) -> i64) -> FxHashSet<(SiteId, i64)> {
    asked.iter().map(|(site, asked)| (*site, id(asked))).collect()
}
