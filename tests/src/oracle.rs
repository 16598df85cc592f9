//! Upstream's own functions, asked through `control-plane oracle`.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use serde::Deserialize;
use serde_json::Value;

use crate::paths;

/// What one of upstream's functions returned.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A value, `null` for a function that returns only an error, and did not.
    Ok(Value),
    /// An error's text.
    Error(String),
    /// It panicked.
    Panic(String),
    /// The suite asked something that is no question.
    BadRequest(String),
}

impl Answer {
    /// Whether there was no error.
    pub fn accepted(&self) -> bool {
        matches!(self, Answer::Ok(_))
    }

    /// The value, if there was no error.
    pub fn ok(&self) -> Option<&Value> {
        match self {
            Answer::Ok(value) => Some(value),
            _ => None,
        }
    }
}

/// A process that answers until it is dropped.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts the helper.
    pub fn start() -> Self {
        let mut child = Command::new(paths::control_plane())
            .arg("oracle")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `make control-plane` first");
        Self {
            requests: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// One question.
    pub fn ask(&mut self, request: &Value) -> Answer {
        self.ask_all(std::slice::from_ref(request)).remove(0)
    }

    /// Any number of questions, written by one thread while the answers are read by another.
    pub fn ask_all(&mut self, requests: &[Value]) -> Vec<Answer> {
        let Self {
            requests: to,
            answers,
            ..
        } = self;
        let to = to.as_mut().expect("open until dropped");
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut to = BufWriter::new(to);
                for request in requests {
                    serde_json::to_writer(&mut to, request).unwrap();
                    to.write_all(b"\n").unwrap();
                }
                to.flush().unwrap();
            });
            let mut line = String::new();
            requests
                .iter()
                .map(|request| {
                    line.clear();
                    answers.read_line(&mut line).unwrap();
                    let answer = serde_json::from_str(&line)
                        .unwrap_or_else(|error| panic!("{request}: {error}: {line:?}"));
                    assert!(
                        !matches!(answer, Answer::BadRequest(_)),
                        "{request}: {answer:?}"
                    );
                    answer
                })
                .collect()
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
