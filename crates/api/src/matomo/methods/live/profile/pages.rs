//! Pages, downloads, links out and searches of a visitor.

use footfall_model::Cell;
use footfall_report::number;

use super::{
    Profile, Visit, actions, get_filled, number as whole,
    tally::{Tally, pair},
    text,
};

/// What a visitor looked at.
#[derive(Default)]
pub(super) struct Pages {
    actions: i64,
    downloads: i64,
    outlinks: i64,
    searches: i64,
    views: i64,
    revisited: i64,
    timed: i64,
    milliseconds: i64,
    urls: Tally,
    keywords: Tally,
}

impl Pages {
    /// Everything these visits looked at.
    pub(super) fn of(visits: &[Visit]) -> Pages {
        let mut pages = Pages { actions: visits.iter().map(|visit| whole(visit, "actions")).sum(), ..Pages::default() };
        for action in actions(visits) {
            match text(action, "type") {
                "download" => pages.downloads += 1,
                "outlink" => pages.outlinks += 1,
                "action" => {
                    pages.views += 1;
                    let url = text(action, "url");
                    if !url.is_empty() && pages.urls.add(url) == 2 {
                        pages.revisited += 1;
                    }
                }
                _ => {}
            }
            if let Some(keyword) = get_filled(action, "siteSearchKeyword").and_then(Cell::as_str)
                && pages.keywords.add(keyword) == 1
            {
                pages.searches += 1;
            }
            if get_filled(action, "pageLoadTimeMilliseconds").is_some() {
                pages.timed += 1;
                pages.milliseconds += whole(action, "pageLoadTimeMilliseconds");
            }
        }
        pages
    }

    /// The sums, which stand before the visits.
    pub(super) fn sums(&self, profile: &mut Profile) {
        profile.put("totalActions", self.actions);
        profile.put("totalOutlinks", self.outlinks);
        profile.put("totalDownloads", self.downloads);
        profile.put("totalSearches", self.searches);
        profile.put("totalPageViews", self.views);
        profile.put("totalUniquePageViews", self.urls.counted.len() as i64);
        profile.put("totalRevisitedPages", self.revisited);
        // How long pages took to be made is not measured any more.
        profile.put("totalPageViewsWithTiming", 0i64);
        profile.put("totalPageViewsWithLoadTime", self.timed);
        let mut keywords = self.keywords.counted.clone();
        keywords.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let keywords = keywords.iter().map(|(keyword, count)| pair("keyword", keyword, "searches", *count));
        profile.put("searches", Cell::List(keywords.collect()));
    }

    /// The pages one by one, which stand behind the visits, and how long they took to load on average.
    pub(super) fn lists(self, profile: &mut Profile) {
        let mut urls = self.urls.counted;
        urls.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let urls = urls.iter().map(|(url, count)| pair("url", url, "count", *count));
        profile.put("visitedPages", Cell::List(urls.collect()));
        if self.timed > 0 {
            let seconds = self.milliseconds as f64 / (1000 * self.timed) as f64;
            profile.put("averagePageLoadTime", Cell::Value(number::number(number::round(seconds, 3))));
        }
    }
}
