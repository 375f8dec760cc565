"""Small trees that break a rule, and small trees that keep it: (rule, files, where, words of the finding)."""

BODY = "  x += 1;\n"
LIBRARY = "build plugins/m/libm.so: CXX_SHARED_LIBRARY_LINKER__plugin_m plugins/m/a.o"
# Pieces, so that the rules that read this file find nothing in it.
NOTE, HOME, MERGE = "TO" "DO", "/ho" "me/", "<<<<" "<<<"


def plugin(text):
    return {"plugins/m/plugin.cpp": text}


def host(text):
    return {"host/engine/a.cpp": text}


def arrow(source, target):
    return {source: f"// One purpose.\n#include <{target}>\n", target: "// Another one.\n#pragma once\n"}


BROKEN = [
    ("include_arrows", arrow("host/engine/a.cpp", "api/http/b.hpp"), "host/engine/a.cpp:2", "host/engine may not"),
    ("include_arrows", arrow("plugins/m/a.cpp", "host/base/b.hpp"), "plugins/m/a.cpp:2", "plugins may not"),
    ("include_arrows", arrow("plugins/m/a.cpp", "plugins/n/b.hpp"), "plugins/m/a.cpp:2", "plugins may not"),
    ("include_arrows", arrow("api/net/a.cpp", "host/session/b.hpp"), "api/net/a.cpp:2", "api/net may not"),
    ("include_arrows", arrow("api/routes/a.cpp", "api/net/b.hpp"), "api/routes/a.cpp:2", "api/routes may not"),
    ("include_arrows", arrow("sdk/a.hpp", "host/base/b.hpp"), "sdk/a.hpp:2", "sdk may not"),
    ("include_arrows", {"host/util/a.cpp": ""}, "host/util/a.cpp:1", "no room"),
    ("include_arrows", host("#include <host/engine/gone.hpp>\n"), "a.cpp:1", "no file of ours"),
    ("include_spelling", host('#include "b.hpp"\n'), "a.cpp:1", "from/the/root"),
    ("include_spelling", {"host/base/a.hpp": "int a;\n"}, "a.hpp:1", "#pragma once"),
    ("include_spelling", {"sdk/include/sim/a.h": "int a;\n"}, "a.h:1", "include guard"),
    ("include_spelling", {"host/base/a.hpp": "#pragma once\nusing namespace std;\n"}, "a.hpp:1", "using namespace"),
    ("library_doors", host("#include <boost/beast/core.hpp>\n"), "a.cpp:1", "api/net"),
    ("library_doors", host("#include <sys/socket.h>\n"), "a.cpp:1", "host knows no socket"),
    ("library_doors", host("#include <rapidjson/reader.h>\n"), "a.cpp:1", "json.hpp"),
    ("library_doors", plugin("#include <thread>\n"), "plugin.cpp:1", "sim.jobs"),
    ("library_doors", {"api/net/a.cpp": "#include <oneapi/tbb/parallel_for.h>\n"}, "a.cpp:1", "host/engine"),
    ("sdk_is_alone", {"sdk/include/sim/a.h": "#include <unistd.h>\n"}, "a.h:1", "standard library"),
    ("file_length", host("int a;\n" * 401), "a.cpp:401", "401 lines"),
    ("function_length", host(f"void f(int x) {{\n{BODY * 70}}}\n"), "a.cpp:1", "72 lines"),
    ("function_length", host(f"class A {{\n int g() const {{\n{BODY * 70}}}\n}};\n"), "a.cpp:2", "72 lines"),
    ("function_length", host(f"A::A(int x)\n    : a_(x), b_{{2}} {{\n{BODY * 70}}}\n"), "a.cpp", "lines"),
    ("function_length", {"tests/e2e/a.py": "def f():\n" + "    x = 1\n" * 70}, "a.py:1", "71 lines"),
    ("columns", host("// " + "x" * 118 + "\n"), "a.cpp:1", "121 columns"),
    ("columns", host("int a; \n"), "a.cpp:1", "blanks"),
    ("columns", host("\tint a;\n"), "a.cpp:1", "tab"),
    ("columns", host("int a;"), "a.cpp:1", "no end"),
    ("purpose", host("#pragma once\n"), "a.cpp:1", "what is this file for"),
    ("purpose", {"dev": "#!/bin/sh\nls\n"}, "dev:1", "what is this file for"),
    ("banned_calls", host("int f() { return std::rand(); }\n"), "a.cpp:1", "counter-based"),
    ("banned_calls", plugin("std::thread t;\n"), "plugin.cpp:1", "sim.jobs"),
    ("banned_calls", {"tests/unit/a_test.cpp": "std::this_thread::sleep_for(1s);\n"}, "a_test.cpp:1", "manual clock"),
    ("banned_calls", host('void f() { printf("x"); }\n'), "a.cpp:1", "libraries never print"),
    ("banned_calls", host("auto* a = new int;\n"), "a.cpp:1", "make_unique"),
    ("banned_calls", host("void f(int* a) { delete a; }\n"), "a.cpp:1", "make_unique"),
    ("banned_calls", host("void f(char* a) { strcpy(a, b); }\n"), "a.cpp:1", "snprintf"),
    ("banned_calls", host('const char* a = getenv("A");\n'), "a.cpp:1", "setting"),
    ("banned_calls", plugin("auto t = std::chrono::steady_clock::now();\n"), "plugin.cpp:1", "sim.clock"),
    ("banned_calls", host("void f() { std::exit(1); }\n"), "a.cpp:1", "SIM_CHECK"),
    ("banned_calls", host("int a = std::stoi(b);\n"), "a.cpp:1", "from_chars"),
    ("banned_cmake", {"host/CMakeLists.txt": "# Rooms.\nfile(GLOB x *.cpp)\n"}, "CMakeLists.txt:2", "list of files"),
    ("banned_cmake", {"host/CMakeLists.txt": "# Rooms.\ninclude_directories(x)\n"}, "CMakeLists.txt:2", "target_"),
    ("banned_python", {"tests/e2e/a.py": "time.sleep(1)\n"}, "a.py:1", "deadline"),
    ("banned_words", {"docs/a.md": f"# A\n{NOTE} later\n"}, "a.md:2", "issue"),
    ("banned_words", {"docs/a.md": f"# A\nsee {HOME}me\n"}, "a.md:2", "path from the project's root"),
    ("banned_words", host(f"{MERGE} HEAD\n"), "a.cpp:1", "merged"),
    ("orphan_sources", host("int a;\n"), "a.cpp:1", "no CMakeLists.txt"),
    ("orphan_sources", {**host("int a;\n"), "host/CMakeLists.txt": "# x\nf(aa.cpp) # a.cpp\n"}, "a.cpp:1", "no CMake"),
    ("orphan_sources", {**host("int a;\n"), "host/engine/CMakeLists.txt": "# x\nf(in/a.cpp)\n"}, "a.cpp:1", "no CMake"),
    ("orphan_headers", {"host/engine/a.hpp": "#pragma once\n"}, "a.hpp:1", "nobody includes"),
    ("orphan_scripts", {"tests/e2e/a.py": "print()\n"}, "a.py:1", "nothing imports"),
    ("top_level", {"src/a.cpp": "int a;\n"}, "src/", "top level"),
    ("page_titles", {"docs/a.md": "# A\n\n# B\n"}, "a.md:1", "found 2"),
    ("page_titles", {"docs/a.md": "text\n"}, "a.md:1", "found 0"),
    ("page_links", {"docs/a.md": "# A\n[b](b.md)\n"}, "a.md:2", "no such file"),
    ("page_links", {"docs/a.md": "# A\n[b](#b)\n"}, "a.md:2", "no such heading"),
    ("page_links", {"docs/a.md": "# A\n[b](../../b.md)\n"}, "a.md:2", "leaves the project"),
    ("plugin_readmes", {"plugins/m/CMakeLists.txt": "# m\n"}, "plugins/m", "no README"),
    ("plugin_readmes", {"plugins/m/CMakeLists.txt": "# m\n", "plugins/m/README.md": "# M\n## Equations\n"},
     "README.md:1", "## Parameters, ## Validity, ## References"),
    ("plugin_links", {"build/build.ninja": f"{LIBRARY} | host/base/libsim_base.a\n  LINK_LIBRARIES = x\n"},
     "libm.so", "host/base/libsim_base.a"),
    ("plugin_links", {"build/build.ninja": f"{LIBRARY}\n  LINK_LIBRARIES = -lm  api/http/libsim_http.a\n"},
     "libm.so", "api/http/libsim_http.a"),
    ("plugin_links", {"build/build.ninja": "", **plugin("int a;\n")}, "build.ninja", "no plugin library found"),
    ("plugin_exports", {"build/build.ninja": f"{LIBRARY}\n"}, "libm.so", "not built"),
    ("formatted", {".clang-format": "BasedOnStyle: Google\n", **host("int  a;\n")}, "a.cpp:1", "./dev format"),
]

