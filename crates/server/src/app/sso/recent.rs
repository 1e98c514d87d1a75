//! Recent sign-ins with identity providers: kept for seven days, for the administrator to whom a person tells the reference.
//! Keeping one never fails a sign-in.

use rolecall_core::identity::{Provider, ProviderAlias};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::opaque::SecretHash;
use rolecall_signin::throttle::network;
use rolecall_store::{NewSignIn, Page, SignInFilter, SignInRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Failure;
use super::outcome::Outcome;
use super::person::Reading;
use super::progress::{Progress, Step};
use crate::app::{App, Call, RequestInfo};

/// Letters and digits that nobody mistakes for one another on the phone (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Maximum characters of what went wrong.
const LONGEST: usize = 2_000;

/// A recent sign-in.
#[derive(Debug)]
pub struct RecentSignIn {
    /// What the person is shown.
    pub reference: String,
    /// The alias of the provider; `None` when it was deleted.
    pub provider: Option<ProviderAlias>,
    /// When it ended.
    pub at: Timestamp,
    /// The code of the failure; `None` for a person who came in, or would have.
    pub problem: Option<String>,
    /// The email, as far as the provider said one.
    pub email: Option<String>,
    /// Whether an administrator tested the provider: nobody came in.
    pub is_test: bool,
    /// How far it came; `None` in a list.
    pub details: Option<Details>,
}

/// How far a sign-in came.
#[derive(Debug, Serialize, Deserialize)]
pub struct Details {
    /// The steps that were begun, in their order. Where it failed, the last one did.
    pub steps: Vec<Step>,
    /// Why it failed.
    pub failure: Option<String>,
    /// What the provider said, without secrets; `None` when nothing was verified.
    pub claims: Option<Value>,
    /// What was made of it.
    pub reading: Reading,
    /// What would have come of a test.
    pub outcome: Option<Outcome>,
}

/// How a sign-in ended.
pub(super) struct Ended<'a> {
    pub provider: &'a Provider,
    pub is_test: bool,
    pub failure: Option<&'a Failure>,
    pub outcome: Option<Outcome>,
    pub progress: Progress,
    /// What it is known by, so that the same one is kept once however often it fails.
    pub seed: &'a str,
}

/// Keeps a sign-in, and returns its reference; `None` when the database did not take it.
pub(super) async fn note(app: &App, request: &RequestInfo, ended: Ended<'_>) -> Option<String> {
    for warning in &ended.progress.reading.warnings {
        tracing::warn!(provider = %ended.provider.alias, "{warning}");
    }
    match keep(app, request, ended).await {
        Ok(reference) => Some(reference),
        Err(error) => {
            tracing::warn!(%error, "a sign-in is missing among the recent ones");
            None
        }
    }
}

async fn keep(app: &App, request: &RequestInfo, ended: Ended<'_>) -> Result<String> {
    let Ended { provider, is_test, failure, outcome, progress, seed } = ended;
    let Progress { steps, claims, reading, is_known, .. } = progress;
    let reference = reference(SecretHash::of(&format!("{}\n{seed}", provider.id)).as_bytes());
    let is_known = is_known || is_test;
    let reading = reading.shortened();
    let email = reading.email.clone();
    let failed = failure.map(|failure| failure.detail.chars().take(LONGEST).collect());
    let details = Details { steps, failure: failed, claims, reading, outcome };
    let record = SignInRecord {
        reference: reference.clone(),
        provider: provider.id,
        at: app.clock.now(),
        problem: failure.map(|failure| failure.code.to_owned()),
        email,
        is_test,
        // The database accepts no text with a zero byte, and JSON writes it so.
        details: serde_json::to_string(&details).map_err(Error::internal)?,
    };
    let network = network(request.source_ip).to_string();
    app.store.note_sign_in(NewSignIn { record, is_known, network }).await?;
    Ok(reference)
}

/// Eight characters, in two halves.
fn reference(hash: &[u8; 32]) -> String {
    let mut bits = hash.iter().take(5).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut text = String::new();
    for place in 0..8 {
        if place == 4 {
            text.push('-');
        }
        let letter = usize::try_from(bits & 31).ok().and_then(|at| ALPHABET.get(at)).copied().unwrap_or(b'0');
        text.push(char::from(letter));
        bits >>= 5;
    }
    text
}

/// A page of the recent sign-ins, newest first, and how many there are.
///
/// # Errors
/// `Forbidden` without `security-settings:read` at the account.
pub async fn list(
    call: &Call,
    provider: Option<&ProviderAlias>,
    filter: SignInFilter,
    page: Page,
) -> Result<(Vec<RecentSignIn>, u64)> {
    call.principal()?.ensure_reads_providers()?;
    let filter = match provider {
        Some(alias) => match call.world.provider_named(alias) {
            Some(provider) => SignInFilter { provider: Some(provider.id), ..filter },
            None => return Err(Error::not_found(format!("there is no identity provider {}", quoted(alias.as_str())))),
        },
        None => filter,
    };
    let total = call.app.store.count_sign_ins(&filter).await?;
    let records = call.app.store.sign_ins(&filter, page).await?;
    Ok((records.into_iter().map(|record| read(call, record)).collect::<Result<_>>()?, total))
}

/// The sign-in with that reference.
///
/// # Errors
/// `NotFound` when there is none, or not for the caller.
pub async fn get(call: &Call, reference: &str) -> Result<RecentSignIn> {
    let unknown = || {
        Error::not_found(format!("there is no sign-in {}; they are kept for seven days", quoted(reference)))
            .with_reason("sign-in-not-found")
    };
    if !call.principal()?.reads_providers() {
        return Err(unknown());
    }
    let record = call.app.store.sign_in(&reference.to_ascii_uppercase()).await?.ok_or_else(unknown)?;
    read(call, record)
}

fn read(call: &Call, record: SignInRecord) -> Result<RecentSignIn> {
    let SignInRecord { reference, provider, at, problem, email, is_test, details } = record;
    Ok(RecentSignIn {
        reference,
        provider: call.world.provider(provider).map(|provider| provider.alias.clone()),
        at,
        problem,
        email,
        is_test,
        details: Some(details)
            .filter(|it| !it.is_empty())
            .map(|it| serde_json::from_str(&it))
            .transpose()
            .map_err(Error::internal)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_can_be_read_aloud() {
        assert_eq!(reference(&[0; 32]), "0000-0000");
        assert_eq!(reference(&[255; 32]), "ZZZZ-ZZZZ");
    }
}
