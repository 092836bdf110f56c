//! A tracking request, decoded: what the journal keeps.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Which way a hit came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// `matomo.php` and its other names.
    Matomo,
    /// `/api/event`.
    Plausible,
    /// A line of an import.
    Import,
}

/// One tracking request, decoded, not yet believed. This is what the journal keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The site's number.
    pub site: u32,
    /// Which way it came in.
    pub dialect: Dialect,
    /// When we got it: milliseconds since the epoch.
    pub received_at: i64,
    /// When it happened: [`Hit::received_at`], unless the request may say otherwise and does.
    pub at: i64,
    /// Where it came from. Ends at enrichment.
    pub address: Option<IpAddr>,
    /// What it was made with. Ends at enrichment.
    pub user_agent: String,
    /// Client hints as JSON (Matomo's `uadata` shape). Ends at enrichment.
    pub hints: Option<String>,
    /// The `lang` parameter or the `Accept-Language` header.
    pub language: String,
    /// The visitor id the request claims (`_id`, `cid`, an import's `visitor`).
    pub visitor: Option<u64>,
    /// Whether that id is forced (`cid`, imports): no fingerprint is looked at.
    pub visitor_forced: bool,
    /// The person, where the site names them (`uid`).
    pub user: Option<String>,
    /// Whether a new visit is asked for (`new_visit=1`).
    pub new_visit: bool,
    /// Whether bots count (`bots=1`).
    pub count_bots: bool,
    /// What was done.
    pub action: Action,
    /// The page's URL as sent.
    pub url: String,
    /// The page's title.
    pub title: String,
    /// The referrer as sent.
    pub referrer: String,
    /// The page view's own id (`pv_id`).
    pub pageview: Option<String>,
    /// Page timings in milliseconds: network, server, transfer, DOM processing, DOM completion, on-load.
    pub timings: [Option<u32>; 6],
    /// Custom dimensions: number and value.
    pub dimensions: Vec<(u32, String)>,
    /// Custom variables of the visit by number, from 1: name and value; an unused number has an empty name.
    pub visit_variables: Vec<(String, String)>,
    /// Custom variables of the page, alike.
    pub page_variables: Vec<(String, String)>,
    /// Properties of the event or page view.
    pub props: Vec<(String, String)>,
    /// The product that is looked at (`_pks`, `_pkn`, `_pkc`, `_pkp`).
    pub product: Option<Product>,
    /// What a goal conversion is credited to (`_rcn`, `_rck`, `_refts`, `_ref`).
    pub attribution: Attribution,
    /// Revenue of a custom event: amount and currency. In Matomo's dialect it is that of every goal the action reaches, in the
    /// site's currency, which is not named.
    pub revenue: Option<(f64, String)>,
    /// Browser features the tracker reports as present, such as `cookie` and `pdf`.
    pub plugins: Vec<String>,
    /// Parameters of catalogue dimensions, as sent: the parameter's name and its text.
    pub params: Vec<(String, String)>,
    /// Facts that were given and win over derived ones: the dimension's id and its text.
    pub given: Vec<(String, String)>,
    /// The import line this comes from: batch id and line number from 1.
    pub import: Option<(String, u64)>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// A page was shown.
    PageView,
    /// A file was fetched.
    Download {
        /// The file's URL.
        target: String,
    },
    /// Another site was opened.
    Outlink {
        /// The target's URL.
        target: String,
    },
    /// The site's own search was used.
    Search {
        /// What was searched for.
        keyword: String,
        /// Where.
        category: String,
        /// How many results, where known.
        count: Option<i32>,
    },
    /// A Matomo event.
    Event {
        /// Its category.
        category: String,
        /// Its action.
        action: String,
        /// Its name.
        name: String,
        /// Its value.
        value: Option<f64>,
    },
    /// A custom event of Plausible's dialect.
    Custom {
        /// Its name.
        name: String,
        /// Whether it counts as an interaction.
        interactive: bool,
    },
    /// A content was seen, or, with an interaction, used.
    Content {
        /// The content's name.
        name: String,
        /// Its piece.
        piece: String,
        /// Its target.
        target: String,
        /// What was done; empty for an impression.
        interaction: String,
    },
    /// Reading went on.
    Engagement {
        /// Percent read, where known.
        scroll_depth: Option<u8>,
        /// Milliseconds of engaged time.
        milliseconds: u32,
    },
    /// The visitor is still there (`ping=1`).
    Ping,
    /// A goal was reached by hand (`idgoal` > 0).
    Goal {
        /// The goal's number.
        goal: i32,
        /// Its revenue, where sent.
        revenue: Option<f64>,
    },
    /// An order.
    Order(Order),
    /// A cart was filled or changed.
    Cart(Order),
}

/// An order or a cart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The order's number; empty for a cart.
    pub id: String,
    /// The grand total.
    pub total: f64,
    /// Without tax, shipping and discount.
    pub subtotal: f64,
    /// The tax.
    pub tax: f64,
    /// The shipping.
    pub shipping: f64,
    /// The discount.
    pub discount: f64,
    /// The items.
    pub items: Vec<Product>,
}

/// A product in an order, in a cart, or looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its categories, five at most.
    pub categories: Vec<String>,
    /// The price of one, where sent.
    pub price: Option<f64>,
    /// How many.
    pub quantity: u32,
}

/// What a conversion is credited to, as the tracker's cookie remembers it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// The campaign's name (`_rcn`).
    pub campaign: String,
    /// The campaign's keyword (`_rck`).
    pub keyword: String,
    /// When, in seconds since the epoch (`_refts`).
    pub at: i64,
    /// The referrer (`_ref`).
    pub referrer: String,
}

impl Hit {
    /// A page view without anything else.
    pub fn page_view(site: u32, dialect: Dialect, at: i64) -> Hit {
        Hit {
            site,
            dialect,
            received_at: at,
            at,
            address: None,
            user_agent: String::new(),
            hints: None,
            language: String::new(),
            visitor: None,
            visitor_forced: false,
            user: None,
            new_visit: false,
            count_bots: false,
            action: Action::PageView,
            url: String::new(),
            title: String::new(),
            referrer: String::new(),
            pageview: None,
            timings: [None; 6],
            dimensions: Vec::new(),
            visit_variables: Vec::new(),
            page_variables: Vec::new(),
            props: Vec::new(),
            product: None,
            attribution: Attribution::default(),
            revenue: None,
            plugins: Vec::new(),
            params: Vec::new(),
            given: Vec::new(),
            import: None,
        }
    }
}
