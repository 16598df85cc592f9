//! An HTTP proxy that leads to one server, whatever it is asked for, and tells what that was.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Serves until the test process ends.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// On a free port.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let theirs = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let asked = Arc::clone(&theirs);
                thread::spawn(move || serve(client, server, &asked));
            }
        });
        Self { address, asked }
    }

    /// As `HTTPS_PROXY` names it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked for by CONNECT since it was looked at last.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn serve(mut client: TcpStream, server: SocketAddr, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.split(' ').nth(1).unwrap_or_default();
    asked.lock().unwrap().push(target.to_owned());
    let server = TcpStream::connect(server)?;
    client.write_all(b"HTTP/1.1 200 Go on\r\n\r\n")?;
    let back = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || copy(back));
    copy((client, server))
}

fn copy((mut from, mut to): (TcpStream, TcpStream)) -> io::Result<()> {
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)
}
