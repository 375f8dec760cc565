// Renders an OpenAPI document for people.
#include <api/routes/html.hpp>

#include <map>

#include <host/base/json.hpp>

namespace simhost::routes {

namespace {

constexpr std::string_view style =
    R"(body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f4f4f6;padding:.6rem;overflow:auto}
details{border:1px solid #d5d5da;border-radius:4px;margin:.3rem 0;padding:.3rem .7rem}summary{cursor:pointer}
.m{display:inline-block;min-width:4.5rem;font-weight:600}table{border-collapse:collapse}
td,th{border:1px solid #d5d5da;padding:.2rem .6rem;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#16161a;color:#e6e6ea}pre{background:#222228}
details,td,th{border-color:#3a3a42}a{color:#8ab4f8}})";

std::string text_of(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_string() ? found->string() : std::string();
}

std::string parameter_rows(const Value& operation) {
  const Value* list = operation.find("parameters");
  if (list == nullptr) return {};
  std::string rows;
  for (const auto& p : list->items())
    rows += "<tr><td><code>" + escape_html(text_of(p, "name")) + "</code></td><td>" + escape_html(text_of(p, "in")) +
            "</td><td><code>" + escape_html(to_json(*p.find("schema"))) + "</code></td></tr>";
  return "<table><tr><th>parameter</th><th>in</th><th>schema</th></tr>" + rows + "</table>";
}

std::string operation_block(const std::string& path, const std::string& method, const Value& operation) {
  std::string out = "<details id=\"" + escape_html(text_of(operation, "operationId")) +
                    "\"><summary><code class=\"m\">" + escape_html(method) + "</code> <code>" + escape_html(path) +
                    "</code> " + escape_html(text_of(operation, "summary")) + "</summary>" + parameter_rows(operation);
  if (const Value* body = operation.find("requestBody"))
    out += "<p>body</p><pre>" + escape_html(to_json(*body->find("content")->members().front().value.find("schema"))) +
           "</pre>";
  out += "<p>answers</p><ul>";
  for (const auto& [status, answer] : operation.find("responses")->members())
    out += "<li><code>" + escape_html(status) + "</code> " + escape_html(text_of(answer, "description")) + "</li>";
  return out + "</ul></details>\n";
}

std::string first_tag(const Value& operation) {
  const Value* tags = operation.find("tags");
  return tags != nullptr && !tags->items().empty() ? tags->items().front().string() : "other";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_page(std::string_view title, std::string_view body) {
  return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\">"
         "<title>" +
         escape_html(title) + "</title><style>" + std::string(style) + "</style><h1>" + escape_html(title) + "</h1>" +
         std::string(body) + "</html>\n";
}

std::string html_api(const Value& openapi) {
  std::map<std::string, std::string> by_tag;
  for (const auto& [path, item] : openapi.find("paths")->members())
    for (const auto& [method, operation] : item.members())
      by_tag[first_tag(operation)] += operation_block(path, method, operation);
  std::string body = "<p>" + escape_html(text_of(*openapi.find("info"), "description")) +
                     "</p><p><a href=\"openapi.json\">openapi.json</a> · <a href=\"docs/errors\">errors</a></p>";
  for (const auto& [tag, blocks] : by_tag) body += "<h2>" + escape_html(tag) + "</h2>" + blocks;
  return html_page(text_of(*openapi.find("info"), "title"), body);
}

}  // namespace simhost::routes
