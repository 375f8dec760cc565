# What plugins bring to the outside: their REST routes and WebSocket endpoints.
set(PLUGIN_ROUTES ${CMAKE_CURRENT_LIST_DIR})
add_library(sim_plugin_routes STATIC ${PLUGIN_ROUTES}/plugin_call.cpp ${PLUGIN_ROUTES}/plugin_request.cpp
  ${PLUGIN_ROUTES}/plugin_routes.cpp ${PLUGIN_ROUTES}/plugin_socket.cpp ${PLUGIN_ROUTES}/plugin_streams.cpp)
target_link_libraries(sim_plugin_routes PUBLIC sim_options sim_http sim_services)
