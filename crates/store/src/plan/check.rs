use footfall_model::{Aggregate, Column, Error, Fact, Filter, Having, Key, Kind, Op, Query, Test};

use crate::{Schema, table_name};

/// How many values one comparison may have.
const VALUES: usize = 10_000;
/// How many comparisons a question may have.
const TESTS: usize = 5_000;
/// How deep conditions may be nested.
const DEPTH: usize = 32;
/// How many keys and measures a question may have.
const COLUMNS: usize = 256;

/// Refuses questions that are too large, name what does not exist, or contradict themselves. Every store asks this first, so
/// that all refuse the same.
pub(crate) fn check(query: &Query, schema: &Schema) -> Result<(), Error> {
    if query.keys.len() + query.measures.len() > COLUMNS {
        return Err(too_many("keys and measures", COLUMNS));
    }
    let mut checker = Checker { schema, tests: 0 };
    checker.filter(&query.filter, query.fact, DEPTH)?;
    let mut repeating = 0;
    for key in &query.keys {
        repeating += usize::from(matches!(key, Key::EachOf(_) | Key::PropNames(_)));
        checker.key(key, query.fact)?;
    }
    if repeating > 1 {
        return Err(Error::invalid("only one key may put a row into several groups"));
    }
    for measure in &query.measures {
        checker.aggregate(&measure.aggregate, query.fact)?;
        checker.filter(&measure.only, query.fact, DEPTH)?;
    }
    for having in &query.having {
        check_having(having, query)?;
    }
    for order in &query.order {
        match order {
            footfall_model::Order::Measure { name, .. } => {
                measure_place(query, name)?;
            }
            footfall_model::Order::Key { index, .. } if *index >= query.keys.len() => {
                return Err(Error::invalid(format!("there is no key {index} to sort by")));
            }
            footfall_model::Order::Key { .. } => {}
        }
    }
    Ok(())
}

/// Refuses conditions on the rows of a table that [`check`] would refuse.
pub(crate) fn check_filter(filter: &Filter, fact: Fact, schema: &Schema) -> Result<(), Error> {
    Checker { schema, tests: 0 }.filter(filter, fact, DEPTH)
}

/// The place of a measure, by name.
pub(crate) fn measure_place(query: &Query, name: &str) -> Result<usize, Error> {
    query
        .measures
        .iter()
        .position(|measure| &*measure.name == name)
        .ok_or_else(|| Error::invalid(format!("there is no measure `{name}`")))
}

/// The column whose values a measure gives, if it gives a column's values.
pub(crate) fn given_column(aggregate: &Aggregate) -> Option<&Column> {
    match aggregate {
        Aggregate::Min(column)
        | Aggregate::Max(column)
        | Aggregate::Any(column)
        | Aggregate::ArgMax(column, _)
        | Aggregate::ArgMin(column, _) => Some(column),
        _ => None,
    }
}

fn check_having(having: &Having, query: &Query) -> Result<(), Error> {
    let place = measure_place(query, &having.measure)?;
    let text =
        given_column(&query.measures[place].aggregate).is_some_and(|column| matches!(column.kind, Kind::Text | Kind::Long));
    let compares_text = !matches!(having.op, Op::Is | Op::IsNot | Op::Less | Op::AtMost | Op::Greater | Op::AtLeast);
    if text || compares_text || having.value.as_str().is_some() {
        return Err(Error::invalid(format!("the condition on `{}` does not compare numbers", having.measure)));
    }
    Ok(())
}

struct Checker<'a> {
    schema: &'a Schema,
    tests: usize,
}

impl Checker<'_> {
    fn filter(&mut self, filter: &Filter, fact: Fact, depth: usize) -> Result<(), Error> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::invalid(format!("conditions are nested deeper than {DEPTH}")));
        };
        match filter {
            Filter::All | Filter::None => Ok(()),
            Filter::Not(inner) => self.filter(inner, fact, depth),
            Filter::And(parts) | Filter::Or(parts) => {
                for part in parts {
                    self.filter(part, fact, depth)?;
                }
                Ok(())
            }
            Filter::Test(test) => self.test(test, fact),
            Filter::Has { fact, filter, .. } => {
                self.count()?;
                self.filter(filter, *fact, depth)
            }
        }
    }

    fn test(&mut self, test: &Test, fact: Fact) -> Result<(), Error> {
        self.count()?;
        if test.values.len() > VALUES {
            return Err(too_many("values in a comparison", VALUES));
        }
        match &test.key {
            Key::FirstOf(_) | Key::EachOf(_) => Err(Error::invalid("a comparison cannot be about groups of conditions")),
            key => self.key(key, fact),
        }
    }

    fn key(&mut self, key: &Key, fact: Fact) -> Result<(), Error> {
        match key {
            Key::Site => Ok(()),
            Key::Column(column) => self.column(column, fact, |kind| kind != Kind::Props),
            Key::Number(column) => self.column(column, fact, |kind| kind == Kind::Long),
            Key::Address(column) => self.column(column, fact, |kind| kind == Kind::Text),
            Key::Clock(column, _) | Key::UtcClock(column, _) => self.column(column, fact, |kind| kind == Kind::Moment),
            Key::Prop(column, _) | Key::PropNames(column) => self.column(column, fact, |kind| kind == Kind::Props),
            Key::FirstOf(conditions) | Key::EachOf(conditions) => {
                for condition in conditions {
                    self.count()?;
                    self.filter(condition, fact, DEPTH)?;
                }
                Ok(())
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate, fact: Fact) -> Result<(), Error> {
        let adds = |kind| matches!(kind, Kind::Flag | Kind::Small | Kind::Count | Kind::Real);
        let ranks = |kind| !matches!(kind, Kind::Props | Kind::Long);
        match aggregate {
            Aggregate::Count | Aggregate::Visits | Aggregate::Visitors | Aggregate::DailyVisitors => Ok(()),
            Aggregate::Sum(column) | Aggregate::SumOfMaxPerVisit(column) => self.column(column, fact, adds),
            Aggregate::Min(column) | Aggregate::Max(column) => self.column(column, fact, ranks),
            Aggregate::Distinct(column) | Aggregate::Any(column) => self.column(column, fact, |kind| kind != Kind::Props),
            Aggregate::ArgMax(column, by) | Aggregate::ArgMin(column, by) => {
                self.column(column, fact, |kind| kind != Kind::Props)?;
                self.column(by, fact, ranks)
            }
        }
    }

    fn column(&self, column: &Column, fact: Fact, fits: impl Fn(Kind) -> bool) -> Result<(), Error> {
        let table = self.schema.table(column.fact);
        let known = table.columns.iter().find(|known| known.name == column.name);
        // Dimensions on the clock name a moment's column by another kind than the column's own.
        let Some(known) = known.filter(|known| known.kind == column.kind || known.kind == Kind::Moment) else {
            return Err(Error::invalid(format!("there is no column `{}` in `{}`", column.name, table.name())));
        };
        if column.fact != fact && column.fact != Fact::Visits {
            return Err(Error::invalid(format!(
                "a question about `{}` cannot name `{}` of `{}`",
                table_name(fact),
                column.name,
                table.name()
            )));
        }
        if !fits(known.kind) {
            return Err(Error::invalid(format!("`{}` of `{}` cannot be used like that", column.name, table.name())));
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Error> {
        self.tests += 1;
        if self.tests > TESTS {
            return Err(too_many("comparisons", TESTS));
        }
        Ok(())
    }
}

fn too_many(what: &str, most: usize) -> Error {
    Error::invalid(format!("the question has more than {most} {what}"))
}
