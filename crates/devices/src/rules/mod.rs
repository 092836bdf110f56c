//! Rules: what they are, how they are read from files, and how the few that may match are found.

mod database;
mod index;
mod subject;
mod yaml;

pub(crate) use database::{BrowserRule, ClientRule, Database, DeviceRule, HardwareList, Source, Template};
pub(crate) use index::{LazyPattern, RuleList};
pub(crate) use subject::Subject;
