//! `UserCountry`'s methods that are no reports: what the codes of countries mean, and where an address is.

use std::net::IpAddr;

use footfall_model::{Access, Cell, DataTable, Name, Row};
use footfall_report::{
    Tables,
    names::{countries, regions},
    reports::user_country,
};

use crate::{
    access::Need,
    matomo::{
        Answer, Failure, Location,
        dispatch::{Call, Method},
    },
};

const MODULE: &str = "UserCountry";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getCountryCodeMapping", Need::Nobody, &[], |_| Box::pin(async { Ok(mapping()) })),
    Method::new(MODULE, "setLocationProvider", Need::Superuser, &["providerId"], |call| Box::pin(choose(call))),
    Method::new(MODULE, "getLocationFromIP", Need::Somewhere(Access::View), &[], |call| Box::pin(location(call))),
];

/// Where places come from is a matter of the configuration: the provider that is in use can be confirmed, no other chosen.
async fn choose(call: Call<'_>) -> Result<Answer, Failure> {
    let given = call.request.text("providerId").unwrap_or_default();
    if !PROVIDERS.contains(&given) {
        return Err(Failure::new(format!("Invalid provider ID: '{given}'.")));
    }
    let used = if call.ctx.settings.places.is_some() { "geoip2php" } else { "default" };
    if given == used { Ok(Answer::Done) } else { Err(Failure::new("Setting geo location has been disabled in config.")) }
}

/// Where Matomo can take places from: nowhere, the language of the browser, a database, the web server.
const PROVIDERS: [&str; 4] = ["disabled", "default", "geoip2php", "geoip2server"];

/// Where the address `ip` is; where the caller is when none is given.
async fn location(call: Call<'_>) -> Result<Answer, Failure> {
    let address: IpAddr = match call.request.filled("ip").filter(|given| *given != "false") {
        Some(given) => given.trim().parse().map_err(|_| Failure::new(format!("Could not geolocate '{given}'!")))?,
        None => call.ctx.peer,
    };
    let found = call.ctx.settings.places.as_ref().map(|places| places.locate(address)).unwrap_or_default();
    let row = Row { columns: told(&found, address).into(), ..Row::default() };
    Ok(Answer::Tables(Tables::of(DataTable { rows: vec![row], ..DataTable::default() })))
}

/// A place with its names; what is not known of it is not told.
fn told(found: &Location, address: IpAddr) -> Vec<(Name, Cell)> {
    let country = if found.country.is_empty() { "xx".to_owned() } else { found.country.to_ascii_lowercase() };
    let continent = if found.continent.is_empty() { "unk" } else { &found.continent };
    let mut columns: Vec<(Name, Cell)> = vec![
        ("country_code".into(), Cell::text(&country)),
        ("continent_code".into(), Cell::text(continent)),
        ("continent_name".into(), Cell::text(user_country::continent(continent))),
        ("country_name".into(), Cell::text(user_country::country(&country))),
    ];
    if let Some((_, code)) = found.region.split_once('-') {
        columns.push(("region_code".into(), Cell::text(code)));
        columns.extend(regions::iso_name(&found.region).map(|name| (Name::from("region_name"), Cell::text(name))));
    }
    if !found.city.is_empty() {
        columns.push(("city_name".into(), Cell::text(&found.city)));
    }
    if let Some((latitude, longitude)) = found.degrees {
        columns.push(("lat".into(), Cell::from(latitude)));
        columns.push(("long".into(), Cell::from(longitude)));
    }
    columns.push(("ip".into(), Cell::text(&address.to_string())));
    columns
}

/// Codes that ISO 3166-1 keeps free for somebody without giving them to a country.
const RESERVED: [&str; 8] = ["AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"];

fn mapping() -> Answer {
    let named = countries::all().iter().filter(|(code, _)| !RESERVED.contains(code));
    Answer::map(named.map(|(code, name)| (Name::Owned(code.to_ascii_lowercase()), Cell::text(name))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_as_far_as_it_is_known() {
        let address = IpAddr::from([194, 57, 91, 215]);
        let shown = |found: &Location| -> Vec<String> {
            told(found, address).iter().map(|(name, cell)| format!("{name}={}", cell.as_str().unwrap_or("number"))).collect()
        };
        assert_eq!(
            shown(&Location::default()),
            ["country_code=xx", "continent_code=unk", "continent_name=Unknown", "country_name=Unknown", "ip=194.57.91.215"]
        );
        let known = Location {
            continent: "eur".to_owned(),
            country: "FR".to_owned(),
            region: "FR-BFC".to_owned(),
            city: "Besançon".to_owned(),
            degrees: Some((47.2, 6.0)),
        };
        assert_eq!(
            shown(&known),
            [
                "country_code=fr",
                "continent_code=eur",
                "continent_name=Europe",
                "country_name=France",
                "region_code=BFC",
                "region_name=Bourgogne-Franche-Comté",
                "city_name=Besançon",
                "lat=number",
                "long=number",
                "ip=194.57.91.215"
            ]
        );
    }

    #[test]
    fn countries_are_the_standards_own() {
        let Answer::Data(Cell::Map(all)) = mapping() else {
            panic!("no mapping");
        };
        assert_eq!(all.len(), 249);
        assert!(all.contains(&("ad".into(), Cell::text("Andorra"))));
    }
}
