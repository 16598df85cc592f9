/* The vectors in C: cases.inc is generated from tests/vectors. */
#define _GNU_SOURCE /* before the first header */
#include <bootstrap_token.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name;
static unsigned long cases;

static void die(const char *what, const char *found)
{
    fprintf(stderr, "%s: %s: %s\n", name, what, found);
    exit(1);
}

static void is_code(bootstrap_token_result found, bootstrap_token_result expected)
{
    cases++;
    if (found != expected)
        die("another result", bootstrap_token_result_name(found));
}

static void is_ok(bootstrap_token_result result)
{
    if (result != BOOTSTRAP_TOKEN_RESULT_OK)
        die("failed", bootstrap_token_result_name(result));
}

static void is_text(const char *found, size_t found_len, const char *expected, size_t expected_len)
{
    if (found_len != expected_len || memcmp(found, expected, expected_len) != 0)
        die("another text", found);
}

static void is_bytes(bootstrap_token_bytes *found, const char *expected, size_t expected_len)
{
    is_text(bootstrap_token_bytes_data(found), bootstrap_token_bytes_len(found), expected, expected_len);
    bootstrap_token_bytes_free(found);
}

/* What a check comes to: yes, or no and why. */
static void is_answer(bool is_so, bootstrap_token_error *error, bootstrap_token_result expected)
{
    if (is_so != (error == NULL))
        die("the answer", "is not what the error says");
    is_code(is_so ? BOOTSTRAP_TOKEN_RESULT_OK : bootstrap_token_error_code(error), expected);
    bootstrap_token_error_free(error);
}

static bootstrap_token *parsed(const char *text, size_t len)
{
    bootstrap_token *made;

    is_ok(bootstrap_token_parse(text, len, &made, NULL));
    return made;
}

static void token(const char *text, size_t len, bootstrap_token_result code, const char *id, size_t id_len,
                  const char *secret_name, size_t secret_name_len, const char *key, size_t key_len,
                  bootstrap_token_weakness weakness)
{
    bootstrap_token *made, *again;
    char buffer[BOOTSTRAP_TOKEN_TEXT_SIZE];

    is_code(bootstrap_token_parse(text, len, &made, NULL), code);
    if (bootstrap_token_is_valid(text, len) != (code == BOOTSTRAP_TOKEN_RESULT_OK))
        die("valid", "another answer");
    if (code != BOOTSTRAP_TOKEN_RESULT_OK)
        return;
    is_ok(bootstrap_token_copy_id(made, buffer, sizeof buffer, NULL));
    is_text(buffer, strlen(buffer), id, id_len);
    if (!bootstrap_token_id_is_valid(buffer, id_len))
        die("the ID", "is none");
    is_ok(bootstrap_token_copy_secret_name(made, buffer, sizeof buffer, NULL));
    is_text(buffer, strlen(buffer), secret_name, secret_name_len);
    is_ok(bootstrap_token_copy_jws_key_name(made, buffer, sizeof buffer, NULL));
    is_text(buffer, strlen(buffer), key, key_len);
    if (bootstrap_token_find_weakness(made) != weakness)
        die("weakness", "another");
    is_ok(bootstrap_token_expose_secret(made, buffer, sizeof buffer, NULL));
    is_ok(bootstrap_token_from_parts(id, id_len, buffer, strlen(buffer), &again, NULL));
    if (!bootstrap_token_equal(made, again))
        die("of its parts", "another token");
    is_ok(bootstrap_token_expose_text(again, buffer, sizeof buffer, NULL));
    is_text(buffer, strlen(buffer), text, len);
    bootstrap_token_free(again);
    bootstrap_token_free(made);
}

static void group(const char *text, size_t len, bootstrap_token_result code)
{
    bootstrap_token *made = parsed("07401b.f395accd246ae52d", 23);
    bootstrap_token_record *record;

    is_ok(bootstrap_token_record_new_bare(made, &record, NULL));
    is_code(bootstrap_token_record_add_group(record, text, len, NULL), code);
    if (bootstrap_token_group_is_valid(text, len) != (code == BOOTSTRAP_TOKEN_RESULT_OK))
        die("valid", "another answer");
    is_ok(bootstrap_token_record_clear_groups(record, NULL));
    if (bootstrap_token_record_group_count(record) != 0)
        die("groups", "left");
    bootstrap_token_record_free(record);
    bootstrap_token_free(made);
}

static void usage(const char *text, size_t len, bootstrap_token_result code)
{
    uint32_t bit = 0;

    is_code(bootstrap_token_usage_parse(text, len, &bit, NULL), code);
    if (bit != (code != BOOTSTRAP_TOKEN_RESULT_OK ? 0U : text[0] == 's' ? BOOTSTRAP_TOKEN_USAGE_SIGNING : BOOTSTRAP_TOKEN_USAGE_AUTHENTICATION))
        die("usage", "another");
}

static void identity(const char *text, size_t len, bootstrap_token_result code, const char *groups, size_t groups_len)
{
    bootstrap_token_bytes *found;

    is_code(bootstrap_token_groups_identity(text, len, &found, NULL), code);
    if (code == BOOTSTRAP_TOKEN_RESULT_OK)
        is_bytes(found, groups, groups_len);
}

