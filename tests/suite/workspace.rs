//! What the workspace promises about itself: licences, one TLS and one HTTP stack, a budget of crates, lints that every
//! member inherits, and tests behind what SECURITY.md promises.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use conformance::paths;
use tempfile::TempDir;

/// Licences that ask for no more than to be named.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A second TLS or HTTP stack, or a second source of trust.
const FORBIDDEN: &[&str] = &[
    "actix-http",
    "attohttpc",
    "aws-lc-rs",
    "aws-lc-sys",
    "curl",
    "isahc",
    "native-tls",
    "openssl",
    "openssl-sys",
    "reqwest",
    "ureq",
    "webpki-roots",
];

/// The stack itself, each once.
const ONCE: &[&str] = &[
    "http",
    "http-body",
    "hyper",
    "rustls",
    "rustls-webpki",
    "tokio",
];

/// How many crates each of ours may pull into a program on Linux, itself not counted, with every feature that
/// the workspace uses. Raise one only with a
/// reason in the commit.
const BUDGET: &[(&str, usize)] = &[
    ("bootstrap-token", 14),
    ("bootstrap-token-secret", 25),
    ("bootstrap-token-discovery", 38),
    ("bootstrap-token-ffi", 49),
    ("bootstrap-token-kube", 168), // 18 of them for what a newcomer trusts: certificates, signatures, the signed YAML
    ("kubeadm-token", 187), // Go templates, JSONPath, public key pins, completion, memory for secrets
    ("kube-transport", 163), // 34 of them RustCrypto's, for keys that crypto/tls takes and ring does not
    ("kubectl-jsonpath", 6),
    ("secret-memory", 2), // zeroize; libc, which everything that speaks to the system has already
];

/// The graph as it is built on Linux, in the versions of the lock file.
fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(paths::workspace().join("Cargo.toml"))
        .other_options(["--filter-platform", "x86_64-unknown-linux-gnu"].map(String::from))
        .exec()
        .unwrap()
}

/// What a program that depends on `package` is built with: normal and build dependencies, no `dev`.
fn pulled_in(metadata: &Metadata, package: &PackageId) -> BTreeSet<PackageId> {
    let nodes: BTreeMap<_, _> = metadata
        .resolve
        .as_ref()
        .unwrap()
        .nodes
        .iter()
        .map(|node| (&node.id, node))
        .collect();
    let mut seen = BTreeSet::new();
    let mut next = vec![package];
    while let Some(id) = next.pop() {
        for dependency in &nodes[id].deps {
            let built_in = dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind != DependencyKind::Development);
            if built_in && seen.insert(dependency.pkg.clone()) {
                next.push(&dependency.pkg);
            }
        }
    }
    seen
}

/// The members that are shipped, by name.
fn shipped(metadata: &Metadata) -> Vec<(&str, &PackageId)> {
    metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()))
        .map(|package| (package.name.as_str(), &package.id))
        .collect()
}

/// Whether one can choose a permissive licence from an SPDX expression without nested alternatives.
fn is_permissive(expression: &str) -> bool {
    expression.replace('/', " OR ").split(" AND ").all(|part| {
        part.split(" OR ")
            .any(|licence| PERMISSIVE.contains(&licence.trim_matches(['(', ')', ' '])))
    })
}

