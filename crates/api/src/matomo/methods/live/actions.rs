//! What happened in a visit, as the visit log lists it.

use footfall_model::{ActionKind, Cell, CustomScope, HitRow, Millis, Name};
use footfall_report::number;

use super::{
    dates,
    numbers::Numbers,
    seen::{Seen, or_null, variables},
};
use crate::matomo::pretty;

/// How many actions of a visit are told (`visitor_log_maximum_actions_per_visit`).
const MOST: usize = 500;

/// One thing that happened, and what it is sorted by.
pub(super) struct Happened {
    /// When.
    pub(super) at: Millis,
    /// The action it belongs to; what belongs to none comes first within its second.
    pub(super) link: Option<u64>,
    /// What it is: Matomo's number of the kind of action, or a word.
    pub(super) kind: &'static str,
    /// Its URL and goal, where nothing else tells two apart.
    pub(super) rest: (String, i32),
    /// The named values, without what every kind ends with.
    pub(super) entries: Vec<(Name, Cell)>,
}

/// Everything that happened, in order, and how much of it is not told.
pub(super) fn list(seen: &Seen<'_>, numbers: &Numbers) -> (Cell, usize) {
    let mut all: Vec<Happened> = pages_and_more(seen, numbers);
    all.extend(super::sales::list(seen));
    all.sort_by(|one, other| {
        let key = |of: &Happened| (of.at.seconds(), of.link, of.kind);
        key(one).cmp(&key(other)).then_with(|| one.rest.cmp(&other.rest))
    });
    let untold = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    (Cell::List(all.into_iter().map(|happened| finished(seen, happened)).collect()), untold)
}

/// The named values with what every kind ends with: when it was, and the custom dimensions.
fn finished(seen: &Seen<'_>, mut happened: Happened) -> Cell {
    happened.entries.push(("serverTimePretty".into(), Cell::text(&seen.calendar().moment(seen.local(happened.at)))));
    happened.entries.push(("timestamp".into(), dates::wall(happened.at, &seen.site.zone).into()));
    // A conversion carries none of its own.
    for dimension in seen.site.dimensions.iter().filter(|known| known.active && known.scope == CustomScope::Action) {
        let name: Name = format!("dimension{}", dimension.id).into();
        if !happened.entries.iter().any(|(known, _)| *known == name) {
            happened.entries.push((name, Cell::NULL));
        }
    }
    arrange(happened.kind, &mut happened.entries);
    Cell::Map(happened.entries)
}

/// What every action begins with, in the order of Matomo's exports.
const BEGINNING: &[&str] = &["type", "url", "pageTitle", "pageIdAction", "idpageview", "serverTimePretty", "pageId"];
/// What a conversion begins with.
const OF_CONVERSIONS: &[&str] = &["type", "goalName", "goalId", "idpageview", "revenue", "goalPageId", "serverTimePretty", "url"];
/// What an order or a cart begins with.
const OF_SALES: &[&str] = &[
    "type",
    "orderId",
    "revenue",
    "revenueSubTotal",
    "revenueTax",
    "revenueShipping",
    "revenueDiscount",
    "items",
    "serverTimePretty",
    "idpageview",
];
/// What pages go on with.
const OF_PAGES: &[&str] = &[
    "pageLoadTime",
    "productViewPrice",
    "productViewName",
    "productViewSku",
    "timeSpent",
    "timeSpentPretty",
    "pageLoadTimeMilliseconds",
    "pageviewPosition",
    "title",
    "subtitle",
];
/// What others go on with; the last of it is what pages end with, too.
const ENDING: &[&str] = &[
    "contentName",
    "contentPiece",
    "contentTarget",
    "contentInteraction",
    "eventCategory",
    "eventAction",
    "siteSearchKeyword",
    "siteSearchCategory",
    "siteSearchCount",
    "pageviewPosition",
    "referrerType",
    "referrerName",
    "referrerKeyword",
    "itemDetails",
    "icon",
    "iconSVG",
    "title",
    "subtitle",
    "timestamp",
    "eventName",
    "eventValue",
    "customVariables",
    "productViewCategories",
];

