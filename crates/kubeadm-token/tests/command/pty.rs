//! A terminal as a command's standard output.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What a run left behind.
pub(crate) struct OnTerminal {
    pub(crate) code: Option<i32>,
    /// As the terminal gets it: it writes `\r\n` for a line break.
    pub(crate) screen: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

pub(crate) fn run(mut command: Command) -> OnTerminal {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = OpenOptions::new().write(true).open(name).unwrap();
    let child = command.stdout(theirs).stderr(Stdio::piped()).spawn();
    let child = child.unwrap();
    // With it goes the last end but the child's.
    drop(command);
    let reader = std::thread::spawn(move || {
        let mut screen = Vec::new();
        // That nobody holds the other end any more is an error to Linux, and the end of the text.
        let _ = File::from(ours).read_to_end(&mut screen);
        screen
    });
    let output = child.wait_with_output().unwrap();
    OnTerminal {
        code: output.status.code(),
        screen: reader.join().unwrap(),
        stderr: output.stderr,
    }
}
