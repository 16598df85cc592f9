//! A stream whose next item is fetched while the last is being processed.

use std::pin::pin;

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc::{self, Receiver};

/// Polls a stream on another thread and prefetches one item: at most two are in memory. A slow consumer delays only the
/// items after the next.
pub(crate) fn prefetch_one<S>(stream: S) -> Receiver<S::Item>
where
    S: Stream<Item: Send> + Send + 'static,
{
    let (to, from) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut stream = pin!(stream);
        while let Ok(room) = to.reserve().await {
            match stream.next().await {
                Some(item) => room.send(item),
                None => break,
            }
        }
    });
    from
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures::stream;
    use tokio::runtime::Builder;

    use super::*;

    #[test]
    fn the_next_item_comes_while_a_thread_is_busy_with_the_last() {
        let (asked, ask) = mpsc::channel();
        let numbers = stream::iter(1..).inspect(move |n| asked.send(*n).unwrap());
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut items = prefetch_one(numbers.take(3));
            assert_eq!(items.recv().await, Some(1));
            // This thread blocks, and polls nothing.
            assert_eq!((ask.recv(), ask.recv()), (Ok(1), Ok(2)));
            assert_eq!(items.recv().await, Some(2));
            assert_eq!(items.recv().await, Some(3));
            assert_eq!(items.recv().await, None);
        });
    }

    #[test]
    fn never_are_there_more_than_two() {
        let (asked, ask) = mpsc::channel();
        let numbers = stream::iter(1..).inspect(move |n| asked.send(*n).unwrap());
        Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(async {
                let mut items = prefetch_one(numbers);
                assert_eq!(items.recv().await, Some(1));
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
                assert_eq!(ask.try_iter().collect::<Vec<_>>(), [1, 2]);
            });
    }
}
