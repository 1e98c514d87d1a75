//! Other engines that decide about access, set up for the same organisation and asked the same questions.
//!
//! Each is set up as its own documentation advises, with what we could find in its favour, and what it needs of a question is
//! prepared before the clock starts. An answer that differs from ours ends the run.

mod casbin;
mod cedar;

use std::time::Duration;

use rolecall_core::World;
use rolecall_core::org::Scope;

use crate::decide;
use crate::measure::{Spread, memory, processor_time, round};
use crate::organisation::{Question, Size};

/// One of them, ready to be asked.
pub struct Peer {
    pub name: &'static str,
    pub loaded: Duration,
    pub bytes: u64,
    /// Asks it everything once.
    pub round: Box<dyn FnMut() -> Spread>,
}

/// Sets each up.
pub fn load(world: &World, size: Size, questions: &[Question]) -> [Peer; 2] {
    let ours: Vec<bool> = questions.iter().map(|it| decide(world, it)).collect();
    let cedar = ready(
        cedar::NAME,
        || cedar::Cedar::load(world, size),
        |_, question| cedar::request(question),
        cedar::Cedar::decide,
        (questions, &ours),
    );
    let casbin = ready(
        casbin::NAME,
        || casbin::Casbin::load(size),
        |_, question| casbin::request(world, question),
        casbin::Casbin::decide,
        (questions, &ours),
    );
    [cedar, casbin]
}

fn ready<E: 'static, R: 'static>(
    name: &'static str,
    load: impl FnOnce() -> E,
    request: impl Fn(&E, &Question) -> R,
    decide: impl Fn(&E, &R) -> bool + 'static,
    (questions, ours): (&[Question], &[bool]),
) -> Peer {
    eprintln!("{name}: loading");
    let before = memory("VmRSS");
    let (loaded, engine) = processor_time(load);
    let bytes = memory("VmRSS").saturating_sub(before);
    eprintln!("{name}: loaded in {:.1} s of processor time, {} MB", loaded.as_secs_f64(), bytes / 1_000_000);
    let requests: Vec<R> = questions.iter().map(|question| request(&engine, question)).collect();
    for ((question, request), ours) in questions.iter().zip(&requests).zip(ours) {
        assert_eq!(decide(&engine, request), *ours, "{name} decides otherwise: {question:?}");
    }
    let ask = move |request: &R| {
        std::hint::black_box(decide(&engine, request));
    };
    Peer { name, loaded, bytes, round: Box::new(move || round(&requests, &ask)) }
}

/// A scope as a name of one word.
fn scope_name(scope: Scope) -> String {
    match scope {
        Scope::Account => "account".to_owned(),
        Scope::Cluster(id) => format!("cluster-{id}"),
        Scope::Department(id) => format!("department-{id}"),
        Scope::Project(id) => format!("project-{id}"),
    }
}
