// A JSON schema as compiled: nodes in one list that name each other by index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <host/base/json_schema.hpp>
#include <host/base/pattern.hpp>

namespace simhost::base {

using NodeIndex = std::uint32_t;

// Bits of SchemaNode::types; 0: any type.
enum SchemaType : std::uint8_t {
  type_null = 1,
  type_boolean = 2,
  type_integer = 4,
  type_number = 8,
  type_string = 16,
  type_array = 32,
  type_object = 64
};

enum class Extra : std::uint8_t { allowed, refused, by_schema };

struct SchemaProperty {
  std::string name;
  NodeIndex node;
};

struct SchemaNode {
  std::uint8_t types = 0;
  NumberRule range{};
  std::optional<double> below{};  // exclusiveMaximum
  std::optional<double> multiple_of{};
  std::optional<std::vector<Value>> choices{};  // enum, const
  std::size_t min_length = 0, max_length = SIZE_MAX;
  std::size_t min_items = 0, max_items = SIZE_MAX;
  std::size_t min_members = 0, max_members = SIZE_MAX;
  std::string pattern_text{};
  std::optional<Pattern> pattern{};
  std::optional<NodeIndex> items{};
  std::vector<SchemaProperty> properties{};
  std::vector<std::string> required{};
  Extra extra = Extra::allowed;
  NodeIndex extra_node = 0;
  std::vector<NodeIndex> one_of{}, any_of{}, all_of{};
  bool never = false;  // the schema `false`
};

// The first node is the root.
struct SchemaNodes {
  std::vector<SchemaNode> list;
};

}  // namespace simhost::base
