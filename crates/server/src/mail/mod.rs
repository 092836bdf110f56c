//! Letters: they are kept until they are sent or given up, so that nobody who asks for one waits for it, and none is lost when the
//! process ends.

mod mailgun;
mod relay;
mod smtp;

use std::time::Duration;

use footfall_admin::WaitingLetter;
use footfall_api::{Letter, Post};
use footfall_model::{Error, Millis};
use tokio::sync::{mpsc, watch};

pub(crate) use self::relay::Relay;
use self::{mailgun::Mailgun, smtp::Smtp};
use crate::{app::App, clock};

/// How many letters may wait for being kept.
const QUEUE: usize = 200;
/// How long the first wait before another try is; each of those that follow at once is longer by as much.
const PAUSE: i64 = 2_000;
/// How long the first wait is after these; each that follows is twice as long.
const LATER: i64 = 60_000;
/// The longest wait before another try.
const LONGEST: i64 = 3_600_000;
/// How long it is tried at all: two days.
const PATIENCE: i64 = 2 * 86_400_000;
/// The longest time without a look at what waits.
const LOOK: Duration = Duration::from_secs(60);

/// The end where letters come in, and the other until somebody sends them.
#[derive(Debug)]
pub(crate) struct Mailer {
    relay: Relay,
    into: mpsc::Sender<Letter>,
    from: parking_lot::Mutex<Option<mpsc::Receiver<Letter>>>,
}

impl Mailer {
    /// One that sends nothing yet.
    pub(crate) fn new(relay: Relay) -> Mailer {
        let (into, from) = mpsc::channel(QUEUE);
        Mailer { relay, into, from: parking_lot::Mutex::new(Some(from)) }
    }
}

impl Post for Mailer {
    fn take(&self, letter: Letter) -> bool {
        let taken = self.into.try_send(letter).is_ok();
        if !taken {
            tracing::error!("a letter is not sent, because {QUEUE} are waiting already");
        }
        taken
    }
}

/// How letters leave.
enum Way {
    Smtp(Smtp),
    Mailgun(Mailgun),
}

/// Why a letter did not leave.
struct Failure {
    error: Error,
    /// Whether another try would end the same way.
    is_final: bool,
}

/// Keeps and sends letters until the process stops; what waits then is sent after the next start.
pub(crate) async fn run(app: App) {
    let Some(mailer) = &app.mailer else { return };
    let Some(mut letters) = mailer.from.lock().take() else { return };
    let way = match mailer.relay.way() {
        Ok(way) => way,
        Err(error) => return tracing::error!(error = %error, "letters cannot be sent"),
    };
    let mut stopping = app.stopping.subscribe();
    loop {
        if let Err(error) = send_due(&app, &mailer.relay, &way).await {
            tracing::error!(error = %error, "letters that wait cannot be looked at");
        }
        let wait = match app.admin.next_letter_at().await {
            Ok(Some(at)) => Duration::from_millis(u64::try_from(at.0 - clock::now().0).unwrap_or(0)).min(LOOK),
            Ok(None) | Err(_) => LOOK,
        };
        tokio::select! {
            letter = letters.recv() => match letter {
                Some(letter) => keep(&app, &mailer.relay, &letter).await,
                None => return,
            },
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut stopping) => break,
        }
    }
    while let Ok(letter) = letters.try_recv() {
        keep(&app, &mailer.relay, &letter).await;
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stops| *stops).await;
}

async fn keep(app: &App, relay: &Relay, letter: &Letter) {
    let kept = async {
        let message = String::from_utf8(relay.written(letter)?.formatted())
            .map_err(|cause| Error::invalid("the letter cannot be written").because(cause))?;
        app.admin.keep_letter(&letter.to, &message, clock::now()).await
    };
    match kept.await {
        Ok(true) => {}
        Ok(false) => tracing::error!("a letter is not sent, because too many are waiting already"),
        Err(error) => tracing::error!(error = %error, "a letter cannot be kept, and is not sent"),
    }
}

/// Sends what is due, until nothing is or the process stops.
async fn send_due(app: &App, relay: &Relay, way: &Way) -> Result<(), Error> {
    while !*app.stopping.borrow() {
        let Some(letter) = app.admin.due_letter(clock::now()).await? else { return Ok(()) };
        let sent = match way {
            Way::Smtp(smtp) => smtp.send(relay, &letter).await,
            Way::Mailgun(mailgun) => mailgun.send(&letter).await,
        };
        let Err(Failure { error, is_final }) = sent else {
            app.admin.forget_letter(letter.id).await?;
            continue;
        };
        let next = if is_final { None } else { next_try(&letter, relay.retries, clock::now()) };
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        match next {
            Some(next) => {
                tracing::warn!(error = %error, cause, "a letter cannot be sent and is tried again");
                app.admin.delay_letter(letter.id, next).await?;
            }
            None => {
                tracing::error!(error = %error, cause, "a letter cannot be sent and is given up");
                app.admin.forget_letter(letter.id).await?;
            }
        }
    }
    Ok(())
}

/// When a letter that was tried in vain just now is tried again; `None` when it is given up.
fn next_try(letter: &WaitingLetter, retries: u32, now: Millis) -> Option<Millis> {
    let wait = match letter.attempts.checked_sub(retries) {
        None => PAUSE * (i64::from(letter.attempts) + 1),
        Some(more) => LATER.saturating_mul(1 << more.min(20)).min(LONGEST),
    };
    let next = now.plus(wait);
    (next.0 - letter.created_at.0 <= PATIENCE).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_for_two_days() {
        let mut letter = WaitingLetter {
            id: 1,
            recipient: "ada@example.org".to_owned(),
            message: String::new(),
            attempts: 0,
            created_at: Millis(0),
        };
        let (mut now, mut waits) = (Millis(0), Vec::new());
        while let Some(next) = next_try(&letter, 2, now) {
            waits.push((next.0 - now.0) / 1000);
            now = next;
            letter.attempts += 1;
        }
        assert_eq!(waits[..10], [2, 4, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!((waits.len(), now.0 / 3_600_000), (54, 47));
    }
}
