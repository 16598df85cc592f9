use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

async fn pair() -> (Bulk, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    (Bulk::new(ours), listener.accept().await.unwrap().0)
}

async fn read(ours: &mut Bulk, length: usize) {
    let mut bytes = vec![0; length];
    let read = ours.read_exact(&mut bytes);
    let read = tokio::time::timeout(Duration::from_secs(30), read).await;
    read.expect("the reader is never woken").unwrap();
    assert!(bytes.iter().all(|byte| *byte == 7));
}

/// Less than a piece on an open connection: only the timer can wake the reader.
#[tokio::test]
async fn a_short_end_of_a_long_reply_is_read() {
    let (mut ours, mut server) = pair().await;
    for _ in 0..3 {
        server.write_all(&vec![7; LONG]).await.unwrap();
        read(&mut ours, LONG).await;
        assert_eq!(ours.by_piece, cfg!(target_os = "linux"));
        let one_more = async {
            tokio::task::yield_now().await;
            server.write_all(&[7]).await.unwrap();
        };
        tokio::join!(read(&mut ours, 1), one_more);
    }
}

/// The server is done, and less than a piece is left.
#[tokio::test]
async fn what_is_left_when_the_server_closes_is_read() {
    let (mut ours, mut server) = pair().await;
    server.write_all(&vec![7; LONG + 1]).await.unwrap();
    drop(server);
    read(&mut ours, LONG + 1).await;
    assert_eq!(ours.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn each_reply_is_measured_alone() {
    let (mut ours, mut server) = pair().await;
    for _ in 0..3 {
        server.write_all(&vec![7; LONG - 1]).await.unwrap();
        read(&mut ours, LONG - 1).await;
        assert!(!ours.by_piece);
        ours.write_all(b"next").await.unwrap();
        server.read_exact(&mut [0; 4]).await.unwrap();
    }
    server.write_all(&vec![7; LONG]).await.unwrap();
    read(&mut ours, LONG).await;
    assert_eq!(ours.by_piece, cfg!(target_os = "linux"));
    ours.write_all(b"next").await.unwrap();
    assert!(!ours.by_piece);
}

/// A whole piece wakes a reader, a part of one does not.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_part_of_a_piece_does_not_wake_the_reader() {
    let (mut ours, mut server) = pair().await;
    server.write_all(&vec![7; LONG]).await.unwrap();
    read(&mut ours, LONG).await;
    let hour = Duration::from_secs(3600);
    ours.wake.as_mut().reset(Instant::now() + hour);
    let mut piece = vec![0; PIECE];
    let mut woken = Box::pin(ours.read(&mut piece));
    for _ in 0..2 {
        // Long enough to wake the reader.
        let waited = tokio::time::timeout(Duration::from_millis(50), &mut woken).await;
        assert!(waited.is_err());
        server.write_all(&vec![7; PIECE / 2]).await.unwrap();
    }
    assert_eq!(woken.await.unwrap(), PIECE);
}
