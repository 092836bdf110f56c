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

/// Every parameter of Matomo's tracking API that is looked at, those of the catalogue's dimensions among them.
pub fn parameters() -> impl Iterator<Item = &'static str> {
    let of_dimensions = footfall_model::dimensions::ALL.iter().filter_map(|dimension| match dimension.source {
        footfall_model::Source::Param { matomo, .. } => Some(matomo),
        _ => None,
    });
    params::NAMES.into_iter().chain(of_dimensions)
}
