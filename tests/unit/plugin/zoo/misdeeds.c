/* Misdeeds that are linked beside zoo.c: what the file, its sections and its start-up code can do wrong. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#ifdef ZOO_EXTRA_EXPORTS
__attribute__((visibility("default"))) int zoo_leak, zoo_other;
#endif

#ifdef ZOO_STATIC_TLS
__attribute__((tls_model("initial-exec"))) static __thread int per_thread;
__attribute__((used)) static int touch(void) { return ++per_thread; }
#endif

#ifdef ZOO_TEXT_RELOCATION
static int target;
__asm__(".pushsection .text\n.quad zoo_target\n.popsection\n");
__attribute__((used, visibility("hidden"))) int zoo_target;
__attribute__((used)) static int* keep(void) { return &target; }
#endif

#ifdef ZOO_SETS_MXCSR
__attribute__((constructor)) static void flush_denormals(void) {
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040u);
}
#endif

#ifdef ZOO_SETS_SIGNAL
static void on_signal(int number) { (void)number; }
__attribute__((constructor)) static void take_signal(void) { signal(SIGUSR2, on_signal); }
#endif

#ifdef ZOO_STARTS_THREADS
static void* work(void* context) { return context; }
__attribute__((used)) static int start(void) {
  pthread_t thread;
  return pthread_create(&thread, NULL, work, NULL);
}
#endif

#ifdef ZOO_PINS_ITSELF
/* A reference of its own keeps the library in the process whatever the host does. */
__attribute__((visibility("hidden"))) int zoo_pin(const void* address) {
  Dl_info own;
  return dladdr(address, &own) != 0 && dlopen(own.dli_fname, RTLD_NOW) != NULL ? 0 : 1;
}
#endif

typedef int zoo_not_empty;
