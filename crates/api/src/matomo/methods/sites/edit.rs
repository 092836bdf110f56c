//! Adding, changing and deleting sites.

use std::sync::Arc;

use footfall_admin::{NewSite, SiteChanges};
use footfall_model::{Access, Exclusions, Millis, Site, SiteId, SiteSearch};
use footfall_report::names::currencies;

use super::{
    MODULE, choices,
    given::{self, Given},
};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "addSite", Need::AddsSites, &["siteName"], |call| Box::pin(add(call))),
    Method::new(MODULE, "updateSite", Need::Nobody, &["idSite"], |call| Box::pin(update(call))),
    Method::new(MODULE, "deleteSite", Need::DeletesSites, &["idSite"], |call| Box::pin(delete(call))),
    Method::new(MODULE, "addSiteAliasUrls", Need::Nobody, &["idSite", "urls"], |call| Box::pin(add_urls(call, false))),
    Method::new(MODULE, "setSiteAliasUrls", Need::Nobody, &["idSite"], |call| Box::pin(add_urls(call, true))),
    Method::new(MODULE, "renameGroup", Need::Superuser, &["oldGroupName", "newGroupName"], |call| Box::pin(rename_group(call))),
];

/// What a request says of a site's fields.
struct Wishes {
    urls: Option<Vec<String>>,
    unknown_urls: Option<bool>,
    keep_fragments: Option<bool>,
    addresses: Vec<String>,
    excluded_params: Vec<String>,
    user_agents: Vec<String>,
    referrers: Vec<String>,
    search: Option<bool>,
    keyword_params: Vec<String>,
    category_params: Vec<String>,
    ecommerce: Option<bool>,
}

/// Reads them in the order in which Matomo checks them, and refuses what no site can have.
fn wishes(call: Call<'_>, kind: &str) -> Result<Wishes, Failure> {
    let field = |param, name, title| Given::of(call.request, kind, param, name, title);
    let urls = field("urls", "urls", "URLs").urls()?;
    let unknown_urls = field(
        "excludeUnknownUrls",
        "exclude_unknown_urls",
        "Only track visits and actions when the action URL starts with one of the above URLs.",
    )
    .flag()?;
    let fragments = field("keepURLFragments", "keep_url_fragment", "Keep Page URL fragments when tracking Page URLs");
    let keep_fragments = fragments.choice(&["0", "1", "2"])?.map(|chosen| chosen == "1");
    let excluded = field("excludedIps", "excluded_ips", "Excluded IPs");
    let addresses = excluded.words();
    check_addresses(&addresses).map_err(|failure| excluded.failure(&failure.message))?;
    let unnamed = |param, name| field(param, name, "").words();
    let shared = Given::of(call.request, kind, "", "use_default_site_search_params", "");
    let shares_words = shared.words().first().is_some_and(|word| word != "0");
    let keyword_params = unnamed("searchKeywordParameters", "sitesearch_keyword_parameters");
    Ok(Wishes {
        urls,
        unknown_urls,
        keep_fragments,
        addresses,
        excluded_params: unnamed("excludedQueryParameters", "excluded_parameters"),
        user_agents: unnamed("excludedUserAgents", "excluded_user_agents"),
        referrers: unnamed("excludedReferrers", "excluded_referrers"),
        search: field("siteSearch", "sitesearch", "Site Search").flag()?,
        keyword_params: if shares_words { Vec::new() } else { keyword_params },
        category_params: unnamed("searchCategoryParameters", "sitesearch_category_parameters"),
        ecommerce: field("ecommerce", "ecommerce", "Ecommerce").flag()?,
    })
}

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let (request, admin) = (call.request, &call.ctx.admin);
    check_zone(request.filled("timezone"))?;
    check_currency(request.filled("currency"))?;
    let timezone = match request.filled("timezone") {
        Some(zone) => Some(zone.to_owned()),
        None => admin.setting("default_timezone").await?,
    };
    let currency = match request.filled("currency") {
        Some(currency) => Some(currency.to_owned()),
        None => admin.setting("default_currency").await?,
    };
    let created_at = created(call)?;
    let kind = request.filled("type").unwrap_or("website");
    let wishes = wishes(call, kind)?;
    let new = NewSite {
        name: shortened(scope::required(request, "siteName")?),
        urls: wishes.urls.unwrap_or_default(),
        timezone,
        currency,
        ecommerce: wishes.ecommerce.unwrap_or(false),
        search: Some(SiteSearch {
            enabled: wishes.search.unwrap_or(true),
            keyword_params: wishes.keyword_params,
            category_params: wishes.category_params,
        }),
        exclusions: Exclusions {
            addresses: wishes.addresses,
            user_agents: wishes.user_agents,
            referrers: wishes.referrers,
            unknown_urls: wishes.unknown_urls.unwrap_or(false),
            ..Exclusions::default()
        },
        excluded_params: wishes.excluded_params,
        keep_fragments: wishes.keep_fragments.unwrap_or(false),
        group: request.text("group").unwrap_or_default().to_owned(),
        kind: Some(kind.to_owned()),
        created_at,
        ..NewSite::default()
    };
    let site = admin.add_site(new, call.ctx.now).await?;
    Ok(Answer::value(i64::from(site.id.0)))
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let site = changed(call)?;
    if request.text("siteName") == Some("") {
        return Err(Failure::new("The website name can't be empty."));
    }
    check_currency(request.text("currency"))?;
    check_zone(request.text("timezone"))?;
    let created_at = created(call)?;
    let kind = request.text("type").map(|kind| if kind.is_empty() { "website" } else { kind });
    let wishes = wishes(call, kind.unwrap_or(&site.kind))?;
    let text = |name: &str| request.filled(name).map(str::to_owned);
    // What is a list is emptied where it is not given, as at Matomo.
    let changes = SiteChanges {
        name: request.filled("siteName").map(shortened),
        urls: wishes.urls,
        timezone: text("timezone"),
        currency: text("currency"),
        ecommerce: wishes.ecommerce,
        search: Some(SiteSearch {
            enabled: wishes.search.unwrap_or(site.search.enabled),
            keyword_params: wishes.keyword_params,
            category_params: wishes.category_params,
        }),
        exclusions: Some(Exclusions {
            addresses: wishes.addresses,
            user_agents: wishes.user_agents,
            referrers: wishes.referrers,
            unknown_urls: wishes.unknown_urls.unwrap_or(site.exclusions.unknown_urls),
            ..site.exclusions.clone()
        }),
        excluded_params: Some(wishes.excluded_params),
        keep_fragments: wishes.keep_fragments,
        group: request.text("group").filter(|_| call.caller.superuser).map(str::to_owned),
        kind: kind.map(str::to_owned),
        created_at,
        ..SiteChanges::default()
    };
    call.ctx.admin.update_site(site.id, changes, call.ctx.now).await?;
    Ok(Answer::Done)
}

