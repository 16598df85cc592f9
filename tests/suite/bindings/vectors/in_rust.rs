//! What Rust answers to a case: the fields that it has for that, `None` for any refusal.

use std::time::{Duration, UNIX_EPOCH};

use bootstrap_token::Token;
use bootstrap_token_discovery::{
    Anchor, Certificate, ClusterInfo, DetachedJws, Pin, cluster_info as info,
};
use bootstrap_token_secret::{
    BootstrapToken, Expiration, ExtraGroup, ExtraGroups, StoredToken, Usage, keys,
};
use serde_json::{Value, json};

use super::Case;

pub(super) fn token(case: &Case) -> Option<Value> {
    let token: Token = case.text("text").parse().ok()?;
    Some(json!({
        "id": token.id().as_str(),
        "secret_name": keys::secret_name(token.id()),
        "jws_key_name": info::signature_key(token.id()),
    }))
}

pub(super) fn group(case: &Case) -> Option<Value> {
    case.text("text")
        .parse::<ExtraGroup>()
        .ok()
        .map(|_| json!({}))
}

pub(super) fn usage(case: &Case) -> Option<Value> {
    case.text("text").parse::<Usage>().ok().map(|_| json!({}))
}

pub(super) fn identity(case: &Case) -> Option<Value> {
    let groups: ExtraGroups = case.text("extra_groups").parse().ok()?;
    Some(json!({ "groups": groups.identity().join(",") }))
}

pub(super) fn expiration(case: &Case) -> Option<Value> {
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

pub(super) fn secret_name(case: &Case) -> Option<Value> {
    let id = keys::id_in_name(case.text("text"))?;
    Some(json!({ "id": id.as_str() }))
}

pub(super) fn secret_in(case: &Case) -> Option<Value> {
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

pub(super) fn secret_out(case: &Case) -> Option<Value> {
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

pub(super) fn secret_list(case: &Case) -> Option<Value> {
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

pub(super) fn jws(case: &Case) -> Option<Value> {
    let token = case.text("token").parse().unwrap();
    let content = case.text("content").as_bytes();
    DetachedJws::verify(case.text("jws"), content, &token).ok()?;
    Some(json!({ "jws": DetachedJws::sign(content, &token).as_str() }))
}

pub(super) fn jws_key(case: &Case) -> Option<Value> {
    let id = case.text("id").parse().ok()?;
    let content = case.text("content").as_bytes();
    let signed = DetachedJws::sign_with_key(content, id, case.text("key").as_bytes())?;
    signed
        .is(case.text("jws"))
        .then(|| json!({ "jws": signed.as_str() }))
}

pub(super) fn pin(case: &Case) -> Option<Value> {
    let bundle = Certificate::bundle(case.text("certificates").as_bytes()).ok()?;
    let pins: Vec<_> = bundle
        .iter()
        .map(|found| Pin::of(found).to_string())
        .collect();
    Some(json!({ "pins": pins }))
}

fn pins(text: &str) -> Option<Vec<Pin>> {
    let pins: Option<Vec<Pin>> = text.split(',').map(|pin| pin.parse().ok()).collect();
    pins.filter(|pins| !pins.iter().any(Pin::is_of_nothing))
}

pub(super) fn pin_match(case: &Case) -> Option<Value> {
    let pins = pins(case.text("pins"))?;
    let bundle = Certificate::bundle(case.text("certificates").as_bytes()).ok()?;
    bundle
        .iter()
        .any(|found| pins.contains(&Pin::of(found)))
        .then(|| json!({}))
}

pub(super) fn cluster_info(case: &Case) -> Option<Value> {
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
