//! The documents of a configuration file and their kinds: `SplitConfigDocuments` and `validateSupportedVersion`.

use core::fmt;

use super::API_VERSION;
use super::schema::{self, Fields};
use super::tree::Tree;
use crate::failure::Failure;
use crate::quote;

pub(super) const INIT: &str = "InitConfiguration";
const CLUSTER: &str = "ClusterConfiguration";

/// Versions that kubeadm no longer reads, and the last kubeadm that read each.
const OLD: [(&str, &str); 6] = [
    ("kubeadm.k8s.io/v1alpha1", "v1.11"),
    ("kubeadm.k8s.io/v1alpha2", "v1.12"),
    ("kubeadm.k8s.io/v1alpha3", "v1.14"),
    ("kubeadm.k8s.io/v1beta1", "v1.15"),
    ("kubeadm.k8s.io/v1beta2", "v1.22"),
    ("kubeadm.k8s.io/v1beta3", "v1.36"),
];

/// A version that exists but is not released.
const EXPERIMENTAL: &str = "kubeadm.k8s.io/v1";

/// Kinds of kubelet and kube-proxy, which kubeadm passes on.
const COMPONENTS: [&str; 2] = ["kubelet.config.k8s.io/", "kubeproxy.config.k8s.io/"];

pub(super) struct Document {
    api_version: String,
    pub(super) kind: String,
    pub(super) tree: Tree,
}

/// Returns all documents in the order in which kubeadm checks them. Each kind may occur once.
pub(super) fn all(trees: Vec<Tree>) -> Result<Vec<Document>, Failure> {
    let mut documents: Vec<Document> = Vec::with_capacity(trees.len());
    for (number, tree) in trees.into_iter().enumerate() {
        let document = Document::new(tree, number + 1)?;
        if documents.iter().any(|other| other.kind == document.kind) {
            return Err(Failure::new(format!(
                "invalid configuration: kind {} is specified twice in YAML file",
                quote::shown(&document.kind)
            ))
            .help("leave one of them"));
        }
        documents.push(document);
    }
    documents.sort_by_key(ToString::to_string);
    Ok(documents)
}

impl Document {
    fn new(tree: Tree, number: usize) -> Result<Self, Failure> {
        if !matches!(tree, Tree::Object(_)) {
            return Err(Failure::new(format!(
                "document {number} is not an object with kind and apiVersion, but of type {}",
                tree.type_name()
            ))
            .help("separate documents by lines of ---"));
        }
        for field in ["apiVersion", "kind"] {
            if let Some(value) = tree.get(field)
                && !matches!(value, Tree::Text(_))
            {
                return Err(schema_error(field, value));
            }
        }
        let own = |field| tree.text(field).unwrap_or_default().to_owned();
        let document = Self {
            api_version: own("apiVersion"),
            kind: own("kind"),
            tree,
        };
        let is_complete = document
            .api_version
            .split_once('/')
            .is_some_and(|(group, version)| {
                !group.is_empty() && !version.is_empty() && !version.contains('/')
            })
            && !document.kind.is_empty();
        if !is_complete {
            return Err(Failure::new(format!(
                "invalid configuration for GroupVersionKind {document}: kind and apiVersion is mandatory information that must be specified"
            ))
            .help(format!("begin it with `apiVersion: {API_VERSION}` and `kind: {INIT}`")));
        }
        Ok(document)
    }

    pub(super) fn check_version(&self) -> Result<(), Failure> {
        let Self {
            api_version, kind, ..
        } = self;
        let kind = quote::shown(kind);
        if let Some((old, kubeadm)) = OLD.iter().find(|(old, _)| old == api_version) {
            return Err(Failure::new(format!(
                "your configuration file uses an old API spec: {old:?} (kind: {kind}). Please use kubeadm {kubeadm} instead and run 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version."
            ))
            .help(format!("or write `apiVersion: {API_VERSION}`, if its fields are those of that version")));
        }
        if api_version == EXPERIMENTAL {
            return Err(Failure::new(format!(
                "experimental API spec: {EXPERIMENTAL:?} (kind: {kind}) is not allowed"
            ))
            .help(format!("write `apiVersion: {API_VERSION}`")));
        }
        Ok(())
    }

    /// Returns the fields that the document may have. `None` if it is not checked here.
    pub(super) fn schema(&self) -> Result<Option<&'static Fields>, Failure> {
        let fields = match &*self.kind {
            INIT => schema::INIT,
            CLUSTER => schema::CLUSTER,
            _ => return Ok(None),
        };
        if self.api_version == API_VERSION {
            return Ok(Some(fields));
        }
        Err(Failure::new(format!(
            "no kind {:?} is registered for version {}",
            self.kind,
            quote::shown(&self.api_version)
        ))
        .help(format!("write `apiVersion: {API_VERSION}`")))
    }

    pub(super) fn is_of_a_component(&self) -> bool {
        COMPONENTS
            .iter()
            .any(|group| self.api_version.starts_with(group))
    }
}

fn schema_error(field: &str, value: &Tree) -> Failure {
    Failure::new(format!(
        "could not interpret GroupVersionKind; unmarshal error: cannot unmarshal {} into field {field} of type string",
        value.type_name()
    ))
    .help(format!("begin it with `apiVersion: {API_VERSION}` and `kind: {INIT}`"))
}

/// Formats as `GroupVersionKind.String` does.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = quote::shown_bare(&self.api_version);
        let slash = if self.api_version.contains('/') {
            ""
        } else {
            "/"
        };
        write!(f, "{slash}{shown}, Kind={}", quote::shown_bare(&self.kind))
    }
}
