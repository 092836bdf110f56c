//! Letters to people: what they say, and how they are handed to whoever sends them.

use footfall_admin::{Guest, GuestRole, NewUser, User};
use footfall_model::{Error, Millis, Site};

use crate::matomo::Context;

/// Takes letters, to send them soon.
pub trait Post: Send + Sync + std::fmt::Debug {
    /// Takes a letter, unless too many are waiting already; says whether it was taken.
    fn take(&self, letter: Letter) -> bool;
}

/// A letter to one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// The address it goes to.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same as a page, where there is one.
    pub html: Option<String>,
    /// A file that goes with it.
    pub attachment: Option<Attachment>,
}

/// A file that goes with a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// What it holds.
    pub body: Vec<u8>,
}

/// How long an invitation is open: a week.
pub(crate) const INVITED_FOR: i64 = 7 * 86_400_000;
/// How long the link in a letter about a forgotten password works: an hour.
pub(crate) const RESET_FOR: i64 = 3_600_000;

/// Hands a letter over, and says whether it will be sent.
pub(crate) fn send(ctx: &Context, letter: Letter) -> bool {
    ctx.settings.post.as_ref().is_some_and(|post| post.take(letter))
}

/// Where an invited user sets their password.
pub(crate) fn invitation_url(ctx: &Context, secret: &str) -> String {
    format!("{}invitation?token={secret}", ctx.settings.base_url)
}

/// To somebody who asked for a new password.
pub(crate) fn password_reset(ctx: &Context, instance: &str, user: &User, secret: &str) -> Letter {
    let base = &ctx.settings.base_url;
    Letter {
        to: user.email.clone(),
        subject: format!("Set a new password for {instance}"),
        text: format!(
            "Somebody, probably you, asked for a new password for `{}` at {instance}.\n\nSet it here within an hour:\n\n  \
             {base}password/reset?token={secret}\n\nIf it was not you, nothing has to be done: the old password still works.\n",
            user.login
        ),
        ..Letter::default()
    }
}

/// To somebody who may make an account.
pub(crate) fn invitation(ctx: &Context, instance: &str, by: &str, user: &User, secret: &str, site: Option<&Site>) -> Letter {
    let what = site.map_or_else(|| instance.to_owned(), |site| format!("the statistics of {}", site.domain));
    Letter {
        to: user.email.clone(),
        subject: format!("You are invited to {what}"),
        text: format!(
            "{by} invites you to {what} at {}.\n\nYour login is `{}`. Set a password here within seven days:\n\n  {}\n",
            ctx.settings.base_url,
            user.login,
            invitation_url(ctx, secret)
        ),
        ..Letter::default()
    }
}

/// To a guest who can sign in already, or who has to be given an account by somebody first.
fn welcome(ctx: &Context, guest: &Guest, by: &str, site: &Site) -> Letter {
    let base = &ctx.settings.base_url;
    let next = if guest.accepted {
        format!("Sign in to see them:\n\n  {base}sites/{}\n", site.id)
    } else {
        format!("You see them once you have an account at {base}, which its administrators give.\n")
    };
    let role = guest.role.name();
    Letter {
        to: guest.email.clone(),
        subject: format!("You are invited to the statistics of {}", site.domain),
        text: format!("{by} lets you see the statistics of {} (as {role}).\n\n{next}", site.domain),
        ..Letter::default()
    }
}

/// Lets somebody into a site and writes to them. Where nobody has the address, and invited people may make an account, they get
/// the link for that, which is given back too.
pub(crate) async fn invite_guest(
    ctx: &Context,
    site: &Site,
    email: &str,
    role: GuestRole,
    by: &str,
) -> Result<(Guest, Option<String>), Error> {
    let known = ctx.admin.guests(site.id).await?;
    let guest = ctx.admin.invite_guest(site.id, email, role, ctx.now).await?;
    if known.iter().any(|known| known.email == guest.email) {
        return Ok((guest, None));
    }
    let instance = instance(ctx).await?;
    let is_new = !guest.accepted && ctx.admin.user_by_email(&guest.email).await?.is_none();
    if is_new && ctx.settings.invited_register {
        let new = NewUser { login: login_for(&guest.email), email: guest.email.clone(), ..NewUser::default() };
        let expires = Millis(ctx.now.0 + INVITED_FOR);
        let (user, secret) = ctx.admin.invite_user(new, by, expires, ctx.now).await?;
        send(ctx, invitation(ctx, &instance, by, &user, &secret, Some(site)));
        return Ok((guest, Some(invitation_url(ctx, &secret))));
    }
    send(ctx, welcome(ctx, &guest, by, site));
    Ok((guest, None))
}

/// What this server is called.
pub(crate) async fn instance(ctx: &Context) -> Result<String, Error> {
    let name: Option<String> = ctx.admin.setting("instance_name").await?;
    Ok(name.unwrap_or_else(|| "Footfall".to_owned()))
}

/// The login of somebody who is known by an address only.
fn login_for(email: &str) -> String {
    let fits = |letter: char| if letter.is_alphanumeric() || "._@+-".contains(letter) { letter } else { '-' };
    email.chars().map(fits).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::login_for;

    #[test]
    fn an_address_is_a_login_as_far_as_it_may_be() {
        assert_eq!(login_for("ada@example.org"), "ada@example.org");
        assert_eq!(login_for("o'hara/x@example.org"), "o-hara-x@example.org");
        assert_eq!(login_for(&"a".repeat(300)).len(), 100);
    }
}
