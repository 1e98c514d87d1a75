//! What is said at the end: Markdown, ready for `docs/benchmarks.md`.

use std::fmt::Write;
use std::time::Duration;

/// What was measured so far, in words.
#[derive(Debug, Default)]
pub struct Report(String);

impl Report {
    pub fn heading(&mut self, text: &str) {
        self.write(&format!("\n### {text}\n\n"));
    }

    pub fn line(&mut self, text: &str) {
        let gap = if self.0.ends_with("|\n") { "\n" } else { "" };
        self.write(&format!("{gap}{text}\n"));
    }

    /// Begins a table.
    pub fn table(&mut self, columns: &[&str]) {
        let gap = if self.0.ends_with("\n\n") { "" } else { "\n" };
        self.write(gap);
        self.row(columns);
        self.row(&vec!["---"; columns.len()]);
    }

    pub fn row(&mut self, cells: &[&str]) {
        self.write(&format!("| {} |\n", cells.join(" | ")));
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    fn write(&mut self, text: &str) {
        self.0.write_str(text).expect("a string grows");
    }
}

/// A duration with three digits that count.
pub fn time(of: Duration) -> String {
    let nanos = of.as_secs_f64() * 1e9;
    let (value, unit) = match nanos {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    match value {
        v if v < 10.0 => format!("{v:.2} {unit}"),
        v if v < 100.0 => format!("{v:.1} {unit}"),
        v => format!("{v:.0} {unit}"),
    }
}

pub fn seconds(of: Duration) -> String {
    format!("{:.1} s", of.as_secs_f64())
}

pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
