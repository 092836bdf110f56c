//! `PrivacyManager`'s data subjects: visits of a person are found, handed out and deleted.

use std::sync::Arc;

use footfall_model::{Access, Cell, DataTable, Filter, Key, Name, Op, Row, Site, SiteId, TimeRange, Value, VisitId, VisitRow};
use footfall_report::store::{VisitDetail, VisitsWanted};
use jiff::tz::TimeZone;

use super::log::{Asked, Log};
use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure, Param, Part,
        cells::cells,
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "PrivacyManager";
const SOME_ADMIN: Need = Need::Somewhere(Access::Admin);

pub(in super::super) const METHODS: &[Method] = &[
    Method::new(MODULE, "findDataSubjects", SOME_ADMIN, &["idSite", "segment"], |call| Box::pin(find(call))),
    Method::new(MODULE, "exportDataSubjects", SOME_ADMIN, &["visits"], |call| Box::pin(export(call))),
    Method::new(MODULE, "deleteDataSubjects", SOME_ADMIN, &["visits"], |call| Box::pin(delete(call))),
];

/// How many visits are found.
const MOST_FOUND: u64 = 401;
/// How many visits are named at once.
const MOST_NAMED: usize = 10_000;

/// What is told of a visit that is found.
const TOLD: [&str; 18] = [
    "lastActionDateTime",
    "idVisit",
    "idSite",
    "siteName",
    "visitorId",
    "visitIp",
    "userId",
    "deviceType",
    "deviceModel",
    "deviceTypeIcon",
    "operatingSystem",
    "operatingSystemIcon",
    "browser",
    "browserFamilyDescription",
    "browserIcon",
    "country",
    "region",
    "countryFlag",
];

async fn find(call: Call<'_>) -> Result<Answer, Failure> {
    let sites = scope::sites(call.ctx, call.caller, scope::required(call.request, "idSite")?, Access::View)?;
    let mut asked = Asked::ever(sites);
    asked.segment = scope::segment(call.request)?;
    asked.with_actions = false;
    asked.limit = Some(MOST_FOUND);
    let mut rows = Log::read(call, &asked).await?.rows(false);
    for row in &mut rows {
        row.retain(|(name, _)| TOLD.contains(&name.as_ref()));
    }
    let rows = rows.into_iter().map(|columns| Row { columns: columns.into(), ..Row::default() }).collect();
    Ok(Answer::table(DataTable { rows, ..DataTable::default() }))
}

/// Everything that is kept about the visits named, by the tables Matomo keeps it in.
async fn export(call: Call<'_>) -> Result<Answer, Failure> {
    let mut visits: Vec<Cell> = Vec::new();
    let (mut actions, mut conversions, mut items): (Vec<Cell>, Vec<Cell>, Vec<Cell>) = Default::default();
    let hidden = call.request.words("hideColumns");
    for (site, ids) in named(call)? {
        let mut asked = Asked::ever(vec![site]);
        asked.visits = ids;
        for mut visit in Log::read(call, &asked).await?.rows(false) {
            let happened = take(&mut visit, "actionDetails");
            let id = visit.iter().find(|(name, _)| name == "idVisit").map_or(Cell::NULL, |(_, cell)| cell.clone());
            visit.retain(|(name, _)| !hidden.iter().any(|out| name == out));
            visits.push(Cell::Map(visit));
            for mut entries in list(happened).into_iter().filter_map(map) {
                entries.insert(0, ("idVisit".into(), id.clone()));
                items.extend(list(take(&mut entries, "itemDetails")));
                let kind =
                    entries.iter().find(|(name, _)| name == "type").and_then(|(_, cell)| cell.as_str()).unwrap_or_default();
                match kind {
                    "goal" | "ecommerceOrder" | "ecommerceAbandonedCart" => conversions.push(Cell::Map(entries)),
                    _ => actions.push(Cell::Map(entries)),
                }
            }
        }
    }
    let part = |name: &'static str, rows| (Name::Borrowed(name), Part::Data(Cell::List(rows)));
    Ok(Answer::Parts(vec![
        part("log_visit", visits),
        part("log_link_visit_action", actions),
        part("log_conversion", conversions),
        part("log_conversion_item", items),
    ]))
}

