//! Printers of tokens, one file per format.

mod column_writer;
mod go_template;
mod json;
pub(crate) mod json_yaml;
mod jsonpath;
mod kyaml;
mod list_format;
mod redaction;
mod text;
mod ttl;
mod yaml;
mod yaml_fold;

use std::time::SystemTime;

use bootstrap_token_secret::{Defect, StoredToken, keys};

use crate::failure::Failure;
use crate::output::Output;

pub(crate) use json::string as json_string;
pub(crate) use list_format::ListFormat;
pub(crate) use redaction::ShownToken;
pub(crate) use yaml::scalar as yaml_scalar;

/// API version of the object that json and yaml print: `BootstrapToken` of kubeadm's output API.
const API_VERSION: &str = "output.kubeadm.k8s.io/v1alpha3";
const KIND: &str = "BootstrapToken";

/// Prints tokens one by one.
pub(crate) struct Printer {
    format: Writer,
    redact: bool,
}

/// A format, and its state between two tokens.
enum Writer {
    Text(text::Table),
    Json,
    Yaml(yaml::Documents),
    Kyaml,
    Name,
    JsonPath(jsonpath::JsonPath),
    GoTemplate(go_template::GoTemplate),
}

impl Writer {
    /// Returns whether the format escapes strings by itself.
    fn escapes(&self) -> bool {
        match self {
            Self::Json | Self::Yaml(_) | Self::Kyaml => true,
            Self::JsonPath(template) => template.is_json(),
            Self::Text(_) | Self::Name | Self::GoTemplate(_) => false,
        }
    }
}

/// Flags that affect the formats.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, or a fact")]
pub(crate) struct Options {
    pub(crate) allow_missing_template_keys: bool,
    /// Print a header above the table.
    pub(crate) headers: bool,
    /// Hide token secrets.
    pub(crate) redact: bool,
    /// Color values that need attention.
    pub(crate) colour: bool,
}

impl Printer {
    /// Makes the printer for an argument of `-o`.
    pub(crate) fn new(format: &str, options: &Options) -> Result<Self, Failure> {
        let format = match ListFormat::parse(format)? {
            ListFormat::Text => Writer::Text(text::Table::new(options)),
            ListFormat::Wide => Writer::Text(text::Table::new(options).wide()),
            ListFormat::Json => Writer::Json,
            ListFormat::Yaml => Writer::Yaml(yaml::Documents::default()),
            ListFormat::Kyaml => Writer::Kyaml,
            ListFormat::Name => Writer::Name,
            ListFormat::JsonPath { template, as_json } => Writer::JsonPath(
                jsonpath::JsonPath::parse(template, as_json, options.allow_missing_template_keys)?,
            ),
            ListFormat::GoTemplate(template) => Writer::GoTemplate(go_template::GoTemplate::parse(
                template,
                options.allow_missing_template_keys,
            )?),
        };
        Ok(Self {
            format,
            redact: options.redact,
        })
    }

    /// Prints one token. Its defects are computed only by the formats that show them.
    pub(crate) fn print(
        &mut self,
        token: &StoredToken,
        defects: &dyn Fn() -> Vec<Defect>,
        now: SystemTime,
        out: &mut Output<'_>,
    ) -> Result<(), Failure> {
        let mut token = if self.redact {
            ShownToken::redacted(token)
        } else {
            ShownToken::whole(token)
        };
        if out.is_terminal() && !self.format.escapes() {
            token = token.escaped();
        }
        let token = &token;
        match &mut self.format {
            Writer::Text(table) => table.print(token, defects, now, out)?,
            Writer::Json => json::print(token, out)?,
            Writer::Yaml(documents) => documents.print(token, out)?,
            Writer::Kyaml => kyaml::print(token, out)?,
            Writer::Name => writeln!(out, "secret/{}", keys::secret_name(token.id()))?,
            Writer::JsonPath(template) => template.print(token, out)?,
            Writer::GoTemplate(template) => template.print(token, out)?,
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use bootstrap_token_secret::StoredToken;
    use k8s_openapi::ByteString;
    use k8s_openapi::api::core::v1::Secret;

    /// Makes a stored token with this data in addition to ID and secret.
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
