use footfall_model::{ActionKind, EcommerceStatus, Flag, GoalId, HitRow, Millis, Text, TrackingSettings, VisitPolicy, VisitRow};
use footfall_store::VisitDetail;
use jiff::civil::Date;

use super::{asleep, seen::Seen, variables::merged};

/// A fact that first-of flags are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Field {
    Url,
    Title,
    Page,
    Category,
    Action,
    Name,
    Keyword,
    Content,
    Kind,
}

/// Where an action stands in its visit.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Nothing came before it, not even what is no action.
    opens: bool,
    is_earlier: bool,
    is_latest: bool,
    policy: VisitPolicy,
}

/// A visit as the visits step keeps it: the row that is stored, and what decides about the next hit.
#[derive(Clone, Debug)]
pub(crate) struct OpenVisit {
    /// The row as it stands; without catalogue columns, slots and properties while [`Self::rest`] holds them.
    pub(crate) row: VisitRow,
    /// Catalogue columns, slots and properties as they fell asleep: they are as they are stored.
    pub(super) rest: Option<Box<[u8]>>,
    /// Whether a referrer is known: there is none to learn any more.
    pub(super) came_from_elsewhere: bool,
    /// Its day on the site's clock.
    pub(crate) day: Date,
    /// Facts already seen, as (field, kind of action, dictionary number).
    pub(super) seen: Seen,
    /// Goals already reached.
    pub(crate) goals: Vec<GoalId>,
    /// Page views whose timings can still arrive: (`pv_id`, action number); the latest last.
    pub(crate) pageviews: Vec<(u64, u64)>,
    /// Whether an earlier batch has stored it.
    pub(crate) stored: bool,
    /// Whether it differs from what is stored.
    pub(crate) dirty: bool,
}

impl OpenVisit {
    const MOST_PAGEVIEWS: usize = 16;

    pub(crate) fn new(row: VisitRow, day: Date) -> OpenVisit {
        OpenVisit {
            row,
            rest: None,
            came_from_elsewhere: false,
            day,
            seen: Seen::default(),
            goals: Vec::new(),
            pageviews: Vec::new(),
            stored: false,
            dirty: true,
        }
    }

    /// Wakes what sleeps of the row: to be called before catalogue columns, slots or properties are read or changed.
    pub(super) fn make_whole(&mut self) {
        if let Some(rest) = self.rest.take()
            && !asleep::whole(&mut self.row, &rest)
        {
            self.rest = Some(rest);
        }
    }

    /// A visit as the store remembers it.
    pub(crate) fn recalled(detail: VisitDetail, day: Date) -> OpenVisit {
        let mut visit = OpenVisit::new(detail.visit, day);
        visit.stored = true;
        visit.dirty = false;
        for hit in &detail.hits {
            for (field, id, _, _) in facts(hit) {
                visit.seen.insert(key(field, hit.kind, id));
            }
            visit.remember_pageview(hit);
        }
        visit.goals = detail.conversions.iter().map(|conversion| conversion.goal_id).collect();
        visit
    }

    /// Remembers a page view that names itself, so that its timings can come later.
    pub(crate) fn remember_pageview(&mut self, hit: &HitRow) {
        if hit.pageview_id != 0 && hit.kind == ActionKind::PageView as u8 {
            if self.pageviews.len() == OpenVisit::MOST_PAGEVIEWS {
                self.pageviews.remove(0);
            }
            self.pageviews.push((hit.pageview_id, hit.hit_id));
        }
    }

    /// Whether the visit has seen a fact; used for first-of-day flags of its visitor's other visits.
    fn has_seen(&self, key: u64) -> bool {
        self.seen.contains(key)
    }

