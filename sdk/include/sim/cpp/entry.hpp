/// What a plugin hands to the host: SIM_PLUGIN, for one model or for a plugin with models, routes, streams and
/// settings.
///
/// `SIM_PLUGIN(Motor)` is all a plugin of one model needs. Where there is more, a struct says what:
/// ```cpp
/// struct MotorPlugin {
///   using models = sim::models<Motor>;
///   static const sim_routes& routes() noexcept;       // each of these is optional
///   static const sim_streams& streams() noexcept;
///   static const sim_settings& settings() noexcept;
///   static sim_status init(const sim_host& host, sim_error& error);   // may throw; so may deinit
///   static void deinit();
/// };
/// SIM_PLUGIN(MotorPlugin)
/// ```
#pragma once

#include <sim/ext/config.h>
#include <sim/ext/routes.h>
#include <sim/ext/streams.h>
#include <sim/plugin.h>
#include <sim/cpp/descriptor.hpp>

#include <exception>

namespace sim::inline sdk_v1_0 {

/// The models of a plugin.
template <class... M>
struct models {};

/// Fills an error for the host, cutting what does not fit. `code` is a stable snake_case word.
inline sim_status set_error(sim_error* error, sim_status status, std::string_view code,
                            std::string_view message) noexcept {
  if (error == nullptr || error->size < sizeof(sim_error)) return status;
  const auto copy = [](char* to, std::size_t room, std::string_view from) noexcept {
    std::size_t n = from.size() < room ? from.size() : room - 1;
    // Never end within a UTF-8 sequence.
    if (n < from.size()) {
      while (n > 0 && (static_cast<unsigned char>(from[n]) & 0xc0u) == 0x80u) --n;
    }
    std::memcpy(to, from.data(), n);
    to[n] = '\0';
  };
  error->status = status;
  copy(error->code, sizeof error->code, code);
  copy(error->message, sizeof error->message, message);
  return status;
}

/// Runs f, and turns what it throws into SIM_ERROR: no exception leaves a plugin.
template <class F>
sim_status guarded(sim_error* error, F&& f) noexcept {
  try {
    return f();
  } catch (const std::exception& e) {
    return set_error(error, SIM_ERROR, "plugin_error", e.what());
  } catch (...) {
    return set_error(error, SIM_ERROR, "plugin_error", "an exception of unknown type");
  }
}

namespace detail {

template <class List>
struct ModelTables;
template <class... M>
struct ModelTables<models<M...>> {
  static_assert(sizeof...(M) > 0, "a plugin has one model at least");
  static constexpr std::array<const sim_model*, sizeof...(M)> list{&Tables<M>::model...};
  static constexpr sim_model_factory factory{sizeof(sim_model_factory), sizeof...(M), list.data()};
};
template <class P>
struct ModelsOf {
  using type = models<P>;
};
template <class P>
requires requires { typename P::models; }
struct ModelsOf<P> {
  using type = typename P::models;
};

/// The functions of sim_entry for a plugin struct or a lone model.
template <class P>
struct Entry {
  using List = ModelTables<typename ModelsOf<P>::type>;

  static int32_t init(const sim_host* host, sim_error* error) noexcept {
    if (host == nullptr || host->size < sizeof(sim_host)) {
      return set_error(error, SIM_INVALID_ARG, "plugin_abi_mismatch", "the host's table is missing or too short");
    }
    if constexpr (requires(sim_error & e) { P::init(*host, e); }) {
      sim_error spare{};
      spare.size = sizeof spare;
      sim_error& to = error != nullptr && error->size >= sizeof(sim_error) ? *error : spare;
      return guarded(&to, [&] { return P::init(*host, to); });
    } else {
      return SIM_OK;
    }
  }
  static void deinit() noexcept {
    if constexpr (requires { P::deinit(); }) guarded(nullptr, [] { return P::deinit(), SIM_OK; });
  }
  static const void* get_factory(const char* id) noexcept {
    if (id == nullptr) return nullptr;
    const std::string_view wanted(id);
    if (wanted == SIM_MODEL_FACTORY) return &List::factory;
    if constexpr (requires { P::routes(); }) {
      if (wanted == SIM_ROUTES) return &P::routes();
    }
    if constexpr (requires { P::streams(); }) {
      if (wanted == SIM_STREAMS) return &P::streams();
    }
    if constexpr (requires { P::settings(); }) {
      if (wanted == SIM_CONFIG) return &P::settings();
    }
    return nullptr;
  }
  static constexpr sim_entry table{sizeof(sim_entry), SIM_ABI_MINOR, &init, &deinit, &get_factory};
};

}  // namespace detail
}  // namespace sim::inline sdk_v1_0

/// Ends a plugin: `SIM_PLUGIN(Motor)` in exactly one of its source files.
#define SIM_PLUGIN(...)                                                                                           \
  extern "C" SIM_EXPORT const sim_entry* sim_entry_v1(void);                                                      \
  extern "C" SIM_EXPORT const sim_entry* sim_entry_v1(void) { return &::sim::detail::Entry<__VA_ARGS__>::table; } \
  static_assert(true)
