use std::collections::BTreeMap;

use serde_json::json;

use super::{empty, invalid, strings};

#[tokio::test]
async fn a_setting_is_kept_with_its_type() {
    let admin = empty().await;
    assert_eq!(admin.setting::<String>("instance_name").await.unwrap(), None);
    admin.set_setting("instance_name", "Stats").await.unwrap();
    admin.set_setting("instance_name", "Numbers").await.unwrap();
    admin.set_setting("option.anything", &strings(&["a"])).await.unwrap();
    admin.set_setting("retention_days", &Some(180)).await.unwrap();
    assert_eq!(admin.setting::<String>("instance_name").await.unwrap().as_deref(), Some("Numbers"));
    assert_eq!(admin.setting::<Vec<String>>("option.anything").await.unwrap(), Some(strings(&["a"])));
    let all = BTreeMap::from([
        ("instance_name".to_owned(), json!("Numbers")),
        ("option.anything".to_owned(), json!(["a"])),
        ("retention_days".to_owned(), json!(180)),
    ]);
    assert_eq!(admin.settings().await.unwrap(), all);
    admin.remove_setting("instance_name").await.unwrap();
    assert_eq!(admin.setting::<String>("instance_name").await.unwrap(), None);
}

#[tokio::test]
async fn what_the_server_reads_is_checked() {
    let admin = empty().await;
    for (name, value, message) in [
        ("default_policy", json!("cookies"), "`default_policy` must be `matomo` or `plausible`"),
        ("default_currency", json!(1), "`default_currency` must be a text"),
        ("default_currency", json!("Euro"), "`default_currency` must be an ISO 4217 code such as `EUR`"),
        ("retention_days", json!(0), "`retention_days` must be a whole number from 1, or null"),
        ("instance_name", json!(""), "`instance_name` must have 1 to 60 characters"),
        ("anonymize_ip_bytes", json!(9), "`anonymize_ip_bytes` must be a whole number from 0 to 4"),
        ("setup.digest", json!("mine"), "a setting's name must not begin with `setup.`"),
    ] {
        invalid(admin.set_setting(name, &value).await, message);
    }
    // All, or none when one is refused.
    let some = [("instance_name", "\"Stats\"".to_owned()), ("retention_days", "-1".to_owned())];
    invalid(admin.set_settings(some).await, "`retention_days` must be a whole number from 1, or null");
    assert!(admin.settings().await.unwrap().is_empty());
}

#[tokio::test]
async fn rules_of_tracking_are_matomo_s_with_what_was_set() {
    let admin = empty().await;
    let defaults = admin.tracking_settings().await.unwrap();
    assert_eq!((defaults.visit_seconds, defaults.mask_bytes, defaults.new_visit_on_website), (1800, 2, false));
    for (name, value) in [
        ("Tracker.visit_standard_length", json!(600)),
        ("Tracker.create_new_visit_when_website_referrer_changes", json!("1")),
        ("anonymize_ip_bytes", json!(3)),
        ("Tracker.url_query_parameter_to_exclude_from_url", json!("gclid,fbclid")),
        ("excluded_query_params", json!(["Sid"])),
        ("search_keyword_params", json!(["find"])),
    ] {
        admin.set_setting(name, &value).await.unwrap();
    }
    let settings = admin.snapshot(super::NOW).await.unwrap().settings;
    assert_eq!((settings.visit_seconds, settings.mask_bytes, settings.new_visit_on_website), (600, 3, true));
    assert_eq!(settings.excluded_params, ["gclid", "fbclid", "Sid"]);
    assert_eq!(settings.search_keyword_params, ["find"]);
    admin.remove_setting("anonymize_ip_bytes").await.unwrap();
    assert_eq!(admin.tracking_settings().await.unwrap().mask_bytes, 2);
}