/// Puts the named values into the order of Matomo's exports; what is not known to it stays behind, as it stood.
fn arrange(kind: &str, entries: &mut [(Name, Cell)]) {
    let (first, second): (&[&str], &[&str]) = match kind {
        "goal" => (OF_CONVERSIONS, &[]),
        "ecommerceOrder" | "ecommerceAbandonedCart" => (OF_SALES, &[]),
        kind if kind == type_number(ActionKind::PageView) => (BEGINNING, OF_PAGES),
        _ => (BEGINNING, &[]),
    };
    let rank = |name: &str| {
        let order = first.iter().chain(second).chain(ENDING);
        order.clone().position(|known| *known == name).unwrap_or_else(|| order.count())
    };
    entries.sort_by_key(|(name, _)| rank(name));
}

/// Matomo's number of a kind of action.
fn type_number(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::PageView => "1",
        ActionKind::Outlink => "2",
        ActionKind::Download => "3",
        ActionKind::Search => "8",
        ActionKind::Event => "10",
        ActionKind::ContentImpression | ActionKind::ContentInteraction | ActionKind::Engagement => "13",
    }
}

fn pages_and_more(seen: &Seen<'_>, numbers: &Numbers) -> Vec<Happened> {
    let hits: Vec<(&HitRow, ActionKind)> = seen
        .detail
        .hits
        .iter()
        .filter_map(|hit| Some((hit, ActionKind::from_code(hit.kind).filter(|kind| *kind != ActionKind::Engagement)?)))
        .collect();
    let action = |place: usize, hit: &HitRow, kind: ActionKind| Happened {
        at: hit.at,
        link: Some(hit.hit_id),
        kind: type_number(kind),
        rest: (String::new(), 0),
        entries: Action { seen, numbers, hit, kind }.entries(spent(seen, &hits, place)),
    };
    hits.iter().enumerate().map(|(place, (hit, kind))| action(place, hit, *kind)).collect()
}

/// How long a page was looked at: until the next page view. Of the last page it is known only from the visit's length.
fn spent(seen: &Seen<'_>, hits: &[(&HitRow, ActionKind)], place: usize) -> u32 {
    let mut seconds: u32 = 0;
    for (hit, kind) in &hits[place + 1..] {
        seconds = seconds.saturating_add(hit.time_spent.unwrap_or(0));
        if *kind == ActionKind::PageView {
            return seconds;
        }
    }
    let visit = &seen.detail.visit;
    let before = hits[place].0.at.seconds() - visit.first_at.seconds();
    let left = i64::from(visit.duration) - before;
    if left > 10 { u32::try_from(left).unwrap_or(seconds) } else { seconds }
}

struct Action<'a> {
    seen: &'a Seen<'a>,
    numbers: &'a Numbers,
    hit: &'a HitRow,
    kind: ActionKind,
}

