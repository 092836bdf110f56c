use std::{collections::HashMap, net::IpAddr, sync::Arc};

use jiff::tz::TimeZone;

use crate::{Goal, Millis};

/// A site's number: Matomo's `idsite`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SiteId(pub u32);

impl std::fmt::Display for SiteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How hits become visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum VisitPolicy {
    /// Cookies allowed; a visit ends after 30 idle minutes, at the site's midnight and on a new campaign; a bounce has one action.
    #[default]
    Matomo,
    /// No cookies, a daily salted hash; a visit ends after 30 idle minutes; a bounce has one page view and nothing interactive.
    Plausible,
}

/// A measured site with everything tracking and reporting need to know about it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The number.
    pub id: SiteId,
    /// What people call it.
    pub name: String,
    /// Plausible's name of the site: a bare domain, sometimes with a path. Unique.
    pub domain: String,
    /// A former domain that is still accepted.
    pub former_domain: Option<String>,
    /// Its addresses, the main one first.
    pub urls: Vec<String>,
    /// The name of its time zone, such as `Europe/Berlin` or `UTC+5`.
    pub timezone: String,
    /// Its clock. Days belong to it.
    pub zone: TimeZone,
    /// ISO 4217.
    pub currency: String,
    /// How hits become visits.
    pub policy: VisitPolicy,
    /// Whether it sells things.
    pub ecommerce: bool,
    /// How its own search is recognised in URLs.
    pub search: SiteSearch,
    /// What is not counted, beyond the server's own rules.
    pub exclusions: Exclusions,
    /// Query parameters cut from URLs, lower case; `/…/` is a regular expression.
    pub excluded_params: Vec<String>,
    /// Whether `#fragment` stays part of a page's URL.
    pub keep_fragments: bool,
    /// Matomo's group of sites.
    pub group: String,
    /// Matomo's measurable type, `website` as a rule.
    pub kind: String,
    /// When it was made; Matomo's `ts_created`.
    pub created_at: Millis,
    /// Whether everybody may read its reports.
    pub public: bool,
    /// What it wants to happen.
    pub goals: Vec<Goal>,
    /// Its custom dimensions.
    pub dimensions: Vec<CustomDimension>,
    /// Event properties shown in reports; empty means all that were seen.
    pub allowed_props: Vec<String>,
}

/// How a site's own search is recognised in URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteSearch {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Parameters that carry the keyword; empty means the server's list.
    pub keyword_params: Vec<String>,
    /// Parameters that carry the category.
    pub category_params: Vec<String>,
}

/// What a site does not want counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusions {
    /// Addresses: single, CIDR, or with `*`.
    pub addresses: Vec<String>,
    /// Parts of user agents, or `/regular expressions/`.
    pub user_agents: Vec<String>,
    /// Referrers that count as direct.
    pub referrers: Vec<String>,
    /// Whether pages outside the site's URLs are refused.
    pub unknown_urls: bool,
    /// ISO 3166-1 codes of countries that are not counted.
    pub countries: Vec<String>,
    /// Page patterns that are not counted.
    pub pages: Vec<String>,
    /// Host names that are counted; empty means all.
    pub hostnames: Vec<String>,
}

/// A custom dimension of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomDimension {
    /// The number within the site, from 1: `dimension3` is number 3.
    pub id: u32,
    /// What people call it.
    pub name: String,
    /// Whether it belongs to the visit or to each action.
    pub scope: CustomScope,
    /// Its place among the site's dimensions of that scope, from 1. Stores keep values by slot.
    pub slot: u8,
    /// Whether it is recorded.
    pub active: bool,
    /// Whether values differ by case.
    pub case_sensitive: bool,
    /// Where values are taken from when the tracker sends none: (`url`, `urlparam` or `action_name`; pattern).
    pub extractions: Vec<(String, String)>,
}

/// What a custom dimension belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as Matomo names them")]
pub enum CustomScope {
    Visit,
    Action,
}

impl CustomDimension {
    /// How many dimensions of each scope a site can have.
    pub const SLOTS: u8 = 10;
}

/// What a token or a person may do with a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Read reports.
    View,
    /// Manage goals, annotations and the like; write on the tracking endpoint.
    Write,
    /// Manage the site.
    Admin,
    /// Everything, everywhere.
    Superuser,
}

/// A token as tracking sees it: what it may do.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose it is.
    pub login: String,
    /// Whether it may do everything.
    pub superuser: bool,
    /// What it may do on single sites.
    pub sites: HashMap<SiteId, Access>,
}

impl Token {
    /// Whether the token gives at least this access to the site.
    pub fn allows(&self, site: SiteId, access: Access) -> bool {
        self.superuser || self.sites.get(&site).is_some_and(|held| *held >= access)
    }
}

/// What is cut from the referrers of visits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReferrerMask {
    /// Nothing.
    #[default]
    Nothing,
    /// The query, and with it the keyword.
    Query,
    /// All behind the host.
    Path,
    /// All but what kind of referrer it was, and the names of search engines and social networks.
    All,
}

