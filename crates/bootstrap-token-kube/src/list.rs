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
    /// Lists all tokens by name, one page at a time. Polling requests the next page. A returned page is not kept here.
    /// An error ends the stream.
    ///
    /// Each page has the whole [`deadline`](crate::Policy::deadline). A page above 8 MiB is requested again with fewer
    /// tokens. A list that no API server would send ends with an error ([`is_bad_reply`](Error::is_bad_reply)): its
    /// names go backwards, or it exceeds 10,000 pages, 1,000 pages in a row without a token, 8 GiB, or ten minutes of
    /// waiting.
    ///
    /// # Consistency
    /// The pages show the state at the first request, with every name once. If the server drops that state during the
    /// list (by default after 5 minutes), it answers 410 Gone and offers to continue after the last name in its current
    /// state. The list then continues there. It misses tokens created since with an earlier name and still shows
    /// earlier ones deleted since, but no name comes twice.
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

/// The state of a list.
struct Listing {
    tokens: BootstrapTokens,
    /// The start of the next page, if any.
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
        self.page_size.adapt_to(&page);
        Ok(Some(page))
    }
}

impl Call<'_> {
    /// Reads the page at a position. A page that is too long is requested again with fewer tokens. If the server has
    /// dropped the position, it is requested once more from where the server says.
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
