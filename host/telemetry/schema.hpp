// The fields of a subscription as its reader needs them: names, units, types, fixed when it starts.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <host/base/value.hpp>
#include <host/plugin/descriptor.hpp>

namespace simhost::telemetry {

struct Field {
  std::uint32_t id = 0;
  std::uint32_t type = SIM_REAL;  // SIM_REAL ... SIM_ENUM
  std::string name, unit;         // unit empty: none
  std::vector<std::string> enum_names;
};

struct Schema {
  std::vector<Field> fields;
  std::uint32_t lanes = 1;
  double step_s = 0;

  [[nodiscard]] std::size_t values() const noexcept { return fields.size() * lanes; }
};
using SchemaPointer = std::shared_ptr<const Schema>;

// Ids the descriptor does not have are left out: callers have checked them.
Schema make_schema(const plugin::Descriptor& descriptor, std::span<const std::uint32_t> ids, std::uint32_t lanes,
                   double step_s);

// [{"name","unit","type","enum"?},...]
Value show_fields(const Schema& schema);

}  // namespace simhost::telemetry
