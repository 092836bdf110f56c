use std::sync::Arc;

use footfall_model::{
    ActionKind, Catalogue, Column, Fact, Flag, HitRow, Millis, Scope, SiteId, Text, Value, VisitId, VisitRow, VisitorId,
};
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Batch;

/// Visits told one after the other, and the batch they make.
pub struct Story {
    catalogue: Arc<Catalogue>,
    /// The batch so far.
    pub batch: Batch,
    ids: FxHashMap<String, u32>,
    next_visit: u64,
    next_hit: u64,
}

impl Story {
    /// Nothing has happened yet.
    pub fn new(catalogue: &Arc<Catalogue>) -> Story {
        Story {
            catalogue: Arc::clone(catalogue),
            batch: Batch { swallowed: 1, ..Batch::default() },
            ids: FxHashMap::default(),
            next_visit: 1,
            next_hit: 1,
        }
    }

    /// The dictionary's number of a text; empty text has none.
    pub fn text(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let next = self.ids.len() as u32 + 1;
        *self.ids.entry(text.to_owned()).or_insert_with(|| {
            self.batch.texts.push((next, Text::from(text)));
            next
        })
    }

    /// A visit with page views of these pages at these moments.
    pub fn visit(&mut self, site: u32, visitor: u64, pages: &[(Millis, &str)]) -> &mut VisitRow {
        let (first_at, _) = pages.first().copied().unwrap_or_default();
        let (last_at, _) = pages.last().copied().unwrap_or_default();
        let visit = VisitRow {
            visit_id: VisitId(self.next_visit),
            site_id: SiteId(site),
            visitor_id: VisitorId(visitor),
            first_at,
            last_at,
            seen_at: last_at,
            facts: vec![Value::Null; self.catalogue.facts(Scope::Visit).len()],
            ..VisitRow::default()
        };
        self.next_visit += 1;
        self.batch.opened.push(visit);
        for (at, page) in pages {
            self.hit(ActionKind::PageView, *at, page);
        }
        let place = self.batch.opened.len() - 1;
        &mut self.batch.opened[place]
    }

    /// One more action of the last visit, at a URL.
    pub fn hit(&mut self, kind: ActionKind, at: Millis, url: &str) -> &mut HitRow {
        let url = self.text(url);
        let facts = vec![Value::Null; self.catalogue.facts(Scope::Action).len()];
        let place = self.batch.opened.len() - 1;
        let visit = &mut self.batch.opened[place];
        visit.first_at = visit.first_at.min(at);
        visit.last_at = visit.last_at.max(at);
        visit.seen_at = visit.seen_at.max(at);
        visit.actions += 1;
        self.batch.hits.push(HitRow {
            hit_id: self.next_hit,
            visit_id: visit.visit_id,
            site_id: visit.site_id,
            visitor_id: visit.visitor_id,
            at,
            kind: kind as u8,
            url,
            facts,
            ..HitRow::default()
        });
        self.next_hit += 1;
        let place = self.batch.hits.len() - 1;
        &mut self.batch.hits[place]
    }

    /// Sets a catalogue column of the last visit.
    pub fn fact(&mut self, id: &str, value: impl Into<Value>) {
        let place = self.catalogue.get(id).and_then(|dimension| self.catalogue.fact_index(dimension));
        if let (Some(visit), Some(place)) = (self.batch.opened.last_mut(), place) {
            visit.facts[place] = value.into();
        }
    }

    /// The batch, with its first-of marks set as the clock has its days.
    pub fn finish(mut self, zone: &TimeZone) -> Batch {
        mark(&mut self.batch, zone);
        self.batch
    }
}

/// Sets first-of marks: flags of hits, `first_of_day` of visits.
pub fn mark(batch: &mut Batch, zone: &TimeZone) {
    let mut days = FxHashSet::default();
    for visit in &mut batch.opened {
        visit.first_of_day = days.insert((visit.site_id, visit.visitor_id, visit.last_at.local(zone).date()));
    }
    let mut seen = FxHashSet::default();
    for hit in &mut batch.hits {
        let marked = [
            (hit.url, Flag::VisitUrl, Flag::DayUrl),
            (hit.title, Flag::VisitTitle, Flag::DayTitle),
            (hit.page, Flag::VisitPage, Flag::DayPage),
            (hit.event_category, Flag::VisitCategory, Flag::DayCategory),
            (hit.event_action, Flag::VisitAction, Flag::DayAction),
            (hit.event_name, Flag::VisitName, Flag::DayName),
            (hit.search_keyword, Flag::VisitKeyword, Flag::DayKeyword),
            (hit.content_name, Flag::VisitContent, Flag::DayContent),
            (u32::MAX, Flag::VisitKind, Flag::DayKind),
        ];
        let day = hit.at.local(zone).date();
        hit.flags = 0;
        for (id, visit_flag, day_flag) in marked.into_iter().filter(|(id, ..)| *id != 0) {
            let place = visit_flag as u32;
            if seen.insert((place, hit.kind, id, hit.visit_id.0, u64::MAX, None)) {
                hit.flags |= visit_flag as u32;
            }
            if seen.insert((place, hit.kind, id, u64::from(hit.site_id.0), hit.visitor_id.0, Some(day))) {
                hit.flags |= day_flag as u32;
            }
        }
    }
}

/// A column by its name.
///
/// # Panics
/// There is no such column.
pub fn column(catalogue: &Catalogue, fact: Fact, name: &str) -> Column {
    let columns = catalogue.columns(fact);
    let column = columns.into_iter().find(|column| column.name == name);
    column.unwrap_or_else(|| panic!("no column `{name}`"))
}

/// A moment as RFC 3339 writes it.
///
/// # Panics
/// It is not a moment.
pub fn at(moment: &str) -> Millis {
    let moment: jiff::Timestamp = moment.parse().unwrap_or_else(|cause| panic!("`{moment}`: {cause}"));
    Millis::from(moment)
}
