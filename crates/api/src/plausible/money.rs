//! Revenue as Plausible writes it.

use footfall_report::names::currencies;
use serde_json::{Value, json};

use crate::own::shape;

/// An amount in a currency: the number, and two ways to read it.
pub(super) fn money(amount: f64, currency: &str) -> Value {
    let sign = currencies::symbol(currency).unwrap_or(currency);
    let value = serde_json::Number::from_f64(amount).map_or(shape::number(amount), Value::Number);
    json!({
        "value": value,
        "currency": currency,
        "short": format!("{}{sign}{}", minus(amount), short(amount.abs())),
        "long": format!("{}{sign}{}", minus(amount), long(amount.abs())),
    })
}

fn minus(amount: f64) -> &'static str {
    if amount < 0.0 { "-" } else { "" }
}

fn short(amount: f64) -> String {
    for (size, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "K")] {
        if amount >= size {
            return format!("{:.1}{letter}", amount / size);
        }
    }
    format!("{amount:.1}")
}

fn long(amount: f64) -> String {
    let text = format!("{amount:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{cents}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_short_and_long() {
        assert_eq!(
            money(1_234_567.5, "USD"),
            json!({"value": 1_234_567.5, "currency": "USD", "short": "$1.2M", "long": "$1,234,567.50"})
        );
        assert_eq!(money(67.066, "EUR")["short"], "€67.1");
        assert_eq!(money(67.066, "EUR")["long"], "€67.07");
    }
}