#[test]
fn only_permissive_licences() {
    for (expression, permissive) in [
        ("MIT OR GPL-3.0", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND MPL-2.0", false),
        ("GPL-3.0", false),
    ] {
        assert_eq!(is_permissive(expression), permissive, "{expression}");
    }
    let metadata = metadata();
    // It writes the header when the tests run, and is in nothing that is shipped.
    let built_with = |package: &&cargo_metadata::Package| package.name.as_str() != "cbindgen";
    for package in metadata.packages.iter().filter(built_with) {
        let licence = package.license.as_deref().unwrap_or("none named");
        assert!(
            is_permissive(licence),
            "{} {}: {licence}",
            package.name,
            package.version
        );
    }
}

/// "Below `bootstrap-token-kube` nobody knows async, HTTP or TLS."
#[test]
fn what_lies_below_the_client_knows_nothing_of_networks() {
    let metadata = metadata();
    let name = |id: &PackageId| metadata[id].name.to_string();
    for (package, id) in shipped(&metadata) {
        let pulled: BTreeSet<_> = pulled_in(&metadata, id).iter().map(name).collect();
        let networks = ["futures", "http", "hyper", "rustls", "tokio", "tower"];
        let found: Vec<_> = networks
            .into_iter()
            .filter(|network| pulled.contains(*network))
            .collect();
        let may = ["bootstrap-token-kube", "kube-transport", "kubeadm-token"].contains(&package);
        assert_eq!(found.is_empty(), !may, "{package}: {found:?}");
    }
}

#[test]
fn one_tls_and_one_http_stack() {
    let metadata = metadata();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    let pulled: BTreeSet<_> = shipped(&metadata)
        .iter()
        .flat_map(|(_, id)| pulled_in(&metadata, id))
        .collect();
    for id in &pulled {
        *versions.entry(metadata[id].name.as_str()).or_default() += 1;
    }
    for name in FORBIDDEN {
        assert!(!versions.contains_key(name), "{name} is a second stack");
    }
    for name in ONCE {
        assert_eq!(versions.get(name), Some(&1), "{name} in the graph");
    }
}

#[test]
fn each_crate_stays_within_its_budget() {
    let metadata = metadata();
    let budget: BTreeMap<_, _> = BUDGET.iter().copied().collect();
    let shipped = shipped(&metadata);
    let named: BTreeSet<_> = shipped.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        named,
        budget.keys().copied().collect(),
        "every crate has a budget, and no other"
    );
    let counted: Vec<_> = shipped
        .iter()
        .map(|(name, id)| (*name, pulled_in(&metadata, id).len()))
        .collect();
    assert!(
        counted.iter().all(|(name, count)| *count <= budget[name]),
        "crates pulled in {counted:?}, budget {BUDGET:?}"
    );
}

/// A lint table that nobody inherits checks nothing.
#[test]
fn every_member_inherits_the_lints() {
    let inherits = |manifest: &str| {
        let table = manifest.split("\n[lints]\n").nth(1);
        table.is_some_and(|rest| rest.trim_start().starts_with("workspace = true"))
    };
    assert!(!inherits("[package]\nname = \"planted\"\n"));
    assert!(!inherits("[package]\n\n[lints]\nworkspace = false\n"));
    for package in metadata().workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            inherits(&manifest),
            "{} does not inherit the workspace's lints",
            package.name
        );
    }
}

/// `unsafe_code` is denied by the workspace, and forbidden once more in each crate root, where no module can
/// allow it again; but in the crate that C calls, and in the two that call the system.
#[test]
fn every_crate_root_forbids_unsafe_code() {
    const ALLOWED: [&str; 3] = ["bootstrap-token-ffi", "secret-memory", "kube-transport"];
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    for package in packages
        .into_iter()
        .filter(|package| !ALLOWED.contains(&package.name.as_str()))
    {
        for target in package
            .targets
            .iter()
            .filter(|target| target.is_lib() || target.is_cdylib() || target.is_bin())
        {
            let source = fs::read_to_string(&target.src_path).unwrap();
            assert!(
                source.contains("#![forbid(unsafe_code)]"),
                "{}",
                target.src_path
            );
        }
    }
}

/// A promise whose test has another name by now is one that nobody holds.
#[test]
fn each_promise_names_a_test_that_exists() {
    let page = fs::read_to_string(paths::workspace().join("SECURITY.md")).unwrap();
    assert!(!has_test("a_test_of_no_name", "SECURITY.md"));
    let tests = named(&page);
    for (test, path) in &tests {
        assert!(has_test(test, path), "SECURITY.md: {test} in {path}");
    }
    assert!(tests.len() > 40, "{}", tests.len());
    // Each row of a table of tests has one.
    let tables = page.split("| promise | test |\n|---|---|\n").skip(1);
    for row in tables.flat_map(|table| table.lines().take_while(|line| line.starts_with('|'))) {
        assert!(!named(row).is_empty(), "SECURITY.md: {row}");
    }
}

#[test]
fn each_fuzz_target_is_run_and_told() {
    let workspace = paths::workspace();
    let read = |path: &str| fs::read_to_string(workspace.join(path)).unwrap();
    let targets = fs::read_dir(workspace.join("fuzz/targets")).unwrap();
    let targets: BTreeSet<_> = targets
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let (makefile, page) = (read("Makefile"), read("SECURITY.md"));
    let run = makefile
        .lines()
        .find_map(|line| line.strip_prefix("FUZZ_TARGETS := "));
    let run: BTreeSet<_> = run.unwrap().split(' ').map(str::to_owned).collect();
    assert_eq!(run, targets);
    for target in targets {
        let told = format!("[`{target}`](fuzz/targets/{target}.rs)");
        assert!(page.contains(&told), "SECURITY.md: {told}");
        let seeds = workspace.join("fuzz/seeds").join(&target);
        assert!(
            fs::read_dir(seeds).unwrap().next().is_some(),
            "{target} has no seeds"
        );
    }
}

