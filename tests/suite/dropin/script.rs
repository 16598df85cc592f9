//! A shell script that knows nothing of this suite.

use std::path::Path;
use std::process::{Command, Output};

use conformance::command::{self, Program};
use conformance::paths;

use crate::cluster::{self, Share};

/// It says the same whichever of the two is the `kubeadm` on its `PATH`.
pub(crate) fn runs_unchanged() {
    let [kubeadm, ours] = cluster::with(Share::Alone, || {
        [Program::Kubeadm, Program::OursAsKubeadm].map(|program| {
            let output = run(command::folder_of_kubeadm(program).path());
            assert!(output.status.success(), "{program:?}: {output:?}");
            String::from_utf8(output.stdout).unwrap()
        })
    });
    assert_eq!(kubeadm, ours);
}

fn run(folder: &Path) -> Output {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()].into_iter();
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path))).unwrap();
    let home = tempfile::tempdir().unwrap();
    let admin = cluster::names().iter().find(|(name, _)| *name == "admin");
    Command::new("sh")
        .arg(paths::workspace().join("tests/suite/dropin/script.sh"))
        .current_dir(home.path())
        .env_clear()
        .env("PATH", path)
        .env("HOME", home.path())
        .env("KUBECONFIG", &admin.unwrap().1)
        .output()
        .unwrap()
}
