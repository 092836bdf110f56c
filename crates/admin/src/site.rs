use footfall_model::{Error, Exclusions, Millis, Site, SiteId, SiteSearch, VisitPolicy};

use crate::{bounds, domain, entity::site, json, zone};

/// A site to be made. What is left out takes the server's defaults.
#[derive(Clone, Debug, Default)]
pub struct NewSite {
    /// What people call it; empty means its domain.
    pub name: String,
    /// Plausible's name of it; `None` means the host of the main address, with a number when that is taken.
    pub domain: Option<String>,
    /// Its addresses, the main one first.
    pub urls: Vec<String>,
    /// Its time zone; `None` means the setting `default_timezone`.
    pub timezone: Option<String>,
    /// Its currency; `None` means the setting `default_currency`.
    pub currency: Option<String>,
    /// How hits become visits; `None` means the setting `default_policy`.
    pub policy: Option<VisitPolicy>,
    /// Whether it sells things.
    pub ecommerce: bool,
    /// How its search is recognised; `None` means by the server's parameters.
    pub search: Option<SiteSearch>,
    /// What is not counted.
    pub exclusions: Exclusions,
    /// Query parameters cut from URLs.
    pub excluded_params: Vec<String>,
    /// Whether `#fragment` stays part of a page's URL.
    pub keep_fragments: bool,
    /// Matomo's group.
    pub group: String,
    /// Matomo's measurable type; `None` means `website`.
    pub kind: Option<String>,
    /// When it was made; `None` means now.
    pub created_at: Option<Millis>,
    /// Whether everybody may read its reports.
    pub public: bool,
    /// Event properties shown in reports.
    pub allowed_props: Vec<String>,
}

/// What is to change about a site; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of a site are")]
pub struct SiteChanges {
    pub name: Option<String>,
    /// The old domain is accepted for 72 more hours.
    pub domain: Option<String>,
    pub urls: Option<Vec<String>>,
    pub timezone: Option<String>,
    pub currency: Option<String>,
    pub policy: Option<VisitPolicy>,
    pub ecommerce: Option<bool>,
    pub search: Option<SiteSearch>,
    pub exclusions: Option<Exclusions>,
    pub excluded_params: Option<Vec<String>>,
    pub keep_fragments: Option<bool>,
    pub group: Option<String>,
    pub kind: Option<String>,
    pub created_at: Option<Millis>,
    pub public: Option<bool>,
    pub allowed_props: Option<Vec<String>>,
}

impl SiteChanges {
    /// Puts the changes into a site; the domain is the caller's part.
    pub(crate) fn apply(self, site: &mut Site) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut site.name, self.name);
        set(&mut site.urls, self.urls);
        set(&mut site.timezone, self.timezone);
        set(&mut site.currency, self.currency);
        set(&mut site.policy, self.policy);
        set(&mut site.ecommerce, self.ecommerce);
        set(&mut site.search, self.search);
        set(&mut site.exclusions, self.exclusions);
        set(&mut site.excluded_params, self.excluded_params);
        set(&mut site.keep_fragments, self.keep_fragments);
        set(&mut site.group, self.group);
        set(&mut site.kind, self.kind);
        set(&mut site.created_at, self.created_at);
        set(&mut site.public, self.public);
        set(&mut site.allowed_props, self.allowed_props);
    }
}

