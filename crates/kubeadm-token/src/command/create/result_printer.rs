//! What is printed of the tokens that were written.

use bootstrap_token_secret::BootstrapToken;

use super::certificate_key::CertificateKey;
use super::join::Join;
use crate::api_server::ApiServer;
use crate::command::new_token::Draft;
use crate::failure::Failure;
use crate::output::Output;
use crate::printer::json_yaml::{Format, Value};

/// What the object is, which `docs/created-token.schema.json` describes.
const KIND: &str = "CreatedToken";

/// What the flags ask for.
pub(super) enum ResultKind {
    Token,
    JoinCommand(Option<CertificateKey>),
    Object(Format, Option<CertificateKey>),
}

/// The same, with what it takes.
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

    /// kubeadm prints the first of several.
    pub(super) fn is_of_all(&self) -> bool {
        matches!(self, Self::Object(..))
    }

    /// The warning and the help line for a join command that leads each machine to itself.
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

/// All that a joiner needs. Fields that kubeadm's output object has too are named as there.
fn object(token: &BootstrapToken, join: &Join) -> Value {
    let expires = token.expiration().map(|time| time.to_utc_string());
    // Without a pin it would not say which cluster to trust.
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
