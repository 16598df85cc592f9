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

#ifndef BOOTSTRAP_TOKEN_H
#define BOOTSTRAP_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOTSTRAP_TOKEN_VERSION "0.1.0"
#define BOOTSTRAP_TOKEN_VERSION_MAJOR 0
#define BOOTSTRAP_TOKEN_VERSION_MINOR 1
#define BOOTSTRAP_TOKEN_VERSION_PATCH 0

/** The namespace of the Secrets. */
#define BOOTSTRAP_TOKEN_NAMESPACE "kube-system"
/** The type of the Secrets. */
#define BOOTSTRAP_TOKEN_SECRET_TYPE "bootstrap.kubernetes.io/token"
/** The group that kubeadm gives by default. */
#define BOOTSTRAP_TOKEN_DEFAULT_GROUP "system:bootstrappers:kubeadm:default-node-token"

#if defined(__GNUC__) || defined(__clang__)
/* The compiler warns of a result that nobody looks at. */
#define BOOTSTRAP_TOKEN_MUST_USE __attribute__((warn_unused_result))
/* The compiler warns of NULL for one of these arguments. */
#define BOOTSTRAP_TOKEN_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#else
#define BOOTSTRAP_TOKEN_MUST_USE
#define BOOTSTRAP_TOKEN_NONNULL(...)
#endif

/**
 * Changes when a program that was built against an older header would not work any more.
 */
#define BOOTSTRAP_TOKEN_ABI_VERSION 2

/**
 * Bytes for a token ID and its NUL.
 */
#define BOOTSTRAP_TOKEN_ID_SIZE 7

/**
 * Bytes for a token secret and its NUL.
 */
#define BOOTSTRAP_TOKEN_SECRET_SIZE 17

/**
 * Bytes for a token and its NUL.
 */
#define BOOTSTRAP_TOKEN_TEXT_SIZE 24

/**
 * Bytes of the caller's for a token.
 */
#define BOOTSTRAP_TOKEN_STORAGE_SIZE 32

/**
 * How many seconds kubeadm lets a token live by default.
 */
#define BOOTSTRAP_TOKEN_DEFAULT_TTL 86400

/**
 * The expiration of a token that never expires.
 */
#define BOOTSTRAP_TOKEN_NEVER 9223372036854775807

/**
 * The usage of a token as a bearer token at the API server.
 */
#define BOOTSTRAP_TOKEN_USAGE_AUTHENTICATION 1

/**
 * The usage of a token as the key that signs cluster-info.
 */
#define BOOTSTRAP_TOKEN_USAGE_SIGNING 2

/**
 * Bytes for the name of a Secret, `bootstrap-token-<id>`, and its NUL.
 */
#define BOOTSTRAP_TOKEN_SECRET_NAME_SIZE 23

/**
 * Bytes for the key of a signature in cluster-info, `jws-kubeconfig-<id>`, and its NUL.
 */
#define BOOTSTRAP_TOKEN_JWS_KEY_NAME_SIZE 22

/**
 * Bytes for a pin and its NUL.
 */
#define BOOTSTRAP_TOKEN_CA_PIN_SIZE 72

/**
 * What came of a call. 0 is success; 1 to 19 tell of the call itself, 100 to 199 of a token, 200 to 299 of a record
 * or its Secret, 300 to 399 of signatures, pins and clusters.
 */
enum bootstrap_token_result
#ifdef __cplusplus
  : uint32_t
