//! A cluster of one fake server, with a CA of its own.

use std::time::{Duration, Instant};

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, DetachedJws, Pin};
use rcgen::{CertificateParams, DnType, Issuer, KeyPair};

use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, Outcome};

pub(crate) const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";

/// What is told behind a kubeconfig that leads elsewhere.
pub(crate) const SENT_ON: &str = "note: the kubeconfig leads to https://cp.example:6443, as cluster-info says, and not to SERVER, which answered\n";

/// A certificate authority.
pub(crate) struct Authority {
    params: CertificateParams,
    key: KeyPair,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        Self::valid(name, 2020, 2055)
    }

    pub(crate) fn valid(name: &str, from: i32, to: i32) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { params, key, pem }
    }

    pub(crate) fn pin(&self) -> String {
        let bundle = Certificate::bundle_from_pem(self.pem.as_bytes()).unwrap();
        Pin::of(&bundle[0]).to_string()
    }

    pub(crate) fn public_key_pem(&self) -> String {
        self.key.public_key_pem()
    }

    /// A server with a certificate of this authority's for a name or address.
    pub(crate) fn server(
        &self,
        name: &str,
        replies: impl IntoIterator<Item = Reply>,
    ) -> FakeServer {
        self.server_valid(name, (2020, 2055), replies)
    }

    /// A server with a certificate of this authority's for several names or addresses.
    pub(crate) fn server_of(
        &self,
        names: &[&str],
        replies: impl IntoIterator<Item = Reply>,
    ) -> FakeServer {
        let (certificate, key) = self.certify(names);
        FakeServer::with_tls(&certificate, &key, replies)
    }

    /// A certificate for these names or addresses, and its key.
    pub(crate) fn certify(&self, names: &[&str]) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let params = CertificateParams::new(names).unwrap();
        let issuer = Issuer::from_params(&self.params, &self.key);
        (params.signed_by(&key, &issuer).unwrap(), key)
    }

    /// The same, with a certificate from one year to another.
    pub(crate) fn server_valid(
        &self,
        name: &str,
        (from, to): (i32, i32),
        replies: impl IntoIterator<Item = Reply>,
    ) -> FakeServer {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = params.signed_by(&key, &issuer).unwrap();
        FakeServer::with_tls(&certificate, &key, replies)
    }
}

/// As the cluster writes it, with this bundle.
pub(crate) fn kubeconfig(bundle: &str) -> String {
    format!(
        "apiVersion: v1\n\
         clusters:\n\
         - cluster:\n\
        \x20   certificate-authority-data: {}\n\
        \x20   server: https://cp.example:6443\n\
        \x20 name: \"\"\n\
         contexts: null\n\
         current-context: \"\"\n\
         kind: Config\n\
         preferences: {{}}\n\
         users: null\n",
        base64(bundle.as_bytes())
    )
}

/// cluster-info with a kubeconfig and a signature by a token over it.
pub(crate) fn signed(kubeconfig: &str, by: &str) -> Reply {
    let token: Token = by.parse().unwrap();
    let jws = DetachedJws::sign(kubeconfig.as_bytes(), &token);
    info(kubeconfig, &[(token.id().as_str(), jws.as_str())])
}

/// cluster-info with a kubeconfig and signatures.
pub(crate) fn info(kubeconfig: &str, signatures: &[(&str, &str)]) -> Reply {
    let mut data = serde_json::Map::new();
    data.insert("kubeconfig".to_owned(), kubeconfig.into());
    for (id, jws) in signatures {
        data.insert(format!("jws-kubeconfig-{id}"), (*jws).into());
    }
    let object = serde_json::json!({
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": {"name": "cluster-info", "namespace": "kube-public"},
        "data": data,
    });
    Reply::ok(object.to_string())
}

/// A home with the token in a file.
pub(crate) fn home() -> Home {
    let home = Home::empty();
    home.write("token", TOKEN);
    home
}

/// Looks for a cluster with the token of that file, `more` behind it.
pub(crate) fn discover(home: &Home, servers: &[&str], more: &[&str]) -> Outcome {
    let all = [&["discover"], servers, &["--token-file", "token"], more].concat();
    let mut outcome = home.watched(&all);
    for server in servers {
        let url = if server.contains("://") {
            (*server).to_owned()
        } else {
            format!("https://{server}")
        };
        outcome.stderr = outcome.stderr.replace(&url, "SERVER");
    }
    assert!(!outcome.stderr.contains("9r2c3d4e5f6g7h8i"));
    outcome
}

/// Each of its replies is called for, and the run ends with this.
#[track_caller]
pub(crate) fn refuses(server: &FakeServer, pin: &str, error: &str, help: &str) {
    let before = Instant::now();
    let more = ["--ca-pin", pin, "--timeout", "1s"];
    let outcome = discover(&home(), &[&server.url()], &more);
    outcome.fails_with(&format!(
        "error: cannot discover the cluster: SERVER: {error}\nhelp: {help}\n"
    ));
    assert!(before.elapsed() < Duration::from_secs(5));
}

/// [`refuses`] a server with a certificate of the pinned CA's.
#[track_caller]
pub(crate) fn refuses_replies(replies: impl IntoIterator<Item = Reply>, error: &str, help: &str) {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", replies);
    refuses(&server, &ca.pin(), error, help);
    server.asked();
}
