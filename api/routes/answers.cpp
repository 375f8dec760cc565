// Shared answers of the generic API.
#include <api/routes/answers.hpp>

#include <api/http/etag.hpp>
#include <host/base/json.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

session::SessionPointer session_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("session");
  auto session = context.registry.find(*id);
  if (session == nullptr)
    answer_fail(reply, {"not_found", "there is no session " + *id + "; GET /v1/sessions lists them"});
  return session;
}

http::Response show_session(const session::SessionPointer& session) {
  return http::answer(200, session::show(session->info()));
}

http::Response created(std::string location, Value body) {
  auto response = http::answer(201, std::move(body));
  response.set_header("Location", std::move(location));
  return response;
}

http::Response no_content() {
  http::Response response;
  response.status = 204;
  return response;
}

Page read_page(QueryReader& query) {
  Page page;
  page.limit = static_cast<std::size_t>(
      query.integer("limit", {1, static_cast<std::int64_t>(limits::list_items)}).value_or(limits::list_items_default));
  if (const std::string* after = query.text("after")) page.after = *after;
  return page;
}

http::Response cached(const http::Request& request, Value body) {
  const std::string tag = http::etag_of(to_json(body));
  http::Response response =
      http::is_known(request, tag) ? http::Response{.status = 304} : http::answer(200, std::move(body));
  response.set_header("ETag", tag);
  response.set_header("Cache-Control", "no-cache");
  return response;
}

}  // namespace simhost::routes