#endif // __cplusplus
 {
    /**
     * Done.
     */
    BOOTSTRAP_TOKEN_RESULT_OK = 0,
    /**
     * A pointer is NULL that must not be.
     */
    BOOTSTRAP_TOKEN_RESULT_NULL_POINTER = 1,
    /**
     * A text is not UTF-8.
     */
    BOOTSTRAP_TOKEN_RESULT_INVALID_UTF8 = 2,
    /**
     * A number is none that the function knows, or a length is more than memory can hold.
     */
    BOOTSTRAP_TOKEN_RESULT_INVALID_ARGUMENT = 3,
    /**
     * The caller's buffer is too small.
     */
    BOOTSTRAP_TOKEN_RESULT_BUFFER_TOO_SMALL = 4,
    /**
     * A defect in this library; nothing was done.
     */
    BOOTSTRAP_TOKEN_RESULT_PANIC = 5,
    /**
     * A reason that has no code of its own: see the error's message.
     */
    BOOTSTRAP_TOKEN_RESULT_OTHER = 6,
    /**
     * There is nothing where a token, a token ID or a token secret should be.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_EMPTY = 100,
    /**
     * Too short or too long.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_LENGTH = 101,
    /**
     * No dot between token ID and token secret.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_MISSING_DOT = 102,
    /**
     * An upper-case letter.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_UPPER_CASE = 103,
    /**
     * White space or a line break.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_WHITE_SPACE = 104,
    /**
     * Another character than a-z and 0-9.
     */
    BOOTSTRAP_TOKEN_RESULT_TOKEN_CHARACTER = 105,
    /**
     * The operating system has no randomness to give.
     */
    BOOTSTRAP_TOKEN_RESULT_NO_RANDOMNESS = 110,
    /**
     * No JSON, or not of a Secret's form.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_NOT_JSON = 200,
    /**
     * An object of another kind.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_OTHER_KIND = 201,
    /**
     * A value of the data is no base64.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_NOT_BASE64 = 202,
    /**
     * `token-id` or `token-secret` is missing or empty.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_MISSING_KEY = 203,
    /**
     * The name is not `bootstrap-token-` and the `token-id`.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_WRONG_NAME = 204,
    /**
     * The `token-id` is malformed.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_ID = 205,
    /**
     * The `token-secret` is malformed.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_SECRET = 206,
    /**
     * The `expiration` cannot be read.
     */
    BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_EXPIRATION = 207,
    /**
     * An extra group is not valid.
     */
    BOOTSTRAP_TOKEN_RESULT_BAD_GROUP = 210,
    /**
     * A usage that the cluster does not know.
     */
    BOOTSTRAP_TOKEN_RESULT_UNKNOWN_USAGE = 211,
    /**
     * A moment outside the years 0 to 9999.
     */
    BOOTSTRAP_TOKEN_RESULT_EXPIRATION_OUT_OF_RANGE = 212,
    /**
     * The moment has come.
     */
    BOOTSTRAP_TOKEN_RESULT_EXPIRED = 213,
    /**
     * Not of the form `<header>..<signature>`.
     */
    BOOTSTRAP_TOKEN_RESULT_JWS_NOT_DETACHED = 300,
    /**
     * A signature by another token.
     */
    BOOTSTRAP_TOKEN_RESULT_JWS_OTHER_TOKEN = 301,
    /**
     * Another header than a signature over cluster-info has.
     */
    BOOTSTRAP_TOKEN_RESULT_JWS_HEADER = 302,
    /**
     * Another content or another token secret was signed.
     */
    BOOTSTRAP_TOKEN_RESULT_JWS_SIGNATURE = 303,
    /**
     * A key of no bytes.
     */
    BOOTSTRAP_TOKEN_RESULT_JWS_EMPTY_KEY = 304,
    /**
     * Not of the form `sha256:<64 hexadecimal digits>`.
     */
    BOOTSTRAP_TOKEN_RESULT_PIN_MALFORMED = 310,
    /**
     * The hash of no bytes at all, which no certificate has.
     */
    BOOTSTRAP_TOKEN_RESULT_PIN_OF_NOTHING = 311,
    /**
     * No certificate has a pin that was given.
     */
    BOOTSTRAP_TOKEN_RESULT_NOT_PINNED = 312,
    /**
     * No certificate where one should be.
     */
    BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_MISSING = 320,
    /**
     * A PEM section that is cut off or no base64.
     */
    BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_NOT_PEM = 321,
    /**
     * Not an X.509 certificate.
     */
    BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_MALFORMED = 322,
    /**
     * cluster-info is no JSON of a ConfigMap.
     */
    BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NOT_JSON = 330,
    /**
     * cluster-info has no kubeconfig.
     */
    BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NO_KUBECONFIG = 331,
    /**
     * cluster-info has no signature by this token.
     */
    BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NOT_SIGNED = 332,
    /**
     * The kubeconfig cannot be read.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_MALFORMED = 340,
    /**
     * The kubeconfig is an object of another kind.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_OTHER_KIND = 341,
    /**
     * The kubeconfig names no cluster.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NO_CLUSTER = 342,
    /**
     * The kubeconfig names several clusters.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_SEVERAL_CLUSTERS = 343,
    /**
     * The kubeconfig's cluster is not the current context's.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NOT_CURRENT = 344,
    /**
     * The cluster's server is no address.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_SERVER = 345,
    /**
     * The cluster has no CA certificates.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NO_AUTHORITY = 346,
    /**
     * The cluster's CA certificates are no base64.
     */
    BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_AUTHORITY_NOT_BASE64 = 347,
    /**
     * The cluster's CA certificate has expired.
     */
    BOOTSTRAP_TOKEN_RESULT_AUTHORITY_EXPIRED = 350,
    /**
     * The cluster's CA certificate is not valid yet.
     */
    BOOTSTRAP_TOKEN_RESULT_AUTHORITY_NOT_YET_VALID = 351,
};
#ifndef __cplusplus
typedef uint32_t bootstrap_token_result;
#endif // __cplusplus

