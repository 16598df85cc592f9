mod progress;

use futures::Stream;
use futures::stream::try_unfold;
use tokio::time::Instant;

use crate::call::{Call, idempotent};
use crate::error::{BadReply, Kind};
use crate::failure::Failure;
use crate::page::Page;
use crate::page_size::PageSize;
use crate::request::{Purpose, Request};
use crate::wire::Head;
use crate::{BootstrapTokens, Error};
use progress::Progress;

impl BootstrapTokens {
    /// All tokens, a page at a time, by name. The next page is asked for when it is polled for; nothing
    /// of a page is kept here after it was handed out. After an error there are no more pages.
    ///
    /// Each page has the whole [`deadline`](crate::Policy::deadline). One that is longer than 8 MiB is asked for again
    /// with fewer tokens in it. A list that no server can have ends with an error
    /// ([`is_bad_reply`](Error::is_bad_reply)): one that goes back in the order of names, or has no end (10,000 pages,
    /// 1,000 of them in a row without a token, 8 GiB, or ten minutes of waiting).
    ///
    /// # Consistency
    /// The pages show the tokens as they were when the first was asked for, and every name once. If that
    /// takes so long that the server forgets that state (5 minutes, unless etcd is set up otherwise), it
    /// says 410 Gone and offers to go on from the name it has come to in the present state; that is taken.
    /// Then the rest of the list is newer than the beginning: what was created since with an earlier name
    /// is missing, and what was deleted since stays shown; no name comes twice.
    ///
    /// ```no_run
    /// # async fn all(tokens: bootstrap_token_kube::BootstrapTokens) -> Result<(), bootstrap_token_kube::Error> {
    /// use futures::TryStreamExt;
    ///
    /// let mut pages = std::pin::pin!(tokens.list());
    /// while let Some(page) = pages.try_next().await? {
    ///     for stored in page {
    ///         let stored = stored?;
    ///         match stored.token() {
    ///             Ok(token) => println!("{}", token.id()),
    ///             Err(defect) => eprintln!("{}: {defect}", stored.name()),
    ///         }
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> impl Stream<Item = Result<Page, Error>> + Send + use<> {
        let first = Listing {
            tokens: self.clone(),
            position: Some(String::new()),
            page_size: PageSize::new(self.policy.page_size),
            progress: Progress::default(),
        };
        try_unfold(first, |mut listing| async move {
            let page = listing.next().await?;
            Ok(page.map(|page| (page, listing)))
        })
    }
}

/// A list that is being read.
struct Listing {
    tokens: BootstrapTokens,
    /// Where the next page begins, if there is one.
    position: Option<String>,
    /// Smaller while the tokens are large.
    page_size: PageSize,
    progress: Progress,
}

impl Listing {
    async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(position) = self.position.take() else {
            return Ok(None);
        };
        let began = Instant::now();
        let mut call = self.tokens.call(Purpose::List);
        let reply = call.page(&mut self.page_size, &position).await;
        let counted = reply.and_then(|(page, head)| {
            let took = began.elapsed();
            self.progress.add(&position, &head, page.bytes(), took)?;
            Ok((page, head))
        });
        let (page, head) = counted.map_err(|failure| call.error(failure))?;
        self.position = Some(head.r#continue).filter(|position| !position.is_empty());
        self.page_size.follow(&page);
        Ok(Some(page))
    }
}

impl Call<'_> {
    /// The page that begins at a position. One that is too long is asked for again with fewer tokens in it, and one whose
    /// position the server has forgotten, once, from where it says.
    pub(crate) async fn page(
        &mut self,
        page_size: &mut PageSize,
        position: &str,
    ) -> Result<(Page, Head), Failure> {
        let mut position = position.to_owned();
        let mut resumed = false;
        loop {
            let request = Request::list(*page_size, &position);
            match self.send(&request, idempotent).await {
                Err(Failure {
                    resume: Some(later),
                    ..
                }) if !resumed => {
                    position = later;
                    resumed = true;
                }
                Err(failure) if is_too_long(&failure) && page_size.shrink() => {}
                reply => return reply?.page(),
            }
        }
    }
}

fn is_too_long(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::BadReply(BadReply::TooLong { .. }))
}
