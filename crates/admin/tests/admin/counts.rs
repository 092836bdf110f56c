use footfall_admin::{Drops, FailureKind, SignIn, SignInOutcome, TrackingFailure};
use footfall_model::{DateRange, Day, Millis};
use jiff::civil::date;

use super::{DAY, HOUR, NOW, empty, invalid, site, with_sites};

#[tokio::test]
async fn a_salt_lives_for_two_days() {
    let admin = empty().await;
    let midnight = Millis(NOW.0 - NOW.0 % DAY);
    let first = admin.salts(midnight).await.unwrap();
    assert_ne!(first.today, first.yesterday);
    assert_eq!(admin.salts(midnight.plus(DAY - 1)).await.unwrap(), first);
    assert!(first.count_at(midnight.plus(DAY - 1)) && !first.count_at(midnight.plus(DAY)));
    let second = admin.salts(midnight.plus(DAY)).await.unwrap();
    assert_eq!((second.day, second.yesterday), (first.day + 1, first.today));
    assert_ne!(second.today, first.today);
    admin.salts(midnight.plus(2 * DAY)).await.unwrap();
    // The first is gone: asked for again it is another.
    assert_ne!(admin.salts(midnight).await.unwrap().today, first.today);
    assert_eq!(format!("{first:?}"), format!("Salts {{ day: {}, .. }}", first.day));
}

fn drops(n: u32, day: Day, reason: &str, count: u64, last: i64) -> Drops {
    Drops { site: (n > 0).then_some(site(n)), day, reason: reason.to_owned(), n: count, last_at: Millis(last) }
}

#[tokio::test]
async fn drops_add_up_by_reason() {
    let admin = with_sites(2).await;
    let (monday, tuesday) = (date(2026, 3, 2), date(2026, 3, 3));
    let some = [drops(1, monday, "bot", 2, 10), drops(1, tuesday, "bot", 3, 30), drops(0, monday, "unknown-site", 9, 20)];
    admin.add_drops(&some).await.unwrap();
    admin.add_drops(&[drops(1, monday, "bot", 5, 15), drops(2, monday, "bot", 1, 40)]).await.unwrap();
    let totals = |n: Option<u32>, first: Day, last: Day| {
        let admin = admin.clone();
        async move {
            let days = DateRange::new(first, last).unwrap();
            let totals = admin.drops(n.map(site), days).await.unwrap();
            totals.into_iter().map(|total| (total.reason, total.n, total.last_at.0)).collect::<Vec<_>>()
        }
    };
    let bot = |n, last| ("bot".to_owned(), n, last);
    assert_eq!(totals(Some(1), monday, tuesday).await, [bot(10, 30)]);
    assert_eq!(totals(Some(1), monday, monday).await, [bot(7, 15)]);
    let unknown = ("unknown-site".to_owned(), 9, 20);
    assert_eq!(totals(None, monday, tuesday).await, [bot(11, 40), unknown.clone()]);
    assert_eq!(totals(None, monday, monday).await, [unknown, bot(8, 40)]);
    // All, or none when one is refused.
    let some = [drops(1, monday, "bot", 1, 50), drops(1, monday, "", 1, 50)];
    invalid(admin.add_drops(&some).await, "`reason` must have 1 to 60 characters");
    assert_eq!(totals(Some(1), monday, monday).await, [bot(7, 15)]);
    assert_eq!(admin.clean_drops(tuesday).await.unwrap(), 3);
    assert_eq!(totals(None, monday, tuesday).await, [bot(3, 30)]);
    admin.delete_site(site(1)).await.unwrap();
    assert_eq!(totals(None, monday, tuesday).await, []);
}

fn failure(n: u32, kind: FailureKind, at: Millis) -> TrackingFailure {
    TrackingFailure { site: site(n), kind, first_at: at, request: "idsite=9&rec=1".to_owned() }
}

#[tokio::test]
async fn a_failure_is_kept_once_for_its_site_and_kind() {
    let admin = empty().await;
    let first = failure(9, FailureKind::UnknownSite, NOW);
    admin.record_failure(&first).await.unwrap();
    admin.record_failure(&failure(9, FailureKind::UnknownSite, NOW.plus(1))).await.unwrap();
    let other = failure(1, FailureKind::NotAuthenticated, NOW.plus(HOUR));
    admin.record_failure(&other).await.unwrap();
    assert_eq!(admin.failures().await.unwrap(), [other.clone(), first.clone()]);
    assert_eq!(admin.clean_failures(NOW.plus(2 * DAY)).await.unwrap(), 0);
    assert_eq!(admin.clean_failures(NOW.plus(2 * DAY + 1)).await.unwrap(), 1);
    assert_eq!(admin.failures().await.unwrap(), [other]);
    admin.record_failure(&first).await.unwrap();
    admin.delete_failures(Some(&[site(1)])).await.unwrap();
    assert_eq!(admin.failures().await.unwrap(), std::slice::from_ref(&first));
    admin.delete_failure(site(9), FailureKind::NotAuthenticated).await.unwrap();
    assert_eq!(admin.failures().await.unwrap(), [first]);
    admin.delete_failures(None).await.unwrap();
    assert_eq!(admin.failures().await.unwrap(), []);
}

#[tokio::test]
async fn failures_are_bounded() {
    let admin = empty().await;
    for n in 1..=1001 {
        admin.record_failure(&failure(n, FailureKind::UnknownSite, NOW)).await.unwrap();
    }
    assert_eq!(admin.failures().await.unwrap().len(), 1000);
    admin.delete_failures(None).await.unwrap();
    let long = TrackingFailure { request: "\0x".repeat(10_000), ..failure(1, FailureKind::UnknownSite, NOW) };
    admin.record_failure(&long).await.unwrap();
    assert_eq!(admin.failures().await.unwrap()[0].request, "x".repeat(8192));
}

#[tokio::test]
async fn sign_ins_are_listed_latest_first() {
    let admin = empty().await;
    let outcomes = [SignInOutcome::WrongPassword, SignInOutcome::Throttled, SignInOutcome::WrongCode, SignInOutcome::Done];
    for (n, outcome) in outcomes.into_iter().enumerate() {
        let sign_in = SignIn { at: NOW.plus(n as i64), login: format!("ada\n{}", "x".repeat(400)), outcome };
        admin.record_sign_in(&sign_in).await.unwrap();
    }
    let last: Vec<_> = admin.sign_ins(2).await.unwrap().into_iter().map(|sign_in| (sign_in.at, sign_in.outcome)).collect();
    assert_eq!(last, [(NOW.plus(3), SignInOutcome::Done), (NOW.plus(2), SignInOutcome::WrongCode)]);
    assert_eq!(admin.sign_ins(1).await.unwrap()[0].login, format!("ada{}", "x".repeat(317)));
    assert_eq!(admin.clean_sign_ins(NOW.plus(2)).await.unwrap(), 2);
    assert_eq!(admin.sign_ins(10).await.unwrap().len(), 2);
}
