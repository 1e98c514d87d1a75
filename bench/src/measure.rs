//! Times and sizes.

use std::fs;
use std::time::{Duration, Instant};

/// A line of a file of /proc, behind its name and colon.
fn line(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).expect("Linux");
    let found = text.lines().find_map(|it| it.strip_prefix(name)?.trim_start().strip_prefix(':'));
    found.unwrap_or_default().trim().to_owned()
}

/// What the figures are from.
pub fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{}, {processors} processors; rolecall {}", line("/proc/cpuinfo", "model name"), env!("CARGO_PKG_VERSION"))
}

/// What this process holds of the machine's memory, in bytes: `VmRSS` now, `VmHWM` at the most.
pub fn memory(name: &str) -> u64 {
    let size = line("/proc/self/status", name);
    let kilobytes = size.split_whitespace().next().expect("a size");
    kilobytes.parse::<u64>().expect("a number") * 1024
}

/// How much of the processors' time `act` takes, whatever else the machine does meanwhile; and what it gives.
pub fn processor_time<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let before = spent();
    let value = act();
    (spent().saturating_sub(before), value)
}

/// The processors' time that this process has taken, in the kernel's hundredths of a second.
fn spent() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").expect("Linux");
    let behind_the_name = text.rsplit_once(')').expect("a name").1;
    let ticks = behind_the_name.split_whitespace().skip(11).take(2).map(|it| it.parse::<u64>().expect("a number"));
    Duration::from_millis(10 * ticks.sum::<u64>())
}

/// The median and the 99th percentile of one act, each from the round in which it was least: what else the machine does
/// only ever makes an act longer.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub median: Duration,
    pub p99: Duration,
}

const ROUNDS: usize = 5;

/// Measures `act` on each item, in several rounds.
pub fn spread<I>(items: &[I], mut act: impl FnMut(&I)) -> Spread {
    let mut timed = |item| {
        let start = Instant::now();
        act(item);
        start.elapsed()
    };
    let mut least = Spread { median: Duration::MAX, p99: Duration::MAX };
    for _ in 0..ROUNDS {
        let mut times: Vec<Duration> = items.iter().map(&mut timed).collect();
        times.sort_unstable();
        least.median = least.median.min(times[times.len() / 2]);
        least.p99 = least.p99.min(times[times.len() * 99 / 100]);
    }
    least
}
