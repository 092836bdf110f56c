//! The people a site names.

use footfall_model::{Aggregate, Cell, DataTable, Error, Filter, Key, Measure, Op, Text, Value, VisitorId};

use crate::{
    Ask, Limited, Report,
    record::{
        breakdown::is_sent,
        tree::Tree,
        visits::{self, column},
    },
};

/// Visits by the person the site names.
pub const USERS: Report = Report {
    module: "UserId",
    action: "getUsers",
    title: "User IDs",
    doc: "The visits of the people your site names to us, such as those who are logged in.",
    category: "General_Visitors",
    subcategory: "UserId_UserReportTitle",
    dimension: Some("UserId"),
    dimension_id: "UserId.UserId",
    segment: "userId",
    metrics: &["label", "nb_visits", "nb_actions", "nb_visits_converted"],
    order: 9,
    make: |ask| Box::pin(users(ask)),
    queued: &[|table, _| {
        for row in table.rows.iter_mut().filter(|row| !row.is_summary) {
            let segment = is_sent("userId", row.label());
            row.set_metadata("segment", Cell::text(&segment));
        }
    }],
    flattens: false,
    limited: Limited::Users,
    ..Report::BASE
};

async fn users(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let user = column("user_id");
    let named = Filter::test(Key::Column(user), Op::IsNot, vec![Value::Null]);
    let visitor = Measure::new("visitor", Aggregate::ArgMax(column("visitor_id"), column("last_at")));
    let keys = [Key::Column(user)];
    let mut groups = visits::by_with(ask.reader, ask.slice, &keys, named, vec![visitor]).await?;
    groups.sort_by(|one, other| one.keys[0].as_str().cmp(&other.keys[0].as_str()));
    let mut tree = Tree::new(visits::columns(ask.slice.period));
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&visits::RANKED_TEXT_SUMS);
    }
    for group in &groups {
        let name = group.keys[0].as_str().unwrap_or_default();
        let at = tree.row(None, &Text::from(name));
        visits::add(&mut tree, at, group);
        // The user 0 is nobody whose visitor would be known.
        if let Some(id) = group.more.first().and_then(Value::as_i64).filter(|_| name != "0") {
            let id = VisitorId(id as u64).to_string();
            tree.set_metadata(at, "idvisitor", Cell::text(&id));
        }
    }
    Ok(tree.into_table())
}
