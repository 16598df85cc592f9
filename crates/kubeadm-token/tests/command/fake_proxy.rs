//! A proxy of every kind at one address, which tells what it was asked.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Connects whoever asks to one server, whatever they ask for.
pub(crate) struct FakeProxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeProxy {
    pub(crate) fn new(
        certificate: &rcgen::Certificate,
        key: &rcgen::KeyPair,
        server: SocketAddr,
    ) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let theirs = Arc::clone(&asked);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (tls, asked) = (tls.clone(), Arc::clone(&theirs));
                    tokio::spawn(async move { serve(stream, tls, server, &asked).await });
                }
            });
        });
        Self { address, asked }
    }

    /// `HOST:PORT`.
    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What it was asked since it was looked at last: `KIND HOST:PORT LOGIN`.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

async fn serve(
    stream: TcpStream,
    tls: TlsAcceptor,
    server: SocketAddr,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut first = [0];
    stream.peek(&mut first).await.ok()?;
    match first[0] {
        5 => by_socks(stream, server, asked).await,
        0x16 => {
            let stream = tls.accept(stream).await.ok()?;
            by_http(stream, "https", server, asked).await
        }
        _ => by_http(stream, "http", server, asked).await,
    }
}

async fn by_http(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    kind: &str,
    server: SocketAddr,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut words = head.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let login = head
        .lines()
        .find_map(|line| line.strip_prefix("Proxy-Authorization: Basic "));
    let login = login.map(|login| String::from_utf8(STANDARD.decode(login).unwrap()).unwrap());
    let method = if method == "CONNECT" { "" } else { method };
    let words = [kind, method, target, &login.unwrap_or_default()];
    note(asked, &words);
    stream.write_all(b"HTTP/1.1 200 Go on\r\n\r\n").await.ok()?;
    go_on(stream, server).await
}

async fn by_socks(
    mut stream: TcpStream,
    server: SocketAddr,
    asked: &Mutex<Vec<String>>,
) -> Option<()> {
    let [_, methods] = read(&mut stream).await?;
    let mut offered = vec![0; methods.into()];
    stream.read_exact(&mut offered).await.ok()?;
    let mut login = String::new();
    if offered.contains(&2) {
        stream.write_all(&[5, 2]).await.ok()?;
        let [1, length] = read(&mut stream).await? else {
            return None;
        };
        login = text(&mut stream, length).await?;
        let [length] = read(&mut stream).await?;
        login = format!("{login}:{}", text(&mut stream, length).await?);
        stream.write_all(&[1, 0]).await.ok()?;
    } else {
        stream.write_all(&[5, 0]).await.ok()?;
    }
    let [5, 1, 0, kind] = read(&mut stream).await? else {
        return None;
    };
    let host = match kind {
        1 => IpAddr::from(read::<4>(&mut stream).await?).to_string(),
        4 => format!("[{}]", IpAddr::from(read::<16>(&mut stream).await?)),
        _ => {
            let [length] = read(&mut stream).await?;
            text(&mut stream, length).await?
        }
    };
    let port = u16::from_be_bytes(read(&mut stream).await?);
    note(asked, &["socks5", &format!("{host}:{port}"), &login]);
    stream
        .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        .await
        .ok()?;
    go_on(stream, server).await
}

async fn read<const N: usize>(stream: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

async fn text(stream: &mut TcpStream, length: u8) -> Option<String> {
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await.ok()?;
    String::from_utf8(bytes).ok()
}

fn note(asked: &Mutex<Vec<String>>, words: &[&str]) {
    let words: Vec<_> = words
        .iter()
        .filter(|word| !word.is_empty())
        .copied()
        .collect();
    asked.lock().unwrap().push(words.join(" "));
}

async fn go_on(mut stream: impl AsyncRead + AsyncWrite + Unpin, server: SocketAddr) -> Option<()> {
    let mut server = TcpStream::connect(server).await.ok()?;
    tokio::io::copy_bidirectional(&mut stream, &mut server)
        .await
        .ok()?;
    Some(())
}
