//! `footfall doctor`: what is well, what is not, and why data may be missing.

use clap::{ArgMatches, Command};
use footfall_admin::DropTotal;
use footfall_ingest::Dropped;
use footfall_model::{DateRange, Error, Millis};
use jiff::tz::TimeZone;
use serde_json::json;

use super::{output, site::json_flag};
use crate::{clock, config::Config, wiring};

pub(super) fn command() -> Command {
    Command::new("doctor")
        .about("Check the installation, and tell why hits did not count")
        .long_about("Checks the data directory and its files, and lists why hits of the last seven days did not count, by site.")
        .arg(json_flag())
}

pub(super) async fn run(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let now = clock::now();
    let admin = wiring::open_admin(&config).await?;
    let sites = admin.sites(now).await?;
    let users = admin.count_users().await?;
    let today = now.local(&TimeZone::UTC).date();
    let week = DateRange::new(Millis(now.0 - 7 * 86_400_000).local(&TimeZone::UTC).date(), today)?;
    let mut drops = Vec::new();
    for site in &sites {
        let totals = admin.drops(Some(site.id), week).await?;
        drops.extend(totals.into_iter().map(|total| (Some(site.id), total)));
    }
    let everywhere = admin.drops(None, week).await?;
    for total in everywhere {
        let known: u64 = drops.iter().filter(|(_, held)| held.reason == total.reason).map(|(_, held)| held.n).sum();
        if total.n > known {
            drops.push((None, DropTotal { n: total.n - known, ..total }));
        }
    }
    let files = wiring::data_files(&config);
    if given.get_flag("json") {
        let files: Vec<_> =
            files.iter().map(|file| json!({"file": file.name, "bytes": file.bytes, "problem": file.problem})).collect();
        let drops: Vec<_> = drops
            .iter()
            .map(|(site, drop)| json!({"site": site.map(|site| site.0), "reason": drop.reason, "hits": drop.n}))
            .collect();
        let body = json!({"sites": sites.len(), "users": users, "files": files, "dropped": drops});
        return output::line(&body.to_string());
    }
    output::line(&format!("data directory  {}", config.data_dir().display()))?;
    for file in &files {
        let state = file.problem.clone().unwrap_or_else(|| "ok".to_owned());
        output::line(&format!("  {:<18} {:>12} bytes  {state}", file.name, file.bytes))?;
    }
    output::line(&format!("sites           {}", sites.len()))?;
    output::line(&format!("people          {users}"))?;
    if users == 0 {
        output::line("  nobody has an account: `footfall serve` prints a link to make the first one")?;
    }
    if drops.is_empty() {
        return output::line("hits that did not count in the last seven days: none");
    }
    output::line("hits that did not count in the last seven days:")?;
    for (site, drop) in &drops {
        let site = site.map_or_else(|| "no site".to_owned(), |site| format!("site {site}"));
        let explained = Dropped::from_code(&drop.reason).map_or("", Dropped::explain);
        output::line(&format!("  {:>8}  {site:<10} {}: {explained}", drop.n, drop.reason))?;
    }
    Ok(())
}
