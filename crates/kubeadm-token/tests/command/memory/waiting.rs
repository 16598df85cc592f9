//! A command that waits for an answer, and what its memory holds meanwhile.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, PipeReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::copies::{Copies, Part};
use crate::process::Home;

const PAGE: usize = 4096;

/// `O_NONBLOCK`, but on a few old architectures.
const O_NONBLOCK: i32 = 0o4000;

/// No test ends by it unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command that is running. It ends with the test.
pub(crate) struct Waiting {
    child: Child,
    /// The other end of its standard error, where nobody reads.
    stderr: Option<PipeReader>,
}

impl Waiting {
    /// Starts our command with this on standard input, and waits until `is_there`.
    #[track_caller]
    pub(crate) fn start(
        home: &Home,
        args: &[impl AsRef<OsStr>],
        stdin: &str,
        is_there: impl Fn() -> bool,
    ) -> Self {
        let command = readable(&home.command(args));
        Self::run(home, command, stdin, is_there)
    }

    /// The same with any command.
    #[track_caller]
    pub(crate) fn run(
        home: &Home,
        mut command: Command,
        stdin: &str,
        is_there: impl Fn() -> bool,
    ) -> Self {
        home.settle(&mut command);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let waiting = Self::spawn(command, stdin);
        wait_until("the server was asked", is_there);
        waiting
    }

    /// Starts our command and waits until it is held up by its standard error, which is full.
    #[track_caller]
    pub(crate) fn without_a_reader(home: &Home, args: &[&str], stdin: &str) -> Self {
        let (reader, writer) = io::pipe().unwrap();
        // The same pipe by another name, by which writing to it waits for nobody.
        let name = format!("/proc/self/fd/{}", writer.as_raw_fd());
        let mut filler = File::options()
            .write(true)
            .custom_flags(O_NONBLOCK)
            .open(name)
            .unwrap();
        while filler.write(b" ").is_ok() {}
        let mut command = readable(&home.command(args));
        home.settle(&mut command);
        command.stdout(Stdio::null()).stderr(writer);
        let mut waiting = Self::spawn(command, stdin);
        waiting.stderr = Some(reader);
        wait_until("it was held up", || waiting.is_held_up_by("0x2"));
        waiting
    }

    fn spawn(mut command: Command, stdin: &str) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut to = child.stdin.take().unwrap();
        to.write_all(stdin.as_bytes()).unwrap();
        Self {
            child,
            stderr: None,
        }
    }

    /// Whether a thread waits in a call of the system with this as its first argument: `proc_pid_syscall(5)`.
    fn is_held_up_by(&self, argument: &str) -> bool {
        let threads = fs::read_dir(format!("/proc/{}/task", self.id())).unwrap();
        let calls = threads.flatten().filter_map(|thread| {
            let call = fs::read_to_string(thread.path().join("syscall"));
            call.ok()
        });
        calls
            .into_iter()
            .any(|call| call.split(' ').nth(1) == Some(argument))
    }

    /// What it has to say on standard error, which is read from now on.
    pub(crate) fn read_on(&mut self) -> String {
        let mut said = String::new();
        let mut stderr = self.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said.trim().to_owned()
    }

    /// Ends it by the signal that asks for a core dump.
    pub(crate) fn quit(&mut self) -> ExitStatus {
        let id = self.id().to_string();
        let kill = Command::new("sh")
            .args(["-c", "kill -ABRT $0", &id])
            .status();
        assert!(kill.unwrap().success());
        self.child.wait().unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its memory holds so many copies of the secret, as soon as it has come to rest.
    #[track_caller]
    pub(crate) fn holds(&self, secret: &str, expected: Copies) {
        self.comes_to(secret, &[expected]);
    }

    /// The same, and perhaps one in the buffer of the connection, where a reply stays until the next is written over it.
    #[track_caller]
    pub(crate) fn holds_next_to_the_reply(&self, secret: &str, expected: Copies) {
        let Copies { plain, base64, .. } = expected;
        let plain_reply = Copies {
            plain: plain + 1,
            ..expected
        };
        let json_reply = Copies {
            base64: base64 + 1,
            ..expected
        };
        self.comes_to(secret, &[expected, plain_reply, json_reply]);
    }

    #[track_caller]
    fn comes_to(&self, secret: &str, expected: &[Copies]) {
        let deadline = Instant::now() + PATIENCE / 6;
        loop {
            let (found, places) = Copies::in_memory(secret, &self.memory());
            if expected.contains(&found) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "found {found:?} instead of {expected:?}\n{}",
                places.join("\n")
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// All that it may write to and has written to.
    fn memory(&self) -> Vec<Part> {
        let process = self.id();
        let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
        let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
        let mut parts: Vec<Part> = Vec::new();
        for line in maps.lines().filter(|line| line.contains(" rw")) {
            let (range, _) = line.split_once(' ').unwrap();
            let (from, to) = range.split_once('-').unwrap();
            let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
            let mut bytes = Vec::new();
            memory.seek(SeekFrom::Start(from)).unwrap();
            // Some of it cannot be read, such as a stack's guard.
            let _ = (&memory).take(to - from).read_to_end(&mut bytes);
            let name = line.split_whitespace().nth(5).unwrap_or("anonymous");
            for (from, page) in (from..to).step_by(PAGE).zip(bytes.chunks(PAGE)) {
                if page.starts_with(&[0; PAGE]) {
                    continue;
                }
                match parts.last_mut() {
                    Some(last) if last.from + last.bytes.len() as u64 == from => {
                        last.bytes.extend_from_slice(page);
                    }
                    _ => parts.push(Part {
                        name: name.to_owned(),
                        from,
                        bytes: page.to_owned(),
                    }),
                }
            }
        }
        parts
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Nobody but root may read the memory of the command: whoever is not root is made the root of a user namespace.
fn readable(command: &Command) -> Command {
    let mut readable = Command::new("unshare");
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        readable = Command::new(command.get_program());
    } else {
        readable.args(["--user", "--map-root-user", "--"]);
        readable.arg(command.get_program());
    }
    readable.args(command.get_args());
    readable
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
