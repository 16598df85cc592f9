use core::fmt;

use bootstrap_token::TokenId;
use bootstrap_token_discovery::cluster_info;
use bootstrap_token_secret::keys::{self, NAMESPACE, SECRET_TYPE};
use bytes::Bytes;
use form_urlencoded::Serializer;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request as HttpRequest};
use kube::client::Body;

use crate::page_size::PageSize;

/// Protobuf from a server that supports it, JSON from any other.
const MEDIA: &str = "application/vnd.kubernetes.protobuf, application/json";
/// For single objects, where a second decoder is not worth it.
const JSON: &str = "application/json";

/// For lists: only the metadata of each object.
const METADATA: &str =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io, application/json";

/// The name in errors.
const CLUSTER_INFO: &str = "the ConfigMap kube-public/cluster-info";

/// The purpose of a call, as errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create(TokenId),
    Get(TokenId),
    List,
    Delete(TokenId),
    ReadClusterInfo,
    WriteClusterInfo,
    Diagnose,
    Connect,
    ClusterInfo { verified: bool },
    Rights,
}

impl Purpose {
    /// Returns whether the server is verified.
    pub(crate) fn is_verified(self) -> bool {
        !matches!(self, Self::ClusterInfo { verified: false })
    }

    /// Returns the words of a request that are not secret.
    pub(crate) fn public_words(self, request: &Request) -> String {
        match self {
            Self::Create(id) => format!("{} {id}", request.path),
            _ => request.path.clone(),
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Purpose::Create(id) => write!(f, "cannot create the bootstrap token {id}"),
            Purpose::Get(id) => write!(f, "cannot read the bootstrap token {id}"),
            Purpose::List => f.write_str("cannot list the bootstrap tokens"),
            Purpose::Delete(id) => write!(f, "cannot delete the bootstrap token {id}"),
            Purpose::ReadClusterInfo => write!(f, "cannot read {CLUSTER_INFO}"),
            Purpose::WriteClusterInfo => write!(f, "cannot write {CLUSTER_INFO}"),
            Purpose::Diagnose => f.write_str("cannot look into it"),
            Purpose::Connect => f.write_str("cannot make a client of the API server"),
            Purpose::ClusterInfo { verified: false } => f.write_str("cannot read cluster-info"),
            Purpose::ClusterInfo { verified: true } => {
                f.write_str("cannot read cluster-info over verified TLS")
            }
            Purpose::Rights => f.write_str("cannot ask what the token may do"),
        }
    }
}

/// One request, which may be sent several times.
#[derive(Clone)]
pub(crate) struct Request {
    method: Method,
    path: String,
    query: String,
    body: Bytes,
    /// The media type of `body`.
    content: &'static str,
    /// The accepted media types.
    accept: &'static str,
    /// The longest body read from a successful reply, or `None` to skip it.
    pub(crate) limit: Option<usize>,
    /// The estimated length of the body.
    pub(crate) expected: usize,
}

impl Request {
    /// The limit for one object: etcd stores at most 1.5 MiB, or 2 MiB as base64 in JSON.
    const OBJECT: usize = 4 << 20;
    /// The limit for cluster-info: at most 1 MiB of data (`MaxSecretSize`), plus JSON's escapes and `managedFields`.
    const CLUSTER_INFO: usize = 2 << 20;
    /// The limit for a small answer, such as a review or a lease.
    const ANSWER: usize = 256 << 10;
    /// The limit for a page. 2,500 tokens are about 1.5 MB. A page of large Secrets is longer: it is asked for again in
    /// parts, of which the smallest is one object.
    const PAGE: usize = 8 << 20;

    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: String::new(),
            body: Bytes::new(),
            content: JSON,
            accept: MEDIA,
            limit: None,
            expected: 0,
        }
    }

    pub(crate) fn create(secret: Bytes) -> Self {
        let mut request = Self::new(Method::POST, secrets());
        request.body = secret;
        request
    }

    pub(crate) fn get(id: TokenId) -> Self {
        let mut request = Self::new(Method::GET, secret(id));
        request.limit = Some(Self::OBJECT);
        request
    }

    pub(crate) fn list(page_size: PageSize, r#continue: &str) -> Self {
        let mut query = Serializer::new(String::new());
        query.append_pair("fieldSelector", &format!("type={SECRET_TYPE}"));
        query.append_pair("limit", &page_size.tokens().to_string());
        if !r#continue.is_empty() {
            query.append_pair("continue", r#continue);
        }
        let mut request = Self::new(Method::GET, secrets());
        request.query = query.finish();
        request.limit = Some(Self::PAGE);
        request.expected = page_size.expected();
        request
    }

    /// Lists the Secrets with a token's name and type in every namespace, from the API server's cache: it does not read
    /// all Secrets for that.
    pub(crate) fn named(id: TokenId) -> Self {
        let named = format!("type={SECRET_TYPE},metadata.name={}", keys::secret_name(id));
        let mut request = Self::new(Method::GET, "/api/v1/secrets".to_owned());
        request.query = Serializer::new(String::new())
            .append_pair("fieldSelector", &named)
            .append_pair("resourceVersion", "0")
            .finish();
        request.accept = METADATA;
        request.limit = Some(Self::OBJECT);
        request
    }

    pub(crate) fn delete(id: TokenId) -> Self {
        Self::new(Method::DELETE, secret(id))
    }

    pub(crate) fn cluster_info() -> Self {
        let mut request = Self::new(Method::GET, config_map());
        request.limit = Some(Self::CLUSTER_INFO);
        request
    }

    /// Builds a JSON merge patch (RFC 7386), which keeps whatever it does not name. As for every write, `managedFields`
    /// records the `User-Agent`.
    pub(crate) fn patch_cluster_info(patch: Bytes) -> Self {
        let mut request = Self::new(Method::PATCH, config_map());
        request.content = "application/merge-patch+json";
        request.body = patch;
        request
    }

    /// Builds a request with a short answer in JSON.
    pub(crate) fn json(method: Method, path: &str, body: Bytes) -> Self {
        let mut request = Self::new(method, path.to_owned());
        request.accept = JSON;
        request.body = body;
        request.limit = Some(Self::ANSWER);
        request
    }

    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path without the query.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Builds the HTTP request. All parts are valid by construction, so it cannot fail; the caller handles the error
    /// anyway.
    pub(crate) fn to_http(&self) -> Result<HttpRequest<Body>, http::Error> {
        let target = match &*self.query {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        };
        let mut request = HttpRequest::builder()
            .method(self.method.clone())
            .uri(target)
            .header(ACCEPT, HeaderValue::from_static(self.accept));
        if !self.body.is_empty() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(self.content));
        }
        request.body(Body::from(self.body.clone()))
    }
}

fn config_map() -> String {
    format!(
        "/api/v1/namespaces/{}/configmaps/{}",
        cluster_info::NAMESPACE,
        cluster_info::NAME
    )
}

fn secrets() -> String {
    format!("/api/v1/namespaces/{NAMESPACE}/secrets")
}

fn secret(id: TokenId) -> String {
    format!("{}/{}", secrets(), keys::secret_name(id))
}
