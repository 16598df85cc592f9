//! The C library from Go and from Python, each measured by a program of its language that does nothing else meanwhile.

use std::io::Write;
use std::process::Command;

use super::table::{Row, Table};
use crate::paths;

/// What a job may take of upstream's time, through cgo.
const GO: &[(&str, f64)] = &[
    ("check", 0.5),
    ("parse", 0.5),
    ("generate", 0.3),
    ("sign", 0.3),
    ("verify", 0.3),
    ("Secret out", 0.7),
    ("Secret in", 0.7),
    ("list of 10000, parsed", 0.5),
];

/// What a call may take from Python, in microseconds.
const PYTHON: &[(&str, f64)] = &[("check a token", 1.0), ("parse a token", 3.0)];

/// The most that the shared library may take, in megabytes.
const SIZE: f64 = 1.0;

pub(super) fn rows<W: Write>(table: &mut Table<'_, W>) {
    let soname = paths::release_library().with_file_name("soname");
    let go = figures(
        Command::new(paths::bench_go())
            .arg("60")
            .env("LD_LIBRARY_PATH", soname),
    );
    for (job, limit) in GO {
        let [ours, upstream, allocations] = of(&go, job);
        table.row(&Row::per_call(
            &format!("cgo: {job}"),
            ours,
            upstream,
            *limit,
        ));
        if *job == "check" {
            table.row(&Row::most("cgo: check: allocations", "", allocations, 0.0));
        }
    }
    let python = figures(
        Command::new(paths::python())
            .arg("-B")
            .arg(paths::workspace().join("bindings/python/bench.py"))
            .env("PYTHONPATH", paths::workspace().join("bindings/python/src"))
            .env("BOOTSTRAP_TOKEN_LIBRARY", paths::release_library()),
    );
    for (job, limit) in PYTHON {
        let [ours, by_re, _] = of(&python, job);
        let what = format!("python: {job} ({by_re:.1} us by re)");
        table.row(&Row::most(&what, "us", ours, *limit));
    }
    let size = super::size(&paths::release_library());
    #[expect(clippy::cast_precision_loss, reason = "a file of less than 2^52 bytes")]
    table.row(&Row::most(
        "libbootstrap_token.so: size",
        "MB",
        size as f64 / 1e6,
        SIZE,
    ));
}

/// What a program prints: a job a line, its figures behind it, with tabs between.
fn figures(program: &mut Command) -> Vec<(String, Vec<f64>)> {
    let output = program
        .output()
        .expect("`make bench` builds what is measured");
    assert!(output.status.success(), "{program:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let mut fields = line.split('\t');
        let job = fields.next().unwrap_or_default().to_owned();
        (job, fields.map(|field| field.parse().unwrap()).collect())
    };
    text.lines().map(line).collect()
}

/// A job's figures, those that are not told being zero.
fn of(all: &[(String, Vec<f64>)], job: &str) -> [f64; 3] {
    let (_, figures) = all
        .iter()
        .find(|(name, _)| name == job)
        .unwrap_or_else(|| panic!("{job} is not among {all:?}"));
    std::array::from_fn(|at| figures.get(at).copied().unwrap_or_default())
}
