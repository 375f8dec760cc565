// Log lines to standard error through spdlog, or to a sink.
#include <host/base/log.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <host/base/json.hpp>
#include <host/base/utf8.hpp>

namespace simhost {
namespace {

std::atomic<LogLevel> lowest_level{LogLevel::info};

struct Output {
  std::mutex mutex;
  LogSink sink;
  std::shared_ptr<spdlog::logger> standard_error;
};

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger = std::make_shared<spdlog::logger>("simhost", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::warn);
  return logger;
}

// Never destroyed: threads may log while the process ends.
Output& output() {
  static auto* const output = new Output{.mutex = {}, .sink = {}, .standard_error = make_logger()};
  return *output;
}

void append_escaped(std::string& out, std::string_view text) {
  const bool bare = is_utf8(text) && text.find_first_of(" =\"\\") == std::string_view::npos && !text.empty() &&
                    std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (bare) {
    out += text;
    return;
  }
  std::string clean(text);
  for (std::size_t at = 0; at < clean.size(); ++at) {
    at += first_bad_utf8(std::string_view(clean).substr(at));
    if (at < clean.size()) clean[at] = '?';
  }
  append_json_string(out, clean);
}

void append_message(std::string& out, std::string_view text) {
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
}

}  // namespace

LogField::LogField(std::string_view name, double number) : key(name) { append_json_number(value, number); }

std::string log_text(std::string_view room, std::string_view message, LogFields fields) {
  std::string out(room);
  out += ": ";
  append_message(out, message);
  for (const LogField& field : fields) {
    out += ' ';
    out += field.key;
    out += '=';
    append_escaped(out, field.value);
  }
  return out;
}

void log_line(LogLevel level, std::string_view room, std::string_view message, LogFields fields) {
  if (!logs(level)) return;
  const std::string text = log_text(room, message, fields);
  Output& out = output();
  const std::scoped_lock lock(out.mutex);
  if (out.sink) {
    out.sink(level, text);
  } else {
    out.standard_error->log(spdlog_level(level), spdlog::string_view_t(text.data(), text.size()));
  }
}

void set_log_level(LogLevel level) noexcept { lowest_level.store(level, std::memory_order_relaxed); }

bool logs(LogLevel level) noexcept { return level >= lowest_level.load(std::memory_order_relaxed); }

void set_log_sink(LogSink sink) {
  Output& out = output();
  const std::scoped_lock lock(out.mutex);
  out.sink = std::move(sink);
}

}  // namespace simhost
