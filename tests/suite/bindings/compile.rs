//! C and C++ programs, compiled and run against the library.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::paths;
use tempfile::TempDir;

use crate::library;

/// Warnings that no user's build may show.
pub(crate) const STRICT: [&str; 4] = ["-pedantic", "-Wall", "-Wextra", "-Werror"];

/// What a program printed; it has to succeed.
pub(crate) fn run<A: AsRef<OsStr>, B: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = A>,
    more: impl IntoIterator<Item = B>,
) -> String {
    finish(Command::new(program).args(args).args(more))
}

/// What a command printed; it has to succeed.
pub(crate) fn finish(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{stdout}{stderr}",
        output.status
    );
    stdout.into_owned()
}

/// A C program: sources of `tests/c`, and generated ones.
pub(crate) struct Program {
    folder: TempDir,
    flags: Vec<String>,
    library: fn() -> &'static Path,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            flags: Vec::new(),
            library: library::shared,
        }
    }

    /// With the library that is shipped instead of the one that is there at once.
    pub(crate) fn shipped(mut self) -> Self {
        self.library = library::shipped;
        self
    }

    pub(crate) fn flags(mut self, flags: &[&str]) -> Self {
        self.flags
            .extend(flags.iter().map(|flag| (*flag).to_owned()));
        self
    }

    /// A file that the program includes or consists of.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    /// Compiles a source of `tests/c`, or one that was generated.
    pub(crate) fn build(&self, source: &str) -> PathBuf {
        let generated = self.folder.path().join(source);
        let source = if generated.is_file() {
            generated
        } else {
            paths::workspace().join("tests/c").join(source)
        };
        let library = (self.library)();
        let program = self.folder.path().join("program");
        finish(
            Command::new("cc")
                .args(["-std=c99", "-g"])
                .args(STRICT)
                .args(&self.flags)
                .arg("-I")
                .arg(library::include())
                .arg("-I")
                .arg(self.folder.path())
                .arg("-I")
                .arg(paths::workspace().join("tests/c"))
                .arg(source)
                .arg(library)
                .arg("-pthread")
                .arg("-o")
                .arg(&program),
        );
        program
    }

    /// Compiles and runs it.
    pub(crate) fn run(&self, source: &str) -> String {
        let program = self.build(source);
        finish(Command::new(program).env("LD_LIBRARY_PATH", named((self.library)())))
    }
}

/// A program that finds the library where it was built: by its SONAME, for which a link is made.
pub(crate) fn running(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", loadable());
    command
}

/// A folder in which the library has its SONAME.
pub(crate) fn loadable() -> PathBuf {
    named(library::shared())
}

fn named(library: &Path) -> PathBuf {
    let folder = library.with_file_name("soname");
    let link = folder.join(format!("libbootstrap_token.so.{}", library::abi()));
    std::fs::create_dir_all(&folder).unwrap();
    // Whoever comes first makes it.
    let _ = std::os::unix::fs::symlink("../libbootstrap_token.so", &link);
    assert!(link.exists());
    folder
}
