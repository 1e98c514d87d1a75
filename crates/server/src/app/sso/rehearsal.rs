//! Rehearsals: what would come of sign-ins with these settings, by claims that an administrator pastes or by the last ones of
//! everybody who is known. Changes nothing, and asks no provider.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rolecall_core::identity::{Binding, ProviderKind, User};
use rolecall_core::{Error, Result, World};
use rolecall_signin::oidc::unverified as token;
use rolecall_signin::saml::unverified as assertion;
use rolecall_store::LastClaims;
use serde_json::Value;

use super::Failure;
use super::claim_settings::Terms;
use super::claims::Said;
use super::outcome::Outcome;
use super::person::{self, Reading};
use super::renaming::Renaming;
use super::saml::NAME_ID;
use crate::app::Call;
use crate::app::identity_providers::{ReadProvider, Update, as_changed, get};

/// Users that are read at once.
const AT_ONCE: i64 = 50;
/// Maximum users of a rehearsal with everybody.
const MOST: usize = 100_000;
/// How long a rehearsal with everybody takes at most; it says that there are more.
const LONGEST: Duration = Duration::from_secs(10);
/// Maximum people that are told by name.
const TOLD: usize = 30;

/// Whose sign-in is rehearsed.
#[derive(Debug)]
pub enum Speech {
    /// Of one person, with these claims or attributes.
    Claims(Value),
    /// Of one person, with the claims of this token, which is not verified.
    Token(String),
    /// Of one person, with the attributes in this answer of a SAML provider, which is not verified.
    Assertion(String),
    /// Of everybody who signed in with the provider, with what it said last.
    Everybody,
}

/// What would come of some sign-ins.
#[derive(Debug, Default)]
pub struct Rehearsal {
    /// How many people.
    pub people: usize,
    /// How many would be refused.
    pub refused: usize,
    /// How many would appear as new users.
    pub new: usize,
    /// How many would gain access.
    pub gaining: usize,
    /// How many would lose access.
    pub losing: usize,
    /// Of how many nothing can be told: their claims are too large to be kept, or the provider's metadata has another address,
    /// which is asked once it is saved.
    pub unknown: usize,
    /// Those for whom something would change, at most 30; the person of a single rehearsal in any case.
    pub told: Vec<Rehearsed>,
    /// Whether more people are known than a rehearsal looks at.
    pub more: bool,
}

/// What would come of the sign-in of a person.
#[derive(Debug)]
pub struct Rehearsed {
    /// What would be made of the claims.
    pub reading: Reading,
    /// Who it would be, or why they would be refused.
    pub result: Result<Outcome, Failure>,
}

/// Rehearses sign-ins with a provider, with its settings or with others.
///
/// # Errors
/// `NotFound` when there is no such provider for the caller; `Invalid` for settings that could not be saved, and for what
/// cannot be read.
pub async fn rehearse(call: &Call, alias: &str, draft: Option<Update>, speech: Speech) -> Result<Rehearsal> {
    call.principal()?.ensure_reads_providers()?;
    let before = get(call, alias).await?;
    let settings = before.settings.clone();
    let read = as_changed(before, draft, call.app.clock.now())?;
    let kind = read.provider.kind;
    let renaming = Renaming::between(&settings, &read.settings);
    let stage = Arc::new(Stage { world: call.world.clone(), terms: terms(&read), renaming });
    // One after the other: it is work for a processor.
    let _turn = call.app.sso.rehearsals.acquire().await.map_err(Error::internal)?;
    let said = match speech {
        Speech::Everybody => return stage.everybody(call).await,
        Speech::Claims(claims) => Said::from_json(kind, claims)?,
        Speech::Token(_) if kind == ProviderKind::Saml => {
            return Err(Error::invalid("token: a SAML provider sends no tokens; paste an assertion or claims"));
        }
        Speech::Token(text) => {
            Said::Claims(token::claims(&text).map_err(|error| Error::invalid(format!("token: {error}")))?)
        }
        Speech::Assertion(_) if kind != ProviderKind::Saml => {
            return Err(Error::invalid("assertion: only SAML providers send assertions; paste a token or claims"));
        }
        Speech::Assertion(text) => attributes(&text)?,
    };
    let rehearsed = stage.one(&said, stage.speaker(&said)?);
    let mut rehearsal = Rehearsal::default();
    rehearsal.count(&rehearsed);
    rehearsal.told.push(rehearsed);
    Ok(rehearsal)
}

