use footfall_model::{Column, Fact, Filter, Kind, Query};
use rustc_hash::FxHashMap;

use super::world::{Wide, World};

/// How many visitors took each step.
pub(super) fn reached(world: &World<'_>, query: &Query, steps: &[Filter]) -> Vec<u64> {
    let number = |row: &Wide, name| {
        let column = Column { fact: Fact::Hits, name, kind: Kind::Count };
        world.kept(row, &column).as_i64().unwrap_or_default()
    };
    let mut visitors: FxHashMap<i64, Vec<&Wide>> = FxHashMap::default();
    for row in world.all(Fact::Hits).filter(|row| world.in_range(row) && world.satisfies(row, &query.filter)) {
        visitors.entry(row.visitor).or_default().push(row);
    }
    let mut reached = vec![0; steps.len()];
    for mut rows in visitors.into_values() {
        rows.sort_by_key(|row| (number(row, "at"), number(row, "hit_id")));
        let mut taken = 0;
        for row in rows {
            if taken < steps.len() && world.satisfies(row, &steps[taken]) {
                reached[taken] += 1;
                taken += 1;
            }
        }
    }
    reached
}
