/*
 * bootstrap_token.h - Kubernetes bootstrap tokens: parse, generate, store as a Secret, sign and verify a cluster.
 *
 * Written by `make header` from the exported functions; do not edit.
 *
 * `make install-library PREFIX=/usr/local` puts library, header and pkg-config files in place. A program is built with one
 * of these lines, with the shared library or with the archive, which is linked in:
 *
 *   cc tok.c $(pkg-config --cflags --libs bootstrap_token)
 *   cc tok.c $(pkg-config --cflags --libs bootstrap_token-static)
 *
 * To mint a token: its Secret to standard output, for `kubectl apply -f -`, and the token itself, for the machine that
 * is to join, to standard error (with stdio.h and time.h; `text` is then the caller's to wipe):
 *
 *     bootstrap_token *token = NULL;
 *     bootstrap_token_record *record = NULL;
 *     bootstrap_token_bytes *json = NULL;
 *     char text[BOOTSTRAP_TOKEN_TEXT_SIZE];
 *     if (!bootstrap_token_generate(&token, NULL) && !bootstrap_token_record_new(token, time(NULL), &record, NULL)
 *         && !bootstrap_token_record_expose_secret_json(record, &json, NULL)
 *         && !bootstrap_token_expose_text(token, text, sizeof text, NULL)
 *         && fwrite(bootstrap_token_bytes_data(json), bootstrap_token_bytes_len(json), 1, stdout) == 1
 *         && fflush(stdout) == 0)
 *         fprintf(stderr, "%s\n", text);
 *     bootstrap_token_bytes_free(json), bootstrap_token_record_free(record), bootstrap_token_free(token);
 *
 * Conventions, for every function:
 *
 * Results     A function that can fail returns a bootstrap_token_result, 0 (BOOTSTRAP_TOKEN_RESULT_OK) for success.
 *             Its last argument, `error`, may be NULL; otherwise a failure puts an object there that tells what was
 *             found and what is wanted, which the caller frees before the variable is passed again. On failure no
 *             output but `error` is touched; on success `error` is not touched. A page names the codes that a function
 *             fails with beside those of the call itself (1 to 19), without BOOTSTRAP_TOKEN_RESULT_.
 *             The code is never the whole answer: a function that returns one gives or changes something, too.
 * Questions   A function named `_check` answers a question of trust, and returns nothing: `if (check(...))` does not
 *             compile. Its answer is an output, which it always writes: no if it is not so or if it fails, and `error`
 *             then tells why. What `_is_` and `_equal` return is true for yes.
 * Secrets     No message holds a secret, nor a text that was not understood. Whatever holds a token secret is wiped when it
 *             is freed (`_free`) or wiped (`_wipe`); what a function whose name has `expose` in it hands out is the caller's to wipe.
 * Defects     A panic inside the library becomes BOOTSTRAP_TOKEN_RESULT_PANIC. Rust reports it on standard error, where
 *             nobody has looked whether that repeats what was passed.
 * Ownership   What a function puts in a `**` output belongs to the caller, who frees it once by the `_free` of its type
 *             (never by free()); each `_free` takes NULL. Only what an `_into` function makes lies in the caller's own
 *             memory, and is ended by `_wipe` (or overwritten with zeros), never by `_free`; a token that was wiped is
 *             refused as BOOTSTRAP_TOKEN_RESULT_INVALID_ARGUMENT. What points to const, be it
 *             put in an output or returned, is borrowed, and a page says for how long.
 * Texts       In: a pointer and a length in bytes, UTF-8, no NUL needed; NULL with length 0 is the empty text, NULL with
 *             another length an error. No thread may change it during the call. Out: as a page says; where no NUL stands behind the last byte, there may be one
 *             among the others.
 * Time        Unix seconds. The library asks no clock: `now` is an argument. One before 1970 is no clock's, such as the
 *             -1 of a time() that failed: it is BOOTSTRAP_TOKEN_RESULT_INVALID_ARGUMENT, and whoever asks whether
 *             a token has expired is told that it has. An expiration may be any moment of the years 0 to 9999.
 * Threads     There is no global state. Different objects may be used by different threads; one object by several, as
 *             long as none passes it as a pointer to non-const. fork() is no obstacle.
 * NULL        A page that says what NULL is answered with means it. Arguments that a declaration names in
 *             BOOTSTRAP_TOKEN_NONNULL must not be NULL: a compiler may count on that. The library looks all the same, for
 *             callers in other languages, and returns BOOTSTRAP_TOKEN_RESULT_NULL_POINTER.
 * Languages   C99 and newer, C++11 and newer.
 * Enums       Compare results with the constants; a newer library may return numbers that this header does not name.
 */
@MACROS@
#if defined(__GNUC__) || defined(__clang__)
/* The compiler warns of a result that nobody looks at. */
#define BOOTSTRAP_TOKEN_MUST_USE __attribute__((warn_unused_result))
/* The compiler warns of NULL for one of these arguments. */
#define BOOTSTRAP_TOKEN_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#else
#define BOOTSTRAP_TOKEN_MUST_USE
#define BOOTSTRAP_TOKEN_NONNULL(...)
#endif
