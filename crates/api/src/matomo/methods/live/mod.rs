//! `Live.*`: visits with all that happened in them, visitors, and what happened in the last minutes.

mod actions;
mod counters;
mod dates;
mod flat;
mod lifetime;
mod log;
mod numbers;
mod profile;
mod range;
mod raw;
mod sales;
mod seen;
pub(super) mod subjects;
mod urls;
mod visit;

use footfall_model::{Access, Cell, DataTable, Name, Row};

use self::log::{Asked, Log};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::moment,
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "Live";

/// The methods. None is cut or sorted afterwards: they are asked for in order.
pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getCounters", Need::Sites(Access::View), &["idSite", "lastMinutes"], |call| {
        Box::pin(counters::get(call))
    }),
    Method::new(MODULE, "getLastVisitsDetails", Need::Sites(Access::View), &["idSite"], |call| Box::pin(visits(call))),
    Method::new(MODULE, "getMostRecentVisitorId", Need::Sites(Access::View), &["idSite"], |call| Box::pin(latest_visitor(call))),
    Method::new(MODULE, "getMostRecentVisitsDateTime", Need::Sites(Access::View), &["idSite"], |call| {
        Box::pin(latest_moment(call))
    }),
    Method::new(MODULE, "getFirstVisitForVisitorId", Need::Sites(Access::View), &["idSite", "visitorId"], |call| {
        Box::pin(first_visit(call))
    }),
    Method::new(MODULE, "getVisitorProfile", Need::Sites(Access::View), &["idSite"], |call| Box::pin(profile::get(call))),
    Method::new(MODULE, "isVisitorProfileEnabled", Need::Sites(Access::View), &["idSite"], |call| {
        Box::pin(profile_enabled(call))
    }),
];

async fn visits(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(Answer::table(table(found(call).await?.rows(call.request.flag("flat")))))
}

/// The visits a request asks for, each with what its actions say among its own columns.
pub(super) async fn flat(call: Call<'_>) -> Result<Vec<Vec<(Name, Cell)>>, Failure> {
    Ok(found(call).await?.rows(true))
}

async fn found(call: Call<'_>) -> Result<Log<'_>, Failure> {
    let request = call.request;
    let sites = scope::sites(call.ctx, call.caller, scope::required(request, "idSite")?, Access::View)?;
    let mut asked = Asked::of(call, sites)?;
    asked.with_actions = !request.flag("doNotFetchActions");
    match request.filled("countVisitorsToFetch").filter(|given| *given != "false") {
        Some(count) => asked.limit = Some(count.parse().unwrap_or(0)),
        None => {
            let number = |name: &str| request.int(name).and_then(|number| u64::try_from(number).ok());
            asked.limit = number("filter_limit");
            asked.offset = number("filter_offset").unwrap_or(0);
        }
    }
    asked.ascending = request.filled("filter_sort_order").is_some_and(|order| order.eq_ignore_ascii_case("asc"));
    Log::read(call, &asked).await
}

async fn first_visit(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let mut asked = Asked::ever(vec![site]);
    asked.visitor = Some(log::visitor(scope::required(call.request, "visitorId")?));
    asked.with_actions = false;
    asked.ascending = true;
    asked.limit = Some(1);
    Ok(Answer::table(table(Log::read(call, &asked).await?.rows(false))))
}

async fn latest_visitor(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    Ok(match log::latest_visitor(call, &site).await? {
        Some(visitor) => Answer::value(Cell::text(&visitor.to_string())),
        None => Answer::value(false),
    })
}

async fn latest_moment(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    if call.request.text("idSite") == Some("all") {
        // Matomo takes the word for the number of a site.
        return Ok(Answer::value(""));
    }
    let mut asked = Asked::ever(vec![site]);
    asked.range = range::of(call, &asked.sites)?;
    asked.with_actions = false;
    asked.limit = Some(1);
    let found = log::find(call, &asked).await?;
    Ok(Answer::value(Cell::text(&found.first().map_or(String::new(), |detail| moment(detail.visit.last_at)))))
}

async fn profile_enabled(call: Call<'_>) -> Result<Answer, Failure> {
    scope::site(call.ctx, call.caller, call.request, Access::View)?;
    Ok(Answer::value(true))
}

fn table(rows: Vec<Vec<(Name, Cell)>>) -> DataTable {
    let rows = rows.into_iter().map(|columns| Row { columns: columns.into(), ..Row::default() }).collect();
    DataTable { rows, ..DataTable::default() }
}
