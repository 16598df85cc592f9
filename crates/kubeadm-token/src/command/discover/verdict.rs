//! The result of `discover` as an object. It holds no secret.

use std::time::{SystemTime, UNIX_EPOCH};

use bootstrap_token_discovery::{Certificate, Pin};
use bootstrap_token_kube::Discovered;
use bootstrap_token_secret::Expiration;

use crate::printer::json_yaml::Value;

const KIND: &str = "DiscoveredCluster";

/// Makes the object. Fields that `create -o json` has too keep their names.
pub(super) fn object(found: &Discovered) -> Value {
    let cluster = found.cluster();
    let certificates = cluster.certificates();
    let expires = certificates.iter().map(Certificate::not_after).max();
    Value::of_kind(
        KIND,
        [
            ("apiServerEndpoint", Value::text(cluster.server().address())),
            ("answeredBy", Value::text(found.asked().address())),
            (
                "publicKeyPins",
                Value::list(certificates.iter().map(Pin::of)),
            ),
            (
                "caExpires",
                expires.and_then(time).map_or(Value::Null, Value::text),
            ),
            ("signedBy", Value::list(found.signed_by())),
        ],
    )
}

fn time(time: SystemTime) -> Option<String> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(since.as_secs()).ok()?;
    let time = Expiration::from_unix_seconds(seconds).ok()?;
    Some(time.to_utc_string())
}
