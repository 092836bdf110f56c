//! The command line. Exit codes: 0 done, 1 refused or failed (one sentence on standard error), 2 the command itself is wrong.

mod archive;
mod config;
mod data;
mod doctor;
mod goal;
pub(crate) mod import;
pub(crate) mod output;
mod serve;
mod site;
mod token;
mod user;

use std::{collections::HashMap, io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Arg, ArgMatches, Command};
use footfall_api::plausible::archive::Source;
use footfall_model::Error;

use crate::{
    config::{Config, Sources},
    foreign, settings,
};

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let matches = command().get_matches();
    let outcome = match matches.subcommand() {
        Some(("config", given)) => config::run(given),
        Some((name, given)) => read_config(given).and_then(|config| run_with(name, given, config)),
        None => Ok(()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut stderr = std::io::stderr().lock();
            let _ = writeln!(stderr, "footfall: {}", error.message());
            if let Some(hint) = error.hint_text() {
                let _ = writeln!(stderr, "  hint: {hint}");
            }
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                let _ = writeln!(stderr, "  because: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run_with(name: &str, given: &ArgMatches, config: Config) -> Result<(), Error> {
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Error::broken("the process cannot start its threads").because(cause))?;
    threads.block_on(async {
        match (name, given.subcommand()) {
            ("serve", _) => serve::run(config).await,
            ("demo", _) => crate::demo::run(config).await,
            ("site", Some(("add", given))) => site::add(config, given).await,
            ("site", Some(("list", given))) => site::list(config, given).await,
            ("site", Some(("snippet", given))) => site::snippet(config, given).await,
            ("user", Some(("add", given))) => user::add(config, given).await,
            ("user", Some(("passwd", given))) => user::passwd(config, given).await,
            ("user", Some(("role", given))) => user::role(config, given).await,
            ("user", Some(("list", _))) => user::list(config).await,
            ("token", Some(("create", given))) => token::create(config, given).await,
            ("token", Some(("revoke", given))) => token::revoke(config, given).await,
            ("goal", Some(("add", given))) => goal::add(config, given).await,
            ("import", Some(("events", given))) => import::events(config, given).await,
            ("import", Some(("plausible", given))) => archive::import(config, given, Source::Plausible).await,
            ("import", Some(("google-analytics", given))) => archive::import(config, given, Source::GoogleAnalytics).await,
            ("data", Some((_, given))) => match given.subcommand() {
                Some(("devices", given)) => data::update_devices(config, given).await,
                _ => Err(Error::invalid("there are no such data")),
            },
            ("doctor", _) => doctor::run(config, given).await,
            _ => Err(Error::invalid(format!("there is no command `{name}`"))),
        }
    })
}

fn command() -> Command {
    let command = Command::new("footfall")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Web analytics that speaks Matomo's and Plausible's dialects")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(serve::command()))
        .subcommand(with_settings(
            Command::new("demo").about("Serve two demo sites with a month of traffic, and demo pages to track"),
        ))
        .subcommand(
            Command::new("site")
                .about("Add, list and show sites")
                .subcommand_required(true)
                .subcommand(with_settings(site::add_command()))
                .subcommand(with_settings(site::list_command()))
                .subcommand(with_settings(site::snippet_command())),
        )
        .subcommand(
            Command::new("user")
                .about("Add people and change their passwords")
                .subcommand_required(true)
                .subcommand(with_settings(user::add_command()))
                .subcommand(with_settings(user::passwd_command()))
                .subcommand(with_settings(user::role_command()))
                .subcommand(with_settings(user::list_command())),
        )
        .subcommand(
            Command::new("token")
                .about("Create and revoke tokens of programs")
                .subcommand_required(true)
                .subcommand(with_settings(token::create_command()))
                .subcommand(with_settings(token::revoke_command())),
        )
        .subcommand(
            Command::new("goal").about("Add goals").subcommand_required(true).subcommand(with_settings(goal::add_command())),
        )
        .subcommand(
            Command::new("import")
                .about("Import events and figures")
                .subcommand_required(true)
                .subcommand(with_settings(import::events_command()))
                .subcommand(with_settings(archive::import_command()))
                .subcommand(with_settings(archive::google_command())),
        )
        .subcommand(
            Command::new("data")
                .about("Install and refresh data that Footfall looks things up in")
                .subcommand_required(true)
                .subcommand(
                    Command::new("update")
                        .about("Fetch what is newer")
                        .subcommand_required(true)
                        .subcommand(with_settings(data::update_devices_command())),
                ),
        )
        .subcommand(with_settings(doctor::command()))
        .subcommand(config::command());
    command.max_term_width(120)
}

/// Adds a flag for every setting; they are listed by `footfall config --help` and hidden elsewhere.
fn with_settings(command: Command) -> Command {
    let file = Arg::new("config").long("config").value_name("FILE").help("Read settings from this TOML file");
    settings::ALL
        .iter()
        .fold(command.arg(file), |command, setting| {
            command.arg(Arg::new(setting.name).long(leak(setting.flag())).value_name("VALUE").hide(true))
        })
        .after_help("Every setting can be given as a flag, a variable or in a file: see `footfall config --help`.")
}

/// A name for as long as the process lives; there are some dozens, made once.
fn leak(name: String) -> &'static str {
    Box::leak(name.into_boxed_str())
}

/// The settings that hold for a command: of the innermost subcommand that was given.
fn read_config(given: &ArgMatches) -> Result<Config, Error> {
    let mut innermost = given;
    while let Some((_, inner)) = innermost.subcommand() {
        innermost = inner;
    }
    let mut environment: HashMap<String, String> = std::env::vars().collect();
    foreign::add_secrets(&mut environment)?;
    let named = innermost.get_one::<String>("config").cloned().or_else(|| environment.get("FOOTFALL_CONFIG").cloned());
    let file = match named.map(PathBuf::from) {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|cause| {
                Error::invalid(format!("the configuration file `{}` cannot be read", path.display())).because(cause)
            })?;
            Some((path, text))
        }
        None => None,
    };
    let flags = settings::ALL
        .iter()
        .filter_map(|setting| Some((setting.name.to_owned(), innermost.get_one::<String>(setting.name)?.clone())))
        .collect();
    Config::read(&Sources { flags, environment, file })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
