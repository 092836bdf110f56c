use footfall_model::{Column, Error, Fact, Filter, Key, Kind, Related, Test, TimePart};

use super::{
    Shape,
    clock::number,
    compare::{self, Compared, Positive, all, any, asks_for_nothing, positive},
    writer::{Writer, comparable, from, of},
};
use crate::{TEXTS, schema::text_hash};

/// Where a condition stands: which table's rows it is about, and whether their visits are joined to them.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) fact: Fact,
    pub(super) visits_joined: bool,
}

/// What a condition is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// Things that the row and its visit have in common.
    Either,
    /// The visit.
    Visit,
    /// The row itself.
    Row,
}

/// The SQL of a condition. It can be `NULL` where it does not hold, so an opposite is written with [`not`].
pub(super) fn condition(writer: &mut Writer<'_>, place: Place, filter: &Filter) -> Result<String, Error> {
    let alone = place.fact != Fact::Visits && !place.visits_joined;
    if alone && about(filter) == About::Visit {
        return of_visit(writer, place.fact, filter);
    }
    Ok(match filter {
        Filter::All => "TRUE".to_owned(),
        Filter::None => "FALSE".to_owned(),
        Filter::Not(inner) => not(&condition(writer, place, inner)?),
        Filter::And(parts) => all(conditions(writer, place, &flat(parts), alone, Filter::And)?),
        Filter::Or(parts) => any(conditions(writer, place, parts, alone, Filter::Or)?),
        Filter::Test(test) => compare_key(writer, place, test)?,
        Filter::Has { fact, related, filter } => has(writer, place, *fact, *related, filter)?,
    })
}

/// The conditions of `And` or `Or`; those on the visit together become one look into the visits.
///
/// Engines take looks into other tables in the order in which they stand, and guess after each how few rows are left. The visits
/// come first: after wrong guesses an engine would gather the rows to look for every visit among them.
fn conditions(
    writer: &mut Writer<'_>,
    place: Place,
    parts: &[Filter],
    alone: bool,
    joined: fn(Vec<Filter>) -> Filter,
) -> Result<Vec<String>, Error> {
    let (mut plain, mut of_visits, mut looked_up) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        if alone && about(part) == About::Visit {
            of_visits.push(part.clone());
        } else if looks_up(part) {
            looked_up.push(condition(writer, place, part)?);
        } else {
            plain.push(condition(writer, place, part)?);
        }
    }
    if !of_visits.is_empty() {
        plain.push(of_visit(writer, place.fact, &joined(of_visits))?);
    }
    plain.extend(looked_up);
    Ok(plain)
}

/// Whether a condition looks for its row among the texts, or among other rows.
fn looks_up(filter: &Filter) -> bool {
    match filter {
        Filter::Has { .. } => true,
        Filter::Test(Test { key: Key::Column(column), .. }) => column.kind == Kind::Long,
        Filter::Not(inner) => looks_up(inner),
        _ => false,
    }
}

/// All parts of an `And`, those of an `And` within it as well, each once.
fn flat(parts: &[Filter]) -> Vec<Filter> {
    fn gather(parts: &[Filter], all: &mut Vec<Filter>) {
        for part in parts {
            match part {
                Filter::And(inner) => gather(inner, all),
                other if all.contains(other) => {}
                other => all.push(other.clone()),
            }
        }
    }
    let mut all = Vec::new();
    gather(parts, &mut all);
    all
}

/// The opposite of a condition that may be `NULL`.
pub(super) fn not(condition: &str) -> String {
    if let Some(value) = condition.strip_suffix(" IS NULL")
        && !value.contains(' ')
    {
        return format!("{value} IS NOT NULL");
    }
    format!("NOT coalesce({condition}, FALSE)")
}

/// A condition on the row's visit, where visits are not joined.
fn of_visit(writer: &mut Writer<'_>, fact: Fact, filter: &Filter) -> Result<String, Error> {
    let place = Place { fact: Fact::Visits, visits_joined: false };
    let mut wanted = writer.near_range(Fact::Visits);
    wanted.push(condition(writer, place, filter)?);
    Ok(format!("{} IN (SELECT v.visit_id FROM {} WHERE {})", of(fact, "visit_id"), from(Fact::Visits), wanted.join(" AND ")))
}

fn has(writer: &mut Writer<'_>, place: Place, fact: Fact, related: Related, filter: &Filter) -> Result<String, Error> {
    let (by, mut wanted) = match related {
        Related::SameVisit => ("visit_id", writer.near_range(fact)),
        Related::SameVisitorInRange => ("visitor_id", writer.in_range(fact)),
    };
    let inner = Place { fact, visits_joined: false };
    if *filter != Filter::All {
        wanted.push(condition(writer, inner, filter)?);
    }
    Ok(format!("{} IN (SELECT {} FROM {} WHERE {})", of(place.fact, by), of(fact, by), from(fact), wanted.join(" AND ")))
}

