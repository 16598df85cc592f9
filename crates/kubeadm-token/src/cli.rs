//! The command line. The parser and the help come from the same definitions.
//!
//! Flags take every form that pflag takes. Errors have kubeadm's wording.

pub(crate) mod completion;
mod errors;
mod help;
#[cfg(test)]
mod manual;
mod pflag;
mod program_name;
mod string_slice;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Args, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::command::create::Create;
use crate::command::delete::Delete;
use crate::command::diagnose::Diagnose;
use crate::command::discover::Discover;
use crate::command::generate::Generate;
use crate::command::list::List;
use crate::command::manifest::Manifest;
use crate::command::pin::Pin;
use crate::command::sign::Sign;
use crate::duration::GoDuration;
use crate::failure::Failure;
use crate::quote;

pub(crate) use program_name::ProgramName;

/// Name of this program, unless it was run under another [`ProgramName`].
pub(crate) const NAME: &str = "kubeadm-token";

/// kubeadm's own text.
const LONG_ABOUT: &str = r#"This command manages bootstrap tokens. It is optional and needed only for advanced use cases.

In short, bootstrap tokens are used for establishing bidirectional trust between a client and a server.
A bootstrap token can be used when a client (for example a node that is about to join the cluster) needs
to trust the server it is talking to. Then a bootstrap token with the "signing" usage can be used.
bootstrap tokens can also function as a way to allow short-lived authentication to the API Server
(the token serves as a way for the API Server to trust the client), for example for doing the TLS Bootstrap.

What is a bootstrap token more exactly?
 - It is a Secret in the kube-system namespace of type "bootstrap.kubernetes.io/token".
 - A bootstrap token must be of the form "[a-z0-9]{6}.[a-z0-9]{16}". The former part is the public token ID,
   while the latter is the Token Secret and it must be kept private at all circumstances!
 - The name of the Secret must be named "bootstrap-token-(token-id)".

You can read more about bootstrap tokens here:
  https://kubernetes.io/docs/admin/bootstrap-tokens/"#;

/// The whole command line. It may hold tokens, so it has no `Debug`.
#[derive(Parser)]
#[command(
    name = NAME,
    about = "Manage bootstrap tokens",
    long_about = LONG_ABOUT,
    disable_version_flag = true,
    disable_help_flag = true,
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// kubeadm's four verbs, and ours.
#[derive(Subcommand)]
pub(crate) enum Verb {
    Create(Create),
    Delete(Delete),
    Diagnose(Diagnose),
    Discover(Discover),
    Generate(Generate),
    List(List),
    Manifest(Manifest),
    Pin(Pin),
    Sign(Sign),
}

/// Flags of every verb.
#[derive(Debug, Args)]
pub(crate) struct Global {
    #[arg(
        help = "Whether to enable dry-run mode or not",
        long,
        global = true,
        value_name = "bool"
    )]
    pub(crate) dry_run: bool,

    // Replaces clap's own flag: as in pflag, an error in another flag comes before the help.
    #[arg(
        help = "Print help",
        short = 'h',
        long,
        global = true,
        value_name = "bool"
    )]
    pub(crate) help: bool,

    #[arg(
        help = "The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file. (default \"/etc/kubernetes/admin.conf\")",
        long,
        global = true,
        value_name = "string"
    )]
    pub(crate) kubeconfig: Option<OsString>,

    #[arg(
        help = "The name of the kubeconfig's context to use, in the place of its current-context.",
        long,
        global = true,
        value_name = "string"
    )]
    pub(crate) context: Option<String>,

    #[arg(
        help = "The path to the 'real' host root filesystem. This will cause kubeadm to chroot into the provided path.",
        long,
        global = true,
        value_name = "string"
    )]
    pub(crate) rootfs: Option<OsString>,

    #[arg(
        help = "number for the log level verbosity: 1 tells the steps, 5 the requests, 8 the details; none shows a secret",
        short = 'v',
        long = "v",
        global = true,
        value_name = "Level",
        default_value = "0",
        hide_default_value = true,
        value_parser = level
    )]
    pub(crate) verbosity: i32,

    #[arg(
        help = "--version prints version information and quits",
        long,
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        hide_possible_values = true,
        value_name = "version[=true]",
        value_parser = ["true", "false", "raw"]
    )]
    pub(crate) version: Option<String>,

    #[arg(
        help = "comma-separated list of pattern=N settings for file-filtered logging; does nothing here",
        long,
        global = true,
        value_name = "moduleSpec",
        value_parser = module_spec
    )]
    pub(crate) vmodule: Option<String>,

    #[arg(long, global = true, hide = true)]
    pub(crate) log_flush_frequency: Option<OsString>,

    #[arg(long, global = true, hide = true)]
    pub(crate) azure_container_registry_config: Option<OsString>,
}

