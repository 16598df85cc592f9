use bootstrap_token_secret::BootstrapToken;
use clap::Args;
use zeroize::Zeroizing;

use super::new_token::NewToken;
use crate::context::Context;
use crate::failure::Failure;
use crate::printer::json_yaml::{Format, Value};

const LONG_ABOUT: &str = r#"This command will print the Secret of a bootstrap token, ready for "kubectl apply -f -",
and ask no cluster.

You can describe the token by the same flags as with "create". What the Secret holds is written out as text,
in "stringData": the API server stores it as it stores a token that "create" has made.
If no [token] is given, a random token will be generated, and is known only by what is printed here.
A [token] on the command line is seen by other users of this machine: "-" reads it from standard input."#;

/// The arguments of `manifest`.
#[derive(Args)]
#[command(
    about = "Print the Secret of a bootstrap token for kubectl, but do not create it on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token manifest [token]",
)]
pub(crate) struct Manifest {
    #[command(flatten)]
    new_token: NewToken,

    #[arg(
        help = "Output format. One of: json|yaml. (default \"yaml\")",
        short,
        long,
        value_name = "string",
        default_value = "yaml"
    )]
    output: String,
}

impl Manifest {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<(), Failure> {
        let format = Format::by_name(&self.output, &[])?;
        let draft = self.new_token.draft(context)?;
        let text = secret(&draft.token).print(format);
        context.stdout.print(&text)?;
        Ok(())
    }
}

/// Returns the Secret, with its data as text.
fn secret(token: &BootstrapToken) -> Value {
    let secret = token.expose_secret();
    let text = |text: Option<String>| Value::text(text.unwrap_or_default());
    let data = secret.data.into_iter().flatten().map(|(key, value)| {
        let value = Zeroizing::new(value.0);
        // The data was made from texts.
        (key, Value::text(String::from_utf8_lossy(&value)))
    });
    Value::object([
        ("apiVersion", Value::text("v1")),
        ("kind", Value::text("Secret")),
        (
            "metadata",
            Value::object([
                ("name", text(secret.metadata.name)),
                ("namespace", text(secret.metadata.namespace)),
            ]),
        ),
        ("type", text(secret.type_)),
        ("stringData", Value::object(data)),
    ])
}
