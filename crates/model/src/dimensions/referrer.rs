//! Where the visitor came from, in the words of both products.

use crate::{Dimension, Kind, Names, Scope, Source};

/// Matomo's referrer type: direct, search, website, campaign or social.
pub const REFERRER_TYPE: Dimension = Dimension {
    id: "visit.referrer_type",
    column: "referrer_type",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("referrerType"), plausible: None },
    title: "Channel type",
    doc: "Matomo's referrer type: direct, search, website, campaign or social.",
};

/// Name of the search engine, website, social network or campaign.
pub const REFERRER_NAME: Dimension = Dimension {
    id: "visit.referrer_name",
    column: "referrer_name",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("referrerName"), plausible: None },
    title: "Referrer",
    doc: "Name of the search engine, website, social network or campaign.",
};

/// Keyword of the search or the campaign.
pub const REFERRER_KEYWORD: Dimension = Dimension {
    id: "visit.referrer_keyword",
    column: "referrer_keyword",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: Some("referrerKeyword"), plausible: None },
    title: "Keyword",
    doc: "Keyword of the search or the campaign.",
};

/// The URL the visitor came from.
pub const REFERRER_URL: Dimension = Dimension {
    id: "visit.referrer_url",
    column: "referrer_url",
    scope: Scope::Visit,
    kind: Kind::Long,
    source: Source::Field,
    kinds: &[],
    names: Names { matomo: Some("referrerUrl"), plausible: None },
    title: "Referrer URL",
    doc: "The URL the visitor came from.",
};

/// Plausible's acquisition channel, such as Organic Search.
pub const CHANNEL: Dimension = Dimension {
    id: "visit.channel",
    column: "channel",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:channel") },
    title: "Channel",
    doc: "Plausible's acquisition channel, such as Organic Search.",
};

/// Plausible's source: the tagged one, or the referrer's name.
pub const SOURCE: Dimension = Dimension {
    id: "visit.source",
    column: "source",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:source") },
    title: "Source",
    doc: "Plausible's source: the tagged one, or the referrer's name.",
};

/// The referrer without scheme, www. and query.
pub const REFERRER: Dimension = Dimension {
    id: "visit.referrer",
    column: "referrer",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:referrer") },
    title: "Referrer",
    doc: "The referrer without scheme, www. and query.",
};

/// The utm_source of the landing page.
pub const UTM_SOURCE: Dimension = Dimension {
    id: "visit.utm_source",
    column: "utm_source",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:utm_source") },
    title: "UTM source",
    doc: "The utm_source of the landing page.",
};

/// The utm_medium of the landing page.
pub const UTM_MEDIUM: Dimension = Dimension {
    id: "visit.utm_medium",
    column: "utm_medium",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:utm_medium") },
    title: "UTM medium",
    doc: "The utm_medium of the landing page.",
};

/// The utm_campaign of the landing page.
pub const UTM_CAMPAIGN: Dimension = Dimension {
    id: "visit.utm_campaign",
    column: "utm_campaign",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:utm_campaign") },
    title: "UTM campaign",
    doc: "The utm_campaign of the landing page.",
};

/// The utm_content of the landing page.
pub const UTM_CONTENT: Dimension = Dimension {
    id: "visit.utm_content",
    column: "utm_content",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:utm_content") },
    title: "UTM content",
    doc: "The utm_content of the landing page.",
};

/// The utm_term of the landing page.
pub const UTM_TERM: Dimension = Dimension {
    id: "visit.utm_term",
    column: "utm_term",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: Some("visit:utm_term") },
    title: "UTM term",
    doc: "The utm_term of the landing page.",
};

/// Which advertising click id the landing page carried.
pub const CLICK_ID: Dimension = Dimension {
    id: "visit.click_id",
    column: "click_id_param",
    scope: Scope::Visit,
    kind: Kind::Text,
    source: Source::Enriched,
    kinds: &[],
    names: Names { matomo: None, plausible: None },
    title: "Click id",
    doc: "Which advertising click id the landing page carried.",
};
