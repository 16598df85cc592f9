mod joiner;
mod report;
mod words;

use std::ffi::OsString;
use std::slice;
use std::time::Instant;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::{Anchor, Certificate, Endpoint, Pin};
use bootstrap_token_kube::{Diagnosis, Policy, Subject};
use clap::Args;
use clap_complete::ArgValueCandidates;
use futures::future::join;
use tracing::info;

use super::discover::given::{self, Ca};
use super::new_token::{Given, Help};
use crate::api_server::{self, ApiServer};
use crate::cli::{Global, completion};
use crate::context::Context;
use crate::failure::{Chain, Failure};
use crate::printer::object::Format;
use report::Report;
use words::Line;

const LONG_ABOUT: &str = r#"This command will tell why a machine cannot join the cluster by a bootstrap token.

With an administrator's kubeconfig it looks at the token's Secret, at the ConfigMap kube-public/cluster-info and its
signature, at the rights that joining takes, and at the controller manager, and changes nothing. The [token] is a
whole token, which "-" reads from standard input, or a token ID; by a whole token a wrong secret is found too. Without
one it tells whether the cluster can be joined by tokens at all.

With --server it looks from a machine that joins: it verifies the cluster by the whole [token] and, if one is given,
a pin or a CA file, and shows it the token. The kubeconfig is used as well only if --kubeconfig names one.

For each cause there is one line: a code that stays the same, what was seen, why it matters, and what mends it.
The exit code is 0 when all was looked at and nothing was found, and 1 otherwise."#;

/// The arguments of `diagnose`.
#[derive(Args)]
#[command(
    about = "Tell why a machine cannot join by a bootstrap token",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token diagnose [token]",
)]
pub(crate) struct Diagnose {
    #[arg(value_name = "token", hide = true, add = ArgValueCandidates::new(completion::ids))]
    words: Vec<OsString>,

    #[arg(
        help = "The API server that a machine is to join by, to look from its side.",
        long,
        value_name = "string"
    )]
    server: Option<OsString>,

    #[command(flatten)]
    ca: Ca,

    #[arg(
        help = "Output format. One of: text|json|yaml. (default \"text\")",
        short,
        long,
        value_name = "string",
        default_value = "text"
    )]
    output: String,
}

