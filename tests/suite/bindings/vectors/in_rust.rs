//! What Rust answers to a case: the fields that it has for that, or why it refuses.

use std::time::{Duration, UNIX_EPOCH};

use bootstrap_token::{Token, TokenId, Weakness};
use bootstrap_token_discovery::{
    Anchor, Certificate, ClusterInfo, DetachedJws, Pin, VerifyError, cluster_info as info,
};
use bootstrap_token_secret::{
    BootstrapToken, Expiration, ExtraGroup, ExtraGroups, StoredToken, Usage, keys,
};
use serde_json::{Value, json};

use super::Case;
use super::refusal::Refusal;

pub(super) fn token(case: &Case) -> Result<Value, Refusal> {
    let token: Token = case.text("text").parse()?;
    Ok(json!({
        "id": token.id().as_str(),
        "secret_name": keys::secret_name(token.id()),
        "jws_key_name": info::signature_key(token.id()),
        "weakness": match token.weakness() {
            None => "NONE",
            Some(Weakness::PublicExample) => "PUBLIC_EXAMPLE",
            Some(Weakness::Repetition { .. }) => "REPETITION",
            Some(Weakness::Sequence { .. }) => "SEQUENCE",
            Some(Weakness::FewCharacters { .. }) => "FEW_CHARACTERS",
            Some(_) => "OTHER",
        },
    }))
}

pub(super) fn group(case: &Case) -> Result<Value, Refusal> {
    case.text("text").parse::<ExtraGroup>()?;
    Ok(json!({}))
}

pub(super) fn usage(case: &Case) -> Result<Value, Refusal> {
    case.text("text").parse::<Usage>()?;
    Ok(json!({}))
}

pub(super) fn identity(case: &Case) -> Result<Value, Refusal> {
    let groups: ExtraGroups = case.text("extra_groups").parse()?;
    Ok(json!({ "groups": groups.identity().join(",") }))
}

pub(super) fn expiration(case: &Case) -> Result<Value, Refusal> {
    if case.text("expiration").is_empty() {
        return Ok(json!({ "remaining_nanoseconds": i64::MAX }));
    }
    let expiration: Expiration = case.text("expiration").parse()?;
    let seconds = u64::try_from(case.number("now")).unwrap();
    let nanoseconds = u32::try_from(case.number("now_nanoseconds")).unwrap();
    let remaining = expiration.remaining_nanos(UNIX_EPOCH + Duration::new(seconds, nanoseconds));
    let told = i64::try_from(remaining).unwrap_or(i64::MAX);
    if remaining <= 0 {
        return Err(Refusal("EXPIRED"));
    }
    Ok(json!({ "remaining_nanoseconds": told }))
}

pub(super) fn secret_name(case: &Case) -> Result<Value, Refusal> {
    let id = keys::id_in_name(case.text("text")).ok_or(Refusal("SECRET_WRONG_NAME"))?;
    Ok(json!({ "id": id.as_str() }))
}

pub(super) fn secret_in(case: &Case) -> Result<Value, Refusal> {
    let stored = StoredToken::from_json(case.text("json").as_bytes())?;
    let record = stored.into_bootstrap_token()?;
    let groups: Vec<_> = record.groups().iter().map(ExtraGroup::as_str).collect();
    let usages: Vec<_> = record.usages().iter().map(Usage::as_str).collect();
    Ok(json!({ "record": {
        "token": &*record.token().expose(),
        "expiration": record.expiration().map(|expiration| expiration.unix_seconds()),
        "usages": usages,
        "other_usages": record.other_usages(),
        "groups": groups,
        "description": record.description(),
    }}))
}

pub(super) fn secret_out(case: &Case) -> Result<Value, Refusal> {
    let record = &case.0["record"];
    let list = |field: &str| {
        record[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.as_str().unwrap())
    };
    let expiration = record["expiration"].as_i64();
    let written = BootstrapToken::new(record["token"].as_str().unwrap().parse::<Token>()?)
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
    let secret: Value = serde_json::from_slice(&written).unwrap();
    Ok(json!({ "secret": secret }))
}

pub(super) fn secret_list(case: &Case) -> Result<Value, Refusal> {
    let secrets = StoredToken::list_from_json(case.text("json").as_bytes())?;
    let entries = secrets.map(|secret| {
        let token = secret.token.map_err(Refusal::from);
        let token = token.and_then(|token| Ok(token.into_bootstrap_token()?));
        match token {
            Ok(token) => json!({ "name": secret.name, "code": "OK", "id": token.id().as_str() }),
            Err(refusal) => json!({ "name": secret.name, "code": refusal.0 }),
        }
    });
    Ok(json!({ "entries": entries.collect::<Vec<_>>() }))
}

pub(super) fn jws(case: &Case) -> Result<Value, Refusal> {
    let token = case.text("token").parse().unwrap();
    let content = case.text("content").as_bytes();
    DetachedJws::verify(case.text("jws"), content, &token)?;
    Ok(json!({ "jws": DetachedJws::sign(content, &token).as_str() }))
}

pub(super) fn jws_key(case: &Case) -> Result<Value, Refusal> {
    let id: TokenId = case.text("id").parse()?;
    let content = case.text("content").as_bytes();
    let signed = DetachedJws::sign_with_key(content, id, case.text("key").as_bytes())
        .ok_or(Refusal("JWS_EMPTY_KEY"))?;
    if !signed.is(case.text("jws")) {
        return Err(VerifyError::Signature.into());
    }
    Ok(json!({ "jws": signed.as_str() }))
}

pub(super) fn pin(case: &Case) -> Result<Value, Refusal> {
    let bundle = Certificate::bundle(case.text("certificates").as_bytes())?;
    let pins: Vec<_> = bundle
        .iter()
        .map(|found| Pin::of(found).to_string())
        .collect();
    Ok(json!({ "pins": pins }))
}

pub(super) fn pin_match(case: &Case) -> Result<Value, Refusal> {
    let anchor = Anchor::from_pin_list(case.text("pins"))?;
    let bundle = Certificate::bundle(case.text("certificates").as_bytes())?;
    if bundle.iter().any(|found| anchor.vouches_for(found)) {
        return Ok(json!({}));
    }
    Err(Refusal("NOT_PINNED"))
}

pub(super) fn cluster_info(case: &Case) -> Result<Value, Refusal> {
    let config_map: k8s_openapi::api::core::v1::ConfigMap =
        serde_json::from_str(case.text("config_map"))
            .map_err(|_| Refusal("CLUSTER_INFO_NOT_JSON"))?;
    let anchor = match (case.0["pins"].as_str(), case.0["certificates"].as_str()) {
        (Some(text), _) => Anchor::from_pin_list(text)?,
        (_, Some(pem)) => Anchor::certificates(&Certificate::bundle(pem.as_bytes())?).unwrap(),
        _ => Anchor::danger_token_alone(),
    };
    let token: Token = case.text("token").parse().unwrap();
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(case.number("now")).unwrap());
    let info = ClusterInfo::new(config_map.data.unwrap_or_default());
    let cluster = info.trust(&token, &anchor, now)?;
    Ok(json!({
        "server": cluster.server().to_string(),
        "ca_pem": cluster.certificates_pem(),
        "kubeconfig": &*cluster.expose_bootstrap_kubeconfig(&token),
    }))
}
