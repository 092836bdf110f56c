//! Matomo's reading API: `module=API&method=Module.action`.

mod answer;
mod calendar;
mod caller;
mod cells;
mod column_names;
mod context;
pub mod dispatch;
mod encode;
mod entities;
mod failure;
mod metadata;
mod methods;
pub mod opt_out;
mod process;
mod request;
mod scope;

pub use answer::{Answer, Part, Reply};
pub use caller::{Sent, caller};
pub use context::{Channels, Context, Locate, Location, Settings};
pub use failure::Failure;
pub use metadata::{Language, Languages, Texts};
pub use methods::send_due;
pub use request::{MatomoRequest, Param};

use footfall_admin::Principal;
use footfall_report::pretty;

/// Answers a request: access is checked, the method is run, its table is sorted, cut and formatted as asked, and written in the
/// format asked for. Failures are answers too.
pub async fn answer(ctx: &Context, caller: &Principal, request: &MatomoRequest) -> Reply {
    let mut asked = with_defaults(ctx, request);
    if asked.filled("language").is_none()
        && let Some(code) = methods::preferred_language(ctx, caller).await
    {
        asked.set("language", &code);
    }
    let made = dispatch::run(ctx, caller, &asked).await.map(|answer| metadata::translated(ctx, &asked, answer));
    encode::reply(ctx, &asked, made)
}

/// A request that is refused before it is run, in the format it asked for.
pub fn refuse(ctx: &Context, request: &MatomoRequest, failure: Failure) -> Reply {
    encode::reply(ctx, request, Err(failure))
}

/// The names of all methods, such as `Actions.getPageUrls`, in order and each once.
pub fn methods() -> Vec<String> {
    let own = methods::all().map(|method| format!("{}.{}", method.module, method.action));
    let mut names: Vec<String> = own.chain(footfall_report::reports::ALL.iter().map(|report| report.method())).collect();
    names.sort();
    names.dedup();
    names
}

/// Modules that had other names in earlier versions of Matomo.
const RENAMED: [(&str, &str); 2] = [("Referers", "Referrers"), ("PDFReports", "ScheduledReports")];

/// A request with what it means where it does not say.
fn with_defaults(ctx: &Context, request: &MatomoRequest) -> MatomoRequest {
    let mut asked = request.clone();
    if asked.filled("filter_limit").is_none() {
        asked.set("filter_limit", &ctx.settings.default_limit.to_string());
    }
    if asked.filled("format_metrics").is_none() {
        asked.set("format_metrics", "bc");
    }
    // What was called otherwise once is asked for by its new name.
    for (name, sign) in [("method", "."), ("apiModule", "")] {
        let given = asked.text(name).unwrap_or_default();
        let renamed = RENAMED.iter().find_map(|(old, new)| {
            let rest =
                given.strip_prefix(old).filter(|rest| if sign.is_empty() { rest.is_empty() } else { rest.starts_with(sign) })?;
            Some(format!("{new}{rest}"))
        });
        if let Some(renamed) = renamed {
            asked.set(name, &renamed);
        }
    }
    // Rows that are picked by their label come without those below them.
    let picks = match asked.get("label") {
        Some(Param::List(labels)) => !labels.is_empty(),
        _ => asked.filled("label").is_some_and(|label| label != "0"),
    };
    if picks {
        asked.remove("expanded");
    }
    asked
}
