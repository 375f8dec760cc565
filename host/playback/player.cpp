// The thread that decodes ahead of the ticks.
#include <host/playback/player.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/playback/model.hpp>

namespace simhost::playback {

namespace {

// A tick wakes nobody: who fills looks for room this often.
constexpr auto look_every = std::chrono::milliseconds(2);
constexpr std::size_t rows_at_once = 1024;

engine::Kept keep_row(const record::Rows& rows, const session::Model& model, std::uint64_t seed) {
  const auto& d = model.descriptor;
  engine::Kept kept{.columns = model.step->columns,
                    .spans = {},
                    .values = {},
                    .count = d.max_lanes,
                    .seed = seed,
                    .tick = static_cast<std::uint64_t>(rows.tick.front()),
                    .dt_ns = d.step_default_ns};
  for (std::size_t c = 0; c < rows.values.size(); ++c) {
    kept.spans.push_back({kept.values.size(), kept.count});
    for (std::uint32_t k = 0; k < kept.count; ++k)
      kept.values.push_back(std::isnan(rows.values[c][k]) ? kept.columns[c].start : rows.values[c][k]);
  }
  return kept;
}

// The recording that the body names cannot be played: the client's to mend.
tl::unexpected<Error> refused(const Error& why) {
  const std::string code = why.code == "not_found" ? "unknown_reference" : why.code;
  return fail(Error{code, why.detail, {{"/recording", code, why.detail}}, 422});
}

// A whole frame, from that row on.
Result<record::Rows> read_frame(record::Reader& reader, std::uint64_t row) {
  const auto lanes = reader.about().lanes.size();
  auto rows = reader.read(row, lanes);
  if (!rows) return fail(rows.error());
  if (rows->size() != lanes) return fail("file_damaged", "the recording ends within a tick");
  return rows;
}

}  // namespace

Player::Player(session::Registry& registry, Open open)
    : registry_(registry), open_(std::move(open)), thread_([this] { run(); }) {
  using Done = session::Done<session::SessionPointer>;
  registry_.on_playback([this](session::Spec spec, Done done) { create(std::move(spec), std::move(done)); });
}

Player::~Player() {
  registry_.on_playback(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void Player::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  came_.notify_one();
}

void Player::run() {
  std::unique_lock lock(mutex_);
  bool filled = false;
  while (!stop_) {
    const auto something = [this] { return stop_ || !work_.empty(); };
    if (plays_.empty())
      came_.wait(lock, something);
    else if (!filled)
      came_.wait_for(lock, look_every, something);
    auto work = std::exchange(work_, {});
    lock.unlock();
    for (auto& one : work) one();
    work.clear();
    std::erase_if(plays_, [](const PlayPointer& play) { return play->deck.use_count() == 1; });
    filled = false;
    for (const auto& play : plays_) filled = fill(*play) || filled;
    lock.lock();
  }
}

void Player::create(session::Spec spec, session::Done<session::SessionPointer> done) {
  post([this, spec = std::move(spec), done = std::move(done)]() mutable { do_create(std::move(spec), done); });
}

void Player::do_create(session::Spec spec, const session::Done<session::SessionPointer>& done) {
  auto play = std::make_shared<Play>();
  auto prepared = prepare(std::move(spec), play);
  if (!prepared) return done(fail(prepared.error()));
  plays_.push_back(play);
  registry_.create(std::move(*prepared), [play, done](Result<session::SessionPointer> made) {
    if (made) {
      const std::lock_guard lock(play->mutex);
      play->session = *made;
    }
    done(std::move(made));
  });
}

Result<session::Spec> Player::prepare(session::Spec spec, const PlayPointer& play) {
  auto reader = open_(spec.recording);
  if (!reader) return refused(reader.error());
  const auto& about = (*reader)->about();
  if ((*reader)->rows() == 0 || about.columns.empty())
    return refused({"not_valid", "there is nothing in this recording yet"});
  auto first = read_frame(**reader, 0);
  if (!first) return refused(first.error());
  play->deck = std::make_shared<Deck>((*reader)->frames(), about.lanes.size(), starts_of(about));
  spec.model = make_model(about, play->deck);
  spec.lanes = static_cast<std::uint32_t>(about.lanes.size());
  spec.step_ns = about.step_ns;
  spec.seed = about.seed;
  spec.overrun = session::Overrun::slow;
  spec.playback = std::make_shared<session::Playback>(
      session::Playback{about.id, (*reader)->from_s(), (*reader)->to_s(), about.row_ns(),
                        keep_row(*first, *spec.model, about.seed), play->deck});
  play->reader = std::move(*reader);
  return spec;
}

bool Player::fill(Play& play) {
  const auto room = play.deck->room();
  if (room.count == 0) return false;
  if (auto put = put_rows(play, room); !put) {
    log_error("playback", "a recording cannot be read any further",
              {{"recording", play.reader->about().id}, {"code", put.error().code}, {"detail", put.error().detail}});
    play.deck->fail();
  }
  if (play.deck->was_starved()) nudge(play);
  return true;
}

Outcome Player::put_rows(Play& play, Deck::Room room) {
  const auto lanes = play.deck->lanes();
  const auto rows = play.reader->read(room.row * lanes, std::min(room.count, rows_at_once) * lanes);
  if (!rows) return fail(rows.error());
  if (rows->size() == 0 || rows->size() % lanes != 0)
    return fail("file_damaged", "a group of rows does not hold whole ticks");
  for (std::size_t at = 0; at < rows->size(); at += lanes) {
    play.columns.clear();
    for (const auto& column : rows->values) play.columns.push_back(column.data() + at);
    play.deck->put(static_cast<std::uint64_t>(rows->tick[at]), play.columns);
  }
  return {};
}

void Player::nudge(Play& play) {
  session::SessionPointer session;
  {
    const std::lock_guard lock(play.mutex);
    session = play.session.lock();
  }
  if (session != nullptr) registry_.nudge(*session);
}

void Player::seek(session::SessionPointer session, double time_s, session::Done<session::Nothing> done) {
  post([this, session = std::move(session), time_s, done = std::move(done)] { do_seek(session, time_s, done); });
}

void Player::do_seek(const session::SessionPointer& session, double time_s,
                     const session::Done<session::Nothing>& done) {
  const auto& playback = session->playback();
  const auto is_it = [&](const PlayPointer& play) { return playback != nullptr && play->deck == playback->source; };
  const auto at = std::ranges::find_if(plays_, is_it);
  if (at == plays_.end() || session->state() == session::State::failed)
    return done(fail("wrong_state", "seek needs a session that plays a recording and has not failed"));
  auto& reader = *(*at)->reader;
  const auto row = reader.row_at_time(time_s);
  if (!row) return done(fail(row.error()));
  if (!*row || time_s > reader.to_s()) {
    const auto detail =
        "the recording goes from " + std::to_string(reader.from_s()) + " to " + std::to_string(reader.to_s()) + " s";
    return done(fail(Error{"value_out_of_range", detail, {{"/time_s", "value_out_of_range", detail}}}));
  }
  const auto rows = read_frame(reader, **row);
  if (!rows) return done(fail(rows.error()));
  registry_.seek(session,
                 {keep_row(*rows, *session->model(), reader.about().seed), **row / reader.about().lanes.size()}, done);
}

}  // namespace simhost::playback
