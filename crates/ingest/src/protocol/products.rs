use serde_json::Value;

use super::entities::plain;
use crate::{accept::bounds, hit::Product};

/// The products of `ec_items`: `[[sku, name, category or categories, price, quantity], …]`. A product without code is left
/// out. `None` when the text is there but no list, in which case Matomo records no order at all.
pub(crate) fn items(sent: Option<&Value>) -> Option<Vec<Product>> {
    let list: Vec<&Value> = match sent {
        None | Some(Value::Null) | Some(Value::Bool(false)) => return Some(Vec::new()),
        Some(Value::String(text)) if matches!(text.as_str(), "" | "0") => return Some(Vec::new()),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Object(members)) => members.values().collect(),
        Some(_) => return None,
    };
    Some(list.into_iter().take(bounds::PRODUCTS).filter_map(item).collect())
}

/// The categories of `_pkc`: one, or a JSON list of at most five.
pub(crate) fn categories(sent: &str) -> Vec<String> {
    let sent = plain(sent);
    let listed = sent.trim_start().starts_with('[').then(|| serde_json::from_str::<Value>(&sent).ok()).flatten();
    match listed {
        Some(list @ Value::Array(_)) => several(&list),
        _ => one(&sent).into_iter().collect(),
    }
}

fn item(sent: &Value) -> Option<Product> {
    let at = |index: usize| match sent {
        Value::Array(parts) => parts.get(index),
        Value::Object(parts) => parts.get(&index.to_string()),
        _ => None,
    };
    let sku = label(at(0)?)?;
    let categories = match at(2) {
        Some(list @ Value::Array(_)) => several(list),
        Some(value) => label(value).into_iter().collect(),
        None => Vec::new(),
    };
    let price = at(3).and_then(number);
    let quantity = at(4)
        .and_then(number)
        .filter(|quantity| *quantity != 0.0)
        .map_or(1, |quantity| quantity.clamp(0.0, f64::from(u32::MAX)) as u32);
    Some(Product { sku, name: at(1).and_then(label).unwrap_or_default(), categories, price, quantity })
}

/// A text or number; a list of them is joined, as Matomo does.
fn label(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => one(text),
        Value::Number(number) => one(&number.to_string()),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().take(16).filter_map(label).collect();
            one(&parts.join(","))
        }
        _ => None,
    }
}

/// The first five labels of a list.
pub(crate) fn several(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(label).take(5).collect()
}

fn one(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(bounds::TEXT)];
    (!matches!(text, "" | "0")).then(|| text.to_owned())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        // A comma makes no number here.
        Value::String(text) if !text.contains(',') => super::params::real(text),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_is_a_list_of_five() {
        let found = items(Some(&json!([
            ["SKU1", "Name &amp; Co", "Books", 12.5, 2],
            ["SKU2", "", ["a", "b", "", "c", "d", "e", "f"], "7.25", "3"],
            ["SKU3"],
            ["", "no code"],
            "no item",
            [["sku1", "sku2"], ["name1", "name2"], 7, "free", 0],
        ])))
        .unwrap();
        assert_eq!(found.len(), 4);
        assert_eq!(
            found[0],
            Product {
                sku: "SKU1".into(),
                name: "Name & Co".into(),
                categories: vec!["Books".into()],
                price: Some(12.5),
                quantity: 2
            }
        );
        assert_eq!(found[1].categories, ["a", "b", "c", "d", "e"]);
        assert_eq!((found[1].price, found[1].quantity), (Some(7.25), 3));
        assert_eq!((found[2].price, found[2].quantity), (None, 1));
        assert_eq!((found[3].sku.as_str(), found[3].name.as_str()), ("sku1,sku2", "name1,name2"));
        assert_eq!((found[3].price, found[3].quantity), (None, 1));
    }

    #[test]
    fn no_list_is_no_order() {
        assert_eq!(items(Some(&json!("45"))), None);
        assert_eq!(items(Some(&json!(45))), None);
        assert_eq!(items(Some(&json!(""))), Some(Vec::new()));
        assert_eq!(items(None), Some(Vec::new()));
    }

    #[test]
    fn categories_are_one_or_a_list() {
        assert_eq!(categories("Books"), ["Books"]);
        assert_eq!(categories("[\"a\",\"b\",1]"), ["a", "b", "1"]);
        assert_eq!(categories("[\"a\""), ["[\"a\""]);
        assert!(categories("[]").is_empty());
        assert!(categories("").is_empty());
    }
}
