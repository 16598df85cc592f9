//! A token as it is printed: whole, or without its secret.

use std::ops::Deref;

use bootstrap_token::{ExposedToken, TokenSecret};
use bootstrap_token_kube::Escaped;
use bootstrap_token_secret::StoredToken;
use serde_json::{Map, Value};

use super::{API_VERSION, KIND};

/// A token for the printers. Its fields are those that are stored, or escaped copies for a terminal.
pub(crate) struct ShownToken<'a> {
    stored: &'a StoredToken,
    token: TokenText,
    escaped: Option<Escapes>,
}

/// Fields that others chose, with control characters escaped.
struct Escapes {
    description: String,
    usages: Vec<String>,
    groups: Vec<String>,
}

enum TokenText {
    Whole(ExposedToken),
    Redacted(String),
}

impl<'a> ShownToken<'a> {
    /// Makes a token with its secret.
    pub(crate) fn whole(stored: &'a StoredToken) -> Self {
        Self {
            stored,
            token: TokenText::Whole(stored.token().expose()),
            escaped: None,
        }
    }

    /// Makes a token with asterisks in the place of its secret.
    pub(crate) fn redacted(stored: &'a StoredToken) -> Self {
        Self {
            stored,
            token: TokenText::Redacted(format!("{}.{}", stored.id(), "*".repeat(TokenSecret::LEN))),
            escaped: None,
        }
    }

    /// Escapes the fields, for a format without escapes of its own.
    pub(super) fn escaped(self) -> Self {
        let all = |texts: &[String]| texts.iter().map(|text| Escaped(text).to_string()).collect();
        let escaped = Escapes {
            description: Escaped(self.stored.description()).to_string(),
            usages: all(self.stored.usages()),
            groups: all(self.stored.groups()),
        };
        Self {
            escaped: Some(escaped),
            ..self
        }
    }

    pub(super) fn description(&self) -> &str {
        match &self.escaped {
            Some(escaped) => &escaped.description,
            None => self.stored.description(),
        }
    }

    pub(super) fn usages(&self) -> &[String] {
        match &self.escaped {
            Some(escaped) => &escaped.usages,
            None => self.stored.usages(),
        }
    }

    pub(super) fn groups(&self) -> &[String] {
        match &self.escaped {
            Some(escaped) => &escaped.groups,
            None => self.stored.groups(),
        }
    }

    pub(super) fn is_timer_of_certificates(&self) -> bool {
        self.stored.is_timer_of_certificates()
    }

    /// Returns `<id>.<secret>`.
    pub(super) fn token(&self) -> &str {
        match &self.token {
            TokenText::Whole(token) => token,
            TokenText::Redacted(text) => text,
        }
    }

    /// Returns the expiration as objects show it.
    pub(super) fn expires(&self) -> Option<String> {
        self.stored
            .expiration()
            .map(|expiration| expiration.to_utc_string())
    }

    /// Returns kubeadm's output object.
    pub(crate) fn object(&self) -> Value {
        let mut object = Map::new();
        let mut set = |key: &str, value: Value| object.insert(key.to_owned(), value);
        set("kind", KIND.into());
        set("apiVersion", API_VERSION.into());
        set("token", self.token().into());
        if !self.description().is_empty() {
            set("description", self.description().into());
        }
        if let Some(expires) = self.expires() {
            set("expires", expires.into());
        }
        for (key, values) in [("usages", self.usages()), ("groups", self.groups())] {
            if !values.is_empty() {
                set(key, values.into());
            }
        }
        Value::Object(object)
    }
}

impl Deref for ShownToken<'_> {
    type Target = StoredToken;

    fn deref(&self) -> &StoredToken {
        self.stored
    }
}
