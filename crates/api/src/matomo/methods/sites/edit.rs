//! Adding, changing and deleting sites.

use std::sync::Arc;

use footfall_admin::{NewSite, SiteChanges};
use footfall_model::{Access, Exclusions, Millis, Site, SiteId, SiteSearch};
use footfall_report::names::currencies;

use super::{MODULE, choices};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure, Param,
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

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let (request, admin) = (call.request, &call.ctx.admin);
    let timezone = match request.filled("timezone") {
        Some(zone) => Some(zone.to_owned()),
        None => admin.setting("default_timezone").await?,
    };
    let currency = match request.filled("currency") {
        Some(currency) => Some(currency.to_owned()),
        None => admin.setting("default_currency").await?,
    };
    let search = SiteSearch {
        enabled: given(call, "siteSearch").is_none_or(|_| request.flag("siteSearch")),
        keyword_params: request.words("searchKeywordParameters"),
        category_params: request.words("searchCategoryParameters"),
    };
    check(call)?;
    let new = NewSite {
        name: scope::required(request, "siteName")?.to_owned(),
        urls: urls(call),
        timezone,
        currency,
        ecommerce: request.flag("ecommerce"),
        search: Some(search),
        exclusions: exclusions(call, &Exclusions::default()),
        excluded_params: request.words("excludedQueryParameters"),
        keep_fragments: request.int("keepURLFragments") == Some(1),
        group: request.text("group").unwrap_or_default().to_owned(),
        kind: request.filled("type").map(str::to_owned),
        created_at: created(call)?,
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
    check(call)?;
    let text = |name: &str| given(call, name).and_then(|_| request.filled(name)).map(str::to_owned);
    // What is a list is emptied where it is not given, as at Matomo.
    let search = SiteSearch {
        enabled: given(call, "siteSearch").map_or(site.search.enabled, |_| request.flag("siteSearch")),
        keyword_params: request.words("searchKeywordParameters"),
        category_params: request.words("searchCategoryParameters"),
    };
    let changes = SiteChanges {
        name: text("siteName"),
        urls: given(call, "urls").map(|_| urls(call)),
        timezone: text("timezone"),
        currency: text("currency"),
        ecommerce: given(call, "ecommerce").map(|_| request.flag("ecommerce")),
        search: Some(search),
        exclusions: Some(exclusions(call, &site.exclusions)),
        excluded_params: Some(request.words("excludedQueryParameters")),
        keep_fragments: given(call, "keepURLFragments").map(|_| request.int("keepURLFragments") == Some(1)),
        group: given(call, "group").filter(|_| call.caller.superuser).and_then(|_| request.text("group")).map(str::to_owned),
        kind: text("type"),
        created_at: created(call)?,
        ..SiteChanges::default()
    };
    call.ctx.admin.update_site(site.id, changes, call.ctx.now).await?;
    Ok(Answer::Done)
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
    all.extend(urls(call));
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

/// Refuses what no site can have, in the words of the wire.
fn check(call: Call<'_>) -> Result<(), Failure> {
    check_addresses(&call.request.words("excludedIps"))
        .map_err(|failure| Failure::new(format!("Excluded IPs: {}", failure.message)))?;
    if given(call, "keepURLFragments").is_some_and(|_| !matches!(call.request.int("keepURLFragments"), Some(0..=2))) {
        let title = "Keep Page URL fragments when tracking Page URLs";
        return Err(Failure::new(format!(
            "{title}: The value for the \"{title}\" field in the \"WebsiteMeasurable\" plugin is not allowed"
        )));
    }
    check_zone(call.request.filled("timezone"))?;
    check_currency(call.request.filled("currency"))
}

/// Refuses addresses and ranges that are none.
pub(super) fn check_addresses(given: &[String]) -> Result<(), Failure> {
    given.iter().find(|address| choices::ends(address).is_none()).map_or(Ok(()), |address| {
        Err(Failure::new(format!(
            "The IP to exclude \"{address}\" does not have a valid IP format (eg. 1.2.3.4, 1.2.3.*, or 1.2.3.4/5)."
        )))
    })
}

/// Refuses a time zone that is none.
pub(super) fn check_zone(given: Option<&str>) -> Result<(), Failure> {
    given
        .filter(|zone| footfall_admin::time_zone(zone).is_err())
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
    let id = call.request.filled("idSite").and_then(|id| id.parse().ok()).map(SiteId);
    if let Some(id) = id.filter(|id| call.caller.superuser && call.ctx.sites.get(*id).is_none()) {
        return Err(Failure::new(format!("website id = {id} not found")));
    }
    scope::site(call.ctx, call.caller, call.request, Access::Admin)
}

/// Whether an address says where it leads: `//` after nothing or after a scheme.
fn is_url(given: &str) -> bool {
    let scheme = given.split_once("//").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        let Some(name) = scheme.strip_suffix(':') else { return scheme.is_empty() };
        name.is_empty()
            || (name.starts_with(|sign: char| sign.is_ascii_alphabetic())
                && name.chars().all(|sign| sign.is_ascii_alphanumeric() || "+.-".contains(sign)))
    })
}

/// The parameter, when the request has it.
fn given<'a>(call: Call<'a>, name: &str) -> Option<&'a Param> {
    call.request.get(name).filter(|param| **param != Param::Text(String::new()))
}

/// Addresses come as a list or as one text; one that does not say how it is reached is reached by HTTP.
fn urls(call: Call<'_>) -> Vec<String> {
    let texts = match call.request.get("urls") {
        Some(Param::Text(text)) => vec![text.clone()],
        Some(Param::List(_)) => call.request.texts("urls"),
        None => Vec::new(),
    };
    let whole = |url: String| if is_url(&url) { url } else { format!("http://{url}") };
    texts.into_iter().map(|url| scope::decode_plus(url.trim())).filter(|url| !url.is_empty()).map(whole).collect()
}

fn exclusions(call: Call<'_>, held: &Exclusions) -> Exclusions {
    let request = call.request;
    Exclusions {
        addresses: request.words("excludedIps"),
        user_agents: request.words("excludedUserAgents"),
        referrers: request.words("excludedReferrers"),
        unknown_urls: given(call, "excludeUnknownUrls").map_or(held.unknown_urls, |_| request.flag("excludeUnknownUrls")),
        ..held.clone()
    }
}

/// `startDate`, as a moment of UTC.
fn created(call: Call<'_>) -> Result<Option<Millis>, Failure> {
    let Some(given) = call.request.filled("startDate") else {
        return Ok(None);
    };
    let at = given
        .parse::<jiff::civil::DateTime>()
        .or_else(|_| footfall_report::day(given, scope::today(call.ctx, None)).map(|day| day.at(0, 0, 0, 0)))?;
    let zoned = at.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| Failure::new(format!("The date '{given}' is not correct.")))?;
    Ok(Some(Millis(zoned.timestamp().as_millisecond())))
}
