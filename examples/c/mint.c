/*
 * Mints a token and prints its Secret, without a cluster:
 *
 *     mint "rack 7" | kubectl apply -f -
 *
 * The token itself goes to standard error, for whoever hands it over.
 */
#define _DEFAULT_SOURCE /* for explicit_bzero */
#include <bootstrap_token.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv)
{
    const char *description = argc > 1 ? argv[1] : "";
    const int64_t now = time(NULL);
    char text[BOOTSTRAP_TOKEN_TEXT_SIZE];
    bootstrap_token *token = NULL;
    bootstrap_token_record *record = NULL;
    bootstrap_token_bytes *json = NULL;
    bootstrap_token_error *error = NULL;
    bool done = false;

    if (bootstrap_token_generate(&token, &error)
        || bootstrap_token_record_new(token, now, &record, &error)
        || bootstrap_token_record_set_ttl(record, 2 * 60 * 60, now, &error)
        || bootstrap_token_record_set_description(record, description, strlen(description), &error)
        || bootstrap_token_record_expose_secret_json(record, &json, &error)
        || bootstrap_token_expose_text(token, text, sizeof text, &error)) {
        fprintf(stderr, "mint: %s\n", bootstrap_token_error_message(error));
    } else {
        setvbuf(stdout, NULL, _IONBF, 0); /* no other copy of it */
        done = fwrite(bootstrap_token_bytes_data(json), bootstrap_token_bytes_len(json), 1, stdout) == 1
            && putchar('\n') != EOF;
        if (done)
            fprintf(stderr, "%s\n", text);
        else
            perror("mint"); /* nobody is given a token that no cluster will know */
    }

    explicit_bzero(text, sizeof text);
    bootstrap_token_bytes_free(json);
    bootstrap_token_record_free(record);
    bootstrap_token_free(token);
    bootstrap_token_error_free(error);
    return done ? 0 : 1;
}
