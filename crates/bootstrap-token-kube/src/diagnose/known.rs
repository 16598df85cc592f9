use std::time::SystemTime;

use bootstrap_token_discovery::{Endpoint, Pin};

/// What is known beforehand to whoever asks for a diagnosis.
#[derive(Debug, Clone)]
pub struct Known {
    pub(super) now: SystemTime,
    pub(super) server: Option<(Endpoint, Vec<Pin>)>,
    pub(super) reads_as_anybody: bool,
}

impl Known {
    /// This machine's time.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        Self {
            now,
            server: None,
            reads_as_anybody: false,
        }
    }

    /// Where the API server is, and the pins of the certificate authorities that it is trusted by. Where cluster-info
    /// names the same server, its certificate authorities are compared with them.
    #[must_use]
    pub fn server(mut self, server: Endpoint, pins: Vec<Pin>) -> Self {
        self.server = Some((server, pins));
        self
    }

    /// Cluster-info is read without credentials besides, so that the API server need not be asked whether it may be.
    #[must_use]
    pub fn reading_as_anybody(mut self) -> Self {
        self.reads_as_anybody = true;
        self
    }
}
