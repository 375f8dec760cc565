// A model as sessions see it: one version of it, from one generation of its plugin, and the list of the present ones.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/base/error.hpp>
#include <host/base/value.hpp>
#include <host/engine/step_model.hpp>
#include <host/plugin/descriptor.hpp>

namespace simhost::session {

// Immutable; keeps its generation's library loaded.
struct Model {
  std::string plugin;  // id of the plugin
  std::uint64_t generation = 0;
  plugin::Descriptor descriptor;
  std::shared_ptr<const engine::StepModel> step;
  bool recorded = false;  // plays a recording: there is nothing to be written

  [[nodiscard]] const std::string& id() const noexcept { return descriptor.id; }
};
using ModelPointer = std::shared_ptr<const Model>;

// As GET /v1/models/{id} shows it.
Value show(const Model& model);
// One value of a variable as a JSON Schema, with its unit and group beside it.
Value scalar_schema(const plugin::Variable& variable);

// The models that new sessions can be made of. [any]
class Models {
 public:
  [[nodiscard]] ModelPointer find(std::string_view id) const;
  [[nodiscard]] std::vector<ModelPointer> list() const;  // by id
  void put(ModelPointer model);                          // adds, or replaces the one of the same id
  void remove(std::string_view id);
  [[nodiscard]] std::uint64_t revision() const;  // changes with every put and remove

  // A generation that declared itself unusable (SIM_FATAL); the next one starts clean. why: for people.
  void condemn(const std::string& plugin, std::uint64_t generation, std::string why);
  [[nodiscard]] std::optional<std::string> condemned(const std::string& plugin, std::uint64_t generation) const;
  // Error plugin_unavailable where the model's generation is condemned.
  [[nodiscard]] Outcome check_usable(const Model& model) const;

 private:
  mutable std::mutex mutex_;
  std::vector<ModelPointer> models_;
  std::uint64_t revision_ = 0;
  std::map<std::string, std::pair<std::uint64_t, std::string>> condemned_;  // by plugin: the last generation, why
};

}  // namespace simhost::session
