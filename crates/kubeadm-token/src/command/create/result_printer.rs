//! Prints the tokens that were created.

use bootstrap_token_secret::BootstrapToken;

use super::certificate_key::CertificateKey;
use super::join::Join;
use crate::api_server::ApiServer;
use crate::command::new_token::Draft;
use crate::failure::Failure;
use crate::output::Output;
use crate::printer::json_yaml::{Format, Value};

/// Kind of the object, which `docs/created-token.schema.json` describes.
const KIND: &str = "CreatedToken";

/// The output that the flags ask for.
pub(super) enum ResultKind {
    Token,
    JoinCommand(Option<CertificateKey>),
    Object(Format, Option<CertificateKey>),
}

/// The output, with the data that it needs.
pub(super) enum ResultPrinter {
    Token,
    JoinCommand(Join),
    Object(Format, Join),
}

impl ResultPrinter {
    pub(super) fn new(kind: ResultKind, server: &ApiServer) -> Result<Self, Failure> {
        Ok(match kind {
            ResultKind::Token => Self::Token,
            ResultKind::JoinCommand(key) => Self::JoinCommand(Join::to(server, key)?),
            ResultKind::Object(format, key) => Self::Object(format, Join::of(server, key)?),
        })
    }

    /// Returns whether all tokens are printed. kubeadm prints the first of several.
    pub(super) fn is_of_all(&self) -> bool {
        matches!(self, Self::Object(..))
    }

    /// Returns the warning and the help for a join command that leads each machine to itself.
    pub(super) fn loopback_advice(&self) -> Option<(String, &'static str)> {
        match self {
            Self::Token => None,
            Self::JoinCommand(join) | Self::Object(_, join) => join.loopback_advice(),
        }
    }

    pub(super) fn print(&self, drafts: &[Draft], out: &mut Output<'_>) -> Result<(), Failure> {
        match (self, drafts) {
            (_, []) => {}
            (Self::Token, [first, ..]) => writeln!(out, "{}", first.token.token().expose())?,
            (Self::JoinCommand(join), [first, ..]) => {
                writeln!(out, "{}", &*join.command(first.token.token()))?;
            }
            (Self::Object(format, join), drafts) => {
                for (number, draft) in drafts.iter().enumerate() {
                    if number > 0 && *format == Format::Yaml {
                        out.print("---\n")?;
                    }
                    out.print(&object(&draft.token, join).print(*format))?;
                }
            }
        }
        Ok(())
    }
}

/// Returns all that a joining machine needs. Fields of kubeadm's output object keep their names.
fn object(token: &BootstrapToken, join: &Join) -> Value {
    let expires = token.expiration().map(|time| time.to_utc_string());
    // Without a pin the command would not say which cluster to trust.
    let command = (!join.pins().is_empty()).then(|| join.command(token.token()));
    Value::of_kind(
        KIND,
        [
            ("token", Value::text(&*token.token().expose())),
            ("id", Value::text(token.id().as_str())),
            ("secret", Value::text(token.token().secret().expose())),
            ("description", Value::text(token.description())),
            ("expires", expires.map_or(Value::Null, Value::text)),
            ("usages", Value::list(token.usages().iter())),
            ("groups", Value::list(token.groups().iter())),
            ("apiServerEndpoints", Value::list([join.endpoint()])),
            ("publicKeyPins", Value::list(join.pins())),
            (
                "joinCommand",
                command.map_or(Value::Null, |command| Value::text(command.trim_end())),
            ),
        ],
    )
}
