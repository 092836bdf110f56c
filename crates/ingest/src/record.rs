//! What the journal keeps of a hit: one byte that names the version, then the hit in postcard's encoding.
//!
//! A version that was written once is read forever: [`decode`] turns older ones into today's [`Hit`].

use bytes::Bytes;
use footfall_model::{Error, Fault};

use crate::Hit;

/// The version that is written.
const VERSION: u8 = 1;

/// The hit as the journal keeps it.
pub fn encode(hit: &Hit) -> Bytes {
    let mut record = Vec::with_capacity(512);
    record.push(VERSION);
    match postcard::to_extend(hit, record) {
        Ok(record) => Bytes::from(record),
        // Writing a plain value to memory cannot fail; an empty record decodes to an error, never to a wrong hit.
        Err(_) => Bytes::new(),
    }
}

/// The hit that was kept.
pub fn decode(record: &[u8]) -> Result<Hit, Error> {
    match record.split_first() {
        Some((&VERSION, rest)) => {
            postcard::from_bytes(rest).map_err(|cause| Error::new(Fault::Broken, "a journal record is damaged").because(cause))
        }
        Some((version, _)) => Err(Error::new(Fault::Broken, format!("a journal record has the unknown version `{version}`"))
            .hint("a newer release wrote it; run that one, or let it drain the journal first")),
        None => Err(Error::new(Fault::Broken, "a journal record is empty")),
    }
}
