//! The small relational side: sites, goals, custom dimensions, users and their rights, tokens, sessions, settings. One query
//! layer for every database; time is an argument; secrets are kept as digests, passwords as argon2id.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod access;
mod bounds;
mod database;
mod dimensions;
mod domain;
mod entity;
mod goals;
mod invitations;
mod json;
mod migrations;
mod password;
mod principal;
mod secret;
mod sessions;
mod settings;
mod site;
mod sites;
mod snapshot;
mod throttle;
mod tokens;
mod tracking;
mod users;
mod zone;

pub use access::{SiteAccess, access_name, parse_access};
pub use database::Admin;
pub use dimensions::NewDimension;
pub use goals::NewGoal;
pub use password::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
pub use principal::Principal;
pub use sessions::{NewSession, Session, StartedSession};
pub use site::{NewSite, SiteChanges, parse_policy, policy_name};
pub use throttle::{PER_ADDRESS, PER_LOGIN, Throttle, ThrottleRule, blocked_until};
pub use tokens::{AppToken, NewToken, SCOPES};
pub use tracking::{TRACKING_SETTINGS, TrackingSetting, set as set_tracking};
pub use users::{ANONYMOUS, Invitation, NewUser, User, UserChanges};
pub use zone::time_zone;

impl Admin {
    /// Failed logins of late.
    pub fn throttle(&self) -> &Throttle {
        &self.shared.throttle
    }
}
