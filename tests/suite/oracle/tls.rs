//! Certificates in files, and requests by our transport.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube_transport::Transport;

/// A file of PEM.
pub(crate) struct Pem {
    pub(crate) text: String,
}

impl Pem {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        Self { text }
    }

    /// In PEM.
    pub(crate) fn last_certificate(&self) -> String {
        let at = self.text.rfind("-----BEGIN CERTIFICATE-----").unwrap();
        self.text[at..].to_owned()
    }

    /// Without the last certificate, if another is left.
    pub(crate) fn without_last_certificate(&self) -> Option<String> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

        let at = self.text.rfind(BEGIN).unwrap();
        let rest = &self.text[..at];
        rest.contains(BEGIN).then(|| rest.to_owned())
    }

    /// Of the only section.
    pub(crate) fn der(section: &str) -> Vec<u8> {
        let lines = section.lines().filter(|line| !line.starts_with("-----"));
        STANDARD.decode(lines.collect::<String>()).unwrap()
    }
}

/// The files of a folder, by name.
pub(crate) fn pems(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// The body that is answered at `/`, or the last cause of a failure.
pub(crate) async fn get(config: kube::Config) -> Result<String, String> {
    let client = Transport::new(config)
        .client()
        .map_err(|error| last_cause(&error))?;
    let request = http::Request::get("/").body(Vec::new()).unwrap();
    let body = client.request_text(request).await;
    body.map_err(|error| last_cause(&error))
}

fn last_cause(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.last().unwrap().to_string()
}
