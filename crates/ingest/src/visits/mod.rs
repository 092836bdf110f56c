//! Finds or opens the visit each hit belongs to, counts it there, and finds the goals it reaches.
//!
//! The decisions are pure functions in `rules` and `goals`; what is at hand of visitors is a cache over the store, so that a
//! process that starts again comes to the same answers.

mod asleep;
mod goals;
mod known;
mod open;
mod packed;
mod rows;
mod rules;
mod seen;
mod variables;

use footfall_model::{
    ActionKind, Catalogue, ConversionRow, EcommerceStatus, GoalId, GoalMatch, MatchAttribute, Millis, Scope, SiteId, Sites, Text,
    Value, VisitId, VisitPolicy, VisitRow, VisitorId,
};
use footfall_store::{Batch, HighMarks, HitUpdate, Recall, Recalled};
use rustc_hash::FxHashSet;

pub(crate) use self::rows::texts_of;
use self::{
    goals::Patterns,
    known::Known,
    open::OpenVisit,
    rows::{hit_row, item_rows},
    rules::{Last, Next, Rules},
};
use crate::{
    dropped::Dropped,
    enriched::Enriched,
    hit::{Action, Order},
    texts::Texts,
};

/// Visitors and visits at hand, and the numbers given out next.
pub struct Visits {
    known: Known,
    patterns: Patterns,
    referrer: [usize; 3],
    next_visit: u64,
    next_hit: u64,
    orders: FxHashSet<(SiteId, Text)>,
    batch: Batch,
}

impl Visits {
    /// Nothing at hand; numbers go on after those the store has given.
    pub fn new(catalogue: &Catalogue, marks: HighMarks) -> Visits {
        let place =
            |id: &str| catalogue.facts(Scope::Visit).iter().position(|dimension| dimension.id == id).unwrap_or(usize::MAX);
        Visits {
            known: Known::default(),
            patterns: Patterns::default(),
            referrer: [place("visit.referrer_type"), place("visit.referrer_name"), place("visit.referrer_keyword")],
            next_visit: marks.visit + 1,
            next_hit: marks.hit + 1,
            orders: FxHashSet::default(),
            batch: Batch::default(),
        }
    }

    /// What has to be asked of the store before these hits are placed.
    pub fn missing(&mut self, hits: &[Enriched], sites: &Sites) -> Option<Recall> {
        self.known.missing(hits, |hit| Rules::of(&hit.site, &sites.settings).look_back_seconds)
    }

    /// Takes in the store's answer.
    pub fn learn(&mut self, asked: &Recall, recalled: Recalled, sites: &Sites) {
        self.orders.extend(recalled.orders.iter().cloned());
        self.known.learn(asked, recalled, sites);
    }

    /// Places one hit. `texts` knows the number of every text of the hit.
    ///
    /// # Errors
    /// With the reason why it does not count: a heart-beat or engagement without a visit, a goal that does not exist, an
    /// order that is known already: the visit goes on with it, but it is not recorded again.
    pub fn place(&mut self, mut hit: Enriched, sites: &Sites, texts: &Texts) -> Result<(), Dropped> {
        let hit = &mut hit;
        let rules = Rules::of(&hit.site, &sites.settings);
        if let Action::Goal { goal, .. } = &hit.action
            && !hit.site.goals.iter().any(|known| known.id.0 == *goal)
        {
            return Err(Dropped::InvalidParameter);
        }
        let repeats = match &hit.action {
            Action::Order(order) => !self.orders.insert((hit.site.id, Text::from(order.id.as_str()))),
            _ => false,
        };
        let found = self.find(hit, &rules);
        let came_by = self.referrer_of(&hit.visit_facts)[0];
        let from_elsewhere = came_by.is_some_and(|kind| kind != "direct");
        if let Some((visitor, index)) = found
            && rules::compares_referrers(came_by, &rules)
            && let Some(visit) = self.known.visitor(hit.site.id, visitor).visits.get_mut(index)
        {
            visit.make_whole();
        }
        let goes_on = found.filter(|(visitor, index)| self.goes_on(hit, *visitor, *index, &rules));
        let (visitor, index) = match (goes_on, &hit.action) {
            (Some(found), _) => found,
            (None, Action::Ping | Action::Engagement { .. }) => return Err(Dropped::NoVisit),
            (None, _) => self.open(hit, found, sites, texts),
        };
        let visitor = self.name(hit, visitor, index, goes_on.is_some());
        let index = if visitor.1 { self.last_index(hit.site.id, visitor.0) } else { index };
        let turn = Turn { goes_on: goes_on.is_some(), is_known: found.is_some(), repeats, from_elsewhere };
        self.count(hit, visitor.0, index, turn, sites, texts);
        if repeats { Err(Dropped::KnownOrder) } else { Ok(()) }
    }

