// Bodies that make or change sessions, from values to checked structs.
#include <host/session/spec.hpp>

#include <cmath>

#include <host/base/limits.hpp>
#include <host/base/nearest.hpp>
#include <host/base/pointer.hpp>
#include <host/base/shape.hpp>
#include <host/session/values.hpp>

namespace simhost::session {

namespace {

constexpr double ns_per_s = 1e9;
constexpr NumberRule stop_rule{.min = 0, .max = 9e9};  // simulated time is a signed 64-bit number of nanoseconds

std::optional<engine::Pace> read_pace(ObjectReader& r) {
  const Value* value = r.object("pace");
  if (value == nullptr) return {};
  FieldErrors faults;
  ObjectReader p(*value, r.pointer("pace"), faults);
  engine::Pace pace;
  p.require("mode");
  if (const auto mode = p.choice("mode", {"realtime", "free", "manual"}))
    pace.mode = static_cast<engine::Pace::Mode>(*mode);
  pace.rate = p.number("rate", {.min = limits::pace_rate_min, .max = limits::pace_rate_max}).value_or(1.0);
  if (pace.mode != engine::Pace::Mode::realtime && p.has("rate") && pace.rate != 1.0)
    p.refuse("rate", "value_out_of_range", "only realtime has a rate");
  p.finish();
  for (auto& fault : faults) r.refuse_at(std::move(fault));
  return pace;
}

// A stop time is a whole number of steps.
std::uint64_t stop_tick_of(double stop_at_s, std::int64_t step_ns, ObjectReader& r) {
  const double ticks = stop_at_s * ns_per_s / static_cast<double>(step_ns);
  const double whole = std::round(ticks);
  if (std::abs(ticks - whole) > 1e-6 * std::max(1.0, whole))
    r.refuse("stop_at_s", "value_out_of_range",
             "must be a whole number of steps of " + std::to_string(static_cast<double>(step_ns) / ns_per_s) + " s");
  return static_cast<std::uint64_t>(whole);
}

std::int64_t read_step(ObjectReader& r, const plugin::Descriptor& d) {
  const auto step_s = r.number("step_s", {.min = static_cast<double>(d.step_min_ns) / ns_per_s,
                                          .max = static_cast<double>(d.step_max_ns) / ns_per_s});
  return step_s ? std::llround(*step_s * ns_per_s) : d.step_default_ns;
}

void read_tags(ObjectReader& r, Tags& tags) {
  const Value* value = r.object("tags");
  if (value == nullptr) return;
  if (value->members().size() > limits::tags)
    r.refuse("tags", "limit_reached", "at most " + std::to_string(limits::tags) + " tags");
  for (const auto& [key, text] : value->members()) {
    if (!text.is_string() || text.string().size() > limits::tag_bytes || key.size() > limits::tag_bytes)
      r.refuse_at(
          {child_pointer(r.pointer("tags"), key), "wrong_type", "a tag is text of at most 1024 bytes", {}, {}, {}});
    else
      tags.emplace_back(key, text.string());
  }
}

void read_initial(ObjectReader& r, const Model& model, Spec& spec) {
  for (const auto& [key, causality] : {std::pair{"parameters", SIM_PARAMETER}, std::pair{"inputs", SIM_INPUT}}) {
    const Value* value = r.object(key);
    if (value == nullptr) continue;
    FieldErrors faults;
    read_values(*value, r.pointer(key), model.descriptor, static_cast<std::uint32_t>(causality), Moment::creation,
                spec.lanes, spec.initial.items, faults);
    for (auto& fault : faults) r.refuse_at(std::move(fault));
  }
}

std::vector<std::string_view> model_names(const std::vector<ModelPointer>& models) {
  std::vector<std::string_view> names;
  for (const auto& m : models) names.push_back(m->id());
  return names;
}

// Everything that needs the model; keys are read either way, so that none is called unknown.
void read_with_model(ObjectReader& r, Spec& spec, std::size_t host_lanes_max) {
  const auto& d = spec.model->descriptor;
  const auto lanes_max = d.max_lanes > 0 ? std::min<std::size_t>(d.max_lanes, host_lanes_max) : host_lanes_max;
  spec.lanes = static_cast<std::uint32_t>(r.integer("lanes", {1, static_cast<std::int64_t>(lanes_max)}).value_or(1));
  spec.step_ns = read_step(r, d);
  if (!r.is_null("stop_at_s"))
    if ((spec.stop_at_s = r.number("stop_at_s", stop_rule)))
      spec.stop_tick = stop_tick_of(*spec.stop_at_s, spec.step_ns, r);
  read_initial(r, *spec.model, spec);
}

// Everything else about it is the recording's.
Result<Spec> parse_playback(ObjectReader& r, FieldErrors& errors) {
  Spec spec;
  spec.recording = r.text("recording").value_or("");
  if (spec.recording.empty()) r.refuse("recording", "wrong_type", "the id or name of a recording");
  if (!r.is_null("model"))
    if (r.text("model")) r.refuse("model", "not_valid", "a session computes a model or plays a recording, not both");
  if (!r.is_null("name")) spec.name = r.name("name").value_or("");
  spec.start = r.boolean("start").value_or(true);
  spec.pace = read_pace(r).value_or(engine::Pace{});
  read_tags(r, spec.tags);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return spec;
}

}  // namespace

Outcome check_writable(const Model& model) {
  if (!model.recorded) return {};
  return fail("read_only", "the session plays a recording of " + model.id() + "; there is nothing to be written");
}

Result<Spec> parse_spec(const Value& body, const Models& models, std::size_t lanes_max) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  Spec spec;
  if (r.has("recording") && !r.is_null("recording")) return parse_playback(r, errors);
  static_cast<void>(r.any("recording"));
  r.require("model");
  if (const auto id = r.text("model")) {
    spec.model = models.find(*id);
    const auto all = models.list();
    if (spec.model == nullptr) r.refuse("model", "unknown_model", unknown_name_text("model", *id, model_names(all)));
  }
  if (!r.is_null("name")) spec.name = r.name("name").value_or("");
  spec.seed = static_cast<std::uint64_t>(r.integer("seed", {0, limits::seed_max}).value_or(0));
  spec.start = r.boolean("start").value_or(true);
  spec.pace = read_pace(r).value_or(engine::Pace{});
  spec.overrun = static_cast<Overrun>(r.choice("overrun", overrun_names).value_or(0));
  read_tags(r, spec.tags);
  if (spec.model != nullptr)
    read_with_model(r, spec, lanes_max);
  else
    for (const auto* key : {"lanes", "step_s", "stop_at_s", "parameters", "inputs"}) static_cast<void>(r.any(key));
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return spec;
}

