use footfall_model::{Catalogue, Dimension, Parse, Scope, Source, dimensions};

use super::device::FACTS;

/// Where values go: places of catalogue columns in `facts`, looked up once.
pub(crate) struct Columns {
    /// How many columns visits have.
    pub(crate) visit: usize,
    /// How many columns actions have.
    pub(crate) action: usize,
    /// Tracking parameters: name, how it is read, scope, place.
    pub(crate) params: Vec<(&'static str, Parse, Scope, usize)>,
    /// A device's, in the order of [`super::device::Known::facts`].
    pub(crate) device: [Option<usize>; FACTS],
    pub(crate) plugins: Option<usize>,
    /// Hour, minute and second of the visitor's clock.
    pub(crate) local_time: [Option<usize>; 3],
    pub(crate) continent: Option<usize>,
    pub(crate) country: Option<usize>,
    pub(crate) region: Option<usize>,
    pub(crate) city: Option<usize>,
    pub(crate) city_id: Option<usize>,
    pub(crate) latitude: Option<usize>,
    pub(crate) longitude: Option<usize>,
    pub(crate) address: Option<usize>,
    pub(crate) language: Option<usize>,
    pub(crate) referrer_type: Option<usize>,
    pub(crate) referrer_name: Option<usize>,
    pub(crate) referrer_keyword: Option<usize>,
    pub(crate) channel: Option<usize>,
    pub(crate) source: Option<usize>,
    pub(crate) referrer: Option<usize>,
    pub(crate) utm_source: Option<usize>,
    pub(crate) utm_medium: Option<usize>,
    pub(crate) utm_campaign: Option<usize>,
    pub(crate) utm_content: Option<usize>,
    pub(crate) utm_term: Option<usize>,
    pub(crate) click_id: Option<usize>,
}

impl Columns {
    /// The places in this catalogue.
    pub(crate) fn of(catalogue: &Catalogue) -> Columns {
        use dimensions::{device, local_time, place, referrer};

        let at = |dimension: Dimension| catalogue.fact_index(&dimension);
        let mut params = Vec::new();
        for scope in [Scope::Visit, Scope::Action] {
            for (place, dimension) in catalogue.facts(scope).iter().enumerate() {
                if let Source::Param { matomo, parse } = dimension.source {
                    params.push((matomo, parse, scope, place));
                }
            }
        }
        Columns {
            visit: catalogue.facts(Scope::Visit).len(),
            action: catalogue.facts(Scope::Action).len(),
            params,
            device: [
                at(device::DEVICE_TYPE),
                at(device::DEVICE_BRAND),
                at(device::DEVICE_MODEL),
                at(device::OS_CODE),
                at(device::OS_NAME),
                at(device::OS_FAMILY),
                at(device::OS_VERSION),
                at(device::BROWSER_CODE),
                at(device::BROWSER_NAME),
                at(device::BROWSER_FAMILY),
                at(device::BROWSER_VERSION),
                at(device::BROWSER_ENGINE),
                at(device::CLIENT_TYPE),
                at(device::SCREEN_CLASS),
                at(device::BROWSER),
                at(device::BROWSER_RELEASE),
                at(device::OS),
                at(device::OS_RELEASE),
            ],
            plugins: at(device::PLUGINS),
            local_time: [at(local_time::LOCAL_HOUR), at(local_time::LOCAL_MINUTE), at(local_time::LOCAL_SECOND)],
            continent: at(place::CONTINENT),
            country: at(place::COUNTRY),
            region: at(place::REGION),
            city: at(place::CITY),
            city_id: at(place::CITY_ID),
            latitude: at(place::LATITUDE),
            longitude: at(place::LONGITUDE),
            address: at(place::ADDRESS),
            language: at(place::LANGUAGE),
            referrer_type: at(referrer::REFERRER_TYPE),
            referrer_name: at(referrer::REFERRER_NAME),
            referrer_keyword: at(referrer::REFERRER_KEYWORD),
            channel: at(referrer::CHANNEL),
            source: at(referrer::SOURCE),
            referrer: at(referrer::REFERRER),
            utm_source: at(referrer::UTM_SOURCE),
            utm_medium: at(referrer::UTM_MEDIUM),
            utm_campaign: at(referrer::UTM_CAMPAIGN),
            utm_content: at(referrer::UTM_CONTENT),
            utm_term: at(referrer::UTM_TERM),
            click_id: at(referrer::CLICK_ID),
        }
    }
}
