//! What reports are made of: questions to the store, put together to tables.

pub mod breakdown;
pub mod ranges;
pub mod tree;
pub mod visits;
