use footfall_model::{ConversionRow, CustomScope, GoalId, ItemRow, Millis, Site};
use footfall_report::{record::actions::full_url, store::VisitDetail};
use serde_json::{Map, Value, json};

use super::{put, put_slots, text, timestamp};
use crate::own::shape::number;

/// The goals that a visit reached, its orders, and the cart it left behind.
pub(super) fn lines(
    visit: &VisitDetail,
    site: &Site,
    common: &Map<String, Value>,
) -> impl Iterator<Item = (Millis, Map<String, Value>)> {
    visit.conversions.iter().map(|row| (row.at, line(visit, row, site, common.clone())))
}

fn line(visit: &VisitDetail, row: &ConversionRow, site: &Site, mut line: Map<String, Value>) -> Map<String, Value> {
    line.insert("timestamp".to_owned(), timestamp(row.at).into());
    put(&mut line, "url", url(visit, row).as_deref());
    put(&mut line, "credited_type", row.referrer_type.as_deref());
    put(&mut line, "credited_name", row.referrer_name.as_deref());
    put(&mut line, "credited_keyword", row.referrer_keyword.as_deref());
    put_slots(&mut line, "dimensions", site, CustomScope::Action, &row.slots);
    let kind = match row.goal_id {
        GoalId::ORDER => "order",
        GoalId::CART => "cart",
        _ => "conversion",
    };
    line.insert("type".to_owned(), kind.into());
    line.insert("total".to_owned(), number(row.revenue));
    if kind == "conversion" {
        line.insert("goal".to_owned(), row.goal_id.0.into());
        let goal = site.goals.iter().find(|goal| goal.id == row.goal_id);
        put(&mut line, "goal_name", goal.map(|goal| goal.name.as_str()));
        line.insert("manual".to_owned(), (row.hit_id == 0).into());
        return line;
    }
    put(&mut line, "order_id", row.order_id.as_deref());
    for (name, amount) in [("subtotal", row.subtotal), ("tax", row.tax), ("shipping", row.shipping), ("discount", row.discount)] {
        line.insert(name.to_owned(), number(amount));
    }
    let of_this = visit.items.iter().filter(|item| item.goal_id == row.goal_id && item.order_id == row.order_id);
    line.insert("items".to_owned(), of_this.map(|one| item(visit, one)).collect());
    line
}

/// The address it happened at: with the scheme that an event of the visit at this address had, else the usual one.
fn url(visit: &VisitDetail, row: &ConversionRow) -> Option<String> {
    let prefix = visit.hits.iter().find(|hit| hit.url == row.url).map_or(Some(2), |hit| hit.url_prefix);
    text(visit, row.url).map(|url| full_url(url, prefix.map(i64::from)))
}

fn item(visit: &VisitDetail, row: &ItemRow) -> Value {
    let mut item = Map::new();
    put(&mut item, "sku", text(visit, row.sku));
    put(&mut item, "name", text(visit, row.name));
    let categories = [row.category, row.category2, row.category3, row.category4, row.category5];
    let categories: Vec<&str> = categories.into_iter().filter_map(|id| text(visit, id)).collect();
    if !categories.is_empty() {
        item.insert("categories".to_owned(), json!(categories));
    }
    item.insert("price".to_owned(), number(row.price));
    item.insert("quantity".to_owned(), row.quantity.into());
    Value::Object(item)
}
