//! The vectors, through the Rust crates and through C. Go and Python run them in their own tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use conformance::suite::Test;
use conformance::{paths, tests};
use serde_json::Value;

use crate::compile::Program;
use crate::misuse::c_string;
use refusal::Refusal;

mod in_c;
mod in_rust;
mod refusal;

pub(crate) const TESTS: &[Test] = tests!["vectors":
    hold_in_rust,
    hold_in_c,
];

/// The files, each with how a case of it is put to C and what Rust answers to it.
const FILES: &[(&str, ToC, InRust)] = &[
    ("token", in_c::token, in_rust::token),
    ("group", in_c::group, in_rust::group),
    ("usage", in_c::usage, in_rust::usage),
    ("identity", in_c::identity, in_rust::identity),
    ("expiration", in_c::expiration, in_rust::expiration),
    ("secret_name", in_c::secret_name, in_rust::secret_name),
    ("secret_in", in_c::secret_in, in_rust::secret_in),
    ("secret_out", in_c::secret_out, in_rust::secret_out),
    ("secret_list", in_c::secret_list, in_rust::secret_list),
    ("jws", in_c::jws, in_rust::jws),
    ("jws_key", in_c::jws_key, in_rust::jws_key),
    ("pin", in_c::pin, in_rust::pin),
    ("pin_match", in_c::pin_match, in_rust::pin_match),
    ("cluster_info", in_c::cluster_info, in_rust::cluster_info),
];

type ToC = fn(&Case) -> String;
/// The answer, or why there is none.
type InRust = fn(&Case) -> Result<Value, Refusal>;

/// The fields of an answer, in alphabetical order.
fn answered(file: &str) -> &'static [&'static str] {
    match file {
        "token" => &["id", "jws_key_name", "secret_name", "weakness"],
        "identity" => &["groups"],
        "expiration" => &["remaining_nanoseconds"],
        "secret_name" => &["id"],
        "secret_in" => &["record"],
        "secret_out" => &["secret"],
        "secret_list" => &["entries"],
        "jws" | "jws_key" => &["jws"],
        "pin" => &["pins"],
        "cluster_info" => &["ca_pem", "kubeconfig", "server"],
        _ => &[],
    }
}

/// A case of a file.
struct Case(Value);

impl Case {
    fn text(&self, field: &str) -> &str {
        self.0[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field}: {}", self.0))
    }

    fn c(&self, field: &str) -> String {
        let text = self.text(field);
        format!("{}, {}", c_string(text), text.len())
    }

    /// A field, or an empty text where the answer is a refusal.
    fn answer(&self, field: &str) -> String {
        let text = self.0[field].as_str().unwrap_or_default();
        format!("{}, {}", c_string(text), text.len())
    }

    fn number(&self, field: &str) -> i64 {
        self.0[field].as_i64().unwrap_or_default()
    }

    fn code(&self) -> String {
        format!("BOOTSTRAP_TOKEN_RESULT_{}", self.text("code"))
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = paths::workspace().join(format!("tests/vectors/{file}.json"));
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases.into_iter().map(Case).collect()
}

fn hold_in_rust() {
    let folder = fs::read_dir(paths::workspace().join("tests/vectors")).unwrap();
    let there: BTreeSet<_> = folder
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .strip_suffix(".json")
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(
        there,
        FILES.iter().map(|(file, ..)| (*file).to_owned()).collect()
    );
    for (file, _, in_rust) in FILES {
        for case in cases(file) {
            let answer = in_rust(&case);
            let name = case.text("name");
            let code = answer.as_ref().map_or_else(|refusal| refusal.0, |_| "OK");
            assert_eq!(code, case.text("code"), "{file}: {name}");
            let Ok(answer) = answer else { continue };
            let fields: BTreeSet<_> = answer.as_object().unwrap().keys().collect();
            assert!(fields.into_iter().eq(answered(file)), "{file}: {name}");
            for field in answered(file) {
                let found = answer.get(field);
                assert_eq!(found, case.0.get(field), "{file}: {name}: {field}");
            }
        }
    }
}

fn hold_in_c() {
    let mut text = String::new();
    let mut count = 0;
    for (file, to_c, _) in FILES {
        for case in cases(file) {
            let name = c_string(&format!("{file}: {}", case.text("name")));
            writeln!(text, "name = {name}; {}", to_c(&case)).unwrap();
            count += 1;
        }
    }
    let program = Program::new()
        .flags(&["-Wno-overlength-strings"])
        .file("cases.inc", &text);
    assert_eq!(program.run("vectors.c"), format!("{count} cases\n"));
}