KEPT = [
    ("include_arrows", arrow("api/routes/a.cpp", "host/session/b.hpp")),
    ("include_arrows", arrow("api/routes/a.cpp", "api/net/websocket.hpp")),
    ("include_arrows", arrow("host/telemetry/a.cpp", "host/session/b.hpp")),
    ("include_arrows", {"plugins/m/a.cpp": "#include <sim/plugin.h>\n", "sdk/include/sim/plugin.h": ""}),
    ("include_spelling", {"tests/contract/a.cpp": '#include "made.inc"\n',
                          "tests/contract/CMakeLists.txt": "# Made.\nadd_custom_command(OUTPUT made.inc)\n"}),
    ("include_spelling", {"plugins/m/a.cpp": '#include "b.hpp"\n', "plugins/m/b.hpp": "#pragma once\n"}),
    ("library_doors", {"api/net/a.cpp": "#include <boost/beast/core.hpp>\n"}),
    ("library_doors", {"tests/unit/net/a_test.cpp": "#include <boost/beast/core.hpp>\n#include <thread>\n"}),
    ("sdk_is_alone", {"sdk/include/sim/a.hpp": "#include <sim/b.h>\n#include <cmath>\n#include <stdint.h>\n"}),
    ("file_length", host("int a;\n" * 400)),
    ("function_length", host(f"void f(int x) {{\n{BODY * 68}}}\n")),
    ("function_length", host("const int table[] = {\n" + "  1,\n" * 90 + "};\n")),
    ("function_length", host("namespace a {\nclass B {\n" + "  int f();\n" * 90 + "};\n}\n")),
    ("columns", host("// " + "x" * 117 + "\n")),
    ("purpose", host("// Steps one block.\nint a;\n")),
    ("purpose", {"tests/a/a.py": '#!/usr/bin/env python3\n"""Joins two files."""\n'}),
    ("banned_calls", host('// printf("x")\nauto a = "new"; A(const A&) = delete; int operand(int);\n')),
    ("banned_calls", host("std::unique_ptr<A> made(new A(1)); static auto* const one = new A{};\n")),
    ("banned_calls", host("void f(char* b) { snprintf(b, 2, x); }\n")),
    ("banned_cmake", {"host/CMakeLists.txt": "# file(GLOB\ntarget_include_directories(x PUBLIC y)\n"}),
    ("orphan_sources", {**host("int a;\n"), "host/CMakeLists.txt": "# x\nadd_library(x engine/a.cpp)\n"}),
    ("orphan_sources", {"api/main.cpp": "", "api/cli/CMakeLists.txt": "# x\nf(${PROJECT_SOURCE_DIR}/api/main.cpp)\n"}),
    ("orphan_sources", {"tests/a/a.cpp": "", "tests/a/try.cmake": "# x\nset(c ${SOURCE_DIR}/a.cpp)\n"}),
    ("orphan_scripts", {"tests/e2e/a_test.py": "", "tests/e2e/CMakeLists.txt": "# x\nforeach(n a) f(${n}_test.py)\n"}),
    ("orphan_headers", {**host("#include <host/engine/b.hpp>\n"), "host/engine/b.hpp": "#pragma once\n"}),
    ("orphan_scripts", {"tests/a/a.py": "import b\n", "tests/a/b.py": "import a\n"}),
    ("top_level", {"host/a.cpp": "", "README.md": "", "build/x": ""}),
    ("page_titles", {"docs/a.md": "# A\n```\n# no title\n```\n"}),
    ("page_links", {"docs/a.md": "# A b\n[b](b.md#two-words) [c](#a-b) [d](https://example.org/x)\n",
                    "docs/b.md": "# B\n## Two words\n"}),
    ("plugin_links", {"build/build.ninja": f"{LIBRARY} | sdk/x.map\n  LINK_LIBRARIES = -lm\n"}),
]