/* And of a record, by its Secret, where there can be one. */
static void expiration(const char *text, size_t len, int64_t now, uint32_t nanoseconds, bootstrap_token_result code,
                       int64_t remaining, const char *secret, size_t secret_len)
{
    int64_t found = -1;
    bootstrap_token_record *record;
    bootstrap_token_error *error = NULL;

    bootstrap_token_expiration_check(text, len, now, nanoseconds, &found, &error);
    is_answer(found > 0, error, code);
    if (found != remaining)
        die("remaining", "another time");
    if (code != BOOTSTRAP_TOKEN_RESULT_OK && code != BOOTSTRAP_TOKEN_RESULT_EXPIRED)
        return;
    is_ok(bootstrap_token_record_from_secret_json(secret, secret_len, &record, NULL));
    if (bootstrap_token_record_is_expired(record, now, nanoseconds) != (code == BOOTSTRAP_TOKEN_RESULT_EXPIRED))
        die("expired", "another answer");
    bootstrap_token_record_free(record);
}

static void secret_name(const char *text, size_t len, bootstrap_token_result code, const char *id, size_t id_len)
{
    char buffer[BOOTSTRAP_TOKEN_ID_SIZE] = "";

    is_code(bootstrap_token_copy_id_in_secret_name(text, len, buffer, sizeof buffer, NULL), code);
    is_text(buffer, strlen(buffer), id, id_len);
}

/* A record as one line. */
static void is_record(const bootstrap_token_record *record, const char *expected, size_t expected_len)
{
    char *line = NULL, text[BOOTSTRAP_TOKEN_TEXT_SIZE];
    size_t size = 0, index, len;
    const char *part;
    FILE *out = open_memstream(&line, &size);

    is_ok(bootstrap_token_expose_text(bootstrap_token_record_token(record), text, sizeof text, NULL));
    fprintf(out, "%s %lld %u ", text, (long long)bootstrap_token_record_expiration(record),
            bootstrap_token_record_usages(record));
    for (index = 0; index < bootstrap_token_record_other_usage_count(record); index++) {
        part = bootstrap_token_record_other_usage(record, index, &len);
        fprintf(out, "%.*s|", (int)len, part);
    }
    fputc(' ', out);
    for (index = 0; index < bootstrap_token_record_group_count(record); index++) {
        part = bootstrap_token_record_group(record, index, &len);
        fprintf(out, "%.*s|", (int)len, part);
    }
    part = bootstrap_token_record_description(record, &len);
    fwrite(part, 1, len, out);
    fclose(out);
    is_text(line, size, expected, expected_len);
    free(line);
}

static void secret_in(const char *json, size_t len, bootstrap_token_result code, const char *line, size_t line_len)
{
    bootstrap_token_record *record;

    is_code(bootstrap_token_record_from_secret_json(json, len, &record, NULL), code);
    if (code != BOOTSTRAP_TOKEN_RESULT_OK)
        return;
    is_record(record, line, line_len);
    if (bootstrap_token_record_expiration(record) != BOOTSTRAP_TOKEN_NEVER
        && bootstrap_token_record_expiration(record) > 0
        && bootstrap_token_record_is_expired(record, bootstrap_token_record_expiration(record) - 1, 999999999))
        die("expired", "before its second");
    bootstrap_token_record_free(record);
}

static void secret_out(const char *text, size_t len, int64_t seconds, uint32_t usages, const char *groups,
                       size_t groups_len, const char *description, size_t description_len, const char *json,
                       size_t json_len)
{
    bootstrap_token *made = parsed(text, len);
    bootstrap_token_record *record;
    bootstrap_token_bytes *found;

    is_ok(bootstrap_token_record_new_bare(made, &record, NULL));
    bootstrap_token_free(made);
    is_ok(bootstrap_token_record_set_expiration(record, seconds, NULL));
    is_ok(bootstrap_token_record_set_usages(record, usages, NULL));
    is_ok(bootstrap_token_record_set_description(record, description, description_len, NULL));
    while (groups_len > 0) {
        const char *end = memchr(groups, '|', groups_len);
        size_t group_len = end ? (size_t)(end - groups) : groups_len;

        is_ok(bootstrap_token_record_add_group(record, groups, group_len, NULL));
        groups += group_len + (end != NULL);
        groups_len -= group_len + (end != NULL);
    }
    is_code(bootstrap_token_record_expose_secret_json(record, &found, NULL), BOOTSTRAP_TOKEN_RESULT_OK);
    is_bytes(found, json, json_len);
    bootstrap_token_record_free(record);
}

