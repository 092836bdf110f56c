//! `SitesManager.*`: sites, and the settings they share.

pub(super) mod choices;
pub(super) mod edit;
mod given;
pub(super) mod global;
pub(super) mod list;
pub(super) mod settings;
pub(super) mod shown;
mod tracking_code;

pub(super) const MODULE: &str = "SitesManager";
