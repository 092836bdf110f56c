//! A visit's declared columns in few bytes: most of them say nothing, or zero.
//!
//! Two bits for each column, in order: nothing, zero, a whole number, something else. Then, for those of the last two kinds, the
//! number in the variable length of protocol buffers, its sign moved to the lowest bit; or `r` and a real number's eight bytes, or
//! `t`, a text's length and its bytes.

use footfall_model::{ValueRef, VisitRow};

const COLUMNS: usize = VisitRow::COLUMNS.len();
const NOTHING: u8 = 0;
const ZERO: u8 = 1;
const NUMBER: u8 = 2;
const OTHER: u8 = 3;

/// Appends a row's declared columns.
pub(super) fn write(row: &VisitRow, bytes: &mut Vec<u8>) {
    let kinds = bytes.len();
    bytes.resize(kinds + COLUMNS.div_ceil(4), 0);
    let mut place = 0;
    row.each_value(|value| {
        let kind = match value {
            ValueRef::Null => NOTHING,
            ValueRef::Int(0) => ZERO,
            ValueRef::Int(number) => {
                write_natural(((number << 1) ^ (number >> 63)) as u64, bytes);
                NUMBER
            }
            ValueRef::Real(number) => {
                bytes.push(b'r');
                bytes.extend_from_slice(&number.to_le_bytes());
                OTHER
            }
            ValueRef::Text(text) => {
                bytes.push(b't');
                write_natural(text.len() as u64, bytes);
                bytes.extend_from_slice(text.as_bytes());
                OTHER
            }
        };
        bytes[kinds + place / 4] |= kind << (place % 4 * 2);
        place += 1;
    });
}

/// The row of these bytes, without what is not declared; `None` when they are not what was written.
pub(super) fn read(bytes: &[u8]) -> Option<VisitRow> {
    let (kinds, mut rest) = bytes.split_at_checked(COLUMNS.div_ceil(4))?;
    let mut place = 0;
    let mut is_whole = true;
    let row = VisitRow::from_each(|| {
        let kind = kinds[place / 4] >> (place % 4 * 2) & 3;
        place += 1;
        let value = read_value(kind, &mut rest);
        is_whole &= value.is_some();
        value
    });
    (is_whole && rest.is_empty()).then_some(row)
}

fn read_value<'a>(kind: u8, rest: &mut &'a [u8]) -> Option<ValueRef<'a>> {
    Some(match kind {
        NOTHING => ValueRef::Null,
        ZERO => ValueRef::Int(0),
        NUMBER => {
            let number = read_natural(rest)?;
            ValueRef::Int((number >> 1) as i64 ^ -((number & 1) as i64))
        }
        _ => match take(rest, 1)? {
            b"r" => ValueRef::Real(f64::from_le_bytes(take(rest, 8)?.try_into().ok()?)),
            b"t" => {
                let length = usize::try_from(read_natural(rest)?).ok()?;
                ValueRef::Text(std::str::from_utf8(take(rest, length)?).ok()?)
            }
            _ => return None,
        },
    })
}

fn write_natural(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_natural(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = *take(rest, 1)? else { return None };
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use footfall_model::{Millis, SiteId, Text, VisitId, VisitorId};

    use super::*;

    fn row() -> VisitRow {
        VisitRow {
            visit_id: VisitId(1 << 40),
            site_id: SiteId(3),
            visitor_id: VisitorId(u64::MAX - 5),
            first_at: Millis(-1),
            last_at: Millis(i64::MIN),
            seen_at: Millis(i64::MAX),
            user_id: Some(Text::from("")),
            since_order: Some(0),
            bounce: true,
            actions: 127,
            duration: 128,
            ..VisitRow::default()
        }
    }

    fn bytes(row: &VisitRow) -> Vec<u8> {
        let mut bytes = vec![9];
        write(row, &mut bytes);
        bytes.split_off(1)
    }

    #[test]
    fn what_was_written_is_read() {
        for row in [row(), VisitRow::default(), VisitRow { user_id: Some(Text::from("ä da")), since_order: None, ..row() }] {
            assert_eq!(read(&bytes(&row)), Some(row));
        }
        assert!(bytes(&row()).len() < 80, "{} bytes", bytes(&row()).len());
    }

    #[test]
    fn a_cut_and_a_rest_are_found_out() {
        let whole = bytes(&row());
        assert!((0..whole.len()).all(|end| read(&whole[..end]).is_none()));
        assert_eq!(read(&[whole.as_slice(), &[0]].concat()), None);
    }
}
