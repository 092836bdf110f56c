//! Everything that was counted for a site, one event, conversion or order a line: as JSON, in the format that `footfall import
//! events` reads, or as a Parquet file with the same fields as columns.

mod parquet;
mod sales;

use std::{collections::VecDeque, sync::Arc};

use footfall_model::{
    ActionKind, Catalogue, CustomScope, Dimension, Error, HitRow, Kind, Millis, Scope, Site, Text, TimeRange, Value as Fact,
    VisitAnchor,
};
use footfall_report::store::{Store, VisitDetail, VisitsWanted};
use serde_json::{Map, Value, json};

use self::parquet::Parquet;
use super::{Caller, Failure};
use crate::{Call, matomo::Context};

/// How many visits are read at a time.
const VISITS: u64 = 1000;

/// An export under way: visits in the order they ended, the events of a visit in the order they happened.
pub struct Export {
    store: Arc<dyn Store>,
    catalogue: Arc<Catalogue>,
    site: Arc<Site>,
    /// What is still to be read: days as moments, so that no question passes over more visits than a day has.
    left: VecDeque<TimeRange>,
    offset: u64,
    /// The file that is written, until it is complete; none for JSON lines.
    file: Option<Parquet>,
    format: Format,
}

/// How events go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Lines,
    /// A Parquet file.
    Parquet,
}

impl Format {
    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Lines => "application/x-ndjson",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Lines => "ndjson",
            Format::Parquet => "parquet",
        }
    }
}

impl Export {
    /// Begins an export of a site, of the days `from` to `to` where the call names them.
    ///
    /// # Errors
    /// When the caller has no `admin` access to the site, or a date is none.
    pub async fn begin(ctx: &Context, caller: &Caller, call: &Call, site: &str) -> Result<Export, Failure> {
        let site = super::sites::find(ctx, caller, site)?;
        caller.check_set_up(&site, "exporting every event")?;
        let format = match call.param("format").as_deref() {
            None | Some("" | "ndjson") => Format::Lines,
            Some("parquet") => Format::Parquet,
            Some(_) => return Err(Failure::bad_request("`format` must be `ndjson` or `parquet`")),
        };
        let day = |name: &str| match call.param(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| Failure::bad_request(format!("`{name}` must be a date such as `2026-03-01`")))
            }
        };
        let kept = ctx.store.stats().await?.first_at.into_iter().find(|(id, _)| *id == site.id).map(|(_, at)| at);
        let today = ctx.now.local(&site.zone).date();
        let first = kept.map_or(today, |at| at.local(&site.zone).date());
        let from = day("from")?.map_or(first, |from: footfall_model::Day| from.max(first));
        let to = day("to")?.unwrap_or(today.max(from));
        let mut left = VecDeque::new();
        if kept.is_some() && from <= to {
            let days = footfall_model::DateRange::new(from, to)?;
            left.extend(days.days().map(|day| footfall_model::DateRange::day(day).on(&site.zone)));
        }
        let file = if format == Format::Parquet { Some(Parquet::new(&ctx.catalogue)?) } else { None };
        Ok(Export { store: Arc::clone(&ctx.store), catalogue: Arc::clone(&ctx.catalogue), site, left, offset: 0, file, format })
    }

    /// How events go out.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The site's number.
    pub fn site(&self) -> u32 {
        self.site.id.0
    }

    /// The next piece of the file; nothing at its end.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        while let Some(events) = self.events().await? {
            let piece = match &mut self.file {
                None => events.iter().flat_map(|event| format!("{}\n", Value::Object(event.clone())).into_bytes()).collect(),
                Some(file) => file.add(&events)?,
            };
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        self.file.take().map(Parquet::end).transpose()
    }

    /// The events of the next visits; nothing when there are no more.
    async fn events(&mut self) -> Result<Option<Vec<Map<String, Value>>>, Error> {
        let Some(range) = self.left.front().copied() else {
            return Ok(None);
        };
        let wanted = VisitsWanted {
            sites: vec![self.site.id],
            range,
            anchor: VisitAnchor::LastAction,
            filter: footfall_model::Filter::All,
            zone: self.site.zone.clone(),
            ascending: true,
            limit: VISITS,
            offset: self.offset,
            with_actions: true,
        };
        let visits = self.store.visits(&wanted).await?;
        self.offset += VISITS;
        if (visits.len() as u64) < VISITS {
            self.left.pop_front();
            self.offset = 0;
        }
        Ok(Some(visits.iter().flat_map(|visit| lines(visit, &self.site, &self.catalogue)).collect()))
    }
}

