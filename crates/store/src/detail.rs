use footfall_model::{Column, ConversionRow, HitRow, ItemRow, Kind, ValueRef, VisitRow};

use crate::{FactRow, VisitDetail};

impl VisitDetail {
    /// Puts all that happened in the order in which it happened.
    pub fn sort(&mut self) {
        self.hits.sort_by_key(|hit| (hit.at, hit.hit_id));
        self.conversions.sort_by_key(|row| (row.at, row.hit_id, row.goal_id));
        self.items.sort_by_key(|row| (row.at, row.hit_id, row.goal_id, row.sku, row.name));
    }
}

/// Every dictionary number that these visits and their rows carry, ascending, each once.
pub fn detail_texts(details: &[VisitDetail]) -> Vec<u32> {
    let mut ids = Vec::new();
    for detail in details {
        numbers(&detail.visit, VisitRow::COLUMNS, &mut ids);
        detail.hits.iter().for_each(|row| numbers(row, HitRow::COLUMNS, &mut ids));
        detail.conversions.iter().for_each(|row| numbers(row, ConversionRow::COLUMNS, &mut ids));
        detail.items.iter().for_each(|row| numbers(row, ItemRow::COLUMNS, &mut ids));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn numbers<R: FactRow>(row: &R, columns: &[Column], ids: &mut Vec<u32>) {
    let mut kinds = columns.iter().map(|column| column.kind);
    row.each_value(|value| {
        if let (Some(Kind::Long), ValueRef::Int(id)) = (kinds.next(), value)
            && id != 0
        {
            ids.push(id as u32);
        }
    });
}
