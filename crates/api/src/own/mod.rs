//! Our own API, which the web UI uses and `openapi.json` describes: decode, check the right, call, encode.

mod annotations;
mod body;
mod caller;
mod dimensions;
mod dispatch;
mod dropped;
mod export;
mod failure;
mod form;
mod funnels;
mod goals;
mod guests;
mod imports;
mod links;
pub(crate) mod live;
mod openapi;
mod overview;
mod passwords;
mod properties;
mod query;
mod retention;
mod segments;
mod session;
mod settings;
pub(crate) mod shape;
mod sites;
mod snippets;
mod system;
#[cfg(test)]
mod tests;
mod tokens;
mod totp;
mod users;

pub use caller::{Caller, caller};
pub use dispatch::{OPERATIONS, answer};
pub use export::{Export, Format};
pub use failure::Failure;
pub(crate) use imports::{brought, state as import_state};
pub use imports::{importable, keep_import, read_import};
pub use live::{Pulse, pulse};
pub use openapi::OPENAPI;
pub use retention::retention;
pub(crate) use sites::forget;
pub use snippets::{Snippets, snippets};
pub use system::{DropReason, System};
