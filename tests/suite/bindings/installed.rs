//! The library as `make install` puts it in place: programs are built from pkg-config alone and run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use conformance::suite::Test;
use conformance::{paths, tests};
use serde_json::Value;
use tempfile::TempDir;

use crate::compile::{STRICT, finish};
use crate::library;

pub(crate) const TESTS: &[Test] = tests!["installed":
    pkg_config_follows_the_prefix,
    a_place_of_no_use_is_refused_before_anything_is_written,
    the_umask_changes_no_mode,
    c_mints,
    c_tells_of_what_it_could_not_write,
    c_checks_what_was_typed,
    c_verifies_a_cluster,
    the_programs_of_the_readme_are_built,
    cpp_is_built,
    go_is_built,
];

/// The place below which it was installed, as a packager does it.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        library::shared();
        // Stays until the tests have ended.
        let root = paths::library_folder().join("installed");
        let _ = fs::remove_dir_all(&root);
        finish(
            Command::new("make")
                .args([
                    "--no-print-directory",
                    "install-library",
                    "PREFIX=/opt/here",
                    "LIBRARY_PROFILE=dev",
                ])
                .arg(format!("DESTDIR={}", root.display()))
                .env_remove("MAKEFLAGS")
                .current_dir(paths::workspace()),
        );
        root
    })
}

fn folder(name: &str) -> PathBuf {
    root().join("opt/here").join(name)
}

/// How a program is linked.
#[derive(Clone, Copy, PartialEq)]
enum Link {
    Shared,
    Static,
}

/// A command that finds what was installed.
fn with_pkg_config(command: &mut Command) -> &mut Command {
    command
        .env("PKG_CONFIG_PATH", folder("lib/pkgconfig"))
        .env("PKG_CONFIG_SYSROOT_DIR", root())
        .env("LD_LIBRARY_PATH", folder("lib"))
}

fn pkg_config(args: &[&str], link: Link) -> Vec<String> {
    let mut command = Command::new("pkg-config");
    let printed = finish(with_pkg_config(&mut command).args(args).arg(match link {
        Link::Shared => "bootstrap_token",
        Link::Static => "bootstrap_token-static",
    }));
    printed.split_whitespace().map(str::to_owned).collect()
}

fn pkg_config_follows_the_prefix() {
    let mut command = Command::new("pkg-config");
    command
        .env("PKG_CONFIG_PATH", folder("lib/pkgconfig"))
        .args(["--define-variable=prefix=/elsewhere", "--cflags", "--libs"])
        .args(["bootstrap_token", "bootstrap_token-static"]);
    let flags = finish(&mut command);
    assert!(
        flags.contains("-I/elsewhere/include") && flags.contains("-L/elsewhere/lib"),
        "{flags}"
    );
    assert!(!flags.contains("/opt/here"), "{flags}");
}

fn a_place_of_no_use_is_refused_before_anything_is_written() {
    for (place, says) in [
        ("PREFIX=", "make: 'PREFIX=' is no absolute path"),
        ("PREFIX=here", "make: 'PREFIX=here' is no absolute path"),
        ("LIBDIR=lib64", "make: 'LIBDIR=lib64' is no absolute path"),
        (
            "PREFIX=/opt/a b",
            "make: 'PREFIX=/opt/a b' has a space in it",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        let output = Command::new("make")
            .args(["--no-print-directory", "install-library"])
            .args([place, "LIBRARY_PROFILE=dev"])
            .arg(format!("DESTDIR={}", folder.path().display()))
            .env_remove("MAKEFLAGS")
            .current_dir(paths::workspace())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && stderr.starts_with(says),
            "{place}: {stderr}"
        );
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{place}");
    }
}

/// The modes of all that is installed under `umask`, by path.
fn modes(umask: &str) -> BTreeMap<PathBuf, u32> {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("root");
    finish(
        Command::new("sh")
            .args(["-c", "umask $0 && exec make \"$@\"", umask])
            .args(["--no-print-directory", "install", "PREFIX=/opt/here"])
            .args(["LIBRARY_PROFILE=dev", "COMMAND_PROFILE=dev"])
            .arg(format!("DESTDIR={}", root.display()))
            .env_remove("MAKEFLAGS")
            .current_dir(paths::workspace()),
    );
    let mut modes = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let metadata = entry.metadata().unwrap();
            if metadata.is_symlink() {
                continue;
            }
            let path = entry.path();
            let mode = metadata.permissions().mode() & 0o7777;
            modes.insert(path.strip_prefix(&root).unwrap().to_owned(), mode);
            if metadata.is_dir() {
                folders.push(path);
            }
        }
    }
    modes
}

