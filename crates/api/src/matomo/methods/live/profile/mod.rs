//! `Live.getVisitorProfile`: what is known of one visitor, added up over their latest visits.

mod pages;
mod places;
mod tally;
mod things;

use std::sync::Arc;

use footfall_model::{
    Access, Aggregate, Cell, DataTable, Fact, Filter, Having, Measure, Millis, Name, Op, Order, Query, Row, Site, Text,
    TimeRange, Value, VisitRow, VisitorId,
};
use footfall_report::{Tables, segment};
use jiff::tz::TimeZone;

use super::{
    dates,
    log::{self, Asked, Log},
};
use crate::matomo::{Answer, Failure, Part, calendar::Calendar, dispatch::Call, pretty, scope};

/// How many visits are looked at (`live_visitor_profile_max_visits_to_aggregate`).
const MOST: usize = 100;
/// How many visits are told one by one unless asked otherwise.
const TOLD: usize = 10;
/// How far from a visit the visitors before and after are looked for.
const DAY: i64 = 86_400_000;

/// A visit as the visit log tells it.
type Visit = Vec<(Name, Cell)>;

/// Named parts, in Matomo's order.
#[derive(Default)]
pub(super) struct Profile {
    parts: Vec<(Name, Part)>,
}

impl Profile {
    pub(super) fn put(&mut self, name: &'static str, cell: impl Into<Cell>) {
        self.parts.push((name.into(), Part::Data(cell.into())));
    }
}

/// The profile of the visitor named, or of whoever visited last.
pub(super) async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    if call.request.text("idSite") == Some("all") {
        return Err(scope::unexpected("all"));
    }
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let told = call.request.int("limitVisits").and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
    let wanted = match call.request.filled("visitorId").filter(|given| *given != "false") {
        Some(given) => Some(log::visitor(given)),
        None => log::latest_visitor(call, &site).await?,
    };
    let Some(visitor) = wanted else {
        return Ok(Answer::list(Vec::new()));
    };
    let mut asked = Asked::ever(vec![Arc::clone(&site)]);
    asked.segment = scope::segment(call.request)?;
    asked.visitor = Some(visitor);
    asked.limit = Some(MOST as u64 + 1);
    let log = Log::read(call, &asked).await?;
    let mut visits = log.rows(false);
    let has_more = visits.len() > MOST;
    visits.truncate(MOST);
    let (Some(latest), Some(earliest)) = (visits.first().cloned(), visits.last().cloned()) else {
        return Ok(Answer::list(Vec::new()));
    };
    let earliest =
        if told.unwrap_or(TOLD).min(visits.len()) >= MOST { first_ever(call, &site, visitor).await? } else { Some(earliest) };
    let last_at = number(&latest, "lastActionTimestamp");
    let mut profile = Profile::default();
    profile.put("visitorId", Cell::text(&visitor.to_string()));
    profile.put("hasMoreVisits", has_more);
    profile.put("totalVisits", visits.len() as i64);
    let duration: i64 = visits.iter().map(|visit| number(visit, "visitDuration")).sum();
    profile.put("totalVisitDuration", duration);
    let pages = pages::Pages::of(&visits);
    pages.sums(&mut profile);
    things::goals(&mut profile, &visits);
    profile.put("totalEvents", actions(&visits).filter(|action| text(action, "type") == "event").count() as i64);
    if site.ecommerce {
        things::sales(&mut profile, &visits, told.unwrap_or(TOLD));
    }
    profile.put("hasLatLong", visits.iter().any(|visit| get_filled(visit, "latitude").is_some()));
    let shown: Vec<Visit> = visits.iter().take(told.unwrap_or(TOLD)).cloned().collect();
    let hidden = call.request.words("hideColumns");
    let rows = shown.iter().map(|columns| {
        let columns = columns.iter().filter(|(name, _)| !hidden.iter().any(|out| name == out)).cloned().collect();
        Row { columns, ..Row::default() }
    });
    let rows = rows.collect();
    profile.parts.push(("lastVisits".into(), Part::Tables(Tables::of(DataTable { rows, ..DataTable::default() }))));
    let moment = Millis::from_seconds(last_at);
    profile.put("nextVisitorId", beside(call, &asked, visitor, moment, true).await?);
    profile.put("previousVisitorId", beside(call, &asked, visitor, moment, false).await?);
    profile.put("totalVisitDurationPretty", Cell::text(&pretty::time(duration as f64)));
    let user = shown.last().and_then(|visit| get_filled(visit, "userId"));
    profile.put("userId", user.cloned().unwrap_or(Cell::Bool(false)));
    let today = scope::today(call.ctx, None);
    let calendar = Calendar::of(call.ctx, call.request);
    profile.put("firstVisit", summary(&calendar, earliest.as_ref().unwrap_or(&latest), &site, today));
    profile.put("lastVisit", summary(&calendar, &latest, &site, today));
    profile.put("visitsAggregated", shown.len() as i64);
    pages.lists(&mut profile);
    things::dimensions(&mut profile, &visits, &site);
    things::devices(&mut profile, &visits);
    places::list(&mut profile, &visits);
    things::variables(&mut profile, &visits);
    Ok(Answer::Parts(profile.parts))
}

