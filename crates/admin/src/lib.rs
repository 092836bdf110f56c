//! The small relational side: sites, goals, custom dimensions, users and their rights, tokens, sessions, settings. One query
//! layer for every database; time is an argument; secrets are kept as digests, passwords as argon2id.

mod access;
mod annotations;
mod bounds;
mod dashboards;
mod database;
mod dimensions;
mod domain;
mod drops;
mod entity;
mod event_imports;
mod failures;
mod funnels;
mod goals;
mod guests;
mod imports;
mod invitations;
mod json;
mod letters;
mod migrations;
mod password;
mod password_resets;
mod preferences;
mod principal;
mod salts;
mod scheduled_reports;
mod secret;
mod segments;
mod sessions;
mod settings;
mod shared_links;
mod sign_ins;
mod site;
mod sites;
mod snapshot;
mod team;
mod throttle;
mod tokens;
mod tracker_scripts;
mod tracking;
mod users;
mod zone;

pub use access::{SiteAccess, access_name, parse_access};
pub use annotations::{Annotation, AnnotationChanges};
pub use dashboards::Dashboard;
pub use database::Admin;
pub use dimensions::NewDimension;
pub use drops::{DropTotal, Drops};
pub use event_imports::{EventImport, ImportState, NewEventImport};
pub use failures::{FailureKind, TrackingFailure};
pub use funnels::{Funnel, NewFunnel};
pub use goals::{NewGoal, Taken};
pub use guests::{Guest, GuestRole};
pub use imports::{CutDays, Import, NewImport};
pub use letters::WaitingLetter;
pub use password::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
pub use principal::Principal;
pub use salts::Salts;
pub use scheduled_reports::{NewScheduledReport, ScheduledReport};
pub use segments::{NewSegment, SavedSegment};
pub use sessions::{NewSession, Session, StartedSession};
pub use shared_links::SharedLink;
pub use sign_ins::{SignIn, SignInOutcome};
pub use site::{NewSite, SiteChanges, parse_policy, policy_name};
pub use team::{TeamRole, effective_access};
pub use throttle::{PER_ADDRESS, PER_LOGIN, Throttle, ThrottleRule, blocked_until};
pub use tokens::{AppToken, NewToken, SCOPES};
pub use tracker_scripts::{INSTALLATIONS, SCRIPT_OPTIONS, TrackerScript};
pub use tracking::{TRACKING_SETTINGS, TrackingSetting, set as set_tracking};
pub use users::{ANONYMOUS, Invitation, NewUser, User, UserChanges, may_be_login};
pub use zone::time_zone;

impl Admin {
    /// Failed logins of late.
    pub fn throttle(&self) -> &Throttle {
        &self.shared.throttle
    }
}
