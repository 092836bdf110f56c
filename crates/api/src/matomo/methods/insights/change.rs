//! Rows of a report beside those of the period before.

use std::cmp::Ordering;

use footfall_model::{Cell, DataTable, Row};
use footfall_report::number;

use super::{name, row};
use crate::matomo::Failure;

/// From how much on a change is told. Shares are percent of all visits; `None` leaves a kind of change out.
pub(super) struct Least {
    /// Of what is there in both periods.
    pub(super) movers: Option<f64>,
    /// Of what was not there before.
    pub(super) new: Option<f64>,
    /// Of what is not there any more.
    pub(super) disappeared: Option<f64>,
    /// Growth in percent.
    pub(super) growth: f64,
    /// The same of what shrinks, below zero.
    pub(super) shrinking: f64,
}

impl Least {
    /// What is more than the site changed as a whole, in percent, where it has so many visits.
    pub(super) fn beyond(evolution: f64, total: f64) -> Least {
        let (growth, shrinking, disappeared, mut new) = if evolution >= 100.0 {
            let factor = (evolution / 500.0).ceil();
            (evolution + factor * 40.0, -70.0, 8.0, (evolution / 100.0 * 3.0).min(10.0))
        } else if evolution >= 0.0 {
            (evolution + 20.0, -(evolution + 20.0), 7.0, 5.0)
        } else {
            ((evolution - 20.0).abs(), evolution - 20.0, 7.0, 5.0)
        };
        let (mut movers, mut gone) = (1.0, disappeared);
        // A change of two visits at least.
        if total < 200.0 && total != 0.0 {
            movers = (2.0 / (total / 100.0)).ceil();
            new = f64::max(new, movers);
            gone = f64::max(gone, movers);
        }
        Least { movers: Some(movers), new: Some(new), disappeared: Some(gone), growth, shrinking }
    }
}

/// How many of what grows and of what shrinks are told; below zero is all.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) up: i64,
    pub(super) down: i64,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mover,
    New,
    Disappeared,
}

/// A row's change.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The row's label; none in a report of totals.
    pub(super) label: Option<String>,
    old: f64,
    new: f64,
    growth: f64,
    kind: Kind,
    has_metric: f64,
}

impl Change {
    fn difference(&self) -> f64 {
        self.new - self.old
    }

    /// As it is answered.
    pub(super) fn row(&self, metric: &'static str) -> Row {
        let plain = |value: f64| Cell::Value(number::number(value));
        let growth = format!("{}", self.growth);
        let label = self.label.as_deref().map(|label| (name("label"), Cell::text(label)));
        let columns = [
            (name(metric), plain(self.has_metric)),
            (name("growth_percent"), Cell::text(&format!("{growth}%"))),
            (name("growth_percent_numeric"), Cell::text(&growth)),
            (name("grown"), Cell::Bool(self.growth.is_sign_positive())),
            (name("value_old"), plain(self.old)),
            (name("value_new"), plain(self.new)),
            (name("difference"), plain(self.difference())),
            (name("importance"), plain(self.difference().abs())),
            (name("isDisappeared"), Cell::Bool(self.kind == Kind::Disappeared)),
            (name("isNew"), Cell::Bool(self.kind == Kind::New)),
            (name("isMover"), Cell::Bool(self.kind == Kind::Mover)),
        ];
        row(label.into_iter().chain(columns).collect())
    }
}

