// Generations moving in and out, and the books of their plugins.
#include <host/services/services.hpp>

#include <host/services/tables.hpp>

namespace simhost::services {

const void* table_of(std::string_view id) noexcept {
  if (id == SIM_VALUES) return &values_table;
  if (id == SIM_LOG) return &log_table;
  if (id == SIM_METRICS) return &metrics_table;
  if (id == SIM_CONFIG) return &config_table;
  if (id == SIM_CLOCK) return &clock_table;
  if (id == SIM_JOBS) return &jobs_table;
  if (id == SIM_SESSIONS) return &sessions_table;
  if (id == SIM_STREAMS) return &streams_table;
  if (id == SIM_RULES) return &rules_table;
  if (id == SIM_RECORDINGS) return &recordings_table;
  return nullptr;
}

Services::Services(session::Registry& registry, telemetry::Pump& pump, const Clock& clock, ServicesOptions options)
    : registry_(registry),
      pump_(pump),
      clock_(clock),
      options_(std::move(options)),
      shelf_(std::make_shared<Shelf>()),
      streams_(pump),
      reader_(registry, pump),
      parallel_(options_.parallel_threads),
      workers_(options_.workers, alarm_) {
  // The registry lives longer than this, and may have sessions to end after it.
  registry_.on_event([shelf = std::weak_ptr(shelf_)](const session::Event& event) {
    if (event.type != "session.deleted") return;
    if (const auto books = shelf.lock())
      for (const auto& one : all(*books)) one->attachments.drop(event.session);
  });
  if (options_.rules != nullptr) options_.rules->on_alert([this](const rules::Heard& heard) { this->heard(heard); });
}

Services::~Services() {
  if (options_.rules != nullptr) options_.rules->on_alert({});
  move_out_all(*this);
}

void Services::heard(const rules::Heard& heard) {
  if (heard.alert.owner.empty()) return;
  for (const auto& tenant : tenants_of(*this))
    if (tenant->plugin == heard.alert.owner) tenant->ear.tell(tenant, heard.session, heard.alert.content);
}

std::vector<std::shared_ptr<Books>> Services::all(Shelf& shelf) {
  const std::lock_guard lock(shelf.mutex);
  std::vector<std::shared_ptr<Books>> books;
  for (const auto& [id, one] : shelf.books) books.push_back(one);
  return books;
}

std::shared_ptr<Books> Services::books_of(const std::string& plugin) {
  const std::lock_guard lock(shelf_->mutex);
  auto& books = shelf_->books[plugin];
  if (books == nullptr) books = std::make_shared<Books>(plugin, options_.store);
  return books;
}

const void* Services::extension(const sim_host* host, std::string_view id) {
  if (tenant_of(host) == nullptr || (id == SIM_RULES && options_.rules == nullptr)) return nullptr;
  return table_of(id);
}

Outcome Services::begin(plugin::HostContext& context, std::span<const sim_setting> settings) {
  auto values = options_.settings(context.plugin_id, settings);
  if (!values) return fail(std::move(values.error()));
  auto tenant = std::make_shared<Tenant>();
  tenant->plugin = context.plugin_id;
  tenant->generation = context.generation;
  tenant->services = this;
  tenant->books = books_of(context.plugin_id);
  tenant->lane = Workers::make_lane(context.plugin_id);
  tenant->settings = std::move(*values);
  context.user = tenant.get();
  move_in(&context, std::move(tenant));
  return {};
}

namespace {
Tenant& tenant_in(const plugin::HostContext& context) { return *static_cast<Tenant*>(context.user); }
}  // namespace

void Services::open(const std::shared_ptr<plugin::Generation>& generation) {
  Tenant& tenant = tenant_in(plugin::context_of(generation->host()));
  tenant.serve(generation);
  workers_.open(tenant.lane);
  streams_.install(generation);
}

void Services::leave(const std::string& plugin) { streams_.remove(plugin); }

void Services::close(const plugin::Generation& generation) noexcept {
  tenant_in(plugin::context_of(generation.host())).drop_delayed();
}

void Services::drain(plugin::HostContext& context) noexcept {
  if (context.user == nullptr) return;
  tenant_in(context).drop_delayed();
  workers_.close(tenant_in(context).lane);
  workers_.wait_idle(tenant_in(context).lane);
}

void Services::end(plugin::HostContext& context) noexcept {
  context.user = nullptr;
  move_out(&context);
}

SettingValues Services::settings_of(const plugin::Generation& generation) {
  const auto tenant = tenant_of(generation.host());
  return tenant == nullptr ? SettingValues{} : tenant->settings;
}

LanePointer Services::lane_of(const plugin::Generation& generation) noexcept {
  const auto tenant = tenant_of(generation.host());
  return tenant == nullptr ? nullptr : tenant->lane;
}

std::size_t Services::stuck(std::string_view plugin) const {
  std::size_t count = 0;
  for (const auto& tenant : tenants_of(*this))
    if ((plugin.empty() || tenant->plugin == plugin) && tenant->going() && workers_.overdue(tenant->lane) > 0) ++count;
  return count;
}

std::vector<MetricSample> Services::metrics() const {
  std::vector<MetricSample> samples;
  for (const auto& books : all(*shelf_))
    for (const sim_metric* metric : books->metrics.list())
      samples.push_back(
          {books->plugin, metric->name, metric->help, metric->kind, metric->value.load(std::memory_order_relaxed)});
  return samples;
}

}  // namespace simhost::services
