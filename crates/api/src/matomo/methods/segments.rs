//! `SegmentEditor.*`: segments that are kept.

use footfall_admin::{NewSegment, SavedSegment};
use footfall_model::{Access, Cell, SiteId};
use md5::{Digest, Md5};

use crate::{
    access::{self, Need},
    matomo::{
        Answer, Failure,
        cells::{bit, cells, moment},
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "SegmentEditor";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "add", Need::Nobody, &["name", "definition"], |call| Box::pin(add(call))),
    Method::new(MODULE, "update", Need::Somewhere(Access::View), &["idSegment", "name", "definition"], |call| {
        Box::pin(update(call))
    }),
    Method::new(MODULE, "delete", Need::Somewhere(Access::View), &["idSegment"], |call| Box::pin(delete(call))),
    Method::new(MODULE, "get", Need::Somewhere(Access::View), &["idSegment"], |call| Box::pin(get(call))),
    Method::new(MODULE, "getAll", Need::Nobody, &[], |call| Box::pin(list(call))),
    Method::new(MODULE, "isUserCanAddNewSegment", Need::Nobody, &["idSite"], |call| {
        Box::pin(async move {
            let site = scope::site(call.ctx, call.caller, call.request, Access::View).ok();
            Ok(Answer::value(!call.caller.is_anonymous() && site.is_some()))
        })
    }),
];

const NOT_YOURS: &str = "You can only edit and delete custom segments that you have created yourself. This segment was created \
                         and 'shared with you' by the Super User. To modify this segment, you can first create a new one by \
                         clicking on 'Add new segment'. Then you can customize the segment's definition.";

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let site = call.request.int("idSite").and_then(|id| u32::try_from(id).ok()).map(SiteId).filter(|site| site.0 != 0);
    let may = match site {
        Some(site) => call.caller.allows(site, Access::View),
        // For every site: whoever is to see them all.
        None => call.caller.superuser,
    };
    if !may || call.caller.is_anonymous() {
        let message = "You don't have the required access level to create and edit segments.";
        return Err(Failure::new(message));
    }
    let saved = call.ctx.admin.add_segment(new(call)?, call.ctx.now).await?;
    Ok(Answer::value(saved.id))
}

async fn update(call: Call<'_>) -> Result<Answer, Failure> {
    let held = own(call).await?;
    let new = NewSegment { login: held.segment.login.clone(), starred: held.segment.starred, ..new(call)? };
    call.ctx.admin.update_segment(held.id, new, call.ctx.now).await?;
    Ok(Answer::value(true))
}

async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let held = own(call).await?;
    call.ctx.admin.delete_segment(held.id).await?;
    Ok(Answer::value(true))
}

async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    let id = call.request.int("idSegment").ok_or_else(|| Failure::new("idSegment should be numeric."))?;
    let all = call.ctx.admin.segments().await?;
    let Some(found) = all.iter().find(|segment| segment.id == id) else {
        return Ok(Answer::value(false));
    };
    if !found.segment.shared && !call.caller.superuser && found.segment.login != call.caller.login {
        return Err(Failure::new(NOT_YOURS));
    }
    Ok(Answer::Data(shown(found)))
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    let site = match call.request.filled("idSite").filter(|given| *given != "0" && *given != "false") {
        Some(_) => Some(scope::site(call.ctx, call.caller, call.request, Access::View)?.id),
        None => {
            access::check(call.caller, Need::Somewhere(Access::View))?;
            None
        }
    };
    let mut all = call.ctx.admin.segments().await?;
    all.retain(|saved| {
        let segment = &saved.segment;
        let of_site = site.is_none() || segment.site.is_none() || segment.site == site;
        let is_read = scope::parse_segment(&segment.definition).is_ok();
        is_read && of_site && (call.caller.superuser || segment.shared || segment.login == call.caller.login)
    });
    all.sort_by(|one, two| one.segment.name.cmp(&two.segment.name));
    all.sort_by_key(|saved| (saved.segment.login != call.caller.login, !saved.segment.shared));
    Ok(Answer::list(all.iter().map(shown).collect()))
}

/// The segment named, which the caller may change.
async fn own(call: Call<'_>) -> Result<SavedSegment, Failure> {
    let id = call.request.int("idSegment").ok_or_else(|| Failure::new("idSegment should be numeric."))?;
    let all = call.ctx.admin.segments().await?;
    let held = all.into_iter().find(|segment| segment.id == id).ok_or_else(|| Failure::new("Requested segment not found"))?;
    if !call.caller.superuser && held.segment.login != call.caller.login {
        return Err(Failure::new(NOT_YOURS));
    }
    Ok(held)
}

fn new(call: Call<'_>) -> Result<NewSegment, Failure> {
    let request = call.request;
    let site = match request.filled("idSite").filter(|given| *given != "0") {
        None => None,
        Some(given) => {
            let id: u32 = given.parse().map_err(|_| Failure::new("idSite should be a numeric value"))?;
            access::check_site(call.caller, SiteId(id), Access::View)?;
            Some(SiteId(id))
        }
    };
    let shared = request.flag("enabledAllUsers");
    if !call.caller.superuser {
        if shared {
            return Err(Failure::new("enabledAllUsers=1 requires Super User access"));
        }
        if site.is_none() {
            return Err(Failure::new(NOT_YOURS));
        }
    }
    let definition = scope::required(request, "definition")?.replace('#', "%23").replace('\'', "%27").replace('&', "%26");
    let invalid = |failure: Failure| Failure::new(format!("The specified segment is invalid: {}", failure.message));
    let parsed = scope::parse_segment(&definition).map_err(invalid)?;
    if let Some(site) = site.and_then(|id| call.ctx.sites.get(id)) {
        footfall_report::segment::check(&parsed, site, &call.ctx.catalogue).map_err(|error| invalid(error.into()))?;
    } else {
        // One site at least has to know what it names.
        let mut sites = call.ctx.sites.all().into_iter();
        let first = sites.next().map(|site| footfall_report::segment::check(&parsed, &site, &call.ctx.catalogue));
        if let Some(Err(error)) = first
            && !sites.any(|site| footfall_report::segment::check(&parsed, &site, &call.ctx.catalogue).is_ok())
        {
            return Err(invalid(error.into()));
        }
    }
    Ok(NewSegment {
        name: scope::required(request, "name")?.to_owned(),
        definition,
        login: call.caller.login.clone(),
        site,
        shared,
        starred: false,
        auto_archive: request.flag("autoArchive"),
    })
}

fn shown(saved: &SavedSegment) -> Cell {
    let segment = &saved.segment;
    let decoded = scope::decode_plus(&segment.definition);
    cells! {
        "idsegment" => saved.id,
        "name" => segment.name.as_str(),
        "definition" => segment.definition.as_str(),
        "hash" => digest(&decoded).as_str(),
        "login" => segment.login.as_str(),
        "enable_all_users" => bit(segment.shared),
        "enable_only_idsite" => segment.site.map_or(0, |site| i64::from(site.0)),
        "auto_archive" => bit(segment.auto_archive),
        "ts_created" => moment(saved.created_at).as_str(),
        "ts_last_edit" => saved.changed_at.map_or(Cell::NULL, |at| moment(at).as_str().into()),
        "deleted" => 0i64,
    }
}

/// What tells definitions apart: the MD5 of the definition as people write it.
fn digest(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_told_apart_as_matomo_does() {
        assert_eq!(digest("visitorType==new"), "90a5a511e1974bca37613b6daec137ba");
    }
}
