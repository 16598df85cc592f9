//! Kubeconfigs of users that are not the administrator.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::control_plane::ControlPlane;

/// A kubeconfig of one context, `context`, from the entries of its `cluster` and its `user`.
pub fn text(cluster: &Value, user: &Value) -> String {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": "user", "user": user}],
        "contexts": [{"name": "context", "context": {"cluster": "cluster", "user": "user"}}],
        "current-context": "context",
    })
    .to_string()
}

/// A kubeconfig in a folder of its own, where files that it names can be put beside it.
#[derive(Debug)]
pub struct Kubeconfig {
    dir: TempDir,
}

impl Kubeconfig {
    /// For the given control plane, with the `user` entry as it stands in a kubeconfig.
    pub fn of_user(plane: &ControlPlane, user: &Value) -> Self {
        let cluster = json!({
            "server": plane.server(),
            "certificate-authority": plane.ca_file(),
        });
        Self::new(&cluster, user)
    }

    /// From the `cluster` and the `user` entry.
    pub fn new(cluster: &Value, user: &Value) -> Self {
        Self::from_text(&text(cluster, user))
    }

    /// With any text.
    pub fn from_text(text: &str) -> Self {
        let this = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        this.file("kubeconfig", text);
        this
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder().join("kubeconfig")
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a file of mode 0600 beside it.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        let _ = std::fs::remove_file(&path); // the mode is given to a new file only
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path
    }
}