/// The very first visit of a visitor.
async fn first_ever(call: Call<'_>, site: &Arc<Site>, visitor: VisitorId) -> Result<Option<Visit>, Failure> {
    let mut asked = Asked::ever(vec![Arc::clone(site)]);
    asked.visitor = Some(visitor);
    asked.ascending = true;
    asked.with_actions = false;
    asked.limit = Some(1);
    Ok(Log::read(call, &asked).await?.rows(false).into_iter().next())
}

/// The visitor whose last visit within a day was next to this moment: before it, or after.
async fn beside(call: Call<'_>, asked: &Asked, visitor: VisitorId, moment: Millis, before: bool) -> Result<Cell, Failure> {
    let (Some(id), Some(last_at), Some(site)) =
        (VisitRow::column("visitor_id"), VisitRow::column("last_at"), asked.sites.first())
    else {
        return Ok(Cell::Bool(false));
    };
    let range = TimeRange { start: moment.plus(-DAY), end: moment.plus(DAY + 1) };
    let mut query = Query::new(Fact::Visits, vec![site.id], range, TimeZone::UTC);
    query.filter = segment::filter(&asked.segment, Fact::Visits, site, &call.ctx.catalogue)?
        .and(Filter::is(id, Value::Int(visitor.0 as i64)).negated());
    query.keys = vec![footfall_model::Key::Column(id)];
    query.measures = vec![Measure::new("last", Aggregate::Max(last_at))];
    // Whatever else happened within the second is beside it too.
    let (op, value) = if before { (Op::AtMost, moment.0 + 999) } else { (Op::AtLeast, moment.0) };
    query.having = vec![Having { measure: Text::from("last"), op, value: Value::Int(value) }];
    query.order = vec![Order::Measure { name: Text::from("last"), descending: before }];
    query.limit = Some(1);
    let found = call.ctx.store.query(&query).await?.rows.into_iter().next();
    let id = found.and_then(|row| row.first().and_then(Value::as_i64));
    Ok(id.map_or(Cell::Bool(false), |id| Cell::text(&VisitorId(id as u64).to_string())))
}

/// What is told of the first and of the last visit.
fn summary(calendar: &Calendar, visit: &Visit, site: &Site, today: footfall_model::Day) -> Cell {
    let first = Millis::from_seconds(number(visit, "firstActionTimestamp"));
    let midnight = Millis::from(today.to_zoned(TimeZone::UTC).map(|at| at.timestamp()).unwrap_or_default());
    let away = dates::wall(midnight, &site.zone) - dates::wall(first, &site.zone);
    let kind = text(visit, "referrerType");
    crate::matomo::cells::cells! {
        "date" => first.seconds(),
        "prettyDate" => Cell::text(&calendar.day(first.local(&site.zone).date())),
        "daysAgo" => away / 86_400,
        "referrerType" => Cell::text(kind),
        "referrerUrl" => Cell::text(text(visit, "referrerUrl")),
        "referralSummary" => Cell::text(&referral(visit, kind)),
    }
}

/// Where a visit came from, in words.
fn referral(visit: &Visit, kind: &str) -> String {
    let (name, keyword) = (text(visit, "referrerName"), text(visit, "referrerKeyword"));
    match kind {
        "direct" | "" => "Direct Entry".to_owned(),
        "search" if keyword != super::visit::KEYWORD_NOT_DEFINED => format!("{name} ({keyword})"),
        "campaign" if keyword.is_empty() => format!("Campaign: {name}"),
        "campaign" => format!("Campaign: {name} - {keyword}"),
        _ => name.to_owned(),
    }
}

/// Everything that happened in these visits.
fn actions(visits: &[Visit]) -> impl Iterator<Item = &[(Name, Cell)]> {
    visits
        .iter()
        .filter_map(|visit| match get_cell(visit, "actionDetails") {
            Some(Cell::List(actions)) => Some(actions),
            _ => None,
        })
        .flatten()
        .filter_map(Cell::as_map)
}

fn get_cell<'a>(of: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    of.iter().find(|(known, _)| known == name).map(|(_, cell)| cell)
}

/// A value that is something.
fn get_filled<'a>(of: &'a [(Name, Cell)], name: &str) -> Option<&'a Cell> {
    get_cell(of, name).filter(|cell| **cell != Cell::NULL)
}

fn text<'a>(of: &'a [(Name, Cell)], name: &str) -> &'a str {
    get_cell(of, name).and_then(Cell::as_str).unwrap_or_default()
}

fn number(of: &[(Name, Cell)], name: &str) -> i64 {
    get_cell(of, name).and_then(Cell::value).and_then(Value::as_i64).unwrap_or_default()
}
