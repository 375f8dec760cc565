// sim.jobs/1: work of a plugin off the tick, in line with its routes.
#include <host/services/answers.hpp>
#include <host/services/services.hpp>
#include <host/services/tables.hpp>

namespace simhost::services {

namespace {

using Run = void (*)(const sim_host* host, void* context);

constexpr std::int64_t job_deadline_ns = std::int64_t{limits::route_deadline_ms} * 1'000'000;
constexpr std::int64_t retry_ns = 100'000'000;
constexpr std::int64_t delay_ns_max = std::int64_t{366} * 24 * 3600 * 1'000'000'000;

// One of the jobs a generation may have at a time; gives its place back when it goes.
class Place {
 public:
  explicit Place(TenantPointer tenant) : tenant_(std::move(tenant)) {}
  ~Place() { tenant_->jobs.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] Tenant& tenant() const noexcept { return *tenant_; }

 private:
  TenantPointer tenant_;
};

std::shared_ptr<Place> take_place(const TenantPointer& tenant) {
  if (tenant->jobs.fetch_add(1) < limits::delayed_jobs) return std::make_shared<Place>(tenant);
  tenant->jobs.fetch_sub(1);
  return nullptr;
}

void delay(const std::shared_ptr<Place>& place, std::int64_t delay_ns, Run run, void* context);

// Not lost while its generation lives: a queue that is full, or a deadline before its turn, makes it come again.
void again(const std::shared_ptr<Place>& place, Run run, void* context, const Error& why) {
  if (why.code != "draining") delay(place, retry_ns, run, context);
}

// While it runs it holds the generation; while it waits it does not, or no generation would ever go.
Outcome queue(const std::shared_ptr<Place>& place, Run run, void* context) {
  Task task;
  task.deadline_ns = monotonic_now_ns() + job_deadline_ns;
  task.run = [place, run, context] {
    const auto generation = place->tenant().hold();
    if (generation == nullptr) return;
    static_cast<void>(guarded([&]() -> sim_status {
      run(generation->host(), context);
      return SIM_OK;
    }));
  };
  task.drop = [place, run, context](const Error& why) { again(place, run, context, why); };
  return place->tenant().services->workers().submit(place->tenant().lane, std::move(task));
}

void delay(const std::shared_ptr<Place>& place, std::int64_t delay_ns, Run run, void* context) {
  place->tenant().delay(monotonic_now_ns() + delay_ns, [place, run, context] {
    if (const auto queued = queue(place, run, context); !queued) again(place, run, context, queued.error());
  });
}

std::int32_t post(const sim_host* host, Run run, void* context) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || run == nullptr) return SIM_INVALID_ARG;
    const auto place = take_place(tenant);
    return place != nullptr && queue(place, run, context) ? SIM_OK : SIM_BUSY;
  });
}

std::int32_t post_after(const sim_host* host, std::int64_t delay_ns, Run run, void* context) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || run == nullptr || delay_ns < 0 || delay_ns > delay_ns_max) return SIM_INVALID_ARG;
    const auto place = take_place(tenant);
    if (place == nullptr) return SIM_BUSY;
    delay(place, delay_ns, run, context);
    return SIM_OK;
  });
}

std::int32_t parallel(const sim_host* host, std::uint64_t count, void (*run)(void* context, std::uint64_t i),
                      void* context) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || run == nullptr) return SIM_INVALID_ARG;
    return tenant->services->parallel().run(count, run, context) ? SIM_OK : SIM_ERROR;
  });
}

}  // namespace

const sim_jobs jobs_table{sizeof(sim_jobs), 0, post, post_after, parallel};

}  // namespace simhost::services
