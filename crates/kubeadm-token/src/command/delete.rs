use std::ffi::OsString;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_kube::Deletion;
use bootstrap_token_secret::keys;
use clap::Args;
use clap_complete::ArgValueCandidates;
use tracing::info;

use crate::api_server::{self, ApiServer};
use crate::cli::{Global, completion};
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use crate::output::OutputError;
use crate::quote;
use crate::stack_wipe;

/// kubeadm's own text.
const LONG_ABOUT: &str = r#"This command will delete a list of bootstrap tokens for you.

The [token-value] is the full Token of the form "[a-z0-9]{6}.[a-z0-9]{16}" or the
Token ID of the form "[a-z0-9]{6}" to delete."#;

/// The arguments of `delete`.
#[derive(Args)]
#[command(
    about = "Delete bootstrap tokens on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token delete [token-value] ...",
)]
pub(crate) struct Delete {
    #[arg(value_name = "token-value", hide = true, add = ArgValueCandidates::new(completion::ids))]
    tokens: Vec<OsString>,
}

impl Delete {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let ids = stack_wipe::use_stack(|| self.ids())?;
        if global.dry_run {
            return api_server::run(async {
                // kubeadm's dry run needs a usable kubeconfig too.
                ApiServer::new(global, context)?;
                for id in ids {
                    dry_run::delete(id, &mut context.stdout)?;
                    say_deleted(id, context)?;
                }
                Ok(())
            });
        }
        api_server::run(delete(&ids, global, context))
    }

    /// Parses all IDs before the first token is deleted.
    fn ids(self) -> Result<Vec<TokenId>, Failure> {
        if self.tokens.is_empty() {
            return Err(Failure::new(format!(
                "missing argument; 'token delete' is missing token of form {} or {}",
                quote::go(quote::TOKEN_PATTERN),
                quote::go(quote::TOKEN_ID_PATTERN),
            ))
            .help("see the IDs with `kubeadm-token list`"));
        }
        info!("[token] parsing token");
        self.tokens
            .iter()
            .enumerate()
            .map(|(number, text)| {
                if let Some(id) = text.to_str().and_then(id_of_secret) {
                    return Ok(id);
                }
                let text = text.as_encoded_bytes();
                TokenId::from_bytes(text)
                    .or_else(|of_id| {
                        // A word with a dot, or with far too many characters, was meant as a whole token.
                        Token::from_bytes(text)
                            .map(|token| token.id())
                            .map_err(|of_token| {
                                if text.contains(&b'.') {
                                    of_token
                                } else {
                                    of_id
                                }
                            })
                    })
                    .map_err(|error| {
                        Failure::new(format!(
                            "given token didn't match pattern {} or {}",
                            quote::go(quote::TOKEN_PATTERN),
                            quote::go(quote::TOKEN_ID_PATTERN),
                        ))
                        .help(format!(
                            "argument {}: {}; nothing was deleted, see the IDs with `kubeadm-token list`",
                            number + 1,
                            error.problem()
                        ))
                    })
            })
            .collect()
    }
}

/// Returns the ID in the name of a Secret, as `list -o name` and kubectl print it.
fn id_of_secret(name: &str) -> Option<TokenId> {
    let name = name
        .strip_prefix("secret/")
        .or_else(|| name.strip_prefix("secrets/"))
        .unwrap_or(name);
    keys::id_in_name(name)
}

async fn delete(
    ids: &[TokenId],
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let server = ApiServer::new(global, context)?;
    // A failure to print is no reason to leave tokens alive.
    let mut said = Ok(());
    for &id in ids {
        info!("[token] deleting token {:?}", id.as_str());
        let what = || format!("failed to delete bootstrap token {:?}", id.as_str());
        match server.wait(server.tokens.delete(id)).await {
            Ok(Deletion::NotThere) => {
                return Err(Failure::new(what())
                    .because(format!("secrets {:?} not found", keys::secret_name(id)))
                    .help("it may have expired or been deleted before; see what is there with `kubeadm-token list`"));
            }
            Ok(Deletion::Gone) => {
                return Err(Failure::new(what())
                    .because(format!("secrets {:?} not found", keys::secret_name(id)))
                    .help("an earlier attempt, whose outcome is not known, may have deleted it, or it was never there; see what is there with `kubeadm-token list`"));
            }
            Ok(Deletion::Deleted) => said = said.and(say_deleted(id, context)),
            Err(error) => return Err(server.failure(what(), &error)),
        }
    }
    Ok(said?)
}

fn say_deleted(id: TokenId, context: &mut Context<'_>) -> Result<(), OutputError> {
    writeln!(context.stdout, "bootstrap token {:?} deleted", id.as_str())?;
    context.stdout.flush()
}
