/* Opens each plugin given, reads what it is, and closes it for good. */
#include <dlfcn.h>
#include <sim/plugin.h>
#include <stdio.h>

static int fail(const char* path, const char* why) {
  fprintf(stderr, "%s: %s\n", path, why);
  return 1;
}

static int check(const char* path) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return fail(path, dlerror());
  sim_entry_function entry;
  *(void**)&entry = dlsym(library, SIM_ENTRY_SYMBOL);
  if (!entry) return fail(path, "no entry");
  const sim_model_factory* factory = entry()->get_factory(SIM_MODEL_FACTORY);
  if (!factory || factory->count != 1 || factory->models[0]->desc->n_vars < 4) return fail(path, "no model");
  printf("%s: %s\n", path, factory->models[0]->desc->title);
  dlclose(library);
  if (dlopen(path, RTLD_NOW | RTLD_NOLOAD)) return fail(path, "is still loaded after dlclose");
  return 0;
}

int main(int argc, char** argv) {
  int failed = argc < 2;
  for (int i = 1; i < argc; ++i) failed |= check(argv[i]);
  return failed;
}
