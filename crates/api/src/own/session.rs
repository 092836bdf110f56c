//! Signing in and out, the first user, one's own account.

use footfall_admin::{NewSession, NewUser, SignIn, SignInOutcome, TeamRole, User, UserChanges};
use footfall_model::{Error, Fault};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, System, body, caller::csrf_of, shape, totp};
use crate::{
    Call, letters,
    matomo::{Context, Reply},
};

/// How long a session lasts: two weeks.
const LASTS: i64 = 14 * 86_400_000;

/// `GET /session`. Begins an anonymous one where there is none.
pub(super) async fn get(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    if caller.by_token || caller.cookie.is_some() {
        let shown = shown(ctx, system, caller, &caller.csrf()).await?;
        return Ok(shape::json(200, &shown));
    }
    let shown = shown(ctx, system, caller, &csrf_of(&call.random)).await?;
    Ok(with_cookie(shape::json(200, &shown), &call.random, call, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    login: String,
    password: String,
    #[serde(default)]
    code: Option<String>,
}

/// `POST /login`.
pub(super) async fn login(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    let asked: Login = body::read(call)?;
    if asked.login.chars().count() > 320 || asked.password.len() > 4096 {
        return Err(Failure::bad_request("`login` or `password` is too long"));
    }
    let note = |outcome| SignIn { at: ctx.now, login: asked.login.clone(), outcome };
    if let Err(failure) = throttle(ctx, &asked.login, call) {
        ctx.admin.record_sign_in(&note(SignInOutcome::Throttled)).await?;
        return Err(failure);
    }
    let found = ctx.admin.verify_password(&asked.login, &asked.password).await?;
    let Some(user) = found else {
        ctx.admin.throttle().failed(&asked.login, call.peer, ctx.now);
        ctx.admin.record_sign_in(&note(SignInOutcome::WrongPassword)).await?;
        return Err(Failure::new(401, "wrong_credentials", "login or password is wrong"));
    };
    if let Some(secret) = &user.totp_secret {
        let code = asked.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
        let Some(code) = code else {
            return Err(Failure::new(401, "code_required", "the code of the authenticator app is needed too"));
        };
        if !totp::fits(secret, code, ctx.now) {
            ctx.admin.throttle().failed(&asked.login, call.peer, ctx.now);
            ctx.admin.record_sign_in(&note(SignInOutcome::WrongCode)).await?;
            return Err(Failure::new(401, "wrong_credentials", "the code is wrong or out of date"));
        }
    }
    ctx.admin.throttle().succeeded(&asked.login, call.peer);
    ctx.admin.record_sign_in(&note(SignInOutcome::Done)).await?;
    begin(ctx, system, caller, call, &user).await
}

/// `POST /logout`.
pub(super) async fn logout(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    if let Some(cookie) = &caller.cookie {
        ctx.admin.end_session(cookie).await?;
    }
    let nobody = Caller {
        principal: footfall_admin::Principal::anonymous(Vec::new()),
        session: None,
        by_token: false,
        cookie: Some(call.random.clone()),
        segment: None,
    };
    let shown = shown(ctx, system, &nobody, &nobody.csrf()).await?;
    Ok(with_cookie(shape::json(200, &shown), &call.random, call, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    token: String,
    login: String,
    email: String,
    password: String,
}

/// `POST /setup`.
pub(super) async fn setup(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    let asked: Setup = body::read(call)?;
    throttle(ctx, "setup", call)?;
    let new =
        NewUser { login: asked.login, email: asked.email, password: Some(asked.password), superuser: true, ..NewUser::default() };
    match ctx.admin.set_up(&asked.token, new, ctx.now).await {
        Ok(user) => begin(ctx, system, caller, call, &user).await,
        Err(error) => Err(not_set_up(ctx, call, error).await),
    }
}

async fn not_set_up(ctx: &Context, call: &Call, error: Error) -> Failure {
    if ctx.admin.count_users().await.is_ok_and(|users| users > 0) {
        return Failure::conflict("the set-up is done already").hint("sign in, or ask an administrator for an account");
    }
    if error.fault() == Fault::Denied {
        ctx.admin.throttle().failed("setup", call.peer, ctx.now);
        return Failure::new(403, "setup_token", "the set-up token is wrong").hint("the log of the first start shows it");
    }
    error.into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountChange {
    name: Option<String>,
    email: Option<String>,
    theme: Option<String>,
    password: Option<PasswordChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    current: String,
    new: String,
}

/// `PATCH /account`.
pub(super) async fn change(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_user()?;
    let asked: AccountChange = body::read(call)?;
    let login = caller.principal.login.clone();
    if let Some(password) = &asked.password {
        throttle(ctx, &login, call)?;
        if ctx.admin.verify_password(&login, &password.current).await?.is_none() {
            ctx.admin.throttle().failed(&login, call.peer, ctx.now);
            return Err(Failure::field("password", "the current password is wrong"));
        }
    }
    let renews = asked.password.is_some();
    let changes = UserChanges {
        name: asked.name,
        email: asked.email,
        theme: asked.theme,
        password: asked.password.map(|password| password.new),
        ..UserChanges::default()
    };
    let user = ctx.admin.update_user(&login, changes, ctx.now).await.map_err(super::users::taken)?;
    if renews && !caller.by_token {
        return begin(ctx, system, caller, call, &user).await;
    }
    let shown = shown(ctx, system, caller, &caller.csrf()).await?;
    Ok(shape::json(200, &shown))
}

/// Begins a session of a user in place of the one before.
pub(super) async fn begin(ctx: &Context, system: &System, caller: &Caller, call: &Call, user: &User) -> Result<Reply, Failure> {
    let new = NewSession { login: &user.login, replaces: caller.cookie.as_deref(), pending: false, lasts: LASTS };
    let started = ctx.admin.start_session(new, ctx.now).await?;
    let shown = describe(ctx, system, Some(user), &started.session.csrf).await?;
    Ok(with_cookie(shape::json(200, &shown), &started.cookie, call, Some(LASTS / 1000)))
}

pub(super) fn throttle(ctx: &Context, login: &str, call: &Call) -> Result<(), Failure> {
    ctx.admin.throttle().check(login, call.peer, ctx.now).map_err(|error| {
        let mut failure = Failure::new(429, "throttled", "too many tries");
        failure.hint = error.hint_text().map(str::to_owned);
        let minutes = failure.hint.as_deref().and_then(|hint| hint.split(' ').find_map(|word| word.parse::<u64>().ok()));
        failure.retry_after = Some(minutes.unwrap_or(1) * 60);
        failure
    })
}

async fn shown(ctx: &Context, system: &System, caller: &Caller, csrf: &str) -> Result<Value, Failure> {
    let user = if caller.principal.is_anonymous() { None } else { Some(ctx.admin.user(&caller.principal.login).await?) };
    describe(ctx, system, user.as_ref(), csrf).await
}

async fn describe(ctx: &Context, system: &System, user: Option<&User>, csrf: &str) -> Result<Value, Failure> {
    let setup_required = user.is_none() && ctx.admin.count_users().await? == 0;
    let user = user.map(|user| {
        json!({
            "login": user.login,
            "name": user.name,
            "email": user.email,
            "superuser": user.superuser,
            "role": user.role.map(TeamRole::name),
            "theme": if user.theme.is_empty() { "system" } else { &user.theme },
        })
    });
    Ok(json!({
        "authenticated": user.is_some(),
        "setup_required": setup_required,
        "csrf_token": csrf,
        "user": user,
        "version": system.version,
        "instance_name": letters::instance(ctx).await?,
        "sends_mail": ctx.settings.post.is_some(),
    }))
}

fn with_cookie(mut reply: Reply, value: &str, call: &Call, seconds: Option<i64>) -> Reply {
    let mut cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", Call::COOKIE);
    if call.origin.starts_with("https://") {
        cookie.push_str("; Secure");
    }
    if let Some(seconds) = seconds {
        cookie.push_str(&format!("; Max-Age={seconds}"));
    }
    reply.headers.push(("set-cookie", cookie));
    reply
}
