//! Certificates as people have them, by whole commands beside kubeadm's own: each at a server of crypto/tls.

use std::fs;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, DetachedJws, Pin};
use conformance::command::{kubeadm, kubeadm_discover, ours};
use conformance::kubeconfig::Kubeconfig;
use conformance::oracle::{Answer, Oracle};
use conformance::suite::Test;
use conformance::{paths, secrets, tests};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose as Usage,
};
use serde_json::{Value, json};

use crate::tls::Pem;

pub(crate) const TESTS: &[Test] = tests!["worlds":
    whoever_kubeadm_trusts_every_verb_trusts,
];

/// A server, and who is to trust it.
pub(crate) struct World {
    pub(crate) name: String,
    /// Its certificates and its key.
    server: String,
    /// What a kubeconfig and cluster-info have as the CA.
    pub(crate) authority: String,
    /// The certificate and key that `list` shows.
    pub(crate) identity: Option<String>,
    /// What our refusal says, if it is one.
    says: Option<&'static str>,
}

impl World {
    pub(crate) fn new(name: &str, server: String, authority: String) -> Self {
        Self {
            name: name.to_owned(),
            server,
            authority,
            identity: None,
            says: None,
        }
    }
}

fn worlds() -> Vec<World> {
    let folder = paths::workspace().join("tests/certificates");
    let file = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut worlds = Vec::new();
    for name in [
        "p521",
        "p521-server",
        "rsa-1024",
        "rsa-1024-server",
        "rsa-8192-server",
        "rsa-2048-exponent-3",
        "ed25519",
    ] {
        let pem = Pem::read(&folder.join(format!("servers/{name}.pem")));
        let authority = pem.last_certificate();
        worlds.push(World::new(name, pem.text, authority));
    }
    let key = KeyPair::generate().unwrap();
    let own = |is_ca| {
        let mut params = params("server", &["127.0.0.1"]);
        params.is_ca = is_ca;
        params.self_signed(&key).unwrap().pem()
    };
    let with_key = |certificate: &str| format!("{certificate}{}", key.serialize_pem());
    let leaf = own(IsCa::NoCa);
    worlds.push(World::new(
        "the leaf as its own anchor",
        with_key(&leaf),
        leaf,
    ));
    let ca = own(IsCa::Ca(BasicConstraints::Unconstrained));
    let with_key_of_ca = with_key(&ca);
    worlds.push(World::new(
        "self-signed with CA:TRUE",
        with_key_of_ca.clone(),
        ca.clone(),
    ));
    for client in ["ed25519-version-1", "rsa-1024-pkcs1", "p521-sec1"] {
        worlds.push(World {
            identity: Some(file(&format!("clients/{client}.pem"))),
            ..World::new(client, with_key_of_ca.clone(), ca.clone())
        });
    }

    // A CA that has expired, and a new one with its key, which has issued the server's certificate.
    let of_ca = KeyPair::generate().unwrap();
    let mut params_of_ca = params("kubernetes", &[]);
    params_of_ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params_of_ca.key_usages = vec![Usage::KeyCertSign];
    let new = params_of_ca.self_signed(&of_ca).unwrap().pem();
    let issuer = Issuer::from_params(&params_of_ca, &of_ca);
    let server = params("server", &["127.0.0.1"]).signed_by(&key, &issuer);
    let server = with_key(&server.unwrap().pem());
    let mut expired = params_of_ca.clone();
    expired.not_after = rcgen::date_time_ymd(2021, 1, 1);
    worlds.push(World {
        says: Some("certificate of a CA (CN=kubernetes, issuer CN=kubernetes): it expired at 2021-01-01T00:00:00Z"),
        ..World::new(
            "an expired CA with the same key",
            server.clone(),
            expired.self_signed(&of_ca).unwrap().pem(),
        )
    });
    worlds.push(World::new("a CA", server, new));
    worlds
}

fn params(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params
}

fn whoever_kubeadm_trusts_every_verb_trusts() {
    let mut oracle = Oracle::start();
    let token = secrets::token();
    for world in worlds() {
        let address = address(&mut oracle, &world, &token);
        list(&world, &address);
        discover(&world, &address, &token);
        diagnose(&world, &address, &token);
    }
    // A section that cannot be read, in front of the CA: a kubeconfig may have it.
    let worlds = worlds();
    let good = &worlds[0];
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let bundle = format!("{broken}{}", good.authority);
    let world = World::new("a broken section", good.server.clone(), bundle);
    let address = address(&mut oracle, &world, &token);
    list(&world, &address);
}

