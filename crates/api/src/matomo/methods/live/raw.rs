//! Everything that is kept about visits, as the rows of the tables Matomo keeps it in.

use std::collections::BTreeMap;

use footfall_model::{
    ActionKind, Cell, ConversionRow, Dimension, GoalId, HitRow, ItemRow, Millis, Name, Text, Value, VisitorId,
    dimensions::{device, local_time, place, referrer, resolution},
    variable,
};
use footfall_report::{
    names::languages,
    number,
    reports::{device_plugins, devices_detection, user_country},
};

use super::{
    actions::pageview,
    numbers::{Numbers, of},
    seen::Seen,
    urls, visit,
};
use crate::matomo::{cells::moment, pretty};

/// A row of a table.
type Row = BTreeMap<String, Cell>;

/// A row by the number that puts it in order.
type Numbered = (u64, Row);

/// Tables by name, with the texts that columns refer to by their numbers.
#[derive(Default)]
pub(super) struct Tables {
    visits: Vec<Numbered>,
    actions: Vec<Numbered>,
    items: Vec<Numbered>,
    conversions: Vec<Numbered>,
    /// Texts by number, by the table and the column that refer to them.
    texts: BTreeMap<String, BTreeMap<i64, String>>,
}

impl Tables {
    /// Adds a visit with all that happened in it.
    pub(super) fn add(&mut self, seen: &Seen<'_>, numbers: &Numbers) {
        let mut of_visit = Refers { seen, numbers, table: "log_visit", texts: &mut self.texts };
        let id = seen.detail.visit.visit_id.0;
        self.visits.push((id, visit_row(&mut of_visit)));
        for hit in &seen.detail.hits {
            let Some(kind) = ActionKind::from_code(hit.kind).filter(|kind| *kind != ActionKind::Engagement) else {
                continue;
            };
            let mut of_hit = Refers { seen, numbers, table: "log_link_visit_action", texts: &mut self.texts };
            self.actions.push((hit.hit_id, action_row(&mut of_hit, hit, kind)));
        }
        let mut conversions: Vec<&ConversionRow> = seen.detail.conversions.iter().collect();
        conversions.sort_by_key(|conversion| (conversion.goal_id, conversion.at));
        self.conversions.extend(conversions.into_iter().map(|conversion| (id, conversion_row(seen, conversion))));
        for item in &seen.detail.items {
            let mut of_item = Refers { seen, numbers, table: "log_conversion_item", texts: &mut self.texts };
            self.items.push((id, item_row(&mut of_item, item)));
        }
    }

    /// The tables by name, the last name first, without the columns that are not wanted.
    pub(super) fn named(self, hidden: &[String]) -> Vec<(Name, Cell)> {
        let rows = |mut rows: Vec<Numbered>| {
            rows.sort_by_key(|(number, _)| *number);
            let shown = rows.into_iter().map(|(_, row)| {
                let kept = row.into_iter().filter(|(name, _)| !hidden.contains(name));
                Cell::Map(kept.map(|(name, cell)| (Name::Owned(name), cell)).collect())
            });
            Cell::List(shown.collect())
        };
        let mut all = vec![
            (Name::Borrowed("log_visit"), rows(self.visits)),
            (Name::Borrowed("log_link_visit_action"), rows(self.actions)),
            (Name::Borrowed("log_conversion_item"), rows(self.items)),
            (Name::Borrowed("log_conversion"), rows(self.conversions)),
        ];
        for (column, texts) in self.texts.into_iter().rev() {
            let text = |(id, name): (i64, String)| {
                Cell::Map(vec![("idaction".into(), Cell::text(&id.to_string())), ("name".into(), Cell::text(&name))])
            };
            all.push((Name::Owned(format!("log_action_{column}")), Cell::List(texts.into_iter().map(text).collect())));
        }
        all
    }
}

/// Numbers of texts, each remembered with its text.
struct Refers<'a> {
    seen: &'a Seen<'a>,
    numbers: &'a Numbers,
    table: &'static str,
    texts: &'a mut BTreeMap<String, BTreeMap<i64, String>>,
}