    /// Closes the batch: everything placed since the last one.
    pub fn finish(&mut self) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        let changes = self.known.take_changes();
        (batch.opened, batch.changed, batch.continued) = (changes.opened, changes.changed, changes.continued);
        self.orders.clear();
        self.known.shrink();
        batch
    }

    /// Forgets what is at hand and takes the store's numbers: after a failed write, or when data was deleted.
    pub fn reset(&mut self, marks: HighMarks) {
        self.known.clear();
        self.orders.clear();
        self.batch = Batch::default();
        self.next_visit = marks.visit + 1;
        self.next_hit = marks.hit + 1;
    }

    /// The visitor's last visit a hit could go on with: by visitor id, else by configuration.
    fn find(&self, hit: &Enriched, rules: &Rules) -> Option<(VisitorId, usize)> {
        let site = hit.site.id;
        let ahead = hit.at.plus(rules.idle_seconds * 1000);
        let last_of = |visitor: VisitorId, since: Millis| {
            let visits = &self.known.get(site, visitor)?.visits;
            let (index, visit) = visits
                .iter()
                .enumerate()
                .filter(|(_, visit)| visit.row.last_at <= ahead && visit.row.last_at >= since)
                .max_by_key(|(_, visit)| (visit.row.last_at, visit.row.visit_id))?;
            (visit.row.actions < rules.most_actions).then_some((visitor, index))
        };
        let by_id = [hit.visitor, hit.visitor_before].into_iter().flatten().find_map(|id| last_of(id, Millis(i64::MIN)));
        let is_nobody_else = (rules.trusts_ids && hit.visitor.is_some()) || (hit.visitor_forced && hit.user.is_none());
        if by_id.is_some() || hit.fingerprint == 0 || is_nobody_else {
            return by_id;
        }
        let since = hit.at.plus(-1000 * rules.look_back_seconds);
        let mut candidates: Vec<(VisitorId, usize)> = self
            .known
            .with_fingerprint(site, hit.fingerprint)
            .iter()
            .filter_map(|visitor| last_of(*visitor, since))
            .filter(|(visitor, index)| {
                let visit = self.known.get(site, *visitor).and_then(|known| known.visits.get(*index));
                visit.is_some_and(|visit| {
                    visit.row.config_id == hit.fingerprint
                        && (hit.user.is_none() || visit.row.user_id.is_none() || visit.row.user_id == hit.user)
                })
            })
            .collect();
        candidates.sort_by_key(|(visitor, index)| {
            self.known.get(site, *visitor).and_then(|known| known.visits.get(*index)).map(|visit| visit.row.last_at)
        });
        candidates.pop()
    }

    fn goes_on(&self, hit: &Enriched, visitor: VisitorId, index: usize, rules: &Rules) -> bool {
        let Some(visit) = self.known.get(hit.site.id, visitor).and_then(|known| known.visits.get(index)) else { return false };
        let row = &visit.row;
        let at = if rules.policy == VisitPolicy::Plausible { row.seen_at } else { row.last_at };
        let last = Last { at, day: visit.day, user: row.user_id.as_ref(), referrer: self.referrer_of(&row.facts) };
        let next = Next {
            at: hit.at,
            day: hit.at.local(&hit.site.zone).date(),
            asks_for_new: hit.new_visit,
            user: hit.user.as_ref(),
            referrer: self.referrer_of(&hit.visit_facts),
        };
        rules::goes_on(&last, &next, rules)
    }

    fn referrer_of<'a>(&self, facts: &'a [Value]) -> [Option<&'a str>; 3] {
        self.referrer.map(|place| facts.get(place).and_then(Value::as_str))
    }

    /// Opens a visit; `before` is the visitor's last one, if there is one.
    fn open(
        &mut self,
        hit: &mut Enriched,
        before: Option<(VisitorId, usize)>,
        sites: &Sites,
        texts: &Texts,
    ) -> (VisitorId, usize) {
        let site = hit.site.id;
        let visit_id = VisitId(self.next_visit);
        self.next_visit += 1;
        let visitor = before.map(|(visitor, _)| visitor).or(hit.visitor).unwrap_or_else(|| {
            let visitor = VisitorId(xxhash_rust::xxh3::xxh3_64_with_seed(&hit.fingerprint.to_le_bytes(), visit_id.0));
            self.known.is_new(site, visitor);
            visitor
        });
        let mut row = VisitRow {
            visit_id,
            site_id: site,
            visitor_id: visitor,
            config_id: hit.fingerprint,
            user_id: hit.user.clone(),
            first_at: hit.at,
            last_at: hit.at,
            seen_at: hit.at,
            visit_count: 1,
            bounce: true,
            referrer_url: texts.number(&hit.referrer_url),
            facts: std::mem::take(&mut hit.visit_facts),
            slots: hit.visit_slots.clone(),
            entry_props: hit.props.clone(),
            cvars: variables::kept(&hit.visit_variables),
            ..VisitRow::default()
        };
        let is_order = matches!(hit.action, Action::Order(_));
        self.set_past(&mut row, before, is_order, sites.settings.visit_seconds);
        let day = hit.at.local(&hit.site.zone).date();
        let known = self.known.visitor(site, visitor);
        row.first_of_day = known.visits.iter().all(|visit| visit.day != day);
        known.visits.push(OpenVisit::new(row, day));
        let index = known.visits.len() - 1;
        self.known.link(site, hit.fingerprint, visitor);
        (visitor, index)
    }

    /// What the visitor's past says about a new visit.
    fn set_past(&self, row: &mut VisitRow, before: Option<(VisitorId, usize)>, is_order: bool, idle_seconds: i64) {
        let seconds = |from: Millis| u32::try_from((row.first_at.seconds() - from.seconds()).max(0)).unwrap_or(u32::MAX);
        let known = self.known.get(row.site_id, row.visitor_id);
        let last = before.and_then(|(_, index)| known?.visits.get(index)).map(|visit| &visit.row);
        let mut is_known = false;
        // Who ordered in the very visit before is no returning customer yet, as at Matomo.
        let mut was_customer = false;
        let (mut count, mut since_first, mut since_last, mut since_order) = (1, 0, 0, None);
        if let Some(last) = last {
            is_known = true;
            count = last.visit_count + 1;
            since_last = seconds(last.first_at);
            since_first = last.since_first.saturating_add(since_last);
            since_order = last.since_order.map(|since| since.saturating_add(since_last));
            was_customer = last.since_order.is_some_and(|since| since > 0);
        } else if let Some(history) = known.and_then(|known| known.history)
            && history.first_at <= row.first_at.plus(idle_seconds * 1000)
        {
            is_known = true;
            count = history.visits + 1;
            since_first = seconds(history.first_at);
            since_last = seconds(history.last_first_at);
            since_order = history.last_order_at.filter(|at| *at <= row.first_at).map(seconds);
            was_customer = since_order.is_some();
        }
        if is_order {
            since_order = Some(0);
        }
        row.visit_count = count;
        row.since_first = since_first;
        row.since_last = since_last;
        row.since_order = since_order;
        row.visitor_kind = match (was_customer || is_order, is_known) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
    }

    /// Gives a visit that goes on the person's name and id, where the hit brings them: a visit of Matomo's kind is that of whoever
    /// was seen in it last. Says whether the visitor's id changed.
    fn name(&mut self, hit: &Enriched, visitor: VisitorId, index: usize, goes_on: bool) -> (VisitorId, bool) {
        let site = hit.site.id;
        let Some(visit) = self.known.visitor(site, visitor).visits.get_mut(index) else { return (visitor, false) };
        if !goes_on || (hit.user.is_none() && hit.site.policy == VisitPolicy::Plausible) {
            return (visitor, false);
        }
        if hit.user.is_some() && visit.row.user_id != hit.user {
            visit.row.user_id.clone_from(&hit.user);
            visit.dirty = true;
        }
        match hit.visitor {
            Some(named) if named != visitor => {
                let visit_id = visit.row.visit_id;
                self.known.rename(site, visitor, named, visit_id);
                (named, true)
            }
            _ => (visitor, false),
        }
    }

    fn last_index(&self, site: SiteId, visitor: VisitorId) -> usize {
        self.known.get(site, visitor).map_or(0, |known| known.visits.len().saturating_sub(1))
    }

    fn count(&mut self, hit: &mut Enriched, visitor: VisitorId, index: usize, turn: Turn, sites: &Sites, texts: &Texts) {
        let Turn { goes_on, is_known, repeats, from_elsewhere } = turn;
        let site = hit.site.id;
        let policy = hit.site.policy;
        let referrer = self.referrer;
        let visits = &mut self.known.visitor(site, visitor).visits;
        if index >= visits.len() {
            return;
        }
        let (earlier, rest) = visits.split_at_mut(index);
        let Some((visit, later)) = rest.split_first_mut() else { return };
        visit.set_slots(&hit.visit_slots);
        visit.set_variables(&hit.visit_variables);
        if goes_on && policy == VisitPolicy::Matomo && from_elsewhere && !visit.came_from_elsewhere {
            learn_referrer(visit, hit, referrer, texts);
        }
        if goes_on && !hit.learned.is_empty() {
            learn_facts(visit, hit);
        }
        if !matches!(hit.action, Action::PageView) {
            self.batch.hit_updates.extend(later_timings(hit, visit));
        }
        visit.came_from_elsewhere |= from_elsewhere;
        if let Action::Ping = hit.action {
            visit.stay(hit.at, sites.settings.by_arrival);
            return;
        }
        let mut converted = Vec::new();
        let row = hit_row(hit, self.next_hit, &visit.row, texts);
        // What is no action of its own has no number either.
        let hit_id = row.as_ref().map_or(0, |row| row.hit_id);
        self.next_hit += u64::from(row.is_some());
        if let Some(mut row) = row {
            let day = visit.day;
            let same_day = earlier.iter().chain(later.iter()).filter(move |other| other.day == day);
            visit.mark(&mut row, same_day);
            visit.count(&mut row, policy, &sites.settings, !goes_on);
            visit.remember_pageview(&row);
            let visit_began = goes_on.then_some(visit.row.first_at);
            converted = reached(hit, visit, visit_began, &mut self.patterns);
            self.batch.hits.push(row);
        } else {
            visit.dirty = true;
            visit.row.seen_at = visit.row.seen_at.max(hit.at);
            if goes_on && policy == VisitPolicy::Matomo {
                visit.stay(hit.at, sites.settings.by_arrival);
            }
            visit.row.last_at = visit.row.last_at.max(hit.at);
        }
        match &hit.action {
            Action::Goal { goal, revenue } => converted.push((GoalId(*goal), *revenue)),
            Action::Order(_) if repeats => visit.order_again(),
            Action::Order(order) => sell(&mut self.batch, visit, hit, GoalId::ORDER, order, referrer, texts),
            Action::Cart(order) => sell(&mut self.batch, visit, hit, GoalId::CART, order, referrer, texts),
            _ => {}
        }
        // A goal that is reached again converts as far as the visit's time is concerned, recorded or not.
        let known = |goal: GoalId| hit.site.goals.iter().any(|known| known.id == goal);
        let converts = matches!(hit.action, Action::Order(_)) || converted.iter().any(|(goal, _)| known(*goal));
        if !converted.is_empty() {
            visit.make_whole();
        }
        for (goal, revenue) in converted {
            let Some(known) = hit.site.goals.iter().find(|known| known.id == goal) else { continue };
            if !known.many_per_visit && visit.goals.contains(&goal) {
                continue;
            }
            visit.goals.push(goal);
            visit.row.converted = true;
            visit.row.conversions += 1;
            visit.dirty = true;
            self.batch.conversions.push(ConversionRow {
                goal_id: goal,
                revenue: revenue.unwrap_or(known.revenue),
                ..rows::conversion_row(hit, hit_id, &visit.row, referrer, texts)
            });
        }
        if policy == VisitPolicy::Matomo && converts && (goes_on || is_known) {
            lengthen_for_conversion(visit, hit);
        }
    }
}

