//! When it happened, on the site's clock.

use crate::{Dimension, Kind, Names, Scope, Source, TimePart};

/// Hour of the first action on the site's clock.
pub const START_HOUR: Dimension = Dimension {
    id: "visit.start_hour",
    column: "first_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::HourOfDay),
    kinds: &[],
    names: Names { matomo: Some("visitStartServerHour"), plausible: None },
    title: "Hour of the first action",
    doc: "Hour of the first action on the site's clock.",
};

/// Minute of the first action on the site's clock.
pub const START_MINUTE: Dimension = Dimension {
    id: "visit.start_minute",
    column: "first_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::MinuteOfHour),
    kinds: &[],
    names: Names { matomo: Some("visitStartServerMinute"), plausible: None },
    title: "Minute of the first action",
    doc: "Minute of the first action on the site's clock.",
};

/// Hour of the last action on the site's clock.
pub const SERVER_HOUR: Dimension = Dimension {
    id: "visit.server_hour",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::HourOfDay),
    kinds: &[],
    names: Names { matomo: Some("visitServerHour"), plausible: None },
    title: "Hour of the last action",
    doc: "Hour of the last action on the site's clock.",
};

/// Hour of the last action on the site's clock.
pub const END_HOUR: Dimension = Dimension {
    id: "visit.end_hour",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::HourOfDay),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerHour"), plausible: None },
    title: "Hour of the last action",
    doc: "Hour of the last action on the site's clock.",
};

/// Minute of the last action on the site's clock.
pub const END_MINUTE: Dimension = Dimension {
    id: "visit.end_minute",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::MinuteOfHour),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerMinute"), plausible: None },
    title: "Minute of the last action",
    doc: "Minute of the last action on the site's clock.",
};

/// Second of the last action on the site's clock.
pub const END_SECOND: Dimension = Dimension {
    id: "visit.end_second",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::SecondOfMinute),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerSecond"), plausible: None },
    title: "Second of the last action",
    doc: "Second of the last action on the site's clock.",
};

/// Day of the last action on the site's clock.
pub const END_DATE: Dimension = Dimension {
    id: "visit.end_date",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::Day),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerDate"), plausible: None },
    title: "Day of the last action",
    doc: "Day of the last action on the site's clock.",
};

/// Day of the week of the last action on the site's clock.
pub const END_DAY_OF_WEEK: Dimension = Dimension {
    id: "visit.end_day_of_week",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::DayOfWeek),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerDayOfWeek"), plausible: None },
    title: "Day of the week of the last action",
    doc: "Day of the week of the last action on the site's clock.",
};

/// Day of the month of the last action on the site's clock.
pub const END_DAY_OF_MONTH: Dimension = Dimension {
    id: "visit.end_day_of_month",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::DayOfMonth),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerDayOfMonth"), plausible: None },
    title: "Day of the month of the last action",
    doc: "Day of the month of the last action on the site's clock.",
};

/// Day of the year of the last action on the site's clock.
pub const END_DAY_OF_YEAR: Dimension = Dimension {
    id: "visit.end_day_of_year",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::DayOfYear),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerDayOfYear"), plausible: None },
    title: "Day of the year of the last action",
    doc: "Day of the year of the last action on the site's clock.",
};

/// Week of the year of the last action on the site's clock.
pub const END_WEEK_OF_YEAR: Dimension = Dimension {
    id: "visit.end_week_of_year",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::WeekOfYear),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerWeekOfYear"), plausible: None },
    title: "Week of the year of the last action",
    doc: "Week of the year of the last action on the site's clock.",
};

/// Month of the last action on the site's clock.
pub const END_MONTH: Dimension = Dimension {
    id: "visit.end_month",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::MonthOfYear),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerMonth"), plausible: None },
    title: "Month of the last action",
    doc: "Month of the last action on the site's clock.",
};

/// Quarter of the last action on the site's clock.
pub const END_QUARTER: Dimension = Dimension {
    id: "visit.end_quarter",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::QuarterOfYear),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerQuarter"), plausible: None },
    title: "Quarter of the last action",
    doc: "Quarter of the last action on the site's clock.",
};

/// Year of the last action on the site's clock.
pub const END_YEAR: Dimension = Dimension {
    id: "visit.end_year",
    column: "last_at",
    scope: Scope::Visit,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::YearNumber),
    kinds: &[],
    names: Names { matomo: Some("visitEndServerYear"), plausible: None },
    title: "Year of the last action",
    doc: "Year of the last action on the site's clock.",
};

/// Hour of the action on the site's clock.
pub const ACTION_HOUR: Dimension = Dimension {
    id: "action.action_hour",
    column: "at",
    scope: Scope::Action,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::HourOfDay),
    kinds: &[],
    names: Names { matomo: Some("actionServerHour"), plausible: None },
    title: "Hour of the action",
    doc: "Hour of the action on the site's clock.",
};

/// Minute of the action on the site's clock.
pub const ACTION_MINUTE: Dimension = Dimension {
    id: "action.action_minute",
    column: "at",
    scope: Scope::Action,
    kind: Kind::Moment,
    source: Source::Clock(TimePart::MinuteOfHour),
    kinds: &[],
    names: Names { matomo: Some("actionServerMinute"), plausible: None },
    title: "Minute of the action",
    doc: "Minute of the action on the site's clock.",
};
