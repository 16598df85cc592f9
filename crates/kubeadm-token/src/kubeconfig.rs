//! Which kubeconfig is used, and what it says; each fault by name, none of its content.

mod authorities;
mod credentials;
mod exec;
mod fault;
mod proxy;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_kube::kube_transport::Proxy;
use kube::config::{Cluster, Context as KubeContext, KubeConfigOptions, Kubeconfig};

use crate::failure::{Failure, words};
pub(crate) use authorities::authorities;
pub(crate) use exec::Plugin;
pub(crate) use fault::{WRITE_PROXY, client as client_fault, proxy as proxy_fault};
pub(crate) use proxy::environment_proxy;

/// Where kubeadm puts the administrator's: `GetAdminKubeConfigPath`.
const ADMIN: &str = "/etc/kubernetes/admin.conf";

/// Finds the file as kubeadm's `GetKubeConfigPath` does: the flag; else the first that exists of the files in
/// `KUBECONFIG`, or of `~/.kube/config` without it, and the administrator's; else the first of these. A home that is
/// not absolute counts as none: whoever owns the working directory must not choose the kubeconfig.
pub(crate) fn find(flag: Option<&OsStr>, env: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    if let Some(flag) = flag.filter(|flag| !flag.is_empty()) {
        return flag.into();
    }
    let mut places: Vec<PathBuf> = match env("KUBECONFIG").filter(|list| !list.is_empty()) {
        Some(list) => std::env::split_paths(&list)
            .filter(|place| !place.as_os_str().is_empty())
            .collect(),
        None => env("HOME")
            .map(PathBuf::from)
            .filter(|home| home.is_absolute())
            .map(|home| home.join(".kube/config"))
            .into_iter()
            .collect(),
    };
    places.push(ADMIN.into());
    places
        .iter()
        .find(|place| place.exists())
        .or(places.first())
        .cloned()
        .unwrap_or_else(|| ADMIN.into())
}

/// Stands for the proxy while kube makes a configuration: without one, it would choose by the environment, and end where
/// it cannot read that.
const NO_CHOICE: &str = "http://kube.invalid";

/// What a kubeconfig's current context leads to.
pub(crate) struct Access {
    /// The proxy on the way there.
    pub(crate) proxy: Option<Proxy>,
    pub(crate) config: kube::Config,
    /// As the kubeconfig writes it.
    pub(crate) server: String,
    /// The name of the user's entry, where the context has one.
    pub(crate) user: Option<String>,
    /// The cluster's certificate authorities, in DER; none without an entry for them.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// Choices in it that its owner may come to regret.
    pub(crate) warnings: Vec<String>,
}

/// The kubeconfig, its current context's name, and that context.
fn current(path: &Path) -> Result<(Kubeconfig, String, KubeContext), Failure> {
    let kubeconfig = Kubeconfig::read_from(path).map_err(|error| fault::read(path, &error))?;
    let name = kubeconfig
        .current_context
        .clone()
        .filter(|name| !name.is_empty())
        .ok_or_else(|| fault::no_current_context(path, &kubeconfig))?;
    let context = kubeconfig
        .contexts
        .iter()
        .find(|named| named.name == name)
        .and_then(|named| named.context.clone())
        .ok_or_else(|| fault::no_such_context(path, &name, &kubeconfig))?;
    Ok((kubeconfig, name, context))
}

fn cluster<'a>(
    kubeconfig: &'a mut Kubeconfig,
    path: &Path,
    context_name: &str,
    context: &KubeContext,
) -> Result<&'a mut Cluster, Failure> {
    kubeconfig
        .clusters
        .iter_mut()
        .find(|named| named.name == context.cluster)
        .and_then(|named| named.cluster.as_mut())
        .ok_or_else(|| fault::no_such("cluster", path, context_name, &context.cluster))
}