/// What a hit does to its visit.
#[derive(Clone, Copy)]
struct Turn {
    /// It does not open the visit.
    goes_on: bool,
    /// The visitor was known.
    is_known: bool,
    /// It brings an order that was recorded before.
    repeats: bool,
    /// It names where the visitor came from.
    from_elsewhere: bool,
}

/// A visit that began as direct takes the referrer that a later hit brings, as Matomo does.
fn learn_referrer(visit: &mut OpenVisit, hit: &Enriched, referrer: [usize; 3], texts: &Texts) {
    visit.make_whole();
    let is_direct = visit.row.facts.get(referrer[0]).and_then(Value::as_str).is_none_or(|kind| kind == "direct");
    if !is_direct {
        return;
    }
    for place in referrer {
        if let (Some(held), Some(given)) = (visit.row.facts.get_mut(place), hit.visit_facts.get(place)) {
            held.clone_from(given);
        }
    }
    visit.row.referrer_url = texts.number(&hit.referrer_url);
    visit.dirty = true;
}

/// A visit that goes on learns what its hit is believed.
fn learn_facts(visit: &mut OpenVisit, hit: &Enriched) {
    visit.make_whole();
    for place in &hit.learned {
        if let (Some(held), Some(given)) = (visit.row.facts.get_mut(*place), hit.visit_facts.get(*place)) {
            visit.dirty |= held != given;
            held.clone_from(given);
        }
    }
}

