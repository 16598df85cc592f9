//! The files of cases: how they are written, and what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use conformance::paths;
use serde::Deserialize;
use serde_json::Value;

/// The cases on one topic.
pub(crate) struct File {
    /// `create::ttl` for `cases/create/ttl.yaml`.
    pub(crate) topic: String,
    pub(crate) cases: Vec<Case>,
}

/// The state that both programs begin with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Start {
    /// Secrets that are there.
    pub(crate) secrets: Vec<Secret>,
    /// Files in `{dir}`, by name.
    pub(crate) files: BTreeMap<String, String>,
    /// One of them, `config`: a kubeconfig.
    pub(crate) kubeconfig: Option<Kubeconfig>,
    /// Variables, or `~` for none. Unless set here, `KUBECONFIG` is the administrator's and `HOME` is `{dir}`.
    pub(crate) env: BTreeMap<String, Option<String>>,
    /// Standard input.
    pub(crate) stdin: String,
}

/// The entries of a kubeconfig's only context, as they stand there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kubeconfig {
    pub(crate) cluster: Value,
    pub(crate) user: Value,
}

/// A Secret in `kube-system`: that of the case's first token, its second and so on, and what is changed in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Secret {
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) type_: Option<String>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) annotations: BTreeMap<String, String>,
    /// Added to its `token-id` and `token-secret`, or taken out with `~`.
    pub(crate) data: BTreeMap<String, Option<String>>,
    /// The same for what is no text, in base64.
    pub(crate) bytes: BTreeMap<String, String>,
}

/// What a run leaves behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Outcome {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The Secrets afterwards; left out where none has changed.
    pub(crate) cluster: Option<String>,
}

/// One line for both programs.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) line: String,
    pub(crate) start: Start,
    pub(crate) expected: Expected,
}

/// What is claimed of a case.
#[derive(Debug)]
pub(crate) enum Expected {
    /// Both do the same, and succeed.
    Works,
    /// Both do the same, and fail.
    Fails,
    /// They differ as this section of the page tells.
    Differs {
        section: String,
        kubeadm: Outcome,
        ours: Outcome,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    all: Start,
    cases: Vec<WrittenCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase {
    works: Option<String>,
    fails: Option<String>,
    run: Option<String>,
    differs: Option<String>,
    kubeadm: Option<Outcome>,
    ours: Option<Outcome>,
    #[serde(default)]
    secrets: Vec<Secret>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    kubeconfig: Option<Kubeconfig>,
    #[serde(default)]
    env: BTreeMap<String, Option<String>>,
    #[serde(default)]
    stdin: String,
}

impl WrittenCase {
    fn read(self, all: &Start) -> Case {
        let (line, expected) = match (self.works, self.fails, self.run) {
            (Some(line), None, None) => (line, Expected::Works),
            (None, Some(line), None) => (line, Expected::Fails),
            (None, None, Some(line)) => {
                let differs = Expected::Differs {
                    section: self.differs.clone().expect("`run` and `differs`"),
                    kubeadm: self.kubeadm.clone().expect("`differs` and `kubeadm`"),
                    ours: self.ours.clone().expect("`differs` and `ours`"),
                };
                (line, differs)
            }
            _ => panic!("one of `works`, `fails` and `run`"),
        };
        if !matches!(expected, Expected::Differs { .. }) {
            let more = self.differs.is_some() || self.kubeadm.is_some() || self.ours.is_some();
            assert!(!more, "{line}: what differs begins with `run`");
        }
        let mut start = all.clone();
        start.secrets.extend(self.secrets);
        start.files.extend(self.files);
        start.kubeconfig = self.kubeconfig.or(start.kubeconfig);
        start.env.extend(self.env);
        start.stdin.push_str(&self.stdin);
        Case {
            line,
            start,
            expected,
        }
    }
}

/// Where the cases are.
pub(crate) fn folder() -> PathBuf {
    paths::workspace().join("tests/suite/dropin/cases")
}

/// All of them, in the order of their names.
pub(crate) fn files() -> Vec<File> {
    let folder = folder();
    let mut found = BTreeSet::new();
    for topic in entries(&folder).iter().filter(|path| path.is_dir()) {
        found.extend(entries(topic));
    }
    found.iter().map(|path| read(&folder, path)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn read(folder: &Path, path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    let written: Written =
        serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let topic = path.strip_prefix(folder).unwrap().with_extension("");
    let topic: Vec<_> = topic.iter().map(|part| part.to_string_lossy()).collect();
    let cases: Vec<_> = written
        .cases
        .into_iter()
        .map(|case| case.read(&written.all))
        .collect();
    let file = File {
        topic: topic.join("::"),
        cases,
    };
    let different: BTreeSet<_> = file
        .cases
        .iter()
        .map(|case| format!("{} {:?}", case.line, case.start))
        .collect();
    assert_eq!(
        different.len(),
        file.cases.len(),
        "{}: a case stands there twice",
        path.display()
    );
    file
}
