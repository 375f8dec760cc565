// The table of present models.
#include <host/session/model.hpp>

#include <algorithm>

namespace simhost::session {

ModelPointer Models::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find_if(models_, [&](const auto& m) { return m->id() == id; });
  return at == models_.end() ? nullptr : *at;
}

std::vector<ModelPointer> Models::list() const {
  const std::lock_guard lock(mutex_);
  return models_;
}

void Models::put(ModelPointer model) {
  const std::lock_guard lock(mutex_);
  std::erase_if(models_, [&](const auto& m) { return m->id() == model->id(); });
  const auto at = std::ranges::find_if(models_, [&](const auto& m) { return m->id() > model->id(); });
  models_.insert(at, std::move(model));
  ++revision_;
}

void Models::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(models_, [&](const auto& m) { return m->id() == id; });
  ++revision_;
}

void Models::condemn(const std::string& plugin, std::uint64_t generation, std::string why) {
  const std::lock_guard lock(mutex_);
  condemned_.try_emplace(plugin, generation, why);
  auto& last = condemned_[plugin];
  if (last.first < generation) last = {generation, std::move(why)};
}

std::optional<std::string> Models::condemned(const std::string& plugin, std::uint64_t generation) const {
  const std::lock_guard lock(mutex_);
  const auto at = condemned_.find(plugin);
  return at != condemned_.end() && at->second.first == generation ? std::optional(at->second.second) : std::nullopt;
}

Outcome Models::check_usable(const Model& model) const {
  const auto why = model.recorded ? std::nullopt : condemned(model.plugin, model.generation);
  if (!why) return {};
  return fail("plugin_unavailable", "the plugin " + model.plugin + " gave up: " + *why + "; reload it");
}

std::uint64_t Models::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

}  // namespace simhost::session
