//! The fields of kubeadm's v1beta4 configuration and their types, to find wrong and unknown fields.

use super::tree::{NUMBER, Tree};
use crate::duration::GoDuration;
use crate::quote;

/// The fields of an object, by name.
pub(super) type Fields = [(&'static str, Type)];

/// The type of a field. A null is always allowed and counts as missing.
pub(super) enum Type {
    Text,
    Bool,
    Int32,
    Duration,
    /// A duration, with its own error.
    Ttl,
    List(&'static Type),
    /// An object with arbitrary keys.
    Map(&'static Type),
    Object(&'static Fields),
    /// Not checked.
    Any,
}

use Type::{Any, Bool, Duration, Int32, List, Map, Object, Text, Ttl};

const TEXTS: Type = List(&Text);

const BOOTSTRAP_TOKEN: &Fields = &[
    ("token", Any), // has an error of its own
    ("description", Text),
    ("ttl", Ttl),
    ("expires", Text),
    ("usages", TEXTS),
    ("groups", TEXTS),
];

const ARGS: Type = List(&Object(&[("name", Text), ("value", Text)]));

const ENVS: Type = List(&Object(&[
    ("name", Text),
    ("value", Text),
    ("valueFrom", Any),
]));

const VOLUMES: Type = List(&Object(&[
    ("name", Text),
    ("hostPath", Text),
    ("mountPath", Text),
    ("readOnly", Bool),
    ("pathType", Text),
]));

const COMPONENT: Type = Object(&[
    ("extraArgs", ARGS),
    ("extraVolumes", VOLUMES),
    ("extraEnvs", ENVS),
]);

/// `InitConfiguration`.
pub(super) const INIT: &Fields = &[
    ("apiVersion", Text),
    ("kind", Text),
    ("bootstrapTokens", List(&Object(BOOTSTRAP_TOKEN))),
    ("dryRun", Bool),
    (
        "nodeRegistration",
        Object(&[
            ("name", Text),
            ("criSocket", Text),
            (
                "taints",
                List(&Object(&[
                    ("key", Text),
                    ("value", Text),
                    ("effect", Text),
                    ("timeAdded", Text),
                ])),
            ),
            ("kubeletExtraArgs", ARGS),
            ("ignorePreflightErrors", TEXTS),
            ("imagePullPolicy", Text),
            ("imagePullSerial", Bool),
        ]),
    ),
    (
        "localAPIEndpoint",
        Object(&[("advertiseAddress", Text), ("bindPort", Int32)]),
    ),
    ("certificateKey", Text),
    ("skipPhases", TEXTS),
    ("patches", Object(&[("directory", Text)])),
    (
        "timeouts",
        Object(&[
            ("controlPlaneComponentHealthCheck", Duration),
            ("kubeletHealthCheck", Duration),
            ("kubernetesAPICall", Duration),
            ("etcdAPICall", Duration),
            ("tlsBootstrap", Duration),
            ("discovery", Duration),
            ("upgradeManifests", Duration),
        ]),
    ),
];

/// `ClusterConfiguration`.
pub(super) const CLUSTER: &Fields = &[
    ("apiVersion", Text),
    ("kind", Text),
    (
        "etcd",
        Object(&[
            (
                "local",
                Object(&[
                    ("imageRepository", Text),
                    ("imageTag", Text),
                    ("dataDir", Text),
                    ("extraArgs", ARGS),
                    ("extraEnvs", ENVS),
                    ("serverCertSANs", TEXTS),
                    ("peerCertSANs", TEXTS),
                ]),
            ),
            (
                "external",
                Object(&[
                    ("endpoints", TEXTS),
                    ("httpEndpoints", TEXTS),
                    ("caFile", Text),
                    ("certFile", Text),
                    ("keyFile", Text),
                ]),
            ),
        ]),
    ),
    (
        "networking",
        Object(&[
            ("serviceSubnet", Text),
            ("podSubnet", Text),
            ("dnsDomain", Text),
        ]),
    ),
    ("kubernetesVersion", Text),
    ("controlPlaneEndpoint", Text),
    (
        "apiServer",
        Object(&[
            ("extraArgs", ARGS),
            ("extraVolumes", VOLUMES),
            ("extraEnvs", ENVS),
            ("certSANs", TEXTS),
        ]),
    ),
    ("controllerManager", COMPONENT),
    ("scheduler", COMPONENT),
    (
        "dns",
        Object(&[
            ("imageRepository", Text),
            ("imageTag", Text),
            ("disabled", Bool),
        ]),
    ),
    ("proxy", Object(&[("disabled", Bool)])),
    ("certificatesDir", Text),
    ("imageRepository", Text),
    ("featureGates", Map(&Bool)),
    ("clusterName", Text),
    ("encryptionAlgorithm", Text),
    ("certificateValidityPeriod", Duration),
    ("caCertificateValidityPeriod", Duration),
];

/// A field of the wrong type.
pub(super) struct Unfit {
    /// kubeadm's message.
    pub(super) what: String,
    of: &'static Type,
    found: &'static str,
}

impl Unfit {
    pub(super) fn help(&self) -> &'static str {
        match (self.of, self.found) {
            (Ttl, NUMBER) => {
                "write a duration with its unit, as in `ttl: 24h`; `ttl: 0s` is for ever"
            }
            (Duration, NUMBER) => "write a duration with its unit, as in `5m`",
            _ => "`kubeadm config print init-defaults` shows the form",
        }
    }
}

/// Checks a document. The first field of the wrong type is an error. Returns kubeadm's messages for unknown and
/// repeated fields.
pub(super) fn check(tree: &Tree, fields: &'static Fields) -> Result<Vec<String>, Unfit> {
    let mut strange = Vec::new();
    object(tree, fields, "", &mut strange)?;
    Ok(strange)
}

fn value(tree: &Tree, of: &'static Type, at: &str, strange: &mut Vec<String>) -> Result<(), Unfit> {
    let unfit = |what| Unfit {
        what,
        of,
        found: tree.type_name(),
    };
    match (of, tree) {
        (_, Tree::Null)
        | (Any, _)
        | (Text | Ttl, Tree::Text(_))
        | (Bool, Tree::Bool)
        | (Int32, Tree::Number(Some(_))) => Ok(()),
        (Duration, Tree::Text(text)) => text
            .parse::<GoDuration>()
            .map(drop)
            .map_err(|error| unfit(format!("{at}: {error}"))),
        (List(of), Tree::List(items)) => items
            .iter()
            .enumerate()
            .try_for_each(|(number, item)| value(item, of, &format!("{at}[{number}]"), strange)),
        (Map(of), Tree::Object(fields)) => fields
            .iter()
            .try_for_each(|(_, field)| value(field, of, at, strange)),
        (Object(fields), Tree::Object(_)) => object(tree, fields, at, strange),
        (of, found) => Err(unfit(format!(
            "cannot unmarshal {} into field {at} of type {}",
            found.type_name(),
            of.name()
        ))),
    }
}

fn object(
    tree: &Tree,
    fields: &'static Fields,
    at: &str,
    strange: &mut Vec<String>,
) -> Result<(), Unfit> {
    let Tree::Object(found) = tree else {
        return Ok(());
    };
    for (number, (name, field)) in found.iter().enumerate() {
        let dot = if at.is_empty() { "" } else { "." };
        let path = format!("{at}{dot}{}", quote::shown_bare(name));
        if found[..number].iter().any(|(earlier, _)| earlier == name) {
            strange.push(format!("duplicate field \"{path}\" (the last one counts)"));
        }
        match fields.iter().find(|(known, _)| *known == **name) {
            Some((_, of)) => value(field, of, &path, strange)?,
            None => strange.push(format!("unknown field \"{path}\" (ignored)")),
        }
    }
    Ok(())
}

impl Type {
    fn name(&self) -> &'static str {
        match self {
            Text | Duration | Ttl => "string",
            Bool => "bool",
            Int32 => "int32",
            List(_) => "list",
            Map(_) | Object(_) => "object",
            Any => "any",
        }
    }
}
