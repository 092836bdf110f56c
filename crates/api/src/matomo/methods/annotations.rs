//! `Annotations.*`: notes on days.

use footfall_admin::{Annotation, AnnotationChanges};
use footfall_model::{Access, Cell, DateRange, Day, Fault, Name, PeriodKind, Site, SiteId};
use footfall_report::Periods;

use crate::{
    access::Need,
    matomo::{
        Answer, Failure,
        cells::{bit, cells},
        dispatch::{Call, Method},
        scope,
    },
};

const MODULE: &str = "Annotations";

pub(super) const METHODS: &[Method] = &[
    Method::new(MODULE, "add", Need::Nobody, &["idSite"], |call| Box::pin(add(call))),
    Method::new(MODULE, "save", Need::Nobody, &["idSite", "idNote"], |call| Box::pin(save(call))),
    Method::new(MODULE, "delete", Need::Nobody, &["idSite", "idNote"], |call| Box::pin(delete(call))),
    Method::new(MODULE, "deleteAll", Need::Superuser, &["idSite"], |call| Box::pin(delete_all(call))),
    Method::new(MODULE, "get", Need::Nobody, &["idSite", "idNote"], |call| Box::pin(get(call))),
    Method::new(MODULE, "getAll", Need::Nobody, &["idSite"], |call| Box::pin(list(call))),
    Method::new(MODULE, "getAnnotationCountForDates", Need::Nobody, &["idSite", "date", "period"], |call| Box::pin(count(call))),
];

/// How long a note is kept, in characters.
const LONGEST: usize = 255;

async fn add(call: Call<'_>) -> Result<Answer, Failure> {
    let given = one_site(call)?;
    let sent = |name: &str| call.request.text(name).ok_or_else(|| Failure::missing(name));
    let (date, note) = (sent("date")?, scope::required(call.request, "note")?);
    let may = given.parse().is_ok_and(|id| call.caller.allows(SiteId(id), Access::View)) && !call.caller.is_anonymous();
    if !may {
        return Err(Failure::new(format!("The current user is not allowed to add notes for site #{given}.")));
    }
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let day = scope::moment(date, scope::today(call.ctx, Some(&site)))?.date();
    let note = shortened(note);
    let starred = call.request.flag("starred");
    let made = call.ctx.admin.add_annotation(site.id, day, &note, starred, &call.caller.login, call.ctx.now).await?;
    Ok(Answer::Data(shown(call, site.id, &made)))
}

/// The text of `idSite`, which has to be one number.
fn one_site(call: Call<'_>) -> Result<&str, Failure> {
    let given = scope::required(call.request, "idSite")?;
    given.parse::<i64>().map(|_| given).map_err(|_| Failure::missing("idSite"))
}

async fn save(call: Call<'_>) -> Result<Answer, Failure> {
    let (site, id) = own(call).await?;
    let changes = AnnotationChanges {
        date: match call.request.filled("date") {
            Some(given) => Some(scope::moment(given, scope::today(call.ctx, Some(&site)))?.date()),
            None => None,
        },
        note: call.request.filled("note").map(shortened),
        starred: call.request.filled("starred").map(|_| call.request.flag("starred")),
    };
    let saved = call.ctx.admin.update_annotation(site.id, id, changes).await?;
    Ok(Answer::Data(shown(call, site.id, &saved)))
}

async fn delete(call: Call<'_>) -> Result<Answer, Failure> {
    let (site, id) = own(call).await?;
    call.ctx.admin.delete_annotation(site.id, id).await?;
    Ok(Answer::Done)
}

async fn delete_all(call: Call<'_>) -> Result<Answer, Failure> {
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    call.ctx.admin.delete_annotations(site.id).await?;
    Ok(Answer::Done)
}

async fn get(call: Call<'_>) -> Result<Answer, Failure> {
    one_site(call)?;
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let note = one(call, site.id).await?;
    Ok(Answer::Data(shown(call, site.id, &note)))
}

async fn list(call: Call<'_>) -> Result<Answer, Failure> {
    let given = scope::required(call.request, "idSite")?;
    let sites = scope::sites(call.ctx, call.caller, given, Access::View)?;
    let days = match call.request.filled("date").filter(|date| *date != "false") {
        Some(_) => Some(days(call)?.1),
        None => None,
    };
    let mut all: Vec<(Name, Cell)> = Vec::new();
    for site in sites {
        let notes = call.ctx.admin.annotations(site.id, days).await?;
        if !notes.is_empty() {
            all.push((site.id.to_string().into(), by_day(notes, |note| shown(call, site.id, note))));
        }
    }
    Ok(Answer::map(all))
}

/// Notes in the order of their days. They keep the places at which they were written as their names, which Matomo shows
/// where they do not count up.
fn by_day(mut notes: Vec<Annotation>, shown: impl Fn(&Annotation) -> Cell) -> Cell {
    notes.sort_by_key(|note| note.id);
    let mut placed: Vec<(usize, Annotation)> = notes.into_iter().enumerate().collect();
    placed.sort_by_key(|(_, note)| note.date);
    if placed.iter().map(|(place, _)| *place).is_sorted() {
        return Cell::List(placed.iter().map(|(_, note)| shown(note)).collect());
    }
    Cell::Map(placed.iter().map(|(place, note)| (Name::from(place.to_string()), shown(note))).collect())
}

