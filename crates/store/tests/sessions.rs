//! Sessions: opening, keeping alive, ending.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::time::Duration;

use common::on_both_databases;
use common::people::*;
use rolecall_core::Timestamp;
use rolecall_core::access::Actor;
use rolecall_core::acts::{
    ChangeOwnPassword, DeleteUser, DisableServiceAccount, DisableUser, EnableServiceAccount, EndSessions, LogOutUser,
    RenewSecret, ResetPassword, SignOut,
};
use rolecall_core::identity::Credential;
use rolecall_store::{NewRefresh, NewSession, Rotation, SessionOwner, SessionOwnerId, Store, UsedRefresh};

on_both_databases!(
    a_session_opens_and_is_found,
    no_session_opens_with_a_secret_of_yesterday,
    signing_in_races_with_a_reset_and_loses,
    a_service_account_signs_in,
    a_disabled_service_account_signs_in_no_more,
    changing_ones_password_ends_the_other_sessions,
    signing_out_ends_the_own_session_only,
    a_refresh_token_is_good_once,
    of_two_who_use_one_token_one_is_a_thief,
    a_refresh_token_has_siblings_for_a_short_time,
    wrong_passwords_in_a_row_are_counted,
    a_password_has_a_generation,
    refreshing_ends_with_the_session,
    what_is_long_over_is_forgotten,
    the_end_of_a_session_is_told_as_long_as_its_tokens_live,
);

fn refresh(n: u8, at: Timestamp) -> NewRefresh {
    NewRefresh { hash: [n; 32], expires_at: at.plus(2 * HOUR) }
}

/// Used without a grace period.
fn used(token: u8, tokens_until: Timestamp, at: Timestamp) -> UsedRefresh {
    UsedRefresh { hash: [token; 32], grace: Duration::ZERO, tokens_until, at }
}

async fn open_with_refresh(store: &Store, session: u128, token: u8) {
    let new = NewSession { refresh: Some(refresh(token, at(1))), ..session_of(user_id(3), session, at(1)) };
    assert!(store.open_session(new, sign_in("ana", at(1))).await.unwrap());
}

async fn a_session_opens_and_is_found(store: Store) {
    bootstrapped(&store, &sample()).await;
    let ana = store.user_for_sign_in(&email("ana")).await.unwrap().unwrap();
    assert_eq!((ana.id, ana.enabled, ana.credential), (user_id(3), true, Credential::Own));
    assert_eq!(ana.password_hash.as_deref(), Some("hash"));
    assert!(store.user_for_sign_in(&email("nobody")).await.unwrap().is_none());

    let who =
        SessionOwner::User { id: user_id(3), password_hash: "hash".to_owned(), rehashed: Some("better".to_owned()) };
    let new = NewSession { who, ..session_of(user_id(3), 5, at(1)) };
    assert!(store.open_session(new, sign_in("ana", at(1))).await.unwrap());
    let ana = store.user_for_sign_in(&email("ana")).await.unwrap().unwrap();
    assert_eq!(ana.password_hash.as_deref(), Some("better"));

    store.touch_session(session_id(5), at(9)).await.unwrap();
    store.touch_session(session_id(5), at(4)).await.unwrap();
    let session = store.session_by_secret(&[5; 32]).await.unwrap().unwrap();
    assert_eq!((session.id, session.owner), (session_id(5), SessionOwnerId::User(user_id(3))));
    assert_eq!((session.created_at, session.last_seen_at, session.ended_at), (at(1), at(9), None));
    assert!(store.session_by_secret(&[6; 32]).await.unwrap().is_none());

    let mut odd = sign_in("ana", at(2));
    odd.subject = "\0 or nothing".to_owned();
    store.note_failed_sign_in(odd).await.unwrap();
    let log = store.audit_newest(2).await.unwrap();
    assert_eq!([log[0].result.as_str(), log[1].result.as_str()], ["failure", "success"]);
    assert_eq!(store.head().await.unwrap().number(), 1, "signing in changes no access");
}

