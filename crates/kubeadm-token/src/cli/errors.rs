//! Turns clap's errors into those of kubeadm's cobra and pflag.

use std::error::Error;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::ProgramName;
use crate::failure::{Chain, Failure};
use crate::quote;

const VERBS: [&str; 9] = [
    "create", "delete", "diagnose", "discover", "generate", "list", "manifest", "pin", "sign",
];

/// Global flags whose value is the next word.
const TAKE_A_WORD: [&str; 8] = [
    "--context",
    "--kubeconfig",
    "--rootfs",
    "-v",
    "--v",
    "--vmodule",
    "--log-flush-frequency",
    "--azure-container-registry-config",
];

pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// Describes why a command line cannot be parsed.
pub(super) fn failure(
    program_name: ProgramName,
    error: &clap::Error,
    args: &[OsString],
) -> Failure {
    let path = command_path(program_name, args);
    let see_help = format!("see `{path} --help`");
    let found = context(error, ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument if stray(error, args).is_some() => {
            unknown_command(program_name, found, &path, None)
        }
        ErrorKind::UnknownArgument => Failure::new(unknown_flag(found, args)).help(see_help),
        ErrorKind::InvalidSubcommand => {
            let suggested = match error.get(ContextKind::SuggestedSubcommand) {
                Some(ContextValue::Strings(verbs)) => verbs.first().map(String::as_str),
                _ => None,
            };
            let word = context(error, ContextKind::InvalidSubcommand);
            unknown_command(program_name, word, &path, suggested)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(error, ContextKind::InvalidValue);
            // clap reports a missing value and an empty one alike.
            if value.is_empty()
                && let Some(says) = missing_value(found, args)
            {
                return Failure::new(says).help(see_help);
            }
            let reason = error.source().map_or_else(
                || "not one of the allowed values".to_owned(),
                |e| Chain(e).to_string(),
            );
            Failure::new(format!(
                "invalid argument {} for {} flag: {reason}",
                quote::shown(value),
                quote::go(&with_shorthand(found)),
            ))
            .help(match name(found) {
                "--ttl" => "write it as 90m, 24h or 1h30m; 0 is for ever".to_owned(),
                "--timeout" => "write it as 90s, 5m or 1h30m".to_owned(),
                "--dry-run"
                | "--danger-skip-ca-pin"
                | "--help"
                | "--print-join-command"
                | "--redact"
                | "--no-headers"
                | "--show-managed-fields"
                | "--allow-missing-template-keys"
                | "--cluster"
                | "--write" => "write true or false behind the =, or leave both out".to_owned(),
                "--version" => "leave out the = and what is behind it".to_owned(),
                "--v" => "write a whole number, such as 5".to_owned(),
                "--usages" | "--groups" | "--ca-pin" => {
                    "separate several by commas, and leave out quotation marks".to_owned()
                }
                _ => see_help,
            })
        }
        ErrorKind::InvalidUtf8 => Failure::new("an argument is not valid UTF-8").help(see_help),
        // Other kinds cannot occur with these definitions. clap's own text would show the input.
        kind => Failure::new(kind.as_str().unwrap_or("cannot read the arguments")).help(see_help),
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        _ => "",
    }
}

/// Finds a word that no command takes.
fn stray(error: &clap::Error, args: &[OsString]) -> Option<usize> {
    let found = match error.kind() {
        ErrorKind::InvalidSubcommand => context(error, ContextKind::InvalidSubcommand),
        ErrorKind::UnknownArgument => context(error, ContextKind::InvalidArg),
        _ => return None,
    };
    // clap writes U+FFFD for bytes that are not UTF-8.
    let at = args.iter().position(|arg| arg.to_string_lossy() == found)?;
    let is_word = !found.starts_with('-') || found == "-" || args[..at].iter().any(|a| a == "--");
    is_word.then_some(at)
}

/// Removes a stray word and returns whether there was one. If it stands before the verb, the verbs after it are removed
/// too.
pub(super) fn take_stray(error: &clap::Error, args: &mut Vec<OsString>) -> bool {
    let Some(at) = stray(error, args) else {
        return false;
    };
    let has_verb = verb(args).is_some();
    args.remove(at);
    if !has_verb {
        let behind = args.split_off(at);
        args.extend(
            behind
                .into_iter()
                .filter(|arg| !VERBS.iter().any(|verb| arg == verb)),
        );
    }
    true
}

