//! The cluster that a newcomer may trust.

use core::ffi::c_char;
use core::ptr;
use std::collections::BTreeMap;

use bootstrap_token_discovery::{Anchor, Certificate, ClusterInfo, Distrust, TrustedCluster};
use serde::Deserialize;

use crate::boundary::{Failure, answer, call};
use crate::bytes::Bytes;
use crate::code::Code;
use crate::error::Error;
use crate::output::{Out, lend};
use crate::token::Token;
use crate::{clock, input, pin, signing};

/// A cluster that there is reason to trust: where its API server is, and its CA certificates that may be trusted. Never
/// changes, so that threads may share it.
pub struct Cluster {
    inner: TrustedCluster,
    server: String,
    certificates: String,
}

impl input::Object for Cluster {}

/// Checks `kube-public/cluster-info` before joining: that the token signed its kubeconfig, and that a CA certificate in
/// it has one of the pins. `config_map` is the ConfigMap as the API server sends it, in JSON; whoever sent it need not
/// be trusted. `pins` is one or more pins (`sha256:<hex>`) with commas between; `now` is in Unix seconds. `*cluster`
/// belongs to the caller.
///
/// Fails with the first reason not to trust it: `CLUSTER_INFO_*`, `JWS_*`, `KUBECONFIG_*`, `CERTIFICATE_*`,
/// `NOT_PINNED`, `AUTHORITY_*`; with `PIN_*`; and with `INVALID_ARGUMENT` for a `now` before 1970.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3, 7)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_info_verify(
    config_map: *const c_char,
    config_map_len: usize,
    token: *const Token,
    pins: *const c_char,
    pins_len: usize,
    now: i64,
    cluster: *mut *mut Cluster,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(cluster, "cluster")?;
            let token = input::object(token, "token")?;
            let config_map = input::bytes(config_map, config_map_len, "config_map")?;
            let anchor = Anchor::from_pin_list(input::text(pins, pins_len, "pins")?)?;
            out.give(trust(config_map, token, &anchor, now)?);
            Ok(())
        })
    }
}

/// As `bootstrap_token_cluster_info_verify`, with the CA certificates themselves (PEM or DER), as they were handed over
/// beside the token, instead of their pins.
///
/// Fails as that does, with `CERTIFICATE_*` in the place of `PIN_*`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3, 7)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_info_verify_by_ca(
    config_map: *const c_char,
    config_map_len: usize,
    token: *const Token,
    certificates: *const c_char,
    certificates_len: usize,
    now: i64,
    cluster: *mut *mut Cluster,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(cluster, "cluster")?;
            let token = input::object(token, "token")?;
            let config_map = input::bytes(config_map, config_map_len, "config_map")?;
            let file = input::bytes(certificates, certificates_len, "certificates")?;
            let bundle = Certificate::bundle(file)?;
            // There is one, or `bundle` would have failed.
            let anchor = Anchor::certificates(&bundle)
                .ok_or_else(|| Failure::new(Code::CertificateMissing, "there is no certificate"))?;
            out.give(trust(config_map, token, &anchor, now)?);
            Ok(())
        })
    }
}

/// As `bootstrap_token_cluster_info_verify`, trusting whoever knows the token to be the cluster, as kubeadm's
/// `--discovery-token-unsafe-skip-ca-verification` does: everybody who ever held the token can take its place.
///
/// Fails as that does, but for `NOT_PINNED` and `PIN_*`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3, 5)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_info_danger_verify_without_pin(
    config_map: *const c_char,
    config_map_len: usize,
    token: *const Token,
    now: i64,
    cluster: *mut *mut Cluster,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(cluster, "cluster")?;
            let token = input::object(token, "token")?;
            let config_map = input::bytes(config_map, config_map_len, "config_map")?;
            out.give(trust(
                config_map,
                token,
                &Anchor::danger_token_alone(),
                now,
            )?);
            Ok(())
        })
    }
}

/// Where the API server is, such as `https://10.0.0.1:6443`: ASCII, no NUL behind it, borrowed until the cluster is
/// freed. NULL if `cluster` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_server(
    cluster: *const Cluster,
    len: *mut usize,
) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word, for each pointer.
        unsafe { lend(input::borrow(cluster)?.server.as_bytes(), len) }
    })
}

