use core::fmt;
use std::ffi::OsString;

use http::Uri;

use super::no_proxy::NoProxy;
use super::url::Url;
use super::{ParseProxyError, Proxy};

/// The proxies in the environment and their exceptions, by the rules of `httpproxy.Config` in `golang.org/x/net`, which
/// net/http and client-go use.
///
/// `HTTP_PROXY` applies to servers of plain HTTP, `HTTPS_PROXY` to those of TLS. `NO_PROXY` names servers to reach
/// directly. The lower-case names are used if these are empty. `localhost` and loopback addresses are always reached
/// directly. Invalid values are ignored.
///
/// ```
/// use kube_transport::ProxyEnvironment;
///
/// let environment = ProxyEnvironment::new(|name| match name {
///     "HTTPS_PROXY" => Some("proxy.example:3128".into()),
///     "NO_PROXY" => Some(".cluster.local,10.0.0.0/8".into()),
///     _ => None,
/// });
/// let proxy = |server: &str| environment.proxy_for(&server.parse().unwrap()).unwrap();
/// assert_eq!(proxy("https://192.0.2.7:6443").unwrap().to_string(), "http://proxy.example:3128");
/// assert_eq!(proxy("https://10.0.0.1:6443"), None);
/// ```
#[derive(Debug, Clone)]
pub struct ProxyEnvironment {
    http: Option<Result<Proxy, ParseProxyError>>,
    https: Option<Result<Proxy, ParseProxyError>>,
    no_proxy: NoProxy,
    is_cgi: bool,
    passed_over: Vec<&'static str>,
}

impl ProxyEnvironment {
    /// Reads the variables through `env`, like `httpproxy.FromEnvironment`.
    pub fn new(env: impl Fn(&str) -> Option<OsString>) -> Self {
        let any = |upper: &'static str, lower: &'static str| {
            [upper, lower]
                .into_iter()
                .filter_map(|name| Some((name, env(name)?)))
                .find(|(_, value)| !value.is_empty())
        };
        let mut passed_over = Vec::new();
        let mut proxy = |upper, lower| {
            let (name, value) = any(upper, lower)?;
            let url = value.to_str().and_then(parse);
            if url.is_none() {
                passed_over.push(name);
            }
            url.map(Proxy::from_url)
        };
        let (http, https) = (
            proxy("HTTP_PROXY", "http_proxy"),
            proxy("HTTPS_PROXY", "https_proxy"),
        );
        let no_proxy = any("NO_PROXY", "no_proxy").unwrap_or_default().1;
        Self {
            http,
            https,
            no_proxy: NoProxy::parse(&no_proxy.to_string_lossy()),
            is_cgi: env("REQUEST_METHOD").is_some_and(|method| !method.is_empty()),
            passed_over,
        }
    }

    /// Returns the variables whose values are not URLs. Like Go, this crate ignores them.
    pub fn passed_over(&self) -> &[&'static str] {
        &self.passed_over
    }

    /// Returns the proxy for a server.
    ///
    /// # Errors
    /// The environment's proxy for this server cannot be used.
    pub fn proxy_for(&self, server: &Uri) -> Result<Option<Proxy>, ProxyError> {
        let (proxy, default_port) = match server.scheme_str() {
            Some("https") => (&self.https, 443),
            Some("http") => (&self.http, 80),
            _ => return Ok(None),
        };
        let Some(proxy) = proxy else {
            return Ok(None);
        };
        if server.scheme_str() == Some("http") && self.is_cgi {
            return Err(ProxyError::Cgi);
        }
        let host = server.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if self
            .no_proxy
            .excepts(host, server.port_u16().unwrap_or(default_port))
        {
            return Ok(None);
        }
        proxy.clone().map(Some).map_err(ProxyError::Unusable)
    }
}

/// `parseProxy`: a text that is not a URL with a host may be one without a scheme.
fn parse(text: &str) -> Option<Url> {
    let url = Url::parse(text);
    match url {
        Some(url) if !url.scheme.is_empty() && !url.host.is_empty() => Some(url),
        other => Url::parse(&format!("http://{text}")).or(other),
    }
}

/// Why the environment's proxy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyError {
    /// It comes from `HTTP_PROXY`, which a request header can set in a CGI program
    /// (<https://golang.org/s/cgihttpproxy>).
    Cgi,
    /// The proxy is not supported.
    Unusable(ParseProxyError),
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cgi => {
                f.write_str("HTTP_PROXY is refused in a CGI program (REQUEST_METHOD is set)")
            }
            Self::Unusable(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ProxyError {}
