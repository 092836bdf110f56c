//! The list of methods that are more than a report. A new module is a file here and its line in [`MODULES`].

mod annotations;
pub(super) mod api;
mod core_admin;
mod countries;
mod custom_dimensions;
mod custom_variables;
mod dashboards;
mod goals;
mod image_graph;
mod insights;
mod installation;
mod languages;
mod live;
mod multi_sites;
mod privacy;
mod referrers;
pub(super) mod report;
mod scheduled;
mod segments;
mod sites;
mod transitions;
mod users;

pub(super) use languages::preferred as preferred_language;
pub use scheduled::send_due;

use super::dispatch::Method;

/// Every module's methods.
const MODULES: &[&[Method]] = &[
    annotations::METHODS,
    api::bulk::METHODS,
    api::described::METHODS,
    api::evolution::METHODS,
    api::facts::METHODS,
    api::processed::METHODS,
    api::suggested::METHODS,
    core_admin::METHODS,
    countries::METHODS,
    custom_dimensions::METHODS,
    custom_variables::METHODS,
    dashboards::METHODS,
    goals::METHODS,
    image_graph::METHODS,
    insights::METHODS,
    installation::METHODS,
    languages::METHODS,
    live::METHODS,
    live::subjects::METHODS,
    multi_sites::METHODS,
    privacy::METHODS,
    referrers::METHODS,
    scheduled::METHODS,
    scheduled::FACTS,
    segments::METHODS,
    sites::edit::METHODS,
    sites::list::METHODS,
    sites::settings::METHODS,
    sites::global::METHODS,
    sites::choices::METHODS,
    transitions::METHODS,
    users::people::METHODS,
    users::rights::METHODS,
    users::tokens::METHODS,
];

/// The method of this name.
pub(super) fn find(module: &str, action: &str) -> Option<&'static Method> {
    all().find(|method| method.module == module && method.action == action)
}

/// Whether there is any method of this module.
pub(super) fn has_module(module: &str) -> bool {
    all().any(|method| method.module == module)
}

/// Every method.
pub(super) fn all() -> impl Iterator<Item = &'static Method> {
    MODULES.iter().flat_map(|methods| methods.iter())
}
