//! What becomes of the store's file: kills, full disks, second processes, damage, older versions; and questions that take too long.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use footfall_model::{
    Aggregate, Catalogue, Column, Error, Fact, Fault, Key, Measure, Millis, Query, SiteId, TimeRange, Value, variable,
};
use footfall_store::{Batch, Store, conformance::Story};
use footfall_store_duckdb::{DuckStore, Options};
use jiff::tz::TimeZone;

/// Where a child finds its directory.
const CHILD: &str = "STORE_HARDSHIP_CHILD";
const VISITS: u64 = 200;
const PAGES: [&str; 3] = ["/", "/pricing", "/contact"];
const START: i64 = 1_772_323_200_000;

/// A small log, so that it is worked into the file often.
fn options() -> Options {
    Options { threads: 1, readers: 1, log_limit: 1 << 20, ..Options::default() }
}

fn open(path: &Path) -> Result<DuckStore, Error> {
    DuckStore::open(path, Arc::new(Catalogue::built_in()), options())
}

fn wait<T>(answer: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(answer)
}

/// Batches that follow each other, from 1: so many visits of three page views each.
fn batch(number: u64) -> Batch {
    let mut story = Story::new(&Arc::new(Catalogue::built_in()));
    let before = (number - 1) * VISITS;
    for visit in 1..=VISITS {
        let at = |page: i64| Millis(START + number as i64 * 60_000 + page * 1000);
        story.visit(1, before + visit, &[(at(0), PAGES[0]), (at(1), PAGES[1]), (at(2), PAGES[2])]);
    }
    let mut batch = story.finish(&TimeZone::UTC);
    batch.swallowed = number;
    if number > 1 {
        batch.texts.clear();
    }
    batch.opened.iter_mut().for_each(|visit| visit.visit_id.0 += before);
    for hit in &mut batch.hits {
        hit.visit_id.0 += before;
        hit.hit_id += before * PAGES.len() as u64;
    }
    batch
}

/// The store holds these batches whole, and nothing else.
fn assert_holds(store: &DuckStore, batches: u64) {
    assert_eq!(wait(store.swallowed()).unwrap(), batches);
    let stats = wait(store.stats()).unwrap();
    assert_eq!((stats.visits, stats.hits), (batches * VISITS, batches * VISITS * PAGES.len() as u64));
    assert_eq!(stats.texts, if batches == 0 { 0 } else { PAGES.len() as u64 });
}

fn child_directory() -> Option<std::path::PathBuf> {
    std::env::var(CHILD).ok().map(Into::into)
}

