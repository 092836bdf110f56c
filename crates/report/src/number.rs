//! Numbers as Matomo rounds them: halves away from zero, and what is whole stays whole.

use footfall_model::Value;

/// The value rounded to so many digits after the point, halves away from zero. What is a half but for the last bits of a
/// double counts as one: the value is first brought to 15 significant digits.
pub fn round(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let factor = 10f64.powi(digits);
    let significant = 14 - value.abs().log10().floor() as i32;
    let scaled = if significant > digits && significant - 15 < digits {
        let used = significant.clamp(-60, 60);
        let exact = if used >= 0 { value * 10f64.powi(used) } else { value / 10f64.powi(-used) };
        exact.round() / 10f64.powi(used - digits)
    } else {
        value * factor
    };
    if scaled.abs() >= 1e15 {
        return value;
    }
    scaled.round() / factor
}

/// The value rounded to so many digits after the point, halves to the even neighbour: so databases round what is no exact number.
pub fn round_even(value: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    (value * factor).round_ties_even() / factor
}

/// One number over another, rounded; 0 where there is nothing to divide by.
pub fn quotient(of: f64, by: f64, digits: i32) -> Value {
    if by == 0.0 {
        return Value::Int(0);
    }
    number(round(of / by, digits))
}

/// A number that is whole where it can be.
pub fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::Int(value as i64) } else { Value::Real(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_round_halves_to_even() {
        let rounded = [0.625, 1.875, 0.626, 4.375, -0.625].map(|value| round_even(value, 2));
        assert_eq!(rounded, [0.62, 1.88, 0.63, 4.38, -0.62]);
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(round(1.005, 2), 1.01);
        assert_eq!(round(2.5, 0), 3.0);
        assert_eq!(round(-2.5, 0), -3.0);
        assert_eq!(round(1.004, 2), 1.0);
        assert_eq!(round(1.25, 1), 1.3);
        assert_eq!(round(0.285, 2), 0.29);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(quotient(3.0, 0.0, 2), Value::Int(0));
        assert_eq!(quotient(1.0, 3.0, 2), Value::Real(0.33));
        assert_eq!(quotient(4.0, 2.0, 2), Value::Int(2));
    }
}