/// The timings that a hit brings for a page view before it: the first of those it names.
fn later_timings(hit: &Enriched, visit: &OpenVisit) -> Option<HitUpdate> {
    hit.timings.iter().find(|timing| timing.is_some())?;
    let (_, page) = visit.pageviews.iter().find(|(id, _)| *id == hit.pageview)?;
    Some(HitUpdate { hit_id: *page, timings: hit.timings })
}

/// The goals an action reaches, with the revenue it brings.
fn reached(
    hit: &Enriched,
    visit: &OpenVisit,
    visit_began: Option<Millis>,
    patterns: &mut Patterns,
) -> Vec<(GoalId, Option<f64>)> {
    if hit.site.goals.is_empty() {
        return Vec::new();
    }
    let kept = hit.url.with_scheme();
    let url = if hit.goal_url.is_empty() { kept.as_ref() } else { &*hit.goal_url };
    let (kind, category, action, name, value) = match &hit.action {
        Action::PageView => (ActionKind::PageView, "", "", "", None),
        Action::Download { .. } => (ActionKind::Download, "", "", "", None),
        Action::Outlink { .. } => (ActionKind::Outlink, "", "", "", None),
        Action::Search { .. } => (ActionKind::Search, "", "", "", None),
        Action::Event { category, action, name, value } => {
            (ActionKind::Event, category.as_str(), action.as_str(), name.as_str(), *value)
        }
        Action::Custom { name, .. } => (ActionKind::Event, "", name.as_str(), "", None),
        // Contents match no pattern, but the time of their visit has passed all the same.
        Action::Content { .. } => (ActionKind::ContentImpression, "", "", "", None),
        _ => return Vec::new(),
    };
    let action = goals::Reached {
        kind,
        url,
        title: &hit.title,
        event_category: category,
        event_action: action,
        event_name: name,
        visit_began,
        at: hit.at,
        visit_actions: visit.row.actions,
        visit_pageviews: visit.row.pageviews,
    };
    let matches_events = |rule: &GoalMatch| {
        matches!(
            rule,
            GoalMatch::Matomo {
                attribute: MatchAttribute::EventCategory | MatchAttribute::EventAction | MatchAttribute::EventName,
                ..
            }
        )
    };
    hit.site
        .goals
        .iter()
        .filter(|goal| goals::reaches(goal, &action, patterns))
        .map(|goal| {
            let of_event = value.filter(|_| goal.event_value_as_revenue && matches_events(&goal.rule));
            (goal.id, of_event.or(hit.goal_revenue))
        })
        .collect()
}

