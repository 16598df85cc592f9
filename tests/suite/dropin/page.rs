//! `docs/DIFFERENCES.md` and the cases hold each other: no difference without a section and none without a case.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use conformance::paths;

use crate::case::{Expected, File};

/// What each section has to say.
const PARTS: &[&str] = &["**kubeadm** ", "**Here** ", "**Why** "];

const CASES: &str = "../tests/suite/dropin/cases/";

/// Sections, and the cases that name them.
pub(crate) struct Page {
    text: String,
    /// The files of cases that name a section, by its anchor.
    named: BTreeMap<String, BTreeSet<String>>,
}

impl Page {
    pub(crate) fn new(files: &[File]) -> Self {
        let mut named: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for file in files {
            for case in &file.cases {
                if let Expected::Differs { section, .. } = &case.expected {
                    let files = named.entry(section.clone()).or_default();
                    files.insert(format!("{}.yaml", file.topic.replace("::", "/")));
                }
            }
        }
        let path = paths::workspace().join("docs/DIFFERENCES.md");
        Self {
            text: fs::read_to_string(path).unwrap(),
            named,
        }
    }

    /// The test.
    pub(crate) fn fits(&self) {
        let mut there = BTreeSet::new();
        for section in self.text.split("\n### ").skip(1) {
            let section = section.split("\n## ").next().unwrap_or_default();
            let (title, text) = section.split_once('\n').unwrap();
            let anchor = anchor(title);
            for part in PARTS {
                assert_eq!(text.matches(part).count(), 1, "{title}: {part}");
            }
            let linked: BTreeSet<_> = text
                .split(CASES)
                .skip(1)
                .filter_map(|link| link.split(')').next())
                .map(str::to_owned)
                .collect();
            let named = self.named.get(&anchor);
            assert_eq!(
                Some(&linked),
                named,
                "{title}: the page links to the cases on the left, and those on the right name \"{anchor}\""
            );
            assert!(there.insert(anchor), "{title}: it stands there twice");
        }
        for section in self.named.keys() {
            assert!(
                there.contains(section),
                "a case names {section:?}, and no section is called so"
            );
        }
    }
}

/// What a link to a heading is made of.
fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
    kept.map(|c| {
        if c == ' ' {
            '-'
        } else {
            c.to_ascii_lowercase()
        }
    })
    .collect()
}
