// A reader of one session's frames, and what its feed gives it. All on the pump's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <host/base/value.hpp>
#include <host/telemetry/batch.hpp>
#include <host/telemetry/plan.hpp>

namespace simhost::telemetry {

// The newest frame of a session. serial: rises with every frame that differs in tick or revision; 0: there is none.
struct Newest {
  std::uint64_t serial = 0;
  const engine::Frame* frame = nullptr;
};

// Why a session ended: stopped, failed or deleted.
enum class Ending : std::uint8_t { stopped, failed, deleted };
std::string_view to_string(Ending ending) noexcept;

// What a reader found in a frame, for the streams of a plugin on the same session.
struct Notice {
  std::string owner;  // the plugin it is for
  std::shared_ptr<const Value> content;
};

class Cursor {
 public:
  explicit Cursor(Demand demand) : demand_(std::move(demand)), values_(demand_.selection.values()) {}
  virtual ~Cursor() = default;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  [[nodiscard]] const Demand& demand() const noexcept { return demand_; }
  void set_rate(double rate_hz) noexcept { demand_.rate_hz = rate_hz; }

  // Frames come from this tap from now on; only complete gathers are asked for values.
  void place(const engine::Wanted& from) { gather_ = Gather(from, demand_.selection); }
  [[nodiscard]] bool placed() const noexcept { return gather_.complete(); }
  [[nodiscard]] bool reads_every() const noexcept { return demand_.reads == Reads::every && placed(); }
  // Nothing may be lost to it.
  [[nodiscard]] bool lossless() const noexcept { return demand_.loss == Loss::none && reads_every(); }
  // Whether take() can be given one more; asked of lossless ones, whose session waits meanwhile if it can.
  [[nodiscard]] virtual bool has_room() const { return true; }
  // It gets the present frame first, whoever else has had that before.
  [[nodiscard]] bool started() const noexcept { return started_; }
  void start() noexcept { started_ = true; }

  // When it wants to be served next, and how exactly.
  [[nodiscard]] virtual std::int64_t due_ns() const = 0;
  // The next frame of all; only for Reads::every.
  virtual void take(const Sample& sample) = 0;
  // It is due, or everything is to be sent (flush).
  virtual void serve(std::int64_t now_ns, const Newest& newest) = 0;
  // What another reader found in the newest frame, once that has been passed to all.
  virtual void hear(const Notice&) {}
  [[nodiscard]] bool has_notices() const noexcept { return !notices_.empty(); }
  [[nodiscard]] std::vector<Notice> take_notices() { return std::exchange(notices_, {}); }
  // The session ended, after its last frame has been served. Returns whether the cursor stays.
  enum class After : std::uint8_t { gone, stays };
  virtual After end(Ending ending) = 0;
  // Settings of the session may have changed (name, start).
  virtual void refresh() {}

  // The values of a frame of the tap it is placed on; valid until the next call.
  const double* values_of(const engine::Frame& frame) {
    gather_.copy(frame.values.data(), values_.data());
    return values_.data();
  }

 protected:
  // To be said of the frame that take() was given.
  void tell(std::vector<Notice> notices) { notices_ = std::move(notices); }

 private:
  Demand demand_;
  std::vector<Notice> notices_;
  Gather gather_;
  std::vector<double> values_;
  bool started_ = false;
};

}  // namespace simhost::telemetry
