//! What is asked of actions beside how often they were done: where visits began and ended, how long was stayed, how long pages
//! took to load.

use footfall_model::{ActionKind, Aggregate, Column, Error, Fact, Filter, Key, Measure, Op, Query, Rows, Value};
use futures::try_join;

use super::{
    actions::{Actions, hit},
    timings::timing_measures,
    visits::{self, column},
};
use crate::{Reader, Slice};

/// Questions about some actions of a slice. Answers have a row for each action, which begins with the number of its text.
pub struct Beside<'a> {
    /// Who asks.
    pub reader: &'a Reader,
    /// What it is about.
    pub slice: &'a Slice,
    /// Which actions.
    pub of: Actions,
    /// The texts that alone are asked about, by number; `None` where all are.
    pub numbers: Option<Vec<i64>>,
}

impl Beside<'_> {
    /// How many visits began with an action, their actions, seconds and bounces; how many ended with it. Their visitors, day by
    /// day, stand last where they are wanted.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn ends(&self, with_visitors: bool) -> Result<[Rows; 2], Error> {
        let visits = Measure::new("visits", Aggregate::Count);
        let mut began = self.visits(self.of.ends().0, "entry_kind")?;
        began.measures = vec![
            visits.clone(),
            Measure::new("actions", Aggregate::Sum(column("actions"))),
            Measure::new("length", Aggregate::Sum(column("duration"))),
            Measure::new("bounces", Aggregate::Count).only(visits::single_action()),
        ];
        let mut ended = self.visits(self.of.ends().1, "exit_kind")?;
        ended.measures = vec![visits];
        if with_visitors {
            began.measures.push(visitors());
            ended.measures.push(visitors());
        }
        let (began, ended) = try_join!(self.reader.ask(&began), self.reader.ask(&ended))?;
        Ok([began, ended])
    }

    /// How many visitors, day by day, began with an action, and how many ended with it.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn visitors(&self) -> Result<[Rows; 2], Error> {
        let began = Query { measures: vec![visitors()], ..self.visits(self.of.ends().0, "entry_kind")? };
        let ended = Query { measures: vec![visitors()], ..self.visits(self.of.ends().1, "exit_kind")? };
        let (began, ended) = try_join!(self.reader.ask(&began), self.reader.ask(&ended))?;
        Ok([began, ended])
    }

    /// Visits by the action they began or ended with.
    fn visits(&self, end: Column, kind: &str) -> Result<Query, Error> {
        let is_set = Filter::test(Key::Column(end), Op::IsNot, vec![Value::Null]);
        let is_end = match self.of {
            Actions::Titles | Actions::Keywords => is_set.and(Filter::is(column(kind), self.of.kind() as i64)),
            _ => is_set,
        };
        self.query(Fact::Visits, end, is_end)
    }

    /// Seconds spent on an action. They are known when the next one comes: they belong to the action before.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn spent(&self) -> Result<Rows, Error> {
        let (_, _, before) = self.of.ends();
        let no_event = Filter::is(hit("kind"), ActionKind::Event as i64).negated();
        let spent = Filter::test(Key::Column(hit("time_spent")), Op::Greater, vec![Value::Int(0)]);
        let mut wanted = spent.and(no_event).and(Filter::test(Key::Column(before), Op::IsNot, vec![Value::Null]));
        if matches!(self.of, Actions::Titles | Actions::Keywords) {
            wanted = wanted.and(Filter::is(hit("ref_kind"), self.of.kind() as i64));
        }
        let mut query = self.query(Fact::Hits, before, wanted)?;
        query.measures = vec![Measure::new("spent", Aggregate::Sum(hit("time_spent")))];
        self.reader.ask(&query).await
    }

    /// How long pages took to load: of all pages together, in one row, whichever are asked about; then of each.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn timings(&self) -> Result<[Rows; 2], Error> {
        let mut each = self.query(Fact::Hits, self.of.column(), self.of.condition())?;
        each.measures = timing_measures().collect();
        let filter = self.reader.segment_filter(self.slice)?.and(self.of.condition());
        let whole = Query { keys: Vec::new(), filter, ..each.clone() };
        let (whole, each) = try_join!(self.reader.ask(&whole), self.reader.ask(&each))?;
        Ok([whole, each])
    }

    fn query(&self, fact: Fact, by: Column, wanted: Filter) -> Result<Query, Error> {
        let mut query = self.slice.query(fact);
        query.filter = self.reader.segment_filter(self.slice)?.and(wanted);
        if let Some(numbers) = &self.numbers {
            let numbers = numbers.iter().copied().map(Value::Int).collect();
            query.filter = query.filter.and(Filter::test(Key::Number(by), Op::Is, numbers));
        }
        (query.keys, query.any_order) = (vec![Key::Number(by)], true);
        Ok(query)
    }
}

fn visitors() -> Measure {
    Measure::new("visitors", Aggregate::DailyVisitors)
}
