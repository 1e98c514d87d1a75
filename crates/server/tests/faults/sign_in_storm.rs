//! Many sign in at once: hashing is slow on purpose, and only the callers who need it wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rolecall_store::Database;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::harness::{Answer, ROOT, ROOTS_PASSWORD, Token, on_both_databases};
use crate::process::Rolecall;

on_both_databases!(databases: a_storm_of_sign_ins_slows_others_little);

/// Number of permanently concurrent sign-ins.
const AT_ONCE: usize = 200;
/// Number of sign-ins of existing users with the right password; the others are of unknown names.
const PEOPLE: usize = 20;
/// Allowed factor of the median waiting time of others. On an idle machine with two cores it is one to two; the rest is
/// for machines with other work, where chance decides who gets a core. If others had to wait for hashing, it would be
/// several hundred: more than a hundred hashes are queued at any time.
const FACTOR: u32 = 20;
/// Number of requests of others, before, during and after.
const SAMPLES: usize = 101;
/// Requests of others: one answered from memory, and one from the database.
const OTHERS: [&str; 2] = ["/api/v1/authorization/roles", "/api/v1/users?limit=50"];

async fn a_storm_of_sign_ins_slows_others_little(database: Database) {
    // Each comes from its own address, so that the throttle does not delay them.
    let process = Rolecall::start_with(&database, &["--trusted-proxies", "127.0.0.1"]).await;
    let server = process.client;
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let email = format!("person-{number}@example.com");
        let (_, password) = server.user(&root, &email).await;
        people.push((email, password));
    }

    let before = medians(server, &root).await;
    let storm = Storm::begin(server, &people).await;
    let meanwhile = medians(server, &root).await;
    let answers = storm.end().await;
    let after = medians(server, &root).await;
    println!("others: before {before:?}, meanwhile {meanwhile:?}, afterwards {after:?}");
    for (place, path) in OTHERS.iter().enumerate() {
        let usual = before[place].max(after[place]);
        assert!(meanwhile[place] <= usual * FACTOR, "{path}: usually {usual:?}, meanwhile {:?}", meanwhile[place]);
    }
    ensure_refused_at_once(&answers);
    #[cfg(target_os = "linux")]
    ensure_hashing_gives_way(process.id());
}

/// A sign-in with right or wrong credentials got that answer, unless too many waited already: then the answer comes at
/// once, with `Retry-After`.
fn ensure_refused_at_once(answers: &[SignIn]) {
    let (refused, hashed): (Vec<_>, Vec<_>) = answers.iter().partition(|sign_in| sign_in.answer.status == 503);
    for sign_in in &hashed {
        let expected = if sign_in.known { 200 } else { 401 };
        assert_eq!(sign_in.answer.status, expected, "{}", sign_in.answer.text());
    }
    for sign_in in &refused {
        sign_in.answer.refused(503).names("too many sign-ins at once");
        assert!(sign_in.wait.is_some_and(|seconds| seconds > 0), "{:?}", sign_in.answer.headers);
    }
    assert!(!refused.is_empty() && !hashed.is_empty(), "{} refused, {} hashed", refused.len(), hashed.len());
    let [at_once, hashed] = [refused, hashed].map(|some| median(some.iter().map(|sign_in| sign_in.took).collect()));
    println!("sign-ins: refused after {at_once:?}, hashed after {hashed:?}");
    assert!(at_once * 2 < hashed, "refused after {at_once:?}, hashed after {hashed:?}");
}

/// The system prefers all other threads to the hashing threads, whatever the niceness of the process.
#[cfg(target_os = "linux")]
fn ensure_hashing_gives_way(process: u32) {
    const LOWEST: i32 = 19;
    let (mut hashing, mut others) = (Vec::new(), Vec::new());
    for task in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap();
        // pid (name) state ppid … with the niceness as the 19th field (proc_pid_stat(5)).
        let (name, rest) = stat.rsplit_once(") ").unwrap();
        let niceness: i32 = rest.split(' ').nth(16).unwrap().parse().unwrap();
        if name.contains("(hashing-") { hashing.push(niceness) } else { others.push(niceness) }
    }
    let usual = others.into_iter().max().unwrap();
    assert!(!hashing.is_empty(), "no thread is called after hashing");
    assert!(hashing.iter().all(|niceness| *niceness >= (usual + 10).min(LOWEST)), "{hashing:?}, the others {usual}");
}

/// The median waiting time of others, measured on a separate thread.
async fn medians(server: Client, root: &Token) -> [Duration; 2] {
    let root = root.clone();
    let measuring = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut took = [const { Vec::new() }; 2];
            for _ in 0..SAMPLES {
                for (path, took) in OTHERS.iter().zip(&mut took) {
                    let began = Instant::now();
                    server.get(&root, path).await.ok();
                    took.push(began.elapsed());
                }
            }
            took.map(median)
        })
    });
    measuring.await.unwrap()
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

/// A sign-in and its result.
#[derive(Debug)]
struct SignIn {
    /// Whether it was an existing user with the right password.
    known: bool,
    answer: Answer,
    took: Duration,
    /// `Retry-After`, in seconds.
    wait: Option<u64>,
}

/// Many who sign in, again and again.
struct Storm {
    go_on: Arc<AtomicBool>,
    signing_in: Vec<JoinHandle<Vec<SignIn>>>,
}

impl Storm {
    async fn begin(server: Client, people: &[(String, String)]) -> Self {
        let go_on = Arc::new(AtomicBool::new(true));
        let signing_in = (0..AT_ONCE).map(|number| {
            let (person, go_on) = (people[number % people.len()].clone(), go_on.clone());
            tokio::spawn(async move {
                let mut answers = Vec::new();
                for turn in 0.. {
                    let (name, password) = match number % 2 {
                        0 => person.clone(),
                        _ => (format!("nobody-{number}-{turn}@example.com"), "whatever it is".to_owned()),
                    };
                    let address = format!("10.{}.{}.{number}", turn / 256, turn % 256);
                    let ask = server.sign_in_request(&name, &password).header("x-forwarded-for", address);
                    let connection = server.connect().await.unwrap();
                    let began = Instant::now();
                    let answer = ask.send_on(connection).await.unwrap();
                    let took = began.elapsed();
                    let wait = answer.header("retry-after").map(|seconds| seconds.parse().unwrap());
                    answers.push(SignIn { known: number % 2 == 0, answer, took, wait });
                    if !go_on.load(Ordering::SeqCst) {
                        break;
                    }
                    // A client with `Retry-After` comes back then.
                    if let Some(seconds) = wait {
                        tokio::time::sleep(Duration::from_secs(seconds)).await;
                    }
                }
                answers
            })
        });
        Self { signing_in: signing_in.collect(), go_on }
    }

    /// Waits for the remaining responses.
    async fn end(self) -> Vec<SignIn> {
        self.go_on.store(false, Ordering::SeqCst);
        let mut answers = Vec::new();
        for one in self.signing_in {
            answers.extend(one.await.unwrap());
        }
        answers
    }
}
