//! Random visits, random questions: every store agrees with the one in memory.

use std::sync::Arc;

use footfall_model::{
    ActionKind, Aggregate, Catalogue, Column, ConversionRow, Fact, Filter, GoalId, Having, HitRow, ItemRow, Key, Kind, Measure,
    Millis, Op, Order, Query, Related, Scope, SiteId, Test, Text, TimePart, TimeRange, Value, VisitAnchor, VisitId, VisitRow,
    VisitorId,
};
use jiff::tz::TimeZone;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use super::{Bench, at, mark};
use crate::{Batch, FactRow, MemoryStore, Schema, Store};

const DAY: i64 = 86_400_000;
const TEXTS: [&str; 8] = ["a", "B", "ab", "\u{c4}b", "x%_y", "7", "b a", "2026-03-28"];

/// Any store answers any question as the one in memory does.
pub fn random_questions_agree_with_memory(bench: &Bench) {
    let schema = Schema::of(&bench.catalogue);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(40) });
    let cases = (told(8), vec(query(&schema), 1..12));
    let outcome = runner.run(&cases, |(told, queries)| {
        let batch = batch(&bench.catalogue, &schema, &told);
        let store = bench.store_with(batch.clone());
        let memory: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::clone(&bench.catalogue)));
        bench.wait(memory.append(batch));
        for query in queries {
            let expected = bench.answer(&memory, &query);
            prop_assert_eq!(bench.answer(&store, &query), expected, "{:?}", query);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// A visit before its columns are filled in.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    site: u32,
    visitor: u64,
    /// Minutes since the first day began.
    began: i64,
    /// The kind of each action and the seconds since the one before.
    hits: Vec<(u8, i64)>,
    seed: u64,
}

/// A few visits within three days, none of which crosses UTC's midnight.
pub(crate) fn told(most: usize) -> impl Strategy<Value = Vec<Told>> {
    let hits = vec((1..=8_u8, 0..900_i64), 1..5);
    let visit = (1..=2_u32, 1..=3_u64, 0..3_i64, 0..1380_i64, hits, any::<u64>());
    let visit =
        visit.prop_map(|(site, visitor, day, minute, hits, seed)| Told { site, visitor, began: day * 1440 + minute, hits, seed });
    vec(visit, 0..=most)
}

/// When the first day begins: in Berlin the clock changes on the second.
pub(crate) fn beginning() -> Millis {
    at("2026-03-28T00:00:00Z")
}

/// The rows of these visits, every column filled with something.
pub(crate) fn batch(catalogue: &Catalogue, schema: &Schema, told: &[Told]) -> Batch {
    let mut batch = Batch { swallowed: 1, ..Batch::default() };
    batch.texts = TEXTS.iter().zip(1..).map(|(text, id)| (id, Text::from(*text))).collect();
    let mut told = told.to_vec();
    told.sort_by_key(|visit| visit.began);
    let facts = |scope| catalogue.facts(scope).len();
    for (visit, number) in told.iter().zip(1..) {
        let mut dice = Dice(visit.seed | 1);
        let (visit_id, site_id, visitor_id) = (VisitId(number), SiteId(visit.site), VisitorId(u64::MAX - visit.visitor));
        let first_at = beginning().plus(visit.began * 60_000);
        let mut moment = first_at;
        for (kind, gap) in &visit.hits {
            moment = moment.plus(gap * 1000);
            let hit_id = batch.hits.len() as u64 + 1;
            let kind = ActionKind::from_code(*kind).unwrap_or(ActionKind::PageView) as u8;
            let hit: HitRow = filled(schema, facts(Scope::Action), &mut dice);
            batch.hits.push(HitRow { hit_id, visit_id, site_id, visitor_id, at: moment, kind, ..hit });
            if dice.roll(3) == 0 {
                let goal_id = GoalId(dice.roll(3) as i32 - 1);
                let conversion: ConversionRow = filled(schema, 0, &mut dice);
                batch.conversions.push(ConversionRow {
                    hit_id,
                    visit_id,
                    site_id,
                    visitor_id,
                    at: moment,
                    goal_id,
                    ..conversion
                });
                let item: ItemRow = filled(schema, 0, &mut dice);
                batch.items.push(ItemRow { hit_id, visit_id, site_id, visitor_id, at: moment, goal_id, ..item });
            }
        }
        let row: VisitRow = filled(schema, facts(Scope::Visit), &mut dice);
        let seen_at = moment.plus(dice.roll(2) as i64 * 10_000);
        batch.opened.push(VisitRow { visit_id, site_id, visitor_id, first_at, last_at: moment, seen_at, ..row });
    }
    mark(&mut batch, &TimeZone::UTC);
    batch
}