impl Diagnose {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let format = match &*self.output {
            "text" => None,
            name => Some(Format::by_name(name, &["text"])?),
        };
        let by = self.ca.by();
        let server = self.server()?;
        let subject = self.subject(context)?;
        let joiner = match (server, &subject) {
            (None, _) => None,
            (Some((server, anchor)), Subject::Token(token)) => Some((server, anchor, token)),
            (Some(_), _) => {
                return Err(Failure::new("no whole token is given, and --server is")
                    .help("a machine joins by a whole token: give it as `-` on standard input"));
            }
        };
        let by_kubeconfig = global
            .kubeconfig
            .as_ref()
            .is_some_and(|path| !path.is_empty());
        let is_alone = joiner.is_none();
        let is_inside = is_alone || by_kubeconfig;
        // Both at the same time, so that a server that hangs costs one deadline.
        let (inside, met) = api_server::run(async {
            let admin = if is_inside {
                Some(ApiServer::new(global, context).await?)
            } else {
                None
            };
            let context = &*context;
            let inside = async {
                match &admin {
                    Some(admin) => look(&subject, admin, is_alone, context).await.map(Some),
                    None => Ok(None),
                }
            };
            let met = async {
                match joiner {
                    Some((server, anchor, token)) => {
                        joiner::look(&server, token, &anchor, &by, context).await
                    }
                    None => Ok(Vec::new()),
                }
            };
            Ok(join(inside, met).await)
        })?;
        // What one side has seen is told, whatever kept the other from looking.
        let (seen, anonymous, failed) = match inside {
            Ok(Some((diagnosis, anonymous))) => (Some(diagnosis), anonymous, None),
            Ok(None) => (None, None, None),
            Err(failure) => (None, None, Some(failure)),
        };
        let (met, failed) = match met {
            Ok(met) => (met, failed),
            Err(failure) => (Vec::new(), failed.or(Some(failure))),
        };
        let unchecked = seen.iter().flat_map(|seen| &seen.unchecked);
        for (what, error) in unchecked.clone() {
            context.warn(format_args!(
                "not looked at: {}: {}",
                words::unchecked(*what),
                Chain(error)
            ));
        }
        let findings = seen.iter().flat_map(|seen| &seen.findings);
        let mut causes: Vec<_> = findings.map(|found| Line::of(found, &subject)).collect();
        causes.extend(anonymous);
        causes.extend(joiner::beside(&causes, met));
        let is_whole = failed.is_none() && unchecked.count() == 0;
        if failed.is_none() || !causes.is_empty() {
            let report = Report::new(&subject, &causes, is_whole);
            let text = match format {
                None => report.lines(),
                Some(format) => report.object().print(format).to_string(),
            };
            context.stdout.write_all(text.as_bytes())?;
        }
        match (failed, causes.len()) {
            (Some(failure), _) => Err(failure),
            (None, 0) if is_whole => Ok(()),
            (None, 0) => Err(
                Failure::new("it is not known whether a machine can join").help(
                    "each warning says what was not looked at, and why: mend that, and ask again",
                ),
            ),
            (None, 1) => {
                Err(Failure::new("a cause was found").help("its line ends with what mends it"))
            }
            (None, several) => Err(Failure::new(format!("{several} causes were found"))
                .help("each line ends with what mends it: mend the first, and ask again")),
        }
    }

    /// Where a machine is to join, and what it knows of the cluster's CA.
    fn server(&self) -> Result<Option<(Endpoint, Anchor)>, Failure> {
        let anchor = self.ca.anchor()?;
        let Some(server) = self.server.as_ref().filter(|server| !server.is_empty()) else {
            return match anchor {
                None => Ok(None),
                Some(_) => Err(Failure::new("a pin or a CA is given without --server")
                    .help("add --server, or leave it out")),
            };
        };
        let server = given::server(server, TOKEN)?;
        Ok(Some((
            server,
            anchor.unwrap_or_else(Anchor::danger_token_alone),
        )))
    }

    fn subject(&self, context: &mut Context<'_>) -> Result<Subject, Failure> {
        match &*self.words {
            [] => Ok(Subject::Cluster),
            [word] => {
                if let Ok(id) = TokenId::from_bytes(word.as_encoded_bytes()) {
                    return Ok(Subject::Id(id));
                }
                token(word, context).map(Subject::Token)
            }
            more => Err(
                Failure::new(format!("accepts at most 1 arg(s), received {}", more.len()))
                    .help("the one argument is a token or a token ID"),
            ),
        }
    }
}

/// Where a token belongs that stands elsewhere.
const TOKEN: &str = "give the token as `-` on standard input";

/// A whole token, on the command line or for `-` on standard input.
fn token(word: &OsString, context: &mut Context<'_>) -> Result<Token, Failure> {
    const HELP: Help = Help {
        malformed: "give the whole token, as `kubeadm-token create` printed it on the cluster: six characters, a dot, sixteen characters; or, on the command line, its ID alone",
        unread: "give the token there, with nothing but a line break after it",
    };

    let given = Given::of(slice::from_ref(word), None)?.read_known(&HELP, context)?;
    given.ok_or_else(|| {
        Failure::new("the token given is empty")
            .help("give a token or a token ID, or leave it out to ask whether the cluster can be joined by tokens at all")
    })
}

/// What an administrator sees; and if that is nothing, and no machine's side is looked at, whether there is an answer for
/// who has no credentials.
async fn look(
    subject: &Subject,
    admin: &ApiServer,
    is_alone: bool,
    context: &Context<'_>,
) -> Result<(Diagnosis, Option<Line>), Failure> {
    info!("[token] looking for what keeps a machine from joining");
    // One that cannot be read is none that cluster-info could be compared with.
    let trusted: Vec<Pin> = admin
        .authorities()
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .map(|certificate| Pin::of(&certificate))
        .collect();
    let (now, began) = ((context.now)(), Instant::now());
    let done = admin.tokens.diagnose(subject, &trusted, now).await;
    let diagnosis = done.map_err(|error| admin.failure("failed to look into it", &error))?;
    let anonymous = if is_alone && diagnosis.findings.is_empty() {
        // Within the deadline of all that came before.
        let left = Policy::default().deadline.saturating_sub(began.elapsed());
        joiner::anonymous(admin.route(), left).await
    } else {
        None
    };
    Ok((diagnosis, anonymous))
}