/// The site with every text trimmed and checked.
pub(crate) fn checked(site: Site) -> Result<Site, Error> {
    let (timezone, zone) = zone::time_zone(&site.timezone)?;
    let exclusions = site.exclusions;
    Ok(Site {
        name: bounds::text("name", &site.name, 90)?,
        domain: domain::given(&site.domain)?,
        urls: urls(&site.urls)?,
        timezone,
        zone,
        currency: bounds::currency("currency", &site.currency)?,
        search: SiteSearch {
            enabled: site.search.enabled,
            keyword_params: bounds::list("search_params", &site.search.keyword_params, 50, 190)?,
            category_params: bounds::list("search_category_params", &site.search.category_params, 50, 190)?,
        },
        exclusions: Exclusions {
            addresses: bounds::list("excluded_ips", &exclusions.addresses, 1000, 50)?,
            user_agents: bounds::list("excluded_user_agents", &exclusions.user_agents, 500, 500)?,
            referrers: bounds::list("excluded_referrers", &exclusions.referrers, 500, 500)?,
            unknown_urls: exclusions.unknown_urls,
            countries: countries(&exclusions.countries)?,
            pages: bounds::list("excluded_pages", &exclusions.pages, 500, 500)?,
            hostnames: bounds::list("hostnames", &exclusions.hostnames, 500, 255)?,
        },
        excluded_params: excluded_params(&site.excluded_params)?,
        group: bounds::optional("group", &site.group, 250)?,
        kind: bounds::text("type", &site.kind, 60)?,
        allowed_props: bounds::list("allowed_props", &site.allowed_props, 300, 300)?,
        ..site
    })
}

/// Query parameters as they are written, each once whatever its case: they are told apart without it.
pub(crate) fn excluded_params(given: &[String]) -> Result<Vec<String>, Error> {
    let mut kept = bounds::list("excluded_query_params", given, 500, 190)?;
    let mut seen = std::collections::HashSet::new();
    kept.retain(|name| seen.insert(if name.starts_with('/') { name.clone() } else { name.to_lowercase() }));
    Ok(kept)
}

/// The site of a row, without goals and dimensions.
pub(crate) fn of_row(row: site::Model, now: Millis) -> Result<Site, Error> {
    let list = |column: &str, text: &str| json::read::<Vec<String>>(column, text);
    let (timezone, zone) = zone::time_zone(&row.timezone)?;
    let policy =
        parse_policy(&row.policy).ok_or_else(|| Error::broken("the administration database holds an unknown visit policy"))?;
    let kept = row.former_until.is_some_and(|until| now.0 < until);
    Ok(Site {
        id: id_of(row.id)?,
        name: row.name,
        domain: row.domain,
        former_domain: row.former_domain.filter(|_| kept),
        urls: list("urls", &row.urls)?,
        timezone,
        zone,
        currency: row.currency,
        policy,
        ecommerce: row.ecommerce,
        search: SiteSearch {
            enabled: row.search_enabled,
            keyword_params: list("search_params", &row.search_params)?,
            category_params: list("search_category_params", &row.search_category_params)?,
        },
        exclusions: Exclusions {
            addresses: list("excluded_addresses", &row.excluded_addresses)?,
            user_agents: list("excluded_user_agents", &row.excluded_user_agents)?,
            referrers: list("excluded_referrers", &row.excluded_referrers)?,
            unknown_urls: row.refuse_unknown_urls,
            countries: list("excluded_countries", &row.excluded_countries)?,
            pages: list("excluded_pages", &row.excluded_pages)?,
            hostnames: list("hostnames", &row.hostnames)?,
        },
        excluded_params: list("excluded_params", &row.excluded_params)?,
        keep_fragments: row.keep_fragments,
        group: row.group_name,
        kind: row.kind,
        created_at: Millis(row.created_at),
        public: row.public,
        goals: Vec::new(),
        dimensions: Vec::new(),
        allowed_props: list("allowed_props", &row.allowed_props)?,
    })
}

