//! A report for sites and periods.

use std::sync::Arc;

use footfall_model::{Cell, Error, Segment, Site};

use crate::{Ask, Options, Periods, Reader, Report, Sheet, Slice, Tables};

/// What a report is asked about.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The sites.
    pub sites: Vec<Arc<Site>>,
    /// Whether the answer has a table for each site even when there is only one.
    pub by_site: bool,
    /// The periods.
    pub periods: Periods,
    /// Which visits count.
    pub segment: Arc<Segment>,
}

impl Scope {
    /// Whether the answer is one table.
    pub fn is_single(&self) -> bool {
        !self.by_site && matches!(self.periods, Periods::One(_))
    }
}

impl Reader {
    /// Makes a report for every site and period.
    ///
    /// # Errors
    /// When the segment is not known, or the store cannot answer.
    pub async fn run(&self, report: &'static Report, scope: &Scope, options: &Options) -> Result<Tables, Error> {
        let options = &Options {
            is_single: scope.is_single(),
            is_by_date: matches!(scope.periods, Periods::Each(_)),
            is_by_site: scope.by_site,
            ..options.clone()
        };
        if !scope.by_site {
            let site = scope.sites.first().ok_or_else(|| Error::missing("no site was named"))?;
            return self.run_site(report, scope, site, options).await;
        }
        let mut tables = Vec::with_capacity(scope.sites.len());
        for site in &scope.sites {
            tables.push((site.id.to_string(), self.run_site(report, scope, site, options).await?));
        }
        Ok(Tables::Each { by: "idSite", tables })
    }

    async fn run_site(
        &self,
        report: &'static Report,
        scope: &Scope,
        site: &Arc<Site>,
        options: &Options,
    ) -> Result<Tables, Error> {
        let mut made = Vec::new();
        for period in scope.periods.all() {
            let slice = Slice { site: Arc::clone(site), period: *period, segment: Arc::clone(&scope.segment) };
            let ask = Ask { reader: self, report, slice: &slice, options };
            let mut table = (report.make)(&ask).await?;
            if table.is_simple && !scope.is_single() && table.rows.iter().all(is_nothing) {
                table.rows.clear();
            }
            made.push((period.key(), Tables::One(Box::new(Sheet { table, slice: Some(slice) }))));
        }
        match &scope.periods {
            Periods::One(_) => made.pop().map(|(_, table)| table).ok_or_else(|| Error::broken("no period was asked for")),
            Periods::Each(_) => {
                let by = if scope.by_site { "date" } else { report.by_date };
                Ok(Tables::Each { by, tables: made })
            }
        }
    }
}

/// Whether every number of the row is 0.
fn is_nothing(row: &footfall_model::Row) -> bool {
    row.columns.iter().all(|(_, cell)| matches!(cell, Cell::Value(value) if value.as_f64() == Some(0.0)))
}
