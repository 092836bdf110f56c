//! `footfall site`.

use clap::{Arg, ArgAction, ArgMatches, Command};
use footfall_admin::{NewSite, parse_policy, policy_name};
use footfall_model::{Error, Site, SiteId};
use serde_json::json;

use super::output;
use crate::{clock, config::Config, wiring};

pub(super) fn add_command() -> Command {
    Command::new("add")
        .about("Add a site; prints its number")
        .arg(Arg::new("url").required(true).value_name("URL").help("The site's main address, such as https://example.org"))
        .arg(Arg::new("name").long("name").value_name("TEXT").help("What people call it (default: its host)"))
        .arg(Arg::new("timezone").long("timezone").value_name("ZONE").help("Its time zone, such as Europe/Berlin (default: UTC)"))
        .arg(Arg::new("currency").long("currency").value_name("CODE").help("Its currency, such as EUR (default: USD)"))
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("POLICY")
                .value_parser(["matomo", "plausible"])
                .help("How hits become visits (default: matomo)"),
        )
        .arg(json_flag())
}

pub(super) fn list_command() -> Command {
    Command::new("list").about("List the sites").arg(json_flag())
}

pub(super) fn snippet_command() -> Command {
    Command::new("snippet")
        .about("Print what to paste into a site's pages")
        .arg(Arg::new("site").required(true).value_name("SITE").help("The site's number or domain"))
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("DIALECT")
                .value_parser(["matomo", "plausible"])
                .help("Which tracker (default: the site's visit policy)"),
        )
}

pub(super) fn json_flag() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print JSON")
}

pub(super) async fn add(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let new = NewSite {
        name: text("name").unwrap_or_default(),
        urls: text("url").into_iter().collect(),
        timezone: text("timezone"),
        currency: text("currency"),
        policy: text("policy").and_then(|name| parse_policy(&name)),
        ..NewSite::default()
    };
    let site = admin.add_site(new, clock::now()).await?;
    if given.get_flag("json") { output::line(&shown(&site).to_string()) } else { output::line(&site.id.to_string()) }
}

pub(super) async fn list(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let sites = admin.sites(clock::now()).await?;
    if given.get_flag("json") {
        let all: Vec<serde_json::Value> = sites.iter().map(shown).collect();
        return output::line(&serde_json::Value::from(all).to_string());
    }
    for site in &sites {
        output::line(&format!("{:>4}  {:<32} {:<32} {}", site.id, site.domain, site.name, policy_name(site.policy)))?;
    }
    Ok(())
}

pub(super) async fn snippet(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let wanted = given.get_one::<String>("site").map_or("", String::as_str);
    let site = find(&admin.sites(clock::now()).await?, wanted)?;
    let dialect = given.get_one::<String>("dialect").map_or_else(|| policy_name(site.policy), String::as_str);
    let snippets = footfall_api::own::snippets(&config.base_url(), &site);
    output::line(if dialect == "plausible" { &snippets.plausible } else { &snippets.matomo })
}

/// The site of a number or domain.
pub(super) fn find(sites: &[Site], wanted: &str) -> Result<Site, Error> {
    let number = wanted.parse().ok().map(SiteId);
    sites
        .iter()
        .find(|site| Some(site.id) == number || site.domain.eq_ignore_ascii_case(wanted))
        .cloned()
        .ok_or_else(|| Error::missing(format!("there is no site `{wanted}`")).hint("`footfall site list` shows them"))
}

fn shown(site: &Site) -> serde_json::Value {
    json!({
        "id": site.id.0,
        "domain": site.domain,
        "name": site.name,
        "urls": site.urls,
        "timezone": site.timezone,
        "currency": site.currency,
        "policy": policy_name(site.policy),
    })
}
