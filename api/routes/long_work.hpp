// Requests that a client would rather not wait for: Prefer: respond-async (RFC 7240) and the answer 202 with a job.
#pragma once

#include <api/routes/answers.hpp>

namespace simhost::routes {

// Of one POST .../step that is not waited for.
inline constexpr std::int64_t background_step_ticks = 1'000'000'000'000;

bool prefers_async(const http::Request& request);
// 202 with Location and the job as it is.
http::Response accepted(const jobs::JobPointer& job);
// What OpenAPI tells of it; the route takes the header Prefer.
void declare_async(http::RouteInfo& info);

// Moves a session on by many ticks, a slice at a time, so that it can be cancelled in between; the job's result is the
// session. Answers with the job.
void step_in_background(const Context& context, const session::SessionPointer& session, std::uint64_t ticks,
                        const http::Reply& reply);

}  // namespace simhost::routes