async fn count(call: Call<'_>) -> Result<Answer, Failure> {
    let given = scope::required(call.request, "idSite")?;
    let sites = scope::sites(call.ctx, call.caller, given, Access::View)?;
    let (kind, days) = days(call)?;
    let mut all: Vec<(Name, Cell)> = Vec::new();
    for site in sites {
        let notes = call.ctx.admin.annotations(site.id, None).await?;
        let mut counts = Vec::new();
        let mut from = days.first();
        while from <= days.last() {
            let until = next(kind, from);
            let within: Vec<&Annotation> = notes.iter().filter(|note| note.date >= from && note.date < until).collect();
            let mut count = vec![
                (Name::from("count"), Cell::from(within.len() as i64)),
                (Name::from("starred"), Cell::from(within.iter().filter(|note| note.starred).count() as i64)),
            ];
            if let ([only], true) = (within.as_slice(), call.request.flag("getAnnotationText")) {
                count.push(("note".into(), only.note.as_str().into()));
            }
            counts.push(Cell::List(vec![from.to_string().as_str().into(), Cell::Map(count)]));
            from = until;
        }
        all.push((site.id.to_string().into(), Cell::List(counts)));
    }
    Ok(Answer::map(all))
}

/// The days that `date`, `period` and `lastN` span.
fn days(call: Call<'_>) -> Result<(PeriodKind, DateRange), Failure> {
    let request = call.request;
    let period = request.filled("period").unwrap_or("day");
    let date = request.filled("date").unwrap_or("today");
    let today = scope::today(call.ctx, None);
    let parsed = match request.int("lastN").filter(|n| *n > 0 && period != "range") {
        Some(n) => {
            let end = footfall_report::day(date, today)?;
            let kind = PeriodKind::parse(period).unwrap_or(PeriodKind::Day);
            let first = kind.around(end).back(n.min(1000) - 1).days.first();
            return Ok((kind, DateRange::new(first, kind.around(end).days.last())?));
        }
        None => Periods::parse(period, date, today)?,
    };
    let all = parsed.all();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return Err(Failure::missing("date"));
    };
    let kind = if last.kind == PeriodKind::Range { PeriodKind::Day } else { last.kind };
    Ok((kind, DateRange::new(first.days.first(), last.days.last())?))
}

/// The first day of the next step.
fn next(kind: PeriodKind, from: Day) -> Day {
    use jiff::ToSpan;
    match kind {
        PeriodKind::Week => from.saturating_add(1.week()),
        PeriodKind::Month => from.saturating_add(1.month()),
        PeriodKind::Year => from.saturating_add(1.year()),
        PeriodKind::Day | PeriodKind::Range => from.saturating_add(1.day()),
    }
}

/// The note named.
async fn one(call: Call<'_>, site: SiteId) -> Result<Annotation, Failure> {
    let id = id(call)?;
    call.ctx.admin.annotation(site, id).await.map_err(|error| match error.fault() {
        Fault::Missing => Failure::new(format!("There is no note with id '{id}' for site with id '{site}'.")),
        _ => error.into(),
    })
}

/// The note named, which the caller may change.
async fn own(call: Call<'_>) -> Result<(std::sync::Arc<Site>, i32), Failure> {
    one_site(call)?;
    let site = scope::site(call.ctx, call.caller, call.request, Access::View)?;
    let note = one(call, site.id).await?;
    if !may_change(call, site.id, &note) {
        return Err(Failure::new(
            "You cannot modify this annotation, because you did not create it, nor do you have admin access for this site.",
        ));
    }
    Ok((site, note.id))
}

fn id(call: Call<'_>) -> Result<i32, Failure> {
    call.request.int("idNote").and_then(|id| i32::try_from(id).ok()).ok_or_else(|| Failure::missing("idNote"))
}

fn may_change(call: Call<'_>, site: SiteId, note: &Annotation) -> bool {
    call.caller.allows(site, Access::Write) || (!call.caller.is_anonymous() && call.caller.login == note.login)
}

fn shortened(note: &str) -> String {
    if note.chars().count() <= LONGEST {
        return note.to_owned();
    }
    note.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn shown(call: Call<'_>, site: SiteId, note: &Annotation) -> Cell {
    let mut shown = cells! {
        "date" => note.date.to_string().as_str(),
        "note" => note.note.as_str(),
        "starred" => bit(note.starred),
        "user" => note.login.as_str(),
        "idNote" => i64::from(note.id),
        "canEditOrDelete" => may_change(call, site, note),
    };
    if let (Cell::Map(entries), true) = (&mut shown, call.caller.is_anonymous()) {
        entries.retain(|(name, _)| name != "user");
    }
    shown
}
