//! A file for its owner alone, written as a whole or not at all.

use core::fmt;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::{Failure, io_reason};
use crate::quote;

const HELP: &str = "name a regular file, or one that is not there, in a folder that you may write to; or leave --out-file out to have it printed";

/// The path of the kubeconfig to write.
pub(super) struct OutFile {
    path: PathBuf,
}

impl OutFile {
    /// Refuses a path that is not a regular file, or whose folder does not exist. Changes nothing.
    pub(super) fn new(path: &OsStr) -> Result<Self, Failure> {
        if path.is_empty() {
            return Err(Failure::new("the name given to --out-file is empty").help(HELP));
        }
        let out_file = Self { path: path.into() };
        out_file.check()?;
        match fs::metadata(out_file.folder()) {
            Ok(_) => Ok(out_file),
            Err(error) => Err(out_file.failure(&io_reason(&error))),
        }
    }

    /// Checks that the folder is writable, before any request.
    pub(super) fn try_folder(&self) -> Result<(), Failure> {
        Temporary::beside(&self.path)
            .map(drop)
            .map_err(|error| self.failure(&io_reason(&error)))
    }

    /// Writes the file in one step.
    pub(super) fn write(&self, content: &str) -> Result<(), Failure> {
        let failure = |error: io::Error| self.failure(&io_reason(&error));
        let temporary = Temporary::beside(&self.path)
            .and_then(|temporary| temporary.fill(content))
            .map_err(failure)?;
        // The path may have changed during the requests.
        self.check()?;
        fs::rename(&temporary.path, &self.path).map_err(failure)
    }

    /// Refuses to replace anything but a regular file: links are neither followed nor replaced, and devices stay.
    fn check(&self) -> Result<(), Failure> {
        if self.path.file_name().is_none()
            || self.path.as_os_str().as_encoded_bytes().ends_with(b"/")
        {
            return Err(self.failure(&"is a directory"));
        }
        let kind = match fs::symlink_metadata(&self.path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.failure(&io_reason(&error))),
        };
        if kind.is_file() {
            Ok(())
        } else if kind.is_symlink() {
            Err(self.failure(&"is a symbolic link"))
        } else if kind.is_dir() {
            Err(self.failure(&"is a directory"))
        } else {
            Err(self.failure(&"is a fifo, device or socket"))
        }
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn failure(&self, why: &dyn fmt::Display) -> Failure {
        Failure::new(format!("cannot write the kubeconfig to {self}: {why}")).help(HELP)
    }
}

impl fmt::Display for OutFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote::shown_path(&self.path))
    }
}

/// A new file that is removed on drop, unless it was renamed.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    /// Creates a file next to `path`, so that it can replace it.
    fn beside(path: &Path) -> io::Result<Self> {
        let mut name = OsStr::new(".").to_owned();
        name.push(path.file_name().unwrap_or_default());
        // Random as the keys of hash maps of the standard library. A name that is taken does no harm.
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

    fn fill(mut self, content: &str) -> io::Result<Self> {
        self.file.write_all(content.as_bytes())?;
        self.file.sync_all()?;
        Ok(self)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename the file no longer exists.
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

    #[track_caller]
    fn says(result: Result<impl Sized, Failure>, why: &str) {
        let Err(failure) = result else {
            panic!("want {why}");
        };
        let said = failure.to_string();
        assert!(said.ends_with(why), "want {why}: {said}");
        assert_eq!(failure.remedy(), Some(HELP));
    }

    #[test]
    fn for_its_owner_alone_and_in_the_place_of_a_regular_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

        let out_file = OutFile::new(path.as_os_str()).unwrap();
        out_file.write("new").unwrap();
        let metadata = fs::symlink_metadata(&path).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        holds(dir.path(), &["file"]);
    }

    #[test]
    fn a_link_is_neither_followed_nor_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "untouched").unwrap();
        // Once the link exists before the requests, once it appears during them.
        let out_file = OutFile::new(link.as_os_str()).unwrap();
        for to in [&*target, &dir.path().join("none")] {
            symlink(to, &link).unwrap();
            says(OutFile::new(link.as_os_str()), "link: is a symbolic link");
            says(out_file.write("new"), "link: is a symbolic link");
            assert_eq!(fs::read_link(&link).unwrap(), to);
            fs::remove_file(&link).unwrap();
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");
        holds(dir.path(), &["target"]);
    }

    #[test]
    fn a_device_and_a_socket_stay_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("socket");
        let out_file = OutFile::new(path.as_os_str()).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        for path in [&*path, Path::new("/dev/null")] {
            says(
                OutFile::new(path.as_os_str()),
                ": is a fifo, device or socket",
            );
        }
        says(out_file.write("new"), ": is a fifo, device or socket");
        holds(dir.path(), &["socket"]);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let none = dir.path().join("none/file");
        let folder = dir.path().join("folder/");
        for (path, why) in [
            (dir.path(), ": is a directory"),
            (Path::new("/"), "/: is a directory"),
            (Path::new(".."), "..: is a directory"),
            (&folder, "folder/: is a directory"),
            (Path::new(""), "the name given to --out-file is empty"),
            (&none, ": no such file or directory"),
        ] {
            says(OutFile::new(path.as_os_str()), why);
        }
        // The folder disappeared during the requests.
        let folder = dir.path().join("gone");
        fs::create_dir(&folder).unwrap();
        let out_file = OutFile::new(folder.join("file").as_os_str()).unwrap();
        fs::remove_dir(&folder).unwrap();
        says(out_file.try_folder(), ": no such file or directory");
        // The path became a folder during the requests.
        let path = dir.path().join("file");
        let out_file = OutFile::new(path.as_os_str()).unwrap();
        fs::create_dir(&path).unwrap();
        says(out_file.write("new"), ": is a directory");
        holds(dir.path(), &["file"]);
    }
}
