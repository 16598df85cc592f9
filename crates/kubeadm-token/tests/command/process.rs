//! Runs the binary away from the machine's own kubeconfig and environment.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fake_server::FakeServer;
use crate::pty;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_kubeadm-token");

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn is(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!(self.stderr, stderr, "standard error");
        assert_eq!(self.stdout, stdout, "standard output");
        assert_eq!(self.code, code, "exit code");
    }

    #[track_caller]
    pub(crate) fn fails_with(&self, stderr: &str) {
        self.is(1, "", stderr);
    }
}

/// A directory with a kubeconfig in it, gone after the test.
pub(crate) struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    /// With a kubeconfig for `server`.
    pub(crate) fn new(server: &FakeServer) -> Self {
        let home = Self::empty();
        home.write(
            "config",
            &kubeconfig(&server.url(), "token: kubeconfig-bearer-token-1"),
        );
        home
    }

    pub(crate) fn empty() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        restrict(&path, 0o600);
        path
    }

    pub(crate) fn command(&self, args: &[impl AsRef<OsStr>]) -> Command {
        self.command_as(BINARY.as_ref(), args)
    }

    fn command_as(&self, program: &Path, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(program);
        command.args(args);
        self.settle(&mut command);
        command
    }

    /// Away from the machine's own kubeconfig and environment.
    pub(crate) fn settle(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("KUBECONFIG", self.path("config"))
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
    }

    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, b"")
    }

    /// As a person sees it: standard error is a terminal.
    pub(crate) fn watched(&self, args: &[&str]) -> Outcome {
        self.watched_with(args, b"")
    }

    /// The same, with something on standard input.
    pub(crate) fn watched_with(&self, args: &[&str], stdin: &[u8]) -> Outcome {
        let mut command = self.command(args);
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(stdin).unwrap();
        drop(writer);
        command.stdin(reader);
        let run = pty::run_on(command, |command, terminal| {
            command.stderr(terminal);
        });
        self.seen(run.code, run.piped, run.screen)
    }

    /// Through a link by another name.
    #[cfg(unix)]
    pub(crate) fn run_as(&self, name: &str, args: &[&str]) -> Outcome {
        let link = self.path(name);
        if !link.exists() {
            std::os::unix::fs::symlink(BINARY, &link).unwrap();
        }
        self.outcome(self.command_as(&link, args), b"")
    }

    /// With something on standard input.
    pub(crate) fn run_with(&self, args: &[&str], stdin: &[u8]) -> Outcome {
        self.outcome(self.command(args), stdin)
    }

    fn outcome(&self, mut command: Command, stdin: &[u8]) -> Outcome {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read it closes it, which is its right.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        self.seen(output.status.code(), output.stdout, output.stderr)
    }

    fn seen(&self, code: Option<i32>, stdout: Vec<u8>, stderr: Vec<u8>) -> Outcome {
        let here = self.dir.path().to_str().unwrap();
        Outcome {
            code: code.expect("ended by a signal"),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr)
                .unwrap()
                .replace("\r\n", "\n")
                .replace(here, "DIR"),
        }
    }
}

#[cfg(unix)]
pub(crate) fn restrict(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A kubeconfig with one context, the lines of `user` in its user's entry.
pub(crate) fn kubeconfig(server: &str, user: &str) -> String {
    format!(
        "apiVersion: v1\n\
         kind: Config\n\
         current-context: here\n\
         contexts:\n\
         - name: here\n\
        \x20 context: {{cluster: fake, user: tester}}\n\
         clusters:\n\
         - name: fake\n\
        \x20 cluster:\n\
        \x20   server: {server}\n\
         users:\n\
         - name: tester\n\
        \x20 user:\n\
        \x20   {}\n",
        user.replace('\n', "\n    ")
    )
}

/// Runs without any kubeconfig.
pub(crate) fn run(args: &[&str]) -> Outcome {
    Home::empty().run(args)
}