/// Reads the kubeconfig at `path`.
///
/// What could only fail at the first request is looked at here, so that the answer names the file.
pub(crate) async fn load(
    path: &Path,
    env: &dyn Fn(&str) -> Option<OsString>,
    now: SystemTime,
    plugin: Plugin,
) -> Result<Access, Failure> {
    let (mut kubeconfig, context_name, context) = current(path)?;
    let cluster = cluster(&mut kubeconfig, path, &context_name, &context)?;
    let mut warnings = Vec::new();
    let url = server(cluster)
        .ok_or_else(|| fault::in_entry("cluster", path, &context.cluster, "it has no server"))?;
    cluster.server = Some(url.clone());
    forget_empty(&mut cluster.proxy_url);
    let proxy = match &cluster.proxy_url {
        Some(url) => Some(proxy::of_cluster(path, &context.cluster, url)?),
        None => environment_proxy(&url, env).map_err(|error| fault::proxy(&error))?,
    };
    let proxy_url = cluster.proxy_url.replace(NO_CHOICE.to_owned());
    authorities::check(cluster)
        .map_err(|what| fault::in_entry("cluster", path, &context.cluster, what))?;
    if cluster.insecure_skip_tls_verify == Some(true) {
        warnings.push(format!(
            "{} has insecure-skip-tls-verify for cluster {:?}: whoever sits between can read the token",
            path.display(),
            context.cluster,
        ));
    } else if url.starts_with("http://") && !proxy::is_loopback(&url) {
        warnings.push(format!(
            "cluster {:?} is reached by plain HTTP: whoever sits between can read the token",
            context.cluster
        ));
    }
    let user = context.user.filter(|name| !name.is_empty());
    if let Some(name) = &user {
        let auth_info = kubeconfig
            .auth_infos
            .iter_mut()
            .find(|named| named.name == *name)
            .and_then(|named| named.auth_info.as_mut())
            .ok_or_else(|| fault::no_such("user", path, &context_name, name))?;
        credentials::read_token_file(auth_info)
            .map_err(|what| fault::in_entry("user", path, name, what))?;
        credentials::check_certificate(auth_info, now)
            .map_err(|(what, help)| fault::in_entry("user", path, name, what).help(help))?;
    }
    let mut config =
        kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
            .await
            .map_err(|error| fault::config(path, &context.cluster, &error))?;
    if config.root_cert.as_ref().is_some_and(Vec::is_empty) {
        return Err(fault::in_entry(
            "cluster",
            path,
            &context.cluster,
            "its certificate authority holds no certificate",
        ));
    }
    config.proxy_url = None;
    if let Some(of_plugin) = config
        .auth_info
        .exec
        .as_mut()
        .and_then(|exec| exec.cluster.as_mut())
    {
        of_plugin.proxy_url = proxy_url;
    }
    if let Some(name) = &user {
        exec::run(&mut config.auth_info, plugin)
            .map_err(|(what, help)| fault::in_entry("user", path, name, what).help(help))?;
        credentials::check_token(&config.auth_info)
            .map_err(|what| fault::in_entry("user", path, name, what))?;
    }
    Ok(Access {
        proxy,
        authorities: config.root_cert.clone().unwrap_or_default(),
        config,
        server: url,
        user,
        warnings,
    })
}

/// The server with a scheme, which client-go adds where there is none.
fn server(cluster: &Cluster) -> Option<String> {
    let server = cluster
        .server
        .as_deref()
        .filter(|server| !server.is_empty())?;
    if server.contains("://") {
        return Some(server.to_owned());
    }
    let encrypted = cluster.certificate_authority.is_some()
        || cluster.certificate_authority_data.is_some()
        || cluster.insecure_skip_tls_verify == Some(true);
    let scheme = if encrypted { "https" } else { "http" };
    Some(format!("{scheme}://{server}"))
}

/// An empty entry is none, as for client-go.
fn forget_empty(entry: &mut Option<String>) {
    if entry.as_deref() == Some("") {
        *entry = None;
    }
}

