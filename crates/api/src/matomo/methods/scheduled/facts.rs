//! What documents can be made of, in which ways and formats.

use footfall_model::{Access, Cell, Name};

use super::MODULE;
use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        dispatch::{Call, Method},
        metadata, scope,
    },
};

pub(in crate::matomo::methods) const METHODS: &[Method] = &[
    Method::new(MODULE, "getReportTypes", Need::Nobody, &[], |_| {
        Box::pin(async { Ok(Answer::map(vec![("email".into(), Cell::text("plugins/Morpheus/icons/dist/report/email.png"))])) })
    }),
    Method::new(MODULE, "getReportFormats", Need::Nobody, &["reportType"], |call| Box::pin(formats(call))),
    Method::new(MODULE, "allowMultipleReports", Need::Nobody, &["reportType"], |call| Box::pin(allows_many(call))),
    Method::new(MODULE, "isSegmentEditorActivated", Need::Nobody, &[], |_| {
        Box::pin(async { Ok(Answer::Data(Cell::Bool(true))) })
    }),
    Method::new(MODULE, "getReportMetadata", Need::Nobody, &["idSite", "reportType"], |call| Box::pin(reports(call))),
];

fn is_mail(call: Call<'_>) -> bool {
    call.request.text("reportType") == Some("email")
}

const FORMATS: [(&str, &str); 4] = [
    ("html", "plugins/Morpheus/images/html_icon.png"),
    ("pdf", "plugins/Morpheus/icons/dist/plugins/pdf.png"),
    ("csv", "plugins/Morpheus/images/export.png"),
    ("tsv", "plugins/Morpheus/images/export.png"),
];

/// Each format with its picture; none for ways that nothing is sent by.
async fn formats(call: Call<'_>) -> Result<Answer, Failure> {
    let one = |(format, picture): &(&'static str, &str)| (Name::Borrowed(format), Cell::text(picture));
    let shown = if is_mail(call) { FORMATS.iter().map(one).collect() } else { Vec::new() };
    Ok(Answer::map(shown))
}

async fn allows_many(call: Call<'_>) -> Result<Answer, Failure> {
    Ok(Answer::Data(if is_mail(call) { Cell::Bool(true) } else { Cell::NULL }))
}

/// The reports of a site that a document may hold: all but the one that holds every number of the others.
async fn reports(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    if !is_mail(call) {
        return Ok(Answer::list(Vec::new()));
    }
    let all = metadata::list(&call.ctx.settings.texts, &site, call.request, false);
    let kept = all.iter().filter(|made| made.module != "API" && made.module != "MultiSites");
    Ok(Answer::list(kept.map(|made| made.cell(None)).collect()))
}