async fn no_session_opens_with_a_secret_of_yesterday(store: Store) {
    bootstrapped(&store, &sample()).await;
    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(user_id(3)), at(1)).await.unwrap();
    tx.reset_password(&permit, password("reset", Credential::Temporary)).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert_eq!(world.user(&email("ana")).unwrap().credential, Credential::Temporary);
    assert!(!store.open_session(session_of(user_id(3), 5, at(2)), sign_in("ana", at(2))).await.unwrap());
    act(&store, &root(), DisableUser(user_id(2)), at(3)).await.unwrap();
    assert!(!store.open_session(session_of(user_id(2), 6, at(4)), sign_in("vice", at(4))).await.unwrap());
    assert!(store.session_by_secret(&[6; 32]).await.unwrap().is_none());
    assert!(store.audit_newest(10).await.unwrap().iter().all(|row| row.action != "sign-in"));
}

async fn signing_in_races_with_a_reset_and_loses(store: Store) {
    bootstrapped(&store, &sample()).await;
    let signing_in: Vec<_> = (10..30)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(
                async move { store.open_session(session_of(user_id(3), n, at(1)), sign_in("ana", at(1))).await },
            )
        })
        .collect();
    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(user_id(3)), at(2)).await.unwrap();
    tx.reset_password(&permit, password("reset", Credential::Temporary)).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    for (n, attempt) in (10..30).zip(signing_in) {
        let opened = attempt.await.unwrap().unwrap();
        let session = store.session_by_secret(&[n; 32]).await.unwrap();
        assert_eq!(session.is_some(), opened);
        assert!(session.is_none_or(|session| session.ended_at.is_some()), "a session outlived the reset");
    }
}

async fn a_service_account_signs_in(store: Store) {
    bootstrapped(&store, &sample()).await;
    let new = |secret_hash, n| NewSession {
        who: SessionOwner::ServiceAccount { id: robot_id(), secret_hash },
        ..session_of(user_id(0), n, at(1))
    };
    assert!(!store.open_session(new([8; 32], 5), sign_in("robot", at(1))).await.unwrap());
    assert!(store.open_session(new([7; 32], 6), sign_in("robot", at(1))).await.unwrap());
    let session = store.session_by_secret(&[6; 32]).await.unwrap().unwrap();
    assert_eq!(session.owner, SessionOwnerId::ServiceAccount(robot_id()));
    let (mut tx, permit) = permitted(&store, &root(), RenewSecret(robot_id()), at(2)).await.unwrap();
    tx.renew_secret(&permit, [9; 32]).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(world.session_has_ended(session_id(6)));
}

async fn a_disabled_service_account_signs_in_no_more(store: Store) {
    bootstrapped(&store, &sample()).await;
    let new = |n| NewSession {
        who: SessionOwner::ServiceAccount { id: robot_id(), secret_hash: [7; 32] },
        ..session_of(user_id(0), n, at(1))
    };
    assert!(store.open_session(new(6), sign_in("robot", at(1))).await.unwrap());
    let world = act(&store, &root(), DisableServiceAccount(robot_id()), at(2)).await.unwrap();
    assert!(!world.service_account_by_id(robot_id()).unwrap().enabled && world.session_has_ended(session_id(6)));
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    assert!(!store.open_session(new(7), sign_in("robot", at(3))).await.unwrap());
    assert_eq!(store.service_account(robot_id()).await.unwrap().unwrap().updated_at, at(2));

    let world = act(&store, &root(), EnableServiceAccount(robot_id()), at(4)).await.unwrap();
    assert!(world.service_account_by_id(robot_id()).unwrap().enabled && world.session_has_ended(session_id(6)));
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    assert!(store.open_session(new(8), sign_in("robot", at(5))).await.unwrap());
}

async fn changing_ones_password_ends_the_other_sessions(store: Store) {
    bootstrapped(&store, &sample()).await;
    for n in [5, 6] {
        open_with_refresh(&store, n.into(), n + 50).await;
    }
    let ana = actor("ana", 3, 5);
    let (mut tx, permit) = permitted(&store, &ana, ChangeOwnPassword, at(2)).await.unwrap();
    tx.change_own_password(&permit, password("mine", Credential::Own)).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(!world.session_has_ended(session_id(5)) && world.session_has_ended(session_id(6)));
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    let other = store.rotate_refresh(used(56, at(60), at(3)), refresh(70, at(3))).await.unwrap();
    assert_eq!(other, Rotation::Ended);
    let own = store.rotate_refresh(used(55, at(60), at(3)), refresh(71, at(3))).await.unwrap();
    assert!(matches!(own, Rotation::Rotated(_)), "{own:?}");
}

