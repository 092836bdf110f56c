//! `CustomVariables.getUsagesOfSlots`: which names each number of a custom variable had.

use std::sync::Arc;

use footfall_model::{Access, Cell, Name, Segment, variable};
use footfall_report::{Options, Periods, Scope, Tables, reports::custom_variables};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        process::sort,
        scope,
    },
};

pub(super) const METHODS: &[Method] =
    &[Method::new("CustomVariables", "getUsagesOfSlots", Need::Nobody, &["idSite"], |call| Box::pin(usages(call)))];

/// Nothing is older than Matomo.
const FIRST_DAY: &str = "2008-12-12";

/// What has been said under one number.
struct Slot {
    scope: &'static str,
    number: u32,
    usages: Vec<Cell>,
}

async fn usages(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::Admin)?;
    let today = scope::today(call.ctx, Some(&site));
    let wanted = Scope {
        by_site: false,
        periods: Periods::parse("range", &format!("{FIRST_DAY},{today}"), today)?,
        segment: Arc::new(Segment::default()),
        sites: vec![site],
    };
    let tables = call.ctx.reader().run(&custom_variables::NAMES, &wanted, &Options::default()).await?;
    let Tables::One(mut sheet) = tables else {
        return Ok(Answer::list(Vec::new()));
    };
    sort::table(&mut sheet.table, "nb_actions", false);
    let mut slots: Vec<Slot> = Vec::new();
    for scope in ["visit", "page"] {
        slots.extend((1..=variable::USUAL).map(|number| Slot { scope, number, usages: Vec::new() }));
    }
    for row in sheet.table.plain_rows() {
        let Some(Cell::List(stood)) = row.metadata("slots") else {
            continue;
        };
        let number = |name: &str| row.get(name).cloned().unwrap_or(Cell::Bool(false));
        let usage: Vec<(Name, Cell)> = vec![
            ("name".into(), Cell::text(row.label())),
            ("nb_visits".into(), number("nb_visits")),
            ("nb_actions".into(), number("nb_actions")),
        ];
        for place in stood.iter().filter_map(Cell::as_map) {
            put(&mut slots, place, Cell::Map(usage.clone()));
        }
    }
    slots.sort_by_key(|slot| (slot.scope == "page", slot.number));
    Ok(Answer::list(slots.into_iter().map(shown).collect()))
}

fn put(slots: &mut Vec<Slot>, place: &[(Name, Cell)], usage: Cell) {
    let told = |name: &str| place.iter().find(|(known, _)| known == name).map(|(_, cell)| cell);
    let scope = if told("scope").and_then(Cell::as_str) == Some("page") { "page" } else { "visit" };
    let Some(number) = told("index").and_then(Cell::as_f64).map(|number| number as u32) else {
        return;
    };
    match slots.iter_mut().find(|slot| slot.scope == scope && slot.number == number) {
        Some(slot) => slot.usages.push(usage),
        None => slots.push(Slot { scope, number, usages: vec![usage] }),
    }
}

fn shown(slot: Slot) -> Cell {
    Cell::Map(vec![
        ("scope".into(), Cell::text(slot.scope)),
        ("index".into(), i64::from(slot.number).into()),
        ("usages".into(), Cell::List(slot.usages)),
    ])
}
