//! Goals as Plausible's clients make them: what may be in one, and what is said where it may not.

use footfall_admin::{NewGoal, Taken};
use footfall_model::{Goal, SiteId};
use footfall_report::names::currencies;

use super::Failure;
use crate::matomo::Context;

/// How long the name of an event may be.
const LONGEST_NAME: usize = 120;

/// The name of the event that is meant.
pub(super) fn event_name(given: &str) -> Result<String, Failure> {
    let name = given.trim();
    if name.is_empty() {
        return Err(Failure::bad("event_name: this field is required and cannot be blank"));
    }
    if name == "engagement" {
        return Err(Failure::bad("event_name: The event name 'engagement' is reserved and cannot be used as a goal"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::bad(format!("event_name: should be at most {LONGEST_NAME} character(s)")));
    }
    Ok(name.to_owned())
}

/// The path that is meant: one that begins with no slash gets one.
pub(super) fn page_path(given: &str) -> Result<String, Failure> {
    match given.trim() {
        "" => Err(Failure::bad("page_path: this field is required and must start with a /")),
        path if path.starts_with('/') => Ok(path.to_owned()),
        path => Ok(format!("/{path}")),
    }
}

/// The code of a currency that is in use.
pub(super) fn currency(given: &str) -> Result<String, Failure> {
    let code = given.to_uppercase();
    if currencies::name(&code).is_some() { Ok(code) } else { Err(Failure::bad("currency: is invalid")) }
}

/// The goals that are meant, made where the site has none like them: all of them, or none.
pub(super) async fn find_or_add(ctx: &Context, site: SiteId, wanted: Vec<NewGoal>) -> Result<Vec<Goal>, Failure> {
    ctx.admin.find_or_add_goals(site, wanted).await?.map_err(|taken| match taken {
        Taken::Event { name, currency } => {
            let currency = currency.unwrap_or_default();
            Failure::bad(format!("event_name: '{name}' (with currency: {currency}) has already been taken"))
        }
        Taken::Name => Failure::bad("display_name: has already been taken"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_names_that_are_free() {
        let told = |given: &str| event_name(given).map_err(|failure| failure.message);
        assert_eq!(told("  Sign up "), Ok("Sign up".to_owned()));
        assert_eq!(told("Engagement"), Ok("Engagement".to_owned()));
        assert_eq!(told(&"n".repeat(120)), Ok("n".repeat(120)));
        for (given, message) in [
            (" ", "event_name: this field is required and cannot be blank"),
            ("engagement", "event_name: The event name 'engagement' is reserved and cannot be used as a goal"),
            (&"n".repeat(121), "event_name: should be at most 120 character(s)"),
        ] {
            assert_eq!(told(given), Err(message.to_owned()));
        }
    }

    #[test]
    fn paths_begin_with_a_slash() {
        for (given, path) in [("/docs", "/docs"), (" docs ", "/docs"), ("*docs*", "/*docs*"), ("/", "/")] {
            assert_eq!(page_path(given).unwrap(), path);
        }
        assert_eq!(page_path(" ").unwrap_err().message, "page_path: this field is required and must start with a /");
    }

    #[test]
    fn money_has_a_known_code() {
        assert_eq!(currency("eur").unwrap(), "EUR");
        for unknown in ["", "DFJKHJESFHYU", "ZZZ"] {
            assert_eq!(currency(unknown).unwrap_err().message, "currency: is invalid");
        }
    }
}
