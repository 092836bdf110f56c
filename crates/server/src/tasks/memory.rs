//! Gives memory back that was freed: the allocator keeps it for what comes next, and nothing may come for hours.

use std::time::Duration;

/// When what starting took (a password's hash takes 19 MB for a moment) is no longer needed.
const FIRST: Duration = Duration::from_secs(2);
const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn run() {
    tokio::time::sleep(FIRST).await;
    loop {
        give_back();
        tokio::time::sleep(EVERY).await;
    }
}

fn give_back() {
    #[expect(unsafe_code, reason = "a call into C; it takes no pointer and may be made on any thread at any time")]
    unsafe {
        libmimalloc_sys::mi_collect(true);
    }
}
