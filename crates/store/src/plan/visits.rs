use footfall_model::{Error, Fact, Filter, VisitAnchor};

use super::{
    Plan, Planner, Shape,
    check::check_filter,
    condition::{Place, condition},
    writer::{Writer, from},
};
use crate::VisitsWanted;

/// The numbers of the visits wanted, with the moments between which their rows lie.
pub(super) fn plan(planner: &Planner<'_>, wanted: &VisitsWanted) -> Result<Plan, Error> {
    check_filter(&wanted.filter, Fact::Visits, planner.schema)?;
    let mut writer = Writer::of_visits(planner, wanted);
    let mut conditions = writer.in_range(Fact::Visits);
    if wanted.filter != Filter::All {
        let place = Place { fact: Fact::Visits, visits_joined: false };
        conditions.push(condition(&mut writer, place, &wanted.filter)?);
    }
    let moment = match wanted.anchor {
        VisitAnchor::FirstAction => "first_at",
        VisitAnchor::LastAction | VisitAnchor::Overlap => "last_at",
    };
    let direction = if wanted.ascending { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT v.visit_id, v.first_at, v.seen_at\nFROM {}\nWHERE {}\nORDER BY v.{moment} {direction}, v.visit_id {direction}\nLIMIT {} OFFSET {}",
        from(Fact::Visits),
        conditions.join(" AND "),
        wanted.limit.min(i64::MAX as u64),
        wanted.offset.min(i64::MAX as u64),
    );
    Ok(Plan { sql, params: writer.params, total: None, shapes: vec![Shape::Plain; 3] })
}
