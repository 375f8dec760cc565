// Sessions of the counter model with the services of what happens by plan over a store in memory.
#pragma once

#include <string_view>

#include <host/plan/scenarios.hpp>
#include <tests/support/session_rig.hpp>

namespace simhost::plan {

struct Rig : session::Rig {
  std::unique_ptr<store::Store> store = store::make_memory_store();
  Scenarios scenarios{*registry, *store, system_clock()};

  static Value json(std::string_view text) { return parse_json(text).value(); }
  Result<session::Run> start(const session::SessionPointer& s, std::string_view body) {
    return support::await<session::Run>([&](auto done) { scenarios.start(s, json(body), done); });
  }
  double value(const session::SessionPointer& s, std::uint32_t id, std::uint32_t lane = 0) {
    return read(s, {id}, {lane})->values[0];
  }
};

inline std::vector<std::string> pointers(const Error& error) {
  std::vector<std::string> out;
  for (const auto& one : error.errors) out.push_back(one.pointer + " " + one.code);
  return out;
}

}  // namespace simhost::plan
