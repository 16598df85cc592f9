//! `--sort-by`: kubectl's, applied to the object that `-o json` prints.

use bootstrap_token_kube::Stored;
use bootstrap_token_secret::StoredToken;
use kubectl_jsonpath::Template;
use serde_json::json;

use crate::failure::Failure;
use crate::printer::ShownToken;
use crate::quote;

/// Fields that a token may have.
const FIELDS: &str = "token, description, expires, usages, groups";

/// Sorts by the text that a JSONPath expression gives for each token.
pub(super) struct Order(Template);

impl Order {
    /// Parses every form that kubectl takes: `expires`, `.expires`, `{.expires}`.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let refused = |why: String| {
            Failure::new(format!("cannot sort by {}", quote::shown(text)))
                .because(quote::shown_bare(&why))
                .help(format!(
                    "name what `kubeadm-token list -o json` has: {FIELDS}"
                ))
        };
        let path = Template::relaxed(text).map_err(|error| refused(error.to_string()))?;
        // Finds a field that no token can have, before any request.
        let all = json!({
            "kind": "", "apiVersion": "", "token": "", "description": "", "expires": "", "usages": [""], "groups": [""],
        });
        path.render(&all)
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self(path.allow_missing_keys(true)))
    }

    pub(super) fn key(&self, stored: &Stored) -> Key {
        let key = stored.token().ok().and_then(|token| self.text(token));
        Key(key.is_none(), key)
    }

    fn text(&self, token: &StoredToken) -> Option<Vec<u8>> {
        // IDs are unique, so the order never depends on the secrets after them.
        let text = self.0.render(&ShownToken::redacted(token).object()).ok()?;
        Some(text).filter(|text| !text.is_empty())
    }
}

/// The sort key of a token. Tokens without the field, such as those that never expire, come last, and so do unreadable
/// ones.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(bool, Option<Vec<u8>>);

impl Key {
    /// Returns the size of the key's heap memory.
    pub(super) fn length(&self) -> usize {
        self.1.as_ref().map_or(0, Vec::capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Chain;
    use crate::printer::samples::stored;

    #[test]
    fn every_form_of_a_path_and_every_field() {
        let token = stored(&[
            ("description", "d"),
            ("expiration", "2026-11-26T01:00:00+01:00"),
            ("usage-bootstrap-signing", "true"),
            ("auth-extra-groups", "x,y"),
        ]);
        for (path, key) in [
            ("token", "abcdef.****************"),
            ("{.token}", "abcdef.****************"),
            (".description", "d"),
            ("expires", "2026-11-26T00:00:00Z"),
            ("usages", r#"["signing"]"#),
            ("groups[0]", "x"),
        ] {
            let order = Order::parse(path).unwrap_or_else(|failure| panic!("{failure}"));
            assert_eq!(
                order.text(&token).as_deref(),
                Some(key.as_bytes()),
                "{path}"
            );
            let expected = (path.contains("token")).then(|| key.as_bytes().to_vec());
            assert_eq!(order.text(&stored(&[])), expected, "{path}");
        }
    }

    #[test]
    fn what_no_token_has_is_refused() {
        for (path, says) in [
            ("expiry", "cannot sort by \"expiry\": expiry is not found"),
            (
                "{.token}{.expires}",
                "cannot sort by \"{.token}{.expires}\": unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
            ),
        ] {
            let failure = Order::parse(path).err().unwrap();
            assert_eq!(Chain(&failure).to_string(), says);
        }
    }
}
