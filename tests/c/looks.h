/* An allocator that looks into each block that comes back: none may hold the token secret. */
#ifndef LOOKS_H
#define LOOKS_H

/* For explicit_bzero, memmem and what else C99 has not. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <malloc.h>
#include <string.h>

extern void __libc_free(void *block);
extern void *__libc_malloc(size_t size);

static unsigned long blocks, dirty;

static void look(const void *block, size_t size)
{
    /* Plainly, and in base64 at the start of a value. */
    static const char *const traces[] = {"f395accd246ae52d", "ZjM5NWFjY2QyNDZhZTUyZA"};
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

#endif
