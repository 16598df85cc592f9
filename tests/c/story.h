/* What every function that may touch a token secret does once, for programs that look at its traces. */
#ifndef STORY_H
#define STORY_H

/* For explicit_bzero, memmem and what else C99 has not. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <bootstrap_token.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "texts.inc"

#define SECRET "f395accd246ae52d"
#define NOW INT64_C(1900000000)

/* Whoever unescapes it has the secret in one more place. */
#define ESCAPED_JSON \
    "{\"metadata\":{\"name\":\"bootstrap-token-07401b\"},\"type\":\"bootstrap.kubernetes.io/token\"," \
    "\"data\":{\"token-id\":\"MDc0MDFi\",\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZA\\u003d\\u003d\"}}"

/* What is refused after the token secret has been read: what stands behind it, its last character, its expiration, its end, a group of its. */
#define BAD_END "{" NAMED ",\"data\":{\"token-id\":\"MDc0MDFi\",\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZGFhYWFhYWFh!!!!\"}}"
#define BAD_ESCAPE \
    "{" NAMED ",\"data\":{\"token-id\":\"MDc0MDFi\",\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZA\\u003d\\u0021\"}}"
#define WITH_SECRET "\"token-id\":\"MDc0MDFi\",\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZA==\""
#define NAMED "\"metadata\":{\"name\":\"bootstrap-token-07401b\"},\"type\":\"bootstrap.kubernetes.io/token\""
#define BAD_EXPIRATION "{" NAMED ",\"data\":{" WITH_SECRET ",\"expiration\":\"c29vbg==\"}}"
#define CUT_OFF "{" NAMED ",\"data\":{" WITH_SECRET ","
#define BAD_GROUP "{" NAMED ",\"data\":{" WITH_SECRET ",\"auth-extra-groups\":\"c3lzdGVtOm1hc3RlcnM=\"}}"
#define BAD_LIST "{\"kind\":\"SecretList\",\"items\":[" BAD_GROUP "," BAD_EXPIRATION "]}"
#define LIST_CUT_OFF "{\"kind\":\"SecretList\",\"items\":[" BAD_GROUP "," CUT_OFF

