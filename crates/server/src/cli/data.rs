//! `footfall data`.

use clap::{Arg, ArgMatches, Command};
use footfall_model::Error;

use super::output;
use crate::{config::Config, device_data};

pub(super) fn update_devices_command() -> Command {
    Command::new("devices")
        .about(
            "Install Matomo's device database in the data directory, or a newer one in its place; a running server takes it up",
        )
        .arg(
            Arg::new("from")
                .long("from")
                .value_name("DIR|URL")
                .help("A checkout of matomo-org/device-detector, its folder `regexes`, an archive (.tar.gz), or the URL of one")
                .long_help(format!(
                    "A checkout of matomo-org/device-detector, its folder `regexes`, an archive (.tar.gz), or the URL of one \
                     [default: {}]",
                    device_data::PUBLISHED
                )),
        )
}

pub(super) async fn update_devices(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let from = given.get_one::<String>("from").map_or(device_data::PUBLISHED, String::as_str);
    let named = config.text("devices.database");
    if !named.is_empty() {
        let sentence = format!("`devices.database` names `{named}`: what is installed would not be used");
        return Err(Error::invalid(sentence).hint("take that setting away first"));
    }
    let files = device_data::install(&config, from).await?;
    output::line(&format!("{files} files of rules are in `{}`", device_data::kept(&config).display()))
}
