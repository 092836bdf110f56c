//! `footfall user`.

use std::io::{BufRead as _, IsTerminal as _};

use clap::{Arg, ArgAction, ArgMatches, Command};
use footfall_admin::{NewUser, TeamRole, UserChanges, access_name, parse_access};
use footfall_model::Error;

use super::{output, site};
use crate::{clock, config::Config, wiring};

pub(super) fn add_command() -> Command {
    Command::new("add")
        .about("Add a person; the password is read from standard input")
        .arg(Arg::new("login").required(true).value_name("LOGIN"))
        .arg(Arg::new("email").long("email").required(true).value_name("ADDRESS"))
        .arg(
            Arg::new("role")
                .long("role")
                .value_name("ROLE")
                .value_parser(TeamRole::ALL.map(TeamRole::name))
                .help("What they are in the team, on every site"),
        )
        .arg(
            Arg::new("superuser")
                .long("superuser")
                .action(ArgAction::SetTrue)
                .conflicts_with("role")
                .help("May do everything: the same as `--role owner`"),
        )
        .arg(
            Arg::new("access")
                .long("access")
                .value_name("SITE=ACCESS")
                .action(ArgAction::Append)
                .help("Access to a site: view, write or admin; can be repeated"),
        )
}

pub(super) fn list_command() -> Command {
    Command::new("list").about("List people: login, role in the team, access to single sites, address")
}

pub(super) fn role_command() -> Command {
    let roles = TeamRole::ALL.into_iter().map(TeamRole::name).chain(["none"]);
    Command::new("role")
        .about("Say what a person is in the team")
        .arg(Arg::new("login").required(true).value_name("LOGIN"))
        .arg(Arg::new("role").required(true).value_name("ROLE").value_parser(roles.collect::<Vec<_>>()))
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
        role: given.get_one::<String>("role").and_then(|name| TeamRole::parse(name)),
    };
    admin.add_user(new, clock::now()).await?;
    for (site, access) in rights {
        admin.set_access(&login, Some(access), &[site]).await?;
    }
    output::line(&login)
}

pub(super) async fn list(config: Config) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let rights = admin.all_access().await?;
    for user in admin.users().await? {
        let role = user.role.map_or("-", TeamRole::name);
        let of_user = rights.iter().filter(|right| right.login == user.login);
        let access: Vec<String> = of_user.map(|right| format!("{}={}", right.site, access_name(right.access))).collect();
        let access = if access.is_empty() { "-".to_owned() } else { access.join(" ") };
        output::line(&format!("{:<20} {role:<8} {access:<20} {}", user.login, user.email))?;
    }
    Ok(())
}

pub(super) async fn role(config: Config, given: &ArgMatches) -> Result<(), Error> {
    let admin = wiring::open_admin(&config).await?;
    let text = |name: &str| given.get_one::<String>(name).cloned().unwrap_or_default();
    let changes = UserChanges { role: Some(TeamRole::parse(&text("role"))), ..UserChanges::default() };
    let user = admin.update_user(&text("login"), changes, clock::now()).await?;
    output::line(&user.login)
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
