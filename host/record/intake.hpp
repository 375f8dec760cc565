// The way of samples from the pump to the writer of one recording: bounded, and nobody waits in it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <host/record/journal.hpp>
#include <host/telemetry/cursor.hpp>

namespace simhost::record {

class Intake {
 public:
  explicit Intake(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // [pump] False: it is full, and the batch is dropped.
  bool push(Batch batch);
  // [pump] A session that can wait does so from the half on: set to real time then, the rest takes what it had ready.
  [[nodiscard]] bool has_room() const noexcept { return bytes_.load() < bytes_max_ / 2; }
  // [pump] No batch comes any more, and why: stopped, deleted, failed (of the session), max_s, or "" (it was taken
  // off).
  void end(std::string why);

  // [writer] What came; whether that was the last of it.
  struct Taken {
    std::vector<Batch> batches;
    bool ended = false;
    std::string why;
  };
  Taken take();

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> bytes_{0};
  std::mutex mutex_;
  std::vector<Batch> batches_;
  bool ended_ = false;
  std::string why_;
};

// What a cursor needs to know of its recording.
struct CursorPlan {
  telemetry::Selection selection;
  std::uint32_t every_ticks = 1;
  double max_s = 0;                   // of simulated time; 0: no bound
  double from_s = 0;                  // of the first row that is there already
  std::int64_t last_tick = -1;        // of the last row that is there already; -1: none
  std::string gap_reason = "lapped";  // of what is missing before its first frame
  std::function<void()> begun;        // from here on nothing goes by unseen
};

// Reads every tick of a session for a recording; a session without a clock waits for it.
class RecordCursor final : public telemetry::Cursor {
 public:
  RecordCursor(CursorPlan plan, std::shared_ptr<Intake> intake);
  ~RecordCursor() override;

  [[nodiscard]] bool has_room() const override { return intake_->has_room(); }
  [[nodiscard]] std::int64_t due_ns() const override { return next_ns_; }
  void take(const telemetry::Sample& sample) override;
  void serve(std::int64_t now_ns, const telemetry::Newest& newest) override;
  After end(telemetry::Ending ending) override;

 private:
  bool is_repeated(std::int64_t tick);
  void keep(const telemetry::Sample& sample);
  void note_gap(const telemetry::Sample& sample);
  void flush();

  CursorPlan plan_;
  std::shared_ptr<Intake> intake_;
  Batch batch_;
  bool has_rows_ = false, full_ = false, begun_ = false;
  bool repeats_ = false;        // the session may be at ticks that an earlier run has recorded
  bool lapped_ = false;         // ticks went by unseen since the last row
  std::int64_t seen_tick_ = 0;  // the last of those
  std::int64_t next_ns_ = 0;
};

}  // namespace simhost::record