/**
 * Why a token is easy to guess.
 */
enum bootstrap_token_weakness
#ifdef __cplusplus
  : uint32_t
#endif // __cplusplus
 {
    /**
     * No weakness was found, which is no proof of strength.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_NONE = 0,
    /**
     * Its secret stands in public documentation.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_PUBLIC_EXAMPLE = 1,
    /**
     * Its secret is one block, repeated.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_REPETITION = 2,
    /**
     * A long part of its secret counts up, counts down or stays the same.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_SEQUENCE = 3,
    /**
     * Its secret has few different characters.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_FEW_CHARACTERS = 4,
    /**
     * A reason that has no number of its own.
     */
    BOOTSTRAP_TOKEN_WEAKNESS_OTHER = 5,
};
#ifndef __cplusplus
typedef uint32_t bootstrap_token_weakness;
#endif // __cplusplus

/**
 * Bytes that a call made. They belong to who asked for them, and are wiped when freed.
 */
typedef struct bootstrap_token_bytes bootstrap_token_bytes;

/**
 * A cluster that there is reason to trust: where its API server is, and its CA certificates that may be trusted. Never
 * changes, so that threads may share it.
 */
typedef struct bootstrap_token_cluster bootstrap_token_cluster;

/**
 * Why a call failed: a code and a message. It belongs to who asked for it.
 */
typedef struct bootstrap_token_error bootstrap_token_error;

/**
 * A token with its expiration, usages, extra groups and description: what stands in the Secret
 * `bootstrap-token-<id>`. Every part of it is well formed. Wiped when freed. Threads may share it while none changes
 * it.
 */
typedef struct bootstrap_token_record bootstrap_token_record;

/**
 * What a list of Secrets holds: for each a record, or why there is none. Never changes, so that threads may share it.
 */
typedef struct bootstrap_token_record_list bootstrap_token_record_list;

/**
 * A token: its ID, which is public, and its secret, which is wiped when it is freed. Never changes, so that threads
 * may share it.
 */
typedef struct bootstrap_token bootstrap_token;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The ABI that this library has. A program that loads it by name compares this with
 * `BOOTSTRAP_TOKEN_ABI_VERSION` of the header that it was written against, and goes on only if they are equal.
 */
uint32_t bootstrap_token_abi_version(void);

/**
 * The version of this library, such as `0.1.0`: ends with NUL, lives for ever.
 */
const char *bootstrap_token_version(void);

/**
 * The name of a code, such as `BOOTSTRAP_TOKEN_RESULT_OK`: ends with NUL, lives for ever. A number that is no code's
 * has the name `BOOTSTRAP_TOKEN_RESULT_UNKNOWN`.
 */
const char *bootstrap_token_result_name(uint32_t result);

/**
 * What a code means, in general: ends with NUL, lives for ever. An error object tells more.
 */
const char *bootstrap_token_result_message(uint32_t result);

/**
 * The code that the failed call returned; `BOOTSTRAP_TOKEN_RESULT_NULL_POINTER` if `error` is NULL.
 */
bootstrap_token_result bootstrap_token_error_code(const bootstrap_token_error *error);

/**
 * What was found, where, and what is wanted instead: UTF-8, ends with NUL, borrowed until the error is freed. Never
 * holds a secret, nor a text that was not understood. NULL if `error` is NULL.
 */
const char *bootstrap_token_error_message(const bootstrap_token_error *error);

/**
 * Frees an error; NULL is taken.
 */
void bootstrap_token_error_free(bootstrap_token_error *error);

/**
 * The first byte, borrowed until the bytes are freed. No NUL stands behind the last. NULL if `bytes` is NULL.
 */
const char *bootstrap_token_bytes_data(const bootstrap_token_bytes *bytes);

/**
 * How many there are; 0 if `bytes` is NULL.
 */
