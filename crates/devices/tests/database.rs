//! Runs the fixtures of Matomo's regex database, if `DEVICE_DETECTOR_SRC` names a checkout of it.

#[path = "database/mod.rs"]
mod fixtures;

use std::path::Path;

use footfall_devices::{Detector, Error};

/// The part of the fixtures that must be told exactly as expected.
const LEAST_RIGHT: f64 = 0.98;

#[test]
fn the_fixtures_are_told_right() {
    let Some(checkout) = std::env::var_os("DEVICE_DETECTOR_SRC") else {
        eprintln!("skipped: DEVICE_DETECTOR_SRC names no checkout of matomo-org/device-detector");
        return;
    };
    let checkout = Path::new(&checkout);
    let detector = Detector::from_dir(checkout).expect("the database loads");
    let (mut right, mut all) = (0, 0);
    for (name, path) in fixtures::files(checkout) {
        let fixtures = fixtures::read(&path);
        let is_right = |fixture: &&fixtures::Fixture| {
            let device = detector.detect_afresh(&fixture.user_agent, fixture.hints.as_ref());
            fixture.differences(&device).is_empty()
        };
        let right_here = fixtures.iter().filter(is_right).count();
        eprintln!("{right_here:6} of {:6}  {name}", fixtures.len());
        right += right_here;
        all += fixtures.len();
    }
    eprintln!("{right} of {all}");
    assert!(all > 10_000, "the checkout holds {all} fixtures only");
    assert!(right as f64 >= LEAST_RIGHT * all as f64, "{right} of {all} are right");
}

#[test]
fn a_missing_or_broken_database_is_named() {
    let dir = tempfile::tempdir().expect("a folder of our own");
    let Err(Error::Read { path, .. }) = Detector::from_dir(dir.path()) else { panic!("nothing was loaded") };
    assert!(path.ends_with("bots.yml"), "{path}");

    std::fs::write(dir.path().join("bots.yml"), "- regex: 'a'\n  name 'b'\n").expect("the folder can be written");
    let error = Detector::from_dir(dir.path()).err().expect("line 2 is broken");
    assert!(error.to_string().ends_with("bots.yml` line 2: `key: value` is missing here"), "{error}");

    std::fs::write(dir.path().join("bots.yml"), "- regex: 'a'\n- regex: '(b'\n").expect("the folder can be written");
    let error = Detector::from_dir(dir.path()).err().expect("rule 2 is broken");
    assert!(error.to_string().ends_with("bots.yml` rule 2: a group is not closed"), "{error}");
}
