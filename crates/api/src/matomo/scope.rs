//! Which sites, periods and visits a request is about.

use std::sync::Arc;

use footfall_admin::Principal;
use footfall_model::{Access, Day, Segment, Site, SiteId};
use footfall_report::{Periods, Scope};
use jiff::tz::TimeZone;

use super::{Context, Failure, MatomoRequest, Param};
use crate::access;

/// How many sites one request may name.
const MOST_SITES: usize = 20_000;

/// The sites of `idSite`, in order; `all` means those the caller may read. Every one is checked.
///
/// # Errors
/// When none is named, or the caller may not do this on one of them.
pub fn sites(ctx: &Context, caller: &Principal, given: &str, need: Access) -> Result<Vec<Arc<Site>>, Failure> {
    if given == "all" {
        let sites = access::sites_with(caller, &ctx.sites, Access::View);
        if sites.is_empty() {
            access::check(caller, access::Need::Somewhere(Access::View))?;
        }
        for site in &sites {
            access::check_site(caller, site.id, need)?;
        }
        return Ok(sites);
    }
    let mut found: Vec<Arc<Site>> = Vec::new();
    for part in given.split(',').take(MOST_SITES) {
        let Ok(id) = part.trim().parse::<u32>() else {
            continue;
        };
        let id = SiteId(id);
        if id.0 == 0 {
            continue;
        }
        access::check_site(caller, id, need)?;
        let site = ctx.sites.get(id).ok_or_else(|| unexpected(&id.to_string()))?;
        if found.iter().all(|known| known.id != id) {
            found.push(Arc::clone(site));
        }
    }
    if found.is_empty() {
        return Err(unexpected(first_number(given).unwrap_or("0")));
    }
    found.sort_by_key(|site| site.id);
    Ok(found)
}

/// What is said of a site that nobody knows.
pub fn unexpected(id: &str) -> Failure {
    Failure::new(format!("An unexpected website was found in the request: website id was set to '{id}' ."))
}

/// The first of the parts that is a number above 0, though no site's.
fn first_number(given: &str) -> Option<&str> {
    given.split(',').map(str::trim).find(|part| part.parse::<f64>().is_ok_and(|number| number > 0.0))
}

/// The text of `idSite`; a list is one with commas.
fn id_sites(request: &MatomoRequest) -> Result<String, Failure> {
    match request.get("idSite") {
        Some(Param::List(entries)) if !entries.is_empty() => Ok(request.texts("idSite").join(",")),
        _ => required(request, "idSite").map(str::to_owned),
    }
}

/// The one site of `idSite`.
///
/// # Errors
/// When none is named, or the caller may not do this on it.
pub fn site(ctx: &Context, caller: &Principal, request: &MatomoRequest, need: Access) -> Result<Arc<Site>, Failure> {
    all(ctx, caller, request, need)?.into_iter().next().ok_or_else(|| Failure::missing("idSite"))
}

/// Every site of `idSite`.
///
/// # Errors
/// When none is named, or the caller may not do this on one of them.
pub fn all(ctx: &Context, caller: &Principal, request: &MatomoRequest, need: Access) -> Result<Vec<Arc<Site>>, Failure> {
    sites(ctx, caller, &id_sites(request)?, need)
}

/// What a report is asked about, from `idSite`, `period`, `date` and `segment`.
///
/// # Errors
/// When one is missing or wrong, or the caller may not read one of the sites.
pub fn scope(ctx: &Context, caller: &Principal, request: &MatomoRequest) -> Result<Scope, Failure> {
    let given = id_sites(request)?;
    let period = required(request, "period")?;
    let date = required(request, "date")?;
    let sites = sites(ctx, caller, &given, Access::View)?;
    let by_site = given == "all" || sites.len() > 1;
    let today = today(ctx, if sites.len() == 1 { sites.first() } else { None });
    Ok(Scope { by_site, periods: Periods::parse(period, date, today)?, segment: Arc::new(segment(request)?), sites })
}

/// The request's segment; everything where there is none.
///
/// # Errors
/// When it is not written as a segment is.
pub fn segment(request: &MatomoRequest) -> Result<Segment, Failure> {
    match request.filled("segment") {
        None | Some("false" | "0") => Ok(Segment::default()),
        Some(text) => parse_segment(request.segment_as_sent().unwrap_or(text)),
    }
}

/// Reads a segment as it was sent, decoded or as it is. Encoded segments have their separators encoded too: whichever reading finds
/// more conditions is meant, the decoded one where both find as many. So an encoded separator belongs to a value where what
/// follows it is no condition.
///
/// # Errors
/// When it is not written as a segment is.
pub fn parse_segment(text: &str) -> Result<Segment, Failure> {
    let (decoded, raw) = (Segment::parse(&decode_plus(text)), Segment::parse(text));
    let n = |parsed: &Result<Segment, _>| match parsed {
        Ok(segment) if segment.conditions().all(|one| one.name.bytes().all(|sign| sign.is_ascii_alphanumeric())) => {
            segment.conditions().count()
        }
        _ => 0,
    };
    if n(&raw) > n(&decoded) { Ok(raw?) } else { Ok(decoded?) }
}

/// The day it is, on a site's clock or, for several sites, in UTC.
pub fn today(ctx: &Context, site: Option<&Arc<Site>>) -> Day {
    let zone = site.map_or(TimeZone::UTC, |site| site.zone.clone());
    ctx.now.local(&zone).date()
}

/// A parameter that has to be given.
///
/// # Errors
/// Names it when it is not.
pub fn required<'a>(request: &'a MatomoRequest, name: &str) -> Result<&'a str, Failure> {
    request.filled(name).ok_or_else(|| Failure::missing(name))
}

/// Percent-decoding where `+` is a blank.
pub fn decode_plus(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
