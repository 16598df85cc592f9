//! Two real installers' parts on a real control plane: each mints a token with our library and writes it with the
//! client that its language has, and the API server lets the token in.

use std::process::Command;

use bootstrap_token::Token;
use conformance::control_plane::ControlPlane;
use conformance::suite::Test;
use conformance::{paths, secrets, tests};

use crate::compile::{finish, loadable};
use crate::library;

pub(crate) const TESTS: &[Test] = tests!["installers":
    go_with_client_go,
    python_with_the_official_client,
];

fn go_with_client_go() {
    let folder = tempfile::TempDir::new().unwrap();
    let program = folder.path().join("installer");
    finish(
        Command::new("go")
            // As the control plane is built, so that client-go is compiled once.
            .args(["build", "-trimpath", "-tags=netgo,osusergo", "-o"])
            .arg(&program)
            .arg("./installer")
            .current_dir(paths::workspace().join("tests/go"))
            .env("PKG_CONFIG_PATH", library::pkg_config())
            // Go does not notice when a pkg-config file changes; it does notice the flags.
            .env(
                "CGO_LDFLAGS",
                format!("-L{}", paths::library_folder().display()),
            ),
    );
    is_let_in(Command::new(program).env("LD_LIBRARY_PATH", loadable()));
}

fn python_with_the_official_client() {
    is_let_in(
        Command::new(paths::python())
            .args([
                "-B",
                "-X",
                "dev",
                "-W",
                "error::ResourceWarning:bootstrap_token",
            ])
            .arg(paths::workspace().join("tests/python/installer.py"))
            .env("PYTHONPATH", paths::workspace().join("bindings/python/src"))
            .env("BOOTSTRAP_TOKEN_LIBRARY", library::shared()),
    );
}

/// Runs an installer; the token that it prints is one that the API server knows, and that our command lists.
fn is_let_in(installer: &mut Command) {
    let plane = ControlPlane::shared();
    let printed = finish(installer.arg(plane.kubeconfig()));
    let token: Token = printed.trim_end().parse().unwrap();
    secrets::register(token.secret());
    let identity = plane
        .admin()
        .who_is(&token)
        .expect("the API server lets it in");
    assert_eq!(identity.user, format!("system:bootstrap:{}", token.id()));
    assert_eq!(
        identity.groups,
        [
            "system:bootstrappers",
            "system:bootstrappers:kubeadm:default-node-token",
            "system:authenticated"
        ]
    );
}
