//! `footfall user`.

use std::io::{BufRead as _, IsTerminal as _};

use clap::{Arg, ArgAction, ArgMatches, Command};
use footfall_admin::{NewUser, UserChanges, parse_access};
use footfall_model::Error;

use super::{output, site};
use crate::{clock, config::Config, wiring};

pub(super) fn add_command() -> Command {
    Command::new("add")
        .about("Add a person; the password is read from standard input")
        .arg(Arg::new("login").required(true).value_name("LOGIN"))
        .arg(Arg::new("email").long("email").required(true).value_name("ADDRESS"))
        .arg(Arg::new("superuser").long("superuser").action(ArgAction::SetTrue).help("May do everything"))
        .arg(
            Arg::new("access")
                .long("access")
                .value_name("SITE=ACCESS")
                .action(ArgAction::Append)
                .help("Access to a site: view, write or admin; can be repeated"),
        )
}

pub(super) fn passwd_command() -> Command {
    Command::new("passwd")
        .about("Set a person's password, read from standard input; ends their sessions")
        .arg(Arg::new("login").required(true).value_name("LOGIN"))
}

pub(super) async fn add(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let text = |name: &str| given.get_one::<String>(name).cloned().unwrap_or_default();
    let sites = admin.sites(clock::now()).await?;
    let mut rights = Vec::new();
    for right in given.get_many::<String>("access").into_iter().flatten() {
        let (wanted, access) = right.split_once('=').unwrap_or((right, ""));
        let access = parse_access(access).ok_or_else(|| {
            Error::invalid(format!(
                "`--access` holds `{right}`, but may hold a site and `view`, `write` or `admin`, such as `1=view`"
            ))
        })?;
        rights.push((site::find(&sites, wanted)?.id, access));
    }
    let login = text("login");
    let new = NewUser {
        login: login.clone(),
        email: text("email"),
        name: String::new(),
        password: Some(read_password()?),
        superuser: given.get_flag("superuser"),
    };
    admin.add_user(new, clock::now()).await?;
    for (site, access) in rights {
        admin.set_access(&login, Some(access), &[site]).await?;
    }
    output::line(&login)
}

pub(super) async fn passwd(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let login = given.get_one::<String>("login").cloned().unwrap_or_default();
    let changes = UserChanges { password: Some(read_password()?), ..UserChanges::default() };
    admin.update_user(&login, changes, clock::now()).await?;
    output::line(&login)
}

fn read_password() -> Result<String, Error> {
    if std::io::stdin().is_terminal() {
        eprintln!("Password (it is shown while you type; pipe it in to keep it hidden):");
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|cause| Error::broken("the password cannot be read from standard input").because(cause))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Error::invalid("no password came on standard input"));
    }
    Ok(password.to_owned())
}
