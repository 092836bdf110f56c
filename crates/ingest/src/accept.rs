//! The gate: requests of both dialects in, hits and answers out.

use std::{borrow::Cow, net::IpAddr, sync::Arc};

use footfall_devices::Detector;
use footfall_model::{Millis, Sites, Source, dimensions};

use crate::{Dropped, Hit, Ranges, hit::Action, orders::Orders, patterns::Patterns, protocol, spam::Spam};

/// Every bound on what is taken from the network, in one place.
pub mod bounds {
    /// The largest body of a Matomo request, in bytes. A log importer's batch of 200 needs a tenth of it.
    pub const MATOMO_BODY: usize = 8 << 20;
    /// The largest body of a Plausible event, in bytes.
    pub const PLAUSIBLE_BODY: usize = 1 << 20;
    /// The longest query string, in bytes.
    pub const QUERY: usize = 256 << 10;
    /// The most requests in one bulk.
    pub const BULK: usize = 10_000;
    /// The most parameters of one request.
    pub const PARAMETERS: usize = 1000;
    /// The longest name of a parameter, in bytes.
    pub const NAME: usize = 256;
    /// The longest value of a parameter, in bytes, before it is decoded.
    pub const VALUE: usize = 128 << 10;
    /// The longest text that is kept of a parameter, in bytes, where it has no bound of its own.
    pub const TEXT: usize = 4096;
    /// The longest user agent that is looked at, in bytes.
    pub const USER_AGENT: usize = 1024;
    /// The most products in an order or a cart.
    pub const PRODUCTS: usize = 1000;
    /// The longest line of an import, in bytes.
    pub const LINE: usize = 256 << 10;
}

/// A request as it came in, without any HTTP framework.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query string without `?`.
    pub query: &'a str,
    /// The body, decompressed.
    pub body: &'a [u8],
    /// The `Content-Type` header; empty when there is none.
    pub content_type: &'a str,
    /// The header of a name in lower case.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
    /// Who is at the other end of the connection.
    pub peer: IpAddr,
    /// When it came in.
    pub received_at: Millis,
}

/// What a request came to. The hits must be in the journal before the reply is sent: the reply says they are kept.
#[derive(Debug)]
pub struct Accepted {
    /// What is counted.
    pub hits: Vec<Hit>,
    /// What is not, and why: a reason for each, beside the site's number, 0 where it is not known.
    pub dropped: Vec<(u32, Dropped)>,
    /// Refusals that somebody who runs the site should see.
    pub failures: Vec<Failure>,
    /// The answer.
    pub reply: Reply,
}

/// A refusal that Matomo calls a tracking failure: an unknown site, or a token without the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// [`Dropped::UnknownSite`] or [`Dropped::InvalidToken`].
    pub reason: Dropped,
    /// The site's number as sent.
    pub site: i64,
    /// When.
    pub at: Millis,
    /// The page's URL as sent, cut.
    pub url: String,
    /// The request's parameters without its token, as a query string, cut.
    pub request: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The `Content-Type`; empty when there is no body.
    pub content_type: &'static str,
    /// Further headers, names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Cow<'static, [u8]>,
}

/// Decodes requests of both dialects and turns away what is not counted. Cheap to share; build one.
pub struct Gate {
    pub(crate) detector: Arc<Detector>,
    pub(crate) patterns: Patterns,
    pub(crate) spam: Spam,
    /// Networks whose visitors are machines.
    pub(crate) data_centers: Ranges,
    /// Orders that were tracked.
    pub(crate) orders: Orders,
    /// Tracking parameters that are columns of the catalogue.
    pub(crate) catalogued: Vec<&'static str>,
}

impl Gate {
    /// A gate that tells bots by this detector.
    pub fn new(detector: Arc<Detector>) -> Gate {
        let catalogued = dimensions::ALL.iter().filter_map(|dimension| match dimension.source {
            Source::Param { matomo, .. } => Some(matomo),
            _ => None,
        });
        Gate {
            detector,
            patterns: Patterns::default(),
            spam: Spam::built_in(),
            data_centers: Ranges::default(),
            orders: Orders::default(),
            catalogued: catalogued.collect(),
        }
    }

    /// The same gate, which turns away events of Plausible's scripts that come from these networks.
    #[must_use]
    pub fn with_data_centers(self, data_centers: Ranges) -> Gate {
        Gate { data_centers, ..self }
    }

    /// Takes note of the orders among hits that are kept: a request that repeats one is answered as a wrong one, as by Matomo,
    /// which keeps an order's number once.
    pub fn learn(&self, kept: &[Hit]) {
        for hit in kept {
            if let Action::Order(order) = &hit.action {
                self.orders.learn(hit.site, &order.id);
            }
        }
    }

    /// Takes note of an order that was kept before this process began.
    pub fn learn_order(&self, site: u32, id: &str) {
        self.orders.learn(site, id);
    }

    /// A request to `matomo.php` or one of its other names.
    pub fn matomo(&self, incoming: &Incoming<'_>, sites: &Sites) -> Accepted {
        protocol::matomo::accept(self, incoming, sites)
    }

    /// The answer to a request to `/api/event` whose body was not read to its end because it is too large.
    pub fn too_large_event() -> Reply {
        protocol::plausible::too_large()
    }

    /// A request to `/api/event`.
    pub fn plausible(&self, incoming: &Incoming<'_>, sites: &Sites) -> Accepted {
        protocol::plausible::accept(self, incoming, sites)
    }
}

impl Incoming<'_> {
    /// The header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        (self.header)(name).unwrap_or("")
    }
}
