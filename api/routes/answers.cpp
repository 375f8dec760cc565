// Shared answers of the generic API.
#include <api/routes/answers.hpp>

#include <bit>

#include <api/http/etag.hpp>
#include <host/base/json.hpp>
#include <host/base/limits.hpp>

namespace simhost::routes {

const Value& body_of(const http::Request& request) {
  static const Value nothing{Object{}};
  return request.has_body ? request.body : nothing;
}

session::SessionPointer session_of(const Context& context, const http::Request& request, const http::Reply& reply) {
  const std::string* id = request.param("session");
  auto session = context.registry.find(*id);
  if (session == nullptr)
    answer_fail(reply, {"not_found", "there is no session " + *id + "; GET /v1/sessions lists them"});
  return session;
}

namespace {

std::string bits(double value) { return std::to_string(std::bit_cast<std::uint64_t>(value)); }

std::string tag_of(const session::Info& info) {
  std::string all = info.id + '\n' + info.name + '\n' + std::string(session::to_string(info.state)) + '\n' +
                    std::to_string(info.generation) + std::string(session::to_string(info.overrun)) +
                    std::to_string(static_cast<int>(info.pace.mode)) + '\n' + bits(info.pace.rate);
  if (info.stop_at_s) all += '\n' + bits(*info.stop_at_s);
  if (info.reason) all += '\n' + info.reason->code + std::to_string(info.reason->tick);
  for (const auto& [key, text] : info.tags) all += '\n' + std::to_string(key.size()) + key + text;
  return http::etag_of(all);
}

http::Response with_tag(http::Response response, const session::Info& info) {
  response.set_header("ETag", tag_of(info));
  return response;
}

}  // namespace

http::Response show_session(const session::SessionPointer& session) {
  const auto info = session->info();
  return with_tag(http::answer(200, session::show(info)), info);
}

http::Response session_created(const session::SessionPointer& session) {
  const auto info = session->info();
  return with_tag(created("/v1/sessions/" + info.id, session::show(info)), info);
}

session::Registry::Precondition if_match(const http::Request& request) {
  if (request.header("if-match") == nullptr) return {};
  http::Request asked;  // the request itself may be gone by then
  asked.headers = request.headers;
  return [asked = std::move(asked)](const session::Session& session) {
    return http::check_match(asked, tag_of(session.info()));
  };
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
  read_texts(query, {{"after", &page.after}});
  return page;
}

void read_texts(QueryReader& query, std::initializer_list<std::pair<std::string_view, std::string*>> texts) {
  for (const auto& [key, into] : texts)
    if (const auto* text = query.text(key)) *into = *text;
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
