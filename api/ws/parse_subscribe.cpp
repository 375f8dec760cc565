// Reads id, session, fields, lanes, rate, mode and format.
#include <api/ws/parse_subscribe.hpp>

#include <limits>

#include <host/base/limits.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::ws {

namespace {

using session::SessionPointer;

telemetry::Line::Kind read_kind(ObjectReader& r) {
  telemetry::Line::Kind kind;
  if (const auto mode = r.choice("mode", {"latest", "all", "minmax"})) kind.mode = static_cast<telemetry::Mode>(*mode);
  if (const auto format = r.choice("format", {"json", "msgpack", "binary"}))
    kind.format = static_cast<telemetry::Format>(*format);
  return kind;
}

}  // namespace

SessionPointer find_session(const std::string& id_or_name, const session::Registry& registry, FieldErrors& errors) {
  auto session = registry.find(id_or_name);
  if (session == nullptr)
    add_error(errors, {"/session", "unknown_session", "there is no session \"" + id_or_name + "\""});
  return session;
}

Result<telemetry::SubscribeRequest> parse_subscribe(const Value& body, const session::Registry& registry) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  telemetry::SubscribeRequest request;
  r.require("id");
  r.require("session");
  if (const auto id = r.integer("id", {0, std::numeric_limits<std::uint32_t>::max()}))
    request.id = static_cast<std::uint32_t>(*id);
  if (const auto name = r.text("session")) request.session = find_session(*name, registry, errors);
  const auto model = request.session != nullptr ? request.session->model() : nullptr;
  request.ids = session::read_fields(r.any("fields"), model != nullptr ? &model->descriptor : nullptr, errors);
  const auto lanes = request.session != nullptr ? request.session->lanes()
                                                : static_cast<std::uint32_t>(registry.options().session_lanes_max);
  request.lanes = session::read_lanes(r.any("lanes"), "/lanes", lanes, errors);
  request.rate_hz =
      r.number("rate_hz", {.max = limits::stream_rate_hz, .above = 0.0}).value_or(limits::stream_rate_default_hz);
  request.kind = read_kind(r);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return request;
}

}  // namespace simhost::ws
