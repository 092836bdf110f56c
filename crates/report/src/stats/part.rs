//! The questions to the store that one question about figures becomes.

use footfall_model::{
    ActionKind, Aggregate, ConversionRow, Fact, Filter as Condition, Goal, Key, Measure, Op, Query, Text, Value, VisitAnchor,
};

use super::{
    Dimension, Filter, Metric, Source, StatsQuery, Style,
    dimension::{hit, visit},
    filter::{Ground, all, any, of_kinds},
    goal,
    row::Raw,
    tables::Tables,
};

/// One question to the store, and what its rows mean.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) query: Query,
    /// What the measures are, in order.
    pub(super) raws: Vec<Raw>,
    /// Which dimensions the rows are grouped by, by place, and how their values are read from the keys.
    pub(super) labels: Vec<(usize, Label)>,
    /// Whether its rows are rows of the answer, or only add to those that are there.
    pub(super) makes_rows: bool,
}

/// How a dimension's value is read from the keys of a row.
#[derive(Clone, Debug)]
pub(super) enum Label {
    /// From so many keys.
    Keys(usize, Dimension),
    /// The key is a place among these names.
    Place(Vec<Text>),
    /// The key is a goal's number.
    Number(Vec<(i64, Text)>),
    /// It is the same for all rows.
    Fixed(Text),
}

/// Makes the parts of a question.
pub(super) fn parts(query: &StatsQuery) -> Vec<Part> {
    Builder::new(query).parts()
}

/// The condition that a question's filters put on visits.
pub fn visits_condition(query: &StatsQuery) -> Condition {
    Builder::new(query).visits_filter(&query.filters)
}

/// The actions a question's conditions leave, engagement among them, with nothing measured yet.
pub(super) fn actions(query: &StatsQuery) -> Query {
    let builder = Builder::new(query);
    let mut asked = builder.base(Fact::Hits);
    asked.filter = builder.on(&query.filters, Fact::Hits);
    asked
}

struct Builder<'a> {
    query: &'a StatsQuery,
    ground: Ground<'a>,
    tables: Tables,
    /// The goals that conditions on top leave.
    goals: Vec<Goal>,
    /// The place of the goal dimension.
    goal_place: Option<usize>,
}

impl<'a> Builder<'a> {
    fn new(query: &'a StatsQuery) -> Builder<'a> {
        Builder {
            query,
            ground: Ground { site: &query.site, range: query.span.range },
            tables: Tables::of(query),
            goals: goal::left(&query.site, &query.filters),
            goal_place: query.dimensions.iter().position(|dimension| dimension.source == Source::Goal),
        }
    }

    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        if self.goal_place.is_some() {
            parts.extend(self.goals_on_hits());
            parts.extend(self.goals_on_conversions());
        } else {
            let full = !self.tables.smeared.is_empty();
            let hits_lead = !self.tables.hits.is_empty() && self.hits_lead();
            if !self.tables.hits.is_empty() {
                parts.extend(self.hits(hits_lead || full || self.tables.visits.is_empty()));
            }
            if !self.tables.smeared.is_empty() {
                parts.extend(self.smeared());
            }
            if !self.tables.visits.is_empty() {
                parts.extend(self.visits(!hits_lead || full));
            }
            if self.wants(Metric::Conversions) || self.wants(Metric::Revenue) {
                parts.extend(self.conversions());
            }
        }
        if self.wants(Metric::TimeOnPage) || self.wants(Metric::ScrollDepth) {
            parts.extend(self.engagement());
        }
        if self.wants(Metric::Percentage) {
            parts.push(self.total(&self.query.filters.clone(), Raw::TotalVisitors, &[]));
        }
        if self.wants(Metric::ConversionRate) {
            let times: Vec<usize> = match self.query.style {
                Style::Footfall => self.places(|dimension| dimension.is_of_time()),
                _ => Vec::new(),
            };
            parts.push(self.total(&self.unfiltered(), Raw::AllVisitors, &times));
        }
        if self.wants(Metric::GroupConversionRate) || self.wants(Metric::TotalVisitors) {
            let others = self.places(|dimension| dimension.source != Source::Goal);
            parts.push(self.total(&self.unfiltered(), Raw::GroupVisitors, &others));
        }
        parts
    }

