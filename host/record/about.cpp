// The metadata of a recording's files, written and read back.
#include <host/record/about.hpp>

#include <algorithm>
#include <cmath>

#include <host/base/clock.hpp>
#include <host/base/limits.hpp>
#include <host/session/spec.hpp>

namespace simhost::record {

namespace {

constexpr std::string_view type_names[] = {"", "real", "integer", "boolean", "enum"};

tl::unexpected<Error> damaged(std::string_view member) {
  return fail("file_damaged", "the metadata of the recording have no usable \"" + std::string(member) + "\"");
}

const Value* text_member(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_string() ? value : nullptr;
}

Value show_columns(const std::vector<Column>& columns) {
  Array list;
  for (const auto& c : columns) {
    Value shown = Value::object({{"id", c.id},
                                 {"name", c.name},
                                 {"column", column_name(c)},
                                 {"unit", c.unit.empty() ? Value() : Value(c.unit)},
                                 {"type", type_names[c.type]}});
    if (c.type == SIM_ENUM) shown.set("enum", Array(c.enum_names.begin(), c.enum_names.end()));
    list.push_back(std::move(shown));
  }
  return list;
}

Result<Column> read_column(const Value& value) {
  Column column;
  const Value* id = value.find("id");
  const Value* name = text_member(value, "name");
  const Value* type = text_member(value, "type");
  if (id == nullptr || !id->is_integer() || name == nullptr || type == nullptr) return damaged("columns");
  const auto* found = std::ranges::find(type_names, type->string());
  if (found == std::end(type_names) || found == std::begin(type_names)) return damaged("columns");
  column.id = static_cast<std::uint32_t>(id->integer());
  column.name = name->string();
  column.type = static_cast<std::uint32_t>(found - std::begin(type_names));
  if (const Value* unit = text_member(value, "unit")) column.unit = unit->string();
  if (const Value* names = value.find("enum"); names != nullptr && names->is_array())
    for (const auto& one : names->items()) {
      if (!one.is_string()) return damaged("columns");
      column.enum_names.push_back(one.string());
    }
  return column;
}

// "0,4-7": what ?lanes= takes, so that a thousand lanes are a few characters.
std::string show_lanes(const std::vector<std::uint32_t>& lanes) {
  std::string text;
  for (std::size_t i = 0; i < lanes.size();) {
    std::size_t last = i;
    while (last + 1 < lanes.size() && lanes[last + 1] == lanes[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(lanes[i]);
    if (last > i) text += "-" + std::to_string(lanes[last]);
    i = last + 1;
  }
  return text;
}

Result<std::vector<std::uint32_t>> read_lanes(const Value* text) {
  if (text == nullptr || text->string() == "all") return damaged("lanes");
  auto lanes = session::parse_lanes(text->string(), static_cast<std::uint32_t>(limits::host_lanes));
  if (!lanes || lanes->empty()) return damaged("lanes");
  return lanes;
}

Result<std::int64_t> whole(const Value& meta, std::string_view key, std::int64_t min) {
  const Value* value = meta.find(key);
  if (value == nullptr || !value->is_integer() || value->integer() < min) return damaged(key);
  return value->integer();
}

Result<std::int64_t> read_step(const Value& meta) {
  const Value* step = meta.find("step_s");
  const double step_ns = step != nullptr && step->is_number() ? step->number() * 1e9 : 0;
  if (!(step_ns >= 1 && step_ns <= 0x1p63)) return damaged("step_s");
  return step_ns < 0x1p63 ? std::llround(step_ns) : INT64_MAX;
}

Outcome read_texts(const Value& meta, About& about) {
  for (const auto& [key, into] :
       {std::pair{"recording", &about.id}, std::pair{"session", &about.session}, std::pair{"model", &about.model}}) {
    const Value* text = text_member(meta, key);
    if (text == nullptr) return damaged(key);
    *into = text->string();
  }
  if (const Value* name = text_member(meta, "name")) about.name = name->string();
  const Value* format = text_member(meta, "format");
  if (format == nullptr) return damaged("format");
  about.format = format->string() == "csv" ? Format::csv : Format::parquet;
  const Value* created = text_member(meta, "created_at");
  const auto at = created != nullptr ? parse_utc(created->string()) : std::nullopt;
  if (!at) return damaged("created_at");
  about.created_wall_ns = *at;
  return {};
}

Outcome read_numbers(const Value& meta, About& about) {
  const auto every = whole(meta, "every_ticks", 1), seed = whole(meta, "seed", 0);
  const auto step = read_step(meta);
  for (const auto* number : {&every, &seed, &step})
    if (!*number) return fail(number->error());
  if (*every > every_ticks_max) return damaged("every_ticks");
  about.every_ticks = static_cast<std::uint32_t>(*every);
  about.seed = static_cast<std::uint64_t>(*seed);
  about.step_ns = *step;
  return {};
}

}  // namespace

std::string_view to_string(Format format) noexcept { return format == Format::csv ? "csv" : "parquet"; }

Value show(std::span<const Gap> gaps) {
  Array list;
  for (const auto& gap : gaps)
    list.push_back(Value::object({{"from_tick", gap.from_tick}, {"to_tick", gap.to_tick}, {"reason", gap.reason}}));
  return list;
}

Result<std::vector<Gap>> read_gaps(const Value& list) {
  std::vector<Gap> gaps;
  if (!list.is_array()) return damaged("gaps");
  for (const auto& item : list.items()) {
    const auto from = whole(item, "from_tick", 0), to = whole(item, "to_tick", 0);
    const Value* reason = text_member(item, "reason");
    if (!from || !to || reason == nullptr) return damaged("gaps");
    gaps.push_back({*from, *to, reason->string()});
  }
  return gaps;
}

std::int64_t About::row_ns() const noexcept {
  std::int64_t ns = 0;
  return __builtin_mul_overflow(step_ns, std::int64_t{every_ticks}, &ns) ? INT64_MAX : ns;
}

std::string column_name(const Column& column) {
  const bool taken = column.name == "tick" || column.name == "time_s" || column.name == "lane";
  return taken ? "model_" + column.name : column.name;
}

Value show_meta(const About& about, std::span<const Gap> gaps) {
  return Value::object({{"recording", about.id},
                        {"name", about.name.empty() ? Value() : Value(about.name)},
                        {"session", about.session},
                        {"model", about.model},
                        {"format", to_string(about.format)},
                        {"created_at", format_utc(about.created_wall_ns)},
                        {"seed", about.seed},
                        {"step_s", static_cast<double>(about.step_ns) / 1e9},
                        {"every_ticks", about.every_ticks},
                        {"lanes", show_lanes(about.lanes)},
                        {"columns", show_columns(about.columns)},
                        {"gaps", show(gaps)},
                        {"versions", about.versions},
                        {"session_at_start", about.made_of},
                        {"descriptor", about.descriptor}});
}

Result<About> read_about(const Value& meta) {
  About about;
  if (auto done = read_texts(meta, about); !done) return fail(done.error());
  if (auto done = read_numbers(meta, about); !done) return fail(done.error());
  auto lanes = read_lanes(text_member(meta, "lanes"));
  if (!lanes) return fail(lanes.error());
  about.lanes = std::move(*lanes);
  const Value* columns = meta.find("columns");
  if (columns == nullptr || !columns->is_array()) return damaged("columns");
  for (const auto& item : columns->items()) {
    auto column = read_column(item);
    if (!column) return fail(column.error());
    about.columns.push_back(std::move(*column));
  }
  for (const auto& [key, into] :
       {std::pair{"descriptor", &about.descriptor}, std::pair{"session_at_start", &about.made_of},
        std::pair{"versions", &about.versions}})
    if (const Value* value = meta.find(key)) *into = *value;
  if (meta.find("gaps") == nullptr) return damaged("gaps");
  return about;
}

}  // namespace simhost::record