    /// Sets the first-of flags of an action and remembers its facts. `same_day` are the visitor's other visits of that day.
    pub(crate) fn mark<'a>(&mut self, hit: &mut HitRow, same_day: impl Iterator<Item = &'a OpenVisit> + Clone) {
        for (field, id, in_visit, in_day) in facts(hit) {
            let key = key(field, hit.kind, id);
            if self.seen.insert(key) {
                hit.flags |= in_visit as u32;
                if !same_day.clone().any(|other| other.has_seen(key)) {
                    hit.flags |= in_day as u32;
                }
            }
        }
    }

    /// Counts an action that is stored as a row; `opens` says that nothing came before it, not even what is no action. `host` and
    /// `page` are of page views; a visit's ends follow time, not arrival, unless the server is told otherwise.
    pub(crate) fn count(&mut self, hit: &mut HitRow, policy: VisitPolicy, rules: &TrackingSettings, opens: bool) {
        let Some(kind) = ActionKind::from_code(hit.kind) else { return };
        let is_first = self.row.actions == 0 && self.row.pageviews == 0 && self.row.events == 0;
        let by_arrival = rules.by_arrival && policy == VisitPolicy::Matomo;
        let is_earlier = !by_arrival && hit.at < self.row.first_at;
        let is_latest = by_arrival || hit.at >= self.row.last_at;
        self.dirty = true;
        self.row.seen_at = self.row.seen_at.max(hit.at);
        if kind == ActionKind::Engagement {
            return;
        }
        hit.ref_url = self.row.exit_url;
        hit.ref_title = self.row.exit_title;
        hit.ref_kind = self.row.exit_kind;
        if !is_first {
            hit.time_spent = Some(((hit.at.seconds() - self.row.last_at.seconds()).max(0) as u32).min(1800));
        }
        match kind {
            ActionKind::PageView => {
                self.row.actions += 1;
                self.row.interactions += 1;
                self.row.pageviews += 1;
            }
            ActionKind::Search => {
                self.row.actions += 1;
                self.row.interactions += 1;
                self.row.searches += 1;
            }
            ActionKind::Download | ActionKind::Outlink => self.row.actions += 1,
            ActionKind::Event => {
                self.row.actions += 1;
                self.row.events += 1;
            }
            ActionKind::ContentImpression | ActionKind::ContentInteraction | ActionKind::Engagement => {}
        }
        hit.position = self.row.interactions;
        self.end_at(hit, kind, Place { opens: opens || is_earlier, is_earlier, is_latest, policy });
        if !by_arrival {
            self.row.first_at = self.row.first_at.min(hit.at);
        }
        self.set_duration(policy, opens, rules, hit.at);
        self.row.last_at = self.row.last_at.max(hit.at);
        self.row.bounce = match policy {
            VisitPolicy::Matomo => self.row.actions <= 1,
            VisitPolicy::Plausible => {
                self.row.bounce && self.row.pageviews < 2 && !(kind == ActionKind::Event && hit.interactive)
            }
        };
    }

    /// Moves the visit's ends, which are page views and searches. The kind of an end is the kind of what its title names: Matomo
    /// lets a page without a title leave the title before it, be it a page's or what was searched for, as the last one; and a
    /// visit that something else opened has no first title. A search has no page, so it begins a visit only when it opens it.
    fn end_at(&mut self, hit: &HitRow, kind: ActionKind, place: Place) {
        let Place { opens, is_earlier, is_latest, policy } = place;
        let (url, title) = match kind {
            ActionKind::PageView => (hit.url, hit.title),
            ActionKind::Search => (0, hit.search_keyword),
            _ => return,
        };
        let begins = opens || kind != ActionKind::Search || policy != VisitPolicy::Matomo;
        if (self.row.entry_kind == 0 && begins) || is_earlier {
            self.row.entry_kind = hit.kind;
            self.row.entry_url = url;
            self.row.entry_title = if opens || policy != VisitPolicy::Matomo { title } else { 0 };
        }
        if self.row.exit_kind == 0 || is_latest {
            self.row.exit_url = url;
            if title != 0 || policy != VisitPolicy::Matomo || self.row.exit_title == 0 {
                self.row.exit_kind = hit.kind;
                self.row.exit_title = title;
            }
        }
        if kind == ActionKind::PageView {
            if self.row.entry_page == 0 || is_earlier {
                self.row.entry_page = hit.page;
                self.row.entry_host = hit.host;
            }
            if self.row.exit_page == 0 || is_latest {
                self.row.exit_page = hit.page;
                self.row.exit_host = hit.host;
            }
        }
    }

    /// A visit lasts from its first action to its last, in whichever order they arrive; Matomo counts a second more.
    fn set_duration(&mut self, policy: VisitPolicy, opens: bool, rules: &TrackingSettings, at: Millis) {
        let seconds = match policy {
            VisitPolicy::Plausible => (self.row.last_at.max(at).seconds() - self.row.first_at.seconds()).max(0),
            VisitPolicy::Matomo if opens => rules.one_page_seconds.max(0),
            VisitPolicy::Matomo => self.seconds_until(at, rules.by_arrival),
        };
        self.row.duration = u32::try_from(seconds).unwrap_or(u32::MAX);
    }

    /// How long the visit lasts now that the visitor was seen at a time: until the latest, or until this one.
    fn seconds_until(&self, at: Millis, by_arrival: bool) -> i64 {
        let end = if by_arrival { at } else { self.row.seen_at };
        (1 + end.seconds() - self.row.first_at.seconds()).max(0)
    }

    /// The visitor is still there: the visit lasts until now, nothing else changes.
    pub(crate) fn stay(&mut self, at: Millis, by_arrival: bool) {
        self.row.seen_at = self.row.seen_at.max(at);
        let seconds = self.seconds_until(at, by_arrival);
        self.row.duration = u32::try_from(seconds).unwrap_or(u32::MAX);
        self.dirty = true;
    }

    /// Replaces or adds custom variables by number, as later page views overwrite a visit's.
    pub(crate) fn set_variables(&mut self, variables: &[(Text, Text)]) {
        if variables.is_empty() {
            return;
        }
        self.make_whole();
        let kept = merged(&self.row.cvars, variables);
        if kept != self.row.cvars {
            self.row.cvars = kept;
            self.dirty = true;
        }
    }

    /// An order that was recorded before was sent again.
    pub(crate) fn order_again(&mut self) {
        self.row.ecommerce = EcommerceStatus::Ordered as u8;
        self.row.converted = true;
        self.row.since_order = Some(0);
        self.dirty = true;
    }

    /// Sets the custom dimensions that a hit brings.
    pub(crate) fn set_slots(&mut self, slots: &[Option<Text>; 10]) {
        if slots.iter().all(Option::is_none) {
            return;
        }
        self.make_whole();
        for (held, given) in self.row.slots.iter_mut().zip(slots) {
            if given.is_some() && held != given {
                held.clone_from(given);
                self.dirty = true;
            }
        }
    }
}

