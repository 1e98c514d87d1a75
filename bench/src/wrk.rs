//! wrk, which asks as fast as it is answered.

use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// What it saw.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub requests: u64,
    pub took: Duration,
    pub median: Duration,
    pub p99: Duration,
}

impl Load {
    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.took.as_secs_f64()
    }
}

/// How many connections ask at a time, each waiting for its answer before it asks again.
pub const CONNECTIONS: &str = "16";

/// One of the bodies after the other, for so many seconds, from one processor. A refusal ends the run.
pub fn post(url: &str, token: &str, bodies: &[String], seconds: u32, processor: u32) -> Load {
    let folder = tempfile::tempdir().expect("a folder");
    let (script, list) = (folder.path().join("ask.lua"), folder.path().join("bodies"));
    fs::write(&script, SCRIPT).expect("a file");
    let mut text = String::new();
    for body in bodies {
        writeln!(text, "{body}").expect("a string grows");
    }
    fs::write(&list, text).expect("a file");
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &processor.to_string(), "wrk", "--threads", "1", "--connections", CONNECTIONS]);
    command.args(["--duration", &format!("{seconds}s"), "--timeout", "10s", "--script"]).arg(&script).arg(url);
    let output = command.arg("--").arg(&list).arg(token).output().expect("wrk");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("measured "));
    let numbers: Option<Vec<u64>> = line.map(|line| line.split(' ').map(|it| it.parse().expect("a number")).collect());
    let Some([requests, micros, errors, median, p99]) = numbers.as_deref() else { panic!("wrk: {output:?}") };
    assert_eq!(*errors, 0, "refused or lost: {text}");
    Load {
        requests: *requests,
        took: Duration::from_micros(*micros),
        median: Duration::from_micros(*median),
        p99: Duration::from_micros(*p99),
    }
}

const SCRIPT: &str = r#"
local requests = {}
local next = 0

function init(arguments)
   local headers = {
      ["Host"] = wrk.headers["Host"],
      ["Authorization"] = "Bearer " .. arguments[2],
      ["Content-Type"] = "application/json",
   }
   for body in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format("POST", nil, headers, body)
   end
end

function request()
   next = next % #requests + 1
   return requests[next]
end

function done(summary, latency)
   local e = summary.errors
   io.write(string.format("measured %d %d %d %d %d\n", summary.requests, summary.duration,
      e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"#;