/// Server-wide rules of tracking, as Matomo's `[Tracker]` and `[General]` sections name them.
#[derive(Clone, Debug)]
pub struct TrackingSettings {
    /// Idle seconds after which a visit is over (`visit_standard_length`).
    pub visit_seconds: i64,
    /// Seconds within which a visitor's last visit is looked for (`window_look_back_for_visitor`; 0 = the visit length).
    pub look_back_seconds: i64,
    /// Whether a new campaign starts a new visit (`create_new_visit_when_campaign_changes`).
    pub new_visit_on_campaign: bool,
    /// Whether a new website referrer starts a new visit (`create_new_visit_when_website_referrer_changes`).
    pub new_visit_on_website: bool,
    /// Whether the site's midnight starts a new visit (`create_new_visit_after_midnight`).
    pub new_visit_after_midnight: bool,
    /// Actions after which a visit is cut (`create_new_visit_after_x_actions`).
    pub new_visit_after_actions: u32,
    /// Whether a visitor's cookie is believed even when the fingerprint differs (`trust_visitors_cookies`).
    pub trust_visitor_cookies: bool,
    /// Whether a user id makes the visitor id (`enable_userid_overwrites_visitorid`).
    pub user_id_makes_visitor_id: bool,
    /// Seconds a one-page visit counts (`default_time_one_page_visit`).
    pub one_page_seconds: i64,
    /// Whether Matomo-style visits end with what arrived last, and not with what happened last (`matomo.compat.arrival_order`).
    pub by_arrival: bool,
    /// Seconds back that `cdt` is believed without a token (`tracking_requests_require_authentication_when_custom_timestamp_newer_than`).
    pub unauthenticated_age_seconds: i64,
    /// Whether overrides need a token (`tracking_requests_require_authentication`).
    pub require_authentication: bool,
    /// Whether the visitor's cookie of our own domain is used (`use_third_party_id_cookie`).
    pub third_party_cookie: bool,
    /// Longest page URL or title kept, in characters (`page_maximum_length`).
    pub page_maximum_length: usize,
    /// Splits titles into a hierarchy (`action_title_category_delimiter`); empty means never.
    pub title_delimiter: String,
    /// Splits URLs into a hierarchy (`action_url_category_delimiter`).
    pub url_delimiter: String,
    /// Query parameters that carry a campaign's name.
    pub campaign_name_params: Vec<String>,
    /// Query parameters that carry a campaign's keyword.
    pub campaign_keyword_params: Vec<String>,
    /// Query parameters that are cut from every URL (`url_query_parameter_to_exclude_from_url`), lower case.
    pub excluded_params: Vec<String>,
    /// Query parameters that mean a site search where the site names none.
    pub search_keyword_params: Vec<String>,
    /// Query parameters that mean a site search's category where the site names none.
    pub search_category_params: Vec<String>,
    /// Excluded addresses of every site.
    pub excluded_addresses: Vec<String>,
    /// Excluded user agents of every site.
    pub excluded_user_agents: Vec<String>,
    /// Referrers that count as direct on every site.
    pub excluded_referrers: Vec<String>,
    /// Whether `#fragment`s are kept on sites that say nothing.
    pub keep_fragments: bool,
    /// How many units of each currency one US dollar buys; an event's revenue is changed into its goal's currency with these.
    pub exchange_rates: Vec<(String, f64)>,
    /// Whether `DNT: 1` and `Sec-GPC: 1` are honoured.
    pub honour_do_not_track: bool,
    /// Bytes of an IPv4 address that are masked in what is kept of it, 0 to 4 (`ip_address_mask_length`).
    pub mask_bytes: u8,
    /// Whether country and fingerprint are derived from the masked address too (`use_anonymized_ip_for_visit_enrichment`).
    pub mask_first: bool,
    /// Whether the masked address is kept with the visit; otherwise nothing of it is.
    pub keep_address: bool,
    /// Whether user ids are kept as a salted hash only (`anonymizeUserId`).
    pub hash_user_ids: bool,
    /// Whether the numbers of orders are kept as a salted hash only (`anonymizeOrderId`).
    pub hash_order_ids: bool,
    /// What is cut from the referrers of visits (`anonymizeReferrer`).
    pub referrer_mask: ReferrerMask,
    /// The greatest number of a custom variable that is kept.
    pub custom_variables: u32,
    /// Whether the country is guessed from the language when the address tells nothing (`enable_language_to_country_guess`).
    pub guess_country_from_language: bool,
    /// Whether the server counts at all (`record_statistics`).
    pub record: bool,
    /// Whether every tracking request is answered with a text that says what became of it (`debug`).
    pub explain: bool,
    /// Whether those are that ask for it with `debug=1` (`debug_on_demand`).
    pub explain_on_demand: bool,
}