fn filled<R: FactRow>(schema: &Schema, facts: usize, dice: &mut Dice) -> R {
    let table = schema.table(R::FACT);
    let values: Vec<Value> = table.plain().map(|column| dice.value(column)).collect();
    let mut props = || -> Vec<(Text, Text)> {
        (0..dice.roll(3)).map(|_| (Text::from(TEXTS[dice.roll(3) as usize]), Text::from(TEXTS[dice.roll(8) as usize]))).collect()
    };
    let props = vec![props(), props()];
    R::from_parts(&values, facts, props)
}

/// Numbers that only depend on the seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn value(&mut self, column: &Column) -> Value {
        if column.kind != Kind::Long && self.roll(3) == 0 {
            return Value::Null;
        }
        match column.kind {
            Kind::Flag => Value::Int(self.roll(2) as i64),
            Kind::Small | Kind::Count => Value::Int(self.roll(12) as i64),
            Kind::Id => Value::Int(self.roll(3) as i64 - 1),
            Kind::Moment => Value::Int(beginning().0),
            Kind::Real => Value::Real(self.roll(9) as f64 / 2.0 - 1.0),
            Kind::Text => Value::text(["", "a", "B", "ab", "\u{c4}b", "7"][self.roll(6) as usize]),
            Kind::Long => Value::Int(self.roll(TEXTS.len() as u64 + 1) as i64),
            Kind::Props => Value::Null,
        }
    }
}

/// Any question that is not refused and whose answer is one.
pub(crate) fn query(schema: &Schema) -> impl Strategy<Value = Query> + use<> {
    let schema = schema.clone();
    let place = (select(Schema::FACTS.to_vec()), any::<bool>());
    place.prop_flat_map(move |(fact, whole_days)| {
        let columns = reachable(&schema, fact);
        let keys = vec(key(&columns), 0..3).prop_filter("only one key repeats rows", |keys: &Vec<Key>| {
            keys.iter().filter(|key| matches!(key, Key::PropNames(_) | Key::EachOf(_))).count() < 2
        });
        let keys = prop_oneof![3 => keys, 1 => conditions(&columns).prop_map(|conditions| vec![conditions])];
        let measures = vec((aggregate(&schema, fact), prop_oneof![3 => Just(Filter::All), 1 => filter(&schema, fact)]), 1..4);
        let filter = prop_oneof![1 => Just(Filter::All), 2 => filter(&schema, fact)];
        (keys, measures, filter, bounds(whole_days), having(), ordering(), (prop::option::of(0..5_u64), 0..3_u64)).prop_map(
            move |(keys, measures, filter, (sites, range, anchor, zone), having, order, (limit, offset))| {
                let mut query = Query::new(fact, sites.into_iter().map(SiteId).collect(), range, zone);
                query.order = order
                    .into_iter()
                    .filter_map(|(measure, index, descending)| {
                        let name = Text::from(format!("m{}", index % measures.len()));
                        match measure {
                            true => Some(Order::Measure { name, descending }),
                            false if keys.is_empty() => None,
                            false => Some(Order::Key { index: index % keys.len(), descending }),
                        }
                    })
                    .collect();
                query.measures = measures
                    .into_iter()
                    .enumerate()
                    .map(|(place, (aggregate, only))| Measure { name: Text::from(format!("m{place}")), aggregate, only })
                    .collect();
                let counts = matches!(query.measures[0].aggregate, Aggregate::Count | Aggregate::Visits | Aggregate::Distinct(_));
                query.having = having.into_iter().filter(|_| counts).collect();
                (query.keys, query.filter, query.anchor, query.whole_days) = (keys, filter, anchor, whole_days);
                (query.limit, query.offset) = (limit, offset);
                query
            },
        )
    })
}

