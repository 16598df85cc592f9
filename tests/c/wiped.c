/* What the library gives back to the allocator, looked at. */
#include "looks.h"
#include "story.h"

/* What a token in the caller's own memory leaves there. */
static void wiped_in_place(void)
{
    char *storage = malloc(BOOTSTRAP_TOKEN_STORAGE_SIZE);
    bootstrap_token *token;
    unsigned long before = dirty;

    OK(bootstrap_token_parse_into(TOKEN, sizeof(TOKEN) - 1, storage, BOOTSTRAP_TOKEN_STORAGE_SIZE, &token, NULL));
    look(storage, BOOTSTRAP_TOKEN_STORAGE_SIZE);
    if (dirty != before + 1)
        exit(1);
    dirty = before;
    bootstrap_token_wipe(token);
    free(storage);
}

int main(void)
{
    char *caught;

    story();
    wiped_in_place();
    if (blocks < 50 || dirty != 0) {
        fprintf(stderr, "%lu of %lu blocks came back with the token secret in them\n", dirty, blocks);
        return 1;
    }
    /* It would have been seen. */
    caught = malloc(64);
    memset(caught, 'x', 64);
    memcpy(caught + 9, SECRET, sizeof(SECRET) - 1);
    look(caught, 64);
    memset(caught, 0, 64);
    free(caught);
    return dirty == 1 ? 0 : 1;
}
