//! Requests in, hits and answers out; hits in, facts out.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod actions;
mod answers;
mod bulk;
mod drain;
mod enrich;
mod exclusions;
mod hostile;
mod import;
mod moments;
mod nonsense;
mod plausible;
mod records;
mod stage;
mod visitors;