fn the_umask_changes_no_mode() {
    for umask in ["000", "077"] {
        let modes = modes(umask);
        for name in [
            "lib/pkgconfig/bootstrap_token.pc",
            "share/bash-completion/completions/kubeadm-token",
            "share/zsh/site-functions/_kubeadm-token",
            "share/fish/vendor_completions.d/kubeadm-token.fish",
        ] {
            let path = Path::new("opt/here").join(name);
            assert_eq!(modes.get(&path), Some(&0o644), "{umask}: {name}");
        }
        for (path, mode) in modes {
            assert!(
                matches!(mode, 0o644 | 0o755),
                "{umask}: {}: {mode:o}",
                path.display()
            );
        }
    }
}

/// Builds a program and gives back where it is.
fn build(compiler: &str, source: &Path, link: Link, into: &TempDir) -> PathBuf {
    let program = into.path().join("program");
    let mut command = Command::new(compiler);
    if compiler == "cc" {
        // With no more of the system than the source itself asks for.
        command.arg("-std=c99");
    }
    command
        .args(STRICT)
        .args(pkg_config(&["--cflags"], link))
        .arg(source)
        .arg("-o")
        .arg(&program)
        .args(pkg_config(&["--libs"], link));
    finish(&mut command);
    let needed = finish(Command::new("readelf").arg("-d").arg(&program));
    let soname = format!("[libbootstrap_token.so.{}]", library::abi());
    assert_eq!(needed.contains(&soname), link == Link::Shared, "{needed}");
    program
}

/// Runs an example of C, linked in both ways.
fn example(name: &str, args: &[&str], stdin: &str, check: impl Fn(&Output)) {
    for link in [Link::Shared, Link::Static] {
        let folder = TempDir::new().unwrap();
        let source = paths::workspace().join("examples/c").join(name);
        let program = build("cc", &source, link, &folder);
        let mut child = with_pkg_config(&mut Command::new(program))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(stdin.as_bytes())
            .unwrap();
        check(&child.wait_with_output().unwrap());
    }
}

fn is(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr)
        ),
        (Some(code), stdout.to_owned(), stderr.to_owned())
    );
}

fn c_mints() {
    example("mint.c", &["rack 7"], "", |output| {
        assert!(output.status.success(), "{output:?}");
        let secret = bootstrap_token_secret::StoredToken::from_json(&output.stdout).unwrap();
        let token = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(&*secret.token().expose(), token.trim_end());
        assert_eq!(secret.description(), "rack 7");
        assert_eq!(secret.usages(), ["authentication", "signing"]);
        assert!(secret.expiration().is_some());
    });
}

/// Of a Secret that was lost on its way nobody is given the token.
#[track_caller]
fn tells_of_a_full_disk(program: &mut Command) {
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let output = with_pkg_config(program)
        .stdout(full.unwrap())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    // Not shown: a token may stand there.
    assert!(stderr.ends_with(": No space left on device\n") && stderr.lines().count() == 1);
}

fn c_tells_of_what_it_could_not_write() {
    let (folder, files) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let source = |name: &str| paths::workspace().join("examples/c").join(name);
    let mint = build("cc", &source("mint.c"), Link::Shared, &folder);
    tells_of_a_full_disk(&mut Command::new(mint));

    let vectors = paths::workspace().join("tests/vectors/cluster_info.json");
    let cases: Value = serde_json::from_slice(&fs::read(vectors).unwrap()).unwrap();
    let verify = build("cc", &source("verify.c"), Link::Shared, &folder);
    let mut command = Command::new(verify);
    for field in ["config_map", "token"] {
        let file = files.path().join(field);
        fs::write(&file, cases[0][field].as_str().unwrap()).unwrap();
        command.arg(file);
    }
    tells_of_a_full_disk(command.arg(cases[0]["pins"].as_str().unwrap()));
}

