//! Visitors now and the latest visits.

use std::sync::Arc;

use footfall_model::{
    Access, ActionKind, Aggregate, Catalogue, ConversionRow, Error, Fact, HitRow, Measure, Millis, Query, Site, TimeRange,
    VisitAnchor, VisitRow, VisitorId,
};
use footfall_report::{
    names,
    stats::{self, Bucket, Dimension, Metric, Source, Span, StatsQuery, Style},
    store::{VisitDetail, VisitsWanted},
};
use serde_json::{Map, Value, json};

use super::{Caller, Failure, form::whole, query, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// How long a visitor counts as being there.
const LIVE: i64 = 5 * 60_000;
/// How many actions of a visit are told.
const ACTIONS: usize = 500;

/// What is pushed to whoever watches a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Visitors of the last five minutes.
    pub visitors: i64,
    /// When the newest counted hit happened.
    pub last_hit_at: Option<Millis>,
}

impl Pulse {
    /// As it is sent.
    pub fn json(&self) -> String {
        json!({ "visitors": self.visitors, "last_hit_at": shape::maybe_moment(self.last_hit_at) }).to_string()
    }
}

/// What `GET /sites/{id}/live/stream` tells now.
///
/// # Errors
/// When the caller may not read the site, or the store cannot answer.
pub async fn pulse(ctx: &Context, caller: &Caller, site: &str) -> Result<Pulse, Failure> {
    let site = super::sites::find(ctx, caller, site)?;
    caller.check_site(&site, Access::View, "watching a site")?;
    if caller.segment.is_some() {
        return Err(Failure::forbidden("the shared link shows figures of a segment and nothing else"));
    }
    let sites = [Arc::clone(&site)];
    let (visitors, last) = futures::try_join!(visitors(ctx, &site), super::sites::last_hits(ctx, &sites))?;
    Ok(Pulse { visitors, last_hit_at: last.get(&site.id).copied() })
}

/// `GET /sites/{id}/live`.
pub(super) async fn get(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_user()?;
    caller.check_site(site, Access::View, "reading visits")?;
    let limit = whole(call, "limit", 30, 0, 200)?;
    let filters = match call.param("filters") {
        None => Vec::new(),
        Some(text) if text.len() > 20_000 => return Err(Failure::bad_request("`filters` is too long")),
        Some(text) => {
            let value: Value = serde_json::from_str(&text).map_err(|_| Failure::bad_request("`filters` must be a JSON list"))?;
            query::filters(&value, site, &ctx.catalogue)?
        }
    };
    let before = call.param("before").map(|text| Cursor::read(&text)).transpose()?;

    let reached = TimeRange { start: TimeRange::EVER.start, end: before.map_or(ctx.now.plus(60_000), |at| at.last_at.plus(1)) };
    let mut asked = StatsQuery::new(Arc::clone(site), Span::moments(reached, &site.zone), Style::Footfall);
    asked.filters = filters;
    let wanted = VisitsWanted {
        sites: vec![site.id],
        range: reached,
        anchor: VisitAnchor::LastAction,
        filter: stats::visits_condition(&asked),
        zone: site.zone.clone(),
        ascending: false,
        // Visits whose last action fell into the cursor's own millisecond come again and are passed over.
        limit: limit + 1 + if before.is_some() { 50 } else { 0 },
        offset: 0,
        with_actions: limit > 0,
    };
    let visits = async { if limit == 0 { Ok(Vec::new()) } else { ctx.store.visits(&wanted).await } };
    let (visitors, minutes, visits) = futures::try_join!(visitors(ctx, site), minutes(ctx, site), visits)?;

    let mut visits: Vec<VisitDetail> =
        visits.into_iter().filter(|visit| before.is_none_or(|at| at.is_before(&visit.visit))).collect();
    let more = visits.len() as u64 > limit;
    visits.truncate(limit as usize);
    let next = visits.last().filter(|_| more).map(|last| Cursor::of(&last.visit).write());
    let shown: Vec<Value> =
        visits.iter().map(|visit| Shown { visit, site, catalogue: &ctx.catalogue, now: ctx.now }.json()).collect();
    Ok(shape::json(200, &json!({ "visitors": visitors, "minutes": minutes, "visits": shown, "next": next })))
}

/// A place in the list of visits.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    last_at: Millis,
    visit: u64,
}

impl Cursor {
    fn of(visit: &VisitRow) -> Cursor {
        Cursor { last_at: visit.last_at, visit: visit.visit_id.0 }
    }

    fn write(self) -> String {
        format!("{}-{}", self.last_at.0, self.visit)
    }

