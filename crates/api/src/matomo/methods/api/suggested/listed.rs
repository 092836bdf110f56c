//! Segments that are chosen from a list of names: those that were seen come first.

use std::collections::HashMap;

use footfall_report::names::countries;

use crate::matomo::Context;

/// A list of codes with their names.
type List = Vec<(String, &'static str)>;

/// The list a segment is chosen from, and the column of the visit log that has its codes.
pub(super) fn list(ctx: &Context, name: &str) -> Option<(List, &'static str)> {
    let codes = |list: Vec<(&str, &'static str)>| list.into_iter().map(|(code, name)| (code.to_owned(), name)).collect();
    Some(match name {
        "browserName" => (codes((ctx.settings.browsers)()), "browserCode"),
        "operatingSystemName" => (codes((ctx.settings.systems)()), "operatingSystemCode"),
        "countryName" => {
            let all = countries::all().iter().map(|(code, name)| (code.to_ascii_lowercase(), *name));
            (all.collect(), "countryCode")
        }
        _ => return None,
    })
}

/// The names of a list, those whose codes were met most often first; among equals the last name comes first.
pub(super) fn by_use(list: List, met: &[String]) -> Vec<String> {
    let mut counts: HashMap<&str, (usize, &'static str)> = list.iter().map(|(code, name)| (code.as_str(), (0, *name))).collect();
    counts.insert("xx", (0, "Unknown"));
    for code in met {
        let known = if counts.contains_key(code.as_str()) { code.as_str() } else { "xx" };
        counts.entry(known).or_default().0 += 1;
    }
    let mut sorted: Vec<(usize, &str)> = counts.into_values().collect();
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    sorted.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_comes_first_and_names_backwards() {
        let list = vec![("CH".to_owned(), "Chrome"), ("FF".to_owned(), "Firefox"), ("SF".to_owned(), "Safari")];
        let met = ["FF", "CH", "FF", "??"].map(str::to_owned);
        assert_eq!(by_use(list, &met), ["Firefox", "Unknown", "Chrome", "Safari"]);
    }
}