/// Forgets the visits named; says how much that was, by the tables Matomo would have deleted from.
async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let (mut visits, mut actions, mut conversions, mut items) = (0, 0, 0, 0);
    for (site, ids) in named(call)? {
        let found = details(call, &site, &ids).await?;
        let ids: Vec<VisitId> = found.iter().map(|detail| detail.visit.visit_id).collect();
        visits += call.ctx.store.forget_visits(&ids).await? as i64;
        for detail in &found {
            actions += detail.hits.len() as i64;
            conversions += detail.conversions.len() as i64;
            items += detail.items.len() as i64;
        }
    }
    Ok(Answer::Data(cells! {
        "log_visit" => visits,
        "log_link_visit_action" => actions,
        "log_conversion_item" => items,
        "log_conversion" => conversions,
    }))
}

async fn details(call: Call<'_>, site: &Arc<Site>, ids: &[VisitId]) -> Result<Vec<VisitDetail>, Failure> {
    let wanted = VisitsWanted {
        sites: vec![site.id],
        range: TimeRange::EVER,
        anchor: footfall_model::VisitAnchor::LastAction,
        filter: of_ids(ids),
        zone: TimeZone::UTC,
        ascending: true,
        limit: MOST_NAMED as u64,
        offset: 0,
        with_actions: true,
    };
    Ok(call.ctx.store.visits(&wanted).await?)
}

/// Visits of these numbers.
pub(super) fn of_ids(ids: &[VisitId]) -> Filter {
    match VisitRow::column("visit_id") {
        Some(column) => Filter::test(Key::Column(column), Op::Is, ids.iter().map(|id| Value::Int(id.0 as i64)).collect()),
        None => Filter::None,
    }
}

/// Visits of a site by their numbers.
type Named = (Arc<Site>, Vec<VisitId>);

/// The visits of `visits[n][idsite]` and `visits[n][idvisit]` by their sites, all of which the caller administers.
fn named(call: Call<'_>) -> Result<Vec<Named>, Failure> {
    let Some(Param::List(rows)) = call.request.get("visits") else {
        return Err(Failure::new("visits: The value is not an array."));
    };
    if rows.len() > MOST_NAMED {
        return Err(Failure::new(format!("visits: At most {MOST_NAMED} visits may be named at once.")));
    }
    let mut by_site: Vec<Named> = Vec::new();
    for (_, row) in rows {
        let number = |name: &str| match row {
            Param::List(entries) => entries.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
                Param::Text(text) => text.trim().parse::<u64>().ok(),
                Param::List(_) => None,
            }),
            Param::Text(_) => None,
        };
        let (Some(site), Some(visit)) = (number("idsite"), number("idvisit")) else {
            return Err(Failure::new("visits: Each visit needs an `idsite` and an `idvisit`."));
        };
        let id = SiteId(u32::try_from(site).unwrap_or_default());
        access::check_site(call.caller, id, Access::Admin)?;
        let site = call.ctx.sites.get(id).ok_or_else(|| Failure::missing("idsite"))?;
        match by_site.iter_mut().find(|(known, _)| known.id == id) {
            Some((_, ids)) => ids.push(VisitId(visit)),
            None => by_site.push((Arc::clone(site), vec![VisitId(visit)])),
        }
    }
    Ok(by_site)
}

fn take(entries: &mut Vec<(Name, Cell)>, name: &str) -> Cell {
    match entries.iter().position(|(known, _)| known == name) {
        Some(at) => entries.remove(at).1,
        None => Cell::NULL,
    }
}

fn list(cell: Cell) -> Vec<Cell> {
    match cell {
        Cell::List(cells) => cells,
        _ => Vec::new(),
    }
}

fn map(cell: Cell) -> Option<Vec<(Name, Cell)>> {
    match cell {
        Cell::Map(entries) => Some(entries),
        _ => None,
    }
}
