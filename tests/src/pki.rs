//! Certificates of a cluster's authority, and of none, made by kubeadm itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::command::{Command, Program};
use crate::control_plane::ControlPlane;
use crate::kubeconfig::Kubeconfig;

/// What kubeadm writes for this address stands for the one where the API server listens.
const ADVERTISED: &str = "192.0.2.1";

/// kubeadm has no shorter one.
const SHORTEST: &str = "certificateValidityPeriod: 1s";

/// The kubeconfig of a user with a client certificate, in a group.
pub fn user(plane: &ControlPlane, name: &str, group: &str) -> Kubeconfig {
    let dir = tempfile::tempdir().unwrap();
    let config = config(plane, &dir, &of_cluster(plane), "");
    let made = Command::new(
        Program::Kubeadm,
        ["kubeconfig", "user", "--client-name", name],
    )
    .args(["--org", group, "--config", &config])
    .run();
    Kubeconfig::from_text(&made.success().replace(ADVERTISED, "127.0.0.1"))
}

/// An administrator's kubeconfig whose certificate has expired.
pub fn expired_user(plane: &ControlPlane) -> Kubeconfig {
    let dir = tempfile::tempdir().unwrap();
    let config = config(plane, &dir, &of_cluster(plane), SHORTEST);
    let to = format!("--kubeconfig-dir={}", dir.path().display());
    init_phase(&["kubeconfig", "super-admin", &to], &config);
    let text = fs::read_to_string(dir.path().join("super-admin.conf")).unwrap();
    wait_out();
    Kubeconfig::from_text(&text.replace(ADVERTISED, "127.0.0.1"))
}

/// A folder with `apiserver.crt` and `apiserver.key` of the cluster's authority, expired.
pub fn expired_server(plane: &ControlPlane) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in ["ca.crt", "ca.key"] {
        fs::copy(plane.ca_file().with_file_name(file), dir.path().join(file)).unwrap();
    }
    let config = config(plane, &dir, dir.path(), SHORTEST);
    init_phase(&["certs", "apiserver"], &config);
    wait_out();
    dir
}

/// A folder with the certificate, `ca.crt`, of an authority that has nothing to do with the cluster.
pub fn another_authority(plane: &ControlPlane) -> TempDir {
    authority(plane, "")
}

/// The same with `apiserver.crt` and `apiserver.key` of that authority, for the cluster's names.
pub fn another_server(plane: &ControlPlane) -> TempDir {
    server_of(another_authority(plane))
}

/// The same, and that authority has expired.
pub fn expired_authority(plane: &ControlPlane) -> TempDir {
    let dir = server_of(authority(plane, "caCertificateValidityPeriod: 1s"));
    wait_out();
    dir
}

fn authority(plane: &ControlPlane, line: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let config = config(plane, &dir, dir.path(), line);
    init_phase(&["certs", "ca"], &config);
    dir
}

fn server_of(authority: TempDir) -> TempDir {
    let config = authority.path().join("kubeadm.yaml").display().to_string();
    init_phase(&["certs", "apiserver"], &config);
    authority
}

fn of_cluster(plane: &ControlPlane) -> PathBuf {
    plane.ca_file().parent().unwrap().to_owned()
}

/// The cluster's configuration with certificates in another folder, and one line more.
fn config(plane: &ControlPlane, dir: &TempDir, certificates: &Path, line: &str) -> String {
    let path = dir.path().join("kubeadm.yaml");
    let text = plane
        .kubeadm_config()
        .replace("\ncertificatesDir", &format!("\n{line}\ncertificatesDir"))
        .replace(
            &of_cluster(plane).display().to_string(),
            &certificates.display().to_string(),
        );
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn init_phase(phase: &[&str], config: &str) {
    Command::new(Program::Kubeadm, ["init", "phase"])
        .args(phase)
        .args(["--config", config])
        .run()
        .success();
}

/// Waits until a certificate that was made just now has expired: it knows whole seconds.
fn wait_out() {
    thread::sleep(Duration::from_secs(3));
}