type Bounds = (Vec<u32>, TimeRange, VisitAnchor, TimeZone);

/// Sites, range, anchor and clock; whole days are UTC's, on which the marks are set.
fn bounds(whole_days: bool) -> impl Strategy<Value = Bounds> {
    let anchors = vec![VisitAnchor::LastAction, VisitAnchor::FirstAction, VisitAnchor::Overlap];
    let zones = vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
    let sites = select(vec![vec![1], vec![2], vec![1, 2]]);
    (sites, 0..72_i64, 1..72_i64, select(anchors), select(zones)).prop_map(move |(sites, start, hours, anchor, zone)| {
        let unit = if whole_days { DAY } else { DAY / 24 };
        let (start, length) = if whole_days { (start / 24, 1 + hours / 24) } else { (start, hours) };
        let start = beginning().plus(start * unit);
        let range = TimeRange { start, end: start.plus(length * unit) };
        let zone = if whole_days { TimeZone::UTC } else { TimeZone::get(zone).unwrap_or(TimeZone::UTC) };
        (sites, range, anchor, zone)
    })
}

fn having() -> impl Strategy<Value = Vec<Having>> {
    let one = (select(vec![Op::AtLeast, Op::Less, Op::IsNot]), 0..4_i64);
    let one = one.prop_map(|(op, value)| Having { measure: Text::from("m0"), op, value: Value::Int(value) });
    vec(one, 0..2)
}

fn ordering() -> impl Strategy<Value = Vec<(bool, usize, bool)>> {
    vec((any::<bool>(), 0..4_usize, any::<bool>()), 0..3)
}

/// The columns that a question about these rows may name.
fn reachable(schema: &Schema, fact: Fact) -> Vec<Column> {
    let mut columns = schema.table(fact).columns.clone();
    if fact != Fact::Visits {
        columns.extend(&schema.table(Fact::Visits).columns);
    }
    columns
}

fn of_kinds(columns: &[Column], fits: impl Fn(Kind) -> bool) -> Vec<Column> {
    columns.iter().copied().filter(|column| fits(column.kind)).collect()
}

fn key(columns: &[Column]) -> BoxedStrategy<Key> {
    let plain = select(of_kinds(columns, |kind| kind != Kind::Props)).prop_map(Key::Column);
    let flagged = select(of_kinds(columns, |kind| kind == Kind::Long));
    let flagged =
        (flagged, any::<bool>()).prop_map(|(column, shown)| if shown { Key::Column(column) } else { Key::Number(column) });
    let parts = vec![
        TimePart::Minute,
        TimePart::Hour,
        TimePart::Day,
        TimePart::Week,
        TimePart::Month,
        TimePart::Year,
        TimePart::HourOfDay,
        TimePart::DayOfWeek,
        TimePart::DayOfYear,
        TimePart::WeekOfYear,
    ];
    let moment = select(of_kinds(columns, |kind| kind == Kind::Moment));
    let clock = (moment, select(parts)).prop_map(|(column, part)| Key::Clock(column, part));
    let props = of_kinds(columns, |kind| kind == Kind::Props);
    if props.is_empty() {
        return prop_oneof![3 => plain, 2 => flagged, 2 => clock, 1 => Just(Key::Site)].boxed();
    }
    let prop = (select(props.clone()), 0..3_usize).prop_map(|(column, name)| Key::Prop(column, Text::from(TEXTS[name])));
    let names = select(props).prop_map(Key::PropNames);
    prop_oneof![3 => plain, 2 => flagged, 2 => clock, 1 => Just(Key::Site), 1 => prop, 1 => names].boxed()
}

fn conditions(columns: &[Column]) -> impl Strategy<Value = Key> + use<> {
    (vec(test(columns), 0..4), any::<bool>())
        .prop_map(|(conditions, first)| if first { Key::FirstOf(conditions) } else { Key::EachOf(conditions) })
}

