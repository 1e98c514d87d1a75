//! Searches for subjects: limits how many run at once, one for each caller, and cancels those whose caller has left.
//!
//! A search occupies a processor while it looks through names, possibly all of them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::{Error, Result};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::turns::Turns;

/// Maximum wait for a turn. A person who types starts the next search before the previous one ends.
const PATIENCE: Duration = Duration::from_secs(2);
/// `Retry-After` of a refused search.
const LATER: Duration = Duration::from_secs(1);

/// Running and waiting searches.
#[derive(Debug)]
pub struct Searches {
    turns: Arc<Semaphore>,
    /// One for each caller.
    callers: Turns,
    patience: Duration,
}

impl Default for Searches {
    /// On half of the processors: the others are left for decisions.
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::at_once(processors.div_ceil(2), PATIENCE)
    }
}

impl Searches {
    fn at_once(most: usize, patience: Duration) -> Self {
        Self { turns: Arc::new(Semaphore::new(most)), callers: Turns::new("searches", 1), patience }
    }

    /// Searches on its own thread, so that decisions do not wait for it. The search can ask whether its answer is still
    /// wanted, and keeps its turn until it ends.
    ///
    /// # Errors
    /// `Overloaded` when the turn does not come soon; `Internal` when it panics.
    pub async fn run<T: Send + 'static>(
        &self,
        actor: &Actor,
        search: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static,
    ) -> Result<T> {
        let (own, turns) = (self.callers.of(actor), self.turns.clone());
        let turn = async { Ok((own.acquire_owned().await?, turns.acquire_owned().await?)) };
        let turn = timeout(self.patience, turn).await.map_err(|_| {
            let message = "too many subject searches at once; each caller may run one at a time; try again";
            Error::overloaded(message, LATER)
        })?;
        let turn = turn.map_err(|e: tokio::sync::AcquireError| Error::internal(e))?;
        let (answer, answered) = oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let found = search(&|| !answer.is_closed());
            drop(turn);
            // The caller may have left.
            let _ = answer.send(found);
        });
        answered.await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::Poll;

    use rolecall_core::identity::{Email, SessionId, UserId};
    use uuid::Uuid;

    use super::*;

    /// Longer than anything here takes.
    const SOON: Duration = Duration::from_secs(30);

    fn user(n: u128) -> Actor {
        let email = Email::parse("email", &format!("user{n}@example.com")).unwrap();
        Actor::User { email, id: UserId::new(Uuid::from_u128(n)), session: SessionId::new(Uuid::from_u128(n)) }
    }

    /// Starts a search that lasts until it is released; returns what it learned about whether it was wanted.
    async fn begun(searches: &Arc<Searches>, n: u128) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<bool>>) {
        let (go, gone) = mpsc::channel();
        let (begins, began) = oneshot::channel();
        let searches = searches.clone();
        let search = tokio::spawn(async move {
            let last = move |wanted: &dyn Fn() -> bool| {
                begins.send(()).unwrap();
                let _ = gone.recv();
                wanted()
            };
            searches.run(&user(n), last).await
        });
        timeout(SOON, began).await.unwrap().unwrap();
        (go, search)
    }

    #[tokio::test]
    async fn there_is_one_for_each_and_few_for_all() {
        let searches = Arc::new(Searches::at_once(2, Duration::ZERO));
        let (go, first) = begun(&searches, 1).await;
        let (_others, _second) = begun(&searches, 2).await;
        for n in [1, 2, 3] {
            let refused = searches.run(&user(n), |_| ()).await.unwrap_err();
            assert!(refused.message.contains("at once") && refused.retry_after.is_some(), "{refused:?}");
        }
        go.send(()).unwrap();
        assert!(timeout(SOON, first).await.unwrap().unwrap().unwrap(), "it was wanted all the time");
        searches.run(&user(3), |_| ()).await.unwrap();
        searches.run(&user(2), |_| ()).await.unwrap_err();
        assert_eq!(searches.callers.callers(), 1, "a caller without a search is forgotten");
    }

    #[tokio::test]
    async fn a_caller_in_between_waits_for_their_turn() {
        let searches = Arc::new(Searches::at_once(1, SOON));
        let (go, first) = begun(&searches, 1).await;
        let next = user(2);
        let mut waiting = pin!(searches.run(&next, |_| ()));
        assert!(poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending())).await);
        go.send(()).unwrap();
        timeout(SOON, waiting).await.unwrap().unwrap();
        assert!(first.await.unwrap().unwrap());
    }

    #[tokio::test]
    async fn a_search_is_canceled_when_its_caller_leaves_and_keeps_its_turn_until_then() {
        let searches = Arc::new(Searches::at_once(1, Duration::ZERO));
        let (begins, began) = oneshot::channel();
        let (ends, ended) = oneshot::channel();
        let (go, gone) = mpsc::channel::<()>();
        let searching = tokio::spawn({
            let searches = searches.clone();
            let endless = move |wanted: &dyn Fn() -> bool| {
                begins.send(()).unwrap();
                // A failing test releases it.
                while wanted() && gone.try_recv() == Err(mpsc::TryRecvError::Empty) {
                    thread::yield_now();
                }
                ends.send(()).unwrap();
                let _ = gone.recv();
            };
            async move { searches.run(&user(1), endless).await }
        });
        timeout(SOON, began).await.unwrap().unwrap();
        searching.abort();
        timeout(SOON, ended).await.expect("it goes on without a caller").unwrap();
        searches.run(&user(2), |_| ()).await.unwrap_err();
        drop(go);
        let next = async {
            while searches.run(&user(2), |_| ()).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, next).await.expect("its turn is another's");
    }
}
