//! The import format: one JSON object a line, each an event with what is known about it.
//!
//! Facts that a line gives win over what would be derived. A referrer's source is taken as given, or made from the referrer; it is
//! not made from tags, so that what another product counted as direct stays so. A line without a usable field is refused with its
//! number and the reason, and never stops the rest.

mod numbered;
mod sale;

use std::{fmt, hash::Hasher, net::IpAddr};

use footfall_model::{Kind, Millis, SiteId, Sites, dimensions};
use jiff::Timestamp;
use serde_json::{Map, Value};
use siphasher::sip::SipHasher24;

pub(crate) use self::sale::CREDITED;
use self::sale::Sale;
use super::event;
use crate::{
    Hit,
    accept::bounds,
    hit::{Action, Dialect, Product},
};

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// The line's number, from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for LineError {}

/// Fields that stand for a second fact where the line has no field of its own for that one.
const ALSO: [(&str, &str); 4] = [
    ("browser", "visit.browser_name"),
    ("browser_version", "visit.browser_version"),
    ("os", "visit.os_name"),
    ("os_version", "visit.os_version"),
];

/// Facts that are not taken as they are: [`read`] has its own way with each.
const READ_APART: [&str; 4] = ["visit.language", "visit.resolution", "visit.city", "visit.address"];

/// What a line may be.
const TYPES: [&str; 12] = [
    "pageview",
    "event",
    "engagement",
    "download",
    "outlink",
    "search",
    "content_impression",
    "content_interaction",
    "ping",
    "conversion",
    "order",
    "cart",
];

/// The field with the visitor's fingerprint in hexadecimal digits: kept among the given facts.
pub(crate) const FINGERPRINT: &str = "fingerprint";

/// Fields with the parts of a page's load, in the order of [`Hit::timings`].
const TIMINGS: [&str; 6] =
    ["time_network", "time_server", "time_transfer", "time_dom_processing", "time_dom_completion", "time_on_load"];

/// Reads a line; nothing where it tells what other lines bring along by themselves. `batch` names the import, so that a line is
/// counted once however often the file is read.
///
/// # Errors
/// With the line's number and what is wrong with it.
pub fn line(text: &[u8], line: u64, batch: &str, sites: &Sites, received_at: Millis) -> Result<Option<Hit>, LineError> {
    let named = |hit| Hit { import: Some((batch.to_owned(), line)), ..hit };
    read(text, sites, received_at).map(|hit| hit.map(named)).map_err(|reason| LineError { line, reason })
}

fn read(text: &[u8], sites: &Sites, received_at: Millis) -> Result<Option<Hit>, String> {
    if text.len() > bounds::LINE {
        return Err(format!("the line is longer than {} bytes", bounds::LINE));
    }
    let body: Map<String, Value> = serde_json::from_slice(text).map_err(|error| format!("no JSON object: {error}"))?;
    let site = site(&body, sites)?;
    let at = moment(&body)?;
    let mut hit = Hit::page_view(site.0, Dialect::Import, at);
    hit.received_at = received_at.0;
    hit.visitor = Some(visitor(&body, site)?);
    hit.visitor_forced = true;
    let sale = sale::read(&body, sites.get(site))?;
    if matches!(sale, Some(Sale::FoundAgain)) {
        return Ok(None);
    }
    let of_page = sale.is_none();
    hit.action = match sale {
        Some(Sale::Made(action)) => action,
        _ => action(&body)?,
    };
    let needs_page = of_page && hit.action != Action::Ping;
    page(&body, &mut hit, needs_page)?;
    sale::credit(&body, &mut hit)?;
    for (timing, field) in hit.timings.iter_mut().zip(TIMINGS) {
        *timing = whole(&body, field, u64::from(u32::MAX))?.map(|milliseconds| milliseconds as u32);
    }
    hit.dimensions = numbered::dimensions(&body)?;
    hit.visit_variables = numbered::variables(&body, "visit_variables")?;
    hit.page_variables = numbered::variables(&body, "variables")?;
    hit.title = short(&body, "title")?.unwrap_or_default();
    hit.referrer = short(&body, "referrer_url")?.or(short(&body, "referrer")?).unwrap_or_default();
    hit.address = address(&body)?;
    hit.pageview = short(&body, "pageview_id")?;
    hit.user_agent = short(&body, "user_agent")?.unwrap_or_default();
    hit.language = short(&body, "language")?.unwrap_or_default();
    hit.user = short(&body, "user_id")?.map(|user| user.chars().take(200).collect());
    facts(&body, &mut hit)?;
    if let Some(digits) = short(&body, FINGERPRINT)? {
        let fingerprint = u64::from_str_radix(&digits, 16);
        fingerprint.map_err(|_| format!("`{FINGERPRINT}` is no number of up to 16 hexadecimal digits: `{}`", cut(&digits)))?;
        hit.given.push((FINGERPRINT.to_owned(), digits));
    }
    if let Some(city) = short(&body, "city")?.filter(|city| city != "0") {
        hit.given.push(("visit.city".to_owned(), city));
    }
    if let Some(screen) = short(&body, "screen")? {
        let (name, text) = if screen.contains('x') { ("visit.resolution", screen) } else { ("visit.screen_class", screen) };
        hit.given.push((name.to_owned(), text));
    }
    hit.product = product(&body)?;
    hit.props = event::properties(body.get("props")).map_err(|(_, sentence)| format!("`props`: {sentence}"))?;
    hit.revenue = match body.get("revenue") {
        None | Some(Value::Null) => None,
        sent => Some(event::revenue(sent).ok_or("`revenue` needs an `amount` and a `currency` of ISO 4217")?),
    };
    Ok(Some(hit))
}

