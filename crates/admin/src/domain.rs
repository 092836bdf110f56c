//! Plausible's names of sites: which texts may be one, and which one a new site gets.

use std::collections::HashSet;

use footfall_model::Error;

/// The most characters of a domain.
const LONGEST: usize = 255;

/// The domain a person gave, as it is kept: lower case, without scheme, `www.` and closing slash.
pub(crate) fn given(domain: &str) -> Result<String, Error> {
    let domain = bare(domain);
    if !is_domain(&domain) {
        return Err(Error::invalid(format!(
            "`domain` must have 1 to {LONGEST} letters, digits and `.-_:/`, such as `example.org`"
        )));
    }
    Ok(domain)
}

/// The domain of a site that gives none: the host of its main address, or its number; with a suffix where that is taken.
pub(crate) fn derived(main_url: Option<&str>, id: u32, taken: &HashSet<String>) -> String {
    let base = main_url.and_then(host).unwrap_or_else(|| format!("site-{id}"));
    if !taken.contains(&base) {
        return base;
    }
    let mut number = 2_u32;
    loop {
        let domain = format!("{base}-{number}");
        if !taken.contains(&domain) {
            return domain;
        }
        number += 1;
    }
}

/// The host of an address, without `www.` and port; `None` when it cannot be a domain.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("//")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = bare(host);
    // A suffix must still fit behind it.
    (is_domain(&host) && host.chars().count() <= LONGEST - 12).then_some(host)
}

fn bare(domain: &str) -> String {
    let lower = domain.trim().to_lowercase();
    let name = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).unwrap_or(&lower);
    name.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

fn is_domain(domain: &str) -> bool {
    !domain.is_empty()
        && domain.chars().count() <= LONGEST
        && domain.chars().all(|letter| letter.is_alphanumeric() || ".-_:/".contains(letter))
        && domain.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(domains: &[&str]) -> HashSet<String> {
        domains.iter().map(|domain| (*domain).to_owned()).collect()
    }

    #[test]
    fn a_given_domain_is_bare_and_lower_case() {
        assert_eq!(given("https://WWW.Example.org/").unwrap(), "example.org");
        assert_eq!(given("example.org/blog").unwrap(), "example.org/blog");
        assert_eq!(given("bücher.example").unwrap(), "bücher.example");
        for bad in ["", "/", "a b", "a?b", "a#b", "ex\u{0}ample"] {
            assert_eq!(
                given(bad).unwrap_err().message(),
                "`domain` must have 1 to 255 letters, digits and `.-_:/`, such as `example.org`",
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_derived_domain_is_the_main_host() {
        let none = taken(&[]);
        assert_eq!(derived(Some("https://ada@www.example.org:8443/a?b"), 7, &none), "example.org");
        assert_eq!(derived(Some("//example.org"), 7, &none), "example.org");
        assert_eq!(derived(Some("https://[::1]/"), 7, &none), "site-7");
        assert_eq!(derived(None, 7, &none), "site-7");
    }

    #[test]
    fn a_taken_domain_gets_a_number() {
        let some = taken(&["piwik.net", "piwik.net-2"]);
        assert_eq!(derived(Some("http://piwik.net"), 3, &some), "piwik.net-3");
    }

    proptest! {
        #[test]
        fn derived_domains_are_free_and_could_have_been_given(urls in prop::collection::vec("(https?://)?(www\\.)?[a-c.:/@ü\\[]{0,6}", 0..40)) {
            let mut domains = HashSet::new();
            for (index, url) in urls.iter().enumerate() {
                let domain = derived(Some(url), index as u32 + 1, &domains);
                prop_assert_eq!(&given(&domain).unwrap(), &domain);
                prop_assert!(domains.insert(domain));
            }
        }
    }
}
