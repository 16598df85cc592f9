//! pflag's rules for flags, applied to all flags at once.

use clap::{Arg, ArgAction, Command};

use super::completion;

/// Value name of a switch. It is an internal mark and is shown nowhere.
pub(super) const SWITCH: &str = "bool";

/// Applies the rules. The last value of a repeated flag counts. A switch takes a value only after `=`. Any other flag
/// takes the next word, even if that begins with a hyphen.
pub(super) fn of(command: Command) -> Command {
    command
        .args_override_self(true)
        .mut_args(flag)
        .mut_args(completion::values)
        .mut_subcommands(|verb| verb.mut_args(flag).mut_args(completion::values))
}

fn flag(arg: Arg) -> Arg {
    if is_switch(&arg) {
        let is_off = arg.get_default_values().is_empty();
        let arg = if is_off {
            arg.default_value("false")
        } else {
            arg
        };
        arg.action(ArgAction::Set)
            .value_parser(super::boolean)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_default_value(true)
            .hide_possible_values(true)
    } else if arg.get_long().is_some() && !arg.is_require_equals_set() {
        // The help has pflag's own way to show a default.
        arg.allow_hyphen_values(true).hide_default_value(true)
    } else {
        arg
    }
}

pub(super) fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_value_names(), Some([name]) if name == SWITCH)
}
