/* Checks a token that somebody typed, read from standard input, and says what is wrong with it without repeating it. */
#define _DEFAULT_SOURCE /* for explicit_bzero */
#include <bootstrap_token.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char typed[256] = "", id[BOOTSTRAP_TOKEN_ID_SIZE];
    bootstrap_token *token = NULL;
    bootstrap_token_error *error = NULL;
    bootstrap_token_weakness weakness;
    bool failed;

    setvbuf(stdin, NULL, _IONBF, 0); /* no other copy of it */
    if (fgets(typed, sizeof typed, stdin) == NULL)
        typed[0] = '\0';
    typed[strcspn(typed, "\r\n")] = '\0';
    failed = bootstrap_token_parse(typed, strlen(typed), &token, &error)
        || bootstrap_token_copy_id(token, id, sizeof id, &error);
    explicit_bzero(typed, sizeof typed);
    if (failed) {
        fprintf(stderr, "%s\n", bootstrap_token_error_message(error));
        bootstrap_token_error_free(error);
        return 1;
    }
    weakness = bootstrap_token_find_weakness(token);
    bootstrap_token_free(token);
    if (weakness != BOOTSTRAP_TOKEN_WEAKNESS_NONE) {
        fprintf(stderr, "%s: easy to guess\n", id);
        return 1;
    }
    printf("%s: good\n", id);
    return 0;
}