size_t bootstrap_token_bytes_len(const bootstrap_token_bytes *bytes);

/**
 * Wipes and frees bytes; NULL is taken.
 */
void bootstrap_token_bytes_free(bootstrap_token_bytes *bytes);

/**
 * Reads a token: exactly `[a-z0-9]{6}\.[a-z0-9]{16}`; nothing is trimmed, and a line break behind it is refused.
 * `*token` belongs to the caller.
 *
 * Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_parse(const char *text,
                                             size_t text_len,
                                             bootstrap_token **token,
                                             bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * Draws a token from the operating system's randomness, each character uniformly. `*token` belongs to the caller.
 *
 * Fails with `NO_RANDOMNESS`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_generate(bootstrap_token **token,
                                                bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Makes a token of an ID and a secret, as they stand in a Secret's data. `*token` belongs to the caller.
 *
 * Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_from_parts(const char *id,
                                                  size_t id_len,
                                                  const char *secret,
                                                  size_t secret_len,
                                                  bootstrap_token **token,
                                                  bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(5);

/**
 * Reads a token as `bootstrap_token_parse` does, into memory of the caller's: `storage`, of at least
 * `BOOTSTRAP_TOKEN_STORAGE_SIZE` bytes, at any address, which stays where it is for as long as the token is used.
 * Allocates nothing unless it fails. `*token` is `storage`, seen as a token, and is ended by `bootstrap_token_wipe`,
 * never by `bootstrap_token_free`.
 *
 * Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_parse_into(const char *text,
                                                  size_t text_len,
                                                  void *storage,
                                                  size_t storage_size,
                                                  bootstrap_token **token,
                                                  bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3, 5);

/**
 * Draws a token as `bootstrap_token_generate` does, into memory of the caller's, as `bootstrap_token_parse_into` has it.
 *
 * Fails with `NO_RANDOMNESS`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_generate_into(void *storage,
                                                     size_t storage_size,
                                                     bootstrap_token **token,
                                                     bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 3);

/**
 * Makes a token as `bootstrap_token_from_parts` does, in memory of the caller's, as `bootstrap_token_parse_into` has it.
 *
 * Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_from_parts_into(const char *id,
                                                       size_t id_len,
                                                       const char *secret,
                                                       size_t secret_len,
                                                       void *storage,
                                                       size_t storage_size,
                                                       bootstrap_token **token,
                                                       bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(5, 7);

/**
 * Copies a token, such as one that is borrowed from a record. `*copy` belongs to the caller.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_clone(const bootstrap_token *token,
                                             bootstrap_token **copy,
                                             bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Copies a token as `bootstrap_token_clone` does, into memory of the caller's, as `bootstrap_token_parse_into` has it.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_clone_into(const bootstrap_token *token,
                                                  void *storage,
                                                  size_t storage_size,
                                                  bootstrap_token **copy,
                                                  bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2, 4);

/**
 * Whether a text is a token. Allocates nothing.
 */
BOOTSTRAP_TOKEN_MUST_USE bool bootstrap_token_is_valid(const char *text, size_t text_len);

/**
 * Writes the token ID and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_ID_SIZE` bytes.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_copy_id(const bootstrap_token *token,
                                               char *buffer,
                                               size_t buffer_size,
                                               bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Writes the token secret and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_SECRET_SIZE` bytes. Whoever reads it can
 * join the cluster: wipe it after use.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_expose_secret(const bootstrap_token *token,
                                                     char *buffer,
                                                     size_t buffer_size,
                                                     bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Writes the whole token, `<id>.<secret>`, and a NUL to `buffer`, of at least `BOOTSTRAP_TOKEN_TEXT_SIZE` bytes. Whoever
 * reads it can join the cluster: wipe it after use.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_expose_text(const bootstrap_token *token,
                                                   char *buffer,
                                                   size_t buffer_size,
                                                   bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Whether two tokens are the same, secrets compared in constant time. False if either is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
bool bootstrap_token_equal(const bootstrap_token *token,
                           const bootstrap_token *other);

/**
 * Finds out why a token is easy to guess: `NONE`, which is 0, if no weakness was found, which is no proof of strength.
 * `OTHER` for NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_weakness bootstrap_token_find_weakness(const bootstrap_token *token);

/**
 * Wipes and frees a token, but never one that an `_into` function made; NULL is taken.
 */
void bootstrap_token_free(bootstrap_token *token);

