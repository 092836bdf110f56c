//! Stats v2: `POST /api/v2/query`.

mod answer;
mod check;
mod form;
mod parse;
mod revenue;

pub(super) use answer::{Beside, answer, body, extend_hostname_filters, told};
pub(super) use check::unknown_goal;
pub(super) use parse::day;
pub(super) use revenue::Currencies;
