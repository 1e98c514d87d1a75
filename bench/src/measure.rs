//! Times and sizes.

use std::fs;
use std::process::Command;
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
    let rustc = Command::new("rustc").arg("--version").output().expect("rustc");
    let rustc = String::from_utf8_lossy(&rustc.stdout);
    format!("{}, {processors} processors; {}.", line("/proc/cpuinfo", "model name"), rustc.trim())
}

/// The first and the last processor that this process may run on.
pub fn processors() -> (u32, u32) {
    let list = line("/proc/self/status", "Cpus_allowed_list");
    let mut numbers = list.split(['-', ',']).map(|it| it.parse().expect("a number"));
    let first = numbers.next().expect("a processor");
    (first, numbers.next_back().unwrap_or(first))
}

/// What this process holds of the machine's memory, in bytes: `VmRSS` now, `VmHWM` at the most.
pub fn memory(name: &str) -> u64 {
    // SAFETY: it gives back what was freed, and may be called at any time.
    unsafe { libmimalloc_sys::mi_collect(true) };
    let size = line("/proc/self/status", name);
    let kilobytes = size.split_whitespace().next().expect("a size");
    kilobytes.parse::<u64>().expect("a number") * 1024
}

/// How much of the processors' time `act` takes, whatever else the machine does meanwhile; and what it gives.
pub fn processor_time<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let before = spent("self");
    let value = act();
    (spent("self").saturating_sub(before), value)
}

/// The processors' time that a process has taken, in the kernel's hundredths of a second.
pub fn spent(process: &str) -> Duration {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux");
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

impl Spread {
    const MAX: Self = Self { median: Duration::MAX, p99: Duration::MAX };

    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }

    fn least(self, other: Self) -> Self {
        Self { median: self.median.min(other.median), p99: self.p99.min(other.p99) }
    }
}

const ROUNDS: usize = 5;

/// Measures `act` on each item, in several rounds.
pub fn spread<I>(items: &[I], mut act: impl FnMut(&I)) -> Spread {
    (0..ROUNDS).map(|_| round(items, &mut act)).fold(Spread::MAX, Spread::least)
}

/// The same of several that are to be compared: each round is all of theirs, one after the other, so that a machine which is slower
/// for a minute is so for all of them.
pub fn in_turn<const N: usize>(mut rounds: [Box<dyn FnMut() -> Spread + '_>; N]) -> [Spread; N] {
    let mut least = [Spread::MAX; N];
    for number in 1..=ROUNDS {
        eprintln!("round {number} of {ROUNDS}");
        for (least, round) in least.iter_mut().zip(&mut rounds) {
            *least = least.least(round());
        }
    }
    least
}

/// One round of `act`.
pub fn round<I>(items: &[I], mut act: impl FnMut(&I)) -> Spread {
    let mut timed = |item| {
        let start = Instant::now();
        act(item);
        start.elapsed()
    };
    Spread::of(items.iter().map(&mut timed).collect())
}
