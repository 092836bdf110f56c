//! Stats v2: `POST /api/v2/query`.

mod answer;
mod check;
mod form;
mod parse;
mod revenue;

pub(super) use answer::{answer, extend_hostname_filters};
pub(super) use check::unknown_goal;
pub(super) use parse::day;
