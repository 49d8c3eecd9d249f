// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells ThreadSanitizer of GLib's locks. GLib, GStreamer and the plugins are built without it, and
// GMutex and GCond are futexes, which it cannot see: whatever they guard would look like a race.
// Everything but GLib itself calls these functions through the dynamic linker, which finds the ones
// below first.
//
// A lock hands over what was done before its unlocking. Its order among other locks is not told, as
// __tsan_mutex_pre_lock() and its kin would: GStreamer takes the locks of pads in any order.
#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>

namespace {

/// The function that this library hides.
template <typename Function>
Function hidden(Function, const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// What a thread pool calls.
struct Work {
  GFunc function;
  gpointer data;
};

void doWork(gpointer task, gpointer data) {
  __tsan_acquire(task);
  const auto* work = static_cast<Work*>(data);
  work->function(task, work->data);
}

}  // namespace

// Atomic, since the guard of a static is out of TSan's sight in this library.
#define HIDDEN(function)                                    \
  static std::atomic<decltype(&(function))> found{nullptr}; \
  auto* real = found.load();                                \
  if (real == nullptr) {                                    \
    real = hidden(&(function), #function);                  \
    found.store(real);                                      \
  }

extern "C" {

void g_mutex_lock(GMutex* mutex) {
  HIDDEN(g_mutex_lock);
  real(mutex);
  __tsan_acquire(mutex);
}

gboolean g_mutex_trylock(GMutex* mutex) {
  HIDDEN(g_mutex_trylock);
  const gboolean locked = real(mutex);
  if (locked != FALSE) {
    __tsan_acquire(mutex);
  }
  return locked;
}

void g_mutex_unlock(GMutex* mutex) {
  HIDDEN(g_mutex_unlock);
  __tsan_release(mutex);
  real(mutex);
}

void g_rec_mutex_lock(GRecMutex* mutex) {
  HIDDEN(g_rec_mutex_lock);
  real(mutex);
  __tsan_acquire(mutex);
}

gboolean g_rec_mutex_trylock(GRecMutex* mutex) {
  HIDDEN(g_rec_mutex_trylock);
  const gboolean locked = real(mutex);
  if (locked != FALSE) {
    __tsan_acquire(mutex);
  }
  return locked;
}

void g_rec_mutex_unlock(GRecMutex* mutex) {
  HIDDEN(g_rec_mutex_unlock);
  __tsan_release(mutex);
  real(mutex);
}

void g_cond_wait(GCond* cond, GMutex* mutex) {
  HIDDEN(g_cond_wait);
  __tsan_release(mutex);
  real(cond, mutex);
  __tsan_acquire(mutex);
}

gboolean g_cond_wait_until(GCond* cond, GMutex* mutex, gint64 end) {
  HIDDEN(g_cond_wait_until);
  __tsan_release(mutex);
  const gboolean signalled = real(cond, mutex, end);
  __tsan_acquire(mutex);
  return signalled;
}

/// Its queue is GLib's own, so that the task has to carry what was done before.
GThreadPool* g_thread_pool_new(GFunc function, gpointer data, gint threads, gboolean exclusive,
                               GError** error) {
  HIDDEN(g_thread_pool_new);
  // Never freed: GLib has no hook for it, and there are few pools.
  return real(doWork, new Work{function, data}, threads, exclusive, error);
}

gboolean g_thread_pool_push(GThreadPool* pool, gpointer task, GError** error) {
  HIDDEN(g_thread_pool_push);
  __tsan_release(task);
  return real(pool, task, error);
}
}
