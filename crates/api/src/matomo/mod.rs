//! Matomo's reading API: `module=API&method=Module.action`.

mod answer;
mod context;
pub mod dispatch;
mod encode;
mod failure;
mod methods;
mod process;
mod request;
mod scope;

pub use answer::{Answer, Reply};
pub use context::{Context, Settings};
pub use failure::Failure;
pub use request::{MatomoRequest, Param};

use footfall_admin::Principal;

/// Answers a request: access is checked, the method is run, its table is sorted, cut and formatted as asked, and written in the
/// format asked for. Failures are answers too.
pub async fn answer(ctx: &Context, caller: &Principal, request: &MatomoRequest) -> Reply {
    let made = dispatch::run(ctx, caller, request).await;
    encode::reply(ctx, request, made)
}
