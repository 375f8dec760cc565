// What a request says about WebSockets.
#include <api/http/upgrade.hpp>

#include <algorithm>

#include <api/http/url.hpp>

namespace simhost::http {

bool offers_protocol(const Request& request, std::string_view protocol) {
  return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& header) {
    if (header.first != "sec-websocket-protocol") return false;
    const auto members = list_members(header.second);
    return std::find(members.begin(), members.end(), protocol) != members.end();
  });
}

bool asks_for_websocket(const Request& request) {
  const std::string* upgrade = request.header("upgrade");
  const std::string* connection = request.header("connection");
  return request.method == "GET" && upgrade != nullptr && connection != nullptr && list_holds(*upgrade, "websocket") &&
         list_holds(*connection, "upgrade");
}

}  // namespace simhost::http
