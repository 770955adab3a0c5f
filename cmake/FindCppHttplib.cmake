# Finds cpp-httplib 0.18.7 or newer with Debian's security patches, as the target httplib::httplib.
#
# Looked for in this order:
#   BALLAST_HTTPLIB_DIR           a folder with httplib.h, and httplib.cc if it is split
#   .cache/cpp-httplib            where scripts/install-deps.sh puts it on Debian 12
#   the system                    Debian 13's libcpp-httplib-dev: a header and a shared library
#
# A split source is compiled here, once; a header without one is used as it is.
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)

set(BALLAST_HTTPLIB_DIR "" CACHE PATH "Folder of cpp-httplib's httplib.h, where it is a special one")
set(cpphttplib_remedy "run scripts/install-deps.sh, which installs one")

# Looked up anew each time: what a stale cache remembers is how an old header is used by mistake.
unset(CppHttplib_INCLUDE_DIR CACHE)
find_path(CppHttplib_INCLUDE_DIR httplib.h
  HINTS ${BALLAST_HTTPLIB_DIR} ${CMAKE_SOURCE_DIR}/.cache/cpp-httplib)
mark_as_advanced(CppHttplib_INCLUDE_DIR)
if(NOT CppHttplib_INCLUDE_DIR)
  message(FATAL_ERROR "cpp-httplib is missing: ${cpphttplib_remedy}")
endif()

set(cpphttplib_header ${CppHttplib_INCLUDE_DIR}/httplib.h)
file(STRINGS ${cpphttplib_header} cpphttplib_line REGEX "#define CPPHTTPLIB_VERSION \"")
string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" CppHttplib_VERSION "${cpphttplib_line}")
if(CppHttplib_VERSION VERSION_LESS 0.18.7)
  message(FATAL_ERROR "cpp-httplib ${CppHttplib_VERSION} in ${cpphttplib_header} lets one client "
    "take all memory; 0.18.7 or newer is needed: ${cpphttplib_remedy}")
endif()
file(STRINGS ${cpphttplib_header} cpphttplib_patched REGEX "CPPHTTPLIB_HEADER_MAX_COUNT")
if(NOT cpphttplib_patched)
  message(FATAL_ERROR "cpp-httplib ${CppHttplib_VERSION} in ${cpphttplib_header} lacks the patches "
    "of CVE-2025-46728, CVE-2025-52887 and CVE-2025-53629: ${cpphttplib_remedy}")
endif()

if(NOT TARGET httplib::httplib)
  if(EXISTS ${CppHttplib_INCLUDE_DIR}/httplib.cc)
    add_library(httplib STATIC ${CppHttplib_INCLUDE_DIR}/httplib.cc)
    target_include_directories(httplib SYSTEM PUBLIC ${CppHttplib_INCLUDE_DIR})
    target_compile_definitions(httplib PUBLIC CPPHTTPLIB_OPENSSL_SUPPORT)
    target_link_libraries(httplib PUBLIC OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
    add_library(httplib::httplib ALIAS httplib)
  else()
    add_library(httplib::httplib INTERFACE IMPORTED)
    target_include_directories(httplib::httplib SYSTEM INTERFACE ${CppHttplib_INCLUDE_DIR})
    target_link_libraries(httplib::httplib INTERFACE
      OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
    find_library(CppHttplib_LIBRARY cpp-httplib)
    mark_as_advanced(CppHttplib_LIBRARY)
    if(CppHttplib_LIBRARY)
      # Debian builds the library with these three; the classes' layout depends on them.
      target_compile_definitions(httplib::httplib INTERFACE
        CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
      target_link_libraries(httplib::httplib INTERFACE ${CppHttplib_LIBRARY})
    else()
      target_compile_definitions(httplib::httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT)
    endif()
  endif()
  message(STATUS "cpp-httplib ${CppHttplib_VERSION} in ${CppHttplib_INCLUDE_DIR}")
endif()
