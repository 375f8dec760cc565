// Loads, replaces and retires plugins.
#include <host/plugin/catalogue.hpp>

#include <algorithm>

#include <host/base/check.hpp>
#include <host/base/limits.hpp>
#include <host/plugin/graveyard.hpp>

namespace simhost::plugin {
namespace {

using Clock = std::chrono::steady_clock;

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::string_view name_of(PluginState state) noexcept {
  switch (state) {
    case PluginState::loaded:
      return "loaded";
    case PluginState::failed:
      return "failed";
    case PluginState::draining:
      return "draining";
    case PluginState::zombie:
      return "zombie";
  }
  return "failed";
}

Prepared::Prepared(Catalogue& catalogue, std::shared_ptr<Generation> generation, std::shared_ptr<Generation> previous)
    : catalogue_(&catalogue), generation_(std::move(generation)), previous_(std::move(previous)) {
  if (previous_ != nullptr) difference_ = diff(*previous_, *generation_);
}

Prepared::Prepared(Prepared&& from) noexcept
    : catalogue_(std::exchange(from.catalogue_, nullptr)),
      generation_(std::move(from.generation_)),
      previous_(std::move(from.previous_)),
      difference_(std::move(from.difference_)) {}

Prepared::~Prepared() {
  if (catalogue_ != nullptr) catalogue_->abandon(std::move(generation_));
}

Result<std::unique_ptr<Catalogue>> Catalogue::open(CatalogueOptions options, HostServices& services) {
  auto copies = CopyFolder::open(options.copies_folder);
  if (!copies) return fail(std::move(copies.error()));
  return std::unique_ptr<Catalogue>(new Catalogue(std::move(options), std::move(*copies), services));
}

Catalogue::Catalogue(CatalogueOptions options, CopyFolder copies, HostServices& services)
    : options_(std::move(options)),
      copies_(std::move(copies)),
      services_(services),
      graveyard_(std::make_shared<Graveyard>()) {}

Catalogue::~Catalogue() {
  for (auto& [id, entry] : entries_) entry.current.reset();
  sweep();
  graveyard_->close();
  sweep();  // who arrived in between
}

Result<Prepared> Catalogue::prepare_load(const std::filesystem::path& named) {
  const auto path = resolve_inside(options_.folders, named);
  if (!path) return fail(path.error());
  return prepare(*path, Intent::load, {});
}

Result<Prepared> Catalogue::prepare_reload(std::string_view id, const std::filesystem::path& named) {
  std::filesystem::path wanted = named;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end() || !found->second.listed)
      return fail("not_found", "there is no plugin " + in_quotes(id) + " to reload");
    if (wanted.empty()) wanted = found->second.path;
  }
  const auto path = resolve_inside(options_.folders, wanted);
  if (!path) return fail(path.error());
  return prepare(*path, Intent::reload, id);
}

Result<Prepared> Catalogue::prepare(const std::filesystem::path& path, Intent intent, std::string_view expected_id) {
  auto judged = judge(path, options_.cpu, {options_.allowed_libraries});
  if (!judged) {
    note_refused(path, std::string(expected_id), judged.error());
    return fail(std::move(judged.error()));
  }
  const std::string id = judged->stamp.id;
  if (intent == Intent::reload && id != expected_id)
    return fail("plugin_id_mismatch", "the file holds the plugin " + in_quotes(id) + ", not " + in_quotes(expected_id));
  if (auto done = reserve(*judged, path, intent); !done) return fail(std::move(done.error()));
  auto opened = open_generation(std::move(*judged), path);
  if (!opened) {
    note_error(id, opened.error(), Reservation::release);
    return fail(std::move(opened.error()));
  }
  auto generation = graveyard_->adopt(std::move(*opened));
  if (auto done = claim(*generation); !done) {
    note_error(id, done.error(), Reservation::keep);  // abandon releases it
    abandon(std::move(generation));
    return fail(std::move(done.error()));
  }
  return Prepared(*this, std::move(generation), current(id));
}

// Keeps others from preparing the same plugin until commit, abandon or an error.
Outcome Catalogue::reserve(const Judged& judged, const std::filesystem::path& path, Intent intent) {
  const std::string& id = judged.stamp.id;
  const std::scoped_lock lock(mutex_);
  if (auto room = check_room(id); !room) return room;
  Entry& entry = entries_[id];
  if (entry.reserved) return fail("busy", "the plugin " + in_quotes(id) + " is being loaded or reloaded already");
  if (intent == Intent::load && entry.current != nullptr)
    return fail("already_exists", "the plugin " + in_quotes(id) + " is loaded already; reload it instead");
  entry.reserved = true;
  ++entry.last_number;
  if (entry.current == nullptr) {
    entry.path = path;
    entry.stamp = judged.stamp;
  }
  return {};
}