    fn wants(&self, metric: Metric) -> bool {
        self.query.metrics.contains(&metric)
    }

    /// Whether rows of actions are the rows of the answer.
    fn hits_lead(&self) -> bool {
        self.query.style != Style::Footfall
            || self.query.dimensions.iter().any(Dimension::is_of_actions)
            || self.tables.visits.is_empty()
    }

    fn places(&self, wanted: impl Fn(&Dimension) -> bool) -> Vec<usize> {
        let dimensions = self.query.dimensions.iter().enumerate();
        dimensions.filter(|(_, dimension)| wanted(dimension)).map(|(place, _)| place).collect()
    }

    fn every_place(&self) -> Vec<usize> {
        (0..self.query.dimensions.len()).collect()
    }

    /// A question about a fact with nothing measured yet.
    fn base(&self, fact: Fact) -> Query {
        let span = &self.query.span;
        let mut query = Query::new(fact, vec![self.query.site.id], span.range, span.zone.clone());
        query.whole_days = self.query.visits_stay_in_days();
        if !query.whole_days {
            query.anchor = VisitAnchor::Overlap;
        }
        query
    }

    /// Groups by the dimensions at these places; `None` where the fact does not know one of them.
    fn grouped(
        &self,
        mut query: Query,
        places: &[usize],
        dimension_of: impl Fn(&Dimension) -> Option<Dimension>,
        makes_rows: bool,
    ) -> Option<Part> {
        let mut labels = Vec::new();
        for place in places {
            let dimension = dimension_of(&self.query.dimensions[*place])?;
            let keys = dimension.keys(query.fact)?;
            labels.push((*place, Label::Keys(keys.len(), dimension.clone())));
            query.keys.extend(keys);
            if query.fact == Fact::Hits {
                query.filter = query.filter.and(dimension.present());
            }
        }
        Some(Part { query, raws: Vec::new(), labels, makes_rows })
    }

    fn hits(&self, makes_rows: bool) -> Option<Part> {
        let mut query = self.base(Fact::Hits);
        query.filter = self.hits_filter(&self.query.filters);
        let mut part = self.grouped(query, &self.every_place(), |d| Some(d.clone()), makes_rows)?;
        for metric in &self.tables.hits {
            measure_hits(&mut part, *metric, self.counts_engagement());
        }
        if self.wants(Metric::Revenue) {
            measure_hits(&mut part, Metric::TotalRevenue, false);
        }
        Some(part)
    }

    /// Visitors and visits in each bucket in which the visit did something.
    fn smeared(&self) -> Option<Part> {
        let mut query = self.base(Fact::Hits);
        let (of_actions, of_visits) = self.split(&self.query.filters);
        query.filter = not_engaged().and(self.on(&of_visits, Fact::Hits));
        if !of_actions.is_empty() {
            let done = self.hits_filter(&of_actions);
            query.filter = query.filter.and(self.ground.in_visit(done));
        }
        let mut part = self.grouped(query, &self.every_place(), |d| Some(d.clone()), true)?;
        for metric in &self.tables.smeared {
            measure_hits(&mut part, *metric, false);
        }
        Some(part)
    }

