use k8s_openapi::api::core::v1::Secret;
use zeroize::Zeroize as _;

/// Wipes the data of a plain Kubernetes object before it is dropped.
pub(crate) fn data(secret: &mut Secret) {
    for value in secret.data.iter_mut().flat_map(|data| data.values_mut()) {
        value.0.zeroize();
    }
}
