//! Prints `--help` in the layout of cobra and pflag, from clap's definitions.

use std::fmt::Write as _;

use clap::{Arg, Command};

use super::{ProgramName, pflag};

/// The two flags that `kubeadm token` has itself. The other global flags are those of `kubeadm`.
const OF_TOKEN: [&str; 2] = ["dry-run", "kubeconfig"];

/// Returns the help on a verb, or on the whole command.
pub(super) fn text(program_name: ProgramName, verb: Option<&str>) -> String {
    let program = program_name.name();
    let mut all = super::command();
    all.build();
    let command = verb
        .and_then(|verb| all.find_subcommand(verb))
        .unwrap_or(&all);
    let is_verb = verb.is_some();

    let mut text = String::from("\n");
    text.push_str(&long(command));
    text.push_str("\n\nUsage:\n");
    if is_verb {
        let usage = command.clone().render_usage().to_string();
        line(
            &mut text,
            &program_name.speaks(usage.trim_start_matches("Usage: ")),
        );
    } else {
        line(&mut text, &format!("{program} [flags]"));
        line(&mut text, &format!("{program} [command]"));
        text.push_str("\nAvailable Commands:\n");
        for verb in all
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help")
        {
            let about = verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            line(&mut text, &format!("{:<11} {about}", verb.get_name()));
        }
    }
    let called_last = program.split(' ').next_back().unwrap_or_default();
    let of = if is_verb {
        command.get_name()
    } else {
        called_last
    };
    let of_token = |arg: &Arg| OF_TOKEN.contains(&arg.get_long().unwrap_or_default());
    flags(&mut text, "Flags", command, of, |arg| {
        !arg.is_global_set() || arg.get_id() == "help" || !is_verb && of_token(arg)
    });
    flags(&mut text, "Global Flags", command, of, |arg| {
        arg.is_global_set() && arg.get_id() != "help" && (is_verb || !of_token(arg))
    });
    if !is_verb {
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "\nUse \"{program} [command] --help\" for more information about a command."
        );
    }
    text
}

fn line(text: &mut String, content: &str) {
    text.push_str("  ");
    text.push_str(content);
    text.push('\n');
}

/// Returns the long text. For a verb, leaves out the first paragraph, which is the short text.
fn long(command: &Command) -> String {
    let long = command
        .get_long_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let short = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    long.strip_prefix(&short)
        .unwrap_or(&long)
        .trim_start()
        .to_owned()
}

fn flags(
    text: &mut String,
    heading: &str,
    command: &Command,
    of: &str,
    belongs: impl Fn(&Arg) -> bool,
) {
    let mut flags: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| arg.get_long().is_some() && !arg.is_hide_set() && belongs(arg))
        .collect();
    if flags.is_empty() {
        return;
    }
    flags.sort_by_key(|arg| arg.get_long());
    let names: Vec<_> = flags.iter().map(|arg| name(arg)).collect();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    let _ = writeln!(text, "\n{heading}:");
    for (arg, name) in flags.iter().zip(&names) {
        let help = if arg.get_id() == "help" {
            format!("help for {of}")
        } else {
            arg.get_help().map(ToString::to_string).unwrap_or_default()
        };
        let _ = writeln!(text, "{name:<width$}   {help}");
    }
}

/// Formats a flag's name, such as `  -o, --output string`.
fn name(arg: &Arg) -> String {
    let long = arg.get_long().unwrap_or_default();
    let short = arg
        .get_short()
        .map_or_else(|| "    ".to_owned(), |short| format!("-{short}, "));
    let kind = match arg.get_value_names() {
        // pflag shows no type for a switch.
        Some([kind]) if !pflag::is_switch(arg) => format!(" {kind}"),
        _ => String::new(),
    };
    format!("  {short}--{long}{kind}")
}