    fn visits(&self, makes_rows: bool) -> Vec<Part> {
        let mut filters = self.query.filters.clone();
        for dimension in &self.query.dimensions {
            if let Some(entry) = dimension.of_entry() {
                filters = filters.iter().map(|filter| filter.renamed(dimension, &entry)).collect();
            }
        }
        let mut query = self.base(Fact::Visits);
        query.filter = self.visits_filter(&filters);
        let of_visit = |dimension: &Dimension| {
            if dimension.is_of_actions() { dimension.of_entry() } else { Some(dimension.clone()) }
        };
        let Some(mut part) = self.grouped(query, &self.every_place(), of_visit, makes_rows) else {
            return Vec::new();
        };
        let entry = self.entry_condition();
        for metric in &self.tables.visits {
            measure_visits(&mut part, *metric, &entry);
        }
        self.clamped(part)
    }

    /// Visits that went on after the span's end belong to its last bucket.
    fn clamped(&self, part: Part) -> Vec<Part> {
        let span = &self.query.span;
        let place = self.query.dimensions.iter().position(|dimension| dimension.bucket().is_some());
        let (Some(place), VisitAnchor::Overlap, Some(last_at)) = (place, part.query.anchor, visit("last_at")) else {
            return vec![part];
        };
        let Some(bucket) = self.query.dimensions[place].bucket() else {
            return vec![part];
        };
        let last = span.range.end.plus(-1);
        let begin = bucket.start(last, span);
        let test = |op| Condition::test(Key::Column(last_at), op, vec![Value::Int(begin.0)]);

        let mut tail = part.clone();
        tail.query.filter = tail.query.filter.and(test(Op::AtLeast));
        let mut key = 0;
        for (at, label) in &mut tail.labels {
            if *at == place {
                tail.query.keys.remove(key);
                *label = Label::Fixed(Text::from(bucket.label(last, span)));
                break;
            }
            if let Label::Keys(n, _) = label {
                key += *n;
            }
        }
        if begin <= span.range.start {
            return vec![tail];
        }
        let mut body = part;
        body.query.filter = body.query.filter.and(test(Op::Less));
        vec![body, tail]
    }

    /// With a condition on pages, only visits that began on such a page can have been bounces there.
    fn entry_condition(&self) -> Condition {
        let on_top = self
            .query
            .filters
            .iter()
            .find(|filter| matches!(filter, Filter::Leaf(leaf) if &*leaf.dimension.name == "event:page"));
        let (Some(Filter::Leaf(leaf)), Some(entry_page)) = (on_top, visit("entry_page")) else {
            return Condition::All;
        };
        let mut leaf = leaf.clone();
        leaf.dimension.source = Source::Visit(entry_page);
        self.ground.condition(&Filter::Leaf(leaf), Fact::Visits)
    }

    fn goals_on_hits(&self) -> Option<Part> {
        let goals: Vec<&Goal> = self.goals.iter().filter(|goal| !goal::is_recorded(goal)).collect();
        let place = self.goal_place?;
        if goals.is_empty() {
            return None;
        }
        let others = self.places(|dimension| dimension.source != Source::Goal);
        let mut query = self.base(Fact::Hits);
        query.filter = self.on(&self.without_goals(), Fact::Hits);
        let mut part = self.grouped(query, &others, |d| Some(d.clone()), true)?;
        part.query.keys.push(Key::EachOf(goals.iter().map(|goal| goal::on_hits(goal)).collect()));
        part.labels.push((place, Label::Place(goals.iter().map(|goal| goal::goal_name(goal)).collect())));
        for metric in [Metric::Visitors, Metric::Visits, Metric::Pageviews, Metric::Events, Metric::Actions] {
            if metric == Metric::Visitors || self.wants(metric) {
                measure_hits(&mut part, metric, true);
            }
        }
        if self.wants(Metric::Conversions) {
            measure(&mut part, Raw::Conversions, Aggregate::Count, Condition::All);
        }
        for metric in [Metric::TotalRevenue, Metric::AverageRevenue, Metric::Revenue] {
            if self.wants(metric) {
                measure_hits(&mut part, metric, true);
            }
        }
        Some(part)
    }

