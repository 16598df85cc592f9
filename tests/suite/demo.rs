//! The demo goes as it is told, and the picture in the README is one of it.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::fs;
use std::process::Command;

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

/// Renders a real run, in which only what is random is replaced by an example of the same width.
/// `SNAPSHOTS=overwrite` writes the picture anew.
#[test]
fn the_picture_in_the_readme_is_of_a_real_run() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_demo"))
        .env("CLICOLOR_FORCE", "1")
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    assert!(demo.status.success(), "{demo:?}");
    let told = with_examples(&String::from_utf8(demo.stdout).unwrap());
    // As its last line says.
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let picture = conformance::paths::workspace().join("docs/demo.svg");
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(told, Data::read_from(&picture, Some(DataFormat::TermSvg)));
}

fn with_examples(told: &str) -> String {
    const EXAMPLE: &str = "07401b.f395accd246ae52d";
    let token = told
        .lines()
        .find(|line| bootstrap_token::Token::is_valid(line))
        .unwrap();
    let (id, _) = token.split_once('.').unwrap();
    let (example_id, _) = EXAMPLE.split_once('.').unwrap();
    let signature = signature_of(told);
    told.replace(token, EXAMPLE)
        .replace(
            &format!("system:bootstrap:{id}"),
            &format!("system:bootstrap:{example_id}"),
        )
        .replace(
            &format!("kubeconfig-{id}"),
            &format!("kubeconfig-{example_id}"),
        )
        .replace(&format!("delete {id}"), &format!("delete {example_id}"))
        .replace(&format!("\"{id}\""), &format!("\"{example_id}\""))
        .replace(signature, EXAMPLE_SIGNATURE)
        .replace(expiration_of(told), "2030-05-01T12:00:00Z")
}

/// The example's, over `apiVersion: v1` and `kind: Config`.
const EXAMPLE_SIGNATURE: &str =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjA3NDAxYiJ9..V7vfbveur77TnlLQz-hsORPxM3IuWz8GI4hOaPAzkdk";

fn signature_of(told: &str) -> &str {
    told.lines()
        .find(|line| line.starts_with("eyJ") && line.len() == EXAMPLE_SIGNATURE.len())
        .unwrap()
}

/// The one time in the story: digits, a `T` and digits.
fn expiration_of(told: &str) -> &str {
    let end = told.find("Z ").unwrap() + 1;
    &told[end - "2030-05-01T12:00:00Z".len()..end]
}
