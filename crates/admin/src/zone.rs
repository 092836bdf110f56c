use footfall_model::Error;
use jiff::tz::{Offset, TimeZone};

/// The clock of this name: an IANA name in any case, or one of Matomo's fixed offsets such as `UTC+5.5`. Gives the name as it
/// is usually written.
///
/// # Errors
/// When nothing is called so.
pub fn time_zone(name: &str) -> Result<(String, TimeZone), Error> {
    let given = name.trim();
    if given.eq_ignore_ascii_case("UTC") {
        return Ok(("UTC".to_owned(), TimeZone::UTC));
    }
    if let Some(zone) = fixed(given) {
        return Ok((given.to_uppercase(), zone));
    }
    let known = given.len() <= 64 && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
    let zone = known
        .then(|| TimeZone::get(given).ok())
        .flatten()
        .filter(|zone| zone.iana_name().is_some_and(|name| name != "Etc/Unknown"))
        .ok_or_else(|| {
            Error::invalid("`timezone` must be an IANA name such as `Europe/Berlin`, or `UTC` with hours such as `UTC+5.5`")
        })?;
    let name = zone.iana_name().unwrap_or(given).to_owned();
    Ok((name, zone))
}

/// `UTC+5`, `UTC-3.5`, `UTC+5.75`: whole quarters of hours up to 14.
fn fixed(name: &str) -> Option<TimeZone> {
    let start = name.get(..3)?;
    if !start.eq_ignore_ascii_case("UTC") {
        return None;
    }
    let hours = name.get(3..)?;
    let sign = match hours.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (whole, quarters) = match hours.get(1..)?.split_once('.') {
        None => (hours.get(1..)?, 0),
        Some((whole, "0" | "00")) => (whole, 0),
        Some((whole, "25")) => (whole, 1),
        Some((whole, "5" | "50")) => (whole, 2),
        Some((whole, "75")) => (whole, 3),
        Some(_) => return None,
    };
    if whole.is_empty() || whole.len() > 2 || !whole.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let quarters = whole.parse::<i32>().ok()? * 4 + quarters;
    if quarters > 14 * 4 {
        return None;
    }
    Some(TimeZone::fixed(Offset::from_seconds(sign * quarters * 900).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn offset(name: &str) -> i32 {
        let (_, zone) = time_zone(name).unwrap();
        zone.to_offset(jiff::Timestamp::UNIX_EPOCH).seconds()
    }

    #[test]
    fn zones_have_their_usual_names() {
        assert_eq!(time_zone("europe/berlin").unwrap().0, "Europe/Berlin");
        assert_eq!(time_zone(" utc ").unwrap().0, "UTC");
        assert_eq!(time_zone("utc+5.5").unwrap().0, "UTC+5.5");
    }

    #[test]
    fn fixed_offsets_are_hours() {
        assert_eq!(offset("UTC+5.5"), 19_800);
        assert_eq!(offset("UTC-3"), -10_800);
        assert_eq!(offset("UTC+12.75"), 45_900);
        assert_eq!(offset("America/New_York"), -18_000);
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for bad in ["", "UTC+", "UTC+15", "UTC+5.3", "UTC5", "Mars/Olympus", "../etc/passwd", "UTC++1", "Etc/Unknown"] {
            assert_eq!(
                time_zone(bad).unwrap_err().message(),
                "`timezone` must be an IANA name such as `Europe/Berlin`, or `UTC` with hours such as `UTC+5.5`",
                "{bad}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_zone_or_an_error(name in ".{0,80}") {
            if let Ok((usual, zone)) = time_zone(&name) {
                let (again, same) = time_zone(&usual).unwrap();
                prop_assert_eq!(again, usual);
                prop_assert_eq!(same, zone);
            }
        }

        #[test]
        fn every_quarter_of_an_hour_is_a_zone(quarters in -56_i32..=56) {
            let sign = if quarters < 0 { '-' } else { '+' };
            let fraction = ["", ".25", ".5", ".75"][(quarters.abs() % 4) as usize];
            let name = format!("UTC{sign}{}{fraction}", quarters.abs() / 4);
            prop_assert_eq!(offset(&name), quarters * 900);
        }
    }
}
