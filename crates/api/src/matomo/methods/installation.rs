//! Methods that look after an installation: who may try to log in again, and what the tracker holds.

use footfall_model::Access;

use crate::{
    access::Need,
    matomo::{Answer, Failure, dispatch::Call, dispatch::Method},
};

pub(super) const METHODS: &[Method] = &[
    Method::new("Login", "unblockBruteForceIPs", Need::Superuser, &[], |call| Box::pin(unblock(call))),
    // The script is part of the server and has everything in it: nobody has to load anything beside it.
    Method::new("CustomJsTracker", "doesIncludePluginTrackersAutomatically", Need::Somewhere(Access::Admin), &[], |_| {
        Box::pin(async { Ok(Answer::value(true)) })
    }),
];

/// Lets everybody try again who failed to log in too often.
async fn unblock(call: Call<'_>) -> Result<Answer, Failure> {
    call.ctx.admin.throttle().clear();
    Ok(Answer::Done)
}