Result<Patch> parse_patch(const Value& body, std::int64_t step_ns) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  Patch patch;
  if (r.has("name")) patch.name = r.is_null("name") ? std::string() : r.name("name").value_or("");
  patch.pace = read_pace(r);
  if (const auto overrun = r.choice("overrun", overrun_names)) patch.overrun = static_cast<Overrun>(*overrun);
  if (r.has("stop_at_s")) {
    patch.stop_at_s.emplace();
    if (!r.is_null("stop_at_s"))
      if ((*patch.stop_at_s = r.number("stop_at_s", stop_rule))) stop_tick_of(**patch.stop_at_s, step_ns, r);
  }
  if (const Value* tags = r.object("tags"))
    for (const auto& [key, text] : tags->members()) {
      if (text.is_null())
        patch.tags.emplace_back(key, std::nullopt);
      else if (text.is_string() && text.string().size() <= limits::tag_bytes)
        patch.tags.emplace_back(key, text.string());
      else
        r.refuse_at(
            {child_pointer("/tags", key), "wrong_type", "a tag is text of at most 1024 bytes, or null", {}, {}, {}});
    }
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return patch;
}

Result<ForkRequest> parse_fork(const Value& body, const Model& model, std::uint32_t lanes) {
  if (auto writable = check_writable(model); !writable) return fail(writable.error());
  FieldErrors errors;
  ForkRequest request;
  ObjectReader r(body, "", errors);
  if (!r.is_null("checkpoint")) request.checkpoint = r.text("checkpoint").value_or("");
  if (!r.is_null("name")) request.name = r.name("name").value_or("");
  request.pace = read_pace(r);
  request.start = r.boolean("start").value_or(false);
  if (const Value* inputs = r.object("inputs"))
    read_values(*inputs, "/inputs", model.descriptor, SIM_INPUT, Moment::running, lanes, request.inputs.items, errors);
  r.finish();
  if (!errors.empty()) return fail(validation_failed(std::move(errors)));
  return request;
}

}  // namespace simhost::session
