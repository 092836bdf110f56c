use footfall_model::{DateRange, Millis, SiteId, Sites, Text, TimeRange, VisitId, VisitRow, VisitorId};
use footfall_store::{History, Recall, Recalled};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{asleep, open::OpenVisit};
use crate::enriched::Enriched;

/// What is remembered of one visitor of one site.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// Visits at hand, in the order they were opened; none while they sleep.
    pub(crate) visits: Vec<OpenVisit>,
    /// The visits while no batch needs them.
    asleep: Option<Box<[u8]>>,
    /// What happened before the visits at hand.
    pub(crate) history: Option<History>,
    /// Every visit whose last sign of life is at or after this is at hand.
    covered_since: Millis,
    /// The batch in which it was last needed.
    touched: u64,
}

#[derive(Debug)]
struct Configuration {
    visitors: Vec<VisitorId>,
    covered_since: Millis,
    touched: u64,
}

/// Visits that differ from what is stored.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Those never stored.
    pub(crate) opened: Vec<VisitRow>,
    /// Those stored before.
    pub(crate) changed: Vec<VisitRow>,
    /// Those stored before of which only what the row declares may differ; the rest of the row is left out.
    pub(crate) continued: Vec<VisitRow>,
}

/// Visitors at hand: a cache over the store, complete for everything it claims to cover.
#[derive(Debug, Default)]
pub(crate) struct Known {
    visitors: FxHashMap<(SiteId, VisitorId), Visitor>,
    configurations: FxHashMap<(SiteId, u64), Configuration>,
    /// The visitors whose visits do not sleep: those of this batch.
    awake: Vec<(SiteId, VisitorId)>,
    batch: u64,
}

impl Known {
    /// How many visitors stay at hand between batches.
    const MOST: usize = 200_000;

    /// What has to be asked of the store before these hits can be placed; `None` when everything is at hand. Wakes what is at hand
    /// of the visitors these hits may be of.
    pub(crate) fn missing(&mut self, hits: &[Enriched], look_back: impl Fn(&Enriched) -> i64) -> Option<Recall> {
        self.batch += 1;
        let mut recall = Recall { since: Millis(i64::MAX), ..Recall::default() };
        let mut asked_visitors = FxHashSet::default();
        let mut asked_configurations = FxHashSet::default();
        let mut asked_orders = FxHashSet::default();
        let mut day: Option<(SiteId, TimeRange)> = None;
        for hit in hits {
            let site = hit.site.id;
            // Most hits are of the day and the site of the hit before them.
            let range = match day {
                Some((known, range)) if known == site && range.contains(hit.at) => range,
                _ => DateRange::day(hit.at.local(&hit.site.zone).date()).on(&hit.site.zone),
            };
            day = Some((site, range));
            let since = range.start.min(hit.at.plus(-1000 * look_back(hit)));
            for visitor in [hit.visitor, hit.visitor_before].into_iter().flatten() {
                self.wake(site, visitor);
                let covered = self.visitors.get(&(site, visitor)).is_some_and(|known| known.covered_since <= since);
                if !covered {
                    recall.since = recall.since.min(since);
                    if asked_visitors.insert((site, visitor)) {
                        recall.visitors.push((site, visitor));
                    }
                }
            }
            if hit.fingerprint != 0 {
                for visitor in self.with_fingerprint(site, hit.fingerprint).to_vec() {
                    self.wake(site, visitor);
                }
            }
            if hit.fingerprint != 0 && !hit.visitor_forced {
                let covered = self.configurations.get(&(site, hit.fingerprint)).is_some_and(|known| known.covered_since <= since);
                if !covered {
                    recall.since = recall.since.min(since);
                    if asked_configurations.insert((site, hit.fingerprint)) {
                        recall.fingerprints.push((site, hit.fingerprint));
                    }
                }
            }
            if let crate::hit::Action::Order(order) = &hit.action
                && asked_orders.insert((site, order.id.clone()))
            {
                recall.orders.push((site, Text::from(order.id.as_str())));
                recall.since = recall.since.min(since);
            }
        }
        let nothing = recall.visitors.is_empty() && recall.fingerprints.is_empty() && recall.orders.is_empty();
        (!nothing).then_some(recall)
    }

    /// Takes in what the store remembers.
    pub(crate) fn learn(&mut self, asked: &Recall, recalled: Recalled, sites: &Sites) {
        for (site, visitor) in &asked.visitors {
            let known = self.visitor(*site, *visitor);
            known.covered_since = known.covered_since.min(asked.since);
        }
        let batch = self.batch;
        for (site, fingerprint) in &asked.fingerprints {
            let known = self.configurations.entry((*site, *fingerprint)).or_insert_with(|| Configuration {
                visitors: Vec::new(),
                covered_since: asked.since,
                touched: batch,
            });
            known.covered_since = known.covered_since.min(asked.since);
        }
        for history in recalled.histories {
            self.visitor(history.site, history.visitor).history = Some(history);
        }
        for detail in recalled.visits {
            let row = &detail.visit;
            let (site, visitor, fingerprint) = (row.site_id, row.visitor_id, row.config_id);
            let Some(zone) = sites.get(site).map(|site| &site.zone) else { continue };
            let day = row.last_at.local(zone).date();
            let known = self.visitor(site, visitor);
            if known.visits.iter().all(|visit| visit.row.visit_id != row.visit_id) {
                known.visits.push(OpenVisit::recalled(detail, day));
                known.visits.sort_by_key(|visit| visit.row.visit_id);
            }
            self.link(site, fingerprint, visitor);
        }
    }