fn terms(read: &ReadProvider) -> Terms {
    let ReadProvider { provider, settings, mappers, emails, groups_absent, .. } = read;
    Terms::new(provider.clone(), settings, mappers.clone(), emails.clone(), *groups_absent)
}

fn attributes(text: &str) -> Result<Said> {
    let read = assertion::read(text).map_err(|error| Error::invalid(format!("assertion: {error}")))?;
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in read.attributes {
        attributes.entry(attribute.name).or_default().extend(attribute.values);
    }
    if let Some(name_id) = read.name_id {
        attributes.entry(NAME_ID.to_owned()).or_insert_with(|| vec![name_id]);
    }
    Ok(Said::Attributes(attributes))
}

impl Rehearsal {
    fn count(&mut self, rehearsed: &Rehearsed) {
        self.people += 1;
        match &rehearsed.result {
            Ok(outcome) => {
                self.new += usize::from(outcome.is_new);
                self.gaining += usize::from(outcome.access_gained.total > 0);
                self.losing += usize::from(outcome.access_lost.total > 0);
            }
            Err(_) => self.refused += 1,
        }
    }
}

/// What sign-ins are rehearsed in.
struct Stage {
    world: Arc<World>,
    terms: Terms,
    renaming: Renaming,
}

impl Stage {
    fn one(&self, said: &Said, binding: Arc<Binding>) -> Rehearsed {
        let mut reading = Reading::default();
        let admission = person::admission(&self.world, &self.terms, binding, said.received(), &mut reading);
        let result = admission.and_then(|admission| Ok(Outcome::of(&self.world, &admission)?));
        Rehearsed { reading: reading.shortened(), result }
    }

    /// One page after the other, each beside the requests of others.
    async fn everybody(self: Arc<Self>, call: &Call) -> Result<Rehearsal> {
        let began = Instant::now();
        let mut rehearsal = Rehearsal::default();
        let mut after = None;
        loop {
            let page = call.app.store.last_claims(self.terms.provider.id, after, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(rehearsal) };
            after = Some(last.user);
            if rehearsal.people >= MOST || began.elapsed() > LONGEST {
                rehearsal.more = true;
                return Ok(rehearsal);
            }
            let stage = self.clone();
            let work = move || stage.page(&page, rehearsal);
            rehearsal = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
        }
    }

    fn page(&self, page: &[LastClaims], mut rehearsal: Rehearsal) -> Result<Rehearsal> {
        for claims in page {
            let Some(binding) = self.world.user_by_id(claims.user).and_then(|user| self.bound(user)) else { continue };
            // They were too large to be kept.
            if claims.claims.is_empty() {
                rehearsal.people += 1;
                rehearsal.unknown += 1;
                continue;
            }
            let json = serde_json::from_str(&claims.claims).map_err(Error::internal)?;
            let said = Said::from_json(self.terms.provider.kind, json)?;
            let Some(binding) = self.renaming.of(&binding, &said)? else {
                rehearsal.people += 1;
                rehearsal.unknown += 1;
                continue;
            };
            let rehearsed = self.one(&said, binding);
            rehearsal.count(&rehearsed);
            let changes = rehearsed.result.as_ref().map_or(true, |outcome| !outcome.is_nothing());
            if changes && rehearsal.told.len() < TOLD {
                rehearsal.told.push(rehearsed);
            }
        }
        Ok(rehearsal)
    }

    /// Who the user is at the provider, if it is this one.
    fn bound(&self, user: &User) -> Option<Arc<Binding>> {
        user.binding.clone().filter(|binding| binding.provider() == self.terms.provider.id)
    }

    /// Who speaks so. Pasted claims need not name a person: then it is the one of that provider with that email.
    fn speaker(&self, said: &Said) -> Result<Arc<Binding>> {
        let provider = self.terms.provider.id;
        if let Said::Claims(claims) = said
            && let (Some(Value::String(issuer)), Some(Value::String(subject))) = (claims.get("iss"), claims.get("sub"))
        {
            return Binding::new(provider, issuer, subject).map(Arc::new);
        }
        let mut reading = Reading::default();
        let stranger = Arc::new(Binding::new(provider, "rehearsal", "rehearsal")?);
        let admission = person::admission(&self.world, &self.terms, stranger.clone(), said.received(), &mut reading);
        let user = admission.ok().and_then(|admission| self.world.user(&admission.email));
        match user.and_then(|user| self.bound(user)) {
            Some(known) => Ok(self.renaming.of(&known, said)?.unwrap_or(stranger)),
            None => Ok(stranger),
        }
    }
}
