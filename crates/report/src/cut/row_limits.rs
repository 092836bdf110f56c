//! How many rows Matomo keeps of long reports: what it archives is cut, and so is what is shown of it later.

use footfall_model::Error;

/// Whose limits hold for a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Nobody's: the report is complete at Matomo too.
    Never,
    /// What has no limits of its own.
    Standard,
    /// Pages, downloads and outlinks.
    Actions,
    /// What was searched for on the site.
    SiteSearch,
    /// Where visitors came from.
    Referrers,
    /// Events.
    Events,
    /// Products.
    Products,
    /// People the site named.
    Users,
    /// Custom dimensions.
    CustomDimensions,
}

impl Limited {
    /// The names that [`RowLimits::parse`] reads, in the order of the limits.
    const NAMES: [(&'static str, Limited); 8] = [
        ("standard", Limited::Standard),
        ("actions", Limited::Actions),
        ("site_search", Limited::SiteSearch),
        ("referrers", Limited::Referrers),
        ("events", Limited::Events),
        ("products", Limited::Products),
        ("userid_users", Limited::Users),
        ("custom_dimensions", Limited::CustomDimensions),
    ];
}

/// The most rows of a report, and of each table below its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLimits([(usize, usize); 8]);

impl Default for RowLimits {
    /// Matomo's defaults.
    fn default() -> RowLimits {
        RowLimits([(500, 500), (500, 100), (500, 500), (1000, 50), (500, 500), (10_000, 10_000), (50_000, 50_000), (1000, 1000)])
    }
}

impl RowLimits {
    /// Limits as they are written, such as `actions=500/100,standard=500`; what is not named keeps Matomo's default.
    ///
    /// # Errors
    /// When a name is not known or a limit is no number.
    pub fn parse(text: &str) -> Result<RowLimits, Error> {
        let mut limits = RowLimits::default();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let wrong = || Error::invalid(format!("`{part}` is no row limit such as `actions=500/100`"));
            let (name, given) = part.trim().split_once('=').ok_or_else(wrong)?;
            let place = Limited::NAMES.iter().position(|(known, _)| *known == name).ok_or_else(wrong)?;
            let (own, below) = given.split_once('/').unwrap_or((given, given));
            limits.0[place] = (own.parse().map_err(|_| wrong())?, below.parse().map_err(|_| wrong())?);
        }
        Ok(limits)
    }

    /// The most rows of a report's own table and of those below; `None` where it is complete.
    pub fn of(&self, limited: Limited) -> Option<(usize, usize)> {
        let place = Limited::NAMES.iter().position(|(_, known)| *known == limited)?;
        Some(self.0[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_matomo_s_unless_given() {
        let limits = RowLimits::parse("actions=4/2,standard=3").unwrap();
        assert_eq!(limits.of(Limited::Actions), Some((4, 2)));
        assert_eq!(limits.of(Limited::Standard), Some((3, 3)));
        assert_eq!(limits.of(Limited::Referrers), Some((1000, 50)));
        assert_eq!(limits.of(Limited::Never), None);
        assert_eq!(RowLimits::parse("pages=4").unwrap_err().message(), "`pages=4` is no row limit such as `actions=500/100`");
    }
}
