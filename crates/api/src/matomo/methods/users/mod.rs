//! `UsersManager.*`: people, what they may do, and their tokens.

use footfall_admin::User;
use footfall_model::{Cell, Name};

use crate::matomo::{
    Failure,
    cells::{bit, cells, moment},
    dispatch::Call,
};

pub(super) mod people;
pub(super) mod rights;
pub(super) mod tokens;

const MODULE: &str = "UsersManager";

/// Fails unless the caller is a superuser or the user named.
pub(super) fn check_own(call: Call<'_>, login: &str) -> Result<(), Failure> {
    if call.caller.superuser || (!call.caller.is_anonymous() && call.caller.login == login) {
        return Ok(());
    }
    Err(Failure::with_status(401, format!("The user has to be either a Super User or the user '{login}' itself.")))
}

/// Fails for the user who stands for everybody unknown.
pub(super) fn check_named(login: &str) -> Result<(), Failure> {
    if login != "anonymous" {
        return Ok(());
    }
    Err(Failure::new(
        "The anonymous user cannot be edited or deleted. It is used by Matomo to define a user that has not logged in yet. For \
         example, you can make your statistics public by granting the 'view' access to the 'anonymous' user.",
    ))
}

/// Requests of a browser session confirm what is dangerous with the caller's password.
pub(super) async fn confirm(call: Call<'_>) -> Result<(), Failure> {
    if !call.request.flag("force_api_session") {
        return Ok(());
    }
    let password = call.request.text("passwordConfirmation").unwrap_or_default();
    check_password(call, &call.caller.login, password).await.map(drop)
}

/// What cannot be undone, or says who may do everything, is confirmed with the caller's password whoever asks.
pub(in crate::matomo::methods) async fn confirm_always(call: Call<'_>) -> Result<(), Failure> {
    let Some(password) = call.request.filled("passwordConfirmation") else {
        return Err(Failure::new("Please enter your password to confirm this change."));
    };
    check_password(call, &call.caller.login, password).await.map(drop)
}

/// Refuses a password that is too short or too long.
pub(super) fn check_length(password: &str) -> Result<(), Failure> {
    match password.chars().count() {
        0..6 => Err(Failure::new("The password length must be greater than 6 characters.")),
        6..8 => Err(Failure::new("The password length must be greater than 7 characters.")),
        8..=200 => Ok(()),
        _ => Err(Failure::new("The password length must be less than 200 characters.")),
    }
}

/// The user who stands for everybody unknown, as the API shows them to superusers.
pub(super) fn nobody() -> Cell {
    cells! {
        "login" => "anonymous",
        "email" => "anonymous@example.org",
        "superuser_access" => 0i64,
        "date_registered" => "2000-01-01 00:00:00",
        "invited_by" => Cell::NULL,
        "invite_expired_at" => Cell::NULL,
        "invite_accept_at" => Cell::NULL,
        "invite_status" => "active",
        "uses_2fa" => false,
    }
}

/// The user whose password this is. Wrong ones count against further tries, as at the login.
async fn check_password(call: Call<'_>, login: &str, password: &str) -> Result<User, Failure> {
    let (admin, peer, now) = (&call.ctx.admin, call.ctx.peer, call.ctx.now);
    admin.throttle().check(login, peer, now)?;
    let found = if password.len() > 4096 { None } else { admin.verify_password(login, password).await? };
    match found {
        Some(user) => {
            admin.throttle().succeeded(login, peer);
            Ok(user)
        }
        None => {
            admin.throttle().failed(login, peer, now);
            Err(Failure::new("The current password you entered is not correct."))
        }
    }
}

/// A user as the API shows them. Everything is told to superusers only; who they are asked by mail, to themselves and of superusers.
fn shown(call: Call<'_>, user: &User) -> Cell {
    let status = match &user.invitation {
        None => Cell::text("active"),
        Some(invitation) if invitation.expires_at < call.ctx.now => Cell::text("expired"),
        // The whole days that are left.
        Some(invitation) => Cell::from((invitation.expires_at.0 - call.ctx.now.0) / 86_400_000),
    };
    let seen = user.last_seen_at.map(moment);
    if !call.caller.superuser {
        let mut entries: Vec<(Name, Cell)> = vec![("login".into(), Cell::text(&user.login))];
        if user.superuser || call.caller.login == user.login {
            entries.push(("email".into(), Cell::text(&user.email)));
        }
        entries.push(("superuser_access".into(), bit(user.superuser).into()));
        entries.extend(seen.map(|seen| ("last_seen".into(), Cell::text(&seen))));
        entries.push(("invite_status".into(), status));
        entries.extend(user.invitation.as_ref().map(|invitation| ("invited_by".into(), Cell::text(&invitation.by))));
        return Cell::Map(entries);
    }
    cells! {
        "login" => user.login.as_str(),
        "email" => user.email.as_str(),
        "superuser_access" => bit(user.superuser),
        "date_registered" => moment(user.created_at).as_str(),
        "invited_by" => user.invitation.as_ref().map_or(Cell::NULL, |invitation| invitation.by.as_str().into()),
        "invite_expired_at" => {
            user.invitation.as_ref().map_or(Cell::NULL, |invitation| moment(invitation.expires_at).as_str().into())
        },
        "invite_accept_at" => Cell::NULL,
        "invite_status" => status,
        "uses_2fa" => user.totp_secret.is_some(),
        "last_seen" => seen.map_or(Cell::NULL, |seen| Cell::text(&seen)),
    }
}