async fn signing_out_ends_the_own_session_only(store: Store) {
    bootstrapped(&store, &sample()).await;
    for n in [5, 6, 7] {
        assert!(store.open_session(session_of(user_id(3), n, at(1)), sign_in("ana", at(1))).await.unwrap());
    }
    let world = act(&store, &actor("ana", 3, 5), SignOut, at(2)).await.unwrap();
    assert!(world.session_has_ended(session_id(5)) && !world.session_has_ended(session_id(6)));
    let (mut tx, permit) = permitted(&store, &root(), LogOutUser(user_id(3)), at(3)).await.unwrap();
    tx.log_out_user(&permit).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(world.session_has_ended(session_id(6)) && world.session_has_ended(session_id(7)));
}

async fn a_refresh_token_is_good_once(store: Store) {
    bootstrapped(&store, &sample()).await;
    open_with_refresh(&store, 5, 50).await;
    let rotate = |old: u8, new: u8, minute| {
        let store = store.clone();
        async move { store.rotate_refresh(used(old, at(minute + 60), at(minute)), refresh(new, at(minute))).await.unwrap() }
    };
    assert_eq!(rotate(49, 51, 2).await, Rotation::Unknown);
    let Rotation::Rotated(session) = rotate(50, 51, 2).await else { panic!("it is good") };
    assert_eq!((session.id, session.last_seen_at), (session_id(5), at(2)));
    assert!(matches!(rotate(51, 52, 3).await, Rotation::Rotated(_)));
    assert_eq!(rotate(52, 53, 60 * 3).await, Rotation::Expired);
    assert!(matches!(rotate(52, 53, 4).await, Rotation::Rotated(_)), "having come too late used nothing up");
    let Rotation::Reused(session) = rotate(50, 54, 5).await else { panic!("it was used before") };
    assert_eq!(session.id, session_id(5));

    let ending = EndSessions { sessions: vec![session_id(5)], subject: subject("ana") };
    let world = act(&store, &Actor::Rolecall, ending, at(6)).await.unwrap();
    assert!(world.session_has_ended(session_id(5)));
    assert_eq!(rotate(53, 55, 7).await, Rotation::Ended);
}

async fn of_two_who_use_one_token_one_is_a_thief(store: Store) {
    bootstrapped(&store, &sample()).await;
    open_with_refresh(&store, 5, 50).await;
    let using: Vec<_> = (60..76)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.rotate_refresh(used(50, at(62), at(2)), refresh(n, at(2))).await.unwrap() })
        })
        .collect();
    let (mut rotated, mut reused) = (0, 0);
    for rotation in using {
        match rotation.await.unwrap() {
            Rotation::Rotated(_) => rotated += 1,
            Rotation::Reused(_) => reused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((rotated, reused), (1, 15));
}

async fn a_refresh_token_has_siblings_for_a_short_time(store: Store) {
    bootstrapped(&store, &sample()).await;
    open_with_refresh(&store, 5, 50).await;
    let grace = Duration::from_secs(30);
    let rotate = |old: u8, new: u8, after: u64| {
        let (store, now) = (store.clone(), at(2).plus(Duration::from_secs(after)));
        let used = UsedRefresh { hash: [old; 32], grace, tokens_until: at(62), at: now };
        async move { store.rotate_refresh(used, refresh(new, at(2))).await.unwrap() }
    };
    for (old, new, after) in [(50, 51, 0), (50, 52, 0), (50, 53, 29), (51, 54, 29), (52, 55, 29)] {
        assert!(matches!(rotate(old, new, after).await, Rotation::Rotated(_)), "{old} after {after} s");
    }
    assert!(matches!(rotate(50, 56, 30).await, Rotation::Reused(_)), "the grace counts from the first use");
    // However fast, the number stays limited.
    let mut rotated = 0;
    for new in 60..90 {
        match rotate(53, new, 40).await {
            Rotation::Rotated(_) => rotated += 1,
            other => assert!(matches!(other, Rotation::TooOften), "{other:?}"),
        }
    }
    assert_eq!(rotated, 11);
}

async fn wrong_passwords_in_a_row_are_counted(store: Store) {
    bootstrapped(&store, &sample()).await;
    for n in [5, 6] {
        assert!(store.open_session(session_of(user_id(3), n, at(1)), sign_in("ana", at(1))).await.unwrap());
    }
    let wrong = |session| {
        let store = store.clone();
        async move { store.note_wrong_password(session_id(session), user_id(3), sign_in("ana", at(2))).await.unwrap() }
    };
    assert_eq!((wrong(5).await, wrong(5).await, wrong(6).await), (1, 2, 1));
    store.forget_wrong_passwords(session_id(5)).await.unwrap();
    assert_eq!((wrong(5).await, wrong(6).await), (1, 2));
    act(&store, &actor("ana", 3, 5), SignOut, at(3)).await.unwrap();
    assert_eq!(wrong(5).await, u32::MAX, "there is no such session any more");
}

async fn a_password_has_a_generation(store: Store) {
    bootstrapped(&store, &sample()).await;
    let generation = || {
        let store = store.clone();
        async move { store.user_for_sign_in(&email("ana")).await.unwrap().unwrap().password_generation }
    };
    assert_eq!(generation().await, 0);
    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(user_id(3)), at(2)).await.unwrap();
    tx.reset_password(&permit, password("reset", Credential::Temporary)).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    assert_eq!(generation().await, 1);
    act(&store, &root(), DisableUser(user_id(3)), at(3)).await.unwrap();
    assert_eq!(generation().await, 1);
}

