//! `PrivacyManager`'s data subjects: visits of a person are found, handed out and deleted.

use std::sync::Arc;

use footfall_model::{Access, DataTable, Filter, Key, Op, Row, Site, SiteId, TimeRange, Value, VisitId, VisitRow};
use footfall_report::store::{VisitDetail, VisitsWanted};
use jiff::tz::TimeZone;

use super::{
    log::{Asked, Log},
    raw::Tables,
};
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
    let mut tables = Tables::default();
    for (site, ids) in named(call)? {
        let mut asked = Asked::ever(vec![site]);
        asked.visits = ids;
        asked.ascending = true;
        Log::read(call, &asked).await?.tables(&mut tables);
    }
    let named = tables.named(&call.request.words("hideColumns"));
    Ok(Answer::Parts(named.into_iter().map(|(name, rows)| (name, Part::Data(rows))).collect()))
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
    let Some(Param::List(rows)) =
        call.request.get("visits").filter(|given| !matches!(given, Param::List(rows) if rows.is_empty()))
    else {
        return Err(Failure::new("visits: No list of visits given"));
    };
    if rows.len() > MOST_NAMED {
        return Err(Failure::new(format!("visits: At most {MOST_NAMED} visits may be named at once.")));
    }
    let mut by_site: Vec<Named> = Vec::new();
    for (index, (_, row)) in rows.iter().enumerate() {
        let number = |name: &str| match row {
            Param::List(entries) => entries.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
                Param::Text(text) => text.trim().parse::<u64>().ok(),
                Param::List(_) => None,
            }),
            Param::Text(_) => None,
        };
        let given = |name: &str| {
            let found = number(name).filter(|number| *number > 0);
            found.ok_or_else(|| Failure::new(format!("visits: No {name} key set for visit at index {index}")))
        };
        let (site, visit) = (given("idsite")?, given("idvisit")?);
        let id = SiteId(u32::try_from(site).unwrap_or_default());
        access::check_site(call.caller, id, Access::Admin)?;
        let Some(site) = call.ctx.sites.get(id) else {
            continue;
        };
        match by_site.iter_mut().find(|(known, _)| known.id == id) {
            Some((_, ids)) => ids.push(VisitId(visit)),
            None => by_site.push((Arc::clone(site), vec![VisitId(visit)])),
        }
    }
    Ok(by_site)
}