fn address(oracle: &mut Oracle, world: &World, token: &Token) -> String {
    let answer = serve(oracle, world, token);
    let address = answer.ok().unwrap_or_else(|| panic!("{}", world.name));
    address.as_str().unwrap().to_owned()
}

/// Starts an API server with cluster-info, and no tokens. It answers with the address.
pub(crate) fn serve(oracle: &mut Oracle, world: &World, token: &Token) -> Answer {
    let kubeconfig = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "", "cluster": cluster("cp.example:6443", &world.authority)}],
    })
    .to_string();
    let jws = DetachedJws::sign(kubeconfig.as_bytes(), token);
    let signature = format!("jws-kubeconfig-{}", token.id());
    oracle.ask(&json!({
        "op": "tls_serve",
        "pem": world.server,
        "asks_client": world.identity.is_some(),
        "pages": {
            "/api/v1/namespaces/kube-system/secrets": {
                "kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [],
            },
            "/api/v1/namespaces/kube-public/configmaps/cluster-info": {
                "kind": "ConfigMap",
                "apiVersion": "v1",
                "metadata": {"name": "cluster-info", "namespace": "kube-public"},
                "data": {"kubeconfig": kubeconfig, signature: jws.as_str()},
            },
        },
    }))
}

pub(crate) fn cluster(address: &str, authority: &str) -> Value {
    json!({
        "server": format!("https://{address}"),
        "certificate-authority-data": base64(authority),
    })
}

pub(crate) fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn list(world: &World, address: &str) {
    let user = match &world.identity {
        Some(pem) => json!({
            "client-certificate-data": base64(pem), "client-key-data": base64(pem),
        }),
        None => json!({"token": "a-token"}),
    };
    let kubeconfig = Kubeconfig::new(&cluster(address, &world.authority), &user);
    let theirs = kubeadm(["list"]).kubeconfig(&kubeconfig.path()).run();
    let ours = ours(["list"]).kubeconfig(&kubeconfig.path()).run();
    let name = &world.name;
    match world.says {
        None => {
            theirs.success();
            ours.success();
        }
        Some(says) => {
            theirs.failure();
            assert!(ours.failure().contains(says), "{name}: {ours:?}");
            assert!(!ours.stderr.contains("in between"), "{name}: {ours:?}");
        }
    }
}

/// A server that asks for a certificate is no server for who has none.
fn discover(world: &World, address: &str, token: &Token) {
    if world.identity.is_some() {
        return;
    }
    let authority = Certificate::bundle_from_pem(world.authority.as_bytes()).unwrap();
    let pin = Pin::of(&authority[0]).to_string();
    let flags = ["--timeout", "5s", "--pin", &pin];
    let theirs = kubeadm_discover(address, token, flags).run();
    let arguments = ["discover", "--token", "-", address, "--ca-pin", &pin];
    let ours = ours(arguments)
        .args(["--timeout", "5s"])
        .stdin(token.expose().as_bytes())
        .prints_token()
        .run();
    if world.says.is_some() {
        theirs.failure();
        // It is told before a server is asked for its certificate.
        let says = "the cluster's CA certificate has expired";
        assert!(ours.failure().contains(says), "{ours:?}");
    } else {
        theirs.success();
        ours.success();
    }
}

/// Nothing is found of it: only that the address in cluster-info is another, which is none.
fn diagnose(world: &World, address: &str, token: &Token) {
    if world.identity.is_some() || world.says.is_some() {
        return;
    }
    let authority = Certificate::bundle_from_pem(world.authority.as_bytes()).unwrap();
    let pin = Pin::of(&authority[0]).to_string();
    let diagnosed = ours(["diagnose", "-", "--server", address, "--ca-pin", &pin])
        .stdin(token.expose().as_bytes())
        .run();
    let found = "server-name-unknown: cluster-info sends machines to https://cp.example:6443: ";
    assert!(
        diagnosed.stdout.starts_with(found) && !diagnosed.stdout.contains(address),
        "{}: {diagnosed:?}",
        world.name
    );
}
