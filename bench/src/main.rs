//! Measures what Rolecall promises of itself: memory, decisions and changes of a large world, beside the floor, which is
//! two look-ups in a hash map of as many users. Compare the figures of one run with each other, not those of two runs.
//!
//! Arguments: `--smoke` for a run of seconds that only shows that it runs; `--tenth` for a tenth of the size.

mod load;
mod measure;
mod organisation;

use std::collections::HashMap;
use std::hint::black_box;
use std::num::NonZeroUsize;

use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::{Change, World};

use measure::{Spread, memory, processor_time, spread};
use organisation::{Numbers, Question, Size};

fn main() {
    let given = |argument: &str| std::env::args().any(|it| it == argument);
    let (size, count) = if given("--smoke") {
        (Size { users: 10_000, rules: 50_000, projects: 100 }, 5_000)
    } else if given("--tenth") {
        (Size { users: 100_000, rules: 500_000, projects: 1_000 }, 200_000)
    } else {
        (Size { users: 1_000_000, rules: 5_000_000, projects: 10_000 }, 200_000)
    };
    println!("{}", measure::machine());
    println!("{} users, {} rules, {} projects", size.users, size.rules, size.projects);

    let before = memory("VmRSS");
    let (time, mut world) = processor_time(|| organisation::world(size));
    let bytes = memory("VmRSS").saturating_sub(before);
    println!(
        "memory of the world: {} MB, {} bytes a rule; filled in {:.1} s of processor time",
        bytes / 1_000_000,
        bytes / u64::from(size.rules),
        time.as_secs_f64()
    );

    let questions = organisation::questions(size, count);
    let allowed = questions.iter().filter(|it| decide(&world, it)).count();
    println!("{} decisions, {} % to allow", questions.len(), 100 * allowed / questions.len());
    let decided = spread(&questions, |it| {
        black_box(decide(&world, it));
    });
    show("decide", decided);
    let floor = floor(size, count);
    show("floor: two look-ups in a hash map", floor);
    println!("decide / floor: {:.2} (of the medians)", decided.median.as_secs_f64() / floor.median.as_secs_f64());

    show(
        "apply one change of a rule, and drop the world before",
        spread(&changes(size, count / 10), |change| world = world.apply(world.revision().next(), [change])),
    );

    let most = NonZeroUsize::new(100).expect("some");
    let places: Vec<u32> = (0..100.min(size.projects)).collect();
    let read = Permission::new(ResourceType::Workloads, Action::Read);
    show(
        "a page of 100 of who can read workloads in a project",
        spread(&places, |n| {
            black_box(world.who_can(SubjectKind::User, read, organisation::project(*n), None, most));
        }),
    );
    show(
        "what somebody can do",
        spread(&questions, |it| {
            black_box(world.what_can(&it.subject));
        }),
    );
    drop(world);

    let (time, loaded) = load::load(size);
    let rules = loaded.rules().count();
    println!(
        "loading it from SQLite: {:.1} s of processor time, {} MB of memory at the most; {rules} rules",
        time.as_secs_f64(),
        memory("VmHWM") / 1_000_000
    );
}

fn decide(world: &World, question: &Question) -> bool {
    world.decide(&question.subject, question.permission, question.scope).is_allow()
}

fn floor(size: Size, count: u32) -> Spread {
    let map: HashMap<Subject, u32> = (0..size.users).map(|n| (Subject::User(organisation::email(n)), n)).collect();
    let mut numbers = Numbers::new(2);
    let mut some = || Subject::User(organisation::email(numbers.below(size.users)));
    let pairs: Vec<(Subject, Subject)> = (0..count).map(|_| (some(), some())).collect();
    spread(&pairs, |(a, b)| {
        black_box((map.get(a), map.get(b)));
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

fn show(what: &str, spread: Spread) {
    let Spread { median, p99 } = spread;
    println!("{what}: median {median:.2?}, p99 {p99:.2?}");
}
