//! What people do on the demo sites.

use footfall_ingest::hit::Dialect;

use super::traffic::Good;

/// One thing done in a visit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// One of these pages: path and title.
    Page(&'static [(&'static str, &'static str)]),
    /// A search for one of these words.
    Search(&'static [&'static str]),
    /// A file.
    Download(&'static str),
    /// Another site.
    Outlink(&'static str),
    /// An event: category (or property), action (or name), name (or value).
    Event(&'static str, &'static str, &'static str),
    /// Something is put into the cart.
    Cart,
    /// The cart is bought.
    Order,
}

impl Step {
    /// Of a thousand people who come this far, how many take the step.
    pub(crate) fn stays(&self) -> u64 {
        match self {
            Step::Page(_) => 640,
            Step::Search(_) => 600,
            Step::Cart => 420,
            Step::Order => 560,
            Step::Event(..) => 550,
            Step::Download(_) | Step::Outlink(_) => 450,
        }
    }
}

/// A way through a site with its share of the visits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story {
    pub(crate) weight: u64,
    pub(crate) steps: &'static [Step],
}

/// A demo site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site {
    pub(crate) name: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) home: &'static str,
    pub(crate) dialect: Dialect,
    pub(crate) visits_per_hour: u64,
    pub(crate) stories: &'static [Story],
    pub(crate) products: &'static [Good],
}

/// Where people come from, with its share of the visits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WayIn {
    pub(crate) weight: u64,
    pub(crate) referrer: &'static str,
    pub(crate) query: &'static str,
}

const fn way(weight: u64, referrer: &'static str, query: &'static str) -> WayIn {
    WayIn { weight, referrer, query }
}

/// Every way in.
pub(crate) const WAYS_IN: &[WayIn] = &[
    way(300, "", ""),
    way(260, "https://www.google.com/", ""),
    way(45, "https://www.bing.com/search?q=waterproof+tent", ""),
    way(40, "https://duckduckgo.com/", ""),
    way(14, "https://www.ecosia.org/", ""),
    way(35, "https://www.facebook.com/", ""),
    way(30, "https://www.instagram.com/", ""),
    way(28, "https://www.reddit.com/r/CampingandHiking/", ""),
    way(26, "https://t.co/x1y2z3", ""),
    way(24, "https://www.linkedin.com/feed/", ""),
    way(32, "https://news.ycombinator.com/item?id=1", ""),
    way(30, "https://github.com/", ""),
    way(20, "https://www.youtube.com/watch?v=abc", ""),
    way(18, "https://chatgpt.com/", ""),
    way(22, "https://www.outdoormag.example/best-tents", ""),
    way(16, "https://blog.trailnotes.example/packing-list", ""),
    way(60, "", "utm_source=newsletter&utm_medium=email&utm_campaign=autumn-sale"),
    way(40, "https://www.google.com/", "utm_source=google&utm_medium=cpc&utm_campaign=brand&utm_term=aurora+outdoor"),
    way(22, "https://www.facebook.com/", "mtm_campaign=winter-boots&mtm_keyword=boots"),
    way(15, "", "utm_source=podcast&utm_medium=audio&utm_campaign=trail-talk"),
];

const HOME: Step = Step::Page(&[("/", "Aurora Outdoor"), ("/", "Aurora Outdoor"), ("/new", "New this season")]);
const CATEGORY: Step = Step::Page(&[
    ("/tents", "Tents"),
    ("/backpacks", "Backpacks"),
    ("/boots", "Hiking boots"),
    ("/sleeping-bags", "Sleeping bags"),
    ("/stoves", "Stoves"),
]);
const PRODUCT: Step = Step::Page(&[
    ("/tents/borealis-2", "Borealis 2 tent"),
    ("/tents/borealis-3", "Borealis 3 tent"),
    ("/backpacks/fjell-45", "Fjell 45 backpack"),
    ("/boots/granit-mid", "Granit Mid boots"),
    ("/sleeping-bags/dun-400", "Dun 400 sleeping bag"),
    ("/stoves/flamma", "Flamma stove"),
]);
const GUIDE: Step = Step::Page(&[
    ("/guides/first-tent", "How to choose your first tent"),
    ("/guides/packing-list", "A packing list for three days"),
    ("/guides/boot-care", "Boots that last ten years"),
    ("/guides/cold-nights", "Sleeping warm on cold nights"),
]);

