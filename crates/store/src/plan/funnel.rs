use footfall_model::{Error, Fact, Filter, Query};

use super::{
    Plan, Planner, Shape,
    check::{check, check_filter},
    condition::{Place, condition},
    writer::{Writer, from, of},
};

/// How many steps a funnel may have.
const STEPS: std::ops::RangeInclusive<usize> = 2..=8;

/// Refuses funnels that are too short or too long, and what [`check`] refuses.
pub(crate) fn check_funnel(query: &Query, steps: &[Filter], schema: &crate::Schema) -> Result<(), Error> {
    if !STEPS.contains(&steps.len()) || query.fact != Fact::Hits {
        return Err(Error::invalid(format!("a funnel has {} to {} steps of actions", STEPS.start(), STEPS.end())));
    }
    check(query, schema)?;
    steps.iter().try_for_each(|step| check_filter(step, Fact::Hits, schema))
}

/// For each step, the visitors that took it in or after the second of the step before: the earliest way through is looked for,
/// because whoever gets anywhere gets there by it. Within a second there is no order, and one action may take several steps.
pub(super) fn plan(planner: &Planner<'_>, query: &Query, steps: &[Filter]) -> Result<Plan, Error> {
    check_funnel(query, steps, planner.schema)?;
    let mut writer = Writer::of_query(planner, query);
    let place = Place { fact: Fact::Hits, visits_joined: false };
    let mut wanted = writer.in_range(Fact::Hits);
    if query.filter != Filter::All {
        wanted.push(condition(&mut writer, place, &query.filter)?);
    }
    let visitor = of(Fact::Hits, "visitor_id");
    let moment = of(Fact::Hits, "at");
    let mut named = Vec::new();
    for (place_of_step, step) in steps.iter().enumerate() {
        let mut wanted = wanted.clone();
        wanted.push(condition(&mut writer, place, step)?);
        let mut source = from(Fact::Hits);
        if let Some(before) = place_of_step.checked_sub(1) {
            source += &format!(" JOIN s{before} ON s{before}.visitor = {visitor}");
            wanted.push(format!("{moment} >= s{before}.reached"));
        }
        named.push(format!(
            "s{place_of_step} AS {}(\n  SELECT {visitor} AS visitor, min({moment}) - min({moment}) % 1000 AS reached\n  FROM {source}\n  WHERE {}\n  GROUP BY 1\n)",
            writer.dialect().materialized(),
            wanted.join(" AND ")
        ));
    }
    let counts: Vec<String> = (0..steps.len()).map(|step| format!("(SELECT count(*) FROM s{step})")).collect();
    let sql = format!("WITH {}\nSELECT {}", named.join(",\n"), counts.join(", "));
    Ok(Plan { sql, params: writer.params, total: None, shapes: vec![Shape::Plain; steps.len()] })
}