impl Refers<'_> {
    /// The number of a text in a column; nothing for none.
    fn text(&mut self, column: &str, kind: u8, id: u32) -> Option<Cell> {
        let text = self.seen.long(id).to_owned();
        self.whole(column, kind, id, text)
    }

    /// The same for an address, which is told with its scheme.
    fn url(&mut self, column: &str, kind: ActionKind, id: u32, prefix: Option<u8>) -> Option<Cell> {
        let text = self.seen.long(id);
        let whole = urls::whole(text, self.numbers.prefix(kind, text, prefix), &self.seen.site);
        self.whole(column, of::kind(kind), id, whole)
    }

    fn whole(&mut self, column: &str, kind: u8, id: u32, text: String) -> Option<Cell> {
        let number = self.numbers.of(kind, id, self.seen.long(id))?;
        self.texts.entry(format!("{}_{column}", self.table)).or_default().insert(number, text);
        Some(Cell::text(&number.to_string()))
    }

    /// The number of a text that is told elsewhere.
    fn number(&self, kind: u8, id: u32) -> Cell {
        Cell::text(&self.numbers.of(kind, id, self.seen.long(id)).unwrap_or(0).to_string())
    }
}

/// Columns of a row; what is not known has none.
#[derive(Default)]
struct Columns(Row);

impl Columns {
    fn text(&mut self, name: impl Into<String>, text: &str) {
        if !text.is_empty() {
            self.0.insert(name.into(), Cell::text(text));
        }
    }

    fn number(&mut self, name: &str, number: impl std::fmt::Display) {
        self.0.insert(name.to_owned(), Cell::text(&number.to_string()));
    }

    fn refer(&mut self, name: &str, number: Option<Cell>) {
        self.0.extend(number.map(|number| (name.to_owned(), number)));
    }

    /// The number that stands for a word; nothing for a word without one.
    fn coded(&mut self, name: &str, codes: &[(&str, u8)], word: &str) {
        if let Some((_, code)) = codes.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)) {
            self.number(name, code);
        }
    }

    fn slots(&mut self, slots: &[Option<Text>]) {
        for (place, held) in slots.iter().enumerate() {
            self.text(format!("custom_dimension_{}", place + 1), held.as_deref().unwrap_or_default());
        }
    }

    fn variables(&mut self, variables: &[(Text, Text)]) {
        for (number, name, value) in variable::read(variables) {
            self.text(format!("custom_var_k{number}"), name);
            self.text(format!("custom_var_v{number}"), value);
        }
    }
}

fn yes(held: bool) -> &'static str {
    if held { "Yes" } else { "No" }
}

/// A length as a clock shows it, such as `00:06:01`.
fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Money as the site's people write it.
fn money(seen: &Seen<'_>, amount: f64) -> Cell {
    Cell::text(&seen.money(number::round(amount, 2)))
}

/// A page's title, or the keyword of a search.
fn title_kind(kind: u8) -> u8 {
    if ActionKind::from_code(kind) == Some(ActionKind::Search) { of::SEARCH } else { of::TITLE }
}

fn visit_row(refers: &mut Refers<'_>) -> Row {
    let seen = refers.seen;
    let visit = &seen.detail.visit;
    let mut to = Columns::default();
    to.number("idvisit", visit.visit_id.0);
    to.text("idsite", &seen.site.name);
    to.text("idvisitor", &visit.visitor_id.to_string());
    to.text("config_id", &VisitorId(visit.config_id).to_string());
    to.text("user_id", visit.user_id.as_deref().unwrap_or_default());
    to.text("location_ip", seen.text(&place::ADDRESS));
    to.text("visit_first_action_time", &moment(visit.first_at));
    to.text("visit_last_action_time", &moment(visit.last_at));
    to.text("visit_total_time", &clock(visit.duration));
    to.number("visit_total_actions", visit.actions);
    to.number("visit_total_interactions", visit.interactions);
    to.number("visit_total_searches", visit.searches);
    to.number("visit_total_events", visit.events);
    to.text("visit_goal_converted", yes(visit.converted));
    let buyer = ["None", "Ordered", "Abandoned Cart", "Ordered then Abandoned Cart"];
    to.text("visit_goal_buyer", buyer.get(usize::from(visit.ecommerce)).unwrap_or(&"None"));
    to.number("visitor_count_visits", visit.visit_count);
    let kind = ["New", "Returning", "Returning Customer"];
    to.text("visitor_returning", kind.get(usize::from(visit.visitor_kind)).unwrap_or(&"New"));
    to.number("visitor_seconds_since_first", visit.since_first);
    to.number("visitor_seconds_since_last", visit.since_last);
    if let Some(since) = visit.since_order {
        to.number("visitor_seconds_since_order", since);
    }
    let (entry, exit) = (title_kind(visit.entry_kind), title_kind(visit.exit_kind));
    to.refer("visit_entry_idaction_name", refers.text("visit_entry_idaction_name", entry, visit.entry_title));
    to.refer("visit_exit_idaction_name", refers.text("visit_exit_idaction_name", exit, visit.exit_title));
    for (column, url) in [("visit_entry_idaction_url", visit.entry_url), ("visit_exit_idaction_url", visit.exit_url)] {
        let prefix = seen.detail.hits.iter().find(|hit| hit.url == url).and_then(|hit| hit.url_prefix);
        to.refer(column, refers.url(column, ActionKind::PageView, url, prefix));
    }
    made_with(&mut to, seen);
    was_at(&mut to, seen);
    came_from(&mut to, seen);
    to.slots(&visit.slots);
    to.variables(&visit.cvars);
    to.0
}