fn about(filter: &Filter) -> About {
    let together = |parts: &[Filter]| {
        let mut seen = About::Either;
        for part in parts {
            match about(part) {
                About::Either => {}
                About::Visit => seen = About::Visit,
                About::Row => return About::Row,
            }
        }
        seen
    };
    match filter {
        Filter::All | Filter::None | Filter::Has { .. } => About::Either,
        Filter::And(parts) | Filter::Or(parts) => together(parts),
        Filter::Not(inner) => about(inner),
        Filter::Test(test) => match &test.key {
            Key::Site => About::Either,
            other if other.column().is_some_and(|column| column.fact == Fact::Visits) => About::Visit,
            _ => About::Row,
        },
    }
}

fn compare_key(writer: &mut Writer<'_>, place: Place, test: &Test) -> Result<String, Error> {
    let (how, negated) = positive(test.op);
    let sql = match &test.key {
        Key::Column(column) if column.kind == Kind::Long => long(writer, column, how, test),
        Key::Column(column) if column.kind == Kind::Text => any_text(writer, &of(column.fact, column.name), how, test),
        Key::Column(column) => {
            let value = comparable(writer.dialect(), column);
            let among = (column.kind == Kind::Small && how == Positive::Is).then(|| compare::among(&value, &test.values));
            among.flatten().unwrap_or_else(|| any_number(writer, &value, how, test))
        }
        Key::Number(column) => any_number(writer, &of(column.fact, column.name), how, test),
        Key::Site => any_number(writer, &of(place.fact, "site_id"), how, test),
        Key::Clock(column, part) => clock(writer, false, (column, *part), how, test),
        Key::UtcClock(column, part) => clock(writer, true, (column, *part), how, test),
        Key::Address(column) => {
            let bytes = writer.dialect().address(&of(column.fact, column.name));
            any_text(writer, &bytes, how, test)
        }
        Key::Prop(column, name) => {
            let bound = writer.params.len();
            let name = writer.bind(name);
            let value = writer.dialect().prop(&of(column.fact, column.name), &name);
            let sql = any_text(writer, &value, how, test);
            if sql == "FALSE" {
                // Engines refuse texts that are bound and not used.
                writer.params.truncate(bound);
            }
            sql
        }
        Key::PropNames(column) => {
            let name = Compared { sql: "name", can_be_empty: false };
            let one = compare::text(writer, name, how, &test.values, test.case_sensitive);
            writer.dialect().any_name(&of(column.fact, column.name), &one)
        }
        Key::FirstOf(_) | Key::EachOf(_) => {
            return Err(Error::invalid("a comparison cannot be about groups of conditions"));
        }
    };
    Ok(if negated { not(&sql) } else { sql })
}

/// A comparison with a text in place, which may not be set.
fn any_text(writer: &mut Writer<'_>, value: &str, how: Positive, test: &Test) -> String {
    let compared = Compared { sql: value, can_be_empty: true };
    let set = compare::text(writer, compared, how, &test.values, test.case_sensitive);
    if how != Positive::Is || !asks_for_nothing(&test.values) {
        return set;
    }
    let unset = format!("coalesce({value}, '') = ''");
    any(std::iter::once(unset).chain((set != "FALSE").then_some(set)).collect())
}

/// A comparison with a number, or with its digits.
fn any_number(writer: &mut Writer<'_>, value: &str, how: Positive, test: &Test) -> String {
    compare::number(value, how, &test.values).unwrap_or_else(|| {
        let digits = writer.dialect().text(value);
        let digits = Compared { sql: &digits, can_be_empty: false };
        compare::text(writer, digits, how, &test.values, test.case_sensitive)
    })
}

/// A comparison with a text of the dictionary: finds the numbers of all texts that satisfy it.
fn long(writer: &mut Writer<'_>, column: &Column, how: Positive, test: &Test) -> String {
    let id = of(column.fact, column.name);
    let text = Compared { sql: "t.text", can_be_empty: false };
    let mut wanted = compare::text(writer, text, how, &test.values, test.case_sensitive);
    if how == Positive::Is && test.case_sensitive && wanted != "FALSE" {
        let texts = test.values.iter().filter_map(compare::value_text);
        let hashes: Vec<String> = texts.filter(|text| !text.is_empty()).map(|text| text_hash(&text).to_string()).collect();
        wanted = format!("{} AND {wanted}", compare::one_of("t.hash", &hashes));
    }
    let set = (wanted != "FALSE").then(|| format!("{id} IN (SELECT t.id FROM {TEXTS} t WHERE {wanted})"));
    let unset = (how == Positive::Is && asks_for_nothing(&test.values)).then(|| format!("{id} = 0"));
    any(unset.into_iter().chain(set).collect())
}

/// A comparison with a part of a moment: by number if every value is one of its texts, else by text.
fn clock(writer: &mut Writer<'_>, in_utc: bool, (column, part): (&Column, TimePart), how: Positive, test: &Test) -> String {
    let dialect = writer.dialect();
    let moment = of(column.fact, column.name);
    let (value, shape) = writer.clock(in_utc).part(dialect, &moment, part);
    if shape == Shape::Plain {
        return any_number(writer, &value, how, test);
    }
    let numbers: Option<Vec<_>> =
        test.values.iter().map(|value| number(value.as_str()?, shape).map(footfall_model::Value::Int)).collect();
    numbers.and_then(|numbers| compare::number(&value, how, &numbers)).unwrap_or_else(|| {
        let text = writer.clock(in_utc).part_text(dialect, &moment, part);
        any_text(writer, &text, how, test)
    })
}
