//! Metrics that a request adds to a table: what all columns show, and what goals show.

use footfall_model::{Cell, DataTable};
use footfall_report::calculate;

use super::{
    super::MatomoRequest,
    metric::{GoalMetric, Metric, Of, REVENUE_PER_VISIT},
};

/// The metrics a request adds to a table. Rows without visits and actions go where the request says so.
pub(super) fn add(request: &MatomoRequest, table: &mut DataTable) -> Vec<Metric> {
    let mut metrics = Vec::new();
    if let Some(deletes) = request.int("filter_add_columns_when_show_all_columns") {
        if deletes != 0 {
            let whole = |row: &footfall_model::Row, name: &str| row.number(name).unwrap_or_default() as i64;
            table.rows.retain(|row| whole(row, "nb_visits") != 0 || whole(row, "nb_actions") != 0);
        }
        metrics.extend(all_columns());
    }
    let asked = request.filled("filter_update_columns_when_show_all_goals");
    let is_goal = |asked: &str| asked == "0" || asked.parse::<i64>().is_ok_and(|n| n != 0) || asked.starts_with("ecommerce");
    if asked.is_some_and(is_goal) {
        metrics.extend(all_columns());
        metrics.push(Metric::Known(REVENUE_PER_VISIT));
        metrics.extend(goals(request, table));
    }
    metrics
}

fn all_columns() -> [Metric; 4] {
    [calculate::CONVERSION_RATE, calculate::ACTIONS_PER_VISIT, calculate::TIME_ON_SITE, calculate::BOUNCE_RATE].map(Metric::Known)
}

/// How much is shown of which goals, as requests number it.
mod how {
    /// Only how often they were reached.
    pub(super) const OVERVIEW: i64 = -1;
    /// Nothing of single goals.
    pub(super) const MINIMAL: i64 = -2;
    /// What pages had to do with them.
    pub(super) const PAGES: [i64; 2] = [-3, -5];
    /// What visits that began with a page had to do with them.
    pub(super) const ENTRIES: [i64; 2] = [-4, -6];
    /// The numbers of orders too.
    pub(super) const ORDERS: [i64; 2] = [-5, -6];
}

fn goals(request: &MatomoRequest, table: &DataTable) -> Vec<Metric> {
    let named: Vec<String> =
        request.words("filter_show_goal_columns_process_goals").into_iter().filter(|goal| goal != "0").collect();
    let default = match named.as_slice() {
        [only] => only.clone(),
        _ => how::OVERVIEW.to_string(),
    };
    let wanted = request.filled("idGoal").map_or(default, str::to_owned);
    let is_ecommerce = wanted == "ecommerceOrder" || wanted == "ecommerceAbandonedCart";
    let mode: i64 = wanted.parse().unwrap_or(0);
    if mode == how::MINIMAL {
        return Vec::new();
    }
    let mut goals = in_table(table, request.text("flat") == Some("1"));
    goals.extend(named);
    let mut seen = Vec::new();
    let mut metrics = Vec::new();
    for goal in goals {
        if seen.contains(&goal) || ((mode > 0 || is_ecommerce) && wanted != goal) {
            continue;
        }
        seen.push(goal.clone());
        for of in shown(mode, is_ecommerce) {
            metrics.push(Metric::Goal(GoalMetric { goal: goal.clone(), of }));
        }
    }
    metrics
}

fn shown(mode: i64, is_ecommerce: bool) -> Vec<Of> {
    let mut shown = vec![Of::ConversionRate];
    if mode == how::OVERVIEW {
        return shown;
    }
    shown.extend([Of::Conversions, Of::RevenuePerVisit, Of::Revenue]);
    if how::PAGES.contains(&mode) {
        shown.extend([Of::ConversionsAttributed, Of::RevenueAttributed, Of::PageRate]);
    }
    if how::ENTRIES.contains(&mode) {
        shown.extend([Of::EntryConversions, Of::RevenuePerEntry, Of::EntryRevenue, Of::EntryRate]);
    }
    if is_ecommerce || how::ORDERS.contains(&mode) {
        shown.extend([Of::OrderRevenue, Of::Items]);
    }
    shown
}

/// The goals that rows of the table know.
fn in_table(table: &DataTable, by_name: bool) -> Vec<String> {
    let mut found = Vec::new();
    for row in &table.rows {
        for (name, _) in row.get("goals").and_then(Cell::as_map).unwrap_or_default() {
            let goal = match name.strip_prefix("idgoal=").unwrap_or(name) {
                "ecommerceOrder" if !by_name => "0",
                "ecommerceAbandonedCart" if !by_name => "-1",
                goal => goal,
            };
            if !found.iter().any(|known| known == goal) {
                found.push(goal.to_owned());
            }
        }
    }
    found
}
