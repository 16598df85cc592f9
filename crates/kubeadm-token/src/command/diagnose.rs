mod beside;
mod inside;
mod joiner;
mod published;
mod report;
mod seen;
mod way;
mod words;

use std::ffi::OsString;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::{Anchor, Endpoint};
use bootstrap_token_kube::Subject;
use clap::Args;
use clap_complete::ArgValueCandidates;
use futures::future::join;

use super::discover::cluster_args::{self, CaArgs};
use super::new_token::{Help, TokenSource};
use crate::api_server::{self, ApiServer};
use crate::cli::{Global, completion};
use crate::context::Context;
use crate::failure::Failure;
use crate::printer::json_yaml::Format;
use crate::stack_wipe;
use crate::wait_line::WaitLine;
use beside::beside;
use joiner::Joiner;
use report::Report;
use seen::Seen;

const LONG_ABOUT: &str = r#"This command will tell why a machine cannot join the cluster by a bootstrap token.

With an administrator's kubeconfig it looks at the token's Secret, at the ConfigMap kube-public/cluster-info and its
signature, at the rights that joining takes, and at the controller manager, and changes nothing. The [token] is a
whole token, which "-" reads from standard input and "--token-file" from a file, or a token ID; by a whole token a
wrong secret is found too. Without one it tells whether the cluster can be joined by tokens at all.

With --server it looks from a machine that joins: it verifies the cluster by the whole [token] and, if one is given,
a pin or a CA file, shows it the token, and asks what the token may do. The kubeconfig is used as well only if
--kubeconfig names one.

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
        help = "Path to a file that holds the token, with nothing but a line break after it; '-' is standard input.",
        long,
        value_name = "string"
    )]
    token_file: Option<OsString>,

    #[arg(
        help = "The API server that a machine is to join by, to look from its side.",
        long,
        value_name = "string"
    )]
    server: Option<OsString>,

    #[command(flatten)]
    ca: CaArgs,

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
    pub(super) fn run(mut self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let format = match &*self.output {
            "text" => None,
            name => Some(Format::by_name(name, &["text"])?),
        };
        let by = self.ca.by();
        let server = self.server()?;
        let words = core::mem::take(&mut self.words);
        let subject = stack_wipe::read(|| self.subject(&words, context).map(Box::new))?;
        drop(words);
        let joiner = match (&server, &*subject) {
            (None, _) => None,
            (Some((server, anchor)), Subject::Token(token)) => Some(Joiner {
                server,
                anchor,
                token,
                by: &by,
            }),
            (Some(_), _) => {
                return Err(Failure::new("no whole token is given, and --server is")
                    .help("a machine joins by a whole token: give it as `-` on standard input, or by --token-file"));
            }
        };
        let (seen, failed) = both_sides(&subject, joiner.as_ref(), global, context)?;
        for what in &seen.unlooked {
            context.report(format_args!("not looked at: {what}"));
        }
        let is_whole = failed.is_none() && seen.unlooked.is_empty();
        // What one side has seen is told, whatever kept the other from looking.
        if failed.is_none() || !seen.causes.is_empty() {
            let is_pinned = !joiner.is_some_and(|joiner| joiner.anchor.is_token_alone());
            let report = Report::new(&subject, &seen.causes, is_whole, is_pinned);
            let text = match format {
                None => report.lines(),
                Some(format) => report.object().print(format).to_string(),
            };
            context.stdout.print(&text)?;
        }
        match failed {
            Some(failure) => Err(failure),
            None => verdict(seen.causes.len(), is_whole),
        }
    }

    /// Where a machine is to join, and what it knows of the cluster's CA.
    fn server(&self) -> Result<Option<(Endpoint, Anchor)>, Failure> {
        let anchor = self.ca.anchor()?;
        let Some(server) = &self.server else {
            return match anchor {
                None => Ok(None),
                Some(_) => Err(Failure::new("a pin or a CA is given without --server")
                    .help("add --server, or leave it out")),
            };
        };
        let server = cluster_args::server(server, TOKEN, SEVERAL)?;
        Ok(Some((
            server,
            anchor.unwrap_or_else(Anchor::danger_token_alone),
        )))
    }

    fn subject(&self, words: &[OsString], context: &mut Context<'_>) -> Result<Subject, Failure> {
        match (words, &self.token_file) {
            ([], None) => return Ok(Subject::Cluster),
            ([word], None) => {
                if let Ok(id) = TokenId::from_bytes(word.as_encoded_bytes()) {
                    return Ok(Subject::Id(id));
                }
            }
            ([_, _, ..], _) => {
                let found = words.len();
                return Err(
                    Failure::new(format!("accepts at most 1 arg(s), received {found}"))
                        .help("the one argument is a token or a token ID"),
                );
            }
            _ => {}
        }
        let given = TokenSource::of(words, self.token_file.as_deref())?;
        token(given, context).map(Subject::Token)
    }
}

