//! Text in the order people expect: numbers in it by their value, case aside.

use std::cmp::Ordering;

/// Compares as PHP's natural order does, with upper and lower case alike.
pub fn compare(one: &str, two: &str) -> Ordering {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    let (mut a, mut b) = (0, 0);
    // Zeros in front of a number at the very beginning do not count.
    while leads(one, a) {
        a += 1;
    }
    while leads(two, b) {
        b += 1;
    }
    loop {
        while one.get(a).is_some_and(u8::is_ascii_whitespace) {
            a += 1;
        }
        while two.get(b).is_some_and(u8::is_ascii_whitespace) {
            b += 1;
        }
        let (Some(x), Some(y)) = (one.get(a), two.get(b)) else {
            return (one.len() - a.min(one.len())).cmp(&(two.len() - b.min(two.len())));
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (left, right) = (digits(&one[a..]), digits(&two[b..]));
            let order = if *x == b'0' || *y == b'0' { left.cmp(right) } else { by_value(left, right) };
            if order != Ordering::Equal {
                return order;
            }
            a += left.len();
            b += right.len();
            continue;
        }
        let order = x.to_ascii_uppercase().cmp(&y.to_ascii_uppercase());
        if order != Ordering::Equal {
            return order;
        }
        a += 1;
        b += 1;
    }
}

fn leads(text: &[u8], at: usize) -> bool {
    text.get(at) == Some(&b'0') && text.get(at + 1).is_some_and(u8::is_ascii_digit)
}

fn digits(text: &[u8]) -> &[u8] {
    let n = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    &text[..n]
}

fn by_value(one: &[u8], two: &[u8]) -> Ordering {
    one.len().cmp(&two.len()).then_with(|| one.cmp(two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_case_does_not_matter() {
        let mut words = ["b10", "B9", "a", "A1", "a 2", "10", "9", "x007", "x7"];
        words.sort_by(|one, two| compare(one, two));
        assert_eq!(words, ["9", "10", "a", "A1", "a 2", "B9", "b10", "x007", "x7"]);
    }
}
