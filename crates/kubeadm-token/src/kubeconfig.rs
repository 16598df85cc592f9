//! Finds and reads the kubeconfig. Errors name the fault and show none of the content.

mod cluster;
mod exec;
mod facts;
mod fault;
mod file;
mod proxy;
mod user;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bootstrap_token_discovery::Certificate;
use bootstrap_token_kube::kube_transport::Proxy;
use kube::config::AuthInfo;

use crate::failure::Failure;
pub(crate) use exec::Plugin;
pub use facts::facts;
use fault::Fault;
pub(crate) use fault::{WRITE_PROXY, client as client_fault, proxy as proxy_fault};
use file::Kubeconfig;
pub(crate) use proxy::environment_proxy;

/// Path of the administrator's kubeconfig on a control-plane node: `GetAdminKubeConfigPath`.
const ADMIN: &str = "/etc/kubernetes/admin.conf";

/// Finds the file as kubeadm's `GetKubeConfigPath` does. The flag comes first. Without it, the candidates are the files
/// in `KUBECONFIG`, or `~/.kube/config` if that is unset, and then the administrator's. The first that exists is used,
/// or else the first candidate. A relative home directory is ignored: the owner of the working directory must not
/// choose the kubeconfig.
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

/// The settings of a kubeconfig's context.
pub(crate) struct Access {
    /// Proxy for the connection.
    pub(crate) proxy: Option<Proxy>,
    pub(crate) config: kube::Config,
    /// The server as the kubeconfig has it.
    pub(crate) server: String,
    /// Name of the user's entry, if the context has one.
    pub(crate) user: Option<String>,
    /// CA certificates of the cluster, in DER. Empty if the entry has none.
    pub(crate) authorities: Vec<Vec<u8>>,
    /// Risky settings in the kubeconfig.
    pub(crate) warnings: Vec<String>,
}

/// Reads the kubeconfig at `path`.
///
/// Uses the chosen context, or else the current one. Checks here what would otherwise fail only at the first request,
/// so that the error names the file.
pub(crate) fn load(
    path: &Path,
    choice: Option<&str>,
    env: &dyn Fn(&str) -> Option<OsString>,
    now: SystemTime,
    plugin: Plugin,
) -> Result<Access, Failure> {
    let kubeconfig = Kubeconfig::read(path)?.choose(choice);
    access(&kubeconfig, path, env, now, plugin)
}

/// Reads the content of a file, without an environment and without running its exec plugin.
#[cfg(any(test, fuzzing))]
pub(crate) fn of_bytes(bytes: &[u8], path: &Path, now: SystemTime) -> Result<Access, Failure> {
    let kubeconfig = Kubeconfig::parse(bytes, path)?;
    access(&kubeconfig, path, &|_| None, now, Plugin::Refuse)
}

/// Makes an `Access` of a parsed file. Reads the files that it names.
fn access(
    kubeconfig: &Kubeconfig,
    path: &Path,
    env: &dyn Fn(&str) -> Option<OsString>,
    now: SystemTime,
    plugin: Plugin,
) -> Result<Access, Failure> {
    let (context_name, context) = kubeconfig.context(path)?;
    let cluster = kubeconfig.cluster(path, (context_name, context))?;
    let in_cluster = |fault: Fault| fault::in_entry("cluster", path, &context.cluster, fault);
    let server = cluster.server().map_err(in_cluster)?;
    let authority = cluster.authority().map_err(in_cluster)?;
    let proxy = match &*cluster.proxy_url {
        // Plain HTTP is allowed only to this machine, and so uses no proxy.
        "" if !server.is_https() => None,
        "" => environment_proxy(&server.uri, env).map_err(|error| fault::proxy(&error))?,
        url => Some(proxy::of_cluster(url).map_err(in_cluster)?),
    };
    let user = kubeconfig.user(path, (context_name, context))?;
    let in_user = |fault: Fault| fault::in_entry("user", path, &context.user, fault);

    let mut config = kube::Config::new(server.uri.clone());
    config.disable_compression = cluster.disable_compression;
    config.auth_info = match user {
        None => AuthInfo::default(),
        Some(user) => {
            user.check().map_err(in_user)?;
            if server.is_https() {
                user.auth_info(now).map_err(in_user)?
            } else {
                user.without_credential()
            }
        }
    };
    let mut warnings = Vec::new();
    if server.is_https() {
        config.tls_server_name =
            Some(cluster.tls_server_name.clone()).filter(|name| !name.is_empty());
        config.root_cert = authority.as_deref().map(cluster::anchors);
        if config.root_cert.as_ref().is_some_and(Vec::is_empty) {
            let pem = authority.as_deref().unwrap_or_default();
            return Err(in_cluster(cluster::no_certificate(pem)));
        }
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify;
        if cluster.insecure_skip_tls_verify {
            warnings.push(format!(
                "{} has insecure-skip-tls-verify for cluster {:?}: whoever sits between can read the token",
                path.display(),
                context.cluster,
            ));
        }
        if let Some(exec) = user.and_then(user::User::plugin) {
            let told = cluster.for_plugin(&server, authority.as_deref());
            exec.run(plugin, &told, &mut config.auth_info)
                .map_err(in_user)?;
        }
    }
    Ok(Access {
        proxy,
        authorities: config.root_cert.clone().unwrap_or_default(),
        config,
        server: server.text,
        user: Some(context.user.clone()).filter(|name| !name.is_empty()),
        warnings,
    })
}

/// Returns the CA certificates that the kubeconfig trusts for its context's cluster. Reads no credential. Empty if it
/// names no CA.
pub(crate) fn authorities(path: &Path, choice: Option<&str>) -> Result<Vec<Certificate>, Failure> {
    let kubeconfig = Kubeconfig::read(path)?.choose(choice);
    let (context_name, context) = kubeconfig.context(path)?;
    let cluster = kubeconfig.cluster(path, (context_name, context))?;
    let certificates = cluster.certificates();
    certificates.map_err(|fault| fault::in_entry("cluster", path, &context.cluster, fault))
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
            let access = load(&path, None, &env, SystemTime::UNIX_EPOCH, Plugin::Run);
            let proxy = access.unwrap_or_else(|f| panic!("{f}")).proxy;
            proxy.map(|proxy| proxy.to_string())
        };
        let through = Some("http://proxy.example:3128".to_owned());
        assert_eq!(proxy("https://x.example:6443"), through);
        assert_eq!(proxy("https://127.0.0.1:6443"), None);
    }
}
