//! Where visits came from.

use footfall_model::{Cell, DataTable, Error, Name, Row, Unit, Value};

use crate::{
    Ask, Limited, Options, Processed, Report, calculate,
    names::{search_engines, socials},
    natural, number,
    record::{
        breakdown::{encode, is},
        referrers::{Kind, Referrers, Table},
    },
};

const REFERRERS: Report =
    Report { module: "Referrers", category: "Referrers_Referrers", has_goals: true, limited: Limited::Referrers, ..Report::BASE };

/// Visits by kind of referrer in numbers.
pub const GET: Report = Report {
    action: "get",
    title: "Referrers Overview",
    doc: "How many visits came from where, and how many different places they came from.",
    order: 1,
    has_goals: false,
    metrics: &[
        "Referrers_visitorsFromSearchEngines",
        "Referrers_visitorsFromSocialNetworks",
        "Referrers_visitorsFromDirectEntry",
        "Referrers_visitorsFromWebsites",
        "Referrers_visitorsFromCampaigns",
        "Referrers_distinctSearchEngines",
        "Referrers_distinctSocialNetworks",
        "Referrers_distinctKeywords",
        "Referrers_distinctWebsites",
        "Referrers_distinctWebsitesUrls",
        "Referrers_distinctCampaigns",
    ],
    processed: &PERCENTAGES,
    processed_names: &[],
    make: |ask| Box::pin(get(ask)),
    among: Some(share_among),
    ..REFERRERS
};

/// Visits by kind of referrer.
pub const TYPE: Report = Report {
    action: "getReferrerType",
    title: "Channel Type",
    doc: "The kinds of place your visitors came from.",
    subcategory: "Referrers_WidgetGetAll",
    dimension: Some("Channel Type"),
    dimension_id: "Referrers.ReferrerType",
    segment: "referrerType",
    subtable: Some("getReferrerType"),
    constant_rows: true,
    order: 1,
    flattens: false,
    limited: Limited::Never,
    make: |ask| Box::pin(types(ask)),
    // What is below comes from reports of their own, which Matomo cannot sort as it does the kinds: it falls back on labels.
    queued: &[|table, _| {
        for row in &mut table.rows {
            if let Some(below) = &mut row.subtable {
                below.rows.sort_by(|one, two| {
                    one.is_summary.cmp(&two.is_summary).then_with(|| natural::compare(one.label(), two.label()))
                });
            }
        }
    }],
    ..REFERRERS
};

/// Every referrer but direct ones, in one list.
pub const ALL: Report = Report {
    action: "getAll",
    title: "All Channels",
    doc: "Everything your visitors came from, in one list.",
    subcategory: "Referrers_WidgetGetAll",
    dimension: Some("Referrer"),
    dimension_id: "Referrers.Referrer",
    has_goals: false,
    order: 2,
    limited: Limited::Never,
    make: |ask| Box::pin(all(ask)),
    ..REFERRERS
};

/// Visits from search engines by keyword.
pub const KEYWORDS: Report = Report {
    action: "getKeywords",
    title: "Keywords",
    doc: "What your visitors searched for before they came. Most search engines do not tell.",
    subcategory: "Referrers_SubmenuSearchEngines",
    dimension: Some("Keyword"),
    dimension_id: "Referrers.Keyword",
    segment: "referrerKeyword",
    subtable: Some("getSearchEnginesFromKeywordId"),
    order: 3,
    make: |ask| Box::pin(keywords(ask)),
    others_below: |row, options| {
        if options.flat {
            row.set_metadata("logo", Cell::text(&search_engines::logo("")));
        }
    },
    queued: &[|table, _| {
        prepend(table, "referrerType==search;");
        name_unknown_keyword(table);
    }],
    ..REFERRERS
};

/// The search engines of a keyword.
pub const ENGINES_OF_KEYWORD: Report = Report {
    action: "getSearchEnginesFromKeywordId",
    title: "Keywords",
    doc: "The search engines on which a keyword was searched for.",
    dimension: Some("Search Engine"),
    dimension_id: "Referrers.SearchEngine",
    segment: "referrerName",
    is_subtable: true,
    subtable: None,
    queued: &[],
    make: |ask| Box::pin(engines_of_keyword(ask)),
    others: |row, _| row.set_metadata("logo", Cell::text(&search_engines::logo(""))),
    ..KEYWORDS
};

