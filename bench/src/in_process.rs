//! Decisions, changes, questions and loading, in this process.

use std::collections::HashMap;
use std::hint::black_box;
use std::num::NonZeroUsize;

use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::{Change, World};

use crate::measure::{Spread, in_turn, memory, processor_time, round, spread};
use crate::organisation::{self, Numbers, Question, Size};
use crate::report::{Report, megabytes, seconds, time};
use crate::{load, peers};

/// Measures everything that needs no server.
pub fn measure(size: Size, count: u32, report: &mut Report) {
    eprintln!("making the world");
    let before = memory("VmRSS");
    let (filled, mut world) = processor_time(|| organisation::world(size));
    let bytes = memory("VmRSS").saturating_sub(before);
    let questions = organisation::questions(size, count);
    let allowed = questions.iter().filter(|it| decide(&world, it)).count();

    let peers = peers::load(&world, size, &questions);
    let told = peers.each_ref().map(|it| (it.name, it.bytes, it.loaded));
    let [cedar, casbin] = peers.map(|it| it.round);
    let ours = || {
        round(&questions, |it| {
            black_box(decide(&world, it));
        })
    };
    eprintln!("deciding");
    let [floor, decided, cedar, casbin] = in_turn([floor(size, count), Box::new(ours), cedar, casbin]);

    report.heading("Decisions, in one process");
    report.line(&format!(
        "{} users, {} rules, {} projects; {} questions, {} % to allow; every engine gave the same answers.",
        size.users,
        size.rules,
        size.projects,
        questions.len(),
        100 * allowed / questions.len()
    ));
    report.table(&["", "median", "p99", "median, of Rolecall's", "memory, about", "loading, processor time"]);
    let times = |of: Spread| format!("{:.2} ×", of.median.as_secs_f64() / decided.median.as_secs_f64());
    let mut row = |name: &str, of: Spread, memory: String, loading: String| {
        report.row(&[name, &time(of.median), &time(of.p99), &times(of), &memory, &loading]);
    };
    row("two look-ups in a hash map: the floor", floor, String::new(), String::new());
    row("Rolecall", decided, megabytes(bytes), seconds(filled));
    for ((name, bytes, loaded), decided) in told.into_iter().zip([cedar, casbin]) {
        row(name, decided, megabytes(bytes), seconds(loaded));
    }
    let over = decided.median.as_secs_f64() / floor.median.as_secs_f64();
    report.line(&format!(
        "Rolecall / floor: **{over:.2}**. Memory of the world a rule: {} bytes.",
        bytes / u64::from(size.rules)
    ));

    eprintln!("changing and asking");
    report.heading("Changes and questions, in one process");
    report.table(&["", "median", "p99"]);
    let mut row = |name: &str, of: Spread| report.row(&[name, &time(of.median), &time(of.p99)]);
    row(
        "a change of a rule, with dropping the world before",
        spread(&changes(size, count / 10), |change| world = world.apply(world.revision().next(), [change])),
    );
    let most = NonZeroUsize::new(100).expect("some");
    let scopes: Vec<u32> = (0..100.min(size.projects)).collect();
    let read = Permission::new(ResourceType::Workloads, Action::Read);
    row(
        "a page of 100 of who can read workloads in a project",
        spread(&scopes, |n| {
            black_box(world.who_can(SubjectKind::User, read, organisation::project(*n), None, most));
        }),
    );
    row(
        "what someone can do",
        spread(&questions, |it| {
            black_box(world.what_can(&it.subject));
        }),
    );
    drop(world);

    eprintln!("loading from SQLite");
    let (loading, loaded) = load::load(size);
    report.line(&format!(
        "Loading the world with its {} rules from SQLite: {} of processor time.",
        loaded.rules().count(),
        seconds(loading),
    ));
}

/// What is measured: a question, answered.
pub fn decide(world: &World, question: &Question) -> bool {
    world.decide(&question.subject, question.permission, question.scope).is_allow()
}

fn floor(size: Size, count: u32) -> Box<dyn FnMut() -> Spread> {
    let map: HashMap<Subject, u32> = (0..size.users).map(|n| (Subject::User(organisation::email(n)), n)).collect();
    let mut numbers = Numbers::new(2);
    let mut some = || Subject::User(organisation::email(numbers.below(size.users)));
    let pairs: Vec<(Subject, Subject)> = (0..count).map(|_| (some(), some())).collect();
    Box::new(move || {
        round(&pairs, |(a, b)| {
            black_box((map.get(a), map.get(b)));
        })
    })
}

/// Rules that come and go.
fn changes(size: Size, count: u32) -> Vec<Change> {
    let mut numbers = Numbers::new(3);
    let change = |n: u32| match n % 4 {
        0 => Change::RuleGone { id: organisation::rule(numbers.below(size.rules), size).id },
        2 => Change::RuleSet(organisation::rule(numbers.below(size.rules), size)),
        _ => Change::RuleSet(organisation::rule(size.rules + n, size)),
    };
    (0..count).map(change).collect()
}
