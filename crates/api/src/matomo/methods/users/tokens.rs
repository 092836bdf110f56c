//! Tokens of users.

use footfall_admin::NewToken;
use footfall_model::Millis;
use jiff::tz::TimeZone;

use super::{MODULE, check_password};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[Method::new(
    MODULE,
    "createAppSpecificTokenAuth",
    Need::Nobody,
    &["userLogin", "passwordConfirmation", "description"],
    |call| Box::pin(create(call)),
)];

async fn create(call: Call<'_>) -> Result<Answer, Failure> {
    let request = call.request;
    let login = scope::required(request, "userLogin")?;
    let password = scope::required(request, "passwordConfirmation")?;
    let user = check_password(call, login, password).await?;
    let expires_at = match (request.filled("expireDate"), request.int("expireHours")) {
        (Some(date), _) => Some(end(call, date)?),
        (None, Some(hours)) if hours > 0 => Some(Millis(call.ctx.now.0 + hours.min(1_000_000) * 3_600_000)),
        _ => None,
    };
    let new = NewToken {
        login: user.login,
        description: scope::required(request, "description")?.to_owned(),
        expires_at,
        ..NewToken::default()
    };
    let (_, secret) = call.ctx.admin.create_token(new, call.ctx.now).await?;
    Ok(Answer::value(secret.as_str()))
}

/// The moment a date and maybe time of UTC names.
fn end(call: Call<'_>, given: &str) -> Result<Millis, Failure> {
    let at = given
        .parse::<jiff::civil::DateTime>()
        .or_else(|_| footfall_report::day(given, scope::today(call.ctx, None)).map(|day| day.at(0, 0, 0, 0)))?;
    let zoned = at.to_zoned(TimeZone::UTC).map_err(|_| Failure::new(format!("The date '{given}' is not correct.")))?;
    Ok(Millis(zoned.timestamp().as_millisecond()))
}
