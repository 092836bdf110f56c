//! The bytes of one stored row: many records with one checksum.
//!
//! Version 1: the byte 1; the length of each record, 32 bits, little endian; the records, one after the other; the
//! 64-bit XXH3 of all before, seeded with the first record's offset, little endian. A row that lands in another's
//! place is found out by the seed.

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::Offset;

const VERSION: u8 = 1;
const SUM: usize = 8;

/// Writes records as one row's body into `body`, whatever it held before.
pub(crate) fn encode(first: Offset, records: &[Bytes], body: &mut Vec<u8>) {
    body.clear();
    body.push(VERSION);
    for record in records {
        body.extend_from_slice(&(record.len() as u32).to_le_bytes());
    }
    for record in records {
        body.extend_from_slice(record);
    }
    let sum = xxh3_64_with_seed(body, first.0);
    body.extend_from_slice(&sum.to_le_bytes());
}

/// The records of one row's body, sharing its memory; says what is wrong when it is not what was written.
pub(crate) fn decode(first: Offset, count: usize, body: &Bytes) -> Result<Vec<Bytes>, String> {
    let named = |what: &str| format!("{what} in the batch at offset {first}");
    let Some(end) = body.len().checked_sub(SUM) else {
        return Err(named("too few bytes"));
    };
    let (content, sum) = body.split_at(end);
    if sum != xxh3_64_with_seed(content, first.0).to_le_bytes() {
        return Err(named("a wrong checksum"));
    }
    match content.first() {
        Some(&VERSION) => {}
        _ => return Err(named("an unknown format")),
    }
    let lengths = count.checked_mul(4).and_then(|bytes| content.get(1..1 + bytes)).ok_or_else(|| named("too few lengths"))?;
    let mut at = 1 + lengths.len();
    let mut records = Vec::with_capacity(count);
    for length in lengths.chunks_exact(4) {
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        if length > end - at {
            return Err(named("a record longer than its batch"));
        }
        records.push(body.slice(at..at + length));
        at += length;
    }
    if at != end {
        return Err(named("bytes left over"));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(first: u64, records: &[&'static str]) -> Bytes {
        let records: Vec<Bytes> = records.iter().map(|&r| Bytes::from_static(r.as_bytes())).collect();
        let mut body = vec![9; 3];
        encode(Offset(first), &records, &mut body);
        body.into()
    }

    #[test]
    fn what_was_written_is_read() {
        let body = body(7, &["one", "", "three"]);
        assert_eq!(body.len(), 1 + 3 * 4 + 8 + 8);
        let records = decode(Offset(7), 3, &body).unwrap();
        assert_eq!(records, [&b"one"[..], b"", b"three"]);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found_out() {
        let whole = body(7, &["one", "", "three"]);
        for byte in 0..whole.len() {
            for bit in 0..8 {
                let mut torn = whole.to_vec();
                torn[byte] ^= 1 << bit;
                assert!(decode(Offset(7), 3, &torn.into()).is_err());
            }
            assert!(decode(Offset(7), 3, &whole.slice(..byte)).is_err());
        }
        assert_eq!(decode(Offset(8), 3, &whole).unwrap_err(), "a wrong checksum in the batch at offset 8");
    }

    #[test]
    fn a_wrong_count_is_found_out() {
        let whole = body(7, &["one", "", "three"]);
        for count in [0, 1, 2, 4, 5, 6, usize::MAX] {
            assert!(decode(Offset(7), count, &whole).is_err(), "{count}");
        }
    }
}
