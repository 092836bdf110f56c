use std::sync::Arc;

use footfall_model::{Error, GoalId, Millis, SiteId, Text, VisitId, VisitRow, VisitorId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Facts, Kept};
use crate::{
    Batch, History, HitUpdate, Recall, Recalled, StoreStats, VisitDetail, check_row, detail_texts, fact_row::kept_props,
};

impl Kept {
    /// Refuses a batch that has a row of the wrong shape.
    pub(super) fn check(&self, batch: &Batch, facts: Facts) -> Result<(), Error> {
        for visit in batch.opened.iter().chain(&batch.changed) {
            check_row(visit, facts.visits)?;
        }
        for hit in &batch.hits {
            check_row(hit, facts.hits)?;
        }
        Ok(())
    }

    /// Keeps a batch that has been checked.
    pub(super) fn take(&mut self, batch: Batch) {
        self.swallowed = batch.swallowed;
        for (id, text) in batch.texts {
            self.marks.text = self.marks.text.max(id);
            self.ids.insert(text.clone(), id);
            self.texts.insert(id, text);
        }
        for visit in batch.opened {
            self.marks.visit = self.marks.visit.max(visit.visit_id.0);
            self.visits.push(with_kept_props(visit));
        }
        for visit in batch.changed {
            if let Some(known) = self.visits.iter_mut().find(|known| known.visit_id == visit.visit_id) {
                *known = with_kept_props(visit);
            }
        }
        for visit in batch.continued {
            if let Some(known) = self.visits.iter_mut().find(|known| known.visit_id == visit.visit_id) {
                let VisitRow { facts, slots, entry_props, cvars, .. } = std::mem::take(known);
                *known = VisitRow { facts, slots, entry_props, cvars, ..visit };
            }
        }
        for mut hit in batch.hits {
            self.marks.hit = self.marks.hit.max(hit.hit_id);
            hit.props = kept_props(&hit.props).cloned().collect();
            hit.cvars = kept_props(&hit.cvars).cloned().collect();
            self.hits.push(hit);
        }
        for update in &batch.hit_updates {
            self.update(update);
        }
        let dropped: FxHashSet<VisitId> = batch.carts_dropped.into_iter().collect();
        let cart = |visit, goal| goal == GoalId(-1) && dropped.contains(&visit);
        self.conversions.retain(|row| !cart(row.visit_id, row.goal_id));
        self.items.retain(|row| !cart(row.visit_id, row.goal_id));
        for mut conversion in batch.conversions {
            conversion.cvars = kept_props(&conversion.cvars).cloned().collect();
            self.conversions.push(conversion);
        }
        self.items.extend(batch.items);
        self.imports.extend(batch.imports);
    }

    fn update(&mut self, update: &HitUpdate) {
        let Some(hit) = self.hits.iter_mut().find(|hit| hit.hit_id == update.hit_id) else {
            return;
        };
        let timings = [
            &mut hit.time_network,
            &mut hit.time_server,
            &mut hit.time_transfer,
            &mut hit.time_dom_processing,
            &mut hit.time_dom_completion,
            &mut hit.time_on_load,
        ];
        for (kept, new) in timings.into_iter().zip(update.timings) {
            *kept = new.or(*kept);
        }
    }

    pub(super) fn visit(&self, id: VisitId) -> Option<&VisitRow> {
        self.visits.iter().find(|visit| visit.visit_id == id)
    }

    /// These visits with all that happened in them.
    pub(super) fn details(&self, visits: Vec<VisitRow>, with_actions: bool) -> Vec<VisitDetail> {
        let mut details: Vec<VisitDetail> =
            visits.into_iter().map(|visit| VisitDetail { visit, ..VisitDetail::default() }).collect();
        if with_actions {
            for detail in &mut details {
                let id = detail.visit.visit_id;
                detail.hits = self.hits.iter().filter(|hit| hit.visit_id == id).cloned().collect();
                detail.conversions = self.conversions.iter().filter(|row| row.visit_id == id).cloned().collect();
                detail.items = self.items.iter().filter(|row| row.visit_id == id).cloned().collect();
                detail.sort();
            }
        }
        let texts: FxHashMap<u32, Text> =
            detail_texts(&details).into_iter().filter_map(|id| Some((id, self.texts.get(&id)?.clone()))).collect();
        let texts = Arc::new(texts);
        for detail in &mut details {
            detail.texts = Arc::clone(&texts);
        }
        details
    }

