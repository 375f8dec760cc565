// Open and message of a stream, on the lane of their plugin.
#include <host/services/conversation.hpp>

#include <optional>

#include <host/base/json.hpp>
#include <host/base/limits.hpp>
#include <host/services/answers.hpp>
#include <host/services/problems.hpp>
#include <host/services/tables.hpp>

namespace simhost::services {

namespace {

constexpr std::uint16_t policy_violation = 1008, internal_error = 1011, try_again_later = 1013;
constexpr std::int64_t deadline_ns = std::int64_t{limits::route_deadline_default_ms} * 1'000'000;

// What a sink collects beside what it sends at once.
struct Sink {
  explicit Sink(const Seat& where) : seat(where) {}
  const Seat& seat;
  std::optional<std::pair<std::uint16_t, std::string>> closed;

  static std::int32_t message(void* context, std::uint32_t kind, const void* data, std::uint64_t size) noexcept {
    if ((kind != SIM_TEXT && kind != SIM_BINARY) || (data == nullptr && size > 0) || size > limits::ws_send_queue_bytes)
      return SIM_INVALID_ARG;
    return guarded([&]() -> sim_status {
      const auto& self = *static_cast<Sink*>(context);
      const auto* bytes = static_cast<const char*>(data);
      telemetry::Plain plain{kind == SIM_TEXT ? telemetry::MessageKind::text : telemetry::MessageKind::binary,
                             std::make_shared<const std::string>(bytes, bytes + size)};
      return self.seat.endpoint->stream()->push(*self.seat.client, std::move(plain)) ? SIM_OK : SIM_WRONG_STATE;
    });
  }
  static std::int32_t close(void* context, std::uint32_t code, const char* reason) noexcept {
    if (code < 1000 || code > 4999) return SIM_INVALID_ARG;
    return guarded([&]() -> sim_status {
      static_cast<Sink*>(context)->closed.emplace(static_cast<std::uint16_t>(code),
                                                  std::string(view(reason, limits::tag_bytes)));
      return SIM_OK;
    });
  }
  sim_sink table() { return {sizeof(sim_sink), 0, this, message, close}; }
};

Error too_many_messages() {
  return Error{"rate_limit_exceeded", "the clients of this session send more messages than the stream takes", {}, 0, 1};
}

}  // namespace

Outcome Conversation::open(const Declared& declared, const sim_request& request) {
  if (declared.stream->open == nullptr) return {};
  seat_.client->keep_outside();
  Sink sink(seat_);
  const sim_sink table = sink.table();
  const auto status =
      guarded([&] { return declared.stream->open(declared.generation->host(), &request, seat_.client->id(), &table); });
  seat_.client->let_in();
  if (status == SIM_OK || status == SIM_WARNING) {
    if (sink.closed) close(sink.closed->first, sink.closed->second);
    return {};
  }
  const std::string reason = sink.closed && !sink.closed->second.empty() ? sink.closed->second : "the plugin refused";
  if (status == SIM_INVALID_ARG) return fail("not_found", reason);
  if (status == SIM_BUSY) return fail(Error{"plugin_unavailable", reason, {}, 0, 1});
  return fail("forbidden", reason);
}

void Conversation::hear(telemetry::MessageKind kind, std::string_view bytes) {
  const auto session = seat_.endpoint->stream()->followed(*seat_.client);
  const bool admitted = seat_.endpoint->admit(session, seat_.client->id(), monotonic_now_ns());
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    if (said_.size() < limits::stream_client_inbox) {
      said_.push_back({kind, admitted ? std::string(bytes) : std::string(), !admitted});
    } else {
      ended_ = true;
      said_.clear();
    }
    if (!ended_ && std::exchange(busy_, true)) return;
  }
  if (ended_) return close(policy_violation, "too many messages wait for the plugin");
  schedule();
}

void Conversation::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  said_.clear();
}

// The generation of the moment answers; while its lane has the task, that one is held.
void Conversation::schedule() {
  const Declared declared = seat_.endpoint->declared();
  const LanePointer lane = declared ? Services::lane_of(*declared.generation) : nullptr;
  if (lane == nullptr) return end();
  Task task;
  task.deadline_ns = monotonic_now_ns() + deadline_ns;
  task.run = [self = shared_from_this(), declared] { self->run(declared); };
  task.overdue = [self = shared_from_this()](const Error& error) {
    self->end();
    self->close(internal_error, error.detail);
  };
  task.drop = [self = shared_from_this()](const Error& error) {
    self->end();
    self->close(try_again_later, error.detail);
  };
  if (auto taken = services_.workers().submit(lane, std::move(task)); !taken) {
    end();
    close(try_again_later, taken.error().detail);
  }
}

void Conversation::run(const Declared& declared) {
  Said said;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || said_.empty()) {
      busy_ = false;
      return;
    }
    said = std::move(said_.front());
    said_.pop_front();
  }
  tell(declared, said);
  next();
}

void Conversation::next() {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || said_.empty()) {
      busy_ = false;
      return;
    }
  }
  schedule();
}

void Conversation::tell(const Declared& declared, const Said& said) {
  if (declared.stream->message == nullptr) return;
  std::optional<Value> value;
  std::optional<Error> error;
  if (said.too_many) {
    error = too_many_messages();
  } else if (said.kind == telemetry::MessageKind::text) {
    auto parsed = parse_json(said.bytes);
    if (parsed)
      value = std::move(*parsed);
    else
      error = std::move(parsed.error());
  }
  std::optional<ProblemView> problem;
  if (error) problem.emplace(*error);
  const bool raw = said.kind == telemetry::MessageKind::binary && !error;
  Sink sink(seat_);
  const sim_sink table = sink.table();
  static_cast<void>(guarded([&] {
    return declared.stream->message(declared.generation->host(), seat_.client->id(),
                                    value ? as_plugin_value(*value) : nullptr, raw ? text_of(said.bytes) : sim_text{},
                                    problem ? problem->get() : nullptr, &table);
  }));
  if (sink.closed) {
    end();
    close(sink.closed->first, sink.closed->second);
  }
}

void Conversation::close(std::uint16_t code, std::string reason) {
  constexpr std::size_t reason_bytes_max = 120;  // what fits a close frame
  if (reason.size() > reason_bytes_max) reason.resize(reason_bytes_max);
  seat_.endpoint->stream()->close(*seat_.client, code, std::move(reason));
}

}  // namespace simhost::services
