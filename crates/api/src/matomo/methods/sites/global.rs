//! Settings that all sites share.

use footfall_model::Access;
use futures::future::BoxFuture;

use super::{MODULE, edit};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::texts,
        dispatch::{Call, Method},
        scope,
    },
};

const ADMIN: Need = Need::Somewhere(Access::Admin);
const VIEW: Need = Need::Somewhere(Access::View);
const BOTH_SEARCH_PARAMS: &[&str] = &["searchKeywordParameters", "searchCategoryParameters"];

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getExcludedIpsGlobal", ADMIN, &[], |call| list(call, "excluded_ips")),
    Method::new(MODULE, "setGlobalExcludedIps", Need::Superuser, &["excludedIps"], |call| {
        match edit::check_addresses(&call.request.words("excludedIps")) {
            Ok(()) => set_lists(call, &[("excludedIps", "excluded_ips")], true),
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }),
    Method::new(MODULE, "getSearchKeywordParametersGlobal", ADMIN, &[], |call| {
        Box::pin(async move {
            let words = &call.ctx.sites.settings.search_keyword_params;
            Ok(Answer::value(words.join(",").as_str()))
        })
    }),
    Method::new(MODULE, "getSearchCategoryParametersGlobal", ADMIN, &[], |call| list(call, "search_category_params")),
    Method::new(MODULE, "setGlobalSearchParameters", Need::Superuser, BOTH_SEARCH_PARAMS, |call| {
        let pairs =
            &[("searchKeywordParameters", "search_keyword_params"), ("searchCategoryParameters", "search_category_params")];
        set_lists(call, pairs, true)
    }),
    Method::new(MODULE, "getExcludedQueryParametersGlobal", VIEW, &[], |call| list(call, "excluded_query_params")),
    Method::new(MODULE, "setGlobalExcludedQueryParameters", Need::Superuser, &["excludedQueryParameters"], |call| {
        set_lists(call, &[("excludedQueryParameters", "excluded_query_params")], true)
    }),
    Method::new(MODULE, "getExcludedUserAgentsGlobal", ADMIN, &[], |call| list(call, "excluded_user_agents")),
    Method::new(MODULE, "setGlobalExcludedUserAgents", Need::Superuser, &["excludedUserAgents"], |call| {
        set_lists(call, &[("excludedUserAgents", "excluded_user_agents")], false)
    }),
    Method::new(MODULE, "getExcludedReferrersGlobal", ADMIN, &[], |call| {
        Box::pin(async move {
            let words: Vec<String> = call.ctx.admin.setting("excluded_referrers").await?.unwrap_or_default();
            Ok(Answer::value(words.join(",").as_str()))
        })
    }),
    Method::new(MODULE, "setGlobalExcludedReferrers", Need::Superuser, &["excludedReferrers"], |call| {
        set_lists(call, &[("excludedReferrers", "excluded_referrers")], false)
    }),
    Method::new(MODULE, "getExcludedReferrers", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
            let mut all = call.ctx.sites.settings.excluded_referrers.clone();
            all.extend(site.exclusions.referrers.iter().cloned());
            Ok(Answer::Data(texts(all)))
        })
    }),
    Method::new(MODULE, "getExcludedQueryParameters", Need::Nobody, &["idSite"], |call| Box::pin(excluded_params(call))),
    Method::new(MODULE, "getKeepURLFragmentsGlobal", VIEW, &[], |call| {
        Box::pin(async move { Ok(Answer::value(call.ctx.sites.settings.keep_fragments)) })
    }),
    Method::new(MODULE, "setKeepURLFragmentsGlobal", Need::Superuser, &["enabled"], |call| {
        Box::pin(async move {
            call.ctx.admin.set_setting("keep_url_fragments", &call.request.flag("enabled")).await?;
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "getDefaultCurrency", ADMIN, &[], |call| text(call, "default_currency", "USD")),
    Method::new(MODULE, "setDefaultCurrency", Need::Superuser, &["defaultCurrency"], |call| {
        match edit::check_currency(call.request.filled("defaultCurrency")) {
            Ok(()) => set_text(call, "defaultCurrency", "default_currency"),
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }),
    Method::new(MODULE, "getDefaultTimezone", Need::Nobody, &[], |call| text(call, "default_timezone", "UTC")),
    Method::new(MODULE, "setDefaultTimezone", Need::Superuser, &["defaultTimezone"], |call| {
        match edit::check_zone(call.request.filled("defaultTimezone")) {
            Ok(()) => set_text(call, "defaultTimezone", "default_timezone"),
            Err(failure) => Box::pin(async { Err(failure) }),
        }
    }),
    Method::new("Overlay", "getExcludedQueryParameters", Need::Nobody, &["idSite"], |call| Box::pin(excluded_params(call))),
];

type Making<'a> = BoxFuture<'a, Result<Answer, Failure>>;

/// The parameters that are cut from addresses of a site because somebody asked for it.
async fn excluded_params(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let mut all = site.excluded_params.clone();
    let shared: Option<Vec<String>> = call.ctx.admin.setting("excluded_query_params").await?;
    for name in shared.unwrap_or_default() {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    Ok(Answer::Data(texts(all)))
}

/// A list that is kept as a setting, between commas; `false` where it never was set.
fn list<'a>(call: Call<'a>, setting: &'static str) -> Making<'a> {
    Box::pin(async move {
        Ok(match call.ctx.admin.setting::<Vec<String>>(setting).await? {
            Some(words) => Answer::value(words.join(",").as_str()),
            None => Answer::value(false),
        })
    })
}

fn set_lists<'a>(call: Call<'a>, pairs: &'static [(&'static str, &'static str)], says_true: bool) -> Making<'a> {
    Box::pin(async move {
        for (param, setting) in pairs {
            let mut words: Vec<String> = Vec::new();
            for word in call.request.words(param) {
                if !words.contains(&word) {
                    words.push(word);
                }
            }
            call.ctx.admin.set_setting(setting, &words).await?;
        }
        Ok(if says_true { Answer::value(true) } else { Answer::Done })
    })
}

fn text<'a>(call: Call<'a>, setting: &'static str, instead: &'static str) -> Making<'a> {
    Box::pin(async move {
        let held: Option<String> = call.ctx.admin.setting(setting).await?;
        Ok(Answer::value(held.as_deref().unwrap_or(instead)))
    })
}

fn set_text<'a>(call: Call<'a>, param: &'static str, setting: &'static str) -> Making<'a> {
    Box::pin(async move {
        call.ctx.admin.set_setting(setting, scope::required(call.request, param)?).await?;
        Ok(Answer::value(true))
    })
}
