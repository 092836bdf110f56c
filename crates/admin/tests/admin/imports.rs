use footfall_admin::{CutDays, EventImport, ImportState, NewEventImport, NewImport};
use footfall_model::{Day, ImportedRow, ImportedTable};

use super::{NOW, invalid, missing, site, with_sites};

fn day(number: i8) -> Day {
    Day::constant(2026, 3, number)
}

/// Figures of the days from one to another, a row each.
fn figures(first: i8, last: i8) -> NewImport {
    let rows =
        (first..=last).map(|number| ImportedRow { date: day(number), keys: Vec::new(), numbers: vec![1, 2, 0, 1, 9] }).collect();
    NewImport { source: "plausible".to_owned(), tables: vec![(ImportedTable::ALL[0], rows)], ..NewImport::default() }
}

#[tokio::test]
async fn an_import_ends_before_the_first_day_that_was_tracked() {
    let admin = with_sites(1).await;
    let since = |since: i8, new: NewImport| NewImport { tracked_since: Some(day(since)), ..new };
    let whole = admin.add_import(site(1), since(6, figures(1, 5)), NOW).await.unwrap();
    assert_eq!((whole.first, whole.last, whole.rows, whole.cut), (day(1), day(5), 5, None));
    let new = NewImport { days: Some((day(6), day(20))), ..figures(6, 12) };
    let cut = admin.add_import(site(1), since(10, new), NOW).await.unwrap();
    let left_out = CutDays { first: day(10), last: day(12), rows: 3 };
    assert_eq!((cut.first, cut.last, cut.rows, cut.cut), (day(6), day(9), 4, Some(left_out)));
    let table = ImportedTable::ALL[0];
    let kept = admin.imported_rows(site(1), &table, day(1), day(28)).await.unwrap();
    assert_eq!(kept.iter().map(|row| row.date).collect::<Vec<_>>(), (1..=9).map(day).collect::<Vec<_>>());
    let refused = "the site tracks visits itself since 2026-03-10, and the import has no day before that";
    invalid(admin.add_import(site(1), since(10, figures(10, 12)), NOW).await, refused);
    assert_eq!(admin.imports(site(1)).await.unwrap().len(), 2);
}

fn events(batch: &str, accepted: i64, state: ImportState) -> NewEventImport {
    NewEventImport { batch: batch.to_owned(), first: day(1), last: day(2), accepted, lines: accepted + 1, refused: 1, state }
}

#[tokio::test]
async fn imports_of_events_are_listed_and_stay() {
    let admin = with_sites(2).await;
    admin.add_import(site(1), figures(1, 2), NOW).await.unwrap();
    admin.note_event_import(site(1), events("one", 5, ImportState::Importing), NOW.plus(1)).await.unwrap();
    admin.note_event_import(site(1), events("one", 9, ImportState::Completed), NOW.plus(2)).await.unwrap();
    admin.note_event_import(site(1), events("two", 3, ImportState::Importing), NOW.plus(3)).await.unwrap();
    let all = admin.imports(site(1)).await.unwrap();
    let shown: Vec<_> = all.iter().map(|import| (import.id, import.source.as_str(), import.rows)).collect();
    assert_eq!(shown, [(1, "plausible", 2), (2, "events", 9), (3, "events", 3)]);
    let known = EventImport { batch: "one".to_owned(), lines: 10, refused: 1, state: ImportState::Completed };
    assert_eq!((&all[0].events, all[1].events.as_ref(), all[1].created_at), (&None, Some(&known), NOW.plus(1)));
    // What was under way when the process ended was cut short.
    admin.end_event_imports().await.unwrap();
    let states: Vec<_> = admin.imports(site(1)).await.unwrap().into_iter().filter_map(|import| import.events).collect();
    assert_eq!(states.iter().map(|events| events.state).collect::<Vec<_>>(), [ImportState::Completed, ImportState::Failed]);
    let stays = "import `2` brought events, which are counted like those that were tracked";
    invalid(admin.delete_import(site(1), 2).await, stays);
    admin.delete_import(site(1), 1).await.unwrap();
    assert_eq!(admin.imports(site(2)).await.unwrap(), []);
    missing(admin.note_event_import(site(9), events("x", 1, ImportState::Completed), NOW).await, "no site has the number `9`");
    for number in 0..201 {
        admin.note_event_import(site(2), events(&number.to_string(), 1, ImportState::Completed), NOW).await.unwrap();
    }
    let left = admin.imports(site(2)).await.unwrap();
    assert_eq!((left.len(), left[0].id, left[199].id), (200, 2, 201));
}