/// This test once more in a process of its own, under a shell's words.
fn spawn(directory: &Path, test: &str, words: &str) -> Child {
    Command::new("sh")
        .args(["-c", &format!("{words} exec \"$0\" --exact {test} --nocapture")])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Appends until it fails; notes a byte for each batch that was kept, and at the end why the last one was not.
fn append_all(directory: &Path) {
    let store = open(&directory.join("store")).unwrap();
    let mut notes = std::fs::File::create(directory.join("kept")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for number in runtime.block_on(store.swallowed()).unwrap() + 1.. {
        if let Err(error) = runtime.block_on(store.append(batch(number))) {
            std::fs::write(directory.join("why"), error.message()).unwrap();
            return;
        }
        notes.write_all(b".").unwrap();
    }
}

#[test]
fn a_kill_leaves_whole_batches_and_all_that_were_kept() {
    if let Some(directory) = child_directory() {
        return append_all(&directory);
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let mut before = 0;
    for run in 1_u64..=5 {
        let kept = || std::fs::metadata(directory.path().join("kept")).map_or(0, |notes| notes.len());
        drop(std::fs::remove_file(directory.path().join("kept")));
        let mut child = spawn(directory.path(), "a_kill_leaves_whole_batches_and_all_that_were_kept", "");
        while kept() < run * 3 {
            assert!(child.try_wait().unwrap().is_none(), "run {run} ended by itself");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(&path).unwrap();
        let swallowed = wait(store.swallowed()).unwrap();
        // The batch that was kept when the kill came may not have been noted yet.
        assert!((before + kept()..=before + kept() + 1).contains(&swallowed), "run {run}");
        assert_holds(&store, swallowed);
        wait(store.append(batch(swallowed))).unwrap();
        assert_holds(&store, swallowed);
        before = swallowed;
    }
}

#[test]
fn a_full_disk_refuses_a_batch_and_loses_none() {
    if let Some(directory) = child_directory() {
        return append_all(&directory);
    }
    let directory = tempfile::tempdir().unwrap();
    // Files of this process may have so many blocks; writing more fails instead of ending it.
    let words = "trap '' XFSZ; ulimit -f 3000;";
    assert!(spawn(directory.path(), "a_full_disk_refuses_a_batch_and_loses_none", words).wait().unwrap().success());
    let why = std::fs::read_to_string(directory.path().join("why")).unwrap();
    assert!(why.starts_with("the disk is full: ") || why.starts_with("the store stopped after an earlier failure: "), "{why}");
    let kept = std::fs::metadata(directory.path().join("kept")).unwrap().len();
    assert!(kept > 2, "only {kept} batches fitted");
    let store = open(&directory.path().join("store")).unwrap();
    let swallowed = wait(store.swallowed()).unwrap();
    assert!((kept..=kept + 1).contains(&swallowed), "{kept} were kept, {swallowed} are there");
    assert_holds(&store, swallowed);
    wait(store.append(batch(swallowed + 1))).unwrap();
    assert_holds(&store, swallowed + 1);
}

#[test]
fn a_second_process_is_told_so() {
    if let Some(directory) = child_directory() {
        let refused = open(&directory.join("store")).err().unwrap();
        std::fs::write(directory.join("why"), refused.message()).unwrap();
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let _held = open(&path).unwrap();
    assert!(spawn(directory.path(), "a_second_process_is_told_so", "").wait().unwrap().success());
    let why = std::fs::read_to_string(directory.path().join("why")).unwrap();
    assert_eq!(why, format!("`{}` is in use by another process", path.display()));
}

#[test]
fn a_damaged_file_is_named_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    wait(open(&path).unwrap().append(batch(1))).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut scratched = whole.clone();
    scratched[4096..12_288].fill(0x5a);
    for damaged in [b"not a store at all".repeat(1000), scratched] {
        std::fs::write(&path, &damaged).unwrap();
        let refused = open(&path).err().unwrap();
        assert_eq!(refused.message(), format!("`{}` is damaged or is not a Footfall store", path.display()));
        assert_eq!(std::fs::read(&path).unwrap(), damaged);
    }
    std::fs::write(&path, whole).unwrap();
    assert_holds(&open(&path).unwrap(), 1);
}

#[test]
fn a_question_that_takes_too_long_is_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let impatient = Options { timeout: Duration::ZERO, ..options() };
    let store = DuckStore::open(&path, Arc::new(Catalogue::built_in()), impatient).unwrap();
    wait(store.append(batch(1))).unwrap();
    let refused = wait(store.query(&countries())).unwrap_err();
    assert_eq!(refused.message(), "the question took longer than 0 s");
    assert_eq!(refused.fault(), Fault::Busy);
    drop(store);
    let store = open(&path).unwrap();
    let rows = wait(store.query(&countries())).unwrap().rows;
    assert_eq!(rows, [vec![Value::Null, Value::Int(VISITS as i64)]]);
}

#[test]
fn the_first_version_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let first = duckdb::Connection::open(&path).unwrap();
    first.execute_batch(include_str!("frozen/v1.sql")).unwrap();
    // As if the catalogue had gained a column since.
    first.execute_batch("ALTER TABLE visits DROP COLUMN browser_name").unwrap();
    // Custom variables as that version kept them, and with numbers beside them as later ones did.
    first
        .execute_batch(
            "UPDATE hits SET cvars = MAP {'code': '200', 'kind': 'a'};
             ALTER TABLE visits ADD COLUMN cvar_slots UINTEGER;
             UPDATE visits SET cvars = MAP {'tier': 'gold', 'plan': ''}, cvar_slots = 20",
        )
        .unwrap();
    // What the action of a conversion had, where later versions keep what its visit had.
    first
        .execute_batch(
            "UPDATE visits SET d2 = 'gold'; DELETE FROM conversions;
             INSERT INTO conversions (visit_id, site_id, \"at\", goal_id, d2) SELECT visit_id, site_id, last_at, 1, 'page' FROM visits",
        )
        .unwrap();
    drop(first);
    let store = open(&path).unwrap();
    assert_eq!(wait(store.query(&variables(Catalogue::PAGE_VARIABLES, 1))).unwrap().rows, [once(&["code", "200"])]);
    assert_eq!(wait(store.query(&variables(Catalogue::PAGE_VARIABLES, 2))).unwrap().rows, [once(&["kind", "a"])]);
    assert_eq!(wait(store.query(&variables(Catalogue::VISIT_VARIABLES, 3))).unwrap().rows, [once(&["tier", "gold"])]);
    assert_eq!(wait(store.query(&variables(Catalogue::VISIT_VARIABLES, 5))).unwrap().rows[0][0], Value::text("plan"));
    let slot = Catalogue::built_in().slot(Fact::Conversions, 2).unwrap();
    let reached = Query { fact: Fact::Conversions, keys: vec![Key::Column(slot)], ..countries() };
    assert_eq!(wait(store.query(&reached)).unwrap().rows, [once(&["gold"])]);
    assert_eq!(wait(store.swallowed()).unwrap(), 41);
    assert_eq!(wait(store.text_ids(&["/pricing".into(), "/".into()])).unwrap(), [Some(1), None]);
    assert_eq!(wait(store.query(&countries())).unwrap().rows, [vec![Value::text("FR"), Value::Int(1)]]);
    let mut next = batch(1);
    next.swallowed = 42;
    next.texts.retain(|(id, _)| *id > 1);
    wait(store.append(next)).unwrap();
    let stats = wait(store.stats()).unwrap();
    assert_eq!((stats.visits, stats.hits), (1 + VISITS, 1 + VISITS * PAGES.len() as u64));
}

#[test]
fn a_newer_version_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    drop(open(&path).unwrap());
    duckdb::Connection::open(&path).unwrap().execute_batch("INSERT INTO migrations VALUES (99)").unwrap();
    let refused = open(&path).err().unwrap();
    assert!(refused.message().starts_with("the store was written by a newer Footfall: its version is 99"), "{refused}");
}

/// One row with these texts.
fn once(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::text(text)).chain([Value::Int(1)]).collect()
}

/// The name and value of the custom variables of a number.
fn variables(column: Column, number: u32) -> Query {
    Query {
        fact: column.fact,
        keys: vec![Key::Prop(column, variable::name_key(number)), Key::Prop(column, variable::value_key(number))],
        ..countries()
    }
}

/// Visits by country.
fn countries() -> Query {
    let catalogue = Catalogue::built_in();
    let country = catalogue.columns(Fact::Visits).into_iter().find(|column| column.name == "country").unwrap();
    let range = TimeRange { start: Millis(START), end: Millis(START + 86_400_000) };
    let mut query = Query::new(Fact::Visits, vec![SiteId(1)], range, TimeZone::UTC);
    query.keys = vec![Key::Column(country)];
    query.measures = vec![Measure::new("visits", Aggregate::Count)];
    query
}
