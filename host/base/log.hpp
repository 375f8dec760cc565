// The log: one line is a level, a room, a message and key=value pairs. Never called from the tick.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace simhost {

// error: someone must act; warning: someone should look; info: rare milestones; debug: per request.
enum class LogLevel : std::uint8_t { debug, info, warning, error };

// A pair of a log line; the value is kept as text.
struct LogField {
  LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
  LogField(std::string_view name, const std::string& text) : key(name), value(text) {}
  LogField(std::string_view name, const char* text) : key(name), value(text) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag ? "true" : "false") {}
  LogField(std::string_view name, double number);
  template <class Integer>
  requires std::is_integral_v<Integer> LogField(std::string_view name, Integer number)
      : key(name), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};

using LogFields = std::initializer_list<LogField>;

// log_info("room", "what happened", {{"session", id}, {"ticks", 7}});
void log_line(LogLevel level, std::string_view room, std::string_view message, LogFields fields = {});
inline void log_debug(std::string_view room, std::string_view message, LogFields fields = {}) {
  log_line(LogLevel::debug, room, message, fields);
}
inline void log_info(std::string_view room, std::string_view message, LogFields fields = {}) {
  log_line(LogLevel::info, room, message, fields);
}
inline void log_warning(std::string_view room, std::string_view message, LogFields fields = {}) {
  log_line(LogLevel::warning, room, message, fields);
}
inline void log_error(std::string_view room, std::string_view message, LogFields fields = {}) {
  log_line(LogLevel::error, room, message, fields);
}

// Lines below the level are dropped; info at the start. Any thread.
void set_log_level(LogLevel level) noexcept;
[[nodiscard]] bool logs(LogLevel level) noexcept;

// Takes the lines instead of standard error; an empty function gives them back. For tests and embedding programs.
using LogSink = std::function<void(LogLevel level, std::string_view line)>;
void set_log_sink(LogSink sink);

// The text of a line without time and level: `room: message key=value key2="two words"`. Control characters are
// escaped, so that nobody's input begins a line of its own.
std::string log_text(std::string_view room, std::string_view message, LogFields fields);

}  // namespace simhost