fn made_with(to: &mut Columns, seen: &Seen<'_>) {
    let named = |dimension: &Dimension| match seen.text(dimension) {
        "" => "Unknown".to_owned(),
        text => text.to_owned(),
    };
    to.text("config_browser_engine", devices_detection::engine_title(seen.text(&device::BROWSER_ENGINE)));
    to.text("config_browser_name", &named(&device::BROWSER_NAME));
    to.text("config_browser_version", seen.text(&device::BROWSER_VERSION));
    to.text("config_client_type", seen.text(&device::CLIENT_TYPE));
    to.text("config_device_brand", &named(&device::DEVICE_BRAND));
    to.text("config_device_model", seen.text(&device::DEVICE_MODEL));
    to.text("config_device_type", devices_detection::type_title(seen.text(&device::DEVICE_TYPE)));
    to.text("config_os", &named(&device::OS_NAME));
    to.text("config_os_version", seen.text(&device::OS_VERSION));
    to.text("config_resolution", seen.text(&resolution::RESOLUTION));
    let held: Vec<&str> = seen.text(&device::PLUGINS).split(',').map(str::trim).collect();
    for plugin in device_plugins::PLUGINS {
        to.text(format!("config_{plugin}"), yes(held.contains(&plugin)));
    }
}

fn was_at(to: &mut Columns, seen: &Seen<'_>) {
    let code = seen.text(&place::LANGUAGE);
    if !code.is_empty() {
        to.text("location_browser_lang", &languages::name(code).map_or(code.to_owned(), |name| format!("{name} ({code})")));
    }
    let country = seen.text(&place::COUNTRY).to_ascii_lowercase();
    to.text("location_country", user_country::country(if country.is_empty() { "xx" } else { &country }));
    let region = seen.text(&place::REGION);
    to.text("location_region", region.split_once('-').map_or(region, |(_, region)| region));
    to.text("location_city", seen.text(&place::CITY));
    for (column, dimension) in [("location_latitude", &place::LATITUDE), ("location_longitude", &place::LONGITUDE)] {
        if let Some(degrees) = seen.fact(dimension).and_then(Value::as_f64) {
            to.text(column, &format!("{:.6}", number::round(degrees, 6)));
        }
    }
    let parts = [&local_time::LOCAL_HOUR, &local_time::LOCAL_MINUTE, &local_time::LOCAL_SECOND];
    let parts: Vec<i64> = parts.into_iter().filter_map(|part| seen.fact(part).and_then(Value::as_i64)).collect();
    if let [hour, minute, second] = parts[..] {
        to.text("visitor_localtime", &format!("{hour:02}:{minute:02}:{second:02}"));
    }
}

fn came_from(to: &mut Columns, seen: &Seen<'_>) {
    to.text("referer_type", visit::referrer_title(seen.text(&referrer::REFERRER_TYPE)));
    to.text("referer_name", seen.text(&referrer::REFERRER_NAME));
    to.text("referer_keyword", seen.text(&referrer::REFERRER_KEYWORD));
    to.text("referer_url", seen.long(seen.detail.visit.referrer_url));
}