fn unknown_command(
    program_name: ProgramName,
    word: &str,
    path: &str,
    suggested: Option<&str>,
) -> Failure {
    let failure = Failure::new(format!(
        "unknown command {} for {}",
        quote::shown(word),
        quote::go(path)
    ));
    failure.help(match (suggested, path == program_name.name()) {
        (Some(verb), _) => format!("did you mean `{path} {verb}`?"),
        (None, true) => format!("the commands are {}", VERBS.join(", ")),
        (None, false) => format!("see `{path} --help`"),
    })
}

fn unknown_flag(found: &str, args: &[OsString]) -> String {
    // clap removes the value, and with it the syntax error.
    let bad_syntax = args
        .iter()
        .filter_map(|arg| arg.to_str())
        .find(|arg| arg.starts_with("---") || arg.starts_with("--="));
    if let Some(word) = bad_syntax.filter(|word| word.starts_with(found)) {
        return format!("bad flag syntax: {}", quote::shown_bare(word));
    }
    let name = found.split('=').next().unwrap_or_default();
    if found.starts_with("--") {
        return format!("unknown flag: {}", quote::shown_bare(name));
    }
    let letter = found.chars().nth(1).unwrap_or_default();
    // In a group of short flags, those before the unknown one are known.
    let rest = args
        .iter()
        .filter_map(|arg| arg.to_str()?.strip_prefix('-'))
        .filter(|letters| !letters.starts_with('-'))
        .find_map(|letters| letters.find(letter).map(|at| &letters[at..]))
        .unwrap_or_else(|| found.trim_start_matches('-'));
    format!(
        "unknown shorthand flag: '{letter}' in {}",
        quote::shown_bare(&format!("-{rest}"))
    )
}

/// Describes a missing value, if the last word is the flag `found`, in its long or its short form.
fn missing_value(found: &str, args: &[OsString]) -> Option<String> {
    let word = args.last()?.to_str()?;
    let name = name(found);
    if word == name {
        return Some(format!("flag needs an argument: {name}"));
    }
    let letter = shorthand(name)?;
    (word.starts_with('-') && !word.starts_with("--") && word.ends_with(letter)).then(|| {
        format!(
            "flag needs an argument: '{letter}' in {}",
            quote::shown_bare(word)
        )
    })
}

/// Returns `--ttl` for clap's `--ttl <duration>`.
fn name(found: &str) -> &str {
    found.split([' ', '=', '[']).next().unwrap_or_default()
}

fn with_shorthand(found: &str) -> String {
    let name = name(found);
    match shorthand(name) {
        Some(letter) => format!("-{letter}, {name}"),
        None => name.to_owned(),
    }
}

fn shorthand(name: &str) -> Option<char> {
    match name {
        "--v" => Some('v'),
        "--output" => Some('o'),
        "--help" => Some('h'),
        _ => None,
    }
}

/// Returns the program's name and the verb, if there is one.
fn command_path(program_name: ProgramName, args: &[OsString]) -> String {
    let name = program_name.name();
    match verb(args) {
        Some(verb) => format!("{name} {verb}"),
        None => name.to_owned(),
    }
}

/// Returns the verb, with or without `help` before it.
pub(super) fn verb(args: &[OsString]) -> Option<&str> {
    let word = args[first_command(args)?].to_str()?;
    VERBS.contains(&word).then_some(word)
}

/// Returns the position of the first word that is not a flag, a flag's value or `help`.
pub(super) fn first_command(args: &[OsString]) -> Option<usize> {
    let mut words = args.iter().enumerate();
    while let Some((at, word)) = words.next() {
        match word.to_str() {
            Some(flag) if TAKE_A_WORD.contains(&flag) => drop(words.next()),
            Some("--") => return None,
            Some("help") => {}
            Some(flag) if flag.starts_with('-') => {}
            _ => return Some(at),
        }
    }
    None
}
