//! The library, built by the first test that needs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use conformance::paths;

use crate::compile::finish;

/// The shared library, unoptimised; the static one stands beside it.
pub(crate) fn shared() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        build("dev");
        paths::library_folder().join("libbootstrap_token.so")
    })
}

/// The one that is shipped: optimised as a whole, and stripped.
pub(crate) fn shipped() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        build("library");
        paths::release_library()
    })
}

fn build(profile: &str) {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "bootstrap-token-ffi"])
        .args(["--profile", profile])
        .current_dir(paths::workspace())
        .status()
        .unwrap();
    assert!(built.success(), "bootstrap-token-ffi does not build");
}

/// The folder of the header.
pub(crate) fn include() -> PathBuf {
    paths::workspace().join("include")
}

/// The number of its ABI, by the header.
pub(crate) fn abi() -> u32 {
    let header = std::fs::read_to_string(include().join("bootstrap_token.h")).unwrap();
    let line = header
        .lines()
        .find_map(|line| line.strip_prefix("#define BOOTSTRAP_TOKEN_ABI_VERSION "));
    line.unwrap().parse().unwrap()
}

/// A folder with a pkg-config file by which programs are built against the library where it was built. `make` writes it,
/// for the Go tests too, which may run at the same time.
pub(crate) fn pkg_config() -> PathBuf {
    let libraries = paths::library_folder();
    finish(
        Command::new("make")
            .args(["--no-print-directory", "library-in-place"])
            .arg(format!(
                "CARGO_TARGET_DIR={}",
                libraries.parent().unwrap().display()
            ))
            .env_remove("MAKEFLAGS")
            .current_dir(paths::workspace()),
    );
    libraries.join("pkgconfig")
}