#define OK(expression) \
    if ((expression) != BOOTSTRAP_TOKEN_RESULT_OK) { \
        fprintf(stderr, "%s: failed\n", #expression); \
        exit(1); \
    }

#define FAILS(expression, code) \
    if ((expression) != BOOTSTRAP_TOKEN_RESULT_##code) { \
        fprintf(stderr, "%s: not %s\n", #expression, #code); \
        exit(1); \
    }

/* Calls that fail with the token secret in their hands. */
static void refusals(void)
{
    bootstrap_token *token;
    bootstrap_token_record *record;
    const bootstrap_token_record *lent;
    bootstrap_token_record_list *list;

    FAILS(bootstrap_token_record_from_secret_json(BAD_EXPIRATION, sizeof(BAD_EXPIRATION) - 1, &record, NULL),
          SECRET_MALFORMED_EXPIRATION);
    FAILS(bootstrap_token_record_from_secret_json(CUT_OFF, sizeof(CUT_OFF) - 1, &record, NULL), SECRET_NOT_JSON);
    FAILS(bootstrap_token_record_from_secret_json(BAD_GROUP, sizeof(BAD_GROUP) - 1, &record, NULL), BAD_GROUP);
    FAILS(bootstrap_token_record_list_from_json(LIST_CUT_OFF, sizeof(LIST_CUT_OFF) - 1, &list, NULL), SECRET_NOT_JSON);
    OK(bootstrap_token_record_list_from_json(BAD_LIST, sizeof(BAD_LIST) - 1, &list, NULL));
    FAILS(bootstrap_token_record_list_get(list, 0, &lent, NULL), BAD_GROUP);
    FAILS(bootstrap_token_record_list_get(list, 1, &lent, NULL), SECRET_MALFORMED_EXPIRATION);
    bootstrap_token_record_list_free(list);
    FAILS(bootstrap_token_from_parts("07401B", 6, SECRET, sizeof(SECRET) - 1, &token, NULL), TOKEN_UPPER_CASE);
    FAILS(bootstrap_token_parse(TOKEN "\n", sizeof(TOKEN), &token, NULL), TOKEN_WHITE_SPACE);
    FAILS(bootstrap_token_record_from_secret_json(BAD_END, sizeof(BAD_END) - 1, &record, NULL), SECRET_NOT_BASE64);
    FAILS(bootstrap_token_record_from_secret_json(BAD_ESCAPE, sizeof(BAD_ESCAPE) - 1, &record, NULL), SECRET_NOT_BASE64);
}

/* What is asked of a token, and of a record with it. */
static void questions(const bootstrap_token *token)
{
    char buffer[BOOTSTRAP_TOKEN_TEXT_SIZE];
    bootstrap_token_record *record;
    size_t len;

    if (!bootstrap_token_is_valid(TOKEN, sizeof(TOKEN) - 1)
        || bootstrap_token_find_weakness(token) != BOOTSTRAP_TOKEN_WEAKNESS_PUBLIC_EXAMPLE)
        exit(1);
    OK(bootstrap_token_copy_id(token, buffer, sizeof buffer, NULL));
    OK(bootstrap_token_copy_secret_name(token, buffer, sizeof buffer, NULL));
    OK(bootstrap_token_copy_jws_key_name(token, buffer, sizeof buffer, NULL));
    OK(bootstrap_token_expose_secret(token, buffer, sizeof buffer, NULL));
    OK(bootstrap_token_expose_text(token, buffer, sizeof buffer, NULL));
    explicit_bzero(buffer, sizeof buffer);
    OK(bootstrap_token_record_new(token, NOW, &record, NULL));
    OK(bootstrap_token_record_set_expiration(record, NOW, NULL));
    if (!bootstrap_token_record_is_expired(record, NOW, 0) || bootstrap_token_record_expiration(record) != NOW
        || bootstrap_token_record_usages(record) != 3 || bootstrap_token_record_group_count(record) != 1
        || bootstrap_token_record_group(record, 0, &len) == NULL
        || bootstrap_token_record_description(record, &len) == NULL
        || bootstrap_token_record_other_usage_count(record) != 0
        || bootstrap_token_record_other_usage(record, 0, &len) != NULL
        || !bootstrap_token_equal(bootstrap_token_record_token(record), token))
        exit(1);
    OK(bootstrap_token_record_clear_groups(record, NULL));
    bootstrap_token_record_free(record);
}

static void signatures(const bootstrap_token *token)
{
    bootstrap_token_bytes *bytes;
    bool is_valid;

    OK(bootstrap_token_jws_sign(token, CONTENT, sizeof(CONTENT) - 1, &bytes, NULL));
    bootstrap_token_bytes_free(bytes);
    bootstrap_token_jws_check(token, CONTENT, sizeof(CONTENT) - 1, JWS, sizeof(JWS) - 1, &is_valid, NULL);
    if (!is_valid)
        exit(1);
    OK(bootstrap_token_jws_sign_with_key("07401b", 6, SECRET, sizeof(SECRET) - 1, CONTENT, sizeof(CONTENT) - 1, &bytes,
                                         NULL));
    bootstrap_token_jws_check_with_key("07401b", 6, SECRET, sizeof(SECRET) - 1, CONTENT, sizeof(CONTENT) - 1,
                                       bootstrap_token_bytes_data(bytes), bootstrap_token_bytes_len(bytes), &is_valid,
                                       NULL);
    if (!is_valid)
        exit(1);
    bootstrap_token_bytes_free(bytes);
}

static void clusters(const bootstrap_token *token)
{
    bootstrap_token_cluster *cluster;
    bootstrap_token_bytes *bytes;

    OK(bootstrap_token_cluster_info_danger_verify_without_pin(CONFIG_MAP, sizeof(CONFIG_MAP) - 1, token, NOW, &cluster,
                                                              NULL));
    bootstrap_token_cluster_free(cluster);
    OK(bootstrap_token_cluster_info_verify_by_ca(CONFIG_MAP, sizeof(CONFIG_MAP) - 1, token, CLUSTER_CERTIFICATES,
                                                 sizeof(CLUSTER_CERTIFICATES) - 1, NOW, &cluster, NULL));
    bootstrap_token_cluster_free(cluster);
    OK(bootstrap_token_cluster_info_verify(CONFIG_MAP, sizeof(CONFIG_MAP) - 1, token, CLUSTER_PINS,
                                           sizeof(CLUSTER_PINS) - 1, NOW, &cluster, NULL));
    OK(bootstrap_token_cluster_expose_kubeconfig(cluster, token, &bytes, NULL));
    bootstrap_token_bytes_free(bytes);
    bootstrap_token_cluster_free(cluster);
}

static void story(void)
{
    /* At an odd address, which is as good as any. */
    char storage[1 + BOOTSTRAP_TOKEN_STORAGE_SIZE];
    bootstrap_token *token, *parts, *drawn;
    bootstrap_token_record *record, *read;
    bootstrap_token_record_list *list;
    bootstrap_token_bytes *bytes;
    bootstrap_token_error *error = NULL;
    size_t len;

    OK(bootstrap_token_generate(&drawn, NULL));
    bootstrap_token_free(drawn);
    OK(bootstrap_token_parse(TOKEN, sizeof(TOKEN) - 1, &token, NULL));
    OK(bootstrap_token_from_parts("07401b", 6, SECRET, sizeof(SECRET) - 1, &parts, NULL));
    if (!bootstrap_token_equal(token, parts))
        exit(1);
    bootstrap_token_free(parts);
    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, storage + 1, sizeof storage - 1, &parts, NULL));
    if (!bootstrap_token_equal(token, parts))
        exit(1);
    bootstrap_token_wipe(parts);
    OK(bootstrap_token_from_parts_into("07401b", 6, SECRET, sizeof(SECRET) - 1, storage + 1, sizeof storage - 1, &parts,
                                       NULL));
    if (!bootstrap_token_equal(token, parts))
        exit(1);
    bootstrap_token_wipe(parts);
    OK(bootstrap_token_clone(token, &parts, NULL));
    if (!bootstrap_token_equal(token, parts))
        exit(1);
    bootstrap_token_free(parts);
    OK(bootstrap_token_clone_into(token, storage + 1, sizeof storage - 1, &parts, NULL));
    if (!bootstrap_token_equal(token, parts))
        exit(1);
    bootstrap_token_wipe(parts);
    OK(bootstrap_token_generate_into(storage + 1, sizeof storage - 1, &drawn, NULL));
    if (bootstrap_token_equal(token, drawn))
        exit(1);
    bootstrap_token_wipe(drawn);
    OK(bootstrap_token_record_new_bare(token, &record, NULL));
    bootstrap_token_record_free(record);
    OK(bootstrap_token_record_new(token, NOW, &record, NULL));
    OK(bootstrap_token_record_set_ttl(record, 60, NOW, NULL));
    OK(bootstrap_token_record_set_usages(record, 3, NULL));
    OK(bootstrap_token_record_add_group(record, BOOTSTRAP_TOKEN_DEFAULT_GROUP,
                                        sizeof(BOOTSTRAP_TOKEN_DEFAULT_GROUP) - 1, NULL));
    OK(bootstrap_token_record_set_description(record, "rack 7", 6, NULL));
    OK(bootstrap_token_record_expose_secret_json(record, &bytes, NULL));
    OK(bootstrap_token_record_from_secret_json(bootstrap_token_bytes_data(bytes), bootstrap_token_bytes_len(bytes),
                                               &read, NULL));
    bootstrap_token_bytes_free(bytes);
    bootstrap_token_record_free(read);
    bootstrap_token_record_free(record);
    OK(bootstrap_token_record_from_secret_json(ESCAPED_JSON, sizeof(ESCAPED_JSON) - 1, &read, NULL));
    bootstrap_token_record_free(read);
    OK(bootstrap_token_record_list_from_json(LIST_JSON, sizeof(LIST_JSON) - 1, &list, NULL));
    if (bootstrap_token_record_list_len(list) == 0 || bootstrap_token_record_list_name(list, 0, &len) == NULL)
        exit(1);
    bootstrap_token_record_list_free(list);
    OK(bootstrap_token_groups_identity("", 0, &bytes, NULL));
    bootstrap_token_bytes_free(bytes);
    questions(token);
    signatures(token);
    clusters(token);
    bootstrap_token_free(token);
    refusals();
    if (bootstrap_token_parse(TOKEN "\n", sizeof(TOKEN), &token, &error) == BOOTSTRAP_TOKEN_RESULT_OK)
        exit(1);
    bootstrap_token_error_free(error);
}

#endif
