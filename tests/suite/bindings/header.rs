//! The header by itself, in every dialect that its users have.

use std::fs;
use std::process::Command;

use bootstrap_token_secret::{ExtraGroup, StoredToken};
use conformance::suite::{Test, Trial, trial};
use conformance::tests;
use tempfile::TempDir;

use crate::compile::{Program, STRICT, finish, running};
use crate::library;

pub(crate) const TESTS: &[Test] = tests!["header":
    compiles_alone_and_twice_in_every_dialect,
    has_a_program_at_its_head_that_mints,
    warns_of_a_result_that_nobody_looks_at,
    warns_of_null_where_it_must_not_be,
];

const TWICE: &str = "#include <bootstrap_token.h>\n#include <bootstrap_token.h>\n";

/// A compiler's run over a text; its folder goes with the second part.
fn compile(compiler: &str, flags: &[&str], name: &str, text: &str) -> (Command, TempDir) {
    let folder = TempDir::new().unwrap();
    let source = folder.path().join(name);
    fs::write(&source, text).unwrap();
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
    every_dialect("gcc", "g++");
}

/// Ignored, which is said, where clang is not installed.
pub(crate) fn by_clang() -> Trial {
    let is_there = |compiler| Command::new(compiler).arg("--version").output().is_ok();
    let is_installed = is_there("clang") && is_there("clang++");
    let run = || every_dialect("clang", "clang++");
    trial("header::compiles_by_clang_too", run).with_ignored_flag(!is_installed)
}

fn every_dialect(c: &str, cpp: &str) {
    for dialect in ["-std=c99", "-std=c11", "-std=c17", "-std=c2x"] {
        let text = format!("{TWICE}int main(void) {{ return 0; }}\n");
        finish(&mut compile(c, &[dialect], "twice.c", &text).0);
    }
    for dialect in ["-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"] {
        let text = format!("{TWICE}int main() {{ return 0; }}\n");
        finish(&mut compile(cpp, &[dialect], "twice.cpp", &text).0);
    }
}

/// What a compiler says of a text that includes the header, if it does not take it.
pub(crate) fn compiled(compiler: &str, body: &str) -> Result<(), String> {
    let (dialect, name) = match compiler {
        "c++" => ("-std=c++11", "said.cpp"),
        _ => ("-std=c99", "said.c"),
    };
    let text = format!("{TWICE}{body}");
    let output = compile(compiler, &[dialect], name, &text).0.output();
    let output = output.unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(());
    }
    Err(stderr)
}

#[track_caller]
fn warns(body: &str, of: &str) {
    let text = format!("{TWICE}void f(void);\nvoid f(void) {{ {body} }}\n");
    let (mut command, _folder) = compile("cc", &["-std=c99", "-O1"], "warns.c", &text);
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains(of), "{stderr}");
}

/// The program at the head of the header.
fn example() -> String {
    let header = fs::read_to_string(library::include().join("bootstrap_token.h")).unwrap();
    let inside = |line: &&str| line.starts_with(" *     ");
    let lines = header.lines().skip_while(|line| !inside(line));
    let code: Vec<_> = lines.take_while(inside).map(|line| &line[7..]).collect();
    format!(
        "{TWICE}#include <stdio.h>\n#include <time.h>\nint main(void)\n{{\n{}\nreturn 0;\n}}\n",
        code.join("\n")
    )
}

fn has_a_program_at_its_head_that_mints() {
    let text = example();
    finish(&mut compile("c++", &["-std=c++11"], "mint.cpp", &text).0);
    let program = Program::new().file("mint.c", &text);
    let program = program.build("mint.c");
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let lost = running(&program).stdout(full.unwrap()).output().unwrap();
    assert!(
        lost.stderr.is_empty(),
        "the token of a Secret that was lost"
    );
    let output = running(&program).output().unwrap();
    let record = StoredToken::from_json(&output.stdout).unwrap();
    let token = String::from_utf8(output.stderr).unwrap();
    assert_eq!(&*record.token().expose(), token.trim_end());
    assert_eq!(record.usages(), ["authentication", "signing"]);
    assert_eq!(record.groups(), [ExtraGroup::DEFAULT_NODE_TOKEN]);
    assert!(record.expiration().is_some());
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