fn action_row(refers: &mut Refers<'_>, hit: &HitRow, kind: ActionKind) -> Row {
    let mut to = Columns::default();
    to.number("idlink_va", hit.hit_id);
    to.number("idvisit", hit.visit_id.0);
    to.number("idsite", hit.site_id.0);
    to.text("idvisitor", &hit.visitor_id.to_string());
    to.text("server_time", &moment(hit.at));
    to.text("idpageview", pageview(hit.pageview_id).as_str().unwrap_or_default());
    if hit.position > 0 {
        to.number("pageview_position", hit.position);
    }
    to.text("time_spent_ref_action", &clock(hit.time_spent.unwrap_or(0)));
    // Clients know the column as a time where no event has a value.
    match hit.event_value {
        Some(value) => to.number("custom_float", number::round(value, 3)),
        None => to.text("custom_float", "0s"),
    }
    match kind {
        ActionKind::Search => {
            to.refer("idaction_name", refers.text("idaction_name", of::SEARCH, hit.search_keyword));
            to.text("search_cat", refers.seen.long(hit.search_category));
            if let Some(count) = hit.search_count {
                to.number("search_count", count);
            }
        }
        ActionKind::Event => {
            to.refer("idaction_name", refers.text("idaction_name", of::EVENT_NAME, hit.event_name));
            let column = "idaction_event_category";
            to.refer(column, refers.text(column, of::EVENT_CATEGORY, hit.event_category));
            to.refer("idaction_event_action", refers.text("idaction_event_action", of::EVENT_ACTION, hit.event_action));
        }
        _ => to.refer("idaction_name", refers.text("idaction_name", of::TITLE, hit.title)),
    }
    if kind != ActionKind::Search {
        to.refer("idaction_url", refers.url("idaction_url", kind, hit.url, hit.url_prefix));
    }
    to.0.insert("idaction_name_ref".to_owned(), refers.number(title_kind(hit.ref_kind), hit.ref_title));
    // A search has no address.
    if ActionKind::from_code(hit.ref_kind) != Some(ActionKind::Search) {
        to.0.insert("idaction_url_ref".to_owned(), refers.number(of::kind(ActionKind::PageView), hit.ref_url));
    }
    for (column, number, id) in [
        ("idaction_content_name", of::CONTENT_NAME, hit.content_name),
        ("idaction_content_piece", of::CONTENT_PIECE, hit.content_piece),
        ("idaction_content_target", of::CONTENT_TARGET, hit.content_target),
        ("idaction_content_interaction", of::CONTENT_INTERACTION, hit.content_interaction),
        ("idaction_product_sku", of::PRODUCT_SKU, hit.product_sku),
        ("idaction_product_name", of::PRODUCT_NAME, hit.product_name),
        ("idaction_product_cat", of::PRODUCT_CATEGORY, hit.product_category),
        ("idaction_product_cat2", of::PRODUCT_CATEGORY, hit.product_category2),
        ("idaction_product_cat3", of::PRODUCT_CATEGORY, hit.product_category3),
        ("idaction_product_cat4", of::PRODUCT_CATEGORY, hit.product_category4),
        ("idaction_product_cat5", of::PRODUCT_CATEGORY, hit.product_category5),
    ] {
        to.refer(column, refers.text(column, number, id));
    }
    if let Some(price) = hit.product_price {
        to.0.insert("product_price".to_owned(), money(refers.seen, price));
    }
    for (column, time) in [
        ("time_network", hit.time_network),
        ("time_server", hit.time_server),
        ("time_transfer", hit.time_transfer),
        ("time_dom_processing", hit.time_dom_processing),
        ("time_dom_completion", hit.time_dom_completion),
        ("time_on_load", hit.time_on_load),
    ] {
        to.text(column, &pretty::time(f64::from(time.unwrap_or(0)) / 1000.0));
    }
    to.slots(&hit.slots);
    to.variables(&hit.cvars);
    to.0
}

/// What conversions and items begin with.
fn begun(idvisit: u64, idsite: u32, visitor: VisitorId, at: Millis) -> Columns {
    let mut to = Columns::default();
    to.number("idvisit", idvisit);
    to.number("idsite", idsite);
    to.text("idvisitor", &visitor.to_string());
    to.text("server_time", &moment(at));
    to
}

fn conversion_row(seen: &Seen<'_>, of: &ConversionRow) -> Row {
    let visit = &seen.detail.visit;
    let mut to = begun(of.visit_id.0, of.site_id.0, of.visitor_id, of.at);
    to.number("idgoal", of.goal_id.0);
    to.0.insert("revenue".to_owned(), money(seen, of.revenue));
    if of.goal_id.0 > 0 {
        let prefix = seen.detail.hits.iter().find(|hit| hit.url == of.url).and_then(|hit| hit.url_prefix);
        let url = seen.long(of.url);
        to.text("url", &if url.is_empty() { String::new() } else { urls::reached(url, prefix, &seen.site) });
    } else {
        to.number("items", of.items);
    }
    to.0.entry("url".to_owned()).or_insert_with(|| Cell::text(""));
    if of.goal_id != GoalId::CART {
        to.number("pageviews_before", interactions_before(seen, of));
    }
    if of.goal_id == GoalId::ORDER {
        to.text("idorder", of.order_id.as_deref().unwrap_or_default());
        for (column, amount) in [
            ("revenue_subtotal", of.subtotal),
            ("revenue_tax", of.tax),
            ("revenue_shipping", of.shipping),
            ("revenue_discount", of.discount),
        ] {
            to.0.insert(column.to_owned(), money(seen, amount));
        }
    }
    to.text("config_browser_name", seen.text(&device::BROWSER_CODE));
    to.0.insert("config_device_brand".to_owned(), Cell::text(seen.text(&device::DEVICE_BRAND)));
    to.0.insert("config_device_model".to_owned(), Cell::text(seen.text(&device::DEVICE_MODEL)));
    to.coded("config_device_type", DEVICE_TYPES, seen.text(&device::DEVICE_TYPE));
    to.coded("config_client_type", CLIENT_TYPES, seen.text(&device::CLIENT_TYPE));
    to.text("location_country", &seen.text(&place::COUNTRY).to_ascii_lowercase());
    to.text("location_city", seen.text(&place::CITY));
    to.coded("referer_type", REFERRER_TYPES, of.referrer_type.as_deref().unwrap_or("direct"));
    to.text("referer_name", of.referrer_name.as_deref().unwrap_or_default());
    to.text("referer_keyword", of.referrer_keyword.as_deref().unwrap_or_default());
    to.number("visitor_count_visits", of.visit_count);
    to.number("visitor_returning", visit.visitor_kind);
    to.number("visitor_seconds_since_first", of.since_first);
    if let Some(since) = of.since_order {
        to.number("visitor_seconds_since_order", since);
    }
    to.slots(&of.slots);
    to.variables(&of.cvars);
    to.0
}

