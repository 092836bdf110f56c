use std::fmt;

use crate::Error;

/// How a segment's condition compares. The signs are Matomo's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentOp {
    /// `==`
    Is,
    /// `!=`
    IsNot,
    /// `<=`
    AtMost,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
    /// `=@`
    Contains,
    /// `!@`
    ContainsNot,
    /// `=^`
    StartsWith,
    /// `=$`
    EndsWith,
}

impl SegmentOp {
    /// Longer signs stand before the shorter ones they begin with.
    const SIGNS: [(SegmentOp, &'static str); 10] = [
        (SegmentOp::Is, "=="),
        (SegmentOp::IsNot, "!="),
        (SegmentOp::AtMost, "<="),
        (SegmentOp::AtLeast, ">="),
        (SegmentOp::Contains, "=@"),
        (SegmentOp::ContainsNot, "!@"),
        (SegmentOp::StartsWith, "=^"),
        (SegmentOp::EndsWith, "=$"),
        (SegmentOp::Less, "<"),
        (SegmentOp::Greater, ">"),
    ];

    /// The sign on the wire.
    pub fn sign(self) -> &'static str {
        SegmentOp::SIGNS.iter().find(|(op, _)| *op == self).map_or("==", |(_, sign)| sign)
    }
}

/// One condition: a name, a comparison, and a value as text (percent-decoded, escapes resolved).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The segment's name, such as `countryCode`.
    pub name: String,
    /// The comparison.
    pub op: SegmentOp,
    /// The value; empty with `==` and `!=` asks whether anything is set.
    pub value: String,
}

/// A parsed segment: all groups have to hold, and of each group one condition.
///
/// Grammar (Matomo's developer guide "Segmentation"): `;` is AND, `,` is OR and binds tighter, `\` escapes them in values. One that
/// ends the text belongs to the value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// AND of ORs; empty means everything.
    pub all: Vec<Vec<Condition>>,
}

impl Segment {
    /// How many conditions a segment may have.
    pub const MAX_CONDITIONS: usize = 200;
    /// How long a segment may be, in bytes.
    pub const MAX_LENGTH: usize = 64 * 1024;

    /// Reads a segment. Conditions are decoded once as values of forms are, `+` for a blank, and their values once more, as Matomo
    /// does.
    ///
    /// # Errors
    /// When a condition has no name or no comparison, or the segment is larger than the bounds above.
    pub fn parse(text: &str) -> Result<Segment, Error> {
        if text.len() > Segment::MAX_LENGTH {
            return Err(Error::invalid(format!(
                "the segment is {} bytes long, more than the {} that are accepted",
                text.len(),
                Segment::MAX_LENGTH
            )));
        }
        let mut all = Vec::new();
        let mut n_conditions = 0;
        for group in split(text.trim(), ';').into_iter().filter(|group| !group.is_empty()) {
            let mut any = Vec::new();
            for part in split(group, ',') {
                n_conditions += 1;
                if n_conditions > Segment::MAX_CONDITIONS {
                    return Err(Error::invalid(format!(
                        "the segment has more than the {} conditions that are accepted",
                        Segment::MAX_CONDITIONS
                    )));
                }
                any.push(condition(part)?);
            }
            all.push(any);
        }
        Ok(Segment { all })
    }

    /// Whether it lets everything through.
    pub fn is_everything(&self) -> bool {
        self.all.is_empty()
    }

    /// Every condition, in order.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.all.iter().flatten()
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, any) in self.all.iter().enumerate() {
            if index > 0 {
                f.write_str(";")?;
            }
            for (index, condition) in any.iter().enumerate() {
                if index > 0 {
                    f.write_str(",")?;
                }
                write!(f, "{}{}", condition.name, condition.op.sign())?;
                for (at, sign) in condition.value.chars().enumerate() {
                    match sign {
                        // After `<` or `>` it would be read as part of the comparison.
                        '=' | '@' if at == 0 => write!(f, "%25{:02X}", u32::from(sign))?,
                        ',' => f.write_str("\\,")?,
                        ';' => f.write_str("\\;")?,
                        '%' | '+' | '\\' => write!(f, "%25{:02X}", u32::from(sign))?,
                        ' ' => f.write_str("+")?,
                        other => write!(f, "{other}")?,
                    }
                }
            }
        }
        Ok(())
    }
}

/// Splits at a separator that no backslash stands before and that is not the last sign.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(separator) {
        let after = at + separator.len_utf8();
        if after < text.len() && !text[..at].ends_with('\\') {
            parts.push(&text[start..at]);
            start = after;
        }
    }
    parts.push(&text[start..]);
    parts
}