/// The links of a text to files here, whose names are code.
fn named(text: &str) -> Vec<(&str, &str)> {
    let links = text.split("[`").skip(1);
    links
        .filter_map(|link| {
            let (name, rest) = link.split_once("`](")?;
            Some((name, rest.split_once(')')?.0))
        })
        .filter(|(_, path)| !path.starts_with("http"))
        .collect()
}

/// Whether the file is there, and has the test, unless the file or the folder itself is named.
fn has_test(name: &str, path: &str) -> bool {
    let Ok(text) = fs::read_to_string(paths::workspace().join(path)) else {
        return false;
    };
    let stem = |file: &str| file.strip_suffix(".rs").unwrap_or(file).to_lowercase();
    let is_of_file = path.split('/').any(|part| stem(part) == stem(name));
    is_of_file
        || ["fn", "def", "func"]
            .iter()
            .any(|word| text.contains(&format!("{word} {name}(")))
}

/// What is missing is said in one line, before anything is built.
#[test]
fn a_missing_tool_is_named_first() {
    for (missing, says) in [
        (
            "cargo",
            "make: 'cargo' is not installed; it is needed to build the command and run the tests.",
        ),
        (
            "cc",
            "make: 'cc' is not installed; it is needed to build the command.",
        ),
        (
            "go",
            "make: 'go' is not installed; it is needed to build the Kubernetes control plane that the tests run on.",
        ),
    ] {
        let tools = tools_without(missing);
        for target in ["demo", "test", "bench"] {
            says_first(&tools, target, says);
        }
    }
    for (missing, says) in [
        (
            "python3",
            "make: 'python3' is not installed; it is needed to build and test the Python package.",
        ),
        (
            "pkg-config",
            "make: 'pkg-config' is not installed; it is needed to build programs against the C library.",
        ),
        (
            "c++",
            "make: 'c++' is not installed; it is needed to check the header in C++.",
        ),
    ] {
        says_first(&tools_without(missing), "test", says);
    }
}

/// rustup installs cargo without it if it is told to.
#[test]
fn missing_lints_are_named_before_they_are_needed() {
    let tools = tools_without("cargo");
    let cargo = tools.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\n[ \"$1\" != clippy ]\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    says_first(
        &tools,
        "test",
        "make: 'cargo clippy' is not installed; it is needed to check the code: rustup component add rustfmt clippy",
    );
}

#[test]
fn a_full_disk_is_named_first() {
    let tools = tools_without("");
    let df = tools.path().join("df");
    let full = "#!/bin/sh\necho Filesystem 1024-blocks Used Available Capacity Mounted\necho /dev/x 9999999 9999998 1 100% /\n";
    fs::write(&df, full).unwrap();
    fs::set_permissions(&df, fs::Permissions::from_mode(0o755)).unwrap();
    let needed = if paths::workspace().join("target/control-plane").exists() {
        1
    } else {
        9
    };
    for target in ["demo", "test"] {
        says_first(
            &tools,
            target,
            &format!(
                "make: 0 GB are free in ., and {needed} are needed to build and to test; ROOM=0 goes on without."
            ),
        );
    }
}

fn tools_without(missing: &str) -> TempDir {
    let tools = tempfile::tempdir().unwrap();
    for tool in [
        "awk",
        "c++",
        "cargo",
        "cc",
        "go",
        "make",
        "pkg-config",
        "python3",
        "sh",
    ]
    .into_iter()
    .filter(|tool| *tool != missing)
    {
        let path = std::env::var_os("PATH").unwrap();
        let file = std::env::split_paths(&path)
            .map(|dir| dir.join(tool))
            .find(|file| file.exists());
        symlink(file.unwrap(), tools.path().join(tool)).unwrap();
    }
    tools
}

/// The first line that make says with these tools, when it fails.
#[track_caller]
fn says_first(tools: &TempDir, target: &str, says: &str) {
    let output = Command::new(tools.path().join("make"))
        .args([
            "--silent",
            "--directory",
            paths::workspace().to_str().unwrap(),
            target,
        ])
        .env("PATH", tools.path())
        .env_remove("CARGO") // cargo tells a test where it is itself
        .env_remove("MAKEFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said.lines().find(|line| !line.contains("directory")),
        Some(says),
        "{target}"
    );
    assert_eq!(
        (output.status.success(), &*output.stdout),
        (false, &[][..]),
        "{target}"
    );
}
