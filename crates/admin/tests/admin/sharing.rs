use footfall_admin::{GuestRole, NewSegment, UserChanges};
use footfall_model::Access;

use super::{NOW, invalid, missing, site, strings, user, with_sites};

#[tokio::test]
async fn a_shared_link_opens_with_its_password() {
    let admin = with_sites(2).await;
    let open = admin.add_shared_link(site(1), "Open", None, None, NOW).await.unwrap();
    let segment = NewSegment {
        name: "Germans".to_owned(),
        definition: "countryCode==de".to_owned(),
        login: "ada".to_owned(),
        site: Some(site(1)),
        ..NewSegment::default()
    };
    admin.add_segment(segment, NOW).await.unwrap();
    let shut = admin.add_shared_link(site(1), "Shut", Some("sesame"), Some(1), NOW).await.unwrap();
    assert_eq!((open.slug.len(), open.has_password, shut.has_password, shut.segment), (24, false, true, Some(1)));
    assert!(admin.opens_shared_link(&open.slug, "anything").await.unwrap());
    assert!(admin.opens_shared_link(&shut.slug, "sesame").await.unwrap());
    assert!(!admin.opens_shared_link(&shut.slug, "Sesame").await.unwrap());
    assert!(!admin.opens_shared_link("guess", "sesame").await.unwrap());
    assert_eq!(admin.shared_link(&shut.slug).await.unwrap(), Some(shut.clone()));
    assert_eq!(admin.shared_link("guess").await.unwrap(), None);
    assert_eq!(admin.shared_links(site(1)).await.unwrap(), [open.clone(), shut]);
    invalid(admin.add_shared_link(site(1), "Open", None, None, NOW).await, "`name` must be unique, and `Open` is taken");
    admin.add_shared_link(site(2), "Open", Some(""), None, NOW).await.unwrap();
    missing(admin.add_shared_link(site(1), "New", None, Some(9), NOW).await, "no segment has the number `9`");
    invalid(admin.add_shared_link(site(2), "New", None, Some(1), NOW).await, "the segment `1` is for another site");
    // Without its segment a link would show everything.
    invalid(admin.delete_segment(1).await, "the segment `1` limits the shared link `Shut`");
    missing(admin.delete_shared_link(site(2), &open.slug).await, "site `2` has no such shared link");
    admin.delete_shared_link(site(1), &open.slug).await.unwrap();
    assert!(!admin.opens_shared_link(&open.slug, "").await.unwrap());
}

#[tokio::test]
async fn a_known_guest_comes_in_at_once() {
    let admin = with_sites(1).await;
    let guest = admin.invite_guest(site(1), "ADA@example.org", GuestRole::Editor, NOW).await.unwrap();
    assert_eq!((guest.email.as_str(), guest.accepted, guest.role), ("ada@example.org", true, GuestRole::Editor));
    assert_eq!(admin.principal("ada").await.unwrap().access(site(1)), Some(Access::Write));
    // Asking again changes nothing.
    let again = admin.invite_guest(site(1), "ada@example.org", GuestRole::Viewer, NOW.plus(1)).await.unwrap();
    assert_eq!(again, guest);
    assert!(admin.remove_guest(site(1), "Ada@example.org").await.unwrap());
    assert!(!admin.remove_guest(site(1), "ada@example.org").await.unwrap());
    assert_eq!(admin.principal("ada").await.unwrap().access(site(1)), None);
}

#[tokio::test]
async fn an_unknown_guest_comes_in_when_they_exist() {
    let admin = with_sites(2).await;
    admin.invite_guest(site(1), "eve@example.org", GuestRole::Viewer, NOW).await.unwrap();
    admin.invite_guest(site(2), "eve@example.org", GuestRole::Editor, NOW).await.unwrap();
    admin.invite_guest(site(2), "other@example.org", GuestRole::Editor, NOW).await.unwrap();
    let guests = admin.guests(site(2)).await.unwrap();
    assert_eq!(guests.iter().map(|guest| guest.accepted).collect::<Vec<_>>(), [false, false]);
    admin.add_user(user("eve"), NOW).await.unwrap();
    let principal = admin.principal("eve").await.unwrap();
    assert_eq!((principal.access(site(1)), principal.access(site(2))), (Some(Access::View), Some(Access::Write)));
    let guests = admin.guests(site(2)).await.unwrap();
    assert_eq!(guests.iter().map(|guest| guest.accepted).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_right_given_otherwise_stays() {
    let admin = with_sites(1).await;
    admin.set_access("ada", Some(Access::Admin), &[site(1)]).await.unwrap();
    let guest = admin.invite_guest(site(1), "ada@example.org", GuestRole::Viewer, NOW).await.unwrap();
    assert!(!guest.accepted);
    assert!(admin.remove_guest(site(1), "ada@example.org").await.unwrap());
    assert_eq!(admin.principal("ada").await.unwrap().access(site(1)), Some(Access::Admin));
    let changes = UserChanges { email: Some("nobody@example.org".to_owned()), ..UserChanges::default() };
    admin.update_user("bob", changes, NOW).await.unwrap();
    invalid(
        admin.invite_guest(site(1), "nobody", GuestRole::Viewer, NOW).await,
        "`email` must be an e-mail address such as `ada@example.org`",
    );
}

#[tokio::test]
async fn a_site_has_one_script() {
    let admin = with_sites(2).await;
    let script = admin.tracker_script(site(1)).await.unwrap();
    assert_eq!((script.id.len(), script.installation.as_deref(), script.options.len()), (24, None, 0));
    assert_eq!(admin.tracker_script(site(1)).await.unwrap(), script);
    let on = [("outbound_links", true), ("track_404_pages", true)];
    let changed = admin.update_tracker_script(site(1), Some("wordpress"), &on).await.unwrap();
    assert_eq!((changed.id.as_str(), changed.installation.as_deref()), (script.id.as_str(), Some("wordpress")));
    assert_eq!(changed.options, strings(&["track_404_pages", "outbound_links"]));
    let off = [("outbound_links", false), ("form_submissions", true)];
    let changed = admin.update_tracker_script(site(1), None, &off).await.unwrap();
    assert_eq!(changed.options, strings(&["track_404_pages", "form_submissions"]));
    assert!(changed.does("form_submissions") && !changed.does("outbound_links"));
    assert_eq!(admin.tracker_script_by_id(&script.id).await.unwrap(), Some(changed));
    assert_eq!(admin.tracker_script_by_id("guess").await.unwrap(), None);
    invalid(
        admin.update_tracker_script(site(1), Some("magic"), &[]).await,
        "`installation_type` must be one of `manual`, `wordpress`, `gtm`, `npm`",
    );
    invalid(admin.update_tracker_script(site(1), None, &[("magic", true)]).await, "a tracker script has no option `magic`");
    missing(admin.tracker_script(site(9)).await, "no site has the number `9`");
    assert_ne!(admin.tracker_script(site(2)).await.unwrap().id, script.id);
}
