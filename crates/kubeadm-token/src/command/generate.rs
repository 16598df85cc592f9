use bootstrap_token::Token;
use clap::Args;
use tracing::info;

use crate::context::Context;
use crate::failure::Failure;

/// kubeadm's own text.
const LONG_ABOUT: &str = r#"This command will print out a randomly-generated bootstrap token that can be used with
the "init" and "join" commands.

You don't have to use this command in order to generate a token. You can do so
yourself as long as it is in the format "[a-z0-9]{6}.[a-z0-9]{16}". This
command is provided for convenience to generate tokens in the given format.

You can also use "kubeadm init" without specifying a token and it will
generate and print one for you."#;

/// The arguments of `generate`.
#[derive(Debug, Args)]
#[command(
    about = "Generate and print a bootstrap token, but do not create it on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token generate [flags]",
)]
pub(crate) struct Generate {}

impl Generate {
    pub(super) fn run(context: &mut Context<'_>) -> Result<(), Failure> {
        info!("[token] generating random token");
        let token = Token::generate().map_err(|error| {
            Failure::new("cannot generate a token")
                .because(error)
                .help("does this system give out randomness?")
        })?;
        writeln!(context.stdout, "{}", token.expose())?;
        Ok(())
    }
}
