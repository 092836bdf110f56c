//! Where a visitor was.

use footfall_model::{Cell, Name};
use footfall_report::reports::user_country;

use super::{Profile, Visit, tally::Tally, text};

/// Continents and countries, the rarest first, countries with their cities.
pub(super) fn list(profile: &mut Profile, visits: &[Visit]) {
    let (mut continents, mut countries) = (Tally::default(), Tally::default());
    for visit in visits {
        countries.add(text(visit, "countryCode"));
        continents.add(text(visit, "continentCode"));
    }
    let continents = continents.ascending().into_iter().map(|(code, count)| {
        crate::matomo::cells::cells! {
            "continent" => Cell::text(&code),
            "nb_visits" => count,
            "prettyName" => user_country::continent(&code),
        }
    });
    profile.put("continents", Cell::List(continents.collect()));
    let countries = countries.ascending().into_iter().map(|(code, count)| {
        let mut entries: Vec<(Name, Cell)> = vec![
            ("country".into(), Cell::text(&code)),
            ("nb_visits".into(), count.into()),
            ("flag".into(), Cell::text(&user_country::flag(&code))),
            ("prettyName".into(), user_country::country(&code).into()),
        ];
        let mut cities: Vec<&str> = Vec::new();
        for visit in visits.iter().filter(|visit| text(visit, "countryCode") == code) {
            let city = text(visit, "city");
            if !city.is_empty() && !cities.contains(&city) {
                cities.push(city);
            }
        }
        if !cities.is_empty() {
            entries.push(("cities".into(), Cell::List(cities.into_iter().map(Cell::text).collect())));
        }
        Cell::Map(entries)
    });
    profile.put("countries", Cell::List(countries.collect()));
}
