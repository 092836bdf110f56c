//! The visit itself and who made it.

use crate::{Dimension, Kind, Names, Scope, Source};

/// The visit's number.
pub const VISIT_ID: Dimension = Dimension {
    id: "visit.id",
    column: "visit_id",
    scope: Scope::Visit,
    kind: Kind::Id,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitId"), plausible: None },
    title: "Visit",
    doc: "The visit's number.",
};

/// The visitor's 16 hexadecimal digits.
pub const VISITOR_ID: Dimension = Dimension {
    id: "visit.visitor",
    column: "visitor_id",
    scope: Scope::Visit,
    kind: Kind::Id,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitorId"), plausible: None },
    title: "Visitor",
    doc: "The visitor's 16 hexadecimal digits.",
};

/// The visitor's configuration, 16 hexadecimal digits.
pub const FINGERPRINT: Dimension = Dimension {
    id: "visit.fingerprint",
    column: "config_id",
    scope: Scope::Visit,
    kind: Kind::Id,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("fingerprint"), plausible: None },
    title: "Fingerprint",
    doc: "The visitor's configuration, 16 hexadecimal digits.",
};

/// The person, where the site names them.
pub const USER_ID: Dimension = Dimension {
    id: "visit.user",
    column: "user_id",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("userId"), plausible: None },
    title: "User ID",
    doc: "The person, where the site names them.",
};

/// New, returning or returning customer.
pub const VISITOR_KIND: Dimension = Dimension {
    id: "visit.visitor_kind",
    column: "visitor_kind",
    scope: Scope::Visit,
    kind: Kind::Small,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitorType"), plausible: None },
    title: "Visitor type",
    doc: "New, returning or returning customer.",
};

/// Which visit of the visitor this is, from 1.
pub const VISIT_COUNT: Dimension = Dimension {
    id: "visit.count",
    column: "visit_count",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitCount"), plausible: None },
    title: "Number of visits",
    doc: "Which visit of the visitor this is, from 1.",
};

/// Seconds from the visitor's first visit to this one.
pub const SINCE_FIRST: Dimension = Dimension {
    id: "visit.since_first",
    column: "since_first",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("secondsSinceFirstVisit"), plausible: None },
    title: "Seconds since first visit",
    doc: "Seconds from the visitor's first visit to this one.",
};

/// Seconds from the visitor's visit before to this one.
pub const SINCE_LAST: Dimension = Dimension {
    id: "visit.since_last",
    column: "since_last",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("secondsSinceLastVisit"), plausible: None },
    title: "Seconds since last visit",
    doc: "Seconds from the visitor's visit before to this one.",
};

/// Seconds from the visitor's last order to this visit.
pub const SINCE_ORDER: Dimension = Dimension {
    id: "visit.since_order",
    column: "since_order",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("secondsSinceLastEcommerceOrder"), plausible: None },
    title: "Seconds since last order",
    doc: "Seconds from the visitor's last order to this visit.",
};

/// Seconds from the first action to the last.
pub const DURATION: Dimension = Dimension {
    id: "visit.duration",
    column: "duration",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitDuration"), plausible: None },
    title: "Visit duration",
    doc: "Seconds from the first action to the last.",
};

/// How many actions the visit has.
pub const ACTIONS: Dimension = Dimension {
    id: "visit.actions",
    column: "actions",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("actions"), plausible: None },
    title: "Actions",
    doc: "How many actions the visit has.",
};

/// How many page views, downloads, outlinks and searches the visit has.
pub const INTERACTIONS: Dimension = Dimension {
    id: "visit.interactions",
    column: "interactions",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("interactions"), plausible: None },
    title: "Interactions",
    doc: "How many page views, downloads, outlinks and searches the visit has.",
};

/// How many site searches the visit has.
pub const SEARCHES: Dimension = Dimension {
    id: "visit.searches",
    column: "searches",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("searches"), plausible: None },
    title: "Searches",
    doc: "How many site searches the visit has.",
};

/// How many events the visit has.
pub const EVENTS: Dimension = Dimension {
    id: "visit.events",
    column: "events",
    scope: Scope::Visit,
    kind: Kind::Count,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("events"), plausible: None },
    title: "Events",
    doc: "How many events the visit has.",
};

/// Whether a goal was reached.
pub const CONVERTED: Dimension = Dimension {
    id: "visit.converted",
    column: "converted",
    scope: Scope::Visit,
    kind: Kind::Flag,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitConverted"), plausible: None },
    title: "Visit converted",
    doc: "Whether a goal was reached.",
};

/// Whether the visit ordered or left a cart.
pub const ECOMMERCE: Dimension = Dimension {
    id: "visit.ecommerce",
    column: "ecommerce",
    scope: Scope::Visit,
    kind: Kind::Small,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("visitEcommerceStatus"), plausible: None },
    title: "Ecommerce status",
    doc: "Whether the visit ordered or left a cart.",
};

/// The first page's URL.
pub const ENTRY_URL: Dimension = Dimension {
    id: "visit.entry_url",
    column: "entry_url",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("entryPageUrl"), plausible: None },
    title: "Entry page",
    doc: "The first page's URL.",
};

/// The first page's title.
pub const ENTRY_TITLE: Dimension = Dimension {
    id: "visit.entry_title",
    column: "entry_title",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("entryPageTitle"), plausible: None },
    title: "Entry title",
    doc: "The first page's title.",
};

/// The last page's URL.
pub const EXIT_URL: Dimension = Dimension {
    id: "visit.exit_url",
    column: "exit_url",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("exitPageUrl"), plausible: None },
    title: "Exit page",
    doc: "The last page's URL.",
};

/// The last page's title.
pub const EXIT_TITLE: Dimension = Dimension {
    id: "visit.exit_title",
    column: "exit_title",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("exitPageTitle"), plausible: None },
    title: "Exit title",
    doc: "The last page's title.",
};

/// The first page's path.
pub const ENTRY_PAGE: Dimension = Dimension {
    id: "visit.entry_page",
    column: "entry_page",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:entry_page") },
    title: "Entry page",
    doc: "The first page's path.",
};

/// The first page's host name.
pub const ENTRY_HOST: Dimension = Dimension {
    id: "visit.entry_host",
    column: "entry_host",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:entry_page_hostname") },
    title: "Entry host name",
    doc: "The first page's host name.",
};

/// The last page's path.
pub const EXIT_PAGE: Dimension = Dimension {
    id: "visit.exit_page",
    column: "exit_page",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:exit_page") },
    title: "Exit page",
    doc: "The last page's path.",
};

/// The last page's host name.
pub const EXIT_HOST: Dimension = Dimension {
    id: "visit.exit_host",
    column: "exit_host",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:exit_page_hostname") },
    title: "Exit host name",
    doc: "The last page's host name.",
};
