//! What programs that look at memory find: nothing left behind, nothing read that is not there. Threads that share objects
//! get right answers; that no two of them race, no tool looks for.

use std::fs;
use std::process::Command;

use conformance::suite::{Test, Trial, trial};
use conformance::{paths, tests};

use crate::compile::{Program, finish, loadable};
use crate::declared::{Function, functions};
use crate::misuse::{self, texts};

pub(crate) const TESTS: &[Test] = tests!["memory":
    the_story_has_every_function_that_may_touch_a_token_secret,
    no_block_comes_back_with_a_token_secret_in_it,
    nor_does_one_of_a_call_that_was_wrong,
    nor_does_one_of_the_library_that_is_shipped,
    threads_share_what_none_of_them_changes,
    nothing_leaks_and_nothing_is_out_of_bounds,
];

fn story() -> Program {
    Program::new().file("texts.inc", &texts())
}

/// Whether it takes or gives an object in which a token secret may be, or a text that may be one.
fn may_touch_a_token_secret(function: &Function) -> bool {
    let types = function.parameters.iter().map(|parameter| &parameter.type_);
    let objects = ["", "_record", "_record_list", "_bytes"];
    let is_object = |type_: &String| {
        let name = type_.trim_end_matches([' ', '*']);
        let name = name.trim_start_matches("const ");
        objects
            .map(|object| format!("bootstrap_token{object}"))
            .contains(&name.to_owned())
    };
    let is_text = |name: &str| ["text", "secret", "key", "json"].contains(&name);
    types.chain([&function.returns]).any(is_object)
        || function
            .parameters
            .iter()
            .any(|parameter| is_text(&parameter.name))
}

fn the_story_has_every_function_that_may_touch_a_token_secret() {
    let story = fs::read_to_string(paths::workspace().join("tests/c/story.h")).unwrap();
    let mut seen = 0;
    for function in functions()
        .iter()
        .filter(|function| may_touch_a_token_secret(function))
    {
        seen += 1;
        let call = format!("{}(", function.name);
        assert!(
            story.contains(&call),
            "tests/c/story.h lacks {}",
            function.name
        );
    }
    assert!(seen > 40, "{seen}");
}

fn no_block_comes_back_with_a_token_secret_in_it() {
    story().run("wiped.c");
}

fn nor_does_one_of_a_call_that_was_wrong() {
    misuse::program().flags(&["-DLOOKS"]).run("misuse.c");
}

fn nor_does_one_of_the_library_that_is_shipped() {
    story().shipped().run("wiped.c");
    misuse::program()
        .shipped()
        .flags(&["-DLOOKS"])
        .run("misuse.c");
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
    let once = story().file(
        "once.c",
        "#include \"story.h\"\nint main(void) { story(); return 0; }\n",
    );
    let misuse = misuse::program();
    for built in [once.build("once.c"), misuse.build("misuse.c")] {
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
}
