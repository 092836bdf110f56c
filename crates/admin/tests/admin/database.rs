use footfall_admin::{Admin, TeamRole, UserChanges};
use footfall_model::{Access, DateRange, Fault, GoalId, GoalMatch, SiteId};
use jiff::civil::date;

use super::{NOW, add_site, refused, story};

/// What a reader of the story must find.
async fn check(admin: &Admin) {
    let one = SiteId(1);
    let shop = admin.site(one, story::THEN).await.unwrap();
    assert_eq!((shop.name.as_str(), shop.domain.as_str()), ("Shop", "store.example"));
    assert_eq!((shop.former_domain.as_deref(), shop.timezone.as_str()), (Some("shop.example"), "Europe/Berlin"));
    assert_eq!(shop.goals.iter().map(|goal| goal.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(
        shop.goals[2].rule,
        GoalMatch::Event { name: "Buy".to_owned(), props: vec![("plan".to_owned(), "pro".to_owned())] }
    );
    assert_eq!((shop.dimensions[0].name.as_str(), shop.dimensions[0].slot), ("Edition", 1));
    assert_eq!(admin.site_setting::<u32>(one, "retention_days").await.unwrap(), Some(180));
    assert_eq!(admin.funnels(one).await.unwrap()[0].steps, [GoalId(2), GoalId(3)]);
    assert!(admin.verify_password("ada", "password of ada").await.unwrap().is_some());
    assert_eq!(admin.user("ada").await.unwrap().theme, "dark");
    assert_eq!(admin.user("eve").await.unwrap().invitation.unwrap().by, "root");
    assert_eq!(admin.preference("ada", "language").await.unwrap().as_deref(), Some("de"));
    let principal = admin.token(story::TOKEN, story::THEN).await.unwrap().unwrap();
    assert_eq!((principal.access(one), principal.access(SiteId(2))), (None, Some(Access::Write)));
    assert_eq!(admin.clean_sessions(story::THEN.plus(1000)).await.unwrap(), 1);
    assert_eq!(admin.sign_ins(9).await.unwrap()[0].login, "ada");
    assert_eq!(admin.guests(one).await.unwrap()[0].email, "guest@example.org");
    assert_eq!(admin.tracking_settings().await.unwrap().mask_bytes, 3);
    assert_eq!(admin.segments().await.unwrap()[0].segment.definition, "countryCode==de");
    assert_eq!(admin.annotations(one, None).await.unwrap()[0].note, "launch");
    assert_eq!(admin.dashboards("ada").await.unwrap()[0].layout, serde_json::json!([["visits"]]));
    assert_eq!(admin.scheduled_reports().await.unwrap()[0].report.format, "html");
    let link = admin.shared_links(one).await.unwrap().remove(0);
    assert!(admin.opens_shared_link(&link.slug, "sesame").await.unwrap());
    assert!(admin.tracker_script(one).await.unwrap().does("tagged_events"));
    assert_eq!(admin.failures().await.unwrap()[0].site, SiteId(9));
    let days = DateRange::day(date(2026, 11, 21));
    assert_eq!(admin.drops(Some(one), days).await.unwrap()[0].n, 4);
    // What was given before is not given again.
    assert_eq!(add_site(admin, "https://shop.example").await.id, SiteId(3));
    let goal = footfall_admin::NewGoal::new("", GoalMatch::PagePath { path: "/".to_owned(), props: Vec::new() });
    assert_eq!(admin.add_goal(one, goal).await.unwrap().id, GoalId(5));
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/admin.db");
    let path = path.to_str().unwrap();
    let admin = Admin::open(path).await.unwrap();
    story::tell(&admin).await.unwrap();
    let salts = admin.salts(story::THEN).await.unwrap();
    admin.close().await.unwrap();
    let admin = Admin::open(&format!("sqlite://{path}")).await.unwrap();
    assert_eq!(admin.salts(story::THEN).await.unwrap(), salts);
    check(&admin).await;
}

#[tokio::test]
async fn version_1_is_still_read() {
    let frozen = "frozen/v1.db";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    std::fs::copy(frozen, &path).unwrap();
    let admin = Admin::open(path.to_str().unwrap()).await.unwrap();
    check(&admin).await;
}

/// The tables before there were roles of a team: nobody has one but the superusers.
#[tokio::test]
async fn version_5_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    std::fs::copy("frozen/v5.db", &path).unwrap();
    let admin = Admin::open(path.to_str().unwrap()).await.unwrap();
    let roles: Vec<_> = admin.users().await.unwrap().into_iter().map(|user| (user.login, user.role)).collect();
    let expected = [("ada", None), ("eve", None), ("root", Some(TeamRole::Owner))];
    assert_eq!(roles, expected.map(|(login, role)| (login.to_owned(), role)));
    check(&admin).await;
    let changes = UserChanges { role: Some(Some(TeamRole::Viewer)), ..UserChanges::default() };
    admin.update_user("ada", changes, story::THEN).await.unwrap();
    admin.close().await.unwrap();
    let admin = Admin::open(path.to_str().unwrap()).await.unwrap();
    assert_eq!(admin.user("ada").await.unwrap().role, Some(TeamRole::Viewer));
}

#[tokio::test]
async fn another_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    std::fs::write(&path, "this is a letter to a friend and no database at all, as anybody can see").unwrap();
    let path = path.to_str().unwrap();
    let error = Admin::open(path).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Broken);
    assert_eq!(error.message(), format!("`{path}` cannot be used as the administration database"));
    assert_eq!(error.hint_text(), Some("it must be a SQLite file this program wrote, in a directory it may write to"));
}

#[tokio::test]
async fn a_database_without_a_driver_is_refused_by_name() {
    let (fault, message) = refused(Admin::open("postgres://localhost/footfall").await);
    assert_eq!(fault, Fault::Invalid);
    assert_eq!(message, "this build cannot keep its administration in `postgres`; it may be the path of a SQLite file");
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    let admin = Admin::open(path.to_str().unwrap()).await.unwrap();
    add_site(&admin, "http://a.example").await;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}

/// Many at once: nobody gets a number twice and nobody is turned away.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    let admin = Admin::open(path.to_str().unwrap()).await.unwrap();
    let tasks: Vec<_> = (0..24)
        .map(|_| {
            let admin = admin.clone();
            tokio::spawn(async move { add_site(&admin, "http://a.example").await.id.0 })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    ids.sort_unstable();
    assert_eq!(ids, (1..=24).collect::<Vec<_>>());
    assert_eq!(admin.snapshot(NOW).await.unwrap().all().len(), 24);
}
