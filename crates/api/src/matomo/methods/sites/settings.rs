//! What can be set of a site, as a form shows it.

use footfall_model::{Access, Cell, Name, Site};

use super::MODULE;
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::{bit, cells, texts},
        dispatch::{Call, Method},
        scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getSiteSettings", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::Admin)?;
            Ok(Answer::list(vec![of(call, &site.kind, Some(&site))]))
        })
    }),
    Method::new("API", "getAvailableMeasurableTypes", Need::Somewhere(Access::View), &[], |call| Box::pin(kinds(call))),
];

/// The kinds of site there are, each with what can be set of it.
async fn kinds(call: Call<'_>) -> Result<Answer, Failure> {
    let one = |(id, name, description): (&str, &str, &str)| {
        cells! {
            "id" => id,
            "name" => name,
            "description" => description,
            "howToSetupUrl" => "?module=CoreAdminHome&action=trackingCodeGenerator",
            "settings" => Cell::List(vec![of(call, id, None)]),
        }
    };
    Ok(Answer::list(KINDS.into_iter().map(one).collect()))
}

const KINDS: [(&str, &str, &str); 2] = [
    ("website", "Website", "Pages that are usually all on one domain."),
    ("intranet", "Intranet", "Pages of an organisation, whose visitors share an address and look alike."),
];

/// Everything that can be set of a site with what it is set to; of no site, what a new one begins with.
fn of(call: Call<'_>, kind: &str, site: Option<&Site>) -> Cell {
    let plugin = if kind == "intranet" { "IntranetMeasurable" } else { "WebsiteMeasurable" };
    let fields = fields(call, site).into_iter().map(Field::shown).collect();
    cells! {"pluginName" => plugin, "title" => plugin, "settings" => Cell::List(fields)}
}

/// One field of the form.
struct Field {
    name: &'static str,
    title: &'static str,
    value: Cell,
    default: Cell,
    kind: &'static str,
    control: &'static str,
    attributes: Vec<(&'static str, Cell)>,
    choices: Cell,
    description: String,
    help: &'static str,
    condition: &'static str,
}

impl Field {
    fn list(name: &'static str, title: &'static str, held: Option<&[String]>, help: &'static str) -> Field {
        Field {
            name,
            title,
            // A list in which there is nothing comes as one empty text.
            value: held.map_or_else(|| Cell::List(Vec::new()), |held| texts(held.join(",").split(','))),
            default: Cell::List(Vec::new()),
            kind: "array",
            control: "textarea",
            attributes: vec![("cols", Cell::from(20i64)), ("rows", Cell::from(4i64))],
            choices: Cell::NULL,
            description: String::new(),
            help,
            condition: "",
        }
    }

    fn yes_or_no(name: &'static str, title: &'static str, held: bool, default: bool, help: &'static str) -> Field {
        Field {
            value: Cell::Bool(held),
            default: Cell::Bool(default),
            kind: "boolean",
            control: "checkbox",
            attributes: Vec::new(),
            ..Field::list(name, title, None, help)
        }
    }

    fn choice(name: &'static str, title: &'static str, values: (Cell, Cell), choices: Cell, help: &'static str) -> Field {
        let (value, default) = values;
        let base = Field::list(name, title, None, help);
        Field { value, default, kind: "integer", control: "select", attributes: Vec::new(), choices, ..base }
    }

