use core::time::Duration;

/// How long a call may take and how much a list asks for at a time.
///
/// ```
/// use std::time::Duration;
/// use bootstrap_token_kube::Policy;
///
/// let policy = Policy::default().with_deadline(Duration::from_secs(3));
/// assert_eq!((policy.deadline, policy.page_size), (Duration::from_secs(3), 2_500));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The most that one call takes, with all its attempts and the pauses between them, to the last byte
    /// of the reply. A page of a list is a call. Attempts are repeated for as long as it leaves time.
    ///
    /// 10 s, after which kubeadm gives up: `ToClientSet` in `cmd/kubeadm/app/util/kubeconfig`.
    pub deadline: Duration,
    /// The most tokens in a page of a list; none is taken for one.
    ///
    /// 2,500: a page costs the API server some milliseconds besides its tokens, and is about 1.5 MB long.
    /// kubectl asks for 500 (`DefaultChunkSize`).
    pub page_size: u32,
}

impl Policy {
    /// Sets [`deadline`](Self::deadline).
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets [`page_size`](Self::page_size).
    #[must_use]
    pub fn with_page_size(mut self, page_size: u32) -> Self {
        self.page_size = page_size;
        self
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            page_size: 2_500,
        }
    }
}
