//! The relational side as the rest of the program meets it, on a database in memory or in a file.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod counts;
mod database;
mod goals;
mod imports;
mod invitations;
mod letters;
mod notes;
mod rights;
mod sessions;
mod settings;
mod sharing;
mod sites;
mod snapshot;
mod story;
mod tokens;
mod users;

use footfall_admin::{Admin, NewSite, NewUser};
use footfall_model::{Error, Fault, Millis, Site, SiteId, VisitPolicy};

/// When the tests happen.
const NOW: Millis = Millis(1_700_000_000_000);
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

async fn empty() -> Admin {
    Admin::open_in_memory().await.unwrap()
}

/// A database with sites 1 to `sites`, and users `root` (superuser), `ada` and `bob` without passwords.
async fn with_sites(sites: u32) -> Admin {
    let admin = empty().await;
    for n in 1..=sites {
        add_site(&admin, &format!("http://site{n}.example")).await;
    }
    for login in ["root", "ada", "bob"] {
        let new = NewUser { superuser: login == "root", ..user(login) };
        admin.add_user(new, NOW).await.unwrap();
    }
    admin
}

async fn add_site(admin: &Admin, url: &str) -> Site {
    let new = NewSite { urls: vec![url.to_owned()], ..NewSite::default() };
    admin.add_site(new, NOW).await.unwrap()
}

fn user(login: &str) -> NewUser {
    NewUser { login: login.to_owned(), email: format!("{login}@example.org"), ..NewUser::default() }
}

fn site(n: u32) -> SiteId {
    SiteId(n)
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

/// What a call was refused with.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> (Fault, String) {
    let error = result.unwrap_err();
    (error.fault(), error.message().to_owned())
}

#[track_caller]
fn invalid<T: std::fmt::Debug>(result: Result<T, Error>, message: &str) {
    assert_eq!(refused(result), (Fault::Invalid, message.to_owned()));
}

#[track_caller]
fn missing<T: std::fmt::Debug>(result: Result<T, Error>, message: &str) {
    assert_eq!(refused(result), (Fault::Missing, message.to_owned()));
}

const PLAUSIBLE: VisitPolicy = VisitPolicy::Plausible;
