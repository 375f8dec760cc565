// The message that starts a subscription, checked in full: all faults at once.
#pragma once

#include <host/base/field_errors.hpp>
#include <host/session/registry.hpp>
#include <host/telemetry/subscribe.hpp>

namespace simhost::ws {

// The session that a message names under "session"; a fault where it names none.
session::SessionPointer find_session(const std::string& id_or_name, const session::Registry& registry,
                                     FieldErrors& errors);

// body: the message without op and ref. The request lacks whom to tell of the end.
Result<telemetry::SubscribeRequest> parse_subscribe(const Value& body, const session::Registry& registry);

}  // namespace simhost::ws
