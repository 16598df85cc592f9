//! The header by itself, in every dialect that its users have.

use std::process::Command;

use conformance::suite::Test;
use conformance::tests;
use tempfile::TempDir;

use crate::compile::{STRICT, finish};
use crate::library;

pub(crate) const TESTS: &[Test] = tests!["header":
    compiles_alone_and_twice_in_every_dialect,
    warns_of_a_result_that_nobody_looks_at,
    warns_of_null_where_it_must_not_be,
];

const TWICE: &str = "#include <bootstrap_token.h>\n#include <bootstrap_token.h>\n";

/// C compilers with their C++ ones; clang where it is installed.
fn compilers() -> impl Iterator<Item = (&'static str, &'static str)> {
    [("gcc", "g++"), ("clang", "clang++"), ("cc", "c++")]
        .into_iter()
        .filter(|(c, _)| Command::new(c).arg("--version").output().is_ok())
}

/// A compiler's run over a text; its folder goes with the second part.
fn compile(compiler: &str, flags: &[&str], name: &str, text: &str) -> (Command, TempDir) {
    let folder = TempDir::new().unwrap();
    let source = folder.path().join(name);
    std::fs::write(&source, text).unwrap();
    let mut command = Command::new(compiler);
    command
        .args(flags)
        .args(STRICT)
        .arg("-I")
        .arg(library::include())
        .args(["-c", "-o", "/dev/null"])
        .arg(source);
    (command, folder)
}

fn compiles_alone_and_twice_in_every_dialect() {
    assert!(compilers().count() > 0, "there is no C compiler");
    for (c, cpp) in compilers() {
        for dialect in ["-std=c99", "-std=c11", "-std=c17", "-std=c2x"] {
            let text = format!("{TWICE}int main(void) {{ return 0; }}\n");
            finish(&mut compile(c, &[dialect], "twice.c", &text).0);
        }
        for dialect in ["-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"] {
            let text = format!("{TWICE}int main() {{ return 0; }}\n");
            finish(&mut compile(cpp, &[dialect], "twice.cpp", &text).0);
        }
    }
}

#[track_caller]
fn warns(body: &str, of: &str) {
    let text = format!("{TWICE}void f(void);\nvoid f(void) {{ {body} }}\n");
    let (mut command, _folder) = compile("cc", &["-std=c99", "-O1"], "warns.c", &text);
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains(of), "{stderr}");
}

fn warns_of_a_result_that_nobody_looks_at() {
    warns(
        "bootstrap_token *token; bootstrap_token_generate(&token, 0);",
        "-Werror=unused-result",
    );
}

fn warns_of_null_where_it_must_not_be() {
    warns(
        "if (bootstrap_token_generate(NULL, 0)) {}",
        "-Werror=nonnull",
    );
}