fn aggregate(schema: &Schema, fact: Fact) -> BoxedStrategy<Aggregate> {
    let columns = reachable(schema, fact);
    let adds = of_kinds(&columns, |kind| matches!(kind, Kind::Flag | Kind::Small | Kind::Count | Kind::Real));
    let ranks = of_kinds(&columns, |kind| !matches!(kind, Kind::Props | Kind::Long));
    let plain = of_kinds(&columns, |kind| kind != Kind::Props);
    let unique = if fact == Fact::Visits { "visit_id" } else { "hit_id" };
    let unique: Vec<Column> = columns.iter().copied().filter(|column| column.fact == fact && column.name == unique).collect();
    prop_oneof![
        2 => Just(Aggregate::Count),
        2 => Just(Aggregate::Visits),
        2 => Just(Aggregate::Visitors),
        2 => Just(Aggregate::DailyVisitors),
        2 => select(adds.clone()).prop_map(Aggregate::Sum),
        1 => select(adds).prop_map(Aggregate::SumOfMaxPerVisit),
        1 => select(ranks.clone()).prop_map(Aggregate::Min),
        1 => select(ranks).prop_map(Aggregate::Max),
        1 => select(plain.clone()).prop_map(Aggregate::Distinct),
        1 => (select(plain.clone()), select(unique.clone())).prop_map(|(column, by)| Aggregate::ArgMax(column, by)),
        1 => (select(plain), select(unique)).prop_map(|(column, by)| Aggregate::ArgMin(column, by)),
    ]
    .boxed()
}

fn filter(schema: &Schema, fact: Fact) -> BoxedStrategy<Filter> {
    let leaf = |fact| prop_oneof![6 => test(&reachable(schema, fact)), 2 => kind_is(schema, fact), 1 => Just(Filter::All)];
    let related = || select(vec![Related::SameVisit, Related::SameVisitorInRange]);
    let has = |fact| {
        (Just(fact), related(), leaf(fact)).prop_map(|(fact, related, filter)| Filter::Has {
            fact,
            related,
            filter: Box::new(filter),
        })
    };
    let leaves = prop_oneof![
        6 => leaf(fact),
        1 => has(Fact::Visits),
        1 => has(Fact::Hits),
        1 => has(Fact::Conversions),
    ];
    leaves
        .prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..3).prop_map(Filter::And),
                vec(inner.clone(), 0..3).prop_map(Filter::Or),
                inner.prop_map(|inner| Filter::Not(Box::new(inner))),
            ]
        })
        .boxed()
}

/// The condition that lets marks be summed.
fn kind_is(schema: &Schema, fact: Fact) -> BoxedStrategy<Filter> {
    let kind = schema.table(fact).columns.iter().copied().find(|column| column.name == "kind");
    match kind {
        Some(kind) => (1..4_i64).prop_map(move |code| Filter::is(kind, code)).boxed(),
        None => Just(Filter::All).boxed(),
    }
}

fn test(columns: &[Column]) -> impl Strategy<Value = Filter> + use<> {
    let ops = vec![
        Op::Is,
        Op::IsNot,
        Op::Contains,
        Op::ContainsNot,
        Op::StartsWith,
        Op::EndsWith,
        Op::Matches,
        Op::MatchesNot,
        Op::Less,
        Op::AtMost,
        Op::Greater,
        Op::AtLeast,
    ];
    let values = prop_oneof![
        4 => (0..TEXTS.len()).prop_map(|place| Value::text(TEXTS[place])),
        1 => select(vec!["", "b$", "^[ab]+", "2026-03-29", "2026-03-28 10:00:00"]).prop_map(Value::text),
        1 => Just(Value::Null),
        3 => (-1..12_i64).prop_map(Value::Int),
        1 => (-2..8_i64).prop_map(|halves| Value::Real(halves as f64 / 2.0)),
    ];
    (key(columns), select(ops), vec(values, 0..3), any::<bool>())
        .prop_map(|(key, op, values, case_sensitive)| Filter::Test(Test { key, op, values, case_sensitive }))
}
