//! Tokens: `<id>.<secret>`, `[a-z0-9]{6}\.[a-z0-9]{16}`.

use core::ffi::{c_char, c_void};
use core::ptr;

use bootstrap_token::{
    GenerateError, ParseTokenError, Problem, TokenId, TokenSecret, Weakness as Found,
};

use crate::boundary::{Failure, answer, call};
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::{Buffer, Out, Storage};

/// Bytes for a token ID and its NUL.
pub const ID_SIZE: usize = 7;
/// Bytes for a token secret and its NUL.
pub const SECRET_SIZE: usize = 17;
/// Bytes for a token and its NUL.
pub const TEXT_SIZE: usize = 24;
/// Bytes of the caller's for a token.
pub const STORAGE_SIZE: usize = 32;

const _: () = assert!(
    ID_SIZE == TokenId::LEN + 1
        && SECRET_SIZE == TokenSecret::LEN + 1
        && TEXT_SIZE == bootstrap_token::Token::LEN + 1
        && STORAGE_SIZE >= size_of::<Token>()
        && align_of::<Token>() == 1
);

// A token is its characters and nothing else, no pointer and nothing on the heap: to overwrite it is to end it.
const _: () = assert!(size_of::<Token>() == TokenId::LEN + TokenSecret::LEN);

/// A token: its ID, which is public, and its secret, which is wiped when it is freed. Never changes, so that threads
/// may share it.
pub struct Token(pub(crate) bootstrap_token::Token);

impl input::Object for Token {
    /// Whether any of its bytes is none of a token's, as all are when it was wiped.
    fn is_wiped(&self) -> bool {
        // SAFETY: it has no other bytes than its characters, as is asserted above, and each may have any value.
        let bytes = unsafe { &*ptr::from_ref(self).cast::<[u8; size_of::<Self>()]>() };
        // All are looked at, so that the time does not tell of the secret.
        !bytes.iter().fold(true, |all, byte| {
            all & (byte.is_ascii_lowercase() | byte.is_ascii_digit())
        })
    }
}

/// Why a token is easy to guess.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// No weakness was found, which is no proof of strength.
    None = 0,
    /// Its secret stands in public documentation.
    PublicExample = 1,
    /// Its secret is one block, repeated.
    Repetition = 2,
    /// A long part of its secret counts up, counts down or stays the same.
    Sequence = 3,
    /// Its secret has few different characters.
    FewCharacters = 4,
    /// A reason that has no number of its own.
    Other = 5,
}

/// Reads a token: exactly `[a-z0-9]{6}\.[a-z0-9]{16}`; nothing is trimmed, and a line break behind it is refused.
/// `*token` belongs to the caller.
///
/// Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_parse(
    text: *const c_char,
    text_len: usize,
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            let text = input::bytes(text, text_len, "text")?;
            out.give(Token(bootstrap_token::Token::from_bytes(text)?));
            Ok(())
        })
    }
}

/// Draws a token from the operating system's randomness, each character uniformly. `*token` belongs to the caller.
///
/// Fails with `NO_RANDOMNESS`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_generate(
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            out.give(Token(bootstrap_token::Token::generate()?));
            Ok(())
        })
    }
}

/// Makes a token of an ID and a secret, as they stand in a Secret's data. `*token` belongs to the caller.
///
/// Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(5)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_from_parts(
    id: *const c_char,
    id_len: usize,
    secret: *const c_char,
    secret_len: usize,
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            let id = input::bytes(id, id_len, "id")?;
            let secret = input::bytes(secret, secret_len, "secret")?;
            out.give(from_parts(id, secret)?);
            Ok(())
        })
    }
}

/// Reads a token as `bootstrap_token_parse` does, into memory of the caller's: `storage`, of at least
/// `BOOTSTRAP_TOKEN_STORAGE_SIZE` bytes, at any address, which stays where it is for as long as the token is used.
/// Allocates nothing unless it fails. `*token` is `storage`, seen as a token, and is ended by `bootstrap_token_wipe`,
/// never by `bootstrap_token_free`.
///
/// Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3, 5)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_parse_into(
    text: *const c_char,
    text_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            let storage = Storage::at(storage, storage_size, STORAGE_SIZE, "storage")?;
            let text = input::bytes(text, text_len, "text")?;
            out.set(storage.hold(Token(bootstrap_token::Token::from_bytes(text)?)));
            Ok(())
        })
    }
}

/// Draws a token as `bootstrap_token_generate` does, into memory of the caller's, as `bootstrap_token_parse_into` has it.
///
/// Fails with `NO_RANDOMNESS`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_generate_into(
    storage: *mut c_void,
    storage_size: usize,
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            let storage = Storage::at(storage, storage_size, STORAGE_SIZE, "storage")?;
            out.set(storage.hold(Token(bootstrap_token::Token::generate()?)));
            Ok(())
        })
    }
}

/// Makes a token as `bootstrap_token_from_parts` does, in memory of the caller's, as `bootstrap_token_parse_into` has it.
///
/// Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(5, 7)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_from_parts_into(
    id: *const c_char,
    id_len: usize,
    secret: *const c_char,
    secret_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    token: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(token, "token")?;
            let storage = Storage::at(storage, storage_size, STORAGE_SIZE, "storage")?;
            let id = input::bytes(id, id_len, "id")?;
            let secret = input::bytes(secret, secret_len, "secret")?;
            out.set(storage.hold(from_parts(id, secret)?));
            Ok(())
        })
    }
}