    fn goals_on_conversions(&self) -> Option<Part> {
        let place = self.goal_place?;
        let others = self.places(|dimension| dimension.source != Source::Goal);
        let mut part = self.recorded(&others, true)?;
        let goal_id = ConversionRow::column("goal_id")?;
        part.query.keys.push(Key::Column(goal_id));
        let names = self.goals.iter().filter(|goal| goal::is_recorded(goal));
        let names = names.map(|goal| (i64::from(goal.id.0), goal::goal_name(goal))).collect();
        part.labels.push((place, Label::Number(names)));
        measure(&mut part, Raw::Visitors, Aggregate::Visitors, Condition::All);
        measure(&mut part, Raw::Visits, Aggregate::Visits, Condition::All);
        measure(&mut part, Raw::Events, Aggregate::Count, Condition::All);
        measure(&mut part, Raw::Conversions, Aggregate::Count, Condition::All);
        measure(&mut part, Raw::ConversionRevenue, Aggregate::Sum(ConversionRow::column("revenue")?), Condition::All);
        Some(part)
    }

    /// Conversions of goals that are recorded while tracking; `None` where there are none, or they do not know a dimension.
    fn recorded(&self, places: &[usize], makes_rows: bool) -> Option<Part> {
        let ids: Vec<Value> =
            self.goals.iter().filter(|goal| goal::is_recorded(goal)).map(|goal| Value::Int(i64::from(goal.id.0))).collect();
        if ids.is_empty() {
            return None;
        }
        let mut query = self.base(Fact::Conversions);
        let of_goals = Condition::test(Key::Column(ConversionRow::column("goal_id")?), Op::Is, ids);
        query.filter = of_goals.and(self.on(&self.without_goals(), Fact::Conversions));
        self.grouped(query, places, |d| Some(d.clone()), makes_rows)
    }

    /// How often goals were reached, and what that brought, where goals are no dimension.
    fn conversions(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let found: Vec<&Goal> = self.goals.iter().filter(|goal| !goal::is_recorded(goal)).collect();
        if self.wants(Metric::Conversions) && !found.is_empty() {
            let mut query = self.base(Fact::Hits);
            query.filter = self.on(&self.without_goals(), Fact::Hits);
            if let Some(mut part) = self.grouped(query, &self.every_place(), |d| Some(d.clone()), false) {
                part.query.keys.push(Key::EachOf(found.iter().map(|goal| goal::on_hits(goal)).collect()));
                measure(&mut part, Raw::Conversions, Aggregate::Count, Condition::All);
                parts.push(part);
            }
        }
        if self.wants(Metric::Conversions)
            && let Some(mut part) = self.recorded(&self.every_place(), false)
        {
            measure(&mut part, Raw::Conversions, Aggregate::Count, Condition::All);
            parts.push(part);
        }
        if self.wants(Metric::Revenue) {
            parts.extend(self.revenue());
        }
        parts
    }

    /// What goals and orders brought, and what events did where no other part counts that.
    fn revenue(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let recorded = if self.query.filters_goals() {
            self.recorded(&self.every_place(), false)
        } else {
            let mut query = self.base(Fact::Conversions);
            query.filter = self.on(&self.query.filters, Fact::Conversions);
            if let Some(goal_id) = ConversionRow::column("goal_id") {
                let reached = Condition::test(Key::Column(goal_id), Op::AtLeast, vec![Value::Int(0)]);
                query.filter = reached.and(query.filter);
            }
            self.grouped(query, &self.every_place(), |d| Some(d.clone()), false)
        };
        if let (Some(mut part), Some(revenue)) = (recorded, ConversionRow::column("revenue")) {
            measure(&mut part, Raw::ConversionRevenue, Aggregate::Sum(revenue), Condition::All);
            parts.push(part);
        }
        if self.tables.hits.is_empty() {
            let mut query = self.base(Fact::Hits);
            query.filter = self.hits_filter(&self.query.filters);
            if let Some(mut part) = self.grouped(query, &self.every_place(), |d| Some(d.clone()), false) {
                measure_hits(&mut part, Metric::TotalRevenue, false);
                parts.push(part);
            }
        }
        parts
    }

