/// A plugin's WebSocket endpoints in C++: the view of a frame, and the maker of the C table.
///
/// A stream is a struct with `open` and any of `message`, `encode`, `idle`, `ended`, `alert`:
/// ```cpp
/// struct Telemetry {
///   static sim_status open(sim::Request& request, std::uint64_t client, const sim::Sink& sink);
///   static void message(const sim::Message& message, const sim::Sink& sink);
///   static void encode(const sim::Frame* previous, const sim::Frame& now, std::uint32_t variant, const sim::Sink&
///   sink); static void idle(std::uint32_t variant, const sim::Sink& sink);
///   static void ended(const sim_ending& ending, std::uint32_t variant, const sim::Sink& sink);
///   static void alert(const sim::Frame& now, const sim::Value& alert, std::uint32_t variant, const sim::Sink& sink);
/// };
/// static constexpr sim_stream list[] = {sim::stream<Telemetry>({.path = "/ws", .summary = "Telemetry", ...})};
/// ```
#pragma once

#include <sim/ext/streams.h>
#include <sim/cpp/routes.hpp>

namespace sim::inline sdk_v1_0 {

/// One published tick of a session; `value(v)` in the order of the stream's `vars`.
class Frame {
 public:
  explicit Frame(const sim_view* view) noexcept : view_(view) {}
  std::string_view session() const noexcept { return view_of(view_->session); }
  std::uint32_t lanes() const noexcept { return view_->lanes; }
  std::uint64_t tick() const noexcept { return view_->tick; }
  double time_s() const noexcept { return view_->time_s; }
  double step_s() const noexcept { return view_->step_s; }
  /// The wall clock of this frame, ns since 1970 UTC.
  std::int64_t wall_ns() const noexcept {
    return view_->start_wall_ns + static_cast<std::int64_t>(view_->time_s * 1e9);
  }
  /// That of simulated time 0: as in `sim_session_info`, it moves on by the time the session stood.
  std::int64_t start_wall_ns() const noexcept { return view_->start_wall_ns; }
  double value(std::uint32_t v, std::uint32_t lane = 0) const noexcept { return view_->value[v][lane]; }

 private:
  const sim_view* view_;
};

/// What a client sent: parsed, or raw bytes, or a problem (unreadable, too many).
struct Message {
  const sim_host* host;
  std::uint64_t client;
  Value value;
  std::string_view bytes;
  const sim_problem* problem;
};

/// What is said of a stream; fields as in `sim_stream`.
struct Stream {
  const char *path, *summary;
  const char* messages = nullptr;
  const char* model = nullptr;
  std::span<const std::uint32_t> vars = {};
  std::span<const char* const> variants = {};
  std::int64_t period_ns = 0;
  std::uint32_t flags = 0, max_message = 0, max_per_s = 0, idle_ms = 0;
};

namespace detail {

template <class F>
int32_t guarded_stream(F f) noexcept {
  try {
    if constexpr (std::is_void_v<decltype(f())>)
      return f(), SIM_OK;
    else
      return f();
  } catch (...) {
    return SIM_ERROR;
  }
}
template <class S>
struct StreamEntries {
  static int32_t open(const sim_host* host, const sim_request* request, uint64_t client,
                      const sim_sink* sink) noexcept {
    Request in(host, request);
    const Sink out(sink);
    return guarded_stream([&] { return S::open(in, client, out); });
  }
  static int32_t message(const sim_host* host, uint64_t client, const sim_value* value, sim_text data,
                         const sim_problem* problem, const sim_sink* sink) noexcept {
    const Message in{host, client, {extension<sim_values>(host, SIM_VALUES), value}, view_of(data), problem};
    const Sink out(sink);
    if constexpr (requires { S::message(in, out); })
      return guarded_stream([&] { return S::message(in, out); });
    else
      return SIM_OK;
  }
  static int32_t encode(const sim_view* previous, const sim_view* now, uint32_t variant,
                        const sim_sink* sink) noexcept {
    const Frame before(previous), frame(now);
    const Sink out(sink);
    const Frame* last = previous == nullptr ? nullptr : &before;
    if constexpr (requires { S::encode(last, frame, variant, out); })
      return guarded_stream([&] { return S::encode(last, frame, variant, out); });
    else
      return SIM_OK;
  }
  static int32_t idle(uint32_t variant, const sim_sink* sink) noexcept {
    const Sink out(sink);
    if constexpr (requires { S::idle(variant, out); })
      return guarded_stream([&] { return S::idle(variant, out); });
    else
      return SIM_OK;
  }
  static int32_t ended(const sim_ending* ending, uint32_t variant, const sim_sink* sink) noexcept {
    const Sink out(sink);
    if constexpr (requires { S::ended(*ending, variant, out); })
      return guarded_stream([&] { return S::ended(*ending, variant, out); });
    else
      return SIM_OK;
  }
  static int32_t alert(const sim_host* host, const sim_view* now, const sim_value* alert, uint32_t variant,
                       const sim_sink* sink) noexcept {
    const Frame frame(now);
    const Sink out(sink);
    const Value value(extension<sim_values>(host, SIM_VALUES), alert);
    if constexpr (requires { S::alert(frame, value, variant, out); })
      return guarded_stream([&] { return S::alert(frame, value, variant, out); });
    else
      return SIM_OK;
  }
  static constexpr bool has_alert = requires(const Frame& f, const Value& v, const Sink& out) {
    S::alert(f, v, 0u, out);
  };
  static constexpr bool has_ended = requires(const sim_ending& e, const Sink& out) { S::ended(e, 0u, out); };
  static constexpr bool has_idle = requires(const Sink& out) { S::idle(0u, out); };
};

}  // namespace detail

template <class S>
constexpr sim_stream stream(const Stream& s) noexcept {
  using E = detail::StreamEntries<S>;
  return {sizeof(sim_stream),
          s.flags,
          static_cast<std::uint32_t>(s.variants.size()),
          static_cast<std::uint32_t>(s.vars.size()),
          s.max_message,
          s.max_per_s,
          s.idle_ms,
          0,
          s.period_ns,
          s.path,
          s.summary,
          s.messages,
          s.variants.data(),
          s.vars.data(),
          s.model,
          &E::open,
          &E::message,
          &E::encode,
          E::has_idle ? &E::idle : nullptr,
          E::has_ended ? &E::ended : nullptr,
          E::has_alert ? &E::alert : nullptr};
}
template <std::size_t N>
constexpr sim_streams streams(const sim_stream (&list)[N]) noexcept {
  return {sizeof(sim_streams), static_cast<std::uint32_t>(N), list};
}

}  // namespace sim::inline sdk_v1_0
