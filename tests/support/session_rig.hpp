// A registry over a real engine, with the counter model, and its requests as plain calls.
#pragma once

#include <string_view>
#include <thread>

#include <host/base/json.hpp>
#include <host/session/registry.hpp>
#include <tests/support/await.hpp>
#include <tests/support/counter_model.hpp>

namespace simhost::session {

struct Rig {
  engine::Engine engine;
  Models models;
  ModelPointer model = support::make_counter();
  std::unique_ptr<Registry> registry;

  explicit Rig(std::size_t sessions_max = 1000, std::size_t lanes_max = 100'000, engine::Engine::Options options = {})
      : Rig(RegistryOptions{sessions_max, lanes_max}, options) {}
  explicit Rig(const RegistryOptions& kept, engine::Engine::Options options = {}) : engine(options) {
    models.put(model);
    registry = std::make_unique<Registry>(engine, models, system_clock(), kept);
  }

  Result<SessionPointer> create(std::string_view body) {
    auto spec = parse_spec(parse_json(body).value(), models);
    if (!spec) return fail(spec.error());
    return support::await<SessionPointer>([&](auto done) { registry->create(*spec, done); });
  }
  Result<Nothing> control(const SessionPointer& s, Action action) {
    return support::await<Nothing>([&](auto done) { registry->control(s, action, done); });
  }
  Result<Nothing> advance(const SessionPointer& s, std::uint64_t ticks) {
    return support::await<Nothing>([&](auto done) { registry->advance(s, ticks, done); });
  }
  Result<Applied> write(const SessionPointer& s, std::string_view body) {
    auto request = parse_write(parse_json(body).value(), *s->model(), s->lanes());
    if (!request) return fail(request.error());
    return support::await<Applied>([&](auto done) { registry->write(s, *request, done); });
  }
  Result<ReadResult> read(const SessionPointer& s, std::vector<std::uint32_t> ids,
                          std::vector<std::uint32_t> lanes = {}) {
    return support::await<ReadResult>([&](auto done) { registry->read(s, {ids, lanes}, done); });
  }
  Result<std::shared_ptr<const Checkpoint>> checkpoint(const SessionPointer& s, std::string name = "") {
    return support::await<std::shared_ptr<const Checkpoint>>([&](auto done) { registry->checkpoint(s, name, done); });
  }
  Result<Nothing> restore(const SessionPointer& s, std::string which) {
    return support::await<Nothing>([&](auto done) { registry->restore(s, which, done); });
  }
  Result<SessionPointer> fork(const SessionPointer& s, ForkRequest request) {
    return support::await<SessionPointer>([&](auto done) { registry->fork(s, request, done); });
  }
  Result<Nothing> patch(const SessionPointer& s, std::string_view body) {
    auto request = parse_patch(parse_json(body).value(), s->step_ns());
    if (!request) return fail(request.error());
    return support::await<Nothing>([&](auto done) { registry->patch(s, *request, done); });
  }
  Result<Nothing> remove(const SessionPointer& s) {
    return support::await<Nothing>([&](auto done) { registry->remove(s, done); });
  }
  double sum(const SessionPointer& s, std::uint32_t lane = 0) { return read(s, {support::sum_id}, {lane})->values[0]; }

  // Waits until f() holds, at most 10 s.
  template <class F>
  static bool until(F&& f) {
    for (int i = 0; i < 10'000; ++i) {
      if (f()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
};

}  // namespace simhost::session
