//! Which sites there are.

use std::sync::Arc;

use footfall_model::{Access, Cell, Name, Site, SiteId};

use super::{MODULE, shown};
use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        cells::texts,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getSiteFromId", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let given = call.request.text("idSite").unwrap_or_default();
            if call.caller.superuser && given != "all" && !given.contains(',') && given.parse::<u32>().is_err() {
                return Err(scope::unexpected(given));
            }
            let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(Answer::Data(shown::site(call, &site)))
        })
    }),
    Method::new(MODULE, "getSiteUrlsFromId", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(Answer::Data(texts(addresses(&site))))
        })
    }),
    Method::new(MODULE, "getAllSites", Need::Superuser, &[], |call| {
        Box::pin(async move {
            let sites = call.ctx.sites.all();
            let keyed = sites.iter().map(|site| (Name::Owned(site.id.to_string()), shown::site(call, site))).collect();
            Ok(Answer::map(keyed))
        })
    }),
    Method::new(MODULE, "getAllSitesId", Need::Superuser, &[], |call| ids_where(call, |_, _| true)),
    Method::new(MODULE, "getSitesWithAdminAccess", Need::Nobody, &[], |call| Box::pin(with_admin(call))),
    Method::new(MODULE, "getSitesWithViewAccess", Need::Nobody, &[], |call| {
        sites_where(call, |call, site| call.caller.access(site) == Some(Access::View))
    }),
    Method::new(MODULE, "getSitesWithAtLeastViewAccess", Need::Nobody, &[], |call| {
        sites_where(call, |call, site| call.caller.allows(site, Access::View))
    }),
    Method::new(MODULE, "getSitesWithMinimumAccess", Need::Nobody, &["permission"], |call| {
        sites_where(call, |call, site| {
            let least = call.request.text("permission").and_then(footfall_admin::parse_access).unwrap_or(Access::View);
            call.caller.allows(site, least)
        })
    }),
    Method::new(MODULE, "getSitesIdWithAdminAccess", Need::Nobody, &[], |call| {
        ids_where(call, |call, site| call.caller.allows(site, Access::Admin))
    }),
    Method::new(MODULE, "getSitesIdWithWriteAccess", Need::Nobody, &[], |call| {
        ids_where(call, |call, site| call.caller.access(site) == Some(Access::Write))
    }),
    Method::new(MODULE, "getSitesIdWithViewAccess", Need::Nobody, &[], |call| {
        ids_where(call, |call, site| call.caller.access(site) == Some(Access::View))
    }),
    Method::new(MODULE, "getSitesIdWithAtLeastViewAccess", Need::Nobody, &[], |call| {
        ids_where(call, |call, site| call.caller.allows(site, Access::View))
    }),
    Method::new(MODULE, "getSitesIdFromSiteUrl", Need::Nobody, &["url"], |call| Box::pin(of_url(call))),
    Method::new(MODULE, "getSitesIdFromTimezones", Need::Superuser, &["timezones"], |call| {
        Box::pin(async move {
            let zones = call.request.words("timezones");
            let kept = call.ctx.sites.all().into_iter().filter(|site| zones.contains(&site.timezone));
            Ok(Answer::list(kept.map(|site| i64::from(site.id.0).into()).collect()))
        })
    }),
    Method::new(MODULE, "getSitesFromGroup", Need::Superuser, &[], |call| {
        Box::pin(async move {
            let group = call.request.text("group").unwrap_or_default().trim();
            let kept = call.ctx.sites.all().into_iter().filter(|site| site.group == group);
            Ok(Answer::list(kept.map(|site| shown::site(call, &site)).collect()))
        })
    }),
    Method::new(MODULE, "getSitesGroups", Need::Superuser, &[], |call| {
        Box::pin(async move {
            let mut groups: Vec<String> = call.ctx.sites.all().iter().map(|site| site.group.clone()).collect();
            groups.sort();
            groups.dedup();
            Ok(Answer::Data(texts(groups)))
        })
    }),
    Method::new(MODULE, "getUniqueSiteTimezones", Need::Superuser, &[], |call| {
        Box::pin(async move {
            let mut zones: Vec<String> = call.ctx.sites.all().iter().map(|site| site.timezone.clone()).collect();
            zones.sort();
            zones.dedup();
            Ok(Answer::Data(texts(zones)))
        })
    }),
    Method::new(MODULE, "getPatternMatchSites", Need::Nobody, &["pattern"], |call| Box::pin(matching(call))),
    Method::new(MODULE, "getMessagesToWarnOnSiteRemoval", Need::Superuser, &["idSite"], |_| {
        Box::pin(async { Ok(Answer::list(Vec::new())) })
    }),
];

