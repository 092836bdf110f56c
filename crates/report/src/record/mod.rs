//! What reports are made of: questions to the store, put together to tables.

pub mod action_path;
pub mod actions;
pub mod addresses;
pub mod beside;
pub mod breakdown;
pub mod page_goals;
pub mod ranges;
pub mod referrers;
pub mod timings;
pub mod transitions;
pub mod tree;
pub mod visits;