impl Default for TrackingSettings {
    /// Matomo's defaults.
    fn default() -> TrackingSettings {
        fn list(words: &str) -> Vec<String> {
            words.split(' ').map(str::to_owned).collect()
        }
        TrackingSettings {
            visit_seconds: 1800,
            look_back_seconds: 0,
            new_visit_on_campaign: true,
            new_visit_on_website: false,
            new_visit_after_midnight: true,
            new_visit_after_actions: 10_000,
            trust_visitor_cookies: false,
            user_id_makes_visitor_id: true,
            one_page_seconds: 0,
            by_arrival: false,
            unauthenticated_age_seconds: 86_400,
            require_authentication: true,
            third_party_cookie: false,
            page_maximum_length: 1024,
            title_delimiter: String::new(),
            url_delimiter: "/".to_owned(),
            campaign_name_params: list(
                "pk_cpn pk_campaign piwik_campaign mtm_campaign matomo_campaign utm_campaign utm_source utm_medium",
            ),
            campaign_keyword_params: list("pk_kwd pk_keyword piwik_kwd mtm_kwd mtm_keyword matomo_kwd utm_term"),
            excluded_params: list(
                "gclid fbclid msclkid twclid wbraid gbraid yclid fb_xd_fragment fb_comment_id phpsessid jsessionid sessionid \
                 aspsessionid doing_wp_cron sid pk_vid",
            ),
            search_keyword_params: list("q query s search searchword k keyword"),
            search_category_params: Vec::new(),
            excluded_addresses: Vec::new(),
            excluded_user_agents: Vec::new(),
            excluded_referrers: Vec::new(),
            keep_fragments: false,
            exchange_rates: Vec::new(),
            honour_do_not_track: false,
            mask_bytes: 2,
            mask_first: false,
            keep_address: false,
            hash_user_ids: false,
            hash_order_ids: false,
            referrer_mask: ReferrerMask::Nothing,
            custom_variables: crate::variable::MOST,
            guess_country_from_language: true,
            record: true,
            explain: false,
            explain_on_demand: false,
        }
    }
}

/// Every site, token and tracking rule at one moment. Immutable; a new one replaces it when something changes.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    by_id: HashMap<SiteId, Arc<Site>>,
    by_domain: HashMap<String, SiteId>,
    by_host: HashMap<String, Vec<(String, SiteId)>>,
    tokens: HashMap<[u8; 32], Arc<Token>>,
    /// Server-wide rules of tracking.
    pub settings: TrackingSettings,
    /// Proxies whose address headers are believed; empty means every peer's are not.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Sites {
    /// A snapshot of these sites. Tokens are known by the SHA-256 of their text.
    pub fn new(
        sites: impl IntoIterator<Item = Site>,
        tokens: impl IntoIterator<Item = ([u8; 32], Token)>,
        settings: TrackingSettings,
    ) -> Sites {
        let by_id: HashMap<SiteId, Arc<Site>> = sites.into_iter().map(|site| (site.id, Arc::new(site))).collect();
        let mut by_domain = HashMap::new();
        for site in by_id.values() {
            if let Some(former) = &site.former_domain {
                by_domain.entry(former.to_lowercase()).or_insert(site.id);
            }
        }
        for site in by_id.values() {
            by_domain.insert(site.domain.to_lowercase(), site.id);
        }
        let mut by_host: HashMap<String, Vec<(String, SiteId)>> = HashMap::new();
        for site in by_id.values() {
            for (host, path) in site.urls.iter().filter_map(|url| host_and_path(url)) {
                by_host.entry(host).or_default().push((path, site.id));
            }
        }
        for paths in by_host.values_mut() {
            paths.sort_by(|(a, x), (b, y)| b.matches('/').count().cmp(&a.matches('/').count()).then(b.cmp(a)).then(x.cmp(y)));
            paths.dedup();
        }
        let tokens = tokens.into_iter().map(|(digest, token)| (digest, Arc::new(token))).collect();
        Sites { by_id, by_domain, by_host, tokens, settings, trusted_proxies: Vec::new() }
    }

    /// The site of this number.
    pub fn get(&self, id: SiteId) -> Option<&Arc<Site>> {
        self.by_id.get(&id)
    }

    /// The site of this domain, in any case; a former domain counts while it is kept.
    pub fn by_domain(&self, domain: &str) -> Option<&Arc<Site>> {
        let id = self.by_domain.get(domain).or_else(|| self.by_domain.get(&domain.to_lowercase()))?;
        self.by_id.get(id)
    }

    /// The sites that have addresses at this host (in lower case, without `www.`), each with its path in lower case; the
    /// deepest paths first.
    pub fn at_host(&self, host: &str) -> &[(String, SiteId)] {
        self.by_host.get(host).map_or(&[], Vec::as_slice)
    }

    /// The token whose text has this SHA-256.
    pub fn token(&self, digest: &[u8; 32]) -> Option<&Arc<Token>> {
        self.tokens.get(digest)
    }

    /// Every site, by number.
    pub fn all(&self) -> Vec<Arc<Site>> {
        let mut sites: Vec<Arc<Site>> = self.by_id.values().cloned().collect();
        sites.sort_by_key(|site| site.id);
        sites
    }
}

/// Host and path of a site's address, in lower case, the path with a `/` at both ends.
fn host_and_path(url: &str) -> Option<(String, String)> {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let path = format!("/{}", path.to_lowercase());
    let path = if path.ends_with('/') { path } else { path + "/" };
    (!host.is_empty()).then_some((host, path))
}
