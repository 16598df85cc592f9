/* Calls every function of the header rightly, and wrongly: calls.inc is generated from the header. */
#define _GNU_SOURCE /* before the first header */
#include <bootstrap_token.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef LOOKS
#include "looks.h"
#else
static unsigned long dirty;
#endif
#include "texts.inc"

/* What an output holds before a call. */
#define UNTOUCHED 0x5a

static unsigned long calls;

static void die(const char *call, const char *why)
{
    fprintf(stderr, "%s: %s\n", call, why);
    exit(1);
}

/* Looks at what a call that failed says, and frees it. */
static void said(const char *call, bootstrap_token_result result, bootstrap_token_error *error)
{
    const char *message;

    if (error == NULL)
        die(call, "failed without an error");
    if (bootstrap_token_error_code(error) != result)
        die(call, "the error has another code than the call");
    message = bootstrap_token_error_message(error);
    if (message[0] == '\0')
        die(call, "the error has no message");
    if (strstr(message, "f395accd246ae52d") != NULL || strstr(message, "07401b.") != NULL
        || strcasestr(message, "canary") != NULL)
        die(call, "the message holds what was passed");
    if (result == BOOTSTRAP_TOKEN_RESULT_PANIC)
        die(call, message);
    bootstrap_token_error_free(error);
}

static void is_untouched(const char *call, const void *at, size_t size)
{
    const unsigned char *byte = at;

    for (; size > 0; size--)
        if (*byte++ != UNTOUCHED)
            die(call, "failed and touched an output");
}

/* Each output in its own variable, set anew before every call. */
#define OUTPUTS(x) \
    x(bootstrap_token *, new_bootstrap_token) \
    x(bootstrap_token_record *, new_bootstrap_token_record) \
    x(bootstrap_token_record_list *, new_bootstrap_token_record_list) \
    x(bootstrap_token_cluster *, new_bootstrap_token_cluster) \
    x(bootstrap_token_bytes *, new_bootstrap_token_bytes) \
    x(bootstrap_token *, lent_bootstrap_token) \
    x(const bootstrap_token_record *, lent_bootstrap_token_record) \
    x(size_t, a_size) \
    x(int64_t, an_int64) \
    x(uint32_t, a_uint32) \
    x(bool, a_bool)
#define DECLARE(type, name) static type name;
#define RESET(type, name) memset(&name, UNTOUCHED, sizeof name);
OUTPUTS(DECLARE)

static void free_new_bootstrap_token(void) { bootstrap_token_free(new_bootstrap_token); }
static void free_new_bootstrap_token_record(void) { bootstrap_token_record_free(new_bootstrap_token_record); }
static void free_new_bootstrap_token_record_list(void) { bootstrap_token_record_list_free(new_bootstrap_token_record_list); }
static void free_new_bootstrap_token_cluster(void) { bootstrap_token_cluster_free(new_bootstrap_token_cluster); }
static void free_new_bootstrap_token_bytes(void) { bootstrap_token_bytes_free(new_bootstrap_token_bytes); }

