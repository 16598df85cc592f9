//! A case as a test.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use conformance::command::Program;
use conformance::kubeconfig;
use conformance::suite::{self, Trial};
use snapbox::report::Palette;
use snapbox::{Assert, Data};

use crate::case::{self, Case, Expected, File, Outcome, Start};
use crate::names::Names;
use crate::outcome::{self, Seen};
use crate::{cluster, line, rules};

/// One for each of a file's cases.
pub(crate) fn of_file(file: File) -> Vec<Trial> {
    let File { topic, cases } = file;
    let mut lines = BTreeMap::new();
    cases
        .into_iter()
        .map(|case| {
            let before = lines.entry(case.line.clone()).or_insert(0);
            *before += 1;
            let name = match *before {
                1 => format!("{topic}: {}", case.line),
                number => format!("{topic}: {} ({number})", case.line),
            };
            suite::trial(name, move || run(&case))
        })
        .collect()
}

fn run(case: &Case) {
    let mut names = Names::new();
    write_files(&case.start, &mut names);
    let words = line::words(&case.line);
    let lists = words.iter().any(|word| word == "list");
    let words: Vec<OsString> = words.iter().map(|word| names.expand_word(word)).collect();
    let [kubeadm, ours] = cluster::with(lists, || {
        [Program::Kubeadm, Program::OursAsKubeadm]
            .map(|program| outcome::run(program, &words, &case.start, &mut names))
    });
    let mut faults = String::new();
    match &case.expected {
        Expected::Works | Expected::Fails => {
            let succeeds = matches!(case.expected, Expected::Works);
            if (kubeadm.exit == 0) != succeeds {
                let _ = writeln!(faults, "kubeadm ends with exit code {}", kubeadm.exit);
            }
            let [theirs, same] = rules::comparable(&kubeadm, &ours);
            compare("ours", &theirs.into(), &same, false, &mut faults);
            same_times(&kubeadm, &ours, &mut faults);
        }
        Expected::Differs {
            kubeadm: recorded,
            ours: wanted,
            ..
        } => {
            compare("kubeadm", recorded, &kubeadm, true, &mut faults);
            compare("ours", wanted, &ours, true, &mut faults);
        }
    }
    assert!(
        faults.is_empty(),
        "{faults}\nwhat was seen:\n{}{}",
        as_case("kubeadm", &kubeadm),
        as_case("ours", &ours)
    );
}

fn write_files(start: &Start, names: &mut Names) {
    let mut files = start.files.clone();
    if let Some(case::Kubeconfig { cluster, user }) = &start.kubeconfig {
        let kubeconfig = kubeconfig::text(cluster, user);
        files.insert("config".to_owned(), kubeconfig);
    }
    for (name, text) in files {
        let path = names.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, names.expand(&text)).unwrap();
    }
}

/// In what is expected, `[..]` stands for any text within a line, and a line `...` for any lines, where the case
/// was written by hand.
fn compare(who: &str, wanted: &Outcome, seen: &Seen, by_hand: bool, faults: &mut String) {
    if wanted.exit != seen.exit {
        let _ = writeln!(
            faults,
            "{who}: exit code {} instead of {}",
            seen.exit, wanted.exit
        );
    }
    let cluster = wanted.cluster.as_ref().unwrap_or(&seen.before);
    for (what, wanted, seen) in [
        ("stdout", &wanted.stdout, &seen.stdout),
        ("stderr", &wanted.stderr, &seen.stderr),
        ("cluster", cluster, &seen.cluster),
    ] {
        if wanted == seen {
            continue;
        }
        let expected = Data::text(wanted);
        let expected = if by_hand { expected } else { expected.raw() };
        let assert = Assert::new()
            .palette(Palette::plain())
            .normalize_paths(false);
        let what = format!("{who}: {what}");
        if let Err(difference) = assert.try_eq(Some(&what), Data::text(seen), expected) {
            let _ = writeln!(faults, "{difference}");
        }
    }
}

/// Times that the programs reckoned from their own now are as far apart as their starts are.
fn same_times(kubeadm: &Seen, ours: &Seen, faults: &mut String) {
    let apart = ours.began.duration_since(kubeadm.began).unwrap_or_default();
    let most = apart + ours.took + Duration::from_secs(2);
    let pairs = kubeadm.times.iter().zip(&ours.times);
    for (theirs, ours) in pairs {
        let apart = ours - theirs;
        if apart < 0 || apart > i64::try_from(most.as_secs()).unwrap() {
            let _ = writeln!(faults, "ours: a time is {apart} s after kubeadm's");
        }
    }
}

/// As it would stand in a case.
fn as_case(who: &str, seen: &Seen) -> String {
    let mut text = format!("  {who}:\n");
    if seen.exit != 0 {
        let _ = writeln!(text, "    exit: {}", seen.exit);
    }
    let cluster = (seen.cluster != seen.before).then_some(&seen.cluster);
    for (what, content) in [
        ("stdout", Some(&seen.stdout)),
        ("stderr", Some(&seen.stderr)),
        ("cluster", cluster),
    ] {
        let Some(content) = content else { continue };
        if content.is_empty() && what != "cluster" {
            continue;
        }
        // YAML's block: how deep it is where it begins with a space, and what of its last line breaks stays.
        let depth = if content.starts_with([' ', '\n']) {
            "2"
        } else {
            ""
        };
        let end = if content.ends_with("\n\n") {
            "+"
        } else if content.ends_with('\n') {
            ""
        } else {
            "-"
        };
        let is_text = !content.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
        if is_text && content.chars().any(|c| c != '\n') {
            let _ = writeln!(text, "    {what}: |{depth}{end}");
            for line in content.strip_suffix('\n').unwrap_or(content).split('\n') {
                let indent = if line.is_empty() { "" } else { "      " };
                let _ = writeln!(text, "{indent}{line}");
            }
        } else {
            let _ = writeln!(text, "    {what}: {}", serde_json::json!(content));
        }
    }
    text
}

impl From<Seen> for Outcome {
    fn from(seen: Seen) -> Self {
        Self {
            exit: seen.exit,
            stdout: seen.stdout,
            stderr: seen.stderr,
            cluster: Some(seen.cluster),
        }
    }
}
