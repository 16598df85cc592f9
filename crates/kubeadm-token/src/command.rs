//! The verbs, one file each. Each parses its arguments, acts, and prints the result.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod diagnose;
pub(crate) mod discover;
pub(crate) mod generate;
pub(crate) mod list;
pub(crate) mod manifest;
pub(crate) mod new_token;
pub(crate) mod pin;
pub(crate) mod sign;

use crate::cli::{Global, Verb};
use crate::context::Context;
use crate::failure::Failure;

impl Verb {
    pub(crate) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        match self {
            Verb::Create(create) => create.run(global, context),
            Verb::Delete(delete) => delete.run(global, context),
            Verb::Diagnose(diagnose) => diagnose.run(global, context),
            Verb::Discover(discover) => discover.run(global, context),
            Verb::Generate(_) => generate::Generate::run(context),
            Verb::List(list) => list.run(global, context),
            Verb::Manifest(manifest) => manifest.run(context),
            Verb::Pin(pin) => pin.run(global, context),
            Verb::Sign(sign) => sign.run(global, context),
        }
    }
}
