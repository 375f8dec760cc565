// From the text of a regular expression to its program; sizes and nesting are bounded.
#include <limits>
#include <optional>
#include <string>

#include <host/base/pattern.hpp>
#include <host/base/pattern_program.hpp>
#include <host/base/utf8.hpp>

namespace simhost {
namespace base {
namespace {

constexpr std::size_t max_steps = 20'000;
constexpr std::size_t max_nesting = 32;
constexpr std::uint32_t max_count = 1000;
constexpr std::uint32_t unbounded = std::numeric_limits<std::uint32_t>::max();
constexpr char32_t last_char = 0x10FFFF;

struct Count {
  std::uint32_t min = 1, max = 1;
};

// Parses and writes instructions at once; a repeated part is copied, its jumps moved along.
class Compiler {
 public:
  explicit Compiler(std::string_view text) : text_(text) {}

  bool compile() {
    if (!is_utf8(text_)) return refuse("it is not valid UTF-8");
    if (!alternatives()) return false;
    if (at_ < text_.size()) return refuse("a ) is too many");
    return write({PatternOp::match});
  }

  PatternProgram program{};
  std::string fault{};

 private:
  bool refuse(std::string why) {
    if (fault.empty()) fault = "at " + std::to_string(at_) + ": " + why;
    return false;
  }
  bool write(PatternStep step) {
    program.steps.push_back(step);
    return program.steps.size() <= max_steps || refuse("it is too large");
  }
  bool write_set(CharSet set) {
    program.sets.push_back(std::move(set));
    return write({PatternOp::set, static_cast<std::uint32_t>(program.sets.size() - 1)});
  }
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(program.steps.size()); }
  [[nodiscard]] bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!at(c)) return false;
    ++at_;
    return true;
  }

  bool alternatives();
  bool sequence();
  bool atom();
  bool group();
  bool repeated(std::uint32_t begin);
  bool repeat(std::uint32_t begin, Count count);
  bool read_count(Count& count);
  std::optional<std::uint32_t> number();
  std::vector<PatternStep> cut(std::uint32_t begin);
  bool paste(const std::vector<PatternStep>& part, std::uint32_t from);

  bool char_class();
  bool class_item(CharSet& set);
  bool escape(CharSet& set);
  std::optional<char32_t> hex(std::size_t digits);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
};

void add_moved(std::vector<PatternStep>& steps, PatternStep step, std::uint32_t by) {
  if (step.op == PatternOp::split || step.op == PatternOp::jump) {
    step.a += by;
    step.b += step.op == PatternOp::split ? by : 0;
  }
  steps.push_back(step);
}

// Takes the instructions from `begin` on out of the program, to be written again elsewhere.
std::vector<PatternStep> Compiler::cut(std::uint32_t begin) {
  const auto from = program.steps.begin() + begin;
  std::vector<PatternStep> part(from, program.steps.end());
  program.steps.erase(from, program.steps.end());
  return part;
}

// Appends a part that was cut at `from`.
bool Compiler::paste(const std::vector<PatternStep>& part, std::uint32_t from) {
  if (program.steps.size() + part.size() > max_steps) return refuse("it is too large");
  const std::uint32_t by = here() - from;
  for (const PatternStep& step : part) add_moved(program.steps, step, by);
  return true;
}

bool Compiler::alternatives() {
  if (++nesting_ > max_nesting) return refuse("it is nested too deeply");
  std::vector<std::uint32_t> exits;
  std::uint32_t begin = here();
  bool good = sequence();
  while (good && take('|')) {
    const std::vector<PatternStep> branch = cut(begin);
    const auto size = static_cast<std::uint32_t>(branch.size());
    good = write({PatternOp::split, begin + 1, begin + size + 2}) && paste(branch, begin);
    if (!good) break;
    exits.push_back(here());
    good = write({PatternOp::jump});
    begin = here();
    good = good && sequence();
  }
  for (const std::uint32_t exit : exits) program.steps[exit].a = here();
  --nesting_;
  return good;
}

bool Compiler::sequence() {
  while (at_ < text_.size() && !at('|') && !at(')')) {
    const std::uint32_t begin = here();
    if (!atom() || !repeated(begin)) return false;
  }
  return true;
}

bool Compiler::atom() {
  if (take('^')) return write({PatternOp::begin});
  if (take('$')) return write({PatternOp::end});
  if (take('(')) return group();
  if (take('[')) return char_class();
  if (take('.')) return write_set({{{U'\n', U'\n'}, {U'\r', U'\r'}}, true});
  if (at('*') || at('+') || at('?') || at('{')) return refuse("nothing stands before the quantifier");
  CharSet set;
  if (take('\\')) return escape(set) && write_set(std::move(set));
  const char32_t c = next_char(text_, at_);
  return write_set({{{c, c}}});
}

bool Compiler::group() {
  if (at('?') && !text_.substr(at_).starts_with("?:")) return refuse("look-around and named groups are not supported");
  if (at('?')) at_ += 2;
  return alternatives() && (take(')') || refuse("a ) is missing"));
}

bool Compiler::repeated(std::uint32_t begin) {
  Count count;
  if (take('*')) {
    count = {0, unbounded};
  } else if (take('+')) {
    count = {1, unbounded};
  } else if (take('?')) {
    count = {0, 1};
  } else if (take('{')) {
    if (!read_count(count)) return refuse("a count such as {1,3} is needed, up to 1000");
  } else {
    return true;
  }
  take('?');  // lazy or not makes no difference to whether it matches
  if (at('*') || at('+') || at('?') || at('{')) return refuse("a quantifier follows another");
  return repeat(begin, count);
}

