use footfall_model::{Column, Fact, Filter, Kind, Query};
use rustc_hash::FxHashMap;

use super::world::{Wide, World};

/// How many visitors took each step.
pub(super) fn reached(world: &World<'_>, query: &Query, steps: &[Filter]) -> Vec<u64> {
    let column = Column { fact: Fact::Hits, name: "at", kind: Kind::Count };
    let second = |row: &Wide| world.kept(row, &column).as_i64().unwrap_or_default() / 1000;
    let mut visitors: FxHashMap<i64, Vec<&Wide>> = FxHashMap::default();
    for row in world.all(Fact::Hits).filter(|row| world.in_range(row) && world.satisfies(row, &query.filter)) {
        visitors.entry(row.visitor).or_default().push(row);
    }
    let mut reached = vec![0; steps.len()];
    for rows in visitors.into_values() {
        let mut since = i64::MIN;
        for (step, reached) in steps.iter().zip(&mut reached) {
            let taken = rows.iter().filter(|row| second(row) >= since && world.satisfies(row, step)).map(|row| second(row)).min();
            let Some(taken) = taken else { break };
            since = taken;
            *reached += 1;
        }
    }
    reached
}
