//! Renders a template for the JSON on standard input: `render '{.metadata.name}' <pod.json`.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use kubectl_jsonpath::Template;

fn main() -> ExitCode {
    match render() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "render: {error}");
            ExitCode::FAILURE
        }
    }
}

fn render() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("no template given")?;
    let data = serde_json::from_reader(io::stdin().lock())?;
    let printed = Template::parse(&text)?
        .allow_missing_keys(true)
        .render(&data)?;
    io::stdout().write_all(&printed)?;
    Ok(())
}
