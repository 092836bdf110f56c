//! `Referrers.*` beside its reports: how words that are not known are told.

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "Referrers";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "getKeywordNotDefinedString", Need::Nobody, &[], |_| Box::pin(async { Ok(Answer::value(NOT_DEFINED)) })),
    Method::new(MODULE, "getCleanKeyword", Need::Nobody, &["label"], |call| Box::pin(clean(call))),
];

const NOT_DEFINED: &str = "Keyword not defined";

async fn clean(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(Answer::value(scope::required(call.request, "label")?))
}
