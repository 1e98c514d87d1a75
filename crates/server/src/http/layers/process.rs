//! Metrics of the process from the operating system, under Prometheus's standard names.

use std::fmt;

use procfs::ProcResult;
use procfs::process::{LimitValue, Process};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Reads `/proc` for every request of metrics.
#[derive(Debug)]
pub struct ProcessCollector;

impl Collector for ProcessCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        // If /proc cannot be read, these metrics are omitted.
        let Ok(figures) = Figures::read() else { return Ok(()) };
        let cpu = ConstCounter::new(figures.cpu_seconds);
        let help = "Total user and system CPU time spent in seconds.";
        cpu.encode(encoder.encode_descriptor("process_cpu_seconds", help, None, cpu.metric_type())?)?;
        for (name, help, value) in [
            ("process_open_fds", "Number of open file descriptors.", Some(figures.open_files)),
            ("process_max_fds", "Maximum number of open file descriptors.", figures.most_files),
            ("process_virtual_memory_bytes", "Virtual memory size in bytes.", Some(figures.virtual_bytes)),
            ("process_resident_memory_bytes", "Resident memory size in bytes.", Some(figures.resident_bytes)),
            ("process_threads", "Number of OS threads in the process.", Some(figures.threads)),
            ("process_start_time_seconds", "Start time since the Unix epoch in seconds.", Some(figures.began)),
        ] {
            let Some(value) = value.and_then(|value| i64::try_from(value).ok()) else { continue };
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

struct Figures {
    cpu_seconds: f64,
    open_files: u64,
    /// Absent where there is no limit.
    most_files: Option<u64>,
    virtual_bytes: u64,
    resident_bytes: u64,
    threads: u64,
    /// Start time of the process, in seconds since 1970.
    began: u64,
}

impl Figures {
    fn read() -> ProcResult<Self> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let ticks = procfs::ticks_per_second();
        let most_files = match process.limits()?.max_open_files.soft_limit {
            LimitValue::Value(most) => Some(most),
            LimitValue::Unlimited => None,
        };
        let cpu = std::time::Duration::from_millis((stat.utime + stat.stime).saturating_mul(1000) / ticks);
        Ok(Self {
            cpu_seconds: cpu.as_secs_f64(),
            open_files: process.fd_count()?.try_into().unwrap_or(u64::MAX),
            most_files,
            virtual_bytes: stat.vsize,
            resident_bytes: stat.rss.saturating_mul(procfs::page_size()),
            threads: stat.num_threads.try_into().unwrap_or_default(),
            began: procfs::boot_time_secs()? + stat.starttime / ticks,
        })
    }
}
