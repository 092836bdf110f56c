//! What was done.

use crate::{ActionKind, Dimension, Kind, Names, Scope, Source};

/// URL of a page that was viewed.
pub const PAGE_URL: Dimension = Dimension {
    id: "action.page_url",
    column: "url",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::PageView],
    names: Names { matomo: Some("pageUrl"), plausible: None },
    title: "Page URL",
    doc: "URL of a page that was viewed.",
};

/// Title of a page that was viewed.
pub const PAGE_TITLE: Dimension = Dimension {
    id: "action.page_title",
    column: "title",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::PageView],
    names: Names { matomo: Some("pageTitle"), plausible: Some("event:title") },
    title: "Page title",
    doc: "Title of a page that was viewed.",
};

/// URL of a file that was downloaded.
pub const DOWNLOAD_URL: Dimension = Dimension {
    id: "action.download",
    column: "url",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Download],
    names: Names { matomo: Some("downloadUrl"), plausible: Some("event:download") },
    title: "Download",
    doc: "URL of a file that was downloaded.",
};

/// URL of another site that was opened.
pub const OUTLINK_URL: Dimension = Dimension {
    id: "action.outlink",
    column: "url",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Outlink],
    names: Names { matomo: Some("outlinkUrl"), plausible: Some("event:outlink") },
    title: "Outlink",
    doc: "URL of another site that was opened.",
};

/// URL of the page an event happened on.
pub const EVENT_URL: Dimension = Dimension {
    id: "action.event_url",
    column: "url",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Event],
    names: Names { matomo: Some("eventUrl"), plausible: None },
    title: "Event URL",
    doc: "URL of the page an event happened on.",
};

/// URL of an action of any kind.
pub const ACTION_URL: Dimension = Dimension {
    id: "action.url",
    column: "url",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("actionUrl"), plausible: None },
    title: "Action URL",
    doc: "URL of an action of any kind.",
};

/// Path of the page.
pub const PAGE: Dimension = Dimension {
    id: "action.page",
    column: "page",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::PageView, ActionKind::Event, ActionKind::Engagement],
    names: Names { matomo: None, plausible: Some("event:page") },
    title: "Page",
    doc: "Path of the page that was viewed, or on which an event happened.",
};

/// Host name of the page.
pub const HOST: Dimension = Dimension {
    id: "action.host",
    column: "host",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("event:hostname") },
    title: "Host name",
    doc: "Host name of the page.",
};

/// Page view, download, outlink, search, event or content.
pub const ACTION_KIND: Dimension = Dimension {
    id: "action.kind",
    column: "kind",
    scope: Scope::Action,
    kind: Kind::Small,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("actionType"), plausible: None },
    title: "Action type",
    doc: "Page view, download, outlink, search, event or content.",
};

/// Category of an event.
pub const EVENT_CATEGORY: Dimension = Dimension {
    id: "action.event_category",
    column: "event_category",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Event],
    names: Names { matomo: Some("eventCategory"), plausible: Some("event:event_category") },
    title: "Event category",
    doc: "Category of an event.",
};

/// Action of an event; the name of a custom event.
pub const EVENT_ACTION: Dimension = Dimension {
    id: "action.event_action",
    column: "event_action",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Event],
    names: Names { matomo: Some("eventAction"), plausible: Some("event:event_action") },
    title: "Event action",
    doc: "Action of an event; the name of a custom event.",
};

/// Name of an event.
pub const EVENT_NAME: Dimension = Dimension {
    id: "action.event_name",
    column: "event_name",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Event],
    names: Names { matomo: Some("eventName"), plausible: Some("event:event_name") },
    title: "Event name",
    doc: "Name of an event.",
};

/// Value of an event.
pub const EVENT_VALUE: Dimension = Dimension {
    id: "action.event_value",
    column: "event_value",
    scope: Scope::Action,
    kind: Kind::Real,
    source: Source::Field,
    kinds: &[ActionKind::Event],
    names: Names { matomo: Some("eventValue"), plausible: None },
    title: "Event value",
    doc: "Value of an event.",
};

/// What was searched for on the site.
pub const SEARCH_KEYWORD: Dimension = Dimension {
    id: "action.search_keyword",
    column: "search_keyword",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Search],
    names: Names { matomo: Some("siteSearchKeyword"), plausible: Some("event:search_keyword") },
    title: "Site search keyword",
    doc: "What was searched for on the site.",
};

/// Where on the site it was searched.
pub const SEARCH_CATEGORY: Dimension = Dimension {
    id: "action.search_category",
    column: "search_category",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[ActionKind::Search],
    names: Names { matomo: Some("siteSearchCategory"), plausible: Some("event:search_category") },
    title: "Site search category",
    doc: "Where on the site it was searched.",
};

/// How many results the search had.
pub const SEARCH_COUNT: Dimension = Dimension {
    id: "action.search_count",
    column: "search_count",
    scope: Scope::Action,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[ActionKind::Search],
    names: Names { matomo: Some("siteSearchCount"), plausible: None },
    title: "Site search results",
    doc: "How many results the search had.",
};

/// Name of a content.
pub const CONTENT_NAME: Dimension = Dimension {
    id: "action.content_name",
    column: "content_name",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("contentName"), plausible: None },
    title: "Content name",
    doc: "Name of a content.",
};

/// Piece of a content.
pub const CONTENT_PIECE: Dimension = Dimension {
    id: "action.content_piece",
    column: "content_piece",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("contentPiece"), plausible: None },
    title: "Content piece",
    doc: "Piece of a content.",
};

/// Target of a content.
pub const CONTENT_TARGET: Dimension = Dimension {
    id: "action.content_target",
    column: "content_target",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("contentTarget"), plausible: None },
    title: "Content target",
    doc: "Target of a content.",
};

/// What was done with a content.
pub const CONTENT_INTERACTION: Dimension = Dimension {
    id: "action.content_interaction",
    column: "content_interaction",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("contentInteraction"), plausible: None },
    title: "Content interaction",
    doc: "What was done with a content.",
};

/// Code of the product that was looked at.
pub const PRODUCT_VIEW_SKU: Dimension = Dimension {
    id: "action.product_sku",
    column: "product_sku",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productViewSku"), plausible: None },
    title: "Product code viewed",
    doc: "Code of the product that was looked at.",
};

/// Name of the product that was looked at.
pub const PRODUCT_VIEW_NAME: Dimension = Dimension {
    id: "action.product_name",
    column: "product_name",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productViewName"), plausible: None },
    title: "Product viewed",
    doc: "Name of the product that was looked at.",
};

/// Category of the product that was looked at.
pub const PRODUCT_VIEW_CATEGORY: Dimension = Dimension {
    id: "action.product_category",
    column: "product_category",
    scope: Scope::Action,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productViewCategory"), plausible: None },
    title: "Product category viewed",
    doc: "Category of the product that was looked at.",
};

/// Price of the product that was looked at.
pub const PRODUCT_VIEW_PRICE: Dimension = Dimension {
    id: "action.product_price",
    column: "product_price",
    scope: Scope::Action,
    kind: Kind::Real,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("productViewPrice"), plausible: None },
    title: "Product price viewed",
    doc: "Price of the product that was looked at.",
};
