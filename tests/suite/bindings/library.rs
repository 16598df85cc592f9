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

/// The number of its ABI, by the header.
pub(crate) fn abi() -> u32 {
    let header = std::fs::read_to_string(include().join("bootstrap_token.h")).unwrap();
    let line = header
        .lines()
        .find_map(|line| line.strip_prefix("#define BOOTSTRAP_TOKEN_ABI_VERSION "));
    line.unwrap().parse().unwrap()
}

/// A folder with a pkg-config file by which programs are built against the library where it was built.
pub(crate) fn pkg_config() -> PathBuf {
    let libraries = paths::library_folder();
    let folder = libraries.join("pkgconfig");
    let template = std::fs::read_to_string(include().join("bootstrap_token.pc.in")).unwrap();
    let text = template
        .replace("@PREFIX@", &libraries.display().to_string())
        .replace("@LIBDIR@", &libraries.display().to_string())
        .replace("@INCLUDEDIR@", &include().display().to_string())
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"));
    shared();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("bootstrap_token.pc"), text).unwrap();
    folder
}