    fn read(text: &str) -> Result<Cursor, Failure> {
        text.split_once('-')
            .and_then(|(at, visit)| Some(Cursor { last_at: Millis(at.parse().ok()?), visit: visit.parse().ok()? }))
            .ok_or_else(|| Failure::bad_request("`before` must be the `next` of an answer before"))
    }

    fn is_before(self, visit: &VisitRow) -> bool {
        (visit.last_at, visit.visit_id.0) < (self.last_at, self.visit)
    }
}

/// Visitors of the last five minutes.
pub(crate) async fn visitors(ctx: &Context, site: &Site) -> Result<i64, Error> {
    let range = TimeRange { start: ctx.now.plus(-LIVE), end: ctx.now.plus(5_000) };
    let mut query = Query::new(Fact::Hits, vec![site.id], range, site.zone.clone());
    query.filter = stats::counted();
    query.measures.push(Measure::new("visitors", Aggregate::Visitors));
    let rows = ctx.store.query(&query).await?;
    Ok(rows.rows.first().and_then(|row| row.first()).and_then(footfall_model::Value::as_i64).unwrap_or(0))
}

/// Page views of each of the last 30 minutes, oldest first.
async fn minutes(ctx: &Context, site: &Arc<Site>) -> Result<Vec<i64>, Error> {
    let end = Millis(ctx.now.0 - ctx.now.0.rem_euclid(60_000) + 60_000);
    let span = Span::moments(TimeRange { start: end.plus(-30 * 60_000), end }, &site.zone);
    let mut query = StatsQuery::new(Arc::clone(site), span.clone(), Style::Footfall);
    query.metrics = vec![Metric::Pageviews];
    query.dimensions = vec![Dimension { name: Bucket::Minute.name().into(), source: Source::Time(Bucket::Minute) }];
    let answer = stats::run(&ctx.reader(), &query).await?;
    let labels = Bucket::Minute.labels(&span);
    let views = |label: &String| {
        let row = answer.rows.iter().find(|row| row.dimensions.first().is_some_and(|known| **known == **label));
        row.and_then(|row| row.metrics.first().copied().flatten()).unwrap_or(0.0) as i64
    };
    Ok(labels.iter().map(views).collect())
}

/// A visit as it is told.
struct Shown<'a> {
    visit: &'a VisitDetail,
    site: &'a Site,
    catalogue: &'a Catalogue,
    now: Millis,
}

