//! At the highest verbosity much is told, and no secret: the harness looks for each in every output.

use conformance::suite::Test;
use conformance::{secrets, tests};

use crate::support::{create, ours_admin};

pub(crate) const TESTS: &[Test] = tests!["verbosity": every_level_tells_more_and_never_a_secret];

fn every_level_tells_more_and_never_a_secret() {
    let mut before = 0;
    for level in ["-v=0", "-v=1", "-v=5", "-v=10"] {
        let (there, new) = (create(&[]), secrets::token());
        let mut lines = 0;
        for (arguments, code) in [
            (vec!["create"], 0),
            (vec!["create", "--dry-run", "-"], 0),
            (vec!["create", "-"], 0),
            (vec!["create", "-"], 1),
            (vec!["list"], 0),
            (vec!["list", "-o", "json"], 0),
            (vec!["list", "--dry-run"], 0),
            (vec!["delete", "--dry-run", there.id().as_str()], 0),
            (vec!["delete", there.id().as_str()], 0),
            (vec!["delete", there.id().as_str()], 1),
        ] {
            let output = ours_admin(&arguments)
                .args([level])
                .stdin(new.expose().to_string());
            let output = match arguments[0] {
                "create" | "list" => output.prints_token().run(),
                _ => output.run(),
            };
            assert_eq!(output.code, Some(code), "{output:?}");
            lines += output
                .stderr
                .lines()
                .filter(|line| !line.starts_with("Secret "))
                .count();
        }
        assert!(lines > before, "{level}: {lines} lines");
        before = lines;
    }
}
