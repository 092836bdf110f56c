//! Revenue as Plausible writes it.

use serde_json::{Value, json};

use crate::own::shape;

/// An amount in a currency: the number, and two ways to read it, both as the CLDR has them in English, halves rounded to even.
pub(super) fn money(amount: f64, currency: &str) -> Value {
    let sign = symbol(currency);
    let minus = if amount < 0.0 { "-" } else { "" };
    let thousandths = (amount.abs() * 1000.0).round() as u128;
    let value = serde_json::Number::from_f64(amount).map_or(shape::number(amount), Value::Number);
    json!({
        "value": value,
        "currency": currency,
        "short": format!("{minus}{sign}{}", short(thousandths)),
        "long": format!("{minus}{sign}{}", long(thousandths, digits(currency))),
    })
}

/// What stands before an amount: the currency's sign, or its code where English has none; after a letter there is a space that is
/// not broken.
fn symbol(currency: &str) -> String {
    let known = match currency {
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" => "¥",
        "KRW" => "₩",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        "PHP" => "₱",
        "TWD" => "NT$",
        "USD" => "$",
        "VND" => "₫",
        "XAF" => "FCFA",
        "XCD" => "EC$",
        "XOF" => "F\u{202f}CFA",
        "XPF" => "CFPF",
        code => code,
    };
    let space = if known.ends_with(char::is_alphabetic) { "\u{a0}" } else { "" };
    format!("{known}{space}")
}

/// How many digits follow an amount's point.
fn digits(currency: &str) -> u32 {
    match currency {
        "BHD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "AFN" | "ALL" | "BIF" | "CLP" | "DJF" | "GNF" | "IQD" | "IRR" | "ISK" | "JPY" | "KMF" | "KPW" | "KRW" | "LAK" | "LBP"
        | "MGA" | "MMK" | "PYG" | "RSD" | "RWF" | "SLL" | "SOS" | "SYP" | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF"
        | "XPF" | "YER" => 0,
        _ => 2,
    }
}

/// How many units are in it, a half rounded to the even one.
fn rounded(thousandths: u128, unit: u128) -> u128 {
    let (whole, rest) = (thousandths / unit, thousandths % unit);
    whole + u128::from(rest * 2 > unit || rest * 2 == unit && whole % 2 == 1)
}

fn short(thousandths: u128) -> String {
    let (size, letter) = match thousandths / 1000 {
        1_000_000_000_000.. => (1_000_000_000_000, "T"),
        1_000_000_000.. => (1_000_000_000, "B"),
        1_000_000.. => (1_000_000, "M"),
        1_000.. => (1_000, "K"),
        _ => (1, ""),
    };
    let tenths = rounded(thousandths, size * 100);
    format!("{}.{}{letter}", tenths / 10, tenths % 10)
}

fn long(thousandths: u128, digits: u32) -> String {
    let scale = 10_u128.pow(digits);
    let amount = rounded(thousandths, 1000 / scale);
    let whole = (amount / scale).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match digits as usize {
        0 => grouped,
        digits => format!("{grouped}.{:0digits$}", amount % scale),
    }
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
        for (amount, currency, short, long) in [
            (50.45, "USD", "$50.4", "$50.45"),
            (50.35, "USD", "$50.4", "$50.35"),
            (1250.0, "USD", "$1.2K", "$1,250.00"),
            (0.125, "GBP", "£0.1", "£0.12"),
            (-2_500_000_000.0, "EUR", "-€2.5B", "-€2,500,000,000.00"),
            (1234.567, "JPY", "¥1.2K", "¥1,235"),
            (1234.567, "KWD", "KWD\u{a0}1.2K", "KWD\u{a0}1,234.567"),
            (1234.5, "CHF", "CHF\u{a0}1.2K", "CHF\u{a0}1,234.50"),
            (5.0, "AUD", "A$5.0", "A$5.00"),
            (3e12, "SEK", "SEK\u{a0}3.0T", "SEK\u{a0}3,000,000,000,000.00"),
        ] {
            let told = money(amount, currency);
            assert_eq!((told["short"].as_str(), told["long"].as_str()), (Some(short), Some(long)), "{amount} {currency}");
        }
    }
}
