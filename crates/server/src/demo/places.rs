//! Where the demo's people come from and what they hold in their hands.

/// A place with its share of the visits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) weight: u64,
    pub(crate) country: &'static str,
    pub(crate) region: &'static str,
    pub(crate) city: &'static str,
    pub(crate) language: &'static str,
    /// Hours its clock is ahead of UTC.
    pub(crate) offset: i64,
    /// The first two numbers of addresses there.
    pub(crate) network: [u8; 2],
}

const fn place(
    weight: u64,
    country: &'static str,
    region: &'static str,
    city: &'static str,
    language: &'static str,
    offset: i64,
    network: [u8; 2],
) -> Place {
    Place { weight, country, region, city, language, offset, network }
}

/// Every place.
pub(crate) const PLACES: &[Place] = &[
    place(170, "DE", "DE-BE", "Berlin", "de", 1, [91, 64]),
    place(120, "DE", "DE-BY", "Munich", "de", 1, [84, 150]),
    place(70, "DE", "DE-HH", "Hamburg", "de", 1, [80, 128]),
    place(130, "US", "US-NY", "New York", "en-us", -5, [68, 173]),
    place(95, "US", "US-CA", "San Francisco", "en-us", -8, [73, 170]),
    place(60, "US", "US-TX", "Austin", "en-us", -6, [70, 112]),
    place(110, "GB", "GB-ENG", "London", "en-gb", 0, [81, 2]),
    place(90, "FR", "FR-IDF", "Paris", "fr", 1, [78, 192]),
    place(55, "AT", "AT-9", "Vienna", "de-at", 1, [62, 46]),
    place(50, "CH", "CH-ZH", "Zurich", "de-ch", 1, [77, 56]),
    place(60, "NL", "NL-NH", "Amsterdam", "nl", 1, [77, 160]),
    place(45, "ES", "ES-MD", "Madrid", "es", 1, [83, 32]),
    place(40, "IT", "IT-25", "Milan", "it", 1, [79, 0]),
    place(45, "PL", "PL-14", "Warsaw", "pl", 1, [83, 0]),
    place(40, "SE", "SE-AB", "Stockholm", "sv", 1, [78, 64]),
    place(55, "CA", "CA-ON", "Toronto", "en-ca", -5, [70, 24]),
    place(50, "BR", "BR-SP", "São Paulo", "pt-br", -3, [177, 32]),
    place(65, "IN", "IN-KA", "Bengaluru", "en-in", 5, [49, 204]),
    place(45, "JP", "JP-13", "Tokyo", "ja", 9, [126, 0]),
    place(35, "AU", "AU-NSW", "Sydney", "en-au", 10, [1, 120]),
    place(18, "ZA", "ZA-GP", "Johannesburg", "en-za", 2, [41, 0]),
    place(20, "MX", "MX-CMX", "Mexico City", "es-mx", -6, [187, 128]),
];

/// A browser on a device with its share of the visits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agent {
    pub(crate) weight: u64,
    pub(crate) user_agent: &'static str,
    pub(crate) resolution: &'static str,
}

const fn agent(weight: u64, resolution: &'static str, user_agent: &'static str) -> Agent {
    Agent { weight, user_agent, resolution }
}

/// Every browser.
pub(crate) const AGENTS: &[Agent] = &[
    agent(
        250,
        "1920x1080",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    agent(
        90,
        "2560x1440",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    ),
    agent(
        110,
        "1512x982",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    ),
    agent(
        80,
        "1728x1117",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    agent(60, "1920x1200", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    agent(55, "1920x1080", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    agent(
        190,
        "390x844",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    ),
    agent(
        130,
        "412x915",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    ),
    agent(
        45,
        "360x780",
        "Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
    ),
    agent(30, "412x892", "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"),
    agent(
        35,
        "820x1180",
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    ),
    agent(
        18,
        "1280x800",
        "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    agent(
        22,
        "1920x1080",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/125.0.0.0",
    ),
];
