//! The API server, asked without any of our own code: what is really there, and what others put there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, keys};
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::ByteString;
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::secrets;

/// A client that waits for each answer.
#[derive(Clone)]
pub struct Api {
    config: Config,
    client: Client,
}

/// Who the API server says that a bearer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `system:bootstrap:<id>`.
    pub user: String,
    /// In the server's order.
    pub groups: Vec<String>,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = Builder::new_multi_thread();
    runtime.worker_threads(1).enable_all().build().unwrap()
});

impl Api {
    /// With the credential of a kubeconfig.
    pub fn from_kubeconfig(path: &Path) -> Self {
        RUNTIME.block_on(async {
            let kubeconfig = Kubeconfig::read_from(path).unwrap();
            let options = KubeConfigOptions::default();
            Self::from_config(
                Config::from_custom_kubeconfig(kubeconfig, &options)
                    .await
                    .unwrap(),
            )
        })
    }

    fn from_config(config: Config) -> Self {
        let client = Client::try_from(config.clone()).unwrap();
        Self { config, client }
    }

    /// The Secret, if there is one.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        RUNTIME.block_on(self.secrets().get_opt(name)).unwrap()
    }

    /// All Secrets of the type of a token.
    pub fn token_secrets(&self) -> Vec<Secret> {
        let of_type = ListParams::default().fields(&format!("type={}", keys::SECRET_TYPE));
        RUNTIME
            .block_on(self.secrets().list(&of_type))
            .unwrap()
            .items
    }

    /// Creates a Secret as it is given; the token secret in it is registered.
    pub fn create_secret(&self, secret: &Secret) {
        register(secret);
        RUNTIME
            .block_on(self.secrets().create(&PostParams::default(), secret))
            .unwrap();
    }

    /// Creates the Secrets of many tokens at once.
    pub fn create_all(&self, tokens: &[BootstrapToken]) {
        let api = self.secrets();
        RUNTIME
            .block_on(
                stream::iter(tokens)
                    .map(|token| {
                        let secret = token.expose_secret();
                        register(&secret);
                        let api = api.clone();
                        async move { api.create(&PostParams::default(), &secret).await }
                    })
                    .buffer_unordered(64)
                    .try_for_each(|_| async { Ok(()) }),
            )
            .unwrap();
    }

    /// Deletes a Secret that is there.
    pub fn delete_secret(&self, name: &str) {
        RUNTIME
            .block_on(self.secrets().delete(name, &DeleteParams::default()))
            .unwrap();
    }

    /// Changes a Secret by a merge patch.
    pub fn patch_secret(&self, name: &str, patch: &Value) {
        let parameters = PatchParams::default();
        RUNTIME
            .block_on(
                self.secrets()
                    .patch(name, &parameters, &Patch::Merge(patch)),
            )
            .unwrap();
    }

    /// The data of `kube-public/cluster-info`.
    pub fn cluster_info(&self) -> BTreeMap<String, String> {
        self.cluster_info_object().data.unwrap_or_default()
    }

    /// `kube-public/cluster-info` as a whole.
    pub fn cluster_info_object(&self) -> ConfigMap {
        RUNTIME
            .block_on(self.config_maps().get("cluster-info"))
            .unwrap()
    }

    /// Changes `kube-public/cluster-info` by a merge patch.
    pub fn patch_cluster_info(&self, patch: &Value) {
        let parameters = PatchParams::default();
        RUNTIME
            .block_on(
                self.config_maps()
                    .patch("cluster-info", &parameters, &Patch::Merge(patch)),
            )
            .unwrap();
    }

    /// Creates any object by its path under the API server, and returns what came back.
    pub fn post(&self, path: &str, object: &Value) -> Value {
        self.try_post(path, object).unwrap()
    }

    /// [`post`](Self::post) of what may be refused.
    ///
    /// # Errors
    /// It is, or there is no answer.
    pub fn try_post(&self, path: &str, object: &Value) -> Result<Value, kube::Error> {
        let request = http_post(path, object);
        RUNTIME.block_on(self.client.request(request))
    }

    /// Who the server takes the bearer of a token for; `None` when it is nobody (401).
    pub fn who_is(&self, token: &Token) -> Option<Identity> {
        self.who_is_bearer(&token.expose())
    }

    /// [`who_is`](Self::who_is) for any bearer token.
    pub fn who_is_bearer(&self, bearer: &str) -> Option<Identity> {
        let answer: Result<SelfSubjectReview, _> = RUNTIME.block_on(async {
            let mut config = self.config.clone();
            config.auth_info = kube::config::AuthInfo {
                token: Some(bearer.to_owned().into()),
                ..Default::default()
            };
            let review =
                json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
            let request = http_post("/apis/authentication.k8s.io/v1/selfsubjectreviews", &review);
            Client::try_from(config).unwrap().request(request).await
        });
        match answer {
            Ok(review) => {
                let user = review
                    .status
                    .unwrap_or_default()
                    .user_info
                    .unwrap_or_default();
                Some(Identity {
                    user: user.username.unwrap_or_default(),
                    groups: user.groups.unwrap_or_default(),
                })
            }
            Err(kube::Error::Api(status)) if status.code == 401 => None,
            Err(error) => panic!("{error}"),
        }
    }

    fn config_maps(&self) -> kube::Api<ConfigMap> {
        kube::Api::namespaced(self.client.clone(), "kube-public")
    }

    fn secrets(&self) -> kube::Api<Secret> {
        kube::Api::namespaced(self.client.clone(), keys::NAMESPACE)
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Api")
            .field(&self.config.cluster_url)
            .finish()
    }
}

fn http_post(path: &str, object: &Value) -> http::Request<Vec<u8>> {
    http::Request::post(path)
        .header("Content-Type", "application/json")
        .body(object.to_string().into_bytes())
        .unwrap()
}

fn register(secret: &Secret) {
    let value = secret
        .data
        .as_ref()
        .and_then(|data| data.get(keys::TOKEN_SECRET));
    if let Some(ByteString(value)) = value {
        match bootstrap_token::TokenSecret::from_bytes(value) {
            Ok(secret) => secrets::register(&secret),
            Err(_) if value.len() < 4 => {} // too short to be told from other text
            Err(_) => secrets::register_text(&String::from_utf8_lossy(value)),
        }
    }
}