/// All that a Secret can make this command say of its token, as text, as JSON and as YAML.
#[cfg(any(test, fuzzing))]
pub(crate) fn told_of_secret(
    secret: &k8s_openapi::api::core::v1::Secret,
    now: std::time::SystemTime,
) -> [String; 3] {
    use bootstrap_token_kube::Finding;
    use bootstrap_token_secret::{StoredToken, defects};

    let subject = Subject::Cluster;
    let groups = StoredToken::from_secret(secret)
        .map(|token| token.groups().to_vec())
        .unwrap_or_default();
    let found = secret.type_.clone().unwrap_or_default();
    let others = [
        Finding::WrongName { found },
        Finding::MayNotRequestCertificate {
            groups: groups.clone(),
        },
        Finding::NotApproved {
            groups: groups.clone(),
        },
        Finding::MayNotReadKubeadmConfig { groups },
    ];
    let findings = defects(secret, now).into_iter().map(Finding::Defect);
    let lines: Vec<_> = findings
        .chain(others)
        .map(|finding| words::Line::of(&finding, &subject))
        .collect();
    let report = Report::new(&subject, &lines, true, true);
    let object = |format| report.object().print(format).to_string();
    [report.lines(), object(Format::Json), object(Format::Yaml)]
}

/// What an administrator sees, and what a machine meets: of what is asked for, both at the same time, so that a server
/// that hangs costs one deadline. And what kept one of them from looking.
fn both_sides(
    subject: &Subject,
    joiner: Option<&Joiner<'_>>,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(Seen, Option<Failure>), Failure> {
    let kubeconfig = global.kubeconfig.as_ref();
    let is_alone = joiner.is_none();
    let is_inside = is_alone || kubeconfig.is_some_and(|path| !path.is_empty());
    let (inside, met) = api_server::run(async {
        let admin = if is_inside {
            Some(ApiServer::new(global, context)?)
        } else {
            None
        };
        let context = &*context;
        let inside = async {
            match &admin {
                Some(admin) => inside::look(subject, admin, is_alone, context).await,
                None => Ok(Seen::default()),
            }
        };
        let met = async {
            match joiner {
                Some(joiner) => joiner.look(!is_inside, context).await,
                None => Ok(Seen::default()),
            }
        };
        let sides = join(inside, met);
        let what = || "waiting for what the cluster answers".to_owned();
        Ok(WaitLine::new(context).during(sides, what).await)
    })?;
    let mut failed = None;
    let mut or_failed = |side: Result<Seen, Failure>| {
        side.unwrap_or_else(|failure| {
            failed.get_or_insert(failure);
            Seen::default()
        })
    };
    let is_looked_into = is_inside && inside.is_ok();
    let (mut seen, met) = (or_failed(inside), or_failed(met));
    seen.extend(if is_looked_into {
        beside(&seen.causes, met, subject)
    } else {
        met
    });
    Ok((seen, failed))
}

fn verdict(causes: usize, is_whole: bool) -> Result<(), Failure> {
    match causes {
        0 if is_whole => Ok(()),
        0 => Err(Failure::new("it is not known whether a machine can join")
            .help("each warning says what was not looked at, and why: mend that, and ask again")),
        1 => Err(Failure::new("a cause was found").help("its line ends with what mends it")),
        several => Err(Failure::new(format!("{several} causes were found"))
            .help("each line ends with what mends it: mend the first, and ask again")),
    }
}

/// What to do with a list of servers.
const SEVERAL: &str = "name one of them with --server";

/// Where a token belongs that stands elsewhere.
const TOKEN: &str = "give the token as `-` on standard input, or by --token-file";

/// A whole token.
fn token(given: TokenSource<'_>, context: &mut Context<'_>) -> Result<Token, Failure> {
    const HELP: Help = Help {
        malformed: "give the whole token, as `kubeadm-token create` printed it on the cluster: six characters, a dot, sixteen characters; or, on the command line, its ID alone",
        unread: "give the token there, with nothing but a line break after it",
    };

    given.read_known(&HELP, context)?.ok_or_else(|| {
        Failure::new("the token given is empty")
            .help("give a token or a token ID, or leave it out to ask whether the cluster can be joined by tokens at all")
    })
}
