# ballast_precompiled_headers(TARGET [LIKE OTHER] [HEADER...]): with BALLAST_PCH, the headers of other
# people that most sources of TARGET include are read once, and not by every source. LIKE takes those
# that OTHER has compiled already. Ours are not among them, since a change of one would compile
# everything anew, but for policy/evaluate.h, where most sources include what it includes.
#
# Off in the dev build, by which clang-tidy reads every source, and in the fuzz build: there a source
# that forgets an #include is noticed.
option(BALLAST_PCH "Precompile the headers of libraries (g++ only)" OFF)

# clang-tidy and the fuzz targets read the same commands, and clang can't read what g++ precompiled.
if(BALLAST_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(ballast_precompile ON)
  # For ccache, which otherwise does not keep what was compiled with such headers. One that a target
  # cannot use would only be slow, and nobody would notice.
  add_compile_options(-fpch-preprocess -Werror=invalid-pch)
  # g++ 12 is wrong about std::string's own code here, and says so where it is precompiled: it no
  # longer knows that header for one of the system's.
  if(NOT BALLAST_SANITIZE)
    target_compile_options(ballast_options INTERFACE
      -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
endif()

function(ballast_precompiled_headers target)
  cmake_parse_arguments(ARG "" "LIKE" "" ${ARGN})
  if(NOT ballast_precompile)
    return()
  endif()
  if(ARG_LIKE)
    target_precompile_headers(${target} REUSE_FROM ${ARG_LIKE})
  else()
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <chrono> <filesystem> <fstream> <functional> <map> <memory> <mutex>
      <optional> <set> <span> <sstream> <string> <string_view> <thread> <utility> <variant> <vector>
      ${ARG_UNPARSED_ARGUMENTS})
  endif()
endfunction()
