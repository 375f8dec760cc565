// Reads id, session, fields, lanes, rate, mode and format.
#include <api/ws/parse_subscribe.hpp>

#include <algorithm>
#include <limits>

#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::ws {

namespace {

using session::SessionPointer;

void add_outputs(const plugin::Descriptor& descriptor, std::vector<std::uint32_t>& ids) {
  for (const auto& v : descriptor.variables)
    if (v.causality == SIM_OUTPUT || v.causality == SIM_STATE) ids.push_back(v.id);
}

void add_named(const std::string& name, const plugin::Descriptor& descriptor, const std::string& pointer,
               std::vector<std::uint32_t>& ids, FieldErrors& errors) {
  if (name == "*") return add_outputs(descriptor, ids);
  if (const auto* v = descriptor.find(name)) {
    ids.push_back(v->id);
    return;
  }
  std::vector<std::string_view> known;
  for (const auto& v : descriptor.variables) known.push_back(v.name);
  add_error(errors, {pointer, "unknown_variable", unknown_name_text("variable", name, known)});
}

// Names once each, in the order given; "*" stands for all outputs and states.
std::vector<std::uint32_t> read_fields(const Value* fields, const plugin::Descriptor* descriptor, FieldErrors& errors) {
  std::vector<std::uint32_t> ids;
  const bool all = fields == nullptr || fields->is_null() || (fields->is_string() && fields->string() == "*");
  if (!all && (!fields->is_array() || fields->items().empty())) {
    add_wrong_type(errors, "/fields", "\"*\" or an array of names of variables", *fields);
    return ids;
  }
  if (all && descriptor != nullptr) add_outputs(*descriptor, ids);
  for (std::size_t i = 0; !all && i < fields->items().size() && !is_full(errors); ++i) {
    const auto pointer = child_pointer("/fields", i);
    const auto name = read_text(fields->items()[i], {.min_chars = 1, .max_chars = 256}, pointer, errors);
    if (name && descriptor != nullptr) add_named(*name, *descriptor, pointer, ids, errors);
  }
  std::vector<std::uint32_t> unique;
  for (const auto id : ids)
    if (std::ranges::find(unique, id) == unique.end()) unique.push_back(id);
  if (descriptor != nullptr && unique.empty() && errors.empty())
    add_error(errors,
              {"/fields", "not_valid", "the model has neither outputs nor states; name its inputs or parameters"});
  return unique;
}

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
  request.ids = read_fields(r.any("fields"), model != nullptr ? &model->descriptor : nullptr, errors);
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
