/* Threads that share objects which none of them changes, and a child that goes on after fork(). */
#define _GNU_SOURCE /* before the first header */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "story.h"

static bootstrap_token *shared;
static bootstrap_token_record *record;

static void *work(void *unused)
{
    int round;

    for (round = 0; round < 50; round++) {
        bootstrap_token_bytes *bytes;

        story();
        OK(bootstrap_token_jws_sign(shared, CONTENT, sizeof(CONTENT) - 1, &bytes, NULL));
        if (bootstrap_token_bytes_len(bytes) != sizeof(JWS) - 1
            || memcmp(bootstrap_token_bytes_data(bytes), JWS, sizeof(JWS) - 1) != 0)
            exit(1);
        bootstrap_token_bytes_free(bytes);
        OK(bootstrap_token_record_expose_secret_json(record, &bytes, NULL));
        bootstrap_token_bytes_free(bytes);
        if (!bootstrap_token_equal(shared, bootstrap_token_record_token(record)))
            exit(1);
    }
    return unused;
}

int main(void)
{
    pthread_t threads[8];
    size_t each;
    int status;
    pid_t child;

    OK(bootstrap_token_parse(TOKEN, sizeof(TOKEN) - 1, &shared, NULL));
    OK(bootstrap_token_record_new(shared, NOW, &record, NULL));
    for (each = 0; each < sizeof threads / sizeof *threads; each++)
        if (pthread_create(&threads[each], NULL, work, NULL) != 0)
            return 1;
    child = fork();
    if (child == 0) {
        work(NULL);
        _exit(0);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        return 1;
    for (each = 0; each < sizeof threads / sizeof *threads; each++)
        if (pthread_join(threads[each], NULL) != 0)
            return 1;
    bootstrap_token_record_free(record);
    bootstrap_token_free(shared);
    return 0;
}