static void secret_list(const char *json, size_t len, bootstrap_token_result code, const char *expected)
{
    bootstrap_token_record_list *list;
    size_t index, size = 0, name_len;
    char *lines = NULL, id[BOOTSTRAP_TOKEN_ID_SIZE];
    FILE *out;

    is_code(bootstrap_token_record_list_from_json(json, len, &list, NULL), code);
    if (code != BOOTSTRAP_TOKEN_RESULT_OK)
        return;
    out = open_memstream(&lines, &size);
    for (index = 0; index < bootstrap_token_record_list_len(list); index++) {
        const bootstrap_token_record *record;
        const char *secret = bootstrap_token_record_list_name(list, index, &name_len);
        bootstrap_token_result result = bootstrap_token_record_list_get(list, index, &record, NULL);

        id[0] = '\0';
        if (result == BOOTSTRAP_TOKEN_RESULT_OK)
            is_ok(bootstrap_token_copy_id(bootstrap_token_record_token(record), id, sizeof id, NULL));
        fprintf(out, "%.*s %s %s\n", (int)name_len, secret,
                bootstrap_token_result_name(result) + strlen("BOOTSTRAP_TOKEN_RESULT_"), id);
    }
    fclose(out);
    is_text(lines, size, expected, strlen(expected));
    free(lines);
    bootstrap_token_record_list_free(list);
}

static void jws(const char *text, size_t len, const char *content, size_t content_len, const char *signature,
                size_t signature_len, bootstrap_token_result code)
{
    bootstrap_token *made = parsed(text, len);
    bootstrap_token_bytes *found;
    bootstrap_token_error *error = NULL;
    bool is_valid = true;

    bootstrap_token_jws_check(made, content, content_len, signature, signature_len, &is_valid, &error);
    is_answer(is_valid, error, code);
    is_ok(bootstrap_token_jws_sign(made, content, content_len, &found, NULL));
    if (code == BOOTSTRAP_TOKEN_RESULT_OK)
        is_bytes(found, signature, signature_len);
    else
        bootstrap_token_bytes_free(found);
    bootstrap_token_free(made);
}

static void jws_key(const char *id, size_t id_len, const char *key, size_t key_len, const char *content,
                    size_t content_len, const char *signature, size_t signature_len, bootstrap_token_result code)
{
    bootstrap_token_bytes *found;
    bootstrap_token_error *error = NULL;
    bool is_valid = true;

    bootstrap_token_jws_check_with_key(id, id_len, key, key_len, content, content_len, signature, signature_len, &is_valid,
                                       &error);
    is_answer(is_valid, error, code);
    if (code != BOOTSTRAP_TOKEN_RESULT_OK)
        return;
    is_ok(bootstrap_token_jws_sign_with_key(id, id_len, key, key_len, content, content_len, &found, NULL));
    is_bytes(found, signature, signature_len);
}

static void pin(const char *certificates, size_t len, bootstrap_token_result code, size_t count, const char *pins)
{
    char buffer[BOOTSTRAP_TOKEN_CA_PIN_SIZE];
    size_t found = 0, index;

    is_code(bootstrap_token_ca_count(certificates, len, &found, NULL), code);
    if (found != count)
        die("certificates", "another number");
    for (index = 0; index < count; index++) {
        is_ok(bootstrap_token_ca_pin_compute(certificates, len, index, buffer, sizeof buffer, NULL));
        is_text(buffer, strlen(buffer), pins + index * sizeof buffer, sizeof buffer - 1);
    }
}

static void pin_match(const char *pins, size_t len, const char *certificates, size_t certificates_len,
                      bootstrap_token_result code)
{
    bootstrap_token_error *error = NULL;
    bool is_pinned = true;

    bootstrap_token_ca_pin_check(pins, len, certificates, certificates_len, &is_pinned, &error);
    is_answer(is_pinned, error, code);
}

enum by { PINS, CERTIFICATES, NOTHING };

static void cluster_info(const char *config_map, size_t len, const char *text, size_t text_len, enum by by,
                         const char *anchor, size_t anchor_len, int64_t now, bootstrap_token_result code,
                         const char *server, size_t server_len, const char *pem, size_t pem_len,
                         const char *kubeconfig, size_t kubeconfig_len)
{
    bootstrap_token *made = parsed(text, text_len);
    bootstrap_token_cluster *cluster;
    bootstrap_token_bytes *exposed;
    bootstrap_token_result result;
    const char *found;

    if (by == PINS)
        result = bootstrap_token_cluster_info_verify(config_map, len, made, anchor, anchor_len, now, &cluster, NULL);
    else if (by == CERTIFICATES)
        result = bootstrap_token_cluster_info_verify_by_ca(config_map, len, made, anchor, anchor_len, now, &cluster, NULL);
    else
        result = bootstrap_token_cluster_info_danger_verify_without_pin(config_map, len, made, now, &cluster, NULL);
    is_code(result, code);
    if (code == BOOTSTRAP_TOKEN_RESULT_OK) {
        found = bootstrap_token_cluster_server(cluster, &len);
        is_text(found, len, server, server_len);
        found = bootstrap_token_cluster_ca_pem(cluster, &len);
        is_text(found, len, pem, pem_len);
        is_ok(bootstrap_token_cluster_expose_kubeconfig(cluster, made, &exposed, NULL));
        is_bytes(exposed, kubeconfig, kubeconfig_len);
        bootstrap_token_cluster_free(cluster);
    }
    bootstrap_token_free(made);
}

int main(void)
{
#include "cases.inc"
    printf("%lu cases\n", cases);
    return 0;
}
