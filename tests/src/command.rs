//! Both commands, ours and kubeadm, behind one interface.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{self, Child, ChildStderr, ChildStdout, ExitStatus, Stdio};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use bootstrap_token::Token;
use serde_json::Value;
use tempfile::TempDir;

use crate::{paths, secrets, transcript};

/// What can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `kubeadm-token`.
    Ours,
    /// The same, called `kubeadm`.
    OursAsKubeadm,
    /// The real `kubeadm`.
    Kubeadm,
    /// The real `kubectl`.
    Kubectl,
    /// What `kubeadm join` does first: it looks for a cluster that it may trust.
    KubeadmDiscovery,
}

impl Program {
    /// Where it is.
    pub fn file(self) -> PathBuf {
        match self {
            Program::Ours | Program::OursAsKubeadm => OURS.clone(),
            Program::Kubeadm | Program::Kubectl | Program::KubeadmDiscovery => {
                paths::control_plane()
            }
        }
    }
}

/// A run that is being put together.
#[derive(Debug)]
pub struct Command {
    program: Program,
    arguments: Vec<OsString>,
    /// The last argument, if it must not stand in [`Output::what`].
    untold: Option<Token>,
    environment: Vec<(OsString, OsString)>,
    stdin: Vec<u8>,
    timeout: Duration,
    prints_token: bool,
}

/// How a run went.
#[derive(Debug, Clone)]
pub struct Output {
    /// Program and arguments.
    pub what: String,
    /// `None` if it was killed, at the timeout too.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
    /// How long it took.
    pub elapsed: Duration,
}

/// A run that has begun.
#[derive(Debug)]
pub struct Running {
    child: Child,
    what: String,
    program: Program,
    prints_token: bool,
    deadline: Instant,
    began: Instant,
    stdout: ChildStdout,
    /// What was read of it before [`Running::wait`].
    seen: Vec<u8>,
    stderr: ChildStderr,
    /// Its home, empty at first, and the folder of the link by which it was called: both go with it.
    folders: (TempDir, Option<TempDir>),
}

/// Our command. Its standard output is checked for secrets unless [`Command::prints_token`] is said.
pub fn ours<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    Command::new(Program::Ours, arguments)
}

/// `kubeadm token`.
pub fn kubeadm<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    Command::new(Program::Kubeadm, ["token"]).args(arguments)
}

/// Our command where kubeadm is looked for: `kubeadm token`.
pub fn ours_as_kubeadm<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    Command::new(Program::OursAsKubeadm, ["token"]).args(arguments)
}

/// A folder with nothing in it but the program by the name `kubeadm`, to be put on a `PATH`.
pub fn folder_of_kubeadm(program: Program) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(program.file(), folder.path().join("kubeadm")).unwrap();
    folder
}

/// `kubectl`.
pub fn kubectl<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    Command::new(Program::Kubectl, arguments)
}

/// kubeadm's own discovery, at `HOST:PORT` by a token: it prints the kubeconfig that it trusts. Flags are
/// `--pin PIN` and `--timeout D`.
pub fn kubeadm_discover<A: AsRef<OsStr>>(
    server: &str,
    token: &Token,
    flags: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(Program::KubeadmDiscovery, flags).args([server]);
    command.untold = Some(token.clone());
    command
}

