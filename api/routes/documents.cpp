// The documents of the API: OpenAPI, AsyncAPI, a page made of them, and the page of error codes.
#include <api/routes/openapi.hpp>

#include <api/routes/answers.hpp>
#include <api/routes/html.hpp>
#include <api/routes/schemas.hpp>
#include <host/base/codes.hpp>

namespace simhost::routes {

namespace {

http::Route json_route(std::string path, std::string id, std::string summary, std::function<Value()> document) {
  http::Route route{"GET", std::move(path), {.id = std::move(id), .summary = std::move(summary), .tag = "documents"}};
  route.info.access = http::Access::open;
  route.info.answers = {answers_with(200, schema(R"({"type":"object"})"), "the document")};
  route.handler = [document = std::move(document)](const http::Request& request, const http::Reply& reply) {
    reply(cached(request, document()));
  };
  return route;
}

http::Route page_route(std::string path, std::string id, std::string summary, std::function<std::string()> page) {
  http::Route route{"GET", std::move(path), {.id = std::move(id), .summary = std::move(summary), .tag = "documents"}};
  route.info.access = http::Access::open;
  route.info.answers = {{200, "text/html", {}, "a page"}};
  route.handler = [page = std::move(page)](const http::Request&, const http::Reply& reply) {
    http::Response response;
    response.media_type = "text/html; charset=utf-8";
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    response.body = page();
    reply(std::move(response));
  };
  return route;
}

std::string errors_page() {
  std::string rows;
  for (const CodeInfo& info : all_codes())
    rows += "<tr id=\"" + escape_html(info.code) + "\"><td><code>" + escape_html(info.code) + "</code></td><td>" +
            std::to_string(info.status) + "</td><td>" + escape_html(info.title) + "</td><td>" +
            escape_html(info.sentence) + "</td></tr>\n";
  return html_page("Errors",
                   "<p>Every error is <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>"
                   "<table><tr><th>code</th><th>status</th><th>title</th><th>meaning</th></tr>\n" +
                       rows + "</table>");
}

}  // namespace

std::vector<http::Route> document_routes(std::function<Value()> document, std::function<Value()> asyncapi) {
  std::vector<http::Route> routes;
  routes.push_back(page_route("/docs", "getDocs", "The API as a page", [document] { return html_api(document()); }));
  routes.push_back(json_route("/openapi.json", "getOpenApi", "This API as OpenAPI 3.1", std::move(document)));
  if (asyncapi)
    routes.push_back(json_route("/asyncapi.json", "getAsyncApi", "The streams as AsyncAPI 3.0", std::move(asyncapi)));
  routes.push_back(page_route("/docs/errors", "getErrorDocs", "All error codes", errors_page));
  return routes;
}

}  // namespace simhost::routes