/// The CA certificates that may be trusted, as a PEM bundle: those that the pins or the certificates vouch for, or all
/// of cluster-info's where the token alone did, without any that is not valid at the `now` that was given. ASCII, no
/// NUL behind it, borrowed until the cluster is freed. NULL if `cluster` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_ca_pem(
    cluster: *const Cluster,
    len: *mut usize,
) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word, for each pointer.
        unsafe { lend(input::borrow(cluster)?.certificates.as_bytes(), len) }
    })
}

/// A kubeconfig by which a kubelet can bootstrap: the cluster, and the token as its credential. As secret as the token.
/// `*kubeconfig` belongs to the caller.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2, 3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_expose_kubeconfig(
    cluster: *const Cluster,
    token: *const Token,
    kubeconfig: *mut *mut Bytes,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(kubeconfig, "kubeconfig")?;
            let cluster = input::object(cluster, "cluster")?;
            let token = input::object(token, "token")?;
            out.give(Bytes::of(
                &cluster.inner.expose_bootstrap_kubeconfig(&token.0),
            ));
            Ok(())
        })
    }
}

/// Frees a cluster; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_cluster_free(cluster: *mut Cluster) {
    // SAFETY: the caller's word.
    unsafe { input::free(cluster) };
}

/// A ConfigMap, of which its data matter.
#[derive(Deserialize)]
struct ConfigMap {
    kind: Option<String>,
    data: Option<BTreeMap<String, String>>,
}

fn trust(config_map: &[u8], token: &Token, anchor: &Anchor, now: i64) -> Result<Cluster, Failure> {
    if config_map.trim_ascii().is_empty() {
        return Err(Failure::new(
            Code::ClusterInfoNotJson,
            "cluster-info is empty",
        ));
    }
    let is_object = config_map.trim_ascii_start().starts_with(b"{");
    let config_map: ConfigMap = serde_json::from_slice(config_map).map_err(|error| {
        // What `serde_json` says of a fault may quote the text.
        let (line, column) = (error.line(), error.column());
        Failure::new(
            Code::ClusterInfoNotJson,
            format!("cluster-info cannot be read as JSON beyond line {line}, column {column}"),
        )
    })?;
    // Derived code takes an array for the fields in order, too.
    if !is_object || config_map.kind.is_some_and(|kind| kind != "ConfigMap") {
        return Err(Failure::new(
            Code::ClusterInfoNotJson,
            "cluster-info is no object of kind ConfigMap",
        ));
    }
    let info = ClusterInfo::new(config_map.data.unwrap_or_default());
    let inner = info.trust(&token.0, anchor, clock::second(now)?)?;
    Ok(Cluster {
        server: inner.server().to_string(),
        certificates: inner.certificates_pem(),
        inner,
    })
}

impl From<Distrust> for Failure {
    fn from(distrust: Distrust) -> Self {
        let code = match distrust {
            Distrust::NoKubeconfig => Code::ClusterInfoNoKubeconfig,
            Distrust::NotSigned { .. } => Code::ClusterInfoNotSigned,
            Distrust::Signature(error) => signing::code(error),
            Distrust::Malformed { .. } => Code::KubeconfigMalformed,
            Distrust::NotAKubeconfig => Code::KubeconfigOtherKind,
            Distrust::NoCluster => Code::KubeconfigNoCluster,
            Distrust::SeveralClusters { .. } => Code::KubeconfigSeveralClusters,
            Distrust::NotCurrent => Code::KubeconfigNotCurrent,
            Distrust::Server(_) => Code::KubeconfigServer,
            Distrust::NoAuthority => Code::KubeconfigNoAuthority,
            Distrust::AuthorityNotBase64 => Code::KubeconfigAuthorityNotBase64,
            Distrust::Authority(error) => pin::code(error),
            Distrust::NotPinned { .. } => Code::NotPinned,
            Distrust::Expired { .. } => Code::AuthorityExpired,
            Distrust::NotYetValid { .. } => Code::AuthorityNotYetValid,
            _ => Code::Other,
        };
        Self::of(code, &distrust)
    }
}
