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
use crate::measure::{Spread, memory, processor_time, spread};
use crate::organisation::{Question, Size};

/// What was measured of one of them.
#[derive(Debug)]
pub struct Measured {
    pub name: &'static str,
    pub decided: Spread,
    pub loaded: Duration,
    pub bytes: u64,
}

/// Sets each up and asks it, one after the other.
pub fn measure(world: &World, size: Size, questions: &[Question]) -> Vec<Measured> {
    let ours: Vec<bool> = questions.iter().map(|it| decide(world, it)).collect();
    let cedar = asked(
        cedar::NAME,
        || cedar::Cedar::load(world, size),
        |_, question| cedar::request(question),
        cedar::Cedar::decide,
        (questions, &ours),
    );
    let casbin = asked(
        casbin::NAME,
        || casbin::Casbin::load(size),
        |_, question| casbin::request(world, question),
        casbin::Casbin::decide,
        (questions, &ours),
    );
    vec![cedar, casbin]
}

fn asked<E, R>(
    name: &'static str,
    load: impl FnOnce() -> E,
    request: impl Fn(&E, &Question) -> R,
    decide: impl Fn(&E, &R) -> bool,
    (questions, ours): (&[Question], &[bool]),
) -> Measured {
    eprintln!("{name}: loading");
    let before = memory("VmRSS");
    let (loaded, engine) = processor_time(load);
    let bytes = memory("VmRSS").saturating_sub(before);
    eprintln!("{name}: loaded in {:.1} s of processor time, {} MB; asking", loaded.as_secs_f64(), bytes / 1_000_000);
    let requests: Vec<R> = questions.iter().map(|question| request(&engine, question)).collect();
    for ((question, request), ours) in questions.iter().zip(&requests).zip(ours) {
        assert_eq!(decide(&engine, request), *ours, "{name} decides otherwise: {question:?}");
    }
    let decided = spread(&requests, |request| {
        std::hint::black_box(decide(&engine, request));
    });
    Measured { name, decided, loaded, bytes }
}

/// A scope as a name of one word.
fn place(scope: Scope) -> String {
    match scope {
        Scope::Account => "account".to_owned(),
        Scope::Cluster(id) => format!("cluster-{id}"),
        Scope::Department(id) => format!("department-{id}"),
        Scope::Project(id) => format!("project-{id}"),
    }
}
