use footfall_admin::Admin;
use footfall_model::Millis;

use super::{NOW, story};

#[tokio::test]
async fn a_letter_waits_until_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.db");
    let path = path.to_str().unwrap();
    let admin = Admin::open(path).await.unwrap();
    assert_eq!(admin.next_letter_at().await.unwrap(), None);
    assert!(admin.keep_letter("ada@example.org", "first", NOW).await.unwrap());
    assert!(admin.keep_letter("eve@example.org", "second", NOW.plus(5)).await.unwrap());
    admin.close().await.unwrap();
    let admin = Admin::open(path).await.unwrap();
    let first = admin.due_letter(NOW).await.unwrap().unwrap();
    assert_eq!((first.recipient.as_str(), first.message.as_str(), first.attempts), ("ada@example.org", "first", 0));
    admin.delay_letter(first.id, NOW.plus(60_000)).await.unwrap();
    assert_eq!(admin.due_letter(NOW).await.unwrap(), None);
    let second = admin.due_letter(NOW.plus(60_000)).await.unwrap().unwrap();
    assert_eq!(second.recipient, "eve@example.org");
    admin.forget_letter(second.id).await.unwrap();
    assert_eq!(admin.next_letter_at().await.unwrap(), Some(NOW.plus(60_000)));
    let again = admin.due_letter(NOW.plus(60_000)).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts, again.created_at), (first.id, 1, NOW));
}

#[tokio::test]
async fn a_thousand_letters_wait_at_most() {
    let admin = Admin::open_in_memory().await.unwrap();
    story::tell(&admin).await.unwrap();
    for n in 0..1000 {
        assert!(admin.keep_letter("ada@example.org", &n.to_string(), Millis(n)).await.unwrap());
    }
    assert!(!admin.keep_letter("ada@example.org", "one too many", NOW).await.unwrap());
    assert_eq!(admin.due_letter(Millis(0)).await.unwrap().unwrap().message, "0");
}