    fn engagement(&self) -> Option<Part> {
        let mut query = self.base(Fact::Hits);
        query.filter = of_kinds(&[ActionKind::Engagement]).and(self.on(&self.without_goals(), Fact::Hits));
        let places = self.places(|dimension| dimension.source != Source::Goal);
        let mut part = self.grouped(query, &places, |d| Some(d.clone()), false)?;
        if self.wants(Metric::TimeOnPage) {
            let engaged = hit("engagement_ms")?;
            let some = Condition::test(Key::Column(engaged), Op::Greater, vec![Value::Int(0)]);
            measure(&mut part, Raw::EngagedMillis, Aggregate::Sum(engaged), Condition::All);
            measure(&mut part, Raw::EngagedVisits, Aggregate::Visits, some);
            measure(&mut part, Raw::Engagements, Aggregate::Count, Condition::All);
        }
        if self.wants(Metric::ScrollDepth) {
            let depth = hit("scroll_depth")?;
            let known = Condition::test(Key::Column(depth), Op::AtMost, vec![Value::Int(100)]);
            measure(&mut part, Raw::Scrolled, Aggregate::SumOfMaxPerVisit(depth), known.clone());
            measure(&mut part, Raw::ScrolledVisits, Aggregate::Visits, known);
        }
        Some(part)
    }

    /// Visitors that satisfy these conditions, by the dimensions at these places.
    fn total(&self, filters: &[Filter], raw: Raw, places: &[usize]) -> Part {
        let dimensions = || places.iter().map(|place| &self.query.dimensions[*place]);
        let of_actions = filters.iter().any(Filter::is_of_actions)
            || dimensions().any(|dimension| dimension.is_of_actions() || dimension.is_of_time())
            || !self.query.span.whole_days;
        let fact = if of_actions { Fact::Hits } else { Fact::Visits };
        let mut query = self.base(fact);
        query.filter = if of_actions { self.hits_filter(filters) } else { self.on(filters, Fact::Visits) };
        let part = self.grouped(query.clone(), places, |d| Some(d.clone()), false);
        let mut part = part.unwrap_or(Part { query, raws: Vec::new(), labels: Vec::new(), makes_rows: false });
        measure(&mut part, raw, Aggregate::Visitors, Condition::All);
        part
    }

    fn unfiltered(&self) -> Vec<Filter> {
        unfiltered(self.query)
    }

    fn without_goals(&self) -> Vec<Filter> {
        let about = |filter: &Filter| matches!(filter, Filter::Leaf(leaf) if leaf.dimension.source == Source::Goal);
        self.query.filters.iter().filter(|filter| !about(filter)).cloned().collect()
    }

    fn on(&self, filters: &[Filter], fact: Fact) -> Condition {
        all(filters.iter().map(|filter| self.ground.condition(filter, fact)))
    }

    /// Whether conditions on goals let engagement through.
    fn counts_engagement(&self) -> bool {
        self.query.filters_goals() && self.goals.iter().any(goal::is_scroll)
    }

    fn hits_filter(&self, filters: &[Filter]) -> Condition {
        let kept = if self.counts_engagement() {
            let scrolled = self.goals.iter().filter(|goal| goal::is_scroll(goal)).map(goal::on_hits);
            any(std::iter::once(not_engaged()).chain(scrolled).collect())
        } else {
            not_engaged()
        };
        kept.and(self.on(filters, Fact::Hits))
    }

    fn visits_filter(&self, filters: &[Filter]) -> Condition {
        let (of_actions, of_visits) = self.split(filters);
        let direct = self.on(&of_visits, Fact::Visits);
        if of_actions.is_empty() {
            return direct;
        }
        direct.and(self.ground.in_visit(self.hits_filter(&of_actions)))
    }

