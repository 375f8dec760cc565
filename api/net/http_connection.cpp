// The reading half of an HTTP connection and the hand-over to its site.
#include <api/net/http_connection.hpp>

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <api/http/access.hpp>
#include <api/net/ws_connection.hpp>

namespace simhost::net {
namespace {

constexpr std::size_t read_bytes = 4 << 10;
constexpr std::size_t body_read_bytes = 64 << 10;
constexpr std::size_t read_ahead_bytes = 64 << 10;    // of the next requests while one is handled
constexpr std::size_t refused_body_bytes = 64 << 10;  // read and dropped to keep the connection
constexpr std::size_t staged_bytes = 256 << 10;       // of a body, while the piece before it is written to its file
constexpr int requests_per_turn = 32;                 // of one connection before others get theirs

Instant now() { return std::chrono::steady_clock::now(); }

// Made empty, keeping what it has allocated.
void clear(http::Request& request) {
  for (std::string* text : {&request.method, &request.target, &request.path, &request.raw_body, &request.authority,
                            &request.mount, &request.request_id}) {
    text->clear();
  }
  for (http::Pairs* pairs : {&request.params, &request.query, &request.headers}) pairs->clear();
  request.body = Value();
  request.has_body = false;
  request.file.reset();
  request.identity = http::Identity::anonymous;
  if (request.raw_body.capacity() > body_read_bytes) request.raw_body.shrink_to_fit();
}

}  // namespace

// What a reply holds on to. Answers once; dropped without an answer it says so.
struct HttpConnection::Ticket {
  Ticket(std::shared_ptr<HttpConnection> of, std::uint64_t number) : connection(std::move(of)), serial(number) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() {
    if (!used.exchange(true)) connection->abandon(serial);
  }

  template <class Answer>
  void give(Answer answer) {
    if (!used.exchange(true)) connection->deliver(serial, std::move(answer));
  }