/**
 * Wipes a token that lies in memory of the caller's; NULL is taken, and so is one that was wiped before. The memory is
 * the caller's again. Zeroing the whole storage has the same effect. A function that is given a wiped token takes it for
 * none: it fails with `INVALID_ARGUMENT`, or answers as for NULL.
 */
void bootstrap_token_wipe(bootstrap_token *token);

/**
 * Makes a record of a token, which is copied, as `kubeadm token create` makes it when it is told nothing else: with both
 * usages and the group `BOOTSTRAP_TOKEN_DEFAULT_GROUP`, without description, and refused from
 * `BOOTSTRAP_TOKEN_DEFAULT_TTL` seconds after `now`, in Unix seconds. `*record` belongs to the caller.
 *
 * Fails with `INVALID_ARGUMENT` for a `now` before 1970, and with `EXPIRATION_OUT_OF_RANGE`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_new(const bootstrap_token *token,
                                                  int64_t now,
                                                  bootstrap_token_record **record,
                                                  bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 3);

/**
 * Makes a record of a token, which is copied, with nothing: no description, no usages, no groups, never expiring.
 * `*record` belongs to the caller.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_new_bare(const bootstrap_token *token,
                                                       bootstrap_token_record **record,
                                                       bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Wipes and frees a record; NULL is taken.
 */
void bootstrap_token_record_free(bootstrap_token_record *record);

