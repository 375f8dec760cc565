// One recording in its folder: samples into a journal, full journals into parts, and a document that says what there
// is. One thread writes; what takes long is handed out as a Conversion and brought back.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include <host/record/info.hpp>
#include <host/record/journal.hpp>

namespace simhost::record {

// Files that are to become one; run by any thread.
struct Conversion {
  std::uint64_t number = 0;
  std::vector<std::filesystem::path> from;
  std::filesystem::path to;
  std::shared_ptr<const About> about;
  std::vector<Gap> gaps;

  [[nodiscard]] Result<PartInfo> run(const Progress& progress = {}) const;
};

class Recording {
 public:
  // Makes the folder and the document; durable once it returns.
  static Result<std::unique_ptr<Recording>> create(const std::filesystem::path& folder, Info info);
  // What an earlier run left: its journals wait for conversion.
  static Result<std::unique_ptr<Recording>> load(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  // With the sources of its rows.
  [[nodiscard]] Info info() const;
  [[nodiscard]] State state() const noexcept { return info_.state; }
  [[nodiscard]] bool is_open() const noexcept { return info_.is_open(); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return info_.bytes(); }
  [[nodiscard]] bool is_bounded_out() const noexcept { return full_; }  // max_bytes

  // While it waits samples become a gap. What does not fit into room (bytes) makes it wait, as does a full disk; any
  // other error makes it fail. Past its max_bytes it takes no more.
  void write(Batch batch, std::uint64_t room);
  void sync();
  void wait(const Error& why);
  void go_on();  // after waiting
  void fail_with(const Error& why, std::int64_t wall_ns);

  // Closes the open journal, so that it is converted. due: it is large or old enough.
  [[nodiscard]] bool is_due(std::int64_t now_ns, std::uint64_t segment_bytes, std::int64_t segment_ns) const noexcept;
  void roll();
  void close();  // the last one; a recording of nothing gets an empty one
  // The next one, while none is out. done: its part takes the place of its journal.
  std::optional<Conversion> next_conversion();
  void done(const Conversion& conversion, Result<PartInfo> part);
  [[nodiscard]] bool is_settled() const noexcept { return closed_.empty() && !converting_; }  // no journal is left
  [[nodiscard]] bool is_converting() const noexcept { return converting_; }

  void stop(std::string reason_code, std::string reason, std::int64_t wall_ns);
  // All parts into one, once it has stopped.
  [[nodiscard]] bool needs_join() const noexcept { return info_.state == State::stopped && info_.parts.size() > 1; }
  Conversion begin_join();
  Outcome joined(Result<PartInfo> whole);
  // Removes the files whose place others have taken. Until it is called those who know the old list find what is in it.
  void drop_replaced();

  Outcome save();
  void remove();

 private:
  Recording(std::filesystem::path folder, Info info) : folder_(std::move(folder)), info_(std::move(info)) {}
  [[nodiscard]] std::filesystem::path journal_path(std::uint64_t number) const;
  Outcome open_journal_file();
  void note(const Batch& batch);
  void note_gap(const Gap& gap);
  void miss(const Batch& batch);
  void put(Batch batch);
  [[nodiscard]] std::size_t fitting(std::uint64_t bytes) const noexcept;
  void trouble(const Error& error);
  Outcome find_journals();

  std::filesystem::path folder_;
  Info info_;
  std::optional<Journal> journal_;
  std::uint64_t journal_number_ = 0;
  std::int64_t opened_ns_ = 0;
  bool unsynced_ = false, full_ = false;
  struct Closed {
    std::uint64_t number = 0, bytes = 0;
  };
  std::deque<Closed> closed_;  // journals that wait for conversion, the first may be under way
  bool converting_ = false;
  std::vector<std::filesystem::path> replaced_;
  std::optional<Gap> missed_;  // since it waits
};

}  // namespace simhost::record
