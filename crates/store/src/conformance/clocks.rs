//! Laws about the site's clock.

use footfall_model::{Aggregate, Fact, Filter, Key, Measure, Op, Query, SiteId, TimePart, TimeRange, Value};
use jiff::tz::TimeZone;

use super::{Bench, at, int, text};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|cause| panic!("`{name}`: {cause}"))
}

/// Days begin and end at the site's midnight, whatever UTC says.
pub fn days_follow_the_site_clock(bench: &Bench) {
    let mut story = bench.story();
    // Half past eleven on the 28th and half past midnight on the 1st, in New York.
    story.visit(1, 1, &[(at("2026-03-01T04:30:00Z"), "a.example/")]);
    story.visit(1, 1, &[(at("2026-03-01T05:30:00Z"), "a.example/")]);
    let new_york = zone("America/New_York");
    let store = bench.store_with(story.finish(&new_york));
    let mut query = Query::new(Fact::Hits, vec![SiteId(1)], TimeRange::EVER, new_york);
    query.keys = vec![Key::Clock(bench.hits("at"), TimePart::Day)];
    query.measures = vec![Measure::new("visitors", Aggregate::DailyVisitors)];
    let by_day = [vec![text("2026-02-28"), int(1)], vec![text("2026-03-01"), int(1)]];
    assert_eq!(bench.rows(&store, &query), by_day);
    query.keys.clear();
    query.measures.push(Measure::new("all", Aggregate::Visitors));
    assert_eq!(bench.rows(&store, &query), [[int(2), int(1)]]);
    query.zone = TimeZone::UTC;
    assert_eq!(bench.rows(&store, &query), [[int(1), int(1)]]);
}