/// A name as long as Matomo keeps it.
fn shortened(name: &str) -> String {
    name.chars().take(90).collect()
}

async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let site = changed(call)?;
    if call.ctx.sites.all().len() == 1 {
        return Err(Failure::new(
            "It is not possible to delete this website as it is the only registered website. Add a new website first, then \
             delete this one.",
        ));
    }
    crate::own::forget(call.ctx, site.id).await?;
    Ok(Answer::Done)
}

async fn add_urls(call: Call<'_>, replaces: bool) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Admin)?;
    let mut all: Vec<String> = if replaces { site.urls.iter().take(1).cloned().collect() } else { site.urls.clone() };
    all.extend(call.request.get("urls").map(given::urls).transpose()?.unwrap_or_default());
    let changes = SiteChanges { urls: Some(all), ..SiteChanges::default() };
    let changed = call.ctx.admin.update_site(site.id, changes, call.ctx.now).await?;
    let added = if replaces { 0 } else { changed.urls.iter().filter(|url| !site.urls.contains(url)).count() };
    Ok(Answer::value(added as i64))
}

async fn rename_group(call: Call<'_>) -> Result<Answer, Failure> {
    let from = call.request.text("oldGroupName").unwrap_or_default();
    let to = call.request.text("newGroupName").unwrap_or_default();
    let sites: Vec<Arc<Site>> = call.ctx.sites.all().into_iter().filter(|site| site.group == from).collect();
    for site in sites {
        let changes = SiteChanges { group: Some(to.to_owned()), ..SiteChanges::default() };
        call.ctx.admin.update_site(site.id, changes, call.ctx.now).await?;
    }
    Ok(Answer::value(true))
}

/// Refuses addresses and ranges that are none.
pub(super) fn check_addresses(given: &[String]) -> Result<(), Failure> {
    given.iter().find(|address| choices::ends(address).is_none()).map_or(Ok(()), |address| {
        Err(Failure::new(format!(
            "The IP to exclude \"{address}\" does not have a valid IP format (eg. 1.2.3.4, 1.2.3.*, or 1.2.3.4/5)."
        )))
    })
}

/// Refuses a time zone that cannot be chosen.
pub(super) fn check_zone(given: Option<&str>) -> Result<(), Failure> {
    given
        .filter(|zone| !choices::is_zone(zone))
        .map_or(Ok(()), |zone| Err(Failure::new(format!("The timezone \"{zone}\" is not valid. Please enter a valid timezone."))))
}

/// Refuses a currency that is none.
pub(super) fn check_currency(given: Option<&str>) -> Result<(), Failure> {
    given.filter(|currency| currencies::name(currency).is_none()).map_or(Ok(()), |currency| {
        Err(Failure::new(format!(
            "The currency \"{currency}\" is not valid. Please enter a valid currency symbol (eg. USD, EUR, etc.)"
        )))
    })
}

/// The site that is to be changed.
fn changed(call: Call<'_>) -> Result<Arc<Site>, Failure> {
    let given = call.request.text("idSite").unwrap_or_default();
    let known = given.parse().ok().map(SiteId).is_some_and(|id| call.ctx.sites.get(id).is_some());
    if call.caller.superuser && !known {
        return Err(Failure::new(format!("website id = {given} not found")));
    }
    scope::site(call.ctx, call.caller, call.request, Access::Admin)
}

/// `startDate`, as a moment of UTC.
fn created(call: Call<'_>) -> Result<Option<Millis>, Failure> {
    let Some(given) = call.request.text("startDate") else {
        return Ok(None);
    };
    let at = scope::moment(given, scope::today(call.ctx, None))?;
    let zoned = at.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| Failure::new(format!("The date '{given}' is not correct.")))?;
    Ok(Some(Millis(zoned.timestamp().as_millisecond())))
}
