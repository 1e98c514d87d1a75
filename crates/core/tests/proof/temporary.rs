//! A user with a temporary password can change it and sign out, and nothing else.

use proptest::collection::vec;
use proptest::prelude::*;
use rolecall_core::ErrorKind;
use rolecall_core::acts::{AnyAct, ChangeOwnPassword, SignOut};
use rolecall_core::identity::{Credential, User};

use crate::facts::{Facts, InWorld as _, actor, asked};
use crate::worlds::{act, facts};

proptest! {
    #![proptest_config(crate::config(64))]

    #[test]
    fn a_temporary_password_opens_one_door(
        facts in facts(),
        temporary in prop::sample::select(vec![Credential::Temporary, Credential::LastingTemporary]),
        acts in vec(act(), 30),
    ) {
        for user in &facts.users {
            let changed = User { credential: temporary, enabled: true, ..user.clone() };
            let others = facts.users.iter().filter(|other| other.id != user.id).cloned();
            let world = Facts { users: others.chain([changed]).collect(), ..facts.clone() }.world();
            let actor = actor(user);
            for act in &acts {
                let outcome = asked(&world, &actor, act.clone());
                if matches!(act, AnyAct::ChangeOwnPassword(ChangeOwnPassword) | AnyAct::SignOut(SignOut)) {
                    prop_assert!(outcome.is_ok(), "{:?}", act);
                } else {
                    let error = outcome.unwrap_err();
                    prop_assert_eq!(error.kind, ErrorKind::Forbidden, "{:?}", act);
                    prop_assert_eq!(error.reason, Some("password-change-required"));
                    prop_assert!(error.message.contains("/api/v1/me/password"), "what to do next: {}", error.message);
                }
            }
            let refusal = world.principal(&actor).unwrap().ensure_password_changed().unwrap_err();
            prop_assert_eq!((refusal.kind, refusal.reason), (ErrorKind::Forbidden, Some("password-change-required")));
        }
    }
}

#[test]
fn a_password_of_ones_own_opens_the_others() {
    for facts in crate::worlds::fixed(4) {
        let world = facts.world();
        for user in facts.users.iter().filter(|user| matches!(user.credential, Credential::Own | Credential::External))
        {
            assert!(world.principal_of_user(user).ensure_password_changed().is_ok());
        }
    }
}