/// Facts of the catalogue, each from the field it goes out in.
fn facts(body: &Map<String, Value>, hit: &mut Hit) -> Result<(), String> {
    for (field, dimension) in ALSO {
        hit.given.extend(short(body, field)?.map(|text| (dimension.to_owned(), text)));
    }
    // What is named without a version has none, rather than one that is not known.
    for (field, version, dimension) in
        [("browser", "browser_version", "visit.browser_version"), ("os", "os_version", "visit.os_version")]
    {
        if short(body, field)?.is_some() && short(body, version)?.is_none() {
            hit.given.push((dimension.to_owned(), String::new()));
        }
    }
    for dimension in dimensions::ALL.iter().filter(|one| one.is_catalogue_column() && !READ_APART.contains(&one.id)) {
        let field = dimension.field();
        let given = match dimension.kind {
            Kind::Real => number(body, field)?.map(|number| number.to_string()),
            Kind::Small => whole(body, field, u8::MAX.into())?.map(|number| number.to_string()),
            Kind::Count => whole(body, field, u32::MAX.into())?.map(|number| number.to_string()),
            _ => short(body, field)?,
        };
        hit.given.extend(given.map(|text| (dimension.id.to_owned(), text)));
    }
    Ok(())
}

fn address(body: &Map<String, Value>) -> Result<Option<IpAddr>, String> {
    let read = |text: String| text.parse().map_err(|_| format!("`address` is no IP address: `{}`", cut(&text)));
    short(body, "address")?.map(read).transpose()
}

fn site(body: &Map<String, Value>, sites: &Sites) -> Result<SiteId, String> {
    let found = match body.get("site") {
        Some(Value::String(name)) => {
            let by_number = || name.parse().ok().and_then(|number| sites.get(SiteId(number)));
            let found = sites.by_domain(name).or_else(by_number);
            found.ok_or_else(|| format!("no site is called `{}`", cut(name)))?
        }
        Some(Value::Number(number)) => {
            let id = number.as_u64().and_then(|number| u32::try_from(number).ok());
            id.and_then(|id| sites.get(SiteId(id))).ok_or_else(|| format!("no site has the number `{number}`"))?
        }
        _ => return Err("`site` is missing: a domain or a number".to_owned()),
    };
    Ok(found.id)
}

fn moment(body: &Map<String, Value>) -> Result<i64, String> {
    let Some(Value::String(text)) = body.get("timestamp") else {
        return Err("`timestamp` is missing: a moment such as `2026-03-01T10:00:00Z`".to_owned());
    };
    let moment = text
        .parse::<Timestamp>()
        .map(Timestamp::as_millisecond)
        .ok()
        .or_else(|| super::moment::seconds(text).filter(|_| text.contains('-')).map(|seconds| seconds * 1000));
    moment.ok_or_else(|| format!("`timestamp` is no moment of RFC 3339: `{}`", cut(text)))
}

/// The visitor's id: the same text or number is the same visitor within a site, and nobody elsewhere. 16 hexadecimal digits, as
/// they are exported and as Matomo's trackers keep them, are the id itself.
fn visitor(body: &Map<String, Value>, site: SiteId) -> Result<u64, String> {
    let text = match body.get("visitor") {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return Err("`visitor` is missing: a text or a whole number".to_owned()),
    };
    if text.len() == 16
        && let Ok(id @ 1..) = u64::from_str_radix(&text, 16)
    {
        return Ok(id);
    }
    let mut hash = SipHasher24::new_with_keys(0x666f_6f74, u64::from(site.0));
    hash.write(text.as_bytes());
    Ok(hash.finish())
}

