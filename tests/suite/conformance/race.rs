//! Several creators of one ID at once.

use bootstrap_token::Token;
use bootstrap_token_secret::keys;
use conformance::secrets;
use conformance::suite::Test;
use conformance::tests;

use crate::support::{ours_admin, secret, value};

pub(crate) const TESTS: &[Test] = tests!["race": exactly_one_of_several_creators_wins];

const ROUNDS: usize = 25;
const CREATORS: usize = 3;

fn exactly_one_of_several_creators_wins() {
    for _ in 0..ROUNDS {
        let id = secrets::token().id();
        let tokens: [Token; CREATORS] =
            std::array::from_fn(|_| Token::new(id, secrets::token().secret().clone()));
        let running = tokens.each_ref().map(|token| {
            ours_admin(&["create", "-"])
                .stdin(token.expose().to_string())
                .prints_token()
                .start()
        });
        let outputs = running.map(|run| run.wait());
        let mut winners = outputs
            .iter()
            .zip(&tokens)
            .filter(|(output, _)| output.code == Some(0));
        let (won, token) = winners.next().expect("somebody wins");
        assert_eq!(winners.count(), 0, "{outputs:?}");
        assert_eq!(won.stdout, format!("{}\n", token.expose()));
        let stored = value(&secret(id), keys::TOKEN_SECRET).unwrap();
        assert_eq!(stored, token.secret().expose(), "the winner's stays");
        for lost in outputs.iter().filter(|output| output.code != Some(0)) {
            assert_eq!(lost.stdout, "");
            let says = format!("error: a token with id \"{id}\" already exists\n");
            assert!(lost.failure().starts_with(&says), "{lost:?}");
        }
    }
}