Outcome Catalogue::check_room(const std::string& wanted) const {
  std::size_t listed = 0, undead = 0;
  for (const auto& [id, entry] : entries_) {
    listed += (entry.listed || entry.reserved) && id != wanted ? 1 : 0;
    for (const auto& leaving : entry.leaving) undead += leaving.state == Retired::zombie ? 1 : 0;
  }
  if (listed >= limits::plugins)
    return fail("limit_reached", "there are " + std::to_string(listed) + " plugins, the most a host takes; remove one");
  if (undead >= limits::plugin_zombies)
    return fail("limit_reached", std::to_string(undead) +
                                     " plugin libraries did not leave the process when they were "
                                     "unloaded; restart the host before loading more");
  return {};
}

Result<std::unique_ptr<Generation>> Catalogue::open_generation(Judged judged, const std::filesystem::path& path) {
  const std::string id = judged.stamp.id;
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = entries_[id].last_number;
  }
  auto copy = copies_.keep(judged.file, judged.digest, id, number);
  if (!copy) return fail(std::move(copy.error()));
  Origin origin{path, judged.file.path, std::move(judged.digest), std::move(judged.stamp), std::move(judged.warnings)};
  const std::scoped_lock lock(loading_);
  auto opened = Generation::open(std::move(origin), *copy, number, services_);
  if (!opened && is_mapped(*copy)) {
    const std::scoped_lock entries_lock(mutex_);
    entries_[id].leaving.push_back({number, Retired::zombie});
  }
  return opened;
}

// Model ids are one name space over all plugins; those of a prepared generation are kept free for it.
Outcome Catalogue::claim(const Generation& generation) {
  const std::scoped_lock lock(mutex_);
  Entry& own = entries_[generation.plugin_id()];
  for (const auto& model : generation.models()) {
    for (const auto& [id, other] : entries_) {
      if (&other == &own) continue;
      const bool taken = (other.current != nullptr && other.current->find_model(model->id()) != nullptr) ||
                         std::find(other.claimed.begin(), other.claimed.end(), model->id()) != other.claimed.end();
      if (taken)
        return fail("name_taken", "the model " + in_quotes(model->id()) + " is offered by the plugin " + in_quotes(id) +
                                      " already; model ids are unique in a host");
    }
    own.claimed.push_back(model->id());
  }
  return {};
}

void Catalogue::note_error(const std::string& id, const Error& error, Reservation reservation) {
  const std::scoped_lock lock(mutex_);
  Entry& entry = entries_[id];
  entry.error = error;
  entry.listed = true;
  if (reservation == Reservation::keep) return;
  entry.reserved = false;
  entry.claimed.clear();
}

// A file that was not even opened still shows up as a failed plugin, if its stamp tells whose it is.
void Catalogue::note_refused(const std::filesystem::path& path, const std::string& reloaded_id, const Error& error) {
  if (!reloaded_id.empty()) return note_error(reloaded_id, error, Reservation::keep);
  const auto stamp = peek(path);
  if (!stamp) return;
  const std::scoped_lock lock(mutex_);
  if (!check_room(stamp->id)) return;
  Entry& entry = entries_[stamp->id];
  if (entry.current != nullptr || entry.reserved) return;
  entry.path = path;
  entry.stamp = *stamp;
  entry.error = error;
  entry.listed = true;
}

void Catalogue::abandon(std::shared_ptr<Generation> generation) {
  const std::string id = generation->plugin_id();
  {
    const std::scoped_lock lock(mutex_);
    Entry& entry = entries_[id];
    entry.leaving.push_back({generation->number(), Retired::draining});
    entry.reserved = false;
    entry.claimed.clear();
  }
  generation.reset();
  sweep();
}

std::shared_ptr<Generation> Catalogue::commit(Prepared prepared) noexcept {
  SIM_CHECK(prepared.catalogue_ == this, "a Prepared is committed once, by the catalogue that made it");
  prepared.catalogue_ = nullptr;
  auto generation = std::move(prepared.generation_);
  prepared.previous_.reset();
  const std::scoped_lock lock(mutex_);
  Entry& entry = entries_.find(generation->plugin_id())->second;
  entry.path = generation->origin().named;
  entry.stamp = generation->stamp();
  entry.error.reset();
  entry.claimed.clear();
  entry.reserved = false;
  entry.listed = true;
  auto previous = std::exchange(entry.current, std::move(generation));
  if (previous != nullptr) entry.leaving.push_back({previous->number(), Retired::draining});
  return previous;
}