bool Compiler::repeat(std::uint32_t begin, Count count) {
  const std::vector<PatternStep> part = cut(begin);
  const auto size = static_cast<std::uint32_t>(part.size());
  for (std::uint32_t i = 0; i < count.min; ++i) {
    if (!paste(part, begin)) return false;
  }
  if (count.max == unbounded) {
    const std::uint32_t loop = here();
    return write({PatternOp::split, loop + 1, loop + size + 2}) && paste(part, begin) && write({PatternOp::jump, loop});
  }
  const std::uint32_t optional = count.max - count.min;
  const std::uint32_t exit = here() + optional * (size + 1);
  for (std::uint32_t i = 0; i < optional; ++i) {
    if (!write({PatternOp::split, here() + 1, exit}) || !paste(part, begin)) return false;
  }
  return true;
}

bool Compiler::read_count(Count& count) {
  const auto min = number();
  if (!min) return false;
  count = {*min, *min};
  if (take(',')) {
    const auto max = at('}') ? std::optional<std::uint32_t>(unbounded) : number();
    if (!max || *max < *min) return false;
    count.max = *max;
  }
  return take('}');
}

std::optional<std::uint32_t> Compiler::number() {
  std::optional<std::uint32_t> value;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
    value = value.value_or(0) * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
    if (*value > max_count) return std::nullopt;
  }
  return value;
}

bool Compiler::char_class() {
  CharSet set;
  const bool negated = take('^');
  while (!at(']')) {
    if (at_ >= text_.size()) return refuse("a ] is missing");
    if (!class_item(set)) return false;
  }
  ++at_;
  set.negated = negated;
  return write_set(std::move(set));
}

bool is_single(const CharSet& set) { return set.ranges.size() == 1 && set.ranges[0].first == set.ranges[0].last; }

// A character, an escape, or a range of two characters.
bool Compiler::class_item(CharSet& set) {
  CharSet first;
  const auto one = [this](CharSet& out) {
    if (take('\\')) return escape(out);
    const char32_t c = next_char(text_, at_);
    out.ranges.push_back({c, c});
    return true;
  };
  if (!one(first)) return false;
  const bool range = at('-') && at_ + 1 < text_.size() && text_[at_ + 1] != ']';
  if (range) {
    ++at_;
    CharSet last;
    if (!one(last)) return false;
    const bool single = is_single(first) && is_single(last);
    if (!single || first.ranges[0].first > last.ranges[0].first) return refuse("the range is not valid");
    first.ranges[0].last = last.ranges[0].last;
  }
  set.ranges.insert(set.ranges.end(), first.ranges.begin(), first.ranges.end());
  return true;
}

void complement(std::vector<CharRange>& ranges) {
  std::vector<CharRange> out;
  char32_t next = 0;
  for (const CharRange& range : ranges) {
    if (range.first > next) out.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  out.push_back({next, last_char});
  ranges = std::move(out);
}

// The characters of \d, \w, \s, in rising order; nothing for other letters.
std::vector<CharRange> named_class(char letter) {
  switch (letter) {
    case 'd':
      return {{U'0', U'9'}};
    case 'w':
      return {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
    case 's':
      return {{U'\t', U'\r'}, {U' ', U' '}, {0xA0, 0xA0}, {0x2028, 0x2029}, {0xFEFF, 0xFEFF}};
    default:
      return {};
  }
}

// The control character of \t and the like, or 0.
char32_t control_char(char letter) {
  constexpr std::string_view letters = "tnrfv";
  constexpr std::string_view controls = "\t\n\r\f\v";
  const std::size_t found = letters.find(letter);
  return found != std::string_view::npos ? static_cast<unsigned char>(controls[found]) : 0;
}

// Behind a backslash.
bool Compiler::escape(CharSet& set) {
  if (at_ >= text_.size()) return refuse("nothing follows the backslash");
  const char letter = text_[at_++];
  const bool upper = letter >= 'A' && letter <= 'Z';
  set.ranges = named_class(upper ? static_cast<char>(letter - 'A' + 'a') : letter);
  if (!set.ranges.empty()) {
    if (upper) complement(set.ranges);
    return true;
  }
  std::optional<char32_t> c;
  if (const char32_t control = control_char(letter); control != 0) c = control;
  if (letter == 'u') c = hex(4);
  if (letter == 'x') c = hex(2);
  const bool sign = static_cast<unsigned char>(letter) < 0x80 && !upper && (letter < '0' || letter > '9') &&
                    (letter < 'a' || letter > 'z');
  if (sign) c = static_cast<unsigned char>(letter);
  if (!c) return refuse("this escape is not supported");
  set.ranges.push_back({*c, *c});
  return true;
}

std::optional<char32_t> Compiler::hex(std::size_t digits) {
  if (text_.size() - at_ < digits) return std::nullopt;
  char32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    constexpr std::string_view symbols = "0123456789abcdef";
    const char c = text_[at_++];
    const std::size_t digit = symbols.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

}  // namespace
}  // namespace base

Result<Pattern> Pattern::make(std::string_view text) {
  base::Compiler compiler(text);
  if (!compiler.compile()) return fail("not_valid", "the regular expression is not taken, " + compiler.fault);
  return Pattern(std::make_shared<base::PatternProgram>(std::move(compiler.program)));
}

}  // namespace simhost
