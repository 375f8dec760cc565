// Reading messages, finding their operation, answering.
#include <api/ws/conversation.hpp>

#include <algorithm>
#include <limits>

#include <api/ws/ops.hpp>
#include <api/ws/parse_subscribe.hpp>
#include <host/base/clock.hpp>
#include <host/base/json.hpp>
#include <host/base/nearest.hpp>
#include <host/base/shape.hpp>

namespace simhost::ws {

namespace {

constexpr std::size_t ref_chars_max = 256;
constexpr std::size_t event_types_max = 64;

// A message without some of its members.
Value without(const Value& body, std::initializer_list<std::string_view> keys) {
  Object kept;
  for (const auto& member : body.members())
    if (std::ranges::find(keys, member.key) == keys.end()) kept.push_back(member);
  return Value(std::move(kept));
}

bool is_ref(const Value& ref) { return ref.is_integer() || (ref.is_string() && ref.string().size() <= ref_chars_max); }

// A command named in a message is part of it: 422, not 404.
Error in_message(Error error) {
  if (error.code != "not_found") return error;
  const auto detail = error.detail;
  return {"unknown_command", detail, {{"/name", "unknown_command", detail}}};
}

}  // namespace

class Conversation::Open {
 public:
  explicit Open(std::shared_ptr<std::atomic<unsigned>> count) : count_(std::move(count)) {}
  ~Open() { --*count_; }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

 private:
  std::shared_ptr<std::atomic<unsigned>> count_;
};

Conversation::Conversation(std::shared_ptr<const Room> room, std::string request_id)
    : room_(std::move(room)), request_id_(std::move(request_id)), client_(room_->pump.open()) {}

void Conversation::end() {
  room_->events->leave(*client_);
  room_->pump.drop(client_);
}

Result<std::shared_ptr<Conversation::Open>> Conversation::begin() {
  if (open_->fetch_add(1) < open_requests_max) return std::make_shared<Open>(open_);
  --*open_;
  return fail("overloaded", "this socket has asked for more than fits and was not answered yet; wait for the answers");
}

void Conversation::hear(telemetry::MessageKind kind, std::string_view message) {
  if (kind == telemetry::MessageKind::binary)
    return say(error_message({{}, request_id_}, {"invalid_json", "messages to the host are JSON in text frames"}));
  const auto body = parse_json(message);
  if (!body) return say(error_message({{}, request_id_}, body.error()));
  obey(*body);
}

void Conversation::obey(const Value& body) {
  Answering to{{}, request_id_};
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("op");
  if (const Value* ref = r.any("ref"); ref != nullptr && !ref->is_null()) {
    if (is_ref(*ref))
      to.ref = *ref;
    else
      r.refuse("ref", "wrong_type", "ref is an integer or a text of at most 256 characters");
  }
  std::vector<std::string_view> names;
  for (const auto& op : ops()) names.push_back(op.name);
  const auto place = r.choice("op", names);
  if (!errors.empty()) return say(error_message(to, validation_failed(std::move(errors))));
  const Op& op = ops()[*place];
  const bool refusable = op.effect == Effect::changes && room_->can_change;
  if (auto can = refusable ? room_->can_change() : Outcome{}; !can) return say(error_message(to, can.error()));
  (this->*op.run)(to, without(body, {"op", "ref"}));
}

void Conversation::subscribe(const Answering& to, const Value& body) {
  auto request = parse_subscribe(body, room_->registry);
  if (!request) return say(error_message(to, request.error()));
  auto open = begin();
  if (!open) return say(error_message(to, open.error()));
  request->ended = [client = std::weak_ptr(client_), id = request->id](telemetry::Ending ending) {
    if (const auto alive = client.lock()) alive->send(ended_message(id, ending));
  };
  auto answered = [client = client_, to, asked = *request, open = *open](const Result<telemetry::Granted>& granted) {
    client->send(granted ? subscribed_message(to, asked, *granted) : error_message(to, granted.error()));
  };
  room_->pump.subscribe(client_, std::move(*request), std::move(answered));
}

void Conversation::unsubscribe(const Answering& to, const Value& body) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("id");
  const auto id = r.integer("id", {0, std::numeric_limits<std::uint32_t>::max()});
  r.finish();
  if (!errors.empty()) return say(error_message(to, validation_failed(std::move(errors))));
  auto open = begin();
  if (!open) return say(error_message(to, open.error()));
  const auto which = static_cast<std::uint32_t>(*id);
  room_->pump.unsubscribe(client_, which, [client = client_, to, which, open = *open](const Outcome& outcome) {
    client->send(outcome ? unsubscribed_message(to, which) : error_message(to, outcome.error()));
  });
}

session::SessionPointer Conversation::session_of(const Answering& to, const Value& body) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("session");
  session::SessionPointer session;
  if (const auto name = r.text("session")) session = find_session(*name, room_->registry, errors);
  if (!errors.empty()) say(error_message(to, validation_failed(std::move(errors))));
  return session;
}

void Conversation::set(const Answering& to, const Value& body) {
  const auto session = session_of(to, body);
  if (session == nullptr) return;
  auto request = session::parse_write(without(body, {"session"}), *session->model(), session->lanes());
  if (!request) return say(error_message(to, request.error()));
  auto open = begin();
  if (!open) return say(error_message(to, open.error()));
  room_->registry.write(session, std::move(*request),
                        [client = client_, to, open = *open](const Result<session::Applied>& applied) {
                          client->send(applied ? ack_message(to, applied->tick) : error_message(to, applied.error()));
                        });
}

void Conversation::command(const Answering& to, const Value& body) {
  const auto session = session_of(to, body);
  if (session == nullptr) return;
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("name");
  const auto name = r.text("name");
  if (!errors.empty()) return say(error_message(to, validation_failed(std::move(errors))));
  const auto model = session->model();
  auto request = session::parse_command(*name, without(body, {"session", "name"}), *model, session->lanes());
  if (!request) return say(error_message(to, in_message(request.error())));
  auto open = begin();
  if (!open) return say(error_message(to, open.error()));
  const auto place = request->command;
  room_->registry.command(
      session, std::move(*request),
      [client = client_, to, model, place, open = *open](const Result<session::CommandResult>& ran) {
        client->send(ran ? ack_message(to, model->descriptor.commands[place], *ran) : error_message(to, ran.error()));
      });
}

void Conversation::events(const Answering& to, const Value& body) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.require("types");
  std::vector<std::string> types;
  if (const Value* list = r.array("types", event_types_max))
    for (std::size_t i = 0; i < list->items().size(); ++i)
      if (auto type = read_text(list->items()[i], {1, 64}, r.pointer("types") + "/" + std::to_string(i), errors))
        types.push_back(std::move(*type));
  r.finish();
  if (!errors.empty()) return say(error_message(to, validation_failed(std::move(errors))));
  say(ack_message(to));
  room_->events->listen(client_, std::move(types));
}

void Conversation::ping(const Answering& to, const Value& body) {
  FieldErrors errors;
  ObjectReader r(body, "", errors);
  r.finish();
  if (!errors.empty()) return say(error_message(to, validation_failed(std::move(errors))));
  say(pong_message(to, system_clock().wall_ns()));
}

}  // namespace simhost::ws
