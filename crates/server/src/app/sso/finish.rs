//! The end of a sign-in, the same for all protocols: the person comes in; or, in a test, an administrator sees what would have
//! come of it.

use std::sync::Arc;

use rolecall_core::World;
use rolecall_core::acts::Admission;
use rolecall_core::identity::Provider;

use super::outcome::Outcome;
use super::progress::{Progress, Step};
use super::provider_session::There;
use super::recent::{self, Ended};
use super::{Failure, admit, groups};
use crate::app::sessions::BrowserSession;
use crate::app::{App, RequestInfo};

/// What became of a sign-in.
#[derive(Debug)]
pub enum Finished {
    /// The person came in, and goes to that page.
    SignedIn(BrowserSession, String),
    /// It was a test, which is kept under that reference. Nobody came in.
    Tested(String),
}

/// A person whom the provider confirmed.
pub(super) struct Confirmed {
    pub admission: Admission,
    /// Their session there.
    pub there: There,
}

/// Who asks to come in, and on the way to what.
pub(super) struct Coming<'a> {
    pub app: &'a Arc<App>,
    pub request: &'a RequestInfo,
    /// The provider as it is now.
    pub provider: &'a Provider,
    pub is_test: bool,
    /// What the sign-in is known by among the recent ones; `None` where it could be anybody's, and is not kept.
    pub seed: Option<String>,
    /// The page that the person wanted.
    pub return_path: &'a str,
}

impl Coming<'_> {
    /// Lets the person in, if the provider confirmed them, and keeps what happened for administrators.
    pub(super) async fn finish(
        self,
        confirmed: Result<Confirmed, Failure>,
        mut progress: Progress,
    ) -> Result<Finished, Failure> {
        if self.is_test {
            return self.finish_test(confirmed, progress).await;
        }
        let opened = match confirmed {
            Ok(confirmed) => {
                progress.at(Step::Admit);
                self.admit(confirmed, &mut progress).await
            }
            Err(failure) => Err(failure),
        };
        progress.is_known |= opened.is_ok();
        let reference = self.note(opened.as_ref().err(), None, progress).await;
        match opened {
            Ok(session) => Ok(Finished::SignedIn(session, self.return_path.to_owned())),
            Err(failure) => Err(failure.on_the_way_to(self.return_path).kept_as(reference)),
        }
    }

    async fn admit(&self, confirmed: Confirmed, progress: &mut Progress) -> Result<BrowserSession, Failure> {
        let Confirmed { admission, there } = confirmed;
        let admission = groups::unless_many_vanish(self.app, self.provider, admission, progress).await?;
        admit::open(self.app, self.request, admission, there, progress).await
    }

    async fn finish_test(
        self,
        confirmed: Result<Confirmed, Failure>,
        mut progress: Progress,
    ) -> Result<Finished, Failure> {
        let come = async || {
            let Confirmed { admission, .. } = confirmed?;
            progress.at(Step::Admit);
            let world: Arc<World> = self.app.engine.current(self.app.clock.now())?;
            Ok::<_, Failure>(Outcome::of(&world, &admission)?)
        };
        let outcome = come().await;
        let (outcome, failure) = match outcome {
            Ok(outcome) => (Some(outcome), None),
            Err(failure) => (None, Some(failure)),
        };
        match (self.note(failure.as_ref(), outcome, progress).await, failure) {
            (Some(reference), _) => Ok(Finished::Tested(reference)),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::new("busy", "the test could not be kept, so it cannot be shown")),
        }
    }

    async fn note(&self, failure: Option<&Failure>, outcome: Option<Outcome>, progress: Progress) -> Option<String> {
        let Self { app, request, provider, is_test, .. } = self;
        let seed = self.seed.as_deref()?;
        recent::note(app, request, Ended { provider, is_test: *is_test, failure, outcome, progress, seed }).await
    }
}
