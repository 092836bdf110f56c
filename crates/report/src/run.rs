//! A report for sites and periods.

use std::sync::Arc;

use footfall_model::{Cell, DataTable, Error, Segment, Site};

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
            let mut of_site = self.run_site(report, scope, site, options).await?;
            if report.one_period_a_site {
                of_site = first_filled(of_site);
            }
            tables.push((site.id.to_string(), of_site));
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
            let mut table = ask.table().await?;
            if table.is_simple && !report.keeps_zeros && !scope.is_single() && table.rows.iter().all(is_nothing) {
                table.rows.clear();
            }
            made.push((period.key(), Tables::One(Box::new(Sheet { table, slice: Some(slice) }))));
        }
        if let (Periods::Each(_), Some(among)) = (&scope.periods, report.among) {
            let mut tables = Vec::with_capacity(made.len());
            for (_, of_period) in &mut made {
                if let Tables::One(sheet) = of_period {
                    tables.push(&mut sheet.table);
                }
            }
            among(&mut tables);
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

/// The first of several tables that has rows, or the first of all.
fn first_filled(tables: Tables) -> Tables {
    let Tables::Each { tables: mut each, .. } = tables else {
        return tables;
    };
    let filled = each.iter().position(|(_, table)| table.first().is_some_and(|sheet| !sheet.table.rows.is_empty()));
    match filled.or((!each.is_empty()).then_some(0)) {
        Some(at) => each.swap_remove(at).1,
        None => Tables::of(DataTable::default()),
    }
}

/// Whether the row is a list of nothing but zeros. A number alone is told even where it is 0.
fn is_nothing(row: &footfall_model::Row) -> bool {
    row.columns.len() != 1
        && row.columns.iter().all(|(_, cell)| matches!(cell, Cell::Value(value) if value.as_f64() == Some(0.0)))
}

#[cfg(test)]
mod tests {
    use footfall_model::Row;

    use super::*;

    #[test]
    fn a_number_alone_is_told_though_it_is_0() {
        let row = |columns: &[(&'static str, i64)]| {
            let columns: Vec<_> = columns.iter().map(|(name, number)| ((*name).into(), Cell::from(*number))).collect();
            Row { columns: columns.into(), ..Row::default() }
        };
        assert!(is_nothing(&row(&[("nb_visits", 0), ("nb_actions", 0)])));
        assert!(!is_nothing(&row(&[("nb_visits", 0), ("nb_actions", 1)])));
        assert!(!is_nothing(&row(&[("nb_visits", 0)])));
    }

    #[test]
    fn the_first_table_with_rows_is_taken() {
        let table = |labels: &[&str]| {
            let rows = labels.iter().map(|label| Row::labelled(*label)).collect();
            Tables::of(DataTable { rows, ..DataTable::default() })
        };
        let each = |tables: Vec<Tables>| Tables::Each {
            by: "date",
            tables: tables.into_iter().map(|table| (String::new(), table)).collect(),
        };
        let taken = first_filled(each(vec![table(&[]), table(&["b"]), table(&["c"])]));
        assert_eq!(taken.first().unwrap().table.rows[0].label(), "b");
        let none = first_filled(each(vec![table(&[]), table(&[])]));
        assert!(none.first().unwrap().table.rows.is_empty());
    }
}
