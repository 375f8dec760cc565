// One load of a plugin's library, and all that was made from it: models with their instances, routes, streams.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/error.hpp>
#include <host/plugin/descriptor.hpp>
#include <host/plugin/library.hpp>
#include <host/plugin/lint.hpp>
#include <host/plugin/place.hpp>
#include <host/plugin/services.hpp>
#include <host/plugin/stamp.hpp>
#include <host/plugin/tables.hpp>

namespace simhost::plugin {

// A model of a generation, ready to be stepped. Immutable; may be read from any thread while the generation is held.
class ModelBinding {
 public:
  // Reads, checks and creates. Errors: plugin_bad_descriptor, plugin_create_failed.
  static Result<std::unique_ptr<ModelBinding>> make(const sim_model* from, const sim_host& host);
  ~ModelBinding();  // destroys the instance
  ModelBinding(const ModelBinding&) = delete;
  ModelBinding& operator=(const ModelBinding&) = delete;

  [[nodiscard]] const std::string& id() const noexcept { return descriptor_.id; }
  [[nodiscard]] const Descriptor& descriptor() const noexcept { return descriptor_; }
  // The plugin's functions; desc points to a gated copy that lives as long as this.
  [[nodiscard]] const sim_model& table() const noexcept { return tables_.model; }
  // Gated copies, in the order of descriptor().commands.
  [[nodiscard]] const std::vector<sim_command>& commands() const noexcept { return tables_.commands; }
  [[nodiscard]] void* instance() const noexcept { return instance_; }

 private:
  ModelBinding(ModelTables tables, Descriptor descriptor);

  ModelTables tables_;
  Descriptor descriptor_;
  void* instance_ = nullptr;
  bool created_ = false;
};

// What is known of a generation's file before it is opened.
struct Origin {
  std::filesystem::path named;  // the file asked for, links resolved
  std::filesystem::path path;   // that file, or its AVX2 sibling
  std::string digest;           // BLAKE2b-256 of it, hex
  Stamp stamp;
  std::vector<Finding> warnings;
};

// Held by shared_ptr by whoever steps its models or calls its routes: what keeps the library mapped. The last holder's
// release hands it to the catalogue, which takes it down on its own thread, never on the releasing one.
class Generation {
 public:
  // Opens the private copy, runs init and creates every model's instance. On an error everything is taken down again.
  static Result<std::unique_ptr<Generation>> open(Origin origin, std::filesystem::path copy, std::uint64_t number,
                                                  HostServices& services);
  ~Generation();  // as take_down
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  [[nodiscard]] std::uint64_t number() const noexcept { return context_.generation; }  // 1, 2, ... per plugin id
  [[nodiscard]] const std::string& plugin_id() const noexcept { return context_.plugin_id; }
  [[nodiscard]] const Origin& origin() const noexcept { return origin_; }
  [[nodiscard]] const std::string& digest() const noexcept { return origin_.digest; }
  [[nodiscard]] const Stamp& stamp() const noexcept { return origin_.stamp; }
  [[nodiscard]] std::uint32_t cpu_level() const noexcept { return origin_.stamp.cpu_level; }
  [[nodiscard]] std::int64_t loaded_wall_ns() const noexcept { return loaded_wall_ns_; }

  [[nodiscard]] const std::vector<std::unique_ptr<ModelBinding>>& models() const noexcept { return models_; }
  [[nodiscard]] const ModelBinding* find_model(std::string_view id) const noexcept;
  [[nodiscard]] const RouteTable& routes() const noexcept { return routes_; }
  [[nodiscard]] const std::vector<sim_stream>& streams() const noexcept { return streams_; }
  [[nodiscard]] const std::vector<sim_setting>& settings() const noexcept { return settings_; }
  // What handlers are called with; its context is a HostContext.
  [[nodiscard]] const sim_host* host() const noexcept { return &host_; }

  // drain, destroy, deinit, end, close, look. Once, when nobody uses the generation any more.
  Unload take_down() noexcept;

 private:
  Generation(Origin origin, std::filesystem::path copy, std::uint64_t number, HostServices& services, Library library);
  Outcome begin();
  Outcome read_models();
  Outcome read_surfaces();

  Origin origin_;
  std::filesystem::path copy_;
  HostContext context_;
  sim_host host_{};
  Library library_;
  std::vector<sim_setting> settings_;
  std::vector<std::unique_ptr<ModelBinding>> models_;
  RouteTable routes_;
  std::vector<sim_stream> streams_;
  std::int64_t loaded_wall_ns_ = 0;
  bool begun_ = false;
  bool down_ = false;
};

}  // namespace simhost::plugin