/// The row of a site; how long a former domain is kept stands beside the site.
pub(crate) fn to_row(site: &Site, former_until: Option<i64>) -> Result<site::Model, Error> {
    Ok(site::Model {
        id: i64::from(site.id.0),
        name: site.name.clone(),
        domain: site.domain.clone(),
        former_domain: site.former_domain.clone(),
        former_until,
        urls: json::write(&site.urls)?,
        timezone: site.timezone.clone(),
        currency: site.currency.clone(),
        policy: policy_name(site.policy).to_owned(),
        ecommerce: site.ecommerce,
        search_enabled: site.search.enabled,
        search_params: json::write(&site.search.keyword_params)?,
        search_category_params: json::write(&site.search.category_params)?,
        excluded_addresses: json::write(&site.exclusions.addresses)?,
        excluded_user_agents: json::write(&site.exclusions.user_agents)?,
        excluded_referrers: json::write(&site.exclusions.referrers)?,
        excluded_countries: json::write(&site.exclusions.countries)?,
        excluded_pages: json::write(&site.exclusions.pages)?,
        hostnames: json::write(&site.exclusions.hostnames)?,
        refuse_unknown_urls: site.exclusions.unknown_urls,
        excluded_params: json::write(&site.excluded_params)?,
        keep_fragments: site.keep_fragments,
        group_name: site.group.clone(),
        kind: site.kind.clone(),
        created_at: site.created_at.0,
        public: site.public,
        allowed_props: json::write(&site.allowed_props)?,
    })
}

/// The number of a site in a row.
pub(crate) fn id_of(row: i64) -> Result<SiteId, Error> {
    u32::try_from(row).map(SiteId).map_err(|cause| Error::broken("a site's number is out of range").because(cause))
}

/// The name of a visit policy, as settings and the API have it.
pub fn policy_name(policy: VisitPolicy) -> &'static str {
    match policy {
        VisitPolicy::Matomo => "matomo",
        VisitPolicy::Plausible => "plausible",
    }
}

/// The visit policy of this name.
pub fn parse_policy(name: &str) -> Option<VisitPolicy> {
    match name {
        "matomo" => Some(VisitPolicy::Matomo),
        "plausible" => Some(VisitPolicy::Plausible),
        _ => None,
    }
}

/// Addresses without closing slashes, each once; they need a host, and a scheme or at least `//`.
fn urls(given: &[String]) -> Result<Vec<String>, Error> {
    let trimmed: Vec<String> = given.iter().map(|url| url.trim().trim_end_matches('/').to_owned()).collect();
    let urls = bounds::list("urls", &trimmed, 100, 1024)?;
    for url in &urls {
        let whole = url.split_once("//").is_some_and(|(scheme, rest)| {
            let scheme = scheme.strip_suffix(':').map_or(scheme.is_empty(), |scheme| {
                scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
                    && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
            });
            scheme && !rest.is_empty() && !rest.starts_with('/')
        });
        if !whole {
            return Err(Error::invalid(format!("`urls` must hold addresses such as `https://example.org`, and holds `{url}`")));
        }
    }
    Ok(urls)
}

fn countries(given: &[String]) -> Result<Vec<String>, Error> {
    let upper: Vec<String> = given.iter().map(|code| code.to_uppercase()).collect();
    let codes = bounds::list("excluded_countries", &upper, 300, 2)?;
    for code in &codes {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::invalid(format!(
                "`excluded_countries` must hold ISO 3166-1 codes such as `DE`, and holds `{code}`"
            )));
        }
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls_of(given: &[&str]) -> Result<Vec<String>, Error> {
        urls(&given.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn addresses_are_kept_once_and_without_closing_slash() {
        assert_eq!(
            urls_of(&[" http://a.example/ ", "http://a.example", "//b.example/x/"]).unwrap(),
            ["http://a.example", "//b.example/x"]
        );
        for bad in ["a.example", "http://", "http:///x", "1x://a"] {
            assert!(
                urls_of(&[bad]).unwrap_err().message().starts_with("`urls` must hold addresses such as `https://example.org`"),
                "{bad}"
            );
        }
    }

    #[test]
    fn excluded_parameters_stand_once_whatever_their_case() {
        let given = ["SID", "sid", "/^A/", "/^a/"].map(str::to_owned);
        assert_eq!(excluded_params(&given).unwrap(), ["SID", "/^A/", "/^a/"]);
    }

    #[test]
    fn countries_have_two_letters() {
        assert_eq!(countries(&["de".to_owned()]).unwrap(), ["DE"]);
        assert_eq!(
            countries(&["D1".to_owned()]).unwrap_err().message(),
            "`excluded_countries` must hold ISO 3166-1 codes such as `DE`, and holds `D1`"
        );
    }
}