    pub(super) fn recall(&self, wanted: &Recall) -> Recalled {
        let asked = |visit: &VisitRow| {
            wanted.visitors.contains(&(visit.site_id, visit.visitor_id))
                || wanted.fingerprints.contains(&(visit.site_id, visit.config_id))
                || visit
                    .user_id
                    .as_ref()
                    .is_some_and(|user| wanted.users.iter().any(|(site, asked)| *site == visit.site_id && asked == user))
        };
        let mut recent: Vec<VisitRow> =
            self.visits.iter().filter(|visit| visit.seen_at >= wanted.since && asked(visit)).cloned().collect();
        recent.sort_by_key(|visit| visit.visit_id);
        let mut visitors: Vec<(SiteId, VisitorId)> = wanted.visitors.clone();
        visitors.extend(recent.iter().map(|visit| (visit.site_id, visit.visitor_id)));
        visitors.sort_unstable();
        visitors.dedup();
        Recalled {
            visits: self.details(recent, true),
            histories: visitors.into_iter().filter_map(|(site, visitor)| self.history(site, visitor)).collect(),
            orders: wanted
                .orders
                .iter()
                .filter(|(site, order)| {
                    self.conversions
                        .iter()
                        .any(|row| row.site_id == *site && row.goal_id == GoalId(0) && row.order_id.as_ref() == Some(order))
                })
                .cloned()
                .collect(),
        }
    }

    fn history(&self, site: SiteId, visitor: VisitorId) -> Option<History> {
        let began: Vec<Millis> = self
            .visits
            .iter()
            .filter(|visit| visit.site_id == site && visit.visitor_id == visitor)
            .map(|visit| visit.first_at)
            .collect();
        let orders =
            self.conversions.iter().filter(|row| row.site_id == site && row.visitor_id == visitor && row.goal_id == GoalId(0));
        Some(History {
            site,
            visitor,
            visits: began.len() as u32,
            first_at: began.iter().min().copied()?,
            last_first_at: began.iter().max().copied()?,
            last_order_at: orders.map(|row| row.at).max(),
        })
    }

    /// Deletes visits with all that happened in them.
    pub(super) fn forget(&mut self, unwanted: impl Fn(&VisitRow) -> bool) -> u64 {
        let gone: FxHashSet<VisitId> = self.visits.iter().filter(|visit| unwanted(visit)).map(|visit| visit.visit_id).collect();
        self.visits.retain(|visit| !gone.contains(&visit.visit_id));
        self.hits.retain(|row| !gone.contains(&row.visit_id));
        self.conversions.retain(|row| !gone.contains(&row.visit_id));
        self.items.retain(|row| !gone.contains(&row.visit_id));
        self.revision += u64::from(!gone.is_empty());
        gone.len() as u64
    }

    pub(super) fn stats(&self) -> StoreStats {
        let mut first_at: FxHashMap<SiteId, Millis> = FxHashMap::default();
        for visit in &self.visits {
            let first = first_at.entry(visit.site_id).or_insert(visit.first_at);
            *first = visit.first_at.min(*first);
        }
        let mut first_at: Vec<(SiteId, Millis)> = first_at.into_iter().collect();
        first_at.sort_unstable();
        StoreStats {
            visits: self.visits.len() as u64,
            hits: self.hits.len() as u64,
            conversions: self.conversions.len() as u64,
            items: self.items.len() as u64,
            texts: self.texts.len() as u64,
            bytes: 0,
            first_at,
        }
    }
}

fn with_kept_props(mut visit: VisitRow) -> VisitRow {
    visit.entry_props = kept_props(&visit.entry_props).cloned().collect();
    visit.cvars = kept_props(&visit.cvars).cloned().collect();
    visit
}