    fn shown(self) -> Cell {
        let text = |text: &str| if text.is_empty() { Cell::NULL } else { Cell::text(text) };
        let attributes: Vec<(Name, Cell)> = self.attributes.into_iter().map(|(name, value)| (name.into(), value)).collect();
        cells! {
            "name" => self.name,
            "title" => self.title,
            "value" => self.value,
            "defaultValue" => self.default,
            "type" => self.kind,
            "uiControl" => self.control,
            "uiControlAttributes" => if attributes.is_empty() { Cell::List(Vec::new()) } else { Cell::Map(attributes) },
            "availableValues" => self.choices,
            "description" => text(&self.description),
            "inlineHelp" => text(self.help),
            "introduction" => Cell::NULL,
            "condition" => text(self.condition),
            "fullWidth" => Cell::Bool(false),
        }
    }
}

fn fields(call: Call<'_>, site: Option<&Site>) -> Vec<Field> {
    let list = |held: fn(&Site) -> &[String]| site.map(held);
    let words = |words: &[&str]| Cell::List(words.iter().map(|word| Cell::text(word)).collect());
    let mut urls = Field::list(
        "urls",
        "URLs",
        None,
        "Every URL that visitors use to reach this site, one a line; with or without `www.` is the same.",
    );
    urls.value = site.map_or_else(|| Cell::List(Vec::new()), |site| texts(&site.urls));
    let placeholder = Cell::text("http://example.com/\nhttps://www.example.org/");
    urls.attributes = vec![("cols", Cell::from(25i64)), ("rows", Cell::from(3i64)), ("placeholder", placeholder)];
    let mut fragments = Field::choice(
        "keep_url_fragment",
        "Keep Page URL fragments when tracking Page URLs",
        (Cell::text(if site.is_some_and(|site| site.keep_fragments) { "1" } else { "0" }), Cell::text("0")),
        words(&["No (Default)", "Yes", "No"]),
        "",
    );
    fragments.kind = "string";
    let mut addresses = Field::list(
        "excluded_ips",
        "Excluded IPs",
        list(|site| &site.exclusions.addresses),
        "Addresses whose visits do not count, one a line: single ones, ranges such as 1.2.3.4/24, or 1.2.3.*.",
    );
    addresses.attributes.push(("placeholder", Cell::text(&call.ctx.peer.to_string())));
    let has_own_words = site.is_some_and(|site| !site.search.keyword_params.is_empty());
    let shared = &call.ctx.sites.settings;
    let mut shares_words =
        Field::yes_or_no("use_default_site_search_params", "Use default Site Search parameters", !has_own_words, true, "");
    shares_words.description = format!(
        "Query parameter (Default): {} & Category parameter: {}",
        shared.search_keyword_params.join(","),
        shared.search_category_params.join(",")
    );
    shares_words.condition = "1 && sitesearch";
    let search_words = |name, title, held: fn(&Site) -> &[String], help| Field {
        control: "text",
        attributes: Vec::new(),
        condition: "sitesearch && !use_default_site_search_params",
        ..Field::list(name, title, list(held), help)
    };
    vec![
        urls,
        Field::yes_or_no(
            "exclude_unknown_urls",
            "Only track visits and actions when the action URL starts with one of the above URLs.",
            site.is_some_and(|site| site.exclusions.unknown_urls),
            false,
            "Pages whose URL begins with none of the site's own are not counted: domain and path have to be the same.",
        ),
        fragments,
        addresses,
        Field::list(
            "excluded_parameters",
            "Excluded Parameters",
            list(|site| &site.excluded_params),
            "Parameters that are cut from page URLs, one a line; regular expressions between slashes are understood.",
        ),
        Field::list(
            "excluded_user_agents",
            "Excluded User Agents",
            list(|site| &site.exclusions.user_agents),
            "Visits whose user agent contains one of these do not count; regular expressions between slashes are understood.",
        ),
        Field::list(
            "excluded_referrers",
            "Excluded referrers",
            list(|site| &site.exclusions.referrers),
            "Hosts, with or without a path, that do not count as referrers; one that begins with a dot means its subdomains too.",
        ),
        Field::choice(
            "sitesearch",
            "Site Search",
            (Cell::from(bit(site.is_none_or(|site| site.search.enabled))), Cell::from(1i64)),
            Cell::Map(vec![
                ("1".into(), Cell::text("Site Search tracking enabled")),
                ("0".into(), Cell::text("Do not track Site Search")),
            ]),
            "Whether words that are looked for within the site are reported.",
        ),
        shares_words,
        search_words(
            "sitesearch_keyword_parameters",
            "Query parameter",
            |site| &site.search.keyword_params,
            "The query parameters that hold what is looked for, with commas between them.",
        ),
        search_words(
            "sitesearch_category_parameters",
            "Category parameter",
            |site| &site.search.category_params,
            "The query parameters that hold where it is looked for, with commas between them.",
        ),
        Field::choice(
            "ecommerce",
            "Ecommerce",
            (Cell::from(bit(site.is_some_and(|site| site.ecommerce))), Cell::from(0i64)),
            words(&["Not an Ecommerce site", "Ecommerce enabled"]),
            "Whether orders, carts and products are reported.",
        ),
    ]
}
