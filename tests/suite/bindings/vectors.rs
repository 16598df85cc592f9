//! The vectors, through the Rust crates and through C. Go and Python run them in their own tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Certificate, ClusterInfo, DetachedJws, Pin, cluster_info};
use bootstrap_token_secret::{
    BootstrapToken, Expiration, ExtraGroup, ExtraGroups, StoredToken, Usage, keys,
};
use conformance::suite::Test;
use conformance::{paths, tests};
use serde_json::{Value, json};
use std::time::{Duration, UNIX_EPOCH};

use crate::compile::Program;
use crate::misuse::c_string;

pub(crate) const TESTS: &[Test] = tests!["vectors":
    hold_in_rust,
    hold_in_c,
];

/// The files, each with how a case of it is put to C and what Rust answers to it.
const FILES: &[(&str, ToC, InRust)] = &[
    ("token", token_in_c, token),
    ("group", group_in_c, group),
    ("usage", usage_in_c, usage),
    ("identity", identity_in_c, identity),
    ("expiration", expiration_in_c, expiration),
    ("secret_name", secret_name_in_c, secret_name),
    ("secret_in", secret_in_c, secret_in),
    ("secret_out", secret_out_in_c, secret_out),
    ("secret_list", secret_list_in_c, secret_list),
    ("jws", jws_in_c, jws),
    ("jws_key", jws_key_in_c, jws_key),
    ("pin", pin_in_c, pin),
    ("pin_match", pin_match_in_c, pin_match),
    ("cluster_info", cluster_info_in_c, cluster_info),
];

type ToC = fn(&Case) -> String;
/// The answer, with the fields that the case has for it; `None` for any refusal.
type InRust = fn(&Case) -> Option<Value>;

/// A case of a file.
struct Case(Value);

impl Case {
    fn text(&self, field: &str) -> &str {
        self.0[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field}: {}", self.0))
    }

    fn c(&self, field: &str) -> String {
        let text = self.text(field);
        format!("{}, {}", c_string(text), text.len())
    }

    /// A field, or an empty text where the answer is a refusal.
    fn answer(&self, field: &str) -> String {
        let text = self.0[field].as_str().unwrap_or_default();
        format!("{}, {}", c_string(text), text.len())
    }

    fn number(&self, field: &str) -> i64 {
        self.0[field].as_i64().unwrap_or_default()
    }

