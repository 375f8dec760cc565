# sim_add_plugin(): builds a plugin as <id>.so and, on x86-64, as <id>.v3.so for CPUs with AVX2.
#
#   sim_add_plugin(<id>
#     SOURCES plugin.cpp routes.cpp model.hpp ...   # headers too: all listed files make the source hash of the stamp
#     VERSION 1.2.0 VENDOR "Example Ltd" LICENSE MIT
#     [LIBRARIES ...]                               # linked privately; the host allows only system libraries
#     [OUTPUT_DIRECTORY <folder>])                  # default: ${CMAKE_BINARY_DIR}/plugins
#
# Targets: <id>_plugin and <id>_plugin_v3. Both libraries carry the same source hash; the host takes the better one.
include_guard(GLOBAL)

if(NOT DEFINED SIM_SDK_INCLUDE_DIR)
  get_filename_component(SIM_SDK_INCLUDE_DIR "${CMAKE_CURRENT_LIST_DIR}/../include" ABSOLUTE)
endif()
set(SIM_SDK_INCLUDE_DIR "${SIM_SDK_INCLUDE_DIR}" CACHE INTERNAL "headers of the SDK")
set(SIM_SDK_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "CMake files of the SDK")
include(${CMAKE_CURRENT_LIST_DIR}/SimHeaders.cmake)
set(SIM_SDK_C_HEADERS ${SIM_SDK_C_HEADERS} CACHE INTERNAL "C headers of the SDK, relative")
set(SIM_SDK_HEADERS ${SIM_SDK_C_HEADERS} ${SIM_SDK_CPP_HEADERS} CACHE INTERNAL "headers of the SDK, relative")

function(_sim_check_text what value longest)
  string(LENGTH "${value}" length)
  if(length EQUAL 0 OR length GREATER longest OR value MATCHES "[\\\\\"\n]")
    message(FATAL_ERROR "sim_add_plugin: ${what} \"${value}\" must have 1 to ${longest} characters, no quotes")
  endif()
endfunction()

function(_sim_refuse_fast_math id)
  get_directory_property(options COMPILE_OPTIONS)
  get_directory_property(link_options LINK_OPTIONS)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(flags "${options} ${link_options} ${CMAKE_SHARED_LINKER_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}")
  foreach(language C CXX)
    string(APPEND flags " ${CMAKE_${language}_FLAGS} ${CMAKE_${language}_FLAGS_${config}}")
  endforeach()
  if(flags MATCHES "-ffast-math|-Ofast|-funsafe-math-optimizations|-fassociative-math|-freciprocal-math")
    message(FATAL_ERROR "sim_add_plugin(${id}): ${CMAKE_MATCH_0} is set. It changes results between CPUs and the "
                        "floating-point mode of the whole host. Build without it.")
  endif()
endfunction()

# The generated stamp source, made again whenever a listed source or a header of the SDK changes.
function(_sim_make_stamp id extension)
  file(STRINGS "${SIM_SDK_INCLUDE_DIR}/sim/cpp/version.hpp" line REGEX "define SIM_SDK_VERSION")
  string(REGEX MATCH "\"([^\"]+)\"" matched "${line}")
  set(sdk_version "${CMAKE_MATCH_1}")
  set(entries "")
  set(files "")
  foreach(source IN LISTS ARG_SOURCES)
    get_filename_component(path "${source}" ABSOLUTE)
    file(RELATIVE_PATH name "${CMAKE_CURRENT_SOURCE_DIR}" "${path}")
    list(APPEND files "${path}")
    list(APPEND entries "${name}|${path}")
  endforeach()
  foreach(header IN LISTS SIM_SDK_HEADERS)
    list(APPEND files "${SIM_SDK_INCLUDE_DIR}/${header}")
    list(APPEND entries "<${header}>|${SIM_SDK_INCLUDE_DIR}/${header}")
  endforeach()
  set(facts "${CMAKE_CURRENT_BINARY_DIR}/${id}_stamp.facts.cmake")
  file(CONFIGURE OUTPUT "${facts}" CONTENT [=[
set(STAMP_ID "@id@")
set(STAMP_VERSION "@ARG_VERSION@")
set(STAMP_VENDOR "@ARG_VENDOR@")
set(STAMP_LICENSE "@ARG_LICENSE@")
set(STAMP_SDK_VERSION "@sdk_version@")
set(STAMP_FILES "@entries@")
]=] @ONLY)
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/${id}_stamp.${extension}")
  add_custom_command(
    OUTPUT "${stamp}"
    COMMAND ${CMAKE_COMMAND} "-DFACTS=${facts}" "-DOUTPUT=${stamp}" -P "${SIM_SDK_CMAKE_DIR}/SimStamp.cmake"
    COMMAND ${CMAKE_COMMAND} -E touch "${stamp}"
    DEPENDS ${files} "${facts}" "${SIM_SDK_CMAKE_DIR}/SimStamp.cmake"
    COMMENT "stamp of plugin ${id}" VERBATIM)
  add_custom_target(${id}_stamp DEPENDS "${stamp}")
  set(stamp "${stamp}" PARENT_SCOPE)
endfunction()

function(_sim_add_library target output cpu_level)
  add_library(${target} MODULE ${ARG_SOURCES} "${stamp}")
  add_dependencies(${target} ${id}_stamp)
  set(map "${SIM_SDK_CMAKE_DIR}/sim_plugin.map")
  set_target_properties(${target} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME "${output}" LIBRARY_OUTPUT_DIRECTORY "${ARG_OUTPUT_DIRECTORY}"
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "" LINK_DEPENDS "${map}")
  target_compile_definitions(${target} PRIVATE SIM_CPU_LEVEL=${cpu_level})
  target_compile_options(${target} PRIVATE
    $<$<NOT:$<CONFIG:Debug>>:-O3>
    -ffp-contract=off -fno-trapping-math -fno-math-errno -fno-semantic-interposition
    $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE
    "LINKER:--version-script=${map}" LINKER:-z,defs LINKER:-z,now LINKER:-z,noexecstack LINKER:--exclude-libs,ALL
    LINKER:--build-id LINKER:--as-needed)
  target_link_libraries(${target} PRIVATE sim::sdk ${ARG_LIBRARIES})
  if(TARGET sim_options)
    target_link_libraries(${target} PRIVATE sim_options)
  endif()
  if(SIM_PLUGIN_INSTALL_DIR)
    install(TARGETS ${target} LIBRARY DESTINATION "${SIM_PLUGIN_INSTALL_DIR}")
  endif()
endfunction()

function(sim_add_plugin id)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "VERSION;VENDOR;LICENSE;OUTPUT_DIRECTORY" "SOURCES;LIBRARIES")
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "sim_add_plugin(${id}): needs SOURCES, and does not know: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "sim_add_plugin: the id \"${id}\" must be snake_case: a-z, 0-9 and _, from a letter on")
  endif()
  _sim_check_text(id "${id}" 63)
  _sim_check_text(VERSION "${ARG_VERSION}" 31)
  _sim_check_text(VENDOR "${ARG_VENDOR}" 63)
  _sim_check_text(LICENSE "${ARG_LICENSE}" 31)
  _sim_refuse_fast_math(${id})
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST languages)
    _sim_make_stamp(${id} cpp)
  else()
    _sim_make_stamp(${id} c)
  endif()
  _sim_add_library(${id}_plugin ${id} 1)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    _sim_add_library(${id}_plugin_v3 ${id}.v3 3)
    target_compile_options(${id}_plugin_v3 PRIVATE -march=x86-64-v3)
  endif()
endfunction()