/// The events of a visit.
fn lines(visit: &VisitDetail, site: &Site, catalogue: &Catalogue) -> Vec<Map<String, Value>> {
    let row = &visit.visit;
    let mut common = Map::new();
    common.insert("site".to_owned(), site.domain.clone().into());
    common.insert("visitor".to_owned(), format!("{:016x}", row.visitor_id.0).into());
    common.insert("visit".to_owned(), row.visit_id.0.into());
    common.insert("visit_count".to_owned(), row.visit_count.into());
    if row.config_id != 0 {
        common.insert("fingerprint".to_owned(), format!("{:016x}", row.config_id).into());
    }
    put(&mut common, "user_id", row.user_id.as_deref());
    put(&mut common, "referrer_url", text(visit, row.referrer_url));
    put_facts(&mut common, visit, catalogue.facts(Scope::Visit), &row.facts);
    put_slots(&mut common, "visit_dimensions", site, CustomScope::Visit, &row.slots);
    put_variables(&mut common, "visit_variables", &row.cvars);
    let events = visit.hits.iter().filter_map(|hit| Some((hit.at, line(visit, hit, site, catalogue, common.clone())?)));
    let sales = sales::lines(visit, site, &common);
    let mut all: Vec<(Millis, Map<String, Value>)> = events.chain(sales).collect();
    all.sort_by_key(|(at, _)| *at);
    let last = all.last().map_or(row.last_at, |(at, _)| *at);
    if row.seen_at > last {
        all.push((row.seen_at, sign_of_life(row.seen_at, common)));
    }
    all.into_iter().map(|(_, line)| line).collect()
}

/// That the visitor was still there after the last action.
fn sign_of_life(at: Millis, mut line: Map<String, Value>) -> Map<String, Value> {
    line.insert("timestamp".to_owned(), timestamp(at).into());
    line.insert("type".to_owned(), "ping".into());
    line
}

fn line(
    visit: &VisitDetail,
    hit: &HitRow,
    site: &Site,
    catalogue: &Catalogue,
    mut line: Map<String, Value>,
) -> Option<Map<String, Value>> {
    let text = |id| text(visit, id);
    line.insert("timestamp".to_owned(), timestamp(hit.at).into());
    let mut kind = |name: &str| line.insert("type".to_owned(), name.into());
    match ActionKind::from_code(hit.kind)? {
        ActionKind::PageView => kind("pageview"),
        ActionKind::Event => kind("event"),
        ActionKind::Engagement => kind("engagement"),
        ActionKind::Download => kind("download"),
        ActionKind::Outlink => kind("outlink"),
        ActionKind::Search => kind("search"),
        ActionKind::ContentImpression => kind("content_impression"),
        ActionKind::ContentInteraction => kind("content_interaction"),
    };
    let url = text(hit.url).map(|url| footfall_report::record::actions::full_url(url, hit.url_prefix.map(i64::from)));
    put(&mut line, "url", url.as_deref());
    put(&mut line, "hostname", text(hit.host));
    put(&mut line, "path", text(hit.page));
    put(&mut line, "title", text(hit.title));
    // A custom event has one name; an event of Matomo's three.
    match text(hit.event_category) {
        None => put(&mut line, "name", text(hit.event_action)),
        Some(category) => {
            put(&mut line, "name", text(hit.event_action));
            put(&mut line, "event_category", Some(category));
            put(&mut line, "event_name", text(hit.event_name));
        }
    }
    for (name, id) in [
        ("search_keyword", hit.search_keyword),
        ("search_category", hit.search_category),
        ("content_name", hit.content_name),
        ("content_piece", hit.content_piece),
        ("content_target", hit.content_target),
        ("content_interaction", hit.content_interaction),
        ("product_sku", hit.product_sku),
        ("product_name", hit.product_name),
        ("product_category", hit.product_category),
        ("product_category2", hit.product_category2),
        ("product_category3", hit.product_category3),
        ("product_category4", hit.product_category4),
        ("product_category5", hit.product_category5),
    ] {
        put(&mut line, name, text(id));
    }
    let numbers = [
        ("event_value", hit.event_value),
        ("search_count", hit.search_count.map(f64::from)),
        ("time_spent", hit.time_spent.map(f64::from)),
        ("scroll_depth", hit.scroll_depth.map(f64::from)),
        ("engagement_time_ms", hit.engagement_ms.map(f64::from)),
        ("product_price", hit.product_price),
        ("time_network", hit.time_network.map(f64::from)),
        ("time_server", hit.time_server.map(f64::from)),
        ("time_transfer", hit.time_transfer.map(f64::from)),
        ("time_dom_processing", hit.time_dom_processing.map(f64::from)),
        ("time_dom_completion", hit.time_dom_completion.map(f64::from)),
        ("time_on_load", hit.time_on_load.map(f64::from)),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            line.insert(name.to_owned(), super::shape::number(number));
        }
    }
    if hit.kind == ActionKind::Event as u8 {
        line.insert("interactive".to_owned(), hit.interactive.into());
    }
    if let (Some(amount), Some(currency)) = (hit.revenue, &hit.currency) {
        line.insert("revenue".to_owned(), json!({ "amount": amount, "currency": &**currency }));
    }
    if !hit.props.is_empty() {
        let props = hit.props.iter().map(|(name, value)| (name.to_string(), Value::from(&**value)));
        line.insert("props".to_owned(), Value::Object(props.collect()));
    }
    put_facts(&mut line, visit, catalogue.facts(Scope::Action), &hit.facts);
    if hit.pageview_id != 0 {
        let signs = hit.pageview_id.to_be_bytes().into_iter().filter(|sign| *sign != 0).map(char::from);
        line.insert("pageview_id".to_owned(), signs.collect::<String>().into());
    }
    put_slots(&mut line, "dimensions", site, CustomScope::Action, &hit.slots);
    put_variables(&mut line, "variables", &hit.cvars);
    Some(line)
}