/// Visits from search engines.
pub const ENGINES: Report = Report {
    action: "getSearchEngines",
    title: "Search Engines",
    doc: "The search engines your visitors came from.",
    subcategory: "Referrers_SubmenuSearchEngines",
    dimension: Some("Search Engine"),
    dimension_id: "Referrers.SearchEngine",
    segment: "referrerName",
    subtable: Some("getKeywordsFromSearchEngineId"),
    order: 7,
    make: |ask| Box::pin(engines(ask)),
    others: |row, options| {
        if options.flat {
            row.set_metadata("logo", Cell::text(&search_engines::logo("")));
        }
    },
    queued: &[|table, ask| {
        if !ask.options.flat {
            prepend(table, "referrerType==search;");
            for row in &mut table.rows {
                add_engine(row);
            }
        }
    }],
    ..REFERRERS
};

/// The keywords of a search engine.
pub const KEYWORDS_OF_ENGINE: Report = Report {
    action: "getKeywordsFromSearchEngineId",
    title: "Search Engines",
    doc: "What was searched for on a search engine.",
    dimension: Some("Keyword"),
    dimension_id: "Referrers.Keyword",
    segment: "referrerKeyword",
    is_subtable: true,
    subtable: None,
    queued: &[|table, _| name_unknown_keyword(table)],
    make: |ask| Box::pin(keywords_of_engine(ask)),
    ..ENGINES
};

/// Visits from other websites.
pub const WEBSITES: Report = Report {
    action: "getWebsites",
    title: "Websites",
    doc: "The websites your visitors came from.",
    subcategory: "Referrers_SubmenuWebsitesOnly",
    dimension: Some("Website"),
    dimension_id: "Referrers.Website",
    segment: "referrerName",
    subtable: Some("getUrlsFromWebsiteId"),
    separator: "/",
    order: 5,
    make: |ask| Box::pin(websites(ask)),
    ..REFERRERS
};

/// The pages of a website.
pub const PAGES_OF_WEBSITE: Report = Report {
    action: "getUrlsFromWebsiteId",
    title: "Websites",
    doc: "The pages of a website your visitors came from.",
    dimension: Some("Website Page"),
    dimension_id: "Referrers.WebsitePage",
    segment: "referrerUrl",
    is_subtable: true,
    subtable: None,
    make: |ask| Box::pin(pages_of_website(ask)),
    ..WEBSITES
};

/// Visits from social networks.
pub const SOCIALS: Report = Report {
    action: "getSocials",
    title: "Social Networks",
    doc: "The social networks your visitors came from.",
    subcategory: "Referrers_Socials",
    dimension: Some("Social network"),
    dimension_id: "Referrers.SocialNetwork",
    segment: "referrerName",
    subtable: Some("getUrlsForSocial"),
    has_goals: false,
    order: 11,
    make: |ask| Box::pin(social_networks(ask)),
    queued: &[|table, _| prepend(table, "referrerType==social;")],
    ..REFERRERS
};

/// The pages of a social network.
pub const PAGES_OF_SOCIAL: Report = Report {
    action: "getUrlsForSocial",
    title: "Social Networks",
    doc: "The pages of a social network your visitors came from.",
    dimension: Some("Website Page"),
    dimension_id: "Referrers.WebsitePage",
    segment: "referrerUrl",
    is_subtable: true,
    subtable: None,
    queued: &[],
    make: |ask| Box::pin(pages_of_social(ask)),
    ..SOCIALS
};

/// Visits from campaigns.
pub const CAMPAIGNS: Report = Report {
    action: "getCampaigns",
    title: "Campaigns",
    doc: "The campaigns whose links your visitors followed.",
    subcategory: "Referrers_Campaigns",
    dimension: Some("Campaign"),
    dimension_id: "Referrers.Campaign",
    segment: "referrerName",
    subtable: Some("getKeywordsFromCampaignId"),
    order: 9,
    make: |ask| Box::pin(campaigns(ask)),
    queued: &[|table, _| prepend(table, "referrerType==campaign;")],
    ..REFERRERS
};

/// The keywords of a campaign.
pub const KEYWORDS_OF_CAMPAIGN: Report = Report {
    action: "getKeywordsFromCampaignId",
    title: "Campaigns",
    doc: "The keywords of a campaign.",
    dimension: Some("Keyword"),
    dimension_id: "Referrers.Keyword",
    segment: "referrerKeyword",
    is_subtable: true,
    subtable: None,
    queued: &[],
    make: |ask| Box::pin(keywords_of_campaign(ask)),
    ..CAMPAIGNS
};