/**
 * The token, borrowed until the record is changed or freed. NULL if `record` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const bootstrap_token *bootstrap_token_record_token(const bootstrap_token_record *record);

/**
 * The moment from which the token is refused, in Unix seconds, a fraction cut off; `BOOTSTRAP_TOKEN_NEVER` if there is
 * none. 0, which has long passed, if `record` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
int64_t bootstrap_token_record_expiration(const bootstrap_token_record *record);

/**
 * Whether the token is refused because it has expired, at `now`, in Unix seconds, and `now_nanoseconds`, 0 to
 * 999,999,999, after it. At exactly its expiration it is. True also if `record` is NULL, for a `now` before 1970, and
 * for a greater `now_nanoseconds`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bool bootstrap_token_record_is_expired(const bootstrap_token_record *record,
                                       int64_t now,
                                       uint32_t now_nanoseconds);

/**
 * What the token may be used for: `BOOTSTRAP_TOKEN_USAGE_*`, or-ed. 0 if `record` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE uint32_t bootstrap_token_record_usages(const bootstrap_token_record *record);

/**
 * How many usages there are that the cluster's own components do not know, such as k0s' `controller-join`. 0 if
 * `record` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
size_t bootstrap_token_record_other_usage_count(const bootstrap_token_record *record);

/**
 * One of the usages that the cluster's own components do not know, without `usage-bootstrap-`: UTF-8, without NUL,
 * borrowed until the record is changed or freed. NULL if there is no such one, or `record` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_record_other_usage(const bootstrap_token_record *record,
                                               size_t index,
                                               size_t *len);

/**
 * How many extra groups there are; 0 if `record` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE size_t bootstrap_token_record_group_count(const bootstrap_token_record *record);

/**
 * One of the extra groups, in stored order: ASCII, no NUL behind it, borrowed until the record is changed or freed.
 * NULL if there is no such one, or `record` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_record_group(const bootstrap_token_record *record,
                                         size_t index,
                                         size_t *len);

/**
 * What the token is for, in words: UTF-8, no NUL behind it, borrowed until the record is changed or freed. Empty for
 * none. NULL if `record` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_record_description(const bootstrap_token_record *record,
                                               size_t *len);

/**
 * Sets the moment from which the token is refused, in Unix seconds; `BOOTSTRAP_TOKEN_NEVER` lets it live for ever.
 *
 * Fails with `EXPIRATION_OUT_OF_RANGE`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_set_expiration(bootstrap_token_record *record,
                                                             int64_t unix_seconds,
                                                             bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Sets the moment from which the token is refused to `ttl_seconds`, 1 or more, after `now`, in Unix seconds.
 *
 * Fails with `INVALID_ARGUMENT` for less than 1, which is not kubeadm's 0 for a token that never expires either (that is
 * `bootstrap_token_record_set_expiration` with `BOOTSTRAP_TOKEN_NEVER`), and for a `now` before 1970; and with
 * `EXPIRATION_OUT_OF_RANGE`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_set_ttl(bootstrap_token_record *record,
                                                      int64_t ttl_seconds,
                                                      int64_t now,
                                                      bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Sets what the token may be used for: `BOOTSTRAP_TOKEN_USAGE_AUTHENTICATION`, `BOOTSTRAP_TOKEN_USAGE_SIGNING`, both
 * (`|`) or 0. Usages that the cluster does not know, read from a Secret, stay.
 *
 * Fails with `INVALID_ARGUMENT` for any other bit.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_set_usages(bootstrap_token_record *record,
                                                         uint32_t usages,
                                                         bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Adds a group that the token's bearer is in: `system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]`.
 *
 * Fails with `BAD_GROUP`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_add_group(bootstrap_token_record *record,
                                                        const char *group,
                                                        size_t group_len,
                                                        bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Takes all groups away.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_clear_groups(bootstrap_token_record *record,
                                                           bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Says what the token is for, in words. An empty description is none.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_set_description(bootstrap_token_record *record,
                                                              const char *description,
                                                              size_t description_len,
                                                              bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1);

/**
 * Writes the name of a token's Secret, `bootstrap-token-<id>`, and a NUL to `buffer`, of at least
 * `BOOTSTRAP_TOKEN_SECRET_NAME_SIZE` bytes.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_copy_secret_name(const bootstrap_token *token,
                                                        char *buffer,
                                                        size_t buffer_size,
                                                        bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Reads a Secret as the API server sends it, in JSON, by kubeadm's rules; an extra group that is not valid, which the
 * API server would refuse the token for, is an error. `*record` belongs to the caller.
 *
 * Fails with `SECRET_NOT_JSON` to `SECRET_MALFORMED_EXPIRATION`, or `BAD_GROUP`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_from_secret_json(const char *json,
                                                               size_t json_len,
                                                               bootstrap_token_record **record,
                                                               bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * Writes a record as the JSON of its Secret, ready to be sent to the API server. It holds the token secret. `*json`
 * belongs to the caller.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_expose_secret_json(const bootstrap_token_record *record,
                                                                 bootstrap_token_bytes **json,
                                                                 bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Reads a `SecretList` (or a `List`) as the API server sends it, in JSON: those Secrets in it that are of a bootstrap
 * token's type, in order, each by itself. `*list` belongs to the caller.
 *
 * Fails with `SECRET_NOT_JSON` or `SECRET_OTHER_KIND`; a broken Secret is an entry of the list, but an item without a
 * Secret's form (`null`, or a `type` that is a number), which no API server sends, makes the whole list
 * `SECRET_NOT_JSON`, with the item's index in the message.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_list_from_json(const char *json,
                                                             size_t json_len,
                                                             bootstrap_token_record_list **list,
                                                             bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * How many Secrets there are, broken ones counted; 0 if `list` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE size_t bootstrap_token_record_list_len(const bootstrap_token_record_list *list);

/**
 * The name of a Secret: UTF-8, no NUL behind it, borrowed until the list is freed. NULL if there is no such Secret,
 * or `list` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_record_list_name(const bootstrap_token_record_list *list,
                                             size_t index,
                                             size_t *len);

/**
 * The record of a Secret: `*record` is borrowed until the list is freed.
 *
 * Fails with `INVALID_ARGUMENT` if there is no such Secret, and as `bootstrap_token_record_from_secret_json` if it is
 * broken.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_record_list_get(const bootstrap_token_record_list *list,
                                                       size_t index,
                                                       const bootstrap_token_record **record,
                                                       bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 3);

/**
 * Wipes and frees a list; NULL is taken.
 */
void bootstrap_token_record_list_free(bootstrap_token_record_list *list);

/**
 * Whether a text is a token ID: `[a-z0-9]{6}`.
 */
BOOTSTRAP_TOKEN_MUST_USE bool bootstrap_token_id_is_valid(const char *id, size_t id_len);

/**
 * Whether a text is an extra group: `system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]`.
 */
BOOTSTRAP_TOKEN_MUST_USE bool bootstrap_token_group_is_valid(const char *group, size_t group_len);

