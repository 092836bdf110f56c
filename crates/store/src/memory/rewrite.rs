use footfall_model::{Column, Fact, Text, Value};

use super::{Facts, Kept};
use crate::{Change, FactRow, Rewrite, Schema, Table, fact_row::Props};

impl Kept {
    /// Changes the rows meant; gives how many there are.
    pub(super) fn rewrite(&mut self, wanted: &Rewrite, schema: &Schema, facts: Facts) -> u64 {
        let table = schema.table(wanted.fact);
        let changed = match wanted.fact {
            Fact::Visits => rewritten(&mut self.visits, wanted, table, facts.visits),
            Fact::Hits => rewritten(&mut self.hits, wanted, table, facts.hits),
            Fact::Conversions => rewritten(&mut self.conversions, wanted, table, 0),
            Fact::Items => rewritten(&mut self.items, wanted, table, 0),
        };
        self.revision += u64::from(changed > 0);
        changed
    }
}

fn rewritten<R: FactRow>(rows: &mut [R], wanted: &Rewrite, table: &Table, facts: usize) -> u64 {
    let mut changed = 0;
    for row in rows {
        let mut values = Vec::new();
        row.each_value(|value| values.push(Value::from(value)));
        let number = |name| table.position(name).and_then(|place| values[place].as_i64()).unwrap_or_default();
        let (site, at) = (number("site_id"), number(wanted.moment()));
        let is_meant = wanted.sites.iter().any(|wanted| i64::from(wanted.0) == site);
        if !is_meant || at < wanted.range.start.0 || at >= wanted.range.end.0 {
            continue;
        }
        let mut props: Vec<Props> = row.props().into_iter().cloned().collect();
        for change in &wanted.changes {
            apply(change, table, &mut values, &mut props);
        }
        *row = R::from_parts(&values, facts, props);
        changed += 1;
    }
    changed
}

fn apply(change: &Change, table: &Table, values: &mut [Value], props: &mut [Props]) {
    let place = |column: &Column| table.position(column.name);
    match change {
        Change::Put(column, value) => {
            if let Some(place) = place(column) {
                values[place] = value.clone();
            }
        }
        Change::Replace { by, columns, rows } => {
            let Some(Value::Text(held)) = place(by).map(|place| values[place].clone()) else { return };
            let Some((_, new)) = rows.iter().find(|(old, _)| *old == held) else { return };
            for (column, value) in columns.iter().zip(new) {
                if let Some(place) = place(column) {
                    values[place] = value.clone();
                }
            }
        }
        Change::Drop(column, keys) => {
            let gone = |key: &Text| keys.contains(key);
            if let Some(place) = place(column).and_then(|place| place.checked_sub(table.plain().count())) {
                props[place].retain(|(key, _)| !gone(key));
            }
        }
    }
}