/// The demo shop, counted the way Matomo counts.
pub(crate) const SHOP: Site = Site {
    name: "Aurora Outdoor",
    origin: "https://www.aurora-outdoor.example",
    home: "/",
    dialect: Dialect::Matomo,
    visits_per_hour: 42,
    products: &[
        Good { slug: "/borealis-2", sku: "T-102", name: "Borealis 2 tent", category: "Tents", price: 329.0 },
        Good { slug: "/borealis-3", sku: "T-103", name: "Borealis 3 tent", category: "Tents", price: 399.0 },
        Good { slug: "/fjell-45", sku: "B-045", name: "Fjell 45 backpack", category: "Backpacks", price: 179.0 },
        Good { slug: "/granit-mid", sku: "S-310", name: "Granit Mid boots", category: "Boots", price: 219.0 },
        Good { slug: "/dun-400", sku: "D-400", name: "Dun 400 sleeping bag", category: "Sleeping bags", price: 259.0 },
        Good { slug: "/flamma", sku: "F-001", name: "Flamma stove", category: "Stoves", price: 89.0 },
    ],
    stories: &[
        Story {
            weight: 260,
            steps: &[
                HOME,
                CATEGORY,
                PRODUCT,
                PRODUCT,
                Step::Cart,
                Step::Page(&[("/checkout", "Checkout")]),
                Step::Order,
                Step::Page(&[("/thank-you", "Thank you")]),
            ],
        },
        Story { weight: 220, steps: &[GUIDE, GUIDE, CATEGORY, PRODUCT, Step::Event("Video", "Play", "Pitching the Borealis")] },
        Story {
            weight: 160,
            steps: &[HOME, Step::Search(&["tent", "boots", "rain jacket", "gift card", "stove", "down"]), PRODUCT, Step::Cart],
        },
        Story {
            weight: 110,
            steps: &[
                PRODUCT,
                Step::Download("/files/size-guide.pdf"),
                Step::Cart,
                Step::Page(&[("/checkout", "Checkout")]),
                Step::Order,
                Step::Page(&[("/thank-you", "Thank you")]),
            ],
        },
        Story {
            weight: 90,
            steps: &[
                HOME,
                Step::Page(&[("/stores", "Our stores"), ("/about", "About us")]),
                Step::Outlink("https://maps.example.org/aurora-outdoor"),
            ],
        },
        Story {
            weight: 80,
            steps: &[
                HOME,
                Step::Page(&[("/newsletter", "Newsletter")]),
                Step::Event("Newsletter", "Subscribe", "Footer form"),
                Step::Page(&[("/newsletter/welcome", "Welcome")]),
            ],
        },
    ],
};

const DOC: Step = Step::Page(&[
    ("/docs/install", "Install"),
    ("/docs/quickstart", "Quickstart"),
    ("/docs/configuration", "Configuration"),
    ("/docs/api/authentication", "API authentication"),
    ("/docs/api/webhooks", "Webhooks"),
    ("/docs/deploy/kubernetes", "Deploy on Kubernetes"),
    ("/docs/deploy/docker", "Deploy with Docker"),
]);
const POST: Step = Step::Page(&[
    ("/blog/release-4", "Nimbus 4 is here"),
    ("/blog/zero-downtime", "Zero-downtime upgrades"),
    ("/blog/how-we-cache", "How we cache"),
]);

/// The demo documentation, counted the way Plausible counts.
pub(crate) const DOCS: Site = Site {
    name: "Nimbus Docs",
    origin: "https://docs.nimbus.example",
    home: "/",
    dialect: Dialect::Plausible,
    visits_per_hour: 34,
    products: &[],
    stories: &[
        Story {
            weight: 300,
            steps: &[Step::Page(&[("/", "Nimbus")]), DOC, DOC, DOC, Step::Event("method", "Copy Command", "docker")],
        },
        Story { weight: 240, steps: &[DOC, DOC, Step::Event("edition", "Download", "community"), DOC] },
        Story { weight: 150, steps: &[POST, Step::Page(&[("/pricing", "Pricing")]), Step::Event("plan", "Signup", "team")] },
        Story {
            weight: 120,
            steps: &[
                Step::Page(&[("/", "Nimbus")]),
                Step::Page(&[("/pricing", "Pricing")]),
                Step::Event("plan", "Signup", "starter"),
            ],
        },
        Story { weight: 90, steps: &[POST, POST, Step::Event("url", "Outbound Link: Click", "https://github.com/nimbus")] },
    ],
};
