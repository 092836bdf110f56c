//! What was done directly before and after an action: the pages and searches around it, the files and links that were followed
//! from it, and where visits that began with it came from.

use footfall_model::{
    ActionKind, Aggregate, Column, Error, Fact, Filter, Key, Measure, Order, Text, Value,
    dimensions::referrer::{REFERRER_KEYWORD, REFERRER_NAME, REFERRER_TYPE, REFERRER_URL},
};

use super::{
    actions::{full_url, hit},
    referrers::Kind,
    visits::column,
};
use crate::{Reader, Slice};

/// How many labels each list has where nothing else is asked for; what is left is summed up in one more.
pub const LABELS: usize = 5;

/// The label of what is summed up.
pub const OTHERS: &str = "Others";

/// The action in the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A page, by its URL without scheme and `www.`.
    Url(Text),
    /// A page, by its title.
    Title(Text),
}

impl Action {
    fn text(&self) -> &Text {
        match self {
            Action::Url(text) | Action::Title(text) => text,
        }
    }

    /// The columns of actions that name it: of the action itself and of the one before.
    fn columns(&self) -> (Column, Column) {
        match self {
            Action::Url(_) => (hit("url"), hit("ref_url")),
            Action::Title(_) => (hit("title"), hit("ref_title")),
        }
    }

    /// Actions after this one. A title before may also be what was searched for, which is another thing.
    fn came_before(&self) -> Filter {
        let same = Filter::is(self.columns().1, Value::Text(Text::clone(self.text())));
        match self {
            Action::Url(_) => same,
            Action::Title(_) => same.and(Filter::is(hit("ref_kind"), ActionKind::PageView as i64)),
        }
    }

    /// Visits that began with it.
    fn began(&self) -> Filter {
        let text = Value::Text(Text::clone(self.text()));
        match self {
            Action::Url(_) => Filter::is(column("entry_url"), text),
            Action::Title(_) => {
                Filter::is(column("entry_title"), text).and(Filter::is(column("entry_kind"), ActionKind::PageView as i64))
            }
        }
    }
}

/// Something with how often it stood next to the action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// What it is called.
    pub label: String,
    /// How often.
    pub count: i64,
}

/// What came before the action within the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Pages.
    pub pages: Vec<Neighbour>,
    /// What was searched for.
    pub searches: Vec<Neighbour>,
    /// How often the action came after itself.
    pub loops: i64,
    /// How often the action was done at all.
    pub views: i64,
}

/// What came after the action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// Pages.
    pub pages: Vec<Neighbour>,
    /// What was searched for.
    pub searches: Vec<Neighbour>,
    /// Links to elsewhere.
    pub outlinks: Vec<Neighbour>,
    /// Files.
    pub downloads: Vec<Neighbour>,
}

impl After {
    /// How often the visit went on within the site: files and links do not count as that.
    pub fn stayed(&self) -> i64 {
        self.pages.iter().chain(&self.searches).map(|neighbour| neighbour.count).sum()
    }
}

/// A kind of referrer that visits beginning with the action had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// Which kind.
    pub kind: Kind,
    /// How many visits.
    pub visits: i64,
    /// Search engines, networks, pages, or campaigns with their keywords.
    pub details: Vec<Neighbour>,
}

/// Which of a slice's actions before and after an action are wanted: at most this many labels a list.
#[derive(Clone, Copy)]
pub struct Transitions<'a> {
    /// What it is made with.
    pub reader: &'a Reader,
    /// Site, period, visits.
    pub slice: &'a Slice,
    /// The action in the middle.
    pub action: &'a Action,
    /// How many labels a list has before the rest is summed up.
    pub limit: usize,
}

