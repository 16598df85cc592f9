//! The entry of a user: its credentials, checked as far as possible before a request.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::{Certificate, ParseCertificateError};
use kube::config::AuthInfo;
use zeroize::Zeroizing;

use super::exec::Exec;
use super::fault::Fault;
use super::file::{Malformed, Material, content, resolve};
use crate::utc::utc;
use crate::yaml::Node;

pub(super) struct User {
    token: Zeroizing<String>,
    token_file: Option<PathBuf>,
    username: String,
    password: Zeroizing<String>,
    certificate: Material,
    key: Material,
    auth_provider: bool,
    exec: Option<Exec>,
    impersonated: Impersonated,
}

/// The user to impersonate.
struct Impersonated {
    user: String,
    uid: String,
    groups: Vec<String>,
    extra: HashMap<String, Vec<String>>,
}

impl User {
    pub(super) fn read(entry: &Node, folder: &Path) -> Result<Self, Malformed> {
        let secret = |name| entry.text(name).map(|text| Zeroizing::new(text.to_owned()));
        let mut extra = HashMap::new();
        if let Some(node) = entry.get("as-user-extra")? {
            for (key, _) in node.as_map()? {
                extra.insert(key.to_owned(), node.texts(key)?);
            }
        }
        Ok(Self {
            token: secret("token")?,
            token_file: resolve(entry.text("tokenFile")?, folder),
            username: entry.text("username")?.to_owned(),
            password: secret("password")?,
            certificate: Material::read(
                entry,
                "client-certificate",
                "client-certificate-data",
                folder,
            )?,
            key: Material::read(entry, "client-key", "client-key-data", folder)?,
            auth_provider: match entry.get("auth-provider")? {
                Some(provider) => provider.text("name").map(|_| true)?,
                None => false,
            },
            exec: match entry.get("exec")? {
                Some(exec) => Some(Exec::read(exec, folder)?),
                None => None,
            },
            impersonated: Impersonated {
                user: entry.text("as")?.to_owned(),
                uid: entry.text("as-uid")?.to_owned(),
                groups: entry.texts("as-groups")?,
                extra,
            },
        })
    }

