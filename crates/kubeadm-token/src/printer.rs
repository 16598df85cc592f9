//! How tokens are printed: one file a format.

mod column_writer;
mod json;
mod text;
mod yaml;

use std::io::{self, Write};
use std::time::SystemTime;

use bootstrap_token_secret::StoredToken;

use crate::failure::Failure;
use crate::quote;

pub(crate) use json::string as json_string;
pub(crate) use yaml::scalar as yaml_scalar;

/// The object that json and yaml print: `BootstrapToken` of kubeadm's output API.
const API_VERSION: &str = "output.kubeadm.k8s.io/v1alpha3";
const KIND: &str = "BootstrapToken";

/// An output format, and what it remembers between two tokens.
pub(crate) enum Printer {
    Text(text::Table),
    Json,
    Yaml(yaml::Documents),
}

impl Printer {
    /// The printer for an argument of `-o`.
    pub(crate) fn by_name(name: &str) -> Result<Self, Failure> {
        match name {
            "text" => Ok(Self::Text(text::Table::default())),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml(yaml::Documents::default())),
            _ => Err(Failure::new(format!(
                "could not construct output printer: unable to match a printer suitable for the output format {}, allowed formats are: json,text,yaml",
                quote::shown(name)
            ))
            .help("use `-o text`, `-o json` or `-o yaml`")),
        }
    }

    /// Prints one token, its secret in it: that is what the table is for.
    pub(crate) fn print(
        &mut self,
        token: &StoredToken,
        now: SystemTime,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Text(table) => table.print(token, now, out),
            Self::Json => json::print(token, out),
            Self::Yaml(documents) => documents.print(token, out),
        }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use bootstrap_token_secret::StoredToken;
    use k8s_openapi::ByteString;
    use k8s_openapi::api::core::v1::Secret;

    /// A token as it stands in a Secret, with this data beside ID and secret.
    pub(crate) fn stored(data: &[(&str, &str)]) -> StoredToken {
        let ours = [("token-id", "abcdef"), ("token-secret", "f395accd246ae52d")];
        let mut secret = Secret::default();
        secret.metadata.name = Some("bootstrap-token-abcdef".to_owned());
        secret.data = Some(
            ours.iter()
                .chain(data)
                .map(|(key, value)| ((*key).to_owned(), ByteString(value.as_bytes().to_vec())))
                .collect(),
        );
        StoredToken::from_secret(&secret).unwrap()
    }
}
