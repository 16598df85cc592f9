//! A server that answers every request with the same list of Secrets.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread;

use conformance::kubeconfig::Kubeconfig;
use k8s_openapi::api::core::v1::Secret;
use serde_json::json;

pub(crate) struct Server {
    kubeconfig: Kubeconfig,
}

impl Server {
    pub(crate) fn with(secrets: &[Secret]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let list =
            json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": secrets});
        let body = list.to_string();
        thread::spawn(move || {
            // One list is one connection; a port that nobody knows of stays open until the suite ends.
            for connection in listener.incoming().flatten() {
                let _ = answer(connection, &body);
            }
        });
        Self {
            kubeconfig: Kubeconfig::new(
                &json!({"server": format!("http://{address}")}),
                &json!({"token": "none"}),
            ),
        }
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.kubeconfig.path()
    }
}

fn answer(connection: TcpStream, body: &str) -> std::io::Result<()> {
    let mut connection = BufReader::new(connection);
    let mut line = String::new();
    while connection.read_line(&mut line)? > 0 && line != "\r\n" {
        line.clear();
    }
    write!(
        connection.get_mut(),
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
