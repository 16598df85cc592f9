//! A file for its owner alone, which is there as a whole or not at all.

use core::fmt;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, words};
use crate::quote;

/// Where the kubeconfig is to be, in a folder in which files can be made.
pub(super) struct OutFile {
    path: PathBuf,
}

impl OutFile {
    /// Finds out whether it can be written, before anything is asked.
    pub(super) fn new(path: &OsStr) -> Result<Self, Failure> {
        let out_file = Self { path: path.into() };
        if out_file.path.file_name().is_none() || out_file.path.is_dir() {
            return Err(out_file.failure(&"is a directory"));
        }
        Temporary::beside(&out_file.path)
            .map(drop)
            .map_err(|error| out_file.failure(&words(&error)))?;
        Ok(out_file)
    }

    /// Writes it in one step. A link by that name is replaced, not followed.
    pub(super) fn write(&self, content: &str) -> Result<(), Failure> {
        let write = || {
            let mut temporary = Temporary::beside(&self.path)?;
            temporary.file.write_all(content.as_bytes())?;
            temporary.file.sync_all()?;
            fs::rename(&temporary.path, &self.path)
        };
        write().map_err(|error: io::Error| self.failure(&words(&error)))
    }

    fn failure(&self, why: &dyn fmt::Display) -> Failure {
        Failure::new(format!("cannot write the kubeconfig to {self}: {why}"))
            .help("name a file in a folder that you may write to, or leave --out-file out to have it on standard output")
    }
}

impl fmt::Display for OutFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote::shown_path(&self.path))
    }
}

/// A new file, gone when this is dropped unless it has got another name.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    /// Beside another, so that it can take its place.
    fn beside(path: &Path) -> io::Result<Self> {
        let mut name = OsStr::new(".").to_owned();
        name.push(path.file_name().unwrap_or_default());
        // Random, as the keys of the standard library's hash maps are: a name that is taken is no danger.
        let random = RandomState::new().build_hasher().finish();
        name.push(format!(".{random:016x}.tmp"));
        let path = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Self { path, file })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename there is none by that name.
        let _: io::Result<()> = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[track_caller]
    fn holds(dir: &Path, names: &[&str]) {
        let mut found: Vec<_> = fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        found.sort();
        assert_eq!(found, names);
    }

    #[test]
    fn for_its_owner_alone_and_never_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "untouched").unwrap();
        symlink(&target, &link).unwrap();

        OutFile::new(link.as_os_str())
            .unwrap()
            .write("new")
            .unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");
        let metadata = fs::symlink_metadata(&link).unwrap();
        assert!(metadata.is_file());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
        holds(dir.path(), &["link", "target"]);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let none = dir.path().join("none/file");
        for path in [
            dir.path(),
            Path::new("/"),
            Path::new(".."),
            Path::new(""),
            &none,
        ] {
            assert!(OutFile::new(path.as_os_str()).is_err(), "{path:?}");
        }
        // It has become a folder in the meantime.
        let path = dir.path().join("file");
        let out_file = OutFile::new(path.as_os_str()).unwrap();
        fs::create_dir(&path).unwrap();
        fs::write(path.join("x"), "").unwrap();
        out_file.write("new").unwrap_err();
        holds(dir.path(), &["file"]);
    }
}
