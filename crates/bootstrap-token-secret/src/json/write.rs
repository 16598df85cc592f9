use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::BootstrapToken;
use crate::keys::{NAMESPACE, SECRET_TYPE};

impl BootstrapToken {
    /// The Secret as JSON, token secret included, ready to be sent to the API server: what
    /// [`expose_secret`](Self::expose_secret) makes, with `apiVersion` and `kind`. Wiped when dropped.
    pub fn expose_json(&self) -> Zeroizing<Vec<u8>> {
        let mut data = Vec::new();
        self.entries(|key, value| {
            data.push((key.to_owned(), Encoded(Zeroizing::new(value.to_owned()))));
        });
        // Long enough to be written without being moved in memory: a key may be all escapes.
        let long = |(key, Encoded(value)): &(String, Encoded)| {
            6 * key.len() + 4 * value.len().div_ceil(3) + 8
        };
        let length = 256 + data.iter().map(long).sum::<usize>();
        let secret = SecretJson {
            api_version: "v1",
            kind: "Secret",
            metadata: MetadataJson {
                name: self.secret_name(),
                namespace: NAMESPACE,
            },
            type_: SECRET_TYPE,
            data: Data(data),
        };
        let mut json = Zeroizing::new(Vec::with_capacity(length));
        // Strings only, written to memory: there is nothing that could fail.
        let _ = serde_json::to_writer(&mut *json, &secret);
        debug_assert!(json.capacity() == length, "it was moved");
        json
    }
}

#[derive(Serialize)]
struct SecretJson {
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    kind: &'static str,
    metadata: MetadataJson,
    #[serde(rename = "type")]
    type_: &'static str,
    data: Data,
}

#[derive(Serialize)]
struct MetadataJson {
    name: String,
    namespace: &'static str,
}

struct Data(Vec<(String, Encoded)>);

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Bytes that are written in base64, straight to where they go.
struct Encoded(Zeroizing<Vec<u8>>);

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(&self.0, &STANDARD))
    }
}
