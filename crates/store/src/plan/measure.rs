use footfall_model::{Aggregate, Column, Error, Fact, Filter, Key, Kind, Measure, Query, Test};

use super::{
    Shape,
    check::given_column,
    condition::{Place, condition},
    marks::{Mark, mark},
    writer::{Writer, comparable, of},
};

/// How a measure gets into the answer.
pub(super) enum Written {
    /// As one aggregate of the group.
    Aggregate(String),
    /// As a sum of marks where a dictionary number, which is a key, is set, and a count where it is not.
    Marked { sum: String, count: String, id: String },
    /// As the sum, over visits, of the greatest value of an expression; rows that satisfy the condition count.
    PerVisit { value: String, only: Option<String> },
}

/// The SQL of a measure.
pub(super) fn measure(
    writer: &mut Writer<'_>,
    place: Place,
    query: &Query,
    measure: &Measure,
    one_day: bool,
) -> Result<Written, Error> {
    let only = match &measure.only {
        Filter::All => None,
        only => Some(condition(writer, place, only)?),
    };
    let dialect = writer.dialect();
    let fact = query.fact;
    let filtered = |aggregate: String, more: Option<String>| {
        let wanted: Vec<String> = only.iter().cloned().chain(more).collect();
        match wanted.as_slice() {
            [] => aggregate,
            wanted => format!("{aggregate} FILTER (WHERE {})", wanted.join(" AND ")),
        }
    };
    if let Some(mark) = mark(query, measure, one_day) {
        let sum = |mark: String| filtered("count(*)".to_owned(), Some(mark));
        return Ok(match mark {
            Mark::FirstOfDay => Written::Aggregate(sum(of(fact, "first_of_day"))),
            Mark::Flag(flag, column) => {
                let marked = format!("({} & {}) <> 0", of(fact, "flags"), flag as u32);
                match column.filter(|column| is_grouped(query, column)) {
                    None => Written::Aggregate(sum(marked)),
                    Some(column) => {
                        let id = of(fact, column.name);
                        let count = filtered(distinct(writer, query, &measure.aggregate, one_day), None);
                        Written::Marked { sum: sum(marked), count, id }
                    }
                }
            }
        });
    }
    let value = |column: &Column| comparable(dialect, column);
    let column = |column: &Column| match column.kind {
        Kind::Long => format!("nullif({}, 0)", of(column.fact, column.name)),
        _ => value(column),
    };
    let aggregate = match &measure.aggregate {
        Aggregate::Count => match (&measure.only, &only) {
            // What is set is counted as it comes, without a condition of its own.
            (Filter::Test(test), Some(holds)) if *holds == is_set(test) => format!("count({})", tested(test)),
            _ => filtered("count(*)".to_owned(), None),
        },
        Aggregate::Visits if fact == Fact::Visits => filtered("count(*)".to_owned(), None),
        Aggregate::Sum(summed) => {
            let sum = filtered(format!("sum({})", value(summed)), None);
            whole(writer, summed, format!("coalesce({sum}, 0)"))
        }
        Aggregate::Min(least) => filtered(format!("min({})", value(least)), None),
        Aggregate::Max(greatest) => filtered(format!("max({})", value(greatest)), None),
        Aggregate::Any(any) => filtered(dialect.any(&column(any)), None),
        Aggregate::ArgMin(shown, by) => filtered(dialect.arg_min(&column(shown), &value(by)), None),
        Aggregate::ArgMax(shown, by) => filtered(dialect.arg_max(&column(shown), &value(by)), None),
        Aggregate::Distinct(counted) => filtered(format!("count(DISTINCT {})", column(counted)), None),
        Aggregate::Visits | Aggregate::Visitors | Aggregate::DailyVisitors => {
            filtered(distinct(writer, query, &measure.aggregate, one_day), None)
        }
        Aggregate::SumOfMaxPerVisit(greatest) => {
            return Ok(Written::PerVisit { value: value(greatest), only });
        }
    };
    Ok(Written::Aggregate(aggregate))
}

/// The column that a test is about, as SQL; empty where it is about something else.
fn tested(test: &Test) -> String {
    match &test.key {
        Key::Column(column) => of(column.fact, column.name),
        _ => String::new(),
    }
}

/// The condition that the column of a test is set, as it is written where nothing else has to be looked at.
fn is_set(test: &Test) -> String {
    format!("{} IS NOT NULL", tested(test))
}

/// A sum in the width in which whole numbers are answered.
pub(super) fn whole(writer: &Writer<'_>, column: &Column, sum: String) -> String {
    if column.kind == Kind::Real { sum } else { writer.dialect().integer(&sum) }
}

/// What the values of a measure mean.
pub(super) fn shape(aggregate: &Aggregate) -> Shape {
    match given_column(aggregate) {
        Some(column) if column.kind == Kind::Long => Shape::Long,
        _ => Shape::Plain,
    }
}

/// A count of different visits, visitors, or visitors of a day.
fn distinct(writer: &Writer<'_>, query: &Query, aggregate: &Aggregate, one_day: bool) -> String {
    let fact = query.fact;
    let visitor = of(fact, "visitor_id");
    match aggregate {
        Aggregate::Visits => format!("count(DISTINCT {})", of(fact, "visit_id")),
        Aggregate::DailyVisitors if !one_day => {
            let moment = writer.moment(fact);
            let (day, _) = writer.clock(false).part(writer.dialect(), &moment, footfall_model::TimePart::Day);
            writer.dialect().distinct_pairs(&visitor, &day)
        }
        _ => format!("count(DISTINCT {visitor})"),
    }
}

fn is_grouped(query: &Query, column: &Column) -> bool {
    query.keys.iter().any(|key| matches!(key, Key::Column(grouped) | Key::Number(grouped) if grouped == column))
}
