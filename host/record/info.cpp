// Recordings to values and back.
#include <host/record/info.hpp>

#include <algorithm>

#include <host/base/clock.hpp>

namespace simhost::record {

namespace {

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

template <class T>
Value unless_zero(T value) {
  return value == T{} ? Value() : Value(value);
}

Value show_parts(const Info& info) {
  Value list = Value::array();
  for (const auto& part : info.parts)
    list.push(Value::object({{"part", part.number},
                             {"rows", part.rows},
                             {"bytes", part.bytes},
                             {"from_tick", part.from_tick},
                             {"sha256", part.sha256}}));
  return list;
}

Value show_fields(const About& about) {
  Value list = Value::array();
  for (const auto& column : about.columns) list.push(column.name);
  return list;
}

// 0 for what is not there or is no number: a file that was tampered with has worse faults than this.
std::int64_t number(const Value& from, std::string_view key) {
  const Value* value = from.find(key);
  return value != nullptr && value->is_integer() ? value->integer() : 0;
}
double real(const Value& from, std::string_view key) {
  const Value* value = from.find(key);
  return value != nullptr && value->is_number() ? value->number() : 0;
}
std::string text(const Value& from, std::string_view key) {
  const Value* value = from.find(key);
  return value != nullptr && value->is_string() ? value->string() : "";
}

Result<std::vector<PartInfo>> read_parts(const Value* list) {
  if (list == nullptr || !list->is_array()) return fail("file_damaged", "recording.json has no usable \"parts\"");
  std::vector<PartInfo> parts;
  for (const auto& item : list->items()) {
    parts.push_back({static_cast<std::uint64_t>(number(item, "part")), static_cast<std::uint64_t>(number(item, "rows")),
                     static_cast<std::uint64_t>(number(item, "bytes")), number(item, "from_tick"), text(item, "sha256"),
                     text(item, "file")});
    if (parts.back().file.empty() || parts.back().file.find('/') != std::string::npos)
      return fail("file_damaged", "recording.json names no usable file of a part");
  }
  return parts;
}

}  // namespace

std::string_view to_string(State state) noexcept {
  constexpr std::string_view names[] = {"recording", "waiting", "stopped", "failed"};
  return names[static_cast<std::size_t>(state)];
}

std::uint64_t Info::bytes() const noexcept {
  std::uint64_t sum = journal_bytes;
  for (const auto& part : parts) sum += part.bytes;
  return sum;
}

Value show(const Info& info) {
  const bool empty = info.rows == 0;
  const Value reason =
      info.reason_code.empty() ? Value() : Value::object({{"code", info.reason_code}, {"detail", info.reason}});
  return Value::object({{"id", info.about->id},
                        {"name", or_null(info.about->name)},
                        {"state", to_string(info.state)},
                        {"reason", reason},
                        {"session", info.about->session},
                        {"model", info.about->model},
                        {"format", to_string(info.about->format)},
                        {"fields", show_fields(*info.about)},
                        {"lanes", std::uint64_t{info.about->lanes.size()}},
                        {"every_ticks", info.about->every_ticks},
                        {"max_bytes", unless_zero(info.max_bytes)},
                        {"max_s", unless_zero(info.max_s)},
                        {"rows", info.rows},
                        {"bytes", info.bytes()},
                        {"from_s", empty ? Value() : Value(info.from_s)},
                        {"to_s", empty ? Value() : Value(info.to_s)},
                        {"gaps", show(info.gaps)},
                        {"files", show_parts(info)},
                        {"created_at", format_utc(info.about->created_wall_ns)},
                        {"ended_at", info.ended_wall_ns == 0 ? Value() : Value(format_utc(info.ended_wall_ns))}});
}

Value keep(const Info& info) {
  Value parts = show_parts(info);
  for (std::size_t i = 0; i < info.parts.size(); ++i) parts.items()[i].set("file", info.parts[i].file);
  return Value::object({{"meta", show_meta(*info.about, info.gaps)},
                        {"state", to_string(info.state)},
                        {"reason_code", info.reason_code},
                        {"reason", info.reason},
                        {"max_bytes", info.max_bytes},
                        {"max_s", info.max_s},
                        {"parts", std::move(parts)},
                        {"next_number", info.next_number},
                        {"from_s", info.from_s},
                        {"to_s", info.to_s},
                        {"last_tick", info.last_tick},
                        {"ended_wall_ns", info.ended_wall_ns},
                        {"joined", info.joined}});
}

Result<Info> read_kept(const Value& kept) {
  Info info;
  const Value* meta = kept.find("meta");
  if (meta == nullptr) return fail("file_damaged", "recording.json has no \"meta\"");
  auto about = read_about(*meta);
  if (!about) return fail(about.error());
  auto gaps = read_gaps(*meta->find("gaps"));
  if (!gaps) return fail(gaps.error());
  auto parts = read_parts(kept.find("parts"));
  if (!parts) return fail(parts.error());
  info.about = std::make_shared<const About>(std::move(*about));
  info.gaps = std::move(*gaps);
  info.parts = std::move(*parts);
  const auto state = text(kept, "state");
  for (const auto one : {State::recording, State::waiting, State::stopped, State::failed})
    if (to_string(one) == state) info.state = one;
  info.reason_code = text(kept, "reason_code");
  info.reason = text(kept, "reason");
  info.max_bytes = static_cast<std::uint64_t>(number(kept, "max_bytes"));
  info.max_s = real(kept, "max_s");
  info.next_number = static_cast<std::uint64_t>(number(kept, "next_number"));
  info.from_s = real(kept, "from_s");
  info.to_s = real(kept, "to_s");
  info.last_tick = number(kept, "last_tick");
  info.ended_wall_ns = number(kept, "ended_wall_ns");
  const Value* joined = kept.find("joined");
  info.joined = joined != nullptr && joined->is_bool() && joined->boolean();
  for (const auto& part : info.parts) info.rows += part.rows;
  return info;
}

}  // namespace simhost::record
