// One HTTP connection: reads requests one at a time, hands them to its site, writes the answers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <api/http/site.hpp>
#include <api/net/hub.hpp>
#include <api/net/read_buffer.hpp>
#include <api/net/request_reader.hpp>

namespace simhost::net {

enum class Admittance : std::uint8_t { open, refused };  // refused: over a limit, its first request gets 503

class HttpConnection final : public Peer {
 public:
  HttpConnection(std::shared_ptr<Hub> hub, std::shared_ptr<http::Site> site, Socket socket, Admittance admittance);
  ~HttpConnection() override;

  void start();
  void sweep(Instant now) override;
  void drain(std::uint16_t close_code) override;
  void abort() override;

 private:
  // storing: the body has come, and is being written to its file.
  enum class State : std::uint8_t { header, body, storing, handling, writing, lingering, closed };
  struct Ticket;

  // Reading.
  void read();
  void on_read(const ErrorCode& ec, std::size_t size);
  void process();
  bool step();
  void begin_request();
  bool take_header();
  bool admit();
  void refuse_body(http::Response response);
  void send_continue();
  [[nodiscard]] Instant body_deadline() const;
  void store_body();
  void on_stored(const http::BodyFile* file, const Outcome& written);
  [[nodiscard]] bool is_full() const;

  // Handling.
  void dispatch();
  void dispatch_upgrade();
  template <class Answer>
  void deliver(std::uint64_t serial, Answer answer);
  void answer(http::Response response);
  void answer(http::Accepted accepted);
  void abandon(std::uint64_t serial);
  void fail_request(const Error& error);
  void watch_peer();

  // Writing.
  void write(http::Response response);
  void send_head();
  void write_rest();
  void on_written();
  void read_piece();
  void take_piece(Result<std::string> piece);
  Outcome frame_piece();
  void linger();
  void close();
  [[nodiscard]] std::shared_ptr<HttpConnection> self();

  std::shared_ptr<Hub> hub_;
  std::shared_ptr<http::Site> site_;
  Socket socket_;
  std::string remote_;
  Admittance admittance_;
  State state_ = State::header;
  bool counted_address_ = false;
  bool reading_ = false;
  bool peer_ended_ = false;
  bool closes_ = false;  // after the answer
  bool first_ = true;
  bool processing_ = false;  // process() is on the stack
  std::uint64_t serial_ = 0;
  Instant deadline_;
  Instant body_start_;
  std::size_t body_bytes_ = 0;
  bool storing_ = false;  // a piece of the body is on its way to the disk
  std::size_t discarded_ = 0;

  ReadBuffer in_;
  RequestReader reader_;
  std::shared_ptr<http::Request> request_;
  http::Admission admission_;
  std::optional<http::Response> pending_refusal_;  // until the small body has been read

  std::string head_;
  http::Response response_;
  std::size_t written_ = 0;  // of head_ and piece_

  // The body: all of it, or of a long one the piece that is on its way.
  enum class Framing : std::uint8_t { counted, chunked, until_close };
  std::string piece_;
  std::shared_ptr<http::Source> source_;  // while there is more to come
  Framing framing_ = Framing::counted;
  std::uint64_t left_ = 0;  // counted: bytes of source_ to come
};

}  // namespace simhost::net
