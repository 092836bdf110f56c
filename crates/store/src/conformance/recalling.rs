//! Laws about whole visits.

use footfall_model::{
    ActionKind, ConversionRow, Filter, GoalId, ItemRow, Millis, Op, SiteId, Text, TimeRange, VisitAnchor, VisitId, VisitorId,
};
use jiff::tz::TimeZone;

use super::{Bench, at};
use crate::{Batch, History, Recall, VisitDetail, VisitsWanted};

/// Every visit of a site, with actions.
pub(crate) fn everything(site: u32) -> VisitsWanted {
    VisitsWanted {
        sites: vec![SiteId(site)],
        range: TimeRange::EVER,
        anchor: VisitAnchor::LastAction,
        filter: Filter::All,
        zone: TimeZone::UTC,
        ascending: false,
        limit: 100,
        offset: 0,
        with_actions: true,
    }
}

fn numbers(visits: &[VisitDetail]) -> Vec<u64> {
    visits.iter().map(|detail| detail.visit.visit_id.0).collect()
}

fn four_visits(bench: &Bench) -> Batch {
    let mut story = bench.story();
    story.visit(1, 7, &[(at("2026-03-01T10:00:00Z"), "a.example/"), (at("2026-03-01T10:40:00Z"), "a.example/late")]);
    story.visit(1, 8, &[(at("2026-03-01T10:10:00Z"), "a.example/")]).user_id = Some(Text::from("ada"));
    story.visit(1, 7, &[(at("2026-03-02T09:00:00Z"), "a.example/")]).config_id = u64::MAX;
    story.hit(ActionKind::Event, at("2026-03-02T08:59:00Z"), "a.example/before");
    story.visit(2, 7, &[(at("2026-03-02T11:00:00Z"), "b.example/")]);
    let mut batch = story.finish(&TimeZone::UTC);
    batch.conversions.push(ConversionRow {
        hit_id: 2,
        visit_id: VisitId(1),
        site_id: SiteId(1),
        visitor_id: VisitorId(7),
        at: at("2026-03-01T10:40:00Z"),
        goal_id: GoalId(0),
        order_id: Some(Text::from("o-1")),
        ..ConversionRow::default()
    });
    batch.items.push(ItemRow {
        hit_id: 2,
        visit_id: VisitId(1),
        site_id: SiteId(1),
        visitor_id: VisitorId(7),
        at: at("2026-03-01T10:40:00Z"),
        goal_id: GoalId(0),
        name: 2,
        ..ItemRow::default()
    });
    batch
}

/// Visits come latest first, or earliest first, cut where asked, with their actions by time and every text they name.
pub fn visits_come_in_order(bench: &Bench) {
    let batch = four_visits(bench);
    let store = bench.store_with(batch.clone());
    let ask = |change: &dyn Fn(&mut VisitsWanted)| {
        let mut wanted = everything(1);
        change(&mut wanted);
        bench.wait(store.visits(&wanted))
    };
    let visits = ask(&|_| {});
    assert_eq!(numbers(&visits), [3, 1, 2]);
    let hits: Vec<u64> = visits[0].hits.iter().map(|hit| hit.hit_id).collect();
    assert_eq!(hits, [5, 4]);
    assert_eq!(visits[1].visit, batch.opened[0]);
    assert_eq!(visits[1].hits, batch.hits[..2]);
    assert_eq!(visits[1].conversions, batch.conversions);
    assert_eq!(visits[1].items, batch.items);
    assert_eq!(visits[1].texts.get(&2).map(|text| &**text), Some("a.example/late"));
    assert_eq!(numbers(&ask(&|wanted| wanted.ascending = true)), [2, 1, 3]);
    assert_eq!(numbers(&ask(&|wanted| wanted.anchor = VisitAnchor::FirstAction)), [3, 2, 1]);
    assert_eq!(numbers(&ask(&|wanted| (wanted.limit, wanted.offset) = (1, 1))), [1]);
    assert_eq!(numbers(&ask(&|wanted| wanted.limit = 0)), []);
    assert_eq!(numbers(&ask(&|wanted| wanted.sites = vec![SiteId(1), SiteId(2)])), [4, 3, 1, 2]);
    assert_eq!(numbers(&ask(&|wanted| wanted.range.end = at("2026-03-01T10:40:00Z"))), [2]);
    let user = bench.visits("user_id");
    assert_eq!(numbers(&ask(&|wanted| wanted.filter = Filter::is(user, "ada"))), [2]);
    let bare = ask(&|wanted| wanted.with_actions = false);
    assert!(bare.iter().all(|detail| detail.hits.is_empty() && detail.conversions.is_empty() && detail.items.is_empty()));
    let wrong =
        VisitsWanted { filter: Filter::test(footfall_model::Key::Column(bench.hits("url")), Op::Is, vec![]), ..everything(1) };
    assert_eq!(bench.refused(store.visits(&wrong)).fault(), footfall_model::Fault::Invalid);
}

/// Visitors are recalled by id, fingerprint and user; their pasts are summed over all time; orders are known by number.
pub fn visitors_are_recalled(bench: &Bench) {
    let batch = four_visits(bench);
    let store = bench.store_with(batch.clone());
    let site = SiteId(1);
    let march = at("2026-03-02T00:00:00Z");
    let recall = |wanted: Recall| bench.wait(store.recall(&wanted));
    let past = History {
        site,
        visitor: VisitorId(7),
        visits: 2,
        first_at: at("2026-03-01T10:00:00Z"),
        last_first_at: at("2026-03-02T08:59:00Z"),
        last_order_at: Some(at("2026-03-01T10:40:00Z")),
    };
    let by_id = recall(Recall {
        visitors: vec![(site, VisitorId(7)), (site, VisitorId(999)), (SiteId(3), VisitorId(7))],
        since: march,
        ..Recall::default()
    });
    assert_eq!(numbers(&by_id.visits), [3]);
    assert_eq!(by_id.visits[0].hits.len(), 2);
    assert_eq!(by_id.histories, [past]);
    let by_fingerprint =
        recall(Recall { fingerprints: vec![(site, u64::MAX), (SiteId(2), u64::MAX)], since: march, ..Recall::default() });
    assert_eq!(numbers(&by_fingerprint.visits), [3]);
    assert_eq!(by_fingerprint.histories, [past]);
    let by_user = recall(Recall { users: vec![(site, Text::from("ada"))], since: Millis(i64::MIN), ..Recall::default() });
    assert_eq!(numbers(&by_user.visits), [2]);
    assert_eq!(by_user.histories.len(), 1);
    assert_eq!(by_user.histories[0].last_order_at, None);
    let long_ago = recall(Recall { visitors: vec![(site, VisitorId(7))], since: Millis(0), ..Recall::default() });
    assert_eq!(numbers(&long_ago.visits), [1, 3]);
    assert_eq!(long_ago.visits[0].conversions, batch.conversions);
    let asked = vec![(site, Text::from("o-1")), (SiteId(2), Text::from("o-1")), (site, Text::from("o-2"))];
    let orders = recall(Recall { orders: asked, ..Recall::default() });
    assert_eq!(orders.orders, [(site, Text::from("o-1"))]);
    assert!(orders.visits.is_empty() && orders.histories.is_empty());
}