/// A text of the dictionary, if it is one.
fn text(visit: &VisitDetail, id: u32) -> Option<&str> {
    visit.texts.get(&id).map(|text| &**text).filter(|text| !text.is_empty())
}

/// Custom dimensions of a scope by their numbers.
fn put_slots(into: &mut Map<String, Value>, name: &str, site: &Site, scope: CustomScope, slots: &[Option<Text>]) {
    let of_scope = site.dimensions.iter().filter(|dimension| dimension.scope == scope);
    let set: Map<String, Value> = of_scope
        .filter_map(|dimension| {
            let value = slots.get(usize::from(dimension.slot).checked_sub(1)?)?.as_deref()?;
            Some((dimension.id.to_string(), value.into()))
        })
        .collect();
    if !set.is_empty() {
        into.insert(name.to_owned(), Value::Object(set));
    }
}

/// Custom variables by their numbers: name and value.
fn put_variables(into: &mut Map<String, Value>, name: &str, held: &[(Text, Text)]) {
    let set: Map<String, Value> = footfall_model::variable::read(held)
        .into_iter()
        .map(|(number, name, value)| (number.to_string(), json!([&**name, value])))
        .collect();
    if !set.is_empty() {
        into.insert(name.to_owned(), Value::Object(set));
    }
}

fn timestamp(at: Millis) -> String {
    at.timestamp().to_string()
}

fn put(into: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        into.insert(name.to_owned(), text.into());
    }
}

/// Facts of the catalogue by their fields.
fn put_facts(into: &mut Map<String, Value>, visit: &VisitDetail, dimensions: &[&Dimension], facts: &[Fact]) {
    for (dimension, fact) in dimensions.iter().zip(facts) {
        match fact {
            Fact::Text(value) => put(into, dimension.field(), Some(value)),
            Fact::Int(number) if dimension.kind == Kind::Long => {
                put(into, dimension.field(), u32::try_from(*number).ok().and_then(|number| text(visit, number)));
            }
            Fact::Int(number) => {
                into.insert(dimension.field().to_owned(), (*number).into());
            }
            Fact::Real(number) => {
                into.insert(dimension.field().to_owned(), super::shape::number(*number));
            }
            _ => {}
        }
    }
}
