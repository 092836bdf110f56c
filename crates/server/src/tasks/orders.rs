//! Reads which orders are kept, so that one that comes again is known for what it is.

use footfall_model::{Aggregate, ConversionRow, Error, Fact, Filter, GoalId, Key, Measure, Order, Query, Site, TimeRange};

use crate::app::App;

/// The most orders of a site that are read: the latest.
const MOST: u64 = 100_000;

/// Runs once, after the start.
pub(super) async fn run(app: App) {
    for site in app.sites().all() {
        if let Err(error) = read(&app, &site).await {
            tracing::warn!(error = %error, site = site.id.0, "the orders that are kept cannot be read; one that comes again is answered as new");
        }
    }
}

async fn read(app: &App, site: &Site) -> Result<(), Error> {
    let column =
        |name: &str| ConversionRow::column(name).ok_or_else(|| Error::broken(format!("conversions have no column `{name}`")));
    let mut query = Query::new(Fact::Conversions, vec![site.id], TimeRange::EVER, site.zone.clone());
    query.filter = Filter::is(column("goal_id")?, i64::from(GoalId::ORDER.0));
    query.keys = vec![Key::Column(column("order_id")?)];
    query.measures = vec![Measure::new("latest", Aggregate::Max(column("at")?))];
    query.order = vec![Order::Measure { name: "latest".into(), descending: true }];
    query.limit = Some(MOST);
    let rows = app.store.query(&query).await?.rows;
    // The latest are learnt last, so that they are forgotten last.
    for id in rows.iter().rev().filter_map(|row| row.first()?.as_str()) {
        app.gate.learn_order(site.id.0, id);
    }
    Ok(())
}
