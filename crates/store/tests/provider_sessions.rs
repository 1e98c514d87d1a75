//! Sessions that began with an identity provider: found by its words, and what signing out there needs is given once.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test that cannot go on must fail")]

mod common;

use std::sync::Arc;

use common::on_both_databases;
use common::people::*;
use rolecall_core::access::Actor;
use rolecall_core::acts::{Admission, AdmitNewcomer, CreateProvider, EndSessions};
use rolecall_core::identity::{Binding, ProviderId, ProviderKind};
use rolecall_core::{Revision, Timestamp};
use rolecall_store::{NamedSessions, NewProvider, NewSession, SessionOwner, SessionThere, Store};
use uuid::Uuid;

on_both_databases!(a_provider_names_sessions_by_person_and_by_session, what_signing_out_needs_is_given_once,);

const NIA: [u8; 32] = [1; 32];
const MAX: [u8; 32] = [2; 32];

fn provider_id() -> ProviderId {
    ProviderId::new(Uuid::from_u128(0x1d9))
}

/// A provider with two people, nia (40) and max (41), and the revision at which it last changed.
async fn provider(store: &Store) -> Revision {
    bootstrapped(store, &sample()).await;
    let create = CreateProvider { alias: ProviderKind::Oidc.alias(), kind: ProviderKind::Oidc };
    let (mut tx, permit) = permitted(store, &root(), create, at(1)).await.unwrap();
    let empty = || "{}".to_owned();
    let new = NewProvider {
        id: provider_id(),
        settings: empty(),
        mappers: empty(),
        emails: empty(),
        groups_absent: "refuse".to_owned(),
        secret: None,
    };
    tx.create_provider(&permit, new).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    let changed = world.provider(provider_id()).unwrap().changed;
    for (id, name) in [(40, "nia"), (41, "max")] {
        let admission = Admission { binding: binding(name), changed, email: email(name), groups: None };
        let (mut tx, permit) = permitted(store, &Actor::Rolecall, AdmitNewcomer(admission), at(2)).await.unwrap();
        tx.admit_newcomer(&permit, user_id(id), rolecall_core::identity::PersonNames::default()).await.unwrap();
        tx.commit(permit, &request()).await.unwrap();
    }
    changed
}

fn binding(name: &str) -> Arc<Binding> {
    Arc::new(Binding::new(provider_id(), "https://id.example.com", name).unwrap())
}

/// Opens the session with that number, which the provider calls by that number, too.
async fn open(store: &Store, (user, name): (u128, &str), person: [u8; 32], number: u8, changed: Revision) {
    let there =
        SessionThere { person: Some(person), session: Some([number; 32]), since: None, sign_out: Some(vec![number]) };
    let id = user_id(user);
    let who =
        SessionOwner::Described { id, binding: binding(name), changed, groups: None, claims: "{}".to_owned(), there };
    let new = NewSession { who, ..session_of(id, u128::from(number), at(3)) };
    assert!(store.open_session(new, sign_in(name, at(3))).await.unwrap());
}

async fn named(store: &Store, person: Option<[u8; 32]>, sessions: &[u8], now: Timestamp) -> Vec<u128> {
    let sessions = sessions.iter().map(|number| [*number; 32]).collect();
    let named = NamedSessions { provider: provider_id(), person, sessions, begun_by: at(9) };
    let found = store.sessions_named(&named, now).await.unwrap();
    let mut numbers: Vec<_> =
        found.iter().map(|(id, _)| id.uuid().as_u128() - session_id(0).uuid().as_u128()).collect();
    numbers.sort_unstable();
    numbers
}

async fn a_provider_names_sessions_by_person_and_by_session(store: Store) {
    let changed = provider(&store).await;
    for number in [10, 11] {
        open(&store, (40, "nia"), NIA, number, changed).await;
    }
    open(&store, (41, "max"), MAX, 12, changed).await;
    assert_eq!(named(&store, Some(NIA), &[], at(4)).await, [10, 11]);
    assert_eq!(named(&store, Some(NIA), &[11, 12], at(4)).await, [11], "both conditions hold");
    assert_eq!(named(&store, None, &[11, 12], at(4)).await, [11, 12]);
    assert!(named(&store, None, &[], at(4)).await.is_empty(), "nobody named is not everybody");
    let other = NamedSessions {
        provider: ProviderId::new(Uuid::from_u128(1)),
        person: Some(NIA),
        sessions: Vec::new(),
        begun_by: at(9),
    };
    assert!(store.sessions_named(&other, at(4)).await.unwrap().is_empty());
    // A session that has ended or expired is over.
    let end = EndSessions { sessions: vec![session_id(10)], subject: subject("nia") };
    let (mut tx, permit) = permitted(&store, &Actor::Rolecall, end, at(5)).await.unwrap();
    tx.end_sessions(&permit).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    assert_eq!(named(&store, Some(NIA), &[], at(6)).await, [11]);
    assert!(named(&store, Some(NIA), &[], at(60 * 24 * 365)).await.is_empty());
}

async fn what_signing_out_needs_is_given_once(store: Store) {
    let changed = provider(&store).await;
    open(&store, (40, "nia"), NIA, 10, changed).await;
    let there = store.sign_out_there(session_id(10)).await.unwrap().unwrap();
    assert_eq!((there.provider, there.needs), (provider_id(), vec![10]));
    let taking: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.take_sign_out_there(session_id(10)).await })
        })
        .collect();
    let mut given = 0;
    for taken in taking {
        given += usize::from(taken.await.unwrap().unwrap().is_some());
    }
    assert_eq!(given, 1);
    assert!(store.sign_out_there(session_id(10)).await.unwrap().is_none());
    // Sessions of others need none.
    assert!(store.open_session(session_of(user_id(3), 11, at(3)), sign_in("ana", at(3))).await.unwrap());
    assert!(store.sign_out_there(session_id(11)).await.unwrap().is_none());
}