fn from_parts(id: &[u8], secret: &[u8]) -> Result<Token, ParseTokenError> {
    let id = TokenId::from_bytes(id)?;
    let secret = TokenSecret::from_bytes(secret)?;
    Ok(Token(bootstrap_token::Token::new(id, secret)))
}

/// Copies a token, such as one that is borrowed from a record. `*copy` belongs to the caller.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_clone(
    token: *const Token,
    copy: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(copy, "copy")?;
            out.give(Token(input::object(token, "token")?.0.clone()));
            Ok(())
        })
    }
}

/// Copies a token as `bootstrap_token_clone` does, into memory of the caller's, as `bootstrap_token_parse_into` has it.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2, 4)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_clone_into(
    token: *const Token,
    storage: *mut c_void,
    storage_size: usize,
    copy: *mut *mut Token,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(copy, "copy")?;
            let storage = Storage::at(storage, storage_size, STORAGE_SIZE, "storage")?;
            let token = input::object(token, "token")?;
            out.set(storage.hold(Token(token.0.clone())));
            Ok(())
        })
    }
}

/// Whether a text is a token. Allocates nothing.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_is_valid(text: *const c_char, text_len: usize) -> bool {
    answer(false, || {
        // SAFETY: the caller's word.
        let text = unsafe { input::bytes(text, text_len, "text") }.ok()?;
        Some(bootstrap_token::Token::from_bytes(text).is_ok())
    })
}

/// Writes the token ID and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_ID_SIZE` bytes.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_copy_id(
    token: *const Token,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        copy(
            token,
            buffer,
            buffer_size,
            error,
            ID_SIZE,
            |buffer, token| {
                buffer.write(token.id().as_str());
            },
        )
    }
}

/// Writes the token secret and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_SECRET_SIZE` bytes. Whoever reads it can
/// join the cluster: wipe it after use.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_expose_secret(
    token: *const Token,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        copy(
            token,
            buffer,
            buffer_size,
            error,
            SECRET_SIZE,
            |buffer, token| {
                buffer.write(token.secret().expose());
            },
        )
    }
}

/// Writes the whole token, `<id>.<secret>`, and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_TEXT_SIZE` bytes. Whoever
/// reads it can join the cluster: wipe it after use.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_expose_text(
    token: *const Token,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        copy(
            token,
            buffer,
            buffer_size,
            error,
            TEXT_SIZE,
            |buffer, token| {
                buffer.write(&token.expose());
            },
        )
    }
}

/// Writes a text of a token to a caller's buffer, of at least so many bytes.
///
/// # Safety
/// As for the exported functions that it does the work of.
pub(crate) unsafe fn copy(
    token: *const Token,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
    needed: usize,
    write: impl FnOnce(Buffer, &bootstrap_token::Token),
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let token = input::object(token, "token")?;
            let buffer = Buffer::at(buffer, buffer_size, needed - 1, "buffer")?;
            write(buffer, &token.0);
            Ok(())
        })
    }
}

/// Whether two tokens are the same, secrets compared in constant time. False if either is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_equal(token: *const Token, other: *const Token) -> bool {
    answer(false, || {
        // SAFETY: the caller's word, for each pointer.
        let (token, other) = unsafe { (input::borrow(token)?, input::borrow(other)?) };
        Some(token.0 == other.0)
    })
}

/// Finds out why a token is easy to guess: `NONE`, which is 0, if no weakness was found, which is no proof of strength.
/// `OTHER` for NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_find_weakness(token: *const Token) -> Weakness {
    answer(Weakness::Other, || {
        // SAFETY: the caller's word.
        let token = unsafe { input::borrow(token) }?;
        Some(match token.0.weakness() {
            None => Weakness::None,
            Some(Found::PublicExample) => Weakness::PublicExample,
            Some(Found::Repetition { .. }) => Weakness::Repetition,
            Some(Found::Sequence { .. }) => Weakness::Sequence,
            Some(Found::FewCharacters { .. }) => Weakness::FewCharacters,
            Some(_) => Weakness::Other,
        })
    })
}

/// Wipes and frees a token, but never one that an `_into` function made; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_free(token: *mut Token) {
    // SAFETY: the caller's word.
    unsafe { input::free(token) };
}

/// Wipes a token that lies in memory of the caller's; NULL is taken, and so is one that was wiped before. The memory is
/// the caller's again. Zeroing the whole storage has the same effect. A function that is given a wiped token takes it for
/// none: it fails with `INVALID_ARGUMENT`, or answers as for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_wipe(token: *mut Token) {
    if !token.is_null() {
        answer((), || {
            // SAFETY: by the caller's word it came from `Storage::hold`, and is not used again.
            unsafe { ptr::drop_in_place(token) };
            Some(())
        });
    }
}

impl From<ParseTokenError> for Failure {
    fn from(error: ParseTokenError) -> Self {
        let code = match error.problem() {
            Problem::Empty { .. } => Code::TokenEmpty,
            Problem::Length { .. } => Code::TokenLength,
            Problem::MissingDot => Code::TokenMissingDot,
            Problem::UpperCase { .. } => Code::TokenUpperCase,
            Problem::WhiteSpace { .. } => Code::TokenWhiteSpace,
            Problem::Character { .. } => Code::TokenCharacter,
            _ => Code::Other,
        };
        Self::of(code, &error)
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        Self::of(Code::NoRandomness, &error)
    }
}
