//! How a case is put to C: a call of `tests/c/vectors.c`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Case;
use crate::misuse::c_string;

pub(super) fn token(case: &Case) -> String {
    let weakness = case.0["weakness"].as_str().unwrap_or("NONE");
    format!(
        "token({}, {}, {}, {}, {}, BOOTSTRAP_TOKEN_WEAKNESS_{weakness});",
        case.c("text"),
        case.code(),
        case.answer("id"),
        case.answer("secret_name"),
        case.answer("jws_key_name"),
    )
}

pub(super) fn group(case: &Case) -> String {
    format!("group({}, {});", case.c("text"), case.code())
}

pub(super) fn usage(case: &Case) -> String {
    format!("usage({}, {});", case.c("text"), case.code())
}

pub(super) fn identity(case: &Case) -> String {
    format!(
        "identity({}, {}, {});",
        case.c("extra_groups"),
        case.code(),
        case.answer("groups")
    )
}

pub(super) fn expiration(case: &Case) -> String {
    let secret = json!({
        "metadata": { "name": "bootstrap-token-07401b" },
        "data": {
            "token-id": STANDARD.encode("07401b"),
            "token-secret": STANDARD.encode("f395accd246ae52d"),
            "expiration": STANDARD.encode(case.text("expiration")),
        },
    });
    let secret = secret.to_string();
    format!(
        "expiration({}, INT64_C({}), {}, {}, INT64_C({}), {}, {});",
        case.c("expiration"),
        case.number("now"),
        case.number("now_nanoseconds"),
        case.code(),
        case.number("remaining_nanoseconds"),
        c_string(&secret),
        secret.len(),
    )
}

pub(super) fn secret_name(case: &Case) -> String {
    format!(
        "secret_name({}, {}, {});",
        case.c("text"),
        case.code(),
        case.answer("id")
    )
}

/// A record as one line of text, which both sides can make.
fn line(record: &Value) -> String {
    let list = |field: &str| -> String {
        let items = record[field].as_array().unwrap().iter();
        items
            .flat_map(|item| [item.as_str().unwrap(), "|"])
            .collect()
    };
    let has = |usage| u8::from(list("usages").split('|').any(|found| found == usage));
    format!(
        "{} {} {} {} {}{}",
        record["token"].as_str().unwrap(),
        record["expiration"].as_i64().unwrap_or(i64::MAX),
        has("authentication") + 2 * has("signing"),
        list("other_usages"),
        list("groups"),
        record["description"].as_str().unwrap(),
    )
}

pub(super) fn secret_in(case: &Case) -> String {
    let record = &case.0["record"];
    let line = if record.is_null() {
        String::new()
    } else {
        line(record)
    };
    format!(
        "secret_in({}, {}, {}, {});",
        case.c("json"),
        case.code(),
        c_string(&line),
        line.len()
    )
}

pub(super) fn secret_out(case: &Case) -> String {
    let record = &case.0["record"];
    let part = |field: &str| {
        let text = record[field].as_str().unwrap();
        format!("{}, {}", c_string(text), text.len())
    };
    let list = |field: &str| {
        record[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap())
    };
    let groups = list("groups").collect::<Vec<_>>().join("|");
    let bits = list("usages")
        .map(|usage| if usage == "signing" { 2 } else { 1 })
        .sum::<u32>();
    // Written with the fields in the order in which they are written.
    let secret = &case.0["secret"];
    let json = format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{},"type":{},"data":{}}}"#,
        secret["metadata"], secret["type"], secret["data"],
    );
    format!(
        "secret_out({}, INT64_C({}), {bits}, {}, {}, {}, {}, {});",
        part("token"),
        record["expiration"].as_i64().unwrap_or(i64::MAX),
        c_string(&groups),
        groups.len(),
        part("description"),
        c_string(&json),
        json.len(),
    )
}

pub(super) fn secret_list(case: &Case) -> String {
    let mut entries = String::new();
    for entry in case.0["entries"].as_array().into_iter().flatten() {
        let field = |name: &str| entry[name].as_str().unwrap_or_default();
        writeln!(
            entries,
            "{} {} {}",
            field("name"),
            field("code"),
            field("id")
        )
        .unwrap();
    }
    format!(
        "secret_list({}, {}, {});",
        case.c("json"),
        case.code(),
        c_string(&entries)
    )
}

pub(super) fn jws(case: &Case) -> String {
    format!(
        "jws({}, {}, {}, {});",
        case.c("token"),
        case.c("content"),
        case.c("jws"),
        case.code()
    )
}

pub(super) fn jws_key(case: &Case) -> String {
    format!(
        "jws_key({}, {}, {}, {}, {});",
        case.c("id"),
        case.c("key"),
        case.c("content"),
        case.c("jws"),
        case.code()
    )
}

pub(super) fn pin(case: &Case) -> String {
    let pins = case.0["pins"].as_array().into_iter().flatten();
    let pins: Vec<_> = pins.map(|pin| pin.as_str().unwrap()).collect();
    format!(
        "pin({}, {}, {}, {});",
        case.c("certificates"),
        case.code(),
        pins.len(),
        c_string(&pins.join(","))
    )
}

pub(super) fn pin_match(case: &Case) -> String {
    format!(
        "pin_match({}, {}, {});",
        case.c("pins"),
        case.c("certificates"),
        case.code()
    )
}

pub(super) fn cluster_info(case: &Case) -> String {
    let (by, anchor) = match (case.0["pins"].as_str(), case.0["certificates"].as_str()) {
        (Some(_), _) => ("PINS", case.c("pins")),
        (_, Some(_)) => ("CERTIFICATES", case.c("certificates")),
        _ => ("NOTHING", "\"\", 0".to_owned()),
    };
    format!(
        "cluster_info({}, {}, {by}, {anchor}, INT64_C({}), {}, {}, {}, {});",
        case.c("config_map"),
        case.c("token"),
        case.number("now"),
        case.code(),
        case.answer("server"),
        case.answer("ca_pem"),
        case.answer("kubeconfig"),
    )
}