/// Every part of a moment, before, at and after clocks change, on odd clocks, and before 1970.
pub fn clocks_change(bench: &Bench) {
    let moments = [
        "1969-12-31T22:59:59.999Z",
        "2024-12-30T12:34:56Z",
        "2026-03-29T00:59:59Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2027-01-01T00:00:00Z",
    ];
    let mut story = bench.story();
    for (visitor, moment) in moments.iter().enumerate() {
        story.visit(1, visitor as u64, &[(at(moment), "a.example/")]);
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let parts = |zone: TimeZone, part| -> Vec<Value> {
        let mut query = Query::new(Fact::Hits, vec![SiteId(1)], TimeRange::EVER, zone);
        query.keys = vec![Key::Column(bench.hits("hit_id")), Key::Clock(bench.hits("at"), part)];
        bench.rows(&store, &query).into_iter().map(|row| row[1].clone()).collect()
    };
    let texts = |all: [&str; 7]| all.map(text).to_vec();
    let ints = |all: [i64; 7]| all.map(int).to_vec();
    let berlin = || zone("Europe/Berlin");
    let minutes = texts([
        "1969-12-31 23:59:00",
        "2024-12-30 13:34:00",
        "2026-03-29 01:59:00",
        "2026-03-29 03:00:00",
        "2026-10-25 02:30:00",
        "2026-10-25 02:30:00",
        "2027-01-01 01:00:00",
    ]);
    assert_eq!(parts(berlin(), TimePart::Minute), minutes);
    let hours = texts([
        "1969-12-31 23:00:00",
        "2024-12-30 13:00:00",
        "2026-03-29 01:00:00",
        "2026-03-29 03:00:00",
        "2026-10-25 02:00:00",
        "2026-10-25 02:00:00",
        "2027-01-01 01:00:00",
    ]);
    assert_eq!(parts(berlin(), TimePart::Hour), hours);
    let days = ["1969-12-31", "2024-12-30", "2026-03-29", "2026-03-29", "2026-10-25", "2026-10-25", "2027-01-01"];
    assert_eq!(parts(berlin(), TimePart::Day), texts(days));
    let weeks = ["1969-12-29", "2024-12-30", "2026-03-23", "2026-03-23", "2026-10-19", "2026-10-19", "2026-12-28"];
    assert_eq!(parts(berlin(), TimePart::Week), texts(weeks));
    let months = ["1969-12-01", "2024-12-01", "2026-03-01", "2026-03-01", "2026-10-01", "2026-10-01", "2027-01-01"];
    assert_eq!(parts(berlin(), TimePart::Month), texts(months));
    let years = ["1969-01-01", "2024-01-01", "2026-01-01", "2026-01-01", "2026-01-01", "2026-01-01", "2027-01-01"];
    assert_eq!(parts(berlin(), TimePart::Year), texts(years));
    for (part, expected) in [
        (TimePart::HourOfDay, [23, 13, 1, 3, 2, 2, 1]),
        (TimePart::MinuteOfHour, [59, 34, 59, 0, 30, 30, 0]),
        (TimePart::SecondOfMinute, [59, 56, 59, 0, 0, 0, 0]),
        (TimePart::DayOfWeek, [3, 1, 7, 7, 7, 7, 5]),
        (TimePart::DayOfMonth, [31, 30, 29, 29, 25, 25, 1]),
        (TimePart::DayOfYear, [365, 365, 88, 88, 298, 298, 1]),
        (TimePart::WeekOfYear, [1, 1, 13, 13, 43, 43, 53]),
        (TimePart::MonthOfYear, [12, 12, 3, 3, 10, 10, 1]),
        (TimePart::QuarterOfYear, [4, 4, 1, 1, 4, 4, 1]),
        (TimePart::YearNumber, [1969, 2024, 2026, 2026, 2026, 2026, 2027]),
    ] {
        assert_eq!(parts(berlin(), part), ints(expected), "{part:?}");
    }
    assert_eq!(parts(zone("Asia/Kathmandu"), TimePart::MinuteOfHour), ints([29, 19, 44, 45, 15, 15, 45]));
    let apia = ["1969-12-31", "2024-12-31", "2026-03-29", "2026-03-29", "2026-10-25", "2026-10-25", "2027-01-01"];
    assert_eq!(parts(zone("Pacific/Kiritimati"), TimePart::Day)[1..], texts(apia)[1..]);
}

/// Parts of moments are compared as they are shown: days and hours as texts, the rest as numbers.
pub fn moments_compare_as_shown(bench: &Bench) {
    let mut story = bench.story();
    for (visitor, moment) in ["2026-03-28T23:30:00Z", "2026-03-29T12:00:00Z", "2026-04-05T21:59:00Z"].iter().enumerate() {
        story.visit(1, visitor as u64, &[(at(moment), "a.example/")]);
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let ask = |part, op, values: &[Value]| {
        let mut query = Query::new(Fact::Hits, vec![SiteId(1)], TimeRange::EVER, zone("Europe/Berlin"));
        query.keys = vec![Key::Column(bench.hits("hit_id"))];
        query.filter = Filter::test(Key::Clock(bench.hits("at"), part), op, values.to_vec());
        bench.rows(&store, &query).iter().filter_map(|row| row[0].as_i64()).collect::<Vec<_>>()
    };
    let in_utc = |part, op, values: &[Value]| {
        let mut query = Query::new(Fact::Hits, vec![SiteId(1)], TimeRange::EVER, zone("Europe/Berlin"));
        query.keys = vec![Key::Column(bench.hits("hit_id")), Key::UtcClock(bench.hits("at"), TimePart::HourOfDay)];
        query.filter = Filter::test(Key::UtcClock(bench.hits("at"), part), op, values.to_vec());
        let rows = bench.rows(&store, &query);
        rows.iter().filter_map(|row| Some((row[0].as_i64()?, row[1].as_i64()?))).collect::<Vec<_>>()
    };
    assert_eq!(in_utc(TimePart::Day, Op::Is, &[text("2026-03-29")]), [(2, 12)]);
    assert_eq!(in_utc(TimePart::HourOfDay, Op::AtLeast, &[int(21)]), [(1, 23), (3, 21)]);
    let day = |day: &str| [text(day)];
    assert_eq!(ask(TimePart::Day, Op::Is, &day("2026-03-29")), [1, 2]);
    assert_eq!(ask(TimePart::Day, Op::IsNot, &day("2026-03-29")), [3]);
    assert_eq!(ask(TimePart::Day, Op::Less, &day("2026-04-05")), [1, 2]);
    assert_eq!(ask(TimePart::Day, Op::AtLeast, &day("2026-04-05")), [3]);
    assert_eq!(ask(TimePart::Day, Op::Is, &day("2026-3-29")), []);
    assert_eq!(ask(TimePart::Day, Op::StartsWith, &day("2026-03")), [1, 2]);
    assert_eq!(ask(TimePart::Day, Op::Contains, &[text("04"), text("nothing")]), [3]);
    assert_eq!(ask(TimePart::Week, Op::Is, &day("2026-03-30")), [3]);
    assert_eq!(ask(TimePart::Week, Op::Is, &day("2026-03-29")), []);
    assert_eq!(ask(TimePart::Month, Op::Is, &day("2026-03-01")), [1, 2]);
    assert_eq!(ask(TimePart::Hour, Op::Is, &day("2026-03-29 00:00:00")), [1]);
    assert_eq!(ask(TimePart::Hour, Op::EndsWith, &day("23:00:00")), [3]);
    assert_eq!(ask(TimePart::Minute, Op::Matches, &day("[0-9]:59:00$")), [3]);
    assert_eq!(ask(TimePart::HourOfDay, Op::Is, &[int(14), text("23")]), [2, 3]);
    assert_eq!(ask(TimePart::HourOfDay, Op::Less, &[int(14)]), [1]);
    assert_eq!(ask(TimePart::DayOfWeek, Op::Is, &[int(7)]), [1, 2, 3]);
    assert_eq!(ask(TimePart::HourOfDay, Op::Is, &[Value::Null]), []);
}

/// Addresses compare by their bytes, whatever their version; what is none compares with nothing.
pub fn addresses_compare_by_their_bytes(bench: &Bench) {
    let mut story = bench.story();
    let addresses = ["9.255.0.1", "10.0.0.2", "156.5.3.7", "2001:db8::1", "2001:db8:0:1::", "::1", "", "none"];
    for (visitor, address) in addresses.iter().enumerate() {
        story.visit(1, visitor as u64, &[(at("2026-03-29T12:00:00Z"), "a.example/")]);
        story.fact("visit.address", text(address));
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let ask = |op, bytes: &str| {
        let mut query = Query::new(Fact::Visits, vec![SiteId(1)], TimeRange::EVER, TimeZone::UTC);
        query.keys = vec![Key::Column(bench.visits("visitor_id"))];
        query.filter = Filter::test(Key::Address(bench.visits("address")), op, vec![text(bytes)]);
        bench.rows(&store, &query).iter().filter_map(|row| row[0].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(ask(Op::Less, "0a000000"), [0, 5]);
    assert_eq!(ask(Op::AtMost, "0a000002"), [0, 1, 5]);
    assert_eq!(ask(Op::Greater, "20010db8000000000000000000000001"), [2, 4]);
    assert_eq!(ask(Op::AtLeast, "9c050307"), [2]);
    assert_eq!(ask(Op::AtLeast, "00000000"), [0, 1, 2, 3, 4, 5]);
    assert_eq!(ask(Op::Is, "20010db8000000010000000000000000"), [4]);
}
