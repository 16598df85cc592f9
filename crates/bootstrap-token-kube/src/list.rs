use futures::Stream;
use futures::stream::try_unfold;

use crate::call::idempotent;
use crate::error::{BadReply, Kind};
use crate::failure::{Failure, Fate};
use crate::page::Page;
use crate::reply::Reply;
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error};

impl BootstrapTokens {
    /// All tokens, a page at a time, by name. The next page is asked for when it is polled for; nothing
    /// of a page is kept here after it was handed out. After an error there are no more pages.
    ///
    /// Each page has the whole [`deadline`](crate::Policy::deadline), and may be 64 MiB long.
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
        let first = (self.clone(), Some(String::new()));
        try_unfold(first, |(tokens, position)| async move {
            let Some(position) = position else {
                return Ok(None);
            };
            let (page, r#continue) = tokens.page(position).await?;
            let next = Some(r#continue).filter(|token| !token.is_empty());
            Ok(Some((page, (tokens, next))))
        })
    }

    async fn page(&self, position: String) -> Result<(Page, String), Error> {
        let mut call = self.call(Purpose::List);
        let page_size = self.policy.page_size;
        let request = Request::list(page_size, &position);
        let mut reply = call.send(&request, idempotent).await;
        if let Err(Failure {
            resume: Some(later),
            ..
        }) = &reply
        {
            let request = Request::list(page_size, later);
            reply = call.send(&request, idempotent).await;
        }
        reply
            .and_then(Reply::page)
            .and_then(|(page, r#continue)| {
                if !position.is_empty() && r#continue == position {
                    return Err(Failure::new(Kind::BadReply(BadReply::Repeats), Fate::Final));
                }
                Ok((page, r#continue))
            })
            .map_err(|failure| call.error(failure))
    }
}
