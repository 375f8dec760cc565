// sim.recordings/1: recordings of a plugin's own sessions.
#include <algorithm>
#include <optional>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/record/recorder.hpp>
#include <host/services/tables.hpp>
#include <host/services/visit.hpp>

namespace simhost::services {

namespace {

constexpr std::size_t piece_rows = 1 << 20;  // more than a group of rows holds

sim_status no_recorder(sim_error* error) {
  return say(error, SIM_UNSUPPORTED, "unsupported", "this host records nothing");
}

// A call under way: who calls, and what records.
struct Desk {
  TenantPointer tenant;
  record::Recorder* recorder = nullptr;

  explicit Desk(const sim_host* host) : tenant(tenant_of(host)) {
    if (tenant != nullptr) recorder = tenant->services->recorder();
  }
  [[nodiscard]] bool owns(const record::Info& info) const {
    const auto model = tenant->services->registry().models().find(info.about->model);
    return model != nullptr && model->plugin == tenant->plugin;
  }
  [[nodiscard]] std::optional<record::Info> find(sim_text id) const {
    auto info = recorder->find(view(id));
    return info && owns(*info) ? std::move(info) : std::nullopt;
  }
  [[nodiscard]] int timeout_ms() const { return tenant->services->answer_timeout_ms(); }
};

sim_status no_recording(sim_error* error) {
  return say(error, SIM_WRONG_STATE, "not_found", "there is no such recording of this plugin's sessions");
}

sim_recording_info shown(const record::Info& from) {
  sim_recording_info info{};
  info.state = static_cast<std::uint32_t>(from.state) + SIM_RECORDING_OPEN;
  info.rows = from.rows;
  info.bytes = from.bytes();
  info.last_tick = from.last_tick;
  info.from_s = from.from_s;
  info.to_s = from.to_s;
  copy_text(info.id, from.about->id);
  copy_text(info.session, from.about->session);
  return info;
}
static_assert(static_cast<int>(record::State::failed) == SIM_RECORDING_FAILED - SIM_RECORDING_OPEN);

std::int32_t start(const sim_host* host, std::uint64_t session, sim_text body, sim_recording_info* info,
                   sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    const Desk desk(host);
    if (desk.recorder == nullptr) return no_recorder(error);
    if (body.data == nullptr || body.size > limits::http_body_bytes) return bad(error, "start takes a body");
    const auto parsed = parse_json(view(body));
    if (!parsed) return say(error, parsed.error());
    auto request = record::parse_request(&*parsed, *visit.session);
    if (!request) return say(error, request.error());
    const auto made = await<record::Info>(visit.timeout_ms(), [&](auto done) {
      desk.recorder->create(visit.session, std::move(*request), std::move(done));
    });
    if (!made) return say(error, made.error());
    return give(info, shown(*made), sizeof(sim_recording_info)) ? SIM_OK : bad(error, "there is no place for the info");
  });
}

// Calls act(desk, recording) where there is such a recording of the plugin's.
template <class Act>
std::int32_t with_recording(const sim_host* host, sim_text id, sim_error* error, Act act) noexcept {
  return guarded([&]() -> sim_status {
    const Desk desk(host);
    if (desk.tenant == nullptr) return no_host(error);
    if (desk.recorder == nullptr) return no_recorder(error);
    const auto found = desk.find(id);
    return found ? act(desk, *found) : no_recording(error);
  });
}

std::int32_t stop(const sim_host* host, sim_text id, sim_recording_info* info, sim_error* error) noexcept {
  return with_recording(host, id, error, [&](const Desk& desk, const record::Info& found) -> sim_status {
    const auto stopped = await<record::Info>(desk.timeout_ms(),
                                             [&](auto done) { desk.recorder->stop(found.about->id, std::move(done)); });
    if (!stopped) return say(error, stopped.error());
    return give(info, shown(*stopped), sizeof(sim_recording_info)) ? SIM_OK
                                                                   : bad(error, "there is no place for the info");
  });
}