impl Action<'_> {
    fn entries(&self, spent: u32) -> Vec<(Name, Cell)> {
        let (seen, hit) = (self.seen, self.hit);
        let url = self.url();
        let mut to: Vec<(Name, Cell)> = Vec::with_capacity(24);
        let mut put = |name: &'static str, cell: Cell| to.push((name.into(), cell));
        put("type", self.type_name());
        put("url", url.clone());
        let number = if url == Cell::NULL { None } else { self.numbers.action(self.kind, hit.url, seen.long(hit.url)) };
        put("pageIdAction", number.map_or(Cell::NULL, |number| number.into()));
        put("idpageview", pageview(hit.pageview_id));
        put("pageId", (hit.hit_id as i64).into());
        let position = Some(hit.position).filter(|position| *position > 0);
        put("pageviewPosition", position.map_or(Cell::NULL, |position| i64::from(position).into()));
        match self.kind {
            ActionKind::PageView => {
                let title = seen.long_or_null(hit.title);
                put("pageTitle", title.clone());
                put("timeSpent", i64::from(spent).into());
                put("timeSpentPretty", Cell::text(&pretty::time(f64::from(spent))));
                put("title", title);
                put("subtitle", url);
                put("icon", Cell::text(""));
                put("iconSVG", Cell::text("plugins/Morpheus/images/action.svg"));
                if let Some(load) = load_time(hit) {
                    put("pageLoadTime", Cell::text(&pretty::time(f64::from(load) / 1000.0)));
                    put("pageLoadTimeMilliseconds", i64::from(load).into());
                }
            }
            ActionKind::Download => shown(&mut put, "download", "Download", url, true),
            ActionKind::Outlink => shown(&mut put, "link", "Outlink", url, true),
            ActionKind::Search => self.search(&mut put),
            ActionKind::Event => self.event(&mut put),
            ActionKind::ContentImpression | ActionKind::ContentInteraction | ActionKind::Engagement => self.content(&mut put),
        }
        self.product(&mut put);
        let variables = variables(&hit.cvars, "customVariablePageName", "customVariablePageValue");
        if variables.as_map().is_some_and(|held| !held.is_empty()) {
            put("customVariables", variables);
        }
        for dimension in seen.site.dimensions.iter().filter(|known| known.active && known.scope == CustomScope::Action) {
            let value = usize::from(dimension.slot).checked_sub(1).and_then(|slot| hit.slots.get(slot)?.as_deref());
            to.push((format!("dimension{}", dimension.id).into(), value.map_or(Cell::NULL, Cell::text)));
        }
        to
    }

    fn type_name(&self) -> Cell {
        Cell::text(match self.kind {
            ActionKind::PageView => "action",
            ActionKind::Download => "download",
            ActionKind::Outlink => "outlink",
            ActionKind::Search => "search",
            ActionKind::Event => "event",
            ActionKind::ContentImpression | ActionKind::ContentInteraction | ActionKind::Engagement => {
                return Cell::from(13i64);
            }
        })
    }

    /// The URL with its scheme: searches are tied to none.
    fn url(&self) -> Cell {
        if self.kind == ActionKind::Search {
            return Cell::NULL;
        }
        let url = self.seen.long(self.hit.url);
        if url.is_empty() {
            return Cell::NULL;
        }
        let prefix = self.numbers.prefix(self.kind, url, self.hit.url_prefix);
        Cell::text(&super::urls::whole(url, prefix, &self.seen.site))
    }

    fn search(&self, put: &mut dyn FnMut(&'static str, Cell)) {
        let (seen, hit) = (self.seen, self.hit);
        let keyword = seen.long(hit.search_keyword);
        let category = seen.long(hit.search_category);
        put("siteSearchKeyword", Cell::text(keyword));
        put("siteSearchCategory", Cell::text(category));
        put("siteSearchCount", hit.search_count.map_or(Cell::NULL, |count| i64::from(count).into()));
        let mut subtitle = keyword.to_owned();
        if !category.is_empty() {
            subtitle.push_str(&format!(" - {}: {category}", seen.say("Actions_ColumnSearchCategory", "Search Category")));
        }
        if let Some(count) = hit.search_count.filter(|count| *count != 0) {
            let name = seen.say("Actions_ColumnSearchResultsCount", "Search Results Count");
            subtitle.push_str(&format!(" - {name}: {count}"));
        }
        shown(put, "search", "Site Search", Cell::text(&subtitle), false);
    }

    fn event(&self, put: &mut dyn FnMut(&'static str, Cell)) {
        let (seen, hit) = (self.seen, self.hit);
        let (category, action) = (seen.long(hit.event_category), seen.long(hit.event_action));
        put("eventCategory", Cell::text(category));
        put("eventAction", Cell::text(action));
        if hit.event_name != 0 {
            put("eventName", Cell::text(seen.long(hit.event_name)));
        }
        if let Some(value) = hit.event_value {
            put("eventValue", Cell::Value(number::number(number::round(value, 3))));
        }
        // The odd pair of quotes is what clients know.
        let mut subtitle = format!("{}: \"{category}'", seen.say("Events_Category", "Category"));
        if !action.is_empty() {
            subtitle.push_str(&format!(", {}: \"{action}\"", seen.say("General_Action", "Action")));
        }
        shown(put, "event", "Event", Cell::text(&subtitle), false);
    }

    fn content(&self, put: &mut dyn FnMut(&'static str, Cell)) {
        let (seen, hit) = (self.seen, self.hit);
        let (name, piece) = (seen.long(hit.content_name), seen.long(hit.content_piece));
        let interaction = seen.long(hit.content_interaction);
        put("contentName", or_null(name));
        put("contentPiece", or_null(piece));
        put("contentTarget", seen.long_or_null(hit.content_target));
        put("contentInteraction", or_null(interaction));
        let subtitle = if piece.is_empty() { name.to_owned() } else { format!("{name} - {piece}") };
        match interaction {
            "" => shown(put, "contentimpression", "Content Impression", Cell::text(&subtitle), true),
            used => {
                let title = format!("{} ({used})", seen.say("Contents_ContentInteraction", "Content Interaction"));
                shown(put, "contentinteraction", &title, Cell::text(&subtitle), true);
            }
        }
    }

    fn product(&self, put: &mut dyn FnMut(&'static str, Cell)) {
        let (seen, hit) = (self.seen, self.hit);
        if hit.product_name != 0 {
            put("productViewName", seen.long_or_null(hit.product_name));
        }
        if hit.product_sku != 0 {
            put("productViewSku", seen.long_or_null(hit.product_sku));
        }
        if let Some(price) = hit.product_price.filter(|price| *price != 0.0) {
            put("productViewPrice", Cell::Value(number::number(price)));
        }
        let categories: Vec<Cell> =
            [hit.product_category, hit.product_category2, hit.product_category3, hit.product_category4, hit.product_category5]
                .into_iter()
                .filter(|id| *id != 0)
                .map(|id| Cell::text(seen.long(id)))
                .collect();
        if !categories.is_empty() {
            put("productViewCategories", Cell::List(categories));
        }
    }
}

/// Picture, title and subtitle; some kinds have a page title that is never set.
fn shown(put: &mut dyn FnMut(&'static str, Cell), picture: &str, title: &str, subtitle: Cell, with_page_title: bool) {
    if with_page_title {
        put("pageTitle", Cell::NULL);
    }
    put("icon", Cell::text(&format!("plugins/Morpheus/images/{picture}.png")));
    put("iconSVG", Cell::text(&format!("plugins/Morpheus/images/{picture}.svg")));
    put("title", Cell::text(title));
    put("subtitle", subtitle);
}

/// The milliseconds a page took to load, when every part of it is known.
fn load_time(hit: &HitRow) -> Option<u32> {
    let parts = [
        hit.time_network,
        hit.time_server,
        hit.time_transfer,
        hit.time_dom_completion,
        hit.time_dom_processing,
        hit.time_on_load,
    ];
    parts.into_iter().try_fold(0u32, |sum, part| sum.checked_add(part?)).filter(|sum| *sum > 0)
}

/// A page view's own id: six characters, kept as bits.
pub(super) fn pageview(id: u64) -> Cell {
    let text: String = id.to_be_bytes().iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    or_null(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_the_order_of_exports() {
        let arranged = |kind: &str, names: &[&'static str]| {
            let mut entries: Vec<(Name, Cell)> = names.iter().map(|name| ((*name).into(), Cell::NULL)).collect();
            arrange(kind, &mut entries);
            entries.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<String>>().join(" ")
        };
        let page = ["type", "url", "pageIdAction", "icon", "timeSpent", "title", "pageTitle", "dimension2", "timestamp"];
        assert_eq!(arranged("1", &page), "type url pageTitle pageIdAction timeSpent title icon timestamp dimension2");
        let link = ["type", "url", "icon", "title", "subtitle", "serverTimePretty", "pageviewPosition", "timestamp"];
        assert_eq!(arranged("2", &link), "type url serverTimePretty pageviewPosition icon title subtitle timestamp");
        let goal = ["idpageview", "referrerType", "type", "goalName", "url", "icon", "serverTimePretty"];
        assert_eq!(arranged("goal", &goal), "type goalName idpageview serverTimePretty url referrerType icon");
        let order = ["idpageview", "type", "itemDetails", "orderId", "items", "title"];
        assert_eq!(arranged("ecommerceOrder", &order), "type orderId items idpageview itemDetails title");
    }
}
