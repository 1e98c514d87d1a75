//! Decisions over HTTP, beside a route of the same server that answers nothing.

use std::path::Path;
use std::time::Duration;

use rolecall_core::World;
use serde_json::{Value, json};

use crate::load::fill;
use crate::measure::{Spread, processors};
use crate::organisation::{self, Numbers, Question, Size};
use crate::report::{Report, time};
use crate::server::{Server, took};
use crate::{decide, wrk};

/// How long, and how often, each route is asked.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub seconds: u32,
    pub rounds: usize,
    pub sign_ins: usize,
}

/// How many questions there are in one request to `/access/v1/evaluations`.
const BATCH: usize = 100;

/// How many different requests are sent, over and over.
const REQUESTS: usize = 2_000;

/// Measures a server on a database of that size. `program` has the route `/empty` besides.
pub fn measure(rolecall: &Path, program: &Path, size: Size, effort: Effort, report: &mut Report) {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = ["--data-dir".as_ref(), folder.path().as_os_str()];
    eprintln!("over HTTP: making a database of {} users", size.users);
    drop(Server::start(rolecall, storage, None));
    fill(&folder.path().join("rolecall.db"), size);
    let (first, last) = processors();
    let server = Server::start(program, storage, Some(first));
    let token = server.sign_in();

    let world = organisation::world(size);
    let questions = organisation::questions(size, u32::try_from(REQUESTS).expect("few"));
    let single: Vec<String> = questions.iter().map(|it| evaluation(&world, it).to_string()).collect();
    let several: Vec<Batch> = (0..REQUESTS / 10).map(|n| Batch::of_many(&world, &questions, n)).collect();
    let page: Vec<Batch> = (0..REQUESTS / 10).map(|n| Batch::of_one(&world, size, &questions, n)).collect();
    for (question, body) in questions.iter().zip(&single) {
        let answer = server.post(EVALUATION, Some(&token), body);
        assert_eq!(answer["decision"], decide(&world, question), "{body}: {answer}");
    }
    for batch in several.iter().chain(&page) {
        batch.ensure_answered(&server, &token, &world);
    }

    let bodies_of = |batches: Vec<Batch>| batches.into_iter().map(|batch| batch.body).collect();
    let mut rows = [
        Row { path: "/empty", about: "nothing", decisions: 0, bodies: single.clone(), best: None },
        Row { path: EVALUATION, about: "one question", decisions: 1, bodies: single.clone(), best: None },
        Row { path: EVALUATIONS, about: MANY, decisions: BATCH, bodies: bodies_of(several), best: None },
        Row { path: EVALUATIONS, about: ONE, decisions: BATCH, bodies: bodies_of(page), best: None },
    ];
    for round in 0..=effort.rounds {
        for row in &mut rows {
            eprintln!("over HTTP: {}, round {round}{}", row.about, if round == 0 { ", to warm up" } else { "" });
            let url = format!("{}{}", server.url, row.path);
            let bodies = &row.bodies;
            let before = server.spent();
            let seconds = if round == 0 { 1 } else { effort.seconds };
            let load = wrk::post(&url, &token, bodies, seconds, last);
            let spent = server.spent().saturating_sub(before);
            if round > 0 && row.best.is_none_or(|(best, _)| best.rate() < load.rate()) {
                row.best = Some((load, spent));
            }
        }
    }
    write(report, size, effort, &rows, first == last);
    first_and_later(&server, &single[0], effort.sign_ins, report);
}

const EVALUATION: &str = "/access/v1/evaluation";
const EVALUATIONS: &str = "/access/v1/evaluations";
const MANY: &str = "100 questions about as many subjects";
const ONE: &str = "one subject and action in 100 scopes";

/// What is told of some requests: their best round, since what else the machine does only ever takes time away.
struct Row {
    path: &'static str,
    about: &'static str,
    decisions: usize,
    bodies: Vec<String>,
    best: Option<(wrk::Load, Duration)>,
}

fn evaluation(world: &World, question: &Question) -> Value {
    let scope = format!("{}:{}", question.scope.kind().as_str(), world.id_of(question.scope));
    let permission = question.permission;
    json!({
        "subject": { "type": question.subject.kind().as_str(), "id": question.subject.name() },
        "action": { "name": permission.action.as_str() },
        "resource": { "type": permission.resource_type.as_str(), "id": scope },
    })
}

