//! `POST /sites/{id}/query`: figures for any range, grouped and filtered; and how far visitors get through a funnel.

mod answer;
mod filters;
mod funnel;
mod parse;
mod range;

pub(super) use answer::query;
pub(super) use filters::filters;
pub(super) use funnel::funnel;
use parse::{Asked, dimension};
