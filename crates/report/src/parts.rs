//! Work on the rows of very long tables, done in parts side by side.

use std::{num::NonZero, thread};

use footfall_model::Row;

/// Fewer rows than this are not worth a thread.
const FEW: usize = 4_000;
/// More parts than this are never made: other questions want to be answered too.
const MOST: usize = 4;

/// Works on rows and on those below them: all at once, or, where there are very many, in parts side by side.
pub fn each_part(rows: &mut [Row], work: impl Fn(&mut [Row]) + Sync) {
    let lengths = lengths(rows);
    if lengths.len() < 2 {
        return work(rows);
    }
    let (mut rest, work) = (rows, &work);
    thread::scope(|threads| {
        for length in lengths {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(length);
            rest = others;
            threads.spawn(move || work(part));
        }
    });
}

/// Turns rows into something else: all at once, or, where there are very many, in parts side by side. The parts come in order.
pub fn of_parts<T: Send>(mut rows: Vec<Row>, work: impl Fn(Vec<Row>) -> T + Sync) -> Vec<T> {
    let lengths = lengths(&rows);
    if lengths.len() < 2 {
        return vec![work(rows)];
    }
    let mut parts: Vec<Vec<Row>> = lengths.iter().rev().map(|length| rows.split_off(rows.len() - length)).collect();
    let work = &work;
    thread::scope(|threads| {
        let working: Vec<_> = parts.drain(..).rev().map(|part| threads.spawn(move || work(part))).collect();
        let done = working.into_iter().map(thread::ScopedJoinHandle::join);
        done.map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// How many rows each part gets, so that all have about as many with those below.
fn lengths(rows: &[Row]) -> Vec<usize> {
    let whole: usize = rows.iter().map(size).sum();
    if whole < 2 * FEW {
        return vec![rows.len()];
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let each = whole.div_ceil(cores.min(MOST).min(whole / FEW).max(1));
    let mut lengths = Vec::new();
    let (mut length, mut held) = (0, 0);
    for row in rows {
        (length, held) = (length + 1, held + size(row));
        if held >= each {
            lengths.push(length);
            (length, held) = (0, 0);
        }
    }
    if length > 0 {
        lengths.push(length);
    }
    lengths
}

/// How many rows a row is with those below.
fn size(row: &Row) -> usize {
    1 + row.subtable.as_ref().map_or(0, |below| below.rows.iter().map(size).sum())
}

#[cfg(test)]
mod tests {
    use footfall_model::{DataTable, Value};

    use super::*;

    fn rows(n: usize, below: usize) -> Vec<Row> {
        let labelled = |number: usize| Row::labelled(Value::Int(number as i64));
        let with_below = |number| Row {
            subtable: Some(Box::new(DataTable { rows: (0..below).map(labelled).collect(), ..DataTable::default() })),
            ..labelled(number)
        };
        (0..n).map(with_below).collect()
    }

    #[test]
    fn every_row_is_worked_on_once_and_in_its_place() {
        for (n, below) in [(0, 0), (3, 1), (30_000, 0), (100, 500), (1, 20_000)] {
            let mut made = rows(n, below);
            each_part(&mut made, |part| {
                part.iter_mut().for_each(|row| row.set("seen", row.number("seen").unwrap_or_default() + 1.0))
            });
            assert!(made.iter().all(|row| row.number("seen") == Some(1.0)));
            let labels = of_parts(made, |part| part.iter().filter_map(|row| row.number("label")).collect::<Vec<f64>>()).concat();
            assert_eq!(labels, (0..n).map(|number| number as f64).collect::<Vec<f64>>());
        }
    }

    #[test]
    fn parts_are_even_by_the_rows_below() {
        let few = rows(10, 10);
        assert_eq!(lengths(&few), [10]);
        let many = rows(100, 999);
        let parts = lengths(&many);
        assert_eq!(parts.iter().sum::<usize>(), 100);
        assert!(parts.iter().max().unwrap() - parts.iter().min().unwrap() <= 4);
    }
}
