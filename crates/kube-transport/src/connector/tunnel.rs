//! CONNECT (RFC 9110, section 9.3.6), as net/http asks for it.

use http::{HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::{Io, Problem, Target};

/// The longest head of an answer, which has nothing to say but a status.
const LIMIT: usize = 64 << 10;

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
    match answer(io).await? {
        StatusCode::OK => Ok(()),
        status => Err(Problem::Refused(status)),
    }
}

/// The status. What comes behind the head is not kept: a server of TLS does not speak before it is spoken to.
async fn answer(io: &mut Io) -> Result<StatusCode, Problem> {
    let mut head = Vec::with_capacity(1024);
    loop {
        if io.read_buf(&mut head).await.map_err(failed)? == 0 {
            let eof = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            return Err(failed(eof));
        }
        let mut headers = [httparse::EMPTY_HEADER; 128];
        let mut response = httparse::Response::new(&mut headers);
        match response.parse(&head) {
            Ok(httparse::Status::Partial) if head.len() < LIMIT => {}
            Ok(httparse::Status::Complete(_)) => {
                let status = response
                    .code
                    .and_then(|code| StatusCode::from_u16(code).ok());
                return status.ok_or(Problem::NotAProxy);
            }
            _ => return Err(Problem::NotAProxy),
        }
    }
}

fn failed(error: std::io::Error) -> Problem {
    Problem::Failed(error.into())
}
