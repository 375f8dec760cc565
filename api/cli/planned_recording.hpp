// What the action "recording" of a schedule does: the hand that plan has on the recorder.
#pragma once

#include <host/plan/action.hpp>
#include <host/record/recorder.hpp>

namespace simhost::cli {

// body: {"start":{as POST .../recordings}} or {"stop":{"recording":"…"}}, {"stop":{}} for all of the session. [any]
void record_as_planned(record::Recorder& recorder, const session::SessionPointer& session, const Value& body,
                       session::Done<session::Nothing> done);

}  // namespace simhost::cli
