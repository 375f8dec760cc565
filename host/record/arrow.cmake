# Where Arrow and Parquet come from: the system's package where there is one, else the pyarrow wheel of the project's
# venv, which carries headers and libraries. Either way the target sim_arrow; docs/decisions/ says why.
find_package(Arrow QUIET)
find_package(Parquet QUIET)
add_library(sim_arrow INTERFACE)

if(Arrow_FOUND AND Parquet_FOUND)
  message(STATUS "Arrow ${ARROW_VERSION} of the system")
  target_link_libraries(sim_arrow INTERFACE Arrow::arrow_shared Parquet::parquet_shared)
  return()
endif()

if(NOT SIM_PYTHON)
  find_program(SIM_PYTHON NAMES python3 REQUIRED)
endif()
execute_process(COMMAND ${SIM_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/find_pyarrow.py
  OUTPUT_VARIABLE found ERROR_VARIABLE why RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "Neither Arrow's CMake package nor pyarrow in ${SIM_PYTHON}; ./dev setup installs it.\n${why}")
endif()
list(GET found 0 version)
list(GET found 1 include)
list(GET found 2 libarrow)
list(GET found 3 libparquet)
message(STATUS "Arrow ${version} of pyarrow")

# The libraries are named with their release, so they are linked by path; what is built here finds them by RPATH.
foreach(name arrow parquet)
  add_library(sim_lib${name} SHARED IMPORTED GLOBAL)
  set_target_properties(sim_lib${name} PROPERTIES IMPORTED_LOCATION ${lib${name}})
endforeach()
target_include_directories(sim_arrow SYSTEM INTERFACE ${include})
target_link_libraries(sim_arrow INTERFACE sim_libparquet sim_libarrow)

# An installed program finds them in a folder of its own.
install(FILES ${libarrow} ${libparquet} DESTINATION lib/simhost)
