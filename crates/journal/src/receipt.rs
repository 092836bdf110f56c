use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::{Error, Offset};

/// Resolves once what was handed over is durable, or is known not to be.
///
/// Dropping it takes nothing back that was handed over; it only gives up the answer.
#[must_use = "a record counts only once its receipt has resolved"]
pub struct Receipt(State);

enum State {
    Answered(Option<Result<Offset, Error>>),
    Queued(oneshot::Receiver<Result<Offset, Error>>),
    Later(Pin<Box<dyn Future<Output = Result<Offset, Error>> + Send>>),
}

impl Receipt {
    /// A receipt that is answered already.
    pub fn answered(answer: Result<Offset, Error>) -> Receipt {
        Receipt(State::Answered(Some(answer)))
    }

    /// A receipt that is answered through a channel; a sender dropped unused means the journal was closed.
    pub fn queued(answer: oneshot::Receiver<Result<Offset, Error>>) -> Receipt {
        Receipt(State::Queued(answer))
    }

    /// A receipt that needs more than one step.
    pub fn later(answer: impl Future<Output = Result<Offset, Error>> + Send + 'static) -> Receipt {
        Receipt(State::Later(Box::pin(answer)))
    }
}

impl Future for Receipt {
    type Output = Result<Offset, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Answered(answer) => Poll::Ready(answer.take().unwrap_or(Err(Error::Closed))),
            State::Queued(answer) => Pin::new(answer).poll(context).map(|answer| answer.unwrap_or(Err(Error::Closed))),
            State::Later(answer) => answer.as_mut().poll(context),
        }
    }
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match &self.0 {
            State::Answered(_) => "answered",
            State::Queued(_) => "queued",
            State::Later(_) => "later",
        };
        f.debug_tuple("Receipt").field(&state).finish()
    }
}
