//! Where things are.

use std::path::{Path, PathBuf};

/// The helper that is all of upstream in one file: `make control-plane` puts it there. `CONTROL_PLANE` names another.
pub fn control_plane() -> PathBuf {
    std::env::var_os("CONTROL_PLANE").map_or_else(|| target().join("control-plane"), PathBuf::from)
}

/// kubeadm as it is shipped, a program of its own: `make bench` puts it there.
pub fn kubeadm() -> PathBuf {
    target().join("kubeadm")
}

/// Our command as it is shipped: `make build` puts it there.
pub fn release_command() -> PathBuf {
    target().join("release/kubeadm-token")
}

/// What times single functions of ours: `make bench` puts it there.
pub fn release_per_call() -> PathBuf {
    target().join("release/examples/per_call")
}

/// The C library as it is shipped: `make library` puts it there.
pub fn release_library() -> PathBuf {
    target().join("library/libbootstrap_token.so")
}

/// What measures the Go package: `make bench` puts it there.
pub fn bench_go() -> PathBuf {
    target().join("bench-go")
}

/// Python with all that the tests of its package want: `make test` puts it there.
pub fn python() -> PathBuf {
    target().join("python/bin/python")
}

/// Where the C library is when it was built unoptimised.
pub fn library_folder() -> PathBuf {
    target().join("debug")
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The folder of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the workspace's folder")
}
