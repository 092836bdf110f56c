//! What comes from the network never panics and never takes long.

use std::sync::LazyLock;

use footfall_devices::{Detector, Hints, matomo, plausible};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_user_agent_panics(user_agent in any::<String>(), json in any::<String>()) {
        ask(&user_agent, Hints::from_uadata_json(&json).as_ref());
    }

    #[test]
    fn no_likely_user_agent_panics(parts in prop::collection::vec(part(), 0..12), model in any::<String>()) {
        let hints = Hints { model, platform: "Android".to_owned(), ..Hints::default() };
        ask(&parts.concat(), Some(&hints));
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Mozilla/5.0 (".to_owned()),
        Just("Linux; Android 10; K) ".to_owned()),
        Just("Windows NT 10.0; Win64; x64) ".to_owned()),
        Just("Chrome/".to_owned()),
        Just("Version/".to_owned()),
        Just(" Mobile Safari/537.36".to_owned()),
        Just("SM-".to_owned()),
        Just(" Build/".to_owned()),
        "[0-9._]{1,8}",
        any::<String>(),
    ]
}

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::built_in);

fn ask(user_agent: &str, hints: Option<&Hints>) {
    let device = DETECTOR.detect_afresh(user_agent, hints);
    matomo::device_model(&device);
    matomo::browser_version(&device);
    plausible::os_version(&device);
}

#[test]
fn long_user_agents_are_cut() {
    let chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    let device = DETECTOR.detect(&format!("{chrome} {}", "é((( .+* ".repeat(100_000)), None);
    assert_eq!((&*device.browser_name, &*device.os_name), ("Chrome", "Windows"));
    let device = DETECTOR.detect(&format!("{}{chrome}", " ".repeat(5000)), None);
    assert_eq!((&*device.browser_name, &*device.os_name), ("", ""));
}
