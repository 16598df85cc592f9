//! What programs that look at memory find: nothing left behind, nothing read that is not there, no race.

use std::io::{self, Write as _};
use std::process::Command;

use conformance::suite::Test;
use conformance::tests;

use crate::compile::{Program, finish, loadable};
use crate::misuse::texts;

pub(crate) const TESTS: &[Test] = tests!["memory":
    no_block_comes_back_with_a_token_secret_in_it,
    threads_share_what_none_of_them_changes,
    nothing_leaks_and_nothing_is_out_of_bounds,
    valgrind_finds_nothing,
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

/// Where it is installed.
fn valgrind_finds_nothing() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        writeln!(
            io::stderr(),
            "valgrind is not installed: nothing was looked at by it"
        )
        .unwrap();
        return;
    }
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