/**
 * The bit of a usage by its name, `authentication` or `signing`, in `*usage`: one of `BOOTSTRAP_TOKEN_USAGE_*`.
 *
 * Fails with `UNKNOWN_USAGE`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_usage_parse(const char *name,
                                                   size_t name_len,
                                                   uint32_t *usage,
                                                   bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * The groups that a token's bearer is in, by the value of `auth-extra-groups` in its Secret: sorted, none twice,
 * `system:bootstrappers` among them, commas between. `*groups` belongs to the caller.
 *
 * Fails with `BAD_GROUP`, for which the API server refuses the token.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_groups_identity(const char *extra_groups,
                                                       size_t extra_groups_len,
                                                       bootstrap_token_bytes **groups,
                                                       bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * Writes the token ID in the name of a Secret, and a NUL, to `buffer`, of at least `BOOTSTRAP_TOKEN_ID_SIZE` bytes.
 *
 * Fails with `SECRET_WRONG_NAME` if the name is not `bootstrap-token-` and a token ID.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_copy_id_in_secret_name(const char *name,
                                                              size_t name_len,
                                                              char *buffer,
                                                              size_t buffer_size,
                                                              bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * Checks how much time is left to a token by the value of `expiration` in its Secret (RFC 3339, or empty for a token that
 * never expires), at `now` and `now_nanoseconds`, 0 to 999,999,999, after it. `*remaining_nanoseconds` is `INT64_MAX`
 * for more than 292 years and for ever, and 0 if nothing is left or if the check fails.
 *
 * Fails with `EXPIRED` when nothing is left, with `SECRET_MALFORMED_EXPIRATION`, for which the cluster takes a token as
 * expired, and with `INVALID_ARGUMENT` for a `now` before 1970.
 */
