//! CONNECT (RFC 9110, section 9.3.6), as net/http sends it.

use http::{HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::{Io, Problem, Target};

/// The longest head of an answer. Only its status matters.
const LIMIT: usize = 64 << 10;

/// The start of each answer.
const HTTP: &[u8] = b"HTTP/";

pub(super) async fn connect(
    io: &mut Io,
    target: &Target,
    authorization: Option<HeaderValue>,
    user_agent: Option<&HeaderValue>,
) -> Result<(), Problem> {
    let authority = target.authority();
    let mut request = Zeroizing::new(
        format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes(),
    );
    let headers = [
        ("User-Agent", user_agent),
        ("Proxy-Authorization", authorization.as_ref()),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            request.reserve_exact(name.len() + value.len() + 8);
            for part in [name.as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                request.extend_from_slice(part);
            }
        }
    }
    request.extend_from_slice(b"\r\n");
    io.write_all(&request).await.map_err(failed)?;
    io.flush().await.map_err(failed)?;
    match read_status(io).await? {
        StatusCode::OK => Ok(()),
        status => Err(Problem::Refused(status)),
    }
}

/// Reads the status. Bytes after the head are dropped: a TLS server does not speak first.
async fn read_status(io: &mut Io) -> Result<StatusCode, Problem> {
    let mut head = Vec::with_capacity(1024);
    let mut searched = 0;
    while !has_blank_line(&head[searched..]) {
        let is_http = HTTP.starts_with(&head[..head.len().min(HTTP.len())]);
        if !is_http || head.len() >= LIMIT {
            return Err(Problem::NotAProxy);
        }
        // The blank line may begin in the part already searched.
        searched = head.len().saturating_sub(2);
        if io.read_buf(&mut head).await.map_err(failed)? == 0 {
            let eof = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            return Err(failed(eof));
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(_)) = response.parse(&head) else {
        return Err(Problem::NotAProxy);
    };
    let status = response
        .code
        .and_then(|code| StatusCode::from_u16(code).ok());
    status.ok_or(Problem::NotAProxy)
}

/// Finds the end of a head. Lines may end with LF alone.
fn has_blank_line(bytes: &[u8]) -> bool {
    let pairs = bytes.windows(2).any(|pair| pair == b"\n\n");
    pairs || bytes.windows(3).any(|three| three == b"\n\r\n")
}

fn failed(error: std::io::Error) -> Problem {
    Problem::Failed(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses an answer that arrives byte by byte and never ends.
    async fn ask(bytes: &'static [u8]) -> Option<StatusCode> {
        let (near, mut far) = tokio::io::duplex(1);
        let mut io = Io::new(near);
        let sent = async {
            far.write_all(bytes).await.unwrap();
            core::future::pending::<()>().await;
        };
        tokio::select! {
            status = read_status(&mut io) => status.ok(),
            () = sent => None,
        }
    }

    #[tokio::test]
    async fn a_head_ends_with_a_blank_line() {
        let ok = Some(StatusCode::OK);
        for (bytes, expected) in [
            (&b"HTTP/1.1 200 OK\r\n\r\n"[..], ok),
            (b"HTTP/1.0 200 Connection established\nVia: x\n\n", ok),
            (b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\nmore", ok),
            (
                b"HTTP/1.1 407 No\r\n\r\n",
                Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
            ),
            // Rejected before they end.
            (b"SSH-2.0", None),
            (b"HTTP/x\r\n\r\n", None),
        ] {
            assert_eq!(ask(bytes).await, expected, "{bytes:?}");
        }
    }
}
