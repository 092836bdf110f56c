use std::sync::Arc;

use footfall_report::stats::{self, Span, StatsQuery, Style};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, compare::change, imports::Found},
    asked::{Asked, before},
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// `GET /api/v1/stats/aggregate`.
pub(in crate::plausible) async fn aggregate(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let asked = Asked::read(ctx, call, None).await?;
    let compares = call.param("compare").as_deref() == Some("previous_period");
    let figures = figures(ctx, &asked, &asked.span);
    let (results, found) = if compares {
        let earlier = before(&asked);
        let ((now, found), (then, _)) = futures::try_join!(figures, self::figures(ctx, &asked, &earlier))?;
        let each = asked.metrics.iter().zip(now.into_iter().zip(then)).map(|(metric, (new, old))| {
            let shown = json!({
                "value": shape::maybe_number(new),
                "change": shape::maybe_number(change(*metric, old, new)),
                "comparison_value": shape::maybe_number(old),
            });
            (metric.name().to_owned(), shown)
        });
        (each.collect(), found)
    } else {
        let (values, found) = figures.await?;
        let each = asked.metrics.iter().zip(values);
        let shown = each.map(|(metric, value)| (metric.name().to_owned(), json!({ "value": shape::maybe_number(value) })));
        (shown.collect::<Map<String, Value>>(), found)
    };
    Ok(asked.reply(results.into(), &found))
}

async fn figures(ctx: &Context, asked: &Asked, span: &Span) -> Result<(Vec<Option<f64>>, Found), Failure> {
    let mut query = StatsQuery::new(Arc::clone(&asked.site), span.clone(), Style::Plausible);
    query.metrics.clone_from(&asked.metrics);
    query.filters.clone_from(&asked.filters);
    let found = asked.imported(ctx, &query).await?;
    let answer = stats::run_with(&ctx.reader(), &query, &found.imported).await?;
    Ok((answer.rows.into_iter().next().map(|row| row.metrics).unwrap_or_default(), found))
}