void bootstrap_token_expiration_check(const char *expiration,
                                      size_t expiration_len,
                                      int64_t now,
                                      uint32_t now_nanoseconds,
                                      int64_t *remaining_nanoseconds,
                                      bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(5);

/**
 * Writes the key under which a token's signature stands in cluster-info, `jws-kubeconfig-<id>`, and a NUL to `buffer`,
 * of at least `BOOTSTRAP_TOKEN_JWS_KEY_NAME_SIZE` bytes.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_copy_jws_key_name(const bootstrap_token *token,
                                                         char *buffer,
                                                         size_t buffer_size,
                                                         bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2);

/**
 * Signs a content as the controller manager signs cluster-info's kubeconfig: a detached JWS, HS256. `*jws` belongs to
 * the caller; it is not secret.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_jws_sign(const bootstrap_token *token,
                                                const char *content,
                                                size_t content_len,
                                                bootstrap_token_bytes **jws,
                                                bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 4);

/**
 * Checks that a detached JWS is a token's signature over a content, compared as a whole in constant time: `*is_valid` is
 * true if so, and false if not or if the check fails.
 *
 * Fails with `JWS_NOT_DETACHED` to `JWS_SIGNATURE`.
 */
void bootstrap_token_jws_check(const bootstrap_token *token,
                               const char *content,
                               size_t content_len,
                               const char *jws,
                               size_t jws_len,
                               bool *is_valid,
                               bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 6);

/**
 * Signs a content under a token ID with any key, for a token secret that is not well formed: the controller manager's
 * signer does not look at its form. `*jws` belongs to the caller.
 *
 * Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER` for the ID, and with `JWS_EMPTY_KEY`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_jws_sign_with_key(const char *id,
                                                         size_t id_len,
                                                         const char *key,
                                                         size_t key_len,
                                                         const char *content,
                                                         size_t content_len,
                                                         bootstrap_token_bytes **jws,
                                                         bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(7);

/**
 * Checks that a detached JWS is what `bootstrap_token_jws_sign_with_key` makes, compared as a whole in constant time:
 * `*is_valid` is true if so, and false if not or if the check fails.
 *
 * Fails as that does, and with `JWS_SIGNATURE`.
 */
void bootstrap_token_jws_check_with_key(const char *id,
                                        size_t id_len,
                                        const char *key,
                                        size_t key_len,
                                        const char *content,
                                        size_t content_len,
                                        const char *jws,
                                        size_t jws_len,
                                        bool *is_valid,
                                        bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(9);

/**
 * How many certificates a file has, PEM (a bundle) or DER (one).
 *
 * Fails with `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_ca_count(const char *certificates,
                                                size_t certificates_len,
                                                size_t *count,
                                                bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3);

/**
 * Writes the pin of a file's certificate number `index`, counted from 0, and a NUL to `buffer`, of at least
 * `BOOTSTRAP_TOKEN_CA_PIN_SIZE` bytes. The file is PEM (a bundle) or DER (one certificate).
 *
 * Fails with `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`, and with `INVALID_ARGUMENT` if there is no such one.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_ca_pin_compute(const char *certificates,
                                                      size_t certificates_len,
                                                      size_t index,
                                                      char *buffer,
                                                      size_t buffer_size,
                                                      bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(4);

/**
 * Checks that a certificate of a file has one of the pins: `*is_pinned` is true if so, and false if not or if the check
 * fails. `pins` is one or more of them with commas between, the file PEM (a bundle) or DER (one certificate). The other
 * certificates of a bundle are not vouched for.
 *
 * Fails with `PIN_MALFORMED`, `PIN_OF_NOTHING`, `NOT_PINNED`, and `CERTIFICATE_MISSING` to `CERTIFICATE_MALFORMED`.
 */
void bootstrap_token_ca_pin_check(const char *pins,
                                  size_t pins_len,
                                  const char *certificates,
                                  size_t certificates_len,
                                  bool *is_pinned,
                                  bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(5);

/**
 * Checks `kube-public/cluster-info` before joining: that the token signed its kubeconfig, and that a CA certificate in
 * it has one of the pins. `config_map` is the ConfigMap as the API server sends it, in JSON; whoever sent it need not
 * be trusted. `pins` is one or more pins (`sha256:<hex>`) with commas between; `now` is in Unix seconds. `*cluster`
 * belongs to the caller.
 *
 * Fails with the first reason not to trust it: `CLUSTER_INFO_*`, `JWS_*`, `KUBECONFIG_*`, `CERTIFICATE_*`,
 * `NOT_PINNED`, `AUTHORITY_*`; with `PIN_*`; and with `INVALID_ARGUMENT` for a `now` before 1970.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_cluster_info_verify(const char *config_map,
                                                           size_t config_map_len,
                                                           const bootstrap_token *token,
                                                           const char *pins,
                                                           size_t pins_len,
                                                           int64_t now,
                                                           bootstrap_token_cluster **cluster,
                                                           bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3, 7);

/**
 * As `bootstrap_token_cluster_info_verify`, with the CA certificates themselves (PEM or DER), as they were handed over
 * beside the token, instead of their pins.
 *
 * Fails as that does, with `CERTIFICATE_*` in the place of `PIN_*`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_cluster_info_verify_by_ca(const char *config_map,
                                                                 size_t config_map_len,
                                                                 const bootstrap_token *token,
                                                                 const char *certificates,
                                                                 size_t certificates_len,
                                                                 int64_t now,
                                                                 bootstrap_token_cluster **cluster,
                                                                 bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3, 7);

/**
 * As `bootstrap_token_cluster_info_verify`, trusting whoever knows the token to be the cluster, as kubeadm's
 * `--discovery-token-unsafe-skip-ca-verification` does: everybody who ever held the token can take its place.
 *
 * Fails as that does, but for `NOT_PINNED` and `PIN_*`.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_cluster_info_danger_verify_without_pin(const char *config_map,
                                                                              size_t config_map_len,
                                                                              const bootstrap_token *token,
                                                                              int64_t now,
                                                                              bootstrap_token_cluster **cluster,
                                                                              bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(3, 5);

/**
 * Where the API server is, such as `https://10.0.0.1:6443`: ASCII, no NUL behind it, borrowed until the cluster is
 * freed. NULL if `cluster` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_cluster_server(const bootstrap_token_cluster *cluster,
                                           size_t *len);

/**
 * The CA certificates that may be trusted, as a PEM bundle: those that the pins or the certificates vouch for, or all
 * of cluster-info's where the token alone did, without any that is not valid at the `now` that was given. ASCII, no
 * NUL behind it, borrowed until the cluster is freed. NULL if `cluster` or `len` is NULL.
 */
BOOTSTRAP_TOKEN_MUST_USE
const char *bootstrap_token_cluster_ca_pem(const bootstrap_token_cluster *cluster,
                                           size_t *len);

/**
 * A kubeconfig by which a kubelet can bootstrap: the cluster, and the token as its credential. As secret as the token.
 * `*kubeconfig` belongs to the caller.
 */
BOOTSTRAP_TOKEN_MUST_USE
bootstrap_token_result bootstrap_token_cluster_expose_kubeconfig(const bootstrap_token_cluster *cluster,
                                                                 const bootstrap_token *token,
                                                                 bootstrap_token_bytes **kubeconfig,
                                                                 bootstrap_token_error **error)
BOOTSTRAP_TOKEN_NONNULL(1, 2, 3);

/**
 * Frees a cluster; NULL is taken.
 */
void bootstrap_token_cluster_free(bootstrap_token_cluster *cluster);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BOOTSTRAP_TOKEN_H */
