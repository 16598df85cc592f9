//! The library, built by the first test that needs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use conformance::paths;

/// The shared library, unoptimised; the static one stands beside it.
pub(crate) fn shared() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "bootstrap-token-ffi"])
            .current_dir(paths::workspace())
            .status()
            .unwrap();
        assert!(built.success(), "bootstrap-token-ffi does not build");
        paths::library_folder().join("libbootstrap_token.so")
    })
}

/// The folder of the header.
pub(crate) fn include() -> PathBuf {
    paths::workspace().join("include")
}
