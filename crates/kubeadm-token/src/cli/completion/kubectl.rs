//! Completion of `kubectl bootstrap-token ...`. kubectl runs `kubectl_complete-bootstrap_token` and uses cobra's
//! protocol (`pluginCompletion` in `k8s.io/kubectl/pkg/cmd/plugin`).

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use bootstrap_token_kube::Escaped;
use clap_complete::CompletionCandidate;
use clap_complete::engine::complete;

use super::super::{NAME, ProgramName, command};

/// cobra's `ShellCompDirectiveNoFileComp`: the candidates already include files.
const NO_OTHER_FILE: u8 = 4;
/// cobra's `ShellCompDirectiveNoSpace`, added to it: the word continues.
const NO_SPACE: u8 = 2;

/// Answers kubectl. `None` if the program runs under another name.
pub(super) fn answer() -> Option<ExitCode> {
    let mut args = env::args_os();
    if ProgramName::of(args.next().as_deref()) != ProgramName::KubectlCompletion {
        return None;
    }
    let words: Vec<_> = args.collect();
    // kubectl shows no error here, and takes any exit code but 0 for one.
    let _: io::Result<()> = io::stdout().write_all(of(words).as_bytes());
    Some(ExitCode::SUCCESS)
}

/// Completes the last word. Writes one candidate per line, its description after a tab, and the directive last.
fn of(words: Vec<OsString>) -> String {
    let is_flag = words
        .last()
        .is_some_and(|word| word.as_encoded_bytes().starts_with(b"-"));
    let last = words.len().max(1);
    let mut all = vec![OsString::from(NAME)];
    all.extend(words);
    all.resize(last + 1, OsString::new());
    let found = complete(
        &mut command(),
        all,
        last,
        env::current_dir().ok().as_deref(),
    );
    // Offers flags only after a hyphen, as kubectl does.
    let offered = found
        .unwrap_or_default()
        .into_iter()
        .filter(|candidate| is_flag || !value(candidate).starts_with('-'));
    let mut text = String::new();
    let mut goes_on = false;
    for candidate in offered {
        let value = value(&candidate);
        goes_on |= value.ends_with(['/', '=']);
        let help = candidate.get_help().map(ToString::to_string);
        let first_line = help.as_deref().and_then(|help| help.lines().next());
        let described = first_line.filter(|line| !line.is_empty());
        let described = described.map_or_else(String::new, |line| format!("\t{}", Escaped(line)));
        // Writing to a String does not fail.
        let _ = writeln!(text, "{}{described}", Escaped(value));
    }
    let directive = NO_OTHER_FILE + if goes_on { NO_SPACE } else { 0 };
    let _ = writeln!(text, ":{directive}");
    text
}

fn value(candidate: &CompletionCandidate) -> String {
    candidate.get_value().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cobra_s_protocol() {
        for (words, says) in [
            (
                &["gen"][..],
                "generate\tGenerate and print a bootstrap token, but do not create it on the server\n:4\n",
            ),
            (&["manifest", "-o", ""], "json\nyaml\n:4\n"),
            (
                &["list", "--output=jsonpath-f"],
                "--output=jsonpath-file\n:4\n",
            ),
            (&["list", "nothing like it", "x"], ":4\n"),
        ] {
            assert_eq!(
                of(words.iter().map(OsString::from).collect()),
                says,
                "{words:?}"
            );
        }
        let verbs = of(Vec::new());
        assert_eq!(verbs, of(vec![OsString::new()]));
        assert!(
            verbs.starts_with("create\t") && !verbs.contains("\n-"),
            "{verbs}"
        );
        assert!(of(vec!["-".into()]).contains("\n--kubeconfig\t"));
    }
}
