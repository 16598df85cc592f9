//! Replies from whoever answers in an API server's place. The first byte says how the rest is meant: as JSON, as a message
//! in protobuf, as the contents of one in its envelope, or as Secrets, which say the same in both.
#![no_main]

use std::collections::BTreeMap;
use std::convert::Infallible;

use bootstrap_token_kube::{BootstrapTokens, Stored};
use bootstrap_token_secret::{Defect, StoredToken};
use futures::TryStreamExt as _;
use fuzz::{tells_no_secret, token};
use http::{Request, Response};
use kube::Client;
use kube::client::Body;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

fuzz_target!(|input: &[u8]| {
    let Some((how, rest)) = input.split_first() else {
        return;
    };
    match how % 4 {
        0 => read(JSON, rest),
        1 => read(PROTOBUF, rest),
        2 => {
            for kind in ["Secret", "SecretList", "ConfigMap"] {
                read(PROTOBUF, &envelope(kind, rest));
            }
        }
        _ => same(rest),
    }
});

/// Whatever it is, it ends in an answer or an error, and no answer is longer than what it was read from.
fn read(media: &'static str, body: &[u8]) {
    if let Some((count, all)) = list(media, body) {
        assert!(count <= body.len() / 2, "{count} items");
        all.iter().for_each(|stored| is_bounded(stored, body.len()));
    }
    if let Ok(stored) = ask(media, body, async |tokens| tokens.get(token().id()).await) {
        is_bounded(&stored, body.len());
    }
    if let Ok(info) = ask(media, body, async |tokens| tokens.cluster_info().await) {
        assert!(info.bytes() <= 3 * body.len());
    }
}

fn is_bounded(stored: &Stored, most: usize) {
    let secret = stored.expose_secret();
    let data = secret.data.iter().flatten();
    let bytes: usize = data.map(|(key, value)| key.len() + value.0.len()).sum();
    assert!(bytes <= most && stored.name().len() <= most);
    if let Ok(token) = stored.token() {
        let groups: usize = token.groups().iter().map(String::len).sum();
        // What is not UTF-8 is shown by three bytes for one.
        assert!(groups + token.description().len() <= 3 * most);
    }
}

/// A Secret's name and data, and what is read of them.
type Read = (
    String,
    BTreeMap<String, Vec<u8>>,
    Result<StoredToken, Defect>,
);

/// Secrets are read alike from JSON and from protobuf.
fn same(input: &[u8]) {
    let secrets: Vec<_> = input
        .split(|byte| *byte == b'\n')
        .map(|line| line.split(|byte| *byte == b'\t').collect::<Vec<_>>())
        .collect();
    let (mut items, mut message) = (Vec::new(), field(1, &field(3, b"")));
    for secret in &secrets {
        let name = String::from_utf8_lossy(secret[0]).into_owned();
        let data: BTreeMap<_, _> = secret[1..]
            .chunks_exact(2)
            .map(|entry| (String::from_utf8_lossy(entry[0]).into_owned(), entry[1]))
            .collect();
        let mut item = field(1, &field(1, name.as_bytes()));
        for (key, value) in &data {
            let entry = [field(1, key.as_bytes()), field(2, value)].concat();
            item.extend(field(2, &entry));
        }
        message.extend(field(2, &item));
        items.push(json!({"metadata": {"name": name}, "data": base64(&data)}));
    }
    let list = json!({"apiVersion": "v1", "kind": "SecretList", "metadata": {}, "items": items});
    let protobuf = list_of(PROTOBUF, &envelope("SecretList", &message));
    assert_eq!(list_of(JSON, list.to_string().as_bytes()), protobuf);
    assert_eq!(protobuf.map(|all| all.len()), Some(secrets.len()));
}

fn base64(data: &BTreeMap<String, &[u8]>) -> Value {
    use base64::Engine as _;
    let encoded = |value| base64::engine::general_purpose::STANDARD.encode(value);
    let entries = data
        .iter()
        .map(|(key, value)| (key.clone(), Value::from(encoded(value))));
    Value::Object(entries.collect())
}

fn list_of(media: &'static str, body: &[u8]) -> Option<Vec<Read>> {
    let (_, all) = list(media, body)?;
    let read = |stored: Stored| {
        let data = stored.expose_secret().data.unwrap_or_default();
        let data = data.into_iter().map(|(key, value)| (key, value.0));
        (
            stored.name().to_owned(),
            data.collect(),
            stored.into_token(),
        )
    };
    Some(all.into_iter().map(read).collect())
}

/// How many items a page has, and those that can be read.
fn list(media: &'static str, body: &[u8]) -> Option<(usize, Vec<Stored>)> {
    let page = ask(media, body, async |tokens| {
        std::pin::pin!(tokens.list()).try_next().await
    });
    let page = page.ok()??;
    let count = page.len();
    assert_eq!(page.clone().count(), count);
    let mut all = Vec::new();
    for stored in page {
        match stored {
            Ok(stored) => all.push(stored),
            Err(error) => tells_no_secret(&error),
        }
    }
    Some((count, all))
}

/// What the library makes of one answer to whatever it asks.
fn ask<T>(
    media: &'static str,
    body: &[u8],
    call: impl AsyncFnOnce(BootstrapTokens) -> Result<T, bootstrap_token_kube::Error>,
) -> Result<T, bootstrap_token_kube::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let body = body.to_vec();
    let server = tower::service_fn(move |_: Request<Body>| {
        let answer = Response::builder().header("content-type", media);
        let answer = answer.body(Body::from(body.clone())).expect("an answer");
        async { Ok::<_, Infallible>(answer) }
    });
    let outcome = runtime.block_on(async {
        let client = Client::new(server, "default");
        call(BootstrapTokens::new(client)).await
    });
    if let Err(error) = &outcome {
        tells_no_secret(error);
        assert!(error.is_bad_reply(), "{error}");
    }
    outcome
}

fn envelope(kind: &str, object: &[u8]) -> Vec<u8> {
    let type_meta = [field(1, b"v1"), field(2, kind.as_bytes())].concat();
    [b"k8s\0".to_vec(), field(1, &type_meta), field(2, object)].concat()
}

fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        field.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    field.push(length as u8);
    [&field, content].concat()
}
