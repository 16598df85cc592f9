//! An API server by plain HTTP or TLS: one scripted reply for each request, and a record of what was asked.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where nobody listens. A port that was free a moment ago may have been given to somebody since.
pub(crate) const NOBODY: &str = "127.0.0.1:1";

/// Stands for the resource that a request is for.
const RESOURCE: &str = "(the resource)";

/// What the server does about a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status, further header lines, body.
    Whole(u16, &'static str, String),
    /// Every byte that is sent.
    Raw(Vec<u8>),
    /// A body in protobuf.
    Protobuf(Vec<u8>),
    /// Says that the body is longer than what it sends, and hangs up.
    CutOff(String),
    /// The same, and holds the connection.
    Unfinished(String),
    /// Hangs up.
    Nothing,
    /// Sends nothing and holds the connection.
    Silence,
    /// A body that goes on for as long as anybody reads it.
    Endless,
    /// A body of one byte a second.
    Dripping,
    /// Replies after two seconds.
    Late(Box<Reply>),
    /// Replies when the test has come as far.
    Held(Arc<Barrier>, Box<Reply>),
}

impl Reply {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self::Whole(200, "", body.into())
    }

    /// A `Status` object, as the API server refuses the resource that it is asked for.
    pub(crate) fn refusal(code: u16, reason: &str, message: &str) -> Self {
        Self::Whole(
            code,
            "",
            format!(
                r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":{},"reason":"{reason}","details":{{"kind":"{RESOURCE}"}},"code":{code}}}"#,
                json(message),
            ),
        )
    }

    /// A `Status` object, as whatever is made of the API server's parts refuses a path that leads to no resource, or to
    /// what it takes for one.
    pub(crate) fn refusal_of_path(code: u16, details: &str) -> Self {
        let message = r#"forbidden: User \"system:anonymous\" cannot get path \"/api/v1/namespaces/kube-public/configmaps/cluster-info\""#;
        Self::Whole(
            code,
            "",
            format!(
                r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":"{message}","reason":"Forbidden","details":{details},"code":{code}}}"#
            ),
        )
    }

    /// A page of Secrets, the last one.
    pub(crate) fn secrets(items: &[String]) -> Self {
        Self::page(items, "")
    }

    pub(crate) fn page(items: &[String], r#continue: &str) -> Self {
        Self::ok(format!(
            r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{"resourceVersion":"7","continue":"{}"}},"items":[{}]}}"#,
            r#continue,
            items.join(",")
        ))
    }
}

/// A Secret named `bootstrap-token-<id>`, with this data.
pub(crate) fn secret(id: &str, data: &[(&str, &[u8])]) -> String {
    let data: Vec<_> = data
        .iter()
        .map(|(key, value)| format!(r#""{key}":"{}""#, base64(value)))
        .collect();
    format!(
        r#"{{"kind":"Secret","apiVersion":"v1","metadata":{{"name":"bootstrap-token-{id}","namespace":"kube-system"}},"data":{{{}}},"type":"bootstrap.kubernetes.io/token"}}"#,
        data.join(",")
    )
}

/// A page of tokens in protobuf: `k8s.io/api/core/v1`, in the envelope of `k8s.io/apimachinery/pkg/runtime`.
pub(crate) fn protobuf_page(tokens: &[&str], r#continue: &str) -> Reply {
    let mut list = field(1, &field(3, r#continue.as_bytes()));
    for token in tokens {
        let (id, secret) = token.split_once('.').unwrap();
        let entry = |key: &str, value: &str| {
            let entry = [field(1, key.as_bytes()), field(2, value.as_bytes())];
            field(2, &entry.concat())
        };
        let name = format!("bootstrap-token-{id}");
        let item = [
            field(1, &field(1, name.as_bytes())),
            entry("token-id", id),
            entry("token-secret", secret),
            field(3, b"bootstrap.kubernetes.io/token"),
        ];
        list.extend(field(2, &item.concat()));
    }
    protobuf("SecretList", &list)
}

/// An object in its envelope.
pub(crate) fn protobuf(kind: &str, object: &[u8]) -> Reply {
    let kind = [field(1, b"v1"), field(2, kind.as_bytes())].concat();
    Reply::Protobuf([b"k8s\0".to_vec(), field(1, &kind), field(2, object)].concat())
}

/// A field of a message, its length as a varint.
pub(crate) fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        field.push(u8::try_from(length % 0x80).unwrap() | 0x80);
        length /= 0x80;
    }
    field.push(u8::try_from(length).unwrap());
    [field, content.to_vec()].concat()
}

/// A token's Secret, with this data beside ID and secret.
pub(crate) fn token(token: &str, data: &[(&str, &[u8])]) -> String {
    let (id, secret_part) = token.split_once('.').unwrap();
    let mut all: Vec<(&str, &[u8])> = vec![
        ("token-id", id.as_bytes()),
        ("token-secret", secret_part.as_bytes()),
    ];
    all.extend_from_slice(data);
    secret(id, &all)
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `GET /api/v1/…?…`
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| {
            let (key, value) = header.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(crate) struct FakeServer {
    scheme: &'static str,
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    left: Arc<Mutex<VecDeque<Reply>>>,
}

impl FakeServer {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start("http", replies, |stream| stream)
    }

    /// By TLS, with a certificate for 127.0.0.1 that it has signed itself.
    pub(crate) fn with_tls(
        certificate: &rcgen::Certificate,
        key: &rcgen::KeyPair,
        replies: impl IntoIterator<Item = Reply>,
    ) -> Self {
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        Self::start("https", replies, move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            StreamOwned::new(connection, stream)
        })
    }

    /// By TLS, and what leads to it in the entry of a kubeconfig's cluster, behind `server: `.
    pub(crate) fn trusted(replies: impl IntoIterator<Item = Reply>) -> (Self, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let server = Self::with_tls(&certificate, &key, replies);
        let authority = base64(certificate.pem().as_bytes());
        let cluster = format!(
            "{}\n    certificate-authority-data: {authority}",
            server.url()
        );
        (server, cluster)
    }

    fn start<S: Read + Write>(
        scheme: &'static str,
        replies: impl IntoIterator<Item = Reply>,
        wrap: impl Fn(TcpStream) -> S + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            scheme,
            port: listener.local_addr().unwrap().port(),
            asked: Arc::default(),
            left: Arc::new(Mutex::new(replies.into_iter().collect())),
        };
        let (asked, left) = (Arc::clone(&server.asked), Arc::clone(&server.left));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, left) = (Arc::clone(&asked), Arc::clone(&left));
                let wrap = wrap.clone();
                std::thread::spawn(move || serve(wrap(stream), &asked, &left));
            }
        });
        server
    }

    /// Further replies, as those in which the server's own address stands.
    pub(crate) fn then(&self, replies: impl IntoIterator<Item = Reply>) {
        self.left.lock().unwrap().extend(replies);
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// The requests that came. Fails the test unless each scripted reply was called for.
    #[track_caller]
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let left = self.left.lock().unwrap().len();
        assert_eq!(left, 0, "replies that were not called for");
        self.asked.lock().unwrap().clone()
    }

    /// The first request, whatever was left of the replies.
    pub(crate) fn asked_first(&self) -> Asked {
        self.asked.lock().unwrap()[0].clone()
    }

    /// Whether any request came, whatever was left of the replies.
    pub(crate) fn was_asked(&self) -> bool {
        self.times_asked() > 0
    }

    /// How many requests came, whatever was left of the replies.
    pub(crate) fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The same as [`asked`](Self::asked), the first line of each only.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