async fn refreshing_ends_with_the_session(store: Store) {
    bootstrapped(&store, &sample()).await;
    open_with_refresh(&store, 5, 50).await;
    let late = at(1).plus(25 * HOUR);
    let new = NewRefresh { hash: [60; 32], expires_at: late.plus(HOUR) };
    let long = NewRefresh { hash: [61; 32], expires_at: late.plus(9 * HOUR) };
    assert!(matches!(store.rotate_refresh(used(50, at(62), at(2)), long).await.unwrap(), Rotation::Rotated(_)));
    assert_eq!(store.rotate_refresh(used(61, late, late), new).await.unwrap(), Rotation::Expired);
    act(&store, &root(), DisableUser(user_id(3)), at(3)).await.unwrap();
    assert_eq!(store.rotate_refresh(used(61, at(64), at(4)), refresh(62, at(4))).await.unwrap(), Rotation::Ended);
    act(&store, &root(), DeleteUser(user_id(3)), at(5)).await.unwrap();
    assert_eq!(store.rotate_refresh(used(61, at(66), at(6)), refresh(62, at(6))).await.unwrap(), Rotation::Unknown);
}

async fn what_is_long_over_is_forgotten(store: Store) {
    bootstrapped(&store, &sample()).await;
    open_with_refresh(&store, 5, 50).await;
    let later = session_of(user_id(3), 6, at(600));
    assert!(store.open_session(later, sign_in("ana", at(600))).await.unwrap());
    let day = 24 * HOUR;
    assert_eq!(store.forget_old(at(1).plus(day)).await.unwrap(), 0, "it expires then, and not before");
    assert_eq!(store.forget_old(at(2).plus(day)).await.unwrap(), 1);
    assert!(store.session_by_secret(&[5; 32]).await.unwrap().is_none());
    assert_eq!(store.rotate_refresh(used(50, at(3), at(3)), refresh(51, at(3))).await.unwrap(), Rotation::Unknown);
    assert!(store.session_by_secret(&[6; 32]).await.unwrap().is_some());
}

async fn the_end_of_a_session_is_told_as_long_as_its_tokens_live(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    for (n, minute) in [(5, 1), (6, 50), (7, 55)] {
        assert!(store.open_session(session_of(user_id(3), n, at(minute)), sign_in("ana", at(minute))).await.unwrap());
    }
    let told = |n| move |world: &rolecall_core::World| world.session_has_ended(session_id(n));
    let world = act(&store, &actor("ana", 3, 5), SignOut, at(56)).await.unwrap();
    assert!(told(5)(&world));
    // By now the last token of the first one has expired.
    let world = act(&store, &actor("ana", 3, 6), SignOut, at(70)).await.unwrap();
    assert!(!told(5)(&world) && told(6)(&world) && !told(7)(&world));
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    assert_eq!(facts(&followed(&store, &bootstrapped).await), facts(&world));
    // The end of a session with long-expired tokens is not recorded.
    let world = act(&store, &actor("ana", 3, 7), SignOut, at(300)).await.unwrap();
    assert!(!told(7)(&world));
    assert_eq!(store.session_by_secret(&[7; 32]).await.unwrap().unwrap().ended_at, Some(at(300)));
}
