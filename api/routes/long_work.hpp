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

// Where the handler's answer goes: to the client, or, where it would rather not wait, into a job it is told of now.
// That job's result is the body of the answer once the store has what came before it, its error the answer's. Empty:
// answered with why there is no job; there is nothing to do. To be called when the request is known to be well formed;
// jobs and store outlive what is returned.
http::Reply as_preferred(jobs::Jobs& jobs, store::Store& store, const http::Request& request, const http::Reply& reply,
                         std::string kind);

// Moves a session on by many ticks, a slice at a time, so that it can be cancelled in between; the job's result is the
// session. Answers with the job.
void step_in_background(const Context& context, const session::SessionPointer& session, std::uint64_t ticks,
                        const http::Reply& reply);

}  // namespace simhost::routes
