//! What visitors bought and left over all time, and which visits reached how many goals.

use std::{collections::HashMap, sync::Arc};

use footfall_model::{
    Aggregate, Cell, ConversionRow, Error, Fact, Filter, GoalId, Key, Measure, Name, Op, Query, Site, SiteId, TimeRange, Value,
    VisitId, VisitRow, VisitorId,
};
use footfall_report::{number, store::VisitDetail};

use crate::matomo::Context;

/// Sums by visitor and by visit.
#[derive(Default)]
pub(super) struct Lifetimes {
    sales: HashMap<(SiteId, VisitorId, GoalId), Sum>,
    goals: HashMap<VisitId, usize>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    revenue: f64,
    count: i64,
    items: i64,
}

/// What there is to know about the visitors of these visits.
pub(super) async fn of(ctx: &Context, sites: &[Arc<Site>], details: &[VisitDetail]) -> Result<Lifetimes, Error> {
    let mut lifetimes = Lifetimes::default();
    if details.is_empty() {
        return Ok(lifetimes);
    }
    let goals = conversions(sites, "visit_id", details.iter().map(|detail| detail.visit.visit_id.0), Op::Greater, 0);
    for row in ctx.store.query(&goals).await?.rows {
        if let [_, visit, _, _, count, _] = row.as_slice() {
            let visit = VisitId(visit.as_i64().unwrap_or_default() as u64);
            *lifetimes.goals.entry(visit).or_default() += count.as_i64().unwrap_or_default() as usize;
        }
    }
    let selling: Vec<Arc<Site>> = sites.iter().filter(|site| site.ecommerce).cloned().collect();
    if selling.is_empty() {
        return Ok(lifetimes);
    }
    let visitors = details.iter().map(|detail| detail.visit.visitor_id.0);
    let sales = conversions(&selling, "visitor_id", visitors, Op::AtMost, 0);
    for row in ctx.store.query(&sales).await?.rows {
        if let [site, visitor, goal, revenue, count, items] = row.as_slice() {
            let number = |value: &Value| value.as_i64().unwrap_or_default();
            let key = (SiteId(number(site) as u32), VisitorId(number(visitor) as u64), GoalId(number(goal) as i32));
            let sum = Sum { revenue: revenue.as_f64().unwrap_or_default(), count: number(count), items: number(items) };
            lifetimes.sales.insert(key, sum);
        }
    }
    Ok(lifetimes)
}

/// The conversions of these visits or visitors, whenever they were.
fn conversions(sites: &[Arc<Site>], by: &str, ids: impl Iterator<Item = u64>, op: Op, goal: i64) -> Query {
    let mut ids: Vec<u64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let zone = sites.first().map_or(jiff::tz::TimeZone::UTC, |site| site.zone.clone());
    let mut query = Query::new(Fact::Conversions, sites.iter().map(|site| site.id).collect(), TimeRange::EVER, zone);
    let (Some(by), Some(goals), Some(revenue), Some(items)) = (
        ConversionRow::column(by),
        ConversionRow::column("goal_id"),
        ConversionRow::column("revenue"),
        ConversionRow::column("items"),
    ) else {
        return query;
    };
    let ids = ids.into_iter().map(|id| Value::Int(id as i64)).collect();
    query.filter = Filter::test(Key::Column(by), Op::Is, ids).and(Filter::test(Key::Column(goals), op, vec![Value::Int(goal)]));
    query.keys = vec![Key::Site, Key::Column(by), Key::Column(goals)];
    query.measures = vec![
        Measure::new("revenue", Aggregate::Sum(revenue)),
        Measure::new("count", Aggregate::Count),
        Measure::new("items", Aggregate::Sum(items)),
    ];
    query
}

impl Lifetimes {
    /// How many goals a visit reached.
    pub(super) fn goals(&self, detail: &VisitDetail) -> usize {
        self.goals.get(&detail.visit.visit_id).copied().unwrap_or(0)
    }

    /// What the visitor of a visit bought and left on its site.
    pub(super) fn sales(&self, visit: &VisitRow) -> Vec<(Name, Cell)> {
        let of = |goal| self.sales.get(&(visit.site_id, visit.visitor_id, goal)).copied();
        let (orders, carts) = (of(GoalId::ORDER), of(GoalId::CART));
        let revenue = |sum: Option<Sum>| Cell::Value(number::number(number::round(sum.unwrap_or_default().revenue, 2)));
        let count = |sum: Option<Sum>| Cell::from(sum.unwrap_or_default().count);
        // Sums of items are texts, as databases give them to PHP.
        let items = |sum: Option<Sum>| sum.map_or(Cell::from(0i64), |sum| Cell::text(&sum.items.to_string()));
        vec![
            ("totalEcommerceRevenue".into(), revenue(orders)),
            ("totalEcommerceConversions".into(), count(orders)),
            ("totalEcommerceItems".into(), items(orders)),
            ("totalAbandonedCartsRevenue".into(), revenue(carts)),
            ("totalAbandonedCarts".into(), count(carts)),
            ("totalAbandonedCartsItems".into(), items(carts)),
        ]
    }
}
