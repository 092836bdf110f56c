//! `Overlay.*`: what a page that is shown with its own numbers asks for.

use footfall_model::{Access, Cell};

use super::{sites::global::excluded_params, transitions};
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::cells,
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "Overlay";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getTranslations", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(words())
        })
    }),
    Method::new(MODULE, "getExcludedQueryParameters", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
            Ok(Answer::Data(excluded_params(call, &site)))
        })
    }),
    Method::new(MODULE, "getFollowingPages", Need::Nobody, &["url", "idSite", "period", "date"], |call| {
        Box::pin(following(call))
    }),
];

fn words() -> Answer {
    Answer::Data(cells! {
        "oneClick" => "1 click",
        "clicks" => "%s clicks",
        "clicksFromXLinks" => "%1$s clicks from one of %2$s links",
        "link" => "Link",
    })
}

/// Where visitors went from a page: pages, then links to elsewhere, then files. Nothing where nobody saw the page.
async fn following(call: Call<'_>) -> Result<Answer, Failure> {
    scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let mut asked = call.request.clone();
    asked.set("limitBeforeGrouping", LIMIT);
    let call = Call { request: &asked, ..call };
    let Ok(Answer::Data(Cell::Map(found))) = transitions::of(call, "url", "url", "followingActions").await else {
        return Ok(Answer::list(Vec::new()));
    };
    let rows = ["followingPages", "outlinks", "downloads"].into_iter().flat_map(|part| {
        let rows = found.iter().find(|(name, _)| name == part).map(|(_, rows)| rows.clone());
        match rows {
            Some(Cell::List(rows)) => rows,
            _ => Vec::new(),
        }
    });
    Ok(Answer::list(rows.collect()))
}

/// How many pages are told apart.
const LIMIT: &str = "300";