macro_rules! counts {
    ($($name:ident $action:literal $column:literal;)*) => {$(
        #[doc = concat!("Matomo's `", $action, "`.")]
        pub const $name: Report = Report {
            module: "Referrers",
            action: $action,
            is_hidden: true,
            make: |ask| Box::pin(count(ask, $column)),
            ..Report::BASE
        };
    )*};
}
counts! {
    N_ENGINES "getNumberOfDistinctSearchEngines" "Referrers_distinctSearchEngines";
    N_SOCIALS "getNumberOfDistinctSocialNetworks" "Referrers_distinctSocialNetworks";
    N_KEYWORDS "getNumberOfDistinctKeywords" "Referrers_distinctKeywords";
    N_CAMPAIGNS "getNumberOfDistinctCampaigns" "Referrers_distinctCampaigns";
    N_WEBSITES "getNumberOfDistinctWebsites" "Referrers_distinctWebsites";
    N_PAGES "getNumberOfDistinctWebsitesUrls" "Referrers_distinctWebsitesUrls";
}

async fn count(ask: &Ask<'_>, column: &'static str) -> Result<DataTable, Error> {
    let referrers = Referrers::ask(ask.reader, ask.slice).await?;
    let counts = counts(&referrers);
    let n = counts.iter().find(|(name, _)| *name == column).map_or(0, |(_, n)| *n);
    Ok(DataTable::simple(vec![(column.into(), Cell::from(n))]))
}

/// How many different referrers of each kind there were.
fn counts(referrers: &Referrers) -> [(&'static str, i64); 6] {
    let n = |table| referrers.tree(table).roots().len() as i64;
    [
        ("Referrers_distinctSearchEngines", n(Table::Engines)),
        ("Referrers_distinctSocialNetworks", n(Table::Socials)),
        ("Referrers_distinctKeywords", n(Table::Keywords)),
        ("Referrers_distinctWebsites", n(Table::Websites)),
        ("Referrers_distinctWebsitesUrls", referrers.n_website_pages() as i64),
        ("Referrers_distinctCampaigns", n(Table::Campaigns)),
    ]
}

const ONE_SITE: &str = "Referrers.getReferrerType with multiple sites is not supported (yet).";

const BY_KIND: [(Kind, &str); 5] = [
    (Kind::Search, "Referrers_visitorsFromSearchEngines"),
    (Kind::Social, "Referrers_visitorsFromSocialNetworks"),
    (Kind::Direct, "Referrers_visitorsFromDirectEntry"),
    (Kind::Website, "Referrers_visitorsFromWebsites"),
    (Kind::Campaign, "Referrers_visitorsFromCampaigns"),
];

pub(super) const PERCENTAGES: [Processed; 5] = [
    percentage("Referrers_visitorsFromDirectEntry_percent", "Visitors from Direct Entry", |row| {
        share(row, "Referrers_visitorsFromDirectEntry")
    }),
    percentage("Referrers_visitorsFromSearchEngines_percent", "Visitors from Search Engines", |row| {
        share(row, "Referrers_visitorsFromSearchEngines")
    }),
    percentage("Referrers_visitorsFromCampaigns_percent", "Visitors from Campaigns", |row| {
        share(row, "Referrers_visitorsFromCampaigns")
    }),
    percentage("Referrers_visitorsFromSocialNetworks_percent", "Visitors from Social Networks", |row| {
        share(row, "Referrers_visitorsFromSocialNetworks")
    }),
    percentage("Referrers_visitorsFromWebsites_percent", "Visitors from Websites", |row| {
        share(row, "Referrers_visitorsFromWebsites")
    }),
];

const fn percentage(name: &'static str, title: &'static str, compute: fn(&Row) -> Option<Value>) -> Processed {
    Processed::new(name, title, "The share of visits that came from there.", Unit::Percent, &["nb_visits"], compute)
}

fn share(row: &Row, column: &str) -> Option<Value> {
    let all: f64 = BY_KIND.iter().filter_map(|(_, column)| row.number(column)).sum();
    Some(calculate::quotient(row.number(column)?, all, 2))
}

/// Shares of the visits of all periods together, as Matomo tells them where it is asked for several.
pub(super) fn share_among(tables: &mut [&mut DataTable]) {
    let counted = |row: &Row| BY_KIND.iter().filter_map(|(_, column)| row.number(column)).sum::<f64>();
    let all: f64 = tables.iter().flat_map(|table| &table.rows).map(counted).sum();
    for row in tables.iter_mut().flat_map(|table| &mut table.rows) {
        for metric in PERCENTAGES {
            let column = metric.name.trim_end_matches("_percent");
            if let Some(visits) = row.number(column) {
                row.set(metric.name, calculate::quotient(visits, all, 2));
            }
        }
    }
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    if ask.options.is_by_site {
        return Err(Error::invalid(ONE_SITE));
    }
    let referrers = Referrers::ask(ask.reader, ask.slice).await?;
    let kinds = referrers.tree(Table::Kinds).into_table();
    let mut columns: Vec<(Name, Cell)> = Vec::new();
    for (kind, column) in BY_KIND {
        let visits =
            kinds.row(&kind.number().to_string()).and_then(|row| row.get("nb_visits").cloned()).unwrap_or(Cell::from(0i64));
        columns.push((column.into(), visits));
    }
    let counts = counts(&referrers);
    // Beside other periods one in which nothing was told apart has no such numbers.
    if ask.options.is_single || counts.iter().any(|(_, n)| *n > 0) {
        columns.extend(counts.map(|(column, n)| (column.into(), Cell::from(n))));
    }
    let wanted = &ask.options.columns;
    if !wanted.is_empty() {
        columns.retain(|(name, _)| wanted.iter().any(|column| column == name));
    }
    Ok(DataTable::simple(columns))
}

/// The reports below the kinds of referrer.
fn report_of(kind: Kind) -> Option<&'static Report> {
    match kind {
        Kind::Direct => None,
        Kind::Search => Some(&KEYWORDS),
        Kind::Website => Some(&WEBSITES),
        Kind::Campaign => Some(&CAMPAIGNS),
        Kind::Social => Some(&SOCIALS),
    }
}

