//! `API.*`: versions and settings of this server.

use footfall_model::{Access, Cell};
use footfall_report::reports;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::cells,
        dispatch::{Call, Method},
        methods, scope,
    },
};

const MODULE: &str = "API";
const SOME: Need = Need::Somewhere(Access::View);

pub(in super::super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getMatomoVersion", SOME, &[], |call| Box::pin(version(call))),
    Method::new(MODULE, "getPiwikVersion", SOME, &[], |call| Box::pin(version(call))),
    Method::new(MODULE, "getPhpVersion", Need::Superuser, &[], |_| Box::pin(php_version())),
    Method::new(MODULE, "getIpFromHeader", SOME, &[], |call| Box::pin(address(call))),
    Method::new(MODULE, "getSettings", Need::Nobody, &[], |_| Box::pin(settings())),
    Method::new(MODULE, "isPluginActivated", SOME, &["pluginName"], |call| Box::pin(is_active(call))),
    Method::new(MODULE, "getPagesComparisonsDisabledFor", Need::Nobody, &[], |_| Box::pin(pages_without_comparison())),
];

/// Modules that are there without a method of their own.
const WITHOUT_METHODS: &[&str] = &["API", "CoreHome", "CoreVisualizations", "Ecommerce", "Live", "Morpheus", "Widgetize"];

async fn version(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(Answer::value(call.ctx.settings.matomo_version))
}

/// Clients look at this to find out what they may send; the version is one that the spoken version of Matomo runs on.
async fn php_version() -> Result<Answer, Failure> {
    Ok(Answer::Data(cells! {
        "version" => "8.2.0",
        "major" => 8i64,
        "minor" => 2i64,
        "release" => 0i64,
        "versionId" => 80_200i64,
        "extra" => "",
    }))
}

async fn address(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(Answer::value(call.ctx.peer.to_string().as_str()))
}

/// How many hits an SDK sends at once, and how many seconds it waits in between.
async fn settings() -> Result<Answer, Failure> {
    Ok(Answer::Data(cells! { "SDK_batch_size" => 10i64, "SDK_interval_value" => 30i64 }))
}

async fn is_active(call: Call<'_>) -> Result<Answer, Failure> {
    let name = scope::required(call.request, "pluginName")?;
    let is_active =
        methods::has_module(name) || WITHOUT_METHODS.contains(&name) || reports::ALL.iter().any(|report| report.module == name);
    Ok(Answer::Data(Cell::Bool(is_active)))
}

async fn pages_without_comparison() -> Result<Answer, Failure> {
    const PAGES: [&str; 6] = [
        "General_Actions.Transitions_Transitions",
        "MultiSites.index",
        "Referrers_Referrers.Referrers_URLCampaignBuilder",
        "General_Visitors.UserCountryMap_RealTimeMap",
        "General_Visitors.Live_VisitorLog",
        "General_Visitors.General_RealTime",
    ];
    Ok(Answer::list(PAGES.iter().map(|page| Cell::text(page)).collect()))
}
