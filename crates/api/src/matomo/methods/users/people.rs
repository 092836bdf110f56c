//! Who there is.

use std::collections::HashSet;

use footfall_admin::{NewUser, User, UserChanges};
use footfall_model::{Access, Cell, SiteId};

use super::{MODULE, check_length, check_named, check_own, confirm, confirm_always, nobody, rights, shown};
use crate::{
    access::{self, Need},
    letters,
    matomo::{
        Answer, Failure, Param,
        cells::texts,
        dispatch::{Call, Method},
        scope,
    },
};

const ADMIN: Need = Need::Somewhere(Access::Admin);

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getUsers", ADMIN, &[], |call| Box::pin(list(call))),
    Method::new(MODULE, "getUsersLogin", ADMIN, &[], |call| {
        Box::pin(async move {
            let users = seen(call).await?;
            let mut logins: Vec<&str> = users.iter().map(|user| user.login.as_str()).collect();
            if call.caller.superuser {
                logins.push("anonymous");
                logins.sort_unstable();
            }
            Ok(Answer::Data(texts(logins)))
        })
    }),
    Method::new(MODULE, "getUser", Need::Nobody, &["userLogin"], |call| {
        Box::pin(async move {
            let login = scope::required(call.request, "userLogin")?;
            check_own(call, login)?;
            if login == "anonymous" {
                return Ok(Answer::Data(nobody()));
            }
            Ok(Answer::Data(shown(call, &call.ctx.admin.user(login).await?)))
        })
    }),
    Method::new(MODULE, "getUserByEmail", Need::Superuser, &["userEmail"], |call| {
        Box::pin(async move { Ok(Answer::Data(shown(call, &by_email(call).await?))) })
    }),
    Method::new(MODULE, "getUserLoginFromUserEmail", Need::Somebody, &["userEmail"], |call| {
        Box::pin(async move {
            access::check(call.caller, ADMIN)?;
            Ok(Answer::value(by_email(call).await?.login.as_str()))
        })
    }),
    Method::new(MODULE, "userExists", Need::Somebody, &["userLogin"], |call| {
        Box::pin(async move {
            access::check(call.caller, Need::Somewhere(Access::View))?;
            let login = scope::required(call.request, "userLogin")?;
            let exists = login == "anonymous" || call.ctx.admin.user(login).await.is_ok();
            Ok(Answer::value(exists))
        })
    }),
    Method::new(MODULE, "userEmailExists", Need::Somebody, &["userEmail"], |call| {
        Box::pin(async move {
            access::check(call.caller, Need::Somewhere(Access::View))?;
            let email = scope::required(call.request, "userEmail")?;
            Ok(Answer::value(call.ctx.admin.user_by_email(email).await?.is_some()))
        })
    }),
    Method::new(MODULE, "hasSuperUserAccess", Need::Nobody, &[], |call| {
        Box::pin(async move { Ok(Answer::value(call.caller.superuser)) })
    }),
    Method::new(MODULE, "getUsersHavingSuperUserAccess", Need::Somebody, &[], |call| {
        Box::pin(async move {
            let mut users = call.ctx.admin.users().await?;
            users.retain(|user| user.superuser);
            users.sort_by_key(|user| user.created_at);
            Ok(Answer::list(users.iter().map(|user| briefly(shown(call, user))).collect()))
        })
    }),
    Method::new(MODULE, "addUser", ADMIN, &["userLogin", "password", "email"], |call| Box::pin(add(call))),
    Method::new(MODULE, "inviteUser", ADMIN, &["userLogin", "email"], |call| Box::pin(invite(call))),
    Method::new(MODULE, "resendInvite", ADMIN, &["userLogin"], |call| {
        Box::pin(async move {
            let token = renewed(call).await?;
            let login = scope::required(call.request, "userLogin")?;
            write_to(call, &call.ctx.admin.user(login).await?, &token).await?;
            Ok(Answer::value(token.as_str()))
        })
    }),
    Method::new(MODULE, "generateInviteLink", ADMIN, &["userLogin"], |call| {
        Box::pin(async move {
            let token = renewed(call).await?;
            let base = &call.ctx.settings.base_url;
            Ok(Answer::value(format!("{base}index.php?module=Login&action=acceptInvitation&token={token}").as_str()))
        })
    }),
    Method::new(MODULE, "updateUser", Need::Nobody, &["userLogin"], |call| Box::pin(update(call))),
    Method::new(MODULE, "deleteUser", ADMIN, &["userLogin"], |call| {
        Box::pin(async move {
            confirm(call).await?;
            let login = scope::required(call.request, "userLogin")?;
            check_named(login)?;
            if !call.caller.superuser && !invited_by_caller(call, login).await? {
                access::check(call.caller, Need::Superuser)?;
            }
            if is_only_superuser(call, login).await? {
                return Err(only_superuser(&format!("Deleting user '{login}' is not possible.")));
            }
            call.ctx.admin.delete_user(login).await?;
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "newsletterSignup", Need::Somebody, &[], |_| {
        Box::pin(async { Ok(Answer::map(vec![("error".into(), true.into())])) })
    }),
    Method::new("TwoFactorAuth", "resetTwoFactorAuth", Need::Superuser, &["userLogin"], |call| {
        Box::pin(async move {
            confirm_always(call).await?;
            let changes = UserChanges { totp_secret: Some(None), ..UserChanges::default() };
            call.ctx.admin.update_user(scope::required(call.request, "userLogin")?, changes, call.ctx.now).await?;
            Ok(Answer::Done)
        })
    }),
];

/// Whether there is no other superuser than this one.
pub(super) async fn is_only_superuser(call: Call<'_>, login: &str) -> Result<bool, Failure> {
    let users = call.ctx.admin.users().await?;
    let mut superusers = users.iter().filter(|user| user.superuser && user.invitation.is_none());
    Ok(superusers.next().is_some_and(|user| user.login.eq_ignore_ascii_case(login)) && superusers.next().is_none())
}

/// What is refused because one superuser has to stay.
pub(super) fn only_superuser(what: &str) -> Failure {
    Failure::new(format!(
        "{what} There has to be at least one user with Super User access. Please grant Super User access to another user first."
    ))
}

/// The users a caller may see: all for superusers, else those with rights on the sites they manage.
pub(super) async fn seen(call: Call<'_>) -> Result<Vec<User>, Failure> {
    let mut users = call.ctx.admin.users().await?;
    if !call.caller.superuser {
        let rights = rights::effective(call, &users, None).await?;
        let logins: HashSet<&str> = rights
            .iter()
            .filter(|right| call.caller.allows(right.site, Access::Admin))
            .map(|right| right.login.as_str())
            .collect();
        users.retain(|user| logins.contains(user.login.as_str()) || user.login == call.caller.login);
    }
    users.sort_by(|one, two| one.login.cmp(&two.login));
    Ok(users)
}

/// A user without what is told of them only where they are managed.
fn briefly(mut user: Cell) -> Cell {
    const NOT_TOLD: [&str; 4] = ["date_registered", "invited_by", "invite_expired_at", "invite_accept_at"];
    if let Cell::Map(entries) = &mut user {
        entries.retain(|(name, _)| !NOT_TOLD.contains(&name.as_ref()));
    }
    user
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    if matches!(call.request.get("userLogins"), Some(Param::List(_))) {
        return Err(Failure::new("Parameter userLogins needs to be a string containing a comma separated list of users"));
    }
    let wanted = call.request.words("userLogins");
    let is_wanted = |login: &str| wanted.is_empty() || wanted.iter().any(|one| one == login);
    let mut users = seen(call).await?;
    // Who was invited by somebody else is nobody yet.
    let is_visible = |user: &User| {
        call.caller.superuser || user.invitation.as_ref().is_none_or(|invitation| invitation.by == call.caller.login)
    };
    users.retain(|user| is_visible(user) && is_wanted(&user.login));
    let mut rows: Vec<(&str, Cell)> = users.iter().map(|user| (user.login.as_str(), shown(call, user))).collect();
    if call.caller.superuser && is_wanted("anonymous") {
        rows.push(("anonymous", nobody()));
        rows.sort_by_key(|(login, _)| *login);
    }
    Ok(Answer::list(rows.into_iter().map(|(_, row)| row).collect()))
}

async fn by_email(call: Call<'_>) -> Result<User, Failure> {
    let email = scope::required(call.request, "userEmail")?;
    let found = call.ctx.admin.user_by_email(email).await?;
    found.ok_or_else(|| Failure::new(format!("User '{email}' doesn't exist.")))
}

/// The site a new user sees first, which the caller has to manage. Those who are invited have to be given one, and so have those
/// whom others than superusers add.
fn first_site(call: Call<'_>, is_needed: bool) -> Result<Option<SiteId>, Failure> {
    let Some(given) = call.request.filled("initialIdSite") else {
        if is_needed || !call.caller.superuser {
            return Err(Failure::new("New users must be given access to a website, please set the 'initialIdSite' parameter."));
        }
        return Ok(None);
    };
    let site = SiteId(given.parse().unwrap_or_default());
    access::check_site(call.caller, site, Access::Admin)?;
    if call.ctx.sites.get(site).is_none() {
        return Err(scope::unexpected(&site.to_string()));
    }
    Ok(Some(site))
}

/// Refuses a name or an address that nobody can have, or somebody has.
async fn check_new(call: Call<'_>) -> Result<(), Failure> {
    let login = scope::required(call.request, "userLogin")?;
    let email = scope::required(call.request, "email")?;
    let is_name = (2..=100).contains(&login.chars().count())
        && login.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.' | '@' | '+'));
    if !is_name {
        return Err(Failure::new(
            "Username: The username must be between 2 and 100 characters long and contain only letters, numbers, or the \
             characters '_' or '-' or '.' or '@' or '+'",
        ));
    }
    let users = call.ctx.admin.users().await?;
    if login == "anonymous" || users.iter().any(|user| user.login.eq_ignore_ascii_case(login)) {
        return Err(Failure::new(format!("Username: Username '{login}' already exists.")));
    }
    if users.iter().any(|user| user.email.eq_ignore_ascii_case(login)) {
        return Err(Failure::new(format!("Username: Username '{login}' already used as an email.")));
    }
    check_email(&users, "", email).map_err(|failure| Failure::new(format!("Email: {}", failure.message)))
}

/// Refuses an e-mail address that is none, or that somebody else has.
fn check_email(users: &[User], login: &str, email: &str) -> Result<(), Failure> {
    let is_part = |text: &str| !text.is_empty() && !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
    let is_host = |host: &str| host.chars().all(|sign| sign.is_ascii_alphanumeric() || "-.".contains(sign));
    let is_name = |name: &str| name.chars().all(|sign| sign.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(sign));
    let is_email = email
        .split_once('@')
        .is_some_and(|(name, host)| is_part(name) && is_name(name) && is_part(host) && is_host(host) && host.contains('.'));
    if !is_email {
        return Err(Failure::new(format!("The value \"{email}\" does not look like a valid email.")));
    }
    let others = || users.iter().filter(|user| !user.login.eq_ignore_ascii_case(login));
    if others().any(|user| user.email.eq_ignore_ascii_case(email)) {
        return Err(Failure::new(format!("User with email '{email}' already exists.")));
    }
    if others().any(|user| user.login.eq_ignore_ascii_case(email)) {
        return Err(Failure::new(format!("Email '{email}' already used as a username.")));
    }
    Ok(())
}

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    check_new(call).await?;
    let password = scope::required(call.request, "password")?;
    check_length(password)?;
    confirm(call).await?;
    let site = first_site(call, false)?;
    let new = new(call, Some(password.to_owned()))?;
    let user = call.ctx.admin.add_user(new, call.ctx.now).await?;
    if let Some(site) = site {
        call.ctx.admin.set_access(&user.login, Some(Access::View), &[site]).await?;
    }
    Ok(Answer::Done)
}

async fn invite(call: Call<'_>) -> Result<Answer, Failure> {
    check_new(call).await?;
    confirm(call).await?;
    let site = first_site(call, true)?;
    let by = &call.caller.login;
    let (user, secret) = call.ctx.admin.invite_user(new(call, None)?, by, expiry(call), call.ctx.now).await?;
    write_to(call, &user, &secret).await?;
    if let Some(site) = site {
        call.ctx.admin.set_access(&user.login, Some(Access::View), &[site]).await?;
    }
    Ok(Answer::Done)
}

/// Sends an invited user their link.
async fn write_to(call: Call<'_>, user: &User, secret: &str) -> Result<(), Failure> {
    let instance = letters::instance(call.ctx).await?;
    letters::send(call.ctx, letters::invitation(call.ctx, &instance, &call.caller.login, user, secret, None));
    Ok(())
}

async fn renewed(call: Call<'_>) -> Result<String, Failure> {
    confirm(call).await?;
    let login = scope::required(call.request, "userLogin")?;
    if !call.caller.superuser && !invited_by_caller(call, login).await? {
        access::check(call.caller, Need::Superuser)?;
    }
    if call.ctx.admin.user(login).await?.invitation.is_none() {
        return Err(Failure::new(format!("User '{login}' doesn't exist.")));
    }
    Ok(call.ctx.admin.renew_invitation(login, expiry(call)).await?)
}

async fn invited_by_caller(call: Call<'_>, login: &str) -> Result<bool, Failure> {
    let user = call.ctx.admin.user(login).await?;
    Ok(user.invitation.is_some_and(|invitation| invitation.by == call.caller.login))
}

/// When an invitation stops being accepted.
fn expiry(call: Call<'_>) -> footfall_model::Millis {
    let days = call.request.int("expiryInDays").filter(|days| (1..=365).contains(days)).unwrap_or(7);
    footfall_model::Millis(call.ctx.now.0 + days * 86_400_000)
}

fn new(call: Call<'_>, password: Option<String>) -> Result<NewUser, Failure> {
    let login = scope::required(call.request, "userLogin")?.to_owned();
    let email = scope::required(call.request, "email")?.to_owned();
    Ok(NewUser { name: login.clone(), login, email, password, ..NewUser::default() })
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let login = scope::required(call.request, "userLogin")?;
    check_own(call, login)?;
    check_named(login)?;
    let given = |name: &str| call.request.filled(name).map(str::to_owned);
    let changes = UserChanges { email: given("email"), password: given("password"), ..UserChanges::default() };
    let held = call.ctx.admin.user(login).await?;
    if let Some(email) = changes.email.as_deref().filter(|email| *email != held.email) {
        let users = call.ctx.admin.users().await?;
        check_email(&users, login, email).map_err(|failure| Failure::new(format!("email: {}", failure.message)))?;
    }
    if let Some(password) = &changes.password {
        check_length(password)?;
    }
    if changes.email.is_some() || changes.password.is_some() {
        confirm_always(call).await?;
    }
    call.ctx.admin.update_user(login, changes, call.ctx.now).await?;
    Ok(Answer::Done)
}

/// A list of users, or of nothing, as the API shows it.
pub(super) fn rows(rows: Vec<Cell>) -> Answer {
    Answer::list(rows)
}
