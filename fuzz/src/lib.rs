//! A gate with two sites, for the fuzz targets. Run one with `cargo fuzz run matomo_query`.

use std::sync::Arc;

use footfall_devices::Detector;
use footfall_ingest::{
    Hit,
    accept::{Accepted, Gate, Incoming},
    enrich::{Enricher, Places, Salts},
    record,
};
use footfall_model::{Catalogue, Exclusions, Millis, Site, SiteId, SiteSearch, Sites, TrackingSettings, VisitPolicy};

/// What a target needs.
pub struct Stage {
    /// The gate.
    pub gate: Gate,
    /// The sites.
    pub sites: Sites,
    enricher: Enricher,
}

impl Stage {
    /// Two sites, one of each visit policy.
    pub fn new() -> Stage {
        let detector = Arc::new(Detector::built_in());
        Stage {
            gate: Gate::new(Arc::clone(&detector)),
            sites: Sites::new([site(1, VisitPolicy::Matomo), site(2, VisitPolicy::Plausible)], [], TrackingSettings::default()),
            enricher: Enricher::new(detector, Places::built_in(), Arc::new(Catalogue::built_in())),
        }
    }

    /// Puts a request to one of the gate's doors and takes what comes out all the way.
    pub fn put(&self, query: &str, body: &[u8], door: impl FnOnce(&Gate, &Incoming<'_>, &Sites) -> Accepted) {
        let header = |name: &str| (name == "user-agent").then_some("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0");
        let incoming = Incoming {
            method: "POST",
            path: "/",
            query,
            body,
            content_type: "",
            header: &header,
            peer: [203, 0, 113, 77].into(),
            received_at: Millis(1_772_359_200_000),
        };
        for hit in door(&self.gate, &incoming, &self.sites).hits {
            self.follow(hit);
        }
    }

    /// Takes a hit through its record and enrichment.
    pub fn follow(&self, hit: Hit) {
        let kept = record::decode(&record::encode(&hit)).expect("what was written can be read");
        let _ = self.enricher.enrich(kept, &self.sites, &Salts::default());
    }
}

impl Default for Stage {
    fn default() -> Stage {
        Stage::new()
    }
}

fn site(id: u32, policy: VisitPolicy) -> Site {
    Site {
        id: SiteId(id),
        name: String::new(),
        domain: format!("site-{id}.example"),
        former_domain: None,
        urls: vec![format!("https://site-{id}.example")],
        timezone: "Europe/Berlin".to_owned(),
        zone: jiff::tz::TimeZone::UTC,
        currency: "EUR".to_owned(),
        policy,
        ecommerce: true,
        search: SiteSearch { enabled: true, ..SiteSearch::default() },
        exclusions: Exclusions::default(),
        excluded_params: vec!["/^x_/".to_owned()],
        keep_fragments: id == 2,
        group: String::new(),
        kind: "website".to_owned(),
        created_at: Millis(0),
        public: false,
        goals: Vec::new(),
        dimensions: Vec::new(),
        allowed_props: Vec::new(),
    }
}
