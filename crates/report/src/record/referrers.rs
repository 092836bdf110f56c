//! Where visits came from: one question for visits and one for conversions, put together to every report about referrers.

use footfall_model::{Error, GoalId, Key, Name, Text, Value, dimensions::referrer};

use super::{
    tree::{Place, Tree},
    visits::{self, Group, conversion_column},
};
use crate::{Reader, Slice};

/// Matomo's kinds of referrer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Typed in, or from a bookmark.
    Direct,
    /// A search engine.
    Search,
    /// Another website.
    Website,
    /// A tagged link.
    Campaign,
    /// A social network.
    Social,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Direct, Kind::Search, Kind::Website, Kind::Campaign, Kind::Social];

    /// The kind that a column's word means; nothing known is direct.
    pub fn read(word: &str) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).unwrap_or(Kind::Direct)
    }

    /// The word that segments and columns use.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Direct => "direct",
            Kind::Search => "search",
            Kind::Website => "website",
            Kind::Campaign => "campaign",
            Kind::Social => "social",
        }
    }

    /// Matomo's number.
    pub fn number(self) -> i64 {
        match self {
            Kind::Direct => 1,
            Kind::Search => 2,
            Kind::Website => 3,
            Kind::Campaign => 6,
            Kind::Social => 7,
        }
    }

    /// What a person reads.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Direct => "Direct Entry",
            Kind::Search => "Search Engines",
            Kind::Website => "Websites",
            Kind::Campaign => "Campaigns",
            Kind::Social => "Social Networks",
        }
    }
}

/// Which table is wanted of [`Referrers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// By kind; labels are Matomo's numbers.
    Kinds,
    /// Search engines with the keywords below them.
    Engines,
    /// Keywords with the search engines below them.
    Keywords,
    /// Websites with their pages below them.
    Websites,
    /// Social networks with their pages below them.
    Socials,
    /// Campaigns with their keywords below them.
    Campaigns,
}

/// What the store says about where visits came from.
pub struct Referrers {
    slice: Slice,
    visits: Vec<Group>,
    reached: Vec<Reached>,
}

/// The values of the keys, the goal, and its figures.
type Reached = (Vec<Value>, GoalId, Vec<(Name, f64)>);

impl Referrers {
    /// Asks for one slice.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn ask(reader: &Reader, slice: &Slice) -> Result<Referrers, Error> {
        let keys = [
            Key::Column(referrer::REFERRER_TYPE.at()),
            Key::Column(referrer::REFERRER_NAME.at()),
            Key::Column(referrer::REFERRER_KEYWORD.at()),
            Key::Column(referrer::REFERRER_URL.at()),
        ];
        let credited = ["referrer_type", "referrer_name", "referrer_keyword"].map(|name| Key::Column(conversion_column(name)));
        let visits = visits::by(reader, slice, &keys).await?;
        let reached = visits::reached_by(reader, slice, &credited)
            .await?
            .into_iter()
            .map(|reached| (reached.keys, reached.goal, reached.metrics))
            .collect();
        Ok(Referrers { slice: slice.clone(), visits, reached })
    }

    /// How many different pages of websites there were.
    pub fn n_website_pages(&self) -> usize {
        let mut pages: Vec<&str> =
            self.visits.iter().filter(|group| kind(&group.keys) == Kind::Website).map(|group| text(&group.keys, 3)).collect();
        pages.sort_unstable();
        pages.dedup();
        pages.len()
    }

    /// One of the tables.
    pub fn tree(&self, table: Table) -> Tree {
        let mut tree = Tree::new(visits::columns(self.slice.period));
        for group in &self.visits {
            let Some((top, below)) = labels(table, &group.keys) else {
                continue;
            };
            let at = tree.row(None, &Text::from(top));
            visits::add(&mut tree, at, group);
            if let Some(below) = below {
                let at = tree.row(Some(at), &Text::from(below));
                visits::add(&mut tree, at, group);
            }
        }
        for (keys, goal, metrics) in &self.reached {
            let Some((top, below)) = labels(table, keys) else {
                continue;
            };
            let at: Place = tree.row(None, &Text::from(top));
            tree.add_goal(at, *goal, metrics);
            // Conversions know the campaign's keyword, but not the page they came from.
            if let (Table::Campaigns, Some(below)) = (table, below) {
                let at = tree.row(Some(at), &Text::from(below));
                tree.add_goal(at, *goal, metrics);
            }
        }
        tree
    }
}

/// The label of a row and of the row below it, where the keys belong into the table.
fn labels(table: Table, keys: &[Value]) -> Option<(String, Option<String>)> {
    let kind = kind(keys);
    let (name, keyword, url) = (text(keys, 1), text(keys, 2), text(keys, 3));
    let is_conversion = keys.len() < 4;
    let page = || (!is_conversion).then(|| url.to_owned());
    let wanted = match table {
        Table::Kinds => return Some((kind.number().to_string(), None)),
        Table::Engines | Table::Keywords => Kind::Search,
        Table::Websites => Kind::Website,
        Table::Socials => Kind::Social,
        Table::Campaigns => Kind::Campaign,
    };
    if kind != wanted {
        return None;
    }
    Some(match table {
        Table::Keywords => (keyword.to_owned(), (!is_conversion).then(|| name.to_owned())),
        Table::Engines => (name.to_owned(), (!is_conversion).then(|| keyword.to_owned())),
        Table::Campaigns => (name.to_owned(), (!keyword.is_empty()).then(|| keyword.to_owned())),
        _ => (name.to_owned(), page()),
    })
}

fn kind(keys: &[Value]) -> Kind {
    Kind::read(text(keys, 0))
}

fn text(keys: &[Value], index: usize) -> &str {
    keys.get(index).and_then(Value::as_str).unwrap_or_default()
}
