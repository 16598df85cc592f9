use std::time::SystemTime;

use bootstrap_token_discovery::{Endpoint, Pin};

/// What is known beforehand to whoever asks for a diagnosis.
#[derive(Debug, Clone)]
pub struct Known {
    pub(super) now: SystemTime,
    pub(super) server: Option<(Endpoint, Vec<Pin>)>,
    pub(super) joins_besides: bool,
}

impl Known {
    /// This machine's time.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        Self {
            now,
            server: None,
            joins_besides: false,
        }
    }

    /// Where the API server is, and the pins of the certificate authorities that it is trusted by. Where cluster-info
    /// names the same server, its certificate authorities are compared with them.
    #[must_use]
    pub fn server(mut self, server: Endpoint, pins: Vec<Pin>) -> Self {
        self.server = Some((server, pins));
        self
    }

    /// What a machine does that joins is done besides: it reads cluster-info without credentials and shows the token, so
    /// that the API server need not be asked what comes of these.
    #[must_use]
    pub fn joining_besides(mut self) -> Self {
        self.joins_besides = true;
        self
    }
}