/// What an entry holds in base64, line breaks and spaces left out, or else the file that it names.
fn content(name: &str, data: Option<&str>, path: Option<&str>) -> Result<Option<Vec<u8>>, String> {
    match (data, path) {
        (Some(data), _) => {
            let base64: String = data.split_ascii_whitespace().collect();
            let bytes = STANDARD.decode(base64);
            bytes
                .map(Some)
                .map_err(|_| format!("its {name}-data is not base64"))
        }
        (None, Some(path)) => std::fs::read(path)
            .map(Some)
            .map_err(|error| format!("its {name}: open {path}: {}", words(&error))),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_where_kubeadm_looks() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().to_path_buf();
        let in_home = home.join(".kube/config");
        let (first, second) = (home.join("first"), home.join("second"));
        std::fs::write(&second, "").unwrap();
        let list = std::env::join_paths([&first, &second]).unwrap();

        let with = |kubeconfig: Option<OsString>| {
            let home = home.clone();
            move |name: &str| match name {
                "HOME" => Some(home.clone().into()),
                "KUBECONFIG" => kubeconfig.clone(),
                _ => None,
            }
        };
        assert_eq!(
            find(Some("x".as_ref()), &with(Some(list.clone()))),
            Path::new("x")
        );
        assert_eq!(find(Some("".as_ref()), &with(Some(list.clone()))), second);
        assert_eq!(find(None, &with(Some(list))), second);
        let at_home = |home: Option<&'static str>| {
            find(None, &|name: &str| match name {
                "HOME" => home.map(OsString::from),
                _ => None,
            })
        };
        // The working directory of a test is that of the crate.
        for home in [None, Some(""), Some("."), Some("src")] {
            assert_eq!(at_home(home), Path::new(ADMIN), "{home:?}");
        }
        if !Path::new(ADMIN).exists() {
            let empty = find(None, &with(Some(OsString::from(":"))));
            assert_eq!(empty, Path::new(ADMIN));
            assert_eq!(find(None, &with(Some(first.clone().into()))), first);
            assert_eq!(find(None, &with(None)), in_home);
            assert_eq!(find(None, &with(Some(OsString::new()))), in_home);
        }
        std::fs::create_dir(home.join(".kube")).unwrap();
        std::fs::write(&in_home, "").unwrap();
        assert_eq!(find(None, &with(None)), in_home);
    }

    #[test]
    fn a_server_without_a_scheme_gets_client_go_s() {
        let mut cluster = Cluster {
            server: Some("10.0.0.1:6443".to_owned()),
            ..Cluster::default()
        };
        assert_eq!(server(&cluster).unwrap(), "http://10.0.0.1:6443");
        cluster.certificate_authority_data = Some(String::new());
        assert_eq!(server(&cluster).unwrap(), "https://10.0.0.1:6443");
        cluster.server = Some("http://x".to_owned());
        assert_eq!(server(&cluster).unwrap(), "http://x");
        cluster.server = Some(String::new());
        assert_eq!(server(&cluster), None);
    }

    #[test]
    fn the_environment_s_proxy_is_for_https_and_not_for_this_machine() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("config");
        let proxy = |server: &str| {
            std::fs::write(
                &path,
                format!(
                    "{{clusters: [{{name: c, cluster: {{server: '{server}'}}}}], users: [{{name: u, user: {{token: x}}}}], \
                     contexts: [{{name: x, context: {{cluster: c, user: u}}}}], current-context: x}}"
                ),
            )
            .unwrap();
            let env = |name: &str| (name == "HTTPS_PROXY").then(|| "proxy.example:3128".into());
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            let access = runtime.block_on(load(&path, &env, SystemTime::UNIX_EPOCH, Plugin::Run));
            let proxy = access.unwrap_or_else(|f| panic!("{f}")).proxy;
            proxy.map(|proxy| proxy.to_string())
        };
        let through = Some("http://proxy.example:3128".to_owned());
        assert_eq!(proxy("https://x.example:6443"), through);
        assert_eq!(proxy("https://127.0.0.1:6443"), None);
        assert_eq!(proxy("http://x.example:6443"), None);
    }
}
