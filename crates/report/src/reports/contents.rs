//! Contents that were seen and used.

use footfall_model::{ActionKind, Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Text, TimePart, Unit, Value};
use rustc_hash::FxHashSet;

use crate::{
    Ask, Limited, Processed, Report, calculate,
    record::{
        actions::hit,
        breakdown::is_sent,
        tree::{Join, Tree},
        visits::name_in,
    },
};

const CONTENTS: Report = Report {
    module: "Contents",
    category: "General_Actions",
    subcategory: "Contents_Contents",
    metrics: &["nb_impressions", "nb_interactions"],
    processed: &[INTERACTION_RATE],
    processed_names: &[],
    limited: Limited::Actions,
    ..Report::BASE
};

/// Uses of a content, as a share of the times it was seen.
pub const INTERACTION_RATE: Processed = Processed::new(
    "interaction_rate",
    "Interaction Rate",
    "The share of impressions that were followed by an interaction.",
    Unit::Percent,
    &["nb_impressions", "nb_interactions"],
    |row| calculate::ratio(row, "nb_interactions", "nb_impressions", 4),
);

/// Contents by name.
pub const NAMES: Report = Report {
    action: "getContentNames",
    title: "Content Name",
    doc: "The contents of the site by name, with how often they were seen and used.",
    dimension: Some("Content Name"),
    dimension_id: "Contents.ContentName",
    segment: "contentName",
    subtable: Some("getContentNames"),
    order: 35,
    make: |ask| Box::pin(table(ask, "content_name", "content_piece")),
    queued: &[fold],
    ..CONTENTS
};

/// Contents by piece.
pub const PIECES: Report = Report {
    action: "getContentPieces",
    title: "Content Piece",
    doc: "The contents of the site by piece, with how often they were seen and used.",
    dimension: Some("Content Piece"),
    dimension_id: "Contents.ContentPiece",
    segment: "contentPiece",
    subtable: Some("getContentPieces"),
    order: 36,
    make: |ask| Box::pin(table(ask, "content_piece", "content_name")),
    queued: &[fold],
    ..CONTENTS
};

/// Rows below are asked for by number: Matomo's answer never unfolds them.
fn fold(table: &mut DataTable, _: &Ask<'_>) {
    for row in &mut table.rows {
        row.subtable = None;
    }
}

const NO_PIECE: &str = "Content Piece not defined";

async fn table(ask: &Ask<'_>, top: &str, below: &str) -> Result<DataTable, Error> {
    let mut tree = Tree::new(vec![
        (name_in(ask.slice.period, "nb_uniq_visitors"), Join::Sum),
        ("nb_visits".into(), Join::Sum),
        ("nb_impressions".into(), Join::Sum),
        ("nb_interactions".into(), Join::Sum),
    ]);
    if ask.reader.tells_text_sums(ask.slice) {
        tree = tree.telling_text_sums(&["nb_visits", "nb_impressions"]);
    }
    let mut seen = Seen::default();
    add(ask, &mut tree, &mut seen, [top, below], ActionKind::ContentImpression).await?;
    add(ask, &mut tree, &mut seen, [top, below], ActionKind::ContentInteraction).await?;
    let table = tree.into_table();
    let is_below = ask.options.subtable.is_some();
    let mut table = if is_below { ask.below(table).1 } else { table };
    for row in &mut table.rows {
        let label = row.label().to_owned();
        let is_piece = (top == "content_piece") != is_below;
        if is_piece && label.is_empty() {
            row.set("label", Value::text(NO_PIECE));
        } else if !is_below {
            row.set_metadata("segment", Cell::text(&is_sent(ask.report.segment, &label)));
        }
    }
    Ok(table)
}

/// The contents at the top that were seen, with the days on which they were.
type Seen = FxHashSet<(Text, Text)>;

/// Adds what was seen, or what was used of what was seen on the same day.
async fn add(ask: &Ask<'_>, tree: &mut Tree, seen: &mut Seen, [top, below]: [&str; 2], kind: ActionKind) -> Result<(), Error> {
    let mut query = ask.slice.query(Fact::Hits);
    query.filter = ask.reader.segment_filter(ask.slice)?.and(Filter::is(hit("kind"), kind as i64));
    let is_impression = kind == ActionKind::ContentImpression;
    query.keys = vec![Key::Column(hit(top)), Key::Column(hit(below))];
    query.keys.push(Key::Column(hit(if is_impression { "content_target" } else { "content_interaction" })));
    query.keys.push(Key::Clock(hit("at"), TimePart::Day));
    query.measures = vec![Measure::new("n", Aggregate::Count)];
    if is_impression {
        query
            .measures
            .extend([Measure::new("nb_visits", Aggregate::Visits), Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors)]);
    }
    query.order =
        vec![footfall_model::Order::Measure { name: if is_impression { "nb_visits" } else { "n" }.into(), descending: true }];
    for row in ask.reader.ask(&query).await?.rows {
        let label = row[0].as_str().unwrap_or_default();
        let on_day = (Text::from(label), Text::from(row[3].as_str().unwrap_or_default()));
        if is_impression {
            seen.insert(on_day);
        } else if !seen.contains(&on_day) {
            continue;
        }
        let at = tree.row(None, &Text::from(label));
        let values = if is_impression {
            vec![row[6].clone(), row[5].clone(), row[4].clone(), Value::Int(0)]
        } else {
            vec![Value::Null, Value::Null, Value::Null, row[4].clone()]
        };
        tree.add(at, 0, &values);
        let below = row[1].as_str().unwrap_or_default();
        if !below.is_empty() && below != "0" {
            let at = tree.row(Some(at), &Text::from(below));
            tree.add(at, 0, &values);
        }
    }
    Ok(())
}
