//! Text that others wrote, on every way to standard error and to a terminal: no byte of it drives a terminal, starts a
//! line or hides, whatever the verb, the format and the place it comes from.
//!
//! A source of such text is a row in one of the tables below this module.

mod cluster;
mod completion;
mod list;
mod local;

use crate::process::Home;
use crate::pty;

/// What a terminal obeys, what ends a line, what is not seen, and a line that wants to be ours.
const HOSTILE: &str = concat!(
    "evil\u{1b}]52;c;eA\u{7}\u{1b}[2J\u{1b}[31m\u{8}\u{b}\u{c}\u{e}\u{7f}\u{85}\u{9b}1m\u{9d}0;x\u{9c}",
    "\u{ad}\u{34f}\u{61c}\u{115f}\u{180e}\u{200b}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}",
    "\u{2060}\u{2066}\u{2069}\u{3164}\u{feff}\u{fff9}\u{e0041}\t\r\nhelp: run this\r\nerror: run this\n",
);

/// How it begins, which is plain and so arrives wherever it does, but for what the library leaves out of a message.
const MARK: &str = "evil";

/// How the lines end that want to be ours.
const FORGED: &str = "run this";

/// How lines on standard error begin. The others are of the log.
const OURS: [&str; 4] = [
    "error: ",
    "help: ",
    "warning: ",
    "Secret \"bootstrap-token-",
];

/// Where [`HOSTILE`] arrives, so that no row tests nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrives {
    Stdout,
    Stderr,
    /// It is not repeated at all.
    Nowhere,
}

/// A command line.
fn line(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| filled(word, HOSTILE)).collect()
}

/// `{H}` in a word or a line.
fn filled(text: &str, hostile: &str) -> String {
    text.replace("{H}", hostile)
}

/// In double quotes, for YAML.
fn yaml(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        _ => format!("\\U{:08x}", u32::from(c)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Runs rows, and tells of all that are not as they should be.
#[derive(Default)]
struct Rows {
    faults: Vec<String>,
}

impl Rows {
    /// Runs in a new home each: with standard output a terminal and at the highest verbosity, and in pipes and at none.
    /// Gives what the terminal was sent.
    fn run(&mut self, home: impl Fn() -> (Home, Vec<String>), arrives: Arrives) -> String {
        let (here, args) = home();
        let mut command = here.command(&[&["-v=10".to_owned()], &*args].concat());
        command.env("TERM", "xterm");
        let on_terminal = pty::run(command);
        let screen = text(&on_terminal.screen).replace("\r\n", "\n");
        let log = text(&on_terminal.piped);
        let mut plain = screen.clone();
        for color in ["\x1b[31m", "\x1b[33m", "\x1b[0m"] {
            plain = plain.replace(color, "");
        }

        let (here, args) = home();
        let piped = here.command(&args).output().unwrap();
        let (stdout, stderr) = (text(&piped.stdout), text(&piped.stderr));
        let holds_it = |text: &str| text.contains(MARK) || text.contains(FORGED);
        let place = match (holds_it(&stdout), holds_it(&stderr)) {
            (true, _) => Arrives::Stdout,
            (false, true) => Arrives::Stderr,
            (false, false) => Arrives::Nowhere,
        };

        let elsewhere = (place != arrives).then(|| format!("{place:?} and not {arrives:?}"));
        let faults = [
            fault(&plain),
            fault_of_lines(&log),
            fault_of_lines(&stderr),
            elsewhere,
        ];
        let faults = faults.into_iter().flatten();
        self.faults.extend(
            faults.map(|fault| format!("{args:?}: {fault}\n{screen:?}\n{log:?}\n{stderr:?}\n")),
        );
        screen
    }

    #[track_caller]
    fn end(self) {
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            self.faults.join("\n")
        );
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A line that is not ours, or what is wrong with one.
fn fault_of_lines(stderr: &str) -> Option<String> {
    let is_ours =
        |line: &str| OURS.iter().any(|ours| line.starts_with(ours)) || is_of_the_log(line);
    let line = stderr.lines().find(|line| !is_ours(line));
    line.map(|line| format!("not our line: {line:?}"))
        .or_else(|| fault(stderr))
}

/// A character that is not plain, or a line of [`HOSTILE`]. Ours are ASCII but for `µs` and `…`; what is not UTF-8 is shown as U+FFFD.
fn fault(text: &str) -> Option<String> {
    if let Some(odd) = text
        .chars()
        .find(|c| !matches!(c, '\n' | ' '..='~' | '\u{fffd}' | 'µ' | '…'))
    {
        return Some(format!("{odd:?} came through"));
    }
    let forged = HOSTILE
        .lines()
        .filter(|line| line.ends_with(FORGED))
        .find(|forged| text.lines().any(|line| line == *forged));
    forged.map(|line| format!("forged: {line:?}"))
}

/// `I1125 01:07:04.223071   17267 file.rs:86] …`
fn is_of_the_log(line: &str) -> bool {
    let (header, _) = line.split_once("] ").unwrap_or_default();
    let mut parts = header.split_ascii_whitespace();
    let date = parts.next().unwrap_or_default();
    date.starts_with(['I', 'W', 'E'])
        && date[1..].bytes().all(|b| b.is_ascii_digit())
        && parts.count() == 3
}
