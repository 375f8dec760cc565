// Errors as RFC 9457 documents: the one shape of every error of the host, over HTTP and inside streams.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <api/http/message.hpp>

namespace simhost::http {

// What Retry-After says of it; 0: nothing.
int retry_after_s(const Error& error, int status);

// type, title, status, code, detail, instance, request_id, errors. At most 64 field errors are listed. The code is
// that of the only field error where the error itself is the general validation_failed.
Value problem_document(const Error& error, std::string_view instance, std::string_view request_id);

// status, Retry-After, WWW-Authenticate and the document as application/problem+json.
Response problem(const Error& error, const Request& request);

// Shapes an error on a compatibility listener: status, headers and body; nothing leaves it to problem().
using ErrorRenderer = std::function<std::optional<Response>(const Request&, const Error&)>;

// The answer to an error under a listener's renderer; headers of the protocol (Retry-After) are there either way.
Response render_error(const Error& error, const Request& request, const ErrorRenderer& renderer);

}  // namespace simhost::http
