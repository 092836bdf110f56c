//! The visit log: which visits, and each as named values.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{
    Cell, Fact, Filter, Name, Segment, Site, SiteId, TimeRange, Value, VisitAnchor, VisitId, VisitRow, VisitorId,
};
use footfall_report::{
    segment,
    store::{VisitDetail, VisitsWanted},
};
use jiff::tz::TimeZone;

use super::{
    super::languages,
    actions, flat,
    lifetime::{self, Lifetimes},
    numbers::Numbers,
    range, raw,
    seen::Seen,
    visit::{self, Told},
};
use crate::matomo::{
    Context, Failure,
    dispatch::Call,
    metadata::{self, Dictionary},
    scope,
};

/// The most visits one request gets.
const MOST: u64 = 100_000;

/// Which visits are asked for.
pub(super) struct Asked {
    pub(super) sites: Vec<Arc<Site>>,
    pub(super) range: TimeRange,
    pub(super) segment: Segment,
    pub(super) visitor: Option<VisitorId>,
    /// Only these visits, where any are named.
    pub(super) visits: Vec<VisitId>,
    pub(super) ascending: bool,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
    pub(super) with_actions: bool,
}

impl Asked {
    /// Every visit there ever was on these sites, the latest first.
    pub(super) fn ever(sites: Vec<Arc<Site>>) -> Asked {
        Asked {
            sites,
            range: TimeRange::EVER,
            segment: Segment::default(),
            visitor: None,
            visits: Vec::new(),
            ascending: false,
            limit: None,
            offset: 0,
            with_actions: true,
        }
    }

    /// What a request's `period`, `date`, `segment` and `minTimestamp` ask for.
    pub(super) fn of(call: Call<'_>, sites: Vec<Arc<Site>>) -> Result<Asked, Failure> {
        let mut range = range::of(call, &sites)?;
        if let Some(after) = call.request.int("minTimestamp").filter(|after| *after > 0) {
            range.start = range.start.max(footfall_model::Millis::from_seconds(after.saturating_add(1)));
        }
        Ok(Asked { range, segment: scope::segment(call.request)?, ..Asked::ever(sites) })
    }
}

/// A visitor's id from its sixteen digits.
pub(super) fn visitor(given: &str) -> VisitorId {
    VisitorId(u64::from_str_radix(given.trim(), 16).unwrap_or(0))
}

/// The visits asked for.
pub(super) async fn find(call: Call<'_>, asked: &Asked) -> Result<Vec<VisitDetail>, Failure> {
    let mut filter = match asked.sites.first() {
        Some(site) => segment::filter(&asked.segment, Fact::Visits, site, &call.ctx.catalogue)?,
        None => Filter::None,
    };
    if let (Some(visitor), Some(column)) = (asked.visitor, VisitRow::column("visitor_id")) {
        filter = filter.and(Filter::is(column, Value::Int(visitor.0 as i64)));
    }
    if !asked.visits.is_empty() {
        filter = filter.and(super::subjects::of_ids(&asked.visits));
    }
    let zone = asked.sites.first().map_or(TimeZone::UTC, |site| site.zone.clone());
    let wanted = VisitsWanted {
        sites: asked.sites.iter().map(|site| site.id).collect(),
        range: asked.range,
        anchor: VisitAnchor::LastAction,
        filter,
        zone,
        ascending: asked.ascending,
        limit: asked.limit.unwrap_or(MOST).min(MOST),
        offset: asked.offset,
        with_actions: asked.with_actions,
    };
    Ok(call.ctx.store.visits(&wanted).await?)
}

/// Who visited a site last.
pub(super) async fn latest_visitor(call: Call<'_>, site: &Arc<Site>) -> Result<Option<VisitorId>, Failure> {
    let mut asked = Asked::ever(vec![Arc::clone(site)]);
    asked.segment = scope::segment(call.request)?;
    asked.with_actions = false;
    asked.limit = Some(1);
    Ok(find(call, &asked).await?.first().map(|detail| detail.visit.visitor_id))
}

/// Visits with everything that has to be known to tell them.
pub(super) struct Log<'a> {
    ctx: &'a Context,
    words: Option<Arc<Dictionary>>,
    twelve: bool,
    identified: bool,
    with_actions: bool,
    sites: HashMap<SiteId, Arc<Site>>,
    details: Vec<VisitDetail>,
    lifetimes: Lifetimes,
    numbers: Numbers,
}

impl<'a> Log<'a> {
    /// Reads the visits asked for.
    pub(super) async fn read(call: Call<'a>, asked: &Asked) -> Result<Log<'a>, Failure> {
        let details = find(call, asked).await?;
        let numbers = if asked.with_actions { Numbers::read(call.ctx).await? } else { Numbers::default() };
        let lifetimes = lifetime::of(call.ctx, &asked.sites, &details).await?;
        Ok(Log {
            ctx: call.ctx,
            words: metadata::dictionary(call.ctx, call.request),
            twelve: languages::counts_to_twelve(call).await?,
            identified: !call.caller.is_anonymous(),
            with_actions: asked.with_actions,
            sites: asked.sites.iter().map(|site| (site.id, Arc::clone(site))).collect(),
            details,
            lifetimes,
            numbers,
        })
    }

    /// Each visit as named values; flat ones carry what their actions say among them.
    pub(super) fn rows(&self, is_flat: bool) -> Vec<Vec<(Name, Cell)>> {
        let columns = self.details.iter().filter_map(|detail| self.columns(detail));
        columns.map(|columns| if is_flat { flat::columns(columns) } else { columns }).collect()
    }

    /// Everything that is kept about the visits, table by table.
    pub(super) fn tables(&self, into: &mut raw::Tables) {
        for detail in &self.details {
            if let Some(site) = self.sites.get(&detail.visit.site_id) {
                into.add(&self.seen(detail, site), &self.numbers);
            }
        }
    }

    fn seen<'b>(&'b self, detail: &'b VisitDetail, site: &Arc<Site>) -> Seen<'b> {
        let (site, words) = (Arc::clone(site), self.words.clone());
        Seen { detail, site, catalogue: &self.ctx.catalogue, words, twelve: self.twelve }
    }

    fn columns(&self, detail: &VisitDetail) -> Option<Vec<(Name, Cell)>> {
        let site = self.sites.get(&detail.visit.site_id)?;
        let seen = self.seen(detail, site);
        let (actions, untold) = if self.with_actions { actions::list(&seen, &self.numbers) } else { (Cell::List(Vec::new()), 0) };
        let told = Told {
            actions,
            untold,
            goals: self.lifetimes.goals(detail),
            sales: site.ecommerce.then(|| self.lifetimes.sales(&detail.visit)),
            identified: self.identified,
        };
        Some(visit::columns(&seen, told))
    }
}
