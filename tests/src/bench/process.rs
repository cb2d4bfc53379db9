//! What the system says of a running process: its memory and the time it computed. Read from /proc, so it is known
//! on Linux only; elsewhere there is no figure.

use std::fs;
use std::time::Duration;

/// Bytes of a process that are in memory.
pub(crate) fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// The time that the threads of a process have computed.
pub(crate) fn computed(process: u32) -> Option<Duration> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let mut nanos = 0;
    for thread in threads {
        let schedule = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanos += schedule.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(Duration::from_nanos(nanos))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_has_computed() {
        let own = std::process::id();
        assert!(resident(own).unwrap() > 100_000);
        assert!(computed(own).unwrap() > Duration::ZERO);
    }
}
