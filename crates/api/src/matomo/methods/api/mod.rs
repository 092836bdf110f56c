//! `API.*`: what the server is, many requests in one, and what reports there are.

pub(super) mod bulk;
pub(super) mod described;
pub(super) mod evolution;
pub(super) mod facts;
pub(in super::super) mod processed;
pub(super) mod suggested;
