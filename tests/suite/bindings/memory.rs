//! What programs that look at memory find: nothing left behind, nothing read that is not there, no race.

use std::process::Command;

use conformance::suite::{Test, Trial, trial};
use conformance::tests;

use crate::compile::{Program, finish, loadable};
use crate::misuse::texts;

pub(crate) const TESTS: &[Test] = tests!["memory":
    no_block_comes_back_with_a_token_secret_in_it,
    threads_share_what_none_of_them_changes,
    nothing_leaks_and_nothing_is_out_of_bounds,
];

fn story() -> Program {
    Program::new().file("texts.inc", &texts())
}

fn no_block_comes_back_with_a_token_secret_in_it() {
    story().run("wiped.c");
}

fn threads_share_what_none_of_them_changes() {
    story().run("threads.c");
}

fn nothing_leaks_and_nothing_is_out_of_bounds() {
    let sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    story()
        .flags(&sanitizers)
        .file(
            "once.c",
            "#include \"story.h\"\nint main(void) { story(); return 0; }\n",
        )
        .run("once.c");
}

/// Ignored, which is said, where valgrind is not installed.
pub(crate) fn by_valgrind() -> Trial {
    let is_installed = Command::new("valgrind").arg("--version").output().is_ok();
    trial("memory::valgrind_finds_nothing", valgrind_finds_nothing).with_ignored_flag(!is_installed)
}

fn valgrind_finds_nothing() {
    let program = story().file(
        "once.c",
        "#include \"story.h\"\nint main(void) { story(); return 0; }\n",
    );
    let built = program.build("once.c");
    finish(
        Command::new("valgrind")
            .args([
                "--quiet",
                "--leak-check=full",
                "--show-leak-kinds=all",
                "--error-exitcode=9",
            ])
            .arg(built)
            .env("LD_LIBRARY_PATH", loadable()),
    );
}