    /// Refuses what client-go refuses for any server: `validateAuthInfo`.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let has_password = !self.username.is_empty() || !self.password.is_empty();
        if !self.token.is_empty() && has_password {
            return Err(
                "it has a token and a user name or password, of which it may have one".into(),
            );
        }
        if self.certificate.is_given() && !self.key.is_given() {
            return Err("it has a client certificate and no key".into());
        }
        if let Some(exec) = &self.exec {
            if self.auth_provider {
                return Err("it has both an auth-provider and an exec plugin".into());
            }
            exec.check()?;
        }
        let Impersonated {
            user,
            uid,
            groups,
            extra,
        } = &self.impersonated;
        if user.is_empty() && !(uid.is_empty() && groups.is_empty() && extra.is_empty()) {
            return Err("it impersonates a uid, groups or extra fields, and no user".into());
        }
        Ok(())
    }

    /// Returns the impersonation without any credential: what client-go sends by plain HTTP.
    pub(super) fn without_credential(&self) -> AuthInfo {
        let Impersonated {
            user,
            uid,
            groups,
            extra,
        } = &self.impersonated;
        if user.is_empty() {
            return AuthInfo::default();
        }
        AuthInfo {
            impersonate: Some(user.clone()),
            impersonate_uid: Some(uid.clone()).filter(|uid| !uid.is_empty()),
            impersonate_groups: Some(groups.clone()).filter(|groups| !groups.is_empty()),
            impersonate_user_extra: Some(extra.clone()).filter(|extra| !extra.is_empty()),
            ..AuthInfo::default()
        }
    }

    /// Returns the impersonation and the entry's own credentials. Files are read once: a run is too short for them to
    /// change.
    pub(super) fn auth_info(&self, now: SystemTime) -> Result<AuthInfo, Fault> {
        if self.auth_provider {
            return Err(Fault::from("its way of authentication, auth-provider, is not supported")
                .help("write the kubeconfig anew, with an exec plugin, or use another one with --kubeconfig"));
        }
        let mut auth_info = self.without_credential();
        auth_info.token = self.bearer()?.map(|token| (*token).clone().into());
        if !self.username.is_empty() {
            auth_info.username = Some(self.username.clone());
            auth_info.password = Some((*self.password).clone().into());
        }
        let anew = "write the kubeconfig anew, or use another one with --kubeconfig";
        // client-go ignores a key without a certificate.
        if let Some(pem) = self
            .certificate
            .content()
            .map_err(|fault| fault.or_help(anew))?
        {
            let key = self.key.content().map_err(|fault| fault.or_help(anew))?;
            check_certificate(&pem, now).map_err(|fault| fault.or_help(anew))?;
            auth_info.client_certificate_data = Some(STANDARD.encode(&*pem));
            auth_info.client_key_data = key.map(|key| STANDARD.encode(&*key).into());
        }
        Ok(auth_info)
    }

    /// Returns the exec plugin, unless the entry itself holds a credential.
    pub(super) fn plugin(&self) -> Option<&Exec> {
        let has_own = !self.token.is_empty()
            || self.token_file.is_some()
            || !self.username.is_empty()
            || self.certificate.is_given();
        self.exec.as_ref().filter(|_| !has_own)
    }

    /// Returns the token. The token file comes first, without surrounding white space. The entry's token is used if the
    /// file is empty or cannot be read.
    fn bearer(&self) -> Result<Option<Zeroizing<String>>, Fault> {
        let own = Some(self.token.clone()).filter(|token| !token.is_empty());
        let token = match &self.token_file {
            None => own,
            Some(path) => match (content(path), own) {
                (Ok(content), own) => {
                    let text = String::from_utf8_lossy(content.trim_ascii()).into_owned();
                    let text = Zeroizing::new(text);
                    if text.is_empty() && own.is_none() {
                        return Err(format!("its tokenFile {} is empty", path.display()).into());
                    }
                    Some(text).filter(|text| !text.is_empty()).or(own)
                }
                (Err(_), Some(own)) => Some(own),
                (Err(why), None) => return Err(format!("its tokenFile: {why}").into()),
            },
        };
        if let Some(token) = &token {
            check_token(token)?;
        }
        Ok(token)
    }
}

/// Refuses a token that no header can hold.
pub(super) fn check_token(token: &str) -> Result<(), Fault> {
    http::HeaderValue::from_str(token)
        .map(drop)
        .map_err(|_| "its token holds characters that cannot be sent".into())
}

/// Refuses a client certificate that has expired or is not valid yet. The API server's own refusal does not give the
/// reason.
fn check_certificate(pem: &[u8], now: SystemTime) -> Result<(), Fault> {
    let certificate = leaf(pem).map_err(|error| format!("its client certificate: {error}"))?;
    let renew = "renew it (`kubeadm certs renew admin.conf` on a control-plane node), or set this machine's clock";
    let (first, last) = (certificate.not_before(), certificate.not_after());
    if last + Duration::from_secs(1) <= now {
        let what = format!("its client certificate expired at {}", utc(last));
        return Err(Fault::from(what).help(renew));
    }
    if now < first {
        let what = format!("its client certificate is not valid before {}", utc(first));
        return Err(Fault::from(what).help(renew));
    }
    Ok(())
}

/// Returns the first certificate of a chain, the only one that Go checks too.
fn leaf(pem: &[u8]) -> Result<Certificate, ParseCertificateError> {
    const END: &[u8] = b"-----END CERTIFICATE-----";

    let end = pem
        .windows(END.len())
        .position(|window| window == END)
        .map_or(pem.len(), |at| at + END.len());
    let mut chain = Certificate::bundle_from_pem(&pem[..end])?;
    Ok(chain.swap_remove(0))
}