impl Command {
    /// Nothing of the caller's environment but `PATH` reaches the program, and its home is empty.
    pub fn new<A: AsRef<OsStr>>(program: Program, arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            program,
            arguments: arguments
                .into_iter()
                .map(|a| a.as_ref().to_owned())
                .collect(),
            untold: None,
            environment: Vec::new(),
            stdin: Vec::new(),
            timeout: Duration::from_secs(120),
            prints_token: false,
        }
    }

    /// `--kubeconfig PATH`.
    #[must_use]
    pub fn kubeconfig(mut self, path: &Path) -> Self {
        self.arguments.push("--kubeconfig".into());
        self.arguments.push(path.into());
        self
    }

    /// More arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// What the program reads; otherwise nothing.
    #[must_use]
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// When it is killed; otherwise after two minutes.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// It is the purpose of this run to print a token on standard output; those that it prints are
    /// registered. Standard error is checked as ever.
    #[must_use]
    pub fn prints_token(mut self) -> Self {
        self.prints_token = true;
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Output {
        self.start().wait()
    }

    /// Starts it. What it prints is read from [`Running::wait`] on: until then it can print no more than a
    /// pipe holds, 64 KiB on Linux.
    #[track_caller]
    pub fn start(self) -> Running {
        let (linked, first): (_, &[&str]) = match self.program {
            Program::Ours => (None, &[]),
            Program::OursAsKubeadm => (Some(folder_of_kubeadm(self.program)), &[]),
            Program::Kubeadm => (None, &["kubeadm"]),
            Program::Kubectl => (None, &["kubectl"]),
            Program::KubeadmDiscovery => (None, &["discover"]),
        };
        let file = linked.as_ref().map_or_else(
            || self.program.file(),
            |folder| folder.path().join("kubeadm"),
        );
        let home = tempfile::tempdir().unwrap();
        let words: Vec<_> = self
            .arguments
            .iter()
            .map(|a| a.to_string_lossy().into_owned())
            .collect();
        let what = format!("{:?} {}", self.program, words.join(" "));
        let mut child = process::Command::new(file)
            .args(first)
            .args(&self.arguments)
            .args(self.untold.map(|token| str::to_owned(&token.expose())))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .envs(self.environment)
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut to = child.stdin.take().unwrap();
        let text = self.stdin;
        thread::spawn(move || {
            // It need not read all, or anything.
            let _ = to.write_all(&text);
        });
        let began = Instant::now();
        Running {
            stdout: child.stdout.take().unwrap(),
            seen: Vec::new(),
            stderr: child.stderr.take().unwrap(),
            child,
            what,
            program: self.program,
            prints_token: self.prints_token,
            deadline: began + self.timeout,
            began,
            folders: (home, linked),
        }
    }
}

impl Running {
    /// Waits until it has begun to print.
    #[track_caller]
    pub fn has_printed(&mut self) {
        let mut first = [0];
        self.stdout
            .read_exact(&mut first)
            .expect("it prints something");
        self.seen.extend(first);
    }

    /// Waits until it ends, or ends it at its timeout.
    #[track_caller]
    pub fn wait(mut self) -> Output {
        let stdout = collect(self.seen, self.stdout);
        let stderr = collect(Vec::new(), self.stderr);
        let status = status(&mut self.child, self.deadline);
        drop(self.folders);
        let elapsed = self.began.elapsed();
        let stdout = stdout.recv().unwrap_or_default();
        let stderr = stderr.recv().unwrap_or_default();
        if self.prints_token {
            secrets::register_tokens_in(&String::from_utf8_lossy(&stdout));
        }
        // What upstream's programs print is not ours to mend. What its discovery trusts is no secret.
        if !matches!(self.program, Program::Kubeadm | Program::Kubectl) {
            if !self.prints_token {
                transcript::record(format!("{}: stdout", self.what), &stdout);
            }
            transcript::record(format!("{}: stderr", self.what), &stderr);
        }
        Output {
            code: status.and_then(|status| status.code()),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            elapsed,
            what: self.what,
        }
    }
}

/// How it ended; it is killed at the deadline.
fn status(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

impl Output {
    /// Standard output of a run that succeeded.
    #[track_caller]
    pub fn success(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.stdout
    }

    /// Standard error of a run that failed as commands fail: with exit code 1.
    #[track_caller]
    pub fn failure(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        &self.stderr
    }

    /// The objects that a run printed as JSON, one after the other.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        serde_json::Deserializer::from_str(self.success())
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn collect(mut bytes: Vec<u8>, mut from: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (to, collected) = mpsc::channel();
    thread::spawn(move || {
        let _ = from.read_to_end(&mut bytes);
        let _ = to.send(bytes);
    });
    collected
}

/// The one that `KUBEADM_TOKEN` names, as the Makefile does after it has built everything; otherwise built by
/// the first that runs it, so that it is never older than its source.
static OURS: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(built) = std::env::var_os("KUBEADM_TOKEN") {
        return paths::workspace().join(built);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = process::Command::new(cargo);
    // What cargo tells this process about this package is not so of others; with it, build scripts that ask
    // for it (ring's) would run again, and all that depends on them be built again, at each turn.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|p| text.starts_with(p))
        {
            build.env_remove(&name);
        }
    }
    let built = build
        .args(["build", "--quiet", "--package=kubeadm-token"])
        .arg("--message-format=json")
        .current_dir(paths::workspace())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(built.status.success(), "kubeadm-token does not build");
    String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "kubeadm-token")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo tells where it has put the command")
});
