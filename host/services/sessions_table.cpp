// sim.sessions/1: sessions of a plugin's own models, made and steered by its routes.
#include <algorithm>
#include <cmath>
#include <set>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/services/tables.hpp>
#include <host/services/visit.hpp>
#include <host/services/watch.hpp>

namespace simhost::services {

namespace {

std::int32_t create(const sim_host* host, sim_text body, std::uint64_t* session, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return no_host(error);
    if (session == nullptr || body.data == nullptr || body.size > limits::http_route_body_bytes)
      return bad(error, "create takes a body and a place for the handle");
    auto parsed = parse_json(view(body));
    if (!parsed) return say(error, parsed.error());
    auto& registry = tenant->services->registry();
    auto spec = session::parse_spec(*parsed, registry.models(), registry.options().session_lanes_max);
    if (!spec) return say(error, spec.error());
    if (spec->model == nullptr || spec->model->plugin != tenant->plugin)
      return say(error, SIM_INVALID_ARG, "unknown_model", "a plugin makes sessions of its own models only");
    spec->owner = tenant->plugin;
    const auto made = await<session::SessionPointer>(
        tenant->services->answer_timeout_ms(), [&](auto done) { registry.create(std::move(*spec), std::move(done)); });
    if (!made) return say(error, made.error());
    *session = (*made)->handle();
    return SIM_OK;
  });
}

std::int32_t find(const sim_host* host, sim_text id_or_name, std::uint64_t* session) noexcept {
  return guarded([&]() -> sim_status {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr || session == nullptr) return SIM_INVALID_ARG;
    const auto found = tenant->services->registry().find(view(id_or_name));
    if (found == nullptr || found->model()->plugin != tenant->plugin) return SIM_WRONG_STATE;
    *session = found->handle();
    return SIM_OK;
  });
}

std::uint64_t list(const sim_host* host, std::uint64_t* sessions, std::uint64_t capacity) noexcept {
  try {
    const auto tenant = tenant_of(host);
    if (tenant == nullptr) return 0;
    std::uint64_t count = 0;
    for (const auto& session : tenant->services->registry().list()) {
      if (session->owner() != tenant->plugin) continue;
      if (sessions != nullptr && count < capacity) sessions[count] = session->handle();
      ++count;
    }
    return count;
  } catch (...) {
    return 0;
  }
}

sim_session_info shown(const session::Info& from) {
  sim_session_info info{};
  info.state = 1U << static_cast<unsigned>(from.state);
  info.handle = from.handle;
  info.tick = from.tick;
  info.ticks = from.stats.ticks;
  info.missed = from.stats.missed;
  info.overruns = from.stats.overruns;
  info.clients = from.stats.clients;
  info.time_s = from.time_s;
  info.step_s = from.step_s;
  info.created_wall_ns = from.created_wall_ns;
  info.start_wall_ns = from.start_wall_ns;
  info.stood_ns = from.stood_ns;
  info.step_p50_ns = std::llround(from.stats.step_p50_us * 1000);
  info.lanes = from.lanes;
  info.generation = static_cast<std::uint32_t>(from.generation);
  copy_text(info.id, from.id);
  copy_text(info.name, from.name);
  if (from.reason) {
    copy_text(info.reason_code, from.reason->code);
    copy_text(info.reason_detail, from.reason->detail);
  }
  return info;
}

std::int32_t info(const sim_host* host, std::uint64_t session, sim_session_info* out) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr || out == nullptr) return SIM_INVALID_ARG;
    if (visit.session == nullptr) return SIM_WRONG_STATE;
    return give(out, shown(visit.session->info()), sizeof(sim_session_info)) ? SIM_OK : SIM_INVALID_ARG;
  });
}

std::int32_t control(const sim_host* host, std::uint64_t session, std::uint32_t action, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (action < SIM_PAUSE || action > SIM_DELETE) return bad(error, "there is no such action");
    if (visit.session == nullptr) return no_session(error);
    const auto answer = await<session::Nothing>(visit.timeout_ms(), [&](auto done) {
      if (action == SIM_DELETE) return visit.registry().remove(visit.session, std::move(done));
      visit.registry().control(visit.session, static_cast<session::Action>(action - SIM_PAUSE), std::move(done));
    });
    return answer ? SIM_OK : say(error, answer.error());
  });
}

static_assert(static_cast<int>(session::Action::reset) == SIM_RESET - SIM_PAUSE);
static_assert(1U << static_cast<unsigned>(session::State::failed) == SIM_STATE_FAILED);

// A session that ends while something is attached to it takes that with it.
std::int32_t attach(const sim_host* host, std::uint64_t session, const char* key, sim_text value,
                    sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (session != 0 && visit.session == nullptr) return no_session(error);
    if (value.data == nullptr && value.size > 0) return bad(error, "the value has a size but no data");
    auto& attachments = visit.tenant->books->attachments;
    const std::string owner = session == 0 ? "" : visit.session->id();
    const auto kept = attachments.put(owner, view(key, limits::attachment_name_bytes), view(value));
    if (session != 0 && visit.session->ended()) {
      attachments.drop(owner);
      return no_session(error);
    }
    return kept ? SIM_OK : say(error, SIM_INVALID_ARG, kept.error().code, kept.error().detail);
  });
}

std::int32_t attachment(const sim_host* host, std::uint64_t session, const char* key, const sim_sink* sink) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr || key == nullptr || !is_sink(sink)) return SIM_INVALID_ARG;
    if (session != 0 && visit.session == nullptr) return SIM_WRONG_STATE;
    const auto value = visit.tenant->books->attachments.get(session == 0 ? "" : visit.session->id(),
                                                            view(key, limits::attachment_name_bytes));
    if (!value) return SIM_WRONG_STATE;
    return sink->message(sink->context, SIM_BINARY, value->data(), value->size());
  });
}

std::int32_t watch(const sim_host* host, std::uint64_t session, const std::uint32_t* vars, std::uint32_t n_vars,
                   sim_watcher see, void* context, sim_error* error) noexcept {
  return guarded([&]() -> sim_status {
    const Visit visit(host, session);
    if (visit.tenant == nullptr) return no_host(error);
    if (visit.session == nullptr) return no_session(error);
    if (see == nullptr || vars == nullptr || n_vars == 0 || n_vars > limits::model_variables)
      return bad(error, "watch takes a function and 1 to " + std::to_string(limits::model_variables) + " variables");
    const std::vector<std::uint32_t> ids(vars, vars + n_vars);
    const auto is_of_model = [&](std::uint32_t id) { return visit.model->descriptor.find(id) != nullptr; };
    if (!std::ranges::all_of(ids, is_of_model) || std::set(ids.begin(), ids.end()).size() != ids.size())
      return say(error, SIM_INVALID_ARG, "unknown_variable", "the model has no such variable, or it is named twice");
    auto& pump = visit.tenant->services->pump();
    auto cursor = std::make_unique<WatchCursor>(pump, visit.tenant, visit.session, ids, WatchCursor::Eye{see, context});
    const auto answer = await<session::Nothing>(visit.timeout_ms(), [&](auto done) {
      pump.add(visit.session, std::move(cursor),
               [done](Outcome added) { added ? done(session::Nothing{}) : done(fail(added.error())); });
    });
    return answer ? SIM_OK : say(error, answer.error());
  });
}

}  // namespace

const sim_sessions sessions_table{sizeof(sim_sessions),
                                  0,
                                  create,
                                  find,
                                  list,
                                  info,
                                  read_session,
                                  write_session,
                                  command_session,
                                  control,
                                  attach,
                                  attachment,
                                  write_session_lanes,
                                  watch};

}  // namespace simhost::services
