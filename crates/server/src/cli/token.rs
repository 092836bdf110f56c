//! `footfall token`.

use clap::{Arg, ArgAction, ArgMatches, Command};
use footfall_admin::NewToken;
use footfall_model::{Error, Millis};

use super::output;
use crate::{clock, config::Config, wiring};

pub(super) fn create_command() -> Command {
    Command::new("create")
        .about("Create a token; prints it alone on the last line, once")
        .arg(Arg::new("user").long("user").required(true).value_name("LOGIN").help("Whose rights it has"))
        .arg(Arg::new("description").long("description").value_name("TEXT").help("What it is for"))
        .arg(
            Arg::new("scope")
                .long("scope")
                .value_name("SCOPE")
                .action(ArgAction::Append)
                .help("What it may be used for, such as stats:read; can be repeated (default: everything the person may)"),
        )
        .arg(
            Arg::new("days")
                .long("days")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(1..=36_500))
                .help("How many days it counts (default: for ever)"),
        )
        .arg(
            Arg::new("hourly-requests")
                .long("hourly-requests")
                .value_name("N")
                .value_parser(clap::value_parser!(u32).range(0..=2_147_483_647))
                .help("How many requests of the Stats API it may make an hour, 0 for no limit (default: `api.hourly_requests`)"),
        )
}

pub(super) fn revoke_command() -> Command {
    Command::new("revoke")
        .about("Revoke a token, given itself or by its number")
        .arg(Arg::new("token").required(true).value_name("TOKEN"))
}

pub(super) async fn create(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let now = clock::now();
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let days = given.get_one::<u32>("days").copied();
    let new = NewToken {
        login: text("user").unwrap_or_default(),
        description: text("description").unwrap_or_else(|| "made on the command line".to_owned()),
        scopes: given.get_many::<String>("scope").into_iter().flatten().cloned().collect(),
        expires_at: days.map(|days| Millis(now.0 + i64::from(days) * 86_400_000)),
        hourly_requests: given.get_one::<u32>("hourly-requests").copied(),
        ..NewToken::default()
    };
    let (token, secret) = admin.create_token(new, now).await?;
    output::line(&format!("token {} of {}; it is shown only now:", token.id, token.login))?;
    output::line(&secret)
}

pub(super) async fn revoke(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let wanted = given.get_one::<String>("token").map_or("", String::as_str);
    if admin.revoke_secret(wanted).await? {
        return output::line("revoked");
    }
    let number: Option<i64> = wanted.parse().ok();
    let known = admin.all_tokens().await?.into_iter().find(|token| Some(token.id) == number);
    match known {
        Some(token) => {
            admin.revoke_token(&token.login, token.id).await?;
            output::line("revoked")
        }
        None => Err(Error::missing("there is no such token").hint("give the token itself, or its number")),
    }
}
