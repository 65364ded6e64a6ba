#ifndef TIAOKUAI_CLIBPQ_SHIM_H
#define TIAOKUAI_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#include <pthread.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* Names the calling thread, for ps and debuggers; prctl has variable arguments, which Swift cannot call. */
static inline void clibpq_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* A descriptor that wakes a thread out of poll: non-blocking, not inherited by children; -1 on failure. */
static inline int clibpq_wake_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* Starts a detached thread with a stack of that size; returns 0 or an errno. */
static inline int clibpq_start_thread(void *(*body)(void *), void *context, size_t stack_bytes) {
    pthread_attr_t attributes;
    pthread_t thread;
    int code = pthread_attr_init(&attributes);
    if (code != 0) return code;
    code = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (code == 0) code = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (code == 0) code = pthread_create(&thread, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    return code;
}

#endif
