//! A real control plane: etcd, kube-apiserver and kube-controller-manager, each a process.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tempfile::TempDir;

use crate::api::Api;
use crate::{paths, transcript};

/// Where nobody listens. A port that was free a moment ago may have been given to somebody since.
pub const NOBODY: &str = "127.0.0.1:1";

/// One of its processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// The store.
    Etcd,
    /// The API server.
    ApiServer,
    /// The controllers, signer and token cleaner among them.
    ControllerManager,
}

impl Component {
    fn name(self) -> &'static str {
        match self {
            Component::Etcd => "etcd",
            Component::ApiServer => "kube-apiserver",
            Component::ControllerManager => "kube-controller-manager",
        }
    }
}

/// Goes down, its processes and its files, when dropped or when the test process ends in any way: the
/// helper watches the pipe that is its standard input.
#[derive(Debug)]
pub struct ControlPlane {
    // Dropped in this order: first the files' users.
    helper: Helper,
    ready: Ready,
    admin: OnceLock<Api>,
    _dir: TempDir,
}

#[derive(Debug)]
struct Helper {
    child: Child,
    talk: Mutex<Talk>,
}

#[derive(Debug)]
struct Talk {
    /// `None` once it was told to end.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

#[derive(Debug, Deserialize)]
struct Ready {
    kubeconfig: PathBuf,
    server: String,
    ca_file: PathBuf,
    dir: PathBuf,
}

#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    pids: BTreeMap<String, u32>,
    #[serde(default)]
    error: String,
}

impl ControlPlane {
    /// Starts one and waits until it is ready.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with arguments for `control-plane up`.
    pub fn start_with(arguments: &[&str]) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("control-plane-")
            .tempdir()
            .unwrap();
        let mut child = Command::new(paths::control_plane())
            .arg("up")
            .arg("--dir")
            .arg(dir.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `make control-plane` first");
        let mut talk = Talk {
            commands: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
        };
        let line = talk.line();
        let helper = Helper {
            child,
            talk: Mutex::new(talk),
        };
        Self {
            helper,
            ready: serde_json::from_str(&line).expect("the helper says where it runs"),
            admin: OnceLock::new(),
            _dir: dir,
        }
    }

    /// The one that the tests of a binary share, started by the first that asks.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap();
        Arc::clone(shared.get_or_insert_with(|| Arc::new(Self::start())))
    }

    /// The administrator's kubeconfig.
    pub fn kubeconfig(&self) -> &Path {
        &self.ready.kubeconfig
    }

    /// `https://127.0.0.1:<port>`.
    pub fn server(&self) -> &str {
        &self.ready.server
    }

    /// The certificate of the cluster's authority.
    pub fn ca_file(&self) -> &Path {
        &self.ready.ca_file
    }

    /// What kubeadm was configured with to make the cluster.
    pub fn kubeadm_config(&self) -> String {
        fs::read_to_string(self.ready.dir.join("kubeadm.yaml")).unwrap()
    }

    /// [`restart`](Self::restart) with further arguments, for this once.
    pub fn restart_with(&self, component: Component, arguments: &[&str]) {
        let line = format!("start {} {}", component.name(), arguments.join(" "));
        self.obey(&line);
    }

    /// The administrator's client.
    pub fn admin(&self) -> &Api {
        self.admin
            .get_or_init(|| Api::from_kubeconfig(self.kubeconfig()))
    }

    /// Ends a component at once: SIGKILL.
    pub fn kill(&self, component: Component) {
        self.command("kill", component);
    }

    /// Starts a component that was killed, and waits until it is ready.
    pub fn restart(&self, component: Component) {
        self.command("start", component);
    }

    /// Freezes a component: SIGSTOP.
    pub fn stop(&self, component: Component) {
        self.command("stop", component);
    }

    /// Lets a frozen component go on: SIGCONT.
    pub fn cont(&self, component: Component) {
        self.command("cont", component);
    }

    /// The process that is a component now, if it runs.
    pub fn pid(&self, component: Component) -> Option<u32> {
        self.helper.ask("pids").pids.get(component.name()).copied()
    }

    fn command(&self, verb: &str, component: Component) {
        self.obey(&format!("{verb} {}", component.name()));
    }

    fn obey(&self, line: &str) {
        let answer = self.helper.ask(line);
        assert!(answer.ok, "{line}: {}", answer.error);
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        self.helper.end();
        for entry in fs::read_dir(&self.ready.dir)
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == "log") {
                let log = fs::read(&path).unwrap_or_default();
                transcript::record_log(&entry.file_name().to_string_lossy(), log);
            }
        }
    }
}

impl Helper {
    fn ask(&self, line: &str) -> Answer {
        let mut talk = self.talk.lock().unwrap();
        let commands = talk.commands.as_mut().expect("it has not ended");
        writeln!(commands, "{line}").expect("the helper reads its commands");
        serde_json::from_str(&talk.line()).expect("the helper answers in JSON")
    }

    /// Closes its input and waits until it has taken everything down.
    fn end(&mut self) {
        if let Ok(talk) = self.talk.get_mut() {
            drop(talk.commands.take());
        }
        let deadline = Instant::now() + Duration::from_secs(30);
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                let _ = self.child.kill(); // it ends its children with itself
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.end(); // for a start that failed; otherwise it has already ended
    }
}

impl Talk {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line
    }
}

static SHARED: Mutex<Option<Arc<ControlPlane>>> = Mutex::new(None);

/// Takes the shared one down, once the tests are over.
pub(crate) fn end_shared() {
    drop(SHARED.lock().ok().and_then(|mut shared| shared.take()));
}
