# Installs the SDK into an empty folder, builds plugins against it out of tree, opens and closes them; and sees
# -ffast-math refused. Takes SDK_BINARY_DIR, SOURCE_DIR, WORK_DIR, GENERATOR, C_COMPILER, CXX_COMPILER.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${SDK_BINARY_DIR} --component sdk --prefix ${WORK_DIR}/prefix)
set(configure ${CMAKE_COMMAND} -S ${SOURCE_DIR}/outside -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix -DTEMPLATE_DIR=${WORK_DIR}/prefix/share/simhost-sdk/template
  -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_CXX_COMPILER=${CXX_COMPILER})
run(${configure} -B ${WORK_DIR}/build)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${WORK_DIR}/build/opener ${WORK_DIR}/build/plugins/outside.so ${WORK_DIR}/build/plugins/outside_c.so)
foreach(name outside.v3.so outside_c.v3.so)
  if(CMAKE_HOST_SYSTEM_PROCESSOR STREQUAL "x86_64" AND NOT EXISTS ${WORK_DIR}/build/plugins/${name})
    message(FATAL_ERROR "${name} was not built")
  endif()
endforeach()

execute_process(COMMAND ${configure} -B ${WORK_DIR}/fast -DCMAKE_CXX_FLAGS=-ffast-math
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0 OR NOT output MATCHES "-ffast-math is set")
  message(FATAL_ERROR "-ffast-math was not refused:\n${output}")
endif()