std::int32_t remove(const sim_host* host, sim_text id, sim_error* error) noexcept {
  return with_recording(host, id, error, [&](const Desk& desk, const record::Info& found) -> sim_status {
    const auto gone = await<session::Nothing>(
        desk.timeout_ms(), [&](auto done) { desk.recorder->remove(found.about->id, std::move(done)); });
    return gone ? SIM_OK : say(error, gone.error());
  });
}

std::int32_t find(const sim_host* host, sim_text id, sim_text session, sim_recording_info* out) noexcept {
  return guarded([&]() -> sim_status {
    const Desk desk(host);
    if (desk.tenant == nullptr || out == nullptr) return SIM_INVALID_ARG;
    if (desk.recorder == nullptr) return SIM_UNSUPPORTED;
    std::optional<record::Info> found;
    if (!view(id).empty()) {
      found = desk.find(id);
    } else {
      const auto of = desk.tenant->services->registry().find(view(session));
      const std::string name = of == nullptr ? std::string(view(session)) : of->id();
      for (auto& one : desk.recorder->list())
        if (one.about->session == name && desk.owns(one)) found = std::move(one);
    }
    if (!found) return SIM_WRONG_STATE;
    return give(out, shown(*found), sizeof(sim_recording_info)) ? SIM_OK : SIM_INVALID_ARG;
  });
}

// Where the variables stand among the columns; nothing where one is not recorded.
std::optional<std::vector<std::size_t>> places_of(const record::About& about, const std::uint32_t* vars,
                                                  std::uint32_t n_vars) {
  std::vector<std::size_t> places;
  for (std::uint32_t v = 0; v < n_vars; ++v) {
    const auto found = std::ranges::find(about.columns, vars[v], &record::Column::id);
    if (found == about.columns.end()) return std::nullopt;
    places.push_back(static_cast<std::size_t>(found - about.columns.begin()));
  }
  return places;
}

// A file may become another one between being listed and being opened: then it is looked up once more.
Result<record::Recorder::Slice> slice_at(const record::Recorder& recorder, const std::string& id, std::uint64_t row) {
  auto slice = recorder.slice(id, row);
  return slice ? std::move(slice) : recorder.slice(id, row);
}

sim_status hand_out(const record::Rows& rows, sim_row_visitor visit, void* context) {
  std::vector<const double*> columns;
  for (const auto& column : rows.values) columns.push_back(column.data());
  const sim_rows view_of_rows{sizeof(sim_rows),   static_cast<std::uint32_t>(columns.size()),
                              rows.size(),        rows.tick.data(),
                              rows.time_s.data(), rows.lane.data(),
                              columns.data()};
  return visit(context, &view_of_rows);
}

std::int32_t read(const sim_host* host, sim_text id, const std::uint32_t* vars, std::uint32_t n_vars,
                  std::uint64_t from_row, sim_row_visitor visit, void* context, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Desk desk(host);
    if (desk.tenant == nullptr) return no_host(error);
    if (desk.recorder == nullptr) return no_recorder(error);
    if (visit == nullptr || vars == nullptr || n_vars == 0) return bad(error, "read takes variables and a function");
    const auto found = desk.find(id);
    if (!found) return no_recording(error);
    auto places = places_of(*found->about, vars, n_vars);
    if (!places) return say(error, SIM_INVALID_ARG, "unknown_variable", "a variable is not in the recording");
    for (std::uint64_t row = from_row;;) {
      const auto slice = slice_at(*desk.recorder, found->about->id, row);
      if (!slice) return say(error, slice.error());
      if (slice->file == nullptr) return SIM_OK;
      slice->file->select(*places);
      while (row < slice->first_row + slice->file->rows()) {
        const auto rows = slice->file->read(row - slice->first_row, piece_rows);
        if (!rows) return say(error, rows.error());
        if (hand_out(*rows, visit, context) != SIM_OK) return SIM_OK;
        row += rows->size();
      }
    }
  });
}

}  // namespace

const sim_recordings recordings_table{sizeof(sim_recordings), 0, start, stop, remove, find, read};

}  // namespace simhost::services