/// The kinds of referrer; labels are Matomo's numbers.
const KINDS: Report = Report { make: |ask| Box::pin(table(ask, Table::Kinds)), ..REFERRERS };

/// The kind of referrer a row of [`KINDS`] is about.
fn kind_of(row: &Row) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.number().to_string() == row.label())
}

/// What is below a kind of referrer, as its own report has it.
async fn below(ask: &Ask<'_>, kind: Kind) -> Result<Option<DataTable>, Error> {
    let Some(report) = report_of(kind) else {
        return Ok(None);
    };
    let options = Options { expanded: false, flat: false, subtable: None, ..ask.options.clone() };
    let ask = Ask { report, options: &options, ..*ask };
    let mut table = ask.table().await?;
    for step in report.queued {
        step(&mut table, &ask);
    }
    for row in &mut table.rows {
        row.subtable = None;
        row.subtable_id = None;
    }
    Ok(Some(table))
}

async fn types(ask: &Ask<'_>) -> Result<DataTable, Error> {
    if ask.options.is_by_site {
        return Err(Error::invalid(ONE_SITE));
    }
    if let Some(id) = ask.options.subtable {
        let kind = Kind::ALL.into_iter().find(|kind| kind.number() as u64 == id);
        if let Some(kind) = kind
            && let Some(table) = below(ask, kind).await?
        {
            return Ok(table);
        }
    }
    let mut table = kinds(ask).await?;
    if let Some(only) = &ask.options.referrer_type {
        table.rows.retain(|row| row.label() == only.as_str());
    }
    for row in &mut table.rows {
        let Some(kind) = kind_of(row) else {
            continue;
        };
        if kind != Kind::Direct {
            row.subtable_id = Some(kind.number() as u64);
            if ask.options.expanded && !ask.options.is_by_date {
                row.subtable = below(ask, kind).await?.map(Box::new);
            }
        }
        row.set_metadata("segment", Cell::text(&format!("referrerType=={}", kind.word())));
        row.set_metadata("referrer_type", Cell::from(kind.number()));
        row.set("label", Value::text(kind.title()));
    }
    Ok(table)
}

async fn kinds(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let options = Options { subtable: None, ..ask.options.clone() };
    Ask { report: &KINDS, options: &options, ..*ask }.table().await
}

