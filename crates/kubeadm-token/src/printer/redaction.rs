//! A token as it is to be shown: whole, or without its secret.

use std::ops::Deref;

use bootstrap_token::{ExposedToken, TokenSecret};
use bootstrap_token_kube::Escaped;
use bootstrap_token_secret::StoredToken;
use serde_json::{Map, Value};

use super::{API_VERSION, KIND};

/// What the printers print. All but the token's text is what is stored, or stands for it on a terminal.
pub(crate) struct ShownToken<'a> {
    stored: &'a StoredToken,
    token: TokenText,
    escaped: Option<Escapes>,
}

/// What others chose, with control characters escaped.
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
    /// With its secret, for whoever asked for tokens.
    pub(crate) fn whole(stored: &'a StoredToken) -> Self {
        Self {
            stored,
            token: TokenText::Whole(stored.token().expose()),
            escaped: None,
        }
    }

    /// With as many asterisks in the secret's place.
    pub(crate) fn redacted(stored: &'a StoredToken) -> Self {
        Self {
            stored,
            token: TokenText::Redacted(format!("{}.{}", stored.id(), "*".repeat(TokenSecret::LEN))),
            escaped: None,
        }
    }

    /// For a format that has no escapes of its own.
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

    /// `<id>.<secret>`.
    pub(super) fn token(&self) -> &str {
        match &self.token {
            TokenText::Whole(token) => token,
            TokenText::Redacted(text) => text,
        }
    }

    /// When it expires, as objects have it.
    pub(super) fn expires(&self) -> Option<String> {
        self.stored
            .expiration()
            .map(|expiration| expiration.to_utc_string())
    }

    /// kubeadm's output object.
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
