//! The ways hits come in: each file turns one wire form into [`crate::Hit`]s.

mod action;
mod address;
mod answer;
mod bulk;
mod client;
mod entities;
mod event;
mod exclude;
pub mod import;
pub(crate) mod matomo;
mod moment;
mod params;
pub(crate) mod plausible;
mod products;
mod variables;

pub use address::behind_proxies;
