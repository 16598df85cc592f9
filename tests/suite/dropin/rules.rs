//! What is different in every case, and taken out of both before they are compared. Each rule is a section of
//! `docs/DIFFERENCES.md`, with cases of its own in `cases/general`.

use crate::outcome::Seen;

/// kubeadm's last line after an error.
const STACK_TRACE: &str = "To see the stack trace of this error execute with --v=5 or higher";

/// What a line of a log begins with, with the names of a case put back.
pub(crate) const LOG: &str = "{log} ";

/// What is left of both, to be compared to the byte.
pub(crate) fn comparable(kubeadm: &Seen, ours: &Seen) -> [Seen; 2] {
    let [mut kubeadm, mut ours] = [kubeadm.clone(), ours.clone()];
    // Section "The log": with -v each tells the steps that it takes.
    for text in [&mut kubeadm.stderr, &mut ours.stderr] {
        *text = without_log(text);
    }
    // Section "The next step": ours has a line of its own in the place of kubeadm's.
    if kubeadm.exit != 0 && ours.exit != 0 {
        kubeadm.stderr = without_last(&kubeadm.stderr, |line| line == STACK_TRACE);
        ours.stderr = without_last(&ours.stderr, |line| line.starts_with("help: "));
    }
    // Section "Help": ours may say more.
    if is_usage(&kubeadm.stdout) {
        [kubeadm.stdout, ours.stdout] = usage(&kubeadm.stdout, &ours.stdout);
    }
    [kubeadm, ours]
}

pub(crate) fn without_log(text: &str) -> String {
    without(text, |line| line.starts_with(LOG))
}

fn without(text: &str, rule: impl Fn(&str) -> bool) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !rule(line.trim_end_matches('\n')))
        .collect()
}

/// The last line has to be there.
fn without_last(text: &str, rule: impl Fn(&str) -> bool) -> String {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    match lines.split_last() {
        Some((last, before)) if last.strip_suffix('\n').is_some_and(rule) => before.concat(),
        _ => format!("{text}(the last line is missing)\n"),
    }
}

fn is_usage(text: &str) -> bool {
    text.contains("\nUsage:\n  kubeadm token")
}

/// kubeadm's lines that ours does not have, in their order; and nothing. A line of ours may go on where
/// kubeadm's ends, and columns may be wider.
fn usage(kubeadm: &str, ours: &str) -> [String; 2] {
    let mut rest = ours.lines();
    let missing: Vec<_> = kubeadm
        .lines()
        .filter(|line| {
            let wanted = words(line);
            let mut ahead = rest.clone();
            let found = ahead.any(|line| {
                let line = words(line);
                // A line that is empty is one.
                line.starts_with(&wanted) && line.is_empty() == wanted.is_empty()
            });
            if found {
                rest = ahead;
            }
            !found
        })
        .collect();
    [missing.join("\n"), String::new()]
}

fn words(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    words.join(" ")
}
