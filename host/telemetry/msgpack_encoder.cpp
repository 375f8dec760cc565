// Data messages as MessagePack, in the shapes of the JSON ones.
#include <host/telemetry/encoder.hpp>

#include <bit>
#include <cmath>

#include <host/base/msgpack.hpp>

namespace simhost::telemetry {

namespace {

void append_bytes(std::string& out, unsigned type, std::uint64_t bits, unsigned count) {
  out += static_cast<char>(type);
  for (unsigned i = count; i > 0; --i) out += static_cast<char>((bits >> (8U * (i - 1U))) & 0xFFU);
}

// fixed: the type byte for up to 15 members; longer: that with a 16-bit count, the next with 32 bits.
void open(std::string& out, std::size_t count, unsigned fixed, unsigned longer) {
  if (count < 16) return append_bytes(out, fixed | static_cast<unsigned>(count), 0, 0);
  if (count <= 0xFFFF) return append_bytes(out, longer, count, 2);
  append_bytes(out, longer + 1, count, 4);
}

void open_list(std::string& out, std::size_t count) { open(out, count, 0x90, 0xDC); }
void open_map(std::string& out, std::size_t count) { open(out, count, 0x80, 0xDE); }

void append_double(std::string& out, double value) { append_bytes(out, 0xCB, std::bit_cast<std::uint64_t>(value), 8); }

void append_value(std::string& out, const Field& field, double value) {
  switch (field.type) {
    case SIM_BOOLEAN:
      return append_msgpack(out, Value(value != 0));
    case SIM_INTEGER:
      return append_msgpack(out, std::abs(value) < 0x1p63 ? Value(static_cast<std::int64_t>(value)) : Value());
    case SIM_ENUM:
      if (value >= 0 && value < static_cast<double>(field.enum_names.size()))
        return append_msgpack(out, Value(field.enum_names[static_cast<std::size_t>(value)]));
      return append_msgpack(out, Value());
    default:
      return std::isfinite(value) ? append_double(out, value) : append_msgpack(out, Value());
  }
}

void append_lanes(std::string& out, const Schema& schema, std::size_t f, const double* row) {
  open_list(out, schema.lanes);
  for (std::size_t k = 0; k < schema.lanes; ++k) append_value(out, schema.fields[f], row[f * schema.lanes + k]);
}

void append_field(std::string& out, const Schema& schema, std::size_t f, Mode mode, const Rows& rows) {
  const double* row = rows.values.data();
  if (mode == Mode::latest) return append_lanes(out, schema, f, row);
  if (mode == Mode::all) {
    open_list(out, rows.ticks.size());
    for (std::size_t r = 0; r < rows.ticks.size(); ++r) append_lanes(out, schema, f, row + r * schema.values());
    return;
  }
  open_map(out, 3);
  for (const char* name : {"min", "max", "last"}) {
    append_msgpack(out, Value(name));
    append_lanes(out, schema, f, row);
    row += schema.values();
  }
}

void append_moment(std::string& out, Mode mode, const Rows& rows) {
  const bool many = mode == Mode::all;
  append_msgpack(out, Value(many ? "ticks" : "tick"));
  if (many) open_list(out, rows.ticks.size());
  for (const auto tick : rows.ticks) append_msgpack(out, Value(tick));
  append_msgpack(out, Value("time_s"));
  if (many) open_list(out, rows.times_s.size());
  for (const auto time_s : rows.times_s) append_double(out, time_s);
}

}  // namespace

void encode_msgpack(const Schema& schema, Mode mode, const Rows& rows, std::string& out) {
  out.reserve(out.size() + 64 + 9 * rows.values.size());
  append_moment(out, mode, rows);
  append_msgpack(out, Value("values"));
  open_map(out, schema.fields.size());
  for (std::size_t f = 0; f < schema.fields.size(); ++f) {
    append_msgpack(out, Value(schema.fields[f].name));
    append_field(out, schema, f, mode, rows);
  }
}

}  // namespace simhost::telemetry
