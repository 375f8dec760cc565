// Requests against a running session: writes, commands, lane and name lists.
#include <host/session/spec.hpp>

#include <algorithm>
#include <charconv>

#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::session {

namespace {

// Two passes over the body: lanes first, since arrays of values are as long as they are many.
std::vector<std::uint32_t> lanes_of(ObjectReader& r, std::uint32_t lanes, FieldErrors& errors) {
  return read_lanes(r.any("lanes"), r.pointer("lanes"), lanes, errors);
}

std::uint32_t addressed(const std::vector<std::uint32_t>& lanes, std::uint32_t all) {
  return lanes.empty() ? all : static_cast<std::uint32_t>(lanes.size());
}

std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t below) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n >= below) return {};
  return n;
}

tl::unexpected<Error> faulty_lanes(std::string_view part, std::uint32_t lanes) {
  FieldErrors errors;
  add_error(errors, {"?lanes", "value_out_of_range",
                     "\"" + std::string(part) + "\" is not a lane or a range of lanes like 4-7 below " +
                         std::to_string(lanes)});
  return fail(validation_failed(std::move(errors), Place::query));
}

}  // namespace

Result<WriteRequest> parse_write(const Value& body, const Model& model, std::uint32_t lanes) {
  if (auto writable = check_writable(model); !writable) return fail(writable.error());
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  WriteRequest request;
  request.write.lanes = lanes_of(r, lanes, errors);
  r.require("values");
  if (const Value* values = r.object("values"))
    read_values(*values, "/values", model.descriptor, 0, Moment::running, addressed(request.write.lanes, lanes),
                request.write.items, errors);
  if (const auto tick = r.integer("at_tick", {0, limits::exact_integer}))
    request.at_tick = static_cast<std::uint64_t>(*tick);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return request;
}

Result<CommandRequest> parse_command(std::string_view name, const Value& body, const Model& model,
                                     std::uint32_t lanes) {
  if (auto writable = check_writable(model); !writable) return fail(writable.error());
  const auto* command = model.descriptor.find_command(name);
  if (command == nullptr) {
    std::vector<std::string_view> known;
    for (const auto& c : model.descriptor.commands) known.push_back(c.name);
    return fail("not_found", unknown_name_text("command", name, known));
  }
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  CommandRequest request;
  request.command = static_cast<std::uint32_t>(command - model.descriptor.commands.data());
  request.lanes = lanes_of(r, lanes, errors);
  if (request.lanes.empty())
    for (std::uint32_t k = 0; k < lanes; ++k) request.lanes.push_back(k);
  request.args = read_args(r.object("args"), *command, "/args", errors);
  const bool confirmed = r.boolean("confirm").value_or(false);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  if ((command->flags & SIM_COMMAND_HAZARDOUS) != 0 && !confirmed)
    return fail("confirm_required", command->name + " is hazardous; send \"confirm\": true to run it");
  return request;
}

Result<std::vector<std::uint32_t>> parse_lanes(std::string_view text, std::uint32_t lanes) {
  std::vector<std::uint32_t> out;
  if (text == "all") return out;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const auto dash = part.find('-');
    const auto first = number_in(part.substr(0, dash), lanes);
    const auto last = dash == std::string_view::npos ? first : number_in(part.substr(dash + 1), lanes);
    if (!first || !last || *last < *first || (!out.empty() && *first <= out.back())) return faulty_lanes(part, lanes);
    for (auto k = *first; k <= *last; ++k) out.push_back(k);
  }
  if (out.empty()) return faulty_lanes("", lanes);
  return out;
}

Result<std::vector<std::uint32_t>> parse_names(std::string_view text, const Model& model, std::string_view pointer) {
  std::vector<std::uint32_t> ids;
  FieldErrors errors;
  std::vector<std::string_view> known;
  for (const auto& v : model.descriptor.variables) known.push_back(v.name);
  while (!text.empty()) {
    const auto name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    if (name == "*") {
      for (const auto& v : model.descriptor.variables)
        if (v.causality == SIM_OUTPUT || v.causality == SIM_STATE) ids.push_back(v.id);
    } else if (const auto* variable = model.descriptor.find(name)) {
      ids.push_back(variable->id);
    } else {
      add_error(errors, {std::string(pointer), "unknown_variable", unknown_name_text("variable", name, known)});
    }
  }
  if (!errors.empty()) return fail(validation_failed(std::move(errors), Place::query));
  std::vector<std::uint32_t> unique;
  for (const auto id : ids)
    if (std::ranges::find(unique, id) == unique.end()) unique.push_back(id);
  return unique;
}

}  // namespace simhost::session