fn condition(text: &str) -> Result<Condition, Error> {
    let text = percent_decode(&text.replace("\\,", ",").replace("\\;", ";"));
    // The name has a sign at least; it ends where a comparison begins.
    let found = text.char_indices().skip(1).find_map(|(at, _)| {
        let (op, sign) = SegmentOp::SIGNS.iter().find(|(_, sign)| text[at..].starts_with(sign))?;
        Some((at, *op, sign.len()))
    });
    let Some((at, op, length)) = found else {
        return Err(Error::invalid(format!("The segment condition '{text}' is not valid."))
            .hint("a condition is a name, one of == != <= < >= > =@ !@ =^ =$, and a value"));
    };
    Ok(Condition { name: text[..at].to_owned(), op, value: percent_decode(&text[at + length..]) })
}

fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match (bytes[at], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (b'+', _) => {
                decoded.push(b' ');
                at += 1;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(given: &str, expected: &[&[(&str, SegmentOp, &str)]]) {
        let expected: Vec<Vec<Condition>> = expected
            .iter()
            .map(|any| {
                any.iter()
                    .map(|(name, op, value)| Condition { name: (*name).to_owned(), op: *op, value: (*value).to_owned() })
                    .collect()
            })
            .collect();
        assert_eq!(Segment::parse(given).unwrap().all, expected);
    }

    #[test]
    fn or_binds_tighter_than_and() {
        check(
            "countryCode==de,countryCode==fr;actions>=2",
            &[
                &[("countryCode", SegmentOp::Is, "de"), ("countryCode", SegmentOp::Is, "fr")],
                &[("actions", SegmentOp::AtLeast, "2")],
            ],
        );
    }

    #[test]
    fn separators_can_be_escaped() {
        check(r"pageTitle==a\,b\;c", &[&[("pageTitle", SegmentOp::Is, "a,b;c")]]);
        check(r"pageTitle==a\b", &[&[("pageTitle", SegmentOp::Is, r"a\b")]]);
    }

    #[test]
    fn values_are_percent_decoded_and_may_be_empty() {
        check("pageUrl=@%2Fdocs%3Fa%3Db", &[&[("pageUrl", SegmentOp::Contains, "/docs?a=b")]]);
        check("productName==red+shoe%252B", &[&[("productName", SegmentOp::Is, "red shoe+")]]);
        check("userId!=", &[&[("userId", SegmentOp::IsNot, "")]]);
        check("", &[]);
    }

    #[test]
    fn separators_that_end_the_text_belong_to_the_value() {
        check("countryCode==fr;", &[&[("countryCode", SegmentOp::Is, "fr;")]]);
        check("pageTitle=@,", &[&[("pageTitle", SegmentOp::Contains, ",")]]);
        check(
            " countryCode==fr,;actions>1 ",
            &[&[("countryCode", SegmentOp::Is, "fr,")], &[("actions", SegmentOp::Greater, "1")]],
        );
        check("countryCode=>fr", &[&[("countryCode=", SegmentOp::Greater, "fr")]]);
    }

    #[test]
    fn encoded_separators_belong_to_the_value() {
        check("pageTitle==a%2Cb%253Bc", &[&[("pageTitle", SegmentOp::Is, "a,b;c")]]);
        check("pageTitle%3D%3Da", &[&[("pageTitle", SegmentOp::Is, "a")]]);
    }

    #[test]
    fn a_condition_needs_a_name_and_a_comparison() {
        for wrong in ["countryCode", "==de", "x=1", "x~y", ",countryCode==fr", "a==1,,b==2"] {
            assert!(Segment::parse(wrong).is_err(), "`{wrong}` was accepted");
        }
    }

    #[test]
    fn a_segment_has_bounds() {
        let many = vec!["actions>1"; Segment::MAX_CONDITIONS + 1].join(";");
        assert!(Segment::parse(&many).is_err());
        assert!(Segment::parse(&"x".repeat(Segment::MAX_LENGTH + 1)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Segment::parse(&text);
        }

        #[test]
        fn what_is_written_is_read_back(
            all in prop::collection::vec(prop::collection::vec(("[a-z][a-zA-Z]{0,8}", 0..10usize, "[a-z,;%/? =äß]{0,12}"), 1..3), 0..4)
        ) {
            let segment = Segment {
                all: all
                    .into_iter()
                    .map(|any| {
                        any.into_iter()
                            .map(|(name, op, value)| Condition { name, op: SegmentOp::SIGNS[op].0, value })
                            .collect()
                    })
                    .collect(),
            };
            prop_assert_eq!(Segment::parse(&segment.to_string()).unwrap(), segment);
        }
    }
}