    /// What is at hand of a visitor, made empty when there was nothing.
    pub(crate) fn visitor(&mut self, site: SiteId, visitor: VisitorId) -> &mut Visitor {
        let (batch, awake) = (self.batch, &mut self.awake);
        let known = self.visitors.entry((site, visitor)).or_insert_with(|| {
            awake.push((site, visitor));
            Visitor { visits: Vec::new(), asleep: None, history: None, covered_since: Millis(i64::MAX), touched: batch }
        });
        known.touched = batch;
        if known.wake() {
            awake.push((site, visitor));
        }
        known
    }

    fn wake(&mut self, site: SiteId, visitor: VisitorId) {
        if let Some(known) = self.visitors.get_mut(&(site, visitor))
            && known.wake()
        {
            known.touched = self.batch;
            self.awake.push((site, visitor));
        }
    }

    pub(crate) fn get(&self, site: SiteId, visitor: VisitorId) -> Option<&Visitor> {
        self.visitors.get(&(site, visitor))
    }

    /// A visitor made in this batch: there is nothing of it in the store.
    pub(crate) fn is_new(&mut self, site: SiteId, visitor: VisitorId) {
        self.visitor(site, visitor).covered_since = Millis(i64::MIN);
    }

    /// Remembers that a configuration was seen with a visitor.
    pub(crate) fn link(&mut self, site: SiteId, fingerprint: u64, visitor: VisitorId) {
        if fingerprint == 0 {
            return;
        }
        let batch = self.batch;
        let known = self.configurations.entry((site, fingerprint)).or_insert_with(|| Configuration {
            visitors: Vec::new(),
            covered_since: Millis(i64::MAX),
            touched: batch,
        });
        known.touched = batch;
        if !known.visitors.contains(&visitor) {
            known.visitors.push(visitor);
        }
    }

    /// The visitors seen with a configuration.
    pub(crate) fn with_fingerprint(&self, site: SiteId, fingerprint: u64) -> &[VisitorId] {
        self.configurations.get(&(site, fingerprint)).map_or(&[], |known| &known.visitors)
    }

    /// Ends a batch. The visits that differ from what is stored are stored from now on; all visits fall asleep.
    pub(crate) fn take_changes(&mut self) -> Changes {
        let mut changes = Changes::default();
        for key in std::mem::take(&mut self.awake) {
            let Some(known) = self.visitors.get_mut(&key) else { continue };
            let surplus = known.visits.len().saturating_sub(Visitor::MOST_VISITS);
            let mut rows = Vec::new();
            for visit in known.visits.iter_mut().filter(|visit| visit.dirty) {
                rows.push((visit.stored, visit.row.visit_id));
                (visit.stored, visit.dirty) = (true, false);
            }
            let asleep = (!known.visits.is_empty()).then(|| asleep::put(&known.visits[surplus..]));
            for mut visit in known.visits.drain(..) {
                if let Some((stored, _)) = rows.iter().find(|(_, id)| *id == visit.row.visit_id) {
                    let kind = match (stored, &visit.rest) {
                        (false, _) => &mut changes.opened,
                        (true, None) => &mut changes.changed,
                        (true, Some(_)) => &mut changes.continued,
                    };
                    kind.push(std::mem::take(&mut visit.row));
                }
            }
            match asleep {
                None => {}
                Some(Some(bytes)) => known.asleep = Some(bytes),
                // What cannot be kept at hand is in the store.
                Some(None) => known.covered_since = Millis(i64::MAX),
            }
            if surplus > 0 {
                known.covered_since = Millis(i64::MAX);
            }
            known.visits = Vec::new();
            // Somebody without visits could not be woken; the store is asked again when they come.
            if known.asleep.is_none() {
                self.visitors.remove(&key);
            }
        }
        changes
    }

    /// Moves a visit to another visitor, when a user id has named the person behind it.
    pub(crate) fn rename(&mut self, site: SiteId, from: VisitorId, to: VisitorId, visit: VisitId) {
        let Some(known) = self.visitors.get_mut(&(site, from)) else { return };
        let Some(at) = known.visits.iter().position(|known| known.row.visit_id == visit) else { return };
        let mut moved = known.visits.remove(at);
        moved.row.visitor_id = to;
        moved.dirty = true;
        self.link(site, moved.row.config_id, to);
        let target = self.visitor(site, to);
        target.visits.push(moved);
        target.visits.sort_by_key(|visit| visit.row.visit_id);
    }

    /// Lets go of visitors that were not needed for longest. What is let go is in the store.
    pub(crate) fn shrink(&mut self) {
        if self.visitors.len() > Known::MOST {
            let mut ages: Vec<u64> = self.visitors.values().map(|known| known.touched).collect();
            let cut = ages.len() - Known::MOST / 2;
            let (_, oldest_kept, _) = ages.select_nth_unstable(cut);
            let oldest_kept = (*oldest_kept).min(self.batch);
            self.visitors.retain(|_, known| known.touched >= oldest_kept);
            let visitors = &self.visitors;
            self.configurations.retain(|(site, _), known| {
                known.touched >= oldest_kept && known.visitors.iter().all(|visitor| visitors.contains_key(&(*site, *visitor)))
            });
        }
    }

    /// Forgets everything at hand, after a failed write or when data was deleted.
    pub(crate) fn clear(&mut self) {
        self.visitors.clear();
        self.configurations.clear();
        self.awake.clear();
    }
}

impl Visitor {
    /// How many visits of one visitor stay at hand between batches.
    const MOST_VISITS: usize = 256;

    /// Says whether there was somebody to wake.
    fn wake(&mut self) -> bool {
        let Some(bytes) = self.asleep.take() else { return false };
        match asleep::wake(&bytes) {
            Some(visits) => self.visits = visits,
            // What is not at hand is asked of the store.
            None => self.covered_since = Millis(i64::MAX),
        }
        true
    }
}
