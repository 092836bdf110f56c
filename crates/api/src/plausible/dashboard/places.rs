//! Names and flags of places whose codes are kept.

use std::collections::HashMap;

use footfall_model::Text;
use footfall_report::{
    names,
    stats::{self, Dimension, Filter, Match, Metric, StatsQuery, Style},
};

use super::{super::Failure, asked::Asked};
use crate::matomo::Context;

/// The flag of a country as people see it: the letters of its code as regional indicators.
pub(super) fn flag(country: &str) -> Option<String> {
    let letters = country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    names::countries::name(country).filter(|_| letters)?;
    country.chars().map(|letter| char::from_u32(0x1F1E6 + u32::from(letter) - u32::from('A'))).collect()
}

/// The flag of the country that a region lies in.
pub(super) fn flag_of_region(region: &str) -> Option<String> {
    flag(region.split_once('-')?.0)
}

/// A city's name, and the country it lies in.
pub(super) struct City {
    pub(super) name: Text,
    pub(super) country: Text,
}

/// What is known of cities that visits came from, by number.
///
/// # Errors
/// When the store cannot answer.
pub(super) async fn cities(ctx: &Context, asked: &Asked, numbers: Vec<Text>) -> Result<HashMap<Text, City>, Failure> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = StatsQuery::new(asked.site().clone(), asked.span.clone(), Style::PlausibleBreakdown);
    query.metrics = vec![Metric::Visitors];
    for name in ["visit:city", "visit:city_name", "visit:country"] {
        query.dimensions.extend(Dimension::parse(name, asked.site(), &ctx.catalogue));
    }
    let [number, ..] = query.dimensions.as_slice() else {
        return Ok(HashMap::new());
    };
    query.filters = vec![Filter::leaf(Match::Is, number.clone(), numbers)];
    let query = query.sorted_by_default();
    let answer = stats::run(&ctx.reader(), &query).await?;
    let mut known = HashMap::new();
    for row in answer.rows {
        // Databases may have called it differently over time: what most visits say is taken.
        if let [number, name, country] = row.dimensions.as_slice()
            && **name != *query.dimensions[1].unset()
        {
            known.entry(number.clone()).or_insert(City { name: name.clone(), country: country.clone() });
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_made_of_letters() {
        assert_eq!(flag("DE").as_deref(), Some("🇩🇪"));
        assert_eq!(flag_of_region("EE-37").as_deref(), Some("🇪🇪"));
        assert_eq!((flag("ZZ"), flag("(not set)"), flag_of_region("x")), (None, None, None));
    }
}
