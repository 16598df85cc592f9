/* An allocator that looks into each block that comes back: none may hold the token secret. */
#include <malloc.h>

#include "story.h"

extern void __libc_free(void *block);
extern void *__libc_malloc(size_t size);

static unsigned long blocks, dirty;

static void look(const void *block, size_t size)
{
    /* Plainly, and in base64 at the start of a value. */
    static const char *const traces[] = {SECRET, "ZjM5NWFjY2QyNDZhZTUyZA"};
    size_t trace;

    blocks++;
    for (trace = 0; trace < sizeof traces / sizeof *traces; trace++)
        if (memmem(block, size, traces[trace], strlen(traces[trace])) != NULL)
            dirty++;
}

void free(void *block)
{
    if (block != NULL)
        look(block, malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, size_t size)
{
    size_t old = block ? malloc_usable_size(block) : 0;
    void *moved = __libc_malloc(size);

    /* Always moves, so that whatever grows leaves its old place behind. */
    if (moved == NULL)
        return NULL;
    if (block != NULL) {
        memcpy(moved, block, old < size ? old : size);
        free(block);
    }
    return moved;
}

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
