use std::sync::Arc;

use footfall_model::{Millis, Site, Text, Value, VisitorId};

use crate::hit::{Action, Dialect, Product};

/// A hit with its visitor's facts, stripped of private ones: it has no field for an address or a user agent.
#[derive(Clone, Debug)]
pub struct Enriched {
    /// The site.
    pub site: Arc<Site>,
    /// Which way it came in.
    pub dialect: Dialect,
    /// When it happened.
    pub at: Millis,
    /// When we got it.
    pub received_at: Millis,
    /// Who it is: the claimed id, the one a user id makes, or the salted hash of the day.
    pub visitor: Option<VisitorId>,
    /// The id that yesterday's salt gives, for visits that cross the salt's midnight (cookieless hits only).
    pub visitor_before: Option<VisitorId>,
    /// Whether only that id may be looked for.
    pub visitor_forced: bool,
    /// The visitor's configuration (Matomo's `config_id`); 0 where visitors are not told apart by it.
    pub fingerprint: u64,
    /// The person, where the site names them.
    pub user: Option<Text>,
    /// Whether a new visit is asked for.
    pub new_visit: bool,
    /// What was done.
    pub action: Action,
    /// The action's URL: the page's, or a download's or outlink's target.
    pub url: PageUrl,
    /// The page's URL as it was sent, with what is not kept of it: goals are matched against it. Empty where there is no page view.
    pub goal_url: Text,
    /// The page's title, cleaned and cut.
    pub title: Text,
    /// The referrer's URL as sent, cut.
    pub referrer_url: Text,
    /// The page view's own id as bits; 0 where none was sent.
    pub pageview: u64,
    /// Page timings in milliseconds.
    pub timings: [Option<u32>; 6],
    /// Catalogue columns of visit scope, in catalogue order: what a visit that begins with this hit gets.
    pub visit_facts: Vec<Value>,
    /// Places in `visit_facts` of what a visit that goes on with this hit takes over, whatever was known.
    pub learned: Vec<usize>,
    /// Catalogue columns of action scope, in catalogue order.
    pub action_facts: Vec<Value>,
    /// Custom dimensions of visit scope, by slot from 0.
    pub visit_slots: [Option<Text>; 10],
    /// Custom dimensions of action scope, by slot from 0.
    pub action_slots: [Option<Text>; 10],
    /// Custom variables of the visit by number, from 1; an unused number has an empty name.
    pub visit_variables: Vec<(Text, Text)>,
    /// Custom variables of the page, alike.
    pub page_variables: Vec<(Text, Text)>,
    /// Properties of the event or page view.
    pub props: Vec<(Text, Text)>,
    /// The product that is looked at.
    pub product: Option<Product>,
    /// What a conversion is credited to, where the tracker's attribution (`_rcn`, `_rck`, `_ref`) names a campaign, or a
    /// referrer that is a website, search engine or social network.
    pub credited: Option<Credited>,
    /// Revenue of a custom event: amount and currency.
    pub revenue: Option<(f64, Text)>,
    /// What each goal that the action reaches brings, where the request says so (Matomo's `revenue`).
    pub goal_revenue: Option<f64>,
    /// The import line this comes from.
    pub import: Option<(Text, u64)>,
}

/// A URL in the parts that are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageUrl {
    /// Host, path, query (and fragment where kept), without scheme and `www.`; the whole text where it is no http(s) URL.
    pub whole: Text,
    /// What was cut before: 0 `http://`, 1 `http://www.`, 2 `https://`, 3 `https://www.`.
    pub prefix: Option<u8>,
    /// The host without `www.`, lower case.
    pub host: Text,
    /// The path; `/` at least where there is a host.
    pub path: Text,
}

impl PageUrl {
    /// The URL with the scheme and `www.` that were cut.
    pub fn with_scheme(&self) -> String {
        const PREFIXES: [&str; 4] = ["http://", "http://www.", "https://", "https://www."];
        let prefix = self.prefix.and_then(|prefix| PREFIXES.get(usize::from(prefix)));
        format!("{}{}", prefix.unwrap_or(&""), self.whole)
    }
}

/// A referrer in Matomo's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// `search`, `website`, `campaign` or `social`.
    pub kind: Text,
    /// Its name.
    pub name: Option<Text>,
    /// Its keyword.
    pub keyword: Option<Text>,
}
