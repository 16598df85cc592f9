//! `create -o json` and `-o yaml`: the object, and the schema that describes it.

use boon::{Compiler, Schemas};
use serde_json::Value;

use crate::fake_server::{FakeServer, Reply, base64, secret};
use crate::join_command::{KEY, TOKEN, cluster, home};
use crate::process::{Home, Outcome, run};

const SCHEMA: &str = include_str!("../../../../docs/created-token.schema.json");

/// Why an object is not as the schema says.
fn fault(object: &Value) -> Option<String> {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    let schema = serde_json::from_str(SCHEMA).unwrap();
    compiler.add_resource("schema.json", schema).unwrap();
    let schema = compiler.compile("schema.json", &mut schemas).unwrap();
    let fault = schemas.validate(object, schema).err()?;
    Some(fault.to_string())
}

/// The objects that were printed, each as the schema says.
fn objects(outcome: &Outcome) -> Vec<Value> {
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let objects = serde_json::Deserializer::from_str(&outcome.stdout).into_iter();
    let objects: Vec<Value> = objects.collect::<Result<_, _>>().unwrap();
    for object in &objects {
        assert_eq!(fault(object), None);
    }
    objects
}

/// Of a cluster that the kubeconfig has an authority for, which has nothing but to agree.
fn created(args: &[&str], tokens: usize) -> (Outcome, String) {
    let agrees = Reply::Whole(201, "", secret("abcdef", &[]));
    let there = cluster(vec![agrees; tokens]);
    let authority = format!(
        "certificate-authority-data: {}",
        base64(there.pem.as_bytes())
    );
    let home = home(&there, &authority);
    home.write(
        "tokens.yaml",
        "apiVersion: kubeadm.k8s.io/v1beta4\n\
         kind: InitConfiguration\n\
         bootstrapTokens:\n\
         - token: abcdef.9r2c3d4e5f6g7h8i\n\
        \x20 description: 'one: \"1\"'\n\
         - token: abcdeg.9r2c3d4e5f6g7h8i\n",
    );
    let outcome = home.watched(&[&["create"], args].concat());
    let address = there.server.url().replace("https://", "");
    let join = format!(
        "kubeadm join {address} --token {TOKEN} --discovery-token-ca-cert-hash {}",
        there.pin
    );
    (outcome, join)
}

#[test]
fn all_that_a_joiner_needs() {
    let (outcome, join) = created(&[TOKEN, "-o", "json"], 1);
    let object = &objects(&outcome)[0];
    assert_eq!(object["token"], TOKEN);
    assert_eq!(object["id"], TOKEN[..6]);
    assert_eq!(object["secret"], TOKEN[7..]);
    assert_eq!(object["joinCommand"], *join);
    let words: Vec<_> = join.split(' ').collect();
    assert_eq!(object["apiServerEndpoints"][0], words[2]);
    assert_eq!(object["publicKeyPins"][0], words[6]);

    let (outcome, join) = created(
        &[
            TOKEN,
            "-ojson",
            "--print-join-command",
            "--certificate-key",
            KEY,
            "--ttl=0",
            "--usages=",
        ],
        1,
    );
    let object = &objects(&outcome)[0];
    assert_eq!(
        object["joinCommand"],
        format!("{join} --control-plane --certificate-key {KEY}")
    );
    assert_eq!(object["expires"], Value::Null);
}

#[test]
fn an_object_for_each_token_of_a_configuration_and_the_same_in_yaml() {
    let config = ["--config", "tokens.yaml"];
    let (outcome, _) = created(&[&config[..], &["-o", "json"]].concat(), 2);
    assert!(
        outcome
            .stderr
            .starts_with("warning: the join command names 127.0.0.1:")
    );
    let json = objects(&outcome);
    assert_eq!(json[0]["description"], "one: \"1\"");
    assert_eq!(json[1]["id"], "abcdeg");

    let (outcome, _) = created(&[&config[..], &["-o", "yaml"]].concat(), 2);
    let yaml: Vec<Value> = serde_saphyr::from_multiple(&outcome.stdout).unwrap();
    assert_eq!(yaml.len(), 2);
    for (json, yaml) in json.into_iter().zip(yaml) {
        assert_eq!(fault(&yaml), None);
        for field in ["token", "id", "secret", "description", "usages", "groups"] {
            assert_eq!(json[field], yaml[field], "{field}");
        }
    }
}

#[test]
fn without_an_authority_there_is_no_join_command() {
    let server = FakeServer::new([Reply::Whole(201, "", secret("abcdef", &[]))]);
    let outcome = Home::new(&server).run(&["create", TOKEN, "-o", "json"]);
    let object = &objects(&outcome)[0];
    assert_eq!(object["publicKeyPins"], Value::Array(vec![]));
    assert_eq!(object["joinCommand"], Value::Null);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn the_schema_refuses_what_is_missing_and_what_is_not_known() {
    let (outcome, _) = created(&[TOKEN, "-o", "json"], 1);
    let whole = objects(&outcome).remove(0);
    for field in whole.as_object().unwrap().keys() {
        let mut object = whole.clone();
        object.as_object_mut().unwrap().remove(field);
        assert!(fault(&object).is_some(), "without {field}");
        object[field] = Value::from(7);
        assert!(fault(&object).is_some(), "with 7 as {field}");
    }
    let mut object = whole;
    object["more"] = Value::from("");
    assert!(fault(&object).is_some());
}

#[test]
fn a_format_that_there_is_not_is_found_before_anything_is_asked() {
    run(&["create", "-o", "xml"]).fails_with(
        "error: could not construct output printer: unable to match a printer suitable for the output format \"xml\", allowed formats are: json,text,yaml\n\
         help: use `-o json` or `-o yaml`\n",
    );
}
