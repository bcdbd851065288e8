#include "base/platform.h"

#include "start/context.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/error.h"
#include "process/current.h"
#include "start/fork.h"
#include "start/forkserver.h"
#include "start/function.h"
#include "start/launch.h"
#include "start/spawn.h"

enum { CONTEXTS = 3 };
static const mp_context *const contexts[CONTEXTS] = {
    &mp_start_fork, &mp_start_spawn, &mp_start_forkserver };

// ---- the top of main ------------------------------------------------------

static bool main_was_called;

void mp_main(int argc, char **argv)
{
    if (main_was_called) {
        return;
    }
    main_was_called = true;
    mp_function_begin();
    mp_current_begin();
    mp_spawn_begin(argc, argv);
}

// ---- which one ------------------------------------------------------------

// What a wrong name gives. NULL would mean the default, and start a process by
// a method that nobody asked for; this one is refused (mp_process_init).
static const mp_context unknown = { .name = "unknown" };

static const mp_context *find(const char *method)
{
    for (int i = 0; i < CONTEXTS; i++) {
        if (strcmp(contexts[i]->name, method) == 0) {
            return contexts[i];
        }
    }
    mp_fail(EINVAL, "cannot find context for '%s'", method);
    return NULL;
}

// What was chosen in this process. It begins as how the process was started: in
// the main process as NULL.
static const mp_context **chosen(void)
{
    return &mp_current_process()->context;
}

int mp_set_start_method(const char *method, bool force)
{
    if (!force && *chosen() != NULL) {
        return mp_fail(EINVAL, "context has already been set");
    }
    if (method == NULL && !force) {
        return mp_fail(EINVAL, "method must be a string");
    }
    const mp_context *context = method != NULL ? find(method) : NULL;
    if (method != NULL && context == NULL) {
        return -1;
    }
    *chosen() = context;
    return 0;
}

// Fixes the default, if it is not fixed yet. NULL where there can be none.
static const mp_context *fix_default(void)
{
    if (*chosen() == NULL) {
        const char *named = getenv(MP_START_METHOD_VARIABLE);
        const mp_context *context =
            named != NULL && *named != '\0' ? find(named) : contexts[0];
        if (context == NULL) {
            mp_fail(EINVAL, "cannot find context for '%s', which "
                            MP_START_METHOD_VARIABLE " names: there are fork, "
                            "spawn and forkserver", named);
            return NULL;
        }
        *chosen() = context;
    }
    return *chosen();
}

const mp_context *mp_get_context(const char *method)
{
    const mp_context *context = method != NULL ? find(method) : fix_default();
    return context != NULL ? context : &unknown;
}

const char *mp_get_start_method(bool allow_none)
{
    const mp_context *context = allow_none ? *chosen() : fix_default();
    return context != NULL ? context->name : NULL;
}

const char *const *mp_get_all_start_methods(void)
{
    static const char *const names[] = { "fork", "spawn", "forkserver", NULL };
    return names;
}

// ---- starting -------------------------------------------------------------

// A new image runs main again up to mp_main. What starts a process there would
// do so in each child of a child: without end, if it did so by new images.
static int consider_main(const mp_context *context)
{
    if (!main_was_called && mp_spawn_is_image()) {
        return mp_fail(EPERM, "cannot start a process before mp_main in a "
                              "process that was itself spawned");
    }
    if (context == &mp_start_fork) {
        return 0;
    }
    if (!main_was_called) {
        return mp_fail(EPERM, "cannot start a process by %s: main must call "
                              "mp_main first", context->name);
    }
    if (getauxval(AT_SECURE) != 0) {
        return mp_fail(EPERM, "cannot start a process by %s in a set-user-ID "
                              "program: use fork", context->name);
    }
    return 0;
}

int mp_launch(mp_process *process)
{
    const mp_context *given = process->context;
    const mp_context *context = given != NULL ? given : fix_default();
    if (context == NULL || consider_main(context) == -1) {
        return -1;
    }
    process->context = context;  // a forked child finds it in its copy
    int launched = mp_launch_by(context, process);
    if (launched == -1) {
        process->context = given;
    }
    return launched;
}