fn c_checks_what_was_typed() {
    example("check.c", &[], "k3x9qf.7w2mz0r8tc4vb1nj\n", |output| {
        is(output, 0, "k3x9qf: good\n", "");
    });
    example("check.c", &[], "abcdef.0123456789abcdef\n", |output| {
        is(output, 1, "", "abcdef: easy to guess\n");
    });
    example("check.c", &[], "k3x9qf.7w2mz0r8tc4vb1nJ\n", |output| {
        is(
            output,
            1,
            "",
            "character 16 of the token secret is an upper-case letter (expected [a-z0-9]{6}\\.[a-z0-9]{16})\n",
        );
    });
}

fn c_verifies_a_cluster() {
    let vectors = paths::workspace().join("tests/vectors/cluster_info.json");
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(vectors).unwrap()).unwrap();
    let text = |case: &Value, field: &str| case[field].as_str().unwrap().to_owned();
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (good, other) = (
        &cases[0],
        cases
            .iter()
            .find(|case| case["code"] == "NOT_PINNED")
            .unwrap(),
    );
    fs::write(at("token"), text(good, "token") + "\r\n").unwrap();
    fs::write(at("long"), "x".repeat(100)).unwrap();
    fs::write(at("good"), text(good, "config_map")).unwrap();
    fs::write(at("other"), text(other, "config_map")).unwrap();
    let pins = text(good, "pins");
    example(
        "verify.c",
        &[&at("good"), &at("token"), &pins],
        "",
        |output| {
            is(output, 0, &(text(good, "server") + "\n"), "");
        },
    );
    for (file, says) in [("long", "too long"), ("none", "No such file or directory")] {
        let says = format!("{}: {says}\n", at(file));
        example("verify.c", &[&at("good"), &at(file), &pins], "", |output| {
            is(output, 2, "", &says);
        });
    }
    example(
        "verify.c",
        &[&at("other"), &at("token"), &pins],
        "",
        |output| {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1));
            assert!(
                stderr.starts_with("not to be trusted: the cluster's CA is not pinned\n"),
                "{stderr}"
            );
        },
    );
}

/// The first block in C of a README.
fn block(readme: &str) -> String {
    let text = fs::read_to_string(paths::workspace().join(readme)).unwrap();
    let block = text.split("```c\n").nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

fn the_programs_of_the_readme_are_built() {
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("mint.c");
    fs::write(&source, block("crates/bootstrap-token-ffi/README.md")).unwrap();
    let program = build("cc", &source, Link::Shared, &folder);
    let printed = finish(with_pkg_config(&mut Command::new(&program)));
    let secret: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(secret["kind"], "Secret");
    tells_of_a_full_disk(&mut Command::new(program));
}

fn cpp_is_built() {
    // It calls a function: of a library that nothing is asked of, nothing is linked.
    let text = "#include <bootstrap_token.h>\n#include <iostream>\n\
        int main() { std::cout << bootstrap_token_version() << '\\n'; }\n";
    for link in [Link::Shared, Link::Static] {
        let folder = TempDir::new().unwrap();
        let source = folder.path().join("version.cpp");
        fs::write(&source, text).unwrap();
        let program = build("c++", &source, link, &folder);
        let printed = finish(with_pkg_config(&mut Command::new(program)));
        assert_eq!(printed.trim_end(), env!("CARGO_PKG_VERSION"));
    }
}

fn go_is_built() {
    for tags in ["", "static_build"] {
        let folder = TempDir::new().unwrap();
        let program = folder.path().join("mint");
        finish(
            with_pkg_config(&mut Command::new("go"))
                .args(["build", "-tags", tags, "-o"])
                .arg(&program)
                .arg("./mint")
                .current_dir(paths::workspace().join("examples/go")),
        );
        let needed = finish(Command::new("readelf").arg("-d").arg(&program));
        assert_eq!(
            needed.contains("[libbootstrap_token.so"),
            tags.is_empty(),
            "{needed}"
        );
        let printed = finish(with_pkg_config(&mut Command::new(program)));
        let secret: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(secret["kind"], "Secret");
    }
}
