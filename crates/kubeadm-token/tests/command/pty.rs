//! A terminal as a command's standard output or standard error.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What a run left behind.
pub(crate) struct OnTerminal {
    pub(crate) code: Option<i32>,
    /// As the terminal gets it: it writes `\r\n` for a line break.
    pub(crate) screen: Vec<u8>,
    /// What went by pipes: the other stream.
    pub(crate) piped: Vec<u8>,
}

/// With a terminal as standard output.
pub(crate) fn run(command: Command) -> OnTerminal {
    run_on(command, |command, terminal| {
        command.stdout(terminal);
    })
}

/// With a terminal as what `connect` makes it.
pub(crate) fn run_on(command: Command, connect: impl FnOnce(&mut Command, File)) -> OnTerminal {
    run_watched(command, connect, |_| ())
}

/// The same; `watch` is shown the screen each time that something comes.
pub(crate) fn run_watched(
    mut command: Command,
    connect: impl FnOnce(&mut Command, File),
    mut watch: impl FnMut(&[u8]) + Send + 'static,
) -> OnTerminal {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = OpenOptions::new().write(true).open(name).unwrap();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    connect(&mut command, theirs);
    let child = command.spawn().unwrap();
    // With it goes the last end but the child's.
    drop(command);
    let reader = std::thread::spawn(move || {
        let (mut screen, mut part) = (Vec::new(), [0; 4096]);
        let mut ours = File::from(ours);
        // That nobody holds the other end any more is an error to Linux, and the end of the text.
        while let Ok(length @ 1..) = ours.read(&mut part) {
            screen.extend_from_slice(&part[..length]);
            watch(&screen);
        }
        screen
    });
    let output = child.wait_with_output().unwrap();
    OnTerminal {
        code: output.status.code(),
        screen: reader.join().unwrap(),
        piped: [output.stdout, output.stderr].concat(),
    }
}
