# WebSocket conformance: every Autobahn case but those of compression, strictly.
add_executable(autobahn_echo autobahn_echo.cpp)
target_link_libraries(autobahn_echo PRIVATE sim_options sim_net)
set(SIM_PYTHON ${PROJECT_SOURCE_DIR}/.venv/bin/python CACHE FILEPATH "interpreter with the packages of tests/requirements.txt")
add_test(NAME e2e.autobahn COMMAND ${CMAKE_COMMAND} -E env ${SIM_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/autobahn.py
  $<TARGET_FILE:autobahn_echo>)
set_tests_properties(e2e.autobahn PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