Result<std::shared_ptr<Generation>> Catalogue::load(const std::filesystem::path& named) {
  auto prepared = prepare_load(named);
  if (!prepared) return fail(std::move(prepared.error()));
  auto generation = prepared->generation();
  static_cast<void>(commit(std::move(*prepared)));
  return generation;
}

Result<std::shared_ptr<Generation>> Catalogue::withdraw(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.listed) return fail("not_found", "there is no plugin " + in_quotes(id));
  Entry& entry = found->second;
  if (entry.reserved) return fail("busy", "the plugin " + in_quotes(id) + " is being reloaded; try again after that");
  auto previous = std::exchange(entry.current, nullptr);
  entry.listed = false;
  entry.error.reset();
  if (previous != nullptr) entry.leaving.push_back({previous->number(), Retired::draining});
  return previous;
}

Retired Catalogue::retire(std::shared_ptr<Generation> generation, std::chrono::milliseconds patience) {
  if (generation == nullptr) return Retired::gone;
  const std::string id = generation->plugin_id();
  const std::uint64_t number = generation->number();
  const auto deadline = Clock::now() + patience;
  generation.reset();
  while (true) {
    take_down(graveyard_->collect(Clock::now()));
    {
      const std::scoped_lock lock(mutex_);
      const auto& leaving = entries_[id].leaving;
      const auto found =
          std::find_if(leaving.begin(), leaving.end(), [&](const auto& l) { return l.number == number; });
      if (found == leaving.end()) return Retired::gone;
      if (found->state == Retired::zombie || Clock::now() >= deadline) return found->state;
    }
    take_down(graveyard_->collect(deadline));
  }
}

std::size_t Catalogue::sweep() {
  auto arrived = graveyard_->collect(Clock::now());
  const std::size_t count = arrived.size();
  take_down(std::move(arrived));
  return count;
}

void Catalogue::take_down(std::vector<std::unique_ptr<Generation>> generations) {
  for (auto& generation : generations) {
    const std::scoped_lock lock(loading_);
    const Unload unload = generation->take_down();
    note_left(generation->plugin_id(), generation->number(), unload);
  }
}

void Catalogue::note_left(const std::string& id, std::uint64_t number, Unload unload) {
  const std::scoped_lock lock(mutex_);
  auto& leaving = entries_[id].leaving;
  const auto found = std::find_if(leaving.begin(), leaving.end(), [&](const auto& l) { return l.number == number; });
  if (found == leaving.end()) return;
  if (unload == Unload::zombie)
    found->state = Retired::zombie;
  else
    leaving.erase(found);
}

std::shared_ptr<Generation> Catalogue::current(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.current;
}

std::vector<std::shared_ptr<Generation>> Catalogue::all_current() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::shared_ptr<Generation>> all;
  for (const auto& [id, entry] : entries_)
    if (entry.current != nullptr) all.push_back(entry.current);
  return all;
}

Catalogue::FoundModel Catalogue::find_model(std::string_view model_id) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, entry] : entries_)
    if (const auto* model = entry.current != nullptr ? entry.current->find_model(model_id) : nullptr; model != nullptr)
      return {entry.current, model};
  return {};
}

PluginState Catalogue::state_of(const Entry& entry) noexcept {
  if (entry.current != nullptr) return PluginState::loaded;
  if (entry.listed) return PluginState::failed;
  const auto is_zombie = [](const Leaving& l) { return l.state == Retired::zombie; };
  return std::all_of(entry.leaving.begin(), entry.leaving.end(), is_zombie) ? PluginState::zombie
                                                                            : PluginState::draining;
}

PluginStatus Catalogue::status_of(const std::string& id, const Entry& entry) {
  PluginStatus status{id, state_of(entry), entry.current, entry.path, entry.stamp, entry.error, 0, 0};
  for (const auto& leaving : entry.leaving) ++(leaving.state == Retired::zombie ? status.zombies : status.draining);
  return status;
}

std::vector<PluginStatus> Catalogue::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<PluginStatus> all;
  for (const auto& [id, entry] : entries_)
    if (entry.listed || !entry.leaving.empty()) all.push_back(status_of(id, entry));
  return all;
}

std::optional<PluginStatus> Catalogue::status(std::string_view id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || (!found->second.listed && found->second.leaving.empty())) return std::nullopt;
  return status_of(found->first, found->second);
}

std::size_t Catalogue::zombies() const {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [id, entry] : entries_)
    for (const auto& leaving : entry.leaving) count += leaving.state == Retired::zombie ? 1 : 0;
  return count;
}

}  // namespace simhost::plugin
