//! The names under which this program can be run.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::errors;
use crate::failure::Failure;
use crate::quote;

/// The name under which the program was run, taken from its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProgramName {
    /// `kubeadm-token list`.
    Itself,
    /// `kubeadm token list`: installed in the place of kubeadm.
    Kubeadm,
    /// `kubectl bootstrap-token list`: kubectl runs `kubectl-bootstrap_token`.
    KubectlPlugin,
    /// kubectl runs it to complete `kubectl bootstrap-token`.
    KubectlCompletion,
}

impl ProgramName {
    /// Recognizes the file's name. Any other name is the program's own.
    pub(crate) fn of(program: Option<&OsStr>) -> Self {
        let stem = program.and_then(|program| Path::new(program).file_stem());
        match stem.and_then(OsStr::to_str) {
            Some("kubeadm") => Self::Kubeadm,
            Some("kubectl-bootstrap_token") => Self::KubectlPlugin,
            Some("kubectl_complete-bootstrap_token") => Self::KubectlCompletion,
            _ => Self::Itself,
        }
    }

    /// Returns the command as help and errors show it: the words before a verb.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Itself => super::NAME,
            Self::Kubeadm => "kubeadm token",
            Self::KubectlPlugin | Self::KubectlCompletion => "kubectl bootstrap-token",
        }
    }

    /// Replaces the program's name in backquotes, or at the start of the text, by the name that was used.
    pub(crate) fn speaks(self, text: &str) -> String {
        match text.strip_prefix(super::NAME) {
            Some(rest) => format!("{}{rest}", self.name()),
            None => text.replace("`kubeadm-token ", &format!("`{} ", self.name())),
        }
    }

    /// Returns the arguments. Those of kubeadm come without the word `token`.
    pub(super) fn words(self, args: &[OsString]) -> Result<Vec<OsString>, Failure> {
        let mut words = args.to_vec();
        if self == Self::Kubeadm
            && let Some(at) = errors::first_command(args)
        {
            if args[at] != "token" {
                let found = quote::shown(&args[at].to_string_lossy());
                let help = match args[at].to_str().filter(|word| errors::is_verb(word)) {
                    Some(verb) => format!("did you mean `kubeadm token {verb}`?"),
                    None => "this is kubeadm-token, which takes the place of `kubeadm token` only"
                        .to_owned(),
                };
                let failure = Failure::new(format!("unknown command {found} for \"kubeadm\""));
                return Err(failure.help(help));
            }
            words.remove(at);
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_s_name_decides() {
        for (program, name) in [
            (Some("/usr/bin/kubeadm"), "kubeadm token"),
            (Some("kubeadm"), "kubeadm token"),
            (Some("./kubectl-bootstrap_token"), "kubectl bootstrap-token"),
            (
                Some("kubectl_complete-bootstrap_token"),
                "kubectl bootstrap-token",
            ),
            (Some("/usr/bin/kubeadm-token"), "kubeadm-token"),
            (Some("/opt/kubeadm/anything"), "kubeadm-token"),
            (Some(""), "kubeadm-token"),
            (None, "kubeadm-token"),
        ] {
            let program_name = ProgramName::of(program.map(OsStr::new));
            assert_eq!(program_name.name(), name, "{program:?}");
        }
    }

    #[test]
    fn token_is_a_word_of_kubeadm_s_only() {
        let words = |program_name: ProgramName, args: &[&str]| {
            let args: Vec<_> = args.iter().map(OsString::from).collect();
            program_name
                .words(&args)
                .map_err(|failure| failure.to_string())
        };
        for args in [
            &["token", "list", "token"][..],
            &["-v", "5", "--kubeconfig=x", "token", "list", "token"],
            &["help", "token", "list", "token"],
        ] {
            let mut without: Vec<_> = args.iter().map(OsString::from).collect();
            without.remove(without.iter().position(|word| word == "token").unwrap());
            assert_eq!(words(ProgramName::Kubeadm, args).unwrap(), without);
            assert_eq!(words(ProgramName::Itself, args).unwrap(), args);
        }
        assert_eq!(
            words(ProgramName::Kubeadm, &["--help"]).unwrap(),
            ["--help"]
        );
        assert_eq!(
            words(ProgramName::Kubeadm, &["-v=1", "init"]).unwrap_err(),
            r#"unknown command "init" for "kubeadm""#
        );
    }
}