/// Records an order or a cart: the cart of the visit, if there is one, is replaced.
fn sell(
    batch: &mut Batch,
    visit: &mut OpenVisit,
    hit: &Enriched,
    goal: GoalId,
    order: &Order,
    referrer: [usize; 3],
    texts: &Texts,
) {
    visit.make_whole();
    let status = visit.row.ecommerce;
    let had_cart = status == EcommerceStatus::AbandonedCart as u8 || status == EcommerceStatus::OrderedThenAbandonedCart as u8;
    let visit_id = visit.row.visit_id;
    if had_cart {
        batch.conversions.retain(|row| row.visit_id != visit_id || row.goal_id != GoalId::CART);
        batch.items.retain(|row| row.visit_id != visit_id || row.goal_id != GoalId::CART);
        batch.carts_dropped.push(visit_id);
    }
    let ordered = status == EcommerceStatus::Ordered as u8 || status == EcommerceStatus::OrderedThenAbandonedCart as u8;
    visit.row.ecommerce = match (goal == GoalId::ORDER, ordered) {
        (true, _) => EcommerceStatus::Ordered,
        (false, true) => EcommerceStatus::OrderedThenAbandonedCart,
        (false, false) => EcommerceStatus::AbandonedCart,
    } as u8;
    visit.dirty = true;
    if goal == GoalId::ORDER {
        visit.row.converted = true;
        visit.row.conversions += 1;
        visit.row.since_order = Some(0);
    }
    let mut items = item_rows(hit, &visit.row, goal, order, texts);
    batch.conversions.push(ConversionRow {
        goal_id: goal,
        revenue: order.total,
        order_id: (goal == GoalId::ORDER).then(|| Text::from(order.id.as_str())),
        subtotal: order.subtotal,
        tax: order.tax,
        shipping: order.shipping,
        discount: order.discount,
        items: items.iter().map(|item| item.quantity).sum(),
        ..rows::conversion_row(hit, 0, &visit.row, referrer, texts)
    });
    // Of a product that is listed twice the first is kept, as Matomo's table does; both count in the number of items.
    let mut listed = FxHashSet::default();
    items.retain(|item| listed.insert(item.sku));
    batch.items.extend(items);
}

/// Matomo adds the goal's number and two seconds to the visit's time when a known visitor's hit converts, so that its UPDATE
/// never finds an unchanged row. Numbers that are compared with Matomo's need the same seconds.
fn lengthen_for_conversion(visit: &mut OpenVisit, hit: &Enriched) {
    let number = match &hit.action {
        Action::Goal { goal, .. } => i64::from(*goal),
        Action::Order(_) => 0,
        _ => -1,
    };
    let seconds = i64::from(visit.row.duration) + number + 2;
    visit.row.duration = u32::try_from(seconds).unwrap_or(visit.row.duration);
}

#[cfg(test)]
mod tests;
