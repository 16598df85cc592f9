/*
 * Verifies a cluster before joining it: verify CLUSTER_INFO TOKEN_FILE PIN[,PIN...]
 *
 * CLUSTER_INFO is the ConfigMap as anybody can read it, so that nothing in it is trusted until the token and a pin have
 * vouched for it:
 *
 *     curl --insecure https://10.0.0.1:6443/api/v1/namespaces/kube-public/configmaps/cluster-info
 */
#define _DEFAULT_SOURCE /* for explicit_bzero */
#include <bootstrap_token.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A ConfigMap is no longer than 1 MiB, and some more for its JSON. */
static char config_map[1 << 21];

/* Reads a whole file, or says why not and leaves nothing of it behind. */
static bool read_file(const char *path, char *buffer, size_t size, size_t *length)
{
    FILE *file = fopen(path, "rb");
    bool whole;

    if (file == NULL) {
        perror(path);
        return false;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no other copy of it */
    *length = fread(buffer, 1, size, file);
    whole = !ferror(file) && *length < size;
    if (!whole) {
        fprintf(stderr, "%s: %s\n", path, ferror(file) ? "cannot be read" : "too long");
        explicit_bzero(buffer, size);
    }
    fclose(file);
    return whole;
}

int main(int argc, char **argv)
{
    char text[64];
    size_t config_map_len, text_len, server_len;
    const char *server;
    bootstrap_token *token = NULL;
    bootstrap_token_cluster *cluster = NULL;
    bootstrap_token_error *error = NULL;
    bootstrap_token_result result;
    bool done = false;

    if (argc != 4) {
        fprintf(stderr, "usage: verify CLUSTER_INFO TOKEN_FILE PIN[,PIN...]\n");
        return 2;
    }
    if (!read_file(argv[1], config_map, sizeof config_map, &config_map_len)
        || !read_file(argv[2], text, sizeof text, &text_len))
        return 2;
    while (text_len > 0 && strchr("\r\n", text[text_len - 1]) != NULL)
        text_len--;
    result = bootstrap_token_parse(text, text_len, &token, &error);
    explicit_bzero(text, sizeof text);
    if (result
        || bootstrap_token_cluster_info_verify(config_map, config_map_len, token, argv[3], strlen(argv[3]), time(NULL),
                                               &cluster, &error)) {
        fprintf(stderr, "not to be trusted: %s\n", bootstrap_token_error_message(error));
    } else {
        server = bootstrap_token_cluster_server(cluster, &server_len);
        done = printf("%.*s\n", (int)server_len, server) > 0 && fflush(stdout) == 0;
        if (!done)
            perror("verify");
    }

    bootstrap_token_cluster_free(cluster);
    bootstrap_token_free(token);
    bootstrap_token_error_free(error);
    return done ? 0 : 1;
}