    fn code(&self) -> String {
        format!("BOOTSTRAP_TOKEN_RESULT_{}", self.text("code"))
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = paths::workspace().join(format!("tests/vectors/{file}.json"));
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases.into_iter().map(Case).collect()
}

fn hold_in_rust() {
    let folder = fs::read_dir(paths::workspace().join("tests/vectors")).unwrap();
    let there: BTreeSet<_> = folder
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .strip_suffix(".json")
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(
        there,
        FILES.iter().map(|(file, ..)| (*file).to_owned()).collect()
    );
    for (file, _, in_rust) in FILES {
        for case in cases(file) {
            let answer = in_rust(&case);
            let name = case.text("name");
            assert_eq!(
                answer.is_some(),
                case.text("code") == "OK",
                "{file}: {name}"
            );
            for (field, value) in answer.iter().flat_map(|answer| answer.as_object().unwrap()) {
                assert_eq!(value, &case.0[field], "{file}: {name}: {field}");
            }
        }
    }
}

fn hold_in_c() {
    let mut text = String::new();
    let mut count = 0;
    for (file, to_c, _) in FILES {
        for case in cases(file) {
            let name = c_string(&format!("{file}: {}", case.text("name")));
            writeln!(text, "name = {name}; {}", to_c(&case)).unwrap();
            count += 1;
        }
    }
    let program = Program::new()
        .flags(&["-Wno-overlength-strings"])
        .file("cases.inc", &text);
    assert_eq!(program.run("vectors.c"), format!("{count} cases\n"));
}

fn token_in_c(case: &Case) -> String {
    let strength = case.0["strength"].as_str().unwrap_or("NOT_WEAK");
    format!(
        "token({}, {}, {}, {}, {}, BOOTSTRAP_TOKEN_STRENGTH_{strength});",
        case.c("text"),
        case.code(),
        case.answer("id"),
        case.answer("secret_name"),
        case.answer("jws_key_name"),
    )
}

fn token(case: &Case) -> Option<Value> {
    let token: Token = case.text("text").parse().ok()?;
    Some(json!({
        "id": token.id().as_str(),
        "secret_name": keys::secret_name(token.id()),
        "jws_key_name": cluster_info::signature_key(token.id()),
    }))
}

fn group_in_c(case: &Case) -> String {
    format!("group({}, {});", case.c("text"), case.code())
}

fn group(case: &Case) -> Option<Value> {
    case.text("text")
        .parse::<ExtraGroup>()
        .ok()
        .map(|_| json!({}))
}

fn usage_in_c(case: &Case) -> String {
    format!("usage({}, {});", case.c("text"), case.code())
}

fn usage(case: &Case) -> Option<Value> {
    case.text("text").parse::<Usage>().ok().map(|_| json!({}))
}

fn identity_in_c(case: &Case) -> String {
    format!(
        "identity({}, {}, {});",
        case.c("extra_groups"),
        case.code(),
        case.answer("groups")
    )
}

fn identity(case: &Case) -> Option<Value> {
    let value = case.text("extra_groups");
    let entries = value.split(',').filter(|_| !value.is_empty());
    let groups: ExtraGroups = entries.map(str::parse).collect::<Result<_, _>>().ok()?;
    Some(json!({ "groups": groups.identity().join(",") }))
}

fn expiration_in_c(case: &Case) -> String {
    format!(
        "expiration({}, INT64_C({}), {}, {}, INT64_C({}));",
        case.c("expiration"),
        case.number("now"),
        case.number("now_nanoseconds"),
        case.code(),
        case.number("remaining_nanoseconds"),
    )
}

fn expiration(case: &Case) -> Option<Value> {
    let expiration: Expiration = case.text("expiration").parse().ok()?;
    let seconds = Duration::from_secs(case.number("now").unsigned_abs());
    let now = if case.number("now") < 0 {
        UNIX_EPOCH - seconds
    } else {
        UNIX_EPOCH + seconds
    };
    let nanoseconds = u64::try_from(case.number("now_nanoseconds")).unwrap();
    let remaining = expiration.remaining_nanos(now + Duration::from_nanos(nanoseconds));
    let told = i64::try_from(remaining).unwrap_or(i64::MAX);
    (remaining > 0).then(|| json!({ "remaining_nanoseconds": told }))
}

fn secret_name_in_c(case: &Case) -> String {
    format!(
        "secret_name({}, {}, {});",
        case.c("text"),
        case.code(),
        case.answer("id")
    )
}

fn secret_name(case: &Case) -> Option<Value> {
    let id = keys::id_in_name(case.text("text"))?;
    Some(json!({ "id": id.as_str() }))
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

fn secret_in_c(case: &Case) -> String {
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

fn secret_in(case: &Case) -> Option<Value> {
    let stored = StoredToken::from_json(case.text("json").as_bytes()).ok()?;
    let record = stored.into_bootstrap_token().ok()?;
    let groups: Vec<_> = record.groups().iter().map(ExtraGroup::as_str).collect();
    let usages: Vec<_> = record.usages().iter().map(Usage::as_str).collect();
    Some(json!({ "record": {
        "token": &*record.token().expose(),
        "expiration": record.expiration().map(|expiration| expiration.unix_seconds()),
        "usages": usages,
        "other_usages": record.other_usages(),
        "groups": groups,
        "description": record.description(),
    }}))
}

fn secret_out_in_c(case: &Case) -> String {
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

fn secret_out(case: &Case) -> Option<Value> {
    let record = &case.0["record"];
    let list = |field: &str| {
        record[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap())
    };
    let expiration = record["expiration"].as_i64();
    let written = BootstrapToken::new(record["token"].as_str().unwrap().parse().unwrap())
        .with_description(record["description"].as_str().unwrap())
        .with_expiration(expiration.map(|at| Expiration::from_unix_seconds(at).unwrap()))
        .with_usages(
            list("usages")
                .map(|usage| usage.parse::<Usage>().unwrap())
                .collect(),
        )
        .with_groups(
            list("groups")
                .map(|group| group.parse::<ExtraGroup>().unwrap())
                .collect(),
        )
        .expose_json();
    let secret: Value = serde_json::from_slice(&written).ok()?;
    Some(json!({ "secret": secret }))
}

fn secret_list_in_c(case: &Case) -> String {
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

fn secret_list(case: &Case) -> Option<Value> {
    let secrets: Vec<_> = StoredToken::list_from_json(case.text("json").as_bytes())
        .ok()?
        .collect();
    let expected = case.0["entries"].as_array()?;
    assert_eq!(secrets.len(), expected.len());
    for (secret, entry) in secrets.iter().zip(expected) {
        assert_eq!(entry["name"], secret.name.as_str());
        let token = secret
            .token
            .clone()
            .ok()
            .and_then(|token| token.into_bootstrap_token().ok());
        assert_eq!(
            entry["id"].as_str(),
            token
                .as_ref()
                .map(BootstrapToken::id)
                .as_ref()
                .map(bootstrap_token::TokenId::as_str)
        );
    }
    Some(json!({}))
}

fn jws_in_c(case: &Case) -> String {
    format!(
        "jws({}, {}, {}, {});",
        case.c("token"),
        case.c("content"),
        case.c("jws"),
        case.code()
    )
}

fn jws(case: &Case) -> Option<Value> {
    let token = case.text("token").parse().unwrap();
    let content = case.text("content").as_bytes();
    DetachedJws::verify(case.text("jws"), content, &token).ok()?;
    Some(json!({ "jws": DetachedJws::sign(content, &token).as_str() }))
}

fn jws_key_in_c(case: &Case) -> String {
    format!(
        "jws_key({}, {}, {}, {}, {});",
        case.c("id"),
        case.c("key"),
        case.c("content"),
        case.c("jws"),
        case.code()
    )
}

fn jws_key(case: &Case) -> Option<Value> {
    let id = case.text("id").parse().ok()?;
    let content = case.text("content").as_bytes();
    let signed = DetachedJws::sign_with_key(content, id, case.text("key").as_bytes())?;
    signed
        .is(case.text("jws"))
        .then(|| json!({ "jws": signed.as_str() }))
}

fn pin_in_c(case: &Case) -> String {
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

fn pin(case: &Case) -> Option<Value> {
    let bundle = Certificate::bundle(case.text("certificates").as_bytes()).ok()?;
    let pins: Vec<_> = bundle
        .iter()
        .map(|found| Pin::of(found).to_string())
        .collect();
    Some(json!({ "pins": pins }))
}

fn pin_match_in_c(case: &Case) -> String {
    format!(
        "pin_match({}, {}, {});",
        case.c("pins"),
        case.c("certificates"),
        case.code()
    )
}

fn pins(text: &str) -> Option<Vec<Pin>> {
    let pins: Option<Vec<Pin>> = text.split(',').map(|pin| pin.parse().ok()).collect();
    pins.filter(|pins| !pins.iter().any(Pin::is_of_nothing))
}

fn pin_match(case: &Case) -> Option<Value> {
    let pins = pins(case.text("pins"))?;
    let bundle = Certificate::bundle(case.text("certificates").as_bytes()).ok()?;
    bundle
        .iter()
        .any(|found| pins.contains(&Pin::of(found)))
        .then(|| json!({}))
}

fn cluster_info_in_c(case: &Case) -> String {
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

fn cluster_info(case: &Case) -> Option<Value> {
    let config_map: k8s_openapi::api::core::v1::ConfigMap =
        serde_json::from_str(case.text("config_map")).ok()?;
    let anchor = match (case.0["pins"].as_str(), case.0["certificates"].as_str()) {
        (Some(text), _) => Anchor::pins(pins(text)?)?,
        (_, Some(pem)) => Anchor::certificates(&Certificate::bundle(pem.as_bytes()).ok()?)?,
        _ => Anchor::danger_token_alone(),
    };
    let token: Token = case.text("token").parse().unwrap();
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(case.number("now")).unwrap());
    let info = ClusterInfo::new(config_map.data.unwrap_or_default());
    let cluster = info.trust(&token, &anchor, now).ok()?;
    Some(json!({
        "server": cluster.server().to_string(),
        "ca_pem": cluster.certificates_pem(),
        "kubeconfig": &*cluster.expose_bootstrap_kubeconfig(&token),
    }))
}
