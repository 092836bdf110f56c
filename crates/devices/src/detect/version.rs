use std::cmp::Ordering;
use std::sync::Arc;

/// A version as rules give it, made tidy: dots for underscores, nothing loose at the ends.
pub(super) fn tidy(version: &str) -> Arc<str> {
    if version.contains('_') {
        version.replace('_', ".").trim_matches([' ', '.']).into()
    } else {
        version.trim_matches([' ', '.']).into()
    }
}

/// The number a text begins with; zero if it begins with none.
pub(super) fn leading_number(text: &str) -> u64 {
    let text = text.trim_start();
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().unwrap_or(0)
}

/// Compares versions part by part. Words such as `beta` come before numbers, and nothing before everything else.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (parts(left), parts(right));
    for (left, right) in left.iter().zip(&right) {
        let ordering = match (left.parse::<u64>(), right.parse::<u64>()) {
            (Ok(left), Ok(right)) => left.cmp(&right),
            _ => rank(left).cmp(&rank(right)),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    match left.len().cmp(&right.len()) {
        Ordering::Greater if rank(left[right.len()]) < NUMBER => Ordering::Less,
        Ordering::Less if rank(right[left.len()]) < NUMBER => Ordering::Greater,
        ordering => ordering,
    }
}

const NUMBER: u8 = 5;

fn rank(part: &str) -> u8 {
    match part {
        _ if part.starts_with(|letter: char| letter.is_ascii_digit()) => NUMBER,
        _ if part.starts_with("dev") => 1,
        _ if part.starts_with('a') => 2,
        _ if part.starts_with('b') => 3,
        _ if part.starts_with("RC") || part.starts_with("rc") => 4,
        _ if part.starts_with('p') => 6,
        _ => 0,
    }
}

fn parts(version: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in version.split(['.', '-', '_', '+']) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|letter: char| letter.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            parts.push(&rest[..end]);
            rest = &rest[end..];
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_part() {
        for (left, right, expected) in [
            ("10.0", "9.5", Ordering::Greater),
            ("4.0", "4.0", Ordering::Equal),
            ("4", "4.0", Ordering::Less),
            ("", "1", Ordering::Less),
            ("1.0beta", "1.0", Ordering::Less),
            ("1.0pl1", "1.0", Ordering::Greater),
            ("120.0.6099.43", "120.0.6099.144", Ordering::Less),
        ] {
            assert_eq!(compare(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn versions_are_made_tidy() {
        assert_eq!(&*tidy("10_15_7"), "10.15.7");
        assert_eq!(&*tidy(" 1.2. "), "1.2");
        assert_eq!((leading_number("10.0.1"), leading_number("x1")), (10, 0));
    }
}
