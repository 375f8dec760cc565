// The moment of a reload: every model of a plugin replaced under its sessions, or none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <host/plugin/diff.hpp>
#include <host/plugin/generation.hpp>
#include <host/session/registry.hpp>

namespace simhost::services {

// A model as sessions step it; holds the generation.
session::ModelPointer make_model(const std::shared_ptr<plugin::Generation>& generation,
                                 const plugin::ModelBinding& binding);

class Exchange {
 public:
  Exchange(session::Registry& registry, session::Models& models, const plugin::Generation& from,
           const std::shared_ptr<plugin::Generation>& to);

  // Sessions of models that cannot be carried. Error descriptor_breaking names changes and sessions.
  [[nodiscard]] Outcome check() const;
  // On copies of the running lanes; nothing changes.
  Outcome rehearse();
  // Error: nothing has changed.
  Outcome run();

  [[nodiscard]] std::size_t sessions() const noexcept { return sessions_; }  // carried over by run
  [[nodiscard]] std::size_t sessions_now() const;                            // of the plugin's models
  [[nodiscard]] const std::vector<std::int64_t>& stalls_ns() const noexcept { return stalls_ns_; }

 private:
  struct Pair {
    session::ModelPointer from, to;  // either may be null: added, gone
    plugin::DescriptorDiff difference;
    [[nodiscard]] bool carries() const noexcept {
      return from != nullptr && to != nullptr && difference.verdict != plugin::Verdict::breaking;
    }
  };
  Outcome apply(const Pair& pair);
  void take_back(std::size_t count);
  Outcome replace_unused(const session::ModelPointer& from, const session::ModelPointer& to);

  session::Registry& registry_;
  session::Models& models_;
  std::vector<Pair> pairs_;
  std::size_t sessions_ = 0;
  std::vector<std::int64_t> stalls_ns_;
};

}  // namespace simhost::services