impl Shown<'_> {
    fn json(&self) -> Value {
        let visit = &self.visit.visit;
        let fact = |id: &str| self.fact(id);
        let country = fact("visit.country");
        let name = country.as_deref().and_then(names::countries::name);
        let revenue = self.revenue();
        let mut actions: Vec<(Millis, Value)> = self.visit.hits.iter().filter_map(|hit| self.action(hit)).collect();
        actions.extend(self.visit.conversions.iter().filter_map(|conversion| self.conversion(conversion)));
        actions.sort_by_key(|(at, _)| *at);
        let total = actions.len();
        let actions: Vec<Value> = actions.into_iter().take(ACTIONS).map(|(_, shown)| shown).collect();

        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("id", visit.visit_id.0.to_string().into());
        put("visitor_id", VisitorId::to_string(&visit.visitor_id).into());
        put("user_id", json!(visit.user_id.as_deref()));
        put("started_at", shape::moment(visit.first_at));
        put("last_action_at", shape::moment(visit.last_at));
        put("duration", visit.duration.into());
        put("live", (self.now.0 - visit.seen_at.max(visit.last_at).0 <= LIVE).into());
        put("returning", (visit.visitor_kind > 0).into());
        put("visit_count", visit.visit_count.into());
        put("country", json!(country));
        put("country_name", json!(name));
        for (field, id) in [
            ("region", "visit.region"),
            ("city", "visit.city"),
            ("language", "visit.language"),
            ("device", "visit.screen_class"),
            ("browser", "visit.browser"),
            ("browser_version", "visit.browser_release"),
            ("os", "visit.os"),
            ("os_version", "visit.os_release"),
            ("resolution", "visit.resolution"),
        ] {
            put(field, json!(fact(id)));
        }
        put("source", fact("visit.source").unwrap_or_else(|| stats::DIRECT.to_owned()).into());
        put("channel", fact("visit.channel").unwrap_or_else(|| "Direct".to_owned()).into());
        put("referrer", json!(self.text(visit.referrer_url).or_else(|| fact("visit.referrer"))));
        put("campaign", json!(fact("visit.utm_campaign")));
        put("keyword", json!(fact("visit.referrer_keyword")));
        put("pageviews", visit.pageviews.into());
        put("events", visit.events.into());
        put("goals", json!(self.goals()));
        put("revenue", shape::maybe_number(revenue));
        put("dimensions", self.dimensions());
        put("actions", Value::Array(actions));
        put("actions_total", total.into());
        Value::Object(shown)
    }

    /// A fact of the visit as text.
    fn fact(&self, id: &str) -> Option<String> {
        let index = self.catalogue.fact_index(self.catalogue.get(id)?)?;
        match self.visit.visit.facts.get(index)? {
            footfall_model::Value::Text(text) if !text.is_empty() => Some(text.to_string()),
            footfall_model::Value::Int(number) if *number != 0 => self.text(u32::try_from(*number).ok()?),
            _ => None,
        }
    }

    fn text(&self, id: u32) -> Option<String> {
        self.visit.texts.get(&id).filter(|text| !text.is_empty()).map(ToString::to_string)
    }

    fn goals(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for conversion in &self.visit.conversions {
            let goal = self.site.goals.iter().find(|goal| goal.id == conversion.goal_id);
            if let Some(goal) = goal
                && !names.contains(&goal.name)
            {
                names.push(goal.name.clone());
            }
        }
        names
    }

    fn revenue(&self) -> Option<f64> {
        let sold: f64 = self.visit.conversions.iter().filter(|c| c.goal_id.0 >= 0).map(|c| c.revenue).sum();
        let earned: f64 = self.visit.hits.iter().filter_map(|hit| hit.revenue).sum();
        (sold + earned != 0.0).then_some(sold + earned)
    }

    fn dimensions(&self) -> Value {
        let mut shown = Map::new();
        for dimension in &self.site.dimensions {
            let slot = usize::from(dimension.slot).checked_sub(1);
            if dimension.scope == footfall_model::CustomScope::Visit
                && let Some(Some(value)) = slot.and_then(|slot| self.visit.visit.slots.get(slot))
            {
                shown.insert(dimension.id.to_string(), Value::from(&**value));
            }
        }
        Value::Object(shown)
    }

    fn action(&self, hit: &HitRow) -> Option<(Millis, Value)> {
        let (kind, title) = match ActionKind::from_code(hit.kind)? {
            ActionKind::PageView => ("pageview", self.text(hit.title)),
            ActionKind::Download => ("download", None),
            ActionKind::Outlink => ("outlink", None),
            ActionKind::Search => ("search", self.text(hit.search_keyword)),
            ActionKind::Event if hit.event_category == 0 => ("event", self.text(hit.event_action)),
            ActionKind::Event => ("event", self.text(hit.event_name)),
            ActionKind::ContentImpression | ActionKind::ContentInteraction => ("content", self.text(hit.content_name)),
            ActionKind::Engagement => return None,
        };
        let own_name = kind == "event" && hit.event_category == 0;
        let props: Map<String, Value> = hit.props.iter().map(|(name, value)| (name.to_string(), Value::from(&**value))).collect();
        let url = self.text(hit.url).map(|url| format!("{}{url}", scheme(hit.url_prefix)));
        let shown = json!({
            "kind": kind,
            "time": shape::moment(hit.at),
            "title": title,
            "url": url,
            "duration": hit.engagement_ms.map(|millis| shape::number(f64::from(millis) / 1000.0)),
            "value": shape::maybe_number(hit.event_value.or(hit.revenue)),
            "category": self.text(hit.event_category),
            "action": if own_name { None } else { self.text(hit.event_action) },
            "props": props,
        });
        Some((hit.at, shown))
    }

    fn conversion(&self, conversion: &ConversionRow) -> Option<(Millis, Value)> {
        let (kind, title) = match conversion.goal_id.0 {
            -1 => ("cart", None),
            0 => ("order", conversion.order_id.as_deref().map(str::to_owned)),
            _ => ("goal", Some(self.site.goals.iter().find(|goal| goal.id == conversion.goal_id)?.name.clone())),
        };
        let shown = json!({
            "kind": kind,
            "time": shape::moment(conversion.at),
            "title": title,
            "url": self.text(conversion.url),
            "duration": null,
            "value": (conversion.revenue != 0.0).then(|| shape::number(conversion.revenue)),
            "category": null,
            "action": null,
            "props": {},
        });
        Some((conversion.at, shown))
    }
}

/// What was cut before a URL.
fn scheme(prefix: Option<u8>) -> &'static str {
    match prefix {
        Some(0) => "http://",
        Some(1) => "http://www.",
        Some(2) => "https://",
        Some(3) => "https://www.",
        _ => "",
    }
}
