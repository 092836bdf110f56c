//! Imported figures: whether they are part of an answer, and why not.

use std::sync::Arc;

use footfall_model::{Error, ImportedRow, ImportedTable, Text};
use footfall_report::stats::{self, Imported, Metric, Skipped, Source, StatsQuery};
use serde_json::{Map, Value, json};

use crate::matomo::{Channels, Context};

/// What was found of imported figures for a question.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) imported: Imported,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    NotAsked,
    /// The site has none.
    NoneThere,
    /// The site has some, of other days.
    OutOfRange,
    Skipped(Skipped),
    Included,
}

impl Found {
    /// Nothing, because nobody asked.
    pub(crate) fn not_asked() -> Found {
        Found { imported: Imported::default(), outcome: Outcome::NotAsked }
    }

    /// Looks for imported figures that belong to a question.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn of(ctx: &Context, query: &StatsQuery) -> Result<Found, Error> {
        let found = |outcome| Found { imported: Imported::default(), outcome };
        let (first, last) = (query.span.first, query.span.last);
        if let Some(none) = none_there(ctx, query).await? {
            return Ok(found(none));
        }
        let tables = match stats::imported_tables(query) {
            Ok(tables) => tables,
            Err(skipped) => return Ok(found(Outcome::Skipped(skipped))),
        };
        let mut imported = Imported::default();
        for table in tables {
            let mut rows = ctx.admin.imported_rows(query.site.id, &table, first, last).await?;
            if table.name == "custom_props" {
                let asked = stats::imported_property(query).unwrap_or_default();
                rows.retain(|row| table.key(row, "property") == asked);
                if rows.is_empty() {
                    return Ok(found(Outcome::Skipped(Skipped::UnsupportedQuery)));
                }
            }
            if table.name == "sources" && names_channel(query) {
                rows.iter_mut().for_each(|row| row.keys.push(channel(ctx, &table, row)));
            }
            imported.tables.push((table, rows));
        }
        Ok(Found { imported, outcome: Outcome::Included })
    }

    /// Nothing, because it was not wanted; says whether there would be any.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub(super) async fn declined(ctx: &Context, query: &StatsQuery) -> Result<Found, Error> {
        let outcome = none_there(ctx, query).await?.unwrap_or(Outcome::NotAsked);
        Ok(Found { imported: Imported::default(), outcome })
    }

    /// Whether they are part of the answer.
    pub(super) fn is_included(&self) -> bool {
        self.outcome == Outcome::Included
    }

    /// Why they are no part of the answer.
    pub(super) fn skip_reason(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::NotAsked => Some("not_requested"),
            Outcome::Included => None,
            Outcome::NoneThere => Some("no_imported_data"),
            Outcome::OutOfRange => Some("out_of_range"),
            Outcome::Skipped(Skipped::UnsupportedQuery) => Some("unsupported_query"),
            Outcome::Skipped(Skipped::UnsupportedInterval) => Some("unsupported_interval"),
        }
    }

    /// Why they are not part of the answer, where that is worth a word.
    pub(super) fn warning(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Skipped(Skipped::UnsupportedQuery) => Some(
                "Imported stats are not included in the results because query parameters are not supported. For more \
                 information, see: https://plausible.io/docs/stats-api#filtering-imported-stats",
            ),
            Outcome::Skipped(Skipped::UnsupportedInterval) => {
                Some("Imported stats are not included because the time dimension (i.e. the interval) is too short.")
            }
            _ => None,
        }
    }

    /// What the `meta` of an answer tells about them.
    pub(crate) fn meta(&self) -> Map<String, Value> {
        let mut meta = Map::new();
        if self.outcome == Outcome::NotAsked {
            return meta;
        }
        let reason = self.skip_reason();
        meta.insert("imports_included".to_owned(), reason.is_none().into());
        if let Some(reason) = reason {
            meta.insert("imports_skip_reason".to_owned(), reason.into());
        }
        if let Some(warning) = self.warning() {
            meta.insert("imports_warning".to_owned(), warning.into());
        }
        meta
    }

    /// What single metrics lack because imports do not tell it.
    pub(super) fn metric_warnings(&self, query: &StatsQuery) -> Map<String, Value> {
        let mut warnings = Map::new();
        if self.outcome != Outcome::Included {
            return warnings;
        }
        if query.metrics.contains(&Metric::ScrollDepth) && !self.has_scroll_depth() {
            let warning = "No imports with scroll depth data were found";
            warnings.insert("scroll_depth".to_owned(), json!({ "code": "no_imported_scroll_depth", "warning": warning }));
        }
        if query.metrics.contains(&Metric::BounceRate) && is_about_pages(query) {
            let warning = "imported bounce_rate is not available when using a page filter";
            warnings.insert("bounce_rate".to_owned(), json!({ "code": "no_imported_bounce_rate", "warning": warning }));
        }
        warnings
    }

    fn has_scroll_depth(&self) -> bool {
        let read = |table: &ImportedTable, row| table.number(row, "total_scroll_depth_visits") > 0;
        self.imported.tables.iter().any(|(table, rows)| rows.iter().any(|row| read(table, row)))
    }
}

/// That no figures were imported for days of a question, where it is so.
async fn none_there(ctx: &Context, query: &StatsQuery) -> Result<Option<Outcome>, Error> {
    let (first, last) = (query.span.first, query.span.last);
    let imports = ctx.admin.imports(query.site.id).await?;
    let mut figures = imports.iter().filter(|import| import.events.is_none()).peekable();
    if figures.peek().is_none() {
        return Ok(Some(Outcome::NoneThere));
    }
    let in_range = figures.any(|import| import.first <= last && import.last >= first);
    Ok((!in_range).then_some(Outcome::OutOfRange))
}

fn names_channel(query: &StatsQuery) -> bool {
    let names = |dimension: &stats::Dimension| &*dimension.name == "visit:channel";
    query.dimensions.iter().any(names)
        || query.filters.iter().any(|filter| filter.leaves().iter().any(|(leaf, ..)| names(&leaf.dimension)))
}

/// The channel of an imported source, which follows from its name and tags.
fn channel(ctx: &Context, table: &ImportedTable, row: &ImportedRow) -> Text {
    let key = |name| table.key(row, name);
    let source = Some(key("source")).filter(|source| *source != stats::DIRECT).unwrap_or_default();
    let told = |channels: &Arc<dyn Channels>| channels.channel(source, key("utm_medium"), key("utm_campaign"), key("utm_source"));
    Text::from(ctx.settings.channels.as_ref().map_or("", told))
}

fn is_about_pages(query: &StatsQuery) -> bool {
    let is_page = |source: &Source| matches!(source, Source::Hit(column, _) if column.name == "page");
    query.dimensions.iter().any(|dimension| is_page(&dimension.source))
        || query.filters.iter().any(|filter| filter.leaves().iter().any(|(leaf, ..)| is_page(&leaf.dimension.source)))
}
