//! `UserCountry.getCountryCodeMapping`: what the codes of countries mean.

use footfall_model::{Cell, Name};
use footfall_report::names::countries;

use crate::{
    access::Need,
    matomo::{Answer, dispatch::Method},
};

pub(super) const METHODS: &[Method] =
    &[Method::new("UserCountry", "getCountryCodeMapping", Need::Nobody, &[], |_| Box::pin(async { Ok(mapping()) }))];

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
    fn countries_are_the_standards_own() {
        let Answer::Data(Cell::Map(all)) = mapping() else {
            panic!("no mapping");
        };
        assert_eq!(all.len(), 249);
        assert!(all.contains(&("ad".into(), Cell::text("Andorra"))));
    }
}
