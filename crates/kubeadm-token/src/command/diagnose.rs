mod report;
mod words;

use std::ffi::OsString;

use bootstrap_token::TokenId;
use bootstrap_token_discovery::{Certificate, Pin};
use bootstrap_token_kube::{Diagnosis, Subject};
use clap::Args;
use clap_complete::ArgValueCandidates;
use tracing::info;

use super::new_token;
use crate::api_server::{self, ApiServer};
use crate::cli::{Global, completion};
use crate::context::Context;
use crate::failure::{Chain, Failure};
use crate::object::Format;
use report::Report;

const LONG_ABOUT: &str = r#"This command will tell why a machine cannot join the cluster by a bootstrap token.

It looks at the token's Secret, at the ConfigMap kube-public/cluster-info and its signature, at the rights that
joining takes, and at the controller manager, with the rights of the kubeconfig, and changes nothing.
The [token] is a whole token, which "-" reads from standard input, or a token ID; by a whole token a wrong secret is
found too. Without one it tells whether the cluster can be joined by tokens at all.

For each cause there is one line: a code that stays the same, what was seen, why it matters, and what mends it.
The exit code is 0 when nothing was found, and 1 otherwise."#;

/// The arguments of `diagnose`.
#[derive(Debug, Args)]
#[command(
    about = "Tell why a machine cannot join by a bootstrap token",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token diagnose [token]",
)]
pub(crate) struct Diagnose {
    #[arg(value_name = "token", hide = true, add = ArgValueCandidates::new(completion::ids))]
    words: Vec<OsString>,

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
        let subject = self.subject(context)?;
        let diagnosis = api_server::run(diagnose(&subject, global, context))?;
        let report = Report::new(&subject, &diagnosis);
        let text = match format {
            None => report.lines(),
            Some(format) => report.object().print(format).to_string(),
        };
        context.stdout.write_all(text.as_bytes())?;
        for (what, error) in &diagnosis.unchecked {
            context.warn(format_args!(
                "not looked at: {}: {}",
                words::unchecked(*what),
                Chain(error)
            ));
        }
        match diagnosis.findings.len() {
            0 => Ok(()),
            1 => Err(Failure::new("a cause was found").help("its line ends with what mends it")),
            several => Err(Failure::new(format!("{several} causes were found"))
                .help("each line ends with what mends it; the first comes first")),
        }
    }

    fn subject(&self, context: &mut Context<'_>) -> Result<Subject, Failure> {
        match &*self.words {
            [] => Ok(Subject::Cluster),
            [word] => {
                if let Ok(id) = TokenId::from_bytes(word.as_encoded_bytes()) {
                    return Ok(Subject::Id(id));
                }
                new_token::given(word, context).map(Subject::Token)
            }
            more => Err(
                Failure::new(format!("accepts at most 1 arg(s), received {}", more.len()))
                    .help("the one argument is a token or a token ID"),
            ),
        }
    }
}

async fn diagnose(
    subject: &Subject,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<Diagnosis, Failure> {
    let server = ApiServer::new(global, context).await?;
    info!("[token] looking for what keeps a machine from joining");
    // One that cannot be read is none that cluster-info could be compared with.
    let trusted: Vec<Pin> = server
        .authorities()
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .map(|certificate| Pin::of(&certificate))
        .collect();
    let now = (context.now)();
    let done = server.tokens.diagnose(subject, &trusted, now).await;
    done.map_err(|error| server.failure("failed to look into it", &error))
}
