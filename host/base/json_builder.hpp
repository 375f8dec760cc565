// Receives the events of a JSON parser and builds the value, within bounds; knows at any time where it stands.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <host/base/json.hpp>

namespace simhost::base {

enum class Marks { none, kept };

class JsonBuilder {
 public:
  JsonBuilder(std::string_view text, Marks marks) : text_(text), keeps_marks_(marks == Marks::kept) {}

  // Each returns false where parsing must end; the fault then says why. end: offset behind the token in the text.
  bool null(std::size_t end) { return scalar(Value(nullptr), end); }
  bool boolean(bool value, std::size_t end) { return scalar(Value(value), end); }
  bool number(std::string_view digits, std::size_t end);
  bool string(std::string_view value, std::size_t end);
  bool key(std::string_view name, std::size_t end);
  bool open(Value container);
  bool close();

  // A fault the parser itself found, at an offset of the text.
  void fault_at(std::size_t offset, std::string detail);

  [[nodiscard]] const std::optional<JsonFault>& fault() const noexcept { return fault_; }
  [[nodiscard]] LocatedJson take() { return std::move(result_); }

 private:
  struct Frame {
    Value container;
    std::string key;
    bool has_key = false;
    TextPosition key_position{};
    std::set<std::string, std::less<>> keys{};  // filled only for large objects
  };

  bool scalar(Value value, std::size_t end);
  bool attach(Value value);
  bool refuse(std::size_t offset, std::string_view code, std::string detail);
  std::size_t begin_token();
  TextPosition position_of(std::size_t offset);
  void mark(const std::string& pointer, TextPosition value);
  [[nodiscard]] std::string pointer() const;
  [[nodiscard]] static bool is_new(Frame& frame, std::string_view name);

  std::string_view text_;
  bool keeps_marks_;
  std::size_t token_end_ = 0;
  std::size_t counted_to_ = 0;
  TextPosition counted_{};
  std::vector<Frame> frames_;
  LocatedJson result_;
  std::optional<JsonFault> fault_;
};

}  // namespace simhost::base
