use std::sync::Arc;

use footfall_model::Site;
use serde_json::{Map, Value};

use super::{number, short};
use crate::{
    Hit,
    accept::bounds,
    hit::{Action, Order, Product},
};

/// What a line about a goal, an order or a cart says.
pub(super) enum Sale {
    /// Something of its own.
    Made(Action),
    /// A goal that the events of the same file reach again.
    FoundAgain,
}

/// The facts a conversion is credited to, by the names of their fields.
pub(crate) const CREDITED: [&str; 3] = ["credited_type", "credited_name", "credited_keyword"];

/// Reads a conversion, an order or a cart; nothing where the line is about something else.
pub(super) fn read(body: &Map<String, Value>, site: Option<&Arc<Site>>) -> Result<Option<Sale>, String> {
    let amount = |field: &str| Ok::<_, String>(number(body, field)?.unwrap_or_default());
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("");
    if kind == "conversion" {
        let goal = body.get("goal").and_then(Value::as_i64).and_then(|goal| i32::try_from(goal).ok());
        let goal = goal.filter(|goal| site.is_some_and(|site| site.goals.iter().any(|known| known.id.0 == *goal)));
        let goal = goal.ok_or("`goal` is no number of one of the site's goals")?;
        let by_hand = body.get("manual") == Some(&Value::Bool(true));
        return Ok(Some(match by_hand {
            true => Sale::Made(Action::Goal { goal, revenue: number(body, "total")? }),
            false => Sale::FoundAgain,
        }));
    }
    if !matches!(kind, "order" | "cart") {
        return Ok(None);
    }
    let order = Order {
        id: short(body, "order_id")?.unwrap_or_default(),
        total: amount("total")?,
        subtotal: amount("subtotal")?,
        tax: amount("tax")?,
        shipping: amount("shipping")?,
        discount: amount("discount")?,
        items: items(body.get("items"))?,
    };
    if kind == "order" && order.id.is_empty() {
        return Err("`order_id` is missing: an order has one".to_owned());
    }
    Ok(Some(Sale::Made(if kind == "order" { Action::Order(order) } else { Action::Cart(order) })))
}

/// What a conversion is credited to: kept among the given facts.
pub(super) fn credit(body: &Map<String, Value>, hit: &mut Hit) -> Result<(), String> {
    for field in CREDITED {
        if let Some(text) = short(body, field)? {
            hit.given.push((field.to_owned(), text));
        }
    }
    Ok(())
}

fn items(given: Option<&Value>) -> Result<Vec<Product>, String> {
    let rows = match given {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(rows)) if rows.len() <= bounds::PRODUCTS => rows,
        Some(_) => return Err(format!("`items` is no list of at most {} products", bounds::PRODUCTS)),
    };
    rows.iter()
        .map(|row| {
            let row = row.as_object().ok_or("`items` holds something that is no object")?;
            let category = |given: &Value| given.as_str().filter(|text| text.len() <= bounds::TEXT).map(str::to_owned);
            let categories = row.get("categories").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            Ok(Product {
                sku: short(row, "sku")?.ok_or("`sku` is missing: an item has one")?,
                name: short(row, "name")?.unwrap_or_default(),
                categories: categories.iter().filter_map(category).take(5).collect(),
                price: number(row, "price")?,
                quantity: super::whole(row, "quantity", u64::from(u32::MAX))?.unwrap_or(1) as u32,
            })
        })
        .collect()
}
