//! What a process took, by the operating system's accounting.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// Medians over several runs.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Figures {
    pub(super) wall_us: f64,
    pub(super) cpu_us: f64,
    pub(super) peak_bytes: f64,
}

#[derive(Debug)]
pub(super) struct Pair {
    pub(super) ours: Figures,
    pub(super) kubeadm: Figures,
}

/// Runs the two commands in turn, so that a machine whose speed drifts is as fast for the one as for the
/// other. The first run of each is not counted.
pub(super) fn measure_in_turn(ours: &[OsString], kubeadm: &[OsString], runs: usize) -> Pair {
    let mut samples = (Vec::new(), Vec::new());
    for run in 0..=runs {
        let pair = (measure(ours), measure(kubeadm));
        if run > 0 {
            samples.0.push(pair.0);
            samples.1.push(pair.1);
        }
    }
    Pair {
        ours: medians(&samples.0),
        kubeadm: medians(&samples.1),
    }
}

/// Runs one command that has no counterpart; the first run is not counted.
pub(super) fn measure_alone(command: &[OsString], runs: usize) -> Figures {
    let samples: Vec<_> = (0..=runs).map(|_| measure(command)).collect();
    medians(&samples[1..])
}

fn measure(command: &[OsString]) -> Figures {
    let measure = std::env::current_exe().unwrap().with_file_name("measure");
    let output = Command::new(measure)
        .args(command)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{command:?} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn medians(samples: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(samples.iter().map(figure));
    Figures {
        wall_us: of(|f| f.wall_us),
        cpu_us: of(|f| f.cpu_us),
        peak_bytes: of(|f| f.peak_bytes),
    }
}