async fn all(ask: &Ask<'_>) -> Result<DataTable, Error> {
    if ask.options.is_by_site {
        return Err(Error::invalid("Referrers.getAll with multiple sites is not supported (yet)."));
    }
    if ask.options.is_by_date {
        return Err(Error::invalid("Referrers.getAll with multiple sites or dates is not supported (yet)."));
    }
    let mut merged = DataTable::default();
    let mut others: Option<Row> = None;
    for kind in kinds(ask).await?.rows.iter().filter_map(kind_of) {
        let Some(table) = below(ask, kind).await? else {
            continue;
        };
        for mut row in table.rows {
            if row.is_summary {
                match &mut others {
                    Some(others) => add_others(others, &row),
                    None => others = Some(row),
                }
            } else {
                row.set_metadata("referer_type", Cell::from(kind.number()));
                merged.rows.push(row);
            }
        }
    }
    merged.rows.extend(others);
    Ok(merged)
}

/// Adds up what was cut off of two kinds of referrer. All is added here, even what is a greatest.
fn add_others(others: &mut Row, row: &Row) {
    for (name, cell) in &row.columns {
        if let (Some(held), Some(more)) = (others.number(name), cell.as_f64()) {
            others.set(name.clone(), number::number(held + more));
        } else if others.get(name).is_none() {
            others.set(name.clone(), cell.clone());
        }
    }
}

async fn table(ask: &Ask<'_>, table: Table) -> Result<DataTable, Error> {
    Ok(Referrers::ask(ask.reader, ask.slice).await?.tree(table).into_table())
}

async fn keywords(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask, Table::Keywords).await?;
    for row in &mut table.rows {
        let keyword = row.label().to_owned();
        if ask.options.flat {
            if let Some(below) = &mut row.subtable {
                for row in &mut below.rows {
                    add_engine_of(row, &keyword);
                }
            }
        } else {
            row.set_metadata("segment", Cell::text(&is("referrerKeyword", &keyword)));
        }
    }
    Ok(table)
}

async fn engines_of_keyword(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let (keyword, mut rows) = ask.below(table(ask, Table::Keywords).await?);
    for row in &mut rows.rows {
        let segment = format!("referrerKeyword=={keyword};referrerType==search;{}", is("referrerName", row.label()));
        add_engine_of(row, &keyword);
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(rows)
}

async fn engines(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask, Table::Engines).await?;
    for row in &mut table.rows {
        let name = row.label().to_owned();
        if ask.options.flat {
            add_engine(row);
            if let Some(below) = &mut row.subtable {
                for row in &mut below.rows {
                    add_search(row, &name);
                }
                name_unknown_keyword(below);
            }
        } else {
            row.set_metadata("segment", Cell::text(&is("referrerName", &name)));
        }
    }
    Ok(table)
}

async fn keywords_of_engine(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let (engine, mut rows) = ask.below(table(ask, Table::Engines).await?);
    for row in &mut rows.rows {
        let keyword = row.label().to_owned();
        if !keyword.is_empty() {
            let segment = format!("referrerName=={engine};referrerType==search;{}", is("referrerKeyword", &keyword));
            row.set_metadata("segment", Cell::text(&segment));
        }
        add_search(row, &engine);
    }
    Ok(rows)
}

async fn websites(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask, Table::Websites).await?;
    for row in &mut table.rows {
        if ask.options.flat {
            if let Some(below) = &mut row.subtable {
                name_pages(below);
            }
        } else if !row.label().is_empty() {
            let segment = is("referrerName", row.label());
            row.set_metadata("segment", Cell::text(&segment));
        }
    }
    Ok(table)
}

