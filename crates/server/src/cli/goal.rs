//! `footfall goal`.

use clap::{Arg, ArgGroup, ArgMatches, Command};
use footfall_admin::NewGoal;
use footfall_model::{Error, GoalMatch, MatchAttribute, MatchPattern};

use super::{output, site};
use crate::{clock, config::Config, wiring};

pub(super) fn add_command() -> Command {
    Command::new("add")
        .about("Add a goal; prints its number")
        .arg(Arg::new("site").required(true).value_name("SITE").help("The site's number or domain"))
        .arg(Arg::new("name").long("name").value_name("TEXT").help("What people call it (default: from the rule)"))
        .arg(
            Arg::new("page")
                .long("page")
                .value_name("PATH")
                .help("A page view of this path; * stands for anything but /, ** for anything"),
        )
        .arg(Arg::new("event").long("event").value_name("NAME").help("A custom event of this name"))
        .arg(
            Arg::new("url-contains")
                .long("url-contains")
                .value_name("TEXT")
                .help("A page whose URL contains this (Matomo's kind, counted while tracking)"),
        )
        .group(ArgGroup::new("rule").args(["page", "event", "url-contains"]).required(true))
}

pub(super) async fn add(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let wanted = text("site").unwrap_or_default();
    let site = site::find(&admin.sites(clock::now()).await?, &wanted)?;
    let (name, rule) = if let Some(path) = text("page") {
        (format!("Visit {path}"), GoalMatch::PagePath { path, props: Vec::new() })
    } else if let Some(event) = text("event") {
        (event.clone(), GoalMatch::Event { name: event, props: Vec::new() })
    } else {
        let part = text("url-contains").unwrap_or_default();
        let rule = GoalMatch::Matomo {
            attribute: MatchAttribute::Url,
            pattern: MatchPattern::Contains,
            text: part.clone(),
            case_sensitive: false,
        };
        (part, rule)
    };
    let goal = admin.add_goal(site.id, NewGoal::new(text("name").unwrap_or(name), rule)).await?;
    output::line(&goal.id.0.to_string())
}
