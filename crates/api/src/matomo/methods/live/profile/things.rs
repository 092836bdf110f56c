//! What a visitor reached, bought and used, and what was said along with it.

use footfall_model::{Cell, CustomScope, Name, Site};
use footfall_report::number;

use super::{
    Profile, Visit, actions, get_cell, get_filled, number as whole,
    tally::{Named, Tally, pair},
    text,
};

/// Goals that were reached, by number, with what they brought.
pub(super) fn goals(profile: &mut Profile, visits: &[Visit]) {
    profile.put("totalGoalConversions", visits.iter().map(|visit| whole(visit, "goalConversions")).sum::<i64>());
    let (mut counts, mut sums): (Vec<(i64, i64)>, Vec<(i64, f64)>) = (Vec::new(), Vec::new());
    for action in actions(visits).filter(|action| text(action, "type") == "goal") {
        let id = whole(action, "goalId");
        if id == 0 {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count += 1,
            None => counts.push((id, 1)),
        }
        let revenue = get_cell(action, "revenue").and_then(Cell::as_f64).unwrap_or_default();
        if revenue != 0.0 {
            match sums.iter_mut().find(|(known, _)| *known == id) {
                Some((_, sum)) => *sum += revenue,
                None => sums.push((id, revenue)),
            }
        }
    }
    let name = |id: i64| Name::Owned(format!("idgoal={id}"));
    profile.put("totalConversionsByGoal", Cell::Map(counts.into_iter().map(|(id, count)| (name(id), count.into())).collect()));
    if !sums.is_empty() {
        let sums = sums.into_iter().map(|(id, sum)| (name(id), Cell::Value(number::number(sum))));
        profile.put("totalRevenueByGoal", Cell::Map(sums.collect()));
    }
}

/// What was bought and left, as the earliest visit that is told says.
pub(super) fn sales(profile: &mut Profile, visits: &[Visit], told: usize) {
    let Some(visit) = visits.iter().take(told).last() else {
        return;
    };
    for name in [
        "totalEcommerceRevenue",
        "totalEcommerceConversions",
        "totalEcommerceItems",
        "totalAbandonedCarts",
        "totalAbandonedCartsRevenue",
        "totalAbandonedCartsItems",
    ] {
        profile.put(name, get_cell(visit, name).cloned().unwrap_or(Cell::NULL));
    }
}

/// Values of custom dimensions, of actions and of visits.
pub(super) fn dimensions(profile: &mut Profile, visits: &[Visit], site: &Site) {
    let mut scopes: Vec<(Name, Cell)> = Vec::new();
    for (scope, name) in [(CustomScope::Action, "action"), (CustomScope::Visit, "visit")] {
        let mut met = Named::default();
        let rows: Vec<&[(Name, Cell)]> = match scope {
            CustomScope::Action => actions(visits).collect(),
            CustomScope::Visit => visits.iter().map(Vec::as_slice).collect(),
        };
        for row in rows {
            for dimension in site.dimensions.iter().filter(|known| known.active && known.scope == scope) {
                let value = text(row, &format!("dimension{}", dimension.id));
                if !value.is_empty() && value != "0" {
                    met.add(&dimension.name, value);
                }
            }
        }
        scopes.extend(met.list().map(|list| (name.into(), list)));
    }
    if !scopes.is_empty() {
        profile.put("customDimensions", Cell::Map(scopes));
    }
}

/// Names and values of custom variables, of pages and of visits.
pub(super) fn variables(profile: &mut Profile, visits: &[Visit]) {
    let mut scopes: Vec<(Name, Cell)> = Vec::new();
    let pages: Vec<&[(Name, Cell)]> = actions(visits).collect();
    let whole: Vec<&[(Name, Cell)]> = visits.iter().map(Vec::as_slice).collect();
    for (scope, rows, name, value) in [
        ("page", pages, "customVariablePageName", "customVariablePageValue"),
        ("visit", whole, "customVariableName", "customVariableValue"),
    ] {
        let mut met = Named::default();
        for pairs in rows.iter().filter_map(|row| get_filled(row, "customVariables")?.as_map()) {
            for (index, pair) in pairs.iter().filter_map(|(index, pair)| Some((index, pair.as_map()?))) {
                let held = text(pair, &format!("{value}{index}"));
                if !held.is_empty() && held != "0" {
                    met.add(text(pair, &format!("{name}{index}")), held);
                }
            }
        }
        scopes.extend(met.list().map(|list| (scope.into(), list)));
    }
    if !scopes.is_empty() {
        profile.put("customVariables", Cell::Map(scopes));
    }
}

/// Types of devices with the devices of each.
pub(super) fn devices(profile: &mut Profile, visits: &[Visit]) {
    let mut types: Vec<(&str, &str, i64, Tally)> = Vec::new();
    for visit in visits {
        let (kind, brand, model) = (text(visit, "deviceType"), text(visit, "deviceBrand"), text(visit, "deviceModel"));
        let name = if brand == "Unknown" { model.to_owned() } else { format!("{brand} {model}").trim().to_owned() };
        let at = match types.iter().position(|(known, ..)| *known == kind) {
            Some(at) => at,
            None => {
                types.push((kind, text(visit, "deviceTypeIcon"), 0, Tally::default()));
                types.len() - 1
            }
        };
        types[at].2 += 1;
        types[at].3.add(&name);
    }
    // Counts are compared as texts, as at Matomo.
    types.sort_by(|one, other| other.2.to_string().cmp(&one.2.to_string()).then_with(|| one.0.cmp(other.0)));
    let rows = types.into_iter().map(|(kind, icon, count, devices)| {
        let devices = devices.counted.iter().map(|(name, count)| pair("name", name, "count", *count)).collect();
        crate::matomo::cells::cells! {
            "type" => Cell::text(kind),
            "count" => count,
            "icon" => Cell::text(icon),
            "devices" => Cell::List(devices),
        }
    });
    profile.put("devices", Cell::List(rows.collect()));
}