/// The facts of an action that flags are about, with the flags' bits.
fn facts(hit: &HitRow) -> impl Iterator<Item = (Field, u32, Flag, Flag)> + use<> {
    [
        (Field::Url, hit.url, Flag::VisitUrl, Flag::DayUrl),
        (Field::Title, hit.title, Flag::VisitTitle, Flag::DayTitle),
        (Field::Page, hit.page, Flag::VisitPage, Flag::DayPage),
        (Field::Category, hit.event_category, Flag::VisitCategory, Flag::DayCategory),
        (Field::Action, hit.event_action, Flag::VisitAction, Flag::DayAction),
        (Field::Name, hit.event_name, Flag::VisitName, Flag::DayName),
        (Field::Keyword, hit.search_keyword, Flag::VisitKeyword, Flag::DayKeyword),
        (Field::Content, hit.content_name, Flag::VisitContent, Flag::DayContent),
        (Field::Kind, u32::MAX, Flag::VisitKind, Flag::DayKind),
    ]
    .into_iter()
    .filter(|(_, id, _, _)| *id != 0)
}

fn key(field: Field, kind: u8, id: u32) -> u64 {
    (field as u64) << 48 | u64::from(kind) << 32 | u64::from(id)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn page(at: i64, url: u32) -> HitRow {
        HitRow { kind: ActionKind::PageView as u8, at: Millis::from_seconds(at), url, page: url, ..HitRow::default() }
    }

    fn visit(at: i64) -> OpenVisit {
        let at = Millis::from_seconds(at);
        let row = VisitRow { first_at: at, last_at: at, seen_at: at, bounce: true, ..VisitRow::default() };
        OpenVisit::new(row, date(2026, 3, 1))
    }

    #[test]
    fn a_late_arrival_becomes_the_entry_page() {
        let mut visit = visit(100);
        for (n, mut hit) in [page(100, 1), page(160, 2), page(90, 3), page(130, 4)].into_iter().enumerate() {
            visit.count(&mut hit, VisitPolicy::Matomo, &TrackingSettings::default(), n == 0);
        }
        assert_eq!((visit.row.entry_url, visit.row.exit_url), (3, 2));
        assert_eq!((visit.row.first_at.seconds(), visit.row.last_at.seconds()), (90, 160));
        assert_eq!((visit.row.actions, visit.row.duration, visit.row.bounce), (4, 71, false));
    }

    #[test]
    fn by_arrival_the_latest_request_ends_a_visit() {
        let mut visit = visit(100);
        let rules = TrackingSettings { by_arrival: true, ..TrackingSettings::default() };
        for (n, mut hit) in [page(100, 1), page(160, 2), page(90, 3), page(130, 4)].into_iter().enumerate() {
            visit.count(&mut hit, VisitPolicy::Matomo, &rules, n == 0);
        }
        assert_eq!((visit.row.entry_url, visit.row.exit_url), (1, 4));
        assert_eq!((visit.row.first_at.seconds(), visit.row.last_at.seconds()), (100, 160));
        assert_eq!((visit.row.actions, visit.row.duration), (4, 31));
    }

    #[test]
    fn flags_mark_the_first_of_visit_and_day() {
        let mut earlier = visit(0);
        earlier.mark(&mut page(0, 7), std::iter::empty());
        let mut visit = visit(100);
        let (mut again, mut new, mut twice) = (page(100, 7), page(101, 8), page(102, 8));
        for hit in [&mut again, &mut new, &mut twice] {
            visit.mark(hit, std::iter::once(&earlier));
        }
        let url = |hit: &HitRow| (hit.flags & Flag::VisitUrl as u32 != 0, hit.flags & Flag::DayUrl as u32 != 0);
        assert_eq!([url(&again), url(&new), url(&twice)], [(true, false), (true, true), (false, false)]);
    }

    #[test]
    fn a_bounce_is_one_action_or_nothing_interactive() {
        let event =
            |interactive| HitRow { kind: ActionKind::Event as u8, at: Millis::from_seconds(5), interactive, ..HitRow::default() };
        for (policy, interactive, expected) in
            [(VisitPolicy::Plausible, false, true), (VisitPolicy::Plausible, true, false), (VisitPolicy::Matomo, false, false)]
        {
            let mut visit = visit(0);
            visit.count(&mut page(0, 1), policy, &TrackingSettings::default(), true);
            assert!(visit.row.bounce);
            visit.count(&mut event(interactive), policy, &TrackingSettings::default(), false);
            assert_eq!(visit.row.bounce, expected, "{policy:?} {interactive}");
        }
    }

    #[test]
    fn only_page_views_wait_for_timings() {
        let mut visit = visit(0);
        let named = |kind: ActionKind, pageview_id, hit_id| HitRow { kind: kind as u8, pageview_id, hit_id, ..HitRow::default() };
        visit.remember_pageview(&named(ActionKind::PageView, 7, 1));
        visit.remember_pageview(&named(ActionKind::Event, 7, 2));
        visit.remember_pageview(&named(ActionKind::PageView, 0, 3));
        assert_eq!(visit.pageviews, [(7, 1)]);
    }

    #[test]
    fn staying_lengthens_a_visit_without_an_action() {
        let mut visit = visit(0);
        visit.count(&mut page(0, 1), VisitPolicy::Matomo, &TrackingSettings::default(), true);
        visit.stay(Millis::from_seconds(45), false);
        assert_eq!((visit.row.duration, visit.row.actions, visit.row.last_at.seconds()), (46, 1, 0));
    }
}
