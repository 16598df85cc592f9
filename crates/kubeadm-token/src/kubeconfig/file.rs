//! A kubeconfig as it is written: `clientcmd.LoadFromFile`. Relative paths are resolved as kubectl does.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::cluster::Cluster;
use super::fault::{self, Fault};
use super::user::User;
use crate::failure::{Failure, io_reason};
use crate::read_limited;
use crate::yaml::{Node, Place};

/// Size limit. A kubeconfig of a thousand clusters has two megabytes.
const LONGEST: usize = 8 << 20;

/// Go's `base64.StdEncoding`.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(super) struct Kubeconfig {
    current_context: String,
    /// The context named on the command line.
    choice: Option<String>,
    pub(super) contexts: Vec<(String, ContextEntry)>,
    clusters: Vec<(String, Cluster)>,
    users: Vec<(String, User)>,
}

pub(super) struct ContextEntry {
    pub(super) cluster: String,
    pub(super) user: String,
}

/// Why an entry cannot be parsed.
pub(super) enum Malformed {
    At(Place),
    NotBase64(&'static str),
}

impl From<Place> for Malformed {
    fn from(place: Place) -> Self {
        Self::At(place)
    }
}

impl Kubeconfig {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = File::open(path)
            .and_then(|mut file| read_limited::read(&mut file, LONGEST))
            .map_err(|error| fault::unreadable(path, &error))?
            .ok_or_else(|| fault::too_long(path))?;
        Self::parse(&bytes, path)
    }

    /// Parses the content of the file at `path`.
    pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Self, Failure> {
        let root = Node::read(bytes).map_err(|place| fault::not_yaml(path, place))?;
        let at = |place| fault::not_yaml(path, place);
        let kind = root.text("kind").map_err(at)?;
        let version = root.text("apiVersion").map_err(at)?;
        if !matches!(kind, "" | "Config") || !matches!(version, "" | "v1") {
            return Err(fault::other_kind(path));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Self {
            current_context: root.text("current-context").map_err(at)?.to_owned(),
            choice: None,
            contexts: entries(&root, "context", path, |entry| {
                Ok(ContextEntry {
                    cluster: entry.text("cluster")?.to_owned(),
                    user: entry.text("user")?.to_owned(),
                })
            })?,
            clusters: entries(&root, "cluster", path, |entry| Cluster::read(entry, folder))?,
            users: entries(&root, "user", path, |entry| User::read(entry, folder))?,
        })
    }

    /// Uses the context of this name instead of the current one. Ignores an empty name, as kubectl does.
    pub(super) fn choose(self, name: Option<&str>) -> Self {
        let choice = name.filter(|name| !name.is_empty()).map(str::to_owned);
        Self { choice, ..self }
    }

    /// Returns the context and its name.
    pub(super) fn context(&self, path: &Path) -> Result<(&str, &ContextEntry), Failure> {
        let name = self.choice.as_ref().unwrap_or(&self.current_context);
        if name.is_empty() {
            return Err(fault::no_current_context(path, self));
        }
        let context = find(&self.contexts, name);
        let context = context.ok_or_else(|| match self.choice {
            None => fault::no_such_context(path, name, self),
            Some(_) => fault::no_such_choice(path, name, self),
        })?;
        Ok((name, context))
    }

    /// Returns the cluster that a context names.
    pub(super) fn cluster(
        &self,
        path: &Path,
        (name, context): (&str, &ContextEntry),
    ) -> Result<&Cluster, Failure> {
        find(&self.clusters, &context.cluster)
            .ok_or_else(|| fault::no_such("cluster", path, name, &context.cluster))
    }

    /// Returns the user that a context names, if it names one.
    pub(super) fn user(
        &self,
        path: &Path,
        (name, context): (&str, &ContextEntry),
    ) -> Result<Option<&User>, Failure> {
        if context.user.is_empty() {
            return Ok(None);
        }
        find(&self.users, &context.user)
            .ok_or_else(|| fault::no_such("user", path, name, &context.user))
            .map(Some)
    }
}

fn find<'a, T>(entries: &'a [(String, T)], name: &str) -> Option<&'a T> {
    let found = entries.iter().find(|(found, _)| found == name);
    found.map(|(_, entry)| entry)
}

/// Returns the entries of a list. Each name may occur only once.
fn entries<T>(
    root: &Node,
    kind: &'static str,
    path: &Path,
    read: impl Fn(&Node) -> Result<T, Malformed>,
) -> Result<Vec<(String, T)>, Failure> {
    let at = |place| fault::not_yaml(path, place);
    let list = root.list(&format!("{kind}s")).map_err(at)?;
    let mut names = HashSet::with_capacity(list.len());
    let mut entries: Vec<(String, T)> = Vec::with_capacity(list.len());
    for node in list {
        let name = node.text("name").map_err(at)?;
        if !names.insert(name) {
            return Err(fault::twice(kind, path, name));
        }
        let entry = node.get(kind).map_err(at)?.unwrap_or(&Node::NULL);
        let entry = read(entry).map_err(|malformed| match malformed {
            Malformed::At(place) => at(place),
            Malformed::NotBase64(field) => {
                fault::in_entry(kind, path, name, format!("its {field} is not base64"))
            }
        })?;
        entries.push((name.to_owned(), entry));
    }
    Ok(entries)
}

/// PEM in an entry, or in a file that the entry names.
pub(super) struct Material {
    name: &'static str,
    data: Zeroizing<Vec<u8>>,
    path: Option<PathBuf>,
}

impl Material {
    /// Reads `name-data`, or else `name`.
    pub(super) fn read(
        entry: &Node,
        name: &'static str,
        name_data: &'static str,
        folder: &Path,
    ) -> Result<Self, Malformed> {
        // Go's decoder ignores line breaks and nothing else.
        let base64: Zeroizing<String> =
            Zeroizing::new(entry.text(name_data)?.split(['\r', '\n']).collect());
        let data = BASE64.decode(&*base64);
        Ok(Self {
            name,
            data: Zeroizing::new(data.map_err(|_| Malformed::NotBase64(name_data))?),
            path: resolve(entry.text(name)?, folder),
        })
    }

    pub(super) fn is_given(&self) -> bool {
        !self.data.is_empty() || self.path.is_some()
    }

    /// Returns the PEM. `None` if neither field is set.
    pub(super) fn content(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
        let name = self.name;
        match &self.path {
            Some(_) if !self.data.is_empty() => {
                Err(Fault::from(format!("it has both {name} and {name}-data"))
                    .help("leave one of them out"))
            }
            Some(path) => content(path)
                .map(Some)
                .map_err(|why| format!("its {name}: {why}").into()),
            None if self.data.is_empty() => Ok(None),
            None => Ok(Some(self.data.clone())),
        }
    }
}

/// Resolves a path of an entry. `None` for an empty one.
pub(super) fn resolve(path: &str, folder: &Path) -> Option<PathBuf> {
    (!path.is_empty()).then(|| folder.join(path))
}

/// Reads a file that an entry names.
pub(super) fn content(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    /// Size limit: far more than any certificate, key or token has.
    const LONGEST: usize = 1 << 20;

    let shown = path.display();
    let content = File::open(path).and_then(|mut file| read_limited::read(&mut file, LONGEST));
    match content {
        Ok(Some(content)) => Ok(content),
        Ok(None) => Err(format!("{shown} is longer than 1 MiB")),
        Err(error) => {
            let hint = if path.iter().any(|part| part == "~") {
                " (~ does not stand for the home directory here)"
            } else {
                ""
            };
            Err(format!("open {shown}: {}{hint}", io_reason(&error)))
        }
    }
}
