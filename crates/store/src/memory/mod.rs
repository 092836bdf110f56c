//! A store in memory that works questions out row by row, without plans or marks: what every other store has to agree with.

mod funnel;
mod group;
mod keep;
mod rewrite;
mod test;
mod world;

use std::sync::Arc;

use async_trait::async_trait;
use footfall_model::{
    Catalogue, ConversionRow, Error, Fact, Filter, HitRow, ItemRow, Millis, Op, Query, Rows, SiteId, Text, VisitId, VisitRow,
};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;

use crate::{Batch, HighMarks, Recall, Recalled, Rewrite, Schema, Store, StoreStats, VisitDetail, VisitsWanted, plan};

/// A store whose rows live as long as it does.
pub struct MemoryStore {
    schema: Schema,
    facts: Facts,
    kept: RwLock<Kept>,
}

/// How many catalogue columns visits and hits have.
#[derive(Clone, Copy, Debug)]
struct Facts {
    visits: usize,
    hits: usize,
}

/// Everything that is kept.
#[derive(Default)]
struct Kept {
    swallowed: u64,
    imports: FxHashMap<Text, u64>,
    texts: FxHashMap<u32, Text>,
    ids: FxHashMap<Text, u32>,
    visits: Vec<VisitRow>,
    hits: Vec<HitRow>,
    conversions: Vec<ConversionRow>,
    items: Vec<ItemRow>,
    marks: HighMarks,
    revision: u64,
}

impl MemoryStore {
    /// An empty store for rows of this catalogue.
    pub fn new(catalogue: Arc<Catalogue>) -> MemoryStore {
        let facts = |scope| catalogue.facts(scope).len();
        MemoryStore {
            schema: Schema::of(&catalogue),
            facts: Facts { visits: facts(footfall_model::Scope::Visit), hits: facts(footfall_model::Scope::Action) },
            kept: RwLock::default(),
        }
    }
}

/// Refuses patterns that are no regular expressions, as engines do when they read them.
fn patterns(filter: &Filter) -> Result<(), Error> {
    match filter {
        Filter::All | Filter::None => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(patterns),
        Filter::Not(inner) => patterns(inner),
        Filter::Has { filter, .. } => patterns(filter),
        Filter::Test(test) if !matches!(test.op, Op::Matches | Op::MatchesNot) => Ok(()),
        Filter::Test(test) => test.values.iter().filter_map(|value| value.as_str()).try_for_each(|pattern| {
            let read = regex::Regex::new(pattern);
            read.map(drop)
                .map_err(|cause| Error::invalid(format!("a pattern is not a regular expression: `{pattern}`")).because(cause))
        }),
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn append(&self, batch: Batch) -> Result<(), Error> {
        let mut kept = self.kept.write();
        if batch.swallowed <= kept.swallowed {
            return Ok(());
        }
        kept.check(&batch, self.facts)?;
        kept.take(batch);
        Ok(())
    }

    async fn swallowed(&self) -> Result<u64, Error> {
        Ok(self.kept.read().swallowed)
    }

    async fn imported(&self, batch_id: &str) -> Result<u64, Error> {
        Ok(self.kept.read().imports.get(batch_id).copied().unwrap_or(0))
    }

    async fn query(&self, query: &Query) -> Result<Rows, Error> {
        plan::check(query, &self.schema)?;
        query.measures.iter().map(|measure| &measure.only).chain([&query.filter]).try_for_each(patterns)?;
        let kept = self.kept.read();
        let world = world::World::new(&kept, &self.schema, query);
        Ok(group::answer(&world, query))
    }

    async fn funnel(&self, query: &Query, steps: &[Filter]) -> Result<Vec<u64>, Error> {
        plan::check_funnel(query, steps, &self.schema)?;
        let kept = self.kept.read();
        let world = world::World::new(&kept, &self.schema, query);
        Ok(funnel::reached(&world, query, steps))
    }

    async fn visits(&self, wanted: &VisitsWanted) -> Result<Vec<VisitDetail>, Error> {
        plan::check_filter(&wanted.filter, Fact::Visits, &self.schema)?;
        let query = Query {
            anchor: wanted.anchor,
            filter: wanted.filter.clone(),
            ..Query::new(Fact::Visits, wanted.sites.clone(), wanted.range, wanted.zone.clone())
        };
        let kept = self.kept.read();
        let world = world::World::new(&kept, &self.schema, &query);
        let ids = group::visits(&world, &query, wanted);
        let visits = ids.into_iter().filter_map(|id| kept.visit(id)).cloned().collect();
        Ok(kept.details(visits, wanted.with_actions))
    }

    async fn recall(&self, wanted: &Recall) -> Result<Recalled, Error> {
        Ok(self.kept.read().recall(wanted))
    }

    async fn text_ids(&self, texts: &[Text]) -> Result<Vec<Option<u32>>, Error> {
        let kept = self.kept.read();
        Ok(texts.iter().map(|text| kept.ids.get(text).copied()).collect())
    }

    async fn high_marks(&self) -> Result<HighMarks, Error> {
        Ok(self.kept.read().marks)
    }

    async fn forget_before(&self, site: SiteId, before: Millis) -> Result<u64, Error> {
        Ok(self.kept.write().forget(|visit| visit.site_id == site && visit.seen_at < before))
    }

    async fn forget_visits(&self, visits: &[VisitId]) -> Result<u64, Error> {
        Ok(self.kept.write().forget(|visit| visits.contains(&visit.visit_id)))
    }

    async fn forget_site(&self, site: SiteId) -> Result<(), Error> {
        self.kept.write().forget(|visit| visit.site_id == site);
        Ok(())
    }

    async fn rewrite(&self, wanted: &Rewrite) -> Result<u64, Error> {
        Ok(self.kept.write().rewrite(wanted, &self.schema, self.facts))
    }

    fn revision(&self) -> u64 {
        self.kept.read().revision
    }

    async fn stats(&self) -> Result<StoreStats, Error> {
        Ok(self.kept.read().stats())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::conformance!(|catalogue| Arc::new(MemoryStore::new(catalogue)));
}