/// What changed from one table to the other by as much as is asked for, in the order asked for.
///
/// # Errors
/// When there is no such order.
pub(super) fn find(
    now: &DataTable,
    then: &DataTable,
    metric: &str,
    total: i64,
    least: &Least,
    limits: Limits,
    order: &str,
) -> Result<Vec<Change>, Failure> {
    let by: [fn(&Change) -> f64; 3] = match order {
        "relative" => [|one| one.growth, Change::difference, |one| one.has_metric],
        "absolute" => [Change::difference, |one| one.growth, |one| one.has_metric],
        "importance" => [|one| one.difference().abs(), |one| one.growth, |one| one.has_metric],
        _ => return Err(Failure::new("Unsupported orderBy")),
    };
    let mut changes = all(now, then, metric, least);
    changes
        .retain(|one| (one.growth >= least.growth && one.growth >= 0.0) || (one.growth <= least.shrinking && one.growth < 0.0));
    changes.retain(|one| {
        let share = match one.kind {
            Kind::Mover => least.movers,
            Kind::New => least.new,
            Kind::Disappeared => least.disappeared,
        };
        let visits = share.filter(|share| *share > 0.0).map_or(0.0, |share| (total as f64 / 100.0 * share).ceil());
        one.difference().abs() >= visits
    });
    changes.sort_by(|one, other| {
        by.iter().map(|value| outer_first(value(one), value(other))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    let (mut up, mut down) = (0, 0);
    changes.retain(|one| {
        let (count, limit) = if one.growth >= 0.0 { (&mut up, limits.up) } else { (&mut down, limits.down) };
        *count += 1;
        limit < 0 || *count <= limit
    });
    Ok(changes)
}

/// What is above zero before what is below, and what is farther from zero first.
fn outer_first(one: f64, other: f64) -> Ordering {
    let (first, second) = if one < 0.0 && other < 0.0 { (one, other) } else { (other, one) };
    first.partial_cmp(&second).unwrap_or(Ordering::Equal)
}

fn all(now: &DataTable, then: &DataTable, metric: &str, least: &Least) -> Vec<Change> {
    let value = |row: &Row| row.number(metric).unwrap_or_default();
    let label = |row: &Row| row.get("label").map(|_| row.label().to_owned());
    let find = |table: &DataTable, row: &Row| {
        let same = |other: &&Row| other.is_summary == row.is_summary && other.label() == row.label();
        row.get("label").and_then(|_| table.rows.iter().find(same).map(value))
    };
    let mut changes = Vec::new();
    for row in &now.rows {
        let new = value(row);
        let old = find(then, row);
        let kind = if old.is_some() { Kind::Mover } else { Kind::New };
        let wanted = if kind == Kind::Mover { least.movers } else { least.new };
        if wanted.is_none() {
            continue;
        }
        let old = old.unwrap_or_default();
        let growth = match (new - old, old) {
            (0.0, _) => 0.0,
            (_, 0.0) => 100.0,
            (difference, old) => number::round(difference / old * 100.0, 1),
        };
        changes.push(Change { label: label(row), old, new, growth, kind, has_metric: new });
    }
    if least.disappeared.is_some() {
        for row in then.rows.iter().filter(|row| find(now, row).is_none()) {
            let old = value(row);
            let growth = if old == 0.0 { 0.0 } else { -100.0 };
            changes.push(Change { label: label(row), old, new: 0.0, growth, kind: Kind::Disappeared, has_metric: old });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, i64)]) -> DataTable {
        let rows = rows.iter().map(|(label, visits)| {
            let mut row = Row::labelled(Cell::text(label));
            row.set("nb_visits", *visits);
            row
        });
        DataTable { rows: rows.collect(), ..DataTable::default() }
    }

    fn every(order: &str, up: i64) -> Vec<(String, f64, Kind)> {
        let now = table(&[("a", 30), ("b", 10), ("c", 5), ("same", 8)]);
        let then = table(&[("a", 10), ("b", 20), ("gone", 12), ("same", 8)]);
        let least = Least { movers: Some(2.0), new: Some(2.0), disappeared: Some(2.0), growth: 20.0, shrinking: -20.0 };
        let changes = find(&now, &then, "nb_visits", 53, &least, Limits { up, down: 5 }, order).unwrap();
        changes.into_iter().map(|change| (change.label.unwrap_or_default(), change.growth, change.kind)).collect()
    }

    #[test]
    fn changes_are_told_from_the_outside_in() {
        let owned = |label: &str, growth, kind| (label.to_owned(), growth, kind);
        let (a, c) = (owned("a", 200.0, Kind::Mover), owned("c", 100.0, Kind::New));
        let (gone, b) = (owned("gone", -100.0, Kind::Disappeared), owned("b", -50.0, Kind::Mover));
        assert_eq!(every("absolute", 5), [a.clone(), c, gone.clone(), b.clone()]);
        assert_eq!(every("relative", 1), [a, gone, b]);
        assert!(
            find(&table(&[]), &table(&[]), "nb_visits", 0, &Least::beyond(0.0, 0.0), Limits { up: 1, down: 1 }, "odd").is_err()
        );
    }

    /// Labels with their growth as it is told, everything that changed at all.
    fn told(now: &DataTable, then: &DataTable) -> Vec<(Option<String>, String, bool)> {
        let least = Least { movers: Some(0.0), new: Some(0.0), disappeared: Some(0.0), growth: 0.0, shrinking: 0.0 };
        let changes = find(now, then, "nb_visits", 100, &least, Limits { up: -1, down: -1 }, "absolute").unwrap();
        let rows = changes.iter().map(|change| change.row("nb_visits"));
        rows.map(|row| {
            let label = row.get("label").map(|_| row.label().to_owned());
            let growth = row.get("growth_percent").and_then(Cell::as_str).unwrap_or_default().to_owned();
            (label, growth, row.get("grown") == Some(&Cell::Bool(true)))
        })
        .collect()
    }

    #[test]
    fn growth_is_told_to_a_tenth() {
        let row = |label: &str, growth: &str, grown| (Some(label.to_owned()), growth.to_owned(), grown);
        assert_eq!(
            told(
                &table(&[("third", 4), ("same", 5), ("less", 2), ("hardly", 9_996), ("zero", 0)]),
                &table(&[("third", 3), ("same", 5), ("less", 3), ("hardly", 10_000), ("zero", 0), ("gone", 0)])
            ),
            [
                row("third", "33.3%", true),
                row("same", "0%", true),
                row("zero", "0%", true),
                row("gone", "0%", true),
                row("hardly", "-0%", false),
                row("less", "-33.3%", false),
            ]
        );
    }

    #[test]
    fn totals_have_no_label_and_are_never_known_again() {
        let total = |visits: i64| {
            let mut row = Row::default();
            row.set("nb_visits", visits);
            DataTable { rows: vec![row], ..DataTable::default() }
        };
        assert_eq!(told(&total(6), &total(3)), [(None, "100%".to_owned(), true), (None, "-100%".to_owned(), false)]);
    }

    #[test]
    fn a_kind_is_left_out_or_kept_whatever_it_weighs() {
        let (now, then) = (table(&[("a", 30), ("new", 1)]), table(&[("a", 10), ("gone", 2)]));
        let labels = |least: &Least| -> Vec<String> {
            let changes = find(&now, &then, "nb_visits", 40, least, Limits { up: 5, down: 5 }, "importance").unwrap();
            changes.into_iter().filter_map(|change| change.label).collect()
        };
        let every = Least { movers: Some(5.0), new: Some(5.0), disappeared: Some(5.0), growth: 20.0, shrinking: -20.0 };
        // Two of forty visits are five percent, and one is less.
        assert_eq!(labels(&every), ["a", "gone"]);
        assert_eq!(labels(&Least { movers: None, ..every }), ["gone"]);
        let every = Least { movers: Some(5.0), new: Some(2.5), disappeared: None, growth: 20.0, shrinking: -20.0 };
        assert_eq!(labels(&every), ["a", "new"]);
        let every = Least { movers: Some(5.0), new: Some(2.5), disappeared: None, growth: 150.0, shrinking: -20.0 };
        assert_eq!(labels(&every), ["a"]);
    }

    #[test]
    fn a_small_site_moves_by_two_visits_at_least() {
        let least = Least::beyond(0.0, 20.0);
        assert_eq!((least.growth, least.shrinking, least.movers, least.new), (20.0, -20.0, Some(10.0), Some(10.0)));
        let least = Least::beyond(1000.0, 5000.0);
        assert_eq!((least.growth, least.shrinking, least.movers, least.new), (1080.0, -70.0, Some(1.0), Some(10.0)));
        assert_eq!(Least::beyond(-50.0, 5000.0).shrinking, -70.0);
    }
}
