//! What the library exports is what the header declares: the frozen list, no more and no less.

use std::fs;
use std::path::Path;

use conformance::suite::Test;
use conformance::tests;

use crate::compile::run;
use crate::library;

pub(crate) const TESTS: &[Test] = tests!["exports":
    are_the_frozen_list,
    need_nothing_but_the_c_library,
    are_so_in_the_library_that_is_shipped,
    are_no_larger_than_a_megabyte,
];

fn are_the_frozen_list() {
    frozen(library::shared());
}

fn need_nothing_but_the_c_library() {
    needed(library::shared());
}

fn are_so_in_the_library_that_is_shipped() {
    frozen(library::shipped());
    needed(library::shipped());
}

fn are_no_larger_than_a_megabyte() {
    let size = fs::metadata(library::shipped()).unwrap().len();
    assert!(size <= 1_000_000, "{size} bytes");
}

fn frozen(library: &Path) {
    let printed = run("nm", ["-D", "--defined-only", "--format=posix"], [library]);
    let mut exported: Vec<_> = printed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    exported.sort_unstable();
    let list = fs::read_to_string(library::include().join("bootstrap_token.symbols")).unwrap();
    assert_eq!(exported, list.lines().collect::<Vec<_>>());
}

fn needed(library: &Path) {
    let printed = run("readelf", ["-d"], [library]);
    let needed: Vec<_> = printed
        .lines()
        .filter_map(|line| line.split_once("(NEEDED)"))
        .filter_map(|(_, name)| name.split(['[', ']']).nth(1))
        .collect();
    assert!(!needed.is_empty());
    for name in needed {
        // The loader's name has the processor in it.
        let is_the_c_library = ["libc.so.6", "libgcc_s.so.1", "libm.so.6"].contains(&name);
        assert!(is_the_c_library || name.starts_with("ld-linux"), "{name}");
    }
    assert!(
        printed.contains(&format!("[libbootstrap_token.so.{}]", library::abi())),
        "no SONAME: {printed}"
    );
}