  std::shared_ptr<HttpConnection> connection;
  std::uint64_t serial;
  std::atomic<bool> used{false};
};

HttpConnection::HttpConnection(std::shared_ptr<Hub> hub, std::shared_ptr<http::Site> site, Socket socket,
                               Admittance admittance)
    : hub_(std::move(hub)),
      site_(std::move(site)),
      socket_(std::move(socket)),
      admittance_(admittance),
      reader_(hub_->settings) {}

HttpConnection::~HttpConnection() = default;

std::shared_ptr<HttpConnection> HttpConnection::self() {
  return std::static_pointer_cast<HttpConnection>(shared_from_this());
}

void HttpConnection::start() {
  ErrorCode ec;
  const auto endpoint = socket_.remote_endpoint(ec);
  const auto address = endpoint.address();
  remote_ = address.is_v6() && address.to_v6().is_v4_mapped()
                ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string()
                : address.to_string();
  socket_.non_blocking(true, ec);
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (!http::is_loopback_address(remote_)) {
    counted_address_ = hub_->take_address(remote_);
    if (!counted_address_) admittance_ = Admittance::refused;
  }
  hub_->join(shared_from_this());
  hub_->counters.connections.add();
  begin_request();
  read();
}

void HttpConnection::begin_request() {
  state_ = State::header;
  if (!request_ || request_.use_count() > 1) request_ = std::make_shared<http::Request>();
  clear(*request_);
  if (!request_->cancelled || request_->cancelled.use_count() > 1) {
    request_->cancelled = std::make_shared<std::atomic<int>>(0);
  }
  request_->cancelled->store(0, std::memory_order_relaxed);
  request_->remote = remote_;
  reader_.reset(request_.get());
  admission_ = {};
  pending_refusal_.reset();
  body_bytes_ = 0;
  storing_ = false;
  deadline_ = now() + (first_ || !in_.empty() ? hub_->settings.header_timeout : hub_->settings.idle_timeout);
}

void HttpConnection::read() {
  if (reading_ || state_ == State::closed) return;
  reading_ = true;
  const auto room = in_.room(state_ == State::body ? body_read_bytes : read_bytes);
  socket_.async_read_some(asio::buffer(room.data, room.size),
                          [me = self()](const ErrorCode& ec, std::size_t size) { me->on_read(ec, size); });
}

void HttpConnection::on_read(const ErrorCode& ec, std::size_t size) {
  reading_ = false;
  if (state_ == State::closed) return;
  if (ec) {
    peer_ended_ = true;
    request_->cancelled->store(1, std::memory_order_release);
    const bool has_all = state_ == State::storing || state_ == State::handling || state_ == State::writing;
    if (ec != asio::error::eof || !has_all) close();
    return;
  }
  hub_->counters.bytes_in.add(size);
  if (state_ == State::header && in_.empty()) deadline_ = std::min(deadline_, now() + hub_->settings.header_timeout);
  in_.commit(size);
  if (state_ == State::lingering) {
    in_.consume(size);
    discarded_ += size;
    return discarded_ > body_read_bytes * 16 ? close() : read();
  }
  if (state_ == State::storing || state_ == State::handling || state_ == State::writing) return watch_peer();
  process();
}

void HttpConnection::process() {
  if (processing_) return;
  processing_ = true;
  int turns = 0;
  while (turns < requests_per_turn && step()) ++turns;
  processing_ = false;
  if (turns == requests_per_turn) {
    hub_->post([me = self()] { me->process(); });
  } else if (state_ == State::header || (state_ == State::body && !is_full())) {
    read();
  } else if (state_ == State::storing || state_ == State::handling) {
    watch_peer();
  }
}

// One piece of work on the bytes at hand; true when another may follow at once.
bool HttpConnection::step() {
  if ((state_ != State::header && state_ != State::body) || in_.empty() || is_full()) return false;
  auto progress = reader_.feed(in_.bytes());
  if (!progress) {
    fail_request(progress.error());
    return false;
  }
  in_.consume(progress->used);
  if (state_ == State::body) {
    body_bytes_ += progress->used;
    deadline_ = body_deadline();
    store_body();
  }
  if (progress->step == RequestReader::Step::header) return take_header();
  if (progress->step == RequestReader::Step::more) return progress->used > 0;
  if (pending_refusal_) {
    write(std::move(*pending_refusal_));
  } else if (storing_) {
    state_ = State::storing;
    deadline_ = now() + admission_.deadline;
  } else {
    dispatch();
  }
  return state_ == State::header;
}

// The body may be as slow as the rate allows, after the grace.
Instant HttpConnection::body_deadline() const {
  const Settings& settings = hub_->settings;
  return body_start_ + settings.body_grace +
         std::chrono::milliseconds(body_bytes_ * 1000 / std::max<std::size_t>(1, settings.body_rate_bytes_per_s));
}

// Hands what has come of a body that goes to a file to the thread that writes; one piece at a time.
void HttpConnection::store_body() {
  if (storing_ || request_->file == nullptr || request_->raw_body.empty()) return;
  storing_ = true;
  hub_->bodies.post([me = self(), file = request_->file, bytes = std::exchange(request_->raw_body, {})] {
    auto written = file->append(bytes);
    me->hub_->post([me, file, written = std::move(written)] { me->on_stored(file.get(), written); });
  });
}

void HttpConnection::on_stored(const http::BodyFile* file, const Outcome& written) {
  if ((state_ != State::body && state_ != State::storing) || request_->file.get() != file) return;
  const bool waited = is_full();
  storing_ = false;
  if (!written) return fail_request(written.error());
  if (waited) {  // the client was not heard meanwhile, so its time begins anew
    body_start_ = now();
    body_bytes_ = 0;
    deadline_ = body_deadline();
  }
  store_body();
  if (state_ == State::storing && !storing_) dispatch();
  process();
}

// The disk is slower than the client: it is not read from until there is room.
bool HttpConnection::is_full() const { return storing_ && request_->raw_body.size() >= staged_bytes; }

bool HttpConnection::take_header() {
  first_ = false;
  request_->received = now();
  if (!admit()) return state_ == State::header || state_ == State::body;
  if (!reader_.facts().has_body()) {
    dispatch();
    return state_ == State::header;
  }
  state_ = State::body;
  body_start_ = request_->received;
  deadline_ = body_deadline();
  if (reader_.facts().expects_continue && in_.empty()) send_continue();
  return state_ == State::body;
}

// Asks the site. False when the request has been answered or will be, once its body has gone by.
bool HttpConnection::admit() {
  if (admittance_ == Admittance::refused || hub_->is_draining()) {
    const bool draining = hub_->is_draining();
    fail_request(draining ? Error{"draining", "the host is shutting down"}
                          : Error{"limit_reached", "the limit of connections is reached"});
    return false;
  }
  admission_ = site_->admit(*request_);
  const bool has_body = reader_.facts().has_body();
  if (admission_.refusal) {
    refuse_body(std::move(*admission_.refusal));
    return false;
  }
  if (admission_.purpose == http::Purpose::websocket && has_body) {
    fail_request(Error{"invalid_request", "an upgrade has no body"});
    return false;
  }
  if (auto limited = reader_.limit_body(admission_.body_max); !limited) {
    fail_request(limited.error());
    return false;
  }
  if (has_body && !admission_.body_folder.empty()) {
    auto file = http::BodyFile::make(admission_.body_folder);
    if (!file) {
      fail_request(file.error());
      return false;
    }
    request_->file = std::move(*file);
  }
  return true;
}

// Reads a small body away to keep the connection; a larger one, or one the client has not begun, ends it.
void HttpConnection::refuse_body(http::Response response) {
  const HeadFacts& facts = reader_.facts();
  if (!facts.has_body()) return write(std::move(response));
  const bool small = facts.content_length.value_or(refused_body_bytes + 1) <= refused_body_bytes;
  if (!small || facts.expects_continue) {
    closes_ = true;
    return write(std::move(response));
  }
  pending_refusal_ = std::move(response);
  reader_.discard_body();
  state_ = State::body;
  body_start_ = now();
  deadline_ = body_deadline();
}

void HttpConnection::send_continue() {
  constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  ErrorCode ec;
  const std::size_t sent = socket_.write_some(asio::buffer(line.data(), line.size()), ec);
  // Nothing else is on its way out, so a buffer too full for this is a broken peer.
  if (ec || sent != line.size()) close();
}

void HttpConnection::dispatch() {
  state_ = State::handling;
  deadline_ = now() + admission_.deadline;
  if (admission_.purpose == http::Purpose::websocket) return dispatch_upgrade();
  auto ticket = std::make_shared<Ticket>(self(), ++serial_);
  site_->handle(request_, admission_,
                [ticket = std::move(ticket)](http::Response response) { ticket->give(std::move(response)); });
}

void HttpConnection::dispatch_upgrade() {
  if (hub_->counters.websockets.get() >= hub_->settings.websockets) {
    return fail_request(Error{"limit_reached", "the limit of WebSockets is reached"});
  }
  auto ticket = std::make_shared<Ticket>(self(), ++serial_);
  site_->upgrade(request_, admission_, [ticket = std::move(ticket)](http::Upgrade upgrade) {
    if (auto* response = std::get_if<http::Response>(&upgrade)) {
      ticket->give(std::move(*response));
    } else {
      ticket->give(std::get<http::Accepted>(std::move(upgrade)));
    }
  });
}

template <class Answer>
void HttpConnection::deliver(std::uint64_t serial, Answer given) {
  if (hub_->on_io_thread() && processing_) {
    if (serial == serial_ && state_ == State::handling) answer(std::move(given));
    return;
  }
  hub_->post([me = self(), serial, given = std::move(given)]() mutable {
    if (serial == me->serial_ && me->state_ == State::handling) me->answer(std::move(given));
  });
}

void HttpConnection::abandon(std::uint64_t serial) {
  hub_->post([me = self(), serial] {
    if (serial != me->serial_ || me->state_ != State::handling) return;
    me->fail_request(Error{"internal", "the request was dropped without an answer"});
  });
}

void HttpConnection::answer(http::Response response) {
  ++serial_;
  write(std::move(response));
}

void HttpConnection::answer(http::Accepted accepted) {
  ++serial_;
  state_ = State::closed;
  hub_->leave(this);
  hub_->counters.connections.subtract();
  hub_->counters.responses[101].add();
  if (counted_address_) hub_->release_address(remote_);
  open_websocket(hub_, std::move(socket_), *request_, std::move(accepted), in_.bytes());
}

void HttpConnection::watch_peer() {
  const bool wanted = admission_.purpose == http::Purpose::request && in_.bytes().size() < read_ahead_bytes;
  if (wanted && !peer_ended_) read();
}

void HttpConnection::fail_request(const Error& error) {
  ++serial_;
  closes_ = true;
  write(site_->refuse(*request_, error));
}

}  // namespace simhost::net