/// Several questions in one request.
struct Batch {
    questions: Vec<Question>,
    body: String,
}

impl Batch {
    /// Each about another subject.
    fn of_many(world: &World, questions: &[Question], number: usize) -> Self {
        let questions: Vec<Question> = questions.iter().cycle().skip(number * 37).take(BATCH).cloned().collect();
        let evaluations: Vec<Value> = questions.iter().map(|it| evaluation(world, it)).collect();
        Self { questions, body: json!({ "evaluations": evaluations }).to_string() }
    }

    /// The permissions of a subject in each scope of a page, as a service asks that renders the page.
    fn of_one(world: &World, size: Size, questions: &[Question], number: usize) -> Self {
        let first = &questions[number];
        let mut numbers = Numbers::new(number as u64);
        let mut question = || Question { scope: organisation::project(numbers.below(size.projects)), ..first.clone() };
        let questions: Vec<Question> = (0..BATCH).map(|_| question()).collect();
        let mut body = evaluation(world, first);
        body["evaluations"] =
            questions.iter().map(|it| json!({ "resource": evaluation(world, it)["resource"] })).collect();
        Self { questions, body: body.to_string() }
    }

    /// Insists that the server answers what the world in this process answers.
    fn ensure_answered(&self, server: &Server, token: &str, world: &World) {
        let answer = server.post(EVALUATIONS, Some(token), &self.body);
        let decisions = answer["evaluations"].as_array().expect("a list").iter().map(|it| &it["decision"]);
        let ours: Vec<Value> = self.questions.iter().map(|it| decide(world, it).into()).collect();
        assert!(decisions.eq(&ours), "{}: {answer}", self.body);
    }
}

fn write(report: &mut Report, size: Size, effort: Effort, rows: &[Row], shared: bool) {
    report.heading("Decisions, over HTTP");
    report.line(&format!(
        "{} users, {} rules, {} projects in SQLite; {} connections of wrk on loopback, each row {} times for {} s, the \
         best round told. {} {REQUESTS} different questions, about half to allow, those of one subject in 100 scopes mostly \
         to deny; the answers are those of the core.",
        size.users,
        size.rules,
        size.projects,
        wrk::CONNECTIONS,
        effort.rounds,
        effort.seconds,
        if shared { "wrk and the server share one processor." } else { "The server has one processor, wrk another." },
    ));
    report.table(&[
        "",
        "requests/s",
        "of the empty one",
        "median",
        "p99",
        "processor time a request",
        "decisions/s and core",
    ]);
    let rate = |row: &Row| row.best.map_or(0.0, |(load, _)| load.rate());
    for row in rows {
        let Some((load, spent)) = row.best else { continue };
        let each = spent.as_secs_f64() / load.requests as f64;
        let of_empty =
            if row.decisions > 1 { String::new() } else { format!("{:.0} %", 100.0 * load.rate() / rate(&rows[0])) };
        let decisions = if row.decisions == 0 { String::new() } else { format!("{:.0}", row.decisions as f64 / each) };
        report.row(&[
            &format!("`{}`: {}", row.path, row.about),
            &format!("{:.0}", load.rate()),
            &of_empty,
            &time(load.median),
            &time(load.p99),
            &time(Duration::from_secs_f64(each)),
            &decisions,
        ]);
    }
}

/// A token's signature is verified once.
fn first_and_later(server: &Server, body: &str, sign_ins: usize, report: &mut Report) {
    eprintln!("over HTTP: signing in {sign_ins} times");
    let ask = |token: &str| took(|| server.post(EVALUATION, Some(token), body)).0;
    let mut first = Vec::new();
    let mut later = Vec::new();
    for _ in 0..sign_ins {
        let token = server.sign_in();
        // The connection is there, and not asleep.
        first.push(ask(&token));
        later.extend([ask(&token), ask(&token), ask(&token)]);
    }
    let (first, later) = (Spread::of(first), Spread::of(later));
    report.line(&format!(
        "With a token that the server has not seen, one request on an open connection takes {} (median of {sign_ins}), with \
         one that it has verified {}.",
        time(first.median),
        time(later.median),
    ));
}
