// Layout: u32 length of a JSON head, the head, the values as little-endian f64, BLAKE2b-256 of all before it.
#include <host/session/pack.hpp>

#include <bit>
#include <cstring>
#include <span>

#include <sodium.h>

#include <host/base/json.hpp>

namespace simhost::session {

namespace {

constexpr std::size_t sum_bytes = 32;
static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

Value numbers(const std::vector<double>& values) {
  Array out;
  for (const double v : values) out.emplace_back(v);
  return out;
}

std::uint64_t whole(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_integer() ? static_cast<std::uint64_t>(value->integer()) : 0;
}

std::span<const Value> items(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_array() ? std::span<const Value>(value->items()) : std::span<const Value>();
}

std::string sum_of(std::string_view bytes) {
  std::string sum(sum_bytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(sum.data()), sum.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  return sum;
}

// The columns and where their values lie, one after the other; makes room for the values. False: not bytes of them.
bool read_columns(const Value& head, std::size_t bytes, engine::Kept& lanes) {
  std::size_t at = 0;
  for (const Value& column : items(head, "columns")) {
    const auto count = whole(column, "values");
    if (count != 1 && count != lanes.count) return false;
    lanes.columns.push_back(
        {static_cast<std::uint32_t>(whole(column, "id")), static_cast<std::uint32_t>(whole(column, "causality")), 0});
    lanes.spans.push_back({at, count});
    at += count;
  }
  if (bytes != at * sizeof(double)) return false;
  lanes.values.resize(at);
  return true;
}

tl::unexpected<Error> damaged() {
  return fail("checkpoint_damaged", "the stored values are not those that were written");
}

}  // namespace

Value to_document(const engine::Write& write) {
  Array given, lanes;
  for (const auto& item : write.items)
    given.push_back(Value::object({{"id", item.id}, {"values", numbers(item.values)}}));
  for (const auto lane : write.lanes) lanes.emplace_back(lane);
  return Value::object({{"items", std::move(given)}, {"lanes", std::move(lanes)}});
}

engine::Write write_of(const Value& document) {
  engine::Write write;
  for (const Value& item : items(document, "items")) {
    engine::WriteItem& made = write.items.emplace_back();
    made.id = static_cast<std::uint32_t>(whole(item, "id"));
    for (const Value& value : items(item, "values")) made.values.push_back(value.is_number() ? value.number() : 0);
  }
  for (const Value& lane : items(document, "lanes"))
    if (lane.is_integer()) write.lanes.push_back(static_cast<std::uint32_t>(lane.integer()));
  return write;
}

std::string pack(const Checkpoint& checkpoint) {
  Array columns, pending, runs;
  for (std::size_t c = 0; c < checkpoint.lanes.columns.size(); ++c) {
    const auto& column = checkpoint.lanes.columns[c];
    columns.push_back(Value::object({{"id", column.id},
                                     {"causality", column.causality},
                                     {"values", std::uint64_t{checkpoint.lanes.spans[c].count}}}));
  }
  for (const auto& [tick, write] : checkpoint.pending)
    pending.push_back(Value::object({{"tick", tick}, {"write", to_document(write)}}));
  for (const auto& run : checkpoint.runs) runs.push_back(to_document(run));
  const std::string head = to_json(Value::object({{"columns", std::move(columns)},
                                                  {"lanes", checkpoint.lanes.count},
                                                  {"seed", checkpoint.lanes.seed},
                                                  {"dt_ns", checkpoint.lanes.dt_ns},
                                                  {"tick", checkpoint.tick},
                                                  {"pending", std::move(pending)},
                                                  {"runs", std::move(runs)}}));
  const auto length = static_cast<std::uint32_t>(head.size());
  const auto& values = checkpoint.lanes.values;
  std::string bytes;
  bytes.reserve(sizeof length + head.size() + values.size() * sizeof(double) + sum_bytes);
  bytes.append(reinterpret_cast<const char*>(&length), sizeof length).append(head);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
  return bytes.append(sum_of(bytes));
}

Result<Checkpoint> unpack(std::string_view bytes) {
  std::uint32_t length = 0;
  if (bytes.size() < sizeof length + sum_bytes) return damaged();
  const auto body = bytes.substr(0, bytes.size() - sum_bytes);
  if (sum_of(body) != bytes.substr(body.size())) return damaged();
  std::memcpy(&length, body.data(), sizeof length);
  if (length > body.size() - sizeof length) return damaged();
  const auto head = parse_json(body.substr(sizeof length, length));
  if (!head || !head->is_object()) return damaged();
  Checkpoint checkpoint;
  auto& lanes = checkpoint.lanes;
  lanes.count = static_cast<std::uint32_t>(whole(*head, "lanes"));
  const auto values = body.substr(sizeof length + length);
  if (!read_columns(*head, values.size(), lanes)) return damaged();
  lanes.seed = whole(*head, "seed");
  lanes.dt_ns = static_cast<std::int64_t>(whole(*head, "dt_ns"));
  lanes.tick = checkpoint.tick = whole(*head, "tick");
  std::memcpy(lanes.values.data(), values.data(), values.size());
  checkpoint.bytes = values.size();
  for (const Value& one : items(*head, "pending"))
    if (const Value* write = one.find("write")) checkpoint.pending.emplace_back(whole(one, "tick"), write_of(*write));
  for (const Value& one : items(*head, "runs")) {
    auto run = kept_run_of(one, lanes.count);
    if (!run) return fail(run.error());
    checkpoint.runs.push_back(std::move(*run));
  }
  return checkpoint;
}

}  // namespace simhost::session
