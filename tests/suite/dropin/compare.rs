//! What was seen beside what is expected.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use snapbox::report::Palette;
use snapbox::{Assert, Data};

use crate::case::Outcome;
use crate::outcome::Seen;
use crate::rules;

/// In what is expected, `[..]` stands for any text within a line, and a line `...` for any lines, where the case
/// was written by hand.
pub(crate) fn compare(
    who: &str,
    wanted: &Outcome,
    seen: &Seen,
    by_hand: bool,
    faults: &mut String,
) {
    if wanted.exit != seen.exit {
        let _ = writeln!(
            faults,
            "{who}: exit code {} instead of {}",
            seen.exit, wanted.exit
        );
    }
    let cluster = wanted.cluster.as_ref().unwrap_or(&seen.before);
    // On a machine without a network, kubeadm logs that too.
    let stderr = if wanted.stderr.contains(rules::LOG) {
        seen.stderr.clone()
    } else {
        rules::without_log(&seen.stderr)
    };
    for (what, wanted, seen) in [
        ("stdout", &wanted.stdout, &seen.stdout),
        ("stderr", &wanted.stderr, &stderr),
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
pub(crate) fn same_times(kubeadm: &Seen, ours: &Seen, faults: &mut String) {
    let apart = ours.began.duration_since(kubeadm.began).unwrap_or_default();
    let most = apart + ours.took + Duration::from_secs(2);
    if kubeadm.times.len() != ours.times.len() {
        let _ = writeln!(faults, "ours: it tells another number of times");
    }
    let pairs = kubeadm.times.iter().zip(&ours.times);
    for (theirs, ours) in pairs {
        let apart = ours - theirs;
        if apart < 0 || apart > i64::try_from(most.as_secs()).unwrap() {
            let _ = writeln!(faults, "ours: a time is {apart} s after kubeadm's");
        }
    }
}

/// As it would stand in a case.
pub(crate) fn as_case(who: &str, seen: &Seen) -> String {
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

/// Otherwise no case could fail.
pub(crate) fn finds_what_is_planted() {
    let text = |text: &str| text.to_owned();
    let wanted = Outcome {
        exit: 1,
        stdout: text("a [..] c\n"),
        stderr: text("error: x\n"),
        cluster: None,
    };
    let seen = Seen {
        exit: 1,
        stdout: text("a b c\n"),
        stderr: text("error: x\n"),
        before: text("token\n"),
        cluster: text("token\n"),
        times: vec![1000],
        began: SystemTime::UNIX_EPOCH,
        took: Duration::ZERO,
    };
    let finds = |planted: &Seen, by_hand| {
        let mut faults = String::new();
        compare("ours", &wanted, planted, by_hand, &mut faults);
        same_times(&seen, planted, &mut faults);
        !faults.is_empty()
    };
    assert!(!finds(&seen, true));
    assert!(finds(&seen, false), "a wildcard counts only by hand");
    let plant: [fn(&mut Seen); 7] = [
        |seen| seen.exit = 0,
        |seen| seen.stdout.push('\n'),
        |seen| seen.stdout.truncate("a b".len()),
        |seen| seen.stderr.truncate("error: x".len()),
        |seen| seen.cluster.clear(),
        |seen| seen.times = vec![1100],
        |seen| seen.times.clear(),
    ];
    for (number, plant) in plant.iter().enumerate() {
        let mut planted = seen.clone();
        plant(&mut planted);
        assert!(finds(&planted, true), "number {number}");
    }
}