fn action(body: &Map<String, Value>) -> Result<Action, String> {
    let text = |field: &str| Ok::<_, String>(short(body, field)?.unwrap_or_default());
    let needed = |field: &str, who: &str| short(body, field)?.ok_or_else(|| format!("`{field}` is missing: {who} has one"));
    match body.get("type").map(|kind| kind.as_str().unwrap_or("")) {
        None | Some("pageview") => Ok(Action::PageView),
        Some("event") => {
            let name = needed("name", "an event")?;
            if let Some(category) = short(body, "event_category")? {
                return Ok(Action::Event {
                    category,
                    action: name,
                    name: text("event_name")?,
                    value: number(body, "event_value")?,
                });
            }
            if name.chars().count() > 120 {
                return Err("`name` is longer than 120 characters".to_owned());
            }
            let interactive = body.get("interactive") != Some(&Value::Bool(false));
            Ok(Action::Custom { name, interactive })
        }
        Some("engagement") => {
            let depth = whole(body, "scroll_depth", 255)?.filter(|depth| *depth <= 100);
            let milliseconds = whole(body, "engagement_time_ms", 30 * 86_400_000)?.unwrap_or(0);
            Ok(Action::Engagement {
                scroll_depth: depth.map(|depth| depth as u8),
                milliseconds: u32::try_from(milliseconds).unwrap_or(u32::MAX),
            })
        }
        Some("ping") => Ok(Action::Ping),
        Some("download") => Ok(Action::Download { target: needed("url", "a download")? }),
        Some("outlink") => Ok(Action::Outlink { target: needed("url", "an outlink")? }),
        Some("search") => Ok(Action::Search {
            keyword: needed("search_keyword", "a search")?,
            category: text("search_category")?,
            count: whole(body, "search_count", i32::MAX as u64)?.map(|count| count as i32),
        }),
        Some(kind @ ("content_impression" | "content_interaction")) => Ok(Action::Content {
            name: needed("content_name", "a content")?,
            piece: text("content_piece")?,
            target: text("content_target")?,
            interaction: if kind == "content_impression" {
                String::new()
            } else {
                needed("content_interaction", "an interaction")?
            },
        }),
        Some(other) => Err(format!("`type` is `{}`; it may be `{}`", cut(other), TYPES.join("`, `"))),
    }
}

/// The product that was looked at.
fn product(body: &Map<String, Value>) -> Result<Option<Product>, String> {
    let (sku, name, price) = (short(body, "product_sku")?, short(body, "product_name")?, number(body, "product_price")?);
    let mut categories = Vec::new();
    for field in ["product_category", "product_category2", "product_category3", "product_category4", "product_category5"] {
        categories.extend(short(body, field)?);
    }
    if sku.is_none() && name.is_none() && categories.is_empty() {
        return Ok(None);
    }
    Ok(Some(Product { sku: sku.unwrap_or_default(), name: name.unwrap_or_default(), categories, price, quantity: 1 }))
}

/// A whole number from 0 on; nothing where there is none.
fn whole(body: &Map<String, Value>, field: &str, most: u64) -> Result<Option<u64>, String> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let number = value.as_u64().filter(|number| *number <= most);
            number.map(Some).ok_or_else(|| format!("`{field}` is no whole number from 0 to {most}"))
        }
    }
}

/// Any number; nothing where there is none.
fn number(body: &Map<String, Value>, field: &str) -> Result<Option<f64>, String> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or_else(|| format!("`{field}` is no number")),
    }
}

fn page(body: &Map<String, Value>, hit: &mut Hit, needed: bool) -> Result<(), String> {
    let host = short(body, "hostname")?;
    let path = short(body, "path")?;
    match short(body, "url")? {
        Some(url) => hit.url = url,
        None if host.is_none() && !needed => {}
        None => {
            let Some(host) = &host else {
                return Err("`url` is missing, and so is `hostname`".to_owned());
            };
            let path = path.as_deref().unwrap_or("/");
            let slash = if path.starts_with('/') { "" } else { "/" };
            hit.url = format!("https://{host}{slash}{path}");
        }
    }
    for (dimension, text) in [("action.host", host), ("action.page", path)] {
        if let Some(text) = text {
            hit.given.push((dimension.to_owned(), text));
        }
    }
    Ok(())
}

/// A field's text; nothing when it is empty.
fn short(body: &Map<String, Value>, field: &str) -> Result<Option<String>, String> {
    let text = match body.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(format!("`{field}` is no text")),
    };
    if text.len() > bounds::TEXT {
        return Err(format!("`{field}` is longer than {} bytes", bounds::TEXT));
    }
    Ok((!text.is_empty()).then_some(text))
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(100)]
}
