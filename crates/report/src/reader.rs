use std::sync::Arc;

use footfall_model::{Catalogue, Error, Fact, Millis, Period, Query, Rows, Segment, Site, Sites, VisitPolicy};
use footfall_store::Store;

/// What reports are made with: where visits are kept, the sites, and the rules of this server.
#[derive(Clone)]
pub struct Reader {
    /// Where visits are kept.
    pub store: Arc<dyn Store>,
    /// Every site, as it stands now.
    pub sites: Arc<Sites>,
    /// Everything that can be grouped by.
    pub catalogue: Arc<Catalogue>,
    /// The rules of this server.
    pub settings: Settings,
    /// Now.
    pub now: Millis,
}

/// The rules by which reports are made on this server.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether unique visitors are told of days, weeks and months only, not of years and ranges
    /// (`matomo.compat.visitors_of_months`).
    pub visitors_of_months: bool,
    /// How many rows reports keep, where long reports are cut as Matomo's archives are (`matomo.compat.row_limits`).
    pub row_limits: Option<crate::RowLimits>,
    /// Whether rows tell which of their sums Matomo has as text (`matomo.compat.text_sums`).
    pub text_sums: bool,
}

/// What one table is about: a site, a period of its calendar, and the visits that count.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The site.
    pub site: Arc<Site>,
    /// The period.
    pub period: Period,
    /// Which visits count.
    pub segment: Arc<Segment>,
}

impl Slice {
    /// A question about all rows of a fact in this slice, with nothing measured yet. The segment is not in it.
    pub fn query(&self, fact: Fact) -> Query {
        let zone = self.site.zone.clone();
        let mut query = Query::new(fact, vec![self.site.id], self.period.days.on(&zone), zone);
        query.whole_days = self.site.policy == VisitPolicy::Matomo;
        query
    }
}

impl Reader {
    /// Asks the store.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn ask(&self, query: &Query) -> Result<Rows, Error> {
        self.store.query(query).await
    }
}

impl Reader {
    /// Whether what cannot be added up is added up day by day all the same, as where reports are cut as Matomo's archives are.
    pub fn sums_days(&self, slice: &Slice) -> bool {
        self.settings.row_limits.is_some() && slice.period.kind != footfall_model::PeriodKind::Day
    }

    /// Whether rows of this slice tell which of their sums are text: Matomo has them so for single days.
    pub fn tells_text_sums(&self, slice: &Slice) -> bool {
        self.settings.text_sums && slice.period.kind == footfall_model::PeriodKind::Day
    }

    /// The condition that a slice's segment puts on rows of any fact: it picks visits, and all that belongs to them counts.
    ///
    /// # Errors
    /// When the segment names something that is not known.
    pub fn segment_filter(&self, slice: &Slice) -> Result<footfall_model::Filter, Error> {
        crate::segment::filter(&slice.segment, Fact::Visits, &slice.site, &self.catalogue)
    }
}
