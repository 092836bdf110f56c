//! A server's gate with two sites, and requests put to it.

use std::{net::IpAddr, sync::Arc};

use footfall_devices::Detector;
use footfall_ingest::{
    Enriched, Hit,
    accept::{Accepted, Gate, Incoming},
    enrich::{Enricher, Places, Salts},
};
use footfall_model::{
    Access, Catalogue, Exclusions, Goal, GoalId, GoalMatch, MatchAttribute, MatchPattern, Millis, Scope, Site, SiteId,
    SiteSearch, Sites, Token, TrackingSettings, Value, VisitPolicy,
};
use sha2::{Digest, Sha256};

/// 2026-03-01T10:00:00Z.
pub const NOW: i64 = 1_772_359_200_000;
pub const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

pub struct Stage {
    pub gate: Gate,
    pub enricher: Enricher,
    pub catalogue: Arc<Catalogue>,
    pub list: Vec<Site>,
    pub settings: TrackingSettings,
}

/// A request; what is not said is a browser's `GET` from far away.
#[derive(Clone)]
pub struct Ask<'a> {
    pub method: &'a str,
    pub query: &'a str,
    pub body: &'a [u8],
    pub content_type: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub peer: &'a str,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        Ask {
            method: "GET",
            query: "",
            body: b"",
            content_type: "",
            headers: &[("user-agent", CHROME), ("accept-language", "de-DE,de;q=0.9,en;q=0.8")],
            peer: "203.0.113.77",
        }
    }
}

impl Stage {
    pub fn new() -> Stage {
        let detector = Arc::new(Detector::built_in());
        let catalogue = Arc::new(Catalogue::built_in());
        Stage {
            gate: Gate::new(Arc::clone(&detector)),
            enricher: Enricher::new(detector, Places::built_in(), Arc::clone(&catalogue)),
            catalogue,
            list: vec![site(1, "example.org"), Site { policy: VisitPolicy::Plausible, ..site(2, "quiet.example") }],
            settings: TrackingSettings::default(),
        }
    }

    pub fn sites(&self) -> Sites {
        let tokens = [
            ("super", Token { login: "root".into(), superuser: true, sites: Default::default() }),
            ("writer", Token { login: "ada".into(), superuser: false, sites: [(SiteId(1), Access::Write)].into() }),
            ("viewer", Token { login: "bob".into(), superuser: false, sites: [(SiteId(1), Access::View)].into() }),
        ];
        let tokens = tokens.map(|(text, token)| (Sha256::digest(text.as_bytes()).into(), token));
        Sites::new(self.list.clone(), tokens, self.settings.clone())
    }

    pub fn matomo(&self, ask: &Ask<'_>) -> Accepted {
        self.ask(ask, "/matomo.php", |incoming, sites| self.gate.matomo(incoming, sites))
    }

    pub fn plausible(&self, ask: &Ask<'_>) -> Accepted {
        self.ask(ask, "/api/event", |incoming, sites| self.gate.plausible(incoming, sites))
    }

    /// The one hit of a request to `matomo.php` with this query string after `idsite=1&rec=1&`.
    pub fn hit(&self, query: &str) -> Hit {
        let query = format!("idsite=1&rec=1&{query}");
        let accepted = self.matomo(&Ask { query: &query, ..Ask::default() });
        let [hit]: [Hit; 1] = accepted.hits.try_into().unwrap_or_else(|_| panic!("{query}: {:?}", accepted.dropped));
        hit
    }

    /// The status of such a request, and the reasons why it is not counted.
    pub fn status(&self, query: &str) -> (u16, String) {
        let query = format!("idsite=1&rec=1&{query}");
        let accepted = self.matomo(&Ask { query: &query, ..Ask::default() });
        assert_eq!(accepted.hits.is_empty(), !accepted.dropped.is_empty(), "{query}");
        (accepted.reply.status, accepted.dropped.iter().map(|(_, reason)| reason.code()).collect::<Vec<_>>().join(","))
    }

    pub fn enrich(&self, hit: Hit) -> Enriched {
        self.enricher.enrich(hit, &self.sites(), &salts()).unwrap()
    }

    /// The fact of a visit that begins with the hit, by the dimension's id.
    pub fn fact(&self, enriched: &Enriched, id: &str) -> Value {
        let dimension = self.catalogue.get(id).unwrap_or_else(|| panic!("no dimension `{id}`"));
        let facts = if dimension.scope == Scope::Visit { &enriched.visit_facts } else { &enriched.action_facts };
        facts[self.catalogue.fact_index(dimension).unwrap()].clone()
    }

    /// Such a fact's text; empty when there is none.
    pub fn text(&self, enriched: &Enriched, id: &str) -> String {
        self.fact(enriched, id).as_str().unwrap_or("").to_owned()
    }

    fn ask(&self, ask: &Ask<'_>, path: &str, put: impl FnOnce(&Incoming<'_>, &Sites) -> Accepted) -> Accepted {
        let header = |name: &str| ask.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let peer: IpAddr = ask.peer.parse().unwrap();
        let incoming = Incoming {
            method: ask.method,
            path,
            query: ask.query,
            body: ask.body,
            content_type: ask.content_type,
            header: &header,
            peer,
            received_at: Millis(NOW),
        };
        put(&incoming, &self.sites())
    }
}

pub fn salts() -> Salts {
    Salts { secret: [9; 16], days: vec![(NOW / 86_400_000, [1; 16]), (NOW / 86_400_000 - 1, [2; 16])] }
}

pub fn site(id: u32, domain: &str) -> Site {
    Site {
        id: SiteId(id),
        name: domain.to_owned(),
        domain: domain.to_owned(),
        former_domain: None,
        urls: vec![format!("https://{domain}")],
        timezone: "Europe/Berlin".to_owned(),
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        currency: "EUR".to_owned(),
        policy: VisitPolicy::Matomo,
        ecommerce: true,
        search: SiteSearch { enabled: true, ..SiteSearch::default() },
        exclusions: Exclusions::default(),
        excluded_params: Vec::new(),
        keep_fragments: false,
        group: String::new(),
        kind: "website".to_owned(),
        created_at: Millis(0),
        public: false,
        goals: vec![Goal {
            id: GoalId(3),
            name: "by hand".to_owned(),
            description: String::new(),
            rule: GoalMatch::Matomo {
                attribute: MatchAttribute::Manually,
                pattern: MatchPattern::Contains,
                text: String::new(),
                case_sensitive: false,
            },
            revenue: 0.0,
            event_value_as_revenue: false,
            many_per_visit: false,
            currency: None,
        }],
        dimensions: Vec::new(),
        allowed_props: Vec::new(),
    }
}
