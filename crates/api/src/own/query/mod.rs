//! `POST /sites/{id}/query`: figures for any range, grouped and filtered.

mod answer;
mod filters;
mod parse;
mod range;

pub(super) use answer::query;
pub(super) use filters::filters;
use parse::{Asked, dimension};