impl Transitions<'_> {
    /// What came before within the site.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn before(&self) -> Result<Before, Error> {
        let (this, before) = self.action.columns();
        let is_it = Filter::is(this, Value::Text(Text::clone(self.action.text())));
        let filter = is_it.and(Filter::is(hit("kind"), ActionKind::PageView as i64));
        let mut found = Before::default();
        let (mut pages, mut searches) = (Vec::new(), Vec::new());
        for row in self.hits(filter, &[before, hit("ref_kind"), hit("ref_title")]).await? {
            let (count, second) = (row[3].as_i64().unwrap_or_default(), row[4].as_i64().unwrap_or_default());
            let is_search = row[1].as_i64() == Some(ActionKind::Search as i64);
            found.views += count;
            match (self.action, row[0].as_str().filter(|text| !text.is_empty())) {
                (Action::Title(_), Some(keyword)) if is_search => searches.push((keyword.to_owned(), count)),
                (_, Some(text)) if text == self.action.text().as_ref() => found.loops += count,
                (_, Some(text)) => pages.push((text.to_owned(), count)),
                // Matomo does not tell a search that opened a visit from nothing at all.
                (Action::Url(_), None) if is_search && count > second => {
                    searches.push((row[2].as_str().unwrap_or_default().to_owned(), count - second));
                }
                (_, None) => {}
            }
        }
        (found.pages, found.searches) = (self.ranked(pages), self.ranked(searches));
        Ok(found)
    }

    /// What came after. Where loops are wanted, the action itself is among the pages after it.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn after(&self, with_loops: bool) -> Result<After, Error> {
        let (this, _) = self.action.columns();
        let kinds = [ActionKind::PageView, ActionKind::Search, ActionKind::Outlink, ActionKind::Download];
        let kinds = kinds.into_iter().map(|kind| Filter::is(hit("kind"), kind as i64)).collect();
        let filter = self.action.came_before().and(Filter::Or(kinds));
        let keys = [hit("kind"), this, hit("search_keyword"), hit("url"), hit("url_prefix")];
        let mut lists: [Vec<(String, i64)>; 4] = Default::default();
        for row in self.hits(filter, &keys).await? {
            let count = row[5].as_i64().unwrap_or_default();
            let text = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
            let (list, label) = match row[0].as_i64().and_then(|kind| ActionKind::from_code(u8::try_from(kind).ok()?)) {
                Some(ActionKind::PageView) => (0, text(1)),
                Some(ActionKind::Search) => (1, text(2)),
                Some(ActionKind::Outlink) => (2, full_url(&text(3), row[4].as_i64())),
                Some(ActionKind::Download) => (3, full_url(&text(3), row[4].as_i64())),
                _ => continue,
            };
            let is_loop = list == 0 && label == self.action.text().as_ref();
            if !label.is_empty() && (with_loops || !is_loop) {
                lists[list].push((label, count));
            }
        }
        let [pages, searches, outlinks, downloads] = lists.map(|list| self.ranked(list));
        Ok(After { pages, searches, outlinks, downloads })
    }

    /// Where visits that began with the action came from, by kind in Matomo's order.
    ///
    /// # Errors
    /// When the segment is not known or the store cannot answer.
    pub async fn referrers(&self) -> Result<Vec<From>, Error> {
        let mut query = self.slice.query(Fact::Visits);
        query.filter = self.reader.segment_filter(self.slice)?.and(self.action.began());
        let keys = [REFERRER_TYPE.at(), REFERRER_NAME.at(), REFERRER_KEYWORD.at(), REFERRER_URL.at()];
        query.keys = keys.into_iter().map(Key::Column).collect();
        query.measures = vec![Measure::new("visits", Aggregate::Count)];
        let rows = self.reader.ask(&query).await?.rows;
        let mut found = Vec::new();
        for kind in [Kind::Direct, Kind::Search, Kind::Social, Kind::Website, Kind::Campaign] {
            let mut details = Vec::new();
            let mut visits = 0;
            for row in &rows {
                let text = |at: usize| row[at].as_str().unwrap_or_default();
                if Kind::read(text(0)) != kind {
                    continue;
                }
                let count = row[4].as_i64().unwrap_or_default();
                visits += count;
                let label = match kind {
                    Kind::Direct => continue,
                    Kind::Search if text(1).is_empty() => "Unknown".to_owned(),
                    Kind::Search | Kind::Social => text(1).to_owned(),
                    Kind::Website => text(3).to_owned(),
                    Kind::Campaign => format!("{} {}", text(1), text(2)),
                };
                details.push((label, count));
            }
            if visits > 0 {
                let details = self.ranked(details).into_iter().filter(|detail| !detail.label.is_empty()).collect();
                found.push(From { kind, visits, details });
            }
        }
        Ok(found)
    }

    /// How many actions there were of each group, and how many of them were the second page view or search of their visit.
    async fn hits(&self, filter: Filter, keys: &[Column]) -> Result<Vec<Vec<Value>>, Error> {
        let mut query = self.slice.query(Fact::Hits);
        query.filter = self.reader.segment_filter(self.slice)?.and(filter);
        query.keys = keys.iter().copied().map(Key::Column).collect();
        let is_second = Filter::is(hit("position"), 2);
        query.measures =
            vec![Measure::new("actions", Aggregate::Count), Measure::new("second", Aggregate::Count).only(is_second)];
        query.order = vec![Order::Measure { name: "actions".into(), descending: true }];
        Ok(self.reader.ask(&query).await?.rows)
    }

    fn ranked(&self, given: Vec<(String, i64)>) -> Vec<Neighbour> {
        ranked(given, self.limit)
    }
}

/// The labels with the greatest counts, equal ones by name; what is beyond the limit is one more.
fn ranked(given: Vec<(String, i64)>, limit: usize) -> Vec<Neighbour> {
    let mut sums = std::collections::BTreeMap::<String, i64>::new();
    for (label, count) in given {
        *sums.entry(label).or_default() += count;
    }
    let mut all: Vec<Neighbour> = sums.into_iter().map(|(label, count)| Neighbour { label, count }).collect();
    all.sort_by_cached_key(|neighbour| (std::cmp::Reverse(neighbour.count), neighbour.label.to_lowercase()));
    if all.len() > limit {
        let count = all.split_off(limit).iter().map(|neighbour| neighbour.count).sum();
        all.push(Neighbour { label: OTHERS.to_owned(), count });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_summed_up() {
        let given = [("b", 2), ("A", 2), ("c", 7), ("d", 1), ("b", 1), ("e", 1)];
        let given = || given.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect();
        let shown = |limit| -> Vec<(String, i64)> {
            ranked(given(), limit).into_iter().map(|neighbour| (neighbour.label, neighbour.count)).collect()
        };
        let pair = |label: &str, count: i64| (label.to_owned(), count);
        assert_eq!(shown(2), [pair("c", 7), pair("b", 3), pair(OTHERS, 4)]);
        assert_eq!(shown(5), [pair("c", 7), pair("b", 3), pair("A", 2), pair("d", 1), pair("e", 1)]);
    }
}
