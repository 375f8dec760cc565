// The documents of sessions, journal entries and checkpoints, written and read.
#include <host/session/kept_session.hpp>

#include <host/base/limits.hpp>
#include <host/session/pack.hpp>

namespace simhost::session {

namespace {

// What the host wrote itself is read without complaint: what is missing is as it is by default.
class Reader {
 public:
  explicit Reader(const Value& document) : document_(document) {}
  [[nodiscard]] std::string text(std::string_view key) const {
    const Value* value = document_.find(key);
    return value != nullptr && value->is_string() ? value->string() : std::string();
  }
  [[nodiscard]] std::int64_t integer(std::string_view key) const {
    const Value* value = document_.find(key);
    return value != nullptr && value->is_integer() ? value->integer() : 0;
  }
  template <class Integer = std::uint64_t>
  [[nodiscard]] Integer whole(std::string_view key) const {
    return static_cast<Integer>(integer(key));
  }
  [[nodiscard]] std::optional<double> number(std::string_view key) const {
    const Value* value = document_.find(key);
    return value != nullptr && value->is_number() ? std::optional(value->number()) : std::nullopt;
  }
  [[nodiscard]] bool flag(std::string_view key) const {
    const Value* value = document_.find(key);
    return value != nullptr && value->is_bool() && value->boolean();
  }
  [[nodiscard]] const Value& part(std::string_view key) const {
    static const Value nothing{Object{}};
    const Value* value = document_.find(key);
    return value != nullptr ? *value : nothing;
  }

 private:
  const Value& document_;
};

// The value of an enumeration that starts at 0 from the name to_string gives it.
template <class Enum>
Enum named(std::string_view name, int count) {
  for (int i = 0; i < count; ++i)
    if (to_string(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  return Enum{};
}

constexpr int states = 5, overruns = 4;

Value tick_or_null(std::uint64_t tick) { return tick == engine::no_tick ? Value() : Value(tick); }

Value spec_document(const Spec& spec) {
  Value tags{Object{}};
  for (const auto& [key, text] : spec.tags) tags.set(key, text);
  return Value::object({{"name", spec.name},
                        {"lanes", spec.lanes},
                        {"step_ns", spec.step_ns},
                        {"seed", spec.seed},
                        {"pace", static_cast<std::int64_t>(spec.pace.mode)},
                        {"rate", spec.pace.rate},
                        {"overrun", to_string(spec.overrun)},
                        {"stop_at_s", spec.stop_at_s ? Value(*spec.stop_at_s) : Value()},
                        {"stop_tick", tick_or_null(spec.stop_tick)},
                        {"initial", to_document(spec.initial)},
                        {"tags", std::move(tags)},
                        {"owner", spec.owner}});
}

Spec spec_of(const Value& document) {
  const Reader r(document);
  Spec spec;
  spec.name = r.text("name");
  spec.lanes = r.whole<std::uint32_t>("lanes");
  spec.step_ns = r.integer("step_ns");
  spec.seed = r.whole("seed");
  spec.pace.mode = static_cast<engine::Pace::Mode>(r.whole("pace") % 3);
  spec.pace.rate = r.number("rate").value_or(1);
  spec.overrun = named<Overrun>(r.text("overrun"), overruns);
  spec.stop_at_s = r.number("stop_at_s");
  spec.stop_tick = spec.stop_at_s ? r.whole("stop_tick") : engine::no_tick;
  spec.initial = write_of(r.part("initial"));
  if (const Value& tags = r.part("tags"); tags.is_object())
    for (const auto& [key, text] : tags.members())
      if (text.is_string()) spec.tags.emplace_back(key, text.string());
  spec.owner = r.text("owner");
  return spec;
}

Value reason_document(const Reason& reason) {
  return Value::object({{"code", reason.code},
                        {"plugin", reason.plugin},
                        {"detail", reason.detail},
                        {"lane", reason.lane},
                        {"tick", reason.tick}});
}

Reason reason_of(const Value& document) {
  const Reader r(document);
  return {r.text("code"), r.text("plugin"), r.text("detail"), r.whole<std::uint32_t>("lane"), r.whole("tick")};
}

}  // namespace

Value to_document(const KeptSession& s) {
  return Value::object({{"model", s.model},
                        {"plugin", s.plugin},
                        {"handle", s.handle},
                        {"spec", spec_document(s.spec)},
                        {"state", to_string(s.state)},
                        {"reason", s.reason ? reason_document(*s.reason) : Value()},
                        {"tick", s.tick},
                        {"created_ns", s.created_wall_ns},
                        {"saved_ns", s.saved_wall_ns},
                        {"stood_ns", s.stood_ns},
                        {"base", Value::object({{"kept", s.base.kept},
                                                {"tick", s.base.tick},
                                                {"order", s.base.order},
                                                {"number", s.base.number},
                                                {"epoch", s.base.epoch}})}});
}

Result<KeptSession> kept_session_of(std::string_view id, const Value& document) {
  const Reader r(document);
  KeptSession s;
  s.id = id;
  s.model = r.text("model");
  s.plugin = r.text("plugin");
  s.handle = r.whole("handle");
  s.spec = spec_of(r.part("spec"));
  s.state = named<State>(r.text("state"), states);
  if (const Value* reason = document.find("reason"); reason != nullptr && reason->is_object())
    s.reason = reason_of(*reason);
  s.tick = r.whole("tick");
  s.created_wall_ns = r.integer("created_ns");
  s.saved_wall_ns = r.integer("saved_ns");
  s.stood_ns = r.integer("stood_ns");
  const Reader base(r.part("base"));
  s.base = {base.flag("kept"), base.whole("tick"), base.whole("order"), base.whole("number"), base.whole("epoch"), 0};
  const bool sound = !s.model.empty() && s.spec.lanes > 0 && s.spec.lanes <= limits::host_lanes && s.spec.step_ns > 0;
  if (!sound) return fail("store_unavailable", "the stored session " + s.id + " is not one");
  return s;
}

Value to_document(const JournalEntry& entry, std::uint64_t reached) {
  return Value::object({{"number", entry.number},
                        {"tick", entry.tick},
                        {"at_ns", entry.at_wall_ns},
                        {"kind", entry.kind},
                        {"detail", entry.detail},
                        {"order", entry.order},
                        {"reached", reached}});
}

KeptEntry kept_entry_of(const Value& document) {
  const Reader r(document);
  return {{r.whole("number"), r.whole("tick"), r.integer("at_ns"), r.text("kind"), r.part("detail"), r.whole("order")},
          r.whole("reached")};
}

Value to_document(const Checkpoint& checkpoint) {
  return Value::object(
      {{"name", checkpoint.name}, {"digest", checkpoint.digest}, {"created_ns", checkpoint.created_wall_ns}});
}

void read_document(const Value& document, Checkpoint& checkpoint) {
  const Reader r(document);
  checkpoint.name = r.text("name");
  checkpoint.digest = r.text("digest");
  checkpoint.created_wall_ns = r.integer("created_ns");
}

}  // namespace simhost::session