/// The main address, then the others in order.
fn addresses(site: &Site) -> Vec<String> {
    let mut others: Vec<String> = site.urls.iter().skip(1).cloned().collect();
    others.sort_by_key(|url| url.to_lowercase());
    others.insert(0, shown::main_url(site));
    others
}

type Making<'a> = futures::future::BoxFuture<'a, Result<Answer, Failure>>;

fn sites_where<'a>(call: Call<'a>, keep: fn(Call<'a>, SiteId) -> bool) -> Making<'a> {
    Box::pin(async move {
        let limit = limit(call);
        let kept = call.ctx.sites.all().into_iter().filter(|site| keep(call, site.id)).take(limit);
        Ok(Answer::list(kept.map(|site| shown::site(call, &site)).collect()))
    })
}

fn ids_where<'a>(call: Call<'a>, keep: fn(Call<'a>, SiteId) -> bool) -> Making<'a> {
    Box::pin(async move {
        let kept = call.ctx.sites.all().into_iter().filter(|site| keep(call, site.id));
        Ok(Answer::list(kept.map(|site| i64::from(site.id.0).into()).collect()))
    })
}

fn limit(call: Call<'_>) -> usize {
    call.request.int("limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0).unwrap_or(usize::MAX)
}

async fn with_admin(call: Call<'_>) -> Result<Answer, Failure> {
    let sites = access::sites_with(call.caller, &call.ctx.sites, Access::Admin);
    let sites = pick(call, sites, call.request.filled("pattern"));
    let with_urls = call.request.flag("fetchAliasUrls");
    let rows = sites.iter().map(|site| {
        let mut shown = shown::site(call, site);
        if let (Cell::Map(entries), true) = (&mut shown, with_urls) {
            entries.push(("alias_urls".into(), texts(addresses(site))));
        }
        shown
    });
    Ok(Answer::list(rows.collect()))
}

async fn matching(call: Call<'_>) -> Result<Answer, Failure> {
    let sites = access::sites_with(call.caller, &call.ctx.sites, Access::View);
    let sites = pick(call, sites, call.request.text("pattern"));
    Ok(Answer::list(sites.iter().map(|site| shown::site(call, site)).collect()))
}

/// The sites that a pattern finds, as many as are wanted.
fn pick(call: Call<'_>, mut sites: Vec<Arc<Site>>, pattern: Option<&str>) -> Vec<Arc<Site>> {
    let out = call.request.words("sitesToExclude");
    sites.retain(|site| !out.contains(&site.id.to_string()));
    if let Some(pattern) = pattern {
        sites = find(sites, pattern);
    }
    sites.truncate(limit(call));
    sites
}

/// The sites of which a pattern is in the name, the main address or the group, or is the number. In patterns `%` stands for any
/// signs and `_` for one.
pub(in crate::matomo) fn find(mut sites: Vec<Arc<Site>>, pattern: &str) -> Vec<Arc<Site>> {
    let pattern = Pattern::read(pattern);
    sites.retain(|site| {
        let main = site.urls.first().map_or("", String::as_str);
        pattern.finds(site.id, [&site.name, main, &site.group])
    });
    sites
}

/// What sites are looked for by.
struct Pattern {
    inside: Vec<Sign>,
    address: Vec<Sign>,
    number: Option<f64>,
}

impl Pattern {
    fn read(pattern: &str) -> Pattern {
        let inside = like(pattern);
        let address = "http".chars().map(Sign::One).chain([Sign::Many]).chain(inside.iter().copied()).collect();
        Pattern { inside, address, number: pattern.parse().ok() }
    }

    fn finds(&self, site: SiteId, [name, main_url, group]: [&str; 3]) -> bool {
        let is_in = |text: &str| finds(&self.inside, text);
        is_in(name) || starts(&self.address, main_url) || is_in(group) || self.number == Some(f64::from(site.0))
    }
}

/// A part of a pattern.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// This sign, in any case.
    One(char),
    /// Any one sign.
    Any,
    /// Any signs, or none.
    Many,
}

/// A pattern as databases read it: what a backslash stands before is meant itself.
fn like(pattern: &str) -> Vec<Sign> {
    let lower = pattern.to_lowercase();
    let mut signs = lower.chars();
    let mut read = Vec::new();
    while let Some(sign) = signs.next() {
        read.push(match sign {
            '%' => Sign::Many,
            '_' => Sign::Any,
            '\\' => Sign::One(signs.next().unwrap_or('\\')),
            other => Sign::One(other),
        });
    }
    read
}

/// Whether a pattern finds anything in a text.
fn finds(pattern: &[Sign], text: &str) -> bool {
    let anywhere: Vec<Sign> = std::iter::once(Sign::Many).chain(pattern.iter().copied()).collect();
    starts(&anywhere, text)
}

/// Whether a text begins with what a pattern describes: the last place where any signs may stand is tried again, further on.
fn starts(pattern: &[Sign], text: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut here, mut again) = (0, 0, None);
    while let Some(sign) = pattern.get(at) {
        let fits = match sign {
            Sign::Many => {
                again = Some((at + 1, here));
                at += 1;
                continue;
            }
            Sign::Any => here < text.len(),
            Sign::One(sign) => text.get(here) == Some(sign),
        };
        if fits {
            (at, here) = (at + 1, here + 1);
        } else if let Some((after, from)) = again.filter(|(_, from)| *from < text.len()) {
            again = Some((after, from + 1));
            (at, here) = (after, from + 1);
        } else {
            return false;
        }
    }
    true
}

async fn of_url(call: Call<'_>) -> Result<Answer, Failure> {
    let given = scope::required(call.request, "url")?;
    let given = if given.len() > 5 { given.strip_suffix('/').unwrap_or(given) } else { given };
    let host = given.replace("www.", "").replace("http://", "").replace("https://", "");
    let mut wanted = vec![given.to_lowercase()];
    wanted.extend(["http://", "http://www.", "https://", "https://www."].map(|start| format!("{start}{host}").to_lowercase()));
    let sites = access::sites_with(call.caller, &call.ctx.sites, Access::View);
    let found = sites.iter().filter(|site| site.urls.iter().any(|url| wanted.contains(&url.to_lowercase())));
    let row = |site: &Arc<Site>| Cell::Map(vec![("idsite".into(), i64::from(site.id.0).into())]);
    Ok(Answer::list(found.map(row).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_databases() {
        let sites = [(1, ["Shop 50%", "http://shop.example", ""]), (2, ["Blog", "https://blog.example/a_b", "Writing"])];
        let found = |pattern: &str| {
            let pattern = Pattern::read(pattern);
            sites.iter().filter(|(id, texts)| pattern.finds(SiteId(*id), *texts)).map(|(id, _)| *id).collect::<Vec<u32>>()
        };
        assert_eq!(found("%"), [1, 2]);
        assert_eq!(found("SHOP"), [1]);
        assert_eq!(found("wri"), [2]);
        assert_eq!(found("blog%a_b"), [2]);
        assert_eq!(found("blog.exam%z"), [0; 0]);
        assert_eq!(found("b_og"), [2]);
        assert_eq!(found("0\\%"), [1]);
        assert_eq!(found("a\\_b"), [2]);
        // An address starts with `http`, and more stands behind.
        assert_eq!(found("http"), [0; 0]);
        assert_eq!(found("s://b"), [2]);
        assert_eq!(found("2"), [2]);
    }
}
