# WebSocket conformance: every Autobahn case but those of compression, strictly; and a client of another make.
add_executable(autobahn_echo autobahn_echo.cpp)
target_link_libraries(autobahn_echo PRIVATE sim_options sim_net)
set(SIM_PYTHON ${PROJECT_SOURCE_DIR}/.venv/bin/python CACHE FILEPATH "interpreter with the packages of tests/requirements.txt")

# A missing interpreter or package is a skip that names itself, never a pass.
function(sim_add_python_test name)
  add_test(NAME ${name} COMMAND sh -c [[test -x "$0" || { echo "SKIPPED: no $0"; exit 77; }; exec "$0" "$@"]]
    ${SIM_PYTHON} ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
endfunction()

sim_add_python_test(e2e.autobahn ${CMAKE_CURRENT_SOURCE_DIR}/autobahn.py $<TARGET_FILE:autobahn_echo>)
sim_add_python_test(unit_net.websockets ${CMAKE_CURRENT_SOURCE_DIR}/../unit/net/websockets_client.py
  $<TARGET_FILE:autobahn_echo>)
