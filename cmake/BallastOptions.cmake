# How everything is compiled and linked. `ballast_options` carries what only our own targets get;
# the rest holds for the libraries that are compiled here too.

# An assertion stands for a mistake of ours, so it stays in every build: no -DNDEBUG.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-Og -g1")

add_library(ballast_options INTERFACE)
target_compile_options(ballast_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
target_include_directories(ballast_options INTERFACE ${CMAKE_SOURCE_DIR})

# No path of the machine that compiled it lands in a binary.
add_compile_options(
  -ffile-prefix-map=${CMAKE_BINARY_DIR}=build
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

# A position independent executable, its tables read-only once it runs, its stack guarded.
add_compile_options(-fPIE -fstack-protector-strong)
add_link_options(-pie -Wl,-z,relro,-z,now)

# g++ tidies its memory up from 128 MiB on, which half of our sources pass: a tenth of its time. Most
# need 500.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options("SHELL:--param ggc-min-heapsize=1048576")
endif()

if(BALLAST_SANITIZE)
  add_compile_options(
    -fsanitize=${BALLAST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  # g++ sees uninitialised values and more of the kind where sanitizers have cut up the code: a warning
  # is an error in the release build, which compiles the same sources.
  target_compile_options(ballast_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-error>)
  # A quarter of the time that g++ takes goes into these five (CONTRIBUTING.md); the fuzz targets,
  # compiled by clang, have them all.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND BALLAST_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=null,vptr,alignment,object-size,pointer-overflow)
  endif()
  add_link_options(-fsanitize=${BALLAST_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Debian's compiler may define it already, with another value.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(BALLAST_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "BALLAST_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