impl Global {
    /// Returns the names of flags that were given and have no effect. The last two belong to older kubeadms.
    pub(crate) fn without_effect(&self) -> impl Iterator<Item = &'static str> {
        [
            ("--vmodule", self.vmodule.is_some()),
            ("--log-flush-frequency", self.log_flush_frequency.is_some()),
            (
                "--azure-container-registry-config",
                self.azure_container_registry_config.is_some(),
            ),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
    }
}

/// What the command line asks for.
pub(crate) enum Request {
    Run(Box<Cli>),
    /// Text for standard output, with exit code 0.
    Help(String),
}

/// How many stray words to skip while looking for a bad flag or `--help`.
const MOST_STRAY_WORDS: usize = 32;

/// Parses the command line, without the program's name.
///
/// Errors in flags come first, then `--help`, then words that no command takes, as in cobra.
pub(crate) fn parse(program_name: ProgramName, args: &[OsString]) -> Result<Request, Failure> {
    let args = program_name.words(args)?;
    let help = || Request::Help(help::text(program_name, errors::verb(&args)));
    let first = match read(&args) {
        Ok(cli) if cli.global.help => return Ok(help()),
        Ok(cli) => return Ok(Request::Run(Box::new(cli))),
        Err(error) if error.kind() == ErrorKind::DisplayHelp => return Ok(help()),
        Err(error) => error,
    };
    let mut rest = args.clone();
    let mut later = None;
    for _ in 0..MOST_STRAY_WORDS {
        let error = later.as_ref().unwrap_or(&first);
        if !errors::take_stray(error, &mut rest) {
            return Err(errors::failure(program_name, error, &args));
        }
        match read(&rest) {
            Ok(cli) if cli.global.help => return Ok(help()),
            Err(error) if error.kind() != ErrorKind::DisplayHelp => later = Some(error),
            _ => break,
        }
    }
    Err(errors::failure(program_name, &first, &args))
}

/// Returns the definitions, with the settings that all flags share.
fn command() -> Command {
    pflag::of(Cli::command())
}

fn read(args: &[OsString]) -> Result<Cli, clap::Error> {
    let words = [NAME.as_ref()]
        .into_iter()
        .chain(args.iter().map(OsString::as_os_str));
    let matches = command().try_get_matches_from(words)?;
    Cli::from_arg_matches(&matches)
}

/// Returns the help that is printed when no verb is given, before the error.
pub(crate) fn long_help(program_name: ProgramName) -> String {
    help::text(program_name, None)
}

/// One value of a repeatable flag: several strings.
#[derive(Debug, Clone)]
pub(crate) struct Strings(Vec<String>);

impl Strings {
    /// Joins all values in order. Without values, returns the defaults, as kubeadm does.
    pub(crate) fn join(given: Vec<Strings>, defaults: &[&str]) -> Vec<String> {
        let all: Vec<_> = given.into_iter().flat_map(|strings| strings.0).collect();
        if all.is_empty() {
            defaults.iter().map(|&text| text.to_owned()).collect()
        } else {
            all
        }
    }
}

