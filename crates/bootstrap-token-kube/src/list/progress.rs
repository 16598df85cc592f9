use core::time::Duration;

use crate::error::{BadReply, NoEnd};
use crate::wire::Head;

/// Tracks the progress of a list and enforces its limits. No API server exceeds them or goes backwards: etcd and the
/// API server's cache order Secrets by name, and a page ends with the key before the next one (`PrepareContinueToken`
/// in `k8s.io/apiserver/pkg/storage`), even when the list continues in a later state.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pages: usize,
    /// The current run of empty pages. A server may send them while its selector skips other Secrets.
    empty: usize,
    bytes: u64,
    took: Duration,
    last: Option<String>,
}

impl Progress {
    /// 25 million tokens in pages of 2,500.
    const PAGES: usize = 10_000;
    /// 2.5 million other Secrets, one after the other.
    const EMPTY: usize = 1_000;
    /// The largest recommended etcd database.
    const BYTES: u64 = 8 << 30;
    /// Twice the time that a server keeps the state of a list.
    const TIME: Duration = Duration::from_secs(600);

    /// Counts a page that began at `position`. Returns why the list must end, if it must.
    pub(super) fn add(
        &mut self,
        position: &str,
        head: &Head,
        bytes: usize,
        took: Duration,
    ) -> Result<(), BadReply> {
        if !position.is_empty() && head.r#continue == position {
            return Err(BadReply::Repeats);
        }
        self.order(head)?;
        self.pages += 1;
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.took = self.took.saturating_add(took);
        self.empty = match head.ends {
            Some(_) => 0,
            None => self.empty + 1,
        };
        if head.r#continue.is_empty() {
            return Ok(());
        }
        let over = [
            (self.pages >= Self::PAGES, NoEnd::Pages(Self::PAGES)),
            (self.empty >= Self::EMPTY, NoEnd::EmptyPages(Self::EMPTY)),
            (self.bytes >= Self::BYTES, NoEnd::Bytes(Self::BYTES)),
            (self.took >= Self::TIME, NoEnd::Time(Self::TIME)),
        ];
        match over.into_iter().find(|(is_over, _)| *is_over) {
            Some((_, what)) => Err(BadReply::NoEnd(what)),
            None => Ok(()),
        }
    }

    fn order(&mut self, head: &Head) -> Result<(), BadReply> {
        let Some([first, last]) = &head.ends else {
            return Ok(());
        };
        if self.last.as_ref().is_some_and(|before| first <= before) {
            return Err(BadReply::Backwards);
        }
        self.last = Some(first.max(last).clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_TIME: Duration = Duration::ZERO;

    fn page(first: &str, last: &str, r#continue: &str) -> Head {
        let ends = Some([first.to_owned(), last.to_owned()]);
        Head {
            r#continue: r#continue.to_owned(),
            ends,
        }
    }

    fn empty(r#continue: &str) -> Head {
        Head {
            r#continue: r#continue.to_owned(),
            ends: None,
        }
    }

    /// Returns how many pages are accepted and why the next one is not.
    fn end(pages: impl Iterator<Item = Head>, bytes: usize, took: Duration) -> (usize, BadReply) {
        let mut progress = Progress::default();
        for (at, head) in pages.enumerate() {
            if let Err(why) = progress.add("", &head, bytes, took) {
                return (at, why);
            }
        }
        panic!("the pages came to an end")
    }

    #[test]
    fn an_endless_list_ends() {
        let names = (0..).map(|at| page(&format!("{at:09}"), &format!("{at:09}"), "x"));
        let no_end = |what| BadReply::NoEnd(what);
        assert_eq!(
            end(names.clone(), 1, NO_TIME),
            (9_999, no_end(NoEnd::Pages(10_000)))
        );
        assert_eq!(
            end(names.clone(), 8 << 20, NO_TIME),
            (1_023, no_end(NoEnd::Bytes(8 << 30)))
        );
        let ten = Duration::from_secs(10);
        assert_eq!(
            end(names, 1, ten),
            (59, no_end(NoEnd::Time(Duration::from_secs(600))))
        );
        assert_eq!(
            end((0..).map(|_| empty("x")), 1, NO_TIME),
            (999, no_end(NoEnd::EmptyPages(1_000)))
        );
    }

    #[test]
    fn a_page_begins_after_the_last_name() {
        for (second, goes_on) in [
            (page("c", "d", "x"), true),
            (page("b0", "b1", "x"), true),
            (page("b", "d", "x"), false),
            (page("a", "b", "x"), false),
            (page("", "d", "x"), false),
            (empty("x"), true),
        ] {
            let mut progress = Progress::default();
            assert_eq!(progress.add("", &page("a", "b", "x"), 1, NO_TIME), Ok(()));
            assert_eq!(progress.add("", &empty("x"), 1, NO_TIME), Ok(()));
            let outcome = progress.add("", &second, 1, NO_TIME);
            assert_eq!(outcome.is_ok(), goes_on);
            assert!(goes_on || outcome == Err(BadReply::Backwards));
        }
    }

    #[test]
    fn the_last_page_may_exceed_the_limit() {
        let mut progress = Progress::default();
        for _ in 1..1_000 {
            assert_eq!(progress.add("", &empty("x"), 1, NO_TIME), Ok(()));
        }
        assert_eq!(progress.add("x", &empty(""), 1, NO_TIME), Ok(()));
    }

    #[test]
    fn two_pages_do_not_begin_at_one_place() {
        let mut progress = Progress::default();
        assert_eq!(progress.add("x", &empty("y"), 1, NO_TIME), Ok(()));
        let again = progress.add("y", &empty("y"), 1, NO_TIME);
        assert_eq!(again, Err(BadReply::Repeats));
    }
}
