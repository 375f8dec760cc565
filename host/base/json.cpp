// Text to Value: RapidJSON's iterative reader drives the builder, which holds the bounds.
#include <host/base/json.hpp>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <host/base/json_builder.hpp>
#include <host/base/utf8.hpp>

namespace simhost {
namespace {

using base::JsonBuilder;
using base::Marks;

// Numbers come as text: the builder keeps int64 exact and rounds doubles correctly.
constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;

// The events of the reader, each with the offset it has read to.
class Events {
 public:
  Events(JsonBuilder& builder, rapidjson::MemoryStream& stream) : builder_(builder), stream_(stream) {}

  bool Null() { return builder_.null(stream_.Tell()); }
  bool Bool(bool value) { return builder_.boolean(value, stream_.Tell()); }
  bool RawNumber(const char* digits, rapidjson::SizeType length, bool) {
    return builder_.number({digits, length}, stream_.Tell());
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return builder_.string({text, length}, stream_.Tell());
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) { return builder_.key({text, length}, stream_.Tell()); }
  bool StartObject() { return builder_.open(Value(Object{})); }
  bool StartArray() { return builder_.open(Value(Array{})); }
  bool EndObject(rapidjson::SizeType) { return builder_.close(); }
  bool EndArray(rapidjson::SizeType) { return builder_.close(); }

  // Never called: numbers come raw.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  JsonBuilder& builder_;
  rapidjson::MemoryStream& stream_;
};

// What the reader would let pass: bytes that are no UTF-8, and a NUL, at which it would stop as at the end.
bool is_plain_text(std::string_view text, JsonBuilder& builder) {
  const std::size_t bad = first_bad_utf8(text);
  if (bad < text.size()) {
    builder.fault_at(bad, "the text is not valid UTF-8");
    return false;
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) builder.fault_at(nul, "the text holds a NUL");
  return nul == std::string_view::npos;
}

tl::expected<LocatedJson, JsonFault> parse(std::string_view text, Marks marks) {
  JsonBuilder builder(text, marks);
  if (!is_plain_text(text, builder)) return tl::unexpected<JsonFault>(*builder.fault());
  rapidjson::MemoryStream stream(text.data(), text.size());
  Events events(builder, stream);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<flags>(stream, events);
  if (result.IsError()) builder.fault_at(result.Offset(), rapidjson::GetParseError_En(result.Code()));
  if (builder.fault()) return tl::unexpected<JsonFault>(*builder.fault());
  return builder.take();
}

Error error_of(const JsonFault& fault) {
  std::string detail = "line " + std::to_string(fault.position.line) + ", column " +
                       std::to_string(fault.position.column) + ": " + fault.detail;
  return Error{fault.code, detail, {FieldError{.pointer = fault.pointer, .code = fault.code, .detail = detail}}};
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  auto parsed = parse(text, Marks::none);
  if (!parsed) return fail(error_of(parsed.error()));
  return std::move(parsed->value);
}

tl::expected<LocatedJson, JsonFault> parse_located_json(std::string_view text) { return parse(text, Marks::kept); }

}  // namespace simhost
