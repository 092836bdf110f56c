//! `API.*`: what the server is, many requests in one, and what reports there are.

pub(super) mod bulk;
pub(super) mod facts;