    /// Conditions on what was done, and conditions on visits alone.
    fn split(&self, filters: &[Filter]) -> (Vec<Filter>, Vec<Filter>) {
        filters.iter().cloned().partition(Filter::is_of_actions)
    }
}

/// The conditions without those on top that are about goals and properties.
pub(super) fn unfiltered(query: &StatsQuery) -> Vec<Filter> {
    let about =
        |filter: &Filter| matches!(filter, Filter::Leaf(leaf) if matches!(leaf.dimension.source, Source::Goal | Source::Prop(_)));
    query.filters.iter().filter(|filter| !about(filter)).cloned().collect()
}

/// Actions that count by themselves: everything but engagement, which only tells more about others.
pub fn counted() -> Condition {
    not_engaged()
}

fn not_engaged() -> Condition {
    of_kinds(&[ActionKind::Engagement]).negated()
}

fn measure(part: &mut Part, raw: Raw, aggregate: Aggregate, only: Condition) {
    if part.raws.contains(&raw) {
        return;
    }
    part.raws.push(raw);
    part.query.measures.push(Measure::new(raw.name(), aggregate).only(only));
}

fn measure_hits(part: &mut Part, metric: Metric, engagement: bool) {
    let revenue = hit("revenue");
    match metric {
        Metric::Visitors => measure(part, Raw::Visitors, Aggregate::Visitors, Condition::All),
        Metric::Visits => measure(part, Raw::Visits, Aggregate::Visits, Condition::All),
        Metric::Pageviews => {
            measure(part, Raw::Pageviews, Aggregate::Count, of_kinds(&[ActionKind::PageView]));
        }
        Metric::Events => {
            let only = if engagement { not_engaged() } else { Condition::All };
            measure(part, Raw::Events, Aggregate::Count, only);
        }
        Metric::Actions => {
            let kinds = &ActionKind::ALL[..5];
            measure(part, Raw::Actions, Aggregate::Count, of_kinds(kinds));
        }
        Metric::TotalRevenue | Metric::AverageRevenue | Metric::Revenue => {
            if let Some(column) = revenue {
                let known = Condition::test(Key::Column(column), Op::IsNot, vec![Value::Null]);
                measure(part, Raw::Revenue, Aggregate::Sum(column), Condition::All);
                measure(part, Raw::RevenueEvents, Aggregate::Count, known);
            }
        }
        _ => {}
    }
}

fn measure_visits(part: &mut Part, metric: Metric, entry: &Condition) {
    let flag = |name| visit(name).map(|column| Condition::is(column, 1i64));
    match metric {
        Metric::Visitors => measure(part, Raw::Visitors, Aggregate::Visitors, Condition::All),
        Metric::Visits => measure(part, Raw::Visits, Aggregate::Count, Condition::All),
        Metric::BounceRate => {
            if let Some(bounced) = flag("bounce") {
                measure(part, Raw::Bounces, Aggregate::Count, bounced.and(entry.clone()));
                measure(part, Raw::BounceVisits, Aggregate::Count, entry.clone());
            }
        }
        Metric::VisitDuration => sum(part, Raw::Seconds, "duration"),
        Metric::ViewsPerVisit => sum(part, Raw::Views, "pageviews"),
        Metric::Pageviews => sum(part, Raw::Pageviews, "pageviews"),
        Metric::Actions => sum(part, Raw::Actions, "actions"),
        Metric::Events => sum(part, Raw::Events, "actions"),
        _ => {}
    }
    if matches!(metric, Metric::VisitDuration | Metric::ViewsPerVisit) {
        measure(part, Raw::SessionVisits, Aggregate::Count, Condition::All);
    }
}

fn sum(part: &mut Part, raw: Raw, column: &str) {
    if let Some(column) = visit(column) {
        measure(part, raw, Aggregate::Sum(column), Condition::All);
    }
}
