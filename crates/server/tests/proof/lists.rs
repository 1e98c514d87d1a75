//! After random changes, decisions and lists equal the rules' naive evaluation, for every caller.

use std::cell::Cell;

use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestError, TestRunner};
use rolecall::app::doctor::Doctor;
use rolecall_core::ErrorKind;
use rolecall_core::verify::Tally;
use rolecall_store::{Database, Store};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::common::on_both_databases;
use crate::common::people::{act, at, bootstrapped, root};
use crate::on_another;
use crate::worlds::{Story, story};

on_both_databases!(databases: lists_are_what_the_rules_say_whatever_changes);

const WORLDS: u32 = 24;

async fn lists_are_what_the_rules_say_whatever_changes(database: Database) {
    // Cases that failed before are stored beside the crate and run first.
    let persistence = FileFailurePersistence::Direct("proptest-regressions/proof.txt");
    let config = Config {
        failure_persistence: Some(Box::new(persistence)),
        max_shrink_iters: 100,
        ..Config::with_cases(WORLDS)
    };
    let (all, changes) = (Cell::new(Tally::default()), Cell::new((0, 0)));
    let handle = Handle::current();
    let ran = block_in_place(|| {
        TestRunner::new(config).run(&story(), |story| {
            let (tally, made) = handle.block_on(told(&database, &story));
            if tally.differing > 0 {
                return Err(TestCaseError::fail(format!("{} differ: {:#?}", tally.differing, tally.told)));
            }
            let mut sum = all.take();
            sum.add(tally);
            all.set(sum);
            let (done, tried) = changes.get();
            changes.set((done + made, tried + story.acts.len()));
            Ok(())
        })
    });
    match ran {
        Err(TestError::Fail(reason, story)) => panic!("{reason}\nin {story:#?}"),
        other => other.unwrap(),
    }
    // So that it does not hold for lack of cases.
    let (all, (done, tried)) = (all.take(), changes.get());
    assert!(7 * all.allowed > all.decisions && 5 * all.allowed < 4 * all.decisions, "{all:?}");
    assert!(3 * done > tried, "only {done} of {tried} changes were made");
}

/// The doctor's comparison.
pub async fn verified(doctor: &mut Doctor) -> Tally {
    let plan = doctor.plan(1);
    doctor.verify(&plan, |_| ()).await.unwrap()
}

/// Runs a story in a fresh database. Returns the comparisons by a server that followed it and by one that starts
/// afterwards, and the number of its acts that succeeded.
async fn told(like: &Database, story: &Story) -> (Tally, usize) {
    let mut outcome = None;
    on_another(like, |database| {
        let outcome = &mut outcome;
        async move {
            let store = Store::open(&database).await.unwrap();
            bootstrapped(&store, &story.bootstrap()).await;
            let mut read = 0;
            let mut following = Doctor::load(&store, |by_now| read = by_now).await.unwrap();
            assert!(read > 0, "it tells how far it has come");
            let mut done = 0;
            for (minute, it) in (1..).zip(&story.acts) {
                match act(&store, &root(), it.clone(), at(minute)).await {
                    Ok(_) => done += 1,
                    Err(error) => assert!(
                        matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Invalid),
                        "{it:?}: {error}"
                    ),
                }
            }
            let mut tally = verified(&mut following).await;
            tally.add(verified(&mut Doctor::load(&store, |_| ()).await.unwrap()).await);
            store.close().await;
            *outcome = Some((tally, done));
        }
    })
    .await;
    outcome.unwrap()
}
