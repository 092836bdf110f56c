use footfall_model::{Column, Kind, TimePart};

use super::Dialect;
use crate::schema::is_signed;

/// DuckDB's SQL.
#[derive(Clone, Copy, Debug, Default)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn param(&self, number: usize) -> String {
        format!("${number}")
    }

    fn column_type(&self, column: &Column) -> &'static str {
        match column.kind {
            Kind::Flag => "BOOLEAN",
            Kind::Small => "UTINYINT",
            Kind::Count if is_signed(column) => "INTEGER",
            Kind::Count | Kind::Long => "UINTEGER",
            Kind::Id | Kind::Moment => "BIGINT",
            Kind::Real => "DOUBLE",
            Kind::Text => "VARCHAR",
            Kind::Props => "MAP(VARCHAR, VARCHAR)",
        }
    }

    fn materialized(&self) -> &'static str {
        "MATERIALIZED "
    }

    fn div(&self, number: &str, by: i64) -> String {
        format!("({number} // {by})")
    }

    fn integer(&self, number: &str) -> String {
        format!("CAST({number} AS BIGINT)")
    }

    fn text(&self, value: &str) -> String {
        format!("CAST({value} AS VARCHAR)")
    }

    fn lower(&self, text: &str) -> String {
        format!("lower({text})")
    }

    fn contains(&self, text: &str, part: &str) -> String {
        format!("contains({text}, {part})")
    }

    fn starts_with(&self, text: &str, part: &str) -> String {
        format!("starts_with({text}, {part})")
    }

    fn ends_with(&self, text: &str, part: &str) -> String {
        format!("ends_with({text}, {part})")
    }

    fn matches(&self, text: &str, pattern: &str) -> String {
        format!("regexp_matches({text}, {pattern})")
    }

    fn address(&self, text: &str) -> String {
        let byte = |place: usize| format!("TRY_CAST(split_part({text}, '.', {place}) AS INTEGER)");
        let four = format!("printf('%02x%02x%02x%02x', {}, {}, {}, {})", byte(1), byte(2), byte(3), byte(4));
        // `::` stands for as many groups of zeros as are missing.
        let groups = |of: &str| format!("list_filter(string_split({of}, ':'), lambda one: one <> '')");
        let half = |place: usize| groups(&format!("split_part({text}, '::', {place})"));
        let zeros = format!("list_transform(range(8 - len({})), lambda one: '0')", groups(text));
        let six = format!("list_concat(list_concat({}, {zeros}), {})", half(1), half(2));
        let six = format!("array_to_string(list_transform({six}, lambda one: lpad(lower(one), 4, '0')), '')");
        format!("CASE WHEN contains({text}, ':') THEN {six} ELSE {four} END")
    }

    fn prop(&self, props: &str, name: &str) -> String {
        format!("map_extract_value({props}, {name})")
    }

    fn prop_names(&self, props: &str) -> String {
        format!("map_keys({props})")
    }

    fn any_name(&self, props: &str, condition: &str) -> String {
        format!("len(list_filter(map_keys({props}), lambda name: {condition})) > 0")
    }

    fn explode(&self, list: &str) -> String {
        format!("CROSS JOIN UNNEST({list}) AS each(one)")
    }

    fn list(&self, elements: &[String]) -> String {
        format!("[{}]", elements.join(", "))
    }

    fn calendar(&self, part: TimePart, day: &str) -> String {
        let field = match part {
            TimePart::DayOfMonth => "day",
            TimePart::DayOfYear => "doy",
            TimePart::WeekOfYear => "week",
            TimePart::MonthOfYear => "month",
            TimePart::QuarterOfYear => "quarter",
            _ => "year",
        };
        format!("extract('{field}' FROM DATE '1970-01-01' + CAST({day} AS INTEGER))")
    }

    fn day_text(&self, day: &str) -> String {
        format!("strftime(DATE '1970-01-01' + CAST({day} AS INTEGER), '%Y-%m-%d')")
    }

    fn distinct_pairs(&self, one: &str, other: &str) -> String {
        format!("count(DISTINCT CAST({one} AS HUGEINT) * 4294967296 + {other})")
    }

    fn any(&self, value: &str) -> String {
        format!("any_value({value})")
    }

    fn arg_max(&self, value: &str, by: &str) -> String {
        format!("arg_max_null({value}, {by})")
    }

    fn arg_min(&self, value: &str, by: &str) -> String {
        format!("arg_min_null({value}, {by})")
    }
}
