//! The vendors' reading APIs: decode, dispatch, encode. No HTTP framework, no SQL: a request in, bytes out.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

pub mod access;
mod call;
mod letters;
pub mod matomo;
pub mod own;
pub mod plausible;

pub use call::Call;
pub use letters::{Attachment, Letter, Post};
