//! Sites and their settings.

use std::{collections::HashMap, sync::Arc};

use footfall_admin::{NewSite, SiteChanges, access_name, parse_policy, policy_name};
use footfall_model::{
    Access, Aggregate, Error, Exclusions, Fact, Key, Measure, Millis, Query, Site, SiteId, SiteSearch, TimeRange, VisitPolicy,
    VisitRow,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Caller, Failure, body, caller::unknown, form::Page, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites`.
pub(super) async fn list(ctx: &Context, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_user()?;
    let page = Page::read(call)?;
    let mut sites = visible(ctx, caller, &page.search);
    sites.sort_by_key(|site| (site.name.to_lowercase(), site.id));
    let total = sites.len();
    let shown: Vec<Arc<Site>> = sites.into_iter().skip(page.offset).take(page.limit).collect();
    let last = last_hits(ctx, &shown).await?;
    let shown: Vec<Value> = shown.iter().map(|site| describe(site, caller, last.get(&site.id).copied())).collect();
    let meta = json!({ "total": total, "after": null, "before": null, "limit": page.limit });
    Ok(shape::json(200, &json!({ "sites": shown, "meta": meta })))
}

/// `GET /sites/{id}`.
pub(super) async fn get(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading a site")?;
    let last = last_hits(ctx, std::slice::from_ref(site)).await?;
    Ok(shape::json(200, &describe(site, caller, last.get(&site.id).copied())))
}

/// What a site is made of or changed by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: Option<String>,
    domain: Option<String>,
    urls: Option<Vec<String>>,
    timezone: Option<String>,
    currency: Option<String>,
    policy: Option<String>,
    ecommerce: Option<bool>,
    public: Option<bool>,
    site_search: Option<bool>,
    site_search_params: Option<Vec<String>>,
    site_search_category_params: Option<Vec<String>>,
    excluded_ips: Option<Vec<String>>,
    excluded_query_params: Option<Vec<String>>,
    excluded_user_agents: Option<Vec<String>>,
    excluded_countries: Option<Vec<String>>,
    excluded_pages: Option<Vec<String>>,
    allowed_hostnames: Option<Vec<String>>,
    allowed_properties: Option<Vec<String>>,
    keep_url_fragments: Option<bool>,
}

impl Fields {
    fn policy(&self) -> Result<Option<VisitPolicy>, Failure> {
        match &self.policy {
            None => Ok(None),
            Some(name) => {
                parse_policy(name).map(Some).ok_or_else(|| Failure::field("policy", "`policy` must be `matomo` or `plausible`"))
            }
        }
    }

    fn search(&self, held: SiteSearch) -> Option<SiteSearch> {
        let given = self.site_search.is_some() || self.site_search_params.is_some() || self.site_search_category_params.is_some();
        given.then(|| SiteSearch {
            enabled: self.site_search.unwrap_or(held.enabled),
            keyword_params: self.site_search_params.clone().unwrap_or(held.keyword_params),
            category_params: self.site_search_category_params.clone().unwrap_or(held.category_params),
        })
    }

    fn exclusions(&self, held: Exclusions) -> Exclusions {
        Exclusions {
            addresses: self.excluded_ips.clone().unwrap_or(held.addresses),
            user_agents: self.excluded_user_agents.clone().unwrap_or(held.user_agents),
            countries: self.excluded_countries.clone().unwrap_or(held.countries),
            pages: self.excluded_pages.clone().unwrap_or(held.pages),
            hostnames: self.allowed_hostnames.clone().unwrap_or(held.hostnames),
            ..held
        }
    }
}

/// `POST /sites`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_team(caller.principal.adds_sites(), "adding a site", "owner, admin or editor")?;
    let fields: Fields = body::read(call)?;
    let Some(domain) = fields.domain.clone() else {
        return Err(Failure::bad_request("the body is not what is asked for: missing field `domain`"));
    };
    let search = SiteSearch { enabled: true, ..SiteSearch::default() };
    let new = NewSite {
        name: fields.name.clone().unwrap_or_default(),
        urls: fields.urls.clone().unwrap_or_else(|| vec![format!("https://{}", bare(&domain))]),
        timezone: fields.timezone.clone(),
        currency: fields.currency.clone(),
        policy: fields.policy()?,
        ecommerce: fields.ecommerce.unwrap_or(false),
        public: fields.public.unwrap_or(false),
        search: fields.search(search),
        exclusions: fields.exclusions(Exclusions::default()),
        excluded_params: fields.excluded_query_params.clone().unwrap_or_default(),
        keep_fragments: fields.keep_url_fragments.unwrap_or(false),
        allowed_props: fields.allowed_properties.clone().unwrap_or_default(),
        domain: Some(domain),
        ..NewSite::default()
    };
    let site = ctx.admin.add_site(new, ctx.now).await.map_err(taken)?;
    Ok(shape::json(200, &describe(&site, caller, None)))
}

/// `PATCH /sites/{id}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "changing a site")?;
    let fields: Fields = body::read(call)?;
    let held = ctx.admin.site(site.id, ctx.now).await?;
    let changes = SiteChanges {
        policy: fields.policy()?,
        search: fields.search(held.search),
        exclusions: Some(fields.exclusions(held.exclusions)),
        name: fields.name,
        domain: fields.domain,
        urls: fields.urls,
        timezone: fields.timezone,
        currency: fields.currency,
        ecommerce: fields.ecommerce,
        excluded_params: fields.excluded_query_params,
        keep_fragments: fields.keep_url_fragments,
        allowed_props: fields.allowed_properties,
        public: fields.public,
        ..SiteChanges::default()
    };
    let changed = ctx.admin.update_site(site.id, changes, ctx.now).await.map_err(taken)?;
    let last = last_hits(ctx, std::slice::from_ref(site)).await?;
    Ok(shape::json(200, &describe(&changed, caller, last.get(&site.id).copied())))
}

