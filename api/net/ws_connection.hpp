// Turns an HTTP connection into a WebSocket: writes the 101 and runs the application until the socket ends.
#pragma once

#include <memory>
#include <string_view>

#include <api/http/message.hpp>
#include <api/http/upgrade.hpp>
#include <api/net/hub.hpp>

namespace simhost::net {

// early: bytes that came behind the request. The application gets opened() once the 101 is written, and then closed()
// once in any case; one whose client went before is just destroyed.
void open_websocket(std::shared_ptr<Hub> hub, Socket socket, const http::Request& request, http::Accepted accepted,
                    std::string_view early);

}  // namespace simhost::net
