//! Visits nobody has touched in a batch, as bytes: a tenth of what they take while they are worked on, so that many more of them
//! stay at hand.

use footfall_model::{GoalId, Text, Value, VisitRow};
use footfall_store::FactRow;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::open::OpenVisit;

/// A visit as it sleeps. Of the row only what says something is kept, each value with its place.
#[derive(Serialize, Deserialize)]
struct Asleep<'a> {
    places: u16,
    facts: u16,
    #[serde(borrow)]
    values: Vec<(u16, Held<'a>)>,
    props: Vec<Vec<(&'a str, &'a str)>>,
    /// Year, month and day.
    day: (i16, i8, i8),
    seen: Vec<u64>,
    goals: Vec<i32>,
    pageviews: Vec<(u64, u64)>,
}

#[derive(Serialize, Deserialize)]
enum Held<'a> {
    Int(i64),
    Real(f64),
    Text(&'a str),
}

/// These visits as bytes; they are stored, and do not differ from what is stored. `None` when they cannot be written.
pub(super) fn put(visits: &[OpenVisit]) -> Option<Box<[u8]>> {
    let rows: Vec<Vec<Value>> = visits
        .iter()
        .map(|visit| {
            let mut values = Vec::with_capacity(160);
            FactRow::each_value(&visit.row, |value| values.push(value));
            values
        })
        .collect();
    let asleep: Vec<Asleep<'_>> = visits.iter().zip(&rows).map(|(visit, values)| of(visit, values)).collect();
    postcard::to_allocvec(&asleep).ok().map(Vec::into_boxed_slice)
}

/// The visits that these bytes are; `None` when they are none.
pub(super) fn wake(bytes: &[u8]) -> Option<Vec<OpenVisit>> {
    let asleep: Vec<Asleep<'_>> = postcard::from_bytes(bytes).ok()?;
    asleep.into_iter().map(Asleep::into_visit).collect()
}

fn of<'a>(visit: &'a OpenVisit, values: &'a [Value]) -> Asleep<'a> {
    let said = values.iter().enumerate().filter_map(|(place, value)| {
        let held = match value {
            Value::Null => return None,
            Value::Int(number) => Held::Int(*number),
            Value::Real(number) => Held::Real(*number),
            Value::Text(text) => Held::Text(text),
        };
        Some((place as u16, held))
    });
    let props = FactRow::props(&visit.row);
    Asleep {
        places: values.len() as u16,
        facts: visit.row.facts.len() as u16,
        values: said.collect(),
        props: props.into_iter().map(|props| props.iter().map(|(name, value)| (&**name, &**value)).collect()).collect(),
        day: (visit.day.year(), visit.day.month(), visit.day.day()),
        seen: visit.seen.iter().copied().collect(),
        goals: visit.goals.iter().map(|goal| goal.0).collect(),
        pageviews: visit.pageviews.clone(),
    }
}

impl Asleep<'_> {
    fn into_visit(self) -> Option<OpenVisit> {
        let mut values = vec![Value::Null; usize::from(self.places)];
        for (place, held) in self.values {
            if let Some(value) = values.get_mut(usize::from(place)) {
                *value = match held {
                    Held::Int(number) => Value::Int(number),
                    Held::Real(number) => Value::Real(number),
                    Held::Text(text) => Value::Text(Text::from(text)),
                };
            }
        }
        let props = self
            .props
            .into_iter()
            .map(|props| props.into_iter().map(|(name, value)| (Text::from(name), Text::from(value))).collect())
            .collect();
        let (year, month, day) = self.day;
        let day = Date::new(year, month, day).ok()?;
        let mut visit = OpenVisit::new(VisitRow::from_parts(&values, usize::from(self.facts), props), day);
        visit.seen.extend(self.seen);
        visit.goals = self.goals.into_iter().map(GoalId).collect();
        visit.pageviews = self.pageviews;
        visit.stored = true;
        visit.dirty = false;
        Some(visit)
    }
}

#[cfg(test)]
mod tests {
    use footfall_model::{Catalogue, HitRow, Millis, Scope, VisitId};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_visit_wakes_as_it_fell_asleep() {
        let facts = Catalogue::built_in().facts(Scope::Visit).len();
        let text = |text: &str| Text::from(text);
        let mut row = VisitRow {
            visit_id: VisitId(7),
            first_at: Millis(1_000),
            last_at: Millis(5_000),
            bounce: true,
            user_id: Some(text("ada")),
            facts: vec![Value::Null; facts],
            entry_props: vec![(text("plan"), text("big"))],
            cvars: vec![(text("1"), text("é"))],
            ..VisitRow::default()
        };
        row.facts[2] = Value::text("Firefox");
        row.slots[9] = Some(text("gold"));
        let mut visit = OpenVisit::new(row, date(2026, 3, 1));
        visit.mark(&mut HitRow { kind: 1, url: 4, ..HitRow::default() }, std::iter::empty());
        visit.remember_pageview(&HitRow { kind: 1, pageview_id: 3, hit_id: 9, ..HitRow::default() });
        visit.goals = vec![GoalId(2), GoalId::CART];
        (visit.stored, visit.dirty) = (true, false);
        let bytes = put(&[visit.clone(), visit.clone()]).unwrap();
        let woken = wake(&bytes).unwrap();
        assert_eq!(woken.len(), 2);
        assert_eq!(format!("{:?}", woken[1]), format!("{visit:?}"));
        assert!(bytes.len() < 400, "{} bytes for two visits", bytes.len());
    }
}