/// `DELETE /sites/{id}`. The data goes in the background.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_team(caller.principal.deletes_sites(), "deleting a site", "owner or admin")?;
    forget(ctx, site.id).await?;
    Ok(shape::nothing())
}

/// Removes a site, and asks for its data to be deleted.
pub(crate) async fn forget(ctx: &Context, site: SiteId) -> Result<(), Error> {
    ctx.admin.delete_site(site).await?;
    ctx.store.forget_site(site).await
}

/// The site that a request names and its caller may see.
pub(super) fn find(ctx: &Context, caller: &Caller, id: &str) -> Result<Arc<Site>, Failure> {
    let number = id.parse().ok().filter(|_| !id.starts_with('+'));
    let site = number.and_then(|number| ctx.sites.get(SiteId(number)));
    match site {
        Some(site) => Ok(Arc::clone(site)),
        None if caller.principal.is_anonymous() => Err(Failure::unauthenticated()),
        None => Err(unknown(id)),
    }
}

/// The sites a caller may see, whose names or domains contain a text.
pub(super) fn visible(ctx: &Context, caller: &Caller, search: &str) -> Vec<Arc<Site>> {
    let fits = |site: &Site| search.is_empty() || site.name.to_lowercase().contains(search) || site.domain.contains(search);
    ctx.sites.all().into_iter().filter(|site| caller.principal.allows(site.id, Access::View) && fits(site)).collect()
}

/// When the newest counted hit of each site happened.
pub(super) async fn last_hits(ctx: &Context, sites: &[Arc<Site>]) -> Result<HashMap<SiteId, Millis>, Error> {
    let (Some(last_at), false) = (VisitRow::column("last_at"), sites.is_empty()) else {
        return Ok(HashMap::new());
    };
    let ids = sites.iter().map(|site| site.id).collect();
    let mut query = Query::new(Fact::Visits, ids, TimeRange::EVER, jiff::tz::TimeZone::UTC);
    query.keys.push(Key::Site);
    query.measures.push(Measure::new("last", Aggregate::Max(last_at)));
    let rows = ctx.store.query(&query).await?;
    let each = rows.rows.iter().filter_map(|row| {
        let site = u32::try_from(row.first()?.as_i64()?).ok()?;
        Some((SiteId(site), Millis(row.get(1)?.as_i64()?)))
    });
    Ok(each.collect())
}

/// A site as its caller sees it, with every field that Plausible's answer has.
pub(super) fn describe(site: &Site, caller: &Caller, last_hit: Option<Millis>) -> Value {
    let access = caller.principal.access(site.id).unwrap_or(Access::View);
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("id", site.id.0.into());
    put("name", site.name.as_str().into());
    put("domain", site.domain.as_str().into());
    put("urls", json!(site.urls));
    put("timezone", site.timezone.as_str().into());
    put("currency", site.currency.as_str().into());
    put("policy", policy_name(site.policy).into());
    put("ecommerce", site.ecommerce.into());
    put("public", site.public.into());
    put("site_search", site.search.enabled.into());
    put("site_search_params", json!(site.search.keyword_params));
    put("site_search_category_params", json!(site.search.category_params));
    put("excluded_ips", json!(site.exclusions.addresses));
    put("excluded_query_params", json!(site.excluded_params));
    put("excluded_user_agents", json!(site.exclusions.user_agents));
    put("excluded_countries", json!(site.exclusions.countries));
    put("excluded_pages", json!(site.exclusions.pages));
    put("allowed_hostnames", json!(site.exclusions.hostnames));
    put("allowed_properties", json!(site.allowed_props));
    put("keep_url_fragments", site.keep_fragments.into());
    put("created_at", shape::moment(site.created_at));
    put("last_hit_at", shape::maybe_moment(last_hit));
    put("access", access_name(access).into());
    put("sets_up", caller.principal.sets_up(site.id).into());
    Value::Object(shown)
}

/// A domain that is taken is a conflict.
fn taken(error: Error) -> Failure {
    if error.message().contains("must be unique") {
        return Failure::conflict(error.message());
    }
    error.into()
}

fn bare(domain: &str) -> String {
    let lower = domain.trim().to_lowercase();
    let name = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    name.trim_end_matches('/').to_owned()
}
