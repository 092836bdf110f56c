//! Who there is.

use std::collections::HashSet;

use footfall_admin::{NewUser, User, UserChanges};
use footfall_model::{Access, Cell, SiteId};

use super::{MODULE, check_named, check_own, check_password, confirm, rights, shown};
use crate::{
    access::{self, Need},
    letters,
    matomo::{
        Answer, Failure,
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
            Ok(Answer::Data(shown(call, &call.ctx.admin.user(login).await?)))
        })
    }),
    Method::new(MODULE, "getUserByEmail", Need::Superuser, &["userEmail"], |call| {
        Box::pin(async move { Ok(Answer::Data(shown(call, &by_email(call).await?))) })
    }),
    Method::new(MODULE, "getUserLoginFromUserEmail", ADMIN, &["userEmail"], |call| {
        Box::pin(async move { Ok(Answer::value(by_email(call).await?.login.as_str())) })
    }),
    Method::new(MODULE, "userExists", Need::Somewhere(Access::View), &["userLogin"], |call| {
        Box::pin(async move {
            let login = scope::required(call.request, "userLogin")?;
            let exists = login == "anonymous" || call.ctx.admin.user(login).await.is_ok();
            Ok(Answer::value(exists))
        })
    }),
    Method::new(MODULE, "userEmailExists", Need::Somewhere(Access::View), &["userEmail"], |call| {
        Box::pin(async move {
            let email = scope::required(call.request, "userEmail")?;
            Ok(Answer::value(call.ctx.admin.user_by_email(email).await?.is_some()))
        })
    }),
    Method::new(MODULE, "hasSuperUserAccess", Need::Nobody, &[], |call| {
        Box::pin(async move { Ok(Answer::value(call.caller.superuser)) })
    }),
    Method::new(MODULE, "getUsersHavingSuperUserAccess", Need::Somewhere(Access::View), &[], |call| {
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
            call.ctx.admin.delete_user(login).await?;
            Ok(Answer::Done)
        })
    }),
    Method::new(MODULE, "newsletterSignup", Need::Somebody, &[], |_| {
        Box::pin(async { Ok(Answer::map(vec![("error".into(), true.into())])) })
    }),
    Method::new("TwoFactorAuth", "resetTwoFactorAuth", Need::Superuser, &["userLogin"], |call| {
        Box::pin(async move {
            confirm(call).await?;
            let changes = UserChanges { totp_secret: Some(None), ..UserChanges::default() };
            call.ctx.admin.update_user(scope::required(call.request, "userLogin")?, changes, call.ctx.now).await?;
            Ok(Answer::Done)
        })
    }),
];

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
    let wanted = call.request.words("userLogins");
    let mut users = seen(call).await?;
    // Who was invited by somebody else is nobody yet.
    let is_visible = |user: &User| {
        call.caller.superuser || user.invitation.as_ref().is_none_or(|invitation| invitation.by == call.caller.login)
    };
    users.retain(|user| is_visible(user) && (wanted.is_empty() || wanted.contains(&user.login)));
    Ok(Answer::list(users.iter().map(|user| shown(call, user)).collect()))
}

async fn by_email(call: Call<'_>) -> Result<User, Failure> {
    let email = scope::required(call.request, "userEmail")?;
    let found = call.ctx.admin.user_by_email(email).await?;
    found.ok_or_else(|| Failure::new(format!("User '{email}' doesn't exist.")))
}

/// The site a new user sees first: those who are no superusers have to name one they manage.
fn first_site(call: Call<'_>) -> Result<Option<SiteId>, Failure> {
    let site = call.request.int("initialIdSite").and_then(|id| u32::try_from(id).ok()).map(SiteId);
    if !call.caller.superuser {
        let Some(site) = site else {
            return Err(Failure::new("A user has to be given access to a website when it is created."));
        };
        access::check_site(call.caller, site, Access::Admin)?;
    }
    Ok(site)
}

/// Refuses a name or an address that nobody can have, or somebody has.
async fn check_new(call: Call<'_>) -> Result<(), Failure> {
    let login = scope::required(call.request, "userLogin")?;
    let email = scope::required(call.request, "email")?;
    let is_name = (2..=100).contains(&login.chars().count())
        && login.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | '@' | '+'));
    if !is_name {
        return Err(Failure::new(
            "Username: The username must be between 2 and 100 characters long and contain only letters, numbers, or the \
             characters '_' or '-' or '.' or '@' or '+'",
        ));
    }
    let admin = &call.ctx.admin;
    if admin.users().await?.iter().any(|user| user.login.eq_ignore_ascii_case(login)) {
        return Err(Failure::new(format!("Username: Username '{login}' already exists.")));
    }
    if email.split_once('@').is_none_or(|(name, host)| name.is_empty() || !host.contains('.')) {
        return Err(Failure::new(format!("Email: The value \"{email}\" does not look like a valid email.")));
    }
    if admin.user_by_email(email).await?.is_some() {
        return Err(Failure::new(format!("Email: User with email '{email}' already exists.")));
    }
    Ok(())
}

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    check_new(call).await?;
    confirm(call).await?;
    let site = first_site(call)?;
    let new = new(call, Some(scope::required(call.request, "password")?.to_owned()))?;
    let user = call.ctx.admin.add_user(new, call.ctx.now).await?;
    if let Some(site) = site {
        call.ctx.admin.set_access(&user.login, Some(Access::View), &[site]).await?;
    }
    Ok(Answer::Done)
}

async fn invite(call: Call<'_>) -> Result<Answer, Failure> {
    check_new(call).await?;
    confirm(call).await?;
    let site = first_site(call)?;
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
    if changes.email.is_some() || changes.password.is_some() {
        let Some(password) = call.request.filled("passwordConfirmation") else {
            return Err(Failure::new("Please enter your password to confirm this change."));
        };
        check_password(call, &call.caller.login, password).await?;
    }
    call.ctx.admin.update_user(login, changes, call.ctx.now).await?;
    Ok(Answer::Done)
}

/// A list of users, or of nothing, as the API shows it.
pub(super) fn rows(rows: Vec<Cell>) -> Answer {
    Answer::list(rows)
}
