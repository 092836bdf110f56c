//! Counts by ranges of a number, such as visits by how long they lasted.

use footfall_model::{Column, Filter, Key, Op, Value};

/// A range of whole numbers, both ends included; open above when there is no last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first number inside. Of an open range: the last one outside.
    pub first: i64,
    /// The last number inside.
    pub last: Option<i64>,
}

impl Range {
    /// The numbers from the first to the last.
    pub const fn of(first: i64, last: i64) -> Range {
        Range { first, last: Some(last) }
    }

    /// Every number above this one.
    pub const fn above(first: i64) -> Range {
        Range { first, last: None }
    }

    /// How the range is written in labels before they are made readable: `1-3`, `31%2B`.
    pub fn key(self) -> String {
        match self.last {
            Some(last) => format!("{}-{last}", self.first),
            None => format!("{}%2B", self.first + 1),
        }
    }

    /// The rows whose column, in units of so many, lies in the range. Nothing counts as nothing.
    pub fn filter(self, column: Column, unit: i64) -> Filter {
        let than = |op, value: i64| Filter::test(Key::Column(column), op, vec![Value::Int(value)]);
        match self.last {
            Some(last) => than(Op::AtLeast, self.first * unit).and(than(Op::Less, (last + 1).saturating_mul(unit))),
            None => than(Op::AtLeast, (self.first + 1).saturating_mul(unit)),
        }
    }

    /// The segment that means the range.
    pub fn segment(self, name: &str) -> String {
        match self.last {
            Some(last) if last == self.first => format!("{name}=={last}"),
            Some(last) => format!("{name}>={};{name}<={last}", self.first),
            None => format!("{name}>={}", self.first + 1),
        }
    }

    /// The range as a person reads it: `%s` of the plural becomes the range.
    pub fn label(self, one: &str, many: &str) -> String {
        match self.last {
            Some(last) if last == self.first && last == 1 => one.to_owned(),
            Some(last) if last == self.first => many.replace("%s", &last.to_string()),
            _ => many.replace("%s", &self.key()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_written_as_matomo_writes_them() {
        let one = Range::of(1, 1);
        assert_eq!(one.label("1 visit", "%s visits"), "1 visit");
        assert_eq!(one.segment("visitCount"), "visitCount==1");
        let some = Range::of(9, 14);
        assert_eq!(some.label("1 visit", "%s visits"), "9-14 visits");
        assert_eq!(some.segment("visitCount"), "visitCount>=9;visitCount<=14");
        let many = Range::above(200);
        assert_eq!(many.label("1 visit", "%s visits"), "201%2B visits");
        assert_eq!(many.segment("visitCount"), "visitCount>=201");
    }
}
