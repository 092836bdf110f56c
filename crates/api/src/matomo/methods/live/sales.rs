//! Goals that were reached, orders and carts, as the visit log lists them.

use footfall_model::{Cell, ConversionRow, GoalId, ItemRow, Name};
use footfall_report::number;

use super::{
    actions::{Happened, pageview},
    seen::{Seen, or_null},
};

/// Every conversion of a visit.
pub(super) fn list(seen: &Seen<'_>) -> Vec<Happened> {
    seen.detail
        .conversions
        .iter()
        .map(|row| {
            let page = seen.detail.hits.iter().find(|hit| hit.hit_id == row.hit_id && hit.hit_id != 0);
            let mut entries: Vec<(Name, Cell)> = Vec::with_capacity(24);
            let mut put = |name: &'static str, cell: Cell| entries.push((name.into(), cell));
            put("idpageview", page.map_or(Cell::NULL, |page| pageview(page.pageview_id)));
            put("referrerType", or_null(row.referrer_type.as_deref().unwrap_or("direct")));
            put("referrerName", row.referrer_name.as_deref().map_or(Cell::NULL, or_null));
            put("referrerKeyword", keyword(row));
            let kind = match row.goal_id {
                GoalId::ORDER => sale(&mut put, seen, row, "ecommerceOrder"),
                GoalId::CART => sale(&mut put, seen, row, "ecommerceAbandonedCart"),
                _ => {
                    let page = page.map(|page| page.hit_id as i64);
                    goal(&mut put, seen, row, page)
                }
            };
            let link = page.filter(|_| row.goal_id.0 > 0).map(|page| page.hit_id);
            Happened { at: row.at, link, kind, rest: (seen.long(row.url).to_owned(), row.goal_id.0), entries }
        })
        .collect()
}

/// The keyword of a conversion. A search engine that does not tell it leaves none, and websites have none; a campaign or a network
/// without one has an empty one.
fn keyword(row: &ConversionRow) -> Cell {
    let told = row.referrer_keyword.as_deref();
    match row.referrer_type.as_deref() {
        Some("search") => told.map_or(Cell::NULL, or_null),
        Some("social") => Cell::text(told.unwrap_or_default()),
        _ => told.map_or(Cell::NULL, Cell::text),
    }
}

fn goal(put: &mut dyn FnMut(&'static str, Cell), seen: &Seen<'_>, row: &ConversionRow, page: Option<i64>) -> &'static str {
    let known = seen.site.goals.iter().find(|goal| goal.id == row.goal_id);
    let name = known.map_or("", |goal| goal.name.as_str());
    put("type", Cell::text("goal"));
    put("goalName", or_null(name));
    put("goalId", known.map_or(Cell::NULL, |goal| i64::from(goal.id.0).into()));
    put("revenue", Cell::Value(number::number(row.revenue)));
    put("goalPageId", page.map_or(Cell::NULL, Cell::from));
    put("url", goal_url(seen, row));
    put("icon", Cell::text("plugins/Morpheus/images/goal.png"));
    put("iconSVG", Cell::text("plugins/Morpheus/images/goal.svg"));
    put("title", Cell::text("Goal conversion"));
    let mut subtitle = name.to_owned();
    if row.revenue != 0.0 {
        subtitle.push_str(&format!(" ({})", revenue(seen, row)));
    }
    put("subtitle", Cell::text(&subtitle));
    "goal"
}

/// The URL on which a goal was reached: that of its action where there is one, since a conversion keeps no scheme.
fn goal_url(seen: &Seen<'_>, row: &ConversionRow) -> Cell {
    let url = seen.long(row.url);
    if url.is_empty() {
        return Cell::text("");
    }
    let of_page = seen.detail.hits.iter().find(|hit| hit.hit_id == row.hit_id && hit.hit_id != 0);
    let of_url = || seen.detail.hits.iter().find(|hit| hit.url == row.url);
    let prefix = of_page.or_else(of_url).and_then(|hit| hit.url_prefix);
    Cell::text(&super::urls::reached(url, prefix, &seen.site))
}

fn revenue(seen: &Seen<'_>, row: &ConversionRow) -> String {
    seen.say("Goals_NRevenue", "%s revenue").replacen("%s", &seen.money(row.revenue), 1)
}

fn sale(put: &mut dyn FnMut(&'static str, Cell), seen: &Seen<'_>, row: &ConversionRow, kind: &'static str) -> &'static str {
    let is_order = row.goal_id == GoalId::ORDER;
    let amount = |value: f64| Cell::Value(number::number(number::round(value, 2)));
    put("type", Cell::text(kind));
    put("revenue", amount(row.revenue));
    put("items", i64::from(row.items).into());
    let order = row.order_id.as_deref().unwrap_or_default();
    if is_order {
        put("orderId", Cell::text(order));
        put("revenueSubTotal", amount(row.subtotal));
        put("revenueTax", amount(row.tax));
        put("revenueShipping", amount(row.shipping));
        put("revenueDiscount", amount(row.discount));
    }
    let items: Vec<&ItemRow> =
        seen.detail.items.iter().filter(|item| item.goal_id == row.goal_id && item.order_id == row.order_id).collect();
    put("itemDetails", Cell::List(items.iter().map(|item| shown(seen, item)).collect()));
    put("icon", Cell::text(&format!("plugins/Morpheus/images/{kind}.png")));
    put("iconSVG", Cell::text(&format!("plugins/Morpheus/images/{kind}.svg")));
    let title = match is_order {
        true => format!("{} ({order})", seen.say("CoreHome_VisitStatusOrdered", "Ordered")),
        false => seen.say("Goals_AbandonedCart", "Abandoned Cart").to_owned(),
    };
    put("title", Cell::text(&title));
    let names: Vec<&str> = items.iter().map(|item| seen.long(item.name)).collect();
    // The bracket that nothing opened is what clients know.
    let count = seen.say("Goals_NItems", "%s items").replacen("%s", &row.items.to_string(), 1);
    let subtitle = format!("{} - {count}: {})", revenue(seen, row), names.join(", "));
    put("subtitle", Cell::text(&subtitle));
    kind
}

fn shown(seen: &Seen<'_>, item: &ItemRow) -> Cell {
    let categories: Vec<Cell> = [item.category, item.category2, item.category3, item.category4, item.category5]
        .into_iter()
        .filter(|id| *id != 0)
        .map(|id| Cell::text(seen.long(id).trim()))
        .collect();
    let entries: Vec<(Name, Cell)> = vec![
        ("itemSKU".into(), seen.long_or_null(item.sku)),
        ("itemName".into(), seen.long_or_null(item.name)),
        ("itemCategory".into(), seen.long_or_null(item.category)),
        ("price".into(), Cell::Value(number::number(number::round(item.price, 2)))),
        ("quantity".into(), i64::from(item.quantity).into()),
        ("categories".into(), Cell::List(categories)),
    ];
    Cell::Map(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_conversions_are_empty_or_none_by_where_visits_came_from() {
        let told = |kind: &str, told: Option<&str>| {
            keyword(&ConversionRow {
                referrer_type: Some(kind.into()),
                referrer_keyword: told.map(Into::into),
                ..ConversionRow::default()
            })
        };
        assert_eq!(told("search", Some("shoes")), Cell::text("shoes"));
        assert_eq!(told("search", Some("")), Cell::NULL);
        assert_eq!(told("social", None), Cell::text(""));
        assert_eq!(told("campaign", Some("")), Cell::text(""));
        assert_eq!([told("website", None), told("direct", None)], [Cell::NULL, Cell::NULL]);
    }
}