async fn pages_of_website(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let (_, mut rows) = ask.below(table(ask, Table::Websites).await?);
    name_pages(&mut rows);
    for row in &mut rows.rows {
        let url = row.metadata("url").and_then(Cell::as_str).unwrap_or_default();
        let segment = format!("referrerUrl=={}", encode(url));
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(rows)
}

async fn social_networks(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask, Table::Socials).await?;
    for row in &mut table.rows {
        let segment = is("referrerName", row.label());
        add_social(row);
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(table)
}

async fn pages_of_social(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let networks = table(ask, Table::Socials).await?;
    let mut rows = match ask.options.subtable {
        Some(_) => ask.below(networks).1,
        None => DataTable {
            rows: networks.rows.into_iter().filter_map(|row| row.subtable).flat_map(|below| below.rows).collect(),
            ..DataTable::default()
        },
    };
    for row in &mut rows.rows {
        let url = row.label().to_owned();
        if !url.is_empty() {
            row.set_metadata("segment", Cell::text(&is("referrerUrl", &url)));
        }
        row.set_metadata("url", Cell::text(&url));
        let plain = match url.split_once("://") {
            Some((scheme, rest))
                if !scheme.is_empty() && scheme.chars().all(|sign| sign.is_ascii_alphabetic() || sign == '_' || sign == '-') =>
            {
                rest
            }
            _ => &url,
        };
        row.set("label", Value::text(plain));
    }
    Ok(rows)
}

async fn campaigns(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = table(ask, Table::Campaigns).await?;
    for row in &mut table.rows {
        let segment = is("referrerName", row.label());
        if ask.options.flat
            && let Some(below) = &mut row.subtable
        {
            for keyword in &mut below.rows {
                let narrowed = format!("{segment};referrerType==campaign;{}", is("referrerKeyword", keyword.label()));
                keyword.set_metadata("segment", Cell::text(&narrowed));
            }
        }
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(table)
}

async fn keywords_of_campaign(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let (campaign, mut rows) = ask.below(table(ask, Table::Campaigns).await?);
    for row in &mut rows.rows {
        let segment = format!("referrerName=={campaign};referrerType==campaign;{}", is("referrerKeyword", row.label()));
        row.set_metadata("segment", Cell::text(&segment));
    }
    Ok(rows)
}

fn prepend(table: &mut DataTable, condition: &str) {
    for row in &mut table.rows {
        if let Some(segment) = row.metadata("segment").and_then(Cell::as_str) {
            let segment = format!("{condition}{segment}");
            row.set_metadata("segment", Cell::text(&segment));
        }
    }
}

fn name_unknown_keyword(table: &mut DataTable) {
    for row in &mut table.rows {
        if row.label().is_empty() {
            row.set("label", Value::text("Keyword not defined"));
        }
    }
}

fn add_engine(row: &mut Row) {
    let name = row.label().to_owned();
    row.set_metadata("url", Cell::text(&search_engines::url(&name)));
    row.set_metadata("logo", Cell::text(&search_engines::logo(&name)));
}

/// A search engine below a keyword: its address is that of the search.
fn add_engine_of(row: &mut Row, keyword: &str) {
    let name = row.label().to_owned();
    if let Some(url) = search_engines::search_url(&name, keyword) {
        row.set_metadata("url", Cell::text(&url));
    }
    row.set_metadata("logo", Cell::text(&search_engines::logo(&name)));
}

/// A keyword below a search engine: its address is that of the search.
fn add_search(row: &mut Row, engine: &str) {
    if let Some(url) = search_engines::search_url(engine, row.label()) {
        row.set_metadata("url", Cell::text(&url));
    }
}

fn add_social(row: &mut Row) {
    let name = row.label().to_owned();
    if let Some(host) = socials::host(&name) {
        row.set_metadata("url", Cell::text(host));
    }
    row.set_metadata("logo", Cell::text(&socials::logo(&name)));
}

/// Pages are called by their path; pages with the same path are one row.
fn name_pages(table: &mut DataTable) {
    let mut named: Vec<Row> = Vec::new();
    for mut row in std::mem::take(&mut table.rows) {
        let url = row.label().to_owned();
        let path = path_of(&url);
        row.set_metadata("url", Cell::text(&url));
        row.set("label", Value::text(&path));
        match named.iter_mut().find(|known| known.label() == path) {
            Some(known) => calculate::sum_rows(known, &row),
            None => named.push(row),
        }
    }
    table.rows = named;
}

/// The path and query of a URL without the leading `/`; `index` where there is neither.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = match rest.find(['/', '?', '#']) {
        Some(at) => &rest[at..],
        None => "",
    };
    let path = path.strip_prefix('/').unwrap_or(path);
    // Matomo's `0` is nothing.
    if path.is_empty() || path == "0" { "index".to_owned() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_of_two_kinds_are_added_up_whole() {
        let row = |visits: i64, most: i64| {
            let mut row = Row::labelled(Value::text("Others"));
            row.set("nb_visits", visits);
            row.set("max_actions", most);
            row
        };
        let mut others = row(7, 1);
        let mut more = row(2, 1);
        more.set("nb_users", 3i64);
        add_others(&mut others, &more);
        let numbers = ["nb_visits", "max_actions", "nb_users"].map(|name| others.number(name));
        assert_eq!((others.label(), numbers), ("Others", [Some(9.0), Some(2.0), Some(3.0)]));
    }
}
