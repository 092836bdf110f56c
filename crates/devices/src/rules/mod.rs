//! Rules: what they are, how they are read from files, and how the few that may match are found.

mod database;
mod fixed;
mod index;
mod subject;
mod yaml;

pub(crate) use database::{BrowserRule, ClientRule, Database, DeviceRule, HardwareList, Source, Template};
pub(crate) use fixed::Fixed;
pub(crate) use index::RuleList;
pub(crate) use subject::Subject;
