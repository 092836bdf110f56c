/// A goal's number within its site, from 1. Two numbers are reserved: [`GoalId::ORDER`] and [`GoalId::CART`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GoalId(pub i32);

impl GoalId {
    /// An ecommerce order.
    pub const ORDER: GoalId = GoalId(0);
    /// A cart that was filled and left.
    pub const CART: GoalId = GoalId(-1);
}

/// What a site wants to happen.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The number within the site.
    pub id: GoalId,
    /// What people call it. Plausible's `display_name`.
    pub name: String,
    /// A longer explanation.
    pub description: String,
    /// When it is reached.
    pub rule: GoalMatch,
    /// What one conversion is worth when it brings no amount of its own.
    pub revenue: f64,
    /// Whether an event's value becomes the conversion's revenue.
    pub event_value_as_revenue: bool,
    /// Whether one visit can reach it more than once.
    pub many_per_visit: bool,
    /// The currency a revenue goal of Plausible's reports in.
    pub currency: Option<String>,
}

/// When a goal is reached.
#[derive(Clone, Debug, PartialEq)]
pub enum GoalMatch {
    /// Matomo's rules, checked while tracking.
    Matomo {
        /// What is looked at.
        attribute: MatchAttribute,
        /// How the pattern is read.
        pattern: MatchPattern,
        /// The text, regular expression or number compared with.
        text: String,
        /// Whether upper and lower case differ.
        case_sensitive: bool,
    },
    /// Plausible: a page view of a path, with these properties if any are named; `*` stands for any characters but `/`, `**` for
    /// any.
    PagePath {
        /// The path pattern.
        path: String,
        /// Properties it must carry.
        props: Vec<(String, String)>,
    },
    /// Plausible: a custom event, with these properties if any are named.
    Event {
        /// The event's name.
        name: String,
        /// Properties it must carry.
        props: Vec<(String, String)>,
    },
    /// Plausible: a page read down to a depth.
    Scroll {
        /// The path pattern.
        path: String,
        /// Percent of the page, 0 to 100.
        threshold: u8,
    },
}

/// What a Matomo goal looks at (`matchAttribute` of `Goals.addGoal`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as Matomo names them")]
pub enum MatchAttribute {
    Manually,
    Url,
    Title,
    File,
    ExternalWebsite,
    EventCategory,
    EventAction,
    EventName,
    VisitDuration,
    VisitTotalActions,
    VisitTotalPageviews,
}

impl MatchAttribute {
    const NAMES: [(MatchAttribute, &'static str); 11] = [
        (MatchAttribute::Manually, "manually"),
        (MatchAttribute::Url, "url"),
        (MatchAttribute::Title, "title"),
        (MatchAttribute::File, "file"),
        (MatchAttribute::ExternalWebsite, "external_website"),
        (MatchAttribute::EventCategory, "event_category"),
        (MatchAttribute::EventAction, "event_action"),
        (MatchAttribute::EventName, "event_name"),
        (MatchAttribute::VisitDuration, "visit_duration"),
        (MatchAttribute::VisitTotalActions, "visit_total_actions"),
        (MatchAttribute::VisitTotalPageviews, "visit_total_pageviews"),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        MatchAttribute::NAMES.iter().find(|(attribute, _)| *attribute == self).map_or("manually", |(_, name)| name)
    }

    /// The attribute of this name.
    pub fn parse(name: &str) -> Option<MatchAttribute> {
        MatchAttribute::NAMES.iter().find(|(_, known)| *known == name).map(|(attribute, _)| *attribute)
    }
}

/// How a Matomo goal's pattern is read (`patternType` of `Goals.addGoal`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as Matomo names them")]
pub enum MatchPattern {
    Contains,
    Exact,
    Regex,
    GreaterThan,
}

impl MatchPattern {
    const NAMES: [(MatchPattern, &'static str); 4] = [
        (MatchPattern::Contains, "contains"),
        (MatchPattern::Exact, "exact"),
        (MatchPattern::Regex, "regex"),
        (MatchPattern::GreaterThan, "greater_than"),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        MatchPattern::NAMES.iter().find(|(pattern, _)| *pattern == self).map_or("contains", |(_, name)| name)
    }

    /// The pattern kind of this name.
    pub fn parse(name: &str) -> Option<MatchPattern> {
        MatchPattern::NAMES.iter().find(|(_, known)| *known == name).map(|(pattern, _)| *pattern)
    }
}

/// What a visit bought. The number is Matomo's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
#[expect(missing_docs, reason = "named as Matomo names them")]
pub enum EcommerceStatus {
    #[default]
    None = 0,
    Ordered = 1,
    AbandonedCart = 2,
    OrderedThenAbandonedCart = 3,
}
