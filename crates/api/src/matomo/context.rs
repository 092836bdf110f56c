use std::{net::IpAddr, sync::Arc};

use footfall_admin::Admin;
use footfall_model::{Catalogue, Millis, Sites};
use footfall_report::{Reader, store::Store};

/// What requests are answered with.
#[derive(Clone)]
pub struct Context {
    /// Where visits are kept.
    pub store: Arc<dyn Store>,
    /// Every site, as it stands now.
    pub sites: Arc<Sites>,
    /// Everything that can be grouped by.
    pub catalogue: Arc<Catalogue>,
    /// Sites, users, goals and settings.
    pub admin: Arc<Admin>,
    /// Now.
    pub now: Millis,
    /// The address that asks.
    pub peer: IpAddr,
    /// The rules of this server.
    pub settings: Settings,
}

/// Where addresses are.
pub trait Locate: Send + Sync + std::fmt::Debug {
    /// Where this address is; empty where nothing is known of it.
    fn locate(&self, address: IpAddr) -> Location;
}

/// Which channels visitors come by.
pub trait Channels: Send + Sync + std::fmt::Debug {
    /// The channel of a source with these tags (`utm_medium`, `utm_campaign`, `utm_source`), empty where there are none.
    fn channel(&self, source: &str, medium: &str, campaign: &str, tagged: &str) -> &'static str;
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// The continent's three letters, such as `eur`.
    pub continent: String,
    /// ISO 3166-1, upper case.
    pub country: String,
    /// ISO 3166-2 with the country before it.
    pub region: String,
    /// The city's name.
    pub city: String,
    /// Degrees north and east.
    pub degrees: Option<(f64, f64)>,
}

/// The rules of this server that answers depend on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address people reach this server at, with a `/` at the end.
    pub base_url: String,
    /// How reports are made.
    pub reports: footfall_report::Settings,
    /// Rows of a report unless asked otherwise (`API_datatable_default_limit`).
    pub default_limit: i64,
    /// Whether a table may be turned by a dimension that is not below its own, which asks the store once a row
    /// (`pivot_by_filter_enable_fetch_by_segment`).
    pub pivots_by_segment: bool,
    /// Whether actions are called by the numbers Matomo would have given them, and not by ours (`matomo.compat.action_ids`).
    pub action_ids: bool,
    /// Texts that stand before our own where reports are described (`matomo.texts`).
    pub texts: Arc<super::Texts>,
    /// How often keys have asked Plausible's Stats API.
    pub requests: Arc<crate::plausible::Requests>,
    /// Every browser by its code, with its name.
    pub browsers: fn() -> Vec<(&'static str, &'static str)>,
    /// Every operating system by its code, with its name.
    pub systems: fn() -> Vec<(&'static str, &'static str)>,
    /// Where addresses are; nothing is known of any where there is none.
    pub places: Option<Arc<dyn Locate>>,
    /// Which channels sources are; imported ones are of none where there is nobody who knows.
    pub channels: Option<Arc<dyn Channels>>,
    /// Who sends letters; none are sent where there is nobody.
    pub post: Option<Arc<dyn crate::Post>>,
    /// Whether people who are invited may make an account (`disable_registration` is not `true`).
    pub invited_register: bool,
    /// The version of Matomo that is spoken.
    pub matomo_version: &'static str,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            base_url: "http://localhost:8000/".to_owned(),
            reports: footfall_report::Settings::default(),
            default_limit: 100,
            pivots_by_segment: false,
            action_ids: false,
            texts: Arc::default(),
            requests: Arc::default(),
            browsers: Vec::new,
            systems: Vec::new,
            places: None,
            channels: None,
            post: None,
            invited_register: true,
            matomo_version: "5.2.0",
        }
    }
}

impl Context {
    /// What reports are made with.
    pub fn reader(&self) -> Reader {
        Reader {
            store: Arc::clone(&self.store),
            sites: Arc::clone(&self.sites),
            catalogue: Arc::clone(&self.catalogue),
            settings: self.settings.reports.clone(),
            now: self.now,
        }
    }
}