#define BEGIN(function) \
    { \
        const char *call = #function; \
        char buffer[128], storage[BOOTSTRAP_TOKEN_STORAGE_SIZE]; \
        bootstrap_token_error *error = NULL; \
        (void)call, (void)error; \
        calls++; \
        memset(buffer, UNTOUCHED, sizeof buffer); \
        memset(storage, UNTOUCHED, sizeof storage); \
        OUTPUTS(RESET)
#define END }
#define BUFFERS_KEPT (is_untouched(call, buffer, sizeof buffer), is_untouched(call, storage, sizeof storage))
#define RIGHT(expression) \
    if ((expression) != BOOTSTRAP_TOKEN_RESULT_OK) \
        die(#expression, error ? bootstrap_token_error_message(error) : "failed")
#define WRONG(expression, code) \
    do { \
        bootstrap_token_result result = (expression); \
        if (result != BOOTSTRAP_TOKEN_RESULT_##code) \
            die(#expression, bootstrap_token_result_name(result)); \
        said(#expression, result, error); \
        BUFFERS_KEPT; \
    } while (0)
/* A check: what it answers, and whether it says why not. */
#define YES(expression, output) \
    do { \
        expression; \
        if (error != NULL || !(output)) \
            die(#expression, "is answered no"); \
    } while (0)
#define NO(expression, output, code) \
    do { \
        expression; \
        if (output) \
            die(#expression, "is answered yes"); \
        if (bootstrap_token_error_code(error) != BOOTSTRAP_TOKEN_RESULT_##code) \
            die(#expression, bootstrap_token_result_name(bootstrap_token_error_code(error))); \
        said(#expression, BOOTSTRAP_TOKEN_RESULT_##code, error); \
        BUFFERS_KEPT; \
    } while (0)
#define EITHER(expression, output) \
    do { \
        expression; \
        if ((error == NULL) != !!(output)) \
            die(#expression, "is answered otherwise than its error says"); \
        if (error != NULL) \
            said(#expression, bootstrap_token_error_code(error), error); \
    } while (0)
#define CALL(expression) (void)!(expression)
/* What is lent is NULL or somewhere: the runtimes of other languages take a small number in a pointer for a fault. */
#define LENDS(expression) \
    do { \
        const void *lent = (expression); \
        if (lent != NULL && (uintptr_t)lent < 4096) \
            die(#expression, "lends what is nowhere"); \
    } while (0)
#define ANSWERS(expression, answer) \
    if ((expression) != (answer)) \
        die(#expression, "is not answered by " #answer)
#define KEPT(output) is_untouched(call, &output, sizeof output)
#define FREE(output) free_##output()

/* Whether a call failed; if it did, it said why. */
static bool failed(const char *call, bootstrap_token_result result, bootstrap_token_error *error)
{
    if (result == BOOTSTRAP_TOKEN_RESULT_OK)
        return false;
    said(call, result, error);
    return true;
}
static bootstrap_token_result last;
#define ANY(expression) (last = (expression), failed(#expression, last, error))

#define OK(expression) \
    if ((expression) != BOOTSTRAP_TOKEN_RESULT_OK) \
        die(#expression, "failed")

/* Texts of no length that are lent: where they are, and that they are there. */
static void empty_texts(void)
{
    static const char secret[] =
        "{\"metadata\":{\"name\":\"bootstrap-token-07401b\"},\"data\":{\"token-id\":\"MDc0MDFi\","
        "\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZA==\",\"usage-bootstrap-\":\"dHJ1ZQ==\"}}";
    static const char list[] =
        "{\"kind\":\"SecretList\",\"items\":[{\"type\":\"bootstrap.kubernetes.io/token\",\"metadata\":{},\"data\":{}}]}";
    bootstrap_token_record *record;
    bootstrap_token_record_list *records;
    const char *texts[3];
    size_t lens[3], each;

    OK(bootstrap_token_record_from_secret_json(secret, sizeof secret - 1, &record, NULL));
    OK(bootstrap_token_record_list_from_json(list, sizeof list - 1, &records, NULL));
    texts[0] = bootstrap_token_record_description(record, &lens[0]);
    texts[1] = bootstrap_token_record_other_usage(record, 0, &lens[1]);
    texts[2] = bootstrap_token_record_list_name(records, 0, &lens[2]);
    for (each = 0; each < 3; each++) {
        if (texts[each] == NULL || lens[each] != 0)
            die("an empty text", "is not lent");
        LENDS(texts[each]);
    }
    bootstrap_token_record_list_free(records);
    bootstrap_token_record_free(record);
}

int main(void)
{
    /* The compiler warns of a plain NULL: that is the point of it. */
    void *volatile hidden = NULL;
    bootstrap_token *a_bootstrap_token, *wiped_token, *zeroed_token, *overwritten_token, *torn_token;
    char wiped[BOOTSTRAP_TOKEN_STORAGE_SIZE], zeroed[BOOTSTRAP_TOKEN_STORAGE_SIZE];
    char overwritten[BOOTSTRAP_TOKEN_STORAGE_SIZE], torn[BOOTSTRAP_TOKEN_STORAGE_SIZE];
    bootstrap_token_record *a_bootstrap_token_record;
    bootstrap_token_record_list *a_bootstrap_token_record_list;
    bootstrap_token_cluster *a_bootstrap_token_cluster;
    bootstrap_token_bytes *a_bootstrap_token_bytes;
    bootstrap_token_error *a_bootstrap_token_error = NULL;

    OK(bootstrap_token_parse(TOKEN, sizeof(TOKEN) - 1, &a_bootstrap_token, NULL));
    OK(bootstrap_token_record_from_secret_json(SECRET_JSON, sizeof(SECRET_JSON) - 1, &a_bootstrap_token_record, NULL));
    OK(bootstrap_token_record_list_from_json(LIST_JSON, sizeof(LIST_JSON) - 1, &a_bootstrap_token_record_list, NULL));
    OK(bootstrap_token_jws_sign(a_bootstrap_token, "", 0, &a_bootstrap_token_bytes, NULL));
    OK(bootstrap_token_cluster_info_verify(CONFIG_MAP, sizeof(CONFIG_MAP) - 1, a_bootstrap_token, CLUSTER_PINS,
                                           sizeof(CLUSTER_PINS) - 1, INT64_C(1900000000), &a_bootstrap_token_cluster,
                                           NULL));
    if (bootstrap_token_parse("", 0, &new_bootstrap_token, &a_bootstrap_token_error) != BOOTSTRAP_TOKEN_RESULT_TOKEN_EMPTY)
        die("bootstrap_token_parse", "takes nothing for a token");
    empty_texts();
    /* Tokens that are none any more, each in its own way. */
    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, wiped, sizeof wiped, &wiped_token, NULL));
    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, zeroed, sizeof zeroed, &zeroed_token, NULL));
    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, overwritten, sizeof overwritten, &overwritten_token, NULL));
    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, torn, sizeof torn, &torn_token, NULL));
    bootstrap_token_wipe(wiped_token);
    bootstrap_token_wipe(wiped_token);
    memset(zeroed, 0, sizeof zeroed);
    memset(overwritten, 'A', sizeof overwritten);
    memset(torn, 0xff, 1);
#define null hidden
#include "calls.inc"
#undef null

    bootstrap_token_error_free(a_bootstrap_token_error);
    bootstrap_token_bytes_free(a_bootstrap_token_bytes);
    bootstrap_token_cluster_free(a_bootstrap_token_cluster);
    bootstrap_token_record_list_free(a_bootstrap_token_record_list);
    bootstrap_token_record_free(a_bootstrap_token_record);
    bootstrap_token_free(a_bootstrap_token);
    if (dirty != 0)
        die("a call", "gave a block back with the token secret in it");
    printf("%lu calls\n", calls);
    return 0;
}