fn serve(stream: impl Read + Write, asked: &Mutex<Vec<Asked>>, left: &Mutex<VecDeque<Reply>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let resource = resource(&request.line).to_owned();
        asked.lock().unwrap().push(request);
        let reply = left
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or_else(|| Reply::refusal(500, "Unscripted", "no reply was scripted"));
        let reply = match reply {
            Reply::Held(barrier, reply) => {
                barrier.wait();
                *reply
            }
            Reply::Late(reply) => {
                std::thread::sleep(Duration::from_secs(2));
                *reply
            }
            reply => reply,
        };
        let (head, body, goes_on) = match reply {
            Reply::Whole(code, more, body) => {
                let body = body.replace(RESOURCE, &resource);
                let length = body.len();
                let head = format!("HTTP/1.1 {code} X\r\ncontent-length: {length}\r\n{more}");
                (head, body, true)
            }
            Reply::Raw(bytes) => {
                let stream = reader.get_mut();
                let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
                return;
            }
            Reply::Protobuf(body) => {
                let head = format!(
                    "HTTP/1.1 200 X\r\ncontent-length: {}\r\ncontent-type: application/vnd.kubernetes.protobuf\r\n\r\n",
                    body.len()
                );
                let stream = reader.get_mut();
                let sent = stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(&body))
                    .and_then(|()| stream.flush());
                if sent.is_err() {
                    return;
                }
                continue;
            }
            Reply::CutOff(body) => (
                format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n", body.len() + 100),
                body,
                false,
            ),
            Reply::Unfinished(body) => {
                let head = format!("content-length: {}\r\n", body.len() + 100);
                let stream = reader.get_mut();
                let sent = write!(stream, "HTTP/1.1 200 X\r\n{head}\r\n{body}");
                if sent.and_then(|()| stream.flush()).is_ok() {
                    std::thread::sleep(Duration::from_secs(60));
                }
                return;
            }
            Reply::Nothing | Reply::Held(..) | Reply::Late(_) => return,
            Reply::Silence => {
                std::thread::sleep(Duration::from_secs(60));
                return;
            }
            Reply::Endless => return go_on(reader.get_mut(), &[b' '; 1 << 13], Duration::ZERO),
            Reply::Dripping => return go_on(reader.get_mut(), b" ", Duration::from_secs(1)),
        };
        let stream = reader.get_mut();
        let sent = write!(stream, "{head}content-type: application/json\r\n\r\n{body}")
            .and_then(|()| stream.flush());
        if sent.is_err() || !goes_on {
            return;
        }
    }
}

/// `secrets` of `GET /api/v1/namespaces/kube-system/secrets/…`; nothing of what is no path of a resource.
fn resource(line: &str) -> &str {
    let path = line.split(' ').nth(1).unwrap_or_default();
    let mut parts = path.split(['/', '?']).skip(1);
    // A version, or a group and a version.
    let versions = match parts.next() {
        Some("api") => 1,
        _ => 2,
    };
    let mut parts = parts.skip(versions);
    match parts.next() {
        Some("namespaces") => parts.nth(1),
        other => other,
    }
    .unwrap_or_default()
}

/// Sends the same again and again, until nobody reads it.
fn go_on(stream: &mut impl Write, part: &[u8], pause: Duration) {
    let head = "HTTP/1.1 200 X\r\ncontent-type: application/json\r\n\r\n";
    let mut sent = stream.write_all(head.as_bytes());
    while sent.is_ok() {
        std::thread::sleep(pause);
        sent = stream.write_all(part).and_then(|()| stream.flush());
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut asked = Asked {
        line: lines.remove(0).trim_end_matches(" HTTP/1.1").to_owned(),
        headers: lines,
        body: String::new(),
    };
    let length = asked
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    asked.body = String::from_utf8(body).unwrap();
    Some(asked)
}