/// How many pages and searches the visit was known to have when it was converted: the first counts in any case.
fn interactions_before(seen: &Seen<'_>, of: &ConversionRow) -> usize {
    let counts = |hit: &&HitRow| {
        matches!(ActionKind::from_code(hit.kind), Some(ActionKind::PageView | ActionKind::Search))
            && if of.hit_id == 0 { hit.at <= of.at } else { hit.hit_id < of.hit_id }
    };
    seen.detail.hits.iter().filter(counts).count().max(1)
}

/// Types of referrers by Matomo's numbers.
const REFERRER_TYPES: &[(&str, u8)] =
    &[("direct", 1), ("search", 2), ("website", 3), ("campaign", 6), ("social", 7), ("ai-assistant", 8)];

/// Types of devices by Matomo's numbers.
const DEVICE_TYPES: &[(&str, u8)] = &[
    ("desktop", 0),
    ("smartphone", 1),
    ("tablet", 2),
    ("feature phone", 3),
    ("console", 4),
    ("tv", 5),
    ("car browser", 6),
    ("smart display", 7),
    ("camera", 8),
    ("portable media player", 9),
    ("phablet", 10),
    ("smart speaker", 11),
    ("wearable", 12),
    ("peripheral", 13),
];

/// Types of what asks for pages by Matomo's numbers.
const CLIENT_TYPES: &[(&str, u8)] =
    &[("browser", 1), ("library", 2), ("feed reader", 3), ("mediaplayer", 4), ("mobile app", 5), ("pim", 6)];

fn item_row(refers: &mut Refers<'_>, item: &ItemRow) -> Row {
    let mut to = begun(item.visit_id.0, item.site_id.0, item.visitor_id, item.at);
    let order = item.order_id.as_deref().filter(|_| item.goal_id == GoalId::ORDER);
    to.text("idorder", order.unwrap_or("0"));
    to.number("quantity", item.quantity);
    to.number("deleted", 0);
    to.0.insert("price".to_owned(), money(refers.seen, item.price));
    to.refer("idaction_sku", refers.text("idaction_sku", of::PRODUCT_SKU, item.sku));
    to.refer("idaction_name", refers.text("idaction_name", of::PRODUCT_NAME, item.name));
    for (column, id) in [
        ("idaction_category", item.category),
        ("idaction_category2", item.category2),
        ("idaction_category3", item.category3),
        ("idaction_category4", item.category4),
        ("idaction_category5", item.category5),
    ] {
        to.0.insert(column.to_owned(), refers.number(of::PRODUCT_CATEGORY, id));
    }
    to.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_as_a_clock_shows_them() {
        assert_eq!([0, 361, 36_061].map(clock), ["00:00:00", "00:06:01", "10:01:01"]);
    }

    #[test]
    fn tables_stand_in_the_order_of_their_names_backwards() {
        let mut tables = Tables::default();
        for column in ["log_visit_a", "log_visit_b", "log_conversion_item_c"] {
            tables.texts.entry(column.to_owned()).or_default().insert(2, "two".to_owned());
        }
        let names: Vec<String> = tables.named(&[]).into_iter().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names[..4], ["log_visit", "log_link_visit_action", "log_conversion_item", "log_conversion"]);
        assert_eq!(names[4..], ["log_action_log_visit_b", "log_action_log_visit_a", "log_action_log_conversion_item_c"]);
    }
}
