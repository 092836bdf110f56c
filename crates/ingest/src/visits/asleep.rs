//! Visits nobody has touched in a batch, as bytes: a tenth of what they take while they are worked on, so that many more of them
//! stay at hand. Most visits that wake only go on: where the visitor came from, devices, dimensions and properties do not change.
//! So these stay bytes until somebody asks.

use std::borrow::Cow;

use footfall_model::{GoalId, Text, Value, ValueRef, VisitRow};
use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

use super::{open::OpenVisit, packed, seen::Seen};

/// About as many bytes as a visit takes.
const USUAL: usize = 256;

/// A visit as it sleeps.
#[derive(Serialize, Deserialize)]
struct Asleep<'a> {
    /// What the row type declares, as [`packed::write`] writes it.
    #[serde(serialize_with = "as_bytes")]
    own: &'a [u8],
    /// What else the row holds, as [`rest`] writes it.
    #[serde(serialize_with = "as_bytes")]
    rest: &'a [u8],
    came_from_elsewhere: bool,
    /// Year, month and day.
    day: (i16, i8, i8),
    seen: Cow<'a, [u64]>,
    goals: Vec<i32>,
    pageviews: Cow<'a, [(u64, u64)]>,
}

/// Catalogue columns, slots and properties of a row: only what says something, each value with its place.
#[derive(Serialize, Deserialize)]
struct Rest<'a> {
    facts: u16,
    #[serde(borrow)]
    values: Vec<(u16, Held<'a>)>,
    slots: Vec<(u8, &'a str)>,
    entry_props: Vec<(&'a str, &'a str)>,
    cvars: Vec<(&'a str, &'a str)>,
}

#[derive(Serialize, Deserialize)]
enum Held<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
}

/// These visits as bytes; they are stored, and do not differ from what is stored. `None` when they cannot be written.
pub(super) fn put(visits: &[OpenVisit]) -> Option<Box<[u8]>> {
    let rests = visits.iter().map(|visit| match &visit.rest {
        Some(_) => Some(None),
        None => rest(&visit.row).map(Some),
    });
    let rests: Vec<Option<Vec<u8>>> = rests.collect::<Option<_>>()?;
    let mut rows = Vec::with_capacity(visits.len() * USUAL);
    let ends: Vec<usize> = visits
        .iter()
        .map(|visit| {
            packed::write(&visit.row, &mut rows);
            rows.len()
        })
        .collect();
    let begins = std::iter::once(0).chain(ends.iter().copied());
    let asleep: Vec<Asleep<'_>> = visits
        .iter()
        .zip(&rests)
        .zip(begins.zip(&ends))
        .map(|((visit, new), (begin, end))| Asleep {
            own: &rows[begin..*end],
            rest: new.as_deref().or(visit.rest.as_deref()).unwrap_or_default(),
            came_from_elsewhere: visit.came_from_elsewhere,
            day: (visit.day.year(), visit.day.month(), visit.day.day()),
            seen: Cow::Borrowed(visit.seen.as_slice()),
            goals: visit.goals.iter().map(|goal| goal.0).collect(),
            pageviews: Cow::Borrowed(&visit.pageviews),
        })
        .collect();
    let bytes = Vec::with_capacity(visits.len() * USUAL);
    postcard::to_extend(&asleep, bytes).ok().map(Vec::into_boxed_slice)
}

/// The visits that these bytes are; `None` when they are none.
pub(super) fn wake(bytes: &[u8]) -> Option<Vec<OpenVisit>> {
    let asleep: Vec<Asleep<'_>> = postcard::from_bytes(bytes).ok()?;
    asleep.into_iter().map(Asleep::into_visit).collect()
}

