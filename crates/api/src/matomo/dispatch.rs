//! From a method's name to its answer.

use footfall_admin::Principal;
use footfall_report::reports;
use futures::future::{BoxFuture, FutureExt};

use super::{Answer, Context, Failure, MatomoRequest, Param, methods, process};
use crate::access::{self, Need};

/// A method of the API.
#[derive(Clone, Copy)]
pub struct Method {
    /// The module, such as `SitesManager`.
    pub module: &'static str,
    /// The action, such as `getSiteFromId`.
    pub action: &'static str,
    /// What a caller has to be allowed.
    pub need: Need,
    /// Parameters that have to be given.
    pub required: &'static [&'static str],
    /// Makes the answer. Rights on sites are checked where the sites are looked up.
    pub run: for<'a> fn(Call<'a>) -> BoxFuture<'a, Result<Answer, Failure>>,
    /// Whether its answer is sorted, cut and written as the request asks already.
    pub is_finished: bool,
}

impl Method {
    /// A method and how it is run.
    pub(super) const fn new(
        module: &'static str,
        action: &'static str,
        need: Need,
        required: &'static [&'static str],
        run: for<'a> fn(Call<'a>) -> BoxFuture<'a, Result<Answer, Failure>>,
    ) -> Method {
        Method { module, action, need, required, run, is_finished: false }
    }

    /// The same method, which sorts, cuts and writes its answer itself.
    pub(super) const fn finished(self) -> Method {
        Method { is_finished: true, ..self }
    }
}

/// One call of a method.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What it is answered with.
    pub ctx: &'a Context,
    /// Who asks.
    pub caller: &'a Principal,
    /// What is asked.
    pub request: &'a MatomoRequest,
}

/// Runs the request's method: its rights are checked, and tables are processed as the request asks.
pub fn run<'a>(ctx: &'a Context, caller: &'a Principal, request: &'a MatomoRequest) -> BoxFuture<'a, Result<Answer, Failure>> {
    async move {
        let name = named(request)?;
        let (module, action) = name
            .split_once('.')
            .filter(|(_, action)| !action.contains('.'))
            .ok_or_else(|| Failure::new("The method name is invalid. Expected 'module.methodName'"))?;
        let call = Call { ctx, caller, request };
        if let Some(method) = methods::find(module, action) {
            access::check(caller, method.need)?;
            for name in method.required {
                if request.get(name).is_none_or(|given| *given == Param::Text(String::new())) {
                    return Err(Failure::missing(name));
                }
            }
            let answer = (method.run)(call).await.map_err(|failure| in_its_words(module, failure))?;
            return if method.is_finished { Ok(answer) } else { process::answer(call, None, answer).await };
        }
        if let Some(report) = reports::find(module, action) {
            let tables = methods::report::tables(call, report, process::generic::first(request, report)).await?;
            return process::answer(call, Some(report), Answer::Tables(tables)).await;
        }
        Err(unknown(module, action))
    }
    .boxed()
}

/// What is said of people nobody knows, as `UsersManager` says it.
fn in_its_words(module: &str, failure: Failure) -> Failure {
    let unknown = failure.message.strip_prefix("no user is called `").and_then(|rest| rest.strip_suffix('`'));
    match unknown {
        Some(login) if module == "UsersManager" => Failure::with_status(failure.status, format!("User '{login}' doesn't exist.")),
        _ => failure,
    }
}

/// The name of the method that is asked for.
fn named(request: &MatomoRequest) -> Result<&str, Failure> {
    let without = ", and a default value wasn't provided.";
    match request.get("method") {
        Some(Param::List(_)) => Err(Failure::new(format!("The parameter 'method' doesn't have a correct type{without}"))),
        Some(Param::Text(name)) if !name.is_empty() => Ok(name),
        _ => Err(Failure::new(format!("The parameter 'method' isn't set in the Request{without}"))),
    }
}

fn unknown(module: &str, action: &str) -> Failure {
    if !methods::has_module(module) && !reports::ALL.iter().any(|report| report.module == module) {
        return Failure::new(format!(
            "The plugin {module} is not enabled. You can activate the plugin on Settings > Plugins page in Matomo."
        ));
    }
    Failure::with_status(
        400,
        format!("The method '{action}' does not exist or is not available in the module '\\Piwik\\Plugins\\{module}\\API'."),
    )
}
