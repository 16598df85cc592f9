use core::time::Duration;

/// The deadline of a call and the page size of a list.
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
    /// The longest that one call takes, including retries, pauses and the whole reply. Each page of a list is a call.
    /// Attempts are retried until the deadline.
    ///
    /// The default is 10 s, kubeadm's timeout: `ToClientSet` in `cmd/kubeadm/app/util/kubeconfig`.
    pub deadline: Duration,
    /// The most tokens in a page of a list. 0 counts as 1.
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
