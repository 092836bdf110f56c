//! What reports are made of: questions to the store, put together to tables.

pub mod visits;
