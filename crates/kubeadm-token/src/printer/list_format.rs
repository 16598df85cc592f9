//! The formats of `list -o`.

use std::fs::File;
use std::path::Path;

use clap_complete::CompletionCandidate;

use crate::failure::{Failure, io_reason};
use crate::quote;
use crate::read_limited;

/// Size limit of a template.
const MAX_TEMPLATE: usize = 1 << 20;

/// kubeadm's formats, sorted as in its error.
const OF_KUBEADM: &str = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,template,templatefile,text,yaml";

/// An output format. Its template is read but not parsed.
#[derive(Debug, PartialEq)]
pub(crate) enum ListFormat {
    Text,
    Json,
    Yaml,
    Kyaml,
    /// Not in kubeadm, as is the next one. `name` is kubectl's.
    Name,
    Wide,
    JsonPath {
        template: String,
        as_json: bool,
    },
    GoTemplate(String),
}

impl ListFormat {
    /// Every name that `parse` accepts.
    const NAMES: [&str; 13] = [
        "text",
        "json",
        "yaml",
        "kyaml",
        "name",
        "wide",
        "jsonpath",
        "jsonpath-as-json",
        "jsonpath-file",
        "go-template",
        "go-template-file",
        "template",
        "templatefile",
    ];

    /// Returns what a shell offers after `-o`.
    pub(crate) fn candidates() -> Vec<CompletionCandidate> {
        Self::NAMES.map(CompletionCandidate::new).into()
    }

    /// Parses the argument of `-o`, in the order of kubeadm's attempts.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        // kubeadm ignores the case of these and no others.
        match text.to_ascii_lowercase().as_str() {
            "json" => return Ok(Self::Json),
            "yaml" => return Ok(Self::Yaml),
            "kyaml" => return Ok(Self::Kyaml),
            _ => {}
        }
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        match name {
            "text" if text == name => Ok(Self::Text),
            "name" if text == name => Ok(Self::Name),
            "wide" if text == name => Ok(Self::Wide),
            "jsonpath" | "jsonpath-as-json" | "jsonpath-file" => Ok(Self::JsonPath {
                template: template(value, name == "jsonpath-file")?,
                as_json: name == "jsonpath-as-json",
            }),
            "go-template" | "template" => Ok(Self::GoTemplate(template(value, false)?)),
            "go-template-file" | "templatefile" => Ok(Self::GoTemplate(template(value, true)?)),
            _ => Err(unusable(format!(
                "unable to match a printer suitable for the output format {}, allowed formats are: {OF_KUBEADM}",
                quote::shown(text)
            ))
            .help("use one of those, or `-o wide` or `-o name`")),
        }
    }
}

/// Returns kubeadm's error for a format without a printer.
pub(super) fn unusable(why: String) -> Failure {
    Failure::new("could not construct output printer").because(why)
}

/// Returns the template after the `=`, or reads it from the file of that name.
fn template(value: &str, is_file: bool) -> Result<String, Failure> {
    if value.is_empty() {
        let failure = unusable("template format specified but no template given".to_owned());
        return Err(failure.help("write it behind the format, as in `-o jsonpath={.token}`"));
    }
    if !is_file {
        return Ok(value.to_owned());
    }
    let path = Path::new(value);
    read(path).map_err(|why| {
        let path = quote::shown_path(path);
        unusable(format!(
            "error reading --template {path}, open {path}: {why}"
        ))
        .help("name a file with a template in it")
    })
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = File::open(path)
        .and_then(|mut file| read_limited::read(&mut file, MAX_TEMPLATE))
        .map_err(|error| io_reason(&error))?
        .ok_or("too long for a template")?;
    let text = core::str::from_utf8(&bytes).map_err(|_| "not UTF-8")?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Chain;

    fn jsonpath(template: &str, as_json: bool) -> ListFormat {
        let template = template.to_owned();
        ListFormat::JsonPath { template, as_json }
    }

    #[test]
    fn each_format_by_each_of_its_names() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("template");
        std::fs::write(&file, "{.token}=x").unwrap();
        let in_file = |name: &str| format!("{name}={}", file.display());
        let go = |template: &str| ListFormat::GoTemplate(template.to_owned());
        for (text, format) in [
            ("text", ListFormat::Text),
            ("json", ListFormat::Json),
            ("JSON", ListFormat::Json),
            ("Yaml", ListFormat::Yaml),
            ("kyaml", ListFormat::Kyaml),
            ("name", ListFormat::Name),
            ("wide", ListFormat::Wide),
            ("jsonpath={.token}=x", jsonpath("{.token}=x", false)),
            ("jsonpath-as-json={.token}=x", jsonpath("{.token}=x", true)),
            (&in_file("jsonpath-file"), jsonpath("{.token}=x", false)),
            ("go-template={{.token}}", go("{{.token}}")),
            ("template={{.token}}", go("{{.token}}")),
            (&in_file("go-template-file"), go("{.token}=x")),
            (&in_file("templatefile"), go("{.token}=x")),
        ] {
            assert_eq!(ListFormat::parse(text).ok(), Some(format), "{text}");
        }
    }

    #[test]
    fn each_name_that_a_shell_offers_is_a_format() {
        for name in ListFormat::NAMES {
            if let Err(failure) = ListFormat::parse(name) {
                let said = Chain(&failure).to_string();
                assert!(said.ends_with("no template given"), "{name}: {said}");
            }
        }
    }

    #[test]
    fn what_is_none_is_refused_and_a_token_not_repeated() {
        for (text, shown) in [
            ("bogus", "\"bogus\""),
            ("TEXT", "\"TEXT\""),
            ("text=x", "\"text=x\""),
            ("07401b.f395accd246ae52d", "(23 characters, not shown)"),
        ] {
            let failure = ListFormat::parse(text).unwrap_err();
            assert_eq!(
                Chain(&failure).to_string(),
                format!(
                    "could not construct output printer: unable to match a printer suitable for the output \
                     format {shown}, allowed formats are: {OF_KUBEADM}"
                )
            );
        }
    }
}
