//! `footfall config --help`: the table of settings.

use std::fmt::Write as _;

use clap::{ArgMatches, Command};
use footfall_model::Error;

use super::output;
use crate::{foreign, settings};

pub(super) fn command() -> Command {
    Command::new("config")
        .about("List every setting")
        .long_about(
            "Every setting can be given as a flag, as an environment variable, or in a TOML file (`--config FILE`, or the variable\n\
             FOOTFALL_CONFIG). Flags win over variables, variables over the file. A bad value stops the start with one sentence.",
        )
        .after_long_help(table())
}

pub(super) fn run(_: &ArgMatches) -> Result<(), Error> {
    output::line(&table())
}

/// The table.
pub(crate) fn table() -> String {
    let mut table = String::new();
    for setting in settings::ALL {
        let _ = writeln!(table, "{}", setting.name);
        let _ = writeln!(table, "    {}", setting.doc);
        let default = if setting.default.is_empty() { "nothing".to_owned() } else { format!("`{}`", setting.default) };
        let _ =
            writeln!(table, "    --{}  {}  holds {}; default {default}", setting.flag(), setting.variable(), setting.may_hold());
        if !setting.aliases.is_empty() {
            let _ = writeln!(table, "    also read from {}", setting.aliases.join(", "));
        }
        let _ = writeln!(table);
    }
    for (title, variables) in foreign::explained() {
        let _ = writeln!(table, "{title}");
        for (name, why) in variables {
            let _ = writeln!(table, "    {name}: {why}");
        }
        let _ = writeln!(table);
    }
    table
}
