//! Measures what Rolecall promises of itself, and prints it as Markdown: decisions in memory beside the floor and beside
//! other engines, decisions over HTTP beside an empty handler, and how soon a change is seen. Compare the figures of one
//! run with each other, not those of two runs.
//!
//! `cargo xtask bench` calls it, with the programs and the database it needs.

mod in_process;
mod load;
mod measure;
mod organisation;
mod over_http;
mod peers;
mod replicas;
mod report;
mod server;
mod wrk;

use std::path::PathBuf;

use in_process::decide;
use organisation::Size;
use over_http::Effort;
use report::Report;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much is measured.
struct Amount {
    size: Size,
    questions: u32,
    served: Size,
    effort: Effort,
    changes: usize,
}

const SMOKE: Amount = Amount {
    size: Size { users: 2_000, rules: 10_000, projects: 100 },
    questions: 300,
    served: Size { users: 2_000, rules: 10_000, projects: 100 },
    effort: Effort { seconds: 1, rounds: 1, sign_ins: 2 },
    changes: 4,
};

const FULL: Amount = Amount {
    size: Size { users: 1_000_000, rules: 5_000_000, projects: 10_000 },
    questions: 100_000,
    served: Size { users: 100_000, rules: 500_000, projects: 1_000 },
    effort: Effort { seconds: 5, rounds: 4, sign_ins: 20 },
    changes: 300,
};

const TENTH: Amount = Amount { size: FULL.served, ..FULL };

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap_or_else(|| panic!("{USAGE}"));
    let amount = match next().as_str() {
        "smoke" => SMOKE,
        "tenth" => TENTH,
        "full" => FULL,
        _ => panic!("{USAGE}"),
    };
    let (rolecall, measured, postgres) = (PathBuf::from(next()), PathBuf::from(next()), next());

    let mut report = Report::default();
    report.line(&measure::machine());
    in_process::measure(amount.size, amount.questions, &mut report);
    over_http::measure(&rolecall, &measured, amount.served, amount.effort, &mut report);
    replicas::measure(&rolecall, &postgres, amount.changes, &mut report);
    println!("{}", report.text());
}

const USAGE: &str = "bench smoke|tenth|full ROLECALL MEASURED POSTGRES-URL: `cargo xtask bench` gives it what it needs";