/// Puts the rest of a row where it belongs. Says whether the bytes were a rest.
pub(super) fn whole(row: &mut VisitRow, bytes: &[u8]) -> bool {
    let Ok(rest) = postcard::from_bytes::<Rest<'_>>(bytes) else { return false };
    row.facts = vec![Value::Null; usize::from(rest.facts)];
    for (place, held) in rest.values {
        if let Some(fact) = row.facts.get_mut(usize::from(place)) {
            *fact = ValueRef::from(held).into();
        }
    }
    for (place, text) in rest.slots {
        if let Some(slot) = row.slots.get_mut(usize::from(place)) {
            *slot = Some(Text::from(text));
        }
    }
    let props = |props: Vec<(&str, &str)>| props.into_iter().map(|(name, value)| (Text::from(name), Text::from(value))).collect();
    row.entry_props = props(rest.entry_props);
    row.cvars = props(rest.cvars);
    true
}

fn rest(row: &VisitRow) -> Option<Vec<u8>> {
    fn props(props: &[(Text, Text)]) -> Vec<(&str, &str)> {
        props.iter().map(|(name, value)| (&**name, &**value)).collect()
    }
    let said = row.facts.iter().enumerate().filter(|(_, value)| !value.is_null());
    let values = said.map(|(place, value)| (place as u16, Held::from(value.seen())));
    let slots = row.slots.iter().enumerate().filter_map(|(place, slot)| Some((place as u8, slot.as_deref()?)));
    let rest = Rest {
        facts: row.facts.len() as u16,
        values: values.collect(),
        slots: slots.collect(),
        entry_props: props(&row.entry_props),
        cvars: props(&row.cvars),
    };
    postcard::to_extend(&rest, Vec::with_capacity(USUAL)).ok()
}

/// Bytes as they are, not one by one.
fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl<'a> From<Held<'a>> for ValueRef<'a> {
    fn from(held: Held<'a>) -> ValueRef<'a> {
        match held {
            Held::Null => ValueRef::Null,
            Held::Int(number) => ValueRef::Int(number),
            Held::Real(number) => ValueRef::Real(number),
            Held::Text(text) => ValueRef::Text(text),
        }
    }
}

impl<'a> From<ValueRef<'a>> for Held<'a> {
    fn from(value: ValueRef<'a>) -> Held<'a> {
        match value {
            ValueRef::Null => Held::Null,
            ValueRef::Int(number) => Held::Int(number),
            ValueRef::Real(number) => Held::Real(number),
            ValueRef::Text(text) => Held::Text(text),
        }
    }
}

impl Asleep<'_> {
    fn into_visit(self) -> Option<OpenVisit> {
        let (year, month, day) = self.day;
        let day = Date::new(year, month, day).ok()?;
        let mut visit = OpenVisit::new(packed::read(self.own)?, day);
        visit.rest = Some(self.rest.into());
        visit.came_from_elsewhere = self.came_from_elsewhere;
        visit.seen = Seen::from_sorted(self.seen.into_owned());
        visit.goals = self.goals.into_iter().map(GoalId).collect();
        visit.pageviews = self.pageviews.into_owned();
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

    fn visit() -> OpenVisit {
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
        visit.came_from_elsewhere = true;
        (visit.stored, visit.dirty) = (true, false);
        visit
    }

    #[test]
    fn a_visit_wakes_as_it_fell_asleep() {
        let visit = visit();
        let bytes = put(&[visit.clone(), visit.clone()]).unwrap();
        let mut woken = wake(&bytes).unwrap();
        assert_eq!(woken.len(), 2);
        assert!(woken[1].row.facts.is_empty() && woken[1].rest.is_some());
        woken[1].make_whole();
        assert_eq!(format!("{:?}", woken[1]), format!("{visit:?}"));
        assert!(bytes.len() < 400, "{} bytes for two visits", bytes.len());
    }

    #[test]
    fn what_nobody_asked_for_sleeps_on() {
        let visit = visit();
        let mut woken = wake(&put(std::slice::from_ref(&visit)).unwrap()).unwrap();
        woken[0].row.actions = 5;
        let mut again = wake(&put(&woken).unwrap()).unwrap();
        again[0].make_whole();
        assert_eq!(again[0].row, VisitRow { actions: 5, ..visit.row });
        assert!(!whole(&mut VisitRow::default(), b"\xff"));
    }
}