pub(crate) fn strings(value: &str) -> Result<Strings, string_slice::CsvError> {
    string_slice::parse(value).map(Strings)
}

/// Parses a timeout.
pub(crate) fn timeout(value: &str) -> Result<core::time::Duration, String> {
    duration(value)?
        .to_std()
        .filter(|timeout| !timeout.is_zero())
        .ok_or_else(|| "a timeout is longer than nothing".to_owned())
}

/// Parses the lifetime of a token. Refuses a negative one, for which kubeadm makes a token that never expires.
pub(crate) fn life_span(value: &str) -> Result<core::time::Duration, String> {
    duration(value)?
        .to_std()
        .ok_or_else(|| "a life span cannot be negative (0 is for ever)".to_owned())
}

fn duration(value: &str) -> Result<GoDuration, String> {
    value
        .parse()
        .map_err(|error: crate::duration::ParseDurationError| {
            if quote::may_hold_secret(value) {
                error.to_string()
            } else {
                error.with_text(value)
            }
        })
}

/// Parses a truth value as `strconv.ParseBool` does.
pub(crate) fn boolean(value: &str) -> Result<bool, String> {
    match value {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(format!(
            "strconv.ParseBool: parsing {}: invalid syntax",
            quote::shown(value)
        )),
    }
}

/// Parses klog's level as `strconv.ParseInt` does, in 32 bits.
fn level(value: &str) -> Result<i32, String> {
    use core::num::IntErrorKind::{NegOverflow, PosOverflow};
    value.parse().map_err(|error: core::num::ParseIntError| {
        let what = match error.kind() {
            PosOverflow | NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        format!("strconv.ParseInt: parsing {}: {what}", quote::shown(value))
    })
}

/// Checks klog's `pattern=N,pattern=N`. The value has no effect here.
fn module_spec(value: &str) -> Result<String, &'static str> {
    for part in value.split(',').filter(|part| !part.is_empty()) {
        let level = match part.split_once('=') {
            Some((pattern, level)) if !pattern.is_empty() => level.parse::<i32>().ok(),
            _ => None,
        };
        match level {
            None => return Err("syntax error: expect comma-separated list of filename=N"),
            Some(..0) => return Err("negative value for vmodule level"),
            Some(_) => {}
        }
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    fn run(args: &[&str]) -> Cli {
        let args: Vec<_> = args.iter().map(OsString::from).collect();
        match parse(ProgramName::Itself, &args) {
            Ok(Request::Run(cli)) => *cli,
            Ok(Request::Help(_)) => panic!("help"),
            Err(failure) => panic!("{failure}"),
        }
    }

    #[test]
    fn flags_in_each_of_pflag_s_forms() {
        for (args, dry_run, verbosity, kubeconfig) in [
            (&["list"][..], false, 0, None),
            (&["--dry-run", "list", "-v", "3"], true, 3, None),
            (&["list", "--dry-run=false", "-v=3"], false, 3, None),
            (&["list", "--dry-run=T", "-v3"], true, 3, None),
            (&["--v=2", "list", "--v", "4"], false, 4, None),
            (&["list", "--kubeconfig", "-x"], false, 0, Some("-x")),
            (&["list", "--kubeconfig="], false, 0, Some("")),
            (
                &[
                    "--kubeconfig=a",
                    "list",
                    "--kubeconfig=b",
                    "--kubeconfig",
                    "c",
                ],
                false,
                0,
                Some("c"),
            ),
            (
                &["list", "--kubeconfig", "--", "-v", "-1"],
                false,
                -1,
                Some("--"),
            ),
            (&["list", "--dry-run", "--dry-run=0"], false, 0, None),
        ] {
            let cli = run(args);
            assert_eq!(cli.global.dry_run, dry_run, "{args:?}");
            assert_eq!(cli.global.verbosity, verbosity, "{args:?}");
            assert_eq!(
                cli.global.kubeconfig.as_deref(),
                kubeconfig.map(std::ffi::OsStr::new),
                "{args:?}"
            );
        }
    }
}
