//! What programs of today are told as, by the built-in rules and, where it is at hand, by Matomo's regex database.

use footfall_devices::{Detector, Device, DeviceKind, Hints, matomo, plausible};

#[test]
fn programs_of_today_are_told() {
    check(&Detector::built_in());
}

#[test]
fn matomos_database_tells_the_same() {
    let Some(checkout) = std::env::var_os("DEVICE_DETECTOR_SRC") else {
        eprintln!("skipped: DEVICE_DETECTOR_SRC names no checkout of matomo-org/device-detector");
        return;
    };
    check(&Detector::from_dir(checkout.as_ref()).expect("the database loads"));
}

fn check(detector: &Detector) {
    let mut lines = include_str!("current.txt").lines().filter(|line| !line.starts_with('#'));
    let (mut asked, mut wrong) = (0, Vec::new());
    while let (Some(user_agent), Some(expected)) = (lines.next(), lines.next()) {
        let told = told(&detector.detect(user_agent, None));
        asked += 1;
        if told != expected.trim() {
            wrong.push(format!("{user_agent}\n    expected {}\n    told     {told}", expected.trim()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
    assert_eq!(asked, 125);
}

fn told(device: &Device) -> String {
    let fields: Vec<&str> = match &device.bot {
        Some(bot) => vec!["bot", &bot.name, &bot.category, &bot.producer],
        None => vec![
            device.kind.name(),
            &device.brand,
            &device.model,
            &device.os_name,
            &device.os_version,
            &device.os_code,
            &device.browser_name,
            &device.browser_version,
            &device.browser_code,
            &device.browser_engine,
            &device.browser_engine_version,
            &device.browser_family,
            device.client_type,
        ],
    };
    fields.join(" | ").trim().to_owned()
}

#[test]
fn hints_make_windows_11_of_windows_10() {
    let user_agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    let hints = Hints::from_uadata_json(
        r#"{"fullVersionList":[{"brand":"Chromium","version":"142.0.7444.60"},{"brand":"Google Chrome","version":"142.0.7444.60"},{"brand":"Not_A Brand","version":"99.0.0.0"}],"mobile":false,"model":"","platform":"Windows","platformVersion":"15.0.0"}"#,
    );
    let device = Detector::built_in().detect(user_agent, hints.as_ref());
    assert_eq!((&*device.os_name, &*device.os_version, &*device.os_code), ("Windows", "11", "WIN"));
    assert_eq!((&*device.browser_name, &*device.browser_version), ("Chrome", "142.0.7444.60"));
    assert_eq!((device.kind, device.is_mobile), (DeviceKind::Desktop, false));
}

#[test]
fn hints_put_the_model_back() {
    let user_agent =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
    let hints = Hints::from_headers(|name| match name {
        "sec-ch-ua" => Some(r#""Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99""#),
        "sec-ch-ua-mobile" => Some("?1"),
        "sec-ch-ua-model" => Some("\"SM-S928B\""),
        "sec-ch-ua-platform" => Some("\"Android\""),
        "sec-ch-ua-platform-version" => Some("\"15.0.0\""),
        _ => None,
    });
    let device = Detector::built_in().detect(user_agent, hints.as_ref());
    assert_eq!((&*device.brand, &*device.brand_code, &*device.model), ("Samsung", "SA", "Galaxy S24 Ultra"));
    assert_eq!((&*device.os_name, &*device.os_version), ("Android", "15.0.0"));
    assert_eq!((&*device.browser_name, &*device.browser_code), ("Chrome Mobile", "CM"));
    assert!(device.is_mobile);
    assert_eq!(matomo::os_version(&device), "15.0");
    assert_eq!((plausible::browser(&device), plausible::screen(&device)), ("Chrome", "Mobile"));
}

#[test]
fn hints_name_browsers_that_hide_in_their_user_agent() {
    let user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
    let hints = Hints::from_headers(|name| match name {
        "sec-ch-ua" => Some(r#""Brave";v="141", "Not?A_Brand";v="8", "Chromium";v="141""#),
        "sec-ch-ua-platform" => Some("\"Linux\""),
        _ => None,
    });
    let device = Detector::built_in().detect(user_agent, hints.as_ref());
    assert_eq!((&*device.browser_name, &*device.browser_code, &*device.browser_family), ("Brave", "BR", "Chrome"));
    assert_eq!((&*device.os_name, &*device.os_family), ("GNU/Linux", "GNU/Linux"));
}

#[test]
fn hints_name_the_app_around_a_browser() {
    let user_agent = "Mozilla/5.0 (Linux; Android 13; SM-G991B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36";
    let hints = Hints::from_headers(|name| (name == "x-requested-with").then_some("org.telegram.messenger"));
    let device = Detector::built_in().detect(user_agent, hints.as_ref());
    assert_eq!((&*device.browser_name, device.client_type), ("Telegram", "mobile app"));
}

#[test]
fn plausible_and_matomo_name_the_same_device_their_ways() {
    let detector = Detector::built_in();
    let device = detector.detect(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_4) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.110 Safari/537.36",
        None,
    );
    assert_eq!((plausible::browser(&device), plausible::browser_version(&device)), ("Chrome", "70.0"));
    assert_eq!((plausible::os(&device), plausible::os_version(&device), plausible::screen(&device)), ("Mac", "10.13", "Desktop"));
    assert_eq!(
        (matomo::browser(&device), matomo::browser_version(&device), matomo::browser_engine(&device)),
        ("CH", "70.0", "Blink")
    );
    assert_eq!((matomo::os(&device), matomo::device_type(&device), matomo::client_type(&device)), ("MAC", Some(0), Some(1)));
    assert_eq!((matomo::device_brand(&device), matomo::device_model(&device)), ("AP", "generic desktop".to_owned()));

    let nothing = detector.detect("not detectable", None);
    assert_eq!((matomo::os(&nothing), matomo::browser(&nothing), plausible::browser(&nothing)), ("UNK", "UNK", ""));
}

#[test]
fn answers_are_remembered() {
    let detector = Detector::built_in();
    let first = detector.detect("curl/8.5.0", None);
    let second = detector.detect("curl/8.5.0", None);
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    assert!(detector.is_bot("Googlebot/2.1 (+http://www.google.com/bot.html)"));
    assert!(!detector.is_bot("curl/8.5.0"));
}
