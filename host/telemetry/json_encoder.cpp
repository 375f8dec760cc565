// Data messages as JSON: enums by name, booleans as true and false, integers without a fraction.
#include <host/telemetry/encoder.hpp>

#include <charconv>
#include <cmath>

#include <host/base/json.hpp>

namespace simhost::telemetry {

namespace {

void append_count(std::string& out, std::uint64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}

// null for what is no integer: nothing keeps a model from it.
void append_whole(std::string& out, double value) {
  if (!(std::abs(value) < 0x1p63)) {
    out += "null";
    return;
  }
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(value));
  out.append(digits, end.ptr);
}

void append_value(std::string& out, const Field& field, double value) {
  switch (field.type) {
    case SIM_BOOLEAN:
      out += value != 0 ? "true" : "false";
      return;
    case SIM_INTEGER:
      append_whole(out, value);
      return;
    case SIM_ENUM:
      if (value >= 0 && value < static_cast<double>(field.enum_names.size()))
        append_json_string(out, field.enum_names[static_cast<std::size_t>(value)]);
      else
        out += "null";
      return;
    default:
      append_json_number(out, value);
  }
}

// The lanes of one field in one row.
void append_lanes(std::string& out, const Schema& schema, std::size_t f, const double* row) {
  out += '[';
  for (std::size_t k = 0; k < schema.lanes; ++k) {
    if (k > 0) out += ',';
    append_value(out, schema.fields[f], row[f * schema.lanes + k]);
  }
  out += ']';
}

template <class List, class Append>
void append_list(std::string& out, const List& list, Append append) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    append(out, list[i]);
  }
  out += ']';
}

void append_rows(std::string& out, const Schema& schema, std::size_t f, const Rows& rows) {
  out += '[';
  for (std::size_t r = 0; r < rows.ticks.size(); ++r) {
    if (r > 0) out += ',';
    append_lanes(out, schema, f, rows.values.data() + r * schema.values());
  }
  out += ']';
}

void append_spread(std::string& out, const Schema& schema, std::size_t f, const Rows& rows) {
  const double* row = rows.values.data();
  out += "{\"min\":";
  append_lanes(out, schema, f, row);
  out += ",\"max\":";
  append_lanes(out, schema, f, row + schema.values());
  out += ",\"last\":";
  append_lanes(out, schema, f, row + 2 * schema.values());
  out += '}';
}

void append_moment(std::string& out, Mode mode, const Rows& rows) {
  if (mode == Mode::all) {
    out += "\"ticks\":";
    append_list(out, rows.ticks, append_count);
    out += ",\"time_s\":";
    append_list(out, rows.times_s, append_json_number);
    return;
  }
  out += "\"tick\":";
  append_count(out, rows.ticks.front());
  out += ",\"time_s\":";
  append_json_number(out, rows.times_s.front());
}

}  // namespace

void encode_json(const Schema& schema, Mode mode, const Rows& rows, std::string& out) {
  out.reserve(out.size() + 64 + 20 * rows.values.size());
  append_moment(out, mode, rows);
  out += ",\"values\":{";
  for (std::size_t f = 0; f < schema.fields.size(); ++f) {
    if (f > 0) out += ',';
    append_json_string(out, schema.fields[f].name);
    out += ':';
    switch (mode) {
      case Mode::latest:
        append_lanes(out, schema, f, rows.values.data());
        break;
      case Mode::all:
        append_rows(out, schema, f, rows);
        break;
      case Mode::minmax:
        append_spread(out, schema, f, rows);
        break;
    }
  }
  out += "}}";
}

}  // namespace simhost::telemetry
