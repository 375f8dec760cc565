// Brings a generation up and takes it down again.
#include <host/plugin/generation.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>

#include <host/base/limits.hpp>
#include <host/plugin/gate.hpp>

namespace simhost::plugin {
namespace {

constexpr std::size_t extension_id_bytes_max = 128;

// What plugins call; nothing of the host's may leak out of it as an exception.
const void* find_extension(const sim_host* host, const char* id) noexcept {
  if (host == nullptr || id == nullptr) return nullptr;
  const std::size_t size = ::strnlen(id, extension_id_bytes_max + 1);
  if (size > extension_id_bytes_max) return nullptr;
  try {
    return context_of(host).services->extension(host, {id, size});
  } catch (...) {
    return nullptr;
  }
}

std::int64_t wall_now_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

tl::unexpected<Error> create_failed(const std::string& model, const std::string& why) {
  return fail("plugin_create_failed", "create of the model \"" + model + "\" " + why);
}

Outcome create(const sim_model& model, const std::string& id, const sim_host& host, void** instance) {
  sim_error said{};
  said.size = sizeof(said);
  try {
    const auto status = model.create(&host, instance, &said);
    if (status == SIM_OK || status == SIM_WARNING) return {};
    const std::string message(said.message, ::strnlen(said.message, sizeof(said.message)));
    return create_failed(id, "returned " + std::to_string(status) + (message.empty() ? "" : ": " + message));
  } catch (const std::exception& e) {
    return create_failed(id,
                         "let an exception out (" + std::string(e.what()) + "); every entry of a plugin is noexcept");
  } catch (...) {
    return create_failed(id, "let an exception out; every entry of a plugin is noexcept");
  }
}

}  // namespace

Outcome HostServices::begin(HostContext&, std::span<const sim_setting>) { return {}; }
void HostServices::drain(HostContext&) noexcept {}
void HostServices::end(HostContext&) noexcept {}

ModelBinding::ModelBinding(ModelTables tables, Descriptor descriptor)
    : tables_(std::move(tables)), descriptor_(std::move(descriptor)) {
  tables_.description.vars = tables_.vars.data();
  tables_.description.units = tables_.units.data();
  tables_.model.desc = &tables_.description;
}

ModelBinding::~ModelBinding() {
  if (!created_ || tables_.model.destroy == nullptr) return;
  try {
    tables_.model.destroy(instance_);
  } catch (...) {  // the instance goes with its generation anyway
  }
}

Result<std::unique_ptr<ModelBinding>> ModelBinding::make(const sim_model* from, const sim_host& host) {
  auto tables = read_model_tables(from);
  if (!tables) return fail(std::move(tables.error()));
  auto descriptor = make_descriptor(*tables);
  if (!descriptor) return fail(std::move(descriptor.error()));
  if (const auto again = read_model_tables(from).and_then(make_descriptor); !again || !(*again == *descriptor))
    return fail("plugin_bad_descriptor", "the descriptor of the model \"" + descriptor->id +
                                             "\" reads differently the second time; descriptors never change");
  std::unique_ptr<ModelBinding> binding(new ModelBinding(std::move(*tables), std::move(*descriptor)));
  if (binding->table().create == nullptr) return binding;
  if (auto done = create(binding->table(), binding->id(), host, &binding->instance_); !done)
    return fail(std::move(done.error()));
  binding->created_ = true;
  return binding;
}

Generation::Generation(Origin origin, std::filesystem::path copy, std::uint64_t number, HostServices& services,
                       Library library)
    : origin_(std::move(origin)),
      copy_(std::move(copy)),
      context_{origin_.stamp.id, number, &services, nullptr},
      library_(std::move(library)),
      loaded_wall_ns_(wall_now_ns()) {
  host_.size = sizeof(host_);
  host_.abi_minor = SIM_ABI_MINOR;
  host_.name = "simhost";
  host_.version = SIMHOST_VERSION;
  host_.context = &context_;
  host_.get_extension = &find_extension;
}

Result<std::unique_ptr<Generation>> Generation::open(Origin origin, std::filesystem::path copy, std::uint64_t number,
                                                     HostServices& services) {
  auto library = Library::open(copy);
  if (!library) {
    std::error_code ignored;
    std::filesystem::remove(copy, ignored);
    return fail(std::move(library.error()));
  }
  std::unique_ptr<Generation> made(
      new Generation(std::move(origin), std::move(copy), number, services, std::move(*library)));
  for (auto stage : {&Generation::begin, &Generation::read_models, &Generation::read_surfaces})
    if (auto done = ((*made).*stage)(); !done) return fail(std::move(done.error()));
  return made;
}

Generation::~Generation() { static_cast<void>(take_down()); }

Outcome Generation::begin() {
  if (library_.entry().abi_minor != stamp().abi_minor)
    return fail("plugin_abi_mismatch", "the stamp names ABI 1." + std::to_string(stamp().abi_minor) +
                                           ", the entry table 1." + std::to_string(library_.entry().abi_minor) +
                                           "; build the plugin anew");
  auto settings = read_settings(library_);
  if (!settings) return fail(std::move(settings.error()));
  settings_ = std::move(*settings);
  if (auto done = context_.services->begin(context_, settings_); !done) return done;
  begun_ = true;
  return library_.init(host_);
}

Outcome Generation::read_models() {
  const void* from = library_.factory(SIM_MODEL_FACTORY);
  if (from == nullptr) return {};  // a plugin of routes and streams alone
  const auto list = gate<sim_model_factory>(from);
  if (!list || list->count > limits::plugin_models || (list->count > 0 && list->models == nullptr))
    return fail("plugin_bad_descriptor",
                "the table sim.model/1 of the plugin states an impossible size or has no models, or "
                "more than " +
                    std::to_string(limits::plugin_models));
  for (std::uint32_t i = 0; i < list->count; ++i) {
    auto binding = ModelBinding::make(list->models[i], host_);
    if (!binding) return fail(std::move(binding.error()));
    if (find_model((*binding)->id()) != nullptr)
      return fail("plugin_bad_descriptor", "the plugin has two models of the id \"" + (*binding)->id() + "\"");
    models_.push_back(std::move(*binding));
  }
  return {};
}

Outcome Generation::read_surfaces() {
  auto routes = read_routes(library_);
  if (!routes) return fail(std::move(routes.error()));
  routes_ = std::move(*routes);
  auto streams = read_streams(library_);
  if (!streams) return fail(std::move(streams.error()));
  streams_ = std::move(*streams);
  return {};
}

const ModelBinding* Generation::find_model(std::string_view id) const noexcept {
  const auto found = std::find_if(models_.begin(), models_.end(), [&](const auto& m) { return m->id() == id; });
  return found == models_.end() ? nullptr : found->get();
}

Unload Generation::take_down() noexcept {
  if (down_) return Unload::gone;
  down_ = true;
  if (begun_) context_.services->drain(context_);
  models_.clear();
  library_.deinit();
  if (begun_) context_.services->end(context_);
  const Unload unload = library_.close();
  if (unload == Unload::gone) {
    std::error_code ignored;
    std::filesystem::remove(copy_, ignored);
  }
  return unload;
}

}  // namespace simhost::plugin
